#![doc = include_str!("../README.md")]

mod ask;
mod cache;
mod error;
#[cfg(feature = "gateway")]
mod merchant;
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
pub use oauth::{OAuthCredentials, OAuthTokens};
pub use provider::TokenProvider;
#[cfg(feature = "rewards")]
pub use sso::SsoTokens;
pub use timing::ASSUMED_LIFE;
pub use token::Token;
