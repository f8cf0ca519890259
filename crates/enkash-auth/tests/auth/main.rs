//! What the crate promises about tokens, each promise a test, on a clock that stands.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests are tests as well.

mod ahead;
mod failures;
mod merchant;
mod oauth;
mod rejection;
mod secrets;
mod server;
mod sharing;
mod sso;
