//! Orders: made, read, and brought through their states.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use enkash_types::gateway::{
    CreateOrder, CreatedOrder, GetOrderStatus, Order, OrderId, OrderStatus,
};
use enkash_types::{DateTime, Extra, Valid};
use serde_json::Value;

use super::payments::Attempt;
use crate::router::Instead;
use crate::time::iso;
use crate::world::World;

/// An order, as the sandbox keeps it.
pub(crate) struct Placed {
    pub(crate) id: OrderId,
    pub(crate) request: CreateOrder,
    pub(crate) status: OrderStatus,
    pub(crate) attempts: Vec<Attempt>,
    created: SystemTime,
    modified: SystemTime,
}

/// Why an order does not change: it is over, and this is how it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Over(pub(crate) OrderStatus);

impl Placed {
    /// The customer came to the checkout page.
    pub(crate) fn render(&mut self, now: SystemTime) {
        if self.status == OrderStatus::Created {
            self.becomes(OrderStatus::CheckoutRendered, now);
        }
    }

    /// The customer gave up.
    pub(crate) fn cancel(&mut self, now: SystemTime) -> Result<(), Over> {
        self.still_open()?;
        self.becomes(OrderStatus::Cancelled, now);
        Ok(())
    }

    /// The time was up.
    pub(crate) fn expire(&mut self, now: SystemTime) -> Result<(), Over> {
        self.still_open()?;
        self.becomes(OrderStatus::Expired, now);
        Ok(())
    }

    /// The customer tried to pay. One attempt at most succeeds, since that one ends the order.
    pub(crate) fn attempt(&mut self, attempt: Attempt, now: SystemTime) -> Result<(), Over> {
        self.still_open()?;
        self.becomes(attempt.order_becomes(), now);
        self.attempts.push(attempt);
        Ok(())
    }

    /// Whether it can still be paid, cancelled or run out.
    pub(crate) fn still_open(&self) -> Result<(), Over> {
        match self.status {
            OrderStatus::Paid | OrderStatus::Cancelled | OrderStatus::Expired => {
                Err(Over(self.status.clone()))
            }
            _ => Ok(()),
        }
    }

    fn becomes(&mut self, status: OrderStatus, now: SystemTime) {
        self.status = status;
        self.modified = now;
    }

    /// The order as EnKash answers it.
    fn answer(&self, world: &World) -> Order {
        let request = &self.request;
        let date = |time| Some(DateTime::new(iso(time)));
        let mut order = Order::default();
        order.order_id = Some(self.id.clone());
        order.created = date(self.created);
        order.last_modified = date(self.modified);
        order.order_date = date(self.created);
        order.merchant_order_id = Some(request.order_id.clone());
        order.merchant_identifier_key = Some(world.config.credentials.access_key.clone());
        order.merchant_name = Some("EnKash sandbox".to_owned());
        order.amount = Some(request.amount.value);
        order.currency = Some(request.amount.currency.to_string());
        order.return_url = request.return_url.as_ref().map(ToString::to_string);
        order.notify_url = request.notify_url.as_ref().map(ToString::to_string);
        order.status = Some(self.status.clone());
        order.customer_info.clone_from(&request.customer_info);
        order.custom_parameters = request.custom_parameters.as_ref().map(|parameters| {
            let pairs = parameters.iter();
            pairs
                .map(|(name, value)| (name.clone(), Value::String(value.clone())))
                .collect::<Extra>()
        });
        order.payment_detail.clone_from(&request.payment_detail);
        order.transactions = Some(
            self.attempts
                .iter()
                .map(|attempt| attempt.answer(&request.amount))
                .collect(),
        );
        order
    }
}

/// The orders of a sandbox, found by EnKash's id and by the merchant's.
#[derive(Default)]
pub(crate) struct Orders {
    list: Vec<Placed>,
    by_id: HashMap<OrderId, usize>,
    by_merchant_id: HashMap<String, usize>,
}

impl Orders {
    /// Takes an order in, unless the merchant's id was used before.
    fn place(&mut self, id: OrderId, request: CreateOrder, now: SystemTime) -> Option<&Placed> {
        let index = self.list.len();
        let merchant_id = request.order_id.as_str();
        if self.by_merchant_id.contains_key(merchant_id) {
            return None;
        }
        self.by_merchant_id.insert(merchant_id.to_owned(), index);
        self.by_id.insert(id.clone(), index);
        self.list.push(Placed {
            id,
            request,
            status: OrderStatus::Created,
            attempts: Vec::new(),
            created: now,
            modified: now,
        });
        self.list.last()
    }

    fn get(&self, id: &OrderId) -> Option<&Placed> {
        self.list.get(*self.by_id.get(id)?)
    }

    /// The order with this id, EnKash's or the merchant's.
    pub(crate) fn find_mut(&mut self, id: &str) -> Option<&mut Placed> {
        let index = self
            .by_id
            .get(&OrderId::new(id))
            .or_else(|| self.by_merchant_id.get(id))?;
        self.list.get_mut(*index)
    }
}

/// `create_order`.
pub(crate) fn create(
    world: &Arc<World>,
    request: Valid<CreateOrder>,
) -> Result<CreatedOrder, Instead> {
    let now = world.now();
    let mut state = world.state();
    let id = state.ids.order(now);
    let placed = state.orders.place(id, request.into_inner(), now);
    // Payouts document 409 for an id that exists; for orders nothing is documented.
    let placed =
        placed.ok_or_else(|| Instead::refuse(409, "orderId: was used for another order"))?;
    let mut created = CreatedOrder::default();
    created.redirection_url = Some(format!("{}{}", world.url, page(&placed.id)).into());
    created.order_id = Some(placed.id.clone());
    Ok(created)
}

/// Path of an order's checkout page.
pub(crate) fn page(id: &OrderId) -> String {
    format!("/v1/pay/{id}")
}

/// `get_order_status`.
pub(crate) fn status(world: &Arc<World>, request: Valid<GetOrderStatus>) -> Result<Order, Instead> {
    let state = world.state();
    let placed = state.orders.get(&request.order_id).ok_or_else(|| {
        Instead::refuse(
            404,
            "no order has this id; an order is read by EnKash's id of it, not the merchant's",
        )
    })?;
    Ok(placed.answer(world))
}
