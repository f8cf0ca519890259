//! Confirming a payment notification, which proves nothing by itself, by reading the order back.

use std::fmt;

use enkash_types::gateway::{
    Order, OrderId, OrderStatus, Payment, PaymentNotification, PaymentStatus,
};
use enkash_types::{Rupees, Unconfirmed};

use super::Orders;
use crate::Error;

/// What came of confirming a notification. Each is something else to do, and one alone is for
/// shipping.
#[derive(Debug, Clone)]
#[must_use = "only one of these is a payment"]
pub enum Confirmation {
    /// The order is paid. Ship it, once: that the same notification comes again, or another one of
    /// the same order, is to be expected.
    Confirmed(Box<PaidOrder>),
    /// The notification says that the order is paid, and EnKash does not say so (yet). Ship
    /// nothing; confirm it again later.
    NotYet(Box<Order>),
    /// The notification is of an attempt that did not succeed, or has not yet. Where the order is
    /// paid all the same, another attempt did it, which has a notification of its own.
    NotPaid(Box<Order>),
    /// The notification is not of this order as EnKash has it. Ship nothing, and have a person
    /// look: somebody may have made it up.
    Contradicts(Contradiction),
}

/// An order that is paid by EnKash's own word, in agreement with the notification that was
/// confirmed.
///
/// That it is the order which you expect, and the sum that you asked for, is yours to check:
/// by [`Order::merchant_order_id`] and [`amount`](Self::amount).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct PaidOrder {
    /// EnKash's id of it.
    pub order_id: OrderId,
    /// Its sum, in rupees. Surcharges that the customer paid on top are not in it.
    pub amount: Rupees,
    /// The payment that the notification names, as EnKash has it. `None` where EnKash sent no
    /// payments with the order; then the notification's id of it is not confirmed.
    pub payment: Option<Payment>,
    /// All that EnKash says of it.
    pub order: Order,
}

/// In what a notification and the order that it names differ.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Contradiction {
    /// Each difference.
    pub differences: Vec<Difference>,
    /// The order, as EnKash has it.
    pub order: Box<Order>,
}

/// One difference between a notification and the order that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Difference {
    /// The field, by its name in the notification.
    pub field: &'static str,
    /// What stands in the notification. It may be a stranger's text.
    pub notification: String,
    /// What EnKash says, if anything.
    pub enkash: Option<String>,
}

impl fmt::Display for Contradiction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the notification is not of this order as EnKash has it: ")?;
        for (index, difference) in self.differences.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{difference}")?;
        }
        Ok(())
    }
}

/// On one line, however odd the notification's text is.
impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let said = self.notification.chars().filter(|c| !c.is_control());
        let said: String = said.take(60).collect();
        match &self.enkash {
            Some(enkash) => write!(f, "{} {said} where EnKash has {enkash}", self.field),
            None => write!(f, "{} {said} of which EnKash says nothing", self.field),
        }
    }
}

impl Orders<'_> {
    /// Finds out whether a notification is true, by reading the order that it names.
    ///
    /// It is [`Confirmed`](Confirmation::Confirmed) only if EnKash's order has the same id, the
    /// same sum, and is [`Paid`](OrderStatus::Paid), and the payment that the notification names is
    /// among the order's, and a success, where EnKash sends them.
    ///
    /// ```no_run
    /// use enkash_api::gateway::Confirmation;
    /// # use enkash_api::{Client, types::{Unconfirmed, gateway::PaymentNotification}};
    /// # async fn example(client: Client, notice: Unconfirmed<PaymentNotification>)
    /// # -> Result<(), enkash_api::Error> {
    ///
    /// match client.gateway().orders().confirm(&notice).await? {
    ///     Confirmation::Confirmed(paid) => println!("ship {:?}", paid.order.merchant_order_id),
    ///     Confirmation::NotYet(_) => println!("confirm it again later"),
    ///     Confirmation::NotPaid(order) => println!("nothing to ship: {:?}", order.status),
    ///     Confirmation::Contradicts(why) => eprintln!("have a person look: {why}"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error`], which leaves the notification unconfirmed: confirm it again later. With
    /// [`ApiErrorKind::NotFound`](crate::ApiErrorKind::NotFound), or [`Error::Invalid`] for an id
    /// that cannot be one, EnKash has no such order: the notification is made up, or of another
    /// environment.
    pub async fn confirm(
        self,
        notice: &Unconfirmed<PaymentNotification>,
    ) -> Result<Confirmation, Error> {
        let order = self.get(notice.order_id().clone()).await?;
        // It is looked at to be compared, and not believed.
        Ok(compare(notice.trust_without_confirming(), order))
    }
}

