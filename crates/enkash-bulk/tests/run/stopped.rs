//! Runs that somebody asks to stop: from then on no payment leaves.

use enkash_bulk::file::PayoutFile;
use enkash_bulk::journal::State;
use enkash_bulk::run::{Ended, Event, Progress, Stop, Stopper};

use crate::line::Fault;
use crate::{World, file, inline, salaries};

impl World {
    /// A run that is asked to stop once so many calls that pay have left.
    pub(crate) async fn run_and_stop_after(&self, calls: usize, file: &PayoutFile) -> Ended {
        let stopper = Stopper::new();
        self.line.stop_after(calls, &stopper);
        let runner = self.runner().with_stopper(stopper);
        self.run_with(runner, file).await
    }

    /// A run that is asked to stop when it tells this.
    async fn run_and_stop_at(&self, file: &PayoutFile, event: fn(&Event<'_>) -> bool) -> Ended {
        let stopper = Stopper::new();
        let runner = self.runner().with_stopper(stopper.clone());
        let runner = runner.with_progress(StopsAt { event, stopper });
        self.run_with(runner, file).await
    }

    pub(crate) fn payments(&self) -> usize {
        self.line.calls("/payout-transaction")
    }
}

/// Asks the run that it watches to stop.
struct StopsAt {
    event: fn(&Event<'_>) -> bool,
    stopper: Stopper,
}

impl Progress for StopsAt {
    fn on(&self, event: Event<'_>) {
        if (self.event)(&event) {
            self.stopper.stop();
        }
    }
}

fn assert_asked(ended: &Ended) {
    assert!(matches!(ended.stop, Some(Stop::Asked)), "{:?}", ended.stop);
}

#[tokio::test]
async fn who_waits_for_the_pace_does_not_leave() {
    let mut world = World::new().await;
    world.settings.rate = Some(1.0 / 60.0);
    let rows = file((1..=20).map(inline));
    assert_asked(&world.run_and_stop_after(1, &rows).await);
    assert_eq!(world.payments(), 1);
    world.assert_agree().await;
    world.settings.rate = None;
    assert!(world.run(&rows).await.is_all_paid());
    world.assert_all_paid(&rows).await;
}

#[tokio::test]
async fn who_is_held_does_not_leave() {
    let world = World::new().await;
    world.line.fail([Fault::TooManyTogether; 8]);
    let rows = file((1..=20).map(inline));
    let is_held = |event: &Event<'_>| matches!(event, Event::Waiting { .. });
    assert_asked(&world.run_and_stop_at(&rows, is_held).await);
    assert_eq!(world.payments(), 8);
    assert_eq!(world.states().await, [State::Planned; 20]);
}

#[tokio::test]
async fn the_rest_of_a_refused_batch_does_not_leave() {
    let mut world = World::new().await;
    (world.settings.batch, world.settings.concurrency) = (5, 1);
    world.line.fail([Fault::Refused]);
    let rows = file((1..=5).map(inline));
    assert_asked(&world.run_and_stop_after(2, &rows).await);
    assert_eq!((world.line.calls("/batch"), world.payments()), (1, 1));
    let planned = State::Planned;
    assert_eq!(
        world.states().await,
        [State::Paid, planned, planned, planned, planned]
    );
}

#[tokio::test]
async fn a_plan_is_not_finished() {
    let world = World::new().await;
    let rows = salaries(2000);
    let is_planned = |event: &Event<'_>| {
        let Event::Planned { rows } = event else {
            return false;
        };
        assert!(*rows < 1000, "{rows}");
        true
    };
    assert_asked(&world.run_and_stop_at(&rows, is_planned).await);
    assert_eq!(world.line.calls(""), 0);
    // The next run plans anew.
    assert_eq!(
        world
            .run(&rows)
            .await
            .count
            .tally
            .in_state(State::Paid)
            .rows,
        2000
    );
}

#[tokio::test]
async fn a_run_that_is_over_was_not_stopped() {
    let world = World::new().await;
    let rows = file([inline(1)]);
    assert!(world.run_and_stop_after(1, &rows).await.is_all_paid());
}
