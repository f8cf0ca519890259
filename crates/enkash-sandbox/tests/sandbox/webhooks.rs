//! Notifications: sent, sent again, given up, never sent elsewhere.

use std::collections::BTreeSet;
use std::time::Duration;

use enkash_sandbox::{Config, Delivery, DeliveryState, Sandbox};
use enkash_types::gateway::PaymentNotification;
use serde_json::{Value, json};

use crate::client::{Client, control, does, order, start, start_with};
use crate::listener::{Listener, Nobody};

/// Makes an order that tells this listener.
async fn order_telling(sandbox: &Sandbox, url: &str) {
    let client = Client::new(sandbox).await;
    let mut request = order("INV1");
    request.notify_url = Some(url.into());
    client.call(request).await.unwrap();
}

/// Waits until the first webhook was tried so often.
async fn tried(sandbox: &Sandbox, times: usize) -> Delivery {
    sandbox
        .wait_for(|sandbox| {
            let first = sandbox.webhooks().into_iter().next()?;
            (first.tries.len() == times).then_some(first)
        })
        .await
}

fn statuses(delivery: &Delivery) -> Vec<Option<u16>> {
    delivery.tries.iter().map(|tried| tried.status).collect()
}

#[tokio::test]
async fn a_payment_is_told_with_every_field_that_the_contract_requires() {
    let listener = Listener::start(&[]).await;
    let sandbox = start().await;
    order_telling(&sandbox, &listener.url).await;
    let paid = does(&sandbox, "orders/INV1/pay", Value::Null).await;
    let delivery = tried(&sandbox, 1).await;
    assert_eq!(delivery.state, DeliveryState::Delivered);
    assert_eq!(delivery.operation, "notify_payment");
    assert_eq!(delivery.url, listener.url);

    let received = listener.received();
    let [(head, body)] = received.as_slice() else {
        panic!("{received:?}");
    };
    assert!(head.starts_with("post /hook?shop=1 http/1.1\r\n"), "{head}");
    assert!(
        head.contains("content-type: application/json\r\n"),
        "{head}"
    );
    let names: BTreeSet<_> = body
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let required = [
        "surcharge",
        "surchargeGst",
        "amount",
        "finalAmount",
        "paymentMode",
        "bankCode",
        "bankName",
        "cardScheme",
        "currency",
        "checksum",
        "status",
        "transactionId",
        "txnMsg",
        "txnDate",
        "uniqueTransactionId",
        "maskedCardNumber",
        "cardHolderName",
        "paymentToken",
        "bankTransactionId",
        "mdr",
        "mdrGst",
        "transactionAmount",
        "orderId",
        "orderStatus",
        "transactionStatus",
    ];
    assert_eq!(names, BTreeSet::from(required));

    let told: PaymentNotification = serde_json::from_value(body.clone()).unwrap();
    assert!(told.extra.is_empty());
    assert_eq!(told.order_id.as_str(), paid["orderId"]);
    assert_eq!(told.transaction_id.as_str(), paid["transactionId"]);
    assert_eq!(told.status, "SUCCESS");
    assert_eq!(told.transaction_status, "SUCCESS");
    assert_eq!(told.order_status, "PAID");
    assert_eq!(told.amount.to_string(), "499.50");
    assert_eq!(told.masked_card_number.as_deref(), Some(""));
    assert_eq!(told.checksum.as_deref(), Some("sandbox-no-checksum"));
    assert_eq!(
        told.txn_date.unwrap().as_str(),
        "2026-01-01T00:00:00.000+00:00"
    );
}

#[tokio::test]
async fn a_failed_attempt_is_told_and_a_card_shows_masked() {
    let listener = Listener::start(&[]).await;
    let sandbox = start().await;
    order_telling(&sandbox, &listener.url).await;
    does(
        &sandbox,
        "orders/INV1/fail",
        json!({"paymentMode": "CREDIT_CARD"}),
    )
    .await;
    tried(&sandbox, 1).await;
    let (_, body) = &listener.received()[0];
    assert_eq!(body["status"], "FAILED");
    assert_eq!(body["orderStatus"], "ATTEMPTED");
    assert_eq!(body["maskedCardNumber"], "400000XXXXXX0002");
    assert_eq!(body["cardScheme"], "VISA");
}

#[tokio::test]
async fn an_order_that_ends_without_an_attempt_is_not_told() {
    let listener = Listener::start(&[]).await;
    let sandbox = start().await;
    order_telling(&sandbox, &listener.url).await;
    does(&sandbox, "orders/INV1/fail", Value::Null).await;
    does(&sandbox, "orders/INV1/expire", Value::Null).await;
    assert_eq!(sandbox.webhooks().len(), 1, "the failed attempt alone");
}

