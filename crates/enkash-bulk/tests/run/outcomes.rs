//! What becomes of rows that do not go through, and what the journal says of them.

use std::sync::Arc;

use enkash_bulk::api::transport::{MemoryTransport, Transport as _};
use enkash_bulk::journal::{Journal as _, State};

use crate::line::Fault;
use crate::{World, checked, file, salaries, salary};

impl World {
    /// Another run's place, at the same EnKash.
    pub(crate) async fn elsewhere(&self) -> Self {
        let mut other = Self::new().await;
        other.sandbox = Arc::clone(&self.sandbox);
        other.line = self.line.clone();
        other.clock = self.clock.clone();
        other
    }
}

#[tokio::test]
async fn each_row_says_why_it_did_not_go_through() {
    let world = World::new().await;
    let other = world.elsewhere().await;
    let taken = file(["SAL4,4,UPI,,,,,asha@examplebank".to_owned(), salary(7)]);
    assert!(other.run(&taken).await.is_all_paid());

    let rows = file([
        salary(1),
        "SAL2,2,IMPS,EMP2,Asha Rao,100000000001,EXAM0000001,".to_owned(),
        "SAL3,3,UPI,,,,,decline@sandbox".to_owned(),
        "SAL4,4,UPI,,,,,ravi@examplebank".to_owned(),
        // The payee of an earlier file, whom EnKash knows.
        "SAL5,5,IMPS,EMP7,,,,".to_owned(),
        "SAL6,6,IMPS,NOBODY,,,,".to_owned(),
    ]);
    let mut world = world;
    world.settings.concurrency = 1;
    let ended = world.run(&rows).await;
    assert!(ended.stop.is_none(), "{:?}", ended.stop);
    let told: Vec<_> = world
        .entries()
        .await
        .into_iter()
        .map(|(id, entry)| format!("{id} {} {}", entry.state, entry.facts.in_words().unwrap()))
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    SAL1 PAID EnKash says SUCCESS
    SAL2 REJECTED REJECT_BENEF_ACC: the beneficiary account number is missing or invalid
    SAL3 NOT_PAID EnKash says FAILED
    SAL4 REFUSED create_payout_transfer: EnKash refused (HTTP 409, code 409): transactionId: was used before; look at what the id names before you use another
    SAL5 PAID EnKash says SUCCESS
    SAL6 REJECTED REJECT_BENEF_ID: the beneficiary id is missing or invalid
    ");
    assert_eq!(ended.count.failures, 4);
    // What is over is not tried again.
    let calls = world.line.calls("");
    let again = world.run(&rows).await;
    assert_eq!((again.count.answers, world.line.calls("")), (0, calls));
}

#[tokio::test]
async fn a_payee_who_was_there_is_paid_and_that_is_said() {
    let world = World::new().await;
    let other = world.elsewhere().await;
    let first = file([salary(1), salary(2)]);
    assert!(other.run(&first).await.is_all_paid());
    let next = file([
        salary(1).replace("SAL", "MAY"),
        salary(3).replace("SAL", "MAY"),
    ]);
    assert!(world.run(&next).await.is_all_paid());
    let entries = world.entries().await;
    assert!(entries["MAY1"].facts.payee_was_there);
    assert!(!entries["MAY3"].facts.payee_was_there);
}

#[tokio::test]
async fn a_payee_who_is_refused_is_not_paid() {
    let world = World::new().await;
    let faults = enkash_sandbox::Fault::new(
        "create_payout_beneficiary",
        enkash_sandbox::FaultKind::ErrorIn200,
    );
    world.sandbox.fault(faults).unwrap();
    let mut world = world;
    world.settings.concurrency = 1;
    let salaries = salaries(2);
    let ended = world.run(&salaries).await;
    assert!(ended.stop.is_none());
    assert_eq!(world.states().await, [State::Refused, State::Paid]);
    let entries = world.entries().await;
    let reason = entries["SAL1"].facts.reason.as_deref().unwrap();
    assert!(
        reason.starts_with("its beneficiary could not be added: "),
        "{reason}"
    );
    assert_eq!(world.ledger().await.len(), 1);
    // It was never sent.
    let journal = world.journal();
    let steps = journal.steps(1).await.unwrap();
    assert_eq!(
        steps.iter().map(|step| step.to).collect::<Vec<_>>(),
        [State::Refused]
    );
}

#[tokio::test]
async fn a_payee_whose_answer_is_lost_is_added_again() {
    let world = World::new().await;
    for kind in [
        enkash_sandbox::FaultKind::LostAnswer,
        enkash_sandbox::FaultKind::ServerError,
    ] {
        let fault = enkash_sandbox::Fault::new("create_payout_beneficiary", kind);
        world.sandbox.fault(fault).unwrap();
    }
    let salaries = salaries(1);
    assert!(world.run(&salaries).await.is_all_paid());
    world.assert_all_paid(&salaries).await;
}

