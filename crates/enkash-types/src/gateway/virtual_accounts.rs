//! Virtual accounts (E-Collect): bank account numbers that customers pay into.

use serde::{Deserialize, Serialize};

use crate::endpoint::endpoint;
use crate::rupees::payable;
use crate::text::{part_of_a_path, shown_text};
use crate::valid::rules;
use crate::{AccountNumber, DateTime, Email, Extra, Ifsc, LocalDateTime, Rupees, Vpa};

shown_text! {
    /// The merchant's own id of a virtual account, minted by the merchant. The account can be read
    /// by it.
    ///
    /// No alphabet and no limit of length is documented, nor what EnKash answers to one that was
    /// used before.
    ///
    /// EnKash documentation: *Create Virtual Account*, field `customerReferenceId`.
    CustomerReferenceId,
    check: part_of_a_path,
    schema: {"type": "string"}
}

/// Opens a bank account number for one customer to pay into.
///
/// The page was read from its examples: which fields EnKash requires, and their limits, is not
/// known. The merchant's own reference is required here, since by it alone the account can be read
/// back, and so it is what settles whether a lost call went through.
///
/// ```
/// use enkash_types::gateway::CreateVirtualAccount;
/// use enkash_types::Valid;
///
/// let mut account = CreateVirtualAccount::new("RENT2041");
/// account.expected_amount = Some("5000".parse()?);
/// account.close_by = Some("2026-06-01 23:59:59".into());
/// let account = Valid::check(account)?;
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// EnKash documentation: *Create Virtual Account*. Its sample sends the bearer token alone, without
/// `merchantAccessKey`; whose token is meant is not said, and the gateway's own is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct CreateVirtualAccount {
    /// EnKash's id of the merchant (`MD345EFDHFHSB` in the example).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_detail_id: Option<String>,
    /// The merchant's own unique reference.
    pub customer_reference_id: CustomerReferenceId,
    /// Id of the customer (`cust_001` in the example); who mints it is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// Name of the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    /// The customer's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<Email>,
    /// The customer's phone number; ten digits in the example.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_phone: Option<String>,
    /// What is to be paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The merchant's own key-value pairs; texts in the example.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<Extra>,
    /// The sum that the account is to take in all, in rupees. What becomes of more is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_amount: Option<Rupees>,
    /// End of the account. What becomes of a payment that comes later is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub close_by: Option<LocalDateTime>,
}

rules! {
    CreateVirtualAccount {
        merchant_detail_id: skip,
        customer_reference_id: "customerReferenceId",
        customer_id: skip,
        customer_name: skip,
        customer_email: "customerEmail",
        customer_phone: skip,
        description: skip,
        notes: skip,
        expected_amount: skip,
        close_by: "closeBy",
    }
    also {
        "expectedAmount" => |account| account.expected_amount.as_ref().map_or(Ok(()), payable),
    }
}

impl CreateVirtualAccount {
    /// An account with what it must have.
    pub fn new(customer_reference_id: impl Into<CustomerReferenceId>) -> Self {
        Self {
            merchant_detail_id: None,
            customer_reference_id: customer_reference_id.into(),
            customer_id: None,
            customer_name: None,
            customer_email: None,
            customer_phone: None,
            description: None,
            notes: None,
            expected_amount: None,
            close_by: None,
        }
    }
}

endpoint! {
    CreateVirtualAccount => VirtualAccount {
        name: "create_virtual_account",
        call: Post "/api/v0/merchant-virtual-account",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        envelope: Standard,
        replay: ByMerchantId("customerReferenceId"),
        docs: "Create Virtual Account",
    }
}

/// Reads a virtual account by the merchant's own reference. What EnKash answers to one that it
/// does not know was not read.
///
/// EnKash documentation: *View Virtual Account by Customer Reference Id*. Its sample sends the
/// bearer token alone, without `merchantAccessKey`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct GetVirtualAccountByCustomerReference {
    /// The reference that was given at creation.
    pub customer_reference_id: CustomerReferenceId,
}

rules! {
    GetVirtualAccountByCustomerReference {
        customer_reference_id: "customerReferenceId",
    }
}

impl GetVirtualAccountByCustomerReference {
    /// A request for one account.
    pub fn new(customer_reference_id: impl Into<CustomerReferenceId>) -> Self {
        Self {
            customer_reference_id: customer_reference_id.into(),
        }
    }
}

endpoint! {
    GetVirtualAccountByCustomerReference => VirtualAccount {
        name: "get_virtual_account_by_customer_reference",
        call: Get "/api/v0/merchant-virtual-account/customer-reference-id/{customerReferenceId}",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        envelope: Standard,
        replay: Safe,
        docs: "View Virtual Account by Customer Reference Id",
    }
}

crate::open_enum::open_enum! {
    /// Where a virtual account stands. One state was seen; a table of them was not read.
    ///
    /// EnKash documentation: *View Virtual Account by Customer Reference Id*, example.
    VirtualAccountStatus {
        /// Open for payments.
        Active = "ACTIVE",
    }
}

/// A bank account number that one customer pays into.
///
/// The fields are those of two examples: the answer of *Create Virtual Account* has
/// `merchantDetailId` and lacks `customerReferenceId`, that of the read is the other way round.
/// What EnKash sends beyond them is kept in [`extra`](Self::extra).
///
/// The account numbers are masked wherever a person may look; the wire and `as_str` have them in
/// full.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct VirtualAccount {
    /// EnKash's id of the account, minted by EnKash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub virtual_account_id: Option<String>,
    /// EnKash's id of the merchant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_detail_id: Option<String>,
    /// The merchant's own reference.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_reference_id: Option<CustomerReferenceId>,
    /// Id of the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// Name of the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_name: Option<String>,
    /// The customer's e-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_email: Option<Email>,
    /// The customer's phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_phone: Option<String>,
    /// The account number to pay into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub virtual_account_number: Option<AccountNumber>,
    /// The branch to pay into.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub virtual_account_ifsc_code: Option<Ifsc>,
    /// The bank of the virtual account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bank_name: Option<String>,
    /// An account of the customer's. It is not sent at creation; what fills it is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_account_number: Option<AccountNumber>,
    /// A UPI address of the customer's. It is not sent at creation; what fills it is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_upi_handle: Option<Vpa>,
    /// The branch of the customer's account. It is not sent at creation; what fills it is not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_ifsc_code: Option<Ifsc>,
    /// Where the account stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<VirtualAccountStatus>,
    /// End of the account; in the example it is the `closeBy` of the request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closed_on: Option<DateTime>,
    /// What is to be paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// What was paid in so far, in rupees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_paid: Option<Rupees>,
    /// The merchant's own key-value pairs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notes: Option<Extra>,
    /// The sum that the account is to take in all, in rupees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_amount: Option<Rupees>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}
