//! Verification suite: whether a bank account exists, and whose it is.
//!
//! | about | requests | answers |
//! |---|---|---|
//! | bank accounts | [`VerifyBankAccount`] | [`VerifiedBankAccount`] |
//!
//! The suite also has checks of a GSTIN, a PAN and a UPI address; their routes are not documented.
//! Nor is the suite's host, or what a call carries to say who is asking.

mod bank_accounts;

pub use bank_accounts::{VerificationRequestId, VerifiedBankAccount, VerifyBankAccount};
