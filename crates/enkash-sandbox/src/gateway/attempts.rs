//! The attempts to pay an order, and their life.
//!
//! Whoever lets a payer pay goes through here: the seamless calls, the checkout page, EnKash's
//! browser calls and the control surface.
//!
//! ```text
//! open ─ charge ─┬─ waits for the OTP ── authorise ─┐
//!                ├─ waits for the payer ─ approve ──┼─ waits for the bank ─┬─ SUCCESS
//!                └──────────────────────────────────┘                      ├─ FAILED
//!                        └─ cancel, decline, time is up ───────────────────┴─ CANCELLED
//! ```
//!
//! A code or a link of UPI that is shown is an attempt too, which nothing but a UPI app can charge.
//! Until one does, nobody has tried to pay: the order does not change, and nobody is told.
//!
//! An order has several attempts, of which one succeeds. When it is over, what still waits for the
//! payer is cancelled; what waits for the bank cannot be called back, and fails when the bank says
//! yes after all.

use std::fmt;
use std::time::Duration;

use enkash_types::gateway::{OrderStatus, Payment, PaymentMode, PaymentStatus, TransactionId};
use enkash_types::{DateTime, Rupees};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::instruments::{Fate, First, Instrument, OTP, Plan, Used};
use super::notifications;
use super::orders::{CURRENCY, Placed};
use super::settlements;
use crate::agenda::Due;
use crate::router::Instead;
use crate::state::State;
use crate::table::Record;
use crate::time::Moment;

/// An attempt to pay, as the sandbox keeps it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Attempt {
    pub(crate) id: TransactionId,
    /// The other id of it.
    pub(crate) unique_id: Box<str>,
    /// What the bank calls it.
    pub(crate) bank_id: Box<str>,
    /// The row of the order.
    pub(crate) order: u32,
    /// The sum, in rupees.
    pub(crate) amount: Rupees,
    /// What of it was given back.
    pub(crate) refunded: Rupees,
    pub(crate) status: PaymentStatus,
    pub(crate) waits: Waits,
    /// What it was made with; `None` until the payer has chosen.
    pub(crate) used: Option<Used>,
    fate: Fate,
    why: Why,
    pub(crate) created: Moment,
    pub(crate) modified: Moment,
    /// When it stops to wait.
    pub(crate) ends: Option<Moment>,
}

impl Record for Attempt {
    const KIND: &'static str = "payment";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// What an attempt waits for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Waits {
    /// For the payer to choose how to pay.
    Choice,
    /// For the payer to scan its code, or to open its link, with a UPI app.
    Scan,
    /// For the OTP, after so many wrong ones.
    Otp { wrong: u8 },
    /// For the payer's yes or no.
    Payer,
    /// For the bank's.
    Bank,
    /// It is over.
    Nothing,
}

/// Why it ended as it did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
enum Why {
    /// There is no more to say.
    Plain,
    Declined,
    WrongOtp,
    TimedOut,
    OrderOver,
}

/// Why nothing came of what someone tried.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Refused {
    NoOrder,
    NoPayment,
    /// The order is over, and this is how it ended.
    OrderOver(OrderStatus),
    /// The payment is over, and this is how it ended.
    PaymentOver(PaymentStatus),
    /// The payment is at another point.
    NotNow(&'static str),
    /// Something is wrong with what was given: the field and the rule.
    Invalid(&'static str),
}

impl Refused {
    /// HTTP status that goes with it.
    pub(crate) fn status(&self) -> u16 {
        match self {
            Self::NoOrder | Self::NoPayment => 404,
            Self::OrderOver(_) | Self::PaymentOver(_) | Self::NotNow(_) => 409,
            Self::Invalid(_) => 422,
        }
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoOrder => {
                f.write_str("no order has this id, neither EnKash's nor the merchant's")
            }
            Self::NoPayment => f.write_str("no payment has this id"),
            Self::OrderOver(status) => write!(f, "the order is {status} already"),
            Self::PaymentOver(status) => write!(f, "the payment is {status} already"),
            Self::NotNow(why) | Self::Invalid(why) => f.write_str(why),
        }
    }
}

