//! Where EnKash posts what happens to payouts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::endpoint::endpoint;
use crate::text::company_id_of_cek;
use crate::valid::rules;
use crate::{CompanyId, Extra, Secret, WebAddress};

crate::open_enum::open_enum! {
    /// What EnKash calls back for. There is no event for a transfer that was rejected or reversed.
    ///
    /// What an event's message holds is not documented, nor whether it is sealed, signed or sent
    /// again, nor what it expects as an answer.
    ///
    /// EnKash documentation: *Create Webhook Configuration*.
    WebhookEvent {
        /// A transfer went through.
        PayoutSuccess = "PAYOUT_SUCCESS",
        /// A transfer is queued.
        PayoutPending = "PAYOUT_PENDING",
        /// A transfer failed.
        PayoutFailed = "PAYOUT_FAILED",
        /// A bill was paid.
        UtilityBillpaySuccess = "UTILITY_BILLPAY_SUCCESS",
        /// A bill was not paid.
        UtilityBillpayFailed = "UTILITY_BILLPAY_FAILED",
        /// The payment of a bill is queued.
        UtilityBillpayPending = "UTILITY_BILLPAY_PENDING",
    }
}

/// Sets the address and the events that EnKash calls back for.
///
/// Whether a second call replaces the first is not documented. Nothing about a payout webhook can
/// be verified but the static headers that are set here: give one a value that nobody can guess.
///
/// ```
/// use enkash_types::payouts::{ConfigureWebhook, WebhookEvent};
/// use enkash_types::Valid;
///
/// let mut webhook = ConfigureWebhook::new(
///     "https://shop.example.in/enkash",
///     vec![WebhookEvent::PayoutSuccess, WebhookEvent::PayoutFailed],
/// );
/// webhook.headers.insert("X-From-EnKash".to_owned(), "s3cr3t".into());
/// assert!(Valid::check(webhook).is_ok());
/// ```
///
/// EnKash documentation: *Create Webhook Configuration*.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct ConfigureWebhook {
    /// Headers that EnKash sends along, by name. Their values are secrets: by them the receiver
    /// knows EnKash. What the field means is not described on its page; so it is read, because the
    /// webhooks of bill payments say as much of static headers.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub headers: BTreeMap<String, Secret>,
    /// The address that is called.
    pub webhook_url: WebAddress,
    /// An SSL certificate; what EnKash does with it and its form are not described.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ssl_certificate: Option<String>,
    /// What is called for.
    pub events: Vec<WebhookEvent>,
    /// Whether the calls are made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// The merchant's company: `CEK` and seven capital letters or digits.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^CEK[A-Z0-9]{7}$")))]
    pub company_id: Option<CompanyId>,
}

rules! {
    ConfigureWebhook {
        headers: skip,
        webhook_url: "webhookUrl",
        ssl_certificate: skip,
        events: "events",
        enabled: skip,
        company_id: skip,
    }
    also {
        "companyId" => |webhook| webhook.company_id.as_ref().map_or(Ok(()), company_id_of_cek),
    }
}

impl ConfigureWebhook {
    /// Calls for these events, without headers.
    pub fn new(webhook_url: impl Into<WebAddress>, events: Vec<WebhookEvent>) -> Self {
        Self {
            headers: BTreeMap::new(),
            webhook_url: webhook_url.into(),
            ssl_certificate: None,
            events,
            enabled: None,
            company_id: None,
        }
    }
}

endpoint! {
    ConfigureWebhook => WebhookConfig {
        name: "create_payout_webhook_config",
        call: Post "/api/v0/webhook-data",
        product: Payouts,
        host: Payouts,
        auth: OAuth,
        sealed: true,
        envelope: Standard,
        replay: Never,
        docs: "Create Webhook Configuration",
    }
}

/// The configuration as EnKash stored it.
///
/// EnKash documentation: *Create Webhook Configuration*.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct WebhookConfig {
    /// The merchant's company.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub company_id: Option<CompanyId>,
    /// Headers that are sent along, by name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub headers: Option<BTreeMap<String, Secret>>,
    /// The address that is called.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub webhook_url: Option<WebAddress>,
    /// The SSL certificate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ssl_certificate: Option<String>,
    /// What is called for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub events: Option<Vec<WebhookEvent>>,
    /// Whether the calls are made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}
