//! What the control surface does with transfers and their account.

use std::sync::Arc;

use enkash_types::payouts::{RejectReason, TransferStatus};
use enkash_types::{Rupees, read};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::ledger::{self, Direction};
use super::states;
use crate::control::{Act, Nothing, Refused, one, optional};
use crate::state::State;
use crate::world::World;

pub(crate) const ACTS: &[Act] = &[
    Act {
        method: "GET",
        path: "/payouts/ledger",
        does: "every transfer, what was taken for it and given back, and how the account adds up",
        run: |world, _, _| Ok(whole(&world.state())),
    },
    Act {
        method: "POST",
        path: "/payouts/balance",
        does: "puts in or takes what makes this the balance of the payout account: {\"balance\": 5000}",
        run: set_balance,
    },
    Act {
        method: "GET",
        path: "/transfers/{transactionId}/state",
        does: "one transfer, as it stands in the ledger",
        run: |world, texts, _| {
            let state = world.state();
            let row = find(&state, texts)?;
            Ok(shown(&state, row))
        },
    },
    Act {
        method: "POST",
        path: "/transfers/{transactionId}/reject",
        does: "rejects a transfer that is not paid yet: {\"reason\": \"REJECT_BENEF_ACC\"} or nothing",
        run: reject,
    },
    Act {
        method: "POST",
        path: "/transfers/{transactionId}/fail",
        does: "lets the bank refuse a transfer that is not paid yet",
        run: |world, texts, body| end(world, texts, body, IN_FLIGHT, states::fail),
    },
    Act {
        method: "POST",
        path: "/transfers/{transactionId}/reverse",
        does: "lets a transfer come back that was paid",
        run: |world, texts, body| end(world, texts, body, PAID, states::reverse),
    },
];

const IN_FLIGHT: &[TransferStatus] = &[TransferStatus::Pending, TransferStatus::Processing];
const PAID: &[TransferStatus] = &[TransferStatus::Success];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NewBalance {
    balance: Rupees,
}

fn set_balance(world: &Arc<World>, _: &[&str], body: &[u8]) -> Result<Value, Refused> {
    let NewBalance { balance } = read::json(body)?;
    let mut state = world.state();
    ledger::set_balance(&mut state, balance).map_err(Refused::invalid)?;
    Ok(sums(&state))
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    reason: Option<RejectReason>,
}

fn reject(world: &Arc<World>, texts: &[&str], body: &[u8]) -> Result<Value, Refused> {
    let reason = match optional::<Reason>(body)?.reason {
        None => RejectReason::BeneficiaryAccount,
        Some(RejectReason::Unknown(_)) => {
            return Err(Refused::invalid("reason: must be a documented reject code"));
        }
        Some(reason) => reason,
    };
    act(world, texts, IN_FLIGHT, |state, row| {
        states::reject(state, row, reason);
    })
}

fn end(
    world: &Arc<World>,
    texts: &[&str],
    body: &[u8],
    must_be: &[TransferStatus],
    end: fn(&mut State, u32),
) -> Result<Value, Refused> {
    optional::<Nothing>(body)?;
    act(world, texts, must_be, end)
}

/// Does something to a transfer that is in one of these states.
fn act(
    world: &Arc<World>,
    texts: &[&str],
    must_be: &[TransferStatus],
    act: impl FnOnce(&mut State, u32),
) -> Result<Value, Refused> {
    let mut state = world.state();
    let row = find(&state, texts)?;
    let status = &state.payouts.transfers[row].status;
    if !must_be.contains(status) {
        let error = format!("the transfer is {status}");
        return Err(Refused::new(StatusCode::CONFLICT, error));
    }
    act(&mut state, row);
    Ok(shown(&state, row))
}

fn find(state: &State, texts: &[&str]) -> Result<u32, Refused> {
    state.payouts.transfers.row(&one(texts)).ok_or_else(|| {
        Refused::new(
            StatusCode::NOT_FOUND,
            "no transfer has this transactionId; GET /_sandbox/payouts/ledger lists all",
        )
    })
}

/// How the account adds up.
fn sums(state: &State) -> Value {
    let ledger = &state.payouts.ledger;
    json!({
        "openingBalance": ledger::opening(),
        "credits": ledger.sum(Direction::Credit),
        "debits": ledger.sum(Direction::Debit),
        "balance": ledger.balance(),
    })
}

fn whole(state: &State) -> Value {
    let mut whole = sums(state);
    let mut moves = vec![(0_u32, 0_u32); state.payouts.transfers.len()];
    for line in state.payouts.ledger.lines() {
        let moved = line.transfer.and_then(|row| moves.get_mut(row as usize));
        if let Some((debits, credits)) = moved {
            match line.direction {
                Direction::Debit => *debits += 1,
                Direction::Credit => *credits += 1,
            }
        }
    }
    let transfers = (0..).zip(moves);
    let transfers = transfers.map(|(row, moves)| with_moves(state, row, moves));
    whole["transfers"] = transfers.collect();
    whole
}

/// One transfer, with how often the account was debited for it and how often it came back.
fn shown(state: &State, row: u32) -> Value {
    let lines = state.payouts.ledger.lines().iter();
    let of_it = lines.filter(|line| line.transfer == Some(row));
    let moves = of_it.fold((0, 0), |(debits, credits), line| match line.direction {
        Direction::Debit => (debits + 1, credits),
        Direction::Credit => (debits, credits + 1),
    });
    with_moves(state, row, moves)
}

fn with_moves(state: &State, row: u32, (debits, credits): (u32, u32)) -> Value {
    let sent = &state.payouts.transfers[row];
    let batch = sent.batch.map(|row| &state.payouts.batches[row].id);
    json!({
        "transactionId": sent.request.transaction_id,
        "enkashTransactionId": sent.enkash_id,
        "batchTransactionId": batch,
        "beneficiaryId": sent.request.beneficiary_id,
        "transferAmount": sent.amount(),
        "transferMode": sent.request.transfer_mode,
        "payoutStatus": sent.status,
        "rejectCode": sent.reason,
        "utr": sent.utr,
        "debits": debits,
        "credits": credits,
        "modifiedOn": sent.modified.iso(),
    })
}
