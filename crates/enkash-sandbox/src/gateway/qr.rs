//! UPI QR codes: made, read, found, cancelled, and paid.

use std::sync::Arc;

use enkash_types::gateway::{
    CancelUpiQr, CreateUpiQr, GetUpiQr, QrCodeId, QrStatus, SearchUpiQrs, UpiQr,
};
use enkash_types::{DateTime, LocalDateTime, Page, Rupees, Timestamp, Valid, read};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::attempts;
use super::collected::{self, check_payable};
use super::instruments::{Fate, Instrument};
use super::searches::page;
use super::upi_code::{link, png};
use crate::control::{Act, Refused, one, optional};
use crate::dates::{local_moment, moment};
use crate::router::Instead;
use crate::state::State;
use crate::table::Record;
use crate::time::Moment;
use crate::world::World;

/// A QR code, as the sandbox keeps it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Code {
    id: QrCodeId,
    /// What the merchant said of it.
    given: UpiQr,
    /// Its picture, which takes longer to draw than all else.
    picture: Box<str>,
    /// When it runs out.
    ends: Option<Moment>,
    is_cancelled: bool,
    is_paid: bool,
    created: Moment,
    modified: Moment,
}

impl Record for Code {
    const KIND: &'static str = "qr code";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

impl Code {
    /// Why it takes no payment now, if it takes none. It has one name in the documentation,
    /// `CANCELLED`: "takes no payment any more".
    fn is_closed(&self, now: Moment) -> Option<&'static str> {
        if self.is_cancelled {
            Some("the code is cancelled")
        } else if self.ends.is_some_and(|end| end <= now) {
            Some("the code has run out")
        } else if self.is_paid && self.given.multiple_use != Some(true) {
            Some("the code is paid, and is for one payment")
        } else {
            None
        }
    }

    fn status(&self, now: Moment) -> QrStatus {
        match self.is_closed(now) {
            None => QrStatus::Active,
            Some(_) => QrStatus::Cancelled,
        }
    }

    /// The sum that the payer cannot choose.
    fn fixed(&self) -> Option<Rupees> {
        self.given
            .amount
            .filter(|_| self.given.fixed_amount == Some(true))
    }

    /// The code as EnKash answers it.
    pub(crate) fn answer(&self, now: Moment) -> UpiQr {
        let mut code = self.given.clone();
        code.qr_code_id = Some(self.id.clone());
        code.status = Some(self.status(now));
        code.qr_code_base64 = Some(self.picture.to_string());
        code.created_on = Some(DateTime::new(self.created.iso()));
        code.modified_on = Some(DateTime::new(self.modified.iso()));
        code
    }
}

fn no_code() -> Instead {
    Instead::refuse(404, "no QR code has this qrCodeId")
}

/// `create_upi_qr`. The body of this call was not read: it takes the names of the answer.
pub(crate) fn create(world: &Arc<World>, request: Valid<CreateUpiQr>) -> Result<UpiQr, Instead> {
    let mut given: UpiQr = read::value(request.into_inner().fields.into())?;
    check(&given)?;
    let mut state = world.state();
    let state = &mut *state;
    let ends = given.expiry.as_deref().map(end).transpose()?;
    if ends.is_some_and(|end| end <= state.now) {
        return Err(Instead::refuse(422, "expiry: must be in the future"));
    }
    given.fixed_amount = Some(given.fixed_amount.unwrap_or(given.amount.is_some()));
    given.multiple_use = Some(given.multiple_use.unwrap_or(false));
    let id = QrCodeId::new(state.ids.other("QR", state.now));
    let link = link(id.as_str(), given.amount, given.description.as_deref());
    let picture =
        png(&link).ok_or_else(|| Instead::refuse(422, "description: is too long for a QR code"))?;
    let code = Code {
        id,
        given,
        picture: picture.into(),
        ends,
        is_cancelled: false,
        is_paid: false,
        created: state.now,
        modified: state.now,
    };
    let answer = code.answer(state.now);
    state.qr_codes.insert(code);
    Ok(answer)
}

/// What is so of any code.
fn check(given: &UpiQr) -> Result<(), Instead> {
    for (name, is_given) in [
        ("qrCodeId", given.qr_code_id.is_some()),
        ("status", given.status.is_some()),
        ("qrCodeBase64", given.qr_code_base64.is_some()),
        ("createdOn", given.created_on.is_some()),
        ("modifiedOn", given.modified_on.is_some()),
    ] {
        if is_given {
            return Err(Instead::refuse(
                422,
                format!("{name}: is for EnKash to say"),
            ));
        }
    }
    if let Some(Err(broken)) = given.customer_email.as_ref().map(|email| email.check()) {
        return Err(Instead::refuse(422, format!("customerEmail: {broken}")));
    }
    match given.amount {
        Some(amount) => check_payable(amount),
        None if given.fixed_amount == Some(true) => Err(Instead::refuse(
            422,
            "amount: must be given, since fixedAmount is true",
        )),
        None => Ok(()),
    }
}

