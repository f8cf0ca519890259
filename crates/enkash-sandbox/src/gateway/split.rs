//! Split settlements: the accounts that receive shares, and how a payment is divided.

use std::sync::Arc;

use enkash_crypto::constant_time_eq;
use enkash_types::gateway::{
    ActivateSplitAccount, AmountSplitType, CreateSplitAccount, EditSplitSettlement,
    EditedSplitSettlement, PayoutSplitAccount, SplitAccount, SplitAccountId, SplitSettlement,
    SplitShare, SubmitPaymentWithSplit, SubmittedPayment, TransactionId, UpdateSplitAccount,
};
use enkash_types::{AccountNumber, Email, Extra, Ifsc, Rupees, Valid, read};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::attempts::{self, Waits};
use super::payments;
use super::settlements;
use crate::control::{Act, Nothing, Refused, one, optional};
use crate::router::Instead;
use crate::state::State;
use crate::table::Record;
use crate::world::World;

/// An account that receives shares, as the sandbox keeps it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Receiver {
    id: SplitAccountId,
    /// What the merchant said of it.
    given: Extra,
    is_active: bool,
}

impl Record for Receiver {
    const KIND: &'static str = "split account";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// How a payment is divided.
#[derive(Serialize, Deserialize)]
pub(crate) struct Split {
    transaction: TransactionId,
    rule: SplitSettlement,
}

impl Record for Split {
    const KIND: &'static str = "split";

    fn id(&self) -> &str {
        self.transaction.as_str()
    }
}

/// Those of an account's fields that have a form, by the names of the call that changes one.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Formed {
    name: Option<String>,
    email: Option<Email>,
    account_number: Option<AccountNumber>,
    ifsc: Option<Ifsc>,
}

impl Formed {
    fn of(fields: &Extra) -> Result<Self, Instead> {
        let formed: Self = read::value(fields.clone().into())?;
        for (name, broken) in [
            ("email", formed.email.as_ref().map(|email| email.check())),
            (
                "accountNumber",
                formed.account_number.as_ref().map(|number| number.check()),
            ),
            ("ifsc", formed.ifsc.as_ref().map(|ifsc| ifsc.check())),
        ] {
            if let Some(Err(broken)) = broken {
                return Err(Instead::refuse(422, format!("{name}: {broken}")));
            }
        }
        Ok(formed)
    }
}

impl Receiver {
    /// No state was read.
    fn status(&self) -> &'static str {
        match self.is_active {
            true => "ACTIVE",
            false => "INACTIVE",
        }
    }

    /// The account, under both names that requests have for its id.
    pub(crate) fn answer(&self) -> SplitAccount {
        let mut account = SplitAccount::new(self.id.clone());
        for (name, value) in [
            ("splitAccountDetailId", self.id.as_str()),
            ("status", self.status()),
        ] {
            account.extra.insert(name.to_owned(), value.into());
        }
        account.extra.extend(self.given.clone());
        account
    }
}

fn no_account(name: &str) -> Instead {
    Instead::refuse(404, format!("{name}: no split account has this id"))
}

/// `create_split_account`. The body of this call was not read: whatever is given is kept.
pub(crate) fn create(
    world: &Arc<World>,
    request: Valid<CreateSplitAccount>,
) -> Result<SplitAccount, Instead> {
    let given = request.into_inner().fields;
    Formed::of(&given)?;
    for name in ["splitAccountId", "splitAccountDetailId", "status"] {
        if given.contains_key(name) {
            return Err(Instead::refuse(
                422,
                format!("{name}: is for EnKash to say"),
            ));
        }
    }
    let mut state = world.state();
    let state = &mut *state;
    let receiver = Receiver {
        id: state.ids.other("SA", state.now).into(),
        given,
        is_active: true,
    };
    let answer = receiver.answer();
    state.split_accounts.insert(receiver);
    Ok(answer)
}

/// `update_split_account`. What names the account was not read, so there has to be but one.
pub(crate) fn update(
    world: &Arc<World>,
    request: Valid<UpdateSplitAccount>,
) -> Result<SplitAccount, Instead> {
    let key = request.access_key.expose().as_bytes();
    let known = world.config.credentials.access_key.expose().as_bytes();
    if !constant_time_eq(key, known) {
        return Err(Instead::refuse(403, "accessKey: is not this account's"));
    }
    let changes = serde_json::to_value(&*request).unwrap_or_default();
    let mut changes: Extra = read::value(changes)?;
    changes.remove("accessKey");

    let mut state = world.state();
    if state.split_accounts.len() != 1 {
        let count = state.split_accounts.len();
        return Err(Instead::refuse(
            409,
            format!(
                "there are {count} split accounts, and the name of the field that says which one \
                 was not read: the sandbox changes one that is the only one"
            ),
        ));
    }
    let receiver = state.split_accounts.at_mut(0);
    receiver.given.extend(changes);
    Ok(receiver.answer())
}

