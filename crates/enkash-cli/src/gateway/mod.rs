//! Commands of the payment gateway.

mod picture;

pub(crate) mod customers;
pub(crate) mod mandates;
pub(crate) mod orders;
pub(crate) mod payments;
pub(crate) mod qr;
pub(crate) mod refunds;
pub(crate) mod settlements;
pub(crate) mod split;
pub(crate) mod upi;
pub(crate) mod virtual_accounts;

use enkash_api::{Error, NotConfigured};
use enkash_types::Secret;

use crate::failure::Failure;

/// The merchant's access key, for calls that want it in their body.
fn access_key() -> Result<Secret, Failure> {
    match std::env::var("ENKASH_ACCESS_KEY") {
        Ok(key) if !key.is_empty() => Ok(Secret::new(key)),
        _ => Err(Error::NotConfigured(NotConfigured::MerchantKeys).into()),
    }
}
