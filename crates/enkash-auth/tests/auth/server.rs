//! An EnKash for tests: it records what it is asked, answers as it is told, and can be held.

use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::sync::{Arc, Mutex, MutexGuard};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use enkash_auth::{
    AuthError, Cause, Connection, MerchantCredentials, MerchantTokens, OAuthCredentials,
    OAuthTokens, Token,
};
use enkash_transport::{
    BaseUrl, Clock, Failure, Limits, ManualClock, Sent, Transport, TransportError,
};
use http::{HeaderMap, Request, Response};
use serde_json::json;

/// What a call was answered with.
pub(crate) enum Reply {
    Answer(u16, String),
    Fails(Failure, Sent),
    Panics,
}

impl Reply {
    pub(crate) fn json(status: u16, body: serde_json::Value) -> Self {
        Self::Answer(status, body.to_string())
    }

    pub(crate) fn not_reached() -> Self {
        Self::Fails(Failure::Connect, Sent::No)
    }
}

/// What the server was asked.
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) uri: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Seen {
    /// `password`, `refresh`, `merchant` or `sso`.
    pub(crate) fn kind(&self) -> &'static str {
        if self.body.contains("grant_type=password") {
            "password"
        } else if self.body.contains("grant_type=refresh_token") {
            "refresh"
        } else if self.uri.ends_with("/merchant/token") {
            "merchant"
        } else {
            "sso"
        }
    }
}

type Rule = Arc<dyn Fn(&Seen, usize) -> Reply + Send + Sync>;

struct State {
    rule: Rule,
    seen: Vec<Seen>,
    is_held: bool,
    waiting: Vec<Waker>,
}

#[derive(Clone)]
pub(crate) struct Server {
    pub(crate) clock: ManualClock,
    state: Arc<Mutex<State>>,
}

impl Server {
    /// Answers every call by this rule, which gets the call and its number, from 1.
    pub(crate) fn new(rule: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        Self {
            clock: ManualClock::new(),
            state: Arc::new(Mutex::new(State {
                rule: Arc::new(rule),
                seen: Vec::new(),
                is_held: false,
                waiting: Vec::new(),
            })),
        }
    }

    /// Gives out `token-1`, `token-2` … that live this long.
    pub(crate) fn of_merchant_tokens(life: Duration) -> Self {
        let server = Self::new(|_, _| Reply::Panics);
        server.gives_merchant_tokens(life);
        server
    }

    pub(crate) fn gives_merchant_tokens(&self, life: Duration) {
        let clock = self.clock.clone();
        self.answers(move |_, number| merchant_token(number, clock.now() + life));
    }

    pub(crate) fn answers(&self, rule: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) {
        self.lock().rule = Arc::new(rule);
    }

    /// Keeps answers back.
    pub(crate) fn hold(&self) {
        self.lock().is_held = true;
    }

    /// Lets them go.
    pub(crate) fn release(&self) {
        let waiting = {
            let mut state = self.lock();
            state.is_held = false;
            std::mem::take(&mut state.waiting)
        };
        waiting.into_iter().for_each(Waker::wake);
    }

    pub(crate) fn calls(&self) -> usize {
        self.lock().seen.len()
    }

    /// What was asked since the last time.
    pub(crate) fn seen(&self) -> Vec<Seen> {
        std::mem::take(&mut self.lock().seen)
    }

    pub(crate) fn kinds(&self) -> Vec<&'static str> {
        self.seen().iter().map(Seen::kind).collect()
    }

    /// How many hold on to it, this handle included.
    pub(crate) fn holders(&self) -> usize {
        Arc::strong_count(&self.state)
    }

    pub(crate) fn connection(&self) -> Connection {
        let base: BaseUrl = "https://enkash.example.in".parse().unwrap();
        Connection::new(Arc::new(self.clone()), Arc::new(self.clock.clone()), base)
    }

    pub(crate) fn merchant(&self) -> MerchantTokens {
        MerchantTokens::new(self.connection(), merchant_credentials("access-1")).with_jitter_seed(1)
    }

    pub(crate) fn oauth(&self) -> OAuthTokens {
        OAuthTokens::new(self.connection(), oauth_credentials("password-1")).with_jitter_seed(1)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }
}

