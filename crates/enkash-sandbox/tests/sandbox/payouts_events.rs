//! What the merchant is told of transfers, as he set it.

use enkash_sandbox::{Delivery, DeliveryState, Sandbox};
use enkash_types::payouts::{ConfigureWebhook, CreateTransferBatch, WebhookEvent};
use serde_json::{Value, json};

use crate::client::{Client, control, does, refusal, start};
use crate::data::{directory, start_on};
use crate::listener::{Listener, Nobody};
use crate::payouts::{payee, transfer};

fn hook(url: &str, events: &[WebhookEvent]) -> ConfigureWebhook {
    let mut hook = ConfigureWebhook::new(url, events.to_vec());
    let key = ("x-shop-key".to_owned(), "a key of the shop".into());
    hook.headers.extend([key]);
    hook
}

const PAYOUTS: [WebhookEvent; 3] = [
    WebhookEvent::PayoutSuccess,
    WebhookEvent::PayoutPending,
    WebhookEvent::PayoutFailed,
];

/// The webhooks once all are delivered.
async fn delivered(sandbox: &Sandbox, count: usize) -> Vec<Delivery> {
    sandbox
        .wait_for(|sandbox| {
            let all = sandbox.webhooks();
            let done = |one: &Delivery| one.state == DeliveryState::Delivered;
            (all.len() == count && all.iter().all(done)).then_some(all)
        })
        .await
}

fn told(events: &[Value]) -> Vec<String> {
    let text = |event: &Value, name: &str| event[name].as_str().unwrap().to_owned();
    let told = events.iter();
    told.map(|event| {
        let (id, status) = (text(event, "transactionId"), text(event, "payoutStatus"));
        format!("{} {id} {status}", text(event, "event"))
    })
    .collect()
}

fn bodies(webhooks: Vec<Delivery>) -> Vec<Value> {
    webhooks.into_iter().map(|webhook| webhook.body).collect()
}

#[tokio::test]
async fn events_are_posted_with_the_headers_that_were_set() {
    let listener = Listener::start(&[]).await;
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    client.call(payee("FAILS1", "100000000002")).await.unwrap();
    let set = client.call(hook(&listener.url, &PAYOUTS)).await.unwrap();
    assert_eq!(set.enabled, Some(true));
    assert_eq!(set.events.as_deref(), Some(&PAYOUTS[..]));
    assert_eq!(
        set.headers.unwrap()["x-shop-key"].expose(),
        "a key of the shop"
    );

    let paid = client
        .pays_out("SAL1", "499.50", "IMPS", "ASHA1")
        .await
        .unwrap();
    client.comes_to("SAL2", "5", "IMPS", "FAILS1").await;
    client.comes_to("SAL3", "5", "NEFT", "ASHA1").await;
    client.comes_to("SAL4", "5", "IMPS", "NOBODY1").await;
    does(&sandbox, "transfers/SAL1/reverse", Value::Null).await;
    let webhooks = delivered(&sandbox, 3).await;
    assert!(webhooks.iter().all(|one| one.operation == "payout_event"));
    assert_eq!(
        told(&bodies(webhooks)),
        [
            "PAYOUT_SUCCESS SAL1 SUCCESS",
            "PAYOUT_FAILED SAL2 FAILED",
            "PAYOUT_PENDING SAL3 PROCESSING",
        ]
    );
    let received = listener.received();
    let (head, body) = received
        .iter()
        .find(|(_, body)| body["transactionId"] == "SAL1")
        .unwrap();
    assert!(
        head.contains("\r\nx-shop-key: a key of the shop\r\n"),
        "{head}"
    );
    assert_eq!(
        *body,
        json!({
            "event": "PAYOUT_SUCCESS", "transactionId": "SAL1", "payoutStatus": "SUCCESS",
            "enkashTransactionId": paid.enkash_transaction_id, "utr": paid.utr(),
            "transferAmount": 499.5, "transferMode": "IMPS",
            "modifiedOn": "2026-01-01T00:00:00.000+00:00",
        })
    );

    // Whoever looks at what was sent sees no header.
    let (_, shown) = control(&sandbox, "GET", "webhooks", Value::Null).await;
    assert!(!shown.to_string().contains("a key of the shop"));
    let calls = sandbox.calls();
    assert!(!format!("{calls:?}").contains("a key of the shop"));
}

