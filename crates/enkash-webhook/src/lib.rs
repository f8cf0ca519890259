#![doc = include_str!("../README.md")]

#[cfg(feature = "axum")]
mod extract;
mod receiver;
mod refused;

#[cfg(feature = "axum")]
pub use extract::Received;
pub use receiver::{DEFAULT_LIMIT, REPLY, Receiver, SetupError};
pub use refused::Refused;

// The layer below, for those who take this crate alone.
pub use enkash_types as types;
