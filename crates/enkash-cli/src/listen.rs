//! `enkash listen`.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::net::Ipv4Addr;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use enkash_transport::TransportError;
use enkash_transport::{
    BaseUrl, BaseUrlError, Failure as Failed, HyperTransport, Limits, Transport as _,
};
use enkash_types::gateway::{
    MandateDebitCallback, PaymentLinkEvent, PaymentNotification, UpiMandateCallback,
};
use enkash_types::{Extra, HIDDEN, Notice, masked};
use enkash_webhook::{DEFAULT_LIMIT, REPLY, Receiver, Refused};
use http::header::{
    ALLOW, CONNECTION, CONTENT_LENGTH, EXPECT, HOST, TE, TRAILER, TRANSFER_ENCODING, UPGRADE,
};
use http::{HeaderMap, HeaderName, Method, Request, StatusCode, Uri};
use jiff::Zoned;
use serde::Serialize;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};

use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
The first line on stdout is `listening on http://127.0.0.1:PORT`. That is the address to give as \
notifyUrl of an order in the sandbox; for EnKash's own messages put a tunnel in front of it. Any \
path will do. One that ends in the name of a webhook (`enkash api list`), as \
/receive_mandate_debit_callback does, says of which kind the message is; else its fields tell. What is in an event of payouts is not documented, \
so it is told by its size alone, and --forward-to passes it on as it came.

While it runs, type
  3          to post message 3 again to where messages are forwarded
  3 URL      to post it to another address
  list       to see the messages that are kept: the last hundred, for as long as it runs

The sender gets what the forward target answered if that is a success, and 502 if it is not. \
Without --forward-to it gets 200. To run it in the background, give it </dev/null to read.")]
pub(crate) struct Args {
    /// Port on 127.0.0.1; a free one by default.
    #[arg(long, default_value_t = 0, value_name = "N")]
    port: u16,
    /// Post each message on to this address: https://, or http:// on this machine.
    #[arg(long, value_name = "URL")]
    forward_to: Option<Target>,
}

/// So many messages are kept; the oldest go first.
const KEPT: usize = 100;

pub(crate) async fn run(args: Args, output: &Output) -> Result<(), Failure> {
    tokio::select! {
        // Listened for before anything is said, so that a Ctrl-C in answer to it is not missed.
        biased;
        ended = tokio::signal::ctrl_c() => {
            ended.map_err(|error| Failure::Other(format!("cannot wait for Ctrl-C: {error}")))
        }
        failed = listen(args, output) => failed,
    }
}

/// Takes messages and lines that are typed, and says what happens, until it cannot.
async fn listen(args: Args, output: &Output) -> Result<(), Failure> {
    let cannot = |error| Failure::Other(format!("cannot listen on port {}: {error}", args.port));
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, args.port)).await;
    let socket = socket.map_err(cannot)?;
    let address = socket.local_addr().map_err(cannot)?;
    let (events, mut happened) = mpsc::unbounded_channel();
    let listener = Arc::new(Listener {
        port: address.port(),
        target: args.forward_to,
        transport: HyperTransport::new(Limits::default())
            .map_err(|error| Failure::Other(format!("cannot forward: {error}")))?,
        kept: Mutex::default(),
        events,
    });
    if let Some(target) = &listener.target {
        listener.allow(target).map_err(Failure::Input)?;
    }
    output.line(&format!("listening on http://{address}"))?;

    let routes = Router::new()
        .fallback(take)
        .with_state(Arc::clone(&listener));
    let mut served = tokio::spawn(async move { axum::serve(socket, routes).await });
    let mut typed = typed_lines();
    loop {
        tokio::select! {
            Some(event) = happened.recv() => say(&event, output)?,
            Some(line) = typed.recv() => {
                if let Err(why) = obey(&line, &listener) {
                    say(&Event::Misunderstood { why }, output)?;
                }
            }
            ended = &mut served => {
                let error = ended.map_or_else(|error| error.to_string(), |ended| {
                    ended.err().map(|error| error.to_string()).unwrap_or_default()
                });
                return Err(Failure::Other(format!("cannot go on listening: {error}")));
            }
        }
    }
}

/// What all connections share.
struct Listener {
    /// Its own port.
    port: u16,
    target: Option<Target>,
    transport: HyperTransport,
    kept: Mutex<Kept>,
    events: UnboundedSender<Event>,
}

/// The last messages.
#[derive(Default)]
struct Kept {
    messages: VecDeque<Arc<Message>>,
    count: u64,
}

/// A message as it came.
struct Message {
    headers: HeaderMap,
    body: Bytes,
    shown: Shown,
}

