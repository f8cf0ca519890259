//! Runs to which EnKash says that they are too fast.

use std::time::Duration;

use enkash_bulk::run::Stop;
use enkash_sandbox::{Fault as SandboxFault, FaultKind};

use crate::line::Fault;
use crate::{World, file, inline, salaries};

#[tokio::test]
async fn requests_that_are_refused_together_are_too_many_once() {
    let world = World::new().await;
    world.line.fail([Fault::TooManyTogether; 8]);
    // One goes first, twice.
    world.line.fail([Fault::TooMany; 2]);
    let rows = file((1..=40).map(inline));
    let ended = world.run(&rows).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    let count = ended.count;
    assert_eq!(count.failures, 10);
    assert!(
        count.elapsed < Duration::from_secs(32),
        "{:?}",
        count.elapsed
    );
    world.assert_all_paid(&rows).await;
}

/// Payees are answered long before the first row is.
#[tokio::test]
async fn payees_that_are_registered_end_the_wait() {
    let mut world = World::new().await;
    (world.settings.concurrency, world.settings.batch) = (1, 7);
    // All tries for one payee fail.
    let fails = SandboxFault::new("create_payout_beneficiary", FaultKind::ServerError);
    world.sandbox.fault(fails.times(3)).unwrap();
    let rows = salaries(120);
    let ended = world.run(&rows).await;
    assert!(ended.stop.is_none(), "{:?}", ended.stop);
    let elapsed = ended.count.elapsed;
    assert!(elapsed < Duration::from_secs(20), "{elapsed:?}");
}

#[tokio::test]
async fn a_file_of_few_rows_waits_too() {
    let world = World::new().await;
    world.line.fail([Fault::TooMany; 8]);
    let rows = file((1..=3).map(inline));
    let ended = world.run(&rows).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    world.assert_all_paid(&rows).await;
}

#[tokio::test]
async fn it_does_not_wait_for_ever() {
    for (limit, rows) in [(10, 3), (10, 60), (0, 3), (0, 60)] {
        let mut world = World::new().await;
        world.settings.failures_in_a_row = limit;
        world.line.fail([Fault::TooMany; 1000]);
        let rows = file((1..=rows).map(inline));
        let ended = world.run(&rows).await;
        match ended.stop {
            Some(Stop::Failures { in_a_row: 10, .. }) if limit == 10 => {}
            Some(Stop::NotSent { .. }) if limit == 0 => {}
            stop => panic!("{limit}: {stop:?}"),
        }
        world.assert_agree().await;
    }
}
