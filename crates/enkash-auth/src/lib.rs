#![doc = include_str!("../README.md")]
// What the providers share is not all used where only some of them are built.
#![cfg_attr(
    not(all(feature = "gateway", feature = "oauth", feature = "rewards")),
    allow(dead_code, unused_imports, unused_macros)
)]

mod ask;
mod cache;
mod error;
#[cfg(feature = "gateway")]
mod merchant;
#[cfg(feature = "oauth")]
mod oauth;
mod provider;
#[cfg(feature = "rewards")]
mod sso;
mod timing;
mod token;

pub use ask::Connection;
pub use error::{AuthError, Cause, Unavailable};
#[cfg(feature = "gateway")]
pub use merchant::{MerchantCredentials, MerchantTokens};
#[cfg(feature = "oauth")]
pub use oauth::{OAuthCredentials, OAuthTokens};
pub use provider::TokenProvider;
#[cfg(feature = "rewards")]
pub use sso::SsoTokens;
pub use timing::ASSUMED_LIFE;
pub use token::Token;
