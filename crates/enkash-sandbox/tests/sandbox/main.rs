//! What a sandbox does, seen from outside. Time stands still but where a test moves it.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests are tests as well.

mod client;
mod documented;
mod faults;
mod listener;
mod log;
mod oauth;
mod orders;
mod pay_page;
mod requests;
mod rules;
mod server;
mod sso;
mod tokens;
mod webhooks;
