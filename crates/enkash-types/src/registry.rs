//! The list of all declarations.

use serde_json::{Map, Value};

use crate::endpoint::{Endpoint, Operation, Webhook};
use crate::read::{self, ReadError};
use crate::secret::masked;
use crate::valid::{Valid, Violations};

/// A declared operation with what can be done without knowing its types.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Declared {
    /// The facts.
    pub operation: &'static Operation,
    /// Whether EnKash calls and the merchant answers.
    pub is_webhook: bool,
    /// Reads a request (or the message of a webhook) from JSON and checks it against every rule.
    pub check: Check,
    /// Reads an answer from JSON, without its envelope. `None` for a webhook.
    pub check_answer: Option<Check>,
    /// JSON Schema of the request or message.
    #[cfg(feature = "schema")]
    pub schema: fn() -> schemars::Schema,
    /// JSON Schema of the answer, without its envelope. `None` for a webhook.
    #[cfg(feature = "schema")]
    pub answer_schema: Option<fn() -> schemars::Schema>,
}

/// Reads and checks a JSON text.
pub type Check = fn(&[u8]) -> Result<Checked, CheckError>;

/// A request or an answer that was read, written out again.
///
/// It has no `Debug`: `fields` holds secrets in the clear.
#[derive(Clone)]
#[non_exhaustive]
pub struct Checked {
    /// The fields as they go on the wire.
    pub fields: Map<String, Value>,
    /// The same with secrets hidden, for showing.
    pub masked: Value,
}

/// Why a text is not a valid request or answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CheckError {
    /// It is not JSON, or a field is missing or of the wrong type.
    Read(ReadError),
    /// It is well formed and breaks rules.
    Invalid(Violations),
}

impl std::fmt::Display for CheckError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::Invalid(violations) => violations.fmt(f),
        }
    }
}

impl std::error::Error for CheckError {}

/// An answer has no rules, so all that can be wrong with it is that it cannot be read.
impl From<CheckError> for ReadError {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::Read(error) => error,
            CheckError::Invalid(violations) => read::wrong_shape("", &violations.to_string()),
        }
    }
}

const fn call<E>() -> Declared
where
    E: Endpoint + Schema,
    E::Answer: Schema,
{
    Declared {
        operation: E::OPERATION,
        is_webhook: false,
        check: |text| {
            let request = read::json::<E>(text).map_err(CheckError::Read)?;
            let request = Valid::check(request).map_err(CheckError::Invalid)?;
            written_out(&*request)
        },
        check_answer: Some(|text| written_out(&read::answer::<E>(text).map_err(CheckError::Read)?)),
        #[cfg(feature = "schema")]
        schema: schema_of::<E>,
        #[cfg(feature = "schema")]
        answer_schema: Some(schema_of::<E::Answer>),
    }
}

const fn message<W: Webhook + Schema>() -> Declared {
    Declared {
        operation: W::OPERATION,
        is_webhook: true,
        check: |text| written_out(&read::json::<W>(text).map_err(CheckError::Read)?),
        check_answer: None,
        #[cfg(feature = "schema")]
        schema: schema_of::<W>,
        #[cfg(feature = "schema")]
        answer_schema: None,
    }
}

fn written_out<T: serde::Serialize>(value: &T) -> Result<Checked, CheckError> {
    let not_an_object = |message: &str| CheckError::Read(read::wrong_shape("", message));
    let masked = masked(value).map_err(|error| not_an_object(&error.to_string()))?;
    match serde_json::to_value(value) {
        Ok(Value::Object(fields)) => Ok(Checked { fields, masked }),
        Ok(_) => Err(not_an_object("expected an object")),
        Err(error) => Err(not_an_object(&error.to_string())),
    }
}

/// `JsonSchema` where schemas are built, nothing where they are not.
#[cfg(feature = "schema")]
pub(crate) trait Schema: schemars::JsonSchema {}
#[cfg(feature = "schema")]
impl<T: schemars::JsonSchema> Schema for T {}
#[cfg(not(feature = "schema"))]
pub(crate) trait Schema {}
#[cfg(not(feature = "schema"))]
impl<T> Schema for T {}

#[cfg(feature = "schema")]
fn schema_of<T: schemars::JsonSchema>() -> schemars::Schema {
    schemars::SchemaGenerator::default().into_root_schema_for::<T>()
}

