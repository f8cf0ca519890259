//! The statement of an account, in as many answers as it takes.

use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::time::{Duration, SystemTime};

use enkash_api::types::payouts::{FetchStatement, FundSourceId, Statement, StatementLine};
use enkash_api::types::{AccountNumber, Timestamp};
use enkash_api::{Client, Error};

/// A time that is shorter than this is not halved any more.
const LEAST: Duration = Duration::from_secs(8);

/// So much of its time one half has in common with the other: whether the ends of a time belong to
/// it is not documented, and a line on the seam must not be lost.
const SEAM: Duration = Duration::from_secs(1);

/// The lines of statements.
///
/// Their times may overlap: a line that stands in several of them is taken once.
#[derive(Debug, Default)]
pub struct Statements {
    pub(super) lines: Vec<StatementLine>,
    /// How often a line stands in one statement at most, by its hash. Two lines of one statement are
    /// two, though they be the same to the last letter.
    times: HashMap<u64, u32>,
    hasher: RandomState,
}

impl Statements {
    /// No line yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Reads the statement of an account between two times.
    ///
    /// No paging is documented, and a client takes an answer only up to a size. So where an answer is
    /// too large, the time is halved, and each half is read by itself.
    ///
    /// # Errors
    ///
    /// [`Error`]. Of a few seconds the answer must not be too large.
    pub async fn read(
        client: &Client,
        fund_source: &FundSourceId,
        debit_account: &AccountNumber,
        from: SystemTime,
        to: SystemTime,
    ) -> Result<Self, Error> {
        let mut statements = Self::new();
        let mut left = vec![(from, to)];
        while let Some((from, to)) = left.pop() {
            let request = FetchStatement::new(
                fund_source.clone(),
                debit_account.clone(),
                Timestamp::from(from),
                Timestamp::from(to),
            );
            match client.payouts().account().statement(request).await {
                Ok(statement) => statements.add(statement),
                Err(error) => match halves(from, to).filter(|_| error.is_too_large()) {
                    Some([first, second]) => left.extend([second, first]),
                    None => return Err(error),
                },
            }
        }
        Ok(statements)
    }

    /// Adds the lines of a statement. Those of the whole time of a run are needed, in as many
    /// statements as it takes.
    pub fn add(&mut self, statement: Statement) {
        let mut here: HashMap<u64, u32> = HashMap::new();
        for mut line in statement.lines {
            let hash = self.hasher.hash_one(format!("{line:?}"));
            let times = here.entry(hash).or_default();
            *times += 1;
            let known = self.times.entry(hash).or_default();
            if *times <= *known {
                continue;
            }
            *known = *times;
            // What is not compared is not kept: a large run has a line for each row.
            line.remarks = None;
            line.value_date = None;
            line.transaction_mode = None;
            line.extra.clear();
            self.lines.push(line);
        }
    }
}

/// A time as two, unless it is too short.
fn halves(from: SystemTime, to: SystemTime) -> Option<[(SystemTime, SystemTime); 2]> {
    let span = to.duration_since(from).ok().filter(|span| *span > LEAST)?;
    let middle = from + span / 2;
    Some([(from, middle), (middle - SEAM, to)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(id: &str, balance: &str) -> StatementLine {
        let mut line = StatementLine::default();
        line.transaction_id = Some(id.into());
        line.running_balance = balance.parse().ok();
        line
    }

    #[test]
    fn a_line_on_the_seam_is_one_and_two_of_one_statement_are_two() {
        let mut statements = Statements::new();
        let first = [line("SAL1", "90"), line("SAL2", "80"), line("SAL2", "80")];
        let second = [line("SAL2", "80"), line("SAL2", "70"), line("SAL3", "60")];
        statements.add(Statement::new(first.into()));
        statements.add(Statement::new(second.into()));
        let ids: Vec<_> = statements
            .lines
            .iter()
            .filter_map(|line| line.transaction_id.as_ref())
            .map(|id| id.as_str())
            .collect();
        assert_eq!(ids, ["SAL1", "SAL2", "SAL2", "SAL2", "SAL3"]);
    }

    #[test]
    fn halves_overlap_and_become_shorter_until_they_are_not_halved() {
        let from = SystemTime::UNIX_EPOCH;
        let mut to = from + Duration::from_secs(3 * 24 * 60 * 60);
        let mut times = 0;
        while let Some([first, second]) = halves(from, to) {
            assert!(second.0 < first.1 && first.0 == from && second.1 == to);
            assert!(first.1 < to && second.0 > from);
            to = first.1;
            times += 1;
        }
        assert!((10..20).contains(&times), "{times}");
        assert_eq!(halves(to, from), None);
    }
}
