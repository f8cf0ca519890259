//! Payments: the attempts to pay an order.

use serde::{Deserialize, Serialize};

use crate::text::{not_empty, shown_text};
use crate::{DateTime, Extra};

shown_text! {
    /// EnKash's id of a payment, minted by EnKash. Shapes like `EK1743074262175e8KIO` were seen;
    /// none is promised.
    TransactionId,
    check: not_empty,
    schema: {"type": "string"}
}

crate::open_enum::open_enum! {
    /// Where a payment stands.
    ///
    /// EnKash documentation: *Payment Lifecycle and Request Structure*.
    PaymentStatus {
        /// Payment request made.
        Created = "CREATED",
        /// The customer authorised it with the OTP, where one applies.
        Authorized = "AUTHORIZED",
        /// Waiting for the customer's bank.
        PendingWithBank = "PENDING_WITH_BANK",
        /// Paid.
        Success = "SUCCESS",
        /// Error, decline or timeout.
        Failed = "FAILED",
        /// The customer cancelled.
        Cancelled = "CANCELLED",
        /// Part of the amount was returned.
        PartiallyRefunded = "PARTIALLY_REFUNDED",
        /// All of the amount was returned.
        Refunded = "REFUNDED",
    }
}

crate::open_enum::open_enum! {
    /// How a customer pays.
    ///
    /// EnKash documentation: *Submit Payment Request*.
    PaymentMode {
        /// Net banking.
        NetBanking = "NET_BANKING",
        /// UPI.
        Upi = "UPI",
        /// Credit card.
        CreditCard = "CREDIT_CARD",
        /// Debit card.
        DebitCard = "DEBIT_CARD",
        /// Prepaid card.
        PrepaidCard = "PREPAID_CARD",
        /// Buy now, pay later.
        PayLater = "PAY_LATER",
        /// Wallet.
        Wallet = "WALLET",
        /// Corporate card.
        CorporateCard = "CORPORATE_CARD",
    }
}

/// One attempt to pay an order.
///
/// The documentation's schema has 18 fields, of which three were read; the rest of the answer is
/// kept in [`extra`](Self::extra) under the names that EnKash sends.
///
/// EnKash documentation: *Get Order Status*, *Get Transaction Status*.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Payment {
    /// EnKash's id of the payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<TransactionId>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<DateTime>,
    /// When it last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<DateTime>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}
