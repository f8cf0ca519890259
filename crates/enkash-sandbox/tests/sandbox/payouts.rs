//! Payouts: payees, transfers one by one and in batches, and what is refused.

use enkash_sandbox::{Config, Sandbox};
use enkash_transport::wire::{AnswerError, Refusal};
use enkash_types::payouts::{
    BeneficiaryDetail, CreateBeneficiary, CreateTransfer, CreateTransferBatch, GetBalance,
    RejectReason, Transfer, TransferMode, TransferStatus,
};
use enkash_types::{Rupees, read};
use serde_json::{Value, json};

use crate::client::{Client, does, refusal, start, start_with};

pub(crate) fn rupees(sum: &str) -> Rupees {
    sum.parse().unwrap()
}

/// A payee with this account.
pub(crate) fn payee(id: &str, account: &str) -> CreateBeneficiary {
    CreateBeneficiary::to_account(id, "Asha Rao", account, "KKBK0000432")
}

/// A transfer to a registered payee.
pub(crate) fn transfer(id: &str, sum: &str, mode: &str, to: &str) -> CreateTransfer {
    CreateTransfer::new(id, rupees(sum), mode.into(), to)
}

/// How a transfer stands in the ledger.
pub(crate) async fn state_of(sandbox: &Sandbox, id: &str) -> Value {
    let path = format!("transfers/{id}/state");
    sandbox.look(&path).await.unwrap()
}

pub(crate) async fn status_of(sandbox: &Sandbox, id: &str) -> String {
    let state = state_of(sandbox, id).await;
    state["payoutStatus"].as_str().unwrap().to_owned()
}

impl Client<'_> {
    /// Registers `ASHA1`, whose account takes whatever is sent, and `RAVI1` with a UPI address.
    pub(crate) async fn payees(&self) {
        let asha = payee("ASHA1", "123456789012");
        self.call(asha).await.unwrap();
        let ravi = CreateBeneficiary::to_vpa("RAVI1", "Ravi Iyer", "ravi@examplebank");
        self.call(ravi).await.unwrap();
    }

    pub(crate) async fn pays_out(
        &self,
        id: &str,
        sum: &str,
        mode: &str,
        to: &str,
    ) -> Result<Transfer, AnswerError> {
        self.call(transfer(id, sum, mode, to)).await
    }

    /// Pays, and gives what the transfer comes to.
    pub(crate) async fn comes_to(&self, id: &str, sum: &str, mode: &str, to: &str) -> String {
        let answer = self.pays_out(id, sum, mode, to).await.unwrap();
        answer.payout_status.unwrap().to_string()
    }

    pub(crate) async fn balance(&self) -> String {
        let source = self.sandbox.credentials().fund_source_id.as_str();
        let balance = self.call(GetBalance::new(source)).await.unwrap();
        balance.total_balance.to_string()
    }
}

#[tokio::test]
async fn a_payee_is_registered_once() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = payee("ASHA1", "123456789012");
    request.beneficiary_pincode = Some("411001".into());
    let registered = client.call(request.clone()).await.unwrap();
    assert_eq!(
        registered.beneficiary_account_number,
        Some("123456789012".into())
    );
    assert_eq!(registered.beneficiary_pincode, Some("411001".into()));
    assert_eq!(
        registered.created_on.unwrap().as_str(),
        "2026-01-01T00:00:00.000+00:00"
    );
    let refused = refusal(client.call(request).await);
    assert_eq!(
        (refused.status, refused.code, &*refused.message),
        (409, Some(409), "beneficiaryId: was used before")
    );
}

#[tokio::test]
async fn imps_and_upi_arrive_at_once_and_the_balance_goes_down() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    assert_eq!(client.balance().await, "10000000.00");
    let first = client
        .pays_out("SAL1", "499.50", "IMPS", "ASHA1")
        .await
        .unwrap();
    assert_eq!(first.payout_status, Some(TransferStatus::Success));
    assert_eq!(first.transaction_id, Some("SAL1".into()));
    assert_eq!(client.balance().await, "9999500.50");
    let second = client
        .pays_out("SAL2", "500.49", "UPI", "RAVI1")
        .await
        .unwrap();
    assert_eq!(second.payout_status, Some(TransferStatus::Success));
    assert_ne!(first.enkash_transaction_id, second.enkash_transaction_id);
    assert_ne!(first.utr(), second.utr());
    assert_eq!(client.balance().await, "9999000.01");

    let state = state_of(&sandbox, "SAL1").await;
    assert_eq!(state["transferAmount"], 499.5);
    assert_eq!(state["transferMode"], "IMPS");
    assert_eq!(state["beneficiaryId"], "ASHA1");
    assert_eq!(
        state["enkashTransactionId"],
        json!(first.enkash_transaction_id)
    );
    assert_eq!(state["utr"], json!(first.utr()));
    assert_eq!(
        (&state["debits"], &state["credits"]),
        (&json!(1), &json!(0))
    );
}

