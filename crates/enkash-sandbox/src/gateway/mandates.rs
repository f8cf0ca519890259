//! UPI Autopay: mandates through their life, and the debits under them.
//!
//! ```text
//! CREATED ─┬─ the payer says yes ── ACTIVE ─┬─ revoked ─────────── REVOKED
//!          │                                └─ validity is over ── EXPIRED
//!          ├─ the payer says no ─────────────────────────────────  REJECTED
//!          ├─ revoked ───────────────────────────────────────────  REVOKED
//!          └─ nobody says anything until expiry ─────────────────  EXPIRED
//! ```
//!
//! The names of the states are the sandbox's: the documentation read has none.

use std::sync::Arc;
use std::time::Duration;

use enkash_types::gateway::{
    AmountRule, CreateUpiMandate, ExecuteMandateDebit, GetUpiMandate, MandateDebitCallback,
    MandateId, MandateNotice, MandatePause, MandatePayee, MandatePayer, MandateRecurrence,
    MandateReferenceId, MandateTime, MandateValidity, NewMandateValidity, NotifyMandateDebit,
    Order, OrderId, PaymentStatus, RevokeUpiMandate, UpdateUpiMandate, UpiMandate,
    UpiMandateCallback,
};
use enkash_types::{DateTime, Rupees, Valid, read};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::attempts;
use super::collected;
use super::instruments::{Fate, First, Instrument};
use super::notifications;
use super::orders::{CURRENCY, MERCHANT};
use super::searches::only_known;
use super::upi_code::PAYEE;
use crate::agenda::Due;
use crate::control::{Act, Nothing, Refused, one, optional};
use crate::dates::{moment, start_of_day};
use crate::router::Instead;
use crate::state::State;
use crate::table::Record;
use crate::time::Moment;
use crate::webhooks;
use crate::world::World;

/// A mandate, as the sandbox keeps it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Mandate {
    pub(crate) id: MandateId,
    /// Its number in the UPI system.
    umn: String,
    request: CreateUpiMandate,
    pub(crate) status: Status,
    times: Times,
    /// When the payer answers by himself; a test address does.
    answers: Option<Moment>,
    /// How the payer answers then, and how debits end.
    fate: Fate,
}

impl Record for Mandate {
    const KIND: &'static str = "mandate";

    /// The merchant's own id, by which most calls name it.
    fn id(&self) -> &str {
        self.request.reference_id.as_str()
    }
}

/// Where a mandate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Status {
    Created,
    Active,
    Rejected,
    Revoked,
    Expired,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::Active => "ACTIVE",
            Self::Rejected => "REJECTED",
            Self::Revoked => "REVOKED",
            Self::Expired => "EXPIRED",
        }
    }
}

/// The times of a mandate.
#[derive(Clone, Copy, Serialize, Deserialize)]
struct Times {
    /// Until when the payer may say yes.
    expires: Moment,
    starts: Moment,
    ends: Moment,
}

impl Times {
    fn of(request: &CreateUpiMandate) -> Result<Self, Instead> {
        let times = Self {
            expires: moment("expiry", &request.expiry)?,
            starts: moment("validity.startAt", &request.validity.start_at)?,
            ends: moment("validity.endAt", &request.validity.end_at)?,
        };
        if times.ends <= times.starts {
            return Err(Instead::refuse(
                422,
                "validity.endAt: must be later than startAt",
            ));
        }
        Ok(times)
    }
}

/// A debit under a mandate: an order, which is told of by another webhook than others are.
#[derive(Serialize, Deserialize)]
pub(crate) struct Debit {
    order: OrderId,
    mandate: MandateReferenceId,
}

impl Record for Debit {
    const KIND: &'static str = "mandate debit";

    fn id(&self) -> &str {
        self.order.as_str()
    }
}

