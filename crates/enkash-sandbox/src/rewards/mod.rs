//! Rewards and incentives: single sign-on.

mod sso;

use crate::router::{Route, serve};

/// The operations, with the functions that behave like them.
pub(crate) fn routes() -> Vec<Route> {
    vec![serve(sso::create)]
}
