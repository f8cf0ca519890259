//! Orders: made, read, and brought through their states.

use std::ops::Index;
use std::sync::Arc;

use enkash_types::gateway::{
    CreateOrder, CreatedOrder, CustomerDetail, GetOrderStatus, MerchantOrderId, Order, OrderId,
    OrderPaymentDetail, OrderStatus, RestrictedPaymentOptions,
};
use enkash_types::{DateTime, Extra, Rupees, Valid, WebAddress};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};

use super::attempts::{self, Attempt, Refused};
use crate::router::Instead;
use crate::state::State;
use crate::table::{Kept, Record, Table, Texts};
use crate::time::Moment;
use crate::world::World;

/// An order, as the sandbox keeps it. There may be millions, so each is small: what is only handed
/// back is kept as the JSON text that it is handed back as.
#[derive(Serialize, Deserialize)]
pub(crate) struct Placed {
    pub(crate) id: OrderId,
    pub(crate) merchant_id: MerchantOrderId,
    /// In rupees, the only currency.
    pub(crate) amount: Rupees,
    pub(crate) status: OrderStatus,
    /// The rows of the attempts to pay it.
    pub(crate) attempts: Vec<u32>,
    pub(crate) created: Moment,
    pub(crate) modified: Moment,
    pub(crate) return_url: Option<Box<str>>,
    pub(crate) notify_url: Option<Box<str>>,
    #[serde(serialize_with = "typed")]
    rest: Option<Box<RawValue>>,
}

impl Record for Placed {
    const KIND: &'static str = "order";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// What else a merchant may say of an order.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Rest {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) customer_info: Option<CustomerDetail>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) custom_parameters: Option<Extra>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) payment_detail: Option<OrderPaymentDetail>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) restricted_payment_options: Option<RestrictedPaymentOptions>,
}

impl Rest {
    fn is_empty(&self) -> bool {
        let Self {
            customer_info,
            custom_parameters,
            description,
            payment_detail,
            restricted_payment_options,
        } = self;
        customer_info.is_none()
            && custom_parameters.is_none()
            && description.is_none()
            && payment_detail.is_none()
            && restricted_payment_options.is_none()
    }
}

fn read(rest: Option<&RawValue>) -> Option<Rest> {
    serde_json::from_str(rest?.get()).ok()
}

/// For the file, which masks what is of a type, and not what is a text of JSON already.
fn typed<S: Serializer>(rest: &Option<Box<RawValue>>, serializer: S) -> Result<S::Ok, S::Error> {
    read(rest.as_deref()).serialize(serializer)
}

impl Placed {
    pub(crate) fn new(id: OrderId, request: CreateOrder, now: Moment) -> Self {
        let boxed = |url: Option<WebAddress>| url.map(|url| Box::from(url.as_str()));
        let rest = Rest {
            customer_info: request.customer_info,
            custom_parameters: request.custom_parameters.map(|parameters| {
                let pairs = parameters.into_iter();
                pairs
                    .map(|(name, value)| (name, Value::String(value)))
                    .collect()
            }),
            description: request.description,
            payment_detail: request.payment_detail,
            restricted_payment_options: request.restricted_payment_options,
        };
        Self {
            id,
            merchant_id: request.order_id,
            amount: request.amount.value,
            status: OrderStatus::Created,
            attempts: Vec::new(),
            created: now,
            modified: now,
            return_url: boxed(request.return_url),
            notify_url: boxed(request.notify_url),
            rest: match rest.is_empty() {
                true => None,
                false => to_raw_value(&rest).ok(),
            },
        }
    }

    /// What else the merchant said of it.
    pub(crate) fn rest(&self) -> Rest {
        read(self.rest.as_deref()).unwrap_or_default()
    }

    /// The payer has said who he is.
    pub(crate) fn set_customer(&mut self, info: CustomerDetail, now: Moment) {
        let rest = Rest {
            customer_info: Some(info),
            ..self.rest()
        };
        self.rest = to_raw_value(&rest).ok();
        self.modified = now;
    }

