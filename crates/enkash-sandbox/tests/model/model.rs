//! What the sandbox is to do, in the fewest words.
//!
//! Written from the issue, the contract and `docs/sandbox.md`. Times are seconds since the sandbox
//! was started, sums are paise.

use std::collections::BTreeMap;

use crate::accounts::Account;
use crate::instruments::Outcome;
use crate::ledger::Ledger;
use crate::mandates::Mandate;
use crate::ops::Op;
use crate::payments::{Order, Payment, Teller};
use crate::picture::Picture;
use crate::qr::Code;

/// All that there is.
#[derive(Default)]
pub(crate) struct Model {
    pub(crate) now: u64,
    pub(crate) orders: Vec<Order>,
    /// The attempts to pay them.
    pub(crate) payments: Vec<Payment>,
    pub(crate) ledger: Ledger,
    pub(crate) codes: Vec<Code>,
    pub(crate) mandates: Vec<Mandate>,
    pub(crate) accounts: Vec<Account>,
    /// Whether each split account receives money.
    pub(crate) split_accounts: Vec<bool>,
    /// What the merchant was told, in its order.
    pub(crate) told: Vec<String>,
    /// How many payments were opened.
    pub(crate) opened: u64,
    /// How often each change was seen, and each refusal.
    pub(crate) taken: BTreeMap<String, u32>,
}

/// What is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Done(String),
    /// With this HTTP status.
    Refused(u16),
}

pub(crate) fn done(what: impl Into<String>) -> Answer {
    Answer::Done(what.into())
}

pub(crate) const MINUTE: u64 = 60;
pub(crate) const DAY: u64 = 24 * 60 * MINUTE;
/// The sandbox starts at midnight UTC, which is half past five in India.
pub(crate) const START_IN_INDIA: u64 = (5 * 60 + 30) * MINUTE;

impl Model {
    /// Does it, and says what is to be answered.
    pub(crate) fn obey(&mut self, op: &Op) -> Answer {
        match op {
            Op::Wait(pause) => self.wait(pause.seconds(self.now)),
            Op::Restart => done("again"),
            Op::CreateOrder { paise, told, takes } => {
                let teller = if *told { Teller::Order } else { Teller::Nobody };
                self.create_order((*paise).into(), *takes, teller)
            }
            Op::CreateOrderAgain { .. } => self.refuse(409, "an id of an order that was used"),
            Op::OpenPage { order } => self.open_page(*order),
            Op::CancelOrder { order } => self.end_order(*order, "CANCELLED"),
            Op::ExpireOrder { order } => self.end_order(*order, "EXPIRED"),
            Op::Pay { order } => self.pay_at_once(*order, Outcome::Success),
            Op::Fail { order } => self.pay_at_once(*order, Outcome::Decline),
            Op::Submit { order, by } => self.submit(*order, by),
            Op::ShowQr { order } => self.show_qr(*order),
            Op::Otp { payment, right } => self.otp(*payment, *right),
            Op::ResendOtp { payment } => self.resend_otp(*payment),
            Op::Approve { payment } => self.decide(*payment, "SUCCESS"),
            Op::Decline { payment } => self.decide(*payment, "FAILED"),
            Op::Refund { payment, part, id } => self.refund(*payment, *part, *id),
            Op::Settle => self.settle(),
            Op::Qr(op) => self.obey_qr(op),
            Op::Mandate(op) => self.obey_mandate(op),
            Op::Account(op) => self.obey_account(op),
            Op::Split(op) => self.obey_split(op),
        }
    }

    pub(crate) fn refuse(&mut self, status: u16, why: &str) -> Answer {
        self.note(format!("refused: {why}"));
        Answer::Refused(status)
    }

    pub(crate) fn note(&mut self, what: impl Into<String>) {
        *self.taken.entry(what.into()).or_default() += 1;
    }

    /// Does all that happens meanwhile, each at its time; at one time payments come first, in the
    /// order in which they were opened, then mandates, then settlements.
    fn wait(&mut self, seconds: u64) -> Answer {
        let end = self.now + seconds;
        while let Some(next) = self.next().filter(|next| *next <= end) {
            self.now = next;
            self.payments_end();
            (0..self.mandates.len()).for_each(|mandate| self.mandate_time(mandate));
            self.money_moves();
        }
        self.now = end;
        done("later")
    }

    fn next(&self) -> Option<u64> {
        let payments = self.payments.iter().filter_map(Payment::next);
        let mandates = self.mandates.iter().filter_map(Mandate::next);
        let all = payments.chain(mandates).chain(self.ledger.next());
        all.min()
    }

    /// All that there is to see.
    pub(crate) fn picture(&self) -> Picture {
        let mut picture = Picture::default();
        self.see_orders(&mut picture);
        picture.see("webhooks", self.told.len().to_string());
        for (number, told) in self.told.iter().enumerate() {
            picture.see(format!("webhook {number}"), told);
        }
        self.see_payouts(&mut picture);
        self.see_codes(&mut picture);
        self.see_mandates(&mut picture);
        self.see_accounts(&mut picture);
        picture
    }
}
