//! Payees that a run registers, and whether they were registered before it.

use std::collections::BTreeSet;
use std::sync::Arc;

use enkash_bulk::api::transport::{MemoryTransport, Transport as _};
use enkash_bulk::file::PayoutFile;
use enkash_bulk::journal::State;
use enkash_bulk::run::{Ended, Stop, Stopper};
use enkash_sandbox::{Fault as SandboxFault, FaultKind};

use crate::line::Fault;
use crate::{World, checked, file, salaries, salary};

/// Where the path ends that registers a payee.
const REGISTERS: &str = "/beneficiary-detail";

/// One more row for the payee of a salary.
fn bonus(number: u32) -> String {
    salary(number).replace("SAL", "BONUS")
}

/// A bonus as the first row, with an id of its own.
fn gift(number: u32, of: u32) -> String {
    salary(of).replace(&format!("SAL{of}"), &format!("GIFT{number}"))
}

impl World {
    /// The journal of another file has registered these payees.
    async fn have_registered(&self, rows: &PayoutFile) {
        let before = self.elsewhere().await;
        assert!(before.run(rows).await.is_all_paid());
    }

    /// A run that is asked to stop when the first payee is on his way.
    async fn run_and_stop_at_a_payee(&self, rows: &PayoutFile) -> Ended {
        let stopper = Stopper::new();
        let on_the_way = Arc::new((self.line.transport(), stopper.clone()));
        let transport = MemoryTransport::new(move |request| {
            let on_the_way = Arc::clone(&on_the_way);
            async move {
                let (line, stopper) = &*on_the_way;
                if request.uri().path().ends_with(REGISTERS) {
                    stopper.stop();
                }
                line.send(request).await
            }
        });
        let client = self.builder().transport(transport).build().unwrap();
        let runner = self.runner_with(client, self.journal());
        let runner = runner.with_stopper(stopper);
        runner.run("payouts.csv", rows, &checked(rows)).await
    }

    fn registrations(&self) -> usize {
        self.line.calls(REGISTERS)
    }

    /// The rows whose payee was there, by id.
    async fn marked(&self) -> BTreeSet<String> {
        let entries = self.entries().await.into_iter();
        let marked = entries.filter(|(_, entry)| entry.facts.payee_was_there);
        marked.map(|(id, _)| id).collect()
    }
}

fn ids<const N: usize>(ids: [&str; N]) -> BTreeSet<String> {
    ids.map(str::to_owned).into()
}

#[tokio::test]
async fn payees_of_this_run_were_not_there_before() {
    let mut world = World::new().await;
    world.settings.concurrency = 4;
    // The answer to one that is registered is lost, and two of the rows are tried again.
    let lost = SandboxFault::new("create_payout_beneficiary", FaultKind::LostAnswer);
    world.sandbox.fault(lost).unwrap();
    world.line.fail([Fault::TooMany; 2]);
    let rows = file((1..=10).map(salary).chain((1..=10).map(bonus)));
    let ended = world.run(&rows).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    // Whether he was there before the lost answer, nobody can tell.
    assert_eq!(ended.count.known_payees, 1);
    assert_eq!(world.marked().await.len(), 2);
    assert_eq!(world.registrations(), 11);
}

/// The first request does not arrive, and the next is told that he is known.
#[tokio::test]
async fn a_payee_who_was_there_is_told_also_after_a_lost_answer() {
    let world = World::new().await;
    world.have_registered(&salaries(1)).await;
    let reset = SandboxFault::new("create_payout_beneficiary", FaultKind::Reset);
    world.sandbox.fault(reset).unwrap();
    let rows = file([bonus(1)]);
    let ended = world.run(&rows).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    assert_eq!(ended.count.known_payees, 1);
    assert_eq!(world.marked().await, ids(["BONUS1"]));
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
    assert_eq!(world.registrations(), 2);
    assert_eq!(ended.count.known_payees, 0);
}

#[tokio::test]
async fn payees_of_rows_that_a_run_did_not_come_to_were_not_there_before() {
    let world = World::new().await;
    let rows = salaries(20);
    world.run_and_stop_after(1, &rows).await;
    let registered = world.registrations();
    assert!(registered > world.payments(), "{registered}");
    let ended = world.run(&rows).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    assert_eq!(ended.count.known_payees, 0);
}

#[tokio::test]
async fn payees_of_rows_that_were_paid_were_not_there_before_the_next_run() {
    let world = World::new().await;
    // All have a second row, far behind the first.
    let rows = file((1..=200).map(salary).chain((1..=200).map(bonus)));
    world.run_and_stop_after(95, &rows).await;
    assert!(world.payments() < 200);
    let ended = world.run(&rows).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    assert_eq!(ended.count.known_payees, 0);
    assert_eq!(world.marked().await, ids([]));
}