/// A message as a person may see it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Shown {
    /// From 1.
    number: u64,
    at: String,
    #[serde(skip)]
    time_of_day: String,
    path: String,
    bytes: usize,
    /// The name of the webhook; nothing for a message that is none.
    kind: Option<&'static str>,
    key: Option<String>,
    states: Extra,
    sums: Extra,
    /// The message, secrets hidden.
    message: Option<Value>,
}

/// Something that is said.
#[derive(Debug, Serialize)]
#[serde(
    tag = "event",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
enum Event {
    /// A message came.
    Received(Shown),
    /// A message is still there.
    Kept(Shown),
    /// A message was posted on.
    Forwarded {
        number: u64,
        to: String,
        /// HTTP status of the answer, if there was one.
        status: Option<u16>,
        /// Why there was none.
        error: Option<String>,
        milliseconds: u128,
    },
    /// A message was not taken.
    Refused { why: String },
    /// A line that was typed is none of those that are understood.
    Misunderstood { why: String },
}

fn say(event: &Event, output: &Output) -> Result<(), Failure> {
    let line = if output.is_json() {
        serde_json::to_string(event)
            .map_err(|error| Failure::Other(format!("cannot write: {error}")))?
    } else {
        event.in_words()
    };
    output.line(&line)
}

impl Event {
    fn in_words(&self) -> String {
        match self {
            Self::Received(shown) | Self::Kept(shown) => shown.in_words(),
            Self::Forwarded {
                number,
                to,
                status,
                error,
                milliseconds,
            } => {
                let answer = match (status, error) {
                    (Some(status), _) => format!("answered {status}"),
                    (None, error) => error.clone().unwrap_or_default(),
                };
                format!("          #{number} to {to}: {answer} ({milliseconds} ms)")
            }
            Self::Refused { why } => format!("          refused: {why}"),
            Self::Misunderstood { why } => why.clone(),
        }
    }
}

impl Shown {
    fn in_words(&self) -> String {
        let mut line = format!("{}  #{}  ", self.time_of_day, self.number);
        // Writing to a text cannot fail.
        let _ = match self.kind {
            Some(kind) => write!(line, "{kind}"),
            None => write!(line, "unknown, {} bytes to {}", self.bytes, self.path),
        };
        for (name, value) in self.states.iter().chain(&self.sums) {
            let value = match value {
                Value::String(text) => text.chars().filter(|c| !c.is_control()).collect(),
                other => other.to_string(),
            };
            let _ = write!(line, "  {name}={value}");
        }
        if let Some(key) = &self.key {
            let _ = write!(line, "  {key}");
        }
        line
    }
}

/// Answers a request to any path.
async fn take(State(listener): State<Arc<Listener>>, request: Request<Body>) -> Response {
    if request.method() != Method::POST {
        let why = "messages are posted\n";
        return (StatusCode::METHOD_NOT_ALLOWED, [(ALLOW, "POST")], why).into_response();
    }
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, DEFAULT_LIMIT).await else {
        let refused = Refused::TooLong {
            limit: DEFAULT_LIMIT,
        };
        listener.tell(Event::Refused {
            why: refused.to_string(),
        });
        return (refused.status(), refused.reply()).into_response();
    };
    let message = listener.keep(head.uri.path(), passed_on(&head.headers), body);
    let status = match &listener.target {
        Some(target) => listener.forward(&message, target).await,
        None => StatusCode::OK,
    };
    (status, REPLY).into_response()
}

impl Listener {
    fn tell(&self, event: Event) {
        // Whoever listens to it ends the process when it ends.
        let _ = self.events.send(event);
    }

    /// Keeps a message, and says that it came.
    fn keep(&self, path: &str, headers: HeaderMap, body: Bytes) -> Arc<Message> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.count += 1;
        let message = Arc::new(Message {
            shown: Shown::new(kept.count, path, &body),
            headers,
            body,
        });
        if kept.messages.len() == KEPT {
            kept.messages.pop_front();
        }
        kept.messages.push_back(Arc::clone(&message));
        self.tell(Event::Received(message.shown.clone()));
        message
    }

    /// Posts a message on, says what came of it, and gives the status for its sender.
    async fn forward(&self, message: &Message, target: &Target) -> StatusCode {
        let started = Instant::now();
        let mut request = Request::new(message.body.clone());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = target.0.clone();
        *request.headers_mut() = message.headers.clone();
        let answer = self.transport.send(request).await;
        let status = answer.as_ref().ok().map(http::Response::status);
        self.tell(Event::Forwarded {
            number: message.shown.number,
            to: target.to_string(),
            status: status.map(|status| status.as_u16()),
            error: answer.err().map(|error| in_words(&error)),
            milliseconds: started.elapsed().as_millis(),
        });
        status
            .filter(StatusCode::is_success)
            .unwrap_or(StatusCode::BAD_GATEWAY)
    }

    /// A target may not be the listener itself: a message would go round for ever.
    fn allow(&self, target: &Target) -> Result<(), String> {
        let on_this_machine = target.0.scheme_str() == Some("http");
        if on_this_machine && target.0.port_u16().unwrap_or(80) == self.port {
            return Err(format!(
                "{target} is this listener itself; forward elsewhere"
            ));
        }
        Ok(())
    }
}

