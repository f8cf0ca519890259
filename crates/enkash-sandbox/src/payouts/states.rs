//! What becomes of a transfer that was taken on.
//!
//! ```text
//! PENDING ─── leaves ─┬─ arrives at once ─────────────────────── SUCCESS ─── comes back ── REVERSED
//! (in a batch         └─ PROCESSING ─┬─ its time has come ─────── SUCCESS
//!  alone)                            └─ the bank says no ──────── FAILED
//! ```

use std::time::Duration;

use enkash_types::payouts::{RejectReason, TransferStatus};
use serde::{Deserialize, Serialize};

use super::bank_hours;
use super::events;
use super::ledger;
use crate::agenda::Due;
use crate::state::State;
use crate::test_accounts::Outcome;
use crate::time::Moment;

/// Something that happens to a transfer by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Step {
    /// It goes to the bank.
    Leave,
    /// It reaches the payee's bank.
    Arrive,
    Succeed,
    Fail,
    /// It comes back after all.
    Reverse,
}

/// How long a transfer of a batch is `PENDING`.
const QUEUE: Duration = Duration::from_secs(5);

/// How long a slow bank takes, and how long it takes until one comes back.
const WHILE: Duration = Duration::from_secs(60);

/// How long a bank may say nothing.
const SILENCE: Duration = Duration::from_secs(5 * 60);

/// Lets a transfer of a batch wait for its turn.
pub(super) fn queue(state: &mut State, row: u32) {
    events::tell(state, row);
    plan(state, row, QUEUE, Step::Leave);
}

/// The time has come for what happens to a transfer by itself.
pub(crate) fn time_is_up(state: &mut State, row: u32) {
    let sent = &state.payouts.transfers[row];
    let Some((_, step)) = sent.next.filter(|(at, _)| *at <= state.now) else {
        return;
    };
    match step {
        Step::Leave => leave(state, row),
        Step::Arrive => arrive(state, row),
        Step::Succeed => set(state, row, TransferStatus::Success),
        Step::Fail => fail(state, row),
        Step::Reverse => reverse(state, row),
    }
}

/// A transfer goes to the bank.
pub(super) fn leave(state: &mut State, row: u32) {
    let mode = &state.payouts.transfers[row].request.transfer_mode;
    match bank_hours::arrival(mode, state.now) {
        None => arrive(state, row),
        Some(at) => {
            set(state, row, TransferStatus::Processing);
            plan_at(state, row, at, Step::Arrive);
        }
    }
}

/// It reaches the payee's bank, which decides.
fn arrive(state: &mut State, row: u32) {
    match state.payouts.transfers[row].outcome {
        Outcome::Arrives => set(state, row, TransferStatus::Success),
        Outcome::Failed | Outcome::Rejected => fail(state, row),
        Outcome::Slow => {
            set(state, row, TransferStatus::Processing);
            plan(state, row, WHILE, Step::Succeed);
        }
        Outcome::Silent => {
            set(state, row, TransferStatus::Processing);
            plan(state, row, SILENCE, Step::Fail);
        }
        Outcome::Reversed => {
            set(state, row, TransferStatus::Success);
            plan(state, row, WHILE, Step::Reverse);
        }
    }
}

/// The bank refuses it.
pub(super) fn fail(state: &mut State, row: u32) {
    give_back(state, row, TransferStatus::Failed);
}

/// It was paid, and comes back.
pub(super) fn reverse(state: &mut State, row: u32) {
    give_back(state, row, TransferStatus::Reversed);
}

/// EnKash refuses one that it had taken on.
pub(super) fn reject(state: &mut State, row: u32, reason: RejectReason) {
    state.payouts.transfers.at_mut(row).reason = Some(reason);
    give_back(state, row, TransferStatus::Rejected);
}

fn give_back(state: &mut State, row: u32, status: TransferStatus) {
    let amount = state.payouts.transfers[row].amount();
    ledger::give_back(state, amount, row);
    set(state, row, status);
}

/// It is so from now on, and nothing more happens by itself.
fn set(state: &mut State, row: u32, status: TransferStatus) {
    let now = state.now;
    let sent = state.payouts.transfers.at_mut(row);
    sent.next = None;
    if sent.status == status {
        return;
    }
    sent.status = status;
    sent.modified = now;
    events::tell(state, row);
}

fn plan(state: &mut State, row: u32, pause: Duration, step: Step) {
    let at = state.now.after(pause);
    plan_at(state, row, at, step);
}

fn plan_at(state: &mut State, row: u32, at: Moment, step: Step) {
    state.payouts.transfers.at_mut(row).next = Some((at, step));
    state.agenda.add(at, Due::Transfer(row));
}
