//! What EnKash refused, and why.

use std::fmt;

use enkash_transport::wire::Refusal;

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
    /// Whether it may be a checksum that EnKash misses: it asks for one here, the client has no
    /// [`Checksum`](crate::Checksum), and 412 is what is documented for a wrong one, among others.
    pub lacks_checksum: bool,
}

impl ApiError {
    pub(crate) fn new(operation: &'static str, refusal: Refusal, carried_token: bool) -> Self {
        Self {
            operation,
            kind: ApiErrorKind::of(&refusal, carried_token),
            refusal,
            lacks_checksum: false,
        }
    }

    /// Says that EnKash asks for a checksum on this call, and that it had none.
    pub(crate) fn may_lack_checksum(&mut self) {
        self.lacks_checksum = counts_as(&self.refusal) == 412;
    }

    /// What to do about it, if that is known.
    pub(super) fn advice(&self) -> Option<&'static str> {
        if self.lacks_checksum {
            return Some(
                "it may miss a checksum, which is not documented: ask EnKash how it is computed, and give \
                 the client a Checksum, by ClientBuilder::checksum",
            );
        }
        self.kind.advice()
    }
}

/// The HTTP status that a refusal counts as: EnKash also refuses with HTTP 200 and a code that
/// repeats the status, and whether it does so with HTTP 400 as well is not documented.
pub(crate) fn counts_as(refusal: &Refusal) -> i64 {
    let code = refusal.code.unwrap_or_default();
    match refusal.status {
        200..=299 => code,
        400 if matches!(code, 400..=499) => code,
        status => i64::from(status),
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.operation, self.refusal)?;
        match self.advice() {
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
    /// Not for this account (403). From payouts it may also mean that the answer could not be
    /// encrypted, so where such a call does something it is the [cause](super::Error::cause) of
    /// [`OutcomeUnknown`](super::Error::OutcomeUnknown).
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
            Self::Duplicate => "look at what the id names before you use another",
            Self::RateLimited => "wait before you call again",
            Self::Unavailable => "try again later",
            Self::Rejected | Self::Other => return None,
        })
    }
}
