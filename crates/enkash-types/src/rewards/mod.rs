//! Rewards and incentives: single sign-on.

mod sso;

pub use sso::{CardAccountId, CreateRewardSsoToken, EnkashCardId, RewardSsoToken, Unread};
