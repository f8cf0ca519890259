//! Customers for QR codes.

use serde::{Deserialize, Serialize};

use crate::endpoint::endpoint;
use crate::text::{account_of_letters_and_digits, company_id_of_cek, ifsc_in_either_case};
use crate::valid::{Broken, rules};
use crate::{AccountNumber, CompanyId, Direction, Email, Extra, Ifsc, MobileNumber, Page};

/// Stores a customer for QR codes and later payments.
///
/// The page was read as far as `ifsc`. What follows (the next name begins with `legalN`) goes into
/// [`extra`](Self::extra) by the names that EnKash gives you; some of it may be required. The
/// answer was not read; it is taken to be the customer.
///
/// ```
/// use enkash_types::gateway::{CreateQrCustomer, CustomerKeyContact};
/// use enkash_types::Valid;
///
/// let contact = CustomerKeyContact::new("Asha", "Asha Stores", "0000000000");
/// let mut customer = CreateQrCustomer::new(vec![contact]);
/// customer.ifsc = Some("KKBK0000432".into());
/// assert!(Valid::check(customer).is_ok());
///
/// let contact = CustomerKeyContact::new("Asha", "Asha Stores", "000");
/// let wrong = Valid::check(CreateQrCustomer::new(vec![contact])).unwrap_err();
/// assert_eq!(
///     wrong.to_string(),
///     "customerKeyContacts[0].mobile: must be ten digits, with or without a country code",
/// );
/// ```
///
/// EnKash documentation: *Create Customer* (of QR codes), which lists no headers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreateQrCustomer {
    /// The customer's account number, unique among customers. This page takes letters and digits
    /// alone, and an empty text for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(with = "Option<String>", regex(pattern = "^$|^[A-Za-z0-9]{9,36}$"))
    )]
    pub account_number: Option<AccountNumber>,
    /// The customer's address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<String>,
    /// The merchant's company: `CEK` and seven capital letters or digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^CEK[A-Z0-9]{7}$")))]
    pub company_id: Option<CompanyId>,
    /// The customer's phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_number: Option<MobileNumber>,
    /// The customer's own company, if it has one with EnKash.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_company_id: Option<String>,
    /// Whom to reach at the customer's.
    pub customer_key_contacts: Vec<CustomerKeyContact>,
    /// When the customer is reminded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_reminders: Option<Vec<CustomerReminder>>,
    /// Whether the customer comes from another system: so its name is read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub external_source: Option<bool>,
    /// IFSC of the branch of the customer's account. This page, unlike others, takes small letters
    /// as well, and an empty text for none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(
        feature = "schema",
        schemars(
            with = "Option<String>",
            regex(pattern = "^$|^[A-Za-z]{4}0[A-Z0-9a-z]{6}$")
        )
    )]
    pub ifsc: Option<Ifsc>,
    /// Further fields, whose names were not read.
    #[serde(flatten)]
    pub extra: Extra,
}

rules! {
    CreateQrCustomer {
        account_number: skip,
        address: skip,
        company_id: skip,
        contact_number: "contactNumber",
        customer_company_id: skip,
        customer_key_contacts: "customerKeyContacts",
        customer_reminders: "customerReminders",
        external_source: skip,
        ifsc: skip,
        extra: skip,
    }
    also {
        "accountNumber" => |customer| customer.account_number.as_ref().map_or(Ok(()), |number| {
            empty_or(number.as_str(), account_of_letters_and_digits)
        }),
        "companyId" => |customer| customer.company_id.as_ref().map_or(Ok(()), company_id_of_cek),
        "ifsc" => |customer| customer.ifsc.as_ref().map_or(Ok(()), |ifsc| {
            empty_or(ifsc.as_str(), ifsc_in_either_case)
        }),
    }
}

/// On this page an empty text stands for none.
fn empty_or(text: &str, rule: fn(&str) -> Result<(), Broken>) -> Result<(), Broken> {
    if text.is_empty() { Ok(()) } else { rule(text) }
}

impl CreateQrCustomer {
    /// A customer with what it must have.
    #[must_use]
    pub fn new(customer_key_contacts: Vec<CustomerKeyContact>) -> Self {
        Self {
            customer_key_contacts,
            ..Self::default()
        }
    }
}

endpoint! {
    CreateQrCustomer => QrCustomer {
        name: "create_qr_customer",
        call: Post "/api/v0/customer",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Any,
        replay: Never,
        docs: "Create Customer",
    }
}

