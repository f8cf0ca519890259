//! Seamless payments: submitted from the merchant's own page, and read.

use std::sync::Arc;

use enkash_types::Valid;
use enkash_types::gateway::{
    GetTransactionStatus, Payment, PaymentDetail, PaymentMode, SubmitPayment, SubmittedPayment,
};
use serde_json::Value;

use super::attempts::{self, Refused, Waits};
use super::instruments::Instrument;
use super::orders::{CURRENCY, page};
use crate::router::Instead;
use crate::state::State;
use crate::world::World;

/// `submit_payment`.
pub(crate) fn submit(
    world: &Arc<World>,
    request: Valid<SubmitPayment>,
) -> Result<SubmittedPayment, Instead> {
    let mut state = world.state();
    let row = start(
        &mut state,
        request.order_id.as_str(),
        &request.payment_detail,
    )?;
    Ok(submitted(world, &state, row))
}

/// Starts the payment that a merchant submits; gives its row.
pub(crate) fn start(
    state: &mut State,
    order: &str,
    detail: &PaymentDetail,
) -> Result<u32, Instead> {
    let order = state.orders.by_id(order).ok_or_else(|| {
        Instead::refuse(
            404,
            "orderId: no order has this id; it is EnKash's id of it, not the merchant's",
        )
    })?;
    if detail
        .amount
        .is_some_and(|amount| amount != state.orders[order].amount)
    {
        return Err(Instead::refuse(
            422,
            "paymentDetail.amount: must be that of the order",
        ));
    }
    let by = instrument(detail)?;
    attempts::start(state, order, &by).map_err(|refused| match refused {
        // The field that it names stands in paymentDetail.
        Refused::Invalid(broken) if broken.contains(": ") => {
            Instead::refuse(422, format!("paymentDetail.{broken}"))
        }
        refused => refused.into(),
    })
}

/// What a merchant says is paid with. CVV and expiry are not looked at: the bank of the sandbox
/// knows its cards by their numbers.
fn instrument(detail: &PaymentDetail) -> Result<Instrument, Instead> {
    let mode = detail.payment_mode.clone();
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    Ok(match mode {
        PaymentMode::Upi => {
            let vpa = detail.vpa.clone();
            let missing = || Instead::refuse(422, "paymentDetail.vpa: must be given for UPI");
            Instrument::Upi(vpa.ok_or_else(missing)?)
        }
        mode if mode.is_card() => {
            let number = detail.card_number.clone();
            let missing =
                || Instead::refuse(422, "paymentDetail.cardNumber: must be given for a card");
            Instrument::Card {
                mode,
                number: number.ok_or_else(missing)?,
                holder: text(&detail.card_holder_name),
            }
        }
        mode => Instrument::Bank {
            mode,
            code: text(&detail.bank_code),
        },
    })
}

/// A payment that was submitted, as it is answered. The documentation does not show it; these are
/// the names that EnKash's browser checkout reads of a charge, and what the calls that follow want.
pub(crate) fn submitted(world: &World, state: &State, row: u32) -> SubmittedPayment {
    let attempt = &state.attempts[row];
    let order = &state.orders[attempt.order];
    let waits_for_otp = matches!(attempt.waits, Waits::Otp { .. });
    let mut submitted = SubmittedPayment::new(attempt.id.clone());
    let mut extra = |name: &str, value: Value| submitted.extra.insert(name.to_owned(), value);
    extra("uniqueTransactionId", (*attempt.unique_id).into());
    extra("orderId", order.id.as_str().into());
    extra("transactionStatus", attempt.status.as_str().into());
    extra("txnMessage", attempt.message().into());
    extra("currency", CURRENCY.into());
    extra(
        "amount",
        serde_json::to_value(attempt.amount).unwrap_or_default(),
    );
    extra("renderOtpPage", waits_for_otp.into());
    if waits_for_otp {
        // What the OTP calls want; where it comes from is not documented.
        extra("ekPayId", attempt.id.as_str().into());
    }
    if attempt.waits == Waits::Payer && attempt.used.as_ref().is_some_and(|used| used.has_a_site())
    {
        let url = format!("{}{}/{}", world.url, page(&order.id), attempt.id);
        extra("redirectionUrl", url.into());
    }
    submitted
}

/// `get_transaction_status`.
pub(crate) fn status(
    world: &Arc<World>,
    request: Valid<GetTransactionStatus>,
) -> Result<Payment, Instead> {
    let state = world.state();
    let row = attempts::find(&state, request.transaction_id.as_str())?;
    let attempt = &state.attempts[row];
    Ok(attempt.answer(&state.orders[attempt.order]))
}
