//! Rows as the journal has them and as the file has them.

use super::payee;
use super::stop::Stop;
use crate::check::{Accepted, CheckError, Checked};
use crate::file::{Row, Source};
use crate::journal::{Difference, Entries, Entry, Journal, JournalError, Plan, State};

/// A row, and where it stands.
#[derive(Debug)]
pub(super) struct Item {
    pub(super) row: Row,
    pub(super) entry: Entry,
}

/// Reads rows, once. The journal says which; the file has what it does not: whole account numbers.
pub(super) struct Walk<'a> {
    entries: Entries<'a>,
    /// Rows that have taken no step are left out.
    is_of_touched: bool,
    rows: Accepted,
}

impl<'a> Walk<'a> {
    /// Those in one state.
    pub(super) fn begin(
        journal: &'a dyn Journal,
        only: State,
        source: &dyn Source,
        checked: &Checked,
    ) -> Result<Self, CheckError> {
        Ok(Self {
            entries: Entries::of(journal, Some(only)),
            is_of_touched: false,
            rows: checked.accepted(source)?,
        })
    }

    /// Those that have taken a step.
    pub(super) fn of_touched(
        journal: &'a dyn Journal,
        source: &dyn Source,
        checked: &Checked,
    ) -> Result<Self, CheckError> {
        Ok(Self {
            entries: Entries::of(journal, None),
            is_of_touched: true,
            rows: checked.accepted(source)?,
        })
    }

    pub(super) async fn next(&mut self) -> Result<Option<Item>, Stop> {
        let entry = loop {
            match self.entries.next().await? {
                None => return Ok(None),
                Some(entry) if self.is_of_touched && entry.changed.is_none() => {}
                Some(entry) => break entry,
            }
        };
        for row in self.rows.by_ref() {
            let row = row?;
            if row.line < entry.plan.line {
                continue;
            }
            if !is_planned(&row, &entry.plan) {
                break;
            }
            return Ok(Some(Item { row, entry }));
        }
        let difference = Difference::Row(entry.plan.number);
        Err(JournalError::AnotherRun(difference).into())
    }
}

/// The plan of a row.
pub(super) fn plan(number: u64, row: &Row) -> Plan {
    let transfer = &row.transfer;
    Plan::new(
        number,
        row.line,
        transfer.transaction_id.clone(),
        transfer.transfer_amount,
        transfer.transfer_mode.clone(),
        payee::shown(row),
    )
}

/// Whether it is the row that was planned, as far as the journal can tell. Of the rest the
/// fingerprint tells.
fn is_planned(row: &Row, planned: &Plan) -> bool {
    plan(planned.number, row) == *planned
}
