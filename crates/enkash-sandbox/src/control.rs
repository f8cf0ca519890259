//! The control surface: what a test, or a person, does to the sandbox from outside. JSON.
//!
//! It is a list of [`Act`]s, which is served and shown as it stands.

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use enkash_transport::Clock as _;
use enkash_types::read::{self, ReadError};
use http::{Method, Response, StatusCode};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::faults::{Fault, FaultKind};
use crate::gateway::attempts;
use crate::router::{Instead, json_answer, other_method};
use crate::time::Moment;
use crate::world::World;
use crate::{gateway, payouts};

/// Something that can be done.
pub(crate) struct Act {
    pub(crate) method: &'static str,
    /// Below `/_sandbox`; `{name}` stands for any text.
    pub(crate) path: &'static str,
    /// In words, for the list.
    pub(crate) does: &'static str,
    /// Does it; given are the texts that stand in the path, and the body.
    pub(crate) run: Run,
}

type Run = fn(&Arc<World>, &[&str], &[u8]) -> Result<Value, Refused>;

/// Everything that can be done.
fn acts() -> impl Iterator<Item = &'static Act> {
    ACTS.iter().chain(gateway::acts()).chain(payouts::acts())
}

const ACTS: &[Act] = &[
    Act {
        method: "GET",
        path: "/",
        does: "this list, and the operations that are served",
        run: |world, _, _| Ok(surface(world)),
    },
    Act {
        method: "GET",
        path: "/clock",
        does: "the sandbox's time",
        run: |world, _, _| Ok(clock(world)),
    },
    Act {
        method: "POST",
        path: "/clock",
        does: "moves it on: {\"advanceSeconds\": 60}",
        run: advance,
    },
    Act {
        method: "GET",
        path: "/faults",
        does: "the faults that wait",
        run: |world, _, _| Ok(faults(world)),
    },
    Act {
        method: "POST",
        path: "/faults",
        does: "adds one: {\"operation\": \"create_order\", \"kind\": \"lost-answer\", \"count\": 1}",
        run: add_fault,
    },
    Act {
        method: "DELETE",
        path: "/faults",
        does: "removes all of them",
        run: |world, _, _| {
            world.state().faults.clear();
            Ok(faults(world))
        },
    },
    Act {
        method: "POST",
        path: "/faults/remove",
        does: "removes one that waits, given as it stands in the list",
        run: remove_fault,
    },
    Act {
        method: "GET",
        path: "/calls",
        does: "the last calls, secrets hidden",
        run: |world, _, _| Ok(json!({"calls": world.state().log.list().collect::<Vec<_>>()})),
    },
    Act {
        method: "GET",
        path: "/webhooks",
        does: "the last webhooks and what became of them",
        run: |world, _, _| {
            Ok(json!({"webhooks": world.state().webhooks.list().collect::<Vec<_>>()}))
        },
    },
    Act {
        method: "POST",
        path: "/webhooks/{number}/resend",
        does: "sends one again",
        run: resend,
    },
    Act {
        method: "POST",
        path: "/oauth/unlock",
        does: "unlocks the account after wrong passwords",
        run: |world, _, _| Ok(json!({"wasLocked": world.state().user.unlock()})),
    },
    Act {
        method: "POST",
        path: "/oauth/revoke",
        does: "revokes every refresh token",
        run: |world, _, _| Ok(json!({"revoked": world.state().tokens.revoke_refresh()})),
    },
    Act {
        method: "POST",
        path: "/tokens/expire",
        does: "ends the life of every token but refresh tokens",
        run: |world, _, _| Ok(json!({"expired": world.state().tokens.expire()})),
    },
];

/// What follows the surface's prefix in a path.
pub(crate) fn below(path: &str) -> Option<&str> {
    let rest = path.strip_prefix("/_sandbox")?;
    match rest {
        "" => Some("/"),
        _ => rest.starts_with('/').then_some(rest),
    }
}

/// Answers a request to the surface.
pub(crate) fn handle(
    world: &Arc<World>,
    method: &Method,
    path: &str,
    body: &[u8],
) -> Response<Bytes> {
    let mut others = Vec::new();
    for act in acts() {
        let Some(texts) = texts(act.path, path) else {
            continue;
        };
        if act.method != method.as_str() {
            others.push(act.method);
            continue;
        }
        return match (act.run)(world, &texts, body) {
            Ok(body) => json_answer(StatusCode::OK, &body),
            Err(Refused { status, error }) => json_answer(status, &json!({"error": error})),
        };
    }
    if others.is_empty() {
        let error = "the control surface has nothing here; GET /_sandbox/ lists what it has";
        return json_answer(StatusCode::NOT_FOUND, &json!({"error": error}));
    }
    other_method(&others)
}

