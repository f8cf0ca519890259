//! Payments: the attempts to pay an order.

use serde::{Deserialize, Serialize};

use super::orders::{Currency, OrderId};
use crate::endpoint::endpoint;
use crate::rupees::payable;
use crate::text::{part_of_a_path, shown_text};
use crate::unread;
use crate::valid::{given_if, goes_with, rules};
use crate::{
    AccountNumber, CardExpiry, CardNumber, Cvv, DateTime, Extra, Ifsc, Rupees, Vpa, WebAddress,
};

shown_text! {
    /// EnKash's id of a payment, minted by EnKash. Shapes like `EK1743074262175e8KIO` were seen;
    /// none is promised.
    ///
    /// EnKash documentation: *Get Transaction Status*, field `transactionId`.
    TransactionId,
    check: part_of_a_path,
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

impl PaymentMode {
    /// Whether a card pays, of whatever kind.
    #[must_use]
    pub const fn is_card(&self) -> bool {
        matches!(
            self,
            Self::CreditCard | Self::DebitCard | Self::PrepaidCard | Self::CorporateCard
        )
    }
}

/// Starts a payment of an order from the merchant's own page (seamless, server to server).
///
/// ```
/// use enkash_types::gateway::{PaymentDetail, PaymentMode, SubmitPayment};
/// use enkash_types::{Valid, masked};
///
/// let card = PaymentDetail::card(
///     PaymentMode::CreditCard,
///     "4111111111111111",
///     "123",
///     "12/29",
///     "Asha R",
/// );
/// let payment = Valid::check(SubmitPayment::new("ORD1784195236818VZuxB", card))?;
///
/// // For a log: no more of the card than may be shown.
/// let shown = masked(&*payment)?;
/// assert_eq!(shown["paymentDetail"]["cardNumber"], "411111XXXXXX1111");
/// assert_eq!(shown["paymentDetail"]["cvv"], "[hidden]");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// The documentation nests the fields in two ways. The guide's example has amount and currency
/// inside `paymentDetail` and all else beside it; the listing, and integrations that were seen,
/// have all of it inside. The latter is followed.
///
/// EnKash documentation: *Submit Payment Request*.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct SubmitPayment {
    /// The order to pay. Whether EnKash's id or the merchant's is meant is not documented; EnKash's
    /// is taken, as the calls that read an order take it.
    pub order_id: OrderId,
    /// How it is paid. Optional in the listing, which then would not say how to pay.
    pub payment_detail: PaymentDetail,
}

rules! {
    SubmitPayment {
        order_id: "orderId",
        payment_detail: "paymentDetail",
    }
}

impl SubmitPayment {
    /// A payment of an order.
    pub fn new(order_id: impl Into<OrderId>, payment_detail: PaymentDetail) -> Self {
        Self {
            order_id: order_id.into(),
            payment_detail,
        }
    }
}

endpoint! {
    SubmitPayment => SubmittedPayment {
        name: "submit_payment",
        call: Post "/api/v0/payment/submit",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Any,
        replay: Never,
        docs: "Submit Payment Request",
    }
}

/// How an order is paid, and with what.
///
/// | mode | needs |
/// |---|---|
/// | the four card modes | [`card`](Self::card): number, CVV, expiry, name on the card |
/// | `NET_BANKING` | [`net_banking`](Self::net_banking): code of the bank |
/// | `WALLET` | [`wallet`](Self::wallet): code of the wallet |
/// | `PAY_LATER` | [`pay_later`](Self::pay_later): id of the option, code of the bank |
/// | `UPI` | [`upi`](Self::upi): UPI address; account and IFSC as well for third-party validation |
///
/// What belongs to another mode may stand here too: no rule against it is documented.
///
/// EnKash documentation: *Submit Payment Request*.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct PaymentDetail {
    /// How. (The listing marks it required and yet allows `null`; it is required here.)
    pub payment_mode: PaymentMode,
    /// Sum in rupees; in the guide's example alone, which does not say whether it may differ from
    /// that of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.01)))]
    pub amount: Option<Rupees>,
    /// Its currency; in the guide's example alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<Currency>,
    /// Name on the card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_holder_name: Option<String>,
    /// Number of the card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub card_number: Option<CardNumber>,
    /// Security code of the card.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cvv: Option<Cvv>,
    /// Month in which the card expires, `MM/YY`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry: Option<CardExpiry>,
    /// EnKash's code of the bank or wallet. The list of codes was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_code: Option<String>,
    /// Id of a pay-later option. The call that lists them was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bnpl_payment_option_id: Option<String>,
    /// The payer's UPI address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vpa: Option<Vpa>,
    /// The account that has to pay, where UPI with third-party validation is used; 9 to 36
    /// characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_number: Option<AccountNumber>,
    /// IFSC of that account's branch; both go together.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ifsc: Option<Ifsc>,
}

