//! Seamless payments through their states: test instruments, OTPs, time, several attempts.

use std::time::Duration;

use bytes::Bytes;
use enkash_sandbox::Sandbox;
use enkash_types::Rupees;
use enkash_types::gateway::{
    CreatedOrder, GetTransactionStatus, OrderStatus, PaymentDetail, PaymentMode, PaymentStatus,
    ResendPaymentOtp, SubmitPayment, SubmittedPayment, TransactionId, ValidatePaymentOtp,
};
use http::Request;
use serde_json::{Value, json};

use crate::client::{Client, control, does, order, refusal, start};
use crate::data::{bytes_of, contains, directory, start_on};
use crate::listener::Listener;

pub(crate) fn card(number: &str) -> PaymentDetail {
    PaymentDetail::card(PaymentMode::CreditCard, number, "123", "12/29", "Asha R")
}

impl Client<'_> {
    pub(crate) async fn submit(&self, order: &CreatedOrder, by: PaymentDetail) -> SubmittedPayment {
        let id = order.order_id.clone().unwrap();
        self.call(SubmitPayment::new(id, by)).await.unwrap()
    }

    pub(crate) async fn payment(&self, id: &TransactionId) -> PaymentStatus {
        let payment = self.call(GetTransactionStatus::new(id.clone())).await;
        payment.unwrap().status().unwrap()
    }

    /// Pays an order with a UPI address that says yes; gives the payment.
    pub(crate) async fn pay(&self, order: &CreatedOrder) -> TransactionId {
        let paid = self
            .submit(order, PaymentDetail::upi("success@sandbox"))
            .await;
        assert_eq!(paid.status(), Some(PaymentStatus::Success));
        paid.transaction_id().unwrap()
    }
}

/// How a payment and its order stand.
async fn both(client: &Client<'_>, order: &CreatedOrder, payment: &TransactionId) -> [String; 2] {
    [
        client.payment(payment).await.to_string(),
        client.status(order).await.to_string(),
    ]
}

#[tokio::test]
async fn every_instrument_does_what_it_is_for() {
    for (by, at_once, later) in [
        (
            PaymentDetail::upi("success@sandbox"),
            ["SUCCESS", "PAID"],
            ["SUCCESS", "PAID"],
        ),
        (
            PaymentDetail::upi("Decline@Sandbox"),
            ["FAILED", "ATTEMPTED"],
            ["FAILED", "ATTEMPTED"],
        ),
        (
            PaymentDetail::upi("pending@sandbox"),
            ["PENDING_WITH_BANK", "PAYMENT_CONFIRMATION_PENDING"],
            ["SUCCESS", "PAID"],
        ),
        (
            PaymentDetail::upi("timeout@sandbox"),
            ["PENDING_WITH_BANK", "PAYMENT_CONFIRMATION_PENDING"],
            ["FAILED", "ATTEMPTED"],
        ),
        (
            PaymentDetail::upi("asha@examplebank"),
            ["CREATED", "ATTEMPTED"],
            ["FAILED", "ATTEMPTED"],
        ),
        (
            PaymentDetail::net_banking("SBOK"),
            ["SUCCESS", "PAID"],
            ["SUCCESS", "PAID"],
        ),
        (
            PaymentDetail::wallet("SBNO"),
            ["FAILED", "ATTEMPTED"],
            ["FAILED", "ATTEMPTED"],
        ),
        (
            PaymentDetail::pay_later("OPTION1", "SBPE"),
            ["PENDING_WITH_BANK", "PAYMENT_CONFIRMATION_PENDING"],
            ["SUCCESS", "PAID"],
        ),
        (
            PaymentDetail::wallet("SBTO"),
            ["PENDING_WITH_BANK", "PAYMENT_CONFIRMATION_PENDING"],
            ["FAILED", "ATTEMPTED"],
        ),
        (
            PaymentDetail::net_banking("KKBK"),
            ["CREATED", "ATTEMPTED"],
            ["FAILED", "ATTEMPTED"],
        ),
        (
            card("4111111111111111"),
            ["CREATED", "ATTEMPTED"],
            ["FAILED", "ATTEMPTED"],
        ),
    ] {
        let sandbox = start().await;
        let client = Client::new(&sandbox).await;
        let order = client.order("INV1").await;
        let shown = format!("{by:?}");
        let payment = client.submit(&order, by).await.transaction_id().unwrap();
        assert_eq!(both(&client, &order, &payment).await, at_once, "{shown}");
        sandbox.clock().advance(Duration::from_secs(5 * 60));
        assert_eq!(both(&client, &order, &payment).await, later, "{shown}");
    }
}

