//! UPI: codes, links, the poll, and whose address it is.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use enkash_types::gateway::{
    CreatedOrder, GetDynamicUpiQr, GetUpiIntentLinks, GetUpiTransactionStatus, OrderId,
    OrderStatus, PaymentDetail, RestrictedPaymentOptions, TransactionId, UpiStatus, VerifyUpiVpa,
};
use serde_json::Value;

use crate::client::{Client, does, order, refusal, start};
use crate::listener::Listener;

async fn poll(client: &Client<'_>, payment: &TransactionId) -> UpiStatus {
    let status = client.call(GetUpiTransactionStatus::new(payment.clone()));
    status.await.unwrap().status.unwrap()
}

#[tokio::test]
async fn a_code_is_the_same_until_it_is_paid() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = order("INV1");
    request.description = Some("Tea & cake".to_owned());
    let order = client.call(request).await.unwrap();
    let id = order.order_id.clone().unwrap();
    let qr = client.call(GetDynamicUpiQr::new(id.clone())).await.unwrap();
    let payment = qr.ek_pay_id.clone().unwrap();
    assert_eq!(
        qr.qr_url.as_deref().unwrap(),
        format!(
            "upi://pay?pa=merchant%40sandbox&pn=EnKash%20sandbox&tr={payment}&am=499.50&cu=INR\
             &tn=Tea%20%26%20cake"
        )
    );
    let picture = BASE64.decode(qr.qr_code.as_ref().unwrap()).unwrap();
    assert!(picture.starts_with(b"\x89PNG\r\n"));
    let again = client.call(GetDynamicUpiQr::new(id.clone())).await.unwrap();
    assert_eq!(again, qr, "asked for twice, it is paid once");
    // A public integration gives the id of the payment in place of the order's.
    let by_payment = GetDynamicUpiQr::new(OrderId::new(payment.as_str()));
    assert_eq!(client.call(by_payment).await.unwrap(), qr);

    assert_eq!(poll(&client, &payment).await, UpiStatus::Process);
    does(
        &sandbox,
        &format!("payments/{payment}/approve"),
        Value::Null,
    )
    .await;
    assert_eq!(poll(&client, &payment).await, UpiStatus::Success);
    let refused = refusal(client.call(GetDynamicUpiQr::new(id)).await);
    assert_eq!(
        (refused.status, refused.message.as_str()),
        (409, "the order is PAID already")
    );
    let refused = refusal(client.call(GetDynamicUpiQr::new("ORD1")).await);
    assert_eq!(refused.status, 404);
}

/// The order as it stands, and how many attempts to pay it have.
async fn stands(client: &Client<'_>, order: &CreatedOrder) -> (OrderStatus, usize) {
    let order = client.read(order).await;
    (order.status.unwrap(), order.transactions.unwrap().len())
}

#[tokio::test]
async fn to_show_a_code_is_no_attempt_to_pay() {
    let listener = Listener::start(&[]).await;
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = order("INV1");
    request.notify_url = Some(listener.url.as_str().into());
    let order = client.call(request).await.unwrap();
    let id = order.order_id.clone().unwrap();
    let show = async || {
        let qr = client.call(GetDynamicUpiQr::new(id.clone())).await.unwrap();
        let payment = qr.ek_pay_id.unwrap();
        client
            .call(GetUpiIntentLinks::new(payment.clone()))
            .await
            .unwrap();
        payment
    };
    let first = show().await;
    assert_eq!(stands(&client, &order).await, (OrderStatus::Created, 0));

    // Nobody scans it for five minutes: another is shown, and nobody tried to pay.
    sandbox.clock().advance(Duration::from_secs(5 * 60));
    assert_eq!(poll(&client, &first).await, UpiStatus::Failed);
    let second = show().await;
    assert_ne!(second, first);
    assert_eq!(stands(&client, &order).await, (OrderStatus::Created, 0));
    assert!(sandbox.webhooks().is_empty());

    // Somebody does, and says no.
    does(&sandbox, &format!("payments/{second}/decline"), Value::Null).await;
    assert_eq!(stands(&client, &order).await, (OrderStatus::Attempted, 1));
    assert_eq!(sandbox.webhooks().len(), 1);

    // One that is shown goes with its order.
    let third = show().await;
    does(&sandbox, "orders/INV1/cancel", Value::Null).await;
    assert_eq!(poll(&client, &third).await, UpiStatus::Failed);
    assert_eq!(stands(&client, &order).await, (OrderStatus::Cancelled, 1));
    assert_eq!(sandbox.webhooks().len(), 1);
}

