//! Verification suite: what is behind [`Client::verification`](crate::Client::verification).
//!
//! | | |
//! |---|---|
//! | [`bank_accounts()`](Verification::bank_accounts) | whether a bank account exists, and whose it is |
//!
//! EnKash's documentation names neither the suite's host nor what its calls carry. A client for
//! EnKash itself has to be told both, by [`ClientBuilder::host`](crate::ClientBuilder::host) and
//! [`ClientBuilder::verification_auth`](crate::ClientBuilder::verification_auth); until then the
//! calls end with [`Error::NotConfigured`](crate::Error::NotConfigured).
//!
//! Requests and answers are in [`enkash_types::verification`].

mod bank_accounts;

use crate::Client;
use crate::facade::resources;

pub use bank_accounts::BankAccounts;

/// The verification suite of a client.
#[derive(Debug, Clone, Copy)]
pub struct Verification<'a> {
    client: &'a Client,
}

impl Client {
    /// The verification suite.
    #[must_use]
    pub fn verification(&self) -> Verification<'_> {
        Verification { client: self }
    }
}

resources! {
    Verification:
    /// Bank accounts, whether they exist and whose they are.
    bank_accounts: BankAccounts,
}
