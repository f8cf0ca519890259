//! The model of orders, and of the attempts to pay them.

use enkash_types::gateway::PaymentMode;

use crate::instruments::{First, Instrument, Outcome, Plan};
use crate::model::{Answer, MINUTE, Model, done};
use crate::ops::Takes;
use crate::picture::Picture;
use crate::splits::Rule;

pub(crate) struct Order {
    pub(crate) paise: i64,
    pub(crate) status: &'static str,
    takes: Takes,
    teller: Teller,
    payments: Vec<usize>,
    /// The place among all payments of one in which nothing is chosen yet.
    open: Option<u64>,
}

/// By what the merchant is told of the payments of an order.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Teller {
    Nobody,
    /// The notification that the order asks for.
    Order,
    /// The callback of a mandate's debits.
    Debits,
}

pub(crate) struct Payment {
    pub(crate) order: usize,
    mode: PaymentMode,
    /// Whether somebody has tried to pay: a code that nobody has scanned is no attempt.
    is_made: bool,
    status: &'static str,
    waits: Waits,
    outcome: Outcome,
    /// Its place among all, as they were opened.
    place: u64,
    /// When it stops to wait.
    until: u64,
    /// How it is divided when it is settled.
    pub(crate) split: Option<Rule>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Waits {
    No,
    /// After so many wrong ones.
    ForOtp(u8),
    ForScan,
    ForPayer,
    ForBank,
}

/// In place of the mode of a payment in which none was chosen.
pub(crate) const NO_MODE: &str = "-";

/// How long a payer is waited for, and a bank that does not answer.
const TIMEOUT: u64 = 5 * MINUTE;
/// How long a bank takes that decides after a while.
pub(crate) const BANK: u64 = MINUTE;

impl Order {
    pub(crate) fn is_open(&self) -> bool {
        !["PAID", "CANCELLED", "EXPIRED"].contains(&self.status)
    }
}

impl Payment {
    /// Whether it took the money, whatever was given back since.
    pub(crate) fn has_paid(&self) -> bool {
        ["SUCCESS", "PARTIALLY_REFUNDED", "REFUNDED"].contains(&self.status)
    }

    pub(crate) fn waits(&self) -> bool {
        self.waits != Waits::No
    }

    /// When it stops to wait.
    pub(crate) fn next(&self) -> Option<u64> {
        self.waits().then_some(self.until)
    }

    pub(crate) fn may_still_pay(&self) -> bool {
        self.has_paid() || self.waits()
    }

    pub(crate) fn waits_for_otp(&self) -> bool {
        matches!(self.waits, Waits::ForOtp(_))
    }

    pub(crate) fn had_a_wrong_otp(&self) -> bool {
        matches!(self.waits, Waits::ForOtp(1..))
    }

    /// What it waits for, or how it ended.
    fn stage(&self) -> &'static str {
        match self.waits {
            Waits::No => self.status,
            Waits::ForOtp(_) => "waits for OTP",
            Waits::ForScan => "waits for scan",
            Waits::ForPayer => "waits for payer",
            Waits::ForBank => "waits for bank",
        }
    }

    fn shown(&self, number: usize) -> String {
        let mode = if self.is_made {
            self.mode.as_str()
        } else {
            NO_MODE
        };
        format!("payment {number} {mode} {}", self.status)
    }
}

impl Model {
    pub(crate) fn create_order(&mut self, paise: i64, takes: Takes, teller: Teller) -> Answer {
        let order = self.place(paise, takes, teller);
        self.done_to_order(order)
    }

    fn place(&mut self, paise: i64, takes: Takes, teller: Teller) -> usize {
        self.orders.push(Order {
            paise,
            status: "CREATED",
            takes,
            teller,
            payments: Vec::new(),
            open: None,
        });
        self.orders.len() - 1
    }