#[tokio::test]
async fn an_id_is_one_transfers() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    assert_eq!(
        client.comes_to("SAL1", "100", "IMPS", "ASHA1").await,
        "SUCCESS"
    );
    for again in [
        transfer("SAL1", "100", "IMPS", "ASHA1"),
        transfer("SAL1", "7", "UPI", "RAVI1"),
    ] {
        let refused = refusal(client.call(again).await);
        assert_eq!(
            (refused.status, &*refused.message),
            (409, "transactionId: was used before")
        );
    }
    assert_eq!(client.balance().await, "9999900.00");

    // One that failed is over as well: its id stays used.
    let failing = payee("FAILS1", "100000000002");
    client.call(failing).await.unwrap();
    assert_eq!(
        client.comes_to("SAL2", "100", "IMPS", "FAILS1").await,
        "FAILED"
    );
    let refused = client.pays_out("SAL2", "100", "IMPS", "ASHA1").await;
    assert_eq!(refusal(refused).status, 409);
    assert_eq!(client.balance().await, "9999900.00");
}

#[tokio::test]
async fn a_payee_may_be_given_with_the_transfer() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    let mut named = BeneficiaryDetail::default();
    named.beneficiary_id = Some("ASHA1".into());
    let mut nobody = BeneficiaryDetail::default();
    nobody.beneficiary_id = Some("NOBODY1".into());
    for (id, mode, detail, status) in [
        (
            "SAL1",
            TransferMode::Imps,
            BeneficiaryDetail::to_account("123456789012", "ifsc", "KKBK0000432"),
            "SUCCESS",
        ),
        (
            "SAL2",
            TransferMode::Upi,
            BeneficiaryDetail::to_vpa("asha@examplebank"),
            "SUCCESS",
        ),
        (
            "SAL3",
            TransferMode::Upi,
            BeneficiaryDetail::to_vpa("decline@sandbox"),
            "FAILED",
        ),
        ("SAL4", TransferMode::Imps, named, "SUCCESS"),
        ("SAL5", TransferMode::Imps, nobody, "REJECTED"),
    ] {
        let inline = CreateTransfer::inline(id, rupees("10"), mode, detail);
        let sent = client.call(inline).await.unwrap();
        assert_eq!(sent.payout_status.unwrap().as_str(), status, "{id}");
    }
    let state = state_of(&sandbox, "SAL5").await;
    assert_eq!(state["rejectCode"], "REJECT_BENEF_DET_ID");
}

#[tokio::test]
async fn what_is_rejected_is_corrected_and_sent_again_with_its_id() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    client.call(payee("NOONE1", "100000000001")).await.unwrap();
    let mut other_source = transfer("SAL1", "100", "IMPS", "ASHA1");
    other_source.fund_source_id = Some("FSANDBOX02".into());
    let mut other_account = transfer("SAL1", "100", "IMPS", "ASHA1");
    other_account.debit_account_number = Some("200300400501".into());
    let rejected = [
        (
            transfer("SAL1", "100", "IMPS", "ASHA2"),
            RejectReason::BeneficiaryId,
        ),
        (
            transfer("SAL1", "100", "UPI", "ASHA1"),
            RejectReason::TransferMode,
        ),
        (
            transfer("SAL1", "100", "NEFT", "RAVI1"),
            RejectReason::TransferMode,
        ),
        (
            transfer("SAL1", "100", "IMPS", "NOONE1"),
            RejectReason::BeneficiaryAccount,
        ),
        (other_source, RejectReason::FundSourceId),
        (other_account, RejectReason::FundSourceId),
    ];
    let mut ids = Vec::new();
    for (wrong, reason) in rejected {
        let answer = client.call(wrong).await.unwrap();
        assert_eq!(answer.payout_status, Some(TransferStatus::Rejected));
        assert_eq!(answer.reject_reason(), Some(reason));
        assert_eq!(answer.utr(), None);
        ids.push(answer.enkash_transaction_id);
        let state = state_of(&sandbox, "SAL1").await;
        assert_eq!(
            (&state["debits"], &state["credits"]),
            (&json!(0), &json!(0))
        );
    }
    assert_eq!(client.balance().await, "10000000.00");

    let mut right = transfer("SAL1", "120", "IMPS", "ASHA1");
    right.fund_source_id = Some("FSANDBOX01".into());
    right.debit_account_number = Some("200300400500".into());
    let answer = client.call(right.clone()).await.unwrap();
    assert_eq!(answer.payout_status, Some(TransferStatus::Success));
    assert_eq!(answer.reject_reason(), None);
    ids.push(answer.enkash_transaction_id);
    assert!(ids.iter().all(|id| *id == ids[0]), "it is one transfer");
    assert_eq!(client.balance().await, "9999880.00");
    assert_eq!(refusal(client.call(right).await).status, 409);
}

