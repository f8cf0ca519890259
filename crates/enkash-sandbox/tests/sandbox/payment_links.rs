//! What the merchant is told of a payment link, and where webhooks go of which no call says it.

use serde_json::{Value, json};

use crate::client::{control, does, start};
use crate::listener::Listener;
use crate::mandates::delivered;

#[tokio::test]
async fn an_event_of_a_payment_link_can_be_sent() {
    let sandbox = start().await;
    let event = json!({"quickCollectRequestId": "QC1", "type": "PAYMENT", "amount": 10.5,
        "paymentStatus": "SUCCESS"});
    let (status, answer) = control(&sandbox, "POST", "payment-links/events", event.clone()).await;
    assert_eq!(status, 409);
    assert!(
        answer["error"]
            .as_str()
            .unwrap()
            .contains("/_sandbox/webhooks/address")
    );

    let listener = Listener::start(&[]).await;
    let set = does(
        &sandbox,
        "webhooks/address",
        json!({"paymentLink": listener.url}),
    )
    .await;
    let (_, shown) = control(&sandbox, "GET", "webhooks/address", Value::Null).await;
    assert_eq!(set, shown);
    assert_eq!(shown["paymentLink"], listener.url);
    let sent = does(&sandbox, "payment-links/events", event.clone()).await;
    assert_eq!(sent["webhook"]["operation"], "receive_payment_link_event");
    delivered(&sandbox, 1).await;
    assert_eq!(listener.received()[0].1, event);

    for wrong in [
        json!({"paymentLink": "shop"}),
        json!({"payment": "http://127.0.0.1"}),
    ] {
        let (status, _) = control(&sandbox, "POST", "webhooks/address", wrong).await;
        assert!(matches!(status, 400 | 422), "{status}");
    }
    let (_, still) = control(&sandbox, "GET", "webhooks/address", Value::Null).await;
    assert_eq!(still, shown);
}
