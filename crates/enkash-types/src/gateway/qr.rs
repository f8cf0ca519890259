//! UPI QR codes that stand on their own, without an order.

use serde::{Deserialize, Serialize};

use crate::endpoint::endpoint;
use crate::text::{part_of_a_path, shown_text};
use crate::valid::{Broken, rules};
use crate::{DateTime, Email, Extra, Page, Rupees};

shown_text! {
    /// EnKash's id of a QR code, minted by EnKash when the code is made. No shape is promised.
    ///
    /// EnKash documentation: *Cancel UPI QR*, field `qrCodeId`.
    QrCodeId,
    check: part_of_a_path,
    schema: {"type": "string"}
}

/// Makes a static or dynamic UPI QR code.
///
/// The body of this call was not read: the caller names the fields. Those of [`UpiQr`], such as
/// `qrName`, `amount`, `fixedAmount` and `multipleUse`, are a guess at them, and no more than that.
/// The answer was not read either; it is taken to be the code, as the cancelling call answers it.
///
/// EnKash documentation: *Create UPI QR*.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CreateUpiQr {
    /// The fields of the body.
    #[serde(flatten)]
    pub fields: Extra,
}

rules! {
    CreateUpiQr {
        fields: skip,
    }
}

impl CreateUpiQr {
    /// A request with these fields.
    #[must_use]
    pub fn new(fields: Extra) -> Self {
        Self { fields }
    }
}

endpoint! {
    CreateUpiQr => UpiQr {
        name: "create_upi_qr",
        call: Post "/api/v0/qr-code",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Any,
        replay: Never,
        docs: "Create UPI QR",
    }
}

/// Reads a QR code. The answer was not read; it is taken to be the code, as the cancelling call
/// answers it.
///
/// EnKash documentation: *Get UPI QR*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct GetUpiQr {
    /// EnKash's id of the code.
    pub qr_code_id: QrCodeId,
}

rules! {
    GetUpiQr {
        qr_code_id: "qrCodeId",
    }
}

impl GetUpiQr {
    /// A request for one code.
    pub fn new(qr_code_id: impl Into<QrCodeId>) -> Self {
        Self {
            qr_code_id: qr_code_id.into(),
        }
    }
}

endpoint! {
    GetUpiQr => UpiQr {
        name: "get_upi_qr",
        call: Get "/api/v0/qr-code/{qrCodeId}",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Any,
        replay: Safe,
        docs: "Get UPI QR",
    }
}

/// Searches QR codes, page by page. Without filters it finds all.
///
/// The page says that there are filters by date, state and amount; their names were not read, so
/// the caller gives them. The answer was not read either; it is taken to be a page of codes, as
/// EnKash's other searches answer.
///
/// EnKash documentation: *Search UPI QR*.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SearchUpiQrs {
    /// How many to leave out from the start. What is left out by default is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u32>,
    /// How many to give at most, up to 5000. What it is by default is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(max = 5000)))]
    pub limit: Option<u32>,
    /// The fields of the body.
    #[serde(flatten)]
    pub filters: Extra,
}

rules! {
    SearchUpiQrs {
        offset: skip,
        limit: skip,
        filters: skip,
    }
    also {
        "limit" => |search| match search.limit {
            Some(5001..) => Err(Broken("must be at most 5000")),
            _ => Ok(()),
        },
    }
}

impl SearchUpiQrs {
    /// A search for all codes.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

endpoint! {
    SearchUpiQrs => Page<UpiQr> {
        name: "search_upi_qrs",
        call: Post "/api/v0/qr-code/search",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        query: ["offset", "limit"],
        envelope: Any,
        replay: Safe,
        docs: "Search UPI QR",
    }
}

/// Cancels a QR code; it takes no payment afterwards.
///
/// EnKash documentation: *Cancel UPI QR*, a page that is marked as still being developed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct CancelUpiQr {
    /// EnKash's id of the code.
    pub qr_code_id: QrCodeId,
}

rules! {
    CancelUpiQr {
        qr_code_id: "qrCodeId",
    }
}

impl CancelUpiQr {
    /// A request to cancel one code.
    pub fn new(qr_code_id: impl Into<QrCodeId>) -> Self {
        Self {
            qr_code_id: qr_code_id.into(),
        }
    }
}

endpoint! {
    CancelUpiQr => UpiQr {
        name: "cancel_upi_qr",
        call: Patch "/api/v0/qr-code/{qrCodeId}/cancel",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Standard,
        replay: Safe,
        docs: "Cancel UPI QR",
    }
}

crate::open_enum::open_enum! {
    /// Where a QR code stands.
    ///
    /// EnKash documentation: *Cancel UPI QR*.
    QrStatus {
        /// Takes payments.
        Active = "ACTIVE",
        /// Takes no payment any more.
        Cancelled = "CANCELLED",
    }
}

/// A UPI QR code.
///
/// EnKash documentation: *Cancel UPI QR*, the only page whose answer was read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct UpiQr {
    /// EnKash's id of the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr_code_id: Option<QrCodeId>,
    /// Name of the code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr_name: Option<String>,
    /// Whether it can be paid more than once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub multiple_use: Option<bool>,
    /// Whether the payer cannot choose the sum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fixed_amount: Option<bool>,
    /// What is to be paid, in rupees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Rupees>,
    /// What is paid for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// When it runs out; a time or a period, its form is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiry: Option<String>,
    /// The merchant's own key-value pairs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_params: Option<Extra>,
    /// Where it stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<QrStatus>,
    /// Image of the code in base64; which kind of image is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub qr_code_base64: Option<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_on: Option<DateTime>,
    /// When it last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified_on: Option<DateTime>,
    /// Name of the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    /// The customer's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<Email>,
    /// The customer's mobile number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_mobile: Option<String>,
    /// Id of the customer; who mints it is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// A reference; whose is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_number: Option<String>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}