    /// The customer came to the checkout page.
    pub(crate) fn render(&mut self, now: Moment) {
        if self.status == OrderStatus::Created {
            self.becomes(OrderStatus::CheckoutRendered, now);
        }
    }

    /// Whether it can still be paid, cancelled or run out.
    pub(crate) fn still_open(&self) -> Result<(), Refused> {
        match self.status {
            OrderStatus::Paid | OrderStatus::Cancelled | OrderStatus::Expired => {
                Err(Refused::OrderOver(self.status.clone()))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn becomes(&mut self, status: OrderStatus, now: Moment) {
        self.status = status;
        self.modified = now;
    }

    /// The attempt that shows how it stands: the one that paid it, else the last that was made;
    /// none where the order was given up or ran out.
    pub(crate) fn tells_of<'a>(&self, attempts: &'a Table<Attempt>) -> Option<&'a Attempt> {
        let made = self.attempts.iter().rev().map(|row| &attempts[*row]);
        let mut made = made.filter(|attempt| attempt.was_made());
        match self.status {
            OrderStatus::Paid => made.find(|attempt| attempt.has_paid()),
            OrderStatus::Cancelled | OrderStatus::Expired => None,
            _ => made.next(),
        }
    }

    /// The order as EnKash answers it.
    pub(crate) fn answer(&self, world: &World, attempts: &Table<Attempt>) -> Order {
        let rest = self.rest();
        let date = |moment: Moment| Some(DateTime::new(moment.iso()));
        let mut order = Order::default();
        order.order_id = Some(self.id.clone());
        order.created = date(self.created);
        order.last_modified = date(self.modified);
        order.order_date = date(self.created);
        order.merchant_order_id = Some(self.merchant_id.clone());
        order.merchant_identifier_key = Some(world.config.credentials.access_key.clone());
        order.merchant_name = Some(MERCHANT.to_owned());
        order.amount = Some(self.amount);
        order.currency = Some(CURRENCY.to_owned());
        order.return_url = self.return_url.as_deref().map(str::to_owned);
        order.notify_url = self.notify_url.as_deref().map(str::to_owned);
        order.status = Some(self.status.clone());
        order.customer_info = rest.customer_info;
        order.custom_parameters = rest.custom_parameters;
        order.payment_detail = rest.payment_detail;
        let attempts = self.attempts.iter().map(|row| &attempts[*row]);
        order.transactions = Some(
            attempts
                .filter(|attempt| attempt.was_made())
                .map(|attempt| attempt.answer(self))
                .collect(),
        );
        order
    }
}

/// What the merchant of a sandbox is called.
pub(crate) const MERCHANT: &str = "EnKash sandbox";
/// The only currency.
pub(crate) const CURRENCY: &str = "INR";

/// The orders of a sandbox, found by EnKash's id and by the merchant's.
#[derive(Default)]
pub(crate) struct Orders {
    table: Table<Placed>,
    merchant_ids: Texts,
}

impl Orders {
    /// Takes an order in and gives its row, unless the merchant's id was used before.
    pub(crate) fn place(&mut self, placed: Placed) -> Option<u32> {
        if self.by_merchant_id(placed.merchant_id.as_str()).is_some() {
            return None;
        }
        let row = self.table.insert(placed)?;
        self.index_row(row);
        Some(row)
    }

    fn index_row(&mut self, row: u32) {
        let table = &self.table;
        self.merchant_ids
            .insert(row, |row| table[row].merchant_id.as_str());
    }

    /// The row of the order with this id of EnKash's.
    pub(crate) fn by_id(&self, id: &str) -> Option<u32> {
        self.table.row(id)
    }

    /// The row of the order with this id of the merchant's.
    pub(crate) fn by_merchant_id(&self, id: &str) -> Option<u32> {
        self.merchant_ids
            .find(id, |row| self.table[row].merchant_id.as_str())
    }

