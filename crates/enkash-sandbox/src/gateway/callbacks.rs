//! Where those webhooks go whose address is set nowhere in the documentation that was read.

use enkash_types::{WebAddress, read};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::control::{Act, Refused};
use crate::world::World;

/// The addresses; what has none is not sent.
#[derive(Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Callbacks {
    /// Of `receive_upi_mandate_callback`.
    pub(crate) upi_mandate: Option<WebAddress>,
    /// Of `receive_mandate_debit_callback`.
    pub(crate) mandate_debit: Option<WebAddress>,
    /// Of `receive_payment_link_event`.
    pub(crate) payment_link: Option<WebAddress>,
}

pub(crate) const ACTS: &[Act] = &[
    Act {
        method: "GET",
        path: "/webhooks/address",
        does: "where those webhooks go that no call says it of",
        run: |world, _, _| Ok(json!(*world.state().callbacks)),
    },
    Act {
        method: "POST",
        path: "/webhooks/address",
        does: "sets it: {\"upiMandate\": url, \"mandateDebit\": url, \"paymentLink\": url}; one that is left out is not sent",
        run: |world, _, body| set(world, body),
    },
];

fn set(world: &World, body: &[u8]) -> Result<Value, Refused> {
    let callbacks: Callbacks = read::json(body)?;
    for (name, address) in [
        ("upiMandate", &callbacks.upi_mandate),
        ("mandateDebit", &callbacks.mandate_debit),
        ("paymentLink", &callbacks.payment_link),
    ] {
        if let Some(Err(broken)) = address.as_ref().map(WebAddress::check) {
            return Err(Refused::invalid(format!("{name}: {broken}")));
        }
    }
    let set = json!(callbacks);
    *world.state().callbacks = callbacks;
    Ok(set)
}
