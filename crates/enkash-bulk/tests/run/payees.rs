//! Payees that a run registers, and whether they were registered before it.

use enkash_sandbox::{Fault as SandboxFault, FaultKind};

use crate::line::Fault;
use crate::{World, file, salaries, salary};

#[tokio::test]
async fn payees_of_this_run_were_not_there_before() {
    let mut world = World::new().await;
    world.settings.concurrency = 4;
    // The answer to one that is registered is lost, and two of the rows are tried again.
    let lost = SandboxFault::new("create_payout_beneficiary", FaultKind::LostAnswer);
    world.sandbox.fault(lost).unwrap();
    world.line.fail([Fault::TooMany; 2]);
    let again = |number| salary(number).replace("SAL", "BONUS");
    let rows = file((1..=10).map(salary).chain((1..=10).map(again)));
    let ended = world.run(&rows).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    assert_eq!(ended.count.known_payees, 0);
    let entries = world.entries().await;
    assert!(entries.values().all(|entry| !entry.facts.payee_was_there));
}

#[tokio::test]
async fn payees_of_a_run_that_stopped_were_not_there_before_the_next() {
    let world = World::new().await;
    // The payee is registered, and he is not paid yet.
    world.line.fail([Fault::NoConnection; 3]);
    let rows = salaries(1);
    assert!(world.run(&rows).await.stop.is_some());
    let ended = world.run(&rows).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    assert_eq!(world.line.calls("/beneficiary-detail"), 2);
    assert_eq!(ended.count.known_payees, 0);
}

#[tokio::test]
async fn payees_of_rows_that_a_run_did_not_come_to_were_not_there_before() {
    let world = World::new().await;
    let rows = salaries(20);
    world.run_and_stop_after(1, &rows).await;
    let registered = world.line.calls("/beneficiary-detail");
    assert!(registered > world.payments(), "{registered}");
    let ended = world.run(&rows).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    assert_eq!(ended.count.known_payees, 0);
}

#[tokio::test]
async fn payees_who_were_there_are_counted_once() {
    let world = World::new().await;
    let before = world.elsewhere().await;
    assert!(before.run(&salaries(2)).await.is_all_paid());
    // One of them is paid twice now, and is tried again.
    world.line.fail([Fault::TooMany]);
    let may = |number| salary(number).replace("SAL", "MAY");
    let rows = file([1, 2, 3].map(may));
    let ended = world.run(&rows).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    assert_eq!(ended.count.known_payees, 2);
    let entries = world.entries().await;
    let known = ["MAY1", "MAY2", "MAY3"].map(|id| entries[id].facts.payee_was_there);
    assert_eq!(known, [true, true, false]);
}
