//! What a run tells whoever watches it.

use std::sync::Arc;
use std::time::Duration;

use enkash_api::types::Rupees;

use super::stop::Stop;
use crate::journal::{Facts, Plan, State, Tally};

/// Watches a run: a progress bar, a log.
pub trait Progress: Send + Sync {
    /// Something happened. The run waits until this returns.
    fn on(&self, event: Event<'_>);
}

/// Nobody watches.
impl Progress for () {
    fn on(&self, _: Event<'_>) {}
}

impl<P: Progress + ?Sized> Progress for Arc<P> {
    fn on(&self, event: Event<'_>) {
        (**self).on(event);
    }
}

/// What happened.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Event<'a> {
    /// So many rows are in the journal; nothing is sent yet.
    Planned {
        /// How many so far.
        rows: u64,
    },
    /// This is what the journal says before anything is sent by this run.
    Began(&'a Count),
    /// What EnKash says is in the account.
    Balance(Rupees),
    /// The run does something else from here on.
    Phase(Phase),
    /// A row came into a state. The journal has it.
    Row {
        /// The row.
        plan: &'a Plan,
        /// Where it stands.
        state: State,
        /// What is known besides.
        facts: &'a Facts,
        /// How far the run is with it.
        count: &'a Count,
    },
    /// Nothing leaves for a while.
    Waiting {
        /// How long.
        this_long: Duration,
        /// Why.
        why: Wait<'a>,
    },
    /// The run stops. What is on its way is still waited for.
    Stopping(&'a Stop),
}

/// Why a run waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wait<'a> {
    /// EnKash does not answer, or cannot just now: this came of the last request.
    NoAnswer(&'a str),
    /// EnKash says that the calls are too many.
    TooMany,
    /// Transfers that are under way are looked up again after it.
    UnderWay,
}

/// What a run is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Phase {
    /// Finding out about rows that may have been sent.
    Settling,
    /// Sending rows.
    Paying,
    /// Looking up transfers that are under way.
    Following,
}

/// How far a run is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
#[non_exhaustive]
pub struct Count {
    /// All rows of the file, by state; those of earlier runs with this journal too.
    pub tally: Tally,
    /// How many answers this run got for rows, good or bad.
    pub answers: u64,
    /// How many of them did not bring a row through: refused, rejected, failed, or in doubt.
    pub failures: u64,
    /// How many payees that this run was to register were registered before, under the same id, and
    /// not by a run with this journal, as far as is known: one whose answer was lost counts as well. Who they are cannot be compared: their account may be another
    /// than the file's.
    pub known_payees: u64,
    /// How long this run has been going on.
    pub elapsed: Duration,
}

impl Count {
    /// How many answers came in a second, on average.
    #[must_use]
    pub fn rate(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        if seconds > 0.0 {
            // Exact up to more rows than there can be.
            self.answers as f64 / seconds
        } else {
            0.0
        }
    }
}
