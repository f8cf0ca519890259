//! What slows a run down, and what stops it.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use enkash_api::transport::Clock;

use super::pace::{Left, Pace, SLICE};
use super::progress::{Event, Phase, Progress, Wait};
use super::settings::Settings;
use super::stop::{Stop, Stopper};
use super::verdict::{Others, Verdict};

/// Every request asks here whether it may leave, and every answer is shown here first.
pub(super) struct Brakes<'a> {
    clock: &'a dyn Clock,
    progress: &'a dyn Progress,
    stopper: &'a Stopper,
    pace: Pace,
    /// So many answers in a row that do not bring a row through stop the run, if it is not 0.
    limit: u32,
    in_a_row: AtomicU32,
    /// As `in_a_row`, of rows that are settled.
    in_a_row_settled: AtomicU32,
    /// The last answer was that they are too many.
    is_too_fast: AtomicBool,
    /// Nothing more leaves.
    are_on: AtomicBool,
    /// Nothing more leaves in this pass.
    is_pass_over: AtomicBool,
    /// Why, until somebody asks.
    why: Mutex<Option<Stop>>,
    /// Why not all rows that may have been sent were settled.
    unsettled: Mutex<Option<Stop>>,
}

/// What an answer says of the way to EnKash.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Open,
    /// Everything is held.
    Held,
    /// EnKash says of one more of those that left together that they are too many.
    HeldAlready,
}

impl<'a> Brakes<'a> {
    pub(super) fn new(
        settings: &Settings,
        clock: &'a dyn Clock,
        progress: &'a dyn Progress,
        stopper: &'a Stopper,
    ) -> Self {
        Self {
            clock,
            progress,
            stopper,
            pace: Pace::new(settings.rate),
            limit: settings.failures_in_a_row,
            in_a_row: AtomicU32::new(0),
            in_a_row_settled: AtomicU32::new(0),
            is_too_fast: AtomicBool::new(false),
            are_on: AtomicBool::new(false),
            is_pass_over: AtomicBool::new(false),
            why: Mutex::new(None),
            unsettled: Mutex::new(None),
        }
    }

    /// From now on nothing leaves. The first reason is the one that counts.
    pub(super) fn halt(&self, why: Stop) {
        if !self.are_on.swap(true, Ordering::AcqRel) {
            self.progress.on(Event::Stopping(&why));
            *locked(&self.why) = Some(why);
        }
    }

    /// Why nothing leaves any more, if that is so.
    pub(super) fn halted(&self) -> Result<(), Stop> {
        locked(&self.why).take().map_or(Ok(()), Err)
    }

    /// Whether nothing leaves any more.
    pub(super) fn are_on(&self) -> bool {
        if self.stopper.has_asked() {
            self.halt(Stop::Asked);
        }
        self.are_on.load(Ordering::Acquire) || self.is_pass_over.load(Ordering::Acquire)
    }

    /// A pass begins.
    pub(super) fn begin(&self, phase: Phase) {
        self.is_pass_over.store(false, Ordering::Release);
        if phase == Phase::Settling {
            self.in_a_row_settled.store(0, Ordering::Relaxed);
            *locked(&self.unsettled) = None;
        }
    }

    /// Why not all rows that may have been sent were settled, if that is so.
    pub(super) fn unsettled(&self) -> Option<Stop> {
        locked(&self.unsettled).take()
    }

    /// Waits for its turn to leave; none if nothing leaves any more.
    pub(super) async fn leave(&self) -> Option<Left> {
        if self.are_on() {
            return None;
        }
        let left = self.pace.wait(self.clock, || self.are_on()).await;
        Some(left).filter(|_| !self.are_on())
    }

    /// Waits so long, or until soon after nothing leaves any more.
    pub(super) async fn sleep(&self, mut this_long: Duration) {
        while !this_long.is_zero() && !self.are_on() {
            let part = this_long.min(SLICE);
            self.clock.sleep(part).await;
            this_long -= part;
        }
    }

    /// Looks at an answer before anything else is done with it: what it means for the other rows, and
    /// whether too many in a row did not go through.
    pub(super) fn heed(&self, mut verdict: Verdict, left: Left) -> Verdict {
        if matches!(verdict.others, Others::NotYet) {
            // EnKash answered, whatever that says of the row.
            self.is_too_fast.store(false, Ordering::Relaxed);
            self.pace.goes_on(left);
            return verdict;
        }
        let way = self.heed_for_others(&mut verdict, left);
        if verdict.is_through() {
            self.in_a_row.store(0, Ordering::Relaxed);
        } else if way != Way::HeldAlready
            && let Some(why) = self.are_too_many(&self.in_a_row, &verdict)
        {
            self.halt(why);
        }
        verdict
    }

