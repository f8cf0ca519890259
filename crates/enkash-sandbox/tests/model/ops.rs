//! What may happen, and how often each of it is tried.

use enkash_types::gateway::PaymentMode;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::accounts::{self, AccountOp};
use crate::instruments::{INSTRUMENTS, Instrument, Outcome};
use crate::ledger::{ON_ITS_WAY, RUN};
use crate::mandates::{self, MandateOp};
use crate::model::{DAY, MINUTE, Model, START_IN_INDIA};
use crate::payments::{Order, Payment};
use crate::qr::{self, QrOp};
use crate::splits::{self, SplitOp};

/// Something that is done to the sandbox, and to the model of it.
///
/// What it is done to is named by a number: 0 is the last that there is, and beyond the first it
/// begins again ([`Op::aim`]). So when one is taken out of a sequence, the others still make sense.
#[derive(Debug, Clone)]
pub(crate) enum Op {
    Wait(Pause),
    /// The sandbox is stopped and started again with its file, if it has one.
    Restart,
    CreateOrder {
        paise: i32,
        told: bool,
        takes: Takes,
    },
    /// An order with the merchant's id of one that is there.
    CreateOrderAgain {
        order: usize,
    },
    OpenPage {
        order: usize,
    },
    CancelOrder {
        order: usize,
    },
    ExpireOrder {
        order: usize,
    },
    /// The control surface pays an order at once.
    Pay {
        order: usize,
    },
    /// The control surface lets an attempt to pay it fail.
    Fail {
        order: usize,
    },
    /// The merchant's own page hands in what the payer pays with.
    Submit {
        order: usize,
        by: &'static Instrument,
    },
    /// A QR code that pays the order is asked for.
    ShowQr {
        order: usize,
    },
    Otp {
        payment: usize,
        right: bool,
    },
    ResendOtp {
        payment: usize,
    },
    Approve {
        payment: usize,
    },
    Decline {
        payment: usize,
    },
    Refund {
        payment: usize,
        part: Part,
        /// That of an earlier refund, or a new one.
        id: Option<usize>,
    },
    /// The control surface settles what waits for it.
    Settle,
    Qr(QrOp),
    Mandate(MandateOp),
    Account(AccountOp),
    Split(SplitOp),
}

/// How much time passes.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Pause {
    Seconds(u64),
    /// So many seconds past the next time of a day in India, or before it.
    Until {
        time: u64,
        past: i64,
    },
}

impl Pause {
    pub(crate) fn seconds(self, now: u64) -> u64 {
        match self {
            Self::Seconds(seconds) => seconds,
            Self::Until { time, past } => {
                let since_midnight = (now + START_IN_INDIA) % DAY;
                let seconds = (DAY + time - since_midnight - 1) % DAY + 1;
                seconds.saturating_add_signed(past)
            }
        }
    }
}

/// What an order may be paid with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Takes {
    Anything,
    Upi,
    VisaCredit,
}

impl Takes {
    pub(crate) fn is_met_by(self, by: &Instrument) -> bool {
        match self {
            Self::Anything => true,
            Self::Upi => by.mode == PaymentMode::Upi,
            Self::VisaCredit => by.is_visa_credit(),
        }
    }
}

/// How much is given back.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Part {
    /// Of what is left.
    All,
    Half,
    Paisa,
    /// One paisa more than is left.
    TooMuch,
    /// As if nothing had been given back before.
    AllThatWasPaid,
}

/// Sequences of operations. Each has a theme, so that it comes far in it. So many of a hundred
/// operations are restarts.
pub(crate) fn sequences(restarts: u32) -> impl Strategy<Value = Vec<Op>> {
    let of_payments = prop_oneof![5 => orders(), 8 => payments(), 1 => money(), 2 => minutes()];
    let of_money = prop_oneof![4 => sales(), 3 => money(), 3 => splits(), 3 => days()];
    let of_mandates = prop_oneof![
        8 => mandates(), 1 => decisions(), 1 => money(), 1 => minutes(), 1 => days()
    ];
    let of_codes = prop_oneof![9 => codes(), 1 => money(), 2 => minutes(), 1 => days()];
    let of_all = prop_oneof![
        orders(),
        sales(),
        payments(),
        money(),
        splits(),
        mandates(),
        codes(),
        minutes(),
        days()
    ];
    prop_oneof![
        5 => sequence(of_payments, restarts, 150),
        4 => sequence(of_money, restarts, 120),
        5 => sequence(of_mandates, restarts, 100),
        2 => sequence(of_codes, restarts, 60),
        1 => sequence(of_all, restarts, 150),
    ]
}