#[tokio::test]
async fn every_card_does_what_it_is_for_after_the_otp() {
    for (by, at_once, later) in [
        (
            card("4111111111111111"),
            ["SUCCESS", "PAID"],
            ["SUCCESS", "PAID"],
        ),
        (
            card("5555555555554444"),
            ["SUCCESS", "PAID"],
            ["SUCCESS", "PAID"],
        ),
        (
            PaymentDetail::card(
                PaymentMode::DebitCard,
                "6521111111111110",
                "123",
                "12/29",
                "Asha R",
            ),
            ["SUCCESS", "PAID"],
            ["SUCCESS", "PAID"],
        ),
        (
            card("378282246310005"),
            ["SUCCESS", "PAID"],
            ["SUCCESS", "PAID"],
        ),
        (
            card("4000000000000002"),
            ["FAILED", "ATTEMPTED"],
            ["FAILED", "ATTEMPTED"],
        ),
        (
            card("4000000000000259"),
            ["PENDING_WITH_BANK", "PAYMENT_CONFIRMATION_PENDING"],
            ["SUCCESS", "PAID"],
        ),
        (
            card("4000000000000077"),
            ["AUTHORIZED", "PAYMENT_CONFIRMATION_PENDING"],
            ["FAILED", "ATTEMPTED"],
        ),
    ] {
        let sandbox = start().await;
        let client = Client::new(&sandbox).await;
        let order = client.order("INV1").await;
        let submitted = client.submit(&order, by).await;
        assert_eq!(submitted.extra["renderOtpPage"], true);
        let payment = submitted.ek_pay_id().unwrap();
        assert_eq!(Some(&payment), submitted.transaction_id().as_ref());
        let validated = client
            .call(ValidatePaymentOtp::new(payment.clone(), "123456"))
            .await
            .unwrap();
        assert_eq!(validated.txn_status.as_deref(), Some(at_once[0]));
        assert_eq!(validated.amount.as_deref(), Some("499.50"));
        assert_eq!(validated.order_id, order.order_id);
        assert_eq!(both(&client, &order, &payment).await, at_once);
        sandbox.clock().advance(Duration::from_secs(5 * 60));
        assert_eq!(both(&client, &order, &payment).await, later);
    }
}

#[tokio::test]
async fn the_third_wrong_otp_ends_a_payment() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let order = client.order("INV1").await;
    let payment = client.submit(&order, card("4111111111111111")).await;
    let payment = payment.transaction_id().unwrap();
    let otp = async |otp: &str| {
        let refused = refusal(
            client
                .call(ValidatePaymentOtp::new(payment.clone(), otp))
                .await,
        );
        (refused.status, refused.message)
    };
    let resend = || client.call(ResendPaymentOtp::new(payment.clone()));
    assert_eq!(resend().await.unwrap().text(), Some("OTP sent"));
    let wrong = |left: u8| format!("otp: is wrong; it can be tried {left} times more");
    assert_eq!(otp("000000").await, (422, wrong(2)));
    assert_eq!(otp("123457").await, (422, wrong(1)));
    resend().await.unwrap();
    assert_eq!(client.payment(&payment).await, PaymentStatus::Created);
    let third = "otp: was wrong three times; the payment has failed".to_owned();
    assert_eq!(otp("111111").await, (422, third));
    assert_eq!(
        both(&client, &order, &payment).await,
        ["FAILED", "ATTEMPTED"]
    );
    let over = "the payment is FAILED already".to_owned();
    assert_eq!(otp("123456").await, (409, over.clone()));
    assert_eq!(refusal(resend().await).message, over);
    // The order takes another.
    client.pay(&order).await;
}

