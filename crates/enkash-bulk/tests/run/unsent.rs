//! Runs that end with rows that were not sent.

use enkash_bulk::api::transport::{Failure, MemoryTransport, Sent, TransportError};
use enkash_bulk::journal::{Journal as _, JournalError, State, Unnamed};
use enkash_bulk::run::{Ended, Settings, Stop};

use crate::line::Fault;
use crate::{World, file, inline, salaries};

fn assert_not_sent(ended: &Ended, count: u64, why: &str) {
    let Some(Stop::NotSent { rows, last }) = &ended.stop else {
        panic!("{:?}", ended.stop);
    };
    assert_eq!(*rows, count);
    assert!(last.contains(why), "{last}");
    assert_eq!(ended.count.tally.in_state(State::Planned).rows, count);
    assert!(!ended.is_all_paid());
}

#[tokio::test]
async fn a_run_that_reaches_nobody_says_that_nothing_was_sent() {
    for rows in [salaries(3), file((1..=3).map(inline))] {
        let world = World::new().await;
        let refused = |_| async { Err(TransportError::new(Failure::Connect, Sent::No)) };
        let transport = MemoryTransport::new(refused);
        let client = world.builder().transport(transport).build().unwrap();
        let runner = world.runner_with(client, world.journal());
        let ended = world.run_with(runner, &rows).await;
        assert_not_sent(&ended, 3, "could not be reached");
        assert!(world.run(&rows).await.is_all_paid());
        world.assert_all_paid(&rows).await;
    }
}

/// A token can be had, and transfers cannot be made.
#[tokio::test]
async fn rows_that_never_leave_are_not_taken_for_paid() {
    let world = World::new().await;
    world.line.fail([Fault::NoConnection; 100]);
    let rows = file((1..=3).map(inline));
    assert_not_sent(&world.run(&rows).await, 3, "could not be reached");
    world.assert_agree().await;
}

/// A batch that is refused is not its rows, each of which is sent by itself; the next run knows.
#[tokio::test]
async fn rows_of_a_refused_batch_are_planned_when_the_run_stops_there() {
    let mut world = World::new().await;
    world.settings.batch = 3;
    world.line.fail([Fault::Refused]);
    let rows = file((1..=3).map(inline));
    let ended = world.run_and_stop_after(1, &rows).await;
    assert!(matches!(ended.stop, Some(Stop::Asked)), "{:?}", ended.stop);
    assert_eq!(world.states().await, [State::Planned; 3]);
    assert!(world.ledger().await.is_empty());
    let facts = &world.entries().await["SAL1"].facts;
    assert_eq!(facts.unnamed, Some(Unnamed::InRefused));
    let reason = facts.reason.as_deref().unwrap();
    assert!(reason.starts_with("EnKash refused its batch ("), "{reason}");
    assert!(world.run(&rows).await.is_all_paid());
    assert_eq!((world.line.calls("/batch"), world.payments()), (1, 3));
    world.assert_all_paid(&rows).await;
}

/// It would be wrong in each row, and each would be refused for good.
#[tokio::test]
async fn an_account_that_breaks_a_rule_stops_it_before_the_plan() {
    let mut world = World::new().await;
    world.settings = Settings::default();
    world.settings.debit_account = Some("12345".into());
    let rows = salaries(2);
    let ended = world.run(&rows).await;
    let Some(Stop::NotConfigured(why)) = &ended.stop else {
        panic!("{:?}", ended.stop);
    };
    assert!(why.contains("debitAccountNumber"), "{why}");
    assert_eq!(world.line.calls(""), 0);
    let journal = world.journal();
    assert_eq!(journal.run().await, Err(JournalError::Empty));
}
