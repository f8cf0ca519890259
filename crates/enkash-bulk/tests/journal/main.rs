//! The journal in a file, as a run and a report use it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod kill;
mod opening;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use enkash_bulk::journal::{
    Difference, Entry, Facts, Journal, JournalError, Plan, Run, SqliteJournal, State, Step, Tally,
    Unnamed,
};
use enkash_bulk::types::payouts::{TransferMode, TransferStatus};
use tempfile::TempDir;

/// A journal in a directory of its own, which goes with it.
struct Kept {
    journal: SqliteJournal,
    directory: TempDir,
}

impl Kept {
    fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let journal = SqliteJournal::open(directory.path().join("run.db")).unwrap();
        Self { journal, directory }
    }

    /// With so many rows, all planned.
    async fn planned(rows: u64) -> Self {
        let kept = Self::new();
        assert!(!kept.journal.begin(&run()).await.unwrap());
        kept.journal
            .plan((1..=rows).map(row).collect())
            .await
            .unwrap();
        kept.journal.planned().await.unwrap();
        kept
    }

    /// Closed and opened again.
    fn again(self) -> Self {
        let Self { journal, directory } = self;
        drop(journal);
        let journal = SqliteJournal::open_existing(directory.path().join("run.db")).unwrap();
        Self { journal, directory }
    }

    async fn entry(&self, row: u64) -> Entry {
        let entries = self.journal.entries(None, row - 1, 1).await.unwrap();
        entries.into_iter().next().unwrap()
    }
}

fn run() -> Run {
    let mut run = Run::new(
        "payouts.csv",
        "f1",
        "https://ekpayout-uat.enkash.in/",
        "EKCI4XTWKC",
    );
    run.begun = at(0);
    run
}

fn row(number: u64) -> Plan {
    let id = format!("SALARY{number}").into();
    let amount = format!("{number}.50").parse().unwrap();
    Plan::new(
        number,
        number + 1,
        id,
        amount,
        TransferMode::Imps,
        "ASHA1 XXXXXXXX9012",
    )
}

fn at(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600 + seconds)
}

fn step(row: u64, to: State) -> Step {
    Step::new(row, at(row), to, Facts::default())
}

/// What a report reads the statement from.
#[tokio::test]
async fn when_a_run_was_begun_is_kept_whatever_comes_later() {
    let kept = Kept::planned(2).await;
    for state in [State::Sent, State::Taken, State::Paid] {
        let later = Step::new(1, at(1_000_000), state, Facts::default());
        kept.journal.record(vec![later]).await.unwrap();
    }
    let kept = kept.again();
    let mut again = run();
    again.begun = at(1_000_000);
    assert!(kept.journal.begin(&again).await.unwrap());
    assert_eq!(kept.journal.run().await.unwrap().begun, at(0));
}

#[tokio::test]
async fn a_row_keeps_its_plan_and_gathers_what_becomes_known() {
    let kept = Kept::planned(3).await;
    let sent = Facts {
        batch: Some("B1".into()),
        unnamed: Some(Unnamed::LeftOut),
        payee_was_there: true,
        ..Facts::default()
    };
    let taken = Facts {
        status: Some(TransferStatus::Processing),
        enkash_id: Some("ENK1".into()),
        ..Facts::default()
    };
    let paid = Facts {
        status: Some(TransferStatus::Success),
        utr: Some("N123".to_owned()),
        ..Facts::default()
    };
    let steps = [
        Step::new(2, at(10), State::Sent, sent.clone()),
        Step::new(
            2,
            at(11),
            State::Sent,
            Facts::default().because("no answer"),
        ),
        Step::new(2, at(12), State::Taken, taken.clone()),
        Step::new(2, at(13), State::Paid, paid.clone()),
    ];
    for step in &steps {
        kept.journal.record(vec![step.clone()]).await.unwrap();
    }

    let kept = kept.again();
    let entry = kept.entry(2).await;
    assert_eq!(entry.plan, row(2));
    assert_eq!((entry.state, entry.changed), (State::Paid, Some(at(13))));
    let facts = Facts {
        batch: sent.batch,
        unnamed: sent.unnamed,
        payee_was_there: true,
        enkash_id: taken.enkash_id,
        status: paid.status,
        utr: paid.utr,
        reason: None,
    };
    assert_eq!(entry.facts, facts);
    assert_eq!(kept.journal.steps(2).await.unwrap(), steps);
    let entry = kept.entry(1).await;
    assert_eq!((entry.state, entry.changed), (State::Planned, None));
    assert_eq!(kept.journal.run().await.unwrap(), run());
}

#[tokio::test]
async fn rows_are_read_in_their_order_a_few_at_a_time_and_counted() {
    let kept = Kept::planned(10).await;
    for row in [2, 5, 9] {
        kept.journal
            .record(vec![step(row, State::Sent)])
            .await
            .unwrap();
    }
    let numbers = async |only, after, at_most| -> Vec<u64> {
        let entries = kept.journal.entries(only, after, at_most).await.unwrap();
        entries.into_iter().map(|entry| entry.plan.number).collect()
    };
    assert_eq!(numbers(None, 0, 4).await, [1, 2, 3, 4]);
    assert_eq!(numbers(None, 8, 4).await, [9, 10]);
    assert_eq!(numbers(Some(State::Sent), 0, 2).await, [2, 5]);
    assert_eq!(numbers(Some(State::Sent), 5, 2).await, [9]);
    assert_eq!(numbers(Some(State::Paid), 0, 9).await, [0; 0]);

    let tally = Tally::of(&kept.journal).await.unwrap();
    assert_eq!(tally.all().rows, 10);
    assert_eq!(tally.all().rupees, "60".parse().unwrap());
    assert_eq!(tally.in_state(State::Sent).rows, 3);
    assert_eq!(tally.in_state(State::Sent).rupees, "17.50".parse().unwrap());
}

