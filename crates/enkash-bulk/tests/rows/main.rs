//! Files of payouts: what is read of them, what is refused and with which words, and what is found
//! across rows.
//!
//! `PROPTEST_RNG_SEED=<seed> cargo test -p enkash-bulk --test rows` repeats a run of the random
//! tests.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests are tests as well.

mod across;
mod changed;
mod formats;
mod hostile;
mod properties;
mod refused;
mod rules;

use enkash_bulk::Problem;
use enkash_bulk::check::{Checked, check};
use enkash_bulk::file::{Format, PayoutFile, ReadError, Row, Source};

const HEADING: &str = "transaction_id,amount,mode,beneficiary_id,beneficiary_name,account_number,ifsc,vpa,remark,reference";

fn csv(contents: impl AsRef<[u8]>) -> PayoutFile {
    PayoutFile::in_memory(contents, Format::Csv)
}

fn json_lines(contents: impl AsRef<[u8]>) -> PayoutFile {
    PayoutFile::in_memory(contents, Format::JsonLines)
}

/// A CSV file with all columns and these rows.
fn rows(rows: &[&str]) -> PayoutFile {
    csv(format!("{HEADING}\n{}\n", rows.join("\n")))
}

/// All rows of a source, right or wrong.
fn read(source: &dyn Source) -> Result<Vec<Row>, ReadError> {
    let mut rows = source.rows()?;
    let mut all = Vec::new();
    while let Some(row) = rows.next_row()? {
        all.push(row);
    }
    Ok(all)
}

fn checked(source: &dyn Source) -> (Checked, Vec<Problem>) {
    let mut problems = Vec::new();
    let checked = check(source, &mut |problem| problems.push(problem)).unwrap();
    (checked, problems)
}

/// What a check says of a file, a line for each problem.
fn told(source: &dyn Source) -> String {
    let problems = checked(source).1;
    problems
        .iter()
        .map(|problem| format!("{problem}\n"))
        .collect()
}

/// The ids of the transfers that can be paid.
fn accepted(checked: &Checked, source: &dyn Source) -> Vec<String> {
    let rows = checked.accepted(source).unwrap();
    rows.map(|row| row.unwrap().transfer.transaction_id.to_string())
        .collect()
}

/// What stands in the file of refused rows.
fn refused(checked: &Checked, source: &dyn Source) -> Vec<u8> {
    let mut out = Vec::new();
    let count = checked.write_refused(source, &mut out).unwrap();
    assert_eq!(count, checked.refused());
    out
}