/// What became of a message on its way to a target; the transport's own words are about EnKash.
fn in_words(error: &TransportError) -> String {
    let what = match error.failure() {
        Failed::Connect => "cannot be reached",
        Failed::Tls => "makes no secure connection",
        Failed::Timeout => "does not answer in time",
        Failed::BodyTooLarge => "answers too much",
        _ => "breaks the connection",
    };
    let first = std::error::Error::source(error);
    let last = std::iter::successors(first, |error| error.source()).last();
    last.map_or_else(|| what.to_owned(), |cause| format!("{what}: {cause}"))
}

/// The headers that go on with a message: all but those of the connection that it came by.
fn passed_on(headers: &HeaderMap) -> HeaderMap {
    const OF_A_CONNECTION: [HeaderName; 8] = [
        CONNECTION,
        CONTENT_LENGTH,
        EXPECT,
        HOST,
        TE,
        TRAILER,
        TRANSFER_ENCODING,
        UPGRADE,
    ];
    let named = headers.get_all(CONNECTION).into_iter();
    let named: Vec<_> = named
        .filter_map(|names| names.to_str().ok())
        .flat_map(|names| names.split(',').map(str::trim))
        .collect();
    let of_a_connection = |name: &HeaderName| {
        let text = name.as_str();
        OF_A_CONNECTION.contains(name)
            || text == "keep-alive"
            || text.starts_with("proxy-")
            || named.iter().any(|named| named.eq_ignore_ascii_case(text))
    };
    let mut passed_on = HeaderMap::new();
    for (name, value) in headers {
        if !of_a_connection(name) {
            passed_on.append(name, value.clone());
        }
    }
    passed_on
}

/// Where messages are posted on to.
#[derive(Debug, Clone)]
struct Target(Uri);

impl FromStr for Target {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        // A query is fine; the rule of which machines may be called is that of all calls.
        let (base, _) = text.split_once('?').unwrap_or((text, ""));
        let not_an_address = "not an address; write it as http://localhost:3000/hook";
        base.parse::<BaseUrl>().map_err(|error| match error {
            BaseUrlError::NotEncrypted => error.to_string(),
            _ => not_an_address.to_owned(),
        })?;
        let uri = text.parse::<Uri>();
        uri.map(Self).map_err(|_| not_an_address.to_owned())
    }
}

/// Without its query, which may hold a token.
impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = self.0.to_string();
        f.write_str(text.split('?').next().unwrap_or_default())
    }
}

/// The lines of stdin. They come from a thread of their own: a read of a terminal cannot be
/// given up, and the command must be able to end.
fn typed_lines() -> UnboundedReceiver<String> {
    let (sender, lines) = mpsc::unbounded_channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    lines
}

/// Does what was typed.
fn obey(line: &str, listener: &Arc<Listener>) -> Result<(), String> {
    const USAGE: &str = "type the number of a message, with an address or without, or list";
    let mut words = line.split_whitespace();
    let (first, address, more) = (words.next(), words.next(), words.next());
    let kept = listener.kept.lock().unwrap_or_else(PoisonError::into_inner);
    match (first, address, more) {
        (None, ..) => Ok(()),
        (Some("list"), None, _) => {
            for message in &kept.messages {
                listener.tell(Event::Kept(message.shown.clone()));
            }
            Ok(())
        }
        (Some(number), address, None) => {
            let number: u64 = number.parse().map_err(|_| USAGE.to_owned())?;
            let mut messages = kept.messages.iter();
            let message = messages
                .find(|message| message.shown.number == number)
                .ok_or_else(|| format!("there is no message {number}, or no longer"))?;
            let target = match address {
                Some(address) => address.parse()?,
                None => listener
                    .target
                    .clone()
                    .ok_or_else(|| format!("say where to: {number} http://localhost:3000/hook"))?,
            };
            listener.allow(&target)?;
            let (listener, message) = (Arc::clone(listener), Arc::clone(message));
            tokio::spawn(async move { listener.forward(&message, &target).await });
            Ok(())
        }
        _ => Err(USAGE.to_owned()),
    }
}

