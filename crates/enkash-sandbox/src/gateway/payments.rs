//! Payments: the attempts to pay an order.

use std::sync::Arc;
use std::time::SystemTime;

use enkash_types::DateTime;
use enkash_types::gateway::{
    Amount, OrderId, OrderStatus, Payment, PaymentMode, PaymentStatus, TransactionId,
};
use serde_json::Value;

use super::notifications::{notification, return_fields};
use super::orders::{Over, Placed};
use crate::ids::Ids;
use crate::time::iso;
use crate::webhooks;
use crate::world::World;

/// An attempt to pay, as the sandbox keeps it. It is over at once: the sandbox asks no bank.
pub(crate) struct Attempt {
    pub(crate) id: TransactionId,
    /// The other id of it.
    pub(crate) unique_id: String,
    pub(crate) bank_id: String,
    pub(crate) mode: PaymentMode,
    pub(crate) status: PaymentStatus,
    pub(crate) created: SystemTime,
}

impl Attempt {
    fn new(ids: &mut Ids, mode: PaymentMode, status: PaymentStatus, now: SystemTime) -> Self {
        Self {
            id: ids.transaction(now),
            unique_id: ids.unique_transaction(),
            bank_id: ids.bank_transaction(),
            mode,
            status,
            created: now,
        }
    }

    /// What the order becomes by it.
    pub(crate) fn order_becomes(&self) -> OrderStatus {
        match self.status {
            PaymentStatus::Success => OrderStatus::Paid,
            _ => OrderStatus::Attempted,
        }
    }

    /// The attempt as EnKash answers it. Of its 18 fields three are documented; the others here
    /// have the names under which EnKash's own checkout reads them.
    pub(crate) fn answer(&self, amount: &Amount) -> Payment {
        let date = Some(DateTime::new(iso(self.created)));
        let mut payment = Payment::default();
        payment.transaction_id = Some(self.id.clone());
        payment.created.clone_from(&date);
        payment.last_modified = date;
        let mut extra = |name: &str, value: Value| payment.extra.insert(name.to_owned(), value);
        extra("uniqueTransactionId", self.unique_id.as_str().into());
        extra("status", self.status.as_str().into());
        extra("paymentMode", self.mode.as_str().into());
        extra("currency", amount.currency.as_str().into());
        extra(
            "amount",
            serde_json::to_value(amount.value).unwrap_or_default(),
        );
        payment
    }
}

/// What the payer, or someone in his place, does with an order.
#[derive(Debug, Clone)]
pub(crate) enum Act {
    Pay(PaymentMode),
    Fail(PaymentMode),
    Cancel,
    Expire,
}

/// What came of it.
pub(crate) struct Acted {
    pub(crate) order_id: OrderId,
    pub(crate) merchant_order_id: String,
    pub(crate) status: OrderStatus,
    pub(crate) transaction_id: Option<TransactionId>,
    /// Where the payer's browser goes now, and what it brings along.
    pub(crate) returns_to: Option<(String, Vec<(&'static str, String)>)>,
}

/// Why nothing came of it.
pub(crate) enum NotActed {
    NoOrder,
    Over(Over),
}

/// Does something with an order, and tells the merchant of the attempt if there was one.
pub(crate) fn act(world: &Arc<World>, order: &str, act: Act) -> Result<Acted, NotActed> {
    let now = world.now();
    let mut state = world.state();
    let state = &mut *state;
    let placed = state.orders.find_mut(order).ok_or(NotActed::NoOrder)?;
    let made = match act {
        Act::Pay(mode) => Some((mode, PaymentStatus::Success)),
        Act::Fail(mode) => Some((mode, PaymentStatus::Failed)),
        Act::Cancel => {
            placed.cancel(now).map_err(NotActed::Over)?;
            None
        }
        Act::Expire => {
            placed.expire(now).map_err(NotActed::Over)?;
            None
        }
    };
    let mut transaction_id = None;
    if let Some((mode, status)) = made {
        let attempt = Attempt::new(&mut state.ids, mode, status, now);
        transaction_id = Some(attempt.id.clone());
        placed.attempt(attempt, now).map_err(NotActed::Over)?;
    }
    let acted = acted(placed, transaction_id);
    let told = notification(placed)
        .filter(|_| acted.transaction_id.is_some())
        .zip(placed.request.notify_url.clone());
    if let Some((notification, url)) = told {
        webhooks::send(world, state, url.as_str(), &notification);
    }
    Ok(acted)
}

fn acted(placed: &Placed, transaction_id: Option<TransactionId>) -> Acted {
    Acted {
        order_id: placed.id.clone(),
        merchant_order_id: placed.request.order_id.to_string(),
        status: placed.status.clone(),
        returns_to: placed
            .request
            .return_url
            .as_ref()
            .map(|url| (url.to_string(), return_fields(placed))),
        transaction_id,
    }
}
