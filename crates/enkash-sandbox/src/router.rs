//! From an HTTP request to the declared operation, and back.
//!
//! There is no table of routes: methods, paths, encodings and envelopes are those of the
//! declarations. The `routes` of each product say which function behaves as which of them.

use std::collections::HashMap;
use std::sync::Arc;

use bytes::Bytes;
use enkash_transport::wire::{self, Refusal};
use enkash_types::read::ReadError;
use enkash_types::{
    AccountNumber, Endpoint, HIDDEN, Operation, Product, Valid, Violations, masked_text,
};
use http::header::{ALLOW, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Request, Response, StatusCode};
use serde_json::value::{RawValue, to_raw_value};
use serde_json::{Value, json};

use crate::faults::{self, Struck};
use crate::log::LoggedCall;
use crate::time::Moment;
use crate::tokens::Tokens;
use crate::world::World;
use crate::{
    auth, browser, checkout, control, dashboard, gateway, oauth, payouts, rewards, verification,
};

/// Bytes of a request's body that are read at most.
pub(crate) const MAX_BODY: usize = 1024 * 1024;

/// Bytes of a body that are logged at most.
const MAX_LOGGED: usize = 16 * 1024;

/// How a call ends.
pub(crate) enum Ending {
    /// With a whole answer.
    Answer(Response<Bytes>),
    /// With half of this answer, and the end of the connection.
    Half(Response<Bytes>),
    /// With the end of the connection.
    Close,
    /// With a reset of the connection.
    Reset,
}

/// What is answered in place of the declared answer.
pub(crate) enum Instead {
    /// A refusal in the operation's envelope.
    Refusal(Refusal),
    /// JSON of another form, and how it is shown in the log.
    Json(StatusCode, Value, Value),
}

impl Instead {
    pub(crate) fn refuse(status: u16, message: impl Into<String>) -> Self {
        Self::Refusal(Refusal::new(status, None, message))
    }

    /// As EnKash refuses a token, seen in a public integration: HTTP 200, and no message.
    pub(crate) fn token_refused() -> Self {
        Self::json(
            StatusCode::OK,
            json!({"response_code": 117, "payload": "Token is invalid."}),
        )
    }

    /// A JSON answer that holds no secret.
    pub(crate) fn json(status: StatusCode, body: Value) -> Self {
        Self::Json(status, body.clone(), body)
    }
}

/// The documentation has 400 for a request that is invalid, 422 for a value that is (rewards).
impl From<ReadError> for Instead {
    fn from(error: ReadError) -> Self {
        Self::refuse(400, error.to_string())
    }
}

impl From<Violations> for Instead {
    fn from(violations: Violations) -> Self {
        Self::refuse(422, violations.to_string())
    }
}

/// A call of an operation.
struct Call<'a> {
    head: &'a Parts,
    /// Whether it says who is asking, as the operation wants it.
    allowed: Result<(), Instead>,
    path_fields: Vec<(&'static str, String)>,
    body: &'a [u8],
}

/// What came of a call.
pub(crate) struct Done {
    pub(crate) response: Response<Bytes>,
    /// The request as a person may see it, if it could be read.
    request: Option<Box<RawValue>>,
    /// The answer as a person may see it, if it is JSON.
    answer: Option<Box<RawValue>>,
}

impl Done {
    /// An answer that holds no secret.
    pub(crate) fn open(response: Response<Bytes>) -> Self {
        Self {
            request: None,
            answer: serde_json::from_slice(response.body()).ok(),
            response,
        }
    }

    /// An answer, and both sides as a person may see them.
    pub(crate) fn shown(
        response: Response<Bytes>,
        request: Option<Box<RawValue>>,
        answer: Option<Box<RawValue>>,
    ) -> Self {
        Self {
            response,
            request,
            answer,
        }
    }

    pub(crate) fn instead(operation: &Operation, instead: Instead) -> Self {
        match instead {
            Instead::Refusal(refusal) => Self::open(wire::refuse(operation, &refusal)),
            Instead::Json(status, body, shown) => Self {
                response: json_answer(status, &body),
                request: None,
                answer: to_raw_value(&shown).ok(),
            },
        }
    }
}

