//! Rewards and incentives.

mod sso;
