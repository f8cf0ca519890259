//! UPI: codes to scan and links that open an app, how it went, and whose address it is.

use std::sync::Arc;

use enkash_crypto::constant_time_eq;
use enkash_types::Valid;
use enkash_types::gateway::{
    DynamicUpiQr, GetDynamicUpiQr, GetUpiIntentLinks, GetUpiTransactionStatus, PaymentMode,
    PaymentStatus, UpiIntentLinks, UpiStatus, UpiTransaction, VerifiedVpa, VerifyUpiVpa,
};

use super::attempts::{self, Refused, Waits};
use super::instruments::NO_VPA;
use super::upi_code;
use crate::router::Instead;
use crate::state::State;
use crate::world::World;

/// `get_dynamic_upi_qr`. The page says that an order is named; a public integration names a payment
/// in its place, which is taken as well.
pub(crate) fn qr(
    world: &Arc<World>,
    request: Valid<GetDynamicUpiQr>,
) -> Result<DynamicUpiQr, Instead> {
    let id = request.order_id.as_str();
    let mut state = world.state();
    let row = match (state.orders.by_id(id), state.attempts.row(id)) {
        (Some(order), _) => for_an_app(&mut state, order)?,
        (None, Some(row)) => shown(&mut state, row)?,
        (None, None) => return Err(Instead::refuse(404, "no order and no payment has this id")),
    };
    let link = link(&state, row);
    let mut qr = DynamicUpiQr::default();
    qr.qr_code = upi_code::png(&link);
    qr.qr_url = Some(link);
    qr.ek_pay_id = Some(state.attempts[row].id.clone());
    Ok(qr)
}

/// `get_upi_intent_links`.
pub(crate) fn links(
    world: &Arc<World>,
    request: Valid<GetUpiIntentLinks>,
) -> Result<UpiIntentLinks, Instead> {
    let mut state = world.state();
    let row = attempts::find(&state, request.transaction_id.as_str())?;
    let row = shown(&mut state, row)?;
    let link = link(&state, row);
    // The same query; each app has a scheme of its own.
    let of = |scheme: &str| Some(link.replacen("upi://pay", scheme, 1));
    let mut links = UpiIntentLinks::default();
    links.transaction_id = Some(state.attempts[row].id.clone());
    links.gpay = of("tez://upi/pay");
    links.phonepe = of("phonepe://pay");
    links.paytm = of("paytmmp://pay");
    links.upi = Some(link.clone());
    Ok(links)
}

/// The payment of an order that waits for a UPI app, the same until it is over: to ask for the code
/// twice is not to pay twice.
fn for_an_app(state: &mut State, order: u32) -> Result<u32, Refused> {
    let placed = &state.orders[order];
    placed.still_open()?;
    let waits = |row: &u32| waits_for_an_app(state, *row);
    match placed.attempts.iter().rev().copied().find(waits) {
        Some(row) => Ok(row),
        None => {
            let row = attempts::open(state, order)?;
            shown(state, row)
        }
    }
}

/// This payment, whose code or link is shown. To ask for it is not to pay: nobody has scanned it.
fn shown(state: &mut State, row: u32) -> Result<u32, Refused> {
    if !waits_for_an_app(state, row) {
        attempts::show(state, row)?;
    }
    Ok(row)
}

/// Whether somebody is to scan its code or open its link, or has done so and is to say yes.
fn waits_for_an_app(state: &State, row: u32) -> bool {
    let attempt = &state.attempts[row];
    let used = attempt.used.as_ref();
    let was_opened = used.is_some_and(|used| used.is_upi_app());
    attempt.waits == Waits::Scan || (attempt.waits == Waits::Payer && was_opened)
}

/// The link that opens an app, and that a code holds.
pub(crate) fn link(state: &State, row: u32) -> String {
    let attempt = &state.attempts[row];
    let order = &state.orders[attempt.order];
    let note = order.rest().description;
    upi_code::link(attempt.id.as_str(), Some(attempt.amount), note.as_deref())
}

/// `get_upi_transaction_status`.
pub(crate) fn status(
    world: &Arc<World>,
    request: Valid<GetUpiTransactionStatus>,
) -> Result<UpiTransaction, Instead> {
    let state = world.state();
    let row = attempts::find(&state, request.transaction_id.as_str())?;
    let attempt = &state.attempts[row];
    let is_upi = |mode: &PaymentMode| *mode == PaymentMode::Upi;
    if attempt
        .used
        .as_ref()
        .is_some_and(|used| !is_upi(&used.mode))
    {
        return Err(Instead::refuse(409, "the payment is not by UPI"));
    }
    let mut answer = UpiTransaction::default();
    answer.status = Some(match attempt.status {
        _ if attempt.has_paid() => UpiStatus::Success,
        PaymentStatus::Failed | PaymentStatus::Cancelled => UpiStatus::Failed,
        _ => UpiStatus::Process,
    });
    answer.transaction_message = Some(attempt.message().to_owned());
    answer.order_id = Some(state.orders[attempt.order].id.clone());
    Ok(answer)
}

/// `verify_upi_vpa`. Every address but one has a holder, whose name is always the same.
pub(crate) fn verify(
    world: &Arc<World>,
    request: Valid<VerifyUpiVpa>,
) -> Result<VerifiedVpa, Instead> {
    let key = request.merchant_identifier_key.expose().as_bytes();
    let known = world.config.credentials.access_key.expose().as_bytes();
    if !constant_time_eq(key, known) {
        let message = "merchantIdentifierKey: is not this account's";
        return Err(Instead::refuse(403, message));
    }
    let state = world.state();
    let order = state
        .orders
        .by_merchant_id(request.merchant_order_id.as_str());
    if order.is_none() {
        let message = "merchantOrderId: no order has this id; it is the merchant's id of it";
        return Err(Instead::refuse(404, message));
    }
    // What an address that there is not answers is not documented.
    if request.vpa.as_str().eq_ignore_ascii_case(NO_VPA) {
        return Err(Instead::refuse(404, "vpa: there is no such UPI address"));
    }
    let mut verified = VerifiedVpa::default();
    verified.name = Some("Sandbox Payer".to_owned());
    Ok(verified)
}
