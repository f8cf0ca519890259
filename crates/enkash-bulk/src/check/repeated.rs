//! What only the file as a whole can tell: ids that stand in it twice.
//!
//! Of each row a few numbers are kept, and a sorter brings those with the same id together, however
//! many rows there are. Ids are kept as 128 bits of a hash with a key that nobody knows. Equal ids
//! have equal hashes, so none is missed; that two others have one is less likely than that the
//! memory tells a wrong bit, and would refuse a row, not pay it.

use std::hash::{BuildHasher as _, Hash, RandomState};
use std::io;

use super::sorter::{Merge, Record, Sorted, Sorter};
use super::totals::Share;
use crate::Problem;
use crate::file::{Column, Row};

/// How many rows are held before they go to the disk: 2.6 MB of them.
const HELD: usize = 64 * 1024;

pub(super) struct Repeats {
    keys: [RandomState; 2],
    transfers: Sorter,
    payees: Sorter,
}

impl Repeats {
    pub(super) fn new() -> Self {
        Self {
            keys: [RandomState::new(), RandomState::new()],
            transfers: Sorter::holding(HELD),
            payees: Sorter::holding(HELD),
        }
    }

    /// Takes note of a row, and of what it adds to the totals.
    pub(super) fn add(&mut self, row: &Row, share: Share) -> io::Result<()> {
        let transfer = &row.transfer;
        if row.is_read(Some(Column::TransactionId)) && !transfer.transaction_id.as_str().is_empty()
        {
            let id = self.hash(&transfer.transaction_id);
            self.transfers.push([id[0], id[1], row.line, 0, share.0])?;
        }
        if let Some(payee) = &row.beneficiary
            && row.problems.is_empty()
        {
            let id = self.hash(&payee.beneficiary_id);
            let [details, _] = self.hash(&(
                &payee.beneficiary_name,
                &payee.beneficiary_account_number,
                &payee.beneficiary_ifsc,
                &payee.vpa_handle,
            ));
            self.payees
                .push([id[0], id[1], row.line, details, share.0])?;
        }
        Ok(())
    }

    fn hash(&self, value: &impl Hash) -> [u64; 2] {
        self.keys.each_ref().map(|key| key.hash_one(value))
    }

    /// The rows that break a rule because of another row.
    pub(super) fn finish(self) -> io::Result<Repeated> {
        let mut found = Sorter::holding(HELD);
        // Which of the rows with one id is meant, nobody can tell: all of them are refused.
        let mut first: Option<Record> = None;
        let mut told = false;
        for record in self.transfers.finish().read() {
            let record = record?;
            match first {
                Some(first) if same_id(&first, &record) => {
                    if !told {
                        found.push(Kind::Transfer.record(&first, &record))?;
                    }
                    told = true;
                    found.push(Kind::Transfer.record(&record, &first))?;
                }
                _ => (first, told) = (Some(record), false),
            }
        }
        // Whoever differs from the first row of a payee would be paid into the first row's account,
        // which is the one that EnKash is told. The first row itself is right.
        let mut first: Option<Record> = None;
        for record in self.payees.finish().read() {
            let record = record?;
            match first {
                Some(first) if same_id(&first, &record) => {
                    if first[3] != record[3] {
                        found.push(Kind::Payee.record(&record, &first))?;
                    }
                }
                _ => first = Some(record),
            }
        }
        Ok(Repeated(found.finish()))
    }
}

fn same_id(one: &Record, other: &Record) -> bool {
    one[..2] == other[..2]
}

#[derive(Clone, Copy)]
enum Kind {
    Transfer,
    Payee,
}

impl Kind {
    /// A row, the other that it is at odds with, and its share of the totals.
    fn record(self, row: &Record, other: &Record) -> Record {
        [row[2], self as u64, other[2], row[4], 0]
    }
}

/// The rows that break a rule because of another row, by line.
#[derive(Clone)]
pub(super) struct Repeated(Sorted);

impl Repeated {
    pub(super) fn read(&self) -> RepeatedRows {
        RepeatedRows {
            records: self.0.read(),
            next: None,
        }
    }
}

/// A problem of a row with another, and what the row had added to the totals.
pub(super) type Found = (Problem, Share);

pub(super) struct RepeatedRows {
    records: Merge,
    next: Option<Found>,
}

impl RepeatedRows {
    /// The next problem, if it is in this line or before it.
    pub(super) fn up_to(&mut self, line: u64) -> io::Result<Option<Found>> {
        if self.next.is_none() {
            self.next = self
                .records
                .next()
                .transpose()?
                .map(|record| found(&record));
        }
        Ok(self.next.take_if(|(problem, _)| problem.line <= line))
    }
}

fn found(record: &Record) -> Found {
    let [line, kind, other, share, _] = *record;
    let problem = if kind == Kind::Transfer as u64 {
        let rule = format!("stands in line {other} too, and an id is paid once");
        Problem::new(line, Some(Column::TransactionId), rule)
    } else {
        let rule = format!(
            "stands in line {other} with another name, account or UPI address, and an id is one payee"
        );
        Problem::new(line, Some(Column::BeneficiaryId), rule)
    };
    (problem, Share(share))
}
