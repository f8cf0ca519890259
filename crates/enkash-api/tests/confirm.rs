//! A notification is believed only as far as EnKash says the same of the order.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are tests as well"
)]

mod common;

use bytes::Bytes;
use common::{Reply, Script};
use enkash_api::gateway::Confirmation;
use enkash_api::types::Unconfirmed;
use enkash_api::types::gateway::{CreateOrder, OrderStatus, PaymentNotification};
use enkash_api::{ApiErrorKind, Client, Error};
use enkash_sandbox::{Config, Sandbox};
use http::Request;
use serde_json::{Value, json};

/// What EnKash posts when an order over 499.50 was paid.
fn paid_notice() -> Value {
    json!({
        "orderId": "ORD1",
        "transactionId": "EK2",
        "amount": 499.5,
        "finalAmount": 509.5,
        "currency": "INR",
        "orderStatus": "PAID",
        "transactionStatus": "SUCCESS",
        "status": "SUCCESS",
    })
}

/// The same order, as EnKash has it: paid at the second attempt.
fn paid_order() -> Value {
    json!({
        "orderId": "ORD1",
        "merchantOrderId": "INV2041",
        "amount": 499.5,
        "currency": "INR",
        "status": "PAID",
        "transactions": [
            {"transactionId": "EK1", "status": "FAILED"},
            {"transactionId": "EK2", "status": "SUCCESS"},
        ],
    })
}

/// The message with other values for some of its fields; `null` takes one out.
fn with(mut message: Value, changes: Value) -> Value {
    for (name, value) in changes.as_object().unwrap() {
        match value {
            Value::Null => drop(message.as_object_mut().unwrap().remove(name)),
            value => message[name] = value.clone(),
        }
    }
    message
}

fn notice(message: Value) -> Unconfirmed<PaymentNotification> {
    Unconfirmed::new(serde_json::from_value(message).unwrap())
}

/// Confirms a notification with an EnKash that has this order.
async fn confirm(message: Value, order: Value) -> Confirmation {
    let answer = json!({"response_code": 0, "response_message": "Success", "payload": order});
    let script = Script::new([Reply::Body(200, answer.to_string().leak())]);
    let client = script.client();
    let confirmation = client.gateway().orders().confirm(&notice(message)).await;
    let sent = script.sent.lock().unwrap();
    assert_eq!(sent[0].uri().path(), "/api/v0/orders/ORD1");
    confirmation.unwrap()
}