/// Such a sequence, in which the sandbox is stopped and started again so often.
fn sequence(
    of: impl Strategy<Value = Op>,
    restarts: u32,
    longest: usize,
) -> impl Strategy<Value = Vec<Op>> {
    let op = prop_oneof![100 - restarts => of, restarts => Just(Op::Restart)];
    vec(op, 1..longest)
}

/// Mostly one of the last: that is stable when others are taken out of the sequence.
pub(crate) fn number() -> impl Strategy<Value = usize> {
    prop_oneof![3 => 0..4_usize, 1 => 0..64_usize]
}

// In each of these, what stands first is what shrinking tends to.

fn orders() -> impl Strategy<Value = Op> {
    prop_oneof![
        12 => (1..=100_000, any::<bool>(), takes())
            .prop_map(|(paise, told, takes)| Op::CreateOrder { paise, told, takes }),
        3 => number().prop_map(|order| Op::OpenPage { order }),
        1 => number().prop_map(|order| Op::Pay { order }),
        2 => number().prop_map(|order| Op::Fail { order }),
        2 => number().prop_map(|order| Op::CancelOrder { order }),
        2 => number().prop_map(|order| Op::ExpireOrder { order }),
        1 => number().prop_map(|order| Op::CreateOrderAgain { order }),
    ]
}

/// Orders, and payments of them.
fn sales() -> impl Strategy<Value = Op> {
    let takes = Takes::Anything;
    prop_oneof![
        (1..=100_000).prop_map(move |paise| Op::CreateOrder {
            paise,
            told: false,
            takes
        }),
        number().prop_map(|order| Op::Pay { order }),
    ]
}

fn payments() -> impl Strategy<Value = Op> {
    prop_oneof![
        8 => (number(), instrument()).prop_map(|(order, by)| Op::Submit { order, by }),
        1 => number().prop_map(|order| Op::ShowQr { order }),
        8 => (number(), any::<bool>())
            .prop_map(|(payment, right)| Op::Otp { payment, right }),
        1 => number().prop_map(|payment| Op::ResendOtp { payment }),
        3 => decisions(),
    ]
}

/// Any; those whose bank takes its time more often, since most happens to them.
pub(crate) fn instrument() -> impl Strategy<Value = &'static Instrument> {
    let slow = |by: &&Instrument| by.plan.is_some_and(|plan| plan.outcome == Outcome::Pending);
    let slow: Vec<_> = INSTRUMENTS.iter().filter(slow).collect();
    let any: Vec<_> = INSTRUMENTS.iter().collect();
    prop_oneof![4 => select(any), 1 => select(slow)]
}

fn decisions() -> impl Strategy<Value = Op> {
    prop_oneof![
        number().prop_map(|payment| Op::Approve { payment }),
        number().prop_map(|payment| Op::Decline { payment }),
    ]
}

fn money() -> impl Strategy<Value = Op> {
    prop_oneof![
        8 => (number(), part(), prop::option::weighted(0.1, number()))
            .prop_map(|(payment, part, id)| Op::Refund { payment, part, id }),
        2 => Just(Op::Settle),
    ]
}

fn splits() -> impl Strategy<Value = Op> {
    splits::op().prop_map(Op::Split)
}

fn mandates() -> impl Strategy<Value = Op> {
    mandates::op().prop_map(Op::Mandate)
}

/// QR codes and virtual accounts.
fn codes() -> impl Strategy<Value = Op> {
    prop_oneof![2 => qr::op().prop_map(Op::Qr), 1 => accounts::op().prop_map(Op::Account)]
}