impl Shown {
    fn new(number: u64, path: &str, body: &[u8]) -> Self {
        let now = Zoned::now();
        let (kind, read) = recognised(path, body).unzip();
        let (key, message) = read.unzip();
        let fields = message.as_ref().and_then(Value::as_object);
        let fields_with = |ends: &[&str]| -> Extra {
            let fields = fields.into_iter().flatten();
            let chosen = fields.filter(|(name, value)| {
                let name = name.to_ascii_lowercase();
                (value.is_string() || value.is_number())
                    && ends.iter().any(|end| name.ends_with(end))
            });
            chosen
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect()
        };
        Self {
            number,
            at: now.timestamp().to_string(),
            time_of_day: now.strftime("%H:%M:%S").to_string(),
            path: path.to_owned(),
            bytes: body.len(),
            kind,
            states: fields_with(&["status", "state"]),
            sums: fields_with(&["amount"]),
            key,
            message,
        }
    }
}

/// The key of a message, and the message with its secrets hidden.
type Read = (String, Value);

/// A kind of message, as one that is not typed here.
struct Kind {
    name: &'static str,
    read: fn(&[u8]) -> Option<Read>,
}

const fn kind<M: Notice>() -> Kind {
    Kind {
        name: M::OPERATION.name,
        read: |body| {
            let headers: [(&str, &str); 0] = [];
            let notice = Receiver::new().receive::<M>(headers, body).ok()?;
            // It is shown, and not acted on.
            let mut message = masked(notice.trust_without_confirming()).ok()?;
            hide(&mut message);
            Some((notice.key(), message))
        },
    }
}

/// Hides what is secret by its name, in the fields that are not typed as well.
fn hide(value: &mut Value) {
    const ENDS: [&str; 8] = [
        "token",
        "password",
        "secret",
        "otp",
        "cvv",
        "pin",
        "accountnumber",
        "cardnumber",
    ];
    match value {
        Value::Array(items) => items.iter_mut().for_each(hide),
        Value::Object(fields) => {
            for (name, value) in fields {
                let name = name.to_ascii_lowercase().replace('_', "");
                let is_secret = ENDS.iter().any(|end| name.ends_with(end));
                if is_secret && !name.starts_with("masked") && !value.is_null() {
                    *value = HIDDEN.into();
                } else {
                    hide(value);
                }
            }
        }
        _ => {}
    }
}

/// Every kind of message. The first one wins where two fit alike.
const KINDS: [Kind; 4] = [
    kind::<PaymentNotification>(),
    kind::<UpiMandateCallback>(),
    kind::<MandateDebitCallback>(),
    kind::<PaymentLinkEvent>(),
];

/// Of which kind a message is: of the one that the path names, or else of the one that knows most
/// of its fields, and more than half of them.
fn recognised(path: &str, body: &[u8]) -> Option<(&'static str, Read)> {
    let last = path.rsplit('/').next();
    if let Some(named) = KINDS.iter().find(|kind| Some(kind.name) == last) {
        return Some((named.name, (named.read)(body)?));
    }
    let sent: Extra = serde_json::from_slice(body).ok()?;
    let mut best = None;
    let mut most = sent.len() / 2;
    for kind in &KINDS {
        let known = known_fields(kind, &sent);
        if known > most
            && let Some(read) = (kind.read)(body)
        {
            best = Some((kind.name, read));
            most = known;
        }
    }
    best
}

