//! Split settlements: one payment, divided over several accounts.

use std::fmt;

use garde::{Path, Report, Validate};
use serde::{Deserialize, Serialize};

use super::orders::{Currency, OrderId};
use super::payments::{PaymentDetail, PaymentMode, SubmittedPayment, TransactionId};
use crate::endpoint::endpoint;
use crate::text::{not_empty, shown_text};
use crate::unread;
use crate::valid::rules;
use crate::{
    AccountNumber, CardExpiry, CardNumber, Cvv, Email, Extra, Ifsc, Rupees, RupeesError, Secret,
    Vpa,
};

shown_text! {
    /// EnKash's id of an account that receives shares of payments; the platform's own share needs
    /// one too.
    ///
    /// It is called `splitAccountId` where a payment is divided and `splitAccountDetailId` where
    /// the account is activated; whether the two are one value is not documented.
    SplitAccountId,
    check: not_empty,
    schema: {"type": "string"}
}

/// Registers an account that can receive shares of payments.
///
/// Neither the body of this call nor its answer was read: the caller names the fields. Those of
/// [`UpdateSplitAccount`] are a guess at them, and no more than that.
///
/// EnKash documentation: *Create Split Settlement Account*.
///
/// An account number among the fields is masked wherever a person may look, if its name ends in
/// `account`, `accountNumber` or `accountNo`; so are other secrets whose names tell.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CreateSplitAccount {
    /// The fields of the body.
    #[serde(flatten)]
    pub fields: Extra,
}

rules! {
    CreateSplitAccount {
        fields: skip,
    }
}

impl CreateSplitAccount {
    /// A request with these fields.
    #[must_use]
    pub fn new(fields: Extra) -> Self {
        Self { fields }
    }
}

endpoint! {
    CreateSplitAccount => SplitAccount {
        name: "create_split_account",
        call: Post "/api/v0/split-account",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Any,
        replay: Never,
        docs: "Create Split Settlement Account",
    }
}

crate::open_enum::open_enum! {
    /// How long after a payment its share is settled.
    ///
    /// EnKash documentation: *Update Split Settlement Account*, which does not spell the values
    /// out; by their names they are the days after that of the payment.
    SettlementCycle {
        /// On the day of the payment.
        T0 = "T0",
        /// One day later.
        T1 = "T1",
        /// Two days later.
        T2 = "T2",
    }
}

/// Changes a split account.
///
/// The page that was read is an older one, marked as still being developed, which says `POST`; the
/// newest list of calls says `PATCH`, which is followed. The page also has a query parameter whose
/// name begins with `s` and was cut off: most likely the id of the account, which is nowhere else.
/// **Without its name it can't be sent**, so try this call on the test host before you rely on it.
///
/// The answer was not read.
///
/// EnKash documentation: *Update Split Settlement Account*.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct UpdateSplitAccount {
    /// An access key; whether the merchant's or one of the split account is not documented.
    pub access_key: Secret,
    /// Name of the account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// E-mail address of its holder.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Phone number of its holder; its form is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// How long after a payment its share is settled.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement_cycle: Option<SettlementCycle>,
    /// When it is settled; its form is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement_schedule: Option<String>,
    /// Whether its holder may use the dashboard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dashboard_access: Option<bool>,
    /// The holder's income-tax number (PAN).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pan: Option<String>,
    /// The holder's GST number (GSTIN).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gstin: Option<String>,
    /// Number of the bank account that its shares are paid to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_number: Option<AccountNumber>,
    /// IFSC of the branch of that bank account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ifsc: Option<Ifsc>,
}

rules! {
    UpdateSplitAccount {
        access_key: "accessKey",
        name: skip,
        email: "email",
        phone: skip,
        settlement_cycle: "settlementCycle",
        settlement_schedule: skip,
        dashboard_access: skip,
        pan: skip,
        gstin: skip,
        account_number: "accountNumber",
        ifsc: "ifsc",
    }
}

impl UpdateSplitAccount {
    /// A request that changes nothing yet.
    pub fn new(access_key: impl Into<Secret>) -> Self {
        Self {
            access_key: access_key.into(),
            name: None,
            email: None,
            phone: None,
            settlement_cycle: None,
            settlement_schedule: None,
            dashboard_access: None,
            pan: None,
            gstin: None,
            account_number: None,
            ifsc: None,
        }
    }
}

endpoint! {
    UpdateSplitAccount => SplitAccount {
        name: "update_split_account",
        call: Patch "/api/v0/split-account",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Any,
        replay: Never,
        docs: "Update Split Settlement Account",
    }
}

