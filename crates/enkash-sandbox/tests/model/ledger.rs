//! The model of money: refunds, settlements, and that nothing is ever lost between them.

use std::collections::BTreeSet;

use crate::model::{Answer, DAY, MINUTE, Model, START_IN_INDIA, done};
use crate::ops::Part;
use crate::picture::{Line, Picture, Totals};

/// A charge of 1.99 percent, in hundredths of a percent, so that sums have to be rounded.
pub(crate) const CHARGE: u32 = 199;
/// GST on charges, in percent.
const GST: i64 = 18;
/// When, on the day after, payments are settled: at 13:40 in India.
pub(crate) const RUN: u64 = (13 * 60 + 40) * MINUTE;
/// How long a payout is on its way.
pub(crate) const ON_ITS_WAY: u64 = 10 * MINUTE;

/// What was refunded, and what is or will be settled.
#[derive(Default)]
pub(crate) struct Ledger {
    /// The payment of each refund, and its sum.
    pub(crate) refunds: Vec<(usize, i64)>,
    entries: Vec<Entry>,
    payouts: Vec<Payout>,
    /// When something is to be settled.
    runs: BTreeSet<u64>,
}

/// Something that is to be settled.
struct Entry {
    payment: usize,
    line: Line,
    due: u64,
    /// The split account that it goes to, or the merchant.
    account: Option<usize>,
    /// Whether it is what is left of a divided payment, or a share of one.
    is_divided: bool,
    is_settled: bool,
}

struct Payout {
    account: Option<usize>,
    entries: Vec<usize>,
    arrives: u64,
    has_arrived: bool,
}

/// A share of a sum, rounded to the paisa, half of one up.
fn share(sum: i64, part: i64, of: i64) -> i64 {
    (2 * sum * part + of) / (2 * of)
}

/// When that is settled which happens now.
fn next_run(now: u64) -> u64 {
    let today = (now + START_IN_INDIA) / DAY * DAY;
    today + DAY + RUN - START_IN_INDIA
}

impl Ledger {
    /// A payment succeeded.
    pub(crate) fn sale(&mut self, now: u64, payment: usize, paise: i64) {
        let charges = share(paise, CHARGE.into(), 10_000);
        self.add(
            now,
            payment,
            Line::sale(paise, charges, share(charges, GST, 100)),
        );
    }

    fn refund(&mut self, now: u64, payment: usize, paise: i64) {
        self.refunds.push((payment, paise));
        self.add(now, payment, Line::refund(paise));
    }

    fn add(&mut self, now: u64, payment: usize, line: Line) {
        self.runs.insert(next_run(now));
        self.entries.push(Entry {
            payment,
            line,
            due: next_run(now),
            account: None,
            is_divided: false,
            is_settled: false,
        });
    }

    pub(crate) fn refunded(&self, payment: usize) -> i64 {
        let refunds = self.refunds.iter().filter(|(of, _)| *of == payment);
        refunds.map(|(_, paise)| paise).sum()
    }

    /// Whether a payment, or a share of it, is in a payout, so that it stays divided as it is.
    pub(crate) fn is_settled(&self, payment: usize) -> bool {
        let is_fixed = |entry: &Entry| entry.is_settled || entry.is_divided;
        let mut entries = self.entries.iter();
        entries.any(|entry| entry.payment == payment && entry.line.is_sale() && is_fixed(entry))
    }

    /// A split account receives money again; the next run pays what waits for that.
    pub(crate) fn account_is_active(&mut self, now: u64, account: usize) {
        for entry in &mut self.entries {
            if entry.account == Some(account) && !entry.is_settled {
                entry.due = next_run(now);
                self.runs.insert(entry.due);
            }
        }
    }

    /// When something happens by itself.
    pub(crate) fn next(&self) -> Option<u64> {
        let coming = self.payouts.iter().filter(|payout| !payout.has_arrived);
        let arrivals = coming.map(|payout| payout.arrives);
        self.runs.iter().copied().chain(arrivals).min()
    }

