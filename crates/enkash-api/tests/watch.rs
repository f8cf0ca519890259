//! An order is followed until it is over.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are tests as well"
)]

mod common;

use std::time::Duration;

use common::{Reply, Script};
use enkash_api::types::gateway::{Order, OrderStatus};
use enkash_api::{Client, Error, Polling};

const CREATED: &str = r#"{"response_code":0,"payload":{"orderId":"ORD1","status":"CREATED"}}"#;
const ATTEMPTED: &str = r#"{"response_code":0,"payload":{"orderId":"ORD1","status":"ATTEMPTED",
    "transactions":[{"transactionId":"EK1","status":"CREATED"}]}}"#;
const FAILED: &str = r#"{"response_code":0,"payload":{"orderId":"ORD1","status":"ATTEMPTED",
    "transactions":[{"transactionId":"EK1","status":"FAILED"}]}}"#;
const PAID: &str = r#"{"response_code":0,"payload":{"orderId":"ORD1","status":"PAID",
    "transactions":[{"transactionId":"EK1","status":"FAILED"},
                    {"transactionId":"EK2","status":"SUCCESS"}]}}"#;

fn script(answers: &[&'static str]) -> Script {
    Script::new(answers.iter().map(|answer| Reply::Body(200, answer)))
}

/// The order as it was read last, and each state that was told, with the states of the attempts.
async fn watched(client: &Client, polling: Polling) -> (Result<Order, Error>, Vec<String>) {
    let mut told = Vec::new();
    let order = client
        .gateway()
        .orders()
        .watch("ORD1", polling, |order| {
            let attempts = order.transactions.iter().flatten();
            let attempts: Vec<_> = attempts.filter_map(|attempt| attempt.status()).collect();
            told.push(format!("{:?} {attempts:?}", order.status.as_ref().unwrap()));
        })
        .await;
    (order, told)
}

fn every_five_seconds(seconds: u64) -> Polling {
    Polling::new(Duration::from_secs(5), Duration::from_secs(seconds))
}

#[tokio::test]
async fn each_change_is_told_once_and_the_end_ends_it() {
    let script = script(&[
        CREATED, CREATED, ATTEMPTED, ATTEMPTED, FAILED, PAID, CREATED,
    ]);
    let (order, told) = watched(&script.client(), every_five_seconds(300)).await;
    assert_eq!(order.unwrap().status, Some(OrderStatus::Paid));
    assert_eq!(
        told,
        [
            "Created []",
            "Attempted [Created]",
            "Attempted [Failed]",
            "Paid [Failed, Success]"
        ]
    );
    assert_eq!(script.calls(), 6, "what is over is not read again");
}

#[tokio::test]
async fn an_order_that_does_not_end_is_given_when_the_time_is_up() {
    let script = script(&[CREATED, CREATED, CREATED, CREATED, CREATED]);
    let (order, told) = watched(&script.client(), every_five_seconds(12)).await;
    assert_eq!(order.unwrap().status, Some(OrderStatus::Created));
    assert_eq!(told, ["Created []"]);
    assert_eq!(script.calls(), 3, "at 0, 5 and 10 seconds");
}

#[tokio::test]
async fn a_read_that_fails_ends_it() {
    let refusal = r#"{"response_code":404,"response_message":"no such order"}"#;
    let script = Script::new([Reply::Body(200, CREATED), Reply::Body(404, refusal)]);
    let (order, told) = watched(&script.client(), every_five_seconds(300)).await;
    assert!(matches!(order, Err(Error::Api(_))), "{order:?}");
    assert_eq!(told, ["Created []"]);
}
