//! A process that ends in the middle, at every moment at which it can, and the next that goes on.
//!
//! A crash is a run that is dropped: whatever it was doing stays undone, and what the journal was
//! given by then is there. That a kill leaves the journal like that is tested with the journal.

use std::collections::BTreeSet;

use enkash_bulk::file::PayoutFile;
use enkash_bulk::journal::State;
use enkash_bulk::run::Ended;
use enkash_types::strategies::repeatable;
use proptest::prelude::*;

use crate::gated::Gated;
use crate::line::{Fault, Moments};
use crate::{World, checked, file, salaries};

impl World {
    /// A run whose process ends after so many moments; `Err` is where it was then.
    async fn run_until(&self, last: usize, file: &PayoutFile) -> Result<Ended, &'static str> {
        let moments = Moments::until(last);
        self.line.count(&moments);
        let journal = Gated {
            journal: self.journal(),
            gate: moments.clone(),
        };
        let runner = self.runner_with(self.client(), journal);
        let checked = checked(file);
        tokio::select! {
            ended = runner.run("payouts.csv", file, &checked) => Ok(ended),
            at = moments.crash() => Err(at),
        }
    }

    /// The process after the crash, which nothing disturbs.
    async fn run_in_peace(&self, file: &PayoutFile) -> Ended {
        self.line.count(&Moments::until(usize::MAX));
        self.run(file).await
    }
}

/// Ends a run at each moment in turn, and each time lets the next run go on. Gives the moments.
async fn crash_everywhere(
    batch: usize,
    concurrency: usize,
    faults: &[Fault],
) -> BTreeSet<&'static str> {
    let salaries = salaries(5);
    let mut seen = BTreeSet::new();
    for last in 0.. {
        let mut world = World::new().await;
        (world.settings.batch, world.settings.concurrency) = (batch, concurrency);
        world.line.fail(faults.iter().copied());
        let at = match world.run_until(last, &salaries).await {
            Ok(ended) => {
                assert!(last > 0 && ended.stop.is_none(), "{:?}", ended.stop);
                break;
            }
            Err(at) => at,
        };
        seen.insert(at);
        world.assert_agree().await;
        let sent_before: Vec<_> = world.states().await;
        let ended = world.run_in_peace(&salaries).await;
        assert!(ended.stop.is_none(), "{at} ({last}): {:?}", ended.stop);
        world.assert_agree().await;
        let ledger = world.ledger().await;
        assert_eq!(ledger.len(), 5, "{at} ({last})");
        for (index, (id, entry)) in world.entries().await.iter().enumerate() {
            assert_eq!(ledger[id]["debits"], 1, "{at} ({last})");
            // One whose answer was lost is known to be there; without a lookup no more is.
            let was = sent_before.get(index).copied().unwrap_or(State::Planned);
            let may_be_taken = was == State::Sent || batch > 1 || !faults.is_empty();
            let fits = entry.state == State::Paid || (entry.state == State::Taken && may_be_taken);
            assert!(fits, "{at} ({last}): {id} was {was} and is {}", entry.state);
        }
    }
    seen
}

#[tokio::test]
async fn a_crash_at_any_moment_pays_every_row_once() {
    let moments = [
        "after a step",
        "after the end of the plan",
        "before a plan",
        "before a request",
        "before a step",
        "before an answer",
        "before the end of the plan",
    ];
    assert_eq!(crash_everywhere(1, 1, &[]).await, moments.into());
}

#[tokio::test]
async fn a_crash_with_several_on_their_way_pays_every_row_once() {
    crash_everywhere(1, 4, &[]).await;
}

#[tokio::test]
async fn a_crash_between_batches_pays_every_row_once() {
    crash_everywhere(2, 2, &[]).await;
}

#[tokio::test]
async fn a_crash_while_answers_are_lost_pays_every_row_once() {
    crash_everywhere(
        1,
        2,
        &[Fault::LostAnswer, Fault::LostRequest, Fault::BadGateway],
    )
    .await;
    crash_everywhere(2, 1, &[Fault::LostAnswer, Fault::Unavailable]).await;
}

fn faults() -> impl Strategy<Value = Vec<Fault>> {
    let fault = prop_oneof![
        3 => Just(Fault::None),
        2 => prop::sample::select(&Fault::PASSING[..]),
    ];
    prop::collection::vec(fault, 0..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..repeatable() })]

    #[test]
    fn whatever_happens_no_row_is_paid_twice_and_all_are_paid(
        rows in 1..30_u32,
        batch in 1..5_usize,
        concurrency in 1..6_usize,
        faults in faults(),
        crashes in prop::collection::vec(0..120_usize, 0..6),
        can_see: bool,
        // What is refused may stay so, or in doubt.
        refuses: bool,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut world = World::new().await;
            (world.settings.batch, world.settings.concurrency) = (batch, concurrency);
            let faults = faults.into_iter().map(|fault| match fault {
                Fault::NoConnection if refuses => Fault::Refused,
                fault => fault,
            });
            world.line.fail(faults);
            let rows = file((1..=rows).map(|number| match number % 3 {
                0 => format!("SAL{number},{number},UPI,,,,,asha{number}@examplebank"),
                _ => crate::salary(number),
            }));
            for last in crashes {
                let _ = world.run_until(last, &rows).await;
                world.assert_agree().await;
            }
            // Faults may stop a run; they come to an end, and so do the runs.
            for _ in 0..20 {
                world.line.count(&Moments::until(usize::MAX));
                let client = if can_see { world.seeing() } else { world.client() };
                let runner = world.runner_with(client, world.journal());
                let ended = world.run_with(runner, &rows).await;
                world.assert_agree().await;
                if ended.stop.is_none() && ended.count.tally.to_send().rows == 0 {
                    break;
                }
            }
            let entries = world.entries().await;
            let ledger = world.ledger().await;
            for (id, entry) in &entries {
                if refuses && matches!(entry.state, State::Refused | State::Sent) {
                    continue;
                }
                let is_there = matches!(entry.state, State::Paid | State::Taken);
                assert!(is_there, "{id}: {} ({:?})", entry.state, entry.facts);
                assert_eq!(ledger[id]["debits"], 1);
            }
            if can_see && batch == 1 && !refuses {
                world.assert_all_paid(&rows).await;
            }
        });
    }
}
