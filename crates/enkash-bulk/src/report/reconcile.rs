//! Whether the journal and the statement agree.

use std::collections::HashMap;
use std::fmt;

use enkash_api::types::Rupees;
use enkash_api::types::payouts::StatementLine;
use serde::Serialize;

use super::{Statements, rows};
use crate::check::Total;
use crate::journal::{Entry, Journal, JournalError, Plan, State};

/// So many rows that do not agree are kept; all are counted.
const KEPT: usize = 1000;

/// What came of comparing a journal with statements. A line proves that money moved for a row; that
/// there is none proves nothing before the day is over.
///
/// A line belongs to a row by its `transactionId`, of which it is not documented whether it is the
/// merchant's or EnKash's, so it is compared with both; or by the bank's reference.
///
/// Nor is documented which lines are money that left and which are money that came. So how many there
/// are decides: of a row that is paid there is one, of one whose money came back there are two. In the
/// sums every line is money that left, but for those two.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Reconciliation {
    states: [Compared; State::ALL.len()],
    /// Whether the statement's sums are paise. The unit is not documented: it is what agrees with
    /// more of the rows.
    pub in_paise: bool,
    /// Lines that belong to no row: what else happened in the account.
    pub other_lines: u64,
    /// The first thousand rows that the journal and the statement tell differently.
    pub disagreements: Vec<Disagreement>,
    /// How many there are.
    pub disagreeing: Total,
}

/// What the journal says was paid, and what the statement says left the account, of some rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Compared {
    /// Paid, as the journal has it.
    pub paid: Total,
    /// What left the account, as the statement has it, and did not come back.
    pub left: Total,
    /// What left less what was paid, and of how many rows the two are not the same.
    pub difference: Total,
    /// What left the account, and came back.
    pub came_back: Total,
}

impl Compared {
    fn and(self, other: Self) -> Self {
        Self {
            paid: self.paid.plus(other.paid),
            left: self.left.plus(other.left),
            difference: self.difference.plus(other.difference),
            came_back: self.came_back.plus(other.came_back),
        }
    }
}

/// A row that the journal and the statement tell differently.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Disagreement {
    /// The row.
    pub plan: Plan,
    /// Where the journal has it.
    pub state: State,
    /// Its lines: none where there is no line.
    pub lines: Vec<LineOfRow>,
}

/// A line of a statement, as far as it is compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LineOfRow {
    /// Its sum in rupees, if it has one.
    pub amount: Option<Rupees>,
    /// EnKash's own word for what kind of line it is. Those words are not documented.
    pub transaction_type: Option<String>,
}

impl Reconciliation {
    /// Compares the rows of a journal with the lines of statements.
    ///
    /// These agree: a row that is paid and has one line of its amount; one that is not paid or was
    /// rejected, and has none or two, since what left came back; one of which is not known how it
    /// ended, and has none or one; one that was refused or not sent, and has none.
    ///
    /// # Errors
    ///
    /// What can fail in the journal.
    pub async fn of(journal: &dyn Journal, statements: &Statements) -> Result<Self, JournalError> {
        let index = Index::of(&statements.lines);
        let mut reconciliation = Self {
            in_paise: index.is_in_paise(journal).await?,
            ..Self::default()
        };
        let mut is_ours = vec![false; statements.lines.len()];
        rows(journal, |entry| {
            let mut lines = Vec::new();
            for number in index.numbers(entry) {
                if let Some(is_ours) = is_ours.get_mut(number) {
                    *is_ours = true;
                }
                if let Some(line) = statements.lines.get(number) {
                    lines.push(LineOfRow {
                        amount: reconciliation.in_rupees(line),
                        transaction_type: line.transaction_type.clone(),
                    });
                }
            }
            reconciliation.take(entry, lines);
            Ok::<_, JournalError>(())
        })
        .await?;
        let others = is_ours.into_iter().filter(|is_ours| !is_ours).count();
        reconciliation.other_lines = u64::try_from(others).unwrap_or(u64::MAX);
        Ok(reconciliation)
    }

    /// The sum of a line. One that cannot be held is none, which agrees with no row.
    fn in_rupees(&self, line: &StatementLine) -> Option<Rupees> {
        let amount = line.transaction_amount?;
        match self.in_paise {
            true => Rupees::new(amount.decimal() / hundred()).ok(),
            false => Some(amount),
        }
    }

