//! A journal with something before and after all that it writes.

use std::sync::Mutex;

use enkash_bulk::journal::{Entry, Journal, JournalError, Plan, Run, SqliteJournal, State, Step};

use crate::line::Moments;

/// What stands before and after each write.
#[async_trait::async_trait]
pub(crate) trait Gate: Send + Sync {
    async fn before(&self, what: &'static str) -> Result<(), JournalError>;

    async fn after(&self, _: &'static str) {}
}

/// The process can end there.
#[async_trait::async_trait]
impl Gate for Moments {
    async fn before(&self, what: &'static str) -> Result<(), JournalError> {
        self.pass(what).await;
        Ok(())
    }

    async fn after(&self, what: &'static str) {
        self.pass(what).await;
    }
}

/// The disk has room for so many writes of steps.
pub(crate) struct Room(Mutex<u32>);

impl Room {
    pub(crate) fn of(writes: u32) -> Self {
        Self(Mutex::new(writes))
    }

    pub(crate) fn none_left() -> JournalError {
        JournalError::Failed("no space left".to_owned())
    }
}

#[async_trait::async_trait]
impl Gate for Room {
    async fn before(&self, what: &'static str) -> Result<(), JournalError> {
        if what == BEFORE_A_STEP {
            let mut room = self.0.lock().unwrap();
            *room = room.checked_sub(1).ok_or_else(Self::none_left)?;
        }
        Ok(())
    }
}

const BEFORE_A_STEP: &str = "before a step";

pub(crate) struct Gated<G> {
    pub(crate) journal: SqliteJournal,
    pub(crate) gate: G,
}

#[async_trait::async_trait]
impl<G: Gate> Journal for Gated<G> {
    async fn begin(&self, run: &Run) -> Result<bool, JournalError> {
        self.journal.begin(run).await
    }

    async fn run(&self) -> Result<Run, JournalError> {
        self.journal.run().await
    }

    async fn plan(&self, rows: Vec<Plan>) -> Result<(), JournalError> {
        self.gate.before("before a plan").await?;
        self.journal.plan(rows).await
    }

    async fn planned(&self) -> Result<(), JournalError> {
        self.gate.before("before the end of the plan").await?;
        self.journal.planned().await?;
        self.gate.after("after the end of the plan").await;
        Ok(())
    }

    async fn record(&self, steps: Vec<Step>) -> Result<(), JournalError> {
        self.gate.before(BEFORE_A_STEP).await?;
        self.journal.record(steps).await?;
        self.gate.after("after a step").await;
        Ok(())
    }

    async fn entries(
        &self,
        only: Option<State>,
        after: u64,
        at_most: u32,
    ) -> Result<Vec<Entry>, JournalError> {
        self.journal.entries(only, after, at_most).await
    }

    async fn steps(&self, row: u64) -> Result<Vec<Step>, JournalError> {
        self.journal.steps(row).await
    }
}