#[tokio::test]
async fn what_is_not_accepted_is_sent_again_ever_later() {
    let listener = Listener::start(&[500, 404, 302]).await;
    let sandbox = start().await;
    order_telling(&sandbox, &listener.url).await;
    does(&sandbox, "orders/INV1/pay", Value::Null).await;
    let delivery = tried(&sandbox, 1).await;
    assert_eq!(delivery.state, DeliveryState::Waiting);
    let pause = delivery
        .next_try
        .unwrap()
        .duration_since(delivery.tries[0].at);
    assert_eq!(pause.unwrap(), Duration::from_secs(1));

    sandbox.clock().advance(Duration::from_secs(1));
    assert_eq!(statuses(&tried(&sandbox, 2).await), [Some(500), Some(404)]);
    sandbox.clock().advance(Duration::from_secs(2));
    tried(&sandbox, 3).await;
    does(&sandbox, "clock", json!({"advanceSeconds": 4})).await;
    let delivery = tried(&sandbox, 4).await;
    assert_eq!(delivery.state, DeliveryState::Delivered);
    assert_eq!(
        statuses(&delivery),
        [Some(500), Some(404), Some(302), Some(200)]
    );

    let first = delivery.tries[0].at;
    let after: Vec<_> = delivery
        .tries
        .iter()
        .map(|tried| tried.at.duration_since(first).unwrap().as_secs())
        .collect();
    assert_eq!(after, [0, 1, 3, 7]);
    let bodies: Vec<_> = listener
        .received()
        .into_iter()
        .map(|(_, body)| body)
        .collect();
    assert_eq!(bodies.len(), 4);
    assert!(
        bodies.iter().all(|body| *body == bodies[0]),
        "each time the same"
    );
}

#[tokio::test]
async fn a_listener_that_is_not_there_is_given_up() {
    let sandbox = start_with(Config::new().with_webhook_tries(3)).await;
    let nobody = Nobody::new();
    order_telling(&sandbox, &nobody.url).await;
    does(&sandbox, "orders/INV1/pay", Value::Null).await;
    for (times, pause) in [(1, 1), (2, 2), (3, 4)] {
        tried(&sandbox, times).await;
        sandbox.clock().advance(Duration::from_secs(pause));
    }
    let delivery = tried(&sandbox, 3).await;
    assert_eq!(
        (delivery.state, delivery.next_try),
        (DeliveryState::GivenUp, None)
    );
    assert!(delivery.tries.iter().all(|tried| tried.error.is_some()));
}

#[tokio::test]
async fn nothing_is_sent_to_another_machine() {
    for url in [
        "https://shop.example.in/hook",
        "http://shop.example.in/hook",
        "http://192.0.2.1/hook",
        "http://127.0.0.1.example.in/hook",
        "http://127.0.0.1@shop.example.in/hook",
        "http://localhost.example.in/hook",
        "https://127.0.0.1/hook",
        "http://[2001:db8::1]/hook",
        "http://[::ffff:192.0.2.1]/hook",
        "http://0.0.0.0/hook",
    ] {
        let sandbox = start().await;
        order_telling(&sandbox, url).await;
        does(&sandbox, "orders/INV1/pay", Value::Null).await;
        let delivery = sandbox.webhooks().remove(0);
        assert_eq!(delivery.state, DeliveryState::NotSent, "{url}");
        assert!(delivery.tries.is_empty());
        assert!(delivery.reason.unwrap().contains("this machine only"));
    }
}

#[tokio::test]
async fn localhost_is_this_machine() {
    let listener = Listener::start(&[]).await;
    let sandbox = start().await;
    order_telling(&sandbox, &listener.url.replace("127.0.0.1", "LocalHost")).await;
    does(&sandbox, "orders/INV1/pay", Value::Null).await;
    assert_eq!(tried(&sandbox, 1).await.state, DeliveryState::Delivered);
}

#[tokio::test]
async fn deliveries_can_be_read() {
    let sandbox = start_with(Config::new().with_webhook_tries(1)).await;
    let nobody = Nobody::new();
    order_telling(&sandbox, &nobody.url).await;
    does(&sandbox, "orders/INV1/pay", Value::Null).await;
    tried(&sandbox, 1).await;
    let (_, list) = control(&sandbox, "GET", "webhooks", Value::Null).await;
    let [webhook] = list["webhooks"].as_array().unwrap().as_slice() else {
        panic!("{list}");
    };
    assert_eq!(webhook["number"], 1);
    assert_eq!(webhook["state"], "given-up");
    assert_eq!(webhook["tries"][0]["at"], "2026-01-01T00:00:00.000+00:00");
    assert!(webhook["tries"][0]["error"].is_string());
    assert_eq!(webhook["body"]["orderStatus"], "PAID");
}

#[tokio::test]
async fn a_stop_ends_what_waits() {
    let sandbox = start().await;
    let nobody = Nobody::new();
    order_telling(&sandbox, &nobody.url).await;
    does(&sandbox, "orders/INV1/pay", Value::Null).await;
    tried(&sandbox, 1).await;
    let clock = sandbox.clock().clone();
    sandbox.stop().await;
    clock.advance(Duration::from_secs(60));
}
