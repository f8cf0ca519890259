//! Every transport of this crate passes the suite that it offers to others, and the suite finds
//! what a transport can get wrong.
#![allow(clippy::unwrap_used)] // Helpers of tests are tests as well.

use std::task::{Context, Poll};

use bytes::Bytes;
use enkash_transport::conformance::{self, Report};
use enkash_transport::{
    BoxFuture, Failure, HyperTransport, Limits, MemoryTransport, ReqwestTransport, Sent,
    TokioClock, TowerTransport, Transport, TransportError,
};
use http::header::LOCATION;
use http::{Request, Response, StatusCode};
use http_body_util::Full;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use tower_service::Service;

#[tokio::test]
async fn reqwest_conforms() {
    let make = |limits| ReqwestTransport::new(limits).unwrap();
    conformance::run(make).await.assert_passed();
}

#[tokio::test]
async fn hyper_conforms() {
    conformance::run(hyper).await.assert_passed();
}

#[tokio::test]
async fn tower_conforms() {
    let make = |limits| TowerTransport::new(OfHyper::new(), TokioClock, limits);
    conformance::run(make).await.assert_passed();
}

#[tokio::test]
async fn memory_conforms() {
    let make =
        |_| MemoryTransport::new(|request| async move { Ok(conformance::respond(&request)) });
    conformance::run_in_memory(make).await.assert_passed();
}

fn hyper(limits: Limits) -> HyperTransport {
    HyperTransport::new(limits).unwrap()
}

/// A service as a user would bring it: a client that is not ours, and says when it did not connect.
#[derive(Clone)]
struct OfHyper(Inner);

type Inner = Client<HttpsConnector<HttpConnector>, Full<Bytes>>;

impl OfHyper {
    fn new() -> Self {
        let https = HttpsConnectorBuilder::new()
            .with_provider_and_webpki_roots(rustls::crypto::ring::default_provider())
            .unwrap()
            .https_or_http()
            .enable_http1()
            .build();
        Self(Client::builder(TokioExecutor::new()).build(https))
    }
}

impl Service<Request<Bytes>> for OfHyper {
    type Response = <Inner as Service<Request<Full<Bytes>>>>::Response;
    type Error = TransportError;
    type Future = BoxFuture<'static, Result<Self::Response, TransportError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), TransportError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Bytes>) -> Self::Future {
        let call = self.0.request(request.map(Full::new));
        Box::pin(async move {
            call.await.map_err(|error| {
                let (failure, sent) = match error.is_connect() {
                    true => (Failure::Connect, Sent::No),
                    false => (Failure::Connection, Sent::Maybe),
                };
                TransportError::new(failure, sent).because(error)
            })
        })
    }
}

/// What is done with a call.
type Meddle =
    fn(&HyperTransport, Request<Bytes>) -> BoxFuture<'_, Result<Response<Bytes>, TransportError>>;

/// A transport that does it wrong.
struct Wrong(HyperTransport, Meddle);

#[async_trait::async_trait]
impl Transport for Wrong {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        (self.1)(&self.0, request).await
    }
}

/// The cases that fail, one a line.
fn failed(report: &Report) -> String {
    let failed = report.cases().iter().filter(|case| case.failure.is_some());
    failed.map(|case| format!("{}\n", case.name)).collect()
}

async fn failed_by(meddle: Meddle) -> String {
    failed(&conformance::run(|limits| Wrong(hyper(limits), meddle)).await)
}

