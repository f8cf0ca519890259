//! Payment gateway.

mod customers;
mod mandates;
mod notifications;
mod orders;
mod otp;
mod payment_links;
mod payments;
mod qr;
mod refunds;
mod settlements;
mod split;
mod token;
mod upi;
mod virtual_accounts;
