//! Refunds: in part and whole, never more than was paid, each id once.

use std::time::Duration;

use enkash_transport::wire::AnswerError;
use enkash_types::Rupees;
use enkash_types::gateway::{
    OrderStatus, PaymentDetail, PaymentStatus, Refund, RefundPayment, TransactionId,
};
use serde_json::Value;

use crate::client::{Client, does, refusal, start};
use crate::data::{directory, start_on};

pub(crate) fn rupees(sum: &str) -> Rupees {
    sum.parse().unwrap()
}

impl Client<'_> {
    pub(crate) async fn refund(
        &self,
        payment: &TransactionId,
        sum: &str,
        id: &str,
    ) -> Result<Refund, AnswerError> {
        self.call(RefundPayment::new(payment.clone(), rupees(sum), id))
            .await
    }
}

#[tokio::test]
async fn a_payment_is_given_back_in_parts_until_nothing_is_left() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let order = client.order("INV1").await;
    let by = PaymentDetail::net_banking("SBOK");
    let payment = client.submit(&order, by).await.transaction_id().unwrap();
    let first = client.refund(&payment, "100", "R1").await.unwrap();
    assert_eq!(first.amount, Some(rupees("100")));
    assert_eq!(first.status.as_deref(), Some("CREATED"));
    assert_eq!(first.payment_mode.as_deref(), Some("NET_BANKING"));
    assert_eq!(first.bank_code.as_deref(), Some("SBOK"));
    assert_eq!(first.transaction_id.as_ref(), Some(&payment));
    assert_eq!(
        client.payment(&payment).await,
        PaymentStatus::PartiallyRefunded
    );

    let refused = refusal(client.refund(&payment, "399.51", "R2").await);
    assert_eq!(
        (refused.status, refused.message.as_str()),
        (
            422,
            "amount: must be at most 399.50 rupees, which is what is left of the payment"
        )
    );
    let second = client.refund(&payment, "399.50", "R2").await.unwrap();
    assert_ne!(second.unique_transaction_id, first.unique_transaction_id);
    assert_eq!(client.payment(&payment).await, PaymentStatus::Refunded);
    assert_eq!(client.status(&order).await, OrderStatus::Paid);
    let refused = refusal(client.refund(&payment, "0.01", "R3").await);
    assert_eq!(
        refused.message,
        "amount: must be at most 0.00 rupees, which is what is left of the payment"
    );
}

#[tokio::test]
async fn an_id_is_used_once_also_for_another_payment() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let first = client.pay(&client.order("INV1").await).await;
    let second = client.pay(&client.order("INV2").await).await;
    client.refund(&first, "1", "R1").await.unwrap();
    for payment in [&first, &second] {
        let refused = refusal(client.refund(payment, "1", "R1").await);
        assert_eq!(
            (refused.status, refused.message.as_str()),
            (409, "requestId: was used before")
        );
    }
    // What was refused has not used the id up.
    refusal(client.refund(&second, "500", "R2").await);
    client.refund(&second, "499.50", "R2").await.unwrap();
}

#[tokio::test]
async fn only_a_payment_that_succeeded_is_given_back() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let order = client.order("INV1").await;
    for (vpa, status) in [
        ("decline@sandbox", "FAILED"),
        ("pending@sandbox", "PENDING_WITH_BANK"),
        ("asha@examplebank", "CREATED"),
    ] {
        let payment = client.submit(&order, PaymentDetail::upi(vpa)).await;
        let payment = payment.transaction_id().unwrap();
        let refused = refusal(client.refund(&payment, "1", "R1").await);
        let message = format!("the payment is {status}; only one that succeeded can be refunded");
        assert_eq!((refused.status, refused.message), (409, message));
    }
    let refused = refusal(client.refund(&"EK1".into(), "1", "R1").await);
    assert_eq!(
        (refused.status, refused.message.as_str()),
        (404, "no payment has this id")
    );
}

#[tokio::test]
async fn a_refund_outlives_the_process() {
    let file = directory("refunds").join("shop.db");
    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    let payment = client.pay(&client.order("INV1").await).await;
    client.refund(&payment, "100", "R1").await.unwrap();
    sandbox.stop().await;

    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    sandbox.clock().advance(Duration::from_secs(60));
    assert_eq!(
        refusal(client.refund(&payment, "1", "R1").await).status,
        409
    );
    assert_eq!(
        refusal(client.refund(&payment, "400", "R2").await).status,
        422
    );
    client.refund(&payment, "399.50", "R2").await.unwrap();
    assert_eq!(client.payment(&payment).await, PaymentStatus::Refunded);
    does(&sandbox, "settlements/run", Value::Null).await;
}
