//! The bank accounts and UPI addresses of payees whose outcome is fixed. They are the sandbox's own.

use enkash_types::{AccountNumber, Vpa};
use serde::{Deserialize, Serialize};

/// What becomes of money that is sent to a payee, and of a check of his account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Outcome {
    /// It arrives.
    Arrives,
    /// EnKash does not take it on: there is no such account.
    Rejected,
    /// The bank refuses it.
    Failed,
    /// The bank takes a minute, and says yes.
    Slow,
    /// The bank says nothing, and no after five minutes.
    Silent,
    /// It arrives, and comes back after a minute.
    Reversed,
}

/// Money to any other account arrives.
const ACCOUNTS: &[(&str, Outcome)] = &[
    ("100000000001", Outcome::Rejected),
    ("100000000002", Outcome::Failed),
    ("100000000003", Outcome::Slow),
    ("100000000004", Outcome::Silent),
    ("100000000005", Outcome::Reversed),
];

/// Money to any other address arrives. Those that the gateway knows as payers' have the same outcome
/// as payees'.
const VPAS: &[(&str, Outcome)] = &[
    ("nobody@sandbox", Outcome::Rejected),
    ("decline@sandbox", Outcome::Failed),
    ("pending@sandbox", Outcome::Slow),
    ("timeout@sandbox", Outcome::Silent),
    ("reversed@sandbox", Outcome::Reversed),
];

impl Outcome {
    pub(crate) fn of_account(number: &AccountNumber) -> Self {
        let known = ACCOUNTS.iter().find(|(known, _)| number.as_str() == *known);
        known.map_or(Self::Arrives, |(_, outcome)| *outcome)
    }

    pub(crate) fn of_vpa(vpa: &Vpa) -> Self {
        let is_it = |known: &&(&str, Self)| vpa.as_str().eq_ignore_ascii_case(known.0);
        VPAS.iter()
            .find(is_it)
            .map_or(Self::Arrives, |(_, outcome)| *outcome)
    }
}
