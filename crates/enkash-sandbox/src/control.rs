//! The control surface: what a test, or a person, does to the sandbox from outside. JSON.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use enkash_transport::Clock as _;
use enkash_types::gateway::PaymentMode;
use enkash_types::read::{self, ReadError};
use http::{Method, Response, StatusCode};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::faults::{Fault, FaultKind};
use crate::gateway::payments::{Act, NotActed, act};
use crate::router::{json_answer, other_method};
use crate::time::{iso, millis};
use crate::world::World;

/// All that there is, as `GET /_sandbox/` lists it.
const SURFACE: &[(&str, &str, &str)] = &[
    (
        "GET",
        "/_sandbox/",
        "this list, and the operations that are served",
    ),
    (
        "POST",
        "/_sandbox/orders/{orderId}/pay",
        "pays an order: {\"paymentMode\": \"UPI\"} or nothing",
    ),
    (
        "POST",
        "/_sandbox/orders/{orderId}/fail",
        "lets an attempt to pay it fail: {\"paymentMode\": \"UPI\"} or nothing",
    ),
    (
        "POST",
        "/_sandbox/orders/{orderId}/cancel",
        "gives it up, as the payer would",
    ),
    (
        "POST",
        "/_sandbox/orders/{orderId}/expire",
        "lets it run out",
    ),
    ("GET", "/_sandbox/clock", "the sandbox's time"),
    (
        "POST",
        "/_sandbox/clock",
        "moves it on: {\"advanceSeconds\": 60}",
    ),
    ("GET", "/_sandbox/faults", "the faults that wait"),
    (
        "POST",
        "/_sandbox/faults",
        "adds one: {\"operation\": \"create_order\", \"kind\": \"lost-answer\", \"count\": 1}",
    ),
    ("DELETE", "/_sandbox/faults", "removes all of them"),
    ("GET", "/_sandbox/calls", "the last calls, secrets hidden"),
    (
        "GET",
        "/_sandbox/webhooks",
        "the last webhooks and what became of them",
    ),
    (
        "POST",
        "/_sandbox/oauth/unlock",
        "unlocks the account after wrong passwords",
    ),
    (
        "POST",
        "/_sandbox/oauth/revoke",
        "revokes every refresh token",
    ),
    (
        "POST",
        "/_sandbox/tokens/expire",
        "ends the life of every token but refresh tokens",
    ),
];

/// What follows the surface's prefix in a path.
pub(crate) fn below(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/_sandbox")?;
    match rest {
        "" => Some(""),
        _ => rest.strip_prefix('/'),
    }
}

/// Answers a request to the surface.
pub(crate) fn handle(
    world: &Arc<World>,
    method: &Method,
    path: &str,
    body: &[u8],
) -> Response<Bytes> {
    let response = answer(world, method, path, body);
    world.changed();
    match response {
        Ok(body) => json_answer(StatusCode::OK, &body),
        Err(Refused::With(status, error)) => json_answer(status, &json!({"error": error})),
        Err(Refused::Method(allowed)) => other_method(allowed),
    }
}

enum Refused {
    With(StatusCode, String),
    Method(&'static [&'static str]),
}

impl From<ReadError> for Refused {
    fn from(error: ReadError) -> Self {
        Self::With(StatusCode::BAD_REQUEST, error.to_string())
    }
}

fn invalid(error: impl Into<String>) -> Refused {
    Refused::With(StatusCode::UNPROCESSABLE_ENTITY, error.into())
}

