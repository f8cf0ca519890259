//! What a journal keeps of a row.

use std::time::SystemTime;

use enkash_api::types::Rupees;
use enkash_api::types::payouts::{
    BatchId, EnkashTransactionId, TransferId, TransferMode, TransferStatus,
};

use super::State;

/// A row as it was read, before anything is sent. It is never changed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Plan {
    /// Which row of the run it is, from 1 on. Rows that were skipped are not counted.
    pub number: u64,
    /// The line of the file that it stands on.
    pub line: u64,
    /// The merchant's id of the transfer: one per row, and one row per id.
    pub transfer_id: TransferId,
    /// How much it pays.
    pub amount: Rupees,
    /// How it is paid.
    pub mode: TransferMode,
    /// Whom it pays, as a person may see it: of an account number the last four characters.
    pub payee: String,
}

impl Plan {
    /// A row of a run.
    pub fn new(
        number: u64,
        line: u64,
        transfer_id: TransferId,
        amount: Rupees,
        mode: TransferMode,
        payee: impl Into<String>,
    ) -> Self {
        Self {
            number,
            line,
            transfer_id,
            amount,
            mode,
            payee: payee.into(),
        }
    }
}

/// A row as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// The row as it was read.
    pub plan: Plan,
    /// How far it has come.
    pub state: State,
    /// What is known of it besides.
    pub facts: Facts,
    /// When it took its last step; nothing where it has taken none.
    pub changed: Option<SystemTime>,
}

impl Entry {
    /// A row as it stands now.
    #[must_use]
    pub fn new(plan: Plan, state: State, facts: Facts, changed: Option<SystemTime>) -> Self {
        Self {
            plan,
            state,
            facts,
            changed,
        }
    }
}

/// What is known of a transfer besides its state.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {
    /// What EnKash called its state last.
    pub status: Option<TransferStatus>,
    /// EnKash's id of it.
    pub enkash_id: Option<EnkashTransactionId>,
    /// The bank's reference of it (UTR), where EnKash gave one.
    pub utr: Option<String>,
    /// Why it stands where it stands, in words, where that needs saying.
    pub reason: Option<String>,
    /// The batch that it was sent in last, if it was sent in one.
    pub batch: Option<BatchId>,
    /// How the answer to that batch left it open whether EnKash has it, if that is so.
    pub unnamed: Option<Unnamed>,
    /// Whether its beneficiary was registered before under the same id, or may have been: an answer was
    /// lost, and then he was there. Who that is cannot be compared: no call that reads a beneficiary is documented.
    pub payee_was_there: bool,
}

impl Facts {
    /// These facts, and why.
    #[must_use]
    pub fn because(mut self, reason: impl Into<String>) -> Self {
        self.reason = Some(reason.into());
        self
    }

    /// Why, or else what EnKash called its state.
    #[must_use]
    pub fn in_words(&self) -> Option<String> {
        let status = self.status.as_ref();
        let status = || status.map(|status| format!("EnKash says {status}"));
        self.reason.clone().or_else(status)
    }

    /// What is known after a further step: what it says, and of the rest what was known before.
    /// A reason belongs to its step alone.
    #[must_use]
    pub fn and_then(self, next: Self) -> Self {
        Self {
            status: next.status.or(self.status),
            enkash_id: next.enkash_id.or(self.enkash_id),
            utr: next.utr.or(self.utr),
            reason: next.reason,
            batch: next.batch.or(self.batch),
            unnamed: next.unnamed.or(self.unnamed),
            payee_was_there: next.payee_was_there || self.payee_was_there,
        }
    }
}

/// How a batch was answered without proving whether EnKash has a row of it. If EnKash knows the row's
/// id all the same, that does not prove that it has this payment: the id may be another's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unnamed {
    /// EnKash took the batch, and did not name the row among the transfers taken.
    LeftOut,
    /// EnKash refused the batch. That nothing of such a batch is taken is not documented. The row is
    /// sent by itself.
    InRefused,
}

impl Unnamed {
    /// Both.
    pub const ALL: [Self; 2] = [Self::LeftOut, Self::InRefused];

    /// As it stands in a journal.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LeftOut => "LEFT_OUT",
            Self::InRefused => "IN_REFUSED",
        }
    }

    /// The one that is written so.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        let mut all = Self::ALL.into_iter();
        all.find(|unnamed| unnamed.as_str() == text)
    }
}

/// A row comes into a state.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// Which row of the run.
    pub row: u64,
    /// When.
    pub at: SystemTime,
    /// The state that it comes into.
    pub to: State,
    /// What this step made known.
    pub facts: Facts,
}

impl Step {
    /// A row comes into a state.
    #[must_use]
    pub fn new(row: u64, at: SystemTime, to: State, facts: Facts) -> Self {
        Self { row, at, to, facts }
    }
}