/// Lets a split account that was deactivated receive money again. The answer was not read.
///
/// EnKash documentation: *Activate Split Settlement Account*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct ActivateSplitAccount {
    /// EnKash's id of the account. It travels in the query, though the method is `PATCH`.
    pub split_account_detail_id: SplitAccountId,
}

rules! {
    ActivateSplitAccount {
        split_account_detail_id: "splitAccountDetailId",
    }
}

impl ActivateSplitAccount {
    /// A request for one account.
    pub fn new(split_account_detail_id: impl Into<SplitAccountId>) -> Self {
        Self {
            split_account_detail_id: split_account_detail_id.into(),
        }
    }
}

endpoint! {
    ActivateSplitAccount => SplitAccount {
        name: "activate_split_account",
        call: Patch "/api/v0/split-account/activate",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        query: ["splitAccountDetailId"],
        envelope: Any,
        replay: Safe,
        docs: "Activate Split Settlement Account",
    }
}

/// A split account, in an answer that was not read.
///
/// All of it is in [`extra`](Self::extra), an answer that is no object under `payload`. An account
/// number in it is masked wherever a person may look, as in [`CreateSplitAccount`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
#[non_exhaustive]
pub struct SplitAccount {
    /// The fields that EnKash sent.
    #[serde(deserialize_with = "unread::whatever")]
    pub extra: Extra,
}

impl SplitAccount {
    /// An account of which the id is known.
    pub fn new(id: impl Into<SplitAccountId>) -> Self {
        let id = id.into();
        Self {
            extra: Extra::from_iter([("splitAccountId".to_owned(), id.as_str().into())]),
        }
    }

    /// EnKash's id of the account, if it stands under `splitAccountId` or `splitAccountDetailId`,
    /// as requests call it.
    #[must_use]
    pub fn id(&self) -> Option<SplitAccountId> {
        unread::text(&self.extra, &["splitAccountId", "splitAccountDetailId"])
            .map(SplitAccountId::from)
    }

    /// Where the account stands, if that is told under `status`, as elsewhere.
    #[must_use]
    pub fn status(&self) -> Option<&str> {
        unread::text(&self.extra, &["status"])
    }
}

/// Starts a payment of an order together with the rule that divides it.
///
/// It is the call of [`SubmitPayment`](super::SubmitPayment) and keeps the same rules, but this page
/// has the fields of the payment one level higher: on the wire `paymentDetail` holds amount and
/// currency alone. **The name of the member that holds the split was not read**; put it into
/// [`extra`](Self::extra) as EnKash tells you, or pay without it and divide the payment afterwards
/// with [`EditSplitSettlement`], whose page was read.
///
/// ```
/// use enkash_types::gateway::{PaymentDetail, SplitSettlement, SplitShare, SubmitPaymentWithSplit};
/// use enkash_types::{Rupees, Valid};
///
/// let split = SplitSettlement::flat(vec![
///     SplitShare::new("SPLIT1", Rupees::from_paise(45_000)),
///     SplitShare::new("SPLIT2", Rupees::from_paise(4_950)),
/// ]);
/// let mut payment = SubmitPaymentWithSplit::new("ORD1", PaymentDetail::upi("asha@examplebank"));
/// // By the name that EnKash gave you:
/// payment.extra.insert("splitSettlement".to_owned(), serde_json::to_value(split)?);
/// let payment = Valid::check(payment)?;
///
/// assert_eq!(serde_json::to_value(&*payment)?["vpa"], "asha@examplebank");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// EnKash documentation: *Submit Payment with Split Details*, and for the fields from the card's
/// number on the guide *Payment Lifecycle and Request Structure*. The answer was not read.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(from = "Wire", into = "Wire")]
#[non_exhaustive]
pub struct SubmitPaymentWithSplit {
    /// EnKash's id of the order to pay.
    pub order_id: OrderId,
    /// How it is paid.
    pub payment_detail: PaymentDetail,
    /// The split, and whatever else the page has: the names were not read.
    pub extra: Extra,
}

impl SubmitPaymentWithSplit {
    /// A payment of an order; the split goes into `extra`.
    pub fn new(order_id: impl Into<OrderId>, payment_detail: PaymentDetail) -> Self {
        Self {
            order_id: order_id.into(),
            payment_detail,
            extra: Extra::new(),
        }
    }
}

endpoint! {
    SubmitPaymentWithSplit => SubmittedPayment {
        name: "submit_payment_with_split",
        call: Post "/api/v0/payment/submit",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Any,
        replay: Never,
        docs: "Submit Payment with Split Details",
    }
}

/// The rules of [`PaymentDetail`], each told of the place where its field travels.
impl Validate for SubmitPaymentWithSplit {
    type Context = ();

