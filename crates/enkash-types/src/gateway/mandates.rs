//! UPI Autopay: mandates, and the debits under them.

use serde::{Deserialize, Serialize, Serializer};

use super::orders::{Currency, Order, OrderId};
use super::payments::TransactionId;
use crate::endpoint::{endpoint, webhook};
use crate::rupees::payable;
use crate::text::{not_empty, part_of_a_path, shown_text};
use crate::unread;
use crate::valid::rules;
use crate::{AccountNumber, Date, DateTime, Extra, Rupees, Timestamp, Vpa};

shown_text! {
    /// The merchant's own id of a mandate, minted by the merchant. The mandate is read and revoked
    /// by it.
    ///
    /// No alphabet and no limit of length is documented (the example is `TXN9876543`), nor what
    /// EnKash answers to one that was used before.
    ///
    /// EnKash documentation: *Create UPI Mandate*, field `referenceId`.
    MandateReferenceId,
    check: part_of_a_path,
    schema: {"type": "string"}
}

shown_text! {
    /// EnKash's id of a mandate, minted by EnKash; debits are made by it. It comes with the
    /// [`UpiMandateCallback`]. Whether it also comes with the answer of the create call was not
    /// read.
    MandateId,
    check: not_empty,
    schema: {"type": "string"}
}

crate::open_enum::open_enum! {
    /// What the amount of a mandate means for its debits.
    ///
    /// EnKash documentation: *Create UPI Mandate*, whose example names both; what each does is not
    /// spelled out there.
    AmountRule {
        /// Each debit is of that amount.
        Exact = "EXACT",
        /// No debit is of more than that amount.
        Max = "MAX",
    }
}

/// Asks a payer to approve a recurring debit over UPI.
///
/// The payer approves it once in a UPI app; EnKash then sends the [`UpiMandateCallback`], and later
/// debits ([`ExecuteMandateDebit`]) need no further approval. The page's answer was not read: it is
/// taken to be the mandate, with whatever fields come.
///
/// The body is the older page's; of the newer page, which moved the route, only the route was read.
///
/// ```
/// use enkash_types::gateway::{
///     AmountRule, CreateUpiMandate, NewMandatePayer, NewMandateRecurrence, NewMandateValidity,
/// };
/// use enkash_types::Valid;
///
/// let mandate = CreateUpiMandate::new(
///     "SUB2041",
///     2540,
///     AmountRule::Max,
///     NewMandatePayer::new("Asha", "asha@sandbox", "123456789012"),
///     "Magazine",
///     "2026-04-02T10:00:00+05:30",
///     NewMandateRecurrence::new("MONTHLY", "ON", 5),
///     NewMandateValidity::new("2026-04-01T00:00:00+05:30", "2027-04-01T00:00:00+05:30"),
/// );
/// let mandate = Valid::check(mandate)?;
/// # Ok::<(), enkash_types::Violations>(())
/// ```
///
/// EnKash documentation: *Create UPI Mandate*.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct CreateUpiMandate {
    /// The merchant's own unique id of the mandate.
    pub reference_id: MandateReferenceId,
    /// The amount, a whole number. **Its unit is not documented** (the example is 2540): try it
    /// with a small sum before you rely on rupees or on paise.
    pub amount: u64,
    /// What the amount means for each debit.
    pub amount_rule: AmountRule,
    /// Its currency.
    pub currency: Currency,
    /// Who is to pay.
    pub payer: NewMandatePayer,
    /// What the payer sees as the name of the mandate.
    pub mandate_name: String,
    /// Until when the payer may approve it: so its name is read; the page does not say what it
    /// ends.
    pub expiry: Timestamp,
    /// Whether the amount is blocked on the payer's account.
    pub block_fund: bool,
    /// How often it is debited.
    pub recurrence: NewMandateRecurrence,
    /// From when to when it can be debited.
    pub validity: NewMandateValidity,
    /// An address that the payer's app may show; no form is documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upi_reference_url: Option<String>,
    /// What the mandate is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
}