impl From<Refused> for Instead {
    fn from(refused: Refused) -> Self {
        Self::refuse(refused.status(), refused.to_string())
    }
}

/// What came of an OTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum OtpWas {
    Right,
    /// It may be tried so many times more; after none, the payment has failed.
    Wrong {
        left: u8,
    },
}

/// How long a payer is waited for. A public integration shows five minutes for UPI.
const PAYER: Duration = Duration::from_secs(5 * 60);
/// How long a bank takes that decides after a while.
pub(crate) const BANK: Duration = Duration::from_secs(60);
/// So many wrong OTPs end a payment.
const WRONG_OTPS: u8 = 3;

impl Attempt {
    /// Whether the payer has tried: has chosen how to pay.
    pub(crate) fn was_made(&self) -> bool {
        self.used.is_some()
    }

    /// Whether it took the money, whatever was given back since.
    pub(crate) fn has_paid(&self) -> bool {
        matches!(
            self.status,
            PaymentStatus::Success | PaymentStatus::PartiallyRefunded | PaymentStatus::Refunded
        )
    }

    /// Where it stands, in words.
    pub(crate) fn message(&self) -> &'static str {
        match (&self.waits, &self.status, self.why) {
            (Waits::Choice, ..) => "Waiting for the payer to choose how to pay.",
            (Waits::Otp { .. }, ..) => "Waiting for the OTP.",
            (Waits::Scan, ..) => "Waiting for a UPI app.",
            (Waits::Payer, ..) => "Waiting for the payer.",
            (Waits::Bank, ..) => "Waiting for the bank.",
            (Waits::Nothing, PaymentStatus::Success, _) => "Completed.",
            (Waits::Nothing, PaymentStatus::PartiallyRefunded, _) => "Refunded in part.",
            (Waits::Nothing, PaymentStatus::Refunded, _) => "Refunded.",
            (Waits::Nothing, PaymentStatus::Cancelled, _) => "Cancelled by the payer.",
            (_, _, Why::Declined) => "Declined.",
            (_, _, Why::WrongOtp) => "The OTP was wrong three times.",
            (_, _, Why::TimedOut) => "Timed out.",
            (_, _, Why::OrderOver) => "The order was over; the sum was not taken.",
            (_, _, Why::Plain) => "Failed.",
        }
    }

    /// What was taken and not given back.
    pub(crate) fn left(&self) -> Rupees {
        match self.has_paid() {
            true => self.amount.checked_sub(self.refunded).unwrap_or_default(),
            false => Rupees::ZERO,
        }
    }

    /// The attempt as EnKash answers it. Of its 18 fields three are documented; the others here
    /// have the names under which EnKash's own checkout reads them.
    pub(crate) fn answer(&self, order: &Placed) -> Payment {
        let date = |moment: Moment| Some(DateTime::new(moment.iso()));
        let mut payment = Payment::default();
        payment.transaction_id = Some(self.id.clone());
        payment.created = date(self.created);
        payment.last_modified = date(self.modified);
        let mut extra = |name: &str, value: Value| payment.extra.insert(name.to_owned(), value);
        extra("uniqueTransactionId", (*self.unique_id).into());
        extra("orderId", order.id.as_str().into());
        extra("status", self.status.as_str().into());
        extra("currency", CURRENCY.into());
        extra(
            "amount",
            serde_json::to_value(self.amount).unwrap_or_default(),
        );
        extra("txnMessage", self.message().into());
        if let Some(used) = &self.used {
            extra("paymentMode", used.mode.as_str().into());
        }
        payment
    }

    /// Waits for something, until its time is up.
    fn wait_for(&mut self, what: Waits, end: Moment) {
        self.waits = what;
        self.ends = Some(end);
    }
}

/// Why a payment takes no OTP that does not wait for one.
pub(crate) fn no_otp(attempt: &Attempt) -> Refused {
    match attempt.waits {
        Waits::Nothing => Refused::PaymentOver(attempt.status.clone()),
        _ => Refused::NotNow("the payment waits for no OTP"),
    }
}

