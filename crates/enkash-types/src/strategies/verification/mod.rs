//! Verification suite.

mod bank_accounts;
