//! The payout account: its balance, its statement and the ledger.

use std::time::Duration;

use enkash_types::payouts::{AddSourceAccount, FetchStatement, GetBalance, Statement};
use serde_json::{Value, json};

use crate::client::{Client, control, does, refusal, start};
use crate::payouts::rupees;

/// The statement of some days in India, from the beginning of one to that of another.
pub(crate) fn statement_of(from: &str, to: &str) -> FetchStatement {
    let day = |day: &str| format!("{day}T00:00:00+05:30");
    FetchStatement::new("FSANDBOX01", "200300400500", day(from), day(to))
}

/// Each line in short, and whether each balance is the one before it, and what came or left.
fn lines(statement: &Statement) -> Vec<String> {
    let lines = statement.lines.iter();
    lines
        .map(|line| {
            let id = line.transaction_id.as_ref();
            format!(
                "{} {} {} {} = {}",
                id.map_or("-", |id| id.as_str()),
                line.transaction_mode.as_deref().unwrap_or("-"),
                line.transaction_type.as_deref().unwrap(),
                line.transaction_amount.unwrap(),
                line.running_balance.unwrap(),
            )
        })
        .collect()
}

#[tokio::test]
async fn every_transfer_is_in_the_statement() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    let mut first = crate::payouts::transfer("SAL1", "499.50", "IMPS", "ASHA1");
    first.transfer_remark = Some("Salary of May".into());
    let utr = client.call(first).await.unwrap();
    client.comes_to("SAL2", "200", "NEFT", "ASHA1").await;
    client.comes_to("SAL3", "300", "IMPS", "NOBODY1").await;
    does(&sandbox, "transfers/SAL2/fail", Value::Null).await;
    does(&sandbox, "payouts/balance", json!({"balance": 1000})).await;
    does(&sandbox, "payouts/balance", json!({"balance": 1000})).await;
    does(&sandbox, "payouts/balance", json!({"balance": 2500})).await;
    let statement = statement_of("2026-01-01", "2026-01-02");
    let statement = client.call(statement).await.unwrap();
    assert_eq!(
        lines(&statement),
        [
            "SAL1 IMPS DEBIT 499.50 = 9999500.50",
            "SAL2 NEFT DEBIT 200.00 = 9999300.50",
            "SAL2 NEFT CREDIT 200.00 = 9999500.50",
            "- - DEBIT 9998500.50 = 1000.00",
            "- - CREDIT 1500.00 = 2500.00",
        ]
    );
    let first = &statement.lines[0];
    assert_eq!(first.remarks.as_deref(), Some("Salary of May"));
    assert_eq!(first.transaction_reference_number.as_deref(), utr.utr());
    assert!(first.transaction_reference_number.is_some());
    let mut numbers: Vec<_> = statement
        .lines
        .iter()
        .map(|line| line.transaction_reference_number.clone())
        .collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 5, "no number comes twice");

    let ledger = sandbox.look("payouts/ledger").await.unwrap();
    assert_eq!(ledger["openingBalance"], 10_000_000);
    assert_eq!(ledger["credits"], 1700);
    assert_eq!(ledger["debits"], 9_999_200);
    assert_eq!(ledger["balance"], 2500);
    let ids = ledger["transfers"].as_array().unwrap().iter();
    let ids: Vec<_> = ids
        .map(|sent| sent["transactionId"].as_str().unwrap())
        .collect();
    assert_eq!(ids, ["SAL1", "SAL2", "SAL3"]);
    assert_eq!(ledger["transfers"][1]["credits"], 1);
    assert_eq!(ledger["transfers"][2]["rejectCode"], "REJECT_BENEF_ID");
}

#[tokio::test]
async fn a_statement_is_of_a_time() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    // 05:30 in India, then an hour later each.
    for id in ["A", "B", "C"] {
        client.comes_to(id, "1", "IMPS", "ASHA1").await;
        sandbox.clock().advance(Duration::from_secs(3600));
    }
    let mut request = statement_of("2026-01-01", "2026-01-01");
    for (from, to, ids) in [
        ("05:30:00", "07:30:00", "A B C"),
        ("05:30:00", "05:30:00", "A"),
        ("05:30:01", "07:29:59", "B"),
        ("08:00:00", "23:00:00", ""),
    ] {
        request.from_date = format!("2026-01-01T{from}+05:30").into();
        request.to_date = format!("2026-01-01T{to}+05:30").into();
        let statement = client.call(request.clone()).await.unwrap();
        let found = statement.lines.iter();
        let found: Vec<_> = found
            .map(|line| line.transaction_id.as_ref().unwrap().as_str())
            .collect();
        assert_eq!(found.join(" "), ids, "{from} to {to}");
    }
    request.to_date = "2025-12-31T00:00:00Z".into();
    let refused = refusal(client.call(request).await);
    assert_eq!(
        (refused.status, &*refused.message),
        (422, "toDate: must not be before fromDate")
    );
}

#[tokio::test]
async fn there_is_one_account() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut own = GetBalance::new("FSANDBOX01");
    own.debit_account_number = Some("200300400500".into());
    assert!(client.call(own.clone()).await.is_ok());
    own.debit_account_number = Some("200300400501".into());
    let refused = refusal(client.call(own).await);
    assert_eq!(refused.message, "debitAccountNumber: is not this account's");
    let refused = refusal(client.call(GetBalance::new("FSANDBOX02")).await);
    assert_eq!(
        (refused.status, &*refused.message),
        (422, "fundSourceId: is not this account's")
    );
    let mut statement = statement_of("2026-01-01", "2026-01-02");
    statement.debit_account_number = "200300400501".into();
    assert_eq!(refusal(client.call(statement).await).status, 422);
}

#[tokio::test]
async fn the_balance_is_set_within_what_the_sandbox_holds() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    for (balance, status) in [
        (json!(0), 200),
        (json!(-1), 422),
        (json!(0.001), 422),
        (json!("999990000000"), 200),
        (json!("1000000000000"), 422),
        (json!(5), 200),
        // What was put in before counts.
        (json!("999990000000"), 422),
        (Value::Null, 400),
    ] {
        let body = json!({"balance": balance});
        let (answered, answer) = control(&sandbox, "POST", "payouts/balance", body).await;
        assert_eq!(answered, status, "{balance}: {answer}");
    }
    assert_eq!(client.balance().await, rupees("5").to_string());
}

#[tokio::test]
async fn a_source_account_is_taken_and_repeated() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let source = AddSourceAccount::new("300400500600", "KKBK0000432");
    let added = client.call(source).await.unwrap();
    assert_eq!(added.extra["accountNumber"], "300400500600");
    assert_eq!(added.extra["ifsc"], "KKBK0000432");
    let call = sandbox.calls().pop().unwrap();
    let logged = call.answer.unwrap();
    assert!(logged.get().contains("XXXXXXXX0600"), "{logged}");
}
