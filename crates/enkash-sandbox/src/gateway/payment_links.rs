//! Payment links: what the merchant is told of one. The calls that make them were not read.

use enkash_types::gateway::PaymentLinkEvent;
use enkash_types::read;
use http::StatusCode;
use serde_json::{Value, json};

use crate::control::{Act, Refused};
use crate::webhooks;
use crate::world::World;

pub(crate) const ACTS: &[Act] = &[Act {
    method: "POST",
    path: "/payment-links/events",
    does: "tells the merchant of a payment link; the body is the event as it is sent",
    run: |world, _, body| tell(world, body),
}];

fn tell(world: &World, body: &[u8]) -> Result<Value, Refused> {
    let event: PaymentLinkEvent = read::json(body)?;
    let mut state = world.state();
    let Some(url) = state.callbacks.payment_link.clone() else {
        return Err(Refused::new(
            StatusCode::CONFLICT,
            "nothing says where it goes: set paymentLink by POST /_sandbox/webhooks/address",
        ));
    };
    webhooks::send(&mut state, url.as_str(), &event);
    Ok(json!({"webhook": state.webhooks.list().next_back()}))
}
