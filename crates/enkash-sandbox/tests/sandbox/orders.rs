//! Orders through their states.

use std::time::Duration;

use enkash_types::gateway::{CreateOrder, CustomerDetail, GetOrderStatus, OrderStatus};
use enkash_types::strategies::repeatable;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::client::{Client, control, does, order, refusal, start};

#[tokio::test]
async fn an_order_is_made_and_read_back() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = order("INV2041");
    request.return_url = Some("https://shop.example.in/thanks".into());
    request.notify_url = Some("http://127.0.0.1:9/hook".into());
    request.custom_parameters = Some([("cart".to_owned(), "7".to_owned())].into());
    let mut customer = CustomerDetail::default();
    customer.first_name = Some("Asha".into());
    request.customer_info = Some(customer);
    let created = client.call(request).await.unwrap();
    let id = created.order_id.clone().unwrap();
    let id = id.as_str();
    assert!(id.starts_with("ORD1767225600000"), "{id}");
    assert_eq!(id.len(), 21);
    assert_eq!(
        created.redirection_url.as_ref().unwrap().as_str(),
        format!("{}/v1/pay/{id}", sandbox.url())
    );

    let order = client.read(&created).await;
    let mut order = serde_json::to_value(&order).unwrap();
    assert_eq!(order["orderId"].take(), id);
    assert_eq!(order["merchantIdentifierKey"].take(), "sandbox-access-key");
    assert_eq!(
        order,
        json!({
            "orderId": null,
            "merchantIdentifierKey": null,
            "merchantOrderId": "INV2041",
            "merchantName": "EnKash sandbox",
            "created": "2026-01-01T00:00:00.000+00:00",
            "lastModified": "2026-01-01T00:00:00.000+00:00",
            "orderDate": "2026-01-01T00:00:00.000+00:00",
            "amount": 499.5,
            "currency": "INR",
            "returnUrl": "https://shop.example.in/thanks",
            "notifyUrl": "http://127.0.0.1:9/hook",
            "status": "CREATED",
            "customerInfo": {"firstName": "Asha"},
            "customParameters": {"cart": "7"},
            "transactions": [],
        })
    );
}

#[tokio::test]
async fn an_id_is_used_once() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.order("INV1").await;
    let refusal = refusal(client.call(order("INV1")).await);
    assert_eq!((refusal.status, refusal.code), (409, Some(409)));
    assert_eq!(refusal.message, "orderId: was used before");
    client.order("INV2").await;
}

#[tokio::test]
async fn a_call_that_is_refused_does_not_use_the_id_up() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = client.request(order("INV1"));
    *request.body_mut() = r#"{"orderId":"INV1","amount":{"value":0,"currency":"INR"}}"#.into();
    client.refused::<CreateOrder>(request).await;
    client.order("INV1").await;
}

#[tokio::test]
async fn an_order_is_read_by_the_id_that_enkash_minted() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.order("INV1").await;
    for id in ["INV1", "ORD1767225600000AAAAA", "a/b", "%"] {
        let refusal = refusal(client.call(GetOrderStatus::new(id)).await);
        assert_eq!((refusal.status, refusal.code), (404, Some(404)), "{id}");
    }
}

#[tokio::test]
async fn every_broken_rule_is_told_at_once() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    for (body, status, message) in [
        (
            r#"{"orderId":"A 1","amount":{"value":0.001,"currency":"USD"}}"#,
            422,
            "amount.currency: must be one of: INR; amount.value: must have at most two decimals; \
             orderId: must be letters and digits only",
        ),
        (
            r#"{"orderId":"A1","amount":{"value":"12,50","currency":"INR"}}"#,
            400,
            "amount.value: an amount is written in digits with at most one dot, like 12.50",
        ),
        (
            r#"{"orderId":"A1""#,
            400,
            "not JSON: EOF while parsing an object at line 1 column 15",
        ),
        (
            "",
            400,
            "not JSON: EOF while parsing a value at line 1 column 0",
        ),
    ] {
        let mut request = client.request(order("A1"));
        *request.body_mut() = body.into();
        let refusal = client.refused::<CreateOrder>(request).await;
        assert_eq!(
            (refusal.status, refusal.message.as_str()),
            (status, message)
        );
        assert_eq!(refusal.code, Some(i64::from(status)));
    }
}

