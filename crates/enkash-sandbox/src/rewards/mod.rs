//! Rewards and incentives: single sign-on.

pub(crate) mod sso;
