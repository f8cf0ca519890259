//! Why a message was not taken.

use std::fmt;

use enkash_types::read::ReadError;
use http::{HeaderName, StatusCode};

/// Why a message was not taken, and what to [answer](Self::status).
///
/// Its text is for the merchant's log. Nothing of the message is in it, and no header's value.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Refused {
    /// A header that the merchant had set up is missing, there more than once, or another.
    Header(HeaderName),
    /// The message is longer than the receiver takes.
    TooLong {
        /// Bytes that it takes.
        limit: usize,
    },
    /// The message broke off on its way.
    BrokenOff,
    /// The message is not what it should be. It may be of another kind: each has a URL of its own.
    Unreadable {
        /// What it should have been: `notify_payment`.
        operation: &'static str,
        /// What is wrong, and where.
        error: ReadError,
    },
}

impl Refused {
    /// The HTTP status to answer with.
    ///
    /// EnKash's documentation does not say what it makes of an answer, or whether it sends again.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Header(_) => StatusCode::UNAUTHORIZED,
            Self::TooLong { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BrokenOff | Self::Unreadable { .. } => StatusCode::BAD_REQUEST,
        }
    }

    /// The text to answer with. It tells a stranger less than [`Display`](fmt::Display) tells the
    /// merchant.
    #[must_use]
    pub fn reply(&self) -> &'static str {
        match self {
            Self::Header(_) => "not allowed",
            Self::TooLong { .. } => "too long",
            Self::BrokenOff => "broken off",
            Self::Unreadable { .. } => "not readable",
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Header(name) => {
                write!(
                    f,
                    "the header {name} is not the one that you set up at EnKash"
                )
            }
            Self::TooLong { limit } => write!(f, "the message is longer than {limit} bytes"),
            Self::BrokenOff => f.write_str("the message broke off on its way"),
            Self::Unreadable { operation, error } => {
                write!(f, "the message is no {operation}: {error}")
            }
        }
    }
}

impl std::error::Error for Refused {}
