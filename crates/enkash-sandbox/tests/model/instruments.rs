//! The test instruments, as `docs/sandbox.md` lists them, and others that it speaks of.

use std::fmt;

use enkash_types::gateway::PaymentDetail;
use enkash_types::gateway::PaymentMode;
use enkash_types::gateway::PaymentMode::{
    CorporateCard, CreditCard, DebitCard, NetBanking, PayLater, PrepaidCard, Upi, Wallet,
};

/// Something to pay with.
pub(crate) struct Instrument {
    pub(crate) mode: PaymentMode,
    /// Number of the card, UPI address, or code of the bank.
    what: &'static str,
    /// What is to come of it; `None` where it is refused.
    pub(crate) plan: Option<Plan>,
}

/// What is to come of an instrument.
#[derive(Clone, Copy)]
pub(crate) struct Plan {
    /// Who has to say yes before the bank is asked.
    pub(crate) first: First,
    pub(crate) outcome: Outcome,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum First {
    Nobody,
    /// By the OTP.
    Cardholder,
    Payer,
}

/// What the bank says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Success,
    Decline,
    Pending,
    Timeout,
}

const fn of(mode: PaymentMode, what: &'static str, first: First, outcome: Outcome) -> Instrument {
    let plan = Some(Plan { first, outcome });
    Instrument { mode, what, plan }
}

const fn refused(mode: PaymentMode, what: &'static str) -> Instrument {
    let plan = None;
    Instrument { mode, what, plan }
}

const fn card(mode: PaymentMode, number: &'static str, outcome: Outcome) -> Instrument {
    of(mode, number, First::Cardholder, outcome)
}

/// All of them; the plainest come first, so that sequences shrink to those.
pub(crate) const INSTRUMENTS: &[Instrument] = &[
    of(Upi, "success@sandbox", First::Nobody, Outcome::Success),
    of(Upi, "decline@sandbox", First::Nobody, Outcome::Decline),
    of(Upi, "pending@sandbox", First::Nobody, Outcome::Pending),
    of(Upi, "timeout@sandbox", First::Nobody, Outcome::Timeout),
    of(Upi, "asha@examplebank", First::Payer, Outcome::Success),
    refused(Upi, "nobody@sandbox"),
    card(CreditCard, "4111111111111111", Outcome::Success),
    card(CreditCard, "5555555555554444", Outcome::Success),
    card(DebitCard, "6521111111111110", Outcome::Success),
    card(CreditCard, "4000000000000002", Outcome::Decline),
    card(CreditCard, "4000000000000259", Outcome::Pending),
    card(CreditCard, "4000000000000077", Outcome::Timeout),
    // Each test card passes for a prepaid or a corporate one, and any other number succeeds.
    card(PrepaidCard, "4000000000000002", Outcome::Decline),
    card(CorporateCard, "378282246310005", Outcome::Success),
    // A test card of another kind.
    refused(DebitCard, "4111111111111111"),
    of(NetBanking, "SBOK", First::Nobody, Outcome::Success),
    of(Wallet, "SBNO", First::Nobody, Outcome::Decline),
    of(NetBanking, "SBPE", First::Nobody, Outcome::Pending),
    of(PayLater, "SBTO", First::Nobody, Outcome::Timeout),
    of(NetBanking, "OTHER", First::Payer, Outcome::Success),
];

/// The one with this number, address or code.
pub(crate) fn find(what: &str) -> &'static Instrument {
    let mut all = INSTRUMENTS.iter();
    all.find(|instrument| instrument.what == what).unwrap()
}

impl Instrument {
    /// As a merchant's own page hands it in.
    pub(crate) fn detail(&self) -> PaymentDetail {
        match &self.mode {
            Upi => PaymentDetail::upi(self.what),
            NetBanking => PaymentDetail::net_banking(self.what),
            Wallet => PaymentDetail::wallet(self.what),
            PayLater => PaymentDetail::pay_later("OPTION1", self.what),
            card => PaymentDetail::card(card.clone(), self.what, "123", "12/29", "Asha R"),
        }
    }

    pub(crate) fn is_visa_credit(&self) -> bool {
        self.mode == CreditCard && self.what.starts_with('4')
    }
}

impl fmt::Debug for Instrument {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.mode, self.what)
    }
}
