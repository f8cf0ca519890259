//! Refunds: all or part of a payment that succeeded, given back.

use std::sync::Arc;
use std::time::Duration;

use enkash_types::gateway::{PaymentStatus, Refund, RefundPayment, RefundRequestId};
use enkash_types::{DateTime, Rupees, Valid};
use serde::{Deserialize, Serialize};

use super::attempts::{self, Refused};
use super::orders::CURRENCY;
use super::settlements;
use crate::agenda::Due;
use crate::router::Instead;
use crate::state::State;
use crate::table::Record;
use crate::time::Moment;
use crate::world::World;

/// A refund, as the sandbox keeps it.
#[derive(Serialize, Deserialize)]
pub(crate) struct GivenBack {
    /// The merchant's id of it.
    pub(crate) request_id: RefundRequestId,
    /// The row of the payment.
    pub(crate) attempt: u32,
    pub(crate) amount: Rupees,
    /// `CREATED`, and after a while `SUCCESS`.
    pub(crate) status: PaymentStatus,
    pub(crate) remarks: Option<Box<str>>,
    pub(crate) unique_id: Box<str>,
    pub(crate) bank_id: Box<str>,
    pub(crate) created: Moment,
    pub(crate) modified: Moment,
    /// When the payer has it.
    pub(crate) ends: Option<Moment>,
}

impl Record for GivenBack {
    const KIND: &'static str = "refund";

    fn id(&self) -> &str {
        self.request_id.as_str()
    }
}

/// How long a refund takes to reach the payer.
const ON_ITS_WAY: Duration = Duration::from_secs(60);

/// `refund_payment`.
pub(crate) fn refund(world: &Arc<World>, request: Valid<RefundPayment>) -> Result<Refund, Instead> {
    let mut state = world.state();
    let row = give_back(&mut state, &request)?;
    Ok(answer(&state, row))
}

/// Gives back what is asked for; gives the row of the refund.
fn give_back(state: &mut State, request: &RefundPayment) -> Result<u32, Instead> {
    let row = attempts::find(state, request.transaction_id.as_str())?;
    // As with orders: an id that exists is refused, whatever else there is to say.
    if state.refunds.row(request.request_id.as_str()).is_some() {
        let message = "requestId: was used before";
        return Err(Instead::refuse(409, message));
    }
    let attempt = &state.attempts[row];
    if !attempt.has_paid() {
        let message = format!(
            "the payment is {}; only one that succeeded can be refunded",
            attempt.status
        );
        return Err(Instead::refuse(409, message));
    }
    let left = attempt.left();
    if request.amount > left {
        let message =
            format!("amount: must be at most {left} rupees, which is what is left of the payment");
        return Err(Instead::refuse(422, message));
    }
    let now = state.now;
    let refunded = attempt.refunded.checked_add(request.amount);
    let attempt = state.attempts.at_mut(row);
    // The sum of both is no more than what was paid.
    attempt.refunded = refunded.unwrap_or(attempt.amount);
    attempt.modified = now;
    attempt.status = match attempt.refunded == attempt.amount {
        true => PaymentStatus::Refunded,
        false => PaymentStatus::PartiallyRefunded,
    };
    let transaction = attempt.id.clone();
    let ends = now.after(ON_ITS_WAY);
    let refund = GivenBack {
        request_id: request.request_id.clone(),
        attempt: row,
        amount: request.amount,
        status: PaymentStatus::Created,
        remarks: request.remarks.as_deref().map(Box::from),
        unique_id: state.ids.unique_transaction().into(),
        bank_id: state.ids.bank_reference().into(),
        created: now,
        modified: now,
        ends: Some(ends),
    };
    let row = state.refunds.insert(refund).ok_or(Refused::NoPayment)?;
    state.agenda.add(ends, Due::Refund(row));
    settlements::refund(state, &transaction, request.amount);
    Ok(row)
}

/// A refund has reached the payer.
pub(crate) fn time_is_up(state: &mut State, row: u32) {
    let now = state.now;
    if state.refunds[row].ends.is_some_and(|end| end <= now) {
        let refund = state.refunds.at_mut(row);
        refund.status = PaymentStatus::Success;
        refund.modified = now;
        refund.ends = None;
    }
}

/// The refund as EnKash answers it: the ids of the payment that it is of, and its own.
pub(crate) fn answer(state: &State, row: u32) -> Refund {
    let refund = &state.refunds[row];
    let attempt = &state.attempts[refund.attempt];
    let used = attempt.used.as_ref();
    let text = |text: Option<&str>| Some(text.unwrap_or_default().to_owned());
    let mut answer = Refund::default();
    answer.amount = Some(refund.amount);
    answer.payment_mode = text(used.map(|used| used.mode.as_str()));
    answer.bank_code = text(used.map(|used| &*used.bank_code));
    answer.bank_name = text(used.map(|used| &*used.bank_name));
    answer.currency = Some(CURRENCY.to_owned());
    answer.status = Some(refund.status.to_string());
    answer.transaction_id = Some(attempt.id.clone());
    answer.txn_msg = Some("Refund accepted.".to_owned());
    answer.txn_date = Some(DateTime::new(refund.created.iso()));
    answer.unique_transaction_id = Some(refund.unique_id.to_string());
    answer.bank_transaction_id = Some(refund.bank_id.to_string());
    answer
}
