//! Merchant tokens.

use std::time::Duration;

use enkash_sandbox::Config;
use enkash_types::gateway::{CreateMerchantToken, CreateOrder};
use serde_json::{Value, json};

use crate::client::{Client, does, order, refusal, set, start, start_with};

#[tokio::test]
async fn keys_give_a_token_for_a_day() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let known = sandbox.credentials();
    let keys = CreateMerchantToken::new(known.access_key.clone(), known.secret_key.clone());
    let token = client.call(keys).await.unwrap();
    assert_eq!(token.result_code, Some(0));
    // The clock stands at 1767225600 s.
    assert_eq!(token.expiry, Some((1_767_225_600 + 86_400) * 1000));
}

#[tokio::test]
async fn wrong_keys_are_refused() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let known = sandbox.credentials();
    for keys in [
        CreateMerchantToken::new(known.access_key.clone(), "wrong"),
        CreateMerchantToken::new("wrong", known.secret_key.clone()),
    ] {
        let refusal = refusal(client.call(keys).await);
        assert_eq!((refusal.status, refusal.code), (401, Some(401)));
        assert_eq!(
            refusal.message,
            "accessKey and secretKey are not those of this account"
        );
    }
}

#[tokio::test]
async fn a_token_that_is_not_live_is_refused_as_enkash_does() {
    let sandbox = start_with(Config::new().with_token_life(Duration::from_secs(60))).await;
    let mut client = Client::new(&sandbox).await;
    sandbox.clock().advance(Duration::from_secs(59));
    client.order("A1").await;
    let later = client.merchant_token().await;
    client.order("A2").await;

    sandbox.clock().advance(Duration::from_secs(1));
    let mut missing = client.request(order("A3"));
    missing.headers_mut().remove("authorization");
    let mut unknown = client.request(order("A3"));
    set(&mut unknown, "authorization", "Bearer unknown");
    let mut bare = client.request(order("A3"));
    set(&mut bare, "authorization", later.expose());
    let mut of_another_kind = client.request(order("A3"));
    let oauth = format!("Bearer {}", client.oauth.expose());
    set(&mut of_another_kind, "authorization", &oauth);
    let expired = client.request(order("A3"));
    for request in [missing, unknown, bare, of_another_kind, expired] {
        let response = client.send(request).await.unwrap();
        assert_eq!(response.status(), 200);
        let answer: Value = serde_json::from_slice(response.body()).unwrap();
        assert_eq!(
            answer,
            json!({"response_code": 117, "payload": "Token is invalid."})
        );
    }

    client.merchant = later;
    client.order("A3").await;
}

#[tokio::test]
async fn the_scheme_is_read_in_any_case() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = client.request(order("A1"));
    let token = format!("bEARER {}", client.merchant.expose());
    set(&mut request, "authorization", &token);
    client.answer::<CreateOrder>(request).await.unwrap();
}

#[tokio::test]
async fn the_access_key_goes_with_the_token() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut missing = client.request(order("A1"));
    missing.headers_mut().remove("merchantaccesskey");
    let mut wrong = client.request(order("A1"));
    set(&mut wrong, "merchantaccesskey", "wrong");
    for (request, message) in [
        (missing, "the header merchantAccessKey is missing"),
        (wrong, "the header merchantAccessKey is not this account's"),
    ] {
        let refusal = client.refused::<CreateOrder>(request).await;
        assert_eq!((refusal.status, refusal.message.as_str()), (403, message));
        assert!(!refusal.is_of_token(), "a new token would not help");
    }
}

#[tokio::test]
async fn all_tokens_can_be_expired_at_once() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let answer = does(&sandbox, "tokens/expire", Value::Null).await;
    assert_eq!(answer, json!({"expired": 2}));
    assert!(refusal(client.call(order("A1")).await).is_of_token());
}

#[tokio::test]
async fn runs_repeat_and_differ_by_their_seed() {
    let token = async |seed| {
        let sandbox = start_with(Config::new().with_seed(seed)).await;
        let client = Client::new(&sandbox).await;
        let order = client.order("A1").await.order_id.unwrap();
        (client.merchant.expose().to_owned(), order)
    };
    assert_eq!(token(7).await, token(7).await);
    assert_ne!(token(7).await, token(8).await);
}