/// The texts that stand in a path, if it is that of an act.
fn texts<'a>(of: &str, path: &'a str) -> Option<Vec<&'a str>> {
    let mut given = path.split('/');
    let mut texts = Vec::new();
    for segment in of.split('/') {
        let text = given.next()?;
        if segment.starts_with('{') {
            texts.push(text);
        } else if segment != text {
            return None;
        }
    }
    given.next().is_none().then_some(texts)
}

/// The text in a path that has one.
pub(crate) fn one<'a>(texts: &[&'a str]) -> Cow<'a, str> {
    let text = texts.first().copied().unwrap_or_default();
    percent_decode_str(text).decode_utf8_lossy()
}

/// Why an act is not done.
pub(crate) struct Refused {
    status: StatusCode,
    error: String,
}

impl Refused {
    pub(crate) fn new(status: StatusCode, error: impl Into<String>) -> Self {
        Self {
            status,
            error: error.into(),
        }
    }

    /// A value breaks a rule.
    pub(crate) fn invalid(error: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, error)
    }
}

impl From<attempts::Refused> for Refused {
    fn from(refused: attempts::Refused) -> Self {
        let status = StatusCode::from_u16(refused.status());
        let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self::new(status, refused.to_string())
    }
}

impl From<Instead> for Refused {
    fn from(instead: Instead) -> Self {
        match instead {
            Instead::Refusal(refusal) => {
                let status = StatusCode::from_u16(refusal.status);
                let status = status.unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                Self::new(status, refusal.message)
            }
            Instead::Json(status, _, shown) => Self::new(status, shown.to_string()),
        }
    }
}

impl From<ReadError> for Refused {
    fn from(error: ReadError) -> Self {
        Self::new(StatusCode::BAD_REQUEST, error.to_string())
    }
}

/// A body that may be left out.
pub(crate) fn optional<T: DeserializeOwned + Default>(body: &[u8]) -> Result<T, ReadError> {
    if body.is_empty() {
        return Ok(T::default());
    }
    read::json(body)
}

/// The body of an act that takes none.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nothing {}

fn surface(world: &World) -> Value {
    let control: Vec<Value> = acts()
        .map(|act| {
            let path = format!("/_sandbox{}", act.path);
            json!({"method": act.method, "path": path, "does": act.does})
        })
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

fn advance(world: &Arc<World>, _: &[&str], body: &[u8]) -> Result<Value, Refused> {
    let Advance { advance_seconds } = read::json(body)?;
    let clock_of = &world.config.clock;
    clock_of.advance(Duration::from_secs(advance_seconds));
    // What became due is done before this is answered.
    drop(world.state());
    Ok(clock(world))
}

fn clock(world: &World) -> Value {
    let clock = &world.config.clock;
    let now = Moment::from(clock.now());
    json!({
        "now": now.iso(),
        "milliseconds": now.millis(),
        "movedBySeconds": clock.moved_by().as_secs(),
    })
}

fn add_fault(world: &Arc<World>, _: &[&str], body: &[u8]) -> Result<Value, Refused> {
    let fault: Fault = read::json(body)?;
    let added = world.state().faults.add(fault);
    added.map_err(|error| Refused::invalid(error.to_string()))?;
    Ok(faults(world))
}

fn remove_fault(world: &Arc<World>, _: &[&str], body: &[u8]) -> Result<Value, Refused> {
    let fault: Fault = read::json(body)?;
    let removed = world.state().faults.remove(&fault);
    match removed {
        true => Ok(faults(world)),
        false => Err(Refused::new(
            StatusCode::NOT_FOUND,
            "no such fault waits; it may have struck since you looked",
        )),
    }
}

fn faults(world: &World) -> Value {
    json!({"faults": world.state().faults.list()})
}

fn resend(world: &Arc<World>, texts: &[&str], body: &[u8]) -> Result<Value, Refused> {
    optional::<Nothing>(body)?;
    let number = texts.first().and_then(|number| number.parse().ok());
    let mut state = world.state();
    let sent = number.and_then(|number| crate::webhooks::send_again(&mut state, number));
    match sent {
        Some(delivery) => Ok(json!({"webhook": delivery})),
        None => Err(Refused::new(
            StatusCode::NOT_FOUND,
            "no webhook has this number; GET /_sandbox/webhooks lists the last of them",
        )),
    }
}
