//! Customers for QR codes.

use enkash_types::gateway::{CreateQrCustomer, QrCustomer, SearchQrCustomers};
use enkash_types::{IntoValid, Page};

use crate::{Client, Error, Paged, Pages};

/// Customers of a client.
#[derive(Debug, Clone, Copy)]
pub struct QrCustomers<'a> {
    pub(super) client: &'a Client,
}

impl QrCustomers<'_> {
    /// Stores a customer.
    ///
    /// # Errors
    ///
    /// [`Error`]. After [`Error::OutcomeUnknown`] a search shows whether it was stored.
    pub async fn create(
        self,
        customer: impl IntoValid<CreateQrCustomer>,
    ) -> Result<QrCustomer, Error> {
        self.client.call(customer).await
    }

    /// The customers that a search finds, one page of them.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn search(
        self,
        search: impl IntoValid<SearchQrCustomers>,
    ) -> Result<Page<QrCustomer>, Error> {
        self.client.call(search).await
    }

    /// Every customer that a search finds. The documentation read shows no way to ask for the
    /// second page of this search, so where the first does not hold all, the stream ends with
    /// [`Error::Incomplete`].
    #[must_use]
    pub fn all(self, search: SearchQrCustomers) -> Pages<SearchQrCustomers> {
        Pages::new(self.client.clone(), search)
    }
}

impl Paged for SearchQrCustomers {
    type Item = QrCustomer;

    // Its query parameters after `limit` were not read.
    const TURNS: bool = false;

    fn length(&self) -> Option<u32> {
        self.limit
    }

    fn turn_to(&mut self, _: u32, length: u32) {
        self.limit = Some(length);
    }
}
