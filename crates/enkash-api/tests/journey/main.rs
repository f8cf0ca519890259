//! The client and a whole sandbox, with everything on the way going wrong that can.
//!
//! What a call reports is held against what the sandbox did: its log, and its orders.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are tests as well"
)]

#[path = "../common/mod.rs"]
mod common;
mod money;
mod payouts;

use std::collections::HashSet;
use std::future::poll_fn;
use std::pin::pin;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;

use common::InstantClock;
use enkash_api::auth::{AuthError, OAuthCredentials, SsoTokens, TokenProvider};
use enkash_api::transport::{
    Clock, Failure, HyperTransport, Limits, ManualClock, MemoryTransport, Sent, Transport,
    TransportError,
};
use enkash_api::types::gateway::{CreateOrder, OrderId};
use enkash_api::types::rewards::CreateRewardSsoToken;
use enkash_api::types::{Auth, Header, Host, Method, Replay, Rupees, Secret};
use enkash_api::{ApiErrorKind, Client, ClientBuilder, Error, RawRequest};
use enkash_sandbox::{
    Config, Credentials, Fault, FaultKind, LoggedCall, Sandbox, SandboxClock, Spelling,
};
use http::Request;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// How the client reaches the sandbox.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    /// Over a loopback port.
    Tcp,
    /// Without TCP.
    InProcess,
    /// Without TCP, and an answer that is not there at once has timed out.
    Impatient,
}

impl Way {
    const ALL: [Self; 3] = [Self::Tcp, Self::InProcess, Self::Impatient];

    fn to(self, sandbox: &Sandbox) -> Arc<dyn Transport> {
        let in_process = sandbox.in_process();
        match self {
            Self::Tcp => Arc::new(HyperTransport::new(Limits::default()).unwrap()),
            Self::InProcess => Arc::new(in_process),
            Self::Impatient => Arc::new(MemoryTransport::new(move |request| {
                let in_process = in_process.clone();
                async move {
                    let mut sending = in_process.send(request);
                    poll_fn(|context| {
                        Poll::Ready(match sending.as_mut().poll(context) {
                            Poll::Ready(answer) => answer,
                            Poll::Pending => {
                                Err(TransportError::new(Failure::Timeout, Sent::Maybe))
                            }
                        })
                    })
                    .await
                }
            })),
        }
    }
}

/// A sandbox and who calls it. Their clocks both stand until a test moves them, each alone.
struct Journey {
    sandbox: Sandbox,
    client: Client,
    sign_on: SsoTokens,
    clock: ManualClock,
}

impl Journey {
    async fn start(way: Way) -> Self {
        let sandbox = start(Config::new()).await;
        let transport = way.to(&sandbox);
        Self::over(sandbox, transport)
    }

    fn over(sandbox: Sandbox, transport: Arc<dyn Transport>) -> Self {
        let clock = ManualClock::new();
        let client = builder(&sandbox, transport, &clock).build().unwrap();
        Self {
            sign_on: client.rewards().sso_tokens(sso()).unwrap(),
            sandbox,
            client,
            clock,
        }
    }

    /// The same with a client that knows nothing yet.
    fn anew(self, way: Way) -> Self {
        let transport = way.to(&self.sandbox);
        Self::over(self.sandbox, transport)
    }

    async fn create(&self, id: &str) -> Result<OrderId, Error> {
        let created = self.client.gateway().orders().create(order(id)).await?;
        Ok(created.order_id.unwrap())
    }

    /// Takes one step.
    async fn take(&self, step: Step, order: &OrderId) -> Result<(), Error> {
        let taken = async {
            match step {
                Step::Create => self.create("INV1").await.map(drop),
                Step::Read => {
                    let read = self.client.gateway().orders().get(order.clone()).await?;
                    assert_eq!(read.order_id.as_ref(), Some(order));
                    Ok(())
                }
                Step::SignOn => {
                    let answer = self.client.rewards().sso_token(sso()).await?;
                    assert_sign_on(answer.token().unwrap());
                    Ok(())
                }
                Step::Provide => {
                    assert_sign_on(self.sign_on.token().await?.secret());
                    Ok(())
                }
            }
        };
        self.waiting_for_nobody(taken).await
    }

