//! What can go wrong, by what a caller can do about it.

mod refusal;
mod unknown;

use std::fmt;

use enkash_auth::AuthError;
use enkash_transport::wire::EncodeError;
use enkash_transport::{Failure, TransportError};
use enkash_types::Violations;
use enkash_types::read::ReadError;

pub(crate) use refusal::counts_as;
pub use refusal::{ApiError, ApiErrorKind};
pub use unknown::{Lookup, OutcomeUnknown};

/// Why a call did not bring an answer.
///
/// Match on it to decide what to do; [`may_have_happened`](Self::may_have_happened) answers the
/// question that matters most where money is concerned.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// The request breaks rules; nothing was sent. Mend it.
    Invalid(Violations),
    /// The request cannot be put on the wire; nothing was sent. Mend it.
    Encode(EncodeError),
    /// The client lacks what this call needs; nothing was sent. Set it up.
    NotConfigured(NotConfigured),
    /// No token could be got; the call itself was not sent.
    Auth(AuthError),
    /// No answer came, and nothing can have happened: the request did not leave, or it only reads.
    Transport {
        /// The operation that was called.
        operation: &'static str,
        /// What failed.
        error: TransportError,
    },
    /// EnKash refused.
    Api(ApiError),
    /// EnKash answered what cannot be read, to a request that changes nothing.
    Decode(DecodeError),
    /// EnKash may have done what was asked, or not. Find out before you ask again.
    OutcomeUnknown(Box<OutcomeUnknown>),
    /// A search has more to give than can be asked for.
    Incomplete(Incomplete),
}

impl Error {
    /// Whether EnKash may have acted on the request although the call failed.
    #[must_use]
    pub fn may_have_happened(&self) -> bool {
        matches!(self, Self::OutcomeUnknown(_))
    }

    /// Whether the answer to a call that only reads was larger than the transport reads
    /// ([`Limits::max_body`](enkash_transport::Limits::max_body)): ask for less.
    #[must_use]
    pub fn is_too_large(&self) -> bool {
        matches!(self, Self::Transport { error, .. } if error.failure() == Failure::BodyTooLarge)
    }

    /// What went wrong last: where the outcome is unknown, what happened instead of an answer or
    /// kept it from being looked up; and else the error itself.
    ///
    /// A caller asks it whether to go on with other calls: a token that is refused is refused to
    /// those as well.
    #[must_use]
    pub fn cause(&self) -> &Self {
        match self {
            Self::OutcomeUnknown(unknown) => match (&unknown.lookup, &unknown.source) {
                (Some(Lookup::Failed(error)), _) | (_, Some(error)) => error,
                _ => self,
            },
            _ => self,
        }
    }

    /// The refusal, if it is one.
    #[must_use]
    pub fn as_api(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) => Some(error),
            _ => None,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(violations) => {
                write!(
                    f,
                    "the request breaks a rule and was not sent: {violations}"
                )
            }
            Self::Encode(error) => write!(f, "the request was not sent: {error}"),
            Self::NotConfigured(missing) => missing.fmt(f),
            Self::Auth(error) => write!(f, "the call was not sent: {error}"),
            Self::Transport { operation, error } => write!(f, "{operation}: {error}"),
            Self::Api(error) => error.fmt(f),
            Self::Decode(error) => error.fmt(f),
            Self::OutcomeUnknown(unknown) => unknown.fmt(f),
            Self::Incomplete(incomplete) => incomplete.fmt(f),
        }
    }
}

impl std::error::Error for Error {
    /// What lies below the cause, whose own text is part of this error's.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Auth(error) => std::error::Error::source(error),
            Self::Transport { error, .. } => std::error::Error::source(error),
            Self::OutcomeUnknown(unknown) => std::error::Error::source(&**unknown),
            _ => None,
        }
    }
}

impl From<Violations> for Error {
    fn from(violations: Violations) -> Self {
        Self::Invalid(violations)
    }
}

impl From<EncodeError> for Error {
    fn from(error: EncodeError) -> Self {
        Self::Encode(error)
    }
}

impl From<AuthError> for Error {
    fn from(error: AuthError) -> Self {
        Self::Auth(error)
    }
}

/// What a client lacks for a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum NotConfigured {
    /// The keys of the payment gateway.
    MerchantKeys,
    /// The OAuth client and user.
    OAuthCredentials,
    /// The partner's id.
    PartnerId,
    /// The address of the verification suite, which the documentation does not name.
    VerificationHost,
    /// What a call of the verification suite carries, which the documentation does not say.
    VerificationAuth,
    /// What finds a transfer, for which no call is documented.
    TransferLookup,
}

impl fmt::Display for NotConfigured {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::MerchantKeys => {
                "this call needs the merchant's keys: set ENKASH_ACCESS_KEY and ENKASH_SECRET_KEY, \
                 or call ClientBuilder::merchant"
            }
            Self::OAuthCredentials => {
                "this call needs OAuth credentials: set ENKASH_CLIENT_ID, ENKASH_CLIENT_SECRET, \
                 ENKASH_USERNAME and ENKASH_PASSWORD, or call ClientBuilder::oauth"
            }
            Self::PartnerId => {
                "this call needs the partner's id: set ENKASH_PARTNER_ID, or call \
                 ClientBuilder::partner_id"
            }
            Self::VerificationHost => {
                "EnKash's documentation does not name the host of the verification suite: ask EnKash \
                 for it, and set ENKASH_VERIFICATION_HOST, or call ClientBuilder::host"
            }
            Self::VerificationAuth => {
                "EnKash's documentation does not say what a call of the verification suite carries: \
                 ask EnKash, and set ENKASH_VERIFICATION_AUTH to oauth, merchant or none, or call \
                 ClientBuilder::verification_auth"
            }
            Self::TransferLookup => {
                "EnKash's documentation does not show how a transfer is found: give the client \
                 something that finds it, by ClientBuilder::transfer_lookup"
            }
        })
    }
}

/// EnKash's answer cannot be read. Its text holds the path and nothing of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeError {
    /// The operation that was called.
    pub operation: &'static str,
    /// HTTP status of the answer.
    pub status: u16,
    /// What is wrong, and where.
    pub error: ReadError,
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}: the answer (HTTP {}) cannot be read: {}",
            self.operation, self.status, self.error
        )
    }
}

impl std::error::Error for DecodeError {}

/// A search gave one page, and the documentation shows no way to ask for the next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Incomplete {
    /// The operation that was called.
    pub operation: &'static str,
    /// How many items came.
    pub seen: u32,
    /// How many there are, where EnKash said so.
    pub of: Option<u64>,
}

impl fmt::Display for Incomplete {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let items = if self.seen == 1 { "item" } else { "items" };
        write!(f, "{}: {} {items} came", self.operation, self.seen)?;
        match self.of {
            Some(of) => write!(f, " of {of}")?,
            None => f.write_str(", and there may be more")?,
        }
        f.write_str(
            "; how to ask for the next page is not documented, so ask for longer pages or narrow the search",
        )
    }
}

impl std::error::Error for Incomplete {}