/// The row of a payment, by EnKash's id of it.
pub(crate) fn find(state: &State, id: &str) -> Result<u32, Refused> {
    state.attempts.row(id).ok_or(Refused::NoPayment)
}

/// Begins an attempt to pay an order, in which the payer has yet to choose how. There is one of
/// these at a time, which is not shown with the order.
pub(crate) fn open(state: &mut State, order: u32) -> Result<u32, Refused> {
    let placed = &state.orders[order];
    placed.still_open()?;
    let is_open = |row: &u32| state.attempts[*row].waits == Waits::Choice;
    if let Some(row) = placed.attempts.iter().rev().copied().find(is_open) {
        return Ok(row);
    }
    let (amount, now) = (placed.amount, state.now);
    let attempt = Attempt {
        id: state.ids.transaction(now),
        unique_id: state.ids.unique_transaction().into(),
        bank_id: state.ids.bank_reference().into(),
        order,
        amount,
        refunded: Rupees::ZERO,
        status: PaymentStatus::Created,
        waits: Waits::Choice,
        used: None,
        fate: Fate::Success,
        why: Why::Plain,
        created: now,
        modified: now,
        ends: None,
    };
    // Ids that the sandbox mints do not come twice.
    let row = state.attempts.insert(attempt).ok_or(Refused::NoPayment)?;
    state.orders.at_mut(order).attempts.push(row);
    Ok(row)
}

/// The payer has chosen. What is refused leaves the attempt open for another choice.
pub(crate) fn charge(state: &mut State, row: u32, by: &Instrument) -> Result<(), Refused> {
    let attempt = &state.attempts[row];
    match (attempt.waits, by) {
        (Waits::Choice, _) | (Waits::Scan, Instrument::UpiApp) => {}
        (waits, _) => return Err(cannot_begin(waits, attempt)),
    }
    let order = attempt.order;
    let plan = plan(state, order, by)?;
    let now = state.now;
    let attempt = state.attempts.at_mut(row);
    attempt.used = Some(plan.used);
    attempt.fate = plan.fate;
    attempt.modified = now;
    match plan.first {
        First::Otp => attempt.wait_for(Waits::Otp { wrong: 0 }, now.after(PAYER)),
        First::Payer => attempt.wait_for(Waits::Payer, now.after(PAYER)),
        First::Nothing => return ask_the_bank(state, row),
    }
    note_end(state, row);
    follow(state, order);
    Ok(())
}

/// A code or a link of the attempt is shown, for somebody to open with a UPI app.
pub(crate) fn show(state: &mut State, row: u32) -> Result<(), Refused> {
    let attempt = &state.attempts[row];
    match attempt.waits {
        Waits::Choice => {}
        waits => return Err(cannot_begin(waits, attempt)),
    }
    plan(state, attempt.order, &Instrument::UpiApp)?;
    let now = state.now;
    let attempt = state.attempts.at_mut(row);
    attempt.modified = now;
    attempt.wait_for(Waits::Scan, now.after(PAYER));
    note_end(state, row);
    Ok(())
}

/// Why an attempt cannot be begun that waits for no choice.
fn cannot_begin(waits: Waits, attempt: &Attempt) -> Refused {
    match waits {
        Waits::Nothing => Refused::PaymentOver(attempt.status.clone()),
        _ => Refused::NotNow("the payment was begun already"),
    }
}

/// What comes of paying an order with something, if it takes that.
fn plan(state: &State, order: u32, by: &Instrument) -> Result<Plan, Refused> {
    let placed = &state.orders[order];
    placed.still_open()?;
    let plan = by.plan().map_err(Refused::Invalid)?;
    if let Some(options) = placed.rest().restricted_payment_options
        && !plan.used.is_among(&options)
    {
        return Err(Refused::Invalid(
            "paymentMode: restrictedPaymentOptions of the order do not name it",
        ));
    }
    Ok(plan)
}

/// Begins an attempt to pay an order with something; gives its row.
pub(crate) fn start(state: &mut State, order: u32, by: &Instrument) -> Result<u32, Refused> {
    let row = open(state, order)?;
    charge(state, row, by)?;
    Ok(row)
}