impl Mandate {
    /// When something happens to it by itself.
    pub(crate) fn next(&self) -> Option<Moment> {
        let Times { expires, ends, .. } = self.times;
        match self.status {
            Status::Created => Some(self.answers.unwrap_or(expires).min(expires).min(ends)),
            Status::Active => Some(ends),
            Status::Rejected | Status::Revoked | Status::Expired => None,
        }
    }

    fn must_be(&self, right: &[Status]) -> Result<(), Instead> {
        match right.contains(&self.status) {
            true => Ok(()),
            false => Err(Instead::refuse(
                409,
                format!("the mandate is {}", self.status.as_str()),
            )),
        }
    }

    /// Whether a debit of this sum is within the mandate.
    fn allows(&self, amount: Rupees) -> Result<(), Instead> {
        let limit = in_rupees(self.request.amount)?;
        match self.request.amount_rule {
            AmountRule::Exact if amount != limit => Err(Instead::refuse(
                422,
                "amount: must be the mandate's, whose amountRule is EXACT",
            )),
            _ if amount > limit => Err(Instead::refuse(
                422,
                "amount: must not be more than the mandate's",
            )),
            _ => Ok(()),
        }
    }

    /// The mandate as the callback has it, and its state with it. No answer that holds a mandate
    /// was read, nor the callback's fields after `pausePeriod`.
    pub(crate) fn answer(&self) -> UpiMandate {
        let request = &self.request;
        let time = |moment: Moment| {
            let millis = i64::try_from(moment.millis()).unwrap_or(i64::MAX);
            Some(MandateTime::Number(millis))
        };
        let mut mandate = UpiMandate::default();
        mandate.umn = Some(self.umn.clone());
        mandate.reference_id = Some(request.reference_id.clone());
        mandate.mandate_id = Some(self.id.clone());
        mandate.amount = Some(request.amount);
        mandate.amount_rule = Some(request.amount_rule.clone());
        mandate.currency = Some(CURRENCY.to_owned());
        mandate.payee = Some(payee());
        mandate.payer = Some({
            let mut payer = MandatePayer::default();
            payer.name = Some(request.payer.name.clone());
            payer.vpa = Some(request.payer.vpa.clone());
            payer.account = Some(request.payer.account.clone());
            payer.account_validation = Some(request.payer.account_validation);
            payer
        });
        mandate.name = Some(request.mandate_name.clone());
        mandate.expire_at = time(self.times.expires);
        mandate.block_fund = Some(request.block_fund);
        mandate.revokeable_by_payer = Some(true);
        mandate.recurrence = Some({
            let mut recurrence = MandateRecurrence::default();
            recurrence.period = Some(request.recurrence.period.clone());
            recurrence.rule = Some(request.recurrence.rule.clone());
            recurrence.value = Some(request.recurrence.value);
            recurrence
        });
        mandate.validity = Some({
            let mut validity = MandateValidity::default();
            validity.start_at = time(self.times.starts);
            validity.end_at = time(self.times.ends);
            validity
        });
        mandate.pause_period = Some({
            // Required in the callback; nothing that was read pauses a mandate.
            let mut never = MandatePause::default();
            never.start_at = Some(MandateTime::Number(0));
            never.end_at = Some(MandateTime::Number(0));
            never
        });
        let status = self.status.as_str().into();
        mandate.extra.insert("status".to_owned(), status);
        mandate
    }
}

fn payee() -> MandatePayee {
    let mut payee = MandatePayee::default();
    payee.vpa = Some(PAYEE.into());
    payee.name = Some(MERCHANT.to_owned());
    payee.mcc = Some("0000".to_owned());
    payee
}

/// The amount of a mandate is a whole number whose unit is not documented; as every other sum of
/// the gateway it is taken to be in rupees.
fn in_rupees(amount: u64) -> Result<Rupees, Instead> {
    amount
        .to_string()
        .parse()
        .ok()
        .filter(|amount| *amount > Rupees::ZERO)
        .ok_or_else(|| Instead::refuse(422, "amount: must be from 1 to 999999999999999"))
}