rules! {
    CreateUpiMandate {
        reference_id: "referenceId",
        amount: skip,
        amount_rule: "amountRule",
        currency: "currency",
        payer: "payer",
        mandate_name: skip,
        expiry: "expiry",
        block_fund: skip,
        recurrence: skip,
        validity: "validity",
        upi_reference_url: skip,
        description: skip,
    }
}

impl CreateUpiMandate {
    /// A mandate with what it must have, in rupees (`INR`) and without blocking the amount.
    #[allow(clippy::too_many_arguments)] // So many are required.
    pub fn new(
        reference_id: impl Into<MandateReferenceId>,
        amount: u64,
        amount_rule: AmountRule,
        payer: NewMandatePayer,
        mandate_name: impl Into<String>,
        expiry: impl Into<Timestamp>,
        recurrence: NewMandateRecurrence,
        validity: NewMandateValidity,
    ) -> Self {
        Self {
            reference_id: reference_id.into(),
            amount,
            amount_rule,
            currency: Currency::Inr,
            payer,
            mandate_name: mandate_name.into(),
            expiry: expiry.into(),
            block_fund: false,
            recurrence,
            validity,
            upi_reference_url: None,
            description: None,
        }
    }
}

endpoint! {
    CreateUpiMandate => UpiMandate {
        name: "create_upi_mandate",
        call: Post "/api/v0/upi-mandate",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Any,
        replay: ByMerchantId("referenceId"),
        docs: "Create UPI Mandate",
    }
}

/// Who is to pay a new mandate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct NewMandatePayer {
    /// Name of the payer.
    pub name: String,
    /// The payer's UPI address.
    pub vpa: Vpa,
    /// Taken to be the number of the payer's bank account, and masked as one; what it holds is not
    /// said and no rule is documented.
    #[cfg_attr(feature = "schema", schemars(with = "String"))]
    pub account: AccountNumber,
    /// Whether the payment has to come from that account: so its name is read.
    pub account_validation: bool,
}

rules! {
    NewMandatePayer {
        name: skip,
        vpa: "vpa",
        account: skip,
        account_validation: skip,
    }
}

impl NewMandatePayer {
    /// A payer whose account is not held against the one that pays.
    pub fn new(
        name: impl Into<String>,
        vpa: impl Into<Vpa>,
        account: impl Into<AccountNumber>,
    ) -> Self {
        Self {
            name: name.into(),
            vpa: vpa.into(),
            account: account.into(),
            account_validation: false,
        }
    }
}

/// How often a new mandate is debited. The values that EnKash takes for `period` and `rule` were
/// not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct NewMandateRecurrence {
    /// The period, like a month.
    pub period: String,
    /// Which day of the period, with [`value`](Self::value).
    pub rule: String,
    /// A number that goes with the rule.
    pub value: i64,
}

impl NewMandateRecurrence {
    /// A recurrence.
    pub fn new(period: impl Into<String>, rule: impl Into<String>, value: i64) -> Self {
        Self {
            period: period.into(),
            rule: rule.into(),
            value,
        }
    }
}

/// From when to when a new mandate can be debited.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct NewMandateValidity {
    /// Its start.
    pub start_at: Timestamp,
    /// Its end.
    pub end_at: Timestamp,
}

rules! {
    NewMandateValidity {
        start_at: "startAt",
        end_at: "endAt",
    }
}

impl NewMandateValidity {
    /// From one moment to another.
    pub fn new(start_at: impl Into<Timestamp>, end_at: impl Into<Timestamp>) -> Self {
        Self {
            start_at: start_at.into(),
            end_at: end_at.into(),
        }
    }
}

/// Changes a mandate.
///
/// Neither the body of this call was read nor which fields may change: the caller names the fields.
/// Its answer was not read either; it is taken to be the mandate.
///
/// EnKash documentation: *Update UPI Mandate*.
///
/// An account number among the fields is masked wherever a person may look, if its name ends in
/// `account`, `accountNumber` or `accountNo`; so are other secrets whose names tell.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct UpdateUpiMandate {
    /// The fields of the body.
    #[serde(flatten)]
    pub fields: Extra,
}