    /// Runs what a program does; answers that are slow are waited for, by the sandbox's clock.
    async fn waiting_for_nobody<T>(&self, program: impl Future<Output = T>) -> T {
        tokio::select! {
            biased;
            done = program => done,
            () = self.hurry() => unreachable!("it has no end"),
        }
    }

    /// Moves the sandbox's clock on whenever an answer waits for it.
    async fn hurry(&self) {
        loop {
            let waits = |call: &LoggedCall| {
                call.fault == Some(FaultKind::Slow)
                    && call.answer.is_some()
                    && call.status.is_none()
            };
            let number = (self.sandbox)
                .wait_for(|sandbox| Some(sandbox.calls().into_iter().find(waits)?.number))
                .await;
            self.sandbox.clock().advance(Duration::from_secs(60));
            (self.sandbox)
                .wait_for(|sandbox| {
                    let mut calls = sandbox.calls().into_iter();
                    calls.find(|call| call.number == number)?.status
                })
                .await;
        }
    }

    /// The operations that were called, from the call of this index on.
    fn called(&self, since: usize) -> Vec<&'static str> {
        let calls = self.sandbox.calls().into_iter().skip(since);
        calls.filter_map(|call| call.operation).collect()
    }

    async fn control(&self, method: &str, path: &str) -> u16 {
        let request = Request::builder()
            .method(method)
            .uri(format!("/_sandbox/{path}"))
            .body(bytes::Bytes::new())
            .unwrap();
        self.sandbox.handle(request).await.unwrap().status().into()
    }

    /// Whether the sandbox has this order of the merchant's. It is cancelled by that.
    async fn has(&self, order: &str) -> bool {
        let path = format!("orders/{order}/cancel");
        match self.control("POST", &path).await {
            200 => true,
            404 => false,
            other => panic!("{other}"),
        }
    }
}

async fn start(config: Config) -> Sandbox {
    let config = config.with_clock(SandboxClock::manual());
    Sandbox::start(config).await.unwrap()
}

fn builder(sandbox: &Sandbox, transport: Arc<dyn Transport>, clock: &ManualClock) -> ClientBuilder {
    let known = sandbox.credentials();
    Client::builder()
        .base_url(&sandbox.url())
        .unwrap()
        .transport(transport)
        .clock(InstantClock {
            clock: clock.clone(),
            ..InstantClock::default()
        })
        .merchant(known.access_key.clone(), known.secret_key.clone())
        .oauth(oauth(sandbox, known.password.clone()))
        .partner_id(known.partner_id.as_str())
}

fn oauth(sandbox: &Sandbox, password: Secret) -> OAuthCredentials {
    let known = sandbox.credentials();
    OAuthCredentials {
        client_id: known.client_id.clone(),
        client_secret: known.client_secret.clone(),
        username: known.username.clone(),
        password,
        company_id: known.company_id.as_str().into(),
    }
}

fn order(id: &str) -> CreateOrder {
    CreateOrder::new(id, Rupees::from_paise(49_950))
}

fn sso() -> CreateRewardSsoToken {
    CreateRewardSsoToken::new("CAQL8YCV3", "CSANDBOX01", "EKCDM5AVZY")
}

fn assert_sign_on(token: &Secret) {
    assert!(token.expose().starts_with("sandbox-sso-"));
}

fn is_token_call(operation: &str) -> bool {
    matches!(
        operation,
        "create_merchant_token" | "generate_payout_token" | "refresh_oauth_token"
    )
}

/// A call of the client's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Create,
    Read,
    /// By a call.
    SignOn,
    /// By a provider.
    Provide,
}

/// Every operation of the sandbox's, and the step on which it is spoiled.
const POSITIONS: [(&str, Step); 9] = [
    ("create_merchant_token", Step::Create),
    ("create_order", Step::Create),
    ("create_merchant_token", Step::Read),
    ("get_order_status", Step::Read),
    ("generate_payout_token", Step::SignOn),
    ("refresh_oauth_token", Step::SignOn),
    ("create_reward_sso_token", Step::SignOn),
    ("generate_payout_token", Step::Provide),
    ("create_reward_sso_token", Step::Provide),
];