/// Every declared operation, product by product.
pub const OPERATIONS: &[&[Declared]] = &[
    &[
        call::<crate::oauth::PasswordGrant>(),
        call::<crate::oauth::RefreshGrant>(),
    ],
    #[cfg(feature = "gateway")]
    {
        use crate::gateway::{
            CreateMerchantToken, CreateOrder, GetDynamicUpiQr, GetOrderStatus, GetSettlementPayout,
            GetTransactionStatus, GetUpiIntentLinks, GetUpiTransactionStatus, PaymentNotification,
            RefundPayment, ResendPaymentOtp, SearchSettlementPayouts, SubmitPayment,
            ValidatePaymentOtp, VerifyUpiVpa,
        };
        // Split, QR, customers, mandates, virtual accounts, payment links.
        use crate::gateway::{
            ActivateSplitAccount, CancelUpiQr, CreateQrCustomer, CreateSplitAccount,
            CreateUpiMandate, CreateUpiQr, CreateVirtualAccount, EditSplitSettlement,
            ExecuteMandateDebit, GetUpiMandate, GetUpiQr, GetVirtualAccountByCustomerReference,
            MandateDebitCallback, NotifyMandateDebit, PaymentLinkEvent, RevokeUpiMandate,
            SearchQrCustomers, SearchUpiQrs, SubmitPaymentWithSplit, UpdateSplitAccount,
            UpdateUpiMandate, UpiMandateCallback,
        };
        &[
            call::<CreateMerchantToken>(),
            call::<CreateOrder>(),
            call::<GetOrderStatus>(),
            call::<GetDynamicUpiQr>(),
            call::<GetUpiIntentLinks>(),
            call::<SubmitPayment>(),
            call::<GetTransactionStatus>(),
            call::<ValidatePaymentOtp>(),
            call::<ResendPaymentOtp>(),
            call::<GetUpiTransactionStatus>(),
            call::<VerifyUpiVpa>(),
            call::<RefundPayment>(),
            call::<GetSettlementPayout>(),
            call::<SearchSettlementPayouts>(),
            message::<PaymentNotification>(),
            call::<CreateSplitAccount>(),
            call::<UpdateSplitAccount>(),
            call::<ActivateSplitAccount>(),
            call::<SubmitPaymentWithSplit>(),
            call::<EditSplitSettlement>(),
            call::<CreateUpiQr>(),
            call::<GetUpiQr>(),
            call::<SearchUpiQrs>(),
            call::<CancelUpiQr>(),
            call::<CreateQrCustomer>(),
            call::<SearchQrCustomers>(),
            call::<CreateUpiMandate>(),
            call::<UpdateUpiMandate>(),
            call::<RevokeUpiMandate>(),
            call::<GetUpiMandate>(),
            call::<NotifyMandateDebit>(),
            call::<ExecuteMandateDebit>(),
            message::<UpiMandateCallback>(),
            message::<MandateDebitCallback>(),
            call::<CreateVirtualAccount>(),
            call::<GetVirtualAccountByCustomerReference>(),
            message::<PaymentLinkEvent>(),
        ]
    },
    #[cfg(feature = "payouts")]
    {
        use crate::payouts::{
            AddSourceAccount, ConfigureWebhook, CreateBeneficiary, CreateTransfer,
            CreateTransferBatch, FetchStatement, GetBalance,
        };
        &[
            call::<CreateBeneficiary>(),
            call::<CreateTransfer>(),
            call::<CreateTransferBatch>(),
            call::<GetBalance>(),
            call::<FetchStatement>(),
            call::<AddSourceAccount>(),
            call::<ConfigureWebhook>(),
        ]
    },
    #[cfg(feature = "verification")]
    &[call::<crate::verification::VerifyBankAccount>()],
    #[cfg(feature = "rewards")]
    &[call::<crate::rewards::CreateRewardSsoToken>()],
];

/// Every declared operation, one after the other.
// Inlined, as its sibling below, so that what reads and checks each operation without knowing its
// type is compiled for the programs that ask, and not for all others.
#[inline]
pub fn operations() -> impl Iterator<Item = &'static Declared> {
    OPERATIONS.iter().flat_map(|product| product.iter())
}

/// The operation of this name, or one that also bears it.
#[inline]
#[must_use]
pub fn operation(name: &str) -> Option<&'static Declared> {
    operations()
        .find(|declared| declared.operation.name == name || declared.operation.also.contains(&name))
}
