//! Payouts of a sandbox that was stopped and started again.

use std::time::Duration;

use enkash_types::payouts::CreateTransferBatch;
use serde_json::Value;

use crate::client::{Client, does, refusal};
use crate::data::{directory, start_on};
use crate::payouts::{payee, status_of, transfer};
use crate::payouts_account::statement_of;

#[tokio::test]
async fn payouts_go_on_where_they_were() {
    let file = directory("payouts").join("shop.db");
    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    client.call(payee("SLOW1", "100000000003")).await.unwrap();
    client.call(payee("NOONE1", "100000000001")).await.unwrap();
    client.comes_to("NEFT1", "100", "NEFT", "ASHA1").await;
    client.comes_to("SLOW1", "100", "IMPS", "SLOW1").await;
    client.comes_to("DONE1", "100", "IMPS", "ASHA1").await;
    client.comes_to("REJECTED1", "100", "IMPS", "NOONE1").await;
    let batch = vec![transfer("BATCH1", "100", "IMPS", "ASHA1")];
    let batch = CreateTransferBatch::new("B1", batch);
    client.call(batch.clone()).await.unwrap();
    let before = (
        sandbox.look("payouts/ledger").await.unwrap(),
        client
            .call(statement_of("2026-01-01", "2026-01-02"))
            .await
            .unwrap()
            .lines,
    );
    sandbox.stop().await;

    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    let after = (
        sandbox.look("payouts/ledger").await.unwrap(),
        client
            .call(statement_of("2026-01-01", "2026-01-02"))
            .await
            .unwrap()
            .lines,
    );
    assert_eq!(after, before);
    assert_eq!(client.balance().await, "9999600.00");
    // Ids that were used stay used, and what was planned happens.
    for id in ["NEFT1", "SLOW1", "DONE1", "BATCH1"] {
        let again = client.pays_out(id, "100", "IMPS", "ASHA1").await;
        assert_eq!(refusal(again).status, 409, "{id}");
    }
    assert_eq!(refusal(client.call(batch).await).status, 409);
    let again = client.call(payee("ASHA1", "123456789012")).await;
    assert_eq!(refusal(again).status, 409);
    // What a payee does is known, though his account is not.
    assert_eq!(
        client.comes_to("REJECTED1", "1", "IMPS", "NOONE1").await,
        "REJECTED"
    );
    assert_eq!(
        client.comes_to("REJECTED1", "1", "IMPS", "ASHA1").await,
        "SUCCESS"
    );
    sandbox.clock().advance(Duration::from_secs(5));
    assert_eq!(status_of(&sandbox, "BATCH1").await, "SUCCESS");
    sandbox.clock().advance(Duration::from_secs(55));
    assert_eq!(status_of(&sandbox, "SLOW1").await, "SUCCESS");
    sandbox.clock().advance(Duration::from_secs(1800));
    assert_eq!(status_of(&sandbox, "NEFT1").await, "SUCCESS");
    does(&sandbox, "transfers/DONE1/reverse", Value::Null).await;
    sandbox.stop().await;

    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    assert_eq!(status_of(&sandbox, "DONE1").await, "REVERSED");
    assert_eq!(client.balance().await, "9999699.00");
}
