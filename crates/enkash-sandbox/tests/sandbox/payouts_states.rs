//! Transfers through their states: by mode, by the payee, and as the control surface says.

use std::time::Duration;

use enkash_sandbox::Sandbox;
use enkash_types::payouts::{CreateTransferBatch, RejectReason};
use serde_json::{Value, json};

use crate::client::{Client, control, does, start};
use crate::payouts::{payee, state_of, status_of, transfer};

const MINUTE: Duration = Duration::from_secs(60);

/// Moves the clock on, which at first shows 2026-01-01 05:30 in India, a Thursday.
fn wait(sandbox: &Sandbox, minutes: u32) {
    sandbox.clock().advance(minutes * MINUTE);
}

async fn moves(sandbox: &Sandbox, id: &str) -> (u64, u64) {
    let state = state_of(sandbox, id).await;
    let count = |name: &str| state[name].as_u64().unwrap();
    (count("debits"), count("credits"))
}

#[tokio::test]
async fn neft_goes_with_the_next_half_hour() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    wait(&sandbox, 1);
    assert_eq!(
        client.comes_to("SAL1", "100", "NEFT", "ASHA1").await,
        "PROCESSING"
    );
    // The account is debited when it is sent.
    assert_eq!(client.balance().await, "9999900.00");
    wait(&sandbox, 28);
    assert_eq!(status_of(&sandbox, "SAL1").await, "PROCESSING");
    wait(&sandbox, 1);
    assert_eq!(status_of(&sandbox, "SAL1").await, "SUCCESS");
    assert_eq!(moves(&sandbox, "SAL1").await, (1, 0));
    assert_eq!(client.balance().await, "9999900.00");

    // To Thursday, 18:46: the last batch has left.
    wait(&sandbox, 12 * 60 + 46);
    assert_eq!(
        client.comes_to("SAL2", "100", "NEFT", "ASHA1").await,
        "PROCESSING"
    );
    wait(&sandbox, 6 * 60 + 13);
    assert_eq!(status_of(&sandbox, "SAL2").await, "PROCESSING");
    wait(&sandbox, 1);
    assert_eq!(status_of(&sandbox, "SAL2").await, "SUCCESS");
    let state = state_of(&sandbox, "SAL2").await;
    assert_eq!(state["modifiedOn"], "2026-01-01T19:30:00.000+00:00");
}

#[tokio::test]
async fn rtgs_is_at_once_in_its_hours() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    assert_eq!(
        client.comes_to("SAL1", "100", "RTGS", "ASHA1").await,
        "PROCESSING"
    );
    wait(&sandbox, 90);
    assert_eq!(status_of(&sandbox, "SAL1").await, "SUCCESS");
    assert_eq!(
        client.comes_to("SAL2", "100", "RTGS", "ASHA1").await,
        "SUCCESS"
    );
    wait(&sandbox, 11 * 60);
    assert_eq!(
        client.comes_to("SAL3", "100", "RTGS", "ASHA1").await,
        "PROCESSING"
    );
}

#[tokio::test]
async fn a_batch_is_pending_before_it_leaves() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    let batch = CreateTransferBatch::new(
        "B1",
        vec![
            transfer("SAL1", "200", "IMPS", "ASHA1"),
            transfer("SAL2", "300", "NEFT", "ASHA1"),
        ],
    );
    client.call(batch).await.unwrap();
    sandbox.clock().advance(Duration::from_secs(4));
    assert_eq!(status_of(&sandbox, "SAL1").await, "PENDING");
    sandbox.clock().advance(Duration::from_secs(1));
    assert_eq!(status_of(&sandbox, "SAL1").await, "SUCCESS");
    assert_eq!(status_of(&sandbox, "SAL2").await, "PROCESSING");
    wait(&sandbox, 30);
    assert_eq!(status_of(&sandbox, "SAL2").await, "SUCCESS");
    assert_eq!(client.balance().await, "9999500.00");
}