/// How many of the fields of a message stand in the schema of a kind.
fn known_fields(kind: &Kind, sent: &Extra) -> usize {
    let Some(declared) = enkash_types::operation(kind.name) else {
        return 0;
    };
    let schema = (declared.schema)();
    let schema = schema.as_value();
    // A message that is a thing known elsewhere refers to it.
    let elsewhere = schema.get("$ref").and_then(Value::as_str);
    let place = elsewhere.and_then(|place| place.strip_prefix('#'));
    let thing = place.map_or(Some(schema), |place| schema.pointer(place));
    let known = thing.and_then(|thing| thing.get("properties")?.as_object());
    let is_known = |name: &&String| known.is_some_and(|known| known.contains_key(*name));
    sent.keys().filter(is_known).count()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn every_declared_webhook_is_a_kind() {
        let mut kinds: Vec<_> = KINDS.iter().map(|kind| kind.name).collect();
        let mut declared: Vec<_> = enkash_types::operations()
            .filter(|declared| declared.is_webhook)
            .map(|declared| declared.operation.name)
            .collect();
        kinds.sort_unstable();
        declared.sort_unstable();
        assert_eq!(kinds, declared);
    }

    #[test]
    fn a_message_is_known_by_its_fields_or_by_its_path() {
        let kind = |path: &str, message: Value| {
            let body = message.to_string();
            recognised(path, body.as_bytes()).map(|(kind, _)| kind)
        };
        let payment = json!({
            "orderId": "ORD1", "transactionId": "EK1", "amount": 1, "status": "SUCCESS",
            "orderStatus": "PAID", "transactionStatus": "SUCCESS", "surcharge": 0,
        });
        let mandate = json!({"umn": "1@sandbox", "referenceId": "SUB1", "amount": 1});
        let link = json!({"quickCollectRequestId": "Q1", "paymentStatus": "SUCCESS"});
        let debit = json!({"surcharge": 0});
        assert_eq!(kind("/", payment.clone()), Some("notify_payment"));
        assert_eq!(kind("/", mandate), Some("receive_upi_mandate_callback"));
        assert_eq!(kind("/", link.clone()), Some("receive_payment_link_event"));
        assert_eq!(kind("/", debit), Some("receive_mandate_debit_callback"));
        assert_eq!(
            kind("/x/receive_mandate_debit_callback", payment.clone()),
            Some("receive_mandate_debit_callback")
        );
        assert_eq!(
            kind("/notify_payment", link),
            None,
            "it is not what it says"
        );
        for unknown in [
            json!({}),
            json!([]),
            json!("orderId"),
            json!({"hello": "world", "amount": 5}),
            json!({"orderId": "ORD1"}),
        ] {
            assert_eq!(kind("/", unknown.clone()), None, "{unknown}");
        }
    }

    #[test]
    fn a_message_is_told_in_a_line() {
        let line = |path: &str, body: &str| {
            let mut shown = Shown::new(3, path, body.as_bytes());
            shown.time_of_day = "12:03:07".to_owned();
            shown.in_words()
        };
        let payment = json!({
            "orderId": "ORD1", "transactionId": "EK1", "amount": 499.5, "status": "SUCCESS",
            "orderStatus": "PAID", "transactionStatus": "SUCCESS\u{1b}[2J",
            "paymentToken": "token-of-a-card", "cardHolderName": "Asha Rao",
        });
        insta::assert_snapshot!(
            line("/", &payment.to_string()),
            @"12:03:07  #3  notify_payment  orderStatus=PAID  status=SUCCESS  transactionStatus=SUCCESS[2J  amount=499.5  notify_payment:ORD1:EK1:PAID:SUCCESS%1B%5B2J:SUCCESS"
        );
        insta::assert_snapshot!(
            line("/hook", "password=1234"),
            @"12:03:07  #3  unknown, 13 bytes to /hook"
        );
    }

    #[test]
    fn what_became_of_a_message_is_told_in_a_line() {
        let forwarded = |status: Option<u16>, error: Option<&str>| {
            let to: Target = "http://localhost:3000/hook?token=1".parse().unwrap();
            let event = Event::Forwarded {
                number: 3,
                to: to.to_string(),
                status,
                error: error.map(str::to_owned),
                milliseconds: 12,
            };
            event.in_words()
        };
        assert_eq!(
            forwarded(Some(202), None),
            "          #3 to http://localhost:3000/hook: answered 202 (12 ms)"
        );
        assert_eq!(
            forwarded(None, Some("cannot be reached")),
            "          #3 to http://localhost:3000/hook: cannot be reached (12 ms)"
        );
    }

    #[test]
    fn headers_of_a_connection_stay_behind() {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("host", "127.0.0.1:4011"),
            ("connection", "keep-alive, X-Hop"),
            ("connection", "x-other-hop"),
            ("keep-alive", "timeout=5"),
            ("proxy-authorization", "Basic x"),
            ("te", "trailers"),
            ("trailer", "x"),
            ("transfer-encoding", "chunked"),
            ("upgrade", "h2c"),
            ("expect", "100-continue"),
            ("content-length", "5"),
            ("x-hop", "1"),
            ("x-other-hop", "1"),
            ("content-type", "application/json"),
            ("x-shop-token", "a"),
            ("x-shop-token", "b"),
        ] {
            headers.append(HeaderName::from_static(name), value.parse().unwrap());
        }
        let passed: Vec<_> = passed_on(&headers)
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        assert_eq!(
            passed,
            [
                "content-type: application/json",
                "x-shop-token: a",
                "x-shop-token: b"
            ]
        );
    }
}
