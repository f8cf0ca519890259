//! An EnKash of scripted answers, and a clock on which waiting takes no time.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use enkash_api::auth::OAuthCredentials;
use enkash_api::transport::wire;
use enkash_api::transport::{
    BoxFuture, Clock, Failure, ManualClock, MemoryTransport, Sent, TransportError,
};
use enkash_api::{Client, ClientBuilder};
use enkash_crypto::PayloadKey;
use http::{Request, Response};
use serde_json::Value;

/// One scripted answer.
pub(crate) enum Reply {
    Body(u16, &'static str),
    Lost(Sent),
    /// Larger than the transport reads.
    TooLarge,
}

/// What was sent, and what is still to be answered. Token calls are answered by themselves.
#[derive(Clone, Default)]
pub(crate) struct Script {
    replies: Arc<Mutex<VecDeque<Reply>>>,
    pub(crate) sent: Arc<Mutex<Vec<Request<Bytes>>>>,
    pub(crate) tokens: Arc<Mutex<u32>>,
    pub(crate) waited: Arc<Mutex<Vec<Duration>>>,
}

impl Script {
    pub(crate) fn new(replies: impl IntoIterator<Item = Reply>) -> Self {
        let script = Self::default();
        script.replies.lock().unwrap().extend(replies);
        script
    }

    pub(crate) fn builder(&self) -> ClientBuilder {
        let script = self.clone();
        Client::builder()
            .base_url("http://127.0.0.1:1")
            .unwrap()
            .transport(MemoryTransport::new(move |request| {
                let answer = script.answer(request);
                async move { answer }
            }))
            .clock(InstantClock {
                clock: ManualClock::new(),
                waited: Arc::clone(&self.waited),
            })
    }

    pub(crate) fn client(&self) -> Client {
        self.builder()
            .merchant(ACCESS_KEY, SECRET_KEY)
            .oauth(oauth())
            .partner_id(PARTNER_ID)
            .build()
            .unwrap()
    }

    fn answer(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let path = request.uri().path().to_owned();
        if path == "/api/v0/merchant/token" || path == "/oauth/token" {
            let mut tokens = self.tokens.lock().unwrap();
            *tokens += 1;
            let body = if path == "/oauth/token" {
                format!(r#"{{"access_token":"{TOKEN}{tokens}","expires_in":86399}}"#)
            } else {
                format!(r#"{{"token":"{TOKEN}{tokens}","expiry":4102444800000,"resultCode":0}}"#)
            };
            return Ok(Response::new(body.into()));
        }
        self.sent.lock().unwrap().push(request);
        match self
            .replies
            .lock()
            .unwrap()
            .pop_front()
            .expect("a scripted reply")
        {
            Reply::Body(status, body) => {
                let mut answer = Response::new(Bytes::from_static(body.as_bytes()));
                *answer.status_mut() = status.try_into().unwrap();
                Ok(answer)
            }
            Reply::Lost(Sent::No) => Err(TransportError::new(Failure::Connect, Sent::No)),
            Reply::Lost(Sent::Maybe) => Err(TransportError::new(Failure::Connection, Sent::Maybe)),
            Reply::TooLarge => Err(TransportError::new(Failure::BodyTooLarge, Sent::Maybe)),
        }
    }

    /// The bodies that were sent, opened.
    pub(crate) fn opened(&self) -> Vec<Value> {
        let sent = self.sent.lock().unwrap();
        let open = |request: &Request<Bytes>| {
            let sealed = wire::unsealed(request.body()).expect("a sealed body");
            let plain = key().open(&sealed).unwrap();
            serde_json::from_slice(&plain).unwrap()
        };
        sent.iter().map(open).collect()
    }

    /// How often the call itself was sent.
    pub(crate) fn calls(&self) -> usize {
        self.sent.lock().unwrap().len()
    }

    pub(crate) fn token_calls(&self) -> u32 {
        *self.tokens.lock().unwrap()
    }
}

pub(crate) fn key() -> PayloadKey {
    PayloadKey::from_client_secret(CLIENT_SECRET)
}

/// A text as EnKash would seal it.
pub(crate) fn sealed(plain: &[u8]) -> &'static str {
    let body = wire::sealed(key().seal(plain));
    String::from_utf8(body.into()).unwrap().leak()
}

pub(crate) fn oauth() -> OAuthCredentials {
    OAuthCredentials {
        client_id: "client".into(),
        client_secret: CLIENT_SECRET.into(),
        username: "asha@example.in".into(),
        password: PASSWORD.into(),
        company_id: "CEK0SANDBOX".into(),
    }
}

pub(crate) const ACCESS_KEY: &str = "access-key-of-the-test";
pub(crate) const SECRET_KEY: &str = "secret-key-of-the-test";
pub(crate) const CLIENT_SECRET: &str = "client-secret-of-the-test";
pub(crate) const PASSWORD: &str = "password-of-the-test";
pub(crate) const PARTNER_ID: &str = "CRM0SANDBOX";
pub(crate) const TOKEN: &str = "token-of-the-test-";

pub(crate) const CREATED: Reply = Reply::Body(
    200,
    r#"{"response_code":0,"response_message":"Success","payload":{"redirectionUrl":"https://checkout.example.in/1","orderId":"ORD1"}}"#,
);
pub(crate) const READ: Reply = Reply::Body(
    200,
    r#"{"response_code":0,"response_message":"Success","payload":{"orderId":"ORD1","amount":"499.50","status":"PAID"}}"#,
);
pub(crate) const REFUSED_TOKEN: Reply = Reply::Body(
    200,
    r#"{"response_code":117,"payload":"Token is invalid."}"#,
);

/// Waiting ends at once, is written down, and moves the clock on.
#[derive(Default)]
pub(crate) struct InstantClock {
    pub(crate) clock: ManualClock,
    pub(crate) waited: Arc<Mutex<Vec<Duration>>>,
}

impl Clock for InstantClock {
    fn now(&self) -> SystemTime {
        self.clock.now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.waited.lock().unwrap().push(duration);
        self.clock.advance(duration);
        Box::pin(async {})
    }
}
