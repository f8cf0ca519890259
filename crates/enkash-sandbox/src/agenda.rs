//! What is to happen by itself, and when.
//!
//! Whoever locks the state first does all that is due by then ([`catch_up`]), so nobody ever sees
//! a state that is late. The agenda is not in the file: it follows from the records
//! ([`State::plan`]).

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use crate::gateway::{attempts, mandates, refunds, settlements};
use crate::payouts::states as transfers;
use crate::state::State;
use crate::time::Moment;
use crate::webhooks;

/// Something that is to happen. It may have become idle by then: whoever does it looks first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Due {
    /// An attempt to pay, by its row, has waited long enough.
    Attempt(u32),
    /// A mandate, by its row, may become another by itself.
    Mandate(u32),
    /// A refund, by its row, reaches the payer.
    Refund(u32),
    /// What was paid is to be settled.
    Settlement,
    /// A settlement payout, by its row, arrives.
    Payout(u32),
    /// A transfer, by its row, gets further.
    Transfer(u32),
    /// A webhook, by its number, is to be tried.
    Webhook(u64),
}

/// The agenda.
#[derive(Default)]
pub(crate) struct Agenda {
    /// What is due at one moment comes by its kind and its row, however it came here: so it is
    /// the same after a restart.
    entries: BinaryHeap<Reverse<(Moment, Due)>>,
}

impl Agenda {
    pub(crate) fn add(&mut self, at: Moment, due: Due) {
        self.entries.push(Reverse((at, due)));
    }

    /// When the next entry is due.
    pub(crate) fn next(&self) -> Option<Moment> {
        self.entries.peek().map(|Reverse((at, _))| *at)
    }

    fn take(&mut self, now: Moment) -> Option<(Moment, Due)> {
        if self.next()? > now {
            return None;
        }
        self.entries.pop().map(|Reverse(entry)| entry)
    }
}

/// Does all that is due, in its order and each as if it were done at its time. Says whether
/// anything was.
pub(crate) fn catch_up(state: &mut State, now: Moment) -> bool {
    let mut any = false;
    while let Some((at, due)) = state.agenda.take(now) {
        any = true;
        state.now = at;
        match due {
            Due::Attempt(row) => attempts::time_is_up(state, row),
            Due::Mandate(row) => mandates::time_is_up(state, row),
            Due::Refund(row) => refunds::time_is_up(state, row),
            Due::Settlement => settlements::time_to_run(state),
            Due::Payout(row) => settlements::time_is_up(state, row),
            Due::Transfer(row) => transfers::time_is_up(state, row),
            Due::Webhook(number) => webhooks::is_due(state, number),
        }
    }
    state.now = now;
    any
}
