//! UPI QR codes: made, found, cancelled, paid, and run out.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use enkash_sandbox::Sandbox;
use enkash_transport::wire::Refusal;
use enkash_types::gateway::{
    CancelUpiQr, CreateUpiQr, GetOrderStatus, GetTransactionStatus, GetUpiQr, OrderStatus,
    PaymentStatus, QrStatus, SearchUpiQrs, UpiQr,
};
use enkash_types::{Page, Rupees};
use serde_json::{Value, json};

use crate::client::{Client, control, does, refusal, start};
use crate::data::{directory, start_on};

fn asked(fields: Value) -> CreateUpiQr {
    CreateUpiQr::new(serde_json::from_value(fields).unwrap())
}

impl Client<'_> {
    async fn qr(&self, fields: Value) -> UpiQr {
        self.call(asked(fields)).await.unwrap()
    }

    async fn qr_status(&self, qr: &UpiQr) -> QrStatus {
        let id = qr.qr_code_id.clone().unwrap();
        self.call(GetUpiQr::new(id)).await.unwrap().status.unwrap()
    }
}

/// Pays a code; gives the status and what was answered.
async fn pay(sandbox: &Sandbox, qr: &UpiQr, body: Value) -> (u16, Value) {
    let id = qr.qr_code_id.clone().unwrap();
    control(sandbox, "POST", &format!("qr-codes/{id}/pay"), body).await
}

fn rupees(sum: &str) -> Rupees {
    sum.parse().unwrap()
}

#[tokio::test]
async fn a_code_has_what_was_asked_for_and_a_picture_to_scan() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let qr = client
        .qr(json!({
            "qrName": "Till 1", "amount": 250.5, "description": "Tea & cake", "customerName": "Asha",
            "customParams": {"till": 1}, "storeCode": "S7",
        }))
        .await;
    assert_eq!(qr.qr_name.as_deref(), Some("Till 1"));
    assert_eq!(qr.amount, Some(rupees("250.50")));
    assert_eq!(qr.fixed_amount, Some(true), "a sum that is given is fixed");
    assert_eq!(qr.multiple_use, Some(false));
    assert_eq!(qr.status, Some(QrStatus::Active));
    assert_eq!(qr.custom_params.as_ref().unwrap()["till"], 1);
    assert_eq!(
        qr.extra["storeCode"], "S7",
        "a field that is not known is kept"
    );
    let created = qr.created_on.as_ref().unwrap();
    assert_eq!(created.as_str(), "2026-01-01T00:00:00.000+00:00");

    let picture = BASE64.decode(qr.qr_code_base64.as_ref().unwrap()).unwrap();
    assert!(picture.starts_with(b"\x89PNG\r\n\x1a\n"));

    let id = qr.qr_code_id.clone().unwrap();
    assert_eq!(client.call(GetUpiQr::new(id)).await.unwrap(), qr);
    let unknown = refusal(client.call(GetUpiQr::new("QR0")).await);
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn what_no_code_can_be_is_refused() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    for (fields, status, message) in [
        (
            json!({"amount": "much"}),
            400,
            "amount: an amount is written in digits",
        ),
        (
            json!({"multipleUse": "yes"}),
            400,
            "multipleUse: expected a boolean",
        ),
        (
            json!({"amount": 0}),
            422,
            "amount: must be at least 0.01 rupees",
        ),
        (
            json!({"amount": 0.005}),
            422,
            "amount: must be at least 0.01 rupees",
        ),
        (json!({"fixedAmount": true}), 422, "amount: must be given"),
        (
            json!({"customerEmail": "asha"}),
            422,
            "customerEmail: must be an e-mail address",
        ),
        (
            json!({"expiry": "tomorrow"}),
            422,
            "expiry: the sandbox takes a time like",
        ),
        (
            json!({"expiry": "2025-12-31 23:59:59"}),
            422,
            "expiry: must be in the future",
        ),
        (
            json!({"expiry": "2026-02-30 00:00:00"}),
            422,
            "expiry: there is no such day",
        ),
        (
            json!({"status": "ACTIVE"}),
            422,
            "status: is for EnKash to say",
        ),
        (
            json!({"qrCodeId": "QR1"}),
            422,
            "qrCodeId: is for EnKash to say",
        ),
        (
            json!({"description": "x".repeat(5000)}),
            422,
            "description: is too long",
        ),
    ] {
        let refused = refusal(client.call(asked(fields.clone())).await);
        assert_eq!(refused.status, status, "{fields}: {}", refused.message);
        assert!(refused.message.starts_with(message), "{}", refused.message);
    }
    let found = client.call(SearchUpiQrs::new()).await.unwrap();
    assert_eq!(found.records_count, Some(0), "none of them was made");
}