/// An operation that is served.
pub(crate) struct Route {
    operation: &'static Operation,
    only_if: fn(&[u8]) -> bool,
    run: Run,
}

type Run = Box<dyn Fn(&Arc<World>, Call<'_>) -> Done + Send + Sync>;

/// What a function that behaves like an operation looks like.
type Behaviour<E> = fn(&Arc<World>, Valid<E>) -> Result<<E as Endpoint>::Answer, Instead>;

/// Serves an operation with the function that behaves like it.
pub(crate) fn serve<E: Endpoint>(behave: Behaviour<E>) -> Route {
    Route {
        operation: E::OPERATION,
        only_if: |_| true,
        run: Box::new(move |world, call| run(world, call, behave)),
    }
}

impl Route {
    /// For operations that share method and path: serves those bodies alone.
    pub(crate) fn only_if(mut self, only_if: fn(&[u8]) -> bool) -> Self {
        self.only_if = only_if;
        self
    }
}

/// One call: who asks, open, read, check, behave, answer.
fn run<E: Endpoint>(world: &Arc<World>, call: Call<'_>, behave: Behaviour<E>) -> Done {
    let mut shown = None;
    let answered = (|| {
        call.allowed?;
        // Of a call without a body the answer alone is sealed.
        let is_sealed = E::OPERATION.sealed && !E::OPERATION.method.has_query();
        let opened = is_sealed.then(|| open(world, call.body)).transpose()?;
        let body = opened.as_deref().unwrap_or(call.body);
        let request = wire::read::<E>(&call.path_fields, call.head.uri.query(), body)?;
        if body.len() <= MAX_LOGGED {
            shown = masked_text(&request).ok();
        }
        behave(world, Valid::check(request)?)
    })();
    let mut done = match answered {
        Ok(answer) => {
            let mut response = wire::answer::<E>(&answer);
            if answers_sealed(world, E::OPERATION) {
                *response.body_mut() = wire::sealed(world.key.seal(response.body()));
            }
            Done {
                response,
                request: None,
                answer: masked_text(&answer)
                    .ok()
                    .filter(|text| text.get().len() <= MAX_LOGGED),
            }
        }
        Err(instead) => Done::instead(E::OPERATION, instead),
    };
    done.request = shown;
    done
}

/// Whether answers are sealed too is documented for payouts alone.
fn answers_sealed(world: &World, operation: &Operation) -> bool {
    let documented = operation.product == Product::Payouts;
    operation.sealed && world.config.sealed_answers.unwrap_or(documented)
}

fn open(world: &World, body: &[u8]) -> Result<Vec<u8>, Instead> {
    let refused = "the body must be {\"request\": \"<base64>\"}, sealed with the client secret";
    wire::unsealed(body)
        .and_then(|sealed| world.key.open(&sealed).ok())
        .ok_or_else(|| Instead::refuse(422, refused))
}

/// Finds the operation of a request.
pub(crate) struct Router {
    routes: Vec<Route>,
    /// The routes whose path has no field in it.
    fixed: HashMap<&'static str, Vec<usize>>,
    /// All others.
    patterns: Vec<usize>,
}

enum Found<'a> {
    Route(&'a Route, Vec<(&'static str, String)>),
    /// The path is served, with these methods.
    OtherMethod(Vec<&'static str>),
    Nothing,
}

impl Router {
    /// Every operation, with the function that behaves like it.
    pub(crate) fn new() -> Self {
        let mut router = Self {
            routes: [
                oauth::routes(),
                gateway::routes(),
                payouts::routes(),
                rewards::routes(),
                verification::routes(),
            ]
            .into_iter()
            .flatten()
            .collect(),
            fixed: HashMap::new(),
            patterns: Vec::new(),
        };
        for (index, route) in router.routes.iter().enumerate() {
            match route.operation.path_fields().next() {
                None => router
                    .fixed
                    .entry(route.operation.path)
                    .or_default()
                    .push(index),
                Some(_) => router.patterns.push(index),
            }
        }
        router
    }