    fn validate_into(&self, (): &(), parent: &mut dyn FnMut() -> Path, report: &mut Report) {
        let order_id = &mut || parent().join("orderId");
        self.order_id.validate_into(&(), order_id, report);

        let mut broken = Report::new();
        let detail = &mut Path::empty;
        self.payment_detail.validate_into(&(), detail, &mut broken);
        for (field, error) in broken.into_inner() {
            let field = field.to_string();
            let place = match field.as_str() {
                "amount" | "currency" => parent().join("paymentDetail"),
                _ => parent(),
            };
            report.append(place.join(field), error);
        }
    }
}

/// [`SubmitPaymentWithSplit`] as it travels.
#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(title = "SubmitPaymentWithSplit"))]
#[serde(rename_all = "camelCase")]
struct Wire {
    order_id: OrderId,
    payment_mode: PaymentMode,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_detail: Option<WireDetail>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_holder_name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    card_number: Option<CardNumber>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cvv: Option<Cvv>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiry: Option<CardExpiry>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bank_code: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    bnpl_payment_option_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    vpa: Option<Vpa>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account_number: Option<AccountNumber>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ifsc: Option<Ifsc>,
    #[serde(flatten)]
    extra: Extra,
}

#[derive(Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct WireDetail {
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.01)))]
    amount: Option<Rupees>,
    #[serde(skip_serializing_if = "Option::is_none")]
    currency: Option<Currency>,
}

impl From<Wire> for SubmitPaymentWithSplit {
    fn from(wire: Wire) -> Self {
        let (amount, currency) = match wire.payment_detail {
            Some(detail) => (detail.amount, detail.currency),
            None => (None, None),
        };
        Self {
            order_id: wire.order_id,
            payment_detail: PaymentDetail {
                payment_mode: wire.payment_mode,
                amount,
                currency,
                card_holder_name: wire.card_holder_name,
                card_number: wire.card_number,
                cvv: wire.cvv,
                expiry: wire.expiry,
                bank_code: wire.bank_code,
                bnpl_payment_option_id: wire.bnpl_payment_option_id,
                vpa: wire.vpa,
                account_number: wire.account_number,
                ifsc: wire.ifsc,
            },
            extra: wire.extra,
        }
    }
}

impl From<SubmitPaymentWithSplit> for Wire {
    fn from(payment: SubmitPaymentWithSplit) -> Self {
        let detail = payment.payment_detail;
        let is_stated = detail.amount.is_some() || detail.currency.is_some();
        Self {
            order_id: payment.order_id,
            payment_mode: detail.payment_mode,
            payment_detail: is_stated.then_some(WireDetail {
                amount: detail.amount,
                currency: detail.currency,
            }),
            card_holder_name: detail.card_holder_name,
            card_number: detail.card_number,
            cvv: detail.cvv,
            expiry: detail.expiry,
            bank_code: detail.bank_code,
            bnpl_payment_option_id: detail.bnpl_payment_option_id,
            vpa: detail.vpa,
            account_number: detail.account_number,
            ifsc: detail.ifsc,
            extra: payment.extra,
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for SubmitPaymentWithSplit {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "SubmitPaymentWithSplit".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        Wire::json_schema(generator)
    }
}

crate::open_enum::open_enum! {
    /// What the values of a split are.
    ///
    /// EnKash documentation: *Edit Or Deferred Split Settlement*.
    AmountSplitType {
        /// Each value is a sum in rupees.
        Flat = "FLAT",
        /// Each value is a share of a hundred.
        Percentage = "PERCENTAGE",
    }
}

/// The rule by which a payment is divided.
///
/// It is not documented whether sums have to add up to the payment or percentages to a hundred,
/// what becomes of a remainder, who bears the charges, or how a refund is divided. So no such rule
/// is held here: have them add up.
///
/// EnKash documentation: *Edit Or Deferred Split Settlement*, *About Split Settlements*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct SplitSettlement {
    /// What the values of the shares are.
    pub amount_split_type: AmountSplitType,
    /// The shares, the platform's own among them.
    pub split_settlement_details: Vec<SplitShare>,
}

rules! {
    SplitSettlement {
        amount_split_type: "amountSplitType",
        split_settlement_details: "splitSettlementDetails",
    }
}

impl SplitSettlement {
    /// Divides by fixed sums in rupees.
    #[must_use]
    pub fn flat(shares: Vec<SplitShare>) -> Self {
        Self {
            amount_split_type: AmountSplitType::Flat,
            split_settlement_details: shares,
        }
    }

