//! The payout account: every sum that leaves it or comes, and what is there afterwards.
//!
//! A line of the statement holds the balance, so there is no second place where it stands, and
//! what was there at first plus what came less what left is always what is there.

use std::cmp::Ordering;

use enkash_types::Rupees;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::state::State;
use crate::table::{Kept, Record, Table};
use crate::time::Moment;

/// What is in the account at first: ten million rupees.
pub(crate) fn opening() -> Rupees {
    Rupees::new(Decimal::from(10_000_000)).unwrap_or_default()
}

/// More is not put in, all together: a million million rupees, of which every part in whole paise
/// fits [`Rupees`].
fn most() -> Rupees {
    Rupees::new(Decimal::from(1_000_000_000_000_u64)).unwrap_or_default()
}

/// A sum that left the account, or came.
#[derive(Serialize, Deserialize)]
pub(crate) struct Line {
    /// The bank's number of it.
    pub(crate) reference: Box<str>,
    pub(crate) direction: Direction,
    pub(crate) amount: Rupees,
    /// What is there after it.
    pub(crate) balance: Rupees,
    pub(crate) at: Moment,
    /// The row of the transfer that it is of; `None` for what the merchant himself put in or took.
    pub(crate) transfer: Option<u32>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Direction {
    /// It left.
    Debit,
    /// It came.
    Credit,
}

impl Direction {
    /// The values of `transactionType` are not documented.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Debit => "DEBIT",
            Self::Credit => "CREDIT",
        }
    }
}

impl Record for Line {
    const KIND: &'static str = "statement line";

    fn id(&self) -> &str {
        &self.reference
    }
}

/// The lines of the account, the first first.
#[derive(Default)]
pub(crate) struct Ledger {
    lines: Table<Line>,
}

impl Ledger {
    /// Every line, the first first.
    pub(crate) fn lines(&self) -> &[Line] {
        self.lines.iter().as_slice()
    }

    pub(super) fn kept(&mut self) -> &mut dyn Kept {
        &mut self.lines
    }

    /// What is there.
    pub(crate) fn balance(&self) -> Rupees {
        self.lines()
            .last()
            .map_or_else(opening, |line| line.balance)
    }

    /// The lines of a time, both ends in it.
    pub(crate) fn between(&self, from: Moment, to: Moment) -> &[Line] {
        let lines = self.lines();
        let start = lines.partition_point(|line| line.at < from);
        let end = lines.partition_point(|line| line.at <= to);
        lines.get(start..end).unwrap_or_default()
    }

    /// All that came, or all that left.
    pub(crate) fn sum(&self, direction: Direction) -> Rupees {
        sum(self
            .lines()
            .iter()
            .filter(|line| line.direction == direction))
    }
}

fn sum<'a>(lines: impl Iterator<Item = &'a Line>) -> Rupees {
    let sum: Decimal = lines.map(|line| line.amount.decimal()).sum();
    // One that has too many digits is of a sandbox that ran for a very long time.
    Rupees::new(sum).unwrap_or_default()
}

/// Takes a sum out of the account for a transfer, under this number of the bank's. Whoever does so
/// has seen that it is there.
pub(super) fn debit(state: &mut State, reference: &str, amount: Rupees, transfer: u32) {
    let balance = state.payouts.ledger.balance();
    let left = balance.checked_sub(amount).unwrap_or(balance);
    book(
        state,
        Direction::Debit,
        reference,
        amount,
        left,
        Some(transfer),
    );
}

/// Gives a sum back that was taken for a transfer.
pub(super) fn give_back(state: &mut State, amount: Rupees, transfer: u32) {
    let balance = state.payouts.ledger.balance();
    let reference = state.ids.bank_reference();
    // It was in the account before, so it fits.
    let balance = balance.checked_add(amount).unwrap_or(balance);
    book(
        state,
        Direction::Credit,
        &reference,
        amount,
        balance,
        Some(transfer),
    );
}

/// The merchant puts in or takes what makes this the balance.
pub(super) fn set_balance(state: &mut State, balance: Rupees) -> Result<(), &'static str> {
    let paise = balance.decimal();
    if balance < Rupees::ZERO || paise != paise.trunc_with_scale(2) {
        return Err("balance: must be at least 0 rupees, and whole paise");
    }
    let ledger = &state.payouts.ledger;
    let before = ledger.balance();
    let too_much = "balance: would be more than the sandbox holds";
    let difference = balance.checked_sub(before).ok_or(too_much)?;
    let (direction, amount) = match difference.cmp(&Rupees::ZERO) {
        Ordering::Equal => return Ok(()),
        Ordering::Greater => (Direction::Credit, balance.checked_sub(before)),
        Ordering::Less => (Direction::Debit, before.checked_sub(balance)),
    };
    let own = ledger.lines().iter().filter(|line| line.transfer.is_none());
    let put_in = sum(own.filter(|line| line.direction == Direction::Credit));
    let put_in = put_in.decimal() + opening().decimal() + difference.decimal();
    if put_in > most().decimal() {
        return Err(too_much);
    }
    let amount = amount.ok_or(too_much)?;
    let reference = state.ids.bank_reference();
    book(state, direction, &reference, amount, balance, None);
    Ok(())
}

fn book(
    state: &mut State,
    direction: Direction,
    reference: &str,
    amount: Rupees,
    balance: Rupees,
    transfer: Option<u32>,
) {
    let line = Line {
        reference: reference.into(),
        direction,
        amount,
        balance,
        at: state.now,
        transfer,
    };
    // The bank's numbers do not come twice.
    state.payouts.ledger.lines.insert(line);
}