    fn take(&mut self, entry: &Entry, lines: Vec<LineOfRow>) {
        let Entry { plan, state, .. } = entry;
        let (state, amount) = (*state, plan.amount);
        let paid = match state {
            State::Paid => amount,
            _ => Rupees::ZERO,
        };
        let are_of_amount = lines.iter().all(|line| line.amount == Some(amount));
        let may_come_back = matches!(state, State::NotPaid | State::Rejected);
        let came_back = may_come_back && lines.len() == 2 && are_of_amount;
        let left = match came_back {
            true => Rupees::ZERO,
            false => {
                let amounts = lines.iter().filter_map(|line| line.amount);
                let sums = amounts.map(Total::of);
                sums.fold(Total::default(), Total::plus).rupees
            }
        };
        if let Some(of_state) = self.states.get_mut(state as usize) {
            let row = |is_one: bool, rupees| match is_one {
                true => Total::of(rupees),
                false => Total::default(),
            };
            *of_state = of_state.and(Compared {
                paid: row(state == State::Paid, paid),
                left: row(left != Rupees::ZERO, left),
                difference: row(left != paid, left.checked_sub(paid).unwrap_or_default()),
                came_back: row(came_back, amount),
            });
        }
        let is_expected = match state {
            State::Paid => lines.len() == 1,
            State::NotPaid | State::Rejected => lines.is_empty() || came_back,
            State::Sent | State::Taken => lines.len() <= 1,
            State::Planned | State::Refused => lines.is_empty(),
        };
        if is_expected && are_of_amount {
            return;
        }
        self.disagreeing.add(amount);
        if self.disagreements.len() < KEPT {
            self.disagreements.push(Disagreement {
                plan: plan.clone(),
                state,
                lines,
            });
        }
    }

    /// The rows in a state.
    #[must_use]
    pub fn in_state(&self, state: State) -> Compared {
        self.states.get(state as usize).copied().unwrap_or_default()
    }

    /// All rows.
    #[must_use]
    pub fn all(&self) -> Compared {
        let states = self.states.iter().copied();
        states.fold(Compared::default(), Compared::and)
    }

    /// Whether journal and statement tell the same.
    #[must_use]
    pub fn agrees(&self) -> bool {
        self.disagreeing.rows == 0
    }
}

/// What stands in the journal, what in the statement, and what that may mean.
impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { plan, state, lines } = self;
        let (line, id, amount) = (plan.line, &plan.transfer_id, plan.amount);
        write!(f, "line {line}: {id} is {state} with {amount} rupees, and ")?;
        match lines.len() {
            0 => return f.write_str("has no line; it may be of another time than was read"),
            1 => f.write_str("has 1 line: ")?,
            many => write!(f, "has {many} lines: ")?,
        }
        for (index, line) in lines.iter().enumerate() {
            let separator = if index > 0 { ", " } else { "" };
            match line.amount {
                Some(amount) => write!(f, "{separator}{amount}")?,
                None => write!(f, "{separator}no sum")?,
            }
            if let Some(kind) = &line.transaction_type {
                write!(f, " {kind}")?;
            }
        }
        let are_of_amount = lines.iter().all(|line| line.amount == Some(amount));
        f.write_str(match (state, lines.len()) {
            _ if !are_of_amount => "; it is another sum",
            (State::NotPaid, 1) => "; the money left, and did not come back",
            (State::Paid | State::Sent | State::Taken, _) => {
                "; it may have been paid twice, or given back"
            }
            (State::Rejected, 1) => {
                "; yet money moved: was it corrected, and paid from another file?"
            }
            (State::Planned | State::Refused, 1) => "; yet money moved",
            _ => "; it may have been paid more than once",
        })
    }
}

/// The lines by each text that may tell a transfer.
struct Index<'a> {
    lines: &'a [StatementLine],
    by_text: HashMap<&'a str, Vec<usize>>,
}

impl<'a> Index<'a> {
    fn of(lines: &'a [StatementLine]) -> Self {
        let mut by_text: HashMap<&str, Vec<usize>> = HashMap::new();
        for (number, line) in lines.iter().enumerate() {
            let id = line.transaction_id.as_ref().map(|id| id.as_str());
            let reference = line.transaction_reference_number.as_deref();
            for text in [id, reference].into_iter().flatten() {
                if !text.is_empty() {
                    by_text.entry(text).or_default().push(number);
                }
            }
        }
        Self { lines, by_text }
    }

    /// The numbers of a row's lines, each once.
    fn numbers(&self, entry: &Entry) -> Vec<usize> {
        let known = [
            Some(entry.plan.transfer_id.as_str()),
            entry.facts.enkash_id.as_ref().map(|id| id.as_str()),
            entry.facts.utr.as_deref(),
        ];
        let known = known.into_iter().flatten();
        let mut numbers: Vec<_> = known
            .filter_map(|text| self.by_text.get(text))
            .flatten()
            .copied()
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        numbers
    }

    /// Whether more lines are of their rows' amounts in paise than in rupees. It is one unit for all
    /// of them: a single line that is a hundred times too large is no paise.
    async fn is_in_paise(&self, journal: &dyn Journal) -> Result<bool, JournalError> {
        let (mut rupees, mut paise) = (0_u64, 0_u64);
        rows(journal, |entry| {
            let amount = entry.plan.amount.decimal();
            for number in self.numbers(entry) {
                let line = self.lines.get(number);
                let Some(sum) = line.and_then(|line| line.transaction_amount) else {
                    continue;
                };
                rupees += u64::from(sum.decimal() == amount);
                paise += u64::from(sum.decimal() == amount * hundred());
            }
            Ok::<_, JournalError>(())
        })
        .await?;
        Ok(paise > rupees)
    }
}

fn hundred() -> rust_decimal::Decimal {
    rust_decimal::Decimal::ONE_HUNDRED
}
