//! Beneficiaries: payees who are kept under an id.

use std::sync::Arc;

use enkash_types::payouts::{Beneficiary, CreateBeneficiary};
use enkash_types::{AccountNumber, DateTime, Valid, Vpa};
use serde::{Deserialize, Serialize};

use crate::router::Instead;
use crate::table::Record;
use crate::test_accounts::Outcome;
use crate::time::Moment;
use crate::world::World;

/// A payee, as the sandbox keeps him.
#[derive(Serialize, Deserialize)]
pub(crate) struct Payee {
    pub(crate) request: CreateBeneficiary,
    pub(crate) destination: Destination,
    pub(crate) created: Moment,
}

impl Record for Payee {
    const KIND: &'static str = "beneficiary";

    fn id(&self) -> &str {
        self.request.beneficiary_id.as_str()
    }
}

/// Where money to a payee goes, as far as it matters here. It is looked up when the payee is named:
/// the file does not hold his account.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub(crate) struct Destination {
    /// Whether it is a UPI address, and no account.
    pub(crate) is_vpa: bool,
    pub(crate) outcome: Outcome,
}

impl Destination {
    /// `None` where neither is given.
    pub(crate) fn of(account: Option<&AccountNumber>, vpa: Option<&Vpa>) -> Option<Self> {
        let (is_vpa, outcome) = match (vpa, account) {
            (Some(vpa), _) => (true, Outcome::of_vpa(vpa)),
            (None, Some(account)) => (false, Outcome::of_account(account)),
            (None, None) => return None,
        };
        Some(Self { is_vpa, outcome })
    }
}

impl Payee {
    /// The four fields that were read of it, and the id.
    pub(crate) fn answer(&self) -> Beneficiary {
        let request = &self.request;
        let mut answer = Beneficiary::default();
        answer
            .beneficiary_account_number
            .clone_from(&request.beneficiary_account_number);
        answer
            .beneficiary_address
            .clone_from(&request.beneficiary_address);
        answer
            .beneficiary_pincode
            .clone_from(&request.beneficiary_pincode);
        answer.created_on = Some(DateTime::new(self.created.iso()));
        let id = request.beneficiary_id.as_str().into();
        answer.extra.insert("beneficiaryId".to_owned(), id);
        answer
    }
}

/// `create_payout_beneficiary`.
pub(crate) fn create(
    world: &Arc<World>,
    request: Valid<CreateBeneficiary>,
) -> Result<Beneficiary, Instead> {
    let mut state = world.state();
    let state = &mut *state;
    let account = request.beneficiary_account_number.as_ref();
    let destination = Destination::of(account, request.vpa_handle.as_ref());
    let payee = Payee {
        destination: destination
            .ok_or_else(|| Instead::refuse(422, "an account or a UPI address must be given"))?,
        created: state.now,
        request: request.into_inner(),
    };
    let answer = payee.answer();
    match state.payouts.beneficiaries.insert(payee) {
        Some(_) => Ok(answer),
        None => Err(Instead::refuse(409, "beneficiaryId: was used before")),
    }
}