#[tokio::test]
async fn a_code_is_paid_once_with_its_sum() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let qr = client
        .qr(json!({"amount": 250.5, "description": "Tea"}))
        .await;
    let (status, wrong) = pay(&sandbox, &qr, json!({"amount": 1})).await;
    assert_eq!(
        (status, &wrong["error"]),
        (422, &json!("amount: must be the code's, which is fixed"))
    );
    assert_eq!(client.qr_status(&qr).await, QrStatus::Active);

    let (status, paid) = pay(&sandbox, &qr, Value::Null).await;
    assert_eq!(status, 200, "{paid}");
    assert_eq!(paid["status"], "CANCELLED", "it takes no payment any more");
    let order = GetOrderStatus::new(paid["orderId"].as_str().unwrap());
    let order = client.call(order).await.unwrap();
    assert_eq!(order.status, Some(OrderStatus::Paid));
    assert_eq!(order.amount, Some(rupees("250.50")));
    let payment = GetTransactionStatus::new(paid["transactionId"].as_str().unwrap());
    let payment = client.call(payment).await.unwrap();
    assert_eq!(payment.status(), Some(PaymentStatus::Success));
    assert_eq!(payment.extra["paymentMode"], "UPI");

    let (status, again) = pay(&sandbox, &qr, Value::Null).await;
    assert_eq!(
        (status, &again["error"]),
        (409, &json!("the code is paid, and is for one payment"))
    );
    assert_eq!(
        sandbox.webhooks().len(),
        0,
        "no webhook is documented for it"
    );
}

#[tokio::test]
async fn a_code_of_many_uses_takes_any_sum_that_it_does_not_fix() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let qr = client
        .qr(json!({"multipleUse": true, "amount": 10, "fixedAmount": false}))
        .await;
    for amount in [json!(10), json!(2.5), json!("7.25")] {
        let (status, paid) = pay(&sandbox, &qr, json!({"amount": amount})).await;
        assert_eq!((status, &paid["status"]), (200, &json!("ACTIVE")), "{paid}");
    }
    for (body, message) in [
        (
            Value::Null,
            "amount: must be given, since the code fixes none",
        ),
        (
            json!({"amount": 0}),
            "amount: must be at least 0.01 rupees, and whole paise",
        ),
        (
            json!({"amount": 0.001}),
            "amount: must be at least 0.01 rupees, and whole paise",
        ),
    ] {
        let (status, refused) = pay(&sandbox, &qr, body).await;
        assert_eq!((status, &refused["error"]), (422, &json!(message)));
    }
}

#[tokio::test]
async fn a_code_that_is_cancelled_or_has_run_out_takes_no_payment() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let fields = |expiry: &str| json!({"multipleUse": true, "amount": 10, "expiry": expiry});
    let cancelled = client.qr(json!({"multipleUse": true, "amount": 10})).await;
    // 2026-01-01 05:30 in India is when the clock begins.
    let in_india = client.qr(fields("2026-01-01 05:30:10")).await;
    let with_zone = client.qr(fields("2026-01-01T00:00:20Z")).await;

    let id = cancelled.qr_code_id.clone().unwrap();
    sandbox.clock().advance(Duration::from_secs(5));
    let answer = client.call(CancelUpiQr::new(id.clone())).await.unwrap();
    assert_eq!(answer.status, Some(QrStatus::Cancelled));
    assert_eq!(
        answer.modified_on.unwrap().as_str(),
        "2026-01-01T00:00:05.000+00:00"
    );
    assert!(
        client.call(CancelUpiQr::new(id)).await.is_ok(),
        "a repeat changes nothing"
    );
    let unknown = refusal(client.call(CancelUpiQr::new("QR0")).await);
    assert_eq!(unknown.status, 404);
    let (status, refused) = pay(&sandbox, &cancelled, Value::Null).await;
    assert_eq!(
        (status, &refused["error"]),
        (409, &json!("the code is cancelled"))
    );

    for (qr, runs_for) in [(in_india, 5), (with_zone, 10)] {
        assert_eq!(client.qr_status(&qr).await, QrStatus::Active);
        sandbox.clock().advance(Duration::from_secs(runs_for));
        let (status, refused) = pay(&sandbox, &qr, Value::Null).await;
        assert_eq!(
            (status, &refused["error"]),
            (409, &json!("the code has run out"))
        );
        assert_eq!(client.qr_status(&qr).await, QrStatus::Cancelled);
    }
    let (status, _) = control(&sandbox, "POST", "qr-codes/QR0/pay", Value::Null).await;
    assert_eq!(status, 404);
}

