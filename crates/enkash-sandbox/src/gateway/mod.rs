//! Payment gateway: tokens, orders and payments.

pub(crate) mod notifications;
pub(crate) mod orders;
pub(crate) mod payments;
pub(crate) mod token;
