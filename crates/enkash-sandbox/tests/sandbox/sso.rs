//! Single sign-on, and sealed bodies.

use enkash_crypto::PayloadKey;
use enkash_sandbox::Config;
use enkash_transport::wire;
use enkash_types::rewards::CreateRewardSsoToken;
use http::Request;

use crate::client::{Client, set, start, start_with};

fn sign_on() -> CreateRewardSsoToken {
    CreateRewardSsoToken::new("CAQL8YCV3", "CEK1PU9AOO", "EKCDM5AVZY")
}

#[tokio::test]
async fn a_sealed_request_is_answered_plain_or_sealed() {
    for sealed in [false, true] {
        let sandbox = start_with(Config::new().with_sealed_answers(sealed)).await;
        let client = Client::new(&sandbox).await;
        let response = client.send(client.request(sign_on())).await.unwrap();
        assert_eq!(wire::unsealed(response.body()).is_some(), sealed);
        let token = client.call(sign_on()).await.unwrap();
        assert!(token.token().is_some());
    }
}

#[tokio::test]
async fn a_body_that_does_not_open_is_refused() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let plain = serde_json::to_vec(&sign_on()).unwrap();
    let other_key = PayloadKey::from_client_secret("another secret");
    for body in [
        plain.clone().into(),
        wire::sealed(other_key.seal(&plain)),
        wire::sealed("no base64 at all".to_owned()),
        "".into(),
    ] {
        let mut request = client.request(sign_on());
        *request.body_mut() = body;
        let refusal = client.refused::<CreateRewardSsoToken>(request).await;
        assert_eq!(refusal.status, 422);
        assert!(refusal.message.contains("sealed with the client secret"));
    }
}

#[tokio::test]
async fn a_sealed_request_is_checked() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    for (plain, status, message) in [
        (
            r#"{"cardAccountId":"","companyId":"C","enkashCardId":""}"#,
            422,
            "cardAccountId: must not be empty; enkashCardId: must not be empty",
        ),
        (
            r#"{"cardAccountId":1}"#,
            400,
            "cardAccountId: expected a string, found integer",
        ),
    ] {
        let mut request = Request::post("/api/v0/partner/enKashCard/sso-token")
            .body(plain.into())
            .unwrap();
        client.sign::<CreateRewardSsoToken>(&mut request);
        let refusal = client.refused::<CreateRewardSsoToken>(request).await;
        assert_eq!(
            (refusal.status, refusal.message.as_str()),
            (status, message)
        );
    }
}

#[tokio::test]
async fn the_partner_is_named() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = client.request(sign_on());
    set(&mut request, "partnerid", "POTHER");
    let refusal = client.refused::<CreateRewardSsoToken>(request).await;
    assert_eq!(refusal.status, 403);
    assert_eq!(
        refusal.message,
        "the header partnerId is not this account's"
    );
}