    /// A payment of which the merchant made no order, such as a debit: it has one of its own.
    pub(crate) fn collect(&mut self, paise: i64, teller: Teller, outcome: Outcome) -> String {
        let order = self.place(paise, Takes::Anything, teller);
        self.pay_at_once(order, outcome);
        let payment = self.payments.len() - 1;
        let status = self.payments[payment].status;
        if teller == Teller::Debits && status == "PENDING_WITH_BANK" {
            self.tell(payment);
        }
        format!("payment {payment} {status}")
    }

    fn done_to_order(&self, order: usize) -> Answer {
        done(format!("order {order} {}", self.orders[order].status))
    }

    fn done_to_payment(&self, payment: usize) -> Answer {
        done(format!(
            "payment {payment} {}",
            self.payments[payment].status
        ))
    }

    fn order_becomes(&mut self, order: usize, status: &'static str) {
        let before = std::mem::replace(&mut self.orders[order].status, status);
        if before != status {
            self.note(format!("order: {before} -> {status}"));
        }
    }

    fn payment_becomes(&mut self, payment: usize, status: &'static str, waits: Waits) {
        let before = self.payments[payment].stage();
        self.payments[payment].status = status;
        self.payments[payment].waits = waits;
        let after = self.payments[payment].stage();
        self.note(format!("payment: {before} -> {after}"));
    }

    /// Something was given back of a payment.
    pub(crate) fn payment_is_refunded(&mut self, payment: usize, status: &'static str) {
        self.payment_becomes(payment, status, Waits::No);
    }

    /// Lets a payment wait for so long.
    fn payment_waits(&mut self, payment: usize, status: &'static str, waits: Waits, seconds: u64) {
        self.payments[payment].until = self.now + seconds;
        self.payment_becomes(payment, status, waits);
        self.order_follows(self.payments[payment].order);
    }

    /// The payer comes to the checkout page.
    pub(crate) fn open_page(&mut self, order: usize) -> Answer {
        if self.orders[order].is_open() {
            self.open_payment(order);
        }
        if self.orders[order].status == "CREATED" {
            self.order_becomes(order, "CHECKOUT_RENDERED");
        }
        done("page")
    }

    pub(crate) fn pay_at_once(&mut self, order: usize, outcome: Outcome) -> Answer {
        let first = First::Nobody;
        self.begin(order, PaymentMode::Upi, Plan { first, outcome })
    }

    pub(crate) fn submit(&mut self, order: usize, by: &Instrument) -> Answer {
        let is_open = self.orders[order].is_open();
        match by.plan {
            Some(plan) if !is_open || self.orders[order].takes.is_met_by(by) => {
                self.begin(order, by.mode.clone(), plan)
            }
            Some(_) => {
                self.open_payment(order);
                self.refuse(422, "an instrument that the order does not take")
            }
            None if is_open => {
                self.open_payment(order);
                self.refuse(422, "an instrument that there is not")
            }
            None => self.refuse(409, "a payment of an order that is over"),
        }
    }

    /// Opens a payment in which nothing is chosen yet, of which an order has one at a time; gives
    /// its place. It stays open where what is chosen is refused.
    fn open_payment(&mut self, order: usize) -> u64 {
        let place = *self.orders[order].open.get_or_insert(self.opened);
        self.opened = self.opened.max(place + 1);
        place
    }

    /// Asks for a code that pays an order, which is the same as long as its payment waits.
    pub(crate) fn show_qr(&mut self, order: usize) -> Answer {
        let waits = |payment: &&usize| self.payments[**payment].waits == Waits::ForScan;
        if let Some(payment) = self.orders[order].payments.iter().rev().find(waits) {
            return self.done_to_payment(*payment);
        }
        if !self.orders[order].is_open() {
            return self.refuse(409, "a payment of an order that is over");
        }
        if self.orders[order].takes == Takes::VisaCredit {
            self.open_payment(order);
            return self.refuse(422, "an instrument that the order does not take");
        }
        let payment = self.add_payment(order, PaymentMode::Upi, Outcome::Success);
        self.payments[payment].is_made = false;
        self.payments[payment].until = self.now + TIMEOUT;
        self.payment_becomes(payment, "CREATED", Waits::ForScan);
        self.done_to_payment(payment)
    }

