//! All that a sandbox remembers.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::agenda::{Agenda, Due};
use crate::faults::Faults;
use crate::gateway::attempts::Attempt;
use crate::gateway::callbacks::Callbacks;
use crate::gateway::customers::Customer;
use crate::gateway::mandates::{Debit, Mandate};
use crate::gateway::orders::Orders;
use crate::gateway::qr::Code;
use crate::gateway::refunds::GivenBack;
use crate::gateway::settlements::Settlements;
use crate::gateway::split::{Receiver, Split};
use crate::gateway::virtual_accounts::Opened;
use crate::ids::Ids;
use crate::log::Log;
use crate::oauth::User;
use crate::payouts::Payouts;
use crate::table::{Kept, One, Table};
use crate::time::Moment;
use crate::tokens::Tokens;
use crate::verification::bank_accounts::Checked;
use crate::webhooks::Webhooks;

/// All that a sandbox remembers.
///
/// A new kind of thing is a field here, a line in [`parts`](Self::parts), and, where something
/// happens to it by itself, a few in [`plan`](Self::plan).
pub(crate) struct State {
    /// The time when the state was locked. Whatever is done meanwhile happens at this moment.
    pub(crate) now: Moment,
    pub(crate) moved: One<Moved>,
    pub(crate) ids: One<Ids>,
    pub(crate) tokens: Tokens,
    pub(crate) user: One<User>,
    pub(crate) orders: Orders,
    pub(crate) attempts: Table<Attempt>,
    pub(crate) refunds: Table<GivenBack>,
    pub(crate) settlements: Settlements,
    /// What a payment costs the merchant, in hundredths of a percent.
    pub(crate) charge: u32,
    pub(crate) qr_codes: Table<Code>,
    pub(crate) customers: Table<Customer>,
    pub(crate) mandates: Table<Mandate>,
    pub(crate) debits: Table<Debit>,
    pub(crate) virtual_accounts: Table<Opened>,
    pub(crate) split_accounts: Table<Receiver>,
    pub(crate) splits: Table<Split>,
    pub(crate) callbacks: One<Callbacks>,
    pub(crate) payouts: Payouts,
    pub(crate) account_checks: Table<Checked>,
    pub(crate) webhooks: Webhooks,
    pub(crate) faults: One<Faults>,
    pub(crate) log: Log,
    pub(crate) agenda: Agenda,
}

/// How far the clock was moved.
#[derive(Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Moved(pub(crate) Duration);

impl State {
    /// A state in which nothing has happened.
    pub(crate) fn new(seed: u64, now: Moment) -> Self {
        Self {
            now,
            moved: One::new("clock", Moved::default()),
            // Two runs by a clock that goes do not give out the same tokens.
            ids: One::new("ids", Ids::new(seed ^ now.millis().rotate_left(32))),
            tokens: Tokens::default(),
            user: One::new("user", User::default()),
            orders: Orders::default(),
            attempts: Table::default(),
            refunds: Table::default(),
            settlements: Settlements::default(),
            charge: 0,
            qr_codes: Table::default(),
            customers: Table::default(),
            mandates: Table::default(),
            debits: Table::default(),
            virtual_accounts: Table::default(),
            split_accounts: Table::default(),
            splits: Table::default(),
            callbacks: One::new("callbacks", Callbacks::default()),
            payouts: Payouts::default(),
            account_checks: Table::default(),
            webhooks: Webhooks::default(),
            faults: One::new("faults", Faults::default()),
            log: Log::default(),
            agenda: Agenda::default(),
        }
    }

    /// Everything that stands in the file.
    pub(crate) fn parts(&mut self) -> [&mut dyn Kept; 28] {
        // Whoever adds a field has to say here whether it is kept.
        let Self {
            now: _,
            moved,
            ids,
            tokens,
            user,
            orders,
            attempts,
            refunds,
            settlements,
            charge: _,
            qr_codes,
            customers,
            mandates,
            debits,
            virtual_accounts,
            split_accounts,
            splits,
            callbacks,
            payouts,
            account_checks,
            webhooks,
            faults,
            log,
            agenda: _,
        } = self;
        let [entries, settlements, runs] = settlements.kept();
        let [beneficiaries, transfers, batches, lines, sources, webhook] = payouts.kept();
        [
            moved,
            ids,
            tokens.kept(),
            user,
            orders.kept(),
            attempts,
            refunds,
            entries,
            settlements,
            runs,
            qr_codes,
            customers,
            mandates,
            debits,
            virtual_accounts,
            split_accounts,
            splits,
            callbacks,
            beneficiaries,
            transfers,
            batches,
            lines,
            sources,
            webhook,
            account_checks,
            webhooks.kept(),
            faults,
            log.kept(),
        ]
    }

    /// Makes of the records what is not in the file: the agenda, and what is found by more than
    /// an id. The error says what does not fit together.
    pub(crate) fn plan(&mut self) -> Result<(), &'static str> {
        self.orders.index(&self.attempts)?;
        for (row, attempt) in (0..).zip(self.attempts.iter()) {
            if !self.orders.has(attempt.order) {
                return Err("a payment is of an order that is not there");
            }
            if let Some(end) = attempt.ends {
                self.agenda.add(end, Due::Attempt(row));
            }
        }
        for (row, refund) in (0..).zip(self.refunds.iter()) {
            if !self.attempts.has(refund.attempt) {
                return Err("a refund is of a payment that is not there");
            }
            if let Some(end) = refund.ends {
                self.agenda.add(end, Due::Refund(row));
            }
        }
        let mut accounts = self.settlements.accounts();
        if !accounts.all(|account| self.split_accounts.has(account)) {
            return Err("a share is of a split account that is not there");
        }
        drop(accounts);
        for (at, due) in self.settlements.plan()? {
            self.agenda.add(at, due);
        }
        for (row, mandate) in (0..).zip(self.mandates.iter()) {
            if let Some(next) = mandate.next() {
                self.agenda.add(next, Due::Mandate(row));
            }
        }
        for (at, due) in self.payouts.plan()? {
            self.agenda.add(at, due);
        }
        for (number, next) in self.webhooks.waiting() {
            self.agenda.add(next, Due::Webhook(number));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn no_two_parts_have_the_same_name_in_the_file() {
        let mut state = State::new(0, Moment::default());
        let parts = state.parts();
        let kinds: BTreeSet<_> = parts.iter().map(|part| part.kind()).collect();
        assert_eq!(kinds.len(), parts.len());
        assert!(!kinds.contains(""));
    }
}
