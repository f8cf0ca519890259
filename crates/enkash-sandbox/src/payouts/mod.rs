//! Payouts: beneficiaries, transfers and their states, the account that they are paid from.

mod account;
mod bank_hours;
pub(crate) mod batches;
pub(crate) mod beneficiaries;
mod control;
pub(crate) mod events;
pub(crate) mod ledger;
mod source_accounts;
pub(crate) mod states;
pub(crate) mod transfers;
mod webhook_config;

use enkash_types::payouts::ConfigureWebhook;

use self::batches::Batch;
use self::beneficiaries::Payee;
use self::ledger::Ledger;
use self::source_accounts::Source;
use self::transfers::Sent;
use crate::agenda::Due;
use crate::control::Act;
use crate::router::{Route, serve};
use crate::table::{Kept, One, Table};
use crate::time::Moment;

/// All that there is of payouts.
pub(crate) struct Payouts {
    pub(crate) beneficiaries: Table<Payee>,
    pub(crate) transfers: Table<Sent>,
    pub(crate) batches: Table<Batch>,
    pub(crate) ledger: Ledger,
    source_accounts: Table<Source>,
    /// What the merchant wants to be told, and where.
    webhook: One<Option<ConfigureWebhook>>,
}

impl Default for Payouts {
    fn default() -> Self {
        Self {
            beneficiaries: Table::default(),
            transfers: Table::default(),
            batches: Table::default(),
            ledger: Ledger::default(),
            source_accounts: Table::default(),
            webhook: One::new("payout webhook", None),
        }
    }
}

impl Payouts {
    pub(crate) fn kept(&mut self) -> [&mut dyn Kept; 6] {
        [
            &mut self.beneficiaries,
            &mut self.transfers,
            &mut self.batches,
            self.ledger.kept(),
            &mut self.source_accounts,
            &mut self.webhook,
        ]
    }

    /// What is to happen; the error says what does not fit together.
    pub(crate) fn plan(&self) -> Result<Vec<(Moment, Due)>, &'static str> {
        let mut due = Vec::new();
        for (row, sent) in (0..).zip(self.transfers.iter()) {
            if sent.batch.is_some_and(|batch| !self.batches.has(batch)) {
                return Err("a transfer is of a batch that is not there");
            }
            due.extend(sent.next.map(|(at, _)| (at, Due::Transfer(row))));
        }
        let mut lines = self.ledger.lines().iter().filter_map(|line| line.transfer);
        if !lines.all(|transfer| self.transfers.has(transfer)) {
            return Err("a line of the statement is of a transfer that is not there");
        }
        Ok(due)
    }
}

/// The operations, with the functions that behave like them.
pub(crate) fn routes() -> Vec<Route> {
    vec![
        serve(beneficiaries::create),
        serve(transfers::create),
        serve(batches::create),
        serve(account::balance),
        serve(account::statement),
        serve(source_accounts::add),
        serve(webhook_config::configure),
    ]
}

/// What the control surface can do with all of it.
pub(crate) fn acts() -> impl Iterator<Item = &'static Act> {
    control::ACTS.iter()
}