#[tokio::test]
async fn finds_a_promise_that_is_not_kept() {
    let failed = failed_by(|hyper, request| {
        Box::pin(async move {
            let sent = hyper.send(request).await;
            sent.map_err(|error| TransportError::new(error.failure(), Sent::No))
        })
    });
    insta::assert_snapshot!(failed.await, @r"
    reset before the request was read
    reset in the middle of a large request
    reset after the request was read
    closed after the request was read
    reset on a connection that was used before: not sent again
    an answer cut off in its head
    an answer cut off in its body
    an answer cut off in a chunk of its body
    an answer that is not HTTP
    a server that does not answer: given up in time
    a server that stops in the middle of its answer: given up in time
    a body one byte larger than is allowed
    a body without end
    ");
}

#[tokio::test]
async fn finds_a_call_that_is_sent_again() {
    let failed = failed_by(|hyper, request| {
        Box::pin(async move {
            match hyper.send(request.clone()).await {
                Err(error) if error.failure() == Failure::Connection => hyper.send(request).await,
                sent => sent,
            }
        })
    });
    insta::assert_snapshot!(failed.await, @r"
    reset before the request was read
    reset in the middle of a large request
    reset after the request was read
    closed after the request was read
    reset on a connection that was used before: not sent again
    an answer cut off in its head
    an answer cut off in its body
    an answer cut off in a chunk of its body
    an answer that is not HTTP
    ");
}

#[tokio::test]
async fn finds_an_error_that_repeats_the_request() {
    let failed = failed_by(|hyper, request| {
        Box::pin(async move {
            let uri = request.uri().to_string();
            hyper
                .send(request)
                .await
                .map_err(|error| TransportError::new(error.failure(), error.sent()).because(uri))
        })
    });
    insta::assert_snapshot!(failed.await, @r"
    connection refused: surely not sent
    no TLS where TLS is expected: surely not sent, and not in the clear
    stalled while TLS is agreed on: given up in time
    reset before the request was read
    reset in the middle of a large request
    reset after the request was read
    closed after the request was read
    reset on a connection that was used before: not sent again
    an answer cut off in its head
    an answer cut off in its body
    an answer cut off in a chunk of its body
    an answer that is not HTTP
    a server that does not answer: given up in time
    a server that stops in the middle of its answer: given up in time
    a body one byte larger than is allowed
    a body without end
    ");
}

#[tokio::test]
async fn finds_a_redirect_that_is_followed() {
    let failed = failed_by(|hyper, request| {
        Box::pin(async move {
            let answer = hyper.send(request.clone()).await?;
            let Some(location) = answer.headers().get(LOCATION) else {
                return Ok(answer);
            };
            let to = format!(
                "http://{}{}",
                request.uri().authority().unwrap(),
                location.to_str().unwrap()
            );
            hyper
                .send(Request::get(to).body(Bytes::new()).unwrap())
                .await
        })
    });
    insta::assert_snapshot!(failed.await, @"a redirect is not followed");
}

#[tokio::test]
async fn finds_what_is_lost_on_the_way() {
    let failed = failed_by(|hyper, mut request| {
        Box::pin(async move {
            request.headers_mut().remove("x-token");
            let mut answer = hyper.send(request).await?;
            let headers = std::mem::take(answer.headers_mut());
            for (name, value) in headers.into_iter().filter_map(|(n, v)| Some((n?, v))) {
                if value.to_str().is_ok() {
                    answer.headers_mut().insert(name, value);
                }
            }
            answer.body_mut().truncate(1 << 20);
            if answer.status() == StatusCode::ACCEPTED {
                *answer.status_mut() = StatusCode::OK;
            }
            Ok(answer)
        })
    });
    insta::assert_snapshot!(failed.await, @r"
    method, path, headers and body arrive unchanged
    a large body arrives whole, both ways
    a header that comes twice is kept twice
    a header value that is not UTF-8 is passed through
    an answer of any status is an answer
    ");
}

#[tokio::test]
async fn finds_limits_that_are_not_kept() {
    // The time limit is kept, so that the test need not wait for the server to give up.
    let make = |limits: Limits| hyper(limits.with_max_body(usize::MAX));
    insta::assert_snapshot!(failed(&conformance::run(make).await), @r"
    a body one byte larger than is allowed
    a body without end
    ");
}
