//! Following an order until it is over.

use enkash_types::gateway::{Order, OrderId, OrderStatus, Payment};

use super::Orders;
use crate::{Error, Polling};

impl Orders<'_> {
    /// Reads an order again and again until it is paid, cancelled or expired, or the time is up,
    /// and gives what was read last: its state tells which.
    ///
    /// `changed` is called with what was read first, and then with each order whose state, or one
    /// of whose attempts, is another than before. What comes and goes between two reads is not
    /// seen.
    ///
    /// For a server a notification is the better way: it comes by itself. This is for a terminal,
    /// or wherever none can arrive.
    ///
    /// ```no_run
    /// # async fn example(client: enkash_api::Client) -> Result<(), enkash_api::Error> {
    /// use enkash_api::Polling;
    /// use enkash_api::types::gateway::OrderStatus;
    ///
    /// let order = client
    ///     .gateway()
    ///     .orders()
    ///     .watch("ORD1784195236818VZuxB", Polling::default(), |order| println!("{:?}", order.status))
    ///     .await?;
    /// let is_paid = order.status == Some(OrderStatus::Paid);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error`] of a read, once trying it again has not helped.
    pub async fn watch(
        self,
        order_id: impl Into<OrderId>,
        polling: Polling,
        mut changed: impl FnMut(&Order),
    ) -> Result<Order, Error> {
        let order_id = order_id.into();
        let mut before: Option<(Option<OrderStatus>, Option<Vec<Payment>>)> = None;
        let read = || self.get(order_id.clone());
        let look = |order: &Order| {
            let now = (order.status.clone(), order.transactions.clone());
            if before.as_ref() != Some(&now) {
                changed(order);
                before = Some(now);
            }
            is_over(order)
        };
        self.client.poll(polling, read, look).await
    }
}

/// Whether nothing more comes of an order, by what is documented.
fn is_over(order: &Order) -> bool {
    matches!(
        order.status,
        Some(OrderStatus::Paid | OrderStatus::Cancelled | OrderStatus::Expired)
    )
}
