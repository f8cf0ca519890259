//! The sandbox's `create_order` (token check, all rules, state, log) against a bare axum handler
//! that returns a constant; what a million orders take; and how long a call waits under load.

use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use axum::response::IntoResponse as _;
use bytes::Bytes;
use enkash_sandbox::{Config, Sandbox};
use http::Request;
use http::header::{AUTHORIZATION, CONTENT_TYPE, HOST};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Runtime};
use tokio::time::MissedTickBehavior;

use crate::report::{Report, Row, Target, median};

/// Connections that call at once.
const AT_ONCE: u32 = 32;
/// Calls in a round.
const CALLS: u32 = 20_000;
/// Rounds of each, by turns.
const ROUNDS: u32 = 9;
/// Orders whose memory is measured.
const ORDERS: u32 = 1_000_000;
/// How long calls come at a steady rate, and how many a second.
const SECONDS: u32 = 15;
const A_SECOND: u32 = 1_000;

pub(crate) fn measure(report: &mut Report) -> anyhow::Result<()> {
    memory(report)?;
    let servers = Servers::start()?;
    throughput(report, &servers)?;
    latency(report, &servers)
}

/// Both servers, each on a thread and a runtime of its own.
struct Servers {
    sandbox: SocketAddr,
    bare: SocketAddr,
    token: String,
}

const ORDER: &str = r#"{"response_code":0,"response_message":"Success","payload":{"redirectionUrl":"http://127.0.0.1/v1/pay/ORD1784195236818VZuxB","orderId":"ORD1784195236818VZuxB"}}"#;

impl Servers {
    fn start() -> anyhow::Result<Self> {
        let sandbox = start()?;
        let bare = on_a_thread(async {
            let listener = TcpListener::bind("127.0.0.1:0").await?;
            let address = listener.local_addr()?;
            let constant =
                || async { ([(CONTENT_TYPE, "application/json")], ORDER).into_response() };
            let routes = axum::Router::new().route("/api/v0/orders", axum::routing::post(constant));
            Ok((address, async move {
                let _ = axum::serve(
                    axum::serve::ListenerExt::tap_io(listener, |stream| {
                        let _ = stream.set_nodelay(true);
                    }),
                    routes,
                )
                .await;
            }))
        })?;
        let token = runtime()?.block_on(token(sandbox))?;
        Ok(Self {
            sandbox,
            bare,
            token,
        })
    }
}

/// Starts a sandbox on a thread and a runtime of its own.
pub(crate) fn start() -> anyhow::Result<SocketAddr> {
    on_a_thread(async {
        let sandbox = Sandbox::start(Config::new()).await?;
        let address = sandbox.url().trim_start_matches("http://").parse()?;
        Ok((address, async move {
            let _running = sandbox;
            std::future::pending::<()>().await;
        }))
    })
}

pub(crate) fn runtime() -> anyhow::Result<Runtime> {
    Ok(Builder::new_current_thread().enable_all().build()?)
}

/// Starts a server on a thread of its own and gives its address.
fn on_a_thread<S, F>(start: S) -> anyhow::Result<SocketAddr>
where
    S: Future<Output = anyhow::Result<(SocketAddr, F)>> + Send + 'static,
    F: Future<Output = ()>,
{
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || -> anyhow::Result<()> {
        runtime()?.block_on(async {
            let (address, serve) = start.await?;
            tell.send(address)?;
            serve.await;
            Ok(())
        })
    });
    told.recv().context("a server did not start")
}

