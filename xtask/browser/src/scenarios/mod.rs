//! Every scenario, one file for each part of the sandbox.

mod browser_checkout;
mod checkout;
mod dashboard;
mod helpers;

use crate::scenario::Scenario;

/// All of them, in the order in which they run.
pub(crate) fn all() -> impl Iterator<Item = &'static Scenario> {
    [
        helpers::SCENARIOS,
        checkout::SCENARIOS,
        browser_checkout::SCENARIOS,
        dashboard::SCENARIOS,
    ]
    .into_iter()
    .flatten()
}
