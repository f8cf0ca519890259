//! Faults on demand.

use std::time::Duration;

use enkash_sandbox::{Config, Fault, FaultKind, Sandbox};
use enkash_transport::wire::AnswerError;
use enkash_transport::{Failure, Sent, Transport as _};
use enkash_types::gateway::CreateOrder;
use serde_json::{Value, json};

use crate::client::{Client, control, does, order, refusal, start};
use crate::server::exchange;

fn fault(sandbox: &Sandbox, kind: FaultKind) {
    sandbox.fault(Fault::new("create_order", kind)).unwrap();
}

/// Whether the merchant's id is taken, that is, whether an earlier call was done.
async fn is_taken(client: &Client<'_>, id: &str) -> bool {
    match client.call(order(id)).await {
        Ok(_) => false,
        Err(AnswerError::Refused(refusal)) if refusal.status == 409 => true,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_call_without_tcp_loses_its_connection() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    for (kind, done) in [
        (FaultKind::LostAnswer, true),
        (FaultKind::Truncated, true),
        (FaultKind::Reset, false),
    ] {
        fault(&sandbox, kind);
        let id = format!("{kind:?}");
        let request = client.request(order(&id));
        let error = sandbox.in_process().send(request).await.unwrap_err();
        assert_eq!(error.failure(), Failure::Connection);
        assert_eq!(error.sent(), Sent::Maybe);
        assert_eq!(is_taken(&client, &id).await, done, "{kind:?}");
    }
}

#[tokio::test]
async fn a_lost_answer_ends_the_connection_after_the_call_was_done() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    fault(&sandbox, FaultKind::LostAnswer);
    let answer = exchange(&sandbox, &client.request(order("A1"))).await;
    assert_eq!(answer.unwrap(), b"", "the end, and nothing before it");
    assert!(is_taken(&client, "A1").await);
}

#[tokio::test]
async fn a_reset_is_one() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    fault(&sandbox, FaultKind::Reset);
    let error = exchange(&sandbox, &client.request(order("A1")))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
    assert!(!is_taken(&client, "A1").await);
}

#[tokio::test]
async fn a_truncated_answer_promises_more_than_it_brings() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    fault(&sandbox, FaultKind::Truncated);
    let answer = exchange(&sandbox, &client.request(order("A1")))
        .await
        .unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n"), "{answer}");
    let promised = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap();
    assert_eq!(promised.parse::<usize>().unwrap() / 2, body.len());
    assert!(body.starts_with("{\"response_code\":0,"), "{answer}");
    assert!(is_taken(&client, "A1").await);
}

#[tokio::test]
async fn answers_are_spoiled() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let spoiled = async |kind| {
        fault(&sandbox, kind);
        let id = format!("{kind:?}");
        let answer = client
            .answer::<CreateOrder>(client.request(order(&id)))
            .await;
        (answer, is_taken(&client, &id).await)
    };

    let (answer, done) = spoiled(FaultKind::BadJson).await;
    assert!(
        matches!(answer, Err(AnswerError::Unreadable { status: 200, .. })),
        "{answer:?}"
    );
    assert!(done);

    let (answer, done) = spoiled(FaultKind::Html).await;
    assert!(
        matches!(answer, Err(AnswerError::Unreadable { status: 200, .. })),
        "{answer:?}"
    );
    assert!(!done);

    let (answer, done) = spoiled(FaultKind::ServerError).await;
    assert_eq!(refusal(answer).status, 503);
    assert!(!done);

    let (answer, done) = spoiled(FaultKind::ErrorIn200).await;
    let refused = refusal(answer);
    assert_eq!((refused.status, refused.code), (200, Some(1)));
    assert!(!done);

    let (answer, done) = spoiled(FaultKind::TokenRefused).await;
    assert!(refusal(answer).is_of_token());
    assert!(!done);
}

#[tokio::test]
async fn a_slow_answer_waits_for_the_clock() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let slow = Fault::new("create_order", FaultKind::Slow).seconds(30);
    sandbox.fault(slow).unwrap();
    let call = client.call(order("A1"));
    let meanwhile = async {
        // The call is done at once, and its answer is held back.
        sandbox
            .wait_for(|sandbox| sandbox.calls().pop()?.answer)
            .await;
        assert_eq!(sandbox.calls().pop().unwrap().status, None);
        assert!(is_taken(&client, "A1").await);
        sandbox.clock().advance(Duration::from_secs(29));
        sandbox.clock().advance(Duration::from_secs(1));
    };
    let (answer, ()) = tokio::join!(call, meanwhile);
    answer.unwrap();
    let slow = &sandbox.calls()[2];
    assert_eq!(
        (slow.status, slow.fault),
        (Some(200), Some(FaultKind::Slow))
    );
}