/// To the limits of what waits for a payer or a bank, to a second.
fn minutes() -> impl Strategy<Value = Op> {
    let seconds = select(vec![1, MINUTE - 1, MINUTE, 5 * MINUTE - 1, 5 * MINUTE]);
    seconds.prop_map(Pause::Seconds).prop_map(Op::Wait)
}

/// To the limits of what is settled, to a second: the end of a day, a run, its arrival.
fn days() -> impl Strategy<Value = Op> {
    let time = select(vec![0, RUN, RUN + ON_ITS_WAY]);
    let until = (time, -1..=1_i64).prop_map(|(time, past)| Pause::Until { time, past });
    prop_oneof![6 => until, 1 => (1..10 * DAY).prop_map(Pause::Seconds)].prop_map(Op::Wait)
}

fn takes() -> impl Strategy<Value = Takes> {
    prop_oneof![
        8 => Just(Takes::Anything),
        1 => Just(Takes::Upi),
        1 => Just(Takes::VisaCredit),
    ]
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        2 => Just(Part::All),
        4 => Just(Part::Half),
        2 => Just(Part::Paisa),
        1 => Just(Part::TooMuch),
        1 => Just(Part::AllThatWasPaid),
    ]
}

impl Op {
    /// The same with the numbers of what there is; `None` where there is nothing of the kind.
    pub(crate) fn aim(mut self, model: &Model) -> Option<Self> {
        let orders = model.orders.len();
        let payments = model.payments.len();
        let open = model.orders_that(Order::is_open);
        match &mut self {
            Self::Wait(_) | Self::Restart | Self::Settle => {}
            // With a few at a time, more happens to each.
            Self::CreateOrder { .. } if open.len() > 3 => return None,
            Self::CreateOrder { .. } => {}
            Self::CreateOrderAgain { order } => *order = pick(*order, orders)?,
            Self::OpenPage { order } => {
                let new = model.orders_that(|order| order.status == "CREATED");
                *order = mostly(*order, &new, orders)?;
            }
            Self::CancelOrder { order } | Self::ExpireOrder { order } => {
                // What is with a bank meanwhile is of most interest.
                let pending = |order: &Order| order.status == "PAYMENT_CONFIRMATION_PENDING";
                let pending = model.orders_that(pending);
                *order = mostly(*order, &pending, orders).or(mostly(*order, &open, orders))?;
            }
            Self::Pay { order }
            | Self::Fail { order }
            | Self::Submit { order, .. }
            | Self::ShowQr { order } => *order = mostly(*order, &open, orders)?,
            Self::Otp { payment, .. } | Self::ResendOtp { payment } => {
                // A wrong one that is followed by others is of most interest.
                let again = model.payments_that(Payment::had_a_wrong_otp);
                let waiting = model.payments_that(Payment::waits_for_otp);
                let any = mostly(*payment, &waiting, payments);
                *payment = mostly(*payment, &again, payments).or(any)?;
            }
            Self::Approve { payment } | Self::Decline { payment } => {
                *payment = mostly(*payment, &model.payments_that(Payment::waits), payments)?;
            }
            Self::Refund { payment, id, .. } => {
                let paid = model.payments_that(Payment::has_paid);
                *payment = mostly(*payment, &paid, payments)?;
                *id = id.and_then(|id| pick(id, model.ledger.refunds.len()));
            }
            Self::Qr(op) => op.aim(model)?,
            Self::Mandate(op) => op.aim(model)?,
            Self::Account(op) => op.aim(model)?,
            Self::Split(op) => op.aim(model)?,
        }
        Some(self)
    }
}

/// One of so many, counted from the last.
pub(crate) fn pick(number: usize, all: usize) -> Option<usize> {
    let from_the_last = number.checked_rem(all)?;
    Some(all - 1 - from_the_last)
}

/// One of those at which there is something to see; now and then one of all.
pub(crate) fn mostly(number: usize, of_interest: &[usize], all: usize) -> Option<usize> {
    match number.checked_sub(32) {
        Some(number) => pick(number, all),
        None => pick(number, of_interest.len()).map(|index| of_interest[index]),
    }
}