fn compare(told: &PaymentNotification, order: Order) -> Confirmation {
    let payment = payment_of(told, &order);
    let mut found = Differences::default();

    let order_id = order.order_id.as_ref().map(ToString::to_string);
    found.compare("orderId", told.order_id.to_string(), order_id);
    let amount = order.amount.as_ref().map(ToString::to_string);
    found.compare("amount", told.amount.to_string(), amount);
    if let (Some(told), Some(there)) = (&told.currency, &order.currency) {
        found.compare("currency", told.clone(), Some(there.clone()));
    }
    if payment.is_none() && has_payments(&order) {
        found.add("transactionId", told.transaction_id.to_string(), None);
    }

    let said_paid = says_paid(told);
    let is_paid = order.status == Some(OrderStatus::Paid);
    if said_paid
        && let Some(status @ (OrderStatus::Cancelled | OrderStatus::Expired)) = &order.status
    {
        found.add(
            "orderStatus",
            told.order_status.clone(),
            Some(status.to_string()),
        );
    }
    if said_paid
        && is_paid
        && let Some(status) = payment.as_ref().and_then(Payment::status)
        && is_no_success(&status)
    {
        let there = Some(status.to_string());
        found.add("transactionStatus", told.transaction_status.clone(), there);
    }

    let differences = found.0;
    match (order.order_id.clone(), order.amount) {
        (Some(order_id), Some(amount)) if differences.is_empty() => match (said_paid, is_paid) {
            (true, true) => Confirmation::Confirmed(Box::new(PaidOrder {
                order_id,
                amount,
                payment,
                order,
            })),
            (true, false) => Confirmation::NotYet(Box::new(order)),
            (false, _) => Confirmation::NotPaid(Box::new(order)),
        },
        _ => Confirmation::Contradicts(Contradiction {
            differences,
            order: Box::new(order),
        }),
    }
}

/// The states are texts without a documented set of values. A public integration takes either of
/// these two as paid, in each of the three.
fn says_paid(told: &PaymentNotification) -> bool {
    [&told.order_status, &told.transaction_status, &told.status]
        .iter()
        .all(|status| matches!(status.as_str(), "PAID" | "SUCCESS"))
}

/// Whether EnKash sent payments with the order, by which one can be looked for.
fn has_payments(order: &Order) -> bool {
    let mut payments = order.transactions.iter().flatten();
    payments.any(|payment| payment.transaction_id.is_some())
}

/// The payment that the notification names, if the order has it.
fn payment_of(told: &PaymentNotification, order: &Order) -> Option<Payment> {
    let mut payments = order.transactions.iter().flatten();
    let named =
        payments.find(|payment| payment.transaction_id.as_ref() == Some(&told.transaction_id));
    named.cloned()
}

/// Whether a payment did not succeed, or has been given back since. A state that is not documented
/// does not count: where it stands in the answer is not documented either.
fn is_no_success(status: &PaymentStatus) -> bool {
    !matches!(status, PaymentStatus::Success | PaymentStatus::Unknown(_))
}

#[derive(Default)]
struct Differences(Vec<Difference>);

impl Differences {
    fn compare(&mut self, field: &'static str, notification: String, enkash: Option<String>) {
        if enkash.as_ref() != Some(&notification) {
            self.add(field, notification, enkash);
        }
    }

    fn add(&mut self, field: &'static str, notification: String, enkash: Option<String>) {
        self.0.push(Difference {
            field,
            notification,
            enkash,
        });
    }
}