#[tokio::test]
async fn a_sum_that_is_not_there_is_refused_and_its_id_stays_free() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    does(&sandbox, "payouts/balance", json!({"balance": 150.5})).await;
    assert_eq!(client.balance().await, "150.50");
    let refused = refusal(client.pays_out("SAL1", "150.51", "IMPS", "ASHA1").await);
    assert_eq!(
        (refused.status, &*refused.message),
        (
            422,
            "transferAmount: must be at most 150.50 rupees, which is what is in the account"
        )
    );
    assert_eq!(
        sandbox
            .look("transfers/SAL1/state")
            .await
            .unwrap_err()
            .status(),
        404
    );
    assert_eq!(
        client.comes_to("SAL1", "150.50", "IMPS", "ASHA1").await,
        "SUCCESS"
    );
    assert_eq!(client.balance().await, "0.00");
    assert_eq!(
        refusal(client.pays_out("SAL2", "1", "IMPS", "ASHA1").await).status,
        422
    );

    // One that was rejected stays so.
    assert_eq!(
        client.comes_to("SAL3", "1", "IMPS", "ASHA2").await,
        "REJECTED"
    );
    assert_eq!(
        refusal(client.pays_out("SAL3", "1", "IMPS", "ASHA1").await).status,
        422
    );
    assert_eq!(status_of(&sandbox, "SAL3").await, "REJECTED");
    does(&sandbox, "payouts/balance", json!({"balance": "1"})).await;
    assert_eq!(
        client.comes_to("SAL3", "1", "IMPS", "ASHA1").await,
        "SUCCESS"
    );
}

#[tokio::test]
async fn a_batch_takes_on_what_it_can() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    assert_eq!(
        client.comes_to("SAL1", "100", "IMPS", "ASHA1").await,
        "SUCCESS"
    );
    does(&sandbox, "payouts/balance", json!({"balance": 1000})).await;
    let batch = CreateTransferBatch::new(
        "B1",
        vec![
            transfer("SAL1", "100", "IMPS", "ASHA1"),
            transfer("SAL2", "200", "IMPS", "ASHA1"),
            transfer("SAL3", "801", "IMPS", "ASHA1"),
            transfer("SAL4", "300", "UPI", "RAVI1"),
            transfer("SAL5", "300", "UPI", "ASHA1"),
            transfer("SAL6", "500", "NEFT", "ASHA1"),
        ],
    );
    let answer = client.call(batch.clone()).await.unwrap();
    assert_eq!(answer.batch_transaction_id, Some("B1".into()));
    let taken: Vec<_> = answer
        .successful
        .iter()
        .map(|taken| {
            let status = taken.payout_status.as_ref().unwrap();
            format!("{} {status}", taken.transaction_id.as_ref().unwrap())
        })
        .collect();
    assert_eq!(taken, ["SAL2 PENDING", "SAL4 PENDING", "SAL6 PENDING"]);
    assert_eq!(client.balance().await, "0.00");
    assert_eq!(status_of(&sandbox, "SAL5").await, "REJECTED");
    assert!(sandbox.look("transfers/SAL3/state").await.is_err());
    let state = state_of(&sandbox, "SAL2").await;
    assert_eq!(state["batchTransactionId"], "B1");

    let refused = refusal(client.call(batch).await);
    assert_eq!(
        (refused.status, &*refused.message),
        (409, "batchTransactionId: was used before")
    );
    let other = CreateTransferBatch::new("B2", vec![transfer("SAL2", "1", "IMPS", "ASHA1")]);
    assert!(client.call(other).await.unwrap().successful.is_empty());
    let refused = client.pays_out("SAL6", "500", "NEFT", "ASHA1").await;
    assert_eq!(refusal(refused).status, 409);
}

