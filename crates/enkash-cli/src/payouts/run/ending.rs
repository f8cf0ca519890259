//! What is said of a run that has ended, and its exit code.

use std::path::Path;

use enkash_bulk::journal::State;
use enkash_bulk::run::{Ended, Stop};
use serde_json::json;

use super::AGAIN;
use super::plan::is_input;
use crate::failure::Failure;
use crate::output::{Output, printable};
use crate::payouts::say;
use crate::payouts::tally::{in_a_table, not_paid, rows, states};

/// A run that has ended.
pub(super) struct Ending<'a> {
    pub(super) ended: &'a Ended,
    /// How many rows were left out for a broken rule.
    pub(super) left_out: u64,
    /// Where those are, if the file is still there.
    pub(super) refused: Option<&'a Path>,
    /// What is to be said of a search that was of no use.
    pub(super) search: Option<String>,
    pub(super) journal: &'a Path,
}

impl Ending<'_> {
    /// Writes how all rows of the file stand.
    pub(super) fn show(&self, output: &Output) -> Result<(), Failure> {
        let Ended { stop, count, .. } = self.ended;
        let (tally, known) = (&count.tally, count.known_payees);
        if known > 0 {
            let payees = match known {
                1 => "1 payee".to_owned(),
                known => format!("{known} payees"),
            };
            say(&format!(
                "EnKash knew the id of {payees} before: the account that is paid may be another than \
                 the file's\n"
            ));
        }
        if output.is_json() {
            return output.value(&json!({
                "states": states(tally),
                "refused": self.left_out,
                "stopped": stop.as_ref().map(ToString::to_string),
                "knownPayees": known,
            }));
        }
        match tally.all().rows {
            0 => Ok(()),
            _ => output.raw(&in_a_table(tally)),
        }
    }

    /// How it ended, for the exit code: nothing but what is not as it should be, a line each.
    pub(super) fn outcome(&self) -> Result<(), Failure> {
        let count = |state| self.ended.count.tally.in_state(state).rows;
        let (in_doubt, under_way) = (count(State::Sent), count(State::Taken));
        let not_paid = not_paid(&self.ended.count.tally);
        if self.ended.is_all_paid() && self.left_out == 0 {
            return Ok(());
        }

        let mut said = Vec::new();
        match &self.ended.stop {
            None => {}
            Some(Stop::Asked) => said.push(format!("the run was stopped: {AGAIN}")),
            Some(stop) => {
                let why = printable(&stop.to_string());
                said.push(format!("the run stopped: {why}"));
            }
        }
        if in_doubt > 0 {
            let rows = rows(in_doubt);
            said.push(format!("whether EnKash has {rows} is not known: {AGAIN}"));
        }
        if under_way > 0 {
            let (rows, it) = match under_way {
                1 => (rows(1), "it"),
                many => (rows(many), "they"),
            };
            said.push(format!(
                "EnKash has {rows} and did not say how {it} ended: look again later, by the same \
                 command with --search, or in the report"
            ));
        }
        if in_doubt + under_way > 0 {
            said.extend(self.search.as_deref().map(printable));
        }
        if not_paid > 0 {
            said.push(format!("not paid: {}", rows(not_paid)));
        }
        if self.left_out > 0 {
            let rows = rows(self.left_out);
            let file = self.refused.map(|file| format!(", in {}", file.display()));
            let file = file.unwrap_or_default();
            said.push(format!("left out for a broken rule: {rows}{file}"));
        }
        if self.ended.count.tally.all().rows > 0 {
            let journal = in_a_shell(self.journal);
            said.push(format!(
                "`enkash payouts report --journal {journal}` shows every row"
            ));
        }
        let said = said.join("\n  ");

        if in_doubt + under_way > 0 {
            return Err(Failure::Unknown(said));
        }
        let is_input = match &self.ended.stop {
            Some(Stop::Journal(error)) => matches!(error.clone().into(), Failure::Input(_)),
            Some(Stop::Rows(error)) => is_input(error),
            Some(Stop::NotConfigured(_)) => true,
            _ => false,
        };
        Err(match is_input {
            true => Failure::Input(said),
            false => Failure::Other(said),
        })
    }
}

/// A path as it is typed.
fn in_a_shell(path: &Path) -> String {
    let path = path.display().to_string();
    match path.contains(|c: char| !(c.is_alphanumeric() || "/._-".contains(c))) {
        true => format!("'{}'", path.replace('\'', r"'\''")),
        false => path,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_can_be_typed_as_it_is_told() {
        for (path, typed) in [
            ("in/april-1.db", "in/april-1.db"),
            ("my runs/a.db", "'my runs/a.db'"),
            ("it's.db", r"'it'\''s.db'"),
        ] {
            assert_eq!(in_a_shell(Path::new(path)), typed);
        }
    }
}
