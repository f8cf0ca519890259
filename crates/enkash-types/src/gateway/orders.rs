//! Orders: the start of every payment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::payments::Payment;
use crate::endpoint::endpoint;
use crate::rupees::payable;
use crate::text::{letters_and_digits, part_of_a_path, shown_text};
use crate::valid::{goes_with, rules};
use crate::{
    AccountNumber, DateTime, Email, Extra, Ifsc, PersonName, PhoneNumber, Rupees, WebAddress,
};

shown_text! {
    /// The merchant's own id of an order, minted by the merchant: unique, letters and digits.
    ///
    /// No limit of length is documented, nor what EnKash answers to an id that was used before.
    ///
    /// EnKash documentation: *Create Order*, field `orderId`.
    MerchantOrderId,
    check: letters_and_digits,
    schema: {"type": "string", "pattern": "^[A-Za-z0-9]+$"}
}

shown_text! {
    /// EnKash's id of an order, minted by EnKash when the order is created. Shapes like
    /// `ORD1784195236818VZuxB` were seen; none is promised.
    ///
    /// EnKash documentation: *Create Order*, field `payload.orderId` of the answer.
    OrderId,
    check: part_of_a_path,
    schema: {"type": "string"}
}

/// Makes an order.
///
/// ```
/// use enkash_types::gateway::CreateOrder;
/// use enkash_types::{Rupees, Valid};
///
/// let mut order = CreateOrder::new("INV2041", Rupees::from_paise(49_900));
/// order.return_url = Some("https://shop.example.in/thanks".into());
/// let order = Valid::check(order)?;
///
/// let wrong = Valid::check(CreateOrder::new("INV 2041", Rupees::ZERO)).unwrap_err();
/// assert_eq!(
///     wrong.to_string(),
///     "amount.value: must be at least 0.01 rupees; orderId: must be letters and digits only",
/// );
/// # Ok::<(), enkash_types::Violations>(())
/// ```
///
/// EnKash documentation: *Create Order*.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct CreateOrder {
    /// The merchant's own unique id of the order.
    pub order_id: MerchantOrderId,
    /// What is to be paid.
    pub amount: Amount,
    /// Where the customer's browser goes after paying. What it brings along proves nothing: read
    /// the order back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_url: Option<WebAddress>,
    /// Where EnKash posts the [`PaymentNotification`](super::PaymentNotification) of this order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_url: Option<WebAddress>,
    /// Who pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_info: Option<CustomerDetail>,
    /// The merchant's own key-value pairs; they come back with the order.
    #[serde(
        skip_serializing_if = "Option::is_none",
        serialize_with = "crate::extra::texts"
    )]
    pub custom_parameters: Option<BTreeMap<String, String>>,
    /// What the order is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// The account that has to pay, where UPI with third-party validation is used. Optional on
    /// the newest page, required on older ones.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_detail: Option<OrderPaymentDetail>,
    /// Limits what the checkout offers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub restricted_payment_options: Option<RestrictedPaymentOptions>,
}

rules! {
    CreateOrder {
        order_id: "orderId",
        amount: "amount",
        return_url: "returnUrl",
        notify_url: "notifyUrl",
        customer_info: "customerInfo",
        custom_parameters: skip,
        description: skip,
        payment_detail: "paymentDetail",
        restricted_payment_options: skip,
    }
}

impl CreateOrder {
    /// An order with what it must have.
    pub fn new(order_id: impl Into<MerchantOrderId>, amount: Rupees) -> Self {
        Self {
            order_id: order_id.into(),
            amount: Amount::new(amount),
            return_url: None,
            notify_url: None,
            customer_info: None,
            custom_parameters: None,
            description: None,
            payment_detail: None,
            restricted_payment_options: None,
        }
    }
}

endpoint! {
    CreateOrder => CreatedOrder {
        name: "create_order",
        call: Post "/api/v0/orders",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Standard,
        replay: ByMerchantId("orderId"),
        docs: "Create Order",
    }
}

/// A sum with its currency.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Amount {
    /// Rupees, at least 0.01, with up to two decimals.
    #[cfg_attr(feature = "schema", schemars(range(min = 0.01)))]
    pub value: Rupees,
    /// The only currency is [`Currency::Inr`].
    pub currency: Currency,
}

rules! {
    Amount {
        value: skip,
        currency: "currency",
    }
    also {
        "value" => |amount| payable(&amount.value),
    }
}

impl Amount {
    /// A sum of rupees.
    #[must_use]
    pub fn new(value: Rupees) -> Self {
        Self {
            value,
            currency: Currency::Inr,
        }
    }
}

crate::open_enum::open_enum! {
    /// The currency of a sum.
    Currency {
        /// Indian rupees.
        Inr = "INR",
    }
}

/// Who pays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CustomerDetail {
    /// Letters only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first_name: Option<PersonName>,
    /// Letters only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_name: Option<PersonName>,
    /// Postal address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// E-mail address.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
    /// Phone number without +91.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<PhoneNumber>,
}

rules! {
    CustomerDetail {
        first_name: "firstName",
        last_name: "lastName",
        address: skip,
        email: "email",
        phone_number: "phoneNumber",
    }
}

/// A postal address. Letters, digits and special signs are accepted.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Address {
    /// House and street.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub street_name: Option<String>,
    /// City.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// Country.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub country: Option<String>,
    /// Postal code.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zipcode: Option<String>,
}