/// The payer gave an OTP.
pub(crate) fn authorise(state: &mut State, row: u32, otp: &str) -> Result<OtpWas, Refused> {
    let attempt = &state.attempts[row];
    let Waits::Otp { wrong } = attempt.waits else {
        return Err(no_otp(attempt));
    };
    let now = state.now;
    let attempt = state.attempts.at_mut(row);
    attempt.modified = now;
    if otp == OTP {
        attempt.status = PaymentStatus::Authorized;
        ask_the_bank(state, row)?;
        return Ok(OtpWas::Right);
    }
    let left = WRONG_OTPS.saturating_sub(wrong + 1);
    attempt.waits = Waits::Otp { wrong: wrong + 1 };
    if left == 0 {
        finish(state, row, PaymentStatus::Failed, Why::WrongOtp);
    }
    Ok(OtpWas::Wrong { left })
}

/// The payer, or the bank, said yes.
pub(crate) fn approve(state: &mut State, row: u32) -> Result<(), Refused> {
    make_wait_for_an_answer(state, row)?;
    finish(state, row, PaymentStatus::Success, Why::Plain);
    Ok(())
}

/// The payer, or the bank, said no.
pub(crate) fn decline(state: &mut State, row: u32) -> Result<(), Refused> {
    make_wait_for_an_answer(state, row)?;
    finish(state, row, PaymentStatus::Failed, Why::Declined);
    Ok(())
}

/// The payer gave the attempt up, but not the order.
pub(crate) fn cancel(state: &mut State, row: u32) -> Result<(), Refused> {
    give_up(state, row, PaymentStatus::Cancelled, Why::Plain)
}

/// Whoever waited for the payer waits no longer.
pub(crate) fn expire(state: &mut State, row: u32) -> Result<(), Refused> {
    give_up(state, row, PaymentStatus::Failed, Why::TimedOut)
}

fn give_up(state: &mut State, row: u32, status: PaymentStatus, why: Why) -> Result<(), Refused> {
    let attempt = &state.attempts[row];
    match attempt.waits {
        Waits::Nothing => return Err(Refused::PaymentOver(attempt.status.clone())),
        Waits::Bank => return Err(Refused::NotNow("the payment is with the bank already")),
        Waits::Choice | Waits::Scan | Waits::Otp { .. } | Waits::Payer => {}
    }
    finish(state, row, status, why);
    Ok(())
}

/// Makes an attempt that is over at once, as the control surface does; gives its row.
pub(crate) fn make(
    state: &mut State,
    order: u32,
    mode: PaymentMode,
    succeeds: bool,
) -> Result<u32, Refused> {
    let row = open(state, order)?;
    state.attempts.at_mut(row).used = Some(Used::of_mode(mode, succeeds));
    match succeeds {
        true => finish(state, row, PaymentStatus::Success, Why::Plain),
        false => finish(state, row, PaymentStatus::Failed, Why::Plain),
    }
    Ok(row)
}

/// Begins an attempt that needs nobody's yes, since the payer gave it elsewhere; gives its row.
pub(crate) fn collect(
    state: &mut State,
    order: u32,
    by: &Instrument,
    fate: Fate,
) -> Result<u32, Refused> {
    let plan = by.plan().map_err(Refused::Invalid)?;
    let row = open(state, order)?;
    let now = state.now;
    let attempt = state.attempts.at_mut(row);
    attempt.used = Some(plan.used);
    attempt.fate = fate;
    attempt.modified = now;
    ask_the_bank(state, row)?;
    Ok(row)
}

/// An attempt has waited long enough.
pub(crate) fn time_is_up(state: &mut State, row: u32) {
    let attempt = &state.attempts[row];
    if attempt.ends.is_none_or(|end| end > state.now) {
        return;
    }
    match (attempt.waits, attempt.fate) {
        (Waits::Bank, Fate::Pending) => finish(state, row, PaymentStatus::Success, Why::Plain),
        _ => finish(state, row, PaymentStatus::Failed, Why::TimedOut),
    }
}

