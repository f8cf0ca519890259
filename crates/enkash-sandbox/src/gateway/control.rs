//! What the control surface does with orders and payments.

use std::sync::Arc;

use enkash_types::gateway::PaymentMode;
use serde::Deserialize;
use serde_json::{Value, json};

use super::attempts;
use super::orders;
use super::settlements;
use crate::control::{Act, Nothing, Refused, one, optional};
use crate::state::State;
use crate::world::World;

pub(crate) const ACTS: &[Act] = &[
    Act {
        method: "POST",
        path: "/orders/{orderId}/pay",
        does: "pays an order: {\"paymentMode\": \"UPI\"} or nothing",
        run: |world, texts, body| attempt(world, texts, body, true),
    },
    Act {
        method: "POST",
        path: "/orders/{orderId}/fail",
        does: "lets an attempt to pay it fail: {\"paymentMode\": \"UPI\"} or nothing",
        run: |world, texts, body| attempt(world, texts, body, false),
    },
    Act {
        method: "POST",
        path: "/orders/{orderId}/cancel",
        does: "gives it up, as the payer would",
        run: |world, texts, body| end(world, texts, body, orders::cancel),
    },
    Act {
        method: "POST",
        path: "/orders/{orderId}/expire",
        does: "lets it run out",
        run: |world, texts, body| end(world, texts, body, orders::expire),
    },
    Act {
        method: "POST",
        path: "/payments/{transactionId}/approve",
        does: "says yes to a payment that waits, as the payer or the bank would",
        run: |world, texts, body| decide(world, texts, body, attempts::approve),
    },
    Act {
        method: "POST",
        path: "/payments/{transactionId}/decline",
        does: "says no to it",
        run: |world, texts, body| decide(world, texts, body, attempts::decline),
    },
    Act {
        method: "POST",
        path: "/settlements/run",
        does: "settles now what waits for it",
        run: settle,
    },
];

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Paid {
    payment_mode: Option<PaymentMode>,
}

/// Settles all that waits, and shows the merchant's payout, if there is one, and those of split
/// accounts.
fn settle(world: &Arc<World>, _: &[&str], body: &[u8]) -> Result<Value, Refused> {
    optional::<Nothing>(body)?;
    let mut state = world.state();
    let rows = settlements::run_now(&mut state);
    let payouts = rows.iter().map(|row| &state.settlements[*row]);
    let (own, split): (Vec<_>, Vec<_>) = payouts.partition(|payout| payout.account.is_none());
    let payout = own.first();
    Ok(json!({
        "settlementPayoutId": payout.map(|payout| &payout.id),
        "totalSettlementAmount": payout.map(|payout| payout.totals.settled()),
        "splitPayoutIds": split.iter().map(|payout| &payout.id).collect::<Vec<_>>(),
        "waiting": state.settlements.open().count(),
    }))
}

fn attempt(
    world: &Arc<World>,
    texts: &[&str],
    body: &[u8],
    succeeds: bool,
) -> Result<Value, Refused> {
    let mode = match optional::<Paid>(body)?.payment_mode {
        None => PaymentMode::Upi,
        Some(PaymentMode::Unknown(_)) => {
            let modes: Vec<_> = PaymentMode::DOCUMENTED
                .iter()
                .map(PaymentMode::as_str)
                .collect();
            let modes = modes.join(", ");
            return Err(Refused::invalid(format!(
                "paymentMode: must be one of {modes}"
            )));
        }
        Some(mode) => mode,
    };
    let mut state = world.state();
    let order = state.orders.find(&one(texts))?;
    let attempt = attempts::make(&mut state, order, mode, succeeds)?;
    Ok(shown(&state, order, Some(attempt)))
}

fn end(
    world: &Arc<World>,
    texts: &[&str],
    body: &[u8],
    end: fn(&mut State, u32) -> Result<(), attempts::Refused>,
) -> Result<Value, Refused> {
    optional::<Nothing>(body)?;
    let mut state = world.state();
    let order = state.orders.find(&one(texts))?;
    end(&mut state, order)?;
    Ok(shown(&state, order, None))
}

fn decide(
    world: &Arc<World>,
    texts: &[&str],
    body: &[u8],
    decide: fn(&mut State, u32) -> Result<(), attempts::Refused>,
) -> Result<Value, Refused> {
    optional::<Nothing>(body)?;
    let mut state = world.state();
    let attempt = attempts::find(&state, &one(texts))?;
    decide(&mut state, attempt)?;
    Ok(shown(&state, state.attempts[attempt].order, Some(attempt)))
}

/// What is answered: how the order stands now, and the payment that was acted on.
fn shown(state: &State, order: u32, attempt: Option<u32>) -> Value {
    let placed = &state.orders[order];
    let attempt = attempt.map(|row| &state.attempts[row]);
    json!({
        "orderId": placed.id,
        "merchantOrderId": placed.merchant_id,
        "status": placed.status,
        "transactionId": attempt.map(|attempt| &attempt.id),
        "transactionStatus": attempt.map(|attempt| &attempt.status),
    })
}
