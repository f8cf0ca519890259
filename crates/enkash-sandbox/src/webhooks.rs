//! Webhooks: sent to this machine alone, and sent again until they are accepted.
//!
//! [`send`] takes one in. It is posted by [`background`](crate::background), when it is due by the
//! agenda; what waits when the sandbox is stopped goes on when one starts with the same file.

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use enkash_types::{Secret, Webhook, masked_text};
use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::uri::Authority;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Uri};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use serde_json::value::RawValue;
use tokio::net::TcpStream;

use crate::agenda::Due;
use crate::log::Name;
use crate::payouts::events;
use crate::state::State;
use crate::table::{Kept, Passing, Shelf};
use crate::time::{Moment, as_iso, as_optional_iso};

/// A webhook and what became of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Delivery {
    /// Its number, from 1.
    pub number: u64,
    /// What it tells, by its name in the list of operations: `notify_payment`. That of a payout is
    /// not in the list, since nothing of it is documented: `payout_event`.
    #[serde(deserialize_with = "operation")]
    pub operation: Name,
    /// Where it goes.
    pub url: String,
    /// How far it came.
    pub state: DeliveryState,
    /// Why it was not sent at all, where it was not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it is tried again, by the sandbox's clock; `None` before the first try and after the
    /// last.
    #[serde(
        default,
        with = "as_optional_iso",
        skip_serializing_if = "Option::is_none"
    )]
    pub next_try: Option<SystemTime>,
    /// Every try.
    pub tries: Vec<Try>,
    /// Its body, with secrets hidden.
    pub body: Value,
}

/// How far a webhook came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeliveryState {
    /// It is on its way, or will be tried again.
    Waiting,
    /// It was answered with a status of 200 to 299.
    Delivered,
    /// It was tried as often as the sandbox tries.
    GivenUp,
    /// It was not sent.
    NotSent,
}

/// One try to deliver a webhook.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Try {
    /// When, by the sandbox's clock.
    #[serde(with = "as_iso")]
    pub at: SystemTime,
    /// HTTP status of the answer, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why there was none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

fn operation<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Name, D::Error> {
    let name = String::deserialize(deserializer)?;
    let declared = enkash_types::operation(&name).map(|declared| declared.operation.name);
    let own = (name == events::NAME).then_some(events::NAME);
    declared
        .or(own)
        .ok_or_else(|| serde::de::Error::custom("no webhook has this name"))
}

/// A webhook as it is kept.
#[derive(Serialize, Deserialize)]
struct Posted {
    delivery: Delivery,
    /// Its body as a person may see it.
    shown: Box<RawValue>,
    /// Its body as it is posted. It is not in the file: what is posted after a restart is what may
    /// be seen.
    #[serde(skip)]
    whole: Option<String>,
    /// What the merchant wants to have sent along. Of the values the file has nothing.
    headers: Headers,
}

/// Headers by their names. What is in them is for the one who is called to know the caller by.
pub(crate) type Headers = BTreeMap<String, Secret>;

impl Passing for Posted {
    const KIND: &'static str = "webhook";
    type Key = u64;

    fn key(&self) -> u64 {
        self.delivery.number
    }
}

impl Posted {
    fn text(&self) -> &str {
        self.whole.as_deref().unwrap_or(self.shown.get())
    }

    fn waits(&self) -> bool {
        self.delivery.state == DeliveryState::Waiting
    }
}

/// So many webhooks are kept, and whichever still wait; the oldest go first.
const DELIVERIES: usize = 1000;

/// The last webhooks.
#[derive(Default)]
pub(crate) struct Webhooks {
    posted: Shelf<Posted>,
    /// The numbers of those that are to be posted now.
    due: Vec<u64>,
    /// The numbers of those that are being posted.
    on_their_way: BTreeSet<u64>,
}

impl Webhooks {
    pub(crate) fn list(&self) -> impl DoubleEndedIterator<Item = &Delivery> {
        self.posted.iter().map(|posted| &posted.delivery)
    }

    pub(crate) fn kept(&mut self) -> &mut dyn Kept {
        &mut self.posted
    }

    /// Whether one is to be posted now.
    pub(crate) fn are_due(&self) -> bool {
        !self.due.is_empty()
    }

