//! Payment gateway: what is behind [`Client::gateway`](crate::Client::gateway).
//!
//! | | |
//! |---|---|
//! | [`orders()`](Gateway::orders) | make an order, read it, follow it, [confirm](Confirmation) what a notification says |
//! | [`payments()`](Gateway::payments) | pay an order from your own page, hand in the OTP, read a payment |
//! | [`upi()`](Gateway::upi) | QR code and app links of an order, wait for a payment, check an address |
//! | [`refunds()`](Gateway::refunds) | give money back |
//! | [`settlements()`](Gateway::settlements) | what EnKash paid out, and for which payments |
//! | [`splits()`](Gateway::splits) | divide a payment over several accounts |
//! | [`qr_codes()`](Gateway::qr_codes) | QR codes that take payments without an order |
//! | [`customers()`](Gateway::customers) | customers for those |
//! | [`mandates()`](Gateway::mandates) | debits that repeat |
//! | [`virtual_accounts()`](Gateway::virtual_accounts) | account numbers that customers pay into |
//!
//! Requests and answers are in [`enkash_types::gateway`].

mod confirm;
mod customers;
mod mandates;
mod orders;
mod payments;
mod qr;
mod refunds;
mod settlements;
mod split;
mod upi;
mod virtual_accounts;
mod watch;

use crate::Client;
use crate::facade::resources;

pub use confirm::{Confirmation, Contradiction, Difference, PaidOrder};
pub use customers::QrCustomers;
pub use mandates::Mandates;
pub use orders::Orders;
pub use payments::Payments;
pub use qr::QrCodes;
pub use refunds::Refunds;
pub use settlements::Settlements;
pub use split::Splits;
pub use upi::Upi;
pub use virtual_accounts::VirtualAccounts;

/// The payment gateway of a client.
#[derive(Debug, Clone, Copy)]
pub struct Gateway<'a> {
    client: &'a Client,
}

impl Client {
    /// The payment gateway.
    #[must_use]
    pub fn gateway(&self) -> Gateway<'_> {
        Gateway { client: self }
    }
}

resources! {
    Gateway:
    /// Orders: the start of every payment.
    orders: Orders,
    /// Payments on the merchant's own page, with their OTP.
    payments: Payments,
    /// Paying an order by UPI: QR code, app links, polling, and checking an address.
    upi: Upi,
    /// Giving money back.
    refunds: Refunds,
    /// What EnKash paid out to the merchant.
    settlements: Settlements,
    /// Payments that are divided over several accounts.
    splits: Splits,
    /// UPI QR codes that stand on their own, without an order.
    qr_codes: QrCodes,
    /// Customers for QR codes.
    customers: QrCustomers,
    /// UPI mandates: debits that repeat.
    mandates: Mandates,
    /// Bank accounts that a customer pays into.
    virtual_accounts: VirtualAccounts,
}
