//! Verification suite.

pub(crate) mod bank_accounts;

use crate::router::{Route, serve};

/// The operations, with the functions that behave like them.
pub(crate) fn routes() -> Vec<Route> {
    vec![serve(bank_accounts::verify)]
}
