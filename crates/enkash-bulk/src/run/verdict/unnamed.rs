//! Rows of a batch whose answer did not name them.
//!
//! EnKash has said that it did not take them, as far as its documentation goes. So if the id of one is
//! known all the same, it may be another payment's: such a row is never taken for paid by that, and
//! never sent under another id. A person has to look.

use enkash_api::payouts::Made;
use enkash_api::{ApiErrorKind, Error};

use super::{Verdict, Words};
use crate::journal::{Facts, State, Unnamed};

impl Verdict {
    /// A batch was taken, and this row is not among those that were.
    pub(in crate::run) fn left_out() -> Self {
        Self::unnamed(Unnamed::LeftOut)
    }

    /// A row of a batch that was refused failed by itself. If its id is known now, it may have been
    /// taken with the batch.
    pub(in crate::run) fn first_failed_singly(error: &Error, words: Words) -> Self {
        let refused = error.as_api().map(|refused| refused.kind);
        if refused == Some(ApiErrorKind::Duplicate) {
            return Self::unnamed(Unnamed::InRefused);
        }
        Self::first_failed(error, words)
    }

    fn unnamed(unnamed: Unnamed) -> Self {
        let mut verdict = Self::in_a_batch(in_words(unnamed));
        verdict.facts.unnamed = Some(unnamed);
        verdict
    }

    /// EnKash has the transfer of a row that may have been sent before, of which this is known.
    pub(in crate::run) fn made_again(made: &Made, before: &Facts) -> Self {
        let mut verdict = Self::made(made);
        if before.unnamed.is_none() {
            return verdict;
        }
        let why = match made {
            Made::Known => {
                verdict.to = State::Sent;
                KNOWN_UNNAMED
            }
            Made::Found(_) if verdict.is_through() => FOUND_UNNAMED,
            _ => return verdict,
        };
        verdict.facts.reason = Some(after(before, why.to_owned()));
        verdict
    }
}

/// These words of a row, after what is said of one that was not named, if it is one.
pub(super) fn after(before: &Facts, words: String) -> String {
    match before.unnamed {
        Some(unnamed) => format!("{}; {words}", in_words(unnamed)),
        None => words,
    }
}

fn in_words(unnamed: Unnamed) -> &'static str {
    match unnamed {
        Unnamed::LeftOut => "EnKash took its batch and did not name it among the transfers taken",
        Unnamed::InRefused => "EnKash refused its batch, and by itself its id as known (409)",
    }
}

const KNOWN_UNNAMED: &str = "asked for it again, EnKash refused its id as known (409): it may have been used \
     before, for another payment; look at what EnKash has under it";

const FOUND_UNNAMED: &str =
    "yet it is there: make sure that it is this payment, and none before it";
