//! What is sent again, and what never is.

mod common;

use common::{CREATED, READ, REFUSED_TOKEN, Reply, Script};
use enkash_api::transport::Sent;
use enkash_api::types::Rupees;
use enkash_api::types::gateway::{CreateOrder, CreatedOrder, OrderStatus};
use enkash_api::{ApiErrorKind, Error, RetryPolicy};

fn order() -> CreateOrder {
    CreateOrder::new("INV2041", Rupees::from_paise(49_950))
}

/// Makes that order with a client of its own.
async fn create(script: &Script) -> Result<CreatedOrder, Error> {
    script.client().gateway().orders().create(order()).await
}

#[tokio::test]
async fn an_order_is_made_and_read() {
    let script = Script::new([CREATED, READ]);
    let client = script.client();
    let created = client.gateway().orders().create(order()).await.unwrap();
    let order = client
        .gateway()
        .orders()
        .get(created.order_id.unwrap())
        .await
        .unwrap();
    assert_eq!(order.status, Some(OrderStatus::Paid));
    assert_eq!(order.amount, Some(Rupees::from_paise(49_950)));
    assert_eq!(script.token_calls(), 1, "both calls carry one token");
    assert_eq!(
        script.sent.lock().unwrap()[1].uri().path(),
        "/api/v0/orders/ORD1"
    );
}

#[tokio::test]
async fn a_write_that_did_not_leave_is_sent_again() {
    let script = Script::new([Reply::Lost(Sent::No), Reply::Lost(Sent::No), CREATED]);
    create(&script).await.unwrap();
    assert_eq!(script.calls(), 3);
    assert_eq!(
        script.waited.lock().unwrap().len(),
        2,
        "it waits before each new try"
    );
}

#[tokio::test]
async fn tries_end() {
    let script = Script::new([
        Reply::Lost(Sent::No),
        Reply::Lost(Sent::No),
        Reply::Lost(Sent::No),
    ]);
    let error = create(&script).await.unwrap_err();
    assert!(matches!(error, Error::Transport { .. }), "{error:?}");
    assert!(!error.may_have_happened());

    let script = Script::new([Reply::Lost(Sent::No)]);
    let client = script
        .builder()
        .merchant("access", "secret")
        .retry(RetryPolicy::never())
        .build()
        .unwrap();
    client.gateway().orders().create(order()).await.unwrap_err();
    assert_eq!(script.calls(), 1);
}

#[tokio::test]
async fn a_write_whose_answer_was_lost_is_never_sent_again() {
    for reply in [
        Reply::Lost(Sent::Maybe),
        Reply::Body(500, ""),
        Reply::Body(503, "<html>upstream timed out</html>"),
        Reply::Body(303, ""),
        Reply::Body(
            200,
            r#"{"response_code":500,"response_message":"it broke"}"#,
        ),
        Reply::Body(200, "<html>"),
        Reply::Body(200, r#"{"response_code":0,"response_message":"Succ"#),
        Reply::Body(200, r#"{"response_code":0,"payload":{"orderId":7}}"#),
    ] {
        let script = Script::new([reply]);
        let error = create(&script).await.unwrap_err();
        assert!(error.may_have_happened(), "{error:?}");
        assert_eq!(script.calls(), 1);
        let Error::OutcomeUnknown(unknown) = error else {
            panic!("{error:?}");
        };
        assert_eq!(unknown.merchant_id, Some(("orderId", "INV2041".to_owned())));
    }
}

#[tokio::test]
async fn a_read_is_sent_again_after_a_passing_failure() {
    for reply in [
        Reply::Lost(Sent::Maybe),
        Reply::Body(503, ""),
        Reply::Body(429, ""),
        Reply::Body(200, r#"{"response_code":503,"response_message":"busy"}"#),
    ] {
        let script = Script::new([reply, READ]);
        script
            .client()
            .gateway()
            .orders()
            .get("ORD1")
            .await
            .unwrap();
        assert_eq!(script.calls(), 2);
    }
    let script = Script::new([Reply::Body(500, "")]);
    let error = script
        .client()
        .gateway()
        .orders()
        .get("ORD1")
        .await
        .unwrap_err();
    assert_eq!(error.as_api().unwrap().kind, ApiErrorKind::Unavailable);
}

#[tokio::test]
async fn a_refused_token_is_replaced_once() {
    let script = Script::new([REFUSED_TOKEN, CREATED]);
    create(&script).await.unwrap();
    assert_eq!((script.calls(), script.token_calls()), (2, 2));

    for refusal in [REFUSED_TOKEN, Reply::Body(401, "")] {
        let script = Script::new([REFUSED_TOKEN, refusal]);
        let error = create(&script).await.unwrap_err();
        assert_eq!(error.as_api().unwrap().kind, ApiErrorKind::TokenRefused);
        assert_eq!((script.calls(), script.token_calls()), (2, 2));
    }
}

#[tokio::test]
async fn a_refusal_is_final_for_a_write() {
    for (status, kind) in [
        (400, ApiErrorKind::Rejected),
        (403, ApiErrorKind::NotAllowed),
        (404, ApiErrorKind::NotFound),
        (409, ApiErrorKind::Duplicate),
        (422, ApiErrorKind::Rejected),
        (429, ApiErrorKind::RateLimited),
        (418, ApiErrorKind::Other),
    ] {
        let script = Script::new([Reply::Body(status, "")]);
        let error = create(&script).await.unwrap_err();
        assert_eq!(error.as_api().unwrap().kind, kind);
        assert_eq!(script.calls(), 1);
    }
}

#[tokio::test]
async fn a_code_in_a_200_or_a_400_counts_as_its_http_status() {
    for status in [200, 400] {
        let body = r#"{"response_code":409,"response_message":"order id exists"}"#;
        let script = Script::new([Reply::Body(status, body)]);
        let error = create(&script).await.unwrap_err();
        assert_eq!(error.as_api().unwrap().kind, ApiErrorKind::Duplicate);
    }
}

#[tokio::test]
async fn nothing_is_sent_that_breaks_a_rule() {
    let script = Script::new([]);
    let client = script.client();
    let wrong = CreateOrder::new("", Rupees::ZERO);
    let error = client.gateway().orders().create(wrong).await.unwrap_err();
    assert!(matches!(error, Error::Invalid(_)), "{error:?}");
    for id in ["", ".."] {
        let error = client.gateway().orders().get(id).await.unwrap_err();
        assert!(matches!(error, Error::Invalid(_)), "{error:?}");
    }
    assert_eq!((script.calls(), script.token_calls()), (0, 0));
}
