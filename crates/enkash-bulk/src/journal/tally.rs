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
        let mut sum = Total::default();
        for total in states.map(|state| self.in_state(state)) {
            sum.rows += total.rows;
            sum.rupees = add(sum.rupees, total.rupees);
        }
        sum
    }

    pub(crate) fn add(&mut self, state: State, amount: Rupees) {
        if let Some(total) = self.0.get_mut(state as usize) {
            total.rows += 1;
            total.rupees = add(total.rupees, amount);
        }
    }

    pub(crate) fn move_on(&mut self, from: State, to: State, amount: Rupees) {
        if let Some(total) = self.0.get_mut(from as usize) {
            total.rows = total.rows.saturating_sub(1);
            total.rupees = total.rupees.checked_sub(amount).unwrap_or(total.rupees);
        }
        self.add(to, amount);
    }
}

/// Rows that were checked come to a sum that can be held.
fn add(sum: Rupees, more: Rupees) -> Rupees {
    sum.checked_add(more).unwrap_or(sum)
}
