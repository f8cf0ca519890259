//! Rows of a batch whose answer did not name them, or was a refusal.
//!
//! EnKash has said that it did not take them, as far as its documentation goes. So if the id of one is
//! known all the same, it may be another payment's: such a row is never taken for paid by that, and
//! never sent under another id. A person has to look.

use enkash_api::payouts::{Made, SeenTransfer};
use enkash_api::{ApiErrorKind, Error};

use super::{Verdict, Words};
use crate::journal::{Facts, State, Unnamed};

impl Verdict {
    /// A batch was taken, and this row is not among those that were.
    pub(in crate::run) fn left_out() -> Self {
        let mut verdict = Self::in_a_batch(in_words(Unnamed::LeftOut));
        verdict.facts.unnamed = Some(Unnamed::LeftOut);
        verdict
    }

    /// A batch was refused, in these words. If that is for what is in it, its rows show by themselves
    /// which of them is wrong, and the others are paid.
    pub(in crate::run) fn in_refused(words: &Words) -> Self {
        let (refused, words) = (in_words(Unnamed::InRefused), &words.whole);
        let mut verdict = Self::not_sent_as(&format!("{refused} ({words}); it is sent by itself"));
        verdict.facts.unnamed = Some(Unnamed::InRefused);
        verdict
    }

    /// The first request of a row by itself failed, of which this was known. If its batch was refused,
    /// and its id is known now, it may have been taken with the batch.
    pub(in crate::run) fn first_failed_by_itself(
        error: &Error,
        words: Words,
        before: &Facts,
    ) -> Self {
        let refused = error.as_api().map(|refused| refused.kind);
        if before.unnamed.is_some() && refused == Some(ApiErrorKind::Duplicate) {
            return Self::in_a_batch(&after(before, KNOWN_BY_ITSELF.to_owned()));
        }
        let mut verdict = Self::first_failed(error, words);
        let why = verdict.facts.reason.take();
        verdict.facts.reason = why.map(|why| after(before, why));
        verdict
    }

    /// EnKash has the transfer of a row, of which this is known.
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

    /// A lookup found the transfer of a row that EnKash has, of which this is known. What made it doubtful
    /// whether it is this payment still does.
    pub(in crate::run) fn seen_again(seen: &SeenTransfer, before: &Facts) -> Self {
        let mut verdict = Self::seen(seen);
        if before.unnamed.is_some() && verdict.is_through() && verdict.facts.reason.is_none() {
            verdict.facts.reason.clone_from(&before.reason);
        }
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
        Unnamed::InRefused => "EnKash refused its batch",
    }
}

const KNOWN_BY_ITSELF: &str = "and by itself its id as known (409)";

const KNOWN_UNNAMED: &str = "asked for it again, EnKash refused its id as known (409): it may have been used \
     before, for another payment; look at what EnKash has under it";

const FOUND_UNNAMED: &str =
    "yet it is there: make sure that it is this payment, and none before it";
