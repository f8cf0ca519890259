//! Where EnKash posts what happens to transfers.

use enkash_types::IntoValid;
use enkash_types::payouts::{ConfigureWebhook, WebhookConfig};

use crate::{Client, Error};

/// The webhook configuration of a client's payouts.
#[derive(Debug, Clone, Copy)]
pub struct Webhooks<'a> {
    pub(super) client: &'a Client,
}

impl Webhooks<'_> {
    /// Sets the address and the events that EnKash calls back for.
    ///
    /// # Errors
    ///
    /// [`Error`]. After [`Error::OutcomeUnknown`] the configuration may hold or not; whether a second
    /// one replaces the first is not documented.
    pub async fn configure(
        self,
        webhook: impl IntoValid<ConfigureWebhook>,
    ) -> Result<WebhookConfig, Error> {
        self.client.call(webhook).await
    }
}
