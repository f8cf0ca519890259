//! Payees, transfers and batches: whatever goes wrong on the way, no transfer is paid twice, and what
//! a call reports is what stands in the sandbox's ledger.

use std::sync::Arc;

use enkash_api::payouts::{Made, MadeBatch, Sighting, StatementLookup};
use enkash_api::transport::{HyperTransport, Limits, ManualClock, Transport};
use enkash_api::types::Rupees;
use enkash_api::types::payouts::{
    CreateBeneficiary, CreateTransfer, CreateTransferBatch, GetBalance, Standing, TransferMode,
};
use enkash_api::{ApiErrorKind, Client, Error};
use enkash_sandbox::{Config, Fault, FaultKind, Sandbox};

use super::{Journey, Way, builder, is_done_in_spite_of, start, until_pending};

/// The calls that can be made to go wrong.
const POSITIONS: [&str; 5] = [
    "generate_payout_token",
    "create_payout_beneficiary",
    "create_payout_transfer",
    "create_payout_batch",
    "fetch_payout_statement",
];

const SUMS: [(&str, i32); 3] = [("T1", 49_950), ("T2", 10_001), ("T3", 100)];

pub(super) fn transfer(id: &str) -> CreateTransfer {
    let (_, paise) = SUMS.into_iter().find(|(known, _)| *known == id).unwrap();
    CreateTransfer::new(id, Rupees::from_paise(paise), TransferMode::Imps, "ASHA1")
}

fn batch() -> CreateTransferBatch {
    CreateTransferBatch::new("B1", vec![transfer("T2"), transfer("T3")])
}

fn payee() -> CreateBeneficiary {
    CreateBeneficiary::to_account("ASHA1", "Asha Stores", "123456789012", "KKBK0000432")
}

/// A journey, perhaps with a client that looks transfers up in the statement.
async fn journey(way: Way, sealed: bool, looks: bool) -> Journey {
    let sandbox = start(Config::new().with_sealed_answers(sealed)).await;
    let transport = way.to(&sandbox);
    let mut journey = Journey::over(sandbox, transport);
    journey.client = client(&journey.sandbox, way, looks);
    journey
}

fn client(sandbox: &Sandbox, way: Way, looks: bool) -> Client {
    client_over(sandbox, way.to(sandbox), looks)
}

fn client_over(sandbox: &Sandbox, transport: Arc<dyn Transport>, looks: bool) -> Client {
    let clock = ManualClock::new();
    let mut builder = builder(sandbox, transport, &clock);
    if looks {
        let known = sandbox.credentials();
        builder = builder.transfer_lookup(StatementLookup::new(
            known.fund_source_id.as_str(),
            known.debit_account_number.clone(),
        ));
    }
    builder.build().unwrap()
}

/// What a program was told; nothing of a step that it did not get to.
#[derive(Debug, Default)]
struct Told {
    single: Option<Result<Made, Error>>,
    batch: Option<Result<MadeBatch, Error>>,
}

/// A program that does what the documentation of each call says.
async fn program(client: &Client) -> Told {
    let mut told = Told::default();
    let payouts = client.payouts();
    let mut added = payouts.beneficiaries().create(payee()).await;
    for _ in 0..2 {
        if added.as_ref().is_err_and(Error::may_have_happened) {
            added = payouts.beneficiaries().create(payee()).await;
        }
    }
    match added {
        Ok(_) => {}
        Err(error) if is_duplicate(&error) => {}
        Err(_) => return told,
    }
    told.single = Some(payouts.transfers().create(transfer("T1")).await);
    told.batch = Some(payouts.transfers().create_batch(batch()).await);
    told
}

fn is_duplicate(error: &Error) -> bool {
    let refused = error.as_api();
    refused.is_some_and(|refused| refused.kind == ApiErrorKind::Duplicate)
}