#[tokio::test]
async fn a_wrong_otp_is_forgiven() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let order = client.order("INV1").await;
    let payment = client.submit(&order, card("4111111111111111")).await;
    let payment = payment.transaction_id().unwrap();
    for otp in ["1", "2"] {
        refusal(
            client
                .call(ValidatePaymentOtp::new(payment.clone(), otp))
                .await,
        );
    }
    let right = ValidatePaymentOtp::new(payment.clone(), "123456");
    client.call(right).await.unwrap();
    assert_eq!(both(&client, &order, &payment).await, ["SUCCESS", "PAID"]);
}

#[tokio::test]
async fn the_payer_is_waited_for() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    for (what, stands) in [
        ("approve", ["SUCCESS", "PAID"]),
        ("decline", ["FAILED", "ATTEMPTED"]),
    ] {
        let order = client.order(what).await;
        let submitted = client
            .submit(&order, PaymentDetail::net_banking("KKBK"))
            .await;
        let payment = submitted.transaction_id().unwrap();
        // Where the payer says yes or no, and not where he has to choose once more.
        let page = submitted.redirection_url().unwrap();
        let checkout = order.redirection_url.as_ref().unwrap();
        assert_eq!(page.as_str(), format!("{checkout}/{payment}"));
        let seen = sandbox.handle(Request::get(page.as_str()).body(Bytes::new()).unwrap());
        let seen = seen.await.unwrap();
        let seen = std::str::from_utf8(seen.body()).unwrap();
        assert!(seen.contains("Approve this payment?"), "{seen}");
        let path = format!("payments/{payment}/{what}");
        let answer = does(&sandbox, &path, Value::Null).await;
        assert_eq!(answer["transactionStatus"], stands[0]);
        assert_eq!(both(&client, &order, &payment).await, stands);
        let again = control(&sandbox, "POST", &path, Value::Null).await;
        let error = format!("the payment is {} already", stands[0]);
        assert_eq!(again, (409, json!({"error": error})));
    }
    let path = "payments/EK1/approve";
    let unknown = control(&sandbox, "POST", path, Value::Null).await;
    assert_eq!(unknown, (404, json!({"error": "no payment has this id"})));
}

#[tokio::test]
async fn what_the_bank_keeps_waiting_can_be_decided() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let order = client.order("INV1").await;
    let submitted = client
        .submit(&order, PaymentDetail::upi("timeout@sandbox"))
        .await;
    let payment = submitted.transaction_id().unwrap();
    does(
        &sandbox,
        &format!("payments/{payment}/approve"),
        Value::Null,
    )
    .await;
    assert_eq!(both(&client, &order, &payment).await, ["SUCCESS", "PAID"]);
    // Its time comes and changes nothing.
    sandbox.clock().advance(Duration::from_secs(3600));
    assert_eq!(both(&client, &order, &payment).await, ["SUCCESS", "PAID"]);
}

/// Whether an attempt is listed with its order, and how it stands.
async fn attempts(client: &Client<'_>, order: &CreatedOrder) -> Vec<String> {
    let attempts = client.read(order).await.transactions.unwrap();
    let statuses = attempts.iter().map(|attempt| attempt.status().unwrap());
    statuses.map(|status| status.to_string()).collect()
}

