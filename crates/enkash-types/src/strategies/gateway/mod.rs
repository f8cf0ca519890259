//! Payment gateway.

mod notifications;
mod orders;
mod payments;
mod token;