    /// The row of the order with this id, EnKash's or the merchant's.
    pub(crate) fn find(&self, id: &str) -> Result<u32, Refused> {
        self.by_id(id)
            .or_else(|| self.by_merchant_id(id))
            .ok_or(Refused::NoOrder)
    }

    /// The order in a row, about to change.
    pub(crate) fn at_mut(&mut self, row: u32) -> &mut Placed {
        self.table.at_mut(row)
    }

    pub(crate) fn has(&self, row: u32) -> bool {
        self.table.has(row)
    }

    pub(crate) fn len(&self) -> usize {
        self.table.len()
    }

    pub(crate) fn kept(&mut self) -> &mut dyn Kept {
        &mut self.table
    }

    /// Makes the merchants' ids found, once all orders are here.
    pub(crate) fn index(&mut self, attempts: &Table<Attempt>) -> Result<(), &'static str> {
        for (row, placed) in (0..).zip(self.table.iter()) {
            if !placed.attempts.iter().all(|row| attempts.has(*row)) {
                return Err("an order has a payment that is not there");
            }
            let table = &self.table;
            self.merchant_ids
                .insert(row, |row| table[row].merchant_id.as_str());
        }
        Ok(())
    }
}

impl Index<u32> for Orders {
    type Output = Placed;

    fn index(&self, row: u32) -> &Placed {
        &self.table[row]
    }
}

/// The customer gave an order up.
pub(crate) fn cancel(state: &mut State, row: u32) -> Result<(), Refused> {
    end(state, row, OrderStatus::Cancelled)
}

/// The time of an order was up.
pub(crate) fn expire(state: &mut State, row: u32) -> Result<(), Refused> {
    end(state, row, OrderStatus::Expired)
}

fn end(state: &mut State, row: u32, status: OrderStatus) -> Result<(), Refused> {
    state.orders[row].still_open()?;
    let now = state.now;
    state.orders.at_mut(row).becomes(status, now);
    attempts::close_all(state, row);
    Ok(())
}

/// `create_order`.
pub(crate) fn create(
    world: &Arc<World>,
    request: Valid<CreateOrder>,
) -> Result<CreatedOrder, Instead> {
    let mut state = world.state();
    let state = &mut *state;
    let id = state.ids.order(state.now);
    let placed = Placed::new(id.clone(), request.into_inner(), state.now);
    // Payouts document 409 for an id that exists; for orders nothing is documented.
    if state.orders.place(placed).is_none() {
        return Err(Instead::refuse(409, "orderId: was used before"));
    }
    let mut created = CreatedOrder::default();
    created.redirection_url = Some(format!("{}{}", world.url, page(&id)).into());
    created.order_id = Some(id);
    Ok(created)
}

/// Path of an order's checkout page.
pub(crate) fn page(id: &OrderId) -> String {
    format!("/v1/pay/{id}")
}

/// `get_order_status`.
pub(crate) fn status(world: &Arc<World>, request: Valid<GetOrderStatus>) -> Result<Order, Instead> {
    let state = world.state();
    let row = state.orders.by_id(request.order_id.as_str());
    let row = row.ok_or_else(|| {
        Instead::refuse(
            404,
            "no order has this id; an order is read by EnKash's id of it, not the merchant's",
        )
    })?;
    Ok(state.orders[row].answer(world, &state.attempts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use enkash_types::gateway::CreateOrder;

    /// A million of them are held in at most as many KiB.
    #[test]
    fn an_order_is_small() {
        let request = CreateOrder::new("INV2041", Rupees::from_paise(49_950));
        let id = OrderId::new("ORD1784195236818VZuxB");
        let placed = Placed::new(id, request, Moment::default());
        assert!(placed.rest.is_none(), "what is not said takes no room");
        // The vector of orders may be up to half empty, and each index takes up to 12 bytes.
        let inline = 2 * (size_of::<Placed>() + 12);
        let heap = placed.id.as_str().len() + placed.merchant_id.as_str().len();
        assert!(inline + heap <= 512, "{inline} + {heap}");
    }
}
