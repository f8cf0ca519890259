//! What became of the rows: a table of all of them, and whether they agree with the statement.
//!
//! Both read the journal alone, while no run has it open.

mod csv;
mod reconcile;
mod statements;

use std::fmt;
use std::io::{self, Write};

use enkash_api::types::Timestamp;

use crate::journal::{Entries, Entry, Journal, JournalError};

pub use reconcile::{Compared, Disagreement, LineOfRow, Reconciliation};
pub use statements::Statements;

/// Why a report could not be written.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReportError {
    /// The journal cannot be read.
    Journal(JournalError),
    /// The report cannot be written.
    Write(io::Error),
}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Journal(error) => error.fmt(f),
            Self::Write(error) => write!(f, "the report cannot be written: {error}"),
        }
    }
}

impl std::error::Error for ReportError {}

impl From<JournalError> for ReportError {
    fn from(error: JournalError) -> Self {
        Self::Journal(error)
    }
}

impl From<io::Error> for ReportError {
    fn from(error: io::Error) -> Self {
        Self::Write(error)
    }
}

/// Gives every row of a journal to `each`, in the order of the file.
///
/// # Errors
///
/// What can fail in the journal, and what `each` gives.
pub async fn rows<E: From<JournalError>>(
    journal: &dyn Journal,
    mut each: impl FnMut(&Entry) -> Result<(), E>,
) -> Result<(), E> {
    let mut entries = Entries::of(journal, None);
    while let Some(entry) = entries.next().await? {
        each(&entry)?;
    }
    Ok(())
}

/// The columns of [`write_csv`].
pub const COLUMNS: [&str; 12] = [
    "line",
    "transaction_id",
    "amount",
    "mode",
    "payee",
    "state",
    "status",
    "enkash_transaction_id",
    "utr",
    "reason",
    "beneficiary_was_there",
    "changed",
];

/// Writes every row of a journal, in the order of the file, as CSV for a spreadsheet. Gives how
/// many they are.
///
/// `state` is one of [`State`](crate::journal::State), `status` EnKash's own word. `changed` is
/// India's time, of the last step. A text that a spreadsheet would compute, such as `=1+1` in words of EnKash's, gets
/// a `'` before it.
///
/// # Errors
///
/// The journal cannot be read, or `out` not be written.
pub async fn write_csv(
    journal: &dyn Journal,
    out: &mut (dyn Write + Send),
) -> Result<u64, ReportError> {
    csv::record(out, COLUMNS)?;
    let mut count = 0;
    let each = |entry: &Entry| -> Result<(), ReportError> {
        let Entry {
            plan,
            state,
            facts,
            changed,
        } = entry;
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        csv::record(
            out,
            [
                plan.line.to_string(),
                plan.transfer_id.to_string(),
                plan.amount.to_string(),
                plan.mode.to_string(),
                plan.payee.clone(),
                state.to_string(),
                facts
                    .status
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                facts
                    .enkash_id
                    .as_ref()
                    .map(ToString::to_string)
                    .unwrap_or_default(),
                text(&facts.utr),
                text(&facts.reason),
                if facts.payee_was_there { "yes" } else { "" }.to_owned(),
                changed
                    .map(|changed| Timestamp::from(changed).to_string())
                    .unwrap_or_default(),
            ],
        )?;
        count += 1;
        Ok(())
    };
    rows(journal, each).await?;
    out.flush()?;
    Ok(count)
}