    /// The operations that are served.
    pub(crate) fn operations(&self) -> impl Iterator<Item = &'static Operation> {
        self.routes.iter().map(|route| route.operation)
    }

    fn find(&self, head: &Parts, body: &[u8]) -> Found<'_> {
        let path = head.uri.path();
        let fixed = self.fixed.get(path).into_iter().flatten();
        let fixed = fixed.map(|index| (&self.routes[*index], Vec::new()));
        let patterns = self.patterns.iter().filter_map(|index| {
            let route = &self.routes[*index];
            Some((route, wire::path_fields(route.operation, path)?))
        });
        let mut methods = Vec::new();
        for (route, fields) in fixed.chain(patterns) {
            let method = route.operation.method.as_str();
            if head.method == method && (route.only_if)(body) {
                return Found::Route(route, fields);
            }
            if !methods.contains(&method) {
                methods.push(method);
            }
        }
        match methods.is_empty() {
            true => Found::Nothing,
            false => Found::OtherMethod(methods),
        }
    }
}

/// Answers any request.
pub(crate) async fn handle(world: &Arc<World>, request: Request<Bytes>) -> Ending {
    let (head, body) = request.into_parts();
    if let Some(refused) = unwritten(world) {
        return refused;
    }
    let path = head.uri.path();
    let ending = match (dashboard::below(path), control::below(path)) {
        (None, None) => operate(world, &head, &body).await,
        _ if body.len() > MAX_BODY => Ending::Answer(too_large()),
        _ if !head.method.is_safe() && !browser::may_act(&head.headers) => {
            Ending::Answer(browser::refused())
        }
        (Some(path), _) => Ending::Answer(dashboard::handle(world, &head, path, &body).await),
        (None, Some(path)) => Ending::Answer(control::handle(world, &head.method, path, &body)),
    };
    // What could not be written is not answered as if it were done.
    unwritten(world).unwrap_or(ending)
}

/// What is answered when the state cannot be written any more.
fn unwritten(world: &World) -> Option<Ending> {
    let error = json!({"error": world.broken()?});
    let response = json_answer(StatusCode::INTERNAL_SERVER_ERROR, &error);
    Some(Ending::Answer(response))
}

/// Answers all but the control surface: route, log, fault, run, log.
async fn operate(world: &Arc<World>, head: &Parts, body: &Bytes) -> Ending {
    if let Some(answer) = checkout::at_once(world, head) {
        return Ending::Answer(answer);
    }
    let found = world.router.find(head, body);
    let operation = match &found {
        Found::Route(route, _) => Some(route.operation),
        _ => None,
    };
    let Start {
        number,
        came,
        fault,
        allowed,
    } = start(world, operation, head, body);

    let mut done = match found {
        _ if body.len() > MAX_BODY => Done::open(too_large()),
        Found::Route(route, path_fields) => {
            let call = Call {
                head,
                allowed,
                path_fields,
                body,
            };
            fault
                .and_then(|fault| fault.before(route.operation))
                .unwrap_or_else(|| (route.run)(world, call))
        }
        Found::OtherMethod(methods) => Done::open(other_method(&methods)),
        Found::Nothing => checkout::handle(world, head, body).unwrap_or_else(|| {
            Done::open(json_answer(
                StatusCode::NOT_FOUND,
                &json!({"error": "nothing is served here; GET /_sandbox/ lists what is"}),
            ))
        }),
    };

    checkout::after(world, head, &mut done.response);

    let ending = match fault {
        Some(fault) => fault.after(done.response),
        None => Ending::Answer(done.response),
    };
    let status = match &ending {
        Ending::Answer(response) | Ending::Half(response) => Some(response.status().as_u16()),
        Ending::Close | Ending::Reset => None,
    };
    let wait = fault.and_then(Struck::wait);
    log_end(world, number, |call| {
        call.request = done.request;
        call.answer = done.answer;
        call.status = status.filter(|_| wait.is_none());
    });
    if let Some(wait) = wait {
        tokio::select! {
            () = world.config.clock.sleep_until(came.after(wait).into()) => {}
            () = world.stopped() => return Ending::Close,
        }
        log_end(world, number, |call| call.status = status);
    }
    tracing::info!(
        operation = operation.map(|operation| operation.name),
        method = %head.method,
        status,
        fault = ?fault.map(Struck::kind),
        "call"
    );
    ending
}