#[tokio::test]
async fn a_stop_does_not_wait_for_a_slow_answer() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    fault(&sandbox, FaultKind::Slow);
    let request = client.request(order("A1"));
    let transport = sandbox.in_process();
    let call = tokio::spawn(async move { transport.send(request).await });
    sandbox
        .wait_for(|sandbox| sandbox.calls().pop()?.answer)
        .await;
    sandbox.stop().await;
    assert!(call.await.unwrap().is_err());
}

#[tokio::test]
async fn faults_strike_the_named_operation_so_often() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let twice = json!({"operation": "create_order", "kind": "server-error", "count": 2});
    let list = does(&sandbox, "faults", twice).await;
    assert_eq!(
        list,
        json!({"faults": [
            {"operation": "create_order", "kind": "server-error", "count": 2, "seconds": 60}
        ]})
    );
    client.merchant_token().await;
    assert_eq!(refusal(client.call(order("A1")).await).status, 503);
    assert_eq!(refusal(client.call(order("A1")).await).status, 503);
    client.call(order("A1")).await.unwrap();

    does(
        &sandbox,
        "faults",
        json!({"operation": "*", "kind": "error-in-200"}),
    )
    .await;
    let created = refusal(client.call(order("A2")).await);
    assert_eq!(created.code, Some(1));
    client.call(order("A2")).await.unwrap();
}

/// What became of so many calls, in a sandbox in which a fifth is reset and a fifth is refused.
async fn fates(seed: u64, calls: usize) -> Vec<Option<FaultKind>> {
    let sandbox = Sandbox::start(Config::new().with_seed(seed)).await.unwrap();
    let client = Client::new(&sandbox).await;
    for kind in [FaultKind::Reset, FaultKind::ServerError] {
        let fifth = Fault::new("create_order", kind).percent(20).times(u32::MAX);
        sandbox.fault(fifth).unwrap();
    }
    for number in 0..calls {
        let request = client.request(order(&format!("A{number}")));
        let _ = sandbox.handle(request).await;
    }
    let calls = sandbox.calls().into_iter();
    let orders = calls.filter(|call| call.operation == Some("create_order"));
    orders.map(|call| call.fault).collect()
}

#[tokio::test]
async fn a_share_of_the_calls_is_drawn_by_the_seed() {
    let drawn = fates(7, 500).await;
    let struck = |kind| drawn.iter().filter(|fault| **fault == Some(kind)).count();
    for kind in [FaultKind::Reset, FaultKind::ServerError] {
        assert!((70..=130).contains(&struck(kind)), "{}", struck(kind));
    }
    assert_eq!(fates(7, 500).await, drawn, "the same seed draws the same");
    assert_ne!(fates(8, 500).await, drawn);
}

#[tokio::test]
async fn faults_are_listed_and_removed() {
    let sandbox = start().await;
    // A further name of the same call stands for it.
    does(
        &sandbox,
        "faults",
        json!({"operation": "create_reward_token", "kind": "html"}),
    )
    .await;
    let (_, list) = control(&sandbox, "GET", "faults", Value::Null).await;
    assert_eq!(list["faults"][0]["operation"], "generate_payout_token");
    let (_, list) = control(&sandbox, "DELETE", "faults", Value::Null).await;
    assert_eq!(list, json!({"faults": []}));
    Client::new(&sandbox).await;
}

#[tokio::test]
async fn a_fault_that_cannot_be_is_refused() {
    let sandbox = start().await;
    for (fault, status, error) in [
        (
            json!({"operation": "make_tea", "kind": "reset"}),
            422,
            "operation: must be * or the name of an operation; GET /_sandbox/ lists them",
        ),
        (
            json!({"operation": "notify_payment", "kind": "reset"}),
            422,
            "operation: must be * or the name of an operation; GET /_sandbox/ lists them",
        ),
        (
            json!({"operation": "*", "kind": "reset", "count": 0}),
            422,
            "count: must be at least 1",
        ),
        (
            json!({"operation": "*", "kind": "reset", "percent": 0}),
            422,
            "percent: must be from 1 to 100",
        ),
        (
            json!({"operation": "*", "kind": "reset", "percent": 101}),
            422,
            "percent: must be from 1 to 100",
        ),
        (
            json!({"operation": "*", "kind": "flood"}),
            400,
            "kind: unknown variant `flood`, expected one of `lost-answer`, `reset`, `slow`, \
             `server-error`, `bad-json`, `truncated`, `html`, `error-in-200`, `token-refused`",
        ),
    ] {
        let answer = control(&sandbox, "POST", "faults", fault).await;
        assert_eq!(answer, (status, json!({"error": error})));
    }
}

#[tokio::test]
async fn kinds_are_spelled_the_same_in_and_out() {
    let sandbox = start().await;
    for kind in FaultKind::ALL {
        let spelled = serde_json::to_value(kind).unwrap();
        let list = does(
            &sandbox,
            "faults",
            json!({"operation": "*", "kind": spelled}),
        )
        .await;
        assert_eq!(
            list["faults"].as_array().unwrap().last().unwrap()["kind"],
            spelled
        );
    }
}