    /// Divides by shares of a hundred.
    #[must_use]
    pub fn percentage(shares: Vec<SplitShare>) -> Self {
        Self {
            amount_split_type: AmountSplitType::Percentage,
            split_settlement_details: shares,
        }
    }
}

/// What one account gets of a payment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct SplitShare {
    /// The account.
    pub split_account_id: SplitAccountId,
    /// A name for the share. In the page's example; an older copy has no such field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// How much: rupees in a split of sums, a share of a hundred in one of percentages.
    pub value: SplitValue,
}

rules! {
    SplitShare {
        split_account_id: "splitAccountId",
        label: skip,
        value: skip,
    }
}

impl SplitShare {
    /// A share without a label.
    pub fn new(split_account_id: impl Into<SplitAccountId>, value: impl Into<SplitValue>) -> Self {
        Self {
            split_account_id: split_account_id.into(),
            label: None,
            value: value.into(),
        }
    }
}

/// The size of a share: a sum in rupees, or a share of a hundred, as the [`AmountSplitType`] of the
/// split says.
///
/// It is exact, and travels as [`Rupees`] do. Neither the least and the most nor how many decimals
/// EnKash takes is documented.
///
/// ```
/// use enkash_types::Rupees;
/// use enkash_types::gateway::SplitValue;
///
/// let sum = SplitValue::from(Rupees::from_paise(45_050));
/// let percent = SplitValue::percent(90);
/// let finer: SplitValue = "12.5".parse()?;
/// assert_eq!(serde_json::to_string(&[sum, percent, finer])?, "[450.5,90,12.5]");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[cfg_attr(feature = "schema", schemars(inline))]
#[serde(transparent)]
pub struct SplitValue(Rupees);

impl SplitValue {
    /// So many of a hundred.
    #[must_use]
    pub fn percent(whole: u8) -> Self {
        // A number of percent is that number of hundreds of hundredths.
        Self(Rupees::from_paise(i32::from(whole) * 100))
    }

    /// The value as a decimal.
    #[must_use]
    pub fn decimal(self) -> rust_decimal::Decimal {
        self.0.decimal()
    }
}

impl fmt::Debug for SplitValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.decimal(), f)
    }
}

impl fmt::Display for SplitValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.decimal(), f)
    }
}

impl From<Rupees> for SplitValue {
    fn from(sum: Rupees) -> Self {
        Self(sum)
    }
}

impl TryFrom<rust_decimal::Decimal> for SplitValue {
    type Error = RupeesError;

    fn try_from(value: rust_decimal::Decimal) -> Result<Self, RupeesError> {
        Rupees::new(value).map(Self)
    }
}

impl std::str::FromStr for SplitValue {
    type Err = RupeesError;

    fn from_str(text: &str) -> Result<Self, RupeesError> {
        text.parse().map(Self)
    }
}

/// Sets or changes how a payment that was made is divided, or defers its settlement.
///
/// How it is deferred rather than divided is not documented, nor until when a split can be changed.
/// Of the answer what is in the envelope was not read.
///
/// ```
/// use enkash_types::gateway::{EditSplitSettlement, SplitSettlement, SplitShare, SplitValue};
/// use enkash_types::Valid;
///
/// let split = SplitSettlement::percentage(vec![
///     SplitShare::new("SPLIT1", SplitValue::percent(90)),
///     SplitShare::new("SPLIT2", SplitValue::percent(10)),
/// ]);
/// assert!(Valid::check(EditSplitSettlement::new("EK1743074262175e8KIO", split)).is_ok());
/// ```
///
/// EnKash documentation: *Edit Or Deferred Split Settlement*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct EditSplitSettlement {
    /// EnKash's id of the payment.
    pub transaction_id: TransactionId,
    /// The rule that divides it.
    pub split_settlement: SplitSettlement,
}

rules! {
    EditSplitSettlement {
        transaction_id: "transactionId",
        split_settlement: "splitSettlement",
    }
}

impl EditSplitSettlement {
    /// A rule for one payment.
    pub fn new(
        transaction_id: impl Into<TransactionId>,
        split_settlement: SplitSettlement,
    ) -> Self {
        Self {
            transaction_id: transaction_id.into(),
            split_settlement,
        }
    }
}

endpoint! {
    EditSplitSettlement => EditedSplitSettlement {
        name: "edit_split_settlement",
        call: Post "/api/v0/split-transaction/{transactionId}",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Code,
        replay: Never,
        docs: "Edit Or Deferred Split Settlement",
    }
}

/// What EnKash answers to a change of a split; its fields were not read.
///
/// All of it is in [`extra`](Self::extra), an answer that is no object under `payload`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
#[non_exhaustive]
pub struct EditedSplitSettlement {
    /// The fields that EnKash sent.
    #[serde(deserialize_with = "unread::whatever")]
    pub extra: Extra,
}
