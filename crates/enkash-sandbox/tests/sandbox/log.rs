//! The log of calls, and what it does not hold.

use bytes::Bytes;
use enkash_types::gateway::{CreateMerchantToken, CreateOrder, OrderPaymentDetail};
use enkash_types::oauth::RefreshGrant;
use enkash_types::rewards::CreateRewardSsoToken;
use http::Request;
use serde_json::{Value, json};

use crate::client::{Client, control, order, refusal, start};

#[tokio::test]
async fn a_call_is_logged_with_its_request_and_answer() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = order("INV1");
    request.payment_detail = Some(OrderPaymentDetail::new("123456789012", "KKBK0000432"));
    let created = client.call(request).await.unwrap();
    let (_, list) = control(&sandbox, "GET", "calls", Value::Null).await;
    let calls = list["calls"].as_array().unwrap();
    assert_eq!(
        calls.len(),
        3,
        "two tokens and an order; the control surface is not logged"
    );
    assert_eq!(
        calls[2],
        json!({
            "number": 3,
            "at": "2026-01-01T00:00:00.000+00:00",
            "operation": "create_order",
            "method": "POST",
            "path": "/api/v0/orders",
            "status": 200,
            "requestBytes": calls[2]["requestBytes"],
            "request": {
                "orderId": "INV1",
                "amount": {"value": 499.5, "currency": "INR"},
                "paymentDetail": {"accountNumber": "XXXXXXXX9012", "ifsc": "KKBK0000432"},
            },
            "answer": {
                "orderId": created.order_id,
                "redirectionUrl": created.redirection_url,
            },
        })
    );
}

#[tokio::test]
async fn no_secret_is_in_the_log() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let known = sandbox.credentials();
    let oauth = client.oauth_token().await;
    let refresh = oauth.refresh_token.unwrap();
    let created = client.order("INV1").await;
    client.read(&created).await;
    let refreshed = client
        .call(RefreshGrant::new(refresh.clone()))
        .await
        .unwrap();
    let sign_on = CreateRewardSsoToken::new("CAQL8YCV3", "CEK1PU9AOO", "EKCDM5AVZY");
    let sso = client.call(sign_on).await.unwrap();
    // Secrets in the wrong place: keys of somewhere else, a broken body, paths.
    let keys = CreateMerchantToken::new("foreign-access", "foreign-secret");
    refusal(client.call(keys).await);
    let mut broken = client.request(CreateMerchantToken::new("x", "y"));
    *broken.body_mut() = r#"{"accessKey":"broken-access","secretKey":["broken-secret"]}"#.into();
    client.refused::<CreateMerchantToken>(broken).await;
    let sso = sso.token().unwrap();
    for path in [
        format!("/sso/{}/employee_rewards/hrms", sso.expose()),
        format!("/x/{}", known.client_secret.expose()),
        format!("/x?token={}", client.merchant.expose()),
    ] {
        let request = Request::get(path).body(Bytes::new()).unwrap();
        assert_eq!(client.send(request).await.unwrap().status(), 404);
    }

    let (_, list) = control(&sandbox, "GET", "calls", Value::Null).await;
    let shown = format!("{list} {:?} {sandbox:?} {known:?}", sandbox.calls());
    assert!(
        shown.contains("/sso/[hidden]/employee_rewards/hrms"),
        "{shown}"
    );
    for secret in [
        &known.access_key,
        &known.secret_key,
        &known.client_secret,
        &known.password,
        &client.merchant,
        &client.oauth,
        &oauth.access_token,
        &refresh,
        &refreshed.access_token,
        sso,
        &"foreign-access".into(),
        &"foreign-secret".into(),
        &"broken-access".into(),
        &"broken-secret".into(),
    ] {
        assert!(!shown.contains(secret.expose()), "{}", secret.expose());
    }
}

#[tokio::test]
async fn what_could_not_be_read_is_logged_by_its_size() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = client.request(order("INV1"));
    *request.body_mut() = "not JSON".into();
    client.refused::<CreateOrder>(request).await;
    let call = sandbox.calls().pop().unwrap();
    assert_eq!((call.status, call.request_bytes), (Some(400), 8));
    assert!(call.request.is_none());
}

#[tokio::test]
async fn a_thousand_calls_are_kept() {
    let sandbox = start().await;
    for _ in 0..1010 {
        let request = Request::get("/nowhere").body(Bytes::new()).unwrap();
        sandbox.handle(request).await.unwrap();
    }
    let calls = sandbox.calls();
    assert_eq!(calls.len(), 1000);
    assert_eq!((calls[0].number, calls[999].number), (11, 1010));
    assert!(calls.iter().all(|call| call.status == Some(404)));
}