impl UpdateUpiMandate {
    /// A request with these fields.
    #[must_use]
    pub fn new(fields: Extra) -> Self {
        Self { fields }
    }
}

rules! {
    UpdateUpiMandate {
        fields: skip,
    }
}

endpoint! {
    UpdateUpiMandate => UpiMandate {
        name: "update_upi_mandate",
        call: Patch "/api/v0/upi-mandate",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Any,
        replay: Never,
        docs: "Update UPI Mandate",
    }
}

/// Ends a mandate, so that no further debit happens.
///
/// Of the body the first field alone was read; others go into [`extra`](Self::extra). The answer
/// was not read; it is taken to be the mandate.
///
/// EnKash documentation: *Revoke UPI Mandate*.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct RevokeUpiMandate {
    /// The merchant's own id of the mandate: taken to be the `referenceId` of the create call,
    /// which this page alone writes `reference_id`.
    pub reference_id: MandateReferenceId,
    /// Further fields, whose names were not read.
    #[serde(flatten)]
    pub extra: Extra,
}

rules! {
    RevokeUpiMandate {
        reference_id: "reference_id",
        extra: skip,
    }
}

impl RevokeUpiMandate {
    /// A request to end one mandate.
    pub fn new(reference_id: impl Into<MandateReferenceId>) -> Self {
        Self {
            reference_id: reference_id.into(),
            extra: Extra::new(),
        }
    }
}

endpoint! {
    RevokeUpiMandate => UpiMandate {
        name: "revoke_upi_mandate",
        call: Patch "/api/v0/upi-mandate/revoke",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Any,
        replay: Never,
        docs: "Revoke UPI Mandate",
    }
}

/// Reads a mandate by the merchant's own id. The page says that state, amount and frequency come;
/// the answer itself was not read.
///
/// EnKash documentation: *Get UPI Mandate*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct GetUpiMandate {
    /// The merchant's own id of the mandate.
    pub reference_id: MandateReferenceId,
}

rules! {
    GetUpiMandate {
        reference_id: "referenceId",
    }
}

impl GetUpiMandate {
    /// A request for one mandate.
    pub fn new(reference_id: impl Into<MandateReferenceId>) -> Self {
        Self {
            reference_id: reference_id.into(),
        }
    }
}

endpoint! {
    GetUpiMandate => UpiMandate {
        name: "get_upi_mandate",
        call: Get "/api/v0/upi-mandate/{referenceId}",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Any,
        replay: Safe,
        docs: "Get UPI Mandate",
    }
}

/// A mandate, as far as its fields are known.
///
/// The names are those of the callback, *UPI Mandate Callback*: no answer that holds a mandate was
/// read, and of the callback neither what follows `pausePeriod`. A state, if EnKash sends one, is in
/// [`extra`](Self::extra) with all else; [`status`](Self::status) looks for it there.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UpiMandate {
    /// The mandate's number in the UPI system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub umn: Option<String>,
    /// The merchant's own id of the mandate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_id: Option<MandateReferenceId>,
    /// EnKash's id of the mandate, by which it is debited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mandate_id: Option<MandateId>,
    /// The amount, a whole number; its unit is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<u64>,
    /// What the amount means for each debit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_rule: Option<AmountRule>,
    /// Its currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Who is paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payee: Option<MandatePayee>,
    /// Who pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payer: Option<MandatePayer>,
    /// Name of the mandate, called `mandateName` when it is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Called `expiry` when it is created.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expire_at: Option<MandateTime>,
    /// Whether the amount is blocked on the payer's account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub block_fund: Option<bool>,
    /// Whether the payer can end it. It is spelt so in the documentation.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revokeable_by_payer: Option<bool>,
    /// How often it is debited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recurrence: Option<MandateRecurrence>,
    /// From when to when it can be debited.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validity: Option<MandateValidity>,
    /// From when to when it is paused.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pause_period: Option<MandatePause>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