/// How often the account was debited for a transfer; `None` where EnKash does not have it.
async fn debits(sandbox: &Sandbox, id: &str) -> Option<u64> {
    let ledger = sandbox.look("payouts/ledger").await.unwrap();
    let transfers = ledger["transfers"].as_array().unwrap();
    let mut of_it = transfers.iter().filter(|row| row["transactionId"] == id);
    let row = of_it.next()?;
    assert!(of_it.next().is_none(), "{id} is there twice: {ledger}");
    assert_eq!(row["credits"], 0, "nothing comes back here");
    row["debits"].as_u64()
}

/// What went out of the account is what was to be paid.
async fn assert_adds_up(sandbox: &Sandbox, row: &str) {
    let ledger = sandbox.look("payouts/ledger").await.unwrap();
    let sum = |field: &str| -> Rupees { serde_json::from_value(ledger[field].clone()).unwrap() };
    let paid = SUMS.into_iter().map(|(_, paise)| paise).sum();
    let left = sum("openingBalance").checked_sub(Rupees::from_paise(paid));
    assert_eq!(Some(sum("balance")), left, "{row}: {ledger}");
}

#[tokio::test]
async fn no_transfer_is_paid_twice() {
    for way in Way::ALL {
        for operation in POSITIONS {
            for &kind in FaultKind::ALL {
                for times in 1..=4 {
                    for looks in [false, true] {
                        // Answers come sealed and plain in turns.
                        let sealed = (times % 2 == 0) != looks;
                        spoil(way, operation, kind, times, sealed, looks).await;
                    }
                }
            }
        }
    }
}

async fn spoil(way: Way, operation: &str, kind: FaultKind, times: u32, sealed: bool, looks: bool) {
    let row = format!("{way:?}, {operation}, {kind:?} {times} times, {sealed}, {looks}");
    let journey = journey(way, sealed, looks).await;
    let sandbox = &journey.sandbox;
    sandbox
        .fault(Fault::new(operation, kind).times(times))
        .unwrap();
    if operation == "fetch_payout_statement" {
        // It is read after an answer was lost alone.
        for lost in ["create_payout_transfer", "create_payout_batch"] {
            sandbox
                .fault(Fault::new(lost, FaultKind::LostAnswer))
                .unwrap();
        }
    }
    let told = journey.waiting_for_nobody(program(&journey.client)).await;
    let called = journey.called(0);
    for write in ["create_payout_transfer", "create_payout_batch"] {
        let sent = called.iter().filter(|name| **name == write).count();
        assert!(sent <= 4, "{row}: {called:?}");
    }
    if let (Some(single), "create_payout_transfer") = (&told.single, operation) {
        let (expected, sent) = expected(kind, times, way, looks);
        assert_eq!(ended(single), expected, "{row}: {single:?}");
        let calls = called.iter().filter(|name| **name == operation).count();
        assert_eq!(calls, sent, "{row}: {called:?}");
    }

    // And now the truth, and a client on which nothing falls.
    assert_eq!(journey.control("DELETE", "faults").await, 200);
    let judge = client(sandbox, Way::InProcess, looks);
    let transfers = judge.payouts().transfers();
    let there = debits(sandbox, "T1").await;
    match &told.single {
        Some(Ok(_)) => assert_eq!(there, Some(1), "{row}: {told:?}"),
        Some(Err(error)) if error.may_have_happened() => {}
        _ => assert_eq!(there, None, "{row}: {told:?}"),
    }
    for id in ["T2", "T3"] {
        let there = debits(sandbox, id).await;
        match &told.batch {
            Some(Ok(_)) => assert_eq!(there, Some(1), "{row}: {told:?}"),
            Some(Err(error)) if error.may_have_happened() => {}
            _ => assert_eq!(there, None, "{row}: {told:?}"),
        }
    }

    // Whatever is in doubt, and whatever is not, settles to one payment each.
    let added = judge.payouts().beneficiaries().create(payee()).await;
    assert!(added.is_ok() || added.is_err_and(|error| is_duplicate(&error)));
    for (id, _) in SUMS {
        let before = debits(sandbox, id).await;
        let made = transfers.resume(transfer(id)).await.unwrap();
        match (&made, before) {
            (Made::Answered(_), None) => {}
            (Made::Found(_), Some(1)) => assert!(looks, "{row}: {made:?}"),
            (Made::Known, Some(1)) => assert!(!looks, "{row}: {made:?}"),
            _ => panic!("{row}: {made:?} {before:?}"),
        }
        assert_eq!(debits(sandbox, id).await, Some(1), "{row}");
    }
    assert_adds_up(sandbox, &row).await;
}

