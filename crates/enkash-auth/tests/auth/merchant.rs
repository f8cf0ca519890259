//! The payment gateway's token.

use std::time::{Duration, SystemTime};

use enkash_auth::{ASSUMED_LIFE, AuthError, TokenProvider};
use enkash_transport::Clock;
use serde_json::{Value, json};

use crate::server::{Reply, Server, at_once, merchant_credentials, minutes, text};

#[tokio::test]
async fn the_keys_go_into_the_body() {
    let server = Server::of_merchant_tokens(minutes(60));
    server.merchant().token().await.unwrap();
    let call = server.seen().remove(0);
    insta::assert_snapshot!(
        format!("{} {}\n{:?}\n{}", call.method, call.uri, call.headers, call.body),
        @r#"
        POST https://enkash.example.in/api/v0/merchant/token
        {"accept": "application/json", "user-agent": "enkash-rust/0.1.0", "content-type": "application/json"}
        {"accessKey":"access-1","secretKey":"secret-1"}
        "#
    );
}

/// When a token with this `expiry` is taken to end.
async fn end_of(expiry: Value) -> (SystemTime, SystemTime) {
    let server =
        Server::new(move |_, _| Reply::json(200, json!({"token": "token-1", "expiry": expiry})));
    let token = server.merchant().token().await.unwrap();
    (server.clock.now(), token.expires_at())
}

#[tokio::test]
async fn a_life_that_is_not_said_or_is_over_is_taken_for_five_minutes() {
    assert_eq!(ASSUMED_LIFE, minutes(5));
    // A small number may be meant as a lifetime; the documentation does not say. The last is the
    // documentation's own sample, of 2022.
    for expiry in [
        Value::Null,
        json!(0),
        json!(-1),
        json!(i64::MIN),
        json!(300_000),
        json!(1_672_531_199_000_i64),
    ] {
        let (now, end) = end_of(expiry.clone()).await;
        assert_eq!(end, now + ASSUMED_LIFE, "{expiry}");
    }
}

#[tokio::test]
async fn any_other_expiry_is_taken_as_it_is() {
    let (now, end) = end_of(json!(1_767_225_600_001_i64)).await;
    assert_eq!(end, now + Duration::from_millis(1));
    let (now, end) = end_of(json!(i64::MAX)).await;
    assert!(end > now + minutes(60));
}

#[tokio::test]
async fn refused_keys_are_remembered_until_they_change() {
    for (status, body) in [
        (401, ""),
        (403, ""),
        (200, r#"{"resultCode":117,"resultMessage":"Invalid keys"}"#),
        (
            200,
            r#"{"response_code":117,"payload":"Token is invalid."}"#,
        ),
    ] {
        let server = Server::new(move |_, _| Reply::Answer(status, body.to_owned()));
        let tokens = server.merchant();
        for _ in 0..100 {
            let error = at_once(tokens.token()).unwrap_err();
            assert!(matches!(error, AuthError::Refused(_)), "{error:?}");
            server.clock.advance(minutes(5));
        }
        assert_eq!(server.calls(), 1, "{status} {body}");
        server.gives_merchant_tokens(minutes(60));
        tokens.set_credentials(merchant_credentials("access-2"));
        assert_eq!(text(tokens.token().await), "token-2");
    }
}
