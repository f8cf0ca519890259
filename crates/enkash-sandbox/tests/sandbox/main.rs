//! What a sandbox does, seen from outside. Time stands still but where a test moves it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)] // Helpers of tests are tests as well.

mod browser_calls;
mod client;
mod customers;
mod dashboard;
mod data;
mod documented;
mod faults;
mod kill;
mod listener;
mod log;
mod mandates;
mod models;
mod oauth;
mod orders;
mod pay_page;
mod payment_links;
mod payments;
mod qr;
mod refunds;
mod requests;
mod rules;
mod secrets;
mod server;
mod settlements;
mod split;
mod sso;
mod tokens;
mod upi;
mod virtual_accounts;
mod webhooks;