fn ended(made: &Result<Made, Error>) -> String {
    match made {
        Ok(Made::Answered(_)) => "answered".to_owned(),
        Ok(Made::Found(_)) => "found".to_owned(),
        Ok(Made::Known) => "known".to_owned(),
        Ok(other) => panic!("{other:?}"),
        Err(Error::OutcomeUnknown(_)) => "unknown".to_owned(),
        Err(Error::Api(refused)) => format!("{:?}", refused.kind),
        Err(error) => panic!("{error:?}"),
    }
}

/// What has to come of a transfer on which a fault falls, and how often it is sent.
fn expected(kind: FaultKind, times: u32, way: Way, looks: bool) -> (String, usize) {
    use FaultKind as K;

    let sends = times as usize + 1;
    let (ended, sent) = match kind {
        K::Slow if way != Way::Impatient => ("answered", 1),
        K::TokenRefused if times == 1 => ("answered", 2),
        K::TokenRefused => ("TokenRefused", 2),
        K::ErrorIn200 => ("Other", 1),
        // It is there, and the statement shows it.
        kind if is_done_in_spite_of(kind) && looks => ("found", 1),
        // Its body cannot be read, and its status can: 409.
        K::BadJson => ("known", 2),
        _ if times > 2 => ("unknown", 3),
        kind if is_done_in_spite_of(kind) => ("known", sends),
        _ => ("answered", sends),
    };
    (ended.to_owned(), sent)
}

#[tokio::test]
async fn a_program_that_is_stopped_anywhere_goes_on_without_paying_twice() {
    for looks in [false, true] {
        let mut stopped = 0;
        loop {
            let journey = journey(Way::Tcp, true, looks).await;
            let sandbox = &journey.sandbox;
            let payouts = journey.client.payouts();
            payouts.beneficiaries().create(payee()).await.unwrap();
            let create = payouts.transfers().create(transfer("T1"));
            let ended = until_pending(create, stopped + 1).await;

            // It begins anew, and knows no more than that it meant to pay.
            let again = client(sandbox, Way::InProcess, looks);
            let transfers = again.payouts().transfers();
            let made = transfers.resume(transfer("T1")).await.unwrap();
            assert_eq!(debits(sandbox, "T1").await, Some(1), "{stopped}: {made:?}");
            // What was stopped may arrive even now.
            if let Some(ended) = ended {
                assert!(matches!(ended, Ok(Made::Answered(_))), "{ended:?}");
                assert!(!matches!(made, Made::Answered(_)), "{made:?}");
                break;
            }
            stopped += 1;
        }
        assert!(stopped >= 1, "somewhere on the way");
    }
}

#[tokio::test]
async fn two_that_settle_the_same_transfer_pay_it_once() {
    for way in [Way::Tcp, Way::InProcess] {
        let journey = journey(way, true, false).await;
        let sandbox = &journey.sandbox;
        let payouts = journey.client.payouts();
        payouts.beneficiaries().create(payee()).await.unwrap();
        let transfers = payouts.transfers();
        let all = tokio::join!(
            transfers.resume(transfer("T1")),
            transfers.resume(transfer("T1")),
            transfers.resume(transfer("T1")),
        );
        let all = [all.0.unwrap(), all.1.unwrap(), all.2.unwrap()];
        let answered = all.iter().filter(|made| matches!(made, Made::Answered(_)));
        assert_eq!(answered.count(), 1, "{all:?}");
        assert_eq!(debits(sandbox, "T1").await, Some(1));
    }
}

