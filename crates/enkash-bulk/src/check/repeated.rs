//! What only the file as a whole can tell: ids that stand in it more than once.
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

/// Stands on the line of a row that names a payee and does not describe him: so that it is sorted
/// behind all that do.
const NAMES_ONLY: u64 = 1 << 63;

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
        let (payee, line, details) = match (&row.beneficiary, &transfer.beneficiary_id) {
            (Some(payee), _) if row.problems.is_empty() => {
                let [details, _] = self.hash(&(
                    &payee.beneficiary_name,
                    &payee.beneficiary_account_number,
                    &payee.beneficiary_ifsc,
                    &payee.vpa_handle,
                ));
                (&payee.beneficiary_id, row.line, details)
            }
            // Of one that cannot be read whole it is not known whether it describes him.
            (None, Some(payee)) if !payee.as_str().is_empty() && is_read(row) => {
                (payee, row.line | NAMES_ONLY, 0)
            }
            _ => return Ok(()),
        };
        let id = self.hash(payee);
        self.payees.push([id[0], id[1], line, details, share.0])
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
        // which is the one that EnKash is told. Whoever only names him would not wait until it is told.
        // The first row itself is right.
        let mut first: Option<Record> = None;
        for record in self.payees.finish().read() {
            let record = record?;
            match first {
                Some(first) if same_id(&first, &record) => {
                    if first[3] != record[3] {
                        let kind = match record[2] & NAMES_ONLY {
                            0 => Kind::Payee,
                            _ => Kind::Described,
                        };
                        found.push(kind.record(&record, &first))?;
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

/// Whether the columns of a payee hold what stands in the file.
fn is_read(row: &Row) -> bool {
    PAYEE.iter().all(|column| row.is_read(Some(*column)))
}

const PAYEE: [Column; 5] = [
    Column::BeneficiaryId,
    Column::BeneficiaryName,
    Column::AccountNumber,
    Column::Ifsc,
    Column::Vpa,
];

/// How a row is at odds with another.
#[derive(Clone, Copy)]
enum Kind {
    /// Both have one id.
    Transfer,
    /// The other describes its payee otherwise.
    Payee,
    /// The other describes its payee, and it does not.
    Described,
}

impl Kind {
    /// A row, the other that it is at odds with, and its share of the totals.
    fn record(self, row: &Record, other: &Record) -> Record {
        [row[2] & !NAMES_ONLY, self as u64, other[2], row[4], 0]
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
    let (column, rule) = if kind == Kind::Transfer as u64 {
        let rule = format!("stands in line {other} too, and an id is paid once");
        (Column::TransactionId, rule)
    } else if kind == Kind::Payee as u64 {
        let rule = format!(
            "stands in line {other} with another name, account or UPI address, and an id is one payee"
        );
        (Column::BeneficiaryId, rule)
    } else {
        let rule = format!(
            "is described in line {other} and not here, so this row may be sent before the payee is \
             registered: describe it here as well, or register the payee with an earlier file"
        );
        (Column::BeneficiaryId, rule)
    };
    (Problem::new(line, Some(column), rule), Share(share))
}
