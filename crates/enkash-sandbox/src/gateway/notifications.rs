//! What the merchant is told of a payment: by a notification, and through the payer's browser.

use enkash_types::gateway::{PaymentMode, PaymentNotification, PaymentStatus};
use enkash_types::{DateTime, Rupees};

use super::orders::Placed;
use super::payments::Attempt;
use crate::time::{indian, iso};

/// What stands in `checksum`. The documentation has the field and not the way to compute it.
pub(crate) const NO_CHECKSUM: &str = "sandbox-no-checksum";

/// The notification of an order's last attempt; `None` if there was none.
///
/// EnKash marks every field of it as required, whatever the payment mode, so all are there: card
/// fields are empty where no card was used, and the sandbox takes no fees.
pub(crate) fn notification(placed: &Placed) -> Option<PaymentNotification> {
    let attempt = placed.attempts.last()?;
    let amount = placed.request.amount.value;
    let instrument = Instrument::of(&attempt.mode);
    let status = attempt.status.to_string();
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
    told.currency = Some(placed.request.amount.currency.to_string());
    told.payment_mode = Some(attempt.mode.to_string());
    told.bank_code = text(instrument.bank_code);
    told.bank_name = text(instrument.bank_name);
    told.card_scheme = text(instrument.card_scheme);
    told.masked_card_number = text(instrument.masked_card_number);
    told.card_holder_name = text(instrument.card_holder_name);
    told.payment_token = Some("".into());
    told.txn_msg = text(message(&attempt.status));
    told.txn_date = Some(DateTime::new(iso(attempt.created)));
    told.unique_transaction_id = Some(attempt.unique_id.clone());
    told.bank_transaction_id = Some(attempt.bank_id.clone());
    told.checksum = text(NO_CHECKSUM);
    Some(told)
}

/// What the payer's browser brings to `returnUrl`: the fields that a public integration has seen.
pub(crate) fn return_fields(placed: &Placed) -> Vec<(&'static str, String)> {
    let amount = &placed.request.amount;
    let sum = amount.value.to_string();
    let mut fields = vec![
        ("orderId", placed.id.to_string()),
        ("amount", sum.clone()),
        ("currency", amount.currency.to_string()),
        ("orderStatus", placed.status.to_string()),
        ("checksum", NO_CHECKSUM.to_owned()),
    ];
    match placed.attempts.last() {
        // An order that was given up has no outcome of a payment, but of itself.
        Some(attempt) if placed.status == attempt.order_becomes() => {
            fields.extend(attempt_fields(attempt, &sum));
        }
        _ => fields.push(("status", placed.status.to_string())),
    }
    fields
}

fn attempt_fields(attempt: &Attempt, sum: &str) -> [(&'static str, String); 9] {
    let message = message(&attempt.status).to_owned();
    [
        ("finalAmount", sum.to_owned()),
        ("transactionAmount", sum.to_owned()),
        ("status", attempt.status.to_string()),
        ("uniqueTransactionId", attempt.unique_id.clone()),
        ("transactionId", attempt.id.to_string()),
        ("paymentMode", attempt.mode.to_string()),
        ("txnDate", indian(attempt.created)),
        ("txnMessage", message.clone()),
        ("transactionMessage", message),
    ]
}

fn message(status: &PaymentStatus) -> &'static str {
    match status {
        PaymentStatus::Success => "Completed.",
        _ => "Failed.",
    }
}

/// The card or bank that the sandbox says was used.
#[derive(Default)]
struct Instrument {
    bank_code: &'static str,
    bank_name: &'static str,
    card_scheme: &'static str,
    masked_card_number: &'static str,
    card_holder_name: &'static str,
}

impl Instrument {
    fn of(mode: &PaymentMode) -> Self {
        match mode {
            PaymentMode::NetBanking | PaymentMode::Wallet => Self {
                bank_code: "SANDBOX",
                bank_name: "Sandbox Bank",
                ..Self::default()
            },
            PaymentMode::CreditCard
            | PaymentMode::DebitCard
            | PaymentMode::PrepaidCard
            | PaymentMode::CorporateCard => Self {
                card_scheme: "VISA",
                masked_card_number: "411111XXXXXX1111",
                card_holder_name: "Sandbox Payer",
                ..Self::default()
            },
            _ => Self::default(),
        }
    }
}