/// Somebody to reach at a customer's.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct CustomerKeyContact {
    /// Whether the contact is gone.
    pub deleted: bool,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Id of the contact; who mints it is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_contact_person_id: Option<String>,
    /// The customer's name in law.
    pub legal_name: String,
    /// Whether e-mails are sent.
    #[serde(rename = "mail_enabled", skip_serializing_if = "Option::is_none")]
    pub mail_enabled: Option<bool>,
    /// Mobile number; an empty text for none.
    pub mobile: MobileNumber,
    /// Name of the person.
    pub name: String,
    /// Whether text messages are sent.
    #[serde(rename = "sms_enabled", skip_serializing_if = "Option::is_none")]
    pub sms_enabled: Option<bool>,
    /// What it means and its values are not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
    /// Whether WhatsApp messages are sent.
    #[serde(rename = "whatsapp_enabled", skip_serializing_if = "Option::is_none")]
    pub whatsapp_enabled: Option<bool>,
}

rules! {
    CustomerKeyContact {
        deleted: skip,
        email: "email",
        key_contact_person_id: skip,
        legal_name: skip,
        mail_enabled: skip,
        mobile: "mobile",
        name: skip,
        sms_enabled: skip,
        via: skip,
        whatsapp_enabled: skip,
    }
}

impl CustomerKeyContact {
    /// A contact with what it must have.
    pub fn new(
        name: impl Into<String>,
        legal_name: impl Into<String>,
        mobile: impl Into<MobileNumber>,
    ) -> Self {
        Self {
            deleted: false,
            email: None,
            key_contact_person_id: None,
            legal_name: legal_name.into(),
            mail_enabled: None,
            mobile: mobile.into(),
            name: name.into(),
            sms_enabled: None,
            via: None,
            whatsapp_enabled: None,
        }
    }
}

crate::open_enum::open_enum! {
    /// How often a customer is reminded.
    ///
    /// EnKash documentation: *Create Customer*.
    ReminderType {
        /// Once.
        Once = "ONCE",
        /// Again and again.
        Recurring = "RECURRING",
    }
}

/// When a customer is reminded. The units of its numbers are not documented.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct CustomerReminder {
    /// Id of the reminder; who mints it is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_reminder_id: Option<String>,
    /// How far from the due date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due_date_difference: Option<i32>,
    /// How far apart.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reminder_interval: Option<i32>,
    /// At what time of the day. The page calls it an object and shows the text `HH:mm`; whichever
    /// is given is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reminder_time: Option<serde_json::Value>,
    /// How often.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reminder_type: Option<ReminderType>,
    /// What it means and its values are not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
}

rules! {
    CustomerReminder {
        customer_reminder_id: skip,
        due_date_difference: skip,
        reminder_interval: skip,
        reminder_time: skip,
        reminder_type: "reminderType",
        stage: skip,
    }
}

impl CustomerReminder {
    /// A reminder that says nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// Searches customers. Without filters it finds all.
///
/// The page names filters by name, e-mail address, phone number and date of creation. Its body was
/// read as far as `assignedAgent`, what follows goes into [`extra`](Self::extra) by the names that
/// EnKash gives you; its query was read as far as `limit`, so there may be a way to ask for a second
/// page, and none is known. The answer was not read; it is taken to be a page of customers, as
/// EnKash's other searches answer.
///
/// EnKash documentation: *Search Customer* (of QR codes), which lists no headers.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SearchQrCustomers {
    /// In which order they are listed; by what is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// How many to give at most. The page has a limit for it that begins with 50; the rest of the
    /// figure was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<u32>,
    /// Those of this account number.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(with = "Option<String>"))]
    pub account_number: Option<AccountNumber>,
    /// Those of this agent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assigned_agent: Option<String>,
    /// Further filters, whose names were not read.
    #[serde(flatten)]
    pub extra: Extra,
}

rules! {
    SearchQrCustomers {
        direction: "direction",
        limit: skip,
        account_number: skip,
        assigned_agent: skip,
        extra: skip,
    }
}

impl SearchQrCustomers {
    /// A search for all customers.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

endpoint! {
    SearchQrCustomers => Page<QrCustomer> {
        name: "search_qr_customers",
        call: Post "/api/v0/customer/search",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        query: ["direction", "limit"],
        envelope: Any,
        replay: Safe,
        docs: "Search Customer",
    }
}

/// A customer for QR codes, in answers that were not read.
///
/// The fields are those of the request and of other answers; whether EnKash sends them, and which
/// more, is not documented. What came besides is in [`extra`](Self::extra).
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct QrCustomer {
    /// EnKash's id of the customer, as a QR code names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_id: Option<String>,
    /// The customer's account number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_number: Option<AccountNumber>,
    /// IFSC of the branch of the customer's account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ifsc: Option<Ifsc>,
    /// The customer's phone number.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contact_number: Option<MobileNumber>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}
