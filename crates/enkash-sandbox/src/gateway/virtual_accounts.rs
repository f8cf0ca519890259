//! Virtual accounts: opened, read, and paid into.

use std::sync::Arc;

use enkash_types::gateway::{
    CreateVirtualAccount, GetVirtualAccountByCustomerReference, VirtualAccount,
    VirtualAccountStatus,
};
use enkash_types::{AccountNumber, DateTime, Rupees, Valid, read};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::collected::check_payable;
use crate::control::{Act, Refused, one};
use crate::dates::local_moment;
use crate::hash::Hash;
use crate::router::Instead;
use crate::table::Record;
use crate::time::Moment;
use crate::world::World;

/// A virtual account, as the sandbox keeps it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Opened {
    pub(crate) id: String,
    request: CreateVirtualAccount,
    paid: Rupees,
    /// When it ends.
    closes: Option<Moment>,
}

impl Record for Opened {
    const KIND: &'static str = "virtual account";

    /// The merchant's own reference, which is as unique as EnKash's id.
    fn id(&self) -> &str {
        self.request.customer_reference_id.as_str()
    }
}

/// What becomes of an account at its end; the documentation shows `ACTIVE` alone.
const CLOSED: &str = "CLOSED";

impl Opened {
    fn is_closed(&self, now: Moment) -> bool {
        self.closes.is_some_and(|end| end <= now)
    }

    /// The number that is paid into. It is made of the id: the file holds no account number whole,
    /// and this one has to be the same after a restart.
    fn number(&self) -> AccountNumber {
        format!("VA{}", Hash::of(&self.id).digits()).into()
    }

    fn status(&self, now: Moment) -> VirtualAccountStatus {
        match self.is_closed(now) {
            true => VirtualAccountStatus::from(CLOSED),
            false => VirtualAccountStatus::Active,
        }
    }

    /// The account as the page's examples have it, but for its ids: one of them stands in the
    /// answer to its creation alone, the other in all others.
    pub(crate) fn answer(&self, now: Moment) -> VirtualAccount {
        let request = &self.request;
        let mut account = VirtualAccount::default();
        account.virtual_account_id = Some(self.id.clone());
        account.customer_id.clone_from(&request.customer_id);
        account.customer_name.clone_from(&request.customer_name);
        account.customer_email.clone_from(&request.customer_email);
        account.customer_phone.clone_from(&request.customer_phone);
        account.virtual_account_number = Some(self.number());
        account.virtual_account_ifsc_code = Some("SBOX0VAAPIS".into());
        account.bank_name = Some("Sandbox Bank".to_owned());
        account.status = Some(self.status(now));
        account.closed_on = request
            .close_by
            .as_ref()
            .map(|end| DateTime::new(end.as_str()));
        account.description.clone_from(&request.description);
        account.amount_paid = Some(self.paid);
        account.notes.clone_from(&request.notes);
        account.expected_amount = request.expected_amount;
        account
    }
}

/// `create_virtual_account`.
pub(crate) fn create(
    world: &Arc<World>,
    request: Valid<CreateVirtualAccount>,
) -> Result<VirtualAccount, Instead> {
    let mut state = world.state();
    let state = &mut *state;
    let end = request.close_by.as_ref();
    let closes = end.map(|end| local_moment("closeBy", end)).transpose()?;
    if closes.is_some_and(|end| end <= state.now) {
        return Err(Instead::refuse(422, "closeBy: must be in the future"));
    }
    let opened = Opened {
        id: state.ids.other("VA", state.now),
        paid: Rupees::ZERO,
        closes,
        request: request.into_inner(),
    };
    let mut account = opened.answer(state.now);
    account
        .merchant_detail_id
        .clone_from(&opened.request.merchant_detail_id);
    if state.virtual_accounts.insert(opened).is_none() {
        return Err(Instead::refuse(409, "customerReferenceId: was used before"));
    }
    Ok(account)
}

/// `get_virtual_account_by_customer_reference`.
pub(crate) fn get(
    world: &Arc<World>,
    request: Valid<GetVirtualAccountByCustomerReference>,
) -> Result<VirtualAccount, Instead> {
    let state = world.state();
    let reference = request.customer_reference_id.as_str();
    let opened = state.virtual_accounts.get(reference);
    let opened = opened.ok_or_else(no_account)?;
    let mut account = opened.answer(state.now);
    account.customer_reference_id = Some(request.customer_reference_id.clone());
    Ok(account)
}

fn no_account() -> Instead {
    Instead::refuse(404, "no virtual account has this customerReferenceId")
}

pub(crate) const ACTS: &[Act] = &[Act {
    method: "POST",
    path: "/virtual-accounts/{customerReferenceId}/credit",
    does: "pays into a virtual account: {\"amount\": 1000}",
    run: credit,
}];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Credit {
    amount: Rupees,
}

/// Somebody pays into an account.
fn credit(world: &Arc<World>, texts: &[&str], body: &[u8]) -> Result<Value, Refused> {
    let Credit { amount } = read::json(body)?;
    check_payable(amount)?;
    let mut state = world.state();
    let now = state.now;
    let opened = state.virtual_accounts.get_mut(&one(texts));
    let opened = opened.ok_or_else(no_account)?;
    if opened.is_closed(now) {
        return Err(Instead::refuse(409, "the virtual account is closed").into());
    }
    let paid = opened.paid.checked_add(amount);
    opened.paid = paid.ok_or_else(|| Refused::invalid("amount: is more than can be held"))?;
    Ok(json!({
        "customerReferenceId": opened.request.customer_reference_id,
        "virtualAccountId": opened.id,
        "status": opened.status(now),
        "amountPaid": opened.paid,
    }))
}
