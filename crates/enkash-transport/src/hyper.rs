//! The small transport.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tokio::time::timeout;
use tower_service::Service;

use crate::base_url::may_be_called;
use crate::body::{self, unreached};
use crate::transport::{BoxFuture, Failure, Limits, Sent, Transport, TransportError};

type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Sends by hyper: HTTP/1, TLS with Mozilla's certificates, connections kept for the next call.
/// Needs a Tokio runtime.
///
/// It builds faster and is smaller than the default transport. It has no HTTP/2, no proxies, and
/// no certificates but the ones built in.
#[derive(Debug, Clone)]
pub struct HyperTransport {
    client: Client<InTime<HttpsConnector<HttpConnector>>, Full<Bytes>>,
    limits: Limits,
}

impl HyperTransport {
    /// A transport with connections of its own.
    ///
    /// # Errors
    ///
    /// [`Failure::Setup`] where TLS cannot be set up.
    pub fn new(limits: Limits) -> Result<Self, TransportError> {
        let mut http = HttpConnector::new();
        http.enforce_http(false);
        http.set_nodelay(true);
        // Leaves time for the other addresses of a host if one of them is dead.
        http.set_connect_timeout(Some(limits.connect_timeout));
        let https = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(Arc::new(rustls::crypto::ring::default_provider()))
            .map_err(|error| TransportError::new(Failure::Setup, Sent::No).because(error))?
            .https_or_http()
            .enable_http1()
            .wrap_connector(http);
        let connector = InTime {
            connector: https,
            limit: limits.connect_timeout,
        };
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(body::IDLE)
            .build(connector);
        Ok(Self { client, limits })
    }
}

#[async_trait::async_trait]
impl Transport for HyperTransport {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        may_be_called(request.uri())
            .map_err(|error| TransportError::new(Failure::Setup, Sent::No).because(error))?;
        let call = async {
            let answer = self.client.request(request.map(Full::new)).await;
            body::whole(answer.map_err(failed)?, self.limits.max_body, broken).await
        };
        timeout(self.limits.timeout, call)
            .await
            .unwrap_or_else(|_| Err(TransportError::new(Failure::Timeout, Sent::Maybe)))
    }
}

fn failed(error: Error) -> TransportError {
    let (failure, sent) = if error.is_connect() {
        (unreached(&error), Sent::No)
    } else {
        (Failure::Connection, Sent::Maybe)
    };
    TransportError::new(failure, sent).because(error)
}

fn broken(error: impl Into<BoxError>) -> TransportError {
    TransportError::new(Failure::Connection, Sent::Maybe).because(error)
}

/// A connector that gives up after a while, TLS included.
#[derive(Debug, Clone)]
struct InTime<C> {
    connector: C,
    limit: Duration,
}

impl<C> Service<Uri> for InTime<C>
where
    C: Service<Uri>,
    C::Error: From<std::io::Error> + 'static,
    C::Response: 'static,
    C::Future: Send + 'static,
{
    type Response = C::Response;
    type Error = C::Error;
    type Future = BoxFuture<'static, Result<C::Response, C::Error>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.connector.poll_ready(context)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let connection = timeout(self.limit, self.connector.call(to));
        Box::pin(async { connection.await.map_err(std::io::Error::from)? })
    }
}