/// `activate_split_account`.
pub(crate) fn activate(
    world: &Arc<World>,
    request: Valid<ActivateSplitAccount>,
) -> Result<SplitAccount, Instead> {
    let mut state = world.state();
    let state = &mut *state;
    let row = state
        .split_accounts
        .row(request.split_account_detail_id.as_str());
    let row = row.ok_or_else(|| no_account("splitAccountDetailId"))?;
    if !state.split_accounts[row].is_active {
        state.split_accounts.at_mut(row).is_active = true;
        settlements::account_is_active(state, row);
    }
    Ok(state.split_accounts[row].answer())
}

/// Whether a body is that of `submit_payment_with_split`: it has the fields of the payment one
/// level higher than that of `submit_payment`, which has method and path in common with it.
pub(crate) fn is_flat(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Flat {
        payment_mode: Option<Value>,
    }
    serde_json::from_slice(body).is_ok_and(|flat: Flat| flat.payment_mode.is_some())
}

/// What the sandbox takes beside the documented fields: the name that holds the split was not
/// read, and is that of the call that changes one.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct With {
    split_settlement: Option<SplitSettlement>,
}

/// `submit_payment_with_split`.
pub(crate) fn submit(
    world: &Arc<World>,
    request: Valid<SubmitPaymentWithSplit>,
) -> Result<SubmittedPayment, Instead> {
    let request = request.into_inner();
    let With { split_settlement } = read::value(request.extra.into())?;
    let rule = split_settlement.map(Valid::check).transpose()?;
    let mut state = world.state();
    let state = &mut *state;
    let order = request.order_id.as_str();
    // An order that is not there is refused below.
    if let (Some(rule), Some(order)) = (&rule, state.orders.by_id(order)) {
        check(state, rule, state.orders[order].amount)?;
    }
    let row = payments::start(state, order, &request.payment_detail).map_err(one_level_higher)?;
    if let Some(rule) = rule {
        divide(state, row, rule);
    }
    Ok(payments::submitted(world, state, row))
}

/// Here the fields of the payment do not stand in `paymentDetail`, but for the sum.
fn one_level_higher(refused: Instead) -> Instead {
    match refused {
        Instead::Refusal(mut refusal) => {
            let field = refusal.message.strip_prefix("paymentDetail.");
            if let Some(field) = field.filter(|field| !field.starts_with("amount")) {
                refusal.message = field.to_owned();
            }
            Instead::Refusal(refusal)
        }
        other => other,
    }
}

/// `edit_split_settlement`.
pub(crate) fn edit(
    world: &Arc<World>,
    request: Valid<EditSplitSettlement>,
) -> Result<EditedSplitSettlement, Instead> {
    let EditSplitSettlement {
        transaction_id,
        split_settlement,
        ..
    } = request.into_inner();
    let rule = Valid::check(split_settlement)?;
    let mut state = world.state();
    let state = &mut *state;
    let row = attempts::find(state, transaction_id.as_str())?;
    let attempt = &state.attempts[row];
    if state.settlements.has_settled(&attempt.id) {
        return Err(Instead::refuse(409, "the payment is settled already"));
    }
    if !attempt.has_paid() && attempt.waits == Waits::Nothing {
        let status = &attempt.status;
        return Err(Instead::refuse(409, format!("the payment is {status}")));
    }
    check(state, &rule, attempt.amount)?;
    let edited = json!({"transactionId": transaction_id, "splitSettlement": *rule});
    let edited = read::value(edited)?;
    divide(state, row, rule);
    Ok(edited)
}