    /// The number and the time of each that waits.
    pub(crate) fn waiting(&self) -> impl Iterator<Item = (u64, Moment)> {
        let waiting = self.posted.iter().filter(|posted| posted.waits());
        waiting.map(|posted| {
            let next = posted.delivery.next_try.map(Moment::from);
            (posted.key(), next.unwrap_or_default())
        })
    }

    /// Makes room: the oldest goes that waits no longer.
    fn forget_one(&mut self) {
        if self.posted.len() < DELIVERIES {
            return;
        }
        let over = self.posted.iter().find(|posted| !posted.waits());
        if let Some(number) = over.map(Passing::key) {
            self.posted.remove(&number);
        }
    }

    /// What is to be posted now; each is given out once.
    pub(crate) fn take_due(&mut self) -> Vec<Post> {
        let mut posts = Vec::new();
        for number in std::mem::take(&mut self.due) {
            if let Some(posted) = self.posted.get(&number)
                && posted.waits()
                && let Ok(target) = Target::of(&posted.delivery.url)
                && self.on_their_way.insert(number)
            {
                posts.push(Post {
                    number,
                    target,
                    headers: header_map(&posted.headers),
                    body: Bytes::from(posted.text().to_owned()),
                });
            }
        }
        posts
    }
}

/// Sends a webhook, now and until it is accepted.
pub(crate) fn send<W: Webhook>(state: &mut State, url: &str, message: &W) {
    send_as(state, W::OPERATION.name, url, Headers::new(), message);
}

/// As [`send`], under a name, with headers of the merchant's.
pub(crate) fn send_as(
    state: &mut State,
    operation: Name,
    url: &str,
    headers: Headers,
    message: &impl Serialize,
) {
    let webhooks = &mut state.webhooks;
    let target = Target::of(url);
    let last = webhooks.posted.iter().next_back().map_or(0, Passing::key);
    let number = last + 1;
    webhooks.forget_one();
    let shown = masked_text(message).unwrap_or_default();
    webhooks.posted.insert(Posted {
        delivery: Delivery {
            number,
            operation,
            url: url.to_owned(),
            state: match target {
                Ok(_) => DeliveryState::Waiting,
                Err(_) => DeliveryState::NotSent,
            },
            reason: target.err().map(str::to_owned),
            next_try: None,
            tries: Vec::new(),
            body: serde_json::from_str(shown.get()).unwrap_or_default(),
        },
        shown,
        whole: serde_json::to_string(message).ok(),
        headers,
    });
    webhooks.due.push(number);
}

/// Sends a webhook once more, whatever became of it, and gives it; `None` where there is none of
/// this number. One that may not be sent is not.
pub(crate) fn send_again(state: &mut State, number: u64) -> Option<&Delivery> {
    let webhooks = &mut state.webhooks;
    let delivery = &mut webhooks.posted.get_mut(&number)?.delivery;
    if delivery.state != DeliveryState::NotSent {
        delivery.state = DeliveryState::Waiting;
        delivery.next_try = None;
        webhooks.due.push(number);
    }
    Some(delivery)
}

/// The next try of a webhook is due.
pub(crate) fn is_due(state: &mut State, number: u64) {
    state.webhooks.due.push(number);
}

/// A webhook was tried: `answer` is the status, or why there was none.
pub(crate) fn tried(
    state: &mut State,
    number: u64,
    most: u32,
    began: Moment,
    answer: io::Result<u16>,
) {
    let now = state.now;
    state.webhooks.on_their_way.remove(&number);
    let Some(posted) = state.webhooks.posted.get_mut(&number) else {
        return;
    };
    let delivery = &mut posted.delivery;
    let (status, error) = match answer {
        Ok(status) => (Some(status), None),
        Err(error) => (None, Some(error.to_string())),
    };
    let at = began.into();
    delivery.tries.push(Try { at, status, error });
    let accepted = status.is_some_and(|status| (200..300).contains(&status));
    let tries = u32::try_from(delivery.tries.len()).unwrap_or(u32::MAX);
    delivery.next_try = None;
    delivery.state = if accepted {
        DeliveryState::Delivered
    } else if tries < most {
        // Fixed before this try can be seen, so whoever sees it and moves the clock on by the
        // pause makes the next one due.
        let next = now.after(pause(tries));
        delivery.next_try = Some(next.into());
        state.agenda.add(next, Due::Webhook(number));
        DeliveryState::Waiting
    } else {
        DeliveryState::GivenUp
    };
    tracing::info!(webhook = number, status, tries, "webhook tried");
}