fn no_mandate(name: &str) -> Instead {
    Instead::refuse(404, format!("no mandate has this {name}"))
}

/// The row of a mandate, by the merchant's own id of it.
fn by_reference(state: &State, id: &str, name: &str) -> Result<u32, Instead> {
    state.mandates.row(id).ok_or_else(|| no_mandate(name))
}

/// The row of a mandate, by EnKash's id of it.
fn by_id(state: &State, id: &MandateId) -> Result<u32, Instead> {
    let mut rows = (0..).zip(state.mandates.iter());
    rows.find(|(_, mandate)| mandate.id == *id)
        .map(|(row, _)| row)
        .ok_or_else(|| no_mandate("mandateId"))
}

/// `create_upi_mandate`.
pub(crate) fn create(
    world: &Arc<World>,
    request: Valid<CreateUpiMandate>,
) -> Result<UpiMandate, Instead> {
    let mut state = world.state();
    let state = &mut *state;
    in_rupees(request.amount)?;
    let times = Times::of(&request)?;
    if times.expires <= state.now {
        return Err(Instead::refuse(422, "expiry: must be in the future"));
    }
    if times.ends <= state.now {
        return Err(Instead::refuse(
            422,
            "validity.endAt: must be in the future",
        ));
    }
    let plan = Instrument::Upi(request.payer.vpa.clone()).plan();
    let plan = plan.map_err(|wrong| Instead::refuse(422, format!("payer.{wrong}")))?;
    let answers = match (plan.first, plan.fate) {
        (First::Nothing, Fate::Success | Fate::Declined) => Some(state.now),
        (First::Nothing, Fate::Pending) => Some(state.now.after(attempts::BANK)),
        _ => None,
    };
    let mandate = Mandate {
        id: state.ids.other("UM", state.now).into(),
        umn: format!("{}@sandbox", state.ids.other("UMN", state.now)),
        status: Status::Created,
        times,
        answers,
        fate: plan.fate,
        request: request.into_inner(),
    };
    let answer = mandate.answer();
    let row = state.mandates.insert(mandate);
    let row = row.ok_or_else(|| Instead::refuse(409, "referenceId: was used before"))?;
    note_next(state, row);
    Ok(answer)
}

/// `get_upi_mandate`.
pub(crate) fn get(
    world: &Arc<World>,
    request: Valid<GetUpiMandate>,
) -> Result<UpiMandate, Instead> {
    let state = world.state();
    let row = by_reference(&state, request.reference_id.as_str(), "referenceId")?;
    Ok(state.mandates[row].answer())
}

/// What the sandbox takes to change a mandate. The body of this call was not read; these are the
/// names that the create call has for what a mandate of UPI can be changed in.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Changes {
    reference_id: MandateReferenceId,
    amount: Option<u64>,
    amount_rule: Option<AmountRule>,
    validity: Option<NewMandateValidity>,
    mandate_name: Option<String>,
    description: Option<String>,
}

/// `update_upi_mandate`.
pub(crate) fn update(
    world: &Arc<World>,
    request: Valid<UpdateUpiMandate>,
) -> Result<UpiMandate, Instead> {
    let changes: Changes = read::value(request.into_inner().fields.into())?;
    let mut state = world.state();
    let state = &mut *state;
    let row = by_reference(state, changes.reference_id.as_str(), "referenceId")?;
    let mandate = &state.mandates[row];
    mandate.must_be(&[Status::Created, Status::Active])?;

    let mut changed = mandate.request.clone();
    changed.amount = changes.amount.unwrap_or(changed.amount);
    changed.amount_rule = changes.amount_rule.unwrap_or(changed.amount_rule);
    changed.validity = changes.validity.unwrap_or(changed.validity);
    changed.mandate_name = changes.mandate_name.unwrap_or(changed.mandate_name);
    changed.description = changes.description.or(changed.description);
    let changed = Valid::check(changed)?.into_inner();
    in_rupees(changed.amount)?;
    let times = Times::of(&changed)?;
    if times.ends <= state.now {
        return Err(Instead::refuse(
            422,
            "validity.endAt: must be in the future",
        ));
    }

    let mandate = state.mandates.at_mut(row);
    mandate.request = changed;
    mandate.times = times;
    note_next(state, row);
    tell(state, row);
    Ok(state.mandates[row].answer())
}

