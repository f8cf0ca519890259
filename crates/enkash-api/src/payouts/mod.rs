//! Payouts: what is behind [`Client::payouts`](crate::Client::payouts).
//!
//! | | |
//! |---|---|
//! | [`beneficiaries()`](Payouts::beneficiaries) | register a payee |
//! | [`transfers()`](Payouts::transfers) | pay, singly or in a batch, [once each](Transfers#once) |
//! | [`account()`](Payouts::account) | balance and statement |
//! | [`source_accounts()`](Payouts::source_accounts) | allow a bank account to fund the payout account |
//! | [`webhooks()`](Payouts::webhooks) | say where EnKash posts what happens |
//!
//! Requests and answers are in [`enkash_types::payouts`]. All bodies travel sealed; answers are read
//! sealed or plain, in whichever of the product's envelopes they come.
//!
//! EnKash asks for a checksum on some of these calls and does not document it: see
//! [`Checksum`](crate::Checksum).

mod account;
mod beneficiaries;
mod lookup;
mod made;
mod settle;
mod source_accounts;
mod statement;
mod transfers;
mod webhook_config;

use crate::Client;
use crate::facade::resources;

pub use account::Account;
pub use beneficiaries::Beneficiaries;
pub use lookup::{SeenTransfer, Sighting, TransferLookup};
pub use made::{Made, MadeBatch};
pub use source_accounts::SourceAccounts;
pub use statement::StatementLookup;
pub use transfers::Transfers;
pub use webhook_config::Webhooks;

/// The payouts of a client.
#[derive(Debug, Clone, Copy)]
pub struct Payouts<'a> {
    client: &'a Client,
}

impl Client {
    /// Payouts: money out of an EnKash account.
    #[must_use]
    pub fn payouts(&self) -> Payouts<'_> {
        Payouts { client: self }
    }
}

resources! {
    Payouts:
    /// Payees that are registered.
    beneficiaries: Beneficiaries,
    /// Money to a payee, or to many.
    transfers: Transfers,
    /// Balance and statement of the account that transfers are paid from.
    account: Account,
    /// Bank accounts that may fund it.
    source_accounts: SourceAccounts,
    /// Where EnKash posts what happens to transfers.
    webhooks: Webhooks,
}
