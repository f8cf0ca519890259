//! Runs to which EnKash says that they are too fast.

use std::time::Duration;

use enkash_bulk::run::Stop;

use crate::line::Fault;
use crate::{World, file, inline};

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
