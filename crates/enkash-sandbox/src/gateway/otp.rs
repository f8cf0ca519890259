//! The OTP of a card payment.

use std::sync::Arc;

use enkash_types::gateway::{OtpResent, OtpValidated, ResendPaymentOtp, ValidatePaymentOtp};
use enkash_types::{DateTime, Valid};

use super::attempts::{self, OtpWas, Waits};
use super::orders::CURRENCY;
use crate::router::Instead;
use crate::world::World;

/// `validate_payment_otp`. `checkSum` is not looked at: how it is computed is not documented.
pub(crate) fn validate(
    world: &Arc<World>,
    request: Valid<ValidatePaymentOtp>,
) -> Result<OtpValidated, Instead> {
    let mut state = world.state();
    let row = attempts::find(&state, request.ek_pay_id.as_str())?;
    match attempts::authorise(&mut state, row, request.otp.expose())? {
        OtpWas::Right => {}
        // What EnKash answers to a wrong one is not documented.
        OtpWas::Wrong { left: 0 } => {
            let message = "otp: was wrong three times; the payment has failed";
            return Err(Instead::refuse(422, message));
        }
        OtpWas::Wrong { left } => {
            let message = format!("otp: is wrong; it can be tried {left} times more");
            return Err(Instead::refuse(422, message));
        }
    }
    let attempt = &state.attempts[row];
    let mut validated = OtpValidated::default();
    validated.unique_transaction_id = Some(attempt.unique_id.to_string());
    validated.public_identifier_key = Some(world.config.credentials.access_key.clone());
    validated.transaction_id = Some(attempt.id.clone());
    validated.amount = Some(attempt.amount.to_string());
    validated.currency = Some(CURRENCY.to_owned());
    validated.otp_reference_number = Some(attempt.bank_id.to_string());
    validated.txn_message = Some(attempt.message().to_owned());
    validated.txn_status = Some(attempt.status.to_string());
    validated.txn_date = Some(DateTime::new(attempt.modified.iso()));
    validated.order_id = Some(state.orders[attempt.order].id.clone());
    Ok(validated)
}

/// `resend_payment_otp`. It is always the same; tries that were wrong stay counted.
pub(crate) fn resend(
    world: &Arc<World>,
    request: Valid<ResendPaymentOtp>,
) -> Result<OtpResent, Instead> {
    let state = world.state();
    let row = attempts::find(&state, request.enkash_transaction_id.as_str())?;
    match state.attempts[row].waits {
        Waits::Otp { .. } => Ok(OtpResent::new("OTP sent")),
        _ => Err(attempts::no_otp(&state.attempts[row]).into()),
    }
}
