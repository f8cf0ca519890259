//! The extractor, in a router as a merchant writes one.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::extract::{DefaultBodyLimit, FromRef};
use axum::http::Request;
use axum::routing::post;
use enkash_types::gateway::PaymentNotification;
use enkash_webhook::{REPLY, Received, Receiver, Refused};
use http_body::Frame;
use tower_service::Service as _;

const MESSAGE: &str = r#"{"orderId": "ORD1", "transactionId": "EK1", "amount": 499.50,
    "orderStatus": "PAID", "transactionStatus": "SUCCESS", "status": "SUCCESS"}"#;

async fn paid(Received(notice): Received<PaymentNotification>) -> String {
    format!("{} {REPLY}", notice.key())
}

fn routes<S>() -> Router<S>
where
    S: Clone + Send + Sync + 'static,
    Receiver: FromRef<S>,
{
    Router::new().route("/enkash/payment", post(paid))
}

/// Posts a message, and gives the status and the text of the answer.
async fn posted(mut app: Router, message: Request<Body>) -> (u16, String) {
    let answer = app.call(message).await.unwrap();
    let status = answer.status().as_u16();
    let text = to_bytes(answer.into_body(), 1000).await.unwrap();
    (status, String::from_utf8(text.to_vec()).unwrap())
}

fn message(body: impl Into<Body>) -> Request<Body> {
    let message = Request::post("/enkash/payment");
    message.body(body.into()).unwrap()
}

/// A body that comes in pieces and does not say how long it is.
struct Pieces {
    piece: &'static [u8],
    left: usize,
    taken: Arc<AtomicUsize>,
    breaks_off: bool,
}

impl Pieces {
    fn new(piece: &'static [u8], left: usize) -> Self {
        Self {
            piece,
            left,
            taken: Arc::default(),
            breaks_off: false,
        }
    }
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        Poll::Ready(match self.left.checked_sub(1) {
            Some(left) => {
                self.left = left;
                self.taken.fetch_add(1, Ordering::Relaxed);
                Some(Ok(Frame::data(Bytes::from_static(self.piece))))
            }
            None if self.breaks_off => Some(Err(std::io::ErrorKind::ConnectionReset.into())),
            None => None,
        })
    }
}

#[tokio::test]
async fn a_message_reaches_its_handler() {
    for app in [
        routes().with_state(Receiver::new()),
        routes().with_state(()),
    ] {
        let answer = posted(app, message(MESSAGE)).await;
        let key = "notify_payment:ORD1:EK1:PAID:SUCCESS:SUCCESS";
        assert_eq!(answer, (200, format!("{key} {{}}")));
    }
}

#[tokio::test]
async fn a_receiver_may_be_part_of_the_state() {
    #[derive(Clone)]
    struct Shop {
        receiver: Receiver,
    }
    impl FromRef<Shop> for Receiver {
        fn from_ref(shop: &Shop) -> Self {
            shop.receiver.clone()
        }
    }
    let receiver = Receiver::new().with_limit(10);
    let app = routes().with_state(Shop { receiver });
    assert_eq!(posted(app, message(MESSAGE)).await.0, 413);
}

#[tokio::test]
async fn what_is_refused_is_answered_in_few_words() {
    let app = || routes().with_state(Receiver::new());
    let unreadable = posted(app(), message("<xml/>")).await;
    assert_eq!(unreadable, (400, "not readable".to_owned()));

    let receiver = Receiver::new()
        .with_header("x-shop-token", "secret")
        .unwrap();
    let guarded = routes().with_state(receiver);
    let stranger = posted(guarded.clone(), message(MESSAGE)).await;
    assert_eq!(stranger, (401, "not allowed".to_owned()));
    let mut known = message(MESSAGE);
    known
        .headers_mut()
        .insert("X-Shop-Token", "secret".parse().unwrap());
    assert_eq!(posted(guarded, known).await.0, 200);

    let mut pieces = Pieces::new(b"{", 1);
    pieces.breaks_off = true;
    let broken_off = posted(app(), message(Body::new(pieces))).await;
    assert_eq!(broken_off, (400, "broken off".to_owned()));
}

#[tokio::test]
async fn no_more_is_read_than_the_limit() {
    let receiver = Receiver::new().with_limit(100);
    let app = || routes().with_state(receiver.clone());

    let endless = Pieces::new(&[b' '; 40], usize::MAX);
    let taken = Arc::clone(&endless.taken);
    let answer = posted(app(), message(Body::new(endless))).await;
    assert_eq!(answer, (413, "too long".to_owned()));
    assert_eq!(
        taken.load(Ordering::Relaxed),
        3,
        "120 bytes are over the limit"
    );

    // One that says how long it is is not read at all.
    let answer = posted(app(), message(vec![b' '; 101])).await;
    assert_eq!(answer, (413, "too long".to_owned()));
}

#[tokio::test]
async fn the_receivers_limit_holds_and_not_axums() {
    let long = format!("{MESSAGE}{}", " ".repeat(3 * 1024 * 1024));
    let roomy = Receiver::new().with_limit(4 * 1024 * 1024);
    let app = routes().with_state(roomy).layer(DefaultBodyLimit::max(10));
    assert_eq!(posted(app, message(long)).await.0, 200);
}

#[tokio::test]
async fn a_handler_may_answer_for_itself() {
    async fn handler(
        received: Result<Received<PaymentNotification>, Refused>,
    ) -> Result<String, Infallible> {
        Ok(received.map_or_else(
            |refused| refused.to_string(),
            |Received(notice)| notice.key(),
        ))
    }
    let app = Router::new().route("/enkash/payment", post(handler));
    let (status, text) = posted(app, message("{}")).await;
    assert_eq!(status, 200);
    assert_eq!(
        text,
        "the message is no notify_payment: missing field `orderId`"
    );
}
