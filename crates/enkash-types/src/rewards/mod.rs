//! Rewards and incentives: single sign-on.

mod sso;

pub use sso::{CreateRewardSsoToken, RewardSsoToken, Unread};
