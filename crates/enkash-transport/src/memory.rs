//! A transport without a network.

use std::fmt;

use bytes::Bytes;
use http::{Request, Response};

use crate::transport::{BoxFuture, Transport, TransportError};

/// Answers requests from a closure; for tests.
///
/// Nothing travels, so there are no [`Limits`](crate::Limits): a closure that stands for a slow or a broken
/// server returns the [`TransportError`] itself.
///
/// ```
/// use bytes::Bytes;
/// use enkash_transport::MemoryTransport;
///
/// let transport = MemoryTransport::new(|request| async move {
///     assert_eq!(request.uri().path(), "/api/v0/orders");
///     Ok(http::Response::new(Bytes::from_static(b"{}")))
/// });
/// ```
pub struct MemoryTransport {
    answer: Box<dyn Fn(Request<Bytes>) -> Answer + Send + Sync>,
}

type Answer = BoxFuture<'static, Result<Response<Bytes>, TransportError>>;

impl MemoryTransport {
    /// A transport that gives what the closure gives.
    pub fn new<F, A>(answer: F) -> Self
    where
        F: Fn(Request<Bytes>) -> A + Send + Sync + 'static,
        A: Future<Output = Result<Response<Bytes>, TransportError>> + Send + 'static,
    {
        Self {
            answer: Box::new(move |request| Box::pin(answer(request))),
        }
    }
}

impl fmt::Debug for MemoryTransport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryTransport").finish_non_exhaustive()
    }
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait::async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait::async_trait(?Send))]
impl Transport for MemoryTransport {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        (self.answer)(request).await
    }
}
