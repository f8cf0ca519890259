#![doc = include_str!("../README.md")]
// What products share is not all used where only some of them are built.
#![cfg_attr(
    not(feature = "gateway"),
    allow(dead_code, unused_imports, unused_macros)
)]

mod builder;
mod call;
mod checksum;
mod client;
mod error;
mod facade;
mod pages;
mod polling;
mod raw;
mod reconcile;
mod retry;
mod variables;

#[cfg(feature = "gateway")]
pub mod gateway;
#[cfg(feature = "payouts")]
pub mod payouts;
#[cfg(feature = "rewards")]
pub mod rewards;
#[cfg(feature = "verification")]
pub mod verification;

#[cfg(feature = "oauth")]
pub use builder::OAuthCredentials;
pub use builder::{BuildError, ClientBuilder};
pub use checksum::Checksum;
pub use client::Client;
pub use error::{
    ApiError, ApiErrorKind, DecodeError, Error, Incomplete, Lookup, NotConfigured, OutcomeUnknown,
};
pub use pages::{Paged, Pages};
pub use polling::Polling;
pub use raw::{RawAnswer, RawRequest};
pub use retry::RetryPolicy;

// The layers below, for those who take this crate alone.
pub use enkash_auth as auth;
pub use enkash_transport as transport;
pub use enkash_types as types;
