//! Payment links: what EnKash tells the merchant of one.

use serde::{Deserialize, Serialize};

use crate::endpoint::webhook;
use crate::{DateTime, Extra, Rupees};

crate::open_enum::open_enum! {
    /// What a [`PaymentLinkEvent`] is about.
    ///
    /// EnKash documentation: *Webhook Request*.
    PaymentLinkEventType {
        /// A payment.
        Payment = "PAYMENT",
        /// The due date.
        DueDate = "DUE_DATE",
    }
}

crate::open_enum::open_enum! {
    /// How the payment of a link went.
    ///
    /// EnKash documentation: *Webhook Request*.
    PaymentLinkPaymentStatus {
        /// Paid.
        Success = "SUCCESS",
        /// Not paid.
        Failed = "FAILED",
    }
}

/// EnKash tells the merchant that a payment link was paid, failed, or reached its due date.
///
/// **It proves nothing by itself**: it carries no checksum and no signature, and no id of an order
/// or a payment by which it could be looked up. The calls on payment links were not read, so there
/// is none here to ask EnKash with; compare sum and time with your dashboard or your settlement
/// before you act on it.
///
/// The page says that a link that ran out is reported too, and names no state for it. Where the
/// address of the listener is set is not said. The reply shown is an empty object.
///
/// EnKash documentation: *Webhook Request* (of payment links). Every field is optional there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PaymentLinkEvent {
    /// The only id in the event. It is EnKash's; that it names the payment link is likely and not
    /// said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quick_collect_request_id: Option<String>,
    /// What the event is about.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub event_type: Option<PaymentLinkEventType>,
    /// The sum, in rupees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Rupees>,
    /// How the payment went.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_status: Option<PaymentLinkPaymentStatus>,
    /// What happened, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub message: Option<String>,
    /// When it was paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_date: Option<DateTime>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

webhook! {
    PaymentLinkEvent {
        name: "receive_payment_link_event",
        product: Gateway,
        docs: "Webhook Request",
    }
}
