//! Commands of the payment gateway.

pub(crate) mod orders;
