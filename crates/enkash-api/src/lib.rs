#![doc = include_str!("../README.md")]

mod builder;
mod call;
mod client;
mod error;
mod pages;
mod polling;
mod raw;
mod reconcile;
mod retry;

#[cfg(feature = "gateway")]
pub mod gateway;
#[cfg(feature = "rewards")]
pub mod rewards;

#[cfg(feature = "oauth")]
pub use builder::OAuthCredentials;
pub use builder::{BuildError, ClientBuilder};
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