#[tokio::test]
async fn what_did_not_leave_is_sent_by_the_same_run_once_others_get_through() {
    let mut world = World::new().await;
    world.settings.concurrency = 1;
    // The client itself tries three times.
    world.line.fail([Fault::NoConnection; 6]);
    let salaries = salaries(4);
    let ended = world.run(&salaries).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    let journal = world.journal();
    let steps = journal.steps(1).await.unwrap();
    let states: Vec<_> = steps.iter().map(|step| step.to).collect();
    assert_eq!(
        states,
        [State::Sent, State::Planned, State::Sent, State::Paid]
    );
    drop(journal);
    world.assert_all_paid(&salaries).await;
}

/// What may have been sent is not taken for unsent because a later request was refused: the first
/// may have emptied the account.
#[tokio::test]
async fn a_refusal_after_a_lost_answer_proves_nothing() {
    let mut world = World::new().await;
    world.settings.failures_in_a_row = 0;
    let salaries = salaries(1);
    let lost = [Fault::LostAnswer, Fault::Refused, Fault::Refused];
    world.line.fail(lost);
    let ended = world.run(&salaries).await;
    assert!(ended.stop.is_none(), "{:?}", ended.stop);
    assert_eq!(world.states().await, [State::Sent]);
    assert_eq!(world.ledger().await["SAL1"]["debits"], 1);

    let runner = world.runner_with(world.seeing(), world.journal());
    let ended = world.run_with(runner, &salaries).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    world.assert_all_paid(&salaries).await;
}

#[tokio::test]
async fn no_whole_account_number_and_no_secret_is_in_the_journal() {
    let world = World::new().await;
    let rows = file([
        salary(1),
        "SAL2,2,IMPS,EMP2,Asha Rao,100000000001,EXAM0000001,".to_owned(),
        "SAL3,3,IMPS,EMP3,Asha Rao,500100200300,EXAM0000001,".to_owned(),
    ]);
    let ended = world.run(&rows).await;
    assert!(ended.stop.is_none(), "{:?}", ended.stop);
    let states = world.states().await;
    let file = std::fs::read(world.path()).unwrap();
    let holds = |text: &str| file.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds("XXXXXXXX0300"), "{states:?}");
    let secrets = world.sandbox.credentials();
    for secret in [
        "501000000001",
        "100000000001",
        "500100200300",
        secrets.client_secret.expose(),
        secrets.password.expose(),
        secrets.debit_account_number.as_str(),
    ] {
        assert!(!holds(secret), "{secret}");
    }
}

/// EnKash speaks of one row of a batch, and that is written down for all of them.
#[tokio::test]
async fn no_whole_account_number_of_another_row_is_in_the_journal() {
    let mut world = World::new().await;
    world.settings.batch = 3;
    world.line.fail([Fault::TooManyNamed]);
    let salaries = salaries(3);
    let ended = world.run(&salaries).await;
    assert!(ended.stop.is_none(), "{:?}", ended.stop);
    let file = std::fs::read(world.path()).unwrap();
    let holds = |text: &str| file.windows(text.len()).any(|part| part == text.as_bytes());
    assert!(holds("XXXXXXXX0002 has to wait"));
    assert!(!holds("501000000002"));
}

/// The account that is paid from is in the request for its balance too.
#[tokio::test]
async fn what_is_said_of_the_balance_repeats_no_whole_account_number() {
    for status in [401, 403] {
        let mut world = World::new().await;
        world.settings.debit_account = Some("200300400500".into());
        let line = world.line.transport();
        let line = Arc::new(line);
        let transport = MemoryTransport::new(move |request| {
            let line = Arc::clone(&line);
            async move {
                if !request.uri().path().ends_with("/balance") {
                    return line.send(request).await;
                }
                let words = r#"{"response_message":"not for 200300400500"}"#;
                let answer = http::Response::builder().status(status);
                Ok(answer.body(words.into()).unwrap())
            }
        });
        let client = world.builder().transport(transport).build().unwrap();
        let runner = world.runner_with(client, world.journal());
        let salaries = salaries(1);
        let ended = runner
            .run("payouts.csv", &salaries, &checked(&salaries))
            .await;
        let stop = ended.stop.unwrap().to_string();
        assert!(stop.contains("not for XXXXXXXX0500"), "{stop}");
        assert!(!stop.contains("200300400500"), "{stop}");
    }
}

/// However many rows are in it, one request failed.
#[tokio::test]
async fn a_batch_whose_answer_is_lost_is_settled_row_by_row() {
    for fault in [Fault::LostAnswer, Fault::LostRequest, Fault::BadGateway] {
        let mut world = World::new().await;
        world.settings.batch = 30;
        // The client asks for the batch again; each of its tries fails the same way.
        world.line.fail([fault; 3]);
        let salaries = salaries(30);
        let ended = world.run(&salaries).await;
        assert!(ended.stop.is_none(), "{fault:?}: {:?}", ended.stop);
        let ledger = world.ledger().await;
        assert_eq!(ledger.len(), 30, "{fault:?}");
        assert!(ledger.values().all(|transfer| transfer["debits"] == 1));
        world.assert_agree().await;
        assert!(!world.states().await.contains(&State::Sent), "{fault:?}");
    }
}
