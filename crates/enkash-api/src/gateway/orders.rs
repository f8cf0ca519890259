//! Orders.

use enkash_types::IntoValid;
use enkash_types::gateway::{CreateOrder, CreatedOrder, GetOrderStatus, Order, OrderId};

use crate::{Client, Error};

/// Orders of a client.
#[derive(Debug, Clone, Copy)]
pub struct Orders<'a> {
    pub(super) client: &'a Client,
}

impl Orders<'_> {
    /// Makes an order. Send the customer to the answer's `redirection_url`, and keep its
    /// `order_id`: the documentation shows no call that finds an order by the merchant's own id.
    ///
    /// # Errors
    ///
    /// [`Error`]. After [`Error::OutcomeUnknown`] the order may be there, but its
    /// `redirection_url` was in the lost answer, so you have sent nobody there to pay it. Find out
    /// at EnKash before you make another one.
    pub async fn create(self, order: impl IntoValid<CreateOrder>) -> Result<CreatedOrder, Error> {
        self.client.call(order).await
    }

    /// Reads an order by the id that EnKash minted, with the attempts to pay it.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`ApiErrorKind::NotFound`](crate::ApiErrorKind::NotFound) where there is none.
    pub async fn get(self, order_id: impl Into<OrderId>) -> Result<Order, Error> {
        self.client.call(GetOrderStatus::new(order_id)).await
    }
}
