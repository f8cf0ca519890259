//! Payouts.

mod account;
mod batches;
mod beneficiaries;
mod beneficiary_detail;
mod source_accounts;
mod status;
mod transfers;
mod webhook_config;