/// `revoke_upi_mandate`.
pub(crate) fn revoke(
    world: &Arc<World>,
    request: Valid<RevokeUpiMandate>,
) -> Result<UpiMandate, Instead> {
    only_known(&request.extra, &["reference_id"])?;
    let mut state = world.state();
    let state = &mut *state;
    let row = by_reference(state, request.reference_id.as_str(), "reference_id")?;
    state.mandates[row].must_be(&[Status::Created, Status::Active])?;
    becomes(state, row, Status::Revoked);
    Ok(state.mandates[row].answer())
}

/// `notify_mandate_debit`. Nobody is there to be told; what a notice must be is checked.
pub(crate) fn notify(
    world: &Arc<World>,
    request: Valid<NotifyMandateDebit>,
) -> Result<MandateNotice, Instead> {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let mut state = world.state();
    let state = &mut *state;
    let mandate = &state.mandates[by_id(state, &request.mandate_id)?];
    mandate.must_be(&[Status::Active])?;
    mandate.allows(request.amount)?;
    let day = start_of_day("debitDate", &request.debit_date)?;
    let end_of_day = day.after(DAY);
    if end_of_day <= state.now {
        return Err(Instead::refuse(422, "debitDate: is over"));
    }
    if end_of_day <= mandate.times.starts || day >= mandate.times.ends {
        return Err(Instead::refuse(
            422,
            "debitDate: must be within the mandate's validity",
        ));
    }
    let mut notice = MandateNotice::default();
    notice.mandate_id = Some(request.mandate_id.clone());
    notice.predebit_notification_id = Some(state.ids.other("PDN", state.now));
    notice.status = Some("SUCCESS".to_owned());
    notice.amount = Some(request.amount);
    notice.debit_date = Some(DateTime::new(request.debit_date.as_str()));
    Ok(notice)
}

/// `execute_mandate_debit`.
pub(crate) fn execute(
    world: &Arc<World>,
    request: Valid<ExecuteMandateDebit>,
) -> Result<Order, Instead> {
    let mut state = world.state();
    let state = &mut *state;
    let mandate = &state.mandates[by_id(state, &request.mandate_id)?];
    mandate.must_be(&[Status::Active])?;
    if state.now < mandate.times.starts {
        return Err(Instead::refuse(409, "the mandate's validity has not begun"));
    }
    mandate.allows(request.amount)?;

    let reference = mandate.request.reference_id.clone();
    let (payer, fate) = (mandate.request.payer.vpa.clone(), mandate.fate);
    let order = collected::order(state, "MD", request.amount, Some(request.remarks.clone()))?;
    state.debits.insert(Debit {
        order: state.orders[order].id.clone(),
        mandate: reference,
    });
    let attempt = attempts::collect(state, order, &Instrument::Upi(payer), fate)?;
    if state.attempts[attempt].status == PaymentStatus::PendingWithBank {
        tell_of_debit(state, attempt);
    }
    Ok(state.orders[order].answer(world, &state.attempts))
}

/// The time has come at which something may happen to a mandate by itself.
pub(crate) fn time_is_up(state: &mut State, row: u32) {
    let mandate = &state.mandates[row];
    if mandate.next().is_none_or(|next| next > state.now) {
        return;
    }
    let answers = mandate.answers.is_some_and(|answers| answers <= state.now);
    let status = match (mandate.status, mandate.fate) {
        (Status::Created, Fate::Declined) if answers => Status::Rejected,
        (Status::Created, _) if answers => Status::Active,
        _ => Status::Expired,
    };
    becomes(state, row, status);
}

