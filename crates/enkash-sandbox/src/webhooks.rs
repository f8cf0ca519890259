//! Webhooks: sent to this machine alone, and sent again until they are accepted.

use std::collections::VecDeque;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use enkash_types::{Webhook, masked};
use http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use http::uri::Authority;
use http::{Request, Uri};
use http_body_util::Full;
use hyper_util::rt::TokioIo;
use serde::Serialize;
use serde_json::Value;
use tokio::net::TcpStream;

use crate::log::{as_iso, as_optional_iso};
use crate::world::{State, World};

/// A webhook and what became of it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Delivery {
    /// Its number, from 1.
    pub number: u64,
    /// What it tells, by its name in the list of operations: `notify_payment`.
    pub operation: &'static str,
    /// Where it goes.
    pub url: String,
    /// How far it came.
    pub state: DeliveryState,
    /// Why it was not sent at all, where it was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// When it is tried again, by the sandbox's clock; `None` before the first try and after the
    /// last.
    #[serde(
        serialize_with = "as_optional_iso",
        skip_serializing_if = "Option::is_none"
    )]
    pub next_try: Option<SystemTime>,
    /// Every try.
    pub tries: Vec<Try>,
    /// Its body, with secrets hidden.
    pub body: Value,
}

/// How far a webhook came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
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
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Try {
    /// When, by the sandbox's clock.
    #[serde(serialize_with = "as_iso")]
    pub at: SystemTime,
    /// HTTP status of the answer, if there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why there was none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
}

/// So many webhooks are kept; the oldest go first.
const DELIVERIES: usize = 1000;

/// The last webhooks.
#[derive(Default)]
pub(crate) struct Webhooks {
    deliveries: VecDeque<Delivery>,
    count: u64,
}

impl Webhooks {
    fn add(&mut self, mut delivery: Delivery) -> u64 {
        self.count += 1;
        delivery.number = self.count;
        if self.deliveries.len() == DELIVERIES {
            self.deliveries.pop_front();
        }
        self.deliveries.push_back(delivery);
        self.count
    }

    fn get_mut(&mut self, number: u64) -> Option<&mut Delivery> {
        let first = self.deliveries.front()?.number;
        let index = usize::try_from(number.checked_sub(first)?).ok()?;
        self.deliveries.get_mut(index)
    }

    pub(crate) fn list(&self) -> impl Iterator<Item = &Delivery> {
        self.deliveries.iter()
    }
}

/// Sends a webhook, now and until it is accepted.
pub(crate) fn send<W: Webhook>(world: &Arc<World>, state: &mut State, url: &str, message: &W) {
    let target = match Target::of(url) {
        Ok(_) if world.is_stopping() => Err("the sandbox was being stopped"),
        target => target,
    };
    let number = state.webhooks.add(Delivery {
        number: 0,
        operation: W::OPERATION.name,
        url: url.to_owned(),
        state: match target {
            Ok(_) => DeliveryState::Waiting,
            Err(_) => DeliveryState::NotSent,
        },
        reason: target.as_ref().err().copied(),
        next_try: None,
        tries: Vec::new(),
        body: masked(message).unwrap_or_default(),
    });
    world.changed();
    let (Ok(target), Ok(body)) = (target, serde_json::to_vec(message)) else {
        return;
    };
    let mut deliveries = world
        .deliveries
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    while deliveries.try_join_next().is_some() {}
    let world_of_task = Arc::clone(world);
    deliveries.spawn_on(
        async move { deliver(&world_of_task, number, &target, body.into()).await },
        &world.runtime,
    );
}

async fn deliver(world: &World, number: u64, target: &Target, body: Bytes) {
    let tries = world.config.webhook_tries.max(1);
    // 1, 2, 4, 8 … seconds, and never more than a day.
    let mut pause = Duration::from_secs(1);
    for left in (0..tries).rev() {
        let at = world.now();
        let (status, error) = match target.post(body.clone()).await {
            Ok(status) => (Some(status), None),
            Err(error) => (None, Some(error.to_string())),
        };
        let accepted = status.is_some_and(|status| (200..300).contains(&status));
        // When the next try is due stands fixed before this one can be seen, so whoever sees it
        // and moves the clock on by the pause makes the next one due.
        let next = (!accepted && left > 0).then(|| world.now() + pause);
        if let Some(delivery) = world.state().webhooks.get_mut(number) {
            delivery.tries.push(Try { at, status, error });
            delivery.next_try = next;
            delivery.state = match next {
                Some(_) => DeliveryState::Waiting,
                None if accepted => DeliveryState::Delivered,
                None => DeliveryState::GivenUp,
            };
        }
        tracing::info!(webhook = number, status, left, "webhook tried");
        world.changed();
        let Some(next) = next else { return };
        world.config.clock.sleep_until(next).await;
        pause = (2 * pause).min(Duration::from_secs(24 * 60 * 60));
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

    /// Posts once, and gives the status of the answer.
    async fn post(&self, body: Bytes) -> io::Result<u16> {
        const TIMEOUT: Duration = Duration::from_secs(10);
        tokio::time::timeout(TIMEOUT, self.exchange(body))
            .await
            .unwrap_or_else(|_| {
                Err(io::Error::new(
                    io::ErrorKind::TimedOut,
                    "no answer within 10 seconds",
                ))
            })
    }

    async fn exchange(&self, body: Bytes) -> io::Result<u16> {
        let path = self.uri.path_and_query().map_or("/", |path| path.as_str());
        let request = Request::post(path)
            .header(HOST, self.host.as_str())
            .header(CONTENT_TYPE, "application/json")
            .header(
                USER_AGENT,
                concat!("enkash-sandbox/", env!("CARGO_PKG_VERSION")),
            )
            .body(Full::new(body))
            .map_err(io::Error::other)?;
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