#[tokio::test]
async fn a_step_that_may_not_be_is_refused_and_nothing_comes_after_it() {
    for (states, to) in [
        (&[][..], State::Paid),
        (&[State::Sent, State::Taken], State::Sent),
        (&[State::Sent, State::Paid], State::Planned),
        (&[State::Refused], State::Sent),
    ] {
        let kept = Kept::planned(3).await;
        for state in states {
            kept.journal.record(vec![step(2, *state)]).await.unwrap();
        }
        let from = states.last().copied().unwrap_or(State::Planned);
        // The other step of the same call is not taken either.
        let error = kept
            .journal
            .record(vec![step(1, State::Sent), step(2, to)])
            .await;
        let impossible = JournalError::Impossible {
            row: 2,
            from: Some(from),
            to,
        };
        assert_eq!(error, Err(impossible.clone()));
        let error = kept.journal.record(vec![step(3, State::Sent)]).await;
        assert_eq!(error, Err(impossible));

        let kept = kept.again();
        assert_eq!(kept.entry(1).await.state, State::Planned);
        assert_eq!(kept.entry(2).await.state, from);
        assert_eq!(kept.entry(3).await.state, State::Planned);
    }
    let kept = Kept::planned(3).await;
    let error = kept.journal.record(vec![step(4, State::Sent)]).await;
    let nowhere = JournalError::Impossible {
        row: 4,
        from: None,
        to: State::Sent,
    };
    assert_eq!(error, Err(nowhere));
}

#[tokio::test]
async fn a_plan_comes_before_everything_and_takes_an_id_once() {
    let kept = Kept::new();
    let journal = &kept.journal;
    assert_eq!(journal.run().await, Err(JournalError::Empty));
    journal.begin(&run()).await.unwrap();
    journal.plan(vec![row(1), row(2)]).await.unwrap();
    // Nothing is sent while rows are still to be planned.
    let early = journal.record(vec![step(1, State::Sent)]).await;
    assert_eq!(early, Err(JournalError::OutOfTurn));

    let kept = kept.again();
    let journal = &kept.journal;
    assert!(
        !journal.begin(&run()).await.unwrap(),
        "the plan was not finished"
    );
    assert_eq!(
        journal.entries(None, 0, 9).await.unwrap(),
        [],
        "and begins anew"
    );
    journal.plan(vec![row(1), row(2)]).await.unwrap();
    let mut same = row(3);
    same.transfer_id = row(1).transfer_id;
    let refused = journal.plan(vec![row(4), same]).await;
    assert_eq!(refused, Err(JournalError::SameId { row: 3 }));
    journal.planned().await.unwrap();
    assert_eq!(journal.entries(None, 0, 9).await.unwrap().len(), 2);
    assert_eq!(
        journal.plan(vec![row(3)]).await,
        Err(JournalError::OutOfTurn)
    );

    let kept = kept.again();
    assert!(kept.journal.begin(&run()).await.unwrap());
    kept.journal
        .record(vec![step(1, State::Sent)])
        .await
        .unwrap();
}

#[tokio::test]
async fn another_run_is_refused_and_changes_nothing() {
    let kept = Kept::planned(2).await;
    let change = |change: fn(&mut Run)| {
        let mut run = run();
        change(&mut run);
        run
    };
    let begun = kept.journal.run().await.unwrap().begun;
    for (other, difference) in [
        (
            change(|run| run.fingerprint = "f2".to_owned()),
            Difference::File {
                name: "payouts.csv".to_owned(),
                begun,
            },
        ),
        (
            change(|run| run.address = "https://api.enkash.in/".to_owned()),
            Difference::Address(run().address),
        ),
        (
            change(|run| run.account = String::new()),
            Difference::Account(run().account),
        ),
    ] {
        let refused = kept.journal.begin(&other).await;
        assert_eq!(refused, Err(JournalError::AnotherRun(difference)));
    }
    let name = "april.csv".to_owned();
    let begun = UNIX_EPOCH + Duration::from_secs(1_709_231_400);
    insta::assert_snapshot!(JournalError::AnotherRun(Difference::File { name, begun }), @"the journal is of april.csv, begun on 2024-03-01, and this is another file, or it was changed since: go on with the file as it was, and pay other rows with a journal of their own");
    // What a person calls it does not matter.
    let renamed = change(|run| run.name = "copy.csv".to_owned());
    assert!(kept.journal.begin(&renamed).await.unwrap());
    assert_eq!(kept.journal.run().await.unwrap().name, "payouts.csv");
    kept.journal
        .record(vec![step(1, State::Sent)])
        .await
        .unwrap();
}
