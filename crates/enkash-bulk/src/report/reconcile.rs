//! Whether the journal and the statement agree.

use std::collections::HashMap;

use enkash_api::types::Rupees;
use enkash_api::types::payouts::{Statement, StatementLine};

use super::rows;
use crate::check::Total;
use crate::journal::{Entry, Journal, JournalError, Plan, State};

/// So many rows that do not agree are kept; all are counted.
const KEPT: usize = 1000;

/// The lines of statements, by what tells a transfer.
///
/// A line carries a `transactionId`, and whether that is the merchant's id or EnKash's is not
/// documented: it is compared with both. It carries the bank's reference too.
#[derive(Debug, Default)]
pub struct Statements {
    lines: Vec<StatementLine>,
}

impl Statements {
    /// No line yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the lines of a statement. Those of the whole time of a run are needed, in as many
    /// statements as it takes.
    pub fn add(&mut self, statement: Statement) {
        self.lines.extend(statement.lines);
    }
}

/// What came of comparing a journal with statements. A line proves that money moved for a row; that
/// there is none proves nothing before the day is over.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Reconciliation {
    /// Rows for whose amount there is a line, by state.
    seen: HashMap<State, Total>,
    /// Rows without a line, by state.
    not_seen: HashMap<State, Total>,
    /// Lines that belong to no row: what else happened in the account.
    pub other_lines: u64,
    /// The first thousand rows that the journal and the statement tell differently.
    pub disagreements: Vec<Disagreement>,
    /// How many there are.
    pub disagreeing: Total,
}

/// A row that the journal and the statement tell differently.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Disagreement {
    /// The row.
    pub plan: Plan,
    /// Where the journal has it.
    pub state: State,
    /// The amounts of its lines: none where there is no line.
    pub lines: Vec<Rupees>,
}

impl Reconciliation {
    /// Compares the rows of a journal with the lines of statements.
    ///
    /// These disagree: a row that is paid and has no line; one that was rejected, refused or not
    /// sent and has a line; and one that has lines, none of them of its amount. The unit of a line's
    /// sum is not documented, so a line is of a row's amount if it is in rupees or in paise.
    ///
    /// # Errors
    ///
    /// What can fail in the journal.
    pub async fn of(journal: &dyn Journal, statements: &Statements) -> Result<Self, JournalError> {
        let index = Index::of(&statements.lines);
        let mut is_ours = vec![false; statements.lines.len()];
        let mut reconciliation = Self::default();
        rows(journal, |entry| {
            let lines = index.lines(entry);
            for line in &lines {
                if let Some(is_ours) = is_ours.get_mut(*line) {
                    *is_ours = true;
                }
            }
            let amounts = lines.iter().filter_map(|line| statements.lines.get(*line));
            let amounts = amounts.filter_map(|line| line.transaction_amount).collect();
            reconciliation.take(entry, lines.is_empty(), amounts);
            Ok::<_, JournalError>(())
        })
        .await?;
        let others = is_ours.into_iter().filter(|is_ours| !is_ours).count();
        reconciliation.other_lines = u64::try_from(others).unwrap_or(u64::MAX);
        Ok(reconciliation)
    }

    fn take(&mut self, entry: &Entry, is_missing: bool, lines: Vec<Rupees>) {
        let amount = entry.plan.amount;
        let side = match is_missing {
            true => &mut self.not_seen,
            false => &mut self.seen,
        };
        add(side.entry(entry.state).or_default(), amount);
        let is_of_amount = lines.iter().any(|line| agrees(*line, amount));
        let agree = match entry.state {
            State::Paid => is_of_amount,
            // Sent, taken, given back: with a line or without one.
            State::Sent | State::Taken | State::NotPaid => is_missing || is_of_amount,
            State::Planned | State::Rejected | State::Refused => is_missing,
        };
        if agree {
            return;
        }
        add(&mut self.disagreeing, amount);
        if self.disagreements.len() < KEPT {
            self.disagreements.push(Disagreement {
                plan: entry.plan.clone(),
                state: entry.state,
                lines,
            });
        }
    }

    /// The rows in a state that have a line.
    #[must_use]
    pub fn seen(&self, state: State) -> Total {
        self.seen.get(&state).copied().unwrap_or_default()
    }

    /// The rows in a state that have none.
    #[must_use]
    pub fn not_seen(&self, state: State) -> Total {
        self.not_seen.get(&state).copied().unwrap_or_default()
    }

    /// Whether journal and statement tell the same.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.disagreeing.rows == 0
    }
}

/// The lines by each text that may tell a transfer.
struct Index<'a>(HashMap<&'a str, Vec<usize>>);

impl<'a> Index<'a> {
    fn of(lines: &'a [StatementLine]) -> Self {
        let mut index: HashMap<&str, Vec<usize>> = HashMap::new();
        for (number, line) in lines.iter().enumerate() {
            let id = line.transaction_id.as_ref().map(|id| id.as_str());
            let reference = line.transaction_reference_number.as_deref();
            for text in [id, reference].into_iter().flatten() {
                if !text.is_empty() {
                    index.entry(text).or_default().push(number);
                }
            }
        }
        Self(index)
    }

    /// The lines of a row, each once.
    fn lines(&self, entry: &Entry) -> Vec<usize> {
        let known = [
            Some(entry.plan.transfer_id.as_str()),
            entry.facts.enkash_id.as_ref().map(|id| id.as_str()),
            entry.facts.utr.as_deref(),
        ];
        let known = known.into_iter().flatten();
        let mut lines: Vec<_> = known
            .filter_map(|text| self.0.get(text))
            .flatten()
            .copied()
            .collect();
        lines.sort_unstable();
        lines.dedup();
        lines
    }
}

/// Whether a line is of this amount, in rupees or in paise.
fn agrees(line: Rupees, amount: Rupees) -> bool {
    let hundred = Rupees::from_paise(10_000).decimal();
    line == amount || line.decimal() == amount.decimal() * hundred
}

fn add(total: &mut Total, amount: Rupees) {
    total.rows += 1;
    total.rupees = total.rupees.checked_add(amount).unwrap_or(total.rupees);
}
