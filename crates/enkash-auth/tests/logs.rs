//! No secret is logged. It is the only test of its file: which log lines are wanted is settled once
//! per process, so tests beside it would be in its way.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests are tests as well.

#[allow(dead_code)]
#[path = "auth/server.rs"]
mod server;

use std::fmt::{Debug, Write as _};
use std::sync::{Arc, Mutex};

use enkash_auth::{SsoTokens, TokenProvider};
use enkash_transport::wire::Seal;
use enkash_types::rewards::CreateRewardSsoToken;
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::server::{Reply, Server, assert_hidden, minutes, oauth_token};

/// Writes down everything that is logged, at every level.
#[derive(Clone, Default)]
struct Everything(Arc<Mutex<String>>);

impl Visit for Everything {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        write!(self.0.lock().unwrap(), " {field}={value:?}").unwrap();
    }
}

impl Subscriber for Everything {
    fn enabled(&self, _: &Metadata<'_>) -> bool {
        true
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        write!(self.0.lock().unwrap(), "\nspan {}", span.metadata().name()).unwrap();
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn event(&self, event: &Event<'_>) {
        write!(self.0.lock().unwrap(), "\n{}", event.metadata().level()).unwrap();
        event.record(&mut self.clone());
    }

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

/// Sealed bodies are as plain as they can be.
struct Open;

impl Seal for Open {
    fn seal(&self, plain: &[u8]) -> String {
        String::from_utf8_lossy(plain).into_owned()
    }

    fn open(&self, sealed: &str) -> Option<Vec<u8>> {
        Some(sealed.as_bytes().to_vec())
    }
}

#[tokio::test]
async fn logs_show_no_secret() {
    let log = Everything::default();
    let guard = tracing::subscriber::set_default(log.clone());

    let server = Server::new(|call, number| match (call.kind(), number) {
        ("sso", 2) => Reply::Answer(401, String::new()),
        ("sso", _) => Reply::json(200, json!({"access_token": format!("sso-{number}")})),
        ("refresh", _) => Reply::json(400, json!({"error": "invalid_grant"})),
        _ => oauth_token(number, 3600),
    });
    let oauth = Arc::new(server.oauth());
    let sso = SsoTokens::new(
        server.connection(),
        Arc::clone(&oauth) as Arc<dyn TokenProvider>,
        "partner-1".into(),
        CreateRewardSsoToken::new("CAQL8YCV3", "CEK1PU9AOO", "EKCDM5AVZY"),
        Open,
    );
    sso.token().await.unwrap();
    server.clock.advance(minutes(60));
    server.answers(|_, _| Reply::Answer(401, String::new()));
    oauth.token().await.unwrap_err();
    let merchant = server.merchant();
    server.answers(|_, _| Reply::not_reached());
    merchant.token().await.unwrap_err();

    drop(guard);
    let log = log.0.lock().unwrap().clone();
    assert_hidden(&log);
    insta::assert_snapshot!(log.trim_start(), @r#"
    span token request of="single sign-on"
    span token request of="OAuth"
    DEBUG message=asking EnKash for a token operation="generate_payout_token"
    INFO message=EnKash gave a new token
    DEBUG message=asking EnKash for a token operation="create_reward_sso_token"
    INFO message=EnKash refused the token of="OAuth"
    span token request of="OAuth"
    DEBUG message=asking EnKash for a token operation="refresh_oauth_token"
    INFO message=the refresh token was refused; trying the password answer=EnKash refused (HTTP 400): invalid_grant
    DEBUG message=asking EnKash for a token operation="generate_payout_token"
    INFO message=EnKash gave a new token
    DEBUG message=asking EnKash for a token operation="create_reward_sso_token"
    INFO message=EnKash gave a new token
    span token request of="OAuth"
    DEBUG message=asking EnKash for a token operation="refresh_oauth_token"
    INFO message=the refresh token was refused; trying the password answer=EnKash refused (HTTP 401)
    DEBUG message=asking EnKash for a token operation="generate_payout_token"
    WARN message=there is no new token error=EnKash did not accept the credentials: EnKash refused (HTTP 401). They are not tried again, as three wrong passwords lock an account; correct them, and give them anew
    span token request of="merchant"
    DEBUG message=asking EnKash for a token operation="create_merchant_token"
    WARN message=there is no new token error=the request for a token failed: EnKash could not be reached; the request did not leave. Try the call again after a short pause
    "#);
}
