//! Refunds.

use serde::{Deserialize, Serialize};

use super::payments::TransactionId;
use crate::endpoint::endpoint;
use crate::rupees::payable;
use crate::text::{not_empty, shown_text};
use crate::valid::rules;
use crate::{DateTime, Extra, Rupees};

shown_text! {
    /// The merchant's own id of a refund, minted by the merchant: unique for each refund.
    ///
    /// Neither an alphabet nor a limit of length is documented, nor what EnKash answers to an id
    /// that was used before.
    ///
    /// EnKash documentation: *Refund*, field `requestId`.
    RefundRequestId,
    check: not_empty,
    schema: {"type": "string"}
}

/// Gives back a part or all of what a payment brought.
///
/// ```
/// use enkash_types::gateway::RefundPayment;
/// use enkash_types::{Rupees, Valid};
///
/// let mut refund =
///     RefundPayment::new("EK1743074262175e8KIO", Rupees::from_paise(10_050), "RFND2041");
/// refund.remarks = Some("One item was out of stock".to_owned());
/// let refund = Valid::check(refund)?;
///
/// let wrong = Valid::check(RefundPayment::new("EK1", Rupees::ZERO, "")).unwrap_err();
/// assert_eq!(
///     wrong.to_string(),
///     "amount: must be at least 0.01 rupees; requestId: must not be empty",
/// );
/// # Ok::<(), enkash_types::Violations>(())
/// ```
///
/// Only a successful payment can be refunded, several times as long as there is something left.
/// The sum comes from the merchant's recharge account, which has to hold it. An account that is
/// inactive or frozen can't be refunded to: ask the customer for another.
///
/// EnKash documentation: *Refund*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct RefundPayment {
    /// EnKash's id of the successful payment.
    pub transaction_id: TransactionId,
    /// Sum to give back, in rupees with up to two decimals. It is sent as a number, as the page's
    /// schema has it; the page's newest example has a text.
    #[cfg_attr(feature = "schema", schemars(range(min = 0.01)))]
    pub amount: Rupees,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remarks: Option<String>,
    /// The merchant's own unique id of this refund. Keep it: it is what tells one refund from two.
    pub request_id: RefundRequestId,
}

rules! {
    RefundPayment {
        transaction_id: "transactionId",
        amount: skip,
        remarks: skip,
        request_id: "requestId",
    }
    also {
        "amount" => |refund| payable(&refund.amount),
    }
}

impl RefundPayment {
    /// A refund without remarks.
    pub fn new(
        transaction_id: impl Into<TransactionId>,
        amount: Rupees,
        request_id: impl Into<RefundRequestId>,
    ) -> Self {
        Self {
            transaction_id: transaction_id.into(),
            amount,
            remarks: None,
            request_id: request_id.into(),
        }
    }
}

endpoint! {
    RefundPayment => Refund {
        name: "refund_payment",
        call: Post "/api/v0/payment/{transactionId}/refund",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Standard,
        replay: ByMerchantId("requestId"),
        docs: "Refund",
    }
}

/// A refund that was taken on.
///
/// The fields are those of the page's generated example. How a refund is followed afterwards was
/// not read.
///
/// EnKash documentation: *Refund*.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Refund {
    /// Sum that is given back, in rupees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Rupees>,
    /// How it had been paid; `NET_BANKING` in the example.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_mode: Option<String>,
    /// Code of the bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_code: Option<String>,
    /// Name of the bank.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_name: Option<String>,
    /// Currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Where the refund stands; `CREATED` in the example. Its values were not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// EnKash's id. Whether of the refund or of the payment is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<TransactionId>,
    /// What happened, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub txn_msg: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub txn_date: Option<DateTime>,
    /// Another id of the same, minted by EnKash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unique_transaction_id: Option<String>,
    /// The bank's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_transaction_id: Option<String>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}
