//! The trait that a host implements to bring its own network.

use std::error::Error as StdError;
use std::fmt;

use bytes::Bytes;

/// `Send + Sync` where there are threads, nothing on `wasm32`, where futures need not be `Send`.
#[cfg(not(target_arch = "wasm32"))]
pub trait MaybeSend: Send + Sync {}
#[cfg(not(target_arch = "wasm32"))]
impl<T: Send + Sync + ?Sized> MaybeSend for T {}
/// `Send + Sync` where there are threads, nothing on `wasm32`, where futures need not be `Send`.
#[cfg(target_arch = "wasm32")]
pub trait MaybeSend {}
#[cfg(target_arch = "wasm32")]
impl<T: ?Sized> MaybeSend for T {}

/// A future on the heap; `Send` where there are threads.
#[cfg(not(target_arch = "wasm32"))]
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
/// A future on the heap; `Send` where there are threads.
#[cfg(target_arch = "wasm32")]
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + 'a>>;

/// Sends an HTTP request and brings the answer, once.
///
/// An implementation must
/// - give up after a time and cap the answer's body ([`Limits`]),
/// - not follow redirects, and not send again by itself what may have left,
/// - say in its error whether the request can have left ([`Sent`]); `Sent::No` is a promise.
///
/// The two that are built in also refuse plain `http://` to any machine but this one.
///
/// The `conformance` feature has a suite that tests all of this. The request's URI is absolute.
#[cfg_attr(not(target_arch = "wasm32"), async_trait::async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait::async_trait(?Send))]
pub trait Transport: MaybeSend + 'static {
    /// Sends the request.
    ///
    /// # Errors
    ///
    /// [`TransportError`] where no whole answer came. An answer of any HTTP status is no error.
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError>;
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait::async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait::async_trait(?Send))]
impl<T: Transport + ?Sized> Transport for std::sync::Arc<T> {
    async fn send(
        &self,
        request: http::Request<Bytes>,
    ) -> Result<http::Response<Bytes>, TransportError> {
        (**self).send(request).await
    }
}

/// What a transport spends on one call at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// To reach the server, TLS included. 10 seconds.
    pub connect_timeout: std::time::Duration,
    /// For the whole call, from the start to the answer's last byte. 30 seconds.
    pub timeout: std::time::Duration,
    /// Bytes of the answer's body. 8 MiB.
    pub max_body: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect_timeout: std::time::Duration::from_secs(10),
            timeout: std::time::Duration::from_secs(30),
            max_body: 8 * 1024 * 1024,
        }
    }
}

impl Limits {
    /// The same with another [`connect_timeout`](Self::connect_timeout).
    #[must_use]
    pub fn with_connect_timeout(mut self, connect_timeout: std::time::Duration) -> Self {
        self.connect_timeout = connect_timeout;
        self
    }

    /// The same with another [`timeout`](Self::timeout).
    #[must_use]
    pub fn with_timeout(mut self, timeout: std::time::Duration) -> Self {
        self.timeout = timeout;
        self
    }

    /// The same with another [`max_body`](Self::max_body).
    #[must_use]
    pub fn with_max_body(mut self, max_body: usize) -> Self {
        self.max_body = max_body;
        self
    }
}

/// Whether a request can have reached the server before the call failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sent {
    /// Surely not. Sending it again cannot do anything twice.
    No,
    /// It may have, and the server may have acted on it.
    Maybe,
}

/// What failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Failure {
    /// The transport could not be set up, or the request was not one that it can send.
    Setup,
    /// The server could not be reached: name not found, connection refused.
    Connect,
    /// TLS could not be agreed on: a certificate that is not trusted, for one.
    Tls,
    /// The time was up.
    Timeout,
    /// The answer's body was larger than [`Limits::max_body`].
    BodyTooLarge,
    /// The connection broke, or what came was not HTTP.
    Connection,
}

/// Why no answer came, and whether the request can have left.
///
/// Neither the request nor the answer is in its text.
#[derive(Debug)]
pub struct TransportError {
    failure: Failure,
    sent: Sent,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

impl TransportError {
    /// A failure of which nothing more is known.
    #[must_use]
    pub fn new(failure: Failure, sent: Sent) -> Self {
        Self {
            failure,
            sent,
            source: None,
        }
    }

    /// Adds what caused it.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// What failed.
    #[must_use]
    pub fn failure(&self) -> Failure {
        self.failure
    }

    /// Whether the request can have reached the server.
    #[must_use]
    pub fn sent(&self) -> Sent {
        self.sent
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.failure {
            Failure::Setup => "the request could not be sent as it is",
            Failure::Connect => "EnKash could not be reached",
            Failure::Tls => "no secure connection to EnKash could be made",
            Failure::Timeout => "no answer came in time",
            Failure::BodyTooLarge => "the answer was larger than allowed",
            Failure::Connection => "the connection to EnKash broke",
        })?;
        f.write_str(match self.sent {
            Sent::No => "; the request did not leave",
            Sent::Maybe => "; the request may have arrived",
        })
    }
}

impl StdError for TransportError {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
