//! Refunds.

use enkash_types::IntoValid;
use enkash_types::gateway::{Refund, RefundPayment};

use crate::{Client, Error};

/// Refunds of a client.
#[derive(Debug, Clone, Copy)]
pub struct Refunds<'a> {
    pub(super) client: &'a Client,
}

impl Refunds<'_> {
    /// Gives back all or part of a successful payment, out of the merchant's recharge account.
    ///
    /// A refund is sent once. How one is looked up by its `requestId` is not documented in what
    /// was read (the page exists, its route is not known), and the state of the payment does not
    /// tell one refund from another; so a lost answer is never followed by a second request.
    ///
    /// # Errors
    ///
    /// [`Error`]. After [`Error::OutcomeUnknown`] the money may be on its way: look for the
    /// `requestId` in EnKash's dashboard or ask EnKash, and refund again only once it is not there.
    pub async fn create(self, refund: impl IntoValid<RefundPayment>) -> Result<Refund, Error> {
        self.client.call(refund).await
    }
}
