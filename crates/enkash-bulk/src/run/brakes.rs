//! What slows a run down, and what stops it.

use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use enkash_api::transport::Clock;

use super::pace::Pace;
use super::progress::{Event, Progress};
use super::settings::Settings;
use super::stop::Stop;
use super::verdict::{Others, Verdict};

/// Every request asks here whether it may leave, and every answer is shown here first.
pub(super) struct Brakes<'a> {
    clock: &'a dyn Clock,
    progress: &'a dyn Progress,
    pace: Pace,
    /// So many answers in a row that do not bring a row through stop the run, if it is not 0.
    limit: u32,
    in_a_row: AtomicU32,
    /// Nothing more leaves.
    are_on: AtomicBool,
    /// Why, until somebody asks.
    why: Mutex<Option<Stop>>,
}

impl<'a> Brakes<'a> {
    pub(super) fn new(
        settings: &Settings,
        clock: &'a dyn Clock,
        progress: &'a dyn Progress,
    ) -> Self {
        Self {
            clock,
            progress,
            pace: Pace::new(settings.rate),
            limit: settings.failures_in_a_row,
            in_a_row: AtomicU32::new(0),
            are_on: AtomicBool::new(false),
            why: Mutex::new(None),
        }
    }

    /// From now on nothing leaves. The first reason is the one that counts.
    pub(super) fn halt(&self, why: Stop) {
        if !self.are_on.swap(true, Ordering::AcqRel) {
            self.progress.on(Event::Stopping(&why));
            *self.why() = Some(why);
        }
    }

    /// Why nothing leaves any more, if that is so.
    pub(super) fn halted(&self) -> Result<(), Stop> {
        self.why().take().map_or(Ok(()), Err)
    }

    fn why(&self) -> MutexGuard<'_, Option<Stop>> {
        self.why.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether nothing leaves any more.
    pub(super) fn are_on(&self) -> bool {
        self.are_on.load(Ordering::Acquire)
    }

    /// Waits for its turn to leave; false if nothing leaves any more.
    pub(super) async fn may_leave(&self) -> bool {
        if self.are_on() {
            return false;
        }
        self.pace.wait(self.clock).await;
        !self.are_on()
    }

    /// Looks at an answer before anything else is done with it: what it means for the other rows, and
    /// whether too many in a row did not go through.
    pub(super) async fn heed(&self, verdict: Verdict) -> Verdict {
        if matches!(verdict.others, Others::NotYet) {
            return verdict;
        }
        let verdict = self.heed_for_others(verdict).await;
        if verdict.is_through() {
            self.pace.goes_on();
            self.in_a_row.store(0, Ordering::Relaxed);
            return verdict;
        }
        let in_a_row = self.in_a_row.fetch_add(1, Ordering::Relaxed) + 1;
        let limit = self.limit;
        if limit > 0 && in_a_row >= limit {
            let last = verdict.facts.in_words().unwrap_or_default();
            self.halt(Stop::Failures { in_a_row, last });
        }
        verdict
    }

    /// Lets the other rows wait, or stops, where they would fail as well.
    pub(super) async fn heed_for_others(&self, mut verdict: Verdict) -> Verdict {
        match std::mem::replace(&mut verdict.others, Others::GoOn) {
            Others::GoOn | Others::NotYet => {}
            Others::Wait => {
                let this_long = self.pace.hold(self.clock).await;
                self.progress.on(Event::Waiting(this_long));
            }
            Others::Stop(why) => self.halt(why),
        }
        verdict
    }
}
