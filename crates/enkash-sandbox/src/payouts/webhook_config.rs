//! Where the merchant wants to be told of transfers.

use std::sync::Arc;

use enkash_types::Valid;
use enkash_types::payouts::{ConfigureWebhook, WebhookConfig};
use http::{HeaderName, HeaderValue};

use crate::router::Instead;
use crate::world::World;

/// Headers that say how the body travels.
const OF_HTTP: &[&str] = &[
    "connection",
    "content-length",
    "content-type",
    "expect",
    "host",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// `create_payout_webhook_config`. A second call replaces the first.
pub(crate) fn configure(
    world: &Arc<World>,
    request: Valid<ConfigureWebhook>,
) -> Result<WebhookConfig, Instead> {
    let request = request.into_inner();
    for (name, value) in &request.headers {
        let refuse = |rule: &str| Instead::refuse(422, format!("headers.{name}: {rule}"));
        let header =
            HeaderName::try_from(name).map_err(|_| refuse("is not the name of a header"))?;
        if OF_HTTP.contains(&header.as_str()) {
            return Err(refuse("says how a body travels, and is set by the sender"));
        }
        HeaderValue::from_str(value.expose())
            .map_err(|_| refuse("must be what can stand in a header"))?;
    }
    let mut answer = WebhookConfig::default();
    answer.company_id.clone_from(&request.company_id);
    answer.headers = Some(request.headers.clone());
    answer.webhook_url = Some(request.webhook_url.clone());
    answer.ssl_certificate.clone_from(&request.ssl_certificate);
    answer.events = Some(request.events.clone());
    answer.enabled = Some(request.enabled != Some(false));
    *world.state().payouts.webhook = Some(request);
    Ok(answer)
}
