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
mod payouts;
mod payouts_account;
mod payouts_dashboard;
mod payouts_events;
mod payouts_file;
mod payouts_secrets;
mod payouts_states;
mod payouts_sums;
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
mod verification;
mod virtual_accounts;
mod webhooks;