fn answer(world: &Arc<World>, method: &Method, path: &str, body: &[u8]) -> Result<Value, Refused> {
    let segments: Vec<&str> = path.split('/').collect();
    match (method.as_str(), segments.as_slice()) {
        ("GET", [""]) => Ok(surface(world)),
        (_, [""]) => Err(Refused::Method(&["GET"])),
        (
            "POST",
            [
                "orders",
                order,
                what @ ("pay" | "fail" | "cancel" | "expire"),
            ],
        ) => order_act(world, order, what, body),
        (_, ["orders", _, "pay" | "fail" | "cancel" | "expire"]) => Err(Refused::Method(&["POST"])),
        ("GET", ["clock"]) => Ok(clock(world)),
        ("POST", ["clock"]) => {
            let Advance { advance_seconds } = read::json(body)?;
            world
                .config
                .clock
                .advance(Duration::from_secs(advance_seconds));
            Ok(clock(world))
        }
        (_, ["clock"]) => Err(Refused::Method(&["GET", "POST"])),
        ("GET", ["faults"]) => Ok(faults(world)),
        ("POST", ["faults"]) => {
            let fault: Fault = read::json(body)?;
            world
                .state()
                .faults
                .add(fault)
                .map_err(|error| invalid(error.to_string()))?;
            Ok(faults(world))
        }
        ("DELETE", ["faults"]) => {
            world.state().faults.clear();
            Ok(faults(world))
        }
        (_, ["faults"]) => Err(Refused::Method(&["GET", "POST", "DELETE"])),
        ("GET", ["calls"]) => Ok(json!({"calls": world.state().log.list().collect::<Vec<_>>()})),
        ("GET", ["webhooks"]) => {
            Ok(json!({"webhooks": world.state().webhooks.list().collect::<Vec<_>>()}))
        }
        (_, ["calls" | "webhooks"]) => Err(Refused::Method(&["GET"])),
        ("POST", ["oauth", "unlock"]) => Ok(json!({"wasLocked": world.state().user.unlock()})),
        ("POST", ["oauth", "revoke"]) => {
            Ok(json!({"revoked": world.state().tokens.revoke_refresh()}))
        }
        ("POST", ["tokens", "expire"]) => Ok(json!({"expired": world.state().tokens.expire()})),
        (_, ["oauth", "unlock" | "revoke"] | ["tokens", "expire"]) => {
            Err(Refused::Method(&["POST"]))
        }
        _ => Err(Refused::With(
            StatusCode::NOT_FOUND,
            "the control surface has nothing here; GET /_sandbox/ lists what it has".to_owned(),
        )),
    }
}

fn surface(world: &World) -> Value {
    let control: Vec<Value> = SURFACE
        .iter()
        .map(|(method, path, does)| json!({"method": method, "path": path, "does": does}))
        .collect();
    let operations: Vec<Value> = world
        .router
        .operations()
        .map(|operation| {
            json!({
                "operation": operation.name,
                "method": operation.method.as_str(),
                "path": operation.path,
                "auth": operation.auth.name(),
                "sealed": operation.sealed,
            })
        })
        .collect();
    json!({"control": control, "operations": operations, "faultKinds": FaultKind::ALL})
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Advance {
    advance_seconds: u64,
}

fn clock(world: &World) -> Value {
    let clock = &world.config.clock;
    let now = clock.now();
    json!({
        "now": iso(now),
        "milliseconds": millis(now),
        "movedBySeconds": clock.moved_by().as_secs(),
    })
}

fn faults(world: &World) -> Value {
    json!({"faults": world.state().faults.list()})
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Paid {
    payment_mode: Option<PaymentMode>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Nothing {}

fn order_act(world: &Arc<World>, order: &str, what: &str, body: &[u8]) -> Result<Value, Refused> {
    let mode = |body| {
        let mode = optional::<Paid>(body)?
            .payment_mode
            .unwrap_or(PaymentMode::Upi);
        match mode {
            PaymentMode::Unknown(_) => Err(invalid(format!(
                "paymentMode: must be one of {}",
                PaymentMode::DOCUMENTED
                    .iter()
                    .map(PaymentMode::as_str)
                    .collect::<Vec<_>>()
                    .join(", ")
            ))),
            mode => Ok(mode),
        }
    };
    let what = match what {
        "pay" => Act::Pay(mode(body)?),
        "fail" => Act::Fail(mode(body)?),
        other => {
            optional::<Nothing>(body)?;
            if other == "cancel" {
                Act::Cancel
            } else {
                Act::Expire
            }
        }
    };
    match act(world, order, what) {
        Ok(acted) => Ok(json!({
            "orderId": acted.order_id,
            "merchantOrderId": acted.merchant_order_id,
            "status": acted.status,
            "transactionId": acted.transaction_id,
        })),
        Err(NotActed::NoOrder) => Err(Refused::With(
            StatusCode::NOT_FOUND,
            "no order has this id, neither EnKash's nor the merchant's".to_owned(),
        )),
        Err(NotActed::Over(over)) => Err(Refused::With(
            StatusCode::CONFLICT,
            format!("the order is {} already", over.0),
        )),
    }
}

/// A body that may be left out.
fn optional<T: DeserializeOwned + Default>(body: &[u8]) -> Result<T, ReadError> {
    if body.is_empty() {
        return Ok(T::default());
    }
    read::json(body)
}