/// The account that has to pay an order, for UPI with third-party validation on the hosted
/// checkout. Both fields go together.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct OrderPaymentDetail {
    /// Account number, 9 to 36 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_number: Option<AccountNumber>,
    /// IFSC of the account's branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ifsc: Option<Ifsc>,
}

rules! {
    OrderPaymentDetail {
        account_number: "accountNumber",
        ifsc: "ifsc",
    }
    also {
        "accountNumber" => |detail| goes_with(&detail.account_number, &detail.ifsc, "must be given, since ifsc is"),
        "ifsc" => |detail| goes_with(&detail.ifsc, &detail.account_number, "must be given, since accountNumber is"),
    }
}

impl OrderPaymentDetail {
    /// An account and the branch it is with.
    pub fn new(account_number: impl Into<AccountNumber>, ifsc: impl Into<Ifsc>) -> Self {
        Self {
            account_number: Some(account_number.into()),
            ifsc: Some(ifsc.into()),
        }
    }
}

/// Limits what the checkout offers for one order: for each payment mode, what of it.
///
/// The documentation does not say whether a mode that is left out is barred or free, and does not
/// name pay-later.
///
/// EnKash documentation: *Create Order*, newest form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
#[non_exhaustive]
pub struct RestrictedPaymentOptions {
    /// Net-banking codes. The key is `NETBANKING` here and `NET_BANKING` as a payment mode.
    #[serde(rename = "NETBANKING", skip_serializing_if = "Option::is_none")]
    pub net_banking: Option<Vec<String>>,
    /// Card schemes of credit cards; the page's example spells them `MASTERCARD`, `VISA`,
    /// `RUPAY`, `DINERS`, `AMEX`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub credit_card: Option<Vec<String>>,
    /// Card schemes of debit cards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub debit_card: Option<Vec<String>>,
    /// Card schemes of prepaid cards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prepaid_card: Option<Vec<String>>,
    /// Card schemes of corporate cards.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corporate_card: Option<Vec<String>>,
    /// Whether UPI is named. On the wire it is a key whose value is always `null`.
    #[serde(default, with = "null", skip_serializing_if = "std::ops::Not::not")]
    #[cfg_attr(feature = "schema", schemars(with = "()"))]
    pub upi: bool,
    /// Wallet codes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wallet: Option<Vec<String>>,
}

/// A key that is there with `null`, or not there.
mod null {
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(_: &bool, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<bool, D::Error> {
        <()>::deserialize(deserializer)?;
        Ok(true)
    }
}

/// An order that was made.
///
/// EnKash documentation: *Create Order*.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct CreatedOrder {
    /// Checkout page to send the customer to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub redirection_url: Option<WebAddress>,
    /// EnKash's id of the order; keep it, it is what the order is read by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
}

/// Reads an order with the attempts to pay it.
///
/// EnKash documentation: *Get Order Status*. Its newer page takes EnKash's id of the order, the
/// older one the merchant's; the newer is followed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct GetOrderStatus {
    /// EnKash's id of the order, from [`CreatedOrder`].
    pub order_id: OrderId,
}

rules! {
    GetOrderStatus {
        order_id: "orderId",
    }
}

impl GetOrderStatus {
    /// A request for one order.
    pub fn new(order_id: impl Into<OrderId>) -> Self {
        Self {
            order_id: order_id.into(),
        }
    }
}

endpoint! {
    GetOrderStatus => Order {
        name: "get_order_status",
        call: Get "/api/v0/orders/{orderId}",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Standard,
        replay: Safe,
        docs: "Get Order Status",
    }
}

crate::open_enum::open_enum! {
    /// Where an order stands.
    ///
    /// EnKash documentation: *Order Initialization for Payment Processing*.
    OrderStatus {
        /// Made, ready for checkout.
        Created = "CREATED",
        /// The customer was sent on to the checkout page.
        CheckoutRendered = "CHECKOUT_RENDERED",
        /// The customer tried to pay.
        Attempted = "ATTEMPTED",
        /// Paid.
        Paid = "PAID",
        /// The customer gave up.
        Cancelled = "CANCELLED",
        /// Ran out by time or inactivity.
        Expired = "EXPIRED",
        /// The customer's bank has not confirmed yet.
        PaymentConfirmationPending = "PAYMENT_CONFIRMATION_PENDING",
    }
}

/// An order and the attempts to pay it.
///
/// The documentation was read in part; what EnKash sends beyond it is kept in
/// [`extra`](Self::extra).
///
/// EnKash documentation: *Get Order Status*.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Order {
    /// EnKash's id of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_id: Option<OrderId>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created: Option<DateTime>,
    /// When it last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<DateTime>,
    /// The merchant's own id of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_order_id: Option<MerchantOrderId>,
    /// The key that names the merchant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_identifier_key: Option<crate::Secret>,
    /// What is to be paid, in rupees.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount: Option<Rupees>,
    /// Its currency.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub currency: Option<String>,
    /// Where the customer's browser goes after paying.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub return_url: Option<String>,
    /// Where the notification goes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notify_url: Option<String>,
    /// Where the order stands.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<OrderStatus>,
    /// Who pays.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_info: Option<CustomerDetail>,
    /// What EnKash says of the order, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_message: Option<String>,
    /// Date of the order.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_date: Option<DateTime>,
    /// The merchant's own key-value pairs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub custom_parameters: Option<Extra>,
    /// The attempts to pay; one of them at most succeeds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transactions: Option<Vec<Payment>>,
    /// The merchant's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_name: Option<String>,
    /// The account that has to pay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payment_detail: Option<OrderPaymentDetail>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}