#[tokio::test]
async fn an_order_that_bars_upi_has_no_code() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = order("INV1");
    let mut options = RestrictedPaymentOptions::default();
    options.credit_card = Some(Vec::new());
    request.restricted_payment_options = Some(options);
    let order = client.call(request).await.unwrap();
    let id = order.order_id.unwrap();
    let refused = refusal(client.call(GetDynamicUpiQr::new(id)).await);
    assert_eq!(
        (refused.status, refused.message.as_str()),
        (
            422,
            "paymentMode: restrictedPaymentOptions of the order do not name it"
        )
    );
}

#[tokio::test]
async fn each_app_has_its_link() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let order = client.order("INV1").await;
    let qr = client.call(GetDynamicUpiQr::new(order.order_id.unwrap()));
    let payment = qr.await.unwrap().ek_pay_id.unwrap();
    let links = client
        .call(GetUpiIntentLinks::new(payment.clone()))
        .await
        .unwrap();
    assert_eq!(links.transaction_id.as_ref(), Some(&payment));
    let query = format!("?pa=merchant%40sandbox&pn=EnKash%20sandbox&tr={payment}&am=499.50&cu=INR");
    for (link, begins) in [
        (links.gpay, "tez://upi/pay"),
        (links.phonepe, "phonepe://pay"),
        (links.paytm, "paytmmp://pay"),
        (links.upi, "upi://pay"),
    ] {
        assert_eq!(link.unwrap(), format!("{begins}{query}"));
    }
    does(
        &sandbox,
        &format!("payments/{payment}/decline"),
        Value::Null,
    )
    .await;
    assert_eq!(poll(&client, &payment).await, UpiStatus::Failed);
    let refused = refusal(client.call(GetUpiIntentLinks::new(payment)).await);
    assert_eq!(refused.message, "the payment is FAILED already");
}

#[tokio::test]
async fn a_payment_by_an_address_or_a_card_has_no_links() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let order = client.order("INV1").await;
    let collect = client
        .submit(&order, PaymentDetail::upi("asha@examplebank"))
        .await;
    let card = crate::payments::card("4111111111111111");
    let card = client.submit(&order, card).await;
    for payment in [&collect, &card] {
        let links = GetUpiIntentLinks::new(payment.transaction_id().unwrap());
        let refused = refusal(client.call(links).await);
        assert_eq!(refused.message, "the payment was begun already");
    }
    let poll = GetUpiTransactionStatus::new(card.transaction_id().unwrap());
    let refused = refusal(client.call(poll).await);
    assert_eq!(
        (refused.status, refused.message.as_str()),
        (409, "the payment is not by UPI")
    );
}

#[tokio::test]
async fn every_address_but_one_has_a_holder() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.order("INV1").await;
    let key = sandbox.credentials().access_key.clone();
    let verify = |order: &str, vpa: &str| VerifyUpiVpa::new(order, key.clone(), vpa);
    let holder = client
        .call(verify("INV1", "asha@examplebank"))
        .await
        .unwrap();
    assert_eq!(holder.name.as_deref(), Some("Sandbox Payer"));
    for (request, status, message) in [
        (
            verify("INV1", "nobody@sandbox"),
            404,
            "vpa: there is no such UPI address",
        ),
        (
            verify("INV2", "asha@examplebank"),
            404,
            "merchantOrderId: no order has this id; it is the merchant's id of it",
        ),
        (
            VerifyUpiVpa::new("INV1", "wrong", "asha@examplebank"),
            403,
            "merchantIdentifierKey: is not this account's",
        ),
    ] {
        let refused = refusal(client.call(request).await);
        assert_eq!(
            (refused.status, refused.message.as_str()),
            (status, message)
        );
    }
}