fn names(page: &Page<UpiQr>) -> Vec<&str> {
    let names = page.data.iter().map(|qr| qr.qr_name.as_deref().unwrap());
    names.collect()
}

#[tokio::test]
async fn a_search_finds_by_state_and_sum_page_by_page() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut cancelled = None;
    for number in 1..=5 {
        let amount = if number % 2 == 0 { 20 } else { 10 };
        let qr = client
            .qr(json!({"qrName": format!("Q{number}"), "amount": amount}))
            .await;
        if number == 3 {
            cancelled = qr.qr_code_id;
        }
    }
    client
        .call(CancelUpiQr::new(cancelled.unwrap()))
        .await
        .unwrap();

    let search = |filters: Value, offset, limit| {
        let mut search = SearchUpiQrs::new();
        search.filters = serde_json::from_value(filters).unwrap();
        (search.offset, search.limit) = (offset, limit);
        client.call(search)
    };
    let all = search(json!({}), None, None).await.unwrap();
    assert_eq!(names(&all), ["Q1", "Q2", "Q3", "Q4", "Q5"]);
    let second = search(json!({}), Some(2), Some(2)).await.unwrap();
    assert_eq!(names(&second), ["Q3", "Q4"]);
    assert_eq!(second.records_count, Some(5), "of all pages");
    let beyond = search(json!({}), Some(9), Some(2)).await.unwrap();
    assert_eq!(names(&beyond), [""; 0]);
    let found = search(json!({"status": "ACTIVE", "amount": 10}), None, None).await;
    assert_eq!(names(&found.unwrap()), ["Q1", "Q5"]);
    let found = search(json!({"status": "CANCELLED"}), None, None).await;
    assert_eq!(names(&found.unwrap()), ["Q3"]);

    // What would be found by a filter that is left out is not what was asked for.
    let refused: Refusal = refusal(search(json!({"fromDate": "2026-01-01"}), None, None).await);
    assert_eq!(refused.status, 400);
    assert!(
        refused.message.starts_with("fromDate: unknown field"),
        "{}",
        refused.message
    );
}

#[tokio::test]
async fn the_search_and_a_code_share_a_path_and_are_told_apart_by_the_method() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let refused = refusal(client.call(GetUpiQr::new("search")).await);
    assert_eq!(refused.status, 404);
    assert_eq!(refused.message, "no QR code has this qrCodeId");
    client.call(SearchUpiQrs::new()).await.unwrap();
}

#[tokio::test]
async fn codes_outlive_the_process() {
    let file = directory("qr").join("shop.db");
    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    let once = client.qr(json!({"amount": 10})).await;
    let often = client.qr(json!({"amount": 20, "multipleUse": true})).await;
    pay(&sandbox, &once, Value::Null).await;
    let before = client.call(SearchUpiQrs::new()).await.unwrap();
    sandbox.stop().await;

    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    assert_eq!(client.call(SearchUpiQrs::new()).await.unwrap(), before);
    assert_eq!(pay(&sandbox, &once, Value::Null).await.0, 409);
    let id = often.qr_code_id.unwrap();
    let paid = does(&sandbox, &format!("qr-codes/{id}/pay"), Value::Null).await;
    assert_eq!(paid["amount"], 20);
}