    fn that_wait(&self, is_due: impl Fn(&Entry) -> bool) -> Vec<usize> {
        let waits = |number: &usize| {
            let entry = &self.entries[*number];
            !entry.is_settled && is_due(entry)
        };
        (0..self.entries.len()).filter(waits).collect()
    }

    /// What waits of a payment, charges not taken off.
    fn waits(&self, payment: usize) -> i64 {
        let waiting = self.that_wait(|entry| entry.payment == payment);
        waiting
            .iter()
            .map(|number| self.entries[*number].line.gross())
            .sum()
    }
}

impl Model {
    /// Gives back a part of a payment, by a request id that is new or was used.
    pub(crate) fn refund(&mut self, payment: usize, part: Part, id: Option<usize>) -> Answer {
        let paise = self.sum_of(payment, part);
        let left = self.left(payment);
        if id.is_some() {
            return self.refuse(409, "an id of a refund that was used");
        }
        if !self.payments[payment].has_paid() {
            return self.refuse(409, "a refund of a payment that did not succeed");
        }
        if paise > left {
            return self.refuse(422, "a refund of more than is left");
        }
        self.ledger.refund(self.now, payment, paise);
        let status = match paise == left {
            true => "REFUNDED",
            false => "PARTIALLY_REFUNDED",
        };
        self.payment_is_refunded(payment, status);
        done(format!("refund of payment {payment}, {paise}"))
    }

    /// The sum of such a refund, at least one paisa.
    pub(crate) fn sum_of(&self, payment: usize, part: Part) -> i64 {
        let left = self.left(payment);
        let sum = match part {
            Part::All => left,
            Part::Half => left / 2,
            Part::Paisa => 1,
            Part::TooMuch => left + 1,
            Part::AllThatWasPaid => self.orders[self.payments[payment].order].paise,
        };
        sum.max(1)
    }

    fn left(&self, payment: usize) -> i64 {
        match self.payments[payment].has_paid() {
            true => self.orders[self.payments[payment].order].paise - self.ledger.refunded(payment),
            false => 0,
        }
    }

    /// Settles everything that waits, by hand.
    pub(crate) fn settle(&mut self) -> Answer {
        let payouts = self.run(|_| true, "by hand");
        let waiting = self.ledger.that_wait(|_| true).len();
        done(format!("payouts: {payouts}, waiting: {waiting}"))
    }

    /// The time of a run, or of the arrival of a payout, may have come.
    pub(crate) fn money_moves(&mut self) {
        let now = self.now;
        if self.ledger.runs.remove(&now) {
            self.run(move |entry| entry.due <= now, "at its time");
        }
        let coming = self
            .ledger
            .payouts
            .iter_mut()
            .filter(|payout| !payout.has_arrived);
        let arrived: Vec<_> = coming.filter(|payout| payout.arrives <= now).collect();
        let count = arrived.len();
        arrived
            .into_iter()
            .for_each(|payout| payout.has_arrived = true);
        (0..count).for_each(|_| self.note("payout: INIT -> SUCCESS"));
    }

    /// Settles what is due, and gives the count of payouts. Each account has its own, if it
    /// receives money and there is some; what comes to nothing or less waits.
    fn run(&mut self, is_due: impl Fn(&Entry) -> bool, how: &str) -> usize {
        self.divide(&is_due);
        let waiting = self.ledger.that_wait(&is_due).into_iter();
        let accounts = waiting.map(|number| self.ledger.entries[number].account);
        let mut count = 0;
        for account in accounts.collect::<BTreeSet<_>>() {
            if account.is_some_and(|account| !self.split_accounts[account]) {
                self.note("payout: none, since the split account is not active");
                continue;
            }
            let entries = self
                .ledger
                .that_wait(|entry| entry.account == account && is_due(entry));
            let nets = entries
                .iter()
                .map(|number| self.ledger.entries[*number].line.net);
            if nets.sum::<i64>() <= 0 {
                self.note("payout: none, since it would be nothing or less");
                continue;
            }
            for number in &entries {
                self.ledger.entries[*number].is_settled = true;
            }
            self.note(format!("payout: to {}, {how}", whose(account)));
            let arrives = self.now + ON_ITS_WAY;
            self.ledger.payouts.push(Payout {
                account,
                entries,
                arrives,
                has_arrived: false,
            });
            count += 1;
        }
        count
    }

