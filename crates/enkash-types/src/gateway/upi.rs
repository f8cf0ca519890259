//! UPI: codes to scan, links that open an app, how it went, whose address it is.

use serde::{Deserialize, Serialize};

use super::orders::{MerchantOrderId, OrderId};
use super::payments::TransactionId;
use crate::endpoint::endpoint;
use crate::valid::rules;
use crate::{Extra, Secret, Vpa};

/// Makes a QR code that pays one order.
///
/// The page says that the order's id stands in the path; an integration that was seen puts a
/// payment's there.
///
/// EnKash documentation: *Get Dynamic UPI QR*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct GetDynamicUpiQr {
    /// EnKash's id of the order.
    pub order_id: OrderId,
}

rules! {
    GetDynamicUpiQr {
        order_id: "orderId",
    }
}

impl GetDynamicUpiQr {
    /// A request for the code of an order.
    pub fn new(order_id: impl Into<OrderId>) -> Self {
        Self {
            order_id: order_id.into(),
        }
    }
}

endpoint! {
    GetDynamicUpiQr => DynamicUpiQr {
        name: "get_dynamic_upi_qr",
        call: Get "/pay/checkout/qrcode/{orderId}",
        product: Gateway,
        host: Gateway,
        auth: None,
        envelope: Standard,
        replay: Safe,
        docs: "Get Dynamic UPI QR",
    }
}

/// A QR code that pays one order.
///
/// The page's answer was not read; these are the fields that a public integration reads.
///
/// EnKash documentation: *Get Dynamic UPI QR*.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct DynamicUpiQr {
    /// The code as a PNG in base64.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr_code: Option<String>,
    /// The UPI intent that the code holds, as a text; draw a code of your own from it, or open it
    /// as a link.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr_url: Option<String>,
    /// The id to ask [`GetUpiTransactionStatus`] for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ek_pay_id: Option<TransactionId>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Reads the links that open a UPI app for a payment.
///
/// The documentation read has its name and method alone; path and answer are those of a public
/// integration.
///
/// EnKash documentation: *UPI Intent Links*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct GetUpiIntentLinks {
    /// EnKash's id of the payment.
    pub transaction_id: TransactionId,
}

rules! {
    GetUpiIntentLinks {
        transaction_id: "transactionId",
    }
}

impl GetUpiIntentLinks {
    /// A request for the links of a payment.
    pub fn new(transaction_id: impl Into<TransactionId>) -> Self {
        Self {
            transaction_id: transaction_id.into(),
        }
    }
}

endpoint! {
    GetUpiIntentLinks => UpiIntentLinks {
        name: "get_upi_intent_links",
        call: Get "/pay/checkout/upi-detail/{transactionId}",
        product: Gateway,
        host: Gateway,
        auth: None,
        envelope: Standard,
        replay: Safe,
        docs: "UPI Intent Links",
    }
}

/// Links that open a UPI app on the payer's phone; any may be missing.
///
/// The page's answer was not read; these are the fields that a public integration reads.
///
/// EnKash documentation: *UPI Intent Links*.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UpiIntentLinks {
    /// EnKash's id of the payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<TransactionId>,
    /// Opens Google Pay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gpay: Option<String>,
    /// Opens PhonePe.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phonepe: Option<String>,
    /// Opens Paytm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paytm: Option<String>,
    /// Opens any UPI app.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upi: Option<String>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Asks how a UPI payment went.
///
/// How often to ask is not documented; a public integration asks every 5 seconds for up to 5
/// minutes.
///
/// EnKash documentation: *Get UPI Transaction Status*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct GetUpiTransactionStatus {
    /// EnKash's id of the payment; of one by QR code [`DynamicUpiQr::ek_pay_id`].
    pub transaction_id: TransactionId,
}

rules! {
    GetUpiTransactionStatus {
        transaction_id: "transactionId",
    }
}

impl GetUpiTransactionStatus {
    /// A question for one payment.
    pub fn new(transaction_id: impl Into<TransactionId>) -> Self {
        Self {
            transaction_id: transaction_id.into(),
        }
    }
}

endpoint! {
    GetUpiTransactionStatus => UpiTransaction {
        name: "get_upi_transaction_status",
        call: Get "/pay/checkout/status/upi/{transactionId}",
        product: Gateway,
        host: Gateway,
        auth: None,
        envelope: Standard,
        replay: Safe,
        docs: "Get UPI Transaction Status",
    }
}

crate::open_enum::open_enum! {
    /// How a UPI payment goes. These are not the states of a payment elsewhere
    /// ([`PaymentStatus`](super::PaymentStatus)).
    ///
    /// A public integration meets more than these, so be ready for [`Unknown`](Self::Unknown). It
    /// takes `PENDING_WITH_BANK` and `AUTHORIZED` for over, an empty text for
    /// [`Process`](Self::Process), and any other for a failure; the documentation says none of it.
    ///
    /// EnKash documentation: *Get UPI Transaction Status*.
    UpiStatus {
        /// Paid.
        Success = "SUCCESS",
        /// Not paid.
        Failed = "FAILED",
        /// In progress, by its name; its meaning is not spelled out.
        Process = "PROCESS",
    }
}

impl UpiStatus {
    /// Whether the payment is over by what is documented: paid or not paid. Of a state that is not
    /// documented this says `false`; read the order to know.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        matches!(self, Self::Success | Self::Failed)
    }
}

/// How a UPI payment goes.
///
/// EnKash documentation: *Get UPI Transaction Status*.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UpiTransaction {
    /// How it goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<UpiStatus>,
    /// The same in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_message: Option<String>,
    /// The order, by EnKash's id as in the notification; whose id it is, is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Asks whether a UPI address exists and whose it is.
///
/// EnKash documentation: *Verify UPI VPA*.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct VerifyUpiVpa {
    /// The merchant's own id of the order that is to be paid.
    pub merchant_order_id: MerchantOrderId,
    /// Access key of the account. Elsewhere it goes into a header, here into the body.
    pub merchant_identifier_key: Secret,
    /// The address.
    pub vpa: Vpa,
}

rules! {
    VerifyUpiVpa {
        merchant_order_id: "merchantOrderId",
        merchant_identifier_key: "merchantIdentifierKey",
        vpa: "vpa",
    }
}

impl VerifyUpiVpa {
    /// A question for one address.
    pub fn new(
        merchant_order_id: impl Into<MerchantOrderId>,
        merchant_identifier_key: impl Into<Secret>,
        vpa: impl Into<Vpa>,
    ) -> Self {
        Self {
            merchant_order_id: merchant_order_id.into(),
            merchant_identifier_key: merchant_identifier_key.into(),
            vpa: vpa.into(),
        }
    }
}

endpoint! {
    VerifyUpiVpa => VerifiedVpa {
        name: "verify_upi_vpa",
        call: Post "/pay/charge/verify-vpa",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        envelope: Standard,
        replay: Safe,
        docs: "Verify UPI VPA",
    }
}

/// Whose a UPI address is. What an address that does not exist answers is not documented.
///
/// EnKash documentation: *Verify UPI VPA*.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VerifiedVpa {
    /// The name held against the address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_documented_as_over_is_over() {
        for (status, is_over) in [
            ("SUCCESS", true),
            ("FAILED", true),
            ("PROCESS", false),
            ("PENDING_WITH_BANK", false),
            ("", false),
        ] {
            assert_eq!(UpiStatus::from(status).is_over(), is_over, "{status}");
        }
    }
}
