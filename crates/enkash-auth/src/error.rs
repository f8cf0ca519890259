//! Why there is no token, and what to do about it.

use std::error::Error as StdError;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use enkash_transport::TransportError;
use enkash_transport::wire::{AnswerError, EncodeError};
use enkash_types::Violations;

/// Why there is no token. The call that wanted one was not sent.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum AuthError {
    /// The credentials break rules, an empty key for one; EnKash was not asked.
    Invalid(Violations),
    /// The credentials cannot be written into a request; EnKash was not asked.
    Unsendable(EncodeError),
    /// EnKash refused the credentials. It is not asked again until they are changed: three wrong
    /// passwords lock an account. A new client, or `set_credentials` of the provider, asks with others.
    /// So an answer to a password that is JSON and no token counts too:
    /// it may be a refusal.
    Refused(AnswerError),
    /// EnKash could not be asked, or failed.
    Unavailable(Unavailable),
    /// EnKash gives out tokens and refuses each of them at once.
    TokensRefused {
        /// EnKash is not asked for another one before.
        retry_at: SystemTime,
    },
}

/// A token request that failed, and may go better later.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Unavailable {
    /// What went wrong.
    pub cause: Cause,
    /// EnKash is not asked again before; until then callers get this error at once.
    pub retry_at: SystemTime,
}

/// What went wrong with a token request.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Cause {
    /// No answer came.
    Transport(Arc<TransportError>),
    /// The answer was no token.
    Answer(AnswerError),
    /// The answer to a sign-on request has no field that is known to hold the token. Its fields
    /// are not documented; these came.
    NoToken {
        /// The names of the fields that came.
        fields: Vec<String>,
    },
}

impl AuthError {
    /// When EnKash may be asked again; `None` if only other credentials help.
    #[must_use]
    pub fn retry_at(&self) -> Option<SystemTime> {
        match self {
            Self::Unavailable(unavailable) => Some(unavailable.retry_at),
            Self::TokensRefused { retry_at } => Some(*retry_at),
            _ => None,
        }
    }
}

impl fmt::Display for AuthError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(violations) => write!(
                f,
                "the credentials are not complete, so EnKash was not asked: {violations}"
            ),
            Self::Unsendable(error) => write!(
                f,
                "the credentials cannot be sent, so EnKash was not asked: {error}"
            ),
            Self::Refused(answer @ AnswerError::Unreadable { .. }) => write!(
                f,
                "EnKash answered with no token, which may be how it refuses the credentials: {answer}. \
                 They are not tried again, as three wrong passwords lock an account; \
                 make sure of them, and give them anew"
            ),
            Self::Refused(answer) => write!(
                f,
                "EnKash did not accept the credentials: {answer}. \
                 They are not tried again, as three wrong passwords lock an account; \
                 correct them, and give them anew"
            ),
            Self::Unavailable(unavailable) => write!(
                f,
                "the request for a token failed: {}. Try the call again after a short pause",
                unavailable.cause
            ),
            Self::TokensRefused { .. } => f.write_str(
                "EnKash gives out tokens and refuses each of them at once. \
                 Check that the keys belong to this environment (test or live) and that this \
                 machine's clock is right; try the call again after a short pause",
            ),
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Transport(error) => error.fmt(f),
            Self::Answer(answer) => answer.fmt(f),
            Self::NoToken { fields } if fields.is_empty() => {
                f.write_str("the answer is an empty object, without a token")
            }
            Self::NoToken { fields } => write!(
                f,
                "the answer has no field that is known to hold the token; it has {}",
                fields.join(", ")
            ),
        }
    }
}

impl StdError for AuthError {
    /// What lies below the cause, whose own text is part of this error's.
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        match self {
            Self::Unavailable(Unavailable {
                cause: Cause::Transport(error),
                ..
            }) => error.source(),
            _ => None,
        }
    }
}
