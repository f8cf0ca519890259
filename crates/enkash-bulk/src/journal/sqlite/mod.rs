//! A journal in a SQLite file.
//!
//! One thread has the file (`writer.rs`). It writes what all callers want at the same time in one
//! transaction, and flushes it to the disk once, before it tells any of them: so a hundred rows wait
//! for one flush, not for a hundred.

mod file;
mod store;
#[cfg(test)]
mod tests;
mod writer;

use std::fmt;
use std::path::Path;

use async_trait::async_trait;

use super::{Entry, Journal, JournalError, Plan, Run, State, Step};
use file::Existing;
use store::Store;
use writer::Writer;

/// A journal in a SQLite file, which nobody else can open meanwhile; an operating system that ends
/// the process lets it go.
///
/// It is flushed to the disk before a request leaves, so a crash, a kill or a loss of power costs
/// nothing that it says. The file belongs on a disk of this machine: network file systems do not
/// keep what they promise about locks. Nor does Unix where the same program opens the file by itself
/// meanwhile, to copy it for instance: closing that gives the lock away. Beside it stands `…-wal`, as long as it is open and after a
/// kill: it is a part of the journal.
///
/// Of account numbers it holds the last four characters. On Unix only its owner can read it.
pub struct SqliteJournal {
    writer: Writer,
}

impl SqliteJournal {
    /// Opens a journal, or makes one.
    ///
    /// # Errors
    ///
    /// [`JournalError`]: in use, not a journal, of another version, or it cannot be read or written.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        Self::over(path.as_ref(), Existing::OrNew)
    }

    /// Opens a journal that is there.
    ///
    /// # Errors
    ///
    /// Those of [`open`](Self::open), and [`JournalError::NotThere`].
    pub fn open_existing(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        Self::over(path.as_ref(), Existing::Only)
    }

    /// Looks whether a journal could be made at this path, as far as can be seen without making it:
    /// for who wants to ask somebody first.
    ///
    /// # Errors
    ///
    /// [`JournalError::Folder`], [`JournalError::NoFolder`].
    pub fn can_stand_at(path: impl AsRef<Path>) -> Result<(), JournalError> {
        file::can_stand_at(path.as_ref())
    }

    fn over(path: &Path, existing: Existing) -> Result<Self, JournalError> {
        let store = Store::of(file::open(path, existing)?)?;
        let writer = Writer::start(store)?;
        Ok(Self { writer })
    }

    /// Whether all rows of its run are written down. If they are not, none was sent.
    ///
    /// # Errors
    ///
    /// What can fail.
    pub async fn is_planned(&self) -> Result<bool, JournalError> {
        self.writer.ask(|store| Ok(store.is_planned())).await
    }

    /// How often it was flushed to the disk since it was opened.
    #[must_use]
    pub fn flushes(&self) -> u64 {
        self.writer.flushes()
    }
}

#[async_trait]
impl Journal for SqliteJournal {
    async fn begin(&self, run: &Run) -> Result<bool, JournalError> {
        let run = run.clone();
        self.writer.ask(move |store| store.begin(&run)).await
    }

    async fn run(&self) -> Result<Run, JournalError> {
        let run = self.writer.ask(|store| store.run()).await?;
        run.ok_or(JournalError::Empty)
    }

    async fn plan(&self, rows: Vec<Plan>) -> Result<(), JournalError> {
        self.writer.ask(move |store| store.plan(&rows)).await
    }

    async fn planned(&self) -> Result<(), JournalError> {
        self.writer.ask(|store| store.planned()).await
    }

    async fn record(&self, steps: Vec<Step>) -> Result<(), JournalError> {
        self.writer.record(steps).await
    }

    async fn entries(
        &self,
        only: Option<State>,
        after: u64,
        at_most: u32,
    ) -> Result<Vec<Entry>, JournalError> {
        self.writer
            .ask(move |store| store.entries(only, after, at_most))
            .await
    }

    async fn steps(&self, row: u64) -> Result<Vec<Step>, JournalError> {
        self.writer.ask(move |store| store.steps(row)).await
    }
}

impl fmt::Debug for SqliteJournal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteJournal")
            .field("flushes", &self.flushes())
            .finish_non_exhaustive()
    }
}