/// Whether a payment of this sum can be divided so. That no more than all of it can be given out
/// goes without saying; nothing else of it is documented.
fn check(state: &State, rule: &SplitSettlement, amount: Rupees) -> Result<(), Instead> {
    let invalid = |place: String, rule: &str| Instead::refuse(422, format!("{place}: {rule}"));
    let list = "splitSettlement.splitSettlementDetails";
    let shares = &rule.split_settlement_details;
    if shares.is_empty() {
        return Err(invalid(list.to_owned(), "must name an account"));
    }
    let mut sum = Rupees::ZERO;
    for (index, share) in shares.iter().enumerate() {
        let place = |field: &str| format!("{list}[{index}].{field}");
        let account = state.split_accounts.get(share.split_account_id.as_str());
        match account {
            None => {
                return Err(invalid(
                    place("splitAccountId"),
                    "no split account has this id",
                ));
            }
            Some(account) if !account.is_active => {
                return Err(invalid(
                    place("splitAccountId"),
                    "this split account is deactivated",
                ));
            }
            Some(_) => {}
        }
        let is_same = |other: &SplitShare| other.split_account_id == share.split_account_id;
        if shares.iter().take(index).any(is_same) {
            return Err(invalid(place("splitAccountId"), "is there already"));
        }
        let value = share.value.decimal();
        let is_whole_paise = value == value.trunc_with_scale(2);
        if value <= Rupees::ZERO.decimal() {
            return Err(invalid(place("value"), "must be more than 0"));
        }
        if !is_whole_paise && rule.amount_split_type == AmountSplitType::Flat {
            return Err(invalid(place("value"), "must have at most two decimals"));
        }
        sum = Rupees::new(value)
            .ok()
            .and_then(|value| sum.checked_add(value))
            .ok_or_else(|| invalid(place("value"), "has too many digits"))?;
    }
    let (whole, rule) = match rule.amount_split_type {
        AmountSplitType::Percentage => (hundred(), "must not add up to more than 100"),
        _ => (amount, "must not add up to more than the payment"),
    };
    match sum <= whole {
        true => Ok(()),
        false => Err(invalid(list.to_owned(), rule)),
    }
}

fn hundred() -> Rupees {
    Rupees::from_paise(100 * 100)
}

/// Says how a payment is divided; what was said before counts no longer.
fn divide(state: &mut State, attempt: u32, rule: Valid<SplitSettlement>) {
    let transaction = state.attempts[attempt].id.clone();
    let rule = rule.into_inner();
    match state.splits.get_mut(transaction.as_str()) {
        Some(split) => split.rule = rule,
        None => {
            state.splits.insert(Split { transaction, rule });
        }
    }
}

/// A share of a payment.
pub(crate) struct Share {
    /// The row of the account that it goes to.
    pub(crate) account: u32,
    pub(crate) amount: Rupees,
}

/// What goes to split accounts of what is left of a payment; the rest is the merchant's.
///
/// Percentages are of what is left, rounded down to paise; sums are served in their order as long
/// as something is left.
pub(crate) fn shares(state: &State, transaction: &TransactionId, left: Rupees) -> Vec<Share> {
    let Some(split) = state.splits.get(transaction.as_str()) else {
        return Vec::new();
    };
    let mut rest = left;
    let details = split.rule.split_settlement_details.iter();
    let shares = details.filter_map(|share| {
        let value = share.value.decimal();
        let amount = match split.rule.amount_split_type {
            AmountSplitType::Percentage => left.decimal().checked_mul(value)? / hundred().decimal(),
            _ => value,
        };
        let amount = Rupees::new(amount.trunc_with_scale(2)).ok()?.min(rest);
        rest = rest.checked_sub(amount)?;
        (amount > Rupees::ZERO).then_some(Share {
            account: state.split_accounts.row(share.split_account_id.as_str())?,
            amount,
        })
    });
    shares.collect()
}

/// Whether a split account receives money now.
pub(crate) fn is_active(state: &State, account: u32) -> bool {
    state.split_accounts[account].is_active
}

/// A split account as a settlement payout names it; the label is that of its share of this payment.
pub(crate) fn payout_account(
    state: &State,
    account: u32,
    transaction: &TransactionId,
) -> PayoutSplitAccount {
    let receiver = &state.split_accounts[account];
    let formed = Formed::of(&receiver.given).ok();
    let split = state.splits.get(transaction.as_str());
    let mut shares = split
        .into_iter()
        .flat_map(|split| &split.rule.split_settlement_details);
    let share = shares.find(|share| share.split_account_id == receiver.id);
    let mut account = PayoutSplitAccount::default();
    account.split_account_detail_id = Some(receiver.id.to_string());
    account.label = share.and_then(|share| share.label.clone());
    if let Some(formed) = formed {
        account.name = formed.name;
        account.account_number = formed.account_number;
        account.ifsc = formed.ifsc;
    }
    account
}

pub(crate) const ACTS: &[Act] = &[Act {
    method: "POST",
    path: "/split-accounts/{splitAccountId}/deactivate",
    does: "lets a split account receive no money; its shares wait until it is activated",
    run: deactivate,
}];

/// EnKash has a call for it, of which the path was not read.
fn deactivate(world: &Arc<World>, texts: &[&str], body: &[u8]) -> Result<Value, Refused> {
    optional::<Nothing>(body)?;
    let mut state = world.state();
    let receiver = state.split_accounts.get_mut(&one(texts));
    let receiver = receiver.ok_or_else(|| no_account("splitAccountId"))?;
    receiver.is_active = false;
    Ok(json!({"splitAccountId": receiver.id, "status": receiver.status()}))
}