    /// Takes the shares of split accounts off the sales that are due.
    fn divide(&mut self, is_due: impl Fn(&Entry) -> bool) {
        let is_whole = |entry: &Entry| entry.line.is_sale() && !entry.is_divided && is_due(entry);
        for number in self.ledger.that_wait(is_whole) {
            let entry = &self.ledger.entries[number];
            let Line { charges, gst, .. } = entry.line;
            let (payment, due) = (entry.payment, entry.due);
            let of = self.orders[self.payments[payment].order].paise;
            let left = self.left(payment) - charges - gst;
            let rule = self.payments[payment].split.as_ref();
            let shares = rule.map(|rule| rule.divide(of, left));
            for (account, paise) in shares.unwrap_or_default() {
                let entry = &mut self.ledger.entries[number];
                entry.is_divided = true;
                entry.line = Line::sale(entry.line.amount - paise, charges, gst);
                self.ledger.entries.push(Entry {
                    payment,
                    line: Line::sale(paise, 0, 0),
                    due,
                    account: Some(account),
                    is_divided: true,
                    is_settled: false,
                });
            }
        }
    }

    pub(crate) fn see_payouts(&self, picture: &mut Picture) {
        picture.see("payouts", self.ledger.payouts.len().to_string());
        for (number, payout) in self.ledger.payouts.iter().enumerate() {
            let entries = payout.entries.iter();
            let lines: Vec<_> = entries
                .map(|entry| self.ledger.entries[*entry].line.clone())
                .collect();
            let status = if payout.has_arrived {
                "SUCCESS"
            } else {
                "INIT"
            };
            let to = match payout.account {
                Some(account) => format!("split account {account}"),
                None => "merchant".to_owned(),
            };
            picture.payout(number, &to, status, &Totals::of(&lines), &lines);
        }
    }

    /// Of each order, and of all together: what was paid and was not given back is settled, or
    /// waits for it. What was paid and settled is counted as the sandbox shows it.
    pub(crate) fn check_sums(&self, seen: &Picture) -> Result<(), String> {
        let mut rest_of_all: i64 = -seen.settled.values().flatten().sum::<i64>();
        for order in 0..self.orders.len() {
            let is_of_it = |payment: &usize| self.payments[*payment].order == order;
            let payments: Vec<_> = (0..self.payments.len()).filter(is_of_it).collect();
            let sum = |of: &dyn Fn(usize) -> i64| payments.iter().map(|one| of(*one)).sum::<i64>();
            let paid = seen.paid.get(&order).copied().unwrap_or_default();
            let refunded = sum(&|payment| self.ledger.refunded(payment));
            let waits = sum(&|payment| self.ledger.waits(payment));
            let settled = sum(&|payment| self.settled(payment, seen));
            let rest = paid - refunded - settled - waits;
            if rest != 0 {
                return Err(format!(
                    "{rest} paise of order {order} are nowhere: {paid} were paid, {refunded} \
                     refunded, {settled} settled, {waits} wait"
                ));
            }
            rest_of_all += paid - refunded - waits;
        }
        match rest_of_all {
            0 => Ok(()),
            rest => Err(format!("{rest} paise in all are nowhere")),
        }
    }

    /// What of a payment was settled, as the sandbox shows it. No line of a payout says of which
    /// payment it is, so it is found by its place.
    fn settled(&self, payment: usize, seen: &Picture) -> i64 {
        let payouts = self.ledger.payouts.iter().zip(seen.settled.values());
        let lines = payouts.flat_map(|(payout, lines)| payout.entries.iter().zip(lines));
        let of_it = lines.filter(|(entry, _)| self.ledger.entries[**entry].payment == payment);
        of_it.map(|(_, paise)| paise).sum()
    }
}

fn whose(account: Option<usize>) -> &'static str {
    account.map_or("the merchant", |_| "a split account")
}