/// How long to wait after so many tries: 1, 2, 4, 8 … seconds, and never more than a day.
fn pause(tries: u32) -> Duration {
    const DAY: Duration = Duration::from_secs(24 * 60 * 60);
    let seconds = 1_u64.checked_shl(tries.saturating_sub(1));
    seconds.map_or(DAY, |seconds| Duration::from_secs(seconds).min(DAY))
}

/// Those that can be sent; whoever sets them is told of others.
fn header_map(headers: &Headers) -> HeaderMap {
    let pairs = headers.iter().filter_map(|(name, value)| {
        let mut value = HeaderValue::from_str(value.expose()).ok()?;
        value.set_sensitive(true);
        Some((HeaderName::try_from(name).ok()?, value))
    });
    pairs.collect()
}

/// A webhook that is to be posted.
pub(crate) struct Post {
    pub(crate) number: u64,
    target: Target,
    headers: HeaderMap,
    body: Bytes,
}

impl Post {
    /// Posts it once, and gives the status of the answer.
    pub(crate) async fn send(self) -> io::Result<u16> {
        const TIMEOUT: Duration = Duration::from_secs(10);
        let exchange = self.target.exchange(self.headers, self.body);
        tokio::time::timeout(TIMEOUT, exchange)
            .await
            .unwrap_or_else(|_| {
                Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "no answer within 10 seconds",
                ))
            })
    }
}

/// Where a webhook goes: to an address of this machine.
struct Target {
    uri: Uri,
    host: Authority,
    addresses: Vec<SocketAddr>,
}

impl Target {
    /// The address of a listener on this machine. No name but `localhost` is looked up.
    fn of(url: &str) -> Result<Self, &'static str> {
        const ELSEWHERE: &str =
            "the sandbox delivers to this machine only: http:// and 127.0.0.1, [::1] or localhost";
        let uri: Uri = url.parse().map_err(|_| ELSEWHERE)?;
        if uri.scheme_str() != Some("http") {
            return Err(ELSEWHERE);
        }
        let host = uri.host().unwrap_or_default();
        let port = uri.port_u16().unwrap_or(80);
        let hosts: Vec<IpAddr> = if host.eq_ignore_ascii_case("localhost") {
            vec![Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()]
        } else {
            let ip = host.trim_start_matches('[').trim_end_matches(']');
            vec![ip.parse().map_err(|_| ELSEWHERE)?]
        };
        if !hosts.iter().all(IpAddr::is_loopback) {
            return Err(ELSEWHERE);
        }
        Ok(Self {
            host: format!("{host}:{port}").parse().map_err(|_| ELSEWHERE)?,
            addresses: hosts.iter().map(|ip| (*ip, port).into()).collect(),
            uri,
        })
    }

    async fn exchange(&self, headers: HeaderMap, body: Bytes) -> io::Result<u16> {
        let path = self.uri.path_and_query().map_or("/", |path| path.as_str());
        let mut request = Request::post(path)
            .header(HOST, self.host.as_str())
            .header(CONTENT_TYPE, "application/json")
            .header(
                USER_AGENT,
                concat!("enkash-sandbox/", env!("CARGO_PKG_VERSION")),
            )
            .body(Full::new(body))
            .map_err(io::Error::other)?;
        request.headers_mut().extend(headers);
        let stream = TcpStream::connect(&*self.addresses).await?;
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
            .await
            .map_err(io::Error::other)?;
        let answer = sender.send_request(request);
        // The answer comes through the connection; when it has come, both are dropped.
        tokio::pin!(connection, answer);
        let answer = tokio::select! {
            biased;
            answer = &mut answer => answer,
            // The connection has ended; the answer says how.
            _ = &mut connection => answer.await,
        };
        let answer = answer.map_err(io::Error::other)?;
        Ok(answer.status().as_u16())
    }
}