#[tokio::test]
async fn test_payees_have_a_fixed_outcome() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    // The account, what it is at first, what it is after 59, 60 and 300 seconds.
    let table = [
        ("100000000001", ["REJECTED"; 4]),
        ("100000000002", ["FAILED"; 4]),
        (
            "100000000003",
            ["PROCESSING", "PROCESSING", "SUCCESS", "SUCCESS"],
        ),
        (
            "100000000004",
            ["PROCESSING", "PROCESSING", "PROCESSING", "FAILED"],
        ),
        (
            "100000000005",
            ["SUCCESS", "SUCCESS", "REVERSED", "REVERSED"],
        ),
        ("100000000006", ["SUCCESS"; 4]),
    ];
    for (account, states) in table {
        let to = format!("P{account}");
        client.call(payee(&to, account)).await.unwrap();
        assert_eq!(client.comes_to(account, "10", "IMPS", &to).await, states[0]);
    }
    for (seconds, at) in [(59, 1), (1, 2), (240, 3)] {
        sandbox.clock().advance(Duration::from_secs(seconds));
        for (account, states) in table {
            assert_eq!(status_of(&sandbox, account).await, states[at], "{account}");
        }
    }
    // What came to nothing came back.
    assert_eq!(client.balance().await, "9999980.00");
    for (account, states) in table {
        let expected = match states[3] {
            "SUCCESS" => (1, 0),
            "REJECTED" => (0, 0),
            _ => (1, 1),
        };
        assert_eq!(moves(&sandbox, account).await, expected, "{account}");
    }
}

#[tokio::test]
async fn a_fixed_outcome_waits_for_the_batch_of_neft() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.call(payee("FAILS1", "100000000002")).await.unwrap();
    assert_eq!(
        client.comes_to("SAL1", "10", "NEFT", "FAILS1").await,
        "PROCESSING"
    );
    wait(&sandbox, 30);
    assert_eq!(status_of(&sandbox, "SAL1").await, "FAILED");
    assert_eq!(client.balance().await, "10000000.00");
}

#[tokio::test]
async fn the_control_surface_rejects_fails_and_reverses() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    for id in ["N1", "N2", "N3"] {
        assert_eq!(
            client.comes_to(id, "100", "NEFT", "ASHA1").await,
            "PROCESSING"
        );
    }
    assert_eq!(
        client.comes_to("I1", "100", "IMPS", "ASHA1").await,
        "SUCCESS"
    );
    assert_eq!(client.balance().await, "9999600.00");

    let rejected = does(&sandbox, "transfers/N1/reject", Value::Null).await;
    assert_eq!(rejected["payoutStatus"], "REJECTED");
    assert_eq!(rejected["rejectCode"], "REJECT_BENEF_ACC");
    let reason = json!({"reason": "REJECT_TRF_RMK"});
    let rejected = does(&sandbox, "transfers/N2/reject", reason).await;
    assert_eq!(
        rejected["rejectCode"],
        RejectReason::TransferRemark.as_str()
    );
    let failed = does(&sandbox, "transfers/N3/fail", Value::Null).await;
    assert_eq!(
        (&failed["debits"], &failed["credits"]),
        (&json!(1), &json!(1))
    );
    let reversed = does(&sandbox, "transfers/I1/reverse", Value::Null).await;
    assert_eq!(reversed["payoutStatus"], "REVERSED");
    assert_eq!(client.balance().await, "10000000.00");

    // A rejected one may be sent again, and is debited again.
    assert_eq!(
        client.comes_to("N1", "50", "IMPS", "ASHA1").await,
        "SUCCESS"
    );
    assert_eq!(moves(&sandbox, "N1").await, (2, 1));
    assert_eq!(client.balance().await, "9999950.00");
    // What was planned for the others does not happen any more.
    wait(&sandbox, 24 * 60);
    for (id, status) in [("N1", "SUCCESS"), ("N2", "REJECTED"), ("N3", "FAILED")] {
        assert_eq!(status_of(&sandbox, id).await, status);
    }

    for (path, body, status, error) in [
        ("N3/fail", Value::Null, 409, "the transfer is FAILED"),
        ("N3/reverse", Value::Null, 409, "the transfer is FAILED"),
        ("N1/fail", Value::Null, 409, "the transfer is SUCCESS"),
        ("N1/reject", Value::Null, 409, "the transfer is SUCCESS"),
        ("N2/reverse", Value::Null, 409, "the transfer is REJECTED"),
        (
            "N1/reject",
            json!({"reason": "REJECT_MOOD"}),
            422,
            "reason: must be a documented reject code",
        ),
        (
            "N9/fail",
            Value::Null,
            404,
            "no transfer has this transactionId; GET /_sandbox/payouts/ledger lists all",
        ),
    ] {
        let path = format!("transfers/{path}");
        let (answered, answer) = control(&sandbox, "POST", &path, body).await;
        assert_eq!((answered, answer["error"].as_str()), (status, Some(error)));
    }
}