/// When a code runs out. The form of this field is not documented.
fn end(text: &str) -> Result<Moment, Instead> {
    let (with_zone, without) = (Timestamp::new(text), LocalDateTime::new(text));
    if with_zone.check().is_ok() {
        moment("expiry", &with_zone)
    } else if without.check().is_ok() {
        local_moment("expiry", &without)
    } else {
        Err(Instead::refuse(
            422,
            "expiry: the sandbox takes a time like 2026-04-01T10:00:00+05:30 or 2026-04-01 10:00:00",
        ))
    }
}

/// `get_upi_qr`.
pub(crate) fn get(world: &Arc<World>, request: Valid<GetUpiQr>) -> Result<UpiQr, Instead> {
    let state = world.state();
    let code = state.qr_codes.get(request.qr_code_id.as_str());
    Ok(code.ok_or_else(no_code)?.answer(state.now))
}

/// The filters that the sandbox knows, by the names of the answer: of those that the page speaks
/// of no name was read.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Filters {
    status: Option<QrStatus>,
    amount: Option<Rupees>,
}

/// `search_upi_qrs`.
pub(crate) fn search(
    world: &Arc<World>,
    request: Valid<SearchUpiQrs>,
) -> Result<Page<UpiQr>, Instead> {
    let search = request.into_inner();
    let Filters { status, amount } = read::value(search.filters.into())?;
    let state = world.state();
    let now = state.now;
    let found = state.qr_codes.iter().filter(|code| {
        status
            .as_ref()
            .is_none_or(|status| *status == code.status(now))
            && amount.is_none_or(|amount| code.given.amount == Some(amount))
    });
    Ok(page(found.collect(), search.offset, search.limit, |code| {
        code.answer(now)
    }))
}

/// `cancel_upi_qr`. One that takes no payment any more stays as it is.
pub(crate) fn cancel(world: &Arc<World>, request: Valid<CancelUpiQr>) -> Result<UpiQr, Instead> {
    let mut state = world.state();
    let now = state.now;
    let code = state.qr_codes.get_mut(request.qr_code_id.as_str());
    let code = code.ok_or_else(no_code)?;
    if code.is_closed(now).is_none() {
        code.is_cancelled = true;
        code.modified = now;
    }
    Ok(code.answer(now))
}

pub(crate) const ACTS: &[Act] = &[Act {
    method: "POST",
    path: "/qr-codes/{qrCodeId}/pay",
    does: "pays a QR code: {\"amount\": 100}, or nothing where the code fixes it",
    run: pay,
}];

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Paid {
    amount: Option<Rupees>,
}

/// Somebody scans a code and pays.
fn pay(world: &Arc<World>, texts: &[&str], body: &[u8]) -> Result<Value, Refused> {
    let Paid { amount } = optional(body)?;
    let mut state = world.state();
    let state: &mut State = &mut state;
    let now = state.now;
    let code = state.qr_codes.get(&one(texts)).ok_or_else(no_code)?;
    if let Some(why) = code.is_closed(now) {
        return Err(Instead::refuse(409, why).into());
    }
    let amount = match (code.fixed(), amount) {
        (Some(fixed), Some(amount)) if amount != fixed => {
            return Err(Refused::invalid(
                "amount: must be the code's, which is fixed",
            ));
        }
        (Some(fixed), _) => fixed,
        (None, Some(amount)) => amount,
        (None, None) => {
            return Err(Refused::invalid(
                "amount: must be given, since the code fixes none",
            ));
        }
    };
    check_payable(amount)?;
    let (id, note) = (code.id.clone(), code.given.description.clone());
    let order = collected::order(state, "QRP", amount, note)?;
    let attempt = attempts::collect(state, order, &Instrument::UpiApp, Fate::Success)?;
    let code = state.qr_codes.get_mut(id.as_str()).ok_or_else(no_code)?;
    code.is_paid = true;
    code.modified = now;
    Ok(json!({
        "qrCodeId": id,
        "status": code.status(now),
        "amount": amount,
        "orderId": state.orders[order].id,
        "transactionId": state.attempts[attempt].id,
        "transactionStatus": state.attempts[attempt].status,
    }))
}