    /// As [`heed`](Self::heed), for a row that is settled. One that EnKash refuses may be refused
    /// for ever, so it stops nothing. Where EnKash cannot be asked, the pass ends: whether others can
    /// be paid is for the next pass to see.
    pub(super) fn heed_settled(&self, mut verdict: Verdict, left: Left) -> Verdict {
        match self.heed_for_others(&mut verdict, left) {
            Way::Open => self.in_a_row_settled.store(0, Ordering::Relaxed),
            Way::Held => {
                if let Some(why) = self.are_too_many(&self.in_a_row_settled, &verdict) {
                    *locked(&self.unsettled) = Some(why);
                    self.is_pass_over.store(true, Ordering::Release);
                }
            }
            Way::HeldAlready => {}
        }
        verdict
    }

    /// Counts one more that did not go through.
    fn are_too_many(&self, in_a_row: &AtomicU32, last: &Verdict) -> Option<Stop> {
        let in_a_row = in_a_row.fetch_add(1, Ordering::Relaxed) + 1;
        (self.limit > 0 && in_a_row >= self.limit).then(|| Stop::Failures {
            in_a_row,
            last: last.facts.in_words().unwrap_or_default(),
        })
    }

    /// As [`heed`](Self::heed), for an answer to a lookup, which brings no row through.
    pub(super) fn heed_found(&self, mut verdict: Verdict, left: Left) -> Verdict {
        self.heed_for_others(&mut verdict, left);
        verdict
    }

    /// Whether rows that did not leave may just have been too many at once. It says so a few times
    /// in a row at most.
    pub(super) fn was_too_fast(&self) -> bool {
        self.limit > 0 && self.is_too_fast.load(Ordering::Relaxed)
    }

    /// A request that brings no row through by itself was answered: the others may leave as well.
    pub(super) fn goes_on(&self, left: Left) {
        self.pace.goes_on(left);
    }

    /// Lets all rows wait, unless they were let since this one left.
    fn hold(&self, left: Left, why: Wait<'_>) -> bool {
        let held = self.pace.hold(self.clock, left);
        if let Some(this_long) = held {
            self.progress.on(Event::Waiting { this_long, why });
        }
        held.is_some()
    }

    /// Lets the other rows wait, or stops, where they would fail as well.
    fn heed_for_others(&self, verdict: &mut Verdict, left: Left) -> Way {
        let others = std::mem::replace(&mut verdict.others, Others::GoOn);
        let is_too_fast = matches!(others, Others::Slower);
        self.is_too_fast.store(is_too_fast, Ordering::Relaxed);
        match others {
            Others::Wait(why) => {
                self.hold(left, Wait::NoAnswer(&why));
                Way::Held
            }
            Others::Slower => match self.hold(left, Wait::TooMany) {
                true => Way::Held,
                false => Way::HeldAlready,
            },
            Others::GoOn | Others::NotYet => {
                self.pace.goes_on(left);
                Way::Open
            }
            Others::Stop(why) => {
                self.halt(why);
                Way::Open
            }
        }
    }
}

fn locked<T>(held: &Mutex<T>) -> MutexGuard<'_, T> {
    held.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use enkash_api::transport::ManualClock;

    use super::*;

    /// How long it was held, each time.
    #[derive(Default)]
    struct Held(Mutex<Vec<u64>>);

    impl Progress for Held {
        fn on(&self, event: Event<'_>) {
            if let Event::Waiting { this_long, .. } = event {
                locked(&self.0).push(this_long.as_secs());
            }
        }
    }

    #[tokio::test]
    async fn an_answer_that_leaves_a_row_in_doubt_ends_a_hold_as_any_other() {
        let (clock, held, stopper) = (ManualClock::new(), Held::default(), Stopper::new());
        let brakes = Brakes::new(&Settings::default(), &clock, &held, &stopper);
        let mut wait = Verdict::left_out();
        for answer in ["wait", "wait", "left out", "wait"] {
            clock.advance(Duration::from_secs(60));
            let left = brakes.leave().await.expect("nothing has stopped");
            wait.others = match answer {
                "wait" => Others::Wait(String::new()),
                _ => Others::NotYet,
            };
            wait = brakes.heed(wait, left);
        }
        assert_eq!(*locked(&held.0), [1, 2, 1]);
    }
}
