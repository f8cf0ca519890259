//! What was planned, sent and answered, row by row, durably.
//!
//! A [`Journal`] is what makes a run safe to stop at any moment: [`state`] says how, and why no row
//! is paid twice. [`SqliteJournal`] keeps one in a file. A host that keeps its own, in its own data
//! base, implements the trait.

mod error;
mod row;
#[cfg(feature = "sqlite")]
mod sqlite;
pub mod state;
mod tally;

use std::sync::Arc;
use std::time::SystemTime;

use async_trait::async_trait;

pub use error::{Difference, JournalError};
pub use row::{Entry, Facts, Plan, Step, Unnamed};
#[cfg(feature = "sqlite")]
pub use sqlite::SqliteJournal;
pub use state::State;
pub use tally::Tally;

/// Which run a journal belongs to. Who goes on with it has to come with the same.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Run {
    /// What a person calls the file. It is not compared.
    pub name: String,
    /// What no other file has: the SHA-256 of its bytes, as a text.
    pub fingerprint: String,
    /// The address of EnKash that is called.
    pub address: String,
    /// The account that is paid from, as a person may see it; empty where the rows say it.
    pub account: String,
    /// When it was begun: no request left before. A journal keeps the first, and it is not compared.
    pub begun: SystemTime,
}

impl Run {
    /// A run of a file, which is begun now.
    pub fn new(
        name: impl Into<String>,
        fingerprint: impl Into<String>,
        address: impl Into<String>,
        account: impl Into<String>,
    ) -> Self {
        Self {
            name: name.into(),
            fingerprint: fingerprint.into(),
            address: address.into(),
            account: account.into(),
            begun: SystemTime::now(),
        }
    }

    /// What tells this run, which a journal keeps, from another, if something does.
    #[must_use]
    pub fn difference(&self, other: &Self) -> Option<Difference> {
        if self.fingerprint != other.fingerprint {
            Some(Difference::File {
                name: self.name.clone(),
                begun: self.begun,
            })
        } else if self.address != other.address {
            Some(Difference::Address(self.address.clone()))
        } else if self.account != other.account {
            Some(Difference::Account(self.account.clone()))
        } else {
            None
        }
    }
}

/// Keeps the steps of every row.
///
/// What it has to hold, for no row to be paid twice:
///
/// - [`record`](Self::record) and [`planned`](Self::planned) return `Ok` only once everything that
///   was given until then would survive a loss of power. Of one call all is written, or nothing.
/// - A step is taken only if [`State::may_become`] allows it, as one act with looking at the state.
/// - The facts of a row are those of all its steps in their order, put together by
///   [`Facts::and_then`]. A journal that kept those of the last step alone would lose that a row was
///   [not named](Facts::unnamed), and such a row might be taken for paid.
/// - After a failure nothing more is taken.
/// - Nobody else can open it meanwhile.
///
/// A future that is dropped may have written what it was to write, or not.
#[async_trait]
pub trait Journal: Send + Sync {
    /// Begins a run, or goes on with it. `true`: all of its rows are planned already.
    ///
    /// A plan that was not [finished](Self::planned) is thrown away: nothing was sent for it.
    ///
    /// # Errors
    ///
    /// [`JournalError::AnotherRun`], and what can fail.
    async fn begin(&self, run: &Run) -> Result<bool, JournalError>;

    /// The run that was begun in it.
    ///
    /// # Errors
    ///
    /// [`JournalError::Empty`], and what can fail.
    async fn run(&self) -> Result<Run, JournalError>;

    /// Plans rows: `State::Planned`.
    ///
    /// # Errors
    ///
    /// [`JournalError::SameId`], and what can fail.
    async fn plan(&self, rows: Vec<Plan>) -> Result<(), JournalError>;

    /// That was the plan. From now on rows may be sent.
    ///
    /// # Errors
    ///
    /// What can fail.
    async fn planned(&self) -> Result<(), JournalError>;

    /// Takes steps.
    ///
    /// # Errors
    ///
    /// [`JournalError::Impossible`], and what can fail.
    async fn record(&self, steps: Vec<Step>) -> Result<(), JournalError>;

    /// The rows whose number is above `after`, in their order, so many at most: those in one state,
    /// or all.
    ///
    /// # Errors
    ///
    /// What can fail.
    async fn entries(
        &self,
        only: Option<State>,
        after: u64,
        at_most: u32,
    ) -> Result<Vec<Entry>, JournalError>;

    /// Every step of a row, in their order.
    ///
    /// # Errors
    ///
    /// What can fail.
    async fn steps(&self, row: u64) -> Result<Vec<Step>, JournalError>;
}

#[async_trait]
impl<J: Journal + ?Sized> Journal for Arc<J> {
    async fn begin(&self, run: &Run) -> Result<bool, JournalError> {
        (**self).begin(run).await
    }

    async fn run(&self) -> Result<Run, JournalError> {
        (**self).run().await
    }

    async fn plan(&self, rows: Vec<Plan>) -> Result<(), JournalError> {
        (**self).plan(rows).await
    }

    async fn planned(&self) -> Result<(), JournalError> {
        (**self).planned().await
    }

    async fn record(&self, steps: Vec<Step>) -> Result<(), JournalError> {
        (**self).record(steps).await
    }

    async fn entries(
        &self,
        only: Option<State>,
        after: u64,
        at_most: u32,
    ) -> Result<Vec<Entry>, JournalError> {
        (**self).entries(only, after, at_most).await
    }

    async fn steps(&self, row: u64) -> Result<Vec<Step>, JournalError> {
        (**self).steps(row).await
    }
}

/// So many rows are read at a time by those who read them all.
const PAGE: u32 = 512;

/// Reads all rows of a journal, or those in one state, one after the other.
pub(crate) struct Entries<'a> {
    journal: &'a dyn Journal,
    only: Option<State>,
    page: std::vec::IntoIter<Entry>,
    after: u64,
}

impl<'a> Entries<'a> {
    pub(crate) fn of(journal: &'a dyn Journal, only: Option<State>) -> Self {
        Self {
            journal,
            only,
            page: Vec::new().into_iter(),
            after: 0,
        }
    }

    pub(crate) async fn next(&mut self) -> Result<Option<Entry>, JournalError> {
        if self.page.as_slice().is_empty() {
            let page = self.journal.entries(self.only, self.after, PAGE).await?;
            self.page = page.into_iter();
        }
        let next = self.page.next();
        if let Some(entry) = &next {
            self.after = entry.plan.number;
        }
        Ok(next)
    }
}
