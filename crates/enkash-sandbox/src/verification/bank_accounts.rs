//! Checks of bank accounts.

use std::sync::Arc;

use enkash_types::verification::{VerifiedBankAccount, VerifyBankAccount};
use enkash_types::{Valid, masked};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::router::Instead;
use crate::table::Record;
use crate::test_accounts::Outcome;
use crate::world::World;

/// A check that was made, as the sandbox keeps it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Checked {
    request: VerifyBankAccount,
}

impl Record for Checked {
    const KIND: &'static str = "bank account check";

    /// The merchant's own id of it.
    fn id(&self) -> &str {
        self.request.customer_request_id.as_str()
    }
}

/// Whose account it is, where there is one.
const HOLDER: &str = "Sandbox Payee";

/// `verify_bank_account`. A deposit is not taken from the payout account: nothing says from where
/// it is.
pub(crate) fn verify(
    world: &Arc<World>,
    request: Valid<VerifyBankAccount>,
) -> Result<VerifiedBankAccount, Instead> {
    let mut state = world.state();
    let state = &mut *state;
    let request = request.into_inner();
    let checked = Checked {
        request: request.clone(),
    };
    if state.account_checks.insert(checked).is_none() {
        return Err(Instead::refuse(409, "customerRequestId: was used before"));
    }
    // The values are not documented.
    let (status, holder) = match Outcome::of_account(&request.beneficiary_account_number) {
        Outcome::Arrives | Outcome::Reversed => ("SUCCESS", HOLDER),
        Outcome::Rejected | Outcome::Failed => ("FAILED", ""),
        Outcome::Slow | Outcome::Silent => ("PENDING", ""),
    };
    // Required of every check, though only a deposit has a number.
    let utr = match request.penny_less || status != "SUCCESS" {
        true => String::new(),
        false => state.ids.bank_reference(),
    };
    let mut payload = VerifiedBankAccount::default();
    payload.ifsc = Some(request.beneficiary_ifsc_code.clone());
    payload.request_id = Some(request.customer_request_id.to_string());
    payload.enkash_unique_id = Some(state.ids.other("BV", state.now));
    payload.utr = Some(utr);
    payload.status = Some(status.to_owned());
    payload.beneficiary_name = Some(holder.to_owned());
    Err(beside_the_request(&payload, &request))
}

/// The answer as it is documented: what was asked is repeated beside the payload.
fn beside_the_request(payload: &VerifiedBankAccount, request: &VerifyBankAccount) -> Instead {
    let answer = |request: Value| {
        let mut answer = json!({
            "response_code": 0,
            "response_message": "Success",
            "payload": payload,
        });
        if let (Some(answer), Value::Object(request)) = (answer.as_object_mut(), request) {
            answer.extend(request);
        }
        answer
    };
    Instead::Json(
        StatusCode::OK,
        answer(json!(request)),
        answer(masked(request).unwrap_or_default()),
    )
}
