//! The rules that a row has to keep by itself.

use enkash_api::types::{Valid, Violation, Violations};

use crate::Problem;
use crate::file::{Column, Row};

/// Adds to the problems of a row what its requests break. They have the same rules when they are
/// sent.
pub(super) fn check(row: &mut Row) {
    let transfer = Valid::check(&row.transfer).err();
    let payee = row.beneficiary.as_ref();
    let payee = payee.and_then(|payee| Valid::check(payee).err());
    for violation in transfer.iter().chain(&payee).flat_map(Violations::iter) {
        add(row, violation);
    }
    row.problems.sort_by_key(|problem| problem.column);
}

fn add(row: &mut Row, violation: &Violation) {
    let column = Column::of_field(&violation.path);
    // What could not be read has been told, and the field does not hold it.
    if !row.is_read(column) {
        return;
    }
    let problem = Problem::new(row.line, column, in_columns(&violation.message));
    // An id of a payee stands in two requests.
    if !row.problems.contains(&problem) {
        row.problems.push(problem);
    }
}

/// A rule that names other fields, with the columns that fill them.
fn in_columns(rule: &str) -> String {
    let name = |word: &str| {
        let field = word.trim_end_matches([',', '.', ';']);
        let column = Column::of_field(field)?;
        Some(word.replacen(field, column.name(), 1))
    };
    let words = rule
        .split(' ')
        .map(|word| name(word).unwrap_or_else(|| word.to_owned()));
    words.collect::<Vec<_>>().join(" ")
}