#[tokio::test]
async fn several_attempts_hang_on_an_order_and_one_succeeds() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client.order("INV1").await;
    let id = created.order_id.clone().unwrap();

    let failed = does(
        &sandbox,
        "orders/INV1/fail",
        json!({"paymentMode": "DEBIT_CARD"}),
    )
    .await;
    assert_eq!(failed["status"], "ATTEMPTED");
    sandbox.clock().advance(Duration::from_secs(90));
    let paid = does(&sandbox, &format!("orders/{id}/pay"), Value::Null).await;
    assert_eq!(
        paid,
        json!({
            "orderId": id,
            "merchantOrderId": "INV1",
            "status": "PAID",
            "transactionId": paid["transactionId"],
            "transactionStatus": "SUCCESS",
        })
    );
    let (status, refused) = control(&sandbox, "POST", "orders/INV1/pay", Value::Null).await;
    assert_eq!(
        (status, refused),
        (409, json!({"error": "the order is PAID already"}))
    );

    let order = client.read(&created).await;
    assert_eq!(order.status, Some(OrderStatus::Paid));
    assert_eq!(
        order.created.unwrap().as_str(),
        "2026-01-01T00:00:00.000+00:00"
    );
    assert_eq!(
        order.last_modified.unwrap().as_str(),
        "2026-01-01T00:01:30.000+00:00"
    );
    let attempts = order.transactions.unwrap();
    assert_eq!(attempts.len(), 2);
    assert_eq!(attempts[0].extra["status"], "FAILED");
    assert_eq!(attempts[0].extra["paymentMode"], "DEBIT_CARD");
    assert_eq!(attempts[1].extra["status"], "SUCCESS");
    assert_eq!(attempts[1].extra["paymentMode"], "UPI");
    assert_eq!(attempts[1].extra["amount"], 499.5);
    let transaction = attempts[1].transaction_id.as_ref().unwrap().as_str();
    assert!(transaction.starts_with("EK1767225690000"), "{transaction}");
    assert_eq!(paid["transactionId"], transaction);
}

#[tokio::test]
async fn the_control_surface_says_what_is_wrong() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.order("INV1").await;
    for (path, body, status, error) in [
        (
            "orders/INV9/pay",
            Value::Null,
            404,
            "no order has this id, neither EnKash's nor the merchant's",
        ),
        (
            "orders/INV1/pay",
            json!({"paymentMode": "BARTER"}),
            422,
            "paymentMode: must be one of NET_BANKING, UPI, CREDIT_CARD, DEBIT_CARD, PREPAID_CARD, \
             PAY_LATER, WALLET, CORPORATE_CARD",
        ),
        (
            "orders/INV1/cancel",
            json!({"reason": "x"}),
            400,
            "reason: unknown field `reason`, there are no fields",
        ),
        (
            "clock",
            json!({"advanceSeconds": -1}),
            400,
            "advanceSeconds: expected u64, found integer",
        ),
        (
            "nothing",
            Value::Null,
            404,
            "the control surface has nothing here; GET /_sandbox/ lists what it has",
        ),
    ] {
        let answer = control(&sandbox, "POST", path, body).await;
        assert_eq!(answer, (status, json!({"error": error})));
    }
    let (status, _) = control(&sandbox, "DELETE", "orders/INV1/pay", Value::Null).await;
    assert_eq!(status, 405);
}