#[tokio::test]
async fn of_several_attempts_one_succeeds() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let order = client.order("INV1").await;
    let with_bank = client
        .submit(&order, PaymentDetail::upi("pending@sandbox"))
        .await;
    let with_payer = client
        .submit(&order, PaymentDetail::upi("asha@examplebank"))
        .await;
    let with_otp = client.submit(&order, card("4111111111111111")).await;
    assert_eq!(
        client.status(&order).await,
        OrderStatus::PaymentConfirmationPending,
        "as long as one is with the bank"
    );
    client.pay(&order).await;
    assert_eq!(
        attempts(&client, &order).await,
        ["PENDING_WITH_BANK", "CANCELLED", "CANCELLED", "SUCCESS"],
        "what waits for the payer is over, and the bank cannot be called back"
    );
    let otp = ValidatePaymentOtp::new(with_otp.transaction_id().unwrap(), "123456");
    let refused = refusal(client.call(otp).await);
    assert_eq!(refused.message, "the payment is CANCELLED already");
    let path = format!("payments/{}/approve", with_payer.transaction_id().unwrap());
    assert_eq!(control(&sandbox, "POST", &path, Value::Null).await.0, 409);

    // The bank says yes when it is too late: the sum is not taken.
    sandbox.clock().advance(Duration::from_secs(60));
    let late = with_bank.transaction_id().unwrap();
    assert_eq!(both(&client, &order, &late).await, ["FAILED", "PAID"]);
    let late = client.call(GetTransactionStatus::new(late)).await.unwrap();
    assert_eq!(
        late.extra["txnMessage"],
        "The order was over; the sum was not taken."
    );
}

#[tokio::test]
async fn a_late_yes_does_not_bring_an_order_back() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    for (end, status) in [("cancel", "CANCELLED"), ("expire", "EXPIRED")] {
        let order = client.order(end).await;
        let payment = client.submit(&order, PaymentDetail::wallet("SBPE")).await;
        does(&sandbox, &format!("orders/{end}/{end}"), Value::Null).await;
        sandbox.clock().advance(Duration::from_secs(60));
        let payment = payment.transaction_id().unwrap();
        assert_eq!(both(&client, &order, &payment).await, ["FAILED", status]);
        let by = PaymentDetail::upi("success@sandbox");
        let id = order.order_id.unwrap();
        let refused = refusal(client.call(SubmitPayment::new(id, by)).await);
        assert_eq!(
            (refused.status, refused.message),
            (409, format!("the order is {status} already"))
        );
    }
}

#[tokio::test]
async fn each_end_of_an_attempt_is_told() {
    let listener = Listener::start(&[]).await;
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = order("INV1");
    request.notify_url = Some(listener.url.as_str().into());
    let order = client.call(request).await.unwrap();
    client
        .submit(&order, PaymentDetail::upi("decline@sandbox"))
        .await;
    client.submit(&order, PaymentDetail::wallet("SBPE")).await;
    client
        .submit(&order, PaymentDetail::upi("asha@examplebank"))
        .await;
    assert_eq!(sandbox.webhooks().len(), 1, "what waits has not ended");
    sandbox.clock().advance(Duration::from_secs(60));
    let webhooks = sandbox
        .wait_for(|sandbox| {
            let webhooks = sandbox.webhooks();
            let delivered = webhooks.iter().all(|webhook| webhook.tries.len() == 1);
            (delivered && webhooks.len() == 2).then_some(webhooks)
        })
        .await;
    let told = |index: usize, name: &str| webhooks[index].body[name].clone();
    assert_eq!(
        [told(0, "status"), told(0, "orderStatus"), told(0, "txnMsg")],
        ["FAILED", "ATTEMPTED", "Declined."]
    );
    assert_eq!(
        [
            told(1, "status"),
            told(1, "orderStatus"),
            told(1, "bankCode")
        ],
        ["SUCCESS", "PAID", "SBPE"]
    );
    assert_eq!(told(1, "txnDate"), "2026-01-01T00:01:00.000+00:00");
    // The one that waited for the payer ended with its order, and nobody is told of that.
    sandbox.clock().advance(Duration::from_secs(3600));
    assert_eq!(sandbox.webhooks().len(), 2);
}

