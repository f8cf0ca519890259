//! How many rows are in which state, and what they come to.

use enkash_api::types::Rupees;

use super::{Entries, Journal, JournalError, State};
use crate::check::Total;

/// How many rows are in which state, and what they come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally([Total; State::ALL.len()]);

impl Tally {
    /// Counts the rows of a journal.
    ///
    /// # Errors
    ///
    /// What can fail.
    pub async fn of(journal: &dyn Journal) -> Result<Self, JournalError> {
        let mut tally = Self::default();
        let mut entries = Entries::of(journal, None);
        while let Some(entry) = entries.next().await? {
            tally.add(entry.state, entry.plan.amount);
        }
        Ok(tally)
    }

    /// The rows in a state.
    #[must_use]
    pub fn in_state(&self, state: State) -> Total {
        self.0.get(state as usize).copied().unwrap_or_default()
    }

    /// All rows.
    #[must_use]
    pub fn all(&self) -> Total {
        self.those(|_| true)
    }

    /// The rows for which there is nothing more to do, as far as EnKash has said.
    #[must_use]
    pub fn over(&self) -> Total {
        self.those(State::is_over)
    }

    /// The rows that are still to be sent, or to be settled.
    #[must_use]
    pub fn to_send(&self) -> Total {
        self.those(|state| matches!(state, State::Planned | State::Sent))
    }

    fn those(&self, which: impl Fn(State) -> bool) -> Total {
        let states = State::ALL.into_iter().filter(|state| which(*state));
        let totals = states.map(|state| self.in_state(state));
        totals.fold(Total::default(), Total::plus)
    }

    pub(crate) fn add(&mut self, state: State, amount: Rupees) {
        if let Some(total) = self.0.get_mut(state as usize) {
            total.add(amount);
        }
    }

    pub(crate) fn move_on(&mut self, from: State, to: State, amount: Rupees) {
        if let Some(total) = self.0.get_mut(from as usize) {
            total.take_off(amount);
        }
        self.add(to, amount);
    }
}