fn becomes(state: &mut State, row: u32, status: Status) {
    state.mandates.at_mut(row).status = status;
    note_next(state, row);
    tell(state, row);
}

fn note_next(state: &mut State, row: u32) {
    if let Some(next) = state.mandates[row].next() {
        state.agenda.add(next, Due::Mandate(row));
    }
}

/// Tells the merchant of a mandate, if an address was set.
fn tell(state: &mut State, row: u32) {
    if let Some(url) = state.callbacks.upi_mandate.clone() {
        let mut callback = UpiMandateCallback::default();
        callback.mandate = state.mandates[row].answer();
        webhooks::send(state, url.as_str(), &callback);
    }
}

/// Whether an order is a debit under a mandate.
pub(crate) fn is_debit(state: &State, order: &OrderId) -> bool {
    state.debits.get(order.as_str()).is_some()
}

/// Tells the merchant of a debit, if an address was set. Of the callback the first field alone was
/// read; it begins as the notification of a payment does, and so has its fields.
pub(crate) fn tell_of_debit(state: &mut State, attempt: u32) {
    let Some(url) = state.callbacks.mandate_debit.clone() else {
        return;
    };
    let attempt = &state.attempts[attempt];
    let notification = notifications::notification(&state.orders[attempt.order], attempt);
    let fields = serde_json::to_value(notification).unwrap_or_default();
    let callback: MandateDebitCallback = read::value(fields).unwrap_or_default();
    webhooks::send(state, url.as_str(), &callback);
}

pub(crate) const ACTS: &[Act] = &[
    Act {
        method: "POST",
        path: "/mandates/{referenceId}/approve",
        does: "says yes to a mandate, as the payer would",
        run: |world, texts, body| decide(world, texts, body, Status::Created, Status::Active),
    },
    Act {
        method: "POST",
        path: "/mandates/{referenceId}/reject",
        does: "says no to it",
        run: |world, texts, body| decide(world, texts, body, Status::Created, Status::Rejected),
    },
    Act {
        method: "POST",
        path: "/mandates/{referenceId}/revoke",
        does: "ends it, as the payer would",
        run: |world, texts, body| decide(world, texts, body, Status::Active, Status::Revoked),
    },
    Act {
        method: "POST",
        path: "/mandates/{referenceId}/debits",
        does: "says how its debits end from now on: {\"outcome\": \"decline\"}, or success, pending, timeout",
        run: set_debits,
    },
];

/// Lets the payer decide on a mandate.
fn decide(
    world: &Arc<World>,
    texts: &[&str],
    body: &[u8],
    from: Status,
    to: Status,
) -> Result<Value, Refused> {
    optional::<Nothing>(body)?;
    let mut state = world.state();
    let row = by_reference(&state, &one(texts), "referenceId")?;
    state.mandates[row].must_be(&[from])?;
    becomes(&mut state, row, to);
    Ok(shown(&state.mandates[row]))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Debits {
    outcome: Outcome,
}

#[derive(Deserialize)]
#[serde(rename_all = "lowercase")]
enum Outcome {
    Success,
    Decline,
    Pending,
    Timeout,
}

fn set_debits(world: &Arc<World>, texts: &[&str], body: &[u8]) -> Result<Value, Refused> {
    let Debits { outcome } = read::json(body)?;
    let mut state = world.state();
    let row = by_reference(&state, &one(texts), "referenceId")?;
    // Before that, it says how the payer answers.
    state.mandates[row].must_be(&[Status::Active])?;
    state.mandates.at_mut(row).fate = match outcome {
        Outcome::Success => Fate::Success,
        Outcome::Decline => Fate::Declined,
        Outcome::Pending => Fate::Pending,
        Outcome::Timeout => Fate::Timeout,
    };
    Ok(shown(&state.mandates[row]))
}

fn shown(mandate: &Mandate) -> Value {
    json!({
        "referenceId": mandate.request.reference_id,
        "mandateId": mandate.id,
        "status": mandate.status,
    })
}
