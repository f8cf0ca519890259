//! What a run is about to do: the file, what it comes to, and what was done before.

use enkash_bulk::Problem;
use enkash_bulk::check::{CheckError, Checked, Total, check};
use enkash_bulk::file::{PayoutFile, ReadError};
use enkash_bulk::journal::{State, Tally};
use enkash_types::Rupees;
use serde_json::{Map, Value, json};

use crate::failure::Failure;
use crate::output::{Column, List, Output, cell};
use crate::payouts::tally::{rows, table};

/// Of a file that is wrong from beginning to end a person sees no more than this. A program gets
/// all of it.
const SHOWN: u64 = 100;

const PROBLEMS: &[Column<Problem>] = &[
    Column::text("LINE", |problem| problem.line.to_string()),
    Column::text("COLUMN", |problem| cell(&problem.column)),
    Column::text("RULE", |problem| problem.rule.to_string()),
];

/// Checks every row, and writes what is wrong unless that is to be skipped.
pub(super) fn checked(
    file: &PayoutFile,
    skip_invalid: bool,
    output: &Output,
) -> Result<Checked, Failure> {
    let mut list = List::new(output, PROBLEMS);
    let (mut told, mut written) = (0, Ok(()));
    let checked = check(file, &mut |problem| {
        told += 1;
        if !skip_invalid && (told <= SHOWN || output.is_json()) && written.is_ok() {
            written = list.push(&problem).map(drop);
        }
    });
    written?;
    if skip_invalid || told == 0 {
        let checked = checked.map_err(unusable)?;
        if checked.totals().all().rows == 0 && told > 0 {
            return Err(Failure::Input(format!(
                "{} broke a rule, which is all of them, and nothing was sent: --dry-run without \
                 --skip-invalid tells each",
                rows(checked.refused())
            )));
        }
        return Ok(checked);
    }
    let checked = match checked {
        Ok(checked) => checked,
        Err(error) => {
            list.write_out()?;
            return Err(unusable(error));
        }
    };
    list.end(false)?;
    let more = match told.saturating_sub(SHOWN) {
        0 => String::new(),
        _ if output.is_json() => String::new(),
        more => format!(" ({more} problems more are not shown; --json writes all)"),
    };
    let right = checked.totals().all().rows;
    let others = match right {
        0 => "",
        _ => ", or pay the others with --skip-invalid",
    };
    Err(Failure::Input(format!(
        "{} of {} broke a rule, and nothing was sent{more}; correct the file{others}",
        checked.refused(),
        rows(checked.refused() + right),
    )))
}

pub(super) fn unreadable(error: ReadError) -> Failure {
    Failure::Input(error.to_string())
}

pub(super) fn unusable(error: CheckError) -> Failure {
    match is_input(&error) {
        true => Failure::Input(error.to_string()),
        false => Failure::Other(error.to_string()),
    }
}

/// Whether it is the file that is wrong, and not the machine.
pub(super) fn is_input(error: &CheckError) -> bool {
    !matches!(error, CheckError::Temporary(_) | CheckError::Refused(_))
}

/// What is about to be paid.
pub(super) struct Plan<'a> {
    pub(super) checked: &'a Checked,
    /// What is in the account, if EnKash told it.
    pub(super) balance: Option<Rupees>,
    /// Whether it is known which account is to be asked about.
    pub(super) names_account: bool,
    /// What the journal says, if a run was begun in it.
    pub(super) before: Option<Tally>,
}

impl Plan<'_> {
    /// What is left to be sent.
    pub(super) fn left(&self) -> Total {
        match &self.before {
            Some(before) => before.to_send(),
            None => self.checked.totals().all(),
        }
    }

    pub(super) fn question(&self) -> String {
        let left = self.left();
        format!("Pay {}, {} rupees?", rows(left.rows), left.rupees)
    }

    pub(super) fn show(&self, output: &Output) -> Result<(), Failure> {
        if output.is_json() {
            output.value(&self.value())
        } else {
            output.raw(&self.in_words())
        }
    }

    fn value(&self) -> Value {
        let totals = self.checked.totals();
        let modes = totals.by_mode();
        let modes = modes.map(|(mode, total)| (mode.to_string(), json!(total)));
        json!({
            "rows": totals.all().rows,
            "rupees": totals.all().rupees,
            "byMode": modes.collect::<Map<_, _>>(),
            "refused": self.checked.refused(),
            "toSend": self.left(),
            "inDoubt": self.before.map(|before| before.in_state(State::Sent)).unwrap_or_default(),
            "balance": self.balance,
        })
    }

    /// The totals in a table, and what else is to be known before somebody says yes.
    pub(super) fn in_words(&self) -> String {
        let totals = self.checked.totals();
        let modes = totals
            .by_mode()
            .map(|(mode, total)| (mode.to_string(), total));
        let mut text = table("MODE", modes, totals.all());
        if self.checked.refused() > 0 {
            text += &format!(
                "{} left out, for a broken rule\n",
                rows(self.checked.refused())
            );
        }
        let left = self.left();
        if let Some(before) = &self.before {
            let sent = before.all().rows - left.rows;
            text += &format!("{sent} of {} sent before\n", rows(before.all().rows));
            text += &format!("left: {}, {} rupees\n", rows(left.rows), left.rupees);
            let in_doubt = before.in_state(State::Sent).rows;
            if in_doubt > 0 {
                text += &format!(
                    "of these {} may have been sent: it is found out first, and none is paid twice\n",
                    rows(in_doubt)
                );
            }
        }
        if left.rows > 0 && !self.names_account {
            text += "the balance is not watched: for that give --fund-source\n";
        }
        if let Some(balance) = self.balance {
            text += &format!("balance {balance} rupees");
            text += &match balance.checked_sub(left.rupees) {
                Some(rest) if rest >= Rupees::ZERO => format!(", {rest} after it\n"),
                _ => ", which does not cover it: it stops when the balance runs out\n".to_owned(),
            };
        }
        text
    }
}