#[tokio::test]
async fn what_cannot_be_paid_with_is_refused_and_is_no_attempt() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let order = client.order("INV1").await;
    let id = order.order_id.clone().unwrap();
    let of_another_kind = PaymentDetail::card(
        PaymentMode::DebitCard,
        "4111111111111111",
        "123",
        "12/29",
        "Asha R",
    );
    let mut less = PaymentDetail::upi("success@sandbox");
    less.amount = Some(Rupees::from_paise(1));
    for (order, by, status, message) in [
        (
            id.as_str(),
            of_another_kind,
            422,
            "Card scheme type is invalid",
        ),
        (
            id.as_str(),
            PaymentDetail::upi("nobody@sandbox"),
            422,
            "paymentDetail.vpa: there is no such UPI address",
        ),
        (
            id.as_str(),
            less,
            422,
            "paymentDetail.amount: must be that of the order",
        ),
        (
            "INV1",
            PaymentDetail::upi("success@sandbox"),
            404,
            "orderId: no order has this id; it is EnKash's id of it, not the merchant's",
        ),
    ] {
        let refused = refusal(client.call(SubmitPayment::new(order, by)).await);
        assert_eq!(
            (refused.status, refused.message.as_str()),
            (status, message)
        );
    }
    assert!(attempts(&client, &order).await.is_empty());
    assert_eq!(client.status(&order).await, OrderStatus::Created);
    assert!(sandbox.webhooks().is_empty());
    let refused = refusal(client.call(GetTransactionStatus::new("EK1")).await);
    assert_eq!(refused.status, 404);
}

#[tokio::test]
async fn an_order_can_be_restricted() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = order("INV1");
    request.restricted_payment_options =
        Some(serde_json::from_value(json!({"UPI": null, "CREDIT_CARD": ["MASTERCARD"]})).unwrap());
    let order = client.call(request).await.unwrap();
    let id = order.order_id.clone().unwrap();
    for by in [card("4111111111111111"), PaymentDetail::net_banking("SBOK")] {
        let refused = refusal(client.call(SubmitPayment::new(id.clone(), by)).await);
        assert_eq!(
            refused.message,
            "paymentDetail.paymentMode: restrictedPaymentOptions of the order do not name it"
        );
    }
    client.submit(&order, card("5555555555554444")).await;
    client.pay(&order).await;
}

#[tokio::test]
async fn a_payment_that_waits_goes_on_after_a_restart() {
    let file = directory("payments").join("shop.db");
    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    let order = client.order("INV1").await;
    let with_bank = client
        .submit(&order, PaymentDetail::upi("pending@sandbox"))
        .await;
    let with_otp = client.submit(&order, card("4111111111111111")).await;
    let wrong = ValidatePaymentOtp::new(with_otp.transaction_id().unwrap(), "987654");
    refusal(client.call(wrong).await);
    sandbox.stop().await;

    let written = bytes_of(&file);
    assert!(contains(&written, "411111XXXXXX1111"));
    for secret in ["4111111111111111", "987654", "\"123\"", "12/29"] {
        assert!(!contains(&written, secret), "{secret}");
    }

    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    assert_eq!(
        client.status(&order).await,
        OrderStatus::PaymentConfirmationPending
    );
    sandbox.clock().advance(Duration::from_secs(60));
    let with_bank = with_bank.transaction_id().unwrap();
    assert_eq!(both(&client, &order, &with_bank).await, ["SUCCESS", "PAID"]);
    assert_eq!(attempts(&client, &order).await, ["SUCCESS", "CANCELLED"]);
}

#[tokio::test]
async fn the_log_shows_no_card() {
    let sandbox: Sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let order = client.order("INV1").await;
    let payment = client.submit(&order, card("4111111111111111")).await;
    let otp = ValidatePaymentOtp::new(payment.transaction_id().unwrap(), "123456");
    client.call(otp).await.unwrap();
    let shown = control(&sandbox, "GET", "calls", Value::Null)
        .await
        .1
        .to_string();
    assert!(shown.contains("411111XXXXXX1111"), "{shown}");
    for secret in ["4111111111111111", "123456", "\"123\"", "12/29"] {
        assert!(!shown.contains(secret), "{secret}");
    }
}