#[tokio::test]
async fn a_batch_is_told_of_step_by_step() {
    let nobody = Nobody::new();
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    client.call(hook(&nobody.url, &PAYOUTS)).await.unwrap();
    let transfers = vec![
        transfer("SAL1", "200", "IMPS", "ASHA1"),
        transfer("SAL2", "300", "NEFT", "ASHA1"),
    ];
    let batch = CreateTransferBatch::new("B1", transfers);
    client.call(batch).await.unwrap();
    sandbox
        .clock()
        .advance(std::time::Duration::from_secs(3600));
    let bodies = bodies(sandbox.webhooks());
    assert_eq!(
        told(&bodies),
        [
            "PAYOUT_PENDING SAL1 PENDING",
            "PAYOUT_PENDING SAL2 PENDING",
            "PAYOUT_SUCCESS SAL1 SUCCESS",
            "PAYOUT_PENDING SAL2 PROCESSING",
            "PAYOUT_SUCCESS SAL2 SUCCESS",
        ]
    );
    assert!(bodies.iter().all(|body| body["batchTransactionId"] == "B1"));
}

#[tokio::test]
async fn only_what_was_asked_for_is_told_and_the_last_word_counts() {
    let nobody = Nobody::new();
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    client.comes_to("SAL1", "1", "IMPS", "ASHA1").await;
    let failures = hook(&nobody.url, &[WebhookEvent::PayoutFailed]);
    client.call(failures).await.unwrap();
    client.comes_to("SAL2", "1", "IMPS", "ASHA1").await;
    assert_eq!(sandbox.webhooks().len(), 0);
    client.call(hook(&nobody.url, &PAYOUTS)).await.unwrap();
    client.comes_to("SAL3", "1", "IMPS", "ASHA1").await;
    assert_eq!(sandbox.webhooks().len(), 1);
    let mut off = hook(&nobody.url, &PAYOUTS);
    off.enabled = Some(false);
    assert_eq!(client.call(off).await.unwrap().enabled, Some(false));
    client.comes_to("SAL4", "1", "IMPS", "ASHA1").await;
    assert_eq!(sandbox.webhooks().len(), 1);

    // One that is on another machine is recorded and not sent.
    let elsewhere = hook("https://shop.example.in/hook", &PAYOUTS);
    client.call(elsewhere).await.unwrap();
    client.comes_to("SAL5", "1", "IMPS", "ASHA1").await;
    let last = sandbox.webhooks().pop().unwrap();
    assert_eq!(last.state, DeliveryState::NotSent);
}

#[tokio::test]
async fn a_header_that_cannot_be_sent_is_refused() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    for (name, value, says) in [
        (
            "Content-Length",
            "1",
            "headers.Content-Length: says how a body travels, and is set by the sender",
        ),
        (
            "HOST",
            "x",
            "headers.HOST: says how a body travels, and is set by the sender",
        ),
        ("x y", "1", "headers.x y: is not the name of a header"),
        (
            "x",
            "a\r\nb",
            "headers.x: must be what can stand in a header",
        ),
    ] {
        let mut hook = ConfigureWebhook::new("http://127.0.0.1:3000/hook", PAYOUTS.to_vec());
        hook.headers.extend([(name.to_owned(), value.into())]);
        let refused = refusal(client.call(hook).await);
        assert_eq!((refused.status, &*refused.message), (422, says));
    }
}

#[tokio::test]
async fn after_a_restart_the_values_of_headers_are_not_known() {
    let file = directory("payout-events").join("shop.db");
    let listener = Listener::start(&[]).await;
    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    client.call(hook(&listener.url, &PAYOUTS)).await.unwrap();
    client.comes_to("SAL1", "1", "IMPS", "ASHA1").await;
    delivered(&sandbox, 1).await;
    sandbox.stop().await;

    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    client.comes_to("SAL2", "1", "IMPS", "ASHA1").await;
    delivered(&sandbox, 2).await;
    client.call(hook(&listener.url, &PAYOUTS)).await.unwrap();
    client.comes_to("SAL3", "1", "IMPS", "ASHA1").await;
    delivered(&sandbox, 3).await;
    let received = listener.received();
    let heads: Vec<_> = received.iter().map(|(head, _)| head).collect();
    for (head, value) in heads
        .iter()
        .zip(["a key of the shop", "[hidden]", "a key of the shop"])
    {
        assert!(
            head.contains(&format!("\r\nx-shop-key: {value}\r\n")),
            "{head}"
        );
    }
    assert_eq!(heads.len(), 3);
}
