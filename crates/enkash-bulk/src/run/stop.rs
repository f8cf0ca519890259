//! Why a run stops before its end.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use enkash_api::types::Rupees;

use crate::check::CheckError;
use crate::journal::JournalError;

/// Why a run stopped before its end. Its text says how to go on.
///
/// Nothing is begun any more from then on; what was on its way is still answered and recorded.
#[derive(Debug)]
#[non_exhaustive]
pub enum Stop {
    /// The host asked for it, by a [`Stopper`].
    Asked,
    /// So many rows in a row did not go through.
    Failures {
        /// How many.
        in_a_row: u32,
        /// What became of the last one.
        last: String,
    },
    /// These rows were tried, and could not be sent; nothing was done for them.
    NotSent {
        /// How many.
        rows: u64,
        /// Why the last one was not.
        last: String,
    },
    /// The balance does not cover the next row.
    Balance {
        /// What EnKash says is in the account.
        has: Rupees,
        /// What the next row wants; the next batch, where rows are paid in batches.
        needs: Rupees,
    },
    /// EnKash gives no token, or does not take it.
    Token(String),
    /// EnKash does not let this account, or this machine, make the call.
    NotAllowed(String),
    /// The client lacks something that the call needs.
    NotConfigured(String),
    /// The journal does not go on, and so nothing is sent.
    Journal(JournalError),
    /// The rows cannot be read, or are not the ones that were planned.
    Rows(CheckError),
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Asked => f.write_str("stopped as asked; start again to go on"),
            Self::Failures { in_a_row, last } => write!(
                f,
                "{in_a_row} rows in a row did not go through, the last one because: {last}; see to \
                 the cause, then start again to go on with the rest"
            ),
            Self::NotSent { rows, last } => {
                let rows = match rows {
                    1 => "1 row was".to_owned(),
                    rows => format!("{rows} rows were"),
                };
                write!(
                    f,
                    "{rows} not sent, the last one because: {last}; see to the cause, then start \
                     again to go on"
                )
            }
            Self::Balance { has, needs } => write!(
                f,
                "the balance of {has} rupees does not cover the next {needs} rupees; add money to \
                 the account, then start again to go on"
            ),
            Self::Token(why) => write!(
                f,
                "EnKash gives no access: {why}; see to that, then start again to go on"
            ),
            Self::NotAllowed(why) => write!(
                f,
                "EnKash does not allow this: {why}; see to that, then start again to go on"
            ),
            Self::NotConfigured(why) => write!(f, "{why}; then start again to go on"),
            Self::Journal(error) => error.fmt(f),
            Self::Rows(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Stop {}

impl From<JournalError> for Stop {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl From<CheckError> for Stop {
    fn from(error: CheckError) -> Self {
        Self::Rows(error)
    }
}

/// Asks a run to stop: for Ctrl-C, or a button. Clones ask the same run.
///
/// What is on its way is waited for, so that as little as can be is left to settle.
#[derive(Debug, Clone, Default)]
pub struct Stopper(Arc<AtomicBool>);

impl Stopper {
    /// One that has not asked yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks. Of the run that it was given to no request leaves any more, but for those that find out
    /// about one whose answer was lost.
    pub fn stop(&self) {
        self.0.store(true, Ordering::Release);
    }

    /// Whether it has asked.
    #[must_use]
    pub fn has_asked(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}
