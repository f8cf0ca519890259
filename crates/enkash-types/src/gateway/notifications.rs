//! What EnKash tells the merchant of a payment.

use serde::{Deserialize, Serialize};

use super::orders::OrderId;
use super::payments::TransactionId;
use crate::endpoint::webhook;
use crate::{DateTime, Extra, Rupees, Secret};

/// EnKash tells the merchant's `notifyUrl` how a payment went.
///
/// **It proves nothing by itself.** The documentation does not say how `checksum` is computed, so
/// anyone who knows the address can send one. Read the order back before you believe it.
///
/// Every field is marked required there, card fields included, whatever the payment mode; the ids
/// and states alone are taken as given here. `status`, `orderStatus` and `transactionStatus` are
/// texts without a documented set of values.
///
/// EnKash documentation: *Payment Notify Request*.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PaymentNotification {
    /// EnKash's id of the order.
    pub order_id: OrderId,
    /// EnKash's id of the payment.
    pub transaction_id: TransactionId,
    /// Where the order stands.
    pub order_status: String,
    /// Where the payment stands.
    pub transaction_status: String,
    /// Outcome; a public integration takes `PAID` and `SUCCESS` as paid, here and in the two above.
    pub status: String,
    /// Sum of the order, in rupees.
    pub amount: Rupees,
    /// What the customer paid, in rupees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub final_amount: Option<Rupees>,
    /// Sum of the payment, in rupees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_amount: Option<Rupees>,
    /// Surcharge, in rupees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surcharge: Option<Rupees>,
    /// GST on the surcharge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surcharge_gst: Option<Rupees>,
    /// What the merchant is charged (merchant discount rate), in rupees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mdr: Option<Rupees>,
    /// GST on that charge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mdr_gst: Option<Rupees>,
    /// Currency, `INR`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// How it was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_mode: Option<String>,
    /// Code of the bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_code: Option<String>,
    /// Name of the bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_name: Option<String>,
    /// Scheme of the card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_scheme: Option<String>,
    /// Number of the card, masked by EnKash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub masked_card_number: Option<String>,
    /// Name on the card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_holder_name: Option<String>,
    /// Token of a saved card or account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_token: Option<Secret>,
    /// What happened, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub txn_msg: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub txn_date: Option<DateTime>,
    /// Another id of the same payment, minted by EnKash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unique_transaction_id: Option<String>,
    /// The bank's id of the payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_transaction_id: Option<String>,
    /// Of no use until EnKash says how it is computed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub checksum: Option<String>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

impl PaymentNotification {
    /// A notification with what it must have.
    pub fn new(
        order_id: impl Into<OrderId>,
        transaction_id: impl Into<TransactionId>,
        amount: Rupees,
    ) -> Self {
        Self {
            order_id: order_id.into(),
            transaction_id: transaction_id.into(),
            order_status: String::new(),
            transaction_status: String::new(),
            status: String::new(),
            amount,
            final_amount: None,
            transaction_amount: None,
            surcharge: None,
            surcharge_gst: None,
            mdr: None,
            mdr_gst: None,
            currency: None,
            payment_mode: None,
            bank_code: None,
            bank_name: None,
            card_scheme: None,
            masked_card_number: None,
            card_holder_name: None,
            payment_token: None,
            txn_msg: None,
            txn_date: None,
            unique_transaction_id: None,
            bank_transaction_id: None,
            checksum: None,
            extra: Extra::new(),
        }
    }
}

webhook! {
    PaymentNotification {
        name: "notify_payment",
        product: Gateway,
        docs: "Payment Notify Request",
    }
}