    /// Begins an attempt.
    fn begin(&mut self, order: usize, mode: PaymentMode, plan: Plan) -> Answer {
        if !self.orders[order].is_open() {
            return self.refuse(409, "a payment of an order that is over");
        }
        let payment = self.add_payment(order, mode, plan.outcome);
        match plan.first {
            First::Nobody => self.ask_bank(payment),
            First::Cardholder => self.payment_waits(payment, "CREATED", Waits::ForOtp(0), TIMEOUT),
            First::Payer => self.payment_waits(payment, "CREATED", Waits::ForPayer, TIMEOUT),
        }
        self.done_to_payment(payment)
    }

    fn add_payment(&mut self, order: usize, mode: PaymentMode, outcome: Outcome) -> usize {
        let place = self.open_payment(order);
        self.orders[order].open = None;
        let payment = self.payments.len();
        self.orders[order].payments.push(payment);
        self.payments.push(Payment {
            order,
            place,
            mode,
            is_made: true,
            status: "new",
            waits: Waits::No,
            outcome,
            until: 0,
            split: None,
        });
        payment
    }

    fn ask_bank(&mut self, payment: usize) {
        let (status, seconds) = match self.payments[payment].outcome {
            Outcome::Success => return self.end(payment, "SUCCESS"),
            Outcome::Decline => return self.end(payment, "FAILED"),
            Outcome::Pending => ("PENDING_WITH_BANK", BANK),
            // A cardholder has authorised it, and the bank has not said that it knows of it.
            Outcome::Timeout => match self.payments[payment].waits {
                Waits::ForOtp(_) => ("AUTHORIZED", TIMEOUT),
                _ => ("PENDING_WITH_BANK", TIMEOUT),
            },
        };
        self.payment_waits(payment, status, Waits::ForBank, seconds);
    }

    pub(crate) fn otp(&mut self, payment: usize, right: bool) -> Answer {
        let Waits::ForOtp(wrong) = self.payments[payment].waits else {
            return self.refuse(409, "an OTP where none is waited for");
        };
        if right {
            self.ask_bank(payment);
            return self.done_to_payment(payment);
        }
        match wrong {
            2 => self.end(payment, "FAILED"),
            _ => self.payments[payment].waits = Waits::ForOtp(wrong + 1),
        }
        self.refuse(422, &format!("wrong OTP, number {}", wrong + 1))
    }

    pub(crate) fn resend_otp(&mut self, payment: usize) -> Answer {
        match self.payments[payment].waits {
            Waits::ForOtp(_) => done("sent"),
            _ => self.refuse(409, "an OTP where none is waited for"),
        }
    }

    pub(crate) fn decide(&mut self, payment: usize, status: &'static str) -> Answer {
        if !self.payments[payment].waits() {
            return self.refuse(409, "a decision on a payment that is over");
        }
        if self.payments[payment].waits == Waits::ForScan {
            self.payments[payment].is_made = true;
            self.payment_waits(payment, "CREATED", Waits::ForPayer, TIMEOUT);
        }
        self.end(payment, status);
        self.done_to_payment(payment)
    }

    /// A payment ends, and the merchant is told. One that succeeds pays its order, if that can
    /// still be paid.
    fn end(&mut self, payment: usize, status: &'static str) {
        let order = self.payments[payment].order;
        let (is_open, order_status) = (self.orders[order].is_open(), self.orders[order].status);
        let status = match status {
            "SUCCESS" if !is_open => {
                self.note(format!("a late success, the order being: {order_status}"));
                "FAILED"
            }
            status => status,
        };
        self.payment_becomes(payment, status, Waits::No);
        if !self.payments[payment].is_made {
            return;
        }
        if status == "SUCCESS" {
            self.order_becomes(order, "PAID");
            self.close_payments(order);
            self.ledger
                .sale(self.now, payment, self.orders[order].paise);
        } else {
            self.order_follows(order);
        }
        self.tell(payment);
    }