/// How a call ended, as `docs/errors.md` tells them apart.
#[derive(Debug, PartialEq, Eq)]
enum Ended {
    Well,
    /// `OutcomeUnknown`.
    Unknown,
    Transport,
    Decode,
    Api(ApiErrorKind),
    /// `Auth`, for now.
    NoToken,
    /// `Auth`, for good.
    Refused,
}

impl Ended {
    fn of(result: &Result<(), Error>) -> Self {
        match result {
            Ok(()) => Self::Well,
            Err(Error::OutcomeUnknown(_)) => Self::Unknown,
            Err(Error::Transport { .. }) => Self::Transport,
            Err(Error::Decode(_)) => Self::Decode,
            Err(Error::Api(error)) => Self::Api(error.kind),
            Err(Error::Auth(AuthError::Refused(_))) => Self::Refused,
            Err(Error::Auth(error)) if error.retry_at().is_some() => Self::NoToken,
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// What has to come of a step: how it ends, how many calls the fault strikes, and how many tokens
/// are asked for.
fn expected(
    (operation, step): (&str, Step),
    kind: FaultKind,
    times: u32,
    way: Way,
) -> (Ended, u32, usize) {
    use FaultKind as K;

    let asks = usize::from(is_token_call(operation));
    match (operation, kind) {
        (_, K::Slow) if way != Way::Impatient => (Ended::Well, 1, asks),

        // A refusal by OAuth is an answer without a token; nothing else says no there.
        ("refresh_oauth_token", K::ErrorIn200 | K::TokenRefused) => (Ended::Well, 1, 2),
        ("generate_payout_token", K::ErrorIn200 | K::TokenRefused)
        | ("create_merchant_token", K::TokenRefused) => (Ended::Refused, 1, 1),
        (token, _) if is_token_call(token) => (Ended::NoToken, 1, 1),

        (_, K::TokenRefused) if times == 1 => (Ended::Well, 1, 1),
        (_, K::TokenRefused) if step == Step::Provide => (Ended::NoToken, 2, 1),
        (_, K::TokenRefused) => (Ended::Api(ApiErrorKind::TokenRefused), 2, 1),
        _ if step == Step::Provide => (Ended::NoToken, 1, 0),
        (_, K::ErrorIn200) => (Ended::Api(ApiErrorKind::Other), 1, 0),
        _ if step == Step::Create => (Ended::Unknown, 1, 0),
        (_, K::BadJson | K::Html) => (Ended::Decode, 1, 0),
        // What passes is read on the second try, or on the third, which is the last.
        _ if times < 3 => (Ended::Well, times, 0),
        (_, K::ServerError) => (Ended::Api(ApiErrorKind::Unavailable), 3, 0),
        _ => (Ended::Transport, 3, 0),
    }
}

/// Whether a call is done that this fault spoils, as `docs/sandbox.md` has it.
fn is_done_in_spite_of(kind: FaultKind) -> bool {
    use FaultKind as K;
    matches!(kind, K::LostAnswer | K::Truncated | K::BadJson | K::Slow)
}

#[tokio::test]
async fn every_fault_in_every_position() {
    for way in Way::ALL {
        for position in POSITIONS {
            for &kind in FaultKind::ALL {
                for times in 1..=3 {
                    spoil(way, position, kind, times).await;
                }
            }
        }
    }
}

async fn spoil(way: Way, position: (&str, Step), kind: FaultKind, times: u32) {
    let (operation, step) = position;
    let row = format!("{way:?}, {operation} in {step:?}, {kind:?} {times} times");
    let mut journey = Journey::start(way).await;
    let order = journey.create("INV0").await.unwrap();
    journey.client.rewards().sso_token(sso()).await.unwrap();
    match operation {
        "refresh_oauth_token" => assert_eq!(journey.control("POST", "tokens/expire").await, 200),
        // Only a client without a token asks for one in this way.
        token if is_token_call(token) => journey = journey.anew(way),
        _ => {}
    }

    let before = journey.sandbox.calls().len();
    let fault = Fault::new(operation, kind).times(times);
    journey.sandbox.fault(fault).unwrap();
    let result = journey.take(step, &order).await;

    let (ended, strikes, asked) = expected(position, kind, times, way);
    assert_eq!(Ended::of(&result), ended, "{row}: {result:?}");
    let called = journey.called(before);
    let calls = journey.sandbox.calls();
    let struck: Vec<_> = calls.iter().filter(|call| call.fault.is_some()).collect();
    assert_eq!(struck.len(), strikes as usize, "{row}: {called:?}");
    assert!(struck.iter().all(|call| call.operation == Some(operation)));
    let tokens = called.iter().filter(|name| is_token_call(name)).count();
    assert_eq!(tokens, asked, "{row}: {called:?}");

    // What the sandbox did, against what was reported.
    if step == Step::Create {
        let has = journey.has("INV1").await;
        let reached = operation == "create_order" && is_done_in_spite_of(kind);
        assert_eq!(has, ended == Ended::Well || reached, "{row}");
        if let Err(error) = &result {
            assert!(error.may_have_happened() || !has, "{row}: {error:?}");
        }
        let refused = struck.iter().filter(|_| kind == FaultKind::TokenRefused);
        let refused = refused.filter(|call| call.operation == Some("create_order"));
        let writes = called.iter().filter(|name| **name == "create_order");
        assert!(writes.count() - refused.count() <= 1, "{row}: {called:?}");
    } else if let Err(error) = &result {
        assert!(!error.may_have_happened(), "{row}: it only reads");
    }
    if let Err(error) = &result {
        assert_fit_to_show(journey.sandbox.credentials(), error);
    }

    // And then all is well again.
    assert_eq!(journey.control("DELETE", "faults").await, 200);
    let before = journey.sandbox.calls().len();
    if let Err(Error::Auth(error)) = &result {
        let waits: &[Duration] = match error.retry_at() {
            Some(_) => &[Duration::ZERO],
            None => &[Duration::ZERO, DAY],
        };
        for wait in waits {
            journey.clock.advance(*wait);
            let again = journey.take(step, &order).await;
            assert_eq!(Ended::of(&again), ended, "{row}: as it was");
        }
        assert_eq!(
            journey.called(before),
            [""; 0],
            "{row}: EnKash is not asked"
        );
        match error.retry_at() {
            Some(at) => {
                let pause = at.duration_since(journey.clock.now()).unwrap();
                journey.clock.advance(pause);
            }
            None => journey = journey.anew(way),
        }
    }
    let recovered = async {
        journey.create("INV2").await?;
        for step in [Step::Read, Step::SignOn, Step::Provide] {
            journey.take(step, &order).await?;
        }
        Ok::<(), Error>(())
    };
    recovered
        .await
        .unwrap_or_else(|error| panic!("{row}: {error:?}"));
}

/// No text of an error's shows a credential, and none repeats another.
fn assert_fit_to_show(known: &Credentials, error: &Error) {
    let mut shown = String::new();
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        assert!(!shown.contains(&text), "{text:?} is said again: {shown}");
        shown += &format!("{text}\n");
        next = error.source();
    }
    shown += &format!("{error:?}");
    let secrets = [
        &known.access_key,
        &known.secret_key,
        &known.client_secret,
        &known.password,
    ];
    for secret in secrets {
        assert!(!shown.contains(secret.expose()), "{shown}");
    }
}

#[tokio::test]
async fn a_token_that_runs_out_amid_a_thousand_calls_is_replaced_once() {
    const CALLS: usize = 1_000;
    /// So many at once are within what any machine allows.
    const CONNECTIONS: usize = 64;
    for way in [Way::Tcp, Way::InProcess] {
        let sandbox = start(Config::new()).await;
        let (sandbox_clock, inner) = (sandbox.clock().clone(), way.to(&sandbox));
        let orders = Arc::new(AtomicUsize::new(0));
        let tokens = Arc::new(AtomicU32::new(0));
        let connections = Arc::new(tokio::sync::Semaphore::new(CONNECTIONS));
        let (asked, made) = (Arc::clone(&tokens), Arc::clone(&orders));
        let transport = MemoryTransport::new(move |request| {
            let (inner, clock) = (Arc::clone(&inner), sandbox_clock.clone());
            let (tokens, orders) = (Arc::clone(&asked), Arc::clone(&made));
            let connections = Arc::clone(&connections);
            async move {
                // All calls are authorised before the first of them leaves.
                tokio::task::yield_now().await;
                let _connection = connections.acquire().await.unwrap();
                if request.uri().path() == "/api/v0/merchant/token" {
                    tokens.fetch_add(1, Ordering::Relaxed);
                } else if orders.fetch_add(1, Ordering::Relaxed) == CALLS / 2 {
                    clock.advance(2 * DAY);
                }
                inner.send(request).await
            }
        });
        let clock = ManualClock::new();
        let client = builder(&sandbox, Arc::new(transport), &clock);
        let client = client.build().unwrap();
        let provider = client.tokens(Auth::Merchant).unwrap().unwrap();
        provider.token().await.unwrap();
        assert_eq!(tokens.load(Ordering::Relaxed), 1);

        let mut calls = tokio::task::JoinSet::new();
        for number in 0..CALLS {
            let client = client.clone();
            calls.spawn(async move {
                let order = order(&format!("INV{number}"));
                client.gateway().orders().create(order).await
            });
        }
        let mut ids = HashSet::new();
        while let Some(created) = calls.join_next().await {
            ids.insert(created.unwrap().unwrap().order_id.unwrap());
        }
        assert_eq!(ids.len(), CALLS, "{way:?}: each made its own order");
        assert_eq!(tokens.load(Ordering::Relaxed), 2, "{way:?}");
        let sent = orders.load(Ordering::Relaxed);
        // Half of them were refused, and so were those that were on their way at that moment.
        let refused = sent - CALLS;
        assert!(
            (CALLS / 2..=CALLS / 2 + CONNECTIONS).contains(&refused),
            "{way:?}: {refused}"
        );
    }
}

#[tokio::test]
async fn wrong_credentials_are_remembered_and_lock_no_account() {
    for way in [Way::Tcp, Way::InProcess] {
        let journey = Journey::start(way).await;
        let sandbox = &journey.sandbox;
        let wrong = builder(sandbox, way.to(sandbox), &journey.clock)
            .merchant("wrong", "wrong")
            .oauth(oauth(sandbox, "wrong".into()))
            .build()
            .unwrap();
        let sign_on = wrong.rewards().sso_tokens(sso()).unwrap();
        for _ in 0..5 {
            let calls = tokio::join!(
                async { wrong.rewards().sso_token(sso()).await.map(drop) },
                async { Ok(sign_on.token().await.map(drop)?) },
                async {
                    wrong
                        .gateway()
                        .orders()
                        .create(order("INV1"))
                        .await
                        .map(drop)
                },
                async { wrong.gateway().orders().get("ORD1").await.map(drop) },
            );
            for result in [calls.0, calls.1, calls.2, calls.3] {
                assert_eq!(Ended::of(&result), Ended::Refused, "{result:?}");
            }
            journey.clock.advance(DAY);
        }
        let mut called = journey.called(0);
        called.sort_unstable();
        assert_eq!(called, ["create_merchant_token", "generate_payout_token"]);
        // Two more would lock the account.
        journey.client.rewards().sso_token(sso()).await.unwrap();
    }
}

/// Polls a future until it is ready, or has been pending so often.
async fn until_pending<F: Future>(future: F, mut times: u32) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(move |context| match future.as_mut().poll(context) {
        Poll::Ready(output) => Poll::Ready(Some(output)),
        Poll::Pending => {
            times -= 1;
            if times == 0 {
                Poll::Ready(None)
            } else {
                Poll::Pending
            }
        }
    })
    .await
}

#[tokio::test]
async fn a_call_that_is_dropped_halfway_leaves_the_client_usable() {
    let mut dropped = 0;
    loop {
        let journey = Journey::start(Way::Tcp).await;
        let ended = until_pending(journey.create("INV1"), dropped + 1).await;
        // The sandbox may have done what it was asked, and tells by refusing it.
        let again = journey.create("INV1").await;
        match &again {
            Ok(_) => assert!(ended.is_none()),
            Err(error) => assert_eq!(
                error.as_api().unwrap().kind,
                ApiErrorKind::Duplicate,
                "{error:?}"
            ),
        }
        assert!(journey.has("INV1").await);
        let order = journey.create("INV2").await.unwrap();
        for step in [Step::Read, Step::SignOn, Step::Provide] {
            journey.take(step, &order).await.unwrap();
        }
        let called = journey.called(0);
        let tokens = called
            .iter()
            .filter(|name| **name == "create_merchant_token");
        assert_eq!(
            tokens.count(),
            1,
            "the next caller goes on with its request"
        );
        if let Some(ended) = ended {
            ended.unwrap();
            break;
        }
        dropped += 1;
    }
    assert!(dropped >= 2, "in the token call and in the call itself");
}

#[tokio::test]
async fn sign_on_works_however_enkash_spells_and_seals() {
    for sealed in [false, true] {
        for spelling in [Spelling::Snake, Spelling::Camel] {
            let config = Config::new()
                .with_sealed_answers(sealed)
                .with_oauth_spelling(spelling);
            let sandbox = start(config).await;
            let bodies = Arc::new(Mutex::new(Vec::new()));
            let (in_process, seen) = (sandbox.in_process(), Arc::clone(&bodies));
            let transport = MemoryTransport::new(move |request| {
                let (in_process, seen) = (in_process.clone(), Arc::clone(&seen));
                async move {
                    let path = request.uri().path().to_owned();
                    let sent = request.body().clone();
                    let answer = in_process.send(request).await?;
                    seen.lock()
                        .unwrap()
                        .push((path, sent, answer.body().clone()));
                    Ok(answer)
                }
            });
            let journey = Journey::over(sandbox, Arc::new(transport));
            let order = OrderId::new("ORD1");
            for step in [Step::SignOn, Step::Provide] {
                journey.take(step, &order).await.unwrap();
            }
            journey.sandbox.clock().advance(2 * DAY);
            // Past the assumed life of the provider's token, and not of the OAuth token.
            journey.clock.advance(Duration::from_secs(600));
            for step in [Step::SignOn, Step::Provide] {
                journey.take(step, &order).await.unwrap();
            }

            assert_eq!(
                journey.called(0),
                [
                    "generate_payout_token",
                    "create_reward_sso_token",
                    "create_reward_sso_token",
                    "create_reward_sso_token",
                    "refresh_oauth_token",
                    "create_reward_sso_token",
                    "create_reward_sso_token",
                ]
            );
            let field = match spelling {
                Spelling::Snake => "access_token",
                Spelling::Camel => "accessToken",
            };
            for (index, (path, sent, answer)) in bodies.lock().unwrap().iter().enumerate() {
                let [sent, answer] = [sent, answer].map(|body| String::from_utf8_lossy(body));
                if path == "/oauth/token" {
                    assert!(answer.contains(field), "as configured");
                } else {
                    assert!(sent.starts_with(r#"{"request":""#), "sealed");
                    // A refusal, as of the fourth call, is never sealed.
                    let is_sealed = answer.starts_with(r#"{"request":""#);
                    assert_eq!(is_sealed, sealed && index != 3);
                }
            }
        }
    }
}

#[tokio::test]
async fn a_raw_call_reaches_any_route_and_follows_the_same_rules() {
    for way in [Way::Tcp, Way::InProcess] {
        let journey = Journey::start(way).await;
        let raw = |method, path: &str| {
            let mut request = RawRequest::new(Host::Gateway, method, path);
            request.auth = Auth::Merchant;
            request.headers = vec![Header::MerchantAccessKey];
            request
        };
        let create = |id: &str| {
            let mut request = raw(Method::Post, "/api/v0/orders");
            request.body = Some(serde_json::json!({
                "orderId": id,
                "amount": {"value": 499.5, "currency": "INR"},
            }));
            request
        };
        let client = &journey.client;
        let answer = client.raw(create("INV1")).await.unwrap();
        assert_eq!(
            (answer.status, &answer.body["response_code"]),
            (200, &0.into())
        );
        let id = answer.body["payload"]["orderId"].as_str().unwrap();

        // A token that has run out is replaced.
        journey.sandbox.clock().advance(2 * DAY);
        let read = raw(Method::Get, &format!("/api/v0/orders/{id}"));
        let answer = client.raw(read.clone()).await.unwrap();
        assert_eq!(answer.body["payload"]["merchantOrderId"], "INV1");

        // Nothing is known of the route, so a lost answer is final, unless the caller knows better.
        let lose = |operation| {
            let lost = Fault::new(operation, FaultKind::LostAnswer);
            journey.sandbox.fault(lost).unwrap();
        };
        for (replay, known) in [
            (Replay::Never, None),
            (
                Replay::ByMerchantId("orderId"),
                Some(("orderId", "INV2".to_owned())),
            ),
        ] {
            lose("create_order");
            let mut request = create("INV2");
            request.replay = replay;
            let error = client.raw(request).await.unwrap_err();
            let Error::OutcomeUnknown(unknown) = error else {
                panic!("{error:?}");
            };
            assert_eq!((unknown.operation, unknown.merchant_id), ("raw", known));
        }
        lose("get_order_status");
        let mut safe = read;
        safe.replay = Replay::Safe;
        client.raw(safe).await.unwrap();

        let error = client.raw(raw(Method::Post, "/api/v0/refunds")).await;
        let error = error.unwrap_err();
        assert_eq!(error.as_api().unwrap().kind, ApiErrorKind::NotFound);

        // It carries no token if it is not told to.
        let mut request = raw(Method::Get, "/api/v0/orders/ORD1");
        request.auth = Auth::None;
        let error = client.raw(request).await.unwrap_err();
        assert_eq!(
            error.to_string(),
            "raw: EnKash refused (HTTP 200, code 117): Token is invalid.",
            "no word of a new token"
        );
    }
}

/// What a program does with a client: clone it, send it to tasks, keep its futures.
#[tokio::test]
async fn a_client_goes_wherever_a_program_takes_it() {
    fn shared<T: Send + Sync + 'static>(value: T) -> T {
        value
    }
    fn sent<F: Future + Send>(future: F) -> F {
        future
    }

    let journey = Journey::start(Way::Tcp).await;
    let client = shared(journey.client.clone());
    let _ = shared(Client::builder());
    let order_id = journey.create("INV1").await.unwrap();

    // Futures are made first and awaited later, or together.
    let create = sent(client.gateway().orders().create(order("INV2")));
    let read = sent(client.gateway().orders().get(order_id.clone()));
    let sign_on = sent(client.rewards().sso_token(sso()));
    let pay = sent(client.payouts().transfers().create(payouts::transfer("T1")));
    let settle = sent(client.payouts().transfers().resume(payouts::transfer("T1")));
    drop((pay, settle));
    let read_again = client.gateway().orders().get(order_id);
    let all = tokio::join!(create, read, sign_on, read_again);
    assert!(all.0.is_ok() && all.1.is_ok() && all.2.is_ok() && all.3.is_ok());

    let providers: Arc<dyn TokenProvider> = shared(Arc::new(journey.sign_on));
    let task = tokio::spawn(async move {
        sent(client.raw(RawRequest::new(Host::Gateway, Method::Get, "/nothing"))).await?;
        sent(providers.token()).await?;
        Ok::<(), Error>(())
    });
    let error: Box<dyn std::error::Error + Send + Sync> =
        shared(task.await.unwrap().unwrap_err()).into();
    assert!(error.downcast::<Error>().is_ok());
}
