//! The life of a row, and why no row is paid twice.
//!
//! ```text
//!              that request did nothing
//!            ┌───────────────────────────┐
//!            ▼                           │
//!         Planned ── may be leaving ──▶ Sent ──▶ Taken ──▶ Paid ──▶ NotPaid
//!            │                           │         │
//!            ▼                           ▼         ▼
//!         Refused                     Refused   Rejected, NotPaid
//! ```
//!
//! `Sent` may also end in `Paid`, `NotPaid` or `Rejected` at once.
//! `Planned` is written once more where a run knows the payee to be registered and then sends nothing.
//!
//! # Never paid twice
//!
//! **Invariant.** All requests that could pay a row name one and the same transfer id, and ask for
//! one and the same transfer; and no request names a new id because an answer was lost.
//!
//! EnKash pays an id once: a repeat is documented to be refused with 409. So where the invariant
//! holds, a row is paid once at most.
//!
//! **Why it holds.**
//!
//! 1. *One id per row, one row per id.* The plan is in the journal before anything is sent. It
//!    takes an id once, and is never changed. Whoever goes on with a journal has to bring the same
//!    file ([`Run`](super::Run)), whose rows are compared with the plan one by one as they are read
//!    again. The id is the file's: nothing here mints one.
//! 2. *Nothing leaves unrecorded.* A row is `Sent`, durably, before its first request leaves, and
//!    the journal takes that step from `Planned` alone. So whatever may have left is `Sent` for
//!    everyone who reads the journal later, and what is `Planned` has not left, or has left and
//!    did nothing.
//! 3. *`Sent` ends by evidence alone.* A row goes back to `Planned`, or becomes `Refused`, only
//!    where this process sent its first request and got proof that it did nothing: it did not leave,
//!    or was refused (of batches, see below). Once an answer was lost, or the process was, no refusal proves anything any
//!    more (the first request may have emptied the account that the second is refused for). From
//!    then on the row is settled by looking, and by asking for the same id again
//!    (`transfers().resume`), until EnKash says what became of it. That it knows the id says so,
//!    but not of a row that the answer to its batch did not name, or whose batch was refused, which
//!    is a fact in the journal ([`Unnamed`](super::Unnamed)): such a row stays `Sent`, and a person
//!    has to look.
//! 4. *One at a time.* One future holds a row, and has one request under way; the passes over the
//!    file follow one another; a journal that is open cannot be opened.
//! 5. *The end is the end.* From `Taken` on nothing is sent any more, only read. No step leads from
//!    there, or from any later state, back to `Planned` or `Sent`.
//!
//! [`State::may_become`] is 2 and 5 as a table, which the journal holds every step against. 3 is
//! `run::verdict`, whose functions are tested with every kind of answer.
//!
//! **What it rests on.** That EnKash itself takes an id once, even if two requests with it arrive
//! at the same time: the request of a process that was killed may still be on its way when the next
//! asks again. A `REJECTED` id may be used again, and is documented so; here it is not. And a person
//! who pays a row elsewhere, or under another id in another file, is beyond this.
//!
//! That EnKash has taken no part of a batch which it refused is not documented. The rows of such a batch
//! are `Planned` again and are sent by themselves, under their ids: so they are paid once in any case.
//! What rests on it is `Refused`: a row that is refused by itself after its batch was, and that is then
//! looked for and not seen, is taken to be unpaid; without a lookup it stays `Sent`. So does one with a
//! 409, which says that the id is known: just what it would say of a row that was taken with the batch.

use std::fmt;

/// How far a row has come. It is what the journal keeps.
///
/// There are these and no others: a new one would have to be answered by everybody who pays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// Nothing was sent for it, or what was sent did nothing.
    Planned,
    /// A request for it may have left, and what became of it is not known.
    Sent,
    /// EnKash has it, and it is not known to be over.
    Taken,
    /// EnKash says `SUCCESS`. It may still be reversed.
    Paid,
    /// EnKash says `FAILED` or `REVERSED`: the money did not go, or came back.
    NotPaid,
    /// EnKash says `REJECTED`: it is not paid; corrected, it may be sent again under the same id.
    Rejected,
    /// EnKash refused the call for it, or for its beneficiary, and did nothing.
    Refused,
}

impl State {
    /// Every state, in the order of a row's life.
    pub const ALL: [Self; 7] = [
        Self::Planned,
        Self::Sent,
        Self::Taken,
        Self::Paid,
        Self::NotPaid,
        Self::Rejected,
        Self::Refused,
    ];

    /// The state as it stands in a journal and a report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Planned => "PLANNED",
            Self::Sent => "SENT",
            Self::Taken => "TAKEN",
            Self::Paid => "PAID",
            Self::NotPaid => "NOT_PAID",
            Self::Rejected => "REJECTED",
            Self::Refused => "REFUSED",
        }
    }

    /// The state that is written so.
    #[must_use]
    pub fn named(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == text)
    }

    /// Whether there is nothing more to do for the row, as far as EnKash has said.
    #[must_use]
    pub const fn is_over(self) -> bool {
        match self {
            Self::Planned | Self::Sent | Self::Taken => false,
            Self::Paid | Self::NotPaid | Self::Rejected | Self::Refused => true,
        }
    }

    /// Whether a row in this state may come into another by one step. A journal refuses all other
    /// steps.
    #[must_use]
    pub const fn may_become(self, next: Self) -> bool {
        use State::{NotPaid, Paid, Planned, Refused, Rejected, Sent, Taken};
        match self {
            // From here alone a first request leaves. `Planned` again: its payee is known to be
            // registered, and it was not sent.
            Planned => matches!(next, Planned | Sent | Refused),
            // `Sent` again: it was asked, and still is not known.
            Sent => true,
            Taken => matches!(next, Taken | Paid | NotPaid | Rejected),
            Paid => matches!(next, Paid | NotPaid),
            NotPaid | Rejected | Refused => false,
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every state that can be reached from one, in any number of steps.
    fn reached(from: State) -> Vec<State> {
        let mut reached = vec![from];
        let mut index = 0;
        while let Some(&state) = reached.get(index) {
            let next = State::ALL
                .into_iter()
                .filter(|next| state.may_become(*next));
            let new: Vec<_> = next.filter(|next| !reached.contains(next)).collect();
            reached.extend(new);
            index += 1;
        }
        reached
    }

    #[test]
    fn what_enkash_has_is_never_sent_again() {
        for state in State::ALL {
            let may_be_sent = [State::Planned, State::Sent].contains(&state);
            let reached = reached(state);
            let can_be_sent = reached.contains(&State::Planned) || reached.contains(&State::Sent);
            assert_eq!(can_be_sent, may_be_sent, "{state}");
        }
    }

    #[test]
    fn a_first_request_leaves_from_planned_alone() {
        for state in State::ALL {
            assert_eq!(
                state.may_become(State::Sent),
                matches!(state, State::Planned | State::Sent),
                "{state}"
            );
            assert_eq!(State::named(state.as_str()), Some(state));
        }
    }

    #[test]
    fn every_row_can_come_to_an_end() {
        for state in State::ALL {
            assert!(reached(state).into_iter().any(State::is_over), "{state}");
        }
    }
}