#[async_trait::async_trait]
impl Transport for Server {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let call = Seen {
            method: request.method().to_string(),
            uri: request.uri().to_string(),
            headers: request.headers().clone(),
            body: String::from_utf8(request.body().to_vec()).unwrap(),
        };
        let reply = {
            let mut state = self.lock();
            let rule = Arc::clone(&state.rule);
            let reply = rule(&call, state.seen.len() + 1);
            state.seen.push(call);
            reply
        };
        // As real transports do, it looks at its timer first.
        let mut timeout = self.clock.sleep(Limits::default().timeout);
        poll_fn(|context| {
            if timeout.as_mut().poll(context).is_ready() {
                return Poll::Ready(Err(TransportError::new(Failure::Timeout, Sent::Maybe)));
            }
            let mut state = self.lock();
            if state.is_held {
                state.waiting.push(context.waker().clone());
                return Poll::Pending;
            }
            Poll::Ready(Ok(()))
        })
        .await?;
        match reply {
            Reply::Answer(status, body) => Ok(Response::builder()
                .status(status)
                .body(body.into())
                .unwrap()),
            Reply::Fails(failure, sent) => Err(TransportError::new(failure, sent)),
            Reply::Panics => panic!("the transport panics, as it was told"),
        }
    }
}

pub(crate) fn merchant_credentials(access_key: &str) -> MerchantCredentials {
    MerchantCredentials {
        access_key: access_key.into(),
        secret_key: "secret-1".into(),
    }
}

pub(crate) fn oauth_credentials(password: &str) -> OAuthCredentials {
    OAuthCredentials {
        client_id: "client".into(),
        client_secret: "client-secret-1".into(),
        username: "owner@example.in".into(),
        password: password.into(),
        company_id: "CEK1GZBO6A".into(),
    }
}

pub(crate) fn merchant_token(number: usize, expires_at: SystemTime) -> Reply {
    let expiry = expires_at
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap()
        .as_millis();
    Reply::json(
        200,
        json!({
            "token": format!("token-{number}"),
            "expiry": u64::try_from(expiry).unwrap(),
            "resultCode": 200,
            "resultMessage": "Token generated successfully.",
        }),
    )
}

/// `text-N` that lives `life` seconds, and `refresh-N`.
pub(crate) fn oauth_token(number: usize, life: u64) -> Reply {
    Reply::json(
        200,
        json!({
            "access_token": format!("token-{number}"),
            "token_type": "bearer",
            "refresh_token": format!("refresh-{number}"),
            "expires_in": life,
            "scope": "read write trust",
        }),
    )
}

pub(crate) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

pub(crate) fn minutes(minutes: u64) -> Duration {
    Duration::from_secs(60 * minutes)
}

/// Looks once whether it is ready.
pub(crate) fn poll<F: Future + Unpin>(future: &mut F) -> Poll<F::Output> {
    Pin::new(future).poll(&mut Context::from_waker(Waker::noop()))
}

/// The answer of a future that must not wait.
#[track_caller]
pub(crate) fn at_once<F: Future>(future: F) -> F::Output {
    match poll(&mut pin!(future)) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("it waits"),
    }
}

#[track_caller]
pub(crate) fn text(token: Result<Token, AuthError>) -> String {
    token.unwrap().secret().expose().to_owned()
}

/// What failed, and how long the pause is from now on.
#[track_caller]
pub(crate) fn unavailable(
    clock: &ManualClock,
    result: Result<Token, AuthError>,
) -> (Cause, Duration) {
    match result {
        Err(AuthError::Unavailable(unavailable)) => {
            let pause = unavailable.retry_at.duration_since(clock.now());
            (unavailable.cause, pause.unwrap_or_default())
        }
        other => panic!("{other:?}"),
    }
}

/// Every credential and token in these tests.
const SECRETS: [&str; 8] = [
    "access-1",
    "secret-1",
    "client-secret-1",
    "password-1",
    "partner-1",
    "token-",
    "refresh-",
    "sso-",
];

#[track_caller]
pub(crate) fn assert_hidden(text: &str) {
    for secret in SECRETS {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
}
