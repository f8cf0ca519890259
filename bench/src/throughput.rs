//! Calls a second over the hyper transport, against a loop of hyper and serde_json by hand.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use bytes::Bytes;
use enkash_api::Client;
use enkash_transport::{HyperTransport, Limits};
use enkash_types::gateway::CreateOrder;
use http::{HeaderValue, Request};
use http_body_util::{BodyExt as _, Full, Limited};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::{Deserialize, Serialize};

use crate::constant;
use crate::report::{Report, Row, Target, median};

/// Calls under way at once.
const AT_ONCE: u32 = 64;
/// Calls in a round.
const CALLS: u32 = 20_000;
/// Rounds of each, by turns.
const ROUNDS: u32 = 15;

pub(crate) fn measure(report: &mut Report) -> anyhow::Result<()> {
    let server = constant::serve(ANSWERS)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let client = Client::builder()
            .base_url(&format!("http://{server}"))?
            .merchant("access", "secret")
            .transport(HyperTransport::new(Limits::default())?)
            .build()?;
        let by_hand = ByHand::new(server);
        // Once each before the clock runs, for connections and the token.
        ours(&client, CALLS / 4).await?;
        theirs(&by_hand, CALLS / 4).await?;

        let (mut rates, mut ratios) = ((Vec::new(), Vec::new()), Vec::new());
        for _ in 0..ROUNDS {
            let ours = ours(&client, CALLS).await?;
            let theirs = theirs(&by_hand, CALLS).await?;
            ratios.push(ours / theirs);
            rates.0.push(ours);
            rates.1.push(theirs);
        }
        report.add(Row {
            what: "`orders().create` over the hyper transport, against hyper and serde_json by hand, 64 at a time",
            target: Target::AtLeast(0.90),
            measured: median(ratios),
            unit: " of the throughput",
            behind: format!("{:.0} and {:.0} calls a second", median(rates.0), median(rates.1)),
        });
        Ok(())
    })
}

/// Calls a second that the client makes.
async fn ours(client: &Client, calls: u32) -> anyhow::Result<f64> {
    let client = client.clone();
    rate(calls, AT_ONCE, move || {
        let client = client.clone();
        async move {
            let order = CreateOrder::new("INV2041", enkash_types::Rupees::from_paise(49_950));
            client
                .gateway()
                .orders()
                .create(order)
                .await?
                .order_id
                .context("an order id")?;
            Ok(())
        }
    })
    .await
}

/// Calls a second that the loop by hand makes.
async fn theirs(by_hand: &ByHand, calls: u32) -> anyhow::Result<f64> {
    let by_hand = by_hand.clone();
    rate(calls, AT_ONCE, move || {
        let by_hand = by_hand.clone();
        async move { by_hand.create().await }
    })
    .await
}

/// Makes so many calls, so many at a time; gives how many were made in a second.
pub(crate) async fn rate<F>(
    calls: u32,
    at_once: u32,
    call: impl Fn() -> F + Clone + 'static,
) -> anyhow::Result<f64>
where
    F: Future<Output = anyhow::Result<()>> + 'static,
{
    let left = Arc::new(AtomicU32::new(calls));
    let start = Instant::now();
    let local = tokio::task::LocalSet::new();
    let workers: Vec<_> = (0..at_once)
        .map(|_| {
            let (left, call) = (Arc::clone(&left), call.clone());
            local.spawn_local(async move {
                while left
                    .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |n| n.checked_sub(1))
                    .is_ok()
                {
                    call().await?;
                }
                anyhow::Ok(())
            })
        })
        .collect();
    local
        .run_until(async {
            for worker in workers {
                worker.await??;
            }
            anyhow::Ok(())
        })
        .await?;
    Ok(f64::from(calls) / start.elapsed().as_secs_f64())
}

/// The loop by hand: the same request, headers, limits and answer.
#[derive(Clone)]
struct ByHand {
    client: legacy::Client<HttpConnector, Full<Bytes>>,
    orders: String,
    authorization: HeaderValue,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    order_id: &'static str,
    amount: Amount,
}

#[derive(Serialize)]
struct Amount {
    value: f64,
    currency: &'static str,
}

#[derive(Deserialize)]
struct Envelope {
    response_code: i32,
    payload: Option<Created>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    #[expect(dead_code, reason = "read as a program would read it")]
    redirection_url: Option<String>,
    order_id: Option<String>,
}

impl ByHand {
    fn new(server: SocketAddr) -> Self {
        Self {
            client: legacy::Client::builder(TokioExecutor::new()).build(HttpConnector::new()),
            orders: format!("http://{server}/api/v0/orders"),
            authorization: HeaderValue::from_static("Bearer a-token"),
        }
    }

    async fn create(&self) -> anyhow::Result<()> {
        let order = Order {
            order_id: "INV2041",
            amount: Amount {
                value: 499.5,
                currency: "INR",
            },
        };
        let request = Request::post(&self.orders)
            .header("content-type", "application/json")
            .header("accept", "application/json")
            .header("user-agent", "by-hand/1.0")
            .header("authorization", self.authorization.clone())
            .header("merchantaccesskey", "access")
            .body(Full::from(serde_json::to_vec(&order)?))?;
        let call = async {
            let answer = self.client.request(request).await?;
            anyhow::ensure!(answer.status().is_success());
            let body = Limited::new(answer.into_body(), 8 << 20).collect().await;
            Ok(body.map_err(anyhow::Error::from_boxed)?.to_bytes())
        };
        let body = tokio::time::timeout(Duration::from_secs(30), call).await??;
        let answer: Envelope = serde_json::from_slice(&body)?;
        anyhow::ensure!(answer.response_code == 0);
        answer
            .payload
            .and_then(|created| created.order_id)
            .context("an order id")?;
        Ok(())
    }
}

/// The answers to the token call and the order call.
const ANSWERS: &[(&str, &str)] = &[
    (
        "/token",
        r#"{"token":"a-token","expiry":4102444800000,"resultCode":0}"#,
    ),
    (
        "/orders",
        r#"{"response_code":0,"response_message":"Success","payload":{"redirectionUrl":"http://127.0.0.1/v1/pay/ORD1784195236818VZuxB","orderId":"ORD1784195236818VZuxB"}}"#,
    ),
];
