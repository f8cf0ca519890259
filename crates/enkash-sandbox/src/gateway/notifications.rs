//! What the merchant is told of a payment: by a notification, and through the payer's browser.

use enkash_types::gateway::PaymentNotification;
use enkash_types::{DateTime, Rupees};

use super::attempts::Attempt;
use super::mandates;
use super::orders::{CURRENCY, Placed};
use crate::state::State;
use crate::webhooks;

/// What stands in `checksum`. The documentation has the field and not the way to compute it.
pub(crate) const NO_CHECKSUM: &str = "sandbox-no-checksum";

/// Tells the merchant of an attempt to pay, if the order says where.
pub(crate) fn tell(state: &mut State, row: u32) {
    let attempt = &state.attempts[row];
    let placed = &state.orders[attempt.order];
    if mandates::is_debit(state, &placed.id) {
        mandates::tell_of_debit(state, row);
    } else if let Some(url) = placed.notify_url.clone() {
        let notification = notification(placed, attempt);
        webhooks::send(state, &url, &notification);
    }
}

/// The notification of an attempt.
///
/// EnKash marks every field of it as required, whatever the payment mode, so all are there: card
/// fields are empty where no card was used, and the sandbox takes no fees.
pub(crate) fn notification(placed: &Placed, attempt: &Attempt) -> PaymentNotification {
    let amount = placed.amount;
    let status = attempt.status.to_string();
    let used = attempt.used.as_ref();
    let text = |text: &str| Some(text.to_owned());

    let mut told = PaymentNotification::new(placed.id.clone(), attempt.id.clone(), amount);
    told.order_status = placed.status.to_string();
    told.transaction_status.clone_from(&status);
    told.status = status;
    told.final_amount = Some(amount);
    told.transaction_amount = Some(amount);
    told.surcharge = Some(Rupees::ZERO);
    told.surcharge_gst = Some(Rupees::ZERO);
    told.mdr = Some(Rupees::ZERO);
    told.mdr_gst = Some(Rupees::ZERO);
    told.currency = text(CURRENCY);
    told.payment_mode = Some(used.map(|used| used.mode.to_string()).unwrap_or_default());
    told.bank_code = text(used.map_or("", |used| &used.bank_code));
    told.bank_name = text(used.map_or("", |used| &used.bank_name));
    told.card_scheme = text(used.map_or("", |used| &used.card_scheme));
    told.masked_card_number = text(used.map_or("", |used| &used.masked_card_number));
    told.card_holder_name = text(used.map_or("", |used| &used.card_holder_name));
    told.payment_token = Some("".into());
    told.txn_msg = text(attempt.message());
    told.txn_date = Some(DateTime::new(attempt.modified.iso()));
    told.unique_transaction_id = text(&attempt.unique_id);
    told.bank_transaction_id = text(&attempt.bank_id);
    told.checksum = text(NO_CHECKSUM);
    told
}

/// Where the payer's browser goes when an order is paid or given up, if the merchant said, with
/// what it brings along.
pub(crate) fn returns_to(
    state: &State,
    order: u32,
) -> Option<(String, Vec<(&'static str, String)>)> {
    let placed = &state.orders[order];
    let url = placed.return_url.as_deref()?;
    let attempt = placed.tells_of(&state.attempts);
    Some((url.to_owned(), return_fields(placed, attempt)))
}

/// What the payer's browser brings to `returnUrl`: the fields that a public integration has seen.
pub(crate) fn return_fields(
    placed: &Placed,
    attempt: Option<&Attempt>,
) -> Vec<(&'static str, String)> {
    let sum = placed.amount.to_string();
    let mut fields = vec![
        ("orderId", placed.id.to_string()),
        ("amount", sum.clone()),
        ("currency", CURRENCY.to_owned()),
        ("orderStatus", placed.status.to_string()),
        ("checksum", NO_CHECKSUM.to_owned()),
    ];
    match attempt {
        Some(attempt) => fields.extend(attempt_fields(attempt, &sum)),
        // An order that was given up has no outcome of a payment, but of itself.
        None => fields.push(("status", placed.status.to_string())),
    }
    fields
}

fn attempt_fields(attempt: &Attempt, sum: &str) -> [(&'static str, String); 9] {
    let message = attempt.message().to_owned();
    let mode = attempt.used.as_ref().map(|used| used.mode.to_string());
    [
        ("finalAmount", sum.to_owned()),
        ("transactionAmount", sum.to_owned()),
        ("status", attempt.status.to_string()),
        ("uniqueTransactionId", attempt.unique_id.to_string()),
        ("transactionId", attempt.id.to_string()),
        ("paymentMode", mode.unwrap_or_default()),
        ("txnDate", attempt.modified.indian()),
        ("txnMessage", message.clone()),
        ("transactionMessage", message),
    ]
}
