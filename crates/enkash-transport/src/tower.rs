//! A transport of whatever the tower ecosystem has.

use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::task::Poll;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tower_service::Service;

use crate::body;
use crate::clock::Clock;
use crate::transport::{BoxFuture, Failure, Limits, Sent, Transport, TransportError};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Sends by a [`Service`] of HTTP requests: a client with middleware of one's own, for example.
///
/// The service must keep to what [`Transport`] asks for: follow no redirect, and send nothing
/// again that may have left. [`Limits::connect_timeout`] is the time in which it must become
/// ready; how long it takes to connect after that is its own affair, within [`Limits::timeout`].
///
/// An error of the service counts as [`Sent::Maybe`], since nothing is known of it. A service that
/// knows better gives a [`TransportError`] as its error. A service that fails before it is ready
/// has not sent anything.
#[derive(Debug)]
pub struct TowerTransport<S, C> {
    // Cloned for each call. The lock lets the service do without `Sync`.
    service: Mutex<S>,
    clock: C,
    limits: Limits,
}

impl<S: Clone, C: Clock> TowerTransport<S, C> {
    /// A transport of this service. The clock keeps the time limits.
    pub fn new(service: S, clock: C, limits: Limits) -> Self {
        Self {
            service: Mutex::new(service),
            clock,
            limits,
        }
    }
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait::async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait::async_trait(?Send))]
impl<S, C, B> Transport for TowerTransport<S, C>
where
    S: Service<Request<Bytes>, Response = Response<B>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: Body + Send,
    B::Data: Send,
    B::Error: Into<BoxError>,
    C: Clock,
{
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let mut service = self
            .service
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        let end = self.clock.sleep(self.limits.timeout);
        let ready = std::future::poll_fn(|context| service.poll_ready(context));
        within(self.clock.sleep(self.limits.connect_timeout), ready)
            .await
            .ok_or(TransportError::new(Failure::Timeout, Sent::No))?
            .map_err(|error| TransportError::new(Failure::Connect, Sent::No).because(error))?;
        let call = async {
            let answer = service.call(request).await.map_err(failed)?;
            body::whole(answer, self.limits.max_body, failed).await
        };
        within(end, call)
            .await
            .unwrap_or_else(|| Err(TransportError::new(Failure::Timeout, Sent::Maybe)))
    }
}

fn failed(error: impl Into<BoxError>) -> TransportError {
    match error.into().downcast() {
        Ok(known) => *known,
        Err(unknown) => TransportError::new(Failure::Connection, Sent::Maybe).because(unknown),
    }
}

/// What a future gives, or `None` where the time is up first.
async fn within<T>(mut end: BoxFuture<'static, ()>, future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    std::future::poll_fn(|context| match future.as_mut().poll(context) {
        Poll::Ready(value) => Poll::Ready(Some(value)),
        Poll::Pending => end.as_mut().poll(context).map(|()| None),
    })
    .await
}