    /// Tells the merchant where a payment stands, and its order.
    fn tell(&mut self, payment: usize) {
        let Payment { order, status, .. } = self.payments[payment];
        let by = match self.orders[order].teller {
            Teller::Nobody => return,
            Teller::Order => "notify_payment",
            Teller::Debits => "receive_mandate_debit_callback",
        };
        let order_status = self.orders[order].status;
        let what = format!("{by}: order {order} {order_status}, payment {payment} {status}");
        self.told.push(what);
    }

    /// An order that is open stands where its payments stand.
    fn order_follows(&mut self, order: usize) {
        let is_with_bank = |payment: &usize| self.payments[*payment].waits == Waits::ForBank;
        if self.orders[order].is_open() {
            let status = match self.orders[order].payments.iter().any(is_with_bank) {
                true => "PAYMENT_CONFIRMATION_PENDING",
                false => "ATTEMPTED",
            };
            self.order_becomes(order, status);
        }
    }

    pub(crate) fn end_order(&mut self, order: usize, status: &'static str) -> Answer {
        if !self.orders[order].is_open() {
            return self.refuse(409, "an end of an order that is over");
        }
        self.order_becomes(order, status);
        self.close_payments(order);
        self.done_to_order(order)
    }

    /// What waits for somebody is called off; what is with the bank cannot be.
    fn close_payments(&mut self, order: usize) {
        for payment in self.orders[order].payments.clone() {
            if let Waits::ForOtp(_) | Waits::ForScan | Waits::ForPayer =
                self.payments[payment].waits
            {
                self.payment_becomes(payment, "CANCELLED", Waits::No);
            }
        }
    }

    /// Ends the payments that have waited long enough.
    pub(crate) fn payments_end(&mut self) {
        let mut payments: Vec<_> = (0..self.payments.len()).collect();
        payments.sort_by_key(|payment| self.payments[*payment].place);
        for number in payments {
            let payment = &self.payments[number];
            // One of them may have called the others off.
            if payment.next().is_none_or(|next| next > self.now) {
                continue;
            }
            match (payment.waits, payment.outcome) {
                (Waits::ForBank, Outcome::Pending) => self.end(number, "SUCCESS"),
                _ => self.end(number, "FAILED"),
            }
        }
    }

    pub(crate) fn orders_that(&self, so: impl Fn(&Order) -> bool) -> Vec<usize> {
        let all = 0..self.orders.len();
        all.filter(|order| so(&self.orders[*order])).collect()
    }

    pub(crate) fn payments_that(&self, so: impl Fn(&Payment) -> bool) -> Vec<usize> {
        let all = 0..self.payments.len();
        all.filter(|payment| so(&self.payments[*payment])).collect()
    }

    pub(crate) fn see_orders(&self, picture: &mut Picture) {
        for (number, order) in self.orders.iter().enumerate() {
            let is_made = |payment: &&usize| self.payments[**payment].is_made;
            let payments = order.payments.iter().filter(is_made);
            let shown = payments.map(|payment| self.payments[*payment].shown(*payment));
            let shown: Vec<_> = shown.collect();
            picture.order(number, order.paise, order.status, &shown);
        }
        for (number, payment) in self.payments.iter().enumerate() {
            let order = format!("order {}", payment.order);
            let paise = self.orders[payment.order].paise;
            let mut shown = payment.shown(number);
            if payment.is_made && payment.mode == PaymentMode::Upi {
                shown += match payment.status {
                    _ if payment.has_paid() => ", polled SUCCESS",
                    "FAILED" | "CANCELLED" => ", polled FAILED",
                    _ => ", polled PROCESS",
                };
            }
            picture.payment(number, &order, paise, &shown);
        }
    }
}
