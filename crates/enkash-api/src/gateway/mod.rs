//! Payment gateway.

mod orders;

use crate::Client;

pub use orders::Orders;

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

impl<'a> Gateway<'a> {
    /// Orders: the start of every payment.
    #[must_use]
    pub fn orders(self) -> Orders<'a> {
        Orders {
            client: self.client,
        }
    }
}