async fn connect(server: SocketAddr) -> anyhow::Result<SendRequest<Full<Bytes>>> {
    let stream = TcpStream::connect(server).await?;
    stream.set_nodelay(true)?;
    let (sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    Ok(sender)
}

async fn token(server: SocketAddr) -> anyhow::Result<String> {
    let keys = r#"{"accessKey":"sandbox-access-key","secretKey":"sandbox-secret-key"}"#;
    let request = Request::post("/api/v0/merchant/token")
        .header(HOST, "127.0.0.1")
        .body(Full::from(keys))?;
    let answer = connect(server).await?.send_request(request).await?;
    let body = answer.into_body().collect().await?.to_bytes();
    let answer: serde_json::Value = serde_json::from_slice(&body)?;
    Ok(answer["token"].as_str().context("a token")?.to_owned())
}

/// The order of this number.
fn order(token: &str, number: u32) -> anyhow::Result<Request<Full<Bytes>>> {
    let body = format!(
        r#"{{"orderId":"INV{number}","amount":{{"value":499.5,"currency":"INR"}},"returnUrl":"https://shop.example.in/thanks","notifyUrl":"https://shop.example.in/enkash"}}"#
    );
    Ok(Request::post("/api/v0/orders")
        .header(HOST, "127.0.0.1")
        .header(CONTENT_TYPE, "application/json")
        .header(AUTHORIZATION, format!("Bearer {token}"))
        .header("merchantaccesskey", "sandbox-access-key")
        .body(Full::from(body))?)
}

async fn create(
    sender: &mut SendRequest<Full<Bytes>>,
    token: &str,
    number: u32,
) -> anyhow::Result<()> {
    sender.ready().await?;
    let answer = sender.send_request(order(token, number)?).await?;
    let body = answer.into_body().collect().await?.to_bytes();
    anyhow::ensure!(
        body.starts_with(br#"{"response_code":0"#),
        "the order was refused"
    );
    Ok(())
}

fn throughput(report: &mut Report, servers: &Servers) -> anyhow::Result<()> {
    let numbers = Arc::new(AtomicU32::new(0));
    let runtime = runtime()?;
    let rate = |server| runtime.block_on(rate(server, &servers.token, &numbers));
    rate(servers.sandbox)?;
    rate(servers.bare)?;
    let (mut sandbox, mut bare, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (ours, theirs) = (rate(servers.sandbox)?, rate(servers.bare)?);
        ratios.push(ours / theirs);
        sandbox.push(ours);
        bare.push(theirs);
    }
    report.add(Row {
        what: "the sandbox's `create_order`, against a bare axum handler that returns a constant, 32 connections",
        target: Target::AtLeast(0.6),
        measured: median(ratios),
        unit: " of the throughput",
        behind: format!("{:.0} and {:.0} calls a second", median(sandbox), median(bare)),
    });
    Ok(())
}

/// Calls a second.
async fn rate(server: SocketAddr, token: &str, numbers: &Arc<AtomicU32>) -> anyhow::Result<f64> {
    let mut senders = Vec::new();
    for _ in 0..AT_ONCE {
        senders.push(connect(server).await?);
    }
    let end = numbers.load(Ordering::Relaxed) + CALLS;
    let start = Instant::now();
    let workers: Vec<_> = senders
        .into_iter()
        .map(|mut sender| {
            let (token, numbers) = (token.to_owned(), Arc::clone(numbers));
            tokio::spawn(async move {
                loop {
                    let number = numbers.fetch_add(1, Ordering::Relaxed);
                    if number >= end {
                        return anyhow::Ok(());
                    }
                    create(&mut sender, &token, number).await?;
                }
            })
        })
        .collect();
    for worker in workers {
        worker.await??;
    }
    Ok(f64::from(CALLS) / start.elapsed().as_secs_f64())
}

fn latency(report: &mut Report, servers: &Servers) -> anyhow::Result<()> {
    let mut waits = runtime()?.block_on(waits(servers))?;
    waits.sort();
    let at = |share: f64| {
        let index = (waits.len() as f64 * share) as usize;
        let wait = waits.get(index).or(waits.last());
        wait.map_or(f64::NAN, |wait| wait.as_secs_f64() * 1e3)
    };
    report.add(Row {
        what: "99 of 100 calls of the sandbox's `create_order`, at 1,000 calls a second, from when each was due",
        target: Target::AtMost(5.0),
        measured: at(0.99),
        unit: " ms",
        behind: format!("half of them {:.2} ms, the slowest {:.2} ms", at(0.5), at(1.0)),
    });
    Ok(())
}

/// How long each call waited for its answer, from the moment when it was due.
async fn waits(servers: &Servers) -> anyhow::Result<Vec<Duration>> {
    let idle = Arc::new(std::sync::Mutex::new(Vec::new()));
    for _ in 0..AT_ONCE {
        let sender = connect(servers.sandbox).await?;
        lock(&idle).push(sender);
    }
    let mut ticks = tokio::time::interval(Duration::from_secs(1) / A_SECOND);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Burst);
    let mut calls = Vec::new();
    for number in 0..SECONDS * A_SECOND {
        let due = ticks.tick().await;
        let (idle, token, sandbox) = (Arc::clone(&idle), servers.token.clone(), servers.sandbox);
        calls.push(tokio::spawn(async move {
            // Where every connection is busy the call makes one more, in the time that is measured.
            let sender = lock(&idle).pop();
            let mut sender = match sender {
                Some(sender) => sender,
                None => connect(sandbox).await?,
            };
            create(&mut sender, &token, 2_000_000_000 + number).await?;
            let wait = due.elapsed();
            lock(&idle).push(sender);
            anyhow::Ok(wait)
        }));
    }
    let mut waits = Vec::new();
    for call in calls {
        waits.push(call.await??);
    }
    Ok(waits)
}

fn lock<T>(mutex: &std::sync::Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// Measured in a process of its own, whose heap holds nothing else.
fn memory(report: &mut Report) -> anyhow::Result<()> {
    let this = std::env::current_exe()?;
    let output = Command::new(this).arg("--memory").output()?;
    anyhow::ensure!(output.status.success(), "the memory was not measured");
    let bytes: f64 = String::from_utf8(output.stdout)?.trim().parse()?;
    report.add(Row {
        what: "memory that an order takes in the sandbox, of a million of them",
        target: Target::AtMost(1024.0),
        measured: bytes,
        unit: " bytes",
        behind: format!("{:.0} MB in all", bytes * f64::from(ORDERS) / 1e6),
    });
    Ok(())
}

/// The bytes by which this process grows with each of a million orders.
pub(crate) fn memory_of_an_order() -> anyhow::Result<f64> {
    let grown = runtime()?.block_on(async {
        let sandbox = Sandbox::start(Config::new()).await?;
        let keys = r#"{"accessKey":"sandbox-access-key","secretKey":"sandbox-secret-key"}"#;
        let request = Request::post("/api/v0/merchant/token").body(Bytes::from(keys))?;
        let answer: serde_json::Value =
            serde_json::from_slice(sandbox.handle(request).await?.body())?;
        let token = answer["token"].as_str().context("a token")?;
        let make = async |number| {
            let (head, body) = order(token, number)?.into_parts();
            let body = body.collect().await?.to_bytes();
            let answer = sandbox.handle(Request::from_parts(head, body)).await?;
            anyhow::ensure!(answer.status().is_success(), "the order was refused");
            Ok(())
        };
        // The log of calls is full by then, and grows no more.
        for number in 0..10_000 {
            make(number).await?;
        }
        let before = resident()?;
        for number in 10_000..10_000 + ORDERS {
            make(number).await?;
        }
        anyhow::Ok(resident()?.saturating_sub(before))
    })?;
    Ok(grown as f64 / f64::from(ORDERS))
}

/// Bytes of memory that this process holds.
fn resident() -> anyhow::Result<u64> {
    status("VmRSS:")
}

/// Bytes, by a line of what the system tells of this process.
pub(crate) fn status(name: &str) -> anyhow::Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kilobytes = kilobytes.with_context(|| format!("{name} of /proc/self/status"))?;
    Ok(kilobytes.trim().parse::<u64>()? * 1024)
}