/// What is known of a call before it is done.
struct Start {
    /// Its number in the log.
    number: u64,
    came: Moment,
    fault: Option<Struck>,
    allowed: Result<(), Instead>,
}

/// The beginning of a call, under one lock: it is logged, and looked at for a fault and for who is
/// asking.
fn start(world: &World, operation: Option<&'static Operation>, head: &Parts, body: &[u8]) -> Start {
    let mut state = world.state();
    let came = state.now;
    let lot = faults::lot(world.config.seed, state.log.next_number());
    let waiting = operation.and_then(|operation| state.faults.waiting(operation.name, lot));
    let fault = waiting.map(|index| state.faults.strike(index));
    let path = head.uri.path();
    let (path, allowed) = match operation {
        Some(operation) => {
            let tokens = &state.tokens;
            let allowed = auth::check(&world.config, tokens, came, operation, &head.headers);
            (shortened(path), allowed)
        }
        None => {
            let path = without_secrets(world, &state.tokens, path);
            (shortened(&path), Ok(()))
        }
    };
    let number = state.log.start(LoggedCall {
        number: 0,
        at: came.into(),
        operation: operation.map(|operation| operation.name),
        method: shortened(head.method.as_str()),
        path,
        status: None,
        fault: fault.map(Struck::kind),
        request_bytes: body.len(),
        request: None,
        answer: None,
    });
    // Nobody is told before the call is done, and then it is written as well.
    state.leave_unsaved();
    Start {
        number,
        came,
        fault,
        allowed,
    }
}

fn log_end(world: &World, number: u64, end: impl FnOnce(&mut LoggedCall)) {
    // It is gone where a thousand others came after it.
    if let Some(call) = world.state().log.call(number) {
        end(call);
    }
}

fn shortened(text: &str) -> String {
    const MOST: usize = 200;
    match text.char_indices().nth(MOST) {
        Some((end, _)) => text[..end].to_owned(),
        None => text.to_owned(),
    }
}

/// A path that nobody declared may hold anything: the address of a rewards page holds a token, that
/// of a call which is not served yet may hold the number of an account.
fn without_secrets(world: &World, tokens: &Tokens, path: &str) -> String {
    let segments = path.split('/').map(|segment| {
        let is_secret = tokens.holds(segment) || world.config.credentials.hold(segment);
        let is_number = segment.len() >= 9 && segment.bytes().all(|byte| byte.is_ascii_digit());
        match segment {
            _ if is_secret => HIDDEN.to_owned(),
            _ if is_number => AccountNumber::new(segment).to_string(),
            _ => segment.to_owned(),
        }
    });
    segments.collect::<Vec<_>>().join("/")
}

pub(crate) fn json_answer(status: StatusCode, body: &Value) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body.to_string()));
    *response.status_mut() = status;
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

pub(crate) fn other_method(allowed: &[&str]) -> Response<Bytes> {
    let allowed = allowed.join(", ");
    let mut response = json_answer(
        StatusCode::METHOD_NOT_ALLOWED,
        &json!({"error": format!("this path takes {allowed} alone")}),
    );
    if let Ok(allowed) = HeaderValue::from_str(&allowed) {
        response.headers_mut().insert(ALLOW, allowed);
    }
    response
}

fn too_large() -> Response<Bytes> {
    json_answer(
        StatusCode::PAYLOAD_TOO_LARGE,
        &json!({"error": format!("a body has at most {MAX_BODY} bytes")}),
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_declared_operation_is_served() {
        let router = Router::new();
        let served: BTreeSet<_> = router.operations().map(|served| served.name).collect();
        let declared: BTreeSet<_> = enkash_types::operations()
            .filter(|declared| !declared.is_webhook)
            .map(|declared| declared.operation.name)
            .collect();
        assert_eq!(served, declared);
        assert_eq!(router.routes.len(), served.len(), "none is served twice");
    }
}
