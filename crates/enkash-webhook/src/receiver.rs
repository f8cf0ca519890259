//! From bytes to a message.

use std::fmt;
use std::sync::Arc;

use enkash_crypto::constant_time_eq;
use enkash_types::{Notice, Secret, Unconfirmed, read};
use http::HeaderName;

use crate::refused::Refused;

/// Bytes that a message may have, unless the receiver is told otherwise. The longest that EnKash
/// documents has some thirty short fields, which is about 1 KiB.
pub const DEFAULT_LIMIT: usize = 64 * 1024;

/// What to answer, with HTTP status 200, to a message that was taken.
///
/// EnKash documents it for the payment link's event, and nothing for the others.
pub const REPLY: &str = "{}";

/// Takes in what EnKash posts to the merchant: looks at its headers and its length, and reads it.
///
/// It needs no web framework and does no I/O. Make one at the start; clones share what it holds.
///
/// ```
/// use enkash_types::gateway::PaymentNotification;
/// use enkash_webhook::Receiver;
///
/// // If you had EnKash send a header of your own along: it is compared in constant time.
/// let receiver = Receiver::new().with_header("x-shop-token", "from the environment")?;
///
/// let headers = [("X-Shop-Token", "from the environment")]; // or an `&http::HeaderMap`
/// let body = br#"{"orderId": "ORD1", "transactionId": "EK1", "amount": 499.50,
///     "orderStatus": "PAID", "transactionStatus": "SUCCESS", "status": "SUCCESS"}"#;
/// let notice = receiver.receive::<PaymentNotification>(headers, body)?;
/// assert_eq!(notice.order_id().as_str(), "ORD1");
///
/// let refused = receiver.receive::<PaymentNotification>([("x-shop-token", "?")], body).unwrap_err();
/// assert_eq!(refused.status(), 401);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Receiver {
    limit: usize,
    headers: Arc<[(HeaderName, Secret)]>,
}

impl Receiver {
    /// A receiver with the usual limit, [`DEFAULT_LIMIT`], that wants no header.
    #[must_use]
    pub fn new() -> Self {
        Self {
            limit: DEFAULT_LIMIT,
            headers: Arc::new([]),
        }
    }

    /// The same with another limit, in bytes.
    #[must_use]
    pub fn with_limit(mut self, limit: usize) -> Self {
        self.limit = limit;
        self
    }

    /// The same that also wants this header: one that you had EnKash send along with every
    /// message. It has to be there once, with this value. Upper and lower case of its name are
    /// the same.
    ///
    /// # Errors
    ///
    /// [`SetupError`] where the name is no header's, or the value is empty: a variable that was
    /// not set must not open the door.
    pub fn with_header(mut self, name: &str, value: impl Into<Secret>) -> Result<Self, SetupError> {
        let name = HeaderName::try_from(name).map_err(|_| SetupError::NotAName)?;
        let value = value.into();
        if value.expose().is_empty() {
            return Err(SetupError::Empty(name));
        }
        let earlier = self.headers.iter().cloned();
        self.headers = earlier.chain([(name, value)]).collect();
        Ok(self)
    }

    /// Bytes that a message may have. Where the framework reads the body, give it this limit, so
    /// that it does not read more.
    #[must_use]
    pub fn limit(&self) -> usize {
        self.limit
    }

    /// Takes a message in: its headers, as names and values, and its body.
    ///
    /// A message that is taken is still [`Unconfirmed`]: the headers, if any, are all that says
    /// who sent it.
    ///
    /// # Errors
    ///
    /// [`Refused`], which says what to answer.
    pub fn receive<M: Notice>(
        &self,
        headers: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<[u8]>)>,
        body: &[u8],
    ) -> Result<Unconfirmed<M>, Refused> {
        let read = self
            .check_headers(headers)
            .and_then(|()| self.check_length(body.len() as u64))
            .and_then(|()| read_message(body));
        told::<M, _>(read)
    }

    /// Whether the headers are there that the merchant had set up.
    pub(crate) fn check_headers(
        &self,
        headers: impl IntoIterator<Item = (impl AsRef<str>, impl AsRef<[u8]>)>,
    ) -> Result<(), Refused> {
        if self.headers.is_empty() {
            return Ok(());
        }
        // How often each came, and whether it was always the right one.
        let mut seen = vec![(0, true); self.headers.len()];
        for (name, value) in headers {
            for ((wanted, secret), (times, right)) in self.headers.iter().zip(&mut seen) {
                if wanted.as_str().eq_ignore_ascii_case(name.as_ref()) {
                    *times += 1;
                    *right &= constant_time_eq(value.as_ref(), secret.expose().as_bytes());
                }
            }
        }
        let wrong = seen.iter().position(|seen| *seen != (1, true));
        wrong.map_or(Ok(()), |wrong| {
            Err(Refused::Header(self.headers[wrong].0.clone()))
        })
    }

    /// Whether a body is short enough.
    pub(crate) fn check_length(&self, length: u64) -> Result<(), Refused> {
        if length > self.limit as u64 {
            Err(Refused::TooLong { limit: self.limit })
        } else {
            Ok(())
        }
    }
}

/// Reads a body that is short enough.
pub(crate) fn read_message<M: Notice>(body: &[u8]) -> Result<Unconfirmed<M>, Refused> {
    read::json(body)
        .map(Unconfirmed::new)
        .map_err(|error| Refused::Unreadable {
            operation: M::OPERATION.name,
            error,
        })
}

/// Puts what became of a message into the log.
pub(crate) fn told<M: Notice, T>(read: Result<T, Refused>) -> Result<T, Refused> {
    let operation = M::OPERATION.name;
    match &read {
        Ok(_) => tracing::debug!(operation, "a message was taken"),
        Err(refused) => tracing::warn!(operation, %refused, "a message was refused"),
    }
    read
}

impl Default for Receiver {
    fn default() -> Self {
        Self::new()
    }
}

/// Shows no header's value.
impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let headers: Vec<_> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        f.debug_struct("Receiver")
            .field("limit", &self.limit)
            .field("headers", &headers)
            .finish()
    }
}

/// Why a receiver cannot want a header.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SetupError {
    /// A header cannot have this name.
    NotAName,
    /// The value of this header is empty.
    Empty(HeaderName),
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAName => f.write_str(
                "the name of a header is letters, digits and some signs, like x-shop-token",
            ),
            Self::Empty(name) => write!(
                f,
                "the value of the header {name} is empty; is its variable set?"
            ),
        }
    }
}

impl std::error::Error for SetupError {}