#[tokio::test]
async fn the_surface_lists_itself() {
    let sandbox = start().await;
    for path in ["/_sandbox", "/_sandbox/"] {
        let request = http::Request::get(path).body("".into()).unwrap();
        let response = sandbox.handle(request).await.unwrap();
        let list: Value = serde_json::from_slice(response.body()).unwrap();
        let control = list["control"].as_array().unwrap();
        // Every path of the list is there: none answers that there is nothing.
        for entry in control {
            let path = entry["path"].as_str().unwrap();
            let path = path.replace("{orderId}", "INV1");
            let request = http::Request::builder()
                .method("PATCH")
                .uri(path)
                .body("".into())
                .unwrap();
            assert_eq!(
                sandbox.handle(request).await.unwrap().status(),
                405,
                "{entry}"
            );
        }
        let operations = list["operations"].as_array().unwrap();
        assert!(
            operations
                .iter()
                .any(|entry| entry["operation"] == "create_order")
        );
    }
}

#[tokio::test]
async fn the_clock_is_read_and_moved() {
    let sandbox = start().await;
    let moved = does(&sandbox, "clock", json!({"advanceSeconds": 3600})).await;
    assert_eq!(
        moved,
        json!({
            "now": "2026-01-01T01:00:00.000+00:00",
            "milliseconds": 1_767_229_200_000_i64,
            "movedBySeconds": 3600,
        })
    );
    let far = does(&sandbox, "clock", json!({"advanceSeconds": u64::MAX})).await;
    assert_eq!(far["now"], "2125-12-08T00:00:00.000+00:00");
    let (_, read) = control(&sandbox, "GET", "clock", Value::Null).await;
    assert_eq!(read, far);
}

/// What an order does, in the fewest words.
struct Model {
    status: OrderStatus,
    attempts: Vec<&'static str>,
}

impl Model {
    /// Whether the command is obeyed.
    fn obey(&mut self, command: &str) -> bool {
        if command == "page" {
            if self.status == OrderStatus::Created {
                self.status = OrderStatus::CheckoutRendered;
            }
            return true;
        }
        let over = [
            OrderStatus::Paid,
            OrderStatus::Cancelled,
            OrderStatus::Expired,
        ];
        if over.contains(&self.status) {
            return false;
        }
        self.status = match command {
            "pay" => {
                self.attempts.push("SUCCESS");
                OrderStatus::Paid
            }
            "fail" => {
                self.attempts.push("FAILED");
                OrderStatus::Attempted
            }
            "cancel" => OrderStatus::Cancelled,
            _ => OrderStatus::Expired,
        };
        true
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..repeatable() })]

    /// Whatever is done to a few orders from outside, they stand where a simple model of them
    /// stands.
    #[test]
    fn orders_follow_the_model(
        commands in prop::collection::vec(
            (
                0..3_usize,
                prop::sample::select(vec!["page", "pay", "fail", "fail", "cancel", "expire"]),
            ),
            0..40,
        )
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let sandbox = start().await;
            let client = Client::new(&sandbox).await;
            let mut orders = Vec::new();
            for id in ["A", "B", "C"] {
                let model = Model { status: OrderStatus::Created, attempts: Vec::new() };
                orders.push((client.order(id).await, model));
            }
            for (index, command) in commands {
                let (created, model) = &mut orders[index];
                let id = created.order_id.clone().unwrap();
                let (method, path) = match command {
                    "page" => ("GET", format!("/v1/pay/{id}")),
                    other => ("POST", format!("/_sandbox/orders/{id}/{other}")),
                };
                let request = http::Request::builder().method(method).uri(&path).body("".into()).unwrap();
                let status = sandbox.handle(request).await.unwrap().status();
                prop_assert_eq!(model.obey(command), status != 409, "{} {}", path, status);
                prop_assert!(status.is_success() || status == 409);
            }
            for (created, model) in orders {
                let order = client.read(&created).await;
                prop_assert_eq!(order.status, Some(model.status));
                let attempts = order.transactions.unwrap();
                let statuses: Vec<_> = attempts.iter().map(|attempt| attempt.extra["status"].as_str().unwrap()).collect();
                prop_assert_eq!(&statuses, &model.attempts);
                prop_assert!(statuses.iter().filter(|status| **status == "SUCCESS").count() <= 1);
            }
            Ok(())
        })?;
    }
}