impl UpiMandate {
    /// Where the mandate stands, if EnKash says so under `status`, as it does in other messages.
    /// Neither the name nor the values are documented for mandates.
    #[must_use]
    pub fn status(&self) -> Option<&str> {
        unread::text(&self.extra, &["status"])
    }
}

/// A moment in what EnKash says of a mandate: the callback has whole numbers of a unit that is not
/// documented, the create call has date-times. Either is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
#[non_exhaustive]
pub enum MandateTime {
    /// A whole number. Seconds or milliseconds since 1970 are likely, and not documented.
    Number(i64),
    /// A text.
    Text(DateTime),
}

/// Who is paid under a mandate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MandatePayee {
    /// The payee's UPI address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vpa: Option<Vpa>,
    /// Name of the payee.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Merchant category code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mcc: Option<String>,
}

/// Who pays under a mandate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MandatePayer {
    /// Name of the payer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The payer's UPI address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub vpa: Option<Vpa>,
    /// Taken to be the number of the payer's bank account, and masked as one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub account: Option<AccountNumber>,
    /// Whether the payment has to come from that account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_validation: Option<bool>,
}

/// How often a mandate is debited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MandateRecurrence {
    /// The period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Which day of the period.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// A number that goes with the rule.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<i64>,
}

/// From when to when a mandate can be debited.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MandateValidity {
    /// Its start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_at: Option<MandateTime>,
    /// Its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_at: Option<MandateTime>,
}

/// From when to when a mandate is paused. Its fields are written in snake case.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct MandatePause {
    /// Its start.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_at: Option<MandateTime>,
    /// Its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_at: Option<MandateTime>,
}

/// Announces a coming debit to the payer, as the rules of UPI ask. How long before the debit it has
/// to be sent is not documented.
///
/// Body and answer are the older page's; of the newer page, which moved the route, little else was
/// read.
///
/// EnKash documentation: *Mandate Pre-debit Notification*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct NotifyMandateDebit {
    /// EnKash's id of the mandate.
    pub mandate_id: MandateId,
    /// What will be debited, in rupees.
    pub amount: Rupees,
    /// The day of the debit.
    pub debit_date: Date,
}

rules! {
    NotifyMandateDebit {
        mandate_id: "mandateId",
        amount: skip,
        debit_date: "debitDate",
    }
    also {
        "amount" => |notice| payable(&notice.amount),
    }
}

impl NotifyMandateDebit {
    /// A notice of one debit.
    pub fn new(
        mandate_id: impl Into<MandateId>,
        amount: Rupees,
        debit_date: impl Into<Date>,
    ) -> Self {
        Self {
            mandate_id: mandate_id.into(),
            amount,
            debit_date: debit_date.into(),
        }
    }
}

endpoint! {
    NotifyMandateDebit => MandateNotice {
        name: "notify_mandate_debit",
        call: Post "/api/v0/upi-mandate/notify",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Standard,
        replay: Never,
        docs: "Mandate Pre-debit Notification",
    }
}

/// A debit that was announced to the payer.
///
/// EnKash documentation: *Mandate Pre-debit Notification*.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MandateNotice {
    /// EnKash's id of the mandate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mandate_id: Option<MandateId>,
    /// EnKash's id of the notice, minted by EnKash. No call takes it: nothing that was read ties a
    /// debit to its notice.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub predebit_notification_id: Option<String>,
    /// Where the notice stands; its values are not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<String>,
    /// What will be debited, in rupees. It is a number in the request and a text here.
    #[serde(skip_serializing_if = "Option::is_none", serialize_with = "as_text")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub amount: Option<Rupees>,
    /// The day of the debit.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub debit_date: Option<DateTime>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A sum is written as a text where EnKash writes it so; it is read from either.