/// The differences, in words.
async fn contradiction(message: Value, order: Value) -> String {
    match confirm(message, order).await {
        Confirmation::Contradicts(why) => why.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_order_is_confirmed_where_id_sum_and_state_agree() {
    let Confirmation::Confirmed(paid) = confirm(paid_notice(), paid_order()).await else {
        panic!("it agrees");
    };
    assert_eq!(paid.order_id.as_str(), "ORD1");
    assert_eq!(paid.amount.to_string(), "499.50");
    assert_eq!(
        paid.order.merchant_order_id.as_ref().unwrap().as_str(),
        "INV2041"
    );
    let payment = paid.payment.unwrap();
    assert_eq!(payment.transaction_id.unwrap().as_str(), "EK2");
}

#[tokio::test]
async fn what_enkash_may_leave_out_is_not_needed() {
    for left_out in [
        json!({"transactions": null}),
        json!({"transactions": []}),
        json!({"transactions": [{"created": "2026-04-01T10:00:00.000+00:00"}]}),
        json!({"currency": null}),
    ] {
        let order = with(paid_order(), left_out);
        let confirmation = confirm(paid_notice(), order.clone()).await;
        assert!(
            matches!(confirmation, Confirmation::Confirmed(_)),
            "{order}"
        );
    }
    // Which names the fields of an order's payments have was not read, nor all of their values.
    for payment in [
        json!({"transactionId": "EK2"}),
        json!({"transactionId": "EK2", "status": "CAPTURED"}),
    ] {
        let order = with(paid_order(), json!({"transactions": [payment]}));
        let confirmation = confirm(paid_notice(), order.clone()).await;
        assert!(
            matches!(confirmation, Confirmation::Confirmed(_)),
            "{order}"
        );
    }
}

#[tokio::test]
async fn either_word_for_paid_will_do() {
    let notice = with(
        paid_notice(),
        json!({"orderStatus": "SUCCESS", "transactionStatus": "PAID", "status": "PAID"}),
    );
    let confirmation = confirm(notice, paid_order()).await;
    assert!(matches!(confirmation, Confirmation::Confirmed(_)));
}

#[tokio::test]
async fn what_enkash_does_not_call_paid_is_not_paid_yet() {
    for status in [
        "CREATED",
        "CHECKOUT_RENDERED",
        "ATTEMPTED",
        "PAYMENT_CONFIRMATION_PENDING",
        "SUCCESS",
        "paid",
    ] {
        let order = with(paid_order(), json!({"status": status}));
        match confirm(paid_notice(), order).await {
            Confirmation::NotYet(order) => {
                assert_eq!(order.status, Some(OrderStatus::from(status)));
            }
            other => panic!("{status}: {other:?}"),
        }
    }
    let silent = with(paid_order(), json!({"status": null}));
    let confirmation = confirm(paid_notice(), silent).await;
    assert!(matches!(confirmation, Confirmation::NotYet(_)));
}

#[tokio::test]
async fn an_attempt_that_failed_pays_nothing() {
    let failed = with(
        paid_notice(),
        json!({"transactionId": "EK1", "orderStatus": "ATTEMPTED", "transactionStatus": "FAILED", "status": "FAILED"}),
    );
    let attempted = with(paid_order(), json!({"status": "ATTEMPTED"}));
    // The second is one that comes late: the order has been paid since, by another attempt.
    for order in [attempted, paid_order()] {
        let confirmation = confirm(failed.clone(), order).await;
        assert!(matches!(confirmation, Confirmation::NotPaid(_)));
    }
    // All three states have to say so.
    for field in ["orderStatus", "transactionStatus", "status"] {
        for state in ["", "FAILED", "success", "PENDING"] {
            let half = with(paid_notice(), json!({field: state}));
            let confirmation = confirm(half, paid_order()).await;
            assert!(
                matches!(confirmation, Confirmation::NotPaid(_)),
                "{field} {state}"
            );
        }
    }
}

#[tokio::test]
async fn nothing_is_confirmed_but_what_agrees() {
    let order_ids = [json!("ORD1"), json!("ORD2"), Value::Null];
    let amounts = [json!(499.5), json!(499.51), Value::Null];
    let mut statuses: Vec<Value> = OrderStatus::DOCUMENTED
        .iter()
        .map(|status| status.as_str().into())
        .collect();
    statuses.push(Value::Null);
    let payments = [
        Value::Null,
        json!([{"transactionId": "EK2", "status": "SUCCESS"}]),
        json!([{"transactionId": "EK2", "status": "PENDING_WITH_BANK"}]),
    ];
    for order_id in &order_ids {
        for amount in &amounts {
            for status in &statuses {
                for payments in &payments {
                    for (told, transaction_id) in
                        [("SUCCESS", "EK2"), ("SUCCESS", "EK9"), ("FAILED", "EK2")]
                    {
                        let agrees = order_id == "ORD1"
                            && *amount == json!(499.5)
                            && status == "PAID"
                            && told == "SUCCESS"
                            && (payments.is_null()
                                || (payments[0]["status"] == "SUCCESS" && transaction_id == "EK2"));
                        let notice = with(
                            paid_notice(),
                            json!({"status": told, "transactionId": transaction_id}),
                        );
                        let order = with(
                            paid_order(),
                            json!({"orderId": order_id, "amount": amount, "status": status, "transactions": payments}),
                        );
                        let confirmation = confirm(notice.clone(), order.clone()).await;
                        let confirmed = matches!(confirmation, Confirmation::Confirmed(_));
                        assert_eq!(confirmed, agrees, "{notice} {order}");
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn the_sandboxs_notification_is_confirmed_and_a_strangers_is_not() {
    let sandbox = Sandbox::start(Config::new()).await.unwrap();
    let credentials = sandbox.credentials();
    let client = Client::builder()
        .base_url(&sandbox.url())
        .unwrap()
        .transport(sandbox.in_process())
        .merchant(
            credentials.access_key.clone(),
            credentials.secret_key.clone(),
        )
        .build()
        .unwrap();
    let orders = client.gateway().orders();
    let mut order = CreateOrder::new("INV1", "499.50".parse().unwrap());
    order.notify_url = Some("http://127.0.0.1:1/enkash".into());
    let order_id = orders.create(order).await.unwrap().order_id.unwrap();

    let made_up = with(paid_notice(), json!({"orderId": order_id}));
    let confirmation = orders.confirm(&notice(made_up.clone())).await.unwrap();
    assert!(matches!(confirmation, Confirmation::NotYet(_)));

    let pay = Request::post(format!("{}/_sandbox/orders/INV1/pay", sandbox.url()));
    let paid = sandbox.handle(pay.body(Bytes::new()).unwrap()).await;
    assert_eq!(paid.unwrap().status(), 200);
    let told = sandbox.webhooks().remove(0).body;
    match orders.confirm(&notice(told)).await.unwrap() {
        Confirmation::Confirmed(paid) => assert_eq!(paid.order_id, order_id),
        other => panic!("{other:?}"),
    }

    let confirmation = orders.confirm(&notice(made_up)).await.unwrap();
    assert!(matches!(confirmation, Confirmation::Contradicts(_)));
}

#[tokio::test]
async fn a_difference_is_told() {
    let mut said = String::new();
    for (title, message, order) in [
        ("sum", json!({"amount": 4995}), json!({})),
        ("a paisa", json!({"amount": "499.51"}), json!({})),
        ("no sum", json!({}), json!({"amount": null})),
        ("another order", json!({}), json!({"orderId": "ORD2"})),
        ("no id", json!({}), json!({"orderId": null})),
        ("currency", json!({"currency": "USD"}), json!({})),
        (
            "unknown payment",
            json!({"transactionId": "EK9"}),
            json!({}),
        ),
        ("failed payment", json!({"transactionId": "EK1"}), json!({})),
        (
            "refunded since",
            json!({}),
            json!({"transactions": [{"transactionId": "EK2", "status": "REFUNDED"}]}),
        ),
        ("cancelled", json!({}), json!({"status": "CANCELLED"})),
        ("expired", json!({}), json!({"status": "EXPIRED"})),
        (
            "a failed attempt at another sum",
            json!({"amount": 1, "status": "FAILED"}),
            json!({"status": "ATTEMPTED"}),
        ),
        (
            "all at once, and a text that plays with the terminal",
            json!({"amount": 1, "transactionId": "\u{1b}[2J\nEK9".repeat(30)}),
            json!({"orderId": "ORD2"}),
        ),
    ] {
        let why = contradiction(with(paid_notice(), message), with(paid_order(), order)).await;
        said += &format!("{title}: {why}\n");
    }
    insta::assert_snapshot!(said, @"
    sum: the notification is not of this order as EnKash has it: amount 4995.00 where EnKash has 499.50
    a paisa: the notification is not of this order as EnKash has it: amount 499.51 where EnKash has 499.50
    no sum: the notification is not of this order as EnKash has it: amount 499.50 of which EnKash says nothing
    another order: the notification is not of this order as EnKash has it: orderId ORD1 where EnKash has ORD2
    no id: the notification is not of this order as EnKash has it: orderId ORD1 of which EnKash says nothing
    currency: the notification is not of this order as EnKash has it: currency USD where EnKash has INR
    unknown payment: the notification is not of this order as EnKash has it: transactionId EK9 of which EnKash says nothing
    failed payment: the notification is not of this order as EnKash has it: transactionStatus SUCCESS where EnKash has FAILED
    refunded since: the notification is not of this order as EnKash has it: transactionStatus SUCCESS where EnKash has REFUNDED
    cancelled: the notification is not of this order as EnKash has it: orderStatus PAID where EnKash has CANCELLED
    expired: the notification is not of this order as EnKash has it: orderStatus PAID where EnKash has EXPIRED
    a failed attempt at another sum: the notification is not of this order as EnKash has it: amount 1.00 where EnKash has 499.50
    all at once, and a text that plays with the terminal: the notification is not of this order as EnKash has it: orderId ORD1 where EnKash has ORD2, amount 1.00 where EnKash has 499.50, transactionId [2JEK9[2JEK9[2JEK9[2JEK9[2JEK9[2JEK9[2JEK9[2JEK9[2JEK9[2JEK9 of which EnKash says nothing
    ");
}

#[tokio::test]
async fn an_order_that_is_not_there_is_an_error() {
    let script = Script::new([Reply::Body(404, r#"{"response_code": 404}"#)]);
    let confirmed = script
        .client()
        .gateway()
        .orders()
        .confirm(&notice(paid_notice()))
        .await;
    let error = confirmed.unwrap_err();
    assert_eq!(error.as_api().unwrap().kind, ApiErrorKind::NotFound);
}

#[tokio::test]
async fn an_id_that_is_no_id_is_not_even_asked_for() {
    for order_id in ["", ".."] {
        let script = Script::new([]);
        let message = with(paid_notice(), json!({"orderId": order_id}));
        let confirmed = script
            .client()
            .gateway()
            .orders()
            .confirm(&notice(message))
            .await;
        assert!(matches!(confirmed, Err(Error::Invalid(_))), "{order_id}");
        assert_eq!((script.calls(), script.token_calls()), (0, 0));
    }
    // One that would lead elsewhere stays in its place.
    let script = Script::new([Reply::Body(404, "{}")]);
    let message = with(paid_notice(), json!({"orderId": "../merchant/token?x="}));
    let confirmed = script
        .client()
        .gateway()
        .orders()
        .confirm(&notice(message))
        .await;
    assert!(confirmed.is_err());
    let sent = script.sent.lock().unwrap();
    assert_eq!(
        sent[0].uri().path_and_query().unwrap(),
        "/api/v0/orders/..%2Fmerchant%2Ftoken%3Fx%3D"
    );
}
