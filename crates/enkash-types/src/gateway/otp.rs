//! The OTP of a card payment that the customer types on the merchant's own page.

use serde::{Deserialize, Serialize};

use super::orders::OrderId;
use super::payments::TransactionId;
use crate::endpoint::endpoint;
use crate::unread;
use crate::valid::rules;
use crate::{DateTime, Extra, Secret};

/// Hands in the OTP that the customer typed.
///
/// The page is marked as being developed, and lists no header.
///
/// EnKash documentation: *Validate OTP*.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct ValidatePaymentOtp {
    /// EnKash's id of the payment to be authorised. Where it comes from is not documented; the
    /// answer with a dynamic QR code has a field of this name, which names a payment.
    pub ek_pay_id: TransactionId,
    /// What the customer typed. How long an OTP is, is not documented.
    pub otp: Secret,
    /// How it is computed is not documented, so it can be left out and is sent as it is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_sum: Option<String>,
}

rules! {
    ValidatePaymentOtp {
        ek_pay_id: "ekPayId",
        otp: "otp",
        check_sum: skip,
    }
}

impl ValidatePaymentOtp {
    /// An OTP for a payment, without a checksum.
    pub fn new(ek_pay_id: impl Into<TransactionId>, otp: impl Into<Secret>) -> Self {
        Self {
            ek_pay_id: ek_pay_id.into(),
            otp: otp.into(),
            check_sum: None,
        }
    }
}

endpoint! {
    ValidatePaymentOtp => OtpValidated {
        name: "validate_payment_otp",
        call: Post "/pay/otp/validate",
        product: Gateway,
        host: Gateway,
        auth: None,
        envelope: Standard,
        replay: Never,
        docs: "Validate OTP",
    }
}

/// How the payment went on after its OTP. Read the order back before you believe it.
///
/// EnKash documentation: *Validate OTP*.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OtpValidated {
    /// Another id of the same payment, minted by EnKash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unique_transaction_id: Option<String>,
    /// The key that names the merchant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub public_identifier_key: Option<Secret>,
    /// EnKash's id of the payment.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_id: Option<TransactionId>,
    /// Sum in rupees. It is a text here, a number everywhere else, and kept as it came;
    /// `parse::<Rupees>()` reads it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// Its currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// The id of the OTP that was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub otp_reference_number: Option<String>,
    /// What happened, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub txn_message: Option<String>,
    /// Where the payment stands; its values are not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub txn_status: Option<String>,
    /// When.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub txn_date: Option<DateTime>,
    /// The order, by EnKash's id as in the notification; whose id it is, is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Sends the OTP of a payment again. A GET that is not without effect.
///
/// The page is marked as being developed, and lists no header.
///
/// EnKash documentation: *Resend OTP*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct ResendPaymentOtp {
    /// EnKash's id of the payment.
    pub enkash_transaction_id: TransactionId,
}

rules! {
    ResendPaymentOtp {
        enkash_transaction_id: "enkashTransactionId",
    }
}

impl ResendPaymentOtp {
    /// A request for another OTP.
    pub fn new(enkash_transaction_id: impl Into<TransactionId>) -> Self {
        Self {
            enkash_transaction_id: enkash_transaction_id.into(),
        }
    }
}

endpoint! {
    ResendPaymentOtp => OtpResent {
        name: "resend_payment_otp",
        call: Get "/pay/resend/otp/{enkashTransactionId}",
        product: Gateway,
        host: Gateway,
        auth: None,
        envelope: Text,
        replay: Never,
        docs: "Resend OTP",
    }
}

/// What EnKash answers after it sent an OTP again: a text, of which nothing more was read.
///
/// It is in [`extra`](Self::extra) under `payload`, or, if it is an object, its fields are.
///
/// EnKash documentation: *Resend OTP*.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
#[non_exhaustive]
pub struct OtpResent {
    /// What EnKash sent.
    #[serde(deserialize_with = "unread::whatever")]
    pub extra: Extra,
}

impl OtpResent {
    /// An answer of this text.
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            extra: Extra::from_iter([("payload".to_owned(), text.into().into())]),
        }
    }

    /// The text, if a text came.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        unread::text(&self.extra, &["payload"])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_comes_after_a_resend_is_kept() {
        let resent: OtpResent = serde_json::from_str(r#""OTP sent""#).unwrap();
        assert_eq!(resent.text(), Some("OTP sent"));
        assert_eq!(resent, OtpResent::new("OTP sent"));
        let resent: OtpResent = serde_json::from_str(r#"{"message":"OTP sent"}"#).unwrap();
        assert_eq!(resent.text(), None);
        assert_eq!(resent.extra["message"], "OTP sent");
    }
}
