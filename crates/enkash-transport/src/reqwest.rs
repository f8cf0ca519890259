//! The default transport.

use ::reqwest::{Client, ClientBuilder, redirect, retry};
use bytes::Bytes;
use http::{Request, Response};

use crate::base_url::may_be_called;
use crate::body::{self, unreached};
use crate::transport::{Failure, Limits, Sent, Transport, TransportError};

/// Sends by [`reqwest`](::reqwest): HTTP/1 and HTTP/2, TLS with the certificates that the machine
/// trusts, connections kept for the next call. Needs a Tokio runtime.
///
/// Proxies in the environment are not used; see [`from_builder`](Self::from_builder).
#[derive(Debug, Clone)]
pub struct ReqwestTransport {
    client: Client,
    limits: Limits,
}

impl ReqwestTransport {
    /// A transport with connections of its own.
    ///
    /// # Errors
    ///
    /// [`Failure::Setup`] where TLS cannot be set up.
    pub fn new(limits: Limits) -> Result<Self, TransportError> {
        Self::from_builder(Client::builder().no_proxy(), limits)
    }

    /// As [`new`](Self::new), from a builder that says more: a proxy, a certificate of one's own.
    ///
    /// Redirects, resending and time limits are set here, whatever the builder says of them.
    ///
    /// # Errors
    ///
    /// [`Failure::Setup`] where the builder does not build.
    pub fn from_builder(builder: ClientBuilder, limits: Limits) -> Result<Self, TransportError> {
        let client = builder
            .redirect(redirect::Policy::none())
            .retry(retry::never())
            .referer(false)
            .connect_timeout(limits.connect_timeout)
            .timeout(limits.timeout)
            .pool_idle_timeout(body::IDLE)
            .build()
            .map_err(setup)?;
        Ok(Self { client, limits })
    }
}

#[async_trait::async_trait]
impl Transport for ReqwestTransport {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        may_be_called(request.uri())
            .map_err(|error| TransportError::new(Failure::Setup, Sent::No).because(error))?;
        let request = request.try_into().map_err(setup)?;
        let answer = self.client.execute(request).await.map_err(failed)?;
        body::whole(answer.into(), self.limits.max_body, failed).await
    }
}

fn setup(error: ::reqwest::Error) -> TransportError {
    TransportError::new(Failure::Setup, Sent::No).because(error.without_url())
}

fn failed(error: ::reqwest::Error) -> TransportError {
    let error = error.without_url();
    let (failure, sent) = if error.is_builder() {
        (Failure::Setup, Sent::No)
    } else if error.is_connect() && error.is_timeout() {
        (Failure::Timeout, Sent::No)
    } else if error.is_connect() {
        (unreached(&error), Sent::No)
    } else if error.is_timeout() {
        (Failure::Timeout, Sent::Maybe)
    } else {
        (Failure::Connection, Sent::Maybe)
    };
    TransportError::new(failure, sent).because(error)
}
