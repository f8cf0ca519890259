//! Every rule of every row, before the first is paid.
//!
//! [`check`] reads all rows and tells all problems. What it gives back says what the good rows come
//! to, and reads them again: [`Checked::accepted`] for those that can be paid,
//! [`Checked::write_refused`] for the others.
//!
//! A row is checked by the rules of the requests that it becomes, by those of a
//! [file](crate::file), and against the other rows:
//!
//! - A `transaction_id` stands in one row. Of several with the same all are refused, since nobody
//!   can tell which of them is meant.
//! - A `beneficiary_id` is one payee. A row that describes it otherwise than the first row with it
//!   is refused: it would be paid into the account of the first. So is one that does not describe it,
//!   where another row does: it would not wait until the payee is registered. Rows that are wrong by
//!   themselves describe nobody.
//!
//! None of it needs more memory for more rows. What finds repeated ids takes 80 bytes a row of
//! temporary file beyond the first 65,536 rows, and 40 for each row that it finds.

mod error;
mod repeated;
mod rules;
mod sorter;
mod totals;

use std::io;

pub use error::CheckError;
pub use totals::{Total, Totals};

use crate::Problem;
use crate::file::{Fingerprint, ReadError, Row, Rows, Source};
use repeated::{Repeated, RepeatedRows, Repeats};
use totals::Share;

/// Reads all rows and tells every rule that one of them breaks: those of the rows by themselves in
/// the order of the lines, and after them, in that order again, what rows break together.
///
/// The problems go where you say, for instance into [`Problems`](crate::Problems), which keeps the
/// first of them.
///
/// # Errors
///
/// Where the source cannot be read to its end.
pub fn check(source: &dyn Source, problem: &mut dyn FnMut(Problem)) -> Result<Checked, CheckError> {
    let mut totals = Totals::default();
    let (mut refused, mut problems) = (0, 0);
    let mut tell = |found| {
        problems += 1;
        problem(found);
    };

    let mut repeats = Repeats::new();
    let mut rows = source.rows()?;
    while let Some(mut row) = rows.next_row()? {
        rules::check(&mut row);
        let share = if row.problems.is_empty() {
            totals.add(&row.transfer).ok_or(CheckError::TooMuch)?
        } else {
            refused += 1;
            Share::NONE
        };
        repeats.add(&row, share).map_err(CheckError::Temporary)?;
        row.problems.into_iter().for_each(&mut tell);
    }
    let fingerprint = rows.fingerprint();

    let repeated = repeats.finish().map_err(CheckError::Temporary)?;
    let mut found = repeated.read();
    let mut line = 0;
    while let Some((problem, share)) = found.up_to(u64::MAX).map_err(CheckError::Temporary)? {
        // A row can be at odds with others by both of its ids, and is refused once.
        if share != Share::NONE && problem.line != line {
            line = problem.line;
            totals.take_off(share);
            refused += 1;
        }
        tell(problem);
    }
    totals.checked_all().ok_or(CheckError::TooMuch)?;
    Ok(Checked {
        totals,
        refused,
        problems,
        fingerprint,
        repeated,
    })
}

/// What [`check`] found.
#[derive(Clone)]
pub struct Checked {
    totals: Totals,
    refused: u64,
    problems: u64,
    fingerprint: Fingerprint,
    repeated: Repeated,
}

impl Checked {
    /// What the rows come to that break no rule.
    #[must_use]
    pub fn totals(&self) -> &Totals {
        &self.totals
    }

    /// How many rows break a rule.
    #[must_use]
    pub fn refused(&self) -> u64 {
        self.refused
    }

    /// How many problems there are; a row can have several.
    #[must_use]
    pub fn problems(&self) -> u64 {
        self.problems
    }

    /// What the source was known by when it was checked.
    #[must_use]
    pub fn fingerprint(&self) -> Fingerprint {
        self.fingerprint
    }

    /// Reads the rows again, and gives those that break no rule.
    ///
    /// # Errors
    ///
    /// Where the source cannot be read.
    pub fn accepted(&self, source: &dyn Source) -> Result<Accepted, CheckError> {
        Ok(Accepted(self.again(source)?))
    }

    /// Reads the rows again, and writes those that break a rule, each as it stood and with its
    /// problems, into a file of the same format. It can be corrected and read as it is.
    ///
    /// The rows hold whole account numbers, as the source does: keep the file as safe as that.
    ///
    /// # Errors
    ///
    /// Where the source cannot be read, or `out` cannot be written.
    pub fn write_refused(
        &self,
        source: &dyn Source,
        out: &mut dyn io::Write,
    ) -> Result<u64, CheckError> {
        let mut again = self.again(source)?;
        let mut count = 0;
        while let Some(row) = again.next_row()? {
            if row.problems.is_empty() {
                continue;
            }
            let why: Vec<_> = row
                .problems
                .iter()
                .map(|p| p.in_its_line().to_string())
                .collect();
            let why = format!("line {}: {}", row.line, why.join("; "));
            let written = again.rows.write_refused(&why, out);
            written.map_err(CheckError::Refused)?;
            count += 1;
        }
        out.flush().map_err(CheckError::Refused)?;
        Ok(count)
    }

    fn again(&self, source: &dyn Source) -> Result<Again, CheckError> {
        Ok(Again {
            rows: source.rows()?,
            repeated: self.repeated.read(),
            fingerprint: self.fingerprint,
        })
    }
}

/// The counts and sums.
impl std::fmt::Debug for Checked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Checked")
            .field("totals", &self.totals)
            .field("refused", &self.refused)
            .field("problems", &self.problems)
            .field("fingerprint", &self.fingerprint)
            .finish_non_exhaustive()
    }
}

/// The rows of a source that break no rule, in their order.
///
/// If the source is no longer the one that was checked, it ends with [`ReadError::Changed`]: with
/// a [`PayoutFile`](crate::file::PayoutFile) before a row of what was changed is given, with
/// another source at the latest after the last row.
pub struct Accepted(Again);

impl Iterator for Accepted {
    type Item = Result<Row, CheckError>;

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            match self.0.next_row() {
                Ok(Some(row)) if !row.problems.is_empty() => {}
                read => return read.transpose(),
            }
        }
    }
}

/// The rows once more, each with all of its problems.
struct Again {
    rows: Box<dyn Rows>,
    repeated: RepeatedRows,
    fingerprint: Fingerprint,
}

impl Again {
    fn next_row(&mut self) -> Result<Option<Row>, CheckError> {
        let Some(mut row) = self.rows.next_row()? else {
            if self.rows.fingerprint() != self.fingerprint {
                return Err(ReadError::Changed.into());
            }
            return Ok(None);
        };
        rules::check(&mut row);
        while let Some((problem, _)) = self
            .repeated
            .up_to(row.line)
            .map_err(CheckError::Temporary)?
        {
            row.problems.push(problem);
        }
        Ok(Some(row))
    }
}