#[tokio::test]
async fn a_payee_who_is_why_his_row_was_refused_is_not_of_this_journal() {
    let mut world = World::new().await;
    world.settings.concurrency = 1;
    world.have_registered(&salaries(3)).await;
    // One is refused; another is registered, and his row is refused. For more there is no money.
    let refused = SandboxFault::new("create_payout_beneficiary", FaultKind::ErrorIn200);
    world.sandbox.fault(refused).unwrap();
    world.line.fail([Fault::Refused]);
    world.set_balance(100).await;
    let large = |row: String| row.replace(".25", "000.25");
    let rows = file([bonus(1), bonus(4), large(gift(1, 1)), large(gift(4, 4))]);
    let ended = world.run(&rows).await;
    assert!(matches!(ended.stop, Some(Stop::Balance { .. })));
    let (refused, planned) = (State::Refused, State::Planned);
    assert_eq!(world.states().await, [refused, refused, planned, planned]);
    world.set_balance(100_000).await;
    let ended = world.run(&rows).await;
    assert!(ended.stop.is_none(), "{:?}", ended.stop);
    assert_eq!(ended.count.known_payees, 1);
    assert_eq!(world.marked().await, ids(["GIFT1"]));
}

#[tokio::test]
async fn payees_who_were_there_are_counted_once() {
    let world = World::new().await;
    world.have_registered(&salaries(2)).await;
    let before = world.registrations();
    // One of them is paid twice now, and the first row is tried again.
    world.line.fail([Fault::TooMany]);
    let rows = file([bonus(1), bonus(2), bonus(3), gift(1, 1)]);
    let ended = world.run(&rows).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    assert_eq!(ended.count.known_payees, 2);
    assert_eq!(world.marked().await, ids(["BONUS1", "BONUS2", "GIFT1"]));
    assert_eq!(world.registrations() - before, 3);
}

#[tokio::test]
async fn rows_of_one_payee_side_by_side_are_all_marked() {
    for concurrency in [1, 8] {
        let mut world = World::new().await;
        world.have_registered(&salaries(1)).await;
        let before = world.registrations();
        world.settings.concurrency = concurrency;
        let rows = file((1..=8).map(|number| gift(number, 1)));
        let ended = world.run(&rows).await;
        assert!(ended.is_all_paid(), "{:?}", ended.stop);
        assert_eq!(ended.count.known_payees, 1);
        assert_eq!(world.marked().await.len(), 8);
        assert_eq!(world.registrations() - before, 1);
    }
}

#[tokio::test]
async fn payees_who_were_there_are_told_by_a_run_that_stops() {
    let world = World::new().await;
    world.have_registered(&salaries(20)).await;
    let rows = file((1..=20).map(bonus));
    let paid = world.payments();
    let ended = world.run_and_stop_at_a_payee(&rows).await;
    assert!(matches!(ended.stop, Some(Stop::Asked)), "{:?}", ended.stop);
    assert_eq!(world.payments(), paid);
    let marked = world.marked().await;
    assert!(!marked.is_empty());
    assert_eq!(ended.count.known_payees, marked.len() as u64);
    // The next run is to register them as well, and keeps what is known of their rows.
    let ended = world.run(&rows).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    assert_eq!(ended.count.known_payees, 20);
    assert_eq!(world.marked().await.len(), 20);
}

#[tokio::test]
async fn a_row_whose_payee_another_could_not_register_tries_by_itself() {
    let world = World::new().await;
    let refused = SandboxFault::new("create_payout_beneficiary", FaultKind::ErrorIn200);
    world.sandbox.fault(refused).unwrap();
    let rows = file((1..=3).map(|number| gift(number, 1)));
    let ended = world.run(&rows).await;
    assert!(ended.stop.is_none(), "{:?}", ended.stop);
    let paid = State::Paid;
    assert_eq!(world.states().await, [State::Refused, paid, paid]);
    assert_eq!(world.registrations(), 2);
    assert_eq!(ended.count.known_payees, 0);
}

#[tokio::test]
async fn rows_that_wait_for_their_payee_do_not_register_him_in_a_run_that_stops() {
    let world = World::new().await;
    let fault = SandboxFault::new("create_payout_beneficiary", FaultKind::Reset);
    world.sandbox.fault(fault.times(100)).unwrap();
    let rows = file((1..=8).map(|number| gift(number, 1)));
    let ended = world.run_and_stop_at_a_payee(&rows).await;
    assert!(matches!(ended.stop, Some(Stop::Asked)), "{:?}", ended.stop);
    assert_eq!((world.registrations(), world.payments()), (1, 0));
}