#[tokio::test]
async fn a_rejected_transfer_is_corrected_under_its_id() {
    let journey = journey(Way::InProcess, true, false).await;
    let payouts = journey.client.payouts();
    // Nobody is registered yet, so EnKash rejects it, and the answer to that is lost.
    let lost = Fault::new("create_payout_transfer", FaultKind::LostAnswer);
    journey.sandbox.fault(lost).unwrap();
    let made = payouts.transfers().create(transfer("T1")).await.unwrap();
    assert_eq!(made.standing(), Standing::SendAgain, "{made:?}");
    let reason = made.reject_reason().unwrap();
    assert_eq!(reason.as_str(), "REJECT_BENEF_ID");
    assert_eq!(debits(&journey.sandbox, "T1").await, Some(0));

    payouts.beneficiaries().create(payee()).await.unwrap();
    let made = payouts.transfers().create(transfer("T1")).await.unwrap();
    assert_eq!(made.standing(), Standing::Paid);
    assert!(made.utr().is_some());
    assert_eq!(debits(&journey.sandbox, "T1").await, Some(1));
}

#[tokio::test]
async fn an_id_of_another_transfer_is_seen() {
    let journey = journey(Way::InProcess, true, true).await;
    let payouts = journey.client.payouts();
    payouts.beneficiaries().create(payee()).await.unwrap();
    payouts.transfers().create(transfer("T1")).await.unwrap();

    let mut other = transfer("T1");
    other.transfer_amount = Rupees::from_paise(700);
    let error = payouts.transfers().create(other.clone()).await.unwrap_err();
    assert!(is_duplicate(&error) && !error.may_have_happened());
    let error = payouts.transfers().resume(other).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "create_payout_transfer: EnKash may have done this or not; something else is there under the same id; look for transactionId T1 at EnKash before you use another id, and do not send it again blindly"
    );
}

#[tokio::test]
async fn a_statement_that_is_too_large_does_not_keep_a_transfer_from_being_settled() {
    let journey = journey(Way::Tcp, true, false).await;
    let sandbox = &journey.sandbox;
    let payouts = journey.client.payouts();
    payouts.beneficiaries().create(payee()).await.unwrap();
    for (id, _) in &SUMS[1..] {
        payouts.transfers().create(transfer(id)).await.unwrap();
    }

    // Two lines are more than that, and the answer to a transfer is less.
    let small = HyperTransport::new(Limits::default().with_max_body(700)).unwrap();
    let reader = client_over(sandbox, Arc::new(small), true);
    let transfers = reader.payouts().transfers();
    let seen = transfers.find(&transfer("T2")).await.unwrap();
    assert_eq!(seen, Sighting::NotSeen);
    let lost = Fault::new("create_payout_transfer", FaultKind::LostAnswer);
    sandbox.fault(lost).unwrap();
    let made = transfers.create(transfer("T1")).await.unwrap();
    assert_eq!(made, Made::Known);
    assert_eq!(debits(sandbox, "T1").await, Some(1));
}

#[tokio::test]
async fn the_account_is_read_sealed_or_plain() {
    for sealed in [false, true] {
        let journey = journey(Way::InProcess, sealed, false).await;
        let client = &journey.client;
        let source = journey.sandbox.credentials().fund_source_id.as_str();
        let balance = async || {
            let balance = client.payouts().account().balance(GetBalance::new(source));
            balance.await.unwrap().total_balance
        };
        let before = balance().await;
        client
            .payouts()
            .beneficiaries()
            .create(payee())
            .await
            .unwrap();
        let made = client.payouts().transfers().create(transfer("T1")).await;
        assert_eq!(made.unwrap().standing(), Standing::Paid);
        let after = before.checked_sub(Rupees::from_paise(49_950));
        assert_eq!(Some(balance().await), after);
    }
}