rules! {
    PaymentDetail {
        payment_mode: "paymentMode",
        amount: skip,
        currency: "currency",
        card_holder_name: skip,
        card_number: "cardNumber",
        cvv: "cvv",
        expiry: "expiry",
        bank_code: skip,
        bnpl_payment_option_id: skip,
        vpa: "vpa",
        account_number: "accountNumber",
        ifsc: "ifsc",
    }
    also {
        "amount" => |detail| detail.amount.as_ref().map_or(Ok(()), payable),
        "cardHolderName" => |detail| detail.needs_for_a_card(has_text(&detail.card_holder_name)),
        "cardNumber" => |detail| detail.needs_for_a_card(detail.card_number.is_some()),
        "cvv" => |detail| detail.needs_for_a_card(detail.cvv.is_some()),
        "expiry" => |detail| detail.needs_for_a_card(detail.expiry.is_some()),
        "bankCode" => |detail| given_if(
            matches!(
                detail.payment_mode,
                PaymentMode::NetBanking | PaymentMode::Wallet | PaymentMode::PayLater
            ),
            has_text(&detail.bank_code),
            "must be given for net banking, a wallet or pay-later",
        ),
        "bnplPaymentOptionId" => |detail| given_if(
            detail.payment_mode == PaymentMode::PayLater,
            has_text(&detail.bnpl_payment_option_id),
            "must be given for pay-later",
        ),
        "vpa" => |detail| given_if(
            detail.payment_mode == PaymentMode::Upi,
            detail.vpa.is_some(),
            "must be given for UPI",
        ),
        "accountNumber" => |detail| goes_with(&detail.account_number, &detail.ifsc, "must be given, since ifsc is"),
        "ifsc" => |detail| goes_with(&detail.ifsc, &detail.account_number, "must be given, since accountNumber is"),
    }
}

fn has_text(field: &Option<String>) -> bool {
    field.as_ref().is_some_and(|text| !text.is_empty())
}

impl PaymentDetail {
    /// Nothing but the mode; the fields that it needs are to be set. See the table above.
    #[must_use]
    pub fn new(payment_mode: PaymentMode) -> Self {
        Self {
            payment_mode,
            amount: None,
            currency: None,
            card_holder_name: None,
            card_number: None,
            cvv: None,
            expiry: None,
            bank_code: None,
            bnpl_payment_option_id: None,
            vpa: None,
            account_number: None,
            ifsc: None,
        }
    }

    /// By card: its kind, its number, its security code, its expiry as `MM/YY`, the name on it.
    pub fn card(
        kind: PaymentMode,
        number: impl Into<CardNumber>,
        cvv: impl Into<Cvv>,
        expiry: impl Into<CardExpiry>,
        holder: impl Into<String>,
    ) -> Self {
        Self {
            card_holder_name: Some(holder.into()),
            card_number: Some(number.into()),
            cvv: Some(cvv.into()),
            expiry: Some(expiry.into()),
            ..Self::new(kind)
        }
    }

    /// By UPI: the payer is asked on the phone that this address belongs to.
    pub fn upi(vpa: impl Into<Vpa>) -> Self {
        Self {
            vpa: Some(vpa.into()),
            ..Self::new(PaymentMode::Upi)
        }
    }

    /// By net banking with the bank of this code.
    pub fn net_banking(bank_code: impl Into<String>) -> Self {
        Self {
            bank_code: Some(bank_code.into()),
            ..Self::new(PaymentMode::NetBanking)
        }
    }

    /// From the wallet of this code, which travels as `bankCode`.
    pub fn wallet(code: impl Into<String>) -> Self {
        Self {
            bank_code: Some(code.into()),
            ..Self::new(PaymentMode::Wallet)
        }
    }

    /// Now bought, later paid, by this option with the bank of this code.
    pub fn pay_later(option_id: impl Into<String>, bank_code: impl Into<String>) -> Self {
        Self {
            bnpl_payment_option_id: Some(option_id.into()),
            bank_code: Some(bank_code.into()),
            ..Self::new(PaymentMode::PayLater)
        }
    }

    fn needs_for_a_card(&self, is_given: bool) -> Result<(), crate::Broken> {
        given_if(
            self.payment_mode.is_card(),
            is_given,
            "must be given for a card",
        )
    }
}

/// A payment that was started, in an answer that was not read.
///
/// All of it is in [`extra`](Self::extra), an answer that is no object under `payload`. The
/// functions look for the names that EnKash's other calls use; what they don't find may be there
/// under another.
///
/// EnKash documentation: *Submit Payment Request*.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
#[non_exhaustive]
pub struct SubmittedPayment {
    /// The fields that EnKash sent.
    #[serde(deserialize_with = "unread::whatever")]
    pub extra: Extra,
}