#[tokio::test]
async fn rules_are_those_of_the_client() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    let refused = |fields: Value| {
        let client = &client;
        async move {
            let request: CreateTransfer = read::value(fields).unwrap();
            let mut http = client.request(transfer("X", "1", "IMPS", "ASHA1"));
            *http.body_mut() = serde_json::to_vec(&request).unwrap().into();
            client.sign::<CreateTransfer>(&mut http);
            client.refused::<CreateTransfer>(http).await
        }
    };
    let right = json!({"transactionId": "SAL1", "transferAmount": 200_000, "transferMode": "IMPS", "beneficiaryId": "ASHA1"});
    for (name, value, says) in [
        (
            "transferAmount",
            json!(200_000.01),
            "transferAmount: must be at most 200000.00 rupees by IMPS",
        ),
        (
            "transferAmount",
            json!(0.99),
            "transferAmount: must be at least 1.00 rupees",
        ),
        (
            "transferAmount",
            json!(1.005),
            "transferAmount: must have at most two decimals",
        ),
        (
            "transferMode",
            json!("CASH"),
            "transferMode: must be one of: IMPS NEFT RTGS UPI",
        ),
        (
            "transactionId",
            json!(""),
            "transactionId: must not be empty",
        ),
    ] {
        let mut wrong = right.clone();
        wrong[name] = value;
        let Refusal {
            status, message, ..
        } = refused(wrong).await;
        assert_eq!((status, &*message), (422, says));
    }
    let right = read::value::<CreateTransfer>(right).unwrap();
    assert!(client.call(right).await.is_ok());
}

/// The body of an answer as it came.
async fn raw(client: &Client<'_>, request: http::Request<bytes::Bytes>) -> (u16, Value) {
    let answer = client.send(request).await.unwrap();
    let body = serde_json::from_slice(answer.body()).unwrap();
    (answer.status().as_u16(), body)
}

#[tokio::test]
async fn bodies_are_sealed_both_ways() {
    for (config, seals) in [
        (Config::new(), true),
        (Config::new().with_sealed_answers(true), true),
        (Config::new().with_sealed_answers(false), false),
    ] {
        let sandbox = start_with(config).await;
        let client = Client::new(&sandbox).await;
        client.payees().await;
        let pay = client.request(transfer("SAL1", "1", "IMPS", "ASHA1"));
        assert!(!pay.body().windows(4).any(|window| window == b"SAL1"));
        let balance = client.request(GetBalance::new("FSANDBOX01"));
        assert!(balance.body().is_empty());
        let again = client.request(transfer("SAL1", "1", "IMPS", "ASHA1"));
        for request in [pay, balance] {
            let (status, body) = raw(&client, request).await;
            assert_eq!(
                (status, body["request"].is_string()),
                (200, seals),
                "{body}"
            );
        }
        let (status, body) = raw(&client, again).await;
        assert_eq!((status, &body["response_code"]), (409, &json!(409)));

        let mut plain = client.request(transfer("SAL2", "1", "IMPS", "ASHA1"));
        *plain.body_mut() = br#"{"transactionId": "SAL2"}"#.as_slice().into();
        let (status, body) = raw(&client, plain).await;
        assert_eq!((status, &body["response_code"]), (422, &json!(422)));
        assert_eq!(
            client.comes_to("SAL2", "1", "IMPS", "ASHA1").await,
            "SUCCESS"
        );
    }
}

#[tokio::test]
async fn answers_have_the_envelopes_that_are_documented() {
    let sandbox = start_with(Config::new().with_sealed_answers(false)).await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    let pay = client.request(transfer("SAL1", "1", "IMPS", "ASHA1"));
    let (_, paid) = raw(&client, pay).await;
    assert_eq!(paid["response_code"], 0);
    assert_eq!(paid["payload"]["payoutStatus"], "SUCCESS");
    let (_, balance) = raw(&client, client.request(GetBalance::new("FSANDBOX01"))).await;
    assert_eq!(balance, json!({"totalBalance": 9_999_999}));
    let statement = crate::payouts_account::statement_of("2026-01-01", "2026-01-02");
    let (_, statement) = raw(&client, client.request(statement)).await;
    assert_eq!(statement["response_code"], "0");
    assert!(statement["requestId"].is_string());
    assert_eq!(statement["data"][0]["transactionId"], "SAL1");
}