/// An order is over: ends those of its attempts that wait for the payer. Nobody is told of them;
/// what counts is how the order ended.
pub(crate) fn close_all(state: &mut State, order: u32) {
    let now = state.now;
    for row in &state.orders[order].attempts {
        let waits = state.attempts[*row].waits;
        if !matches!(waits, Waits::Bank | Waits::Nothing) {
            let attempt = state.attempts.at_mut(*row);
            attempt.status = PaymentStatus::Cancelled;
            attempt.waits = Waits::Nothing;
            attempt.ends = None;
            attempt.modified = now;
        }
    }
}

/// Who answers to a code that is shown has scanned it.
fn make_wait_for_an_answer(state: &mut State, row: u32) -> Result<(), Refused> {
    let attempt = &state.attempts[row];
    match attempt.waits {
        Waits::Nothing => Err(Refused::PaymentOver(attempt.status.clone())),
        Waits::Choice => Err(Refused::NotNow("the payer has not chosen how to pay")),
        Waits::Scan => charge(state, row, &Instrument::UpiApp),
        Waits::Otp { .. } | Waits::Payer | Waits::Bank => Ok(()),
    }
}

/// The payer has done what was to be done.
fn ask_the_bank(state: &mut State, row: u32) -> Result<(), Refused> {
    let now = state.now;
    let attempt = state.attempts.at_mut(row);
    let order = attempt.order;
    match attempt.fate {
        Fate::Success => finish(state, row, PaymentStatus::Success, Why::Plain),
        Fate::Declined => finish(state, row, PaymentStatus::Failed, Why::Declined),
        Fate::Pending => {
            attempt.status = PaymentStatus::PendingWithBank;
            attempt.wait_for(Waits::Bank, now.after(BANK));
        }
        Fate::Timeout => {
            // Of a card it is known that the payer authorised it, and no more.
            if attempt.status != PaymentStatus::Authorized {
                attempt.status = PaymentStatus::PendingWithBank;
            }
            attempt.wait_for(Waits::Bank, now.after(PAYER));
        }
    }
    note_end(state, row);
    follow(state, order);
    Ok(())
}

fn note_end(state: &mut State, row: u32) {
    if let Some(end) = state.attempts[row].ends {
        state.agenda.add(end, Due::Attempt(row));
    }
}

/// Where an order stands that is not over, by its attempts.
fn follow(state: &mut State, order: u32) {
    let placed = &state.orders[order];
    if placed.still_open().is_err() {
        return;
    }
    let with_bank = |row: &u32| state.attempts[*row].waits == Waits::Bank;
    let was_made = |row: &u32| state.attempts[*row].was_made();
    let status = if placed.attempts.iter().any(with_bank) {
        OrderStatus::PaymentConfirmationPending
    } else if placed.attempts.iter().any(was_made) {
        OrderStatus::Attempted
    } else {
        return;
    };
    let now = state.now;
    state.orders.at_mut(order).becomes(status, now);
}

/// The end of an attempt, of which the merchant is told.
fn finish(state: &mut State, row: u32, status: PaymentStatus, why: Why) {
    let now = state.now;
    let order = state.attempts[row].order;
    let is_open = state.orders[order].still_open().is_ok();
    let (status, why) = match status {
        // One payment of an order succeeds at most, and none once it is over.
        PaymentStatus::Success if !is_open => (PaymentStatus::Failed, Why::OrderOver),
        status => (status, why),
    };
    let succeeds = status == PaymentStatus::Success;
    let attempt = state.attempts.at_mut(row);
    let was_made = attempt.was_made();
    attempt.status = status;
    attempt.why = why;
    attempt.waits = Waits::Nothing;
    attempt.ends = None;
    attempt.modified = now;
    if succeeds {
        let (id, amount) = (attempt.id.clone(), attempt.amount);
        state.orders.at_mut(order).becomes(OrderStatus::Paid, now);
        close_all(state, order);
        settlements::sale(state, &id, amount);
    } else {
        follow(state, order);
    }
    if was_made {
        notifications::tell(state, row);
    }
}