impl SubmittedPayment {
    /// A payment of which the id is known.
    pub fn new(transaction_id: impl Into<TransactionId>) -> Self {
        let id = transaction_id.into();
        Self {
            extra: Extra::from_iter([("transactionId".to_owned(), id.as_str().into())]),
        }
    }

    /// EnKash's id of the payment, if it stands under `transactionId`.
    #[must_use]
    pub fn transaction_id(&self) -> Option<TransactionId> {
        unread::text(&self.extra, &["transactionId"]).map(TransactionId::from)
    }

    /// Where the payment stands, if that is told under `transactionStatus` or `status`.
    #[must_use]
    pub fn status(&self) -> Option<PaymentStatus> {
        status_in(&self.extra)
    }

    /// Where the payer's browser has to go on, to a bank for instance, if that stands under
    /// `redirectionUrl`.
    #[must_use]
    pub fn redirection_url(&self) -> Option<WebAddress> {
        unread::text(&self.extra, &["redirectionUrl"]).map(WebAddress::from)
    }

    /// The id that [`ValidatePaymentOtp`](super::ValidatePaymentOtp) asks for, if it stands under
    /// `ekPayId`. Where that id comes from is not documented.
    #[must_use]
    pub fn ek_pay_id(&self) -> Option<TransactionId> {
        unread::text(&self.extra, &["ekPayId"]).map(TransactionId::from)
    }
}

/// Both names are in use, in the notification and in what the checkout reads.
fn status_in(fields: &Extra) -> Option<PaymentStatus> {
    unread::text(fields, &["transactionStatus", "status"]).map(PaymentStatus::from)
}

/// Reads one payment.
///
/// EnKash documentation: *Get Transaction Status*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct GetTransactionStatus {
    /// EnKash's id of the payment.
    pub transaction_id: TransactionId,
}

rules! {
    GetTransactionStatus {
        transaction_id: "transactionId",
    }
}

impl GetTransactionStatus {
    /// A request for one payment.
    pub fn new(transaction_id: impl Into<TransactionId>) -> Self {
        Self {
            transaction_id: transaction_id.into(),
        }
    }
}

endpoint! {
    GetTransactionStatus => Payment {
        name: "get_transaction_status",
        call: Get "/api/v0/payment/{transactionId}",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Standard,
        replay: Safe,
        docs: "Get Transaction Status",
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

impl Payment {
    /// Where the payment stands, if that is told under `transactionStatus` or `status`: the names
    /// that the notification and the checkout's short form of this answer use. Which of them the
    /// unread fields have is not known.
    #[must_use]
    pub fn status(&self) -> Option<PaymentStatus> {
        status_in(&self.extra)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_submitted_is_found_under_the_names_used_elsewhere() {
        let submitted: SubmittedPayment = serde_json::from_str(
            r#"{"transactionId":"EK1743074262175e8KIO","transactionStatus":"PENDING_WITH_BANK",
                "redirectionUrl":"https://bank.example.in/pay","ekPayId":"EK1","dauth":true}"#,
        )
        .unwrap();
        assert_eq!(
            submitted.transaction_id(),
            Some("EK1743074262175e8KIO".into())
        );
        assert_eq!(submitted.status(), Some(PaymentStatus::PendingWithBank));
        assert_eq!(
            submitted.redirection_url(),
            Some("https://bank.example.in/pay".into())
        );
        assert_eq!(submitted.ek_pay_id(), Some("EK1".into()));
        assert_eq!(submitted.extra["dauth"], true);
        assert_eq!(
            SubmittedPayment::new("EK1").transaction_id(),
            Some("EK1".into())
        );
    }

    /// An answer that was lost to a reader would leave the merchant without the payment's id.
    #[test]
    fn no_answer_to_a_submission_is_unreadable() {
        for (answer, kept) in [
            (
                r#""https://bank.example.in/pay""#,
                r#"{"payload":"https://bank.example.in/pay"}"#,
            ),
            (r#"["EK1"]"#, r#"{"payload":["EK1"]}"#),
            ("null", "{}"),
            (r#"{"transactionId":7}"#, r#"{"transactionId":7}"#),
        ] {
            let submitted: SubmittedPayment = serde_json::from_str(answer).unwrap();
            assert_eq!(submitted.transaction_id(), None);
            assert_eq!(serde_json::to_string(&submitted).unwrap(), kept);
        }
    }

    #[test]
    fn the_state_of_a_payment_is_found_among_the_fields_that_were_not_read() {
        let state = |json: &str| serde_json::from_str::<Payment>(json).unwrap().status();
        assert_eq!(
            state(r#"{"status":"SUCCESS"}"#),
            Some(PaymentStatus::Success)
        );
        assert_eq!(
            state(r#"{"status":"PAID","transactionStatus":"REFUNDED"}"#),
            Some(PaymentStatus::Refunded)
        );
        assert_eq!(state(r#"{"status":null}"#), None);
    }
}
