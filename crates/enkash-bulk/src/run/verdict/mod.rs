//! What an answer proves about a row. See [`state`](crate::journal::state) for why it matters.
//!
//! Failures are looked at in two ways. To the [first](Verdict::first_failed) request of a row a
//! refusal proves that nothing was done ([`Error`] says so: all but `OutcomeUnknown`). Once something
//! may have left before, [it](Verdict::again_failed) proves nothing. What is not known here is taken
//! for doubt. After a refused batch the first request of a row by itself
//! [counts](Verdict::first_failed_by_itself) as the first.

#[cfg(test)]
mod tests;
mod unnamed;
mod words;

use enkash_api::auth::AuthError;
use enkash_api::payouts::{Made, SeenTransfer};
use enkash_api::types::payouts::{RejectReason, Standing};
use enkash_api::{ApiErrorKind, Error};

use super::stop::Stop;
use crate::journal::{Facts, State};

pub(super) use words::{Words, in_private, without};

/// Where a row stands after an answer, and what that means for the others.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) to: State,
    pub(super) facts: Facts,
    pub(super) others: Others,
    /// Whether it tells what became of a request for the row. Not where none was made, or its batch was
    /// refused.
    pub(super) is_answer: bool,
}

/// What a failure means for the other rows.
#[derive(Debug)]
pub(super) enum Others {
    /// It is the row's alone.
    GoOn,
    /// That shows when the row is settled.
    NotYet,
    /// They would fail as well just now, for this.
    Wait(String),
    /// They are too many just now.
    Slower,
    /// They would fail as well.
    Stop(Stop),
}

impl Verdict {
    fn new(to: State, facts: Facts) -> Self {
        Self {
            to,
            facts,
            others: Others::GoOn,
            is_answer: true,
        }
    }

    /// EnKash has the transfer.
    pub(super) fn made(made: &Made) -> Self {
        let facts = Facts {
            status: made.status().cloned(),
            enkash_id: made.enkash_transaction_id().cloned(),
            utr: made.utr().map(str::to_owned),
            reason: match made {
                Made::Known => Some(KNOWN.to_owned()),
                _ => made.reject_reason().map(|reason| in_words(&reason)),
            },
            ..Facts::default()
        };
        Self::new(state(made.standing()), facts)
    }

    /// A lookup found the transfer, which EnKash has.
    pub(super) fn seen(seen: &SeenTransfer) -> Self {
        let standing = seen.status.as_ref().map(|status| status.standing());
        let facts = Facts {
            status: seen.status.clone(),
            enkash_id: seen.enkash_transaction_id.clone(),
            utr: seen.utr.clone(),
            reason: seen.reject_reason.as_ref().map(in_words),
            ..Facts::default()
        };
        Self::new(state(standing.unwrap_or(Standing::Unknown)), facts)
    }

    /// A lookup found something else under the id of a transfer that EnKash has.
    pub(super) fn seen_another() -> Self {
        Self::new(State::Taken, Facts::default().because(ANOTHER))
    }

    /// A transfer that EnKash has could not be looked up.
    pub(super) fn not_seen(error: &Error, words: &Words) -> Self {
        Self {
            others: others(error, &words.cause),
            ..Self::new(State::Taken, Facts::default())
        }
    }

    /// EnKash has its batch, and has not said which rows of it.
    pub(super) fn batch_known() -> Self {
        Self::in_a_batch("EnKash has its batch, and did not say which transfers of it")
    }

    fn in_a_batch(reason: &str) -> Self {
        Self {
            others: Others::NotYet,
            ..Self::new(State::Sent, Facts::default().because(reason))
        }
    }

    /// The run stopped before it was sent.
    pub(super) fn not_sent() -> Self {
        Self::not_sent_as("the run stopped before it was sent")
    }

    fn not_sent_as(reason: &str) -> Self {
        Self {
            is_answer: false,
            ..Self::new(State::Planned, Facts::default().because(reason))
        }
    }

    /// Whether the row got through, as far as can be said by now.
    pub(super) fn is_through(&self) -> bool {
        matches!(self.to, State::Taken | State::Paid)
    }

    /// The first request of a row failed.
    pub(super) fn first_failed(error: &Error, words: Words) -> Self {
        let to = match error {
            Error::Invalid(_) | Error::Encode(_) => State::Refused,
            Error::NotConfigured(_) | Error::Auth(_) | Error::Transport { .. } => State::Planned,
            Error::Api(refusal) => match refusal.kind {
                // It is refused for the account, not for what it asks.
                ApiErrorKind::TokenRefused | ApiErrorKind::RateLimited => State::Planned,
                ApiErrorKind::NotFound
                | ApiErrorKind::Duplicate
                | ApiErrorKind::Rejected
                | ApiErrorKind::Other => State::Refused,
                // The client takes a 5xx for doubt; so it would be here. A 403 may mean that the
                // answer could not be sealed, after EnKash had done what was asked.
                _ => State::Sent,
            },
            _ => State::Sent,
        };
        Self::failed(to, error, words)
    }

    /// A request failed, and an earlier one may have been taken; this was known of it.
    pub(super) fn again_failed(error: &Error, mut words: Words, before: &Facts) -> Self {
        words.whole = unnamed::after(before, words.whole);
        Self::failed(State::Sent, error, words)
    }

    /// The beneficiary of a row was not added, and so nothing of the row itself was sent.
    pub(super) fn payee_failed(error: &Error, mut words: Words) -> Self {
        words.whole = format!("its beneficiary could not be added: {}", words.whole);
        let mut verdict = Self::first_failed(error, words);
        if verdict.to == State::Sent {
            verdict.to = State::Planned;
        }
        verdict
    }

    fn failed(to: State, error: &Error, words: Words) -> Self {
        Self {
            others: others(error, &words.cause),
            ..Self::new(to, Facts::default().because(words.whole))
        }
    }
}

const ANOTHER: &str =
    "looked up, EnKash has something else under its id, another sum or payee: look at what it is";

const KNOWN: &str = "asked for it again, EnKash refused its id as known (409): so it has it, and did not say \
     what became of it";

fn state(standing: Standing) -> State {
    match standing {
        Standing::Paid => State::Paid,
        Standing::NotPaid => State::NotPaid,
        Standing::SendAgain => State::Rejected,
        Standing::UnderWay | Standing::Unknown => State::Taken,
    }
}

fn in_words(reason: &RejectReason) -> String {
    match reason.meaning() {
        Some(meaning) => format!("{reason}: {meaning}"),
        None => reason.to_string(),
    }
}

/// What a failure, whose cause is in these words, means for the other rows.
pub(super) fn others(error: &Error, words: &str) -> Others {
    let words = || words.to_owned();
    match error.cause() {
        Error::NotConfigured(_) => Others::Stop(Stop::NotConfigured(words())),
        Error::Auth(AuthError::Unavailable(_)) | Error::Transport { .. } => Others::Wait(words()),
        Error::Auth(_) => Others::Stop(Stop::Token(words())),
        Error::Api(refusal) => match refusal.kind {
            ApiErrorKind::TokenRefused => Others::Stop(Stop::Token(words())),
            ApiErrorKind::NotAllowed => Others::Stop(Stop::NotAllowed(words())),
            ApiErrorKind::RateLimited => Others::Slower,
            ApiErrorKind::Unavailable => Others::Wait(words()),
            _ => Others::GoOn,
        },
        _ => Others::GoOn,
    }
}
