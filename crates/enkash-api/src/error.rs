//! What can go wrong, by what a caller can do about it.

use std::fmt;

use enkash_auth::AuthError;
use enkash_transport::TransportError;
use enkash_transport::wire::{EncodeError, Refusal};
use enkash_types::Violations;
use enkash_types::read::ReadError;

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
        })
    }
}

/// EnKash refused a call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiError {
    /// The operation that was called.
    pub operation: &'static str,
    /// What kind of refusal it is.
    pub kind: ApiErrorKind,
    /// HTTP status, code and words, as EnKash gave them.
    pub refusal: Refusal,
}

impl ApiError {
    pub(crate) fn new(operation: &'static str, refusal: Refusal, carried_token: bool) -> Self {
        Self {
            operation,
            kind: ApiErrorKind::of(&refusal, carried_token),
            refusal,
        }
    }
}

/// The HTTP status that a refusal counts as: EnKash also refuses with HTTP 200 and a code that
/// repeats the status.
pub(crate) fn counts_as(refusal: &Refusal) -> i64 {
    match refusal.status {
        200..=299 => refusal.code.unwrap_or_default(),
        status => i64::from(status),
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.refusal)?;
        match self.kind.advice() {
            Some(advice) => write!(f, "; {advice}"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for ApiError {}

/// Kinds of refusal. The documentation has hardly any table of codes for the payment gateway, so
/// the HTTP status decides, and the code in the envelope where it repeats an HTTP status (as the
/// table of payouts does).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ApiErrorKind {
    /// The token was refused, also a new one.
    TokenRefused,
    /// Not for this account (403).
    NotAllowed,
    /// There is no such thing (404).
    NotFound,
    /// The id is taken (409). That is what payouts document; for other products no status is
    /// documented, and a sandbox also answers 409 where what is named is over, such as a payment that
    /// failed: the message says which.
    Duplicate,
    /// EnKash found the request wrong (400, 412, 422), or the credentials in it (401, to a call
    /// that carries no token).
    Rejected,
    /// Too many calls (429).
    RateLimited,
    /// EnKash could not do it now (5xx).
    Unavailable,
    /// Anything else; the code and the message are all that is known.
    Other,
}

impl ApiErrorKind {
    fn of(refusal: &Refusal, carried_token: bool) -> Self {
        if carried_token && refusal.is_of_token() {
            return Self::TokenRefused;
        }
        match counts_as(refusal) {
            403 => Self::NotAllowed,
            404 => Self::NotFound,
            409 => Self::Duplicate,
            401 if !carried_token => Self::Rejected,
            400 | 412 | 422 => Self::Rejected,
            429 => Self::RateLimited,
            500..=599 => Self::Unavailable,
            _ => Self::Other,
        }
    }

    fn advice(self) -> Option<&'static str> {
        Some(match self {
            Self::TokenRefused => {
                "a new token was refused as well; check that the credentials belong to this environment"
            }
            Self::NotAllowed => {
                "ask EnKash to enable this call for the account and to allow this machine's IP address"
            }
            Self::NotFound => "check the id, and that it belongs to this environment",
            Self::Duplicate => {
                "an id may have been used before; look at what it names before you use another"
            }
            Self::RateLimited => "wait before you call again",
            Self::Unavailable => "try again later",
            Self::Rejected | Self::Other => return None,
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

/// A request may have arrived, and what became of it is not known. It was not sent again.
#[derive(Debug)]
#[non_exhaustive]
pub struct OutcomeUnknown {
    /// The operation that was called.
    pub operation: &'static str,
    /// The field and the id by which the merchant named it, where the operation has one.
    pub merchant_id: Option<(&'static str, String)>,
    /// What came of looking for what that id names, where a call for it is documented.
    pub lookup: Option<Lookup>,
    /// What happened instead of an answer.
    pub source: Error,
}

impl fmt::Display for OutcomeUnknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: EnKash may have done this or not", self.operation)?;
        if let Some(lookup) = &self.lookup {
            write!(f, "; {lookup}")?;
        }
        match &self.merchant_id {
            Some((field, id)) => write!(
                f,
                "; look for {field} {id} at EnKash before you use another id, and do not send it again blindly"
            )?,
            None => f.write_str("; find out at EnKash before you send it again")?,
        }
        // The cause alone: what to do about it is said above.
        match &self.source {
            Error::Transport { error, .. } => write!(f, " ({error})"),
            Error::Api(error) => write!(f, " ({})", error.refusal),
            Error::Decode(error) => {
                write!(f, " (HTTP {}, but {})", error.status, error.error)
            }
            other => write!(f, " ({other})"),
        }
    }
}

/// What came of looking for what a request may have made. Had it been found, the call would have
/// ended with it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Lookup {
    /// It is not there, or not yet: a request can arrive late.
    NotThere,
    /// Something else is there under the same id.
    Another,
    /// It could not be looked up.
    Failed(Error),
}

impl fmt::Display for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotThere => f.write_str("it was looked up and is not there, or not yet"),
            Self::Another => f.write_str("something else is there under the same id"),
            Self::Failed(error) => write!(f, "it could not be looked up ({error})"),
        }
    }
}

impl std::error::Error for OutcomeUnknown {
    /// What lies below [`source`](Self::source), whose own text is part of this error's.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.source()
    }
}
