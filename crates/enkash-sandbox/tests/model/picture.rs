//! What there is to see after each step, in words and in sums.

use std::collections::BTreeMap;

/// What there is to see: of the sandbox by its answers, of the model by what it holds.
#[derive(Default)]
pub(crate) struct Picture {
    /// Each thing, and how it stands.
    seen: BTreeMap<String, String>,
    /// What was paid of each order, in paise.
    pub(crate) paid: BTreeMap<usize, i64>,
    /// What each line of each payout settles, charges not taken off.
    pub(crate) settled: BTreeMap<usize, Vec<i64>>,
}

impl Picture {
    pub(crate) fn see(&mut self, what: impl Into<String>, how: impl Into<String>) {
        self.seen.insert(what.into(), how.into());
    }

    pub(crate) fn order(&mut self, number: usize, paise: i64, status: &str, payments: &[String]) {
        let payments = payments.join(", ");
        self.see(
            format!("order {number}"),
            format!("{status} {paise} [{payments}]"),
        );
    }

    /// A payment; `order` is what it is of.
    pub(crate) fn payment(&mut self, number: usize, order: &str, paise: i64, shown: &str) {
        self.see(
            format!("payment {number}"),
            format!("of {order}, {paise}: {shown}"),
        );
    }

    /// A payout, and the lines in it.
    pub(crate) fn payout(
        &mut self,
        number: usize,
        to: &str,
        status: &str,
        totals: &Totals,
        lines: &[Line],
    ) {
        self.settled
            .insert(number, lines.iter().map(Line::gross).collect());
        let lines: Vec<_> = lines.iter().map(|line| format!("{line:?}")).collect();
        let lines = lines.join("; ");
        let how = format!("to {to}: {status}, {totals:?} [{lines}]");
        self.see(format!("payout {number}"), how);
    }

    /// Where the other differs, in words.
    pub(crate) fn difference(&self, model: &Self) -> Option<String> {
        let all: BTreeMap<_, _> = self.seen.iter().chain(&model.seen).collect();
        let differ = |what: &&String| self.seen.get(*what) != model.seen.get(*what);
        let nothing = &"nothing".to_owned();
        let lines: Vec<_> = all
            .into_keys()
            .filter(differ)
            .map(|what| {
                let sandbox = self.seen.get(what).unwrap_or(nothing);
                let model = model.seen.get(what).unwrap_or(nothing);
                format!("{what}\n  in the sandbox: {sandbox}\n  in the model:   {model}")
            })
            .collect();
        (!lines.is_empty()).then(|| lines.join("\n"))
    }
}

/// What is looked at after a step. To look at everything each time would take most of the time.
pub(crate) struct Glance<'a> {
    pub(crate) step: usize,
    pub(crate) is_last: bool,
    /// What there should be to see.
    pub(crate) model: &'a Picture,
}

/// Each of the rest has its turn after so many steps.
const TURN: usize = 16;

impl Glance<'_> {
    /// Whether to look at things of a kind at all.
    pub(crate) fn looks_at(&self, seen: &Picture, kind: &str) -> bool {
        let all = seen.seen.keys().chain(self.model.seen.keys());
        let mut of_kind = all.filter(|what| what.starts_with(kind));
        self.is_last
            || self.step.is_multiple_of(TURN)
            || of_kind.any(|what| self.should_change(seen, what))
    }

    /// Which of so many to look at.
    pub(crate) fn of(&self, seen: &Picture, kind: &str, count: usize) -> Vec<usize> {
        let looks_at = |number: &usize| {
            let is_its_turn = (self.step + number).is_multiple_of(TURN);
            self.is_last || is_its_turn || self.should_change(seen, &format!("{kind} {number}"))
        };
        (0..count).filter(looks_at).collect()
    }

    fn should_change(&self, seen: &Picture, what: &str) -> bool {
        seen.seen.get(what) != self.model.seen.get(what)
    }
}

/// The sums of a payout, in paise.
#[derive(Debug, Default)]
pub(crate) struct Totals {
    pub(crate) sale: i64,
    pub(crate) refund: i64,
    pub(crate) charges: i64,
    pub(crate) gst: i64,
    pub(crate) net: i64,
}

impl Totals {
    /// What lines come to.
    pub(crate) fn of(lines: &[Line]) -> Self {
        let mut totals = Self::default();
        for line in lines {
            match line.is_sale() {
                true => totals.sale += line.amount,
                false => totals.refund += line.amount,
            }
            totals.charges += line.charges;
            totals.gst += line.gst;
            totals.net += line.net;
        }
        totals
    }
}

impl Line {
    pub(crate) fn sale(amount: i64, charges: i64, gst: i64) -> Self {
        Self {
            kind: "SALE".to_owned(),
            amount,
            charges,
            gst,
            net: amount - charges - gst,
        }
    }

    pub(crate) fn refund(amount: i64) -> Self {
        Self {
            kind: "REFUND".to_owned(),
            amount,
            charges: 0,
            gst: 0,
            net: -amount,
        }
    }

    pub(crate) fn is_sale(&self) -> bool {
        self.kind == "SALE"
    }

    /// What it settles, charges not taken off: less than nothing of a refund.
    pub(crate) fn gross(&self) -> i64 {
        match self.is_sale() {
            true => self.amount,
            false => -self.amount,
        }
    }
}

/// A line of a payout, in paise.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) kind: String,
    pub(crate) amount: i64,
    pub(crate) charges: i64,
    pub(crate) gst: i64,
    pub(crate) net: i64,
}
