//! What a scenario is given.

use anyhow::Context as _;
use enkash_api::Client;
use enkash_api::types::gateway::{CreateOrder, CreatedOrder};
use enkash_sandbox::{Config, Sandbox, SandboxClock};

use crate::browser::Browser;
use crate::merchant::Merchant;

/// A sandbox, a shop, and a browser, all new.
pub(crate) struct Stage {
    pub(crate) browser: Browser,
    pub(crate) sandbox: Sandbox,
    /// The shop that sells, and that the payer comes back to.
    pub(crate) merchant: Merchant,
    /// The shop's client.
    pub(crate) client: Client,
}

impl Stage {
    pub(crate) async fn set(browser: Browser) -> anyhow::Result<Self> {
        let sandbox = Sandbox::start(Config::new().with_clock(SandboxClock::manual())).await?;
        let credentials = sandbox.credentials();
        let client = Client::builder()
            .base_url(&sandbox.url())?
            .merchant(
                credentials.access_key.clone(),
                credentials.secret_key.clone(),
            )
            .transport(sandbox.in_process())
            .clock(sandbox.clock().clone())
            .build()?;
        Ok(Self {
            browser,
            merchant: Merchant::open().await?,
            client,
            sandbox,
        })
    }

    /// Makes an order whose payer is sent back to `/thanks` in the shop, which is told of the
    /// payment at `/notify`.
    pub(crate) async fn order(&self, id: &str, rupees: &str) -> anyhow::Result<CreatedOrder> {
        let mut order = CreateOrder::new(id, rupees.parse()?);
        order.return_url = Some(self.merchant.url("/thanks").into());
        order.notify_url = Some(self.merchant.url("/notify").into());
        self.client
            .gateway()
            .orders()
            .create(order)
            .await
            .with_context(|| format!("making order {id}"))
    }
}
