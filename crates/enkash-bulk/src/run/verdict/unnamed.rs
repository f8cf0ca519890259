//! Rows of a batch whose answer did not name them.
//!
//! EnKash has said that it did not take them, as far as its documentation goes. So if the id of one is
//! known all the same, it may be another payment's: such a row is never taken for paid by that, and
//! never sent under another id. A person has to look.

use enkash_api::payouts::Made;
use enkash_api::{ApiErrorKind, Error};

use super::Verdict;
use crate::journal::{Facts, State};

impl Verdict {
    /// A batch was taken, and this row is not among those that were.
    pub(in crate::run) fn left_out() -> Self {
        Self::in_a_batch(LEFT_OUT)
    }

    /// A row of a batch that was refused failed by itself. If its id is known now, it may have been
    /// taken with the batch.
    pub(in crate::run) fn first_failed_singly(error: &Error, words: String) -> Self {
        let refused = error.as_api().map(|refused| refused.kind);
        if refused == Some(ApiErrorKind::Duplicate) {
            return Self::in_a_batch(IN_REFUSED);
        }
        Self::first_failed(error, words)
    }

    /// EnKash has the transfer of a row that may have been sent before, of which this is known.
    pub(in crate::run) fn made_again(made: &Made, before: &Facts) -> Self {
        let Some(mark) = mark(before) else {
            return Self::made(made);
        };
        let mut verdict = Self::made(made);
        match made {
            Made::Known => {
                verdict.to = State::Sent;
                verdict.facts.reason = Some(format!("{mark}; {KNOWN_UNNAMED}"));
            }
            Made::Found(_) if verdict.is_through() => {
                verdict.facts.reason = Some(format!("{mark}; {FOUND_UNNAMED}"));
            }
            _ => {}
        }
        verdict
    }
}

/// These words of a row, after what was known of it before.
pub(super) fn marked(before: &Facts, words: String) -> String {
    match mark(before) {
        Some(mark) => format!("{mark}; {words}"),
        None => words,
    }
}

/// What is known of a row of a batch whose answer did not name it. Its next reasons begin with it,
/// so that later runs know it too.
fn mark(facts: &Facts) -> Option<&'static str> {
    let reason = facts.reason.as_deref()?;
    [LEFT_OUT, IN_REFUSED]
        .into_iter()
        .find(|mark| reason.starts_with(mark))
}

const LEFT_OUT: &str = "EnKash took its batch and did not name it among the transfers taken";

const IN_REFUSED: &str = "EnKash refused its batch, and by itself its id as known (409)";

const KNOWN_UNNAMED: &str = "asked for it again, EnKash refused its id as known (409): it may have been used \
     before, for another payment; look at what EnKash has under it";

const FOUND_UNNAMED: &str =
    "yet it is there: make sure that it is this payment, and none before it";
