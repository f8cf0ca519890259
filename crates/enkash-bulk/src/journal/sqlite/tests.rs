use std::pin::{Pin, pin};
use std::sync::mpsc;
use std::task::{Context, Poll, Waker};
use std::time::SystemTime;

use enkash_api::types::Rupees;
use enkash_api::types::payouts::TransferMode;

use super::*;
use crate::journal::Facts;

/// A journal in which so many rows are planned.
async fn planned(path: &Path, rows: u64) -> SqliteJournal {
    let journal = SqliteJournal::open(path).unwrap();
    journal
        .begin(&Run::new("payouts.csv", "f1", "test", ""))
        .await
        .unwrap();
    let rows = (1..=rows).map(|number| {
        let amount = Rupees::from_paise(100);
        let id = format!("T{number}").into();
        Plan::new(number, number + 1, id, amount, TransferMode::Imps, "ASHA1")
    });
    journal.plan(rows.collect()).await.unwrap();
    journal.planned().await.unwrap();
    journal
}

fn sent(row: u64) -> Vec<Step> {
    vec![Step::new(
        row,
        SystemTime::UNIX_EPOCH,
        State::Sent,
        Facts::default(),
    )]
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test]
async fn what_waits_at_the_same_time_is_flushed_once() {
    let directory = tempfile::tempdir().unwrap();
    let journal = planned(&directory.path().join("run.db"), 100).await;
    let (go, wait) = mpsc::channel::<()>();
    // The thread is busy until it is told to go on.
    let mut busy = pin!(journal.writer.ask(move |_| {
        wait.recv().unwrap();
        Ok(())
    }));
    assert!(poll(busy.as_mut()).is_pending());
    let mut waiting: Vec<_> = (1..=100)
        .map(|row| Box::pin(journal.record(sent(row))))
        .collect();
    for record in &mut waiting {
        assert!(
            poll(record.as_mut()).is_pending(),
            "nobody is told before it is on the disk"
        );
    }
    let before = journal.flushes();
    go.send(()).unwrap();
    busy.await.unwrap();
    for record in waiting {
        record.await.unwrap();
    }
    assert_eq!(journal.flushes() - before, 1);
    let entries = journal.entries(Some(State::Sent), 0, 1000).await.unwrap();
    assert_eq!(entries.len(), 100);
}

#[tokio::test]
async fn a_full_disk_ends_it_and_leaves_what_was_told() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("run.db");
    let journal = planned(&path, 5000).await;
    journal
        .writer
        .ask(|store| store.fill_up_at(1))
        .await
        .unwrap();
    let mut told = 0;
    let error = loop {
        match journal.record(sent(told + 1)).await {
            Ok(()) => told += 1,
            Err(error) => break error,
        }
    };
    assert!(
        matches!(&error, JournalError::Failed(why) if why.contains("full")),
        "{error}"
    );
    assert!(told > 0, "some fit in");

    // There is room again, but what it says cannot be relied on any more.
    let room = journal
        .writer
        .ask(|store| store.fill_up_at(1_000_000))
        .await;
    assert_eq!(room, Err(error.clone()));
    assert_eq!(journal.record(sent(5000)).await, Err(error));
    drop(journal);

    let journal = SqliteJournal::open(&path).unwrap();
    let entries = journal.entries(Some(State::Sent), 0, 10_000).await.unwrap();
    let rows: Vec<_> = entries.into_iter().map(|entry| entry.plan.number).collect();
    assert_eq!(rows, (1..=told).collect::<Vec<_>>());
    journal.record(sent(5000)).await.unwrap();
}

#[tokio::test]
async fn what_nobody_waits_for_any_more_is_written_all_the_same() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("run.db");
    let journal = planned(&path, 1).await;
    {
        let mut record = Box::pin(journal.record(sent(1)));
        // Whether it is done by now is the thread's matter.
        let _ = poll(record.as_mut());
    }
    drop(journal);
    let journal = SqliteJournal::open(&path).unwrap();
    let entries = journal.entries(None, 0, 10).await.unwrap();
    assert_eq!(entries.first().map(|entry| entry.state), Some(State::Sent));
}

/// That it is on the disk cannot be tested without cutting the power; that it is asked for can.
#[tokio::test]
async fn steps_are_flushed_and_half_a_plan_is_not() {
    const ALL: i32 = 3;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("run.db");
    let durability = async |journal: &SqliteJournal| {
        let level = journal.writer.ask(|store| store.durability()).await;
        level.unwrap()
    };
    let journal = SqliteJournal::open(&path).unwrap();
    let run = Run::new("payouts.csv", "f1", "test", "");
    journal.begin(&run).await.unwrap();
    assert!(durability(&journal).await < ALL);
    journal.planned().await.unwrap();
    assert_eq!(durability(&journal).await, ALL);
    drop(journal);
    let journal = SqliteJournal::open(&path).unwrap();
    journal.begin(&run).await.unwrap();
    assert_eq!(durability(&journal).await, ALL);
}
