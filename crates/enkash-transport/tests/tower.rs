//! What `TowerTransport` makes of services.
#![allow(clippy::panic)] // Helpers of tests are tests as well.

use std::cell::Cell;
use std::future::{Ready, pending, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use enkash_transport::{
    BoxFuture, Failure, Limits, ManualClock, Sent, TowerTransport, Transport, TransportError,
};
use http::{Request, Response};
use http_body_util::Full;
use tower_service::Service;

type BoxError = Box<dyn std::error::Error + Send + Sync>;
type Answer = Result<Response<Full<Bytes>>, BoxError>;

/// A service of two functions. It is not `Sync`, which a service need not be.
#[derive(Clone)]
struct Functions {
    ready: fn() -> Poll<Result<(), BoxError>>,
    call: fn() -> BoxFuture<'static, Answer>,
    _not_sync: Cell<()>,
}

impl Service<Request<Bytes>> for Functions {
    type Response = Response<Full<Bytes>>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Answer>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        (self.ready)()
    }

    fn call(&mut self, _: Request<Bytes>) -> Self::Future {
        (self.call)()
    }
}

/// A call that was polled once.
struct Call {
    clock: ManualClock,
    result: BoxFuture<'static, Result<Response<Bytes>, TransportError>>,
}

fn call(
    ready: fn() -> Poll<Result<(), BoxError>>,
    call: fn() -> BoxFuture<'static, Answer>,
) -> Call {
    let clock = ManualClock::new();
    let limits = Limits::default()
        .with_connect_timeout(Duration::from_secs(10))
        .with_timeout(Duration::from_secs(30))
        .with_max_body(4);
    let service = Functions {
        ready,
        call,
        _not_sync: Cell::new(()),
    };
    let transport = TowerTransport::new(service, clock.clone(), limits);
    let result = Box::pin(async move { transport.send(Request::default()).await });
    Call { clock, result }
}

impl Call {
    fn poll(&mut self) -> Poll<Result<Response<Bytes>, TransportError>> {
        let waker = Waker::noop();
        self.result.as_mut().poll(&mut Context::from_waker(waker))
    }

    fn error(&mut self) -> TransportError {
        match self.poll() {
            Poll::Ready(Err(error)) => error,
            other => panic!("{other:?}"),
        }
    }
}

const READY: fn() -> Poll<Result<(), BoxError>> = || Poll::Ready(Ok(()));

fn body(text: &'static str) -> Pin<Box<Ready<Answer>>> {
    Box::pin(ready(Ok(Response::new(text.into()))))
}

fn said(error: &TransportError) -> (Failure, Sent) {
    (error.failure(), error.sent())
}

#[test]
fn an_answer_is_passed_on() {
    let answer = match call(READY, || body("four")).poll() {
        Poll::Ready(Ok(answer)) => answer,
        other => panic!("{other:?}"),
    };
    assert_eq!(answer.body(), "four");
}

#[test]
fn a_body_is_capped() {
    let error = call(READY, || body("fives")).error();
    assert_eq!(said(&error), (Failure::BodyTooLarge, Sent::Maybe));
}

#[test]
fn of_an_error_that_is_not_known_the_worst_is_taken() {
    let error = call(READY, || Box::pin(ready(Err("lost".into())))).error();
    assert_eq!(said(&error), (Failure::Connection, Sent::Maybe));
    assert_eq!(
        std::error::Error::source(&error).unwrap().to_string(),
        "lost"
    );
}

#[test]
fn an_error_that_knows_better_is_kept() {
    let error = call(READY, || {
        let known = TransportError::new(Failure::Connect, Sent::No);
        Box::pin(ready(Err(known.into())))
    })
    .error();
    assert_eq!(said(&error), (Failure::Connect, Sent::No));
}

#[test]
fn a_service_that_is_never_ready_has_not_sent() {
    let error = call(|| Poll::Ready(Err("broken".into())), || body("")).error();
    assert_eq!(said(&error), (Failure::Connect, Sent::No));

    let mut waiting = call(|| Poll::Pending, || body(""));
    assert!(waiting.poll().is_pending());
    waiting.clock.advance(Duration::from_secs(10));
    assert_eq!(said(&waiting.error()), (Failure::Timeout, Sent::No));
}

#[test]
fn a_service_that_does_not_answer_is_given_up() {
    let mut waiting = call(READY, || Box::pin(pending()));
    assert!(waiting.poll().is_pending());
    waiting.clock.advance(Duration::from_secs(29));
    assert!(waiting.poll().is_pending());
    waiting.clock.advance(Duration::from_secs(1));
    assert_eq!(said(&waiting.error()), (Failure::Timeout, Sent::Maybe));
}

#[test]
fn a_transport_can_be_shared() {
    fn shared(_: Arc<dyn Transport>) {}
    let service = Functions {
        ready: READY,
        call: || body(""),
        _not_sync: Cell::new(()),
    };
    shared(Arc::new(TowerTransport::new(
        service,
        ManualClock::new(),
        Limits::default(),
    )));
}