fn as_text<S: Serializer>(sum: &Option<Rupees>, serializer: S) -> Result<S::Ok, S::Error> {
    match sum {
        Some(sum) => serializer.collect_str(sum),
        None => serializer.serialize_none(),
    }
}

/// Debits the payer under an active mandate. The answer is an order; how the debit ended comes with
/// the [`MandateDebitCallback`].
///
/// **It must not be sent twice**: it carries no id of the merchant's own, so EnKash cannot tell a
/// repeat from a second debit. After an answer that was lost, look for the debit before another.
///
/// Body and answer are the older page's; of the newer page, which moved the route, little else was
/// read.
///
/// EnKash documentation: *Execute Mandate Debit*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct ExecuteMandateDebit {
    /// EnKash's id of the mandate.
    pub mandate_id: MandateId,
    /// What is debited, in rupees.
    pub amount: Rupees,
    /// What the debit is for.
    pub remarks: String,
}

rules! {
    ExecuteMandateDebit {
        mandate_id: "mandateId",
        amount: skip,
        remarks: skip,
    }
    also {
        "amount" => |debit| payable(&debit.amount),
    }
}

impl ExecuteMandateDebit {
    /// One debit.
    pub fn new(
        mandate_id: impl Into<MandateId>,
        amount: Rupees,
        remarks: impl Into<String>,
    ) -> Self {
        Self {
            mandate_id: mandate_id.into(),
            amount,
            remarks: remarks.into(),
        }
    }
}

endpoint! {
    ExecuteMandateDebit => Order {
        name: "execute_mandate_debit",
        call: Post "/api/v0/upi-mandate/execute",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Standard,
        replay: Never,
        docs: "Execute Mandate Debit",
    }
}

/// EnKash tells the merchant that a mandate was approved, rejected, revoked or changed otherwise.
///
/// **It proves nothing by itself**: nothing that was read says how to tell who sent it. Read the
/// mandate ([`GetUpiMandate`]) before you believe it.
///
/// The fields after `pausePeriod`, a state among them if there is one, and the reply that EnKash
/// expects were not read; where the address of the listener is set is not said.
///
/// EnKash documentation: *UPI Mandate Callback*. It marks every field required; none is taken to be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
#[non_exhaustive]
pub struct UpiMandateCallback {
    /// The mandate.
    pub mandate: UpiMandate,
}

webhook! {
    UpiMandateCallback {
        name: "receive_upi_mandate_callback",
        product: Gateway,
        docs: "UPI Mandate Callback",
    }
}

/// EnKash tells the merchant how a debit under a mandate went: success, failure or pending.
///
/// **It proves nothing by itself**: nothing that was read says how to tell who sent it. Read the
/// order back before you believe it.
///
/// Of its fields the first alone was read. As [`PaymentNotification`](super::PaymentNotification)
/// begins the same way, its names are looked for in what came besides, which is kept in
/// [`extra`](Self::extra). The reply that EnKash expects was not read; where the address of the
/// listener is set is not said.
///
/// EnKash documentation: *Mandate Debit Callback*.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MandateDebitCallback {
    /// Surcharge, in rupees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub surcharge: Option<Rupees>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

impl MandateDebitCallback {
    /// EnKash's id of the order, if it came under `orderId`.
    #[must_use]
    pub fn order_id(&self) -> Option<OrderId> {
        unread::text(&self.extra, &["orderId"]).map(OrderId::from)
    }

    /// EnKash's id of the payment, if it came under `transactionId`.
    #[must_use]
    pub fn transaction_id(&self) -> Option<TransactionId> {
        unread::text(&self.extra, &["transactionId"]).map(TransactionId::from)
    }

    /// How the debit went, if it came under `status`.
    #[must_use]
    pub fn status(&self) -> Option<&str> {
        unread::text(&self.extra, &["status"])
    }
}

webhook! {
    MandateDebitCallback {
        name: "receive_mandate_debit_callback",
        product: Gateway,
        docs: "Mandate Debit Callback",
    }
}
