//! The sign-in token of a rewards page.

use std::sync::Arc;

use enkash_auth::{ASSUMED_LIFE, AuthError, Cause, OAuthTokens, SsoTokens, TokenProvider};
use enkash_transport::Clock;
use enkash_transport::wire::Seal;
use enkash_types::rewards::CreateRewardSsoToken;
use serde_json::json;

use crate::server::{
    Reply, Server, at_once, minutes, oauth_credentials, oauth_token, poll, text, unavailable,
};

fn sso(server: &Server) -> (Arc<OAuthTokens>, SsoTokens) {
    sso_of(server, "partner-1")
}

fn sso_of(server: &Server, partner_id: &str) -> (Arc<OAuthTokens>, SsoTokens) {
    let oauth = Arc::new(server.oauth());
    let sso = SsoTokens::new(
        server.connection(),
        Arc::clone(&oauth) as Arc<dyn TokenProvider>,
        partner_id.into(),
        CreateRewardSsoToken::new("CAQL8YCV3", "CEK1PU9AOO", "EKCDM5AVZY"),
        Brackets,
    )
    .with_jitter_seed(1);
    (oauth, sso)
}

/// A seal that shows what it did.
struct Brackets;

impl Seal for Brackets {
    fn seal(&self, plain: &[u8]) -> String {
        format!("sealed({})", String::from_utf8_lossy(plain))
    }

    fn open(&self, sealed: &str) -> Option<Vec<u8>> {
        let plain = sealed.strip_prefix("sealed(")?.strip_suffix(')')?;
        Some(plain.as_bytes().to_vec())
    }
}

/// OAuth tokens for a day; whatever `rule` says for single sign-on.
fn server(rule: impl Fn(&str, usize) -> Reply + Send + Sync + 'static) -> Server {
    Server::new(move |call, number| match call.kind() {
        "sso" => rule(call.headers["authorization"].to_str().unwrap(), number),
        _ => oauth_token(number, 86399),
    })
}

fn signed_on(number: usize) -> Reply {
    Reply::json(200, json!({"access_token": format!("sso-{number}")}))
}

#[tokio::test]
async fn the_request_is_sealed_and_says_who_asks() {
    let server = server(|_, number| signed_on(number));
    let (_, sso) = sso(&server);
    assert_eq!(text(sso.token().await), "sso-2");
    let call = server.seen().remove(1);
    insta::assert_snapshot!(
        format!(
            "{} {}\n{}\n{}\n{}",
            call.method,
            call.uri,
            call.headers["authorization"].to_str().unwrap(),
            call.headers["partnerid"].to_str().unwrap(),
            call.body
        ),
        @r#"
        POST https://enkash.example.in/api/v0/partner/enKashCard/sso-token
        Bearer token-1
        partner-1
        {"request":"sealed({\"cardAccountId\":\"CAQL8YCV3\",\"companyId\":\"CEK1PU9AOO\",\"enkashCardId\":\"EKCDM5AVZY\"})"}
        "#
    );
}

#[tokio::test]
async fn the_answer_may_come_sealed() {
    let server = server(|_, _| {
        Reply::json(
            200,
            json!({"request": r#"sealed({"access_token":"inside"})"#}),
        )
    });
    let (_, sso) = sso(&server);
    assert_eq!(text(sso.token().await), "inside");
}

#[tokio::test]
async fn its_life_is_assumed_and_it_is_shared_as_any_other_token() {
    let server = server(|_, number| signed_on(number));
    let (_, sso) = sso(&server);
    let token = sso.token().await.unwrap();
    assert_eq!(token.expires_at(), server.clock.now() + ASSUMED_LIFE);
    assert!(token.same_as(&sso.live().unwrap()));
    server.clock.advance(ASSUMED_LIFE);
    server.hold();
    let mut callers: Vec<_> = (0..100).map(|_| sso.token()).collect();
    for caller in &mut callers {
        assert!(poll(caller).is_pending());
    }
    server.release();
    for caller in callers {
        assert_eq!(text(caller.await), "sso-3");
    }
    assert_eq!(server.kinds(), ["password", "sso", "sso"]);
}

#[tokio::test]
async fn a_refused_oauth_token_is_replaced_and_the_call_tried_once_more() {
    for (status, body) in [
        (401, ""),
        (
            200,
            r#"{"response_code":117,"payload":"Token is invalid."}"#,
        ),
    ] {
        let server = server(move |bearer, number| match bearer {
            "Bearer token-1" => Reply::Answer(status, body.to_owned()),
            _ => signed_on(number),
        });
        let (_, sso) = sso(&server);
        assert_eq!(text(sso.token().await), "sso-4");
        assert_eq!(server.kinds(), ["password", "sso", "refresh", "sso"]);
    }
}

#[tokio::test]
async fn if_the_new_one_is_refused_too_that_is_a_failure() {
    let server = server(|_, _| Reply::Answer(401, String::new()));
    let (_, sso) = sso(&server);
    let (cause, _) = unavailable(&server.clock, sso.token().await);
    assert!(matches!(cause, Cause::Answer(_)), "{cause}");
    assert_eq!(server.kinds(), ["password", "sso", "refresh", "sso"]);
    unavailable(&server.clock, at_once(sso.token()));
    assert_eq!(server.calls(), 0, "and rested on");
}

#[tokio::test]
async fn an_answer_without_a_known_field_says_what_came() {
    for (body, text) in [
        (json!({"ssoToken": "s3cr3t", "validTill": "s3cr3t"}), true),
        (json!({}), false),
    ] {
        let server = server(move |_, _| Reply::json(200, body.clone()));
        let (_, sso) = sso(&server);
        let error = sso.token().await.unwrap_err();
        if text {
            insta::assert_snapshot!(error, @"the request for a token failed: the answer has no field that is known to hold the token; it has ssoToken, validTill. Try the call again after a short pause");
        } else {
            insta::assert_snapshot!(error, @"the request for a token failed: the answer is an empty object, without a token. Try the call again after a short pause");
        }
    }
}

#[tokio::test]
async fn a_refused_password_is_oauths_to_remember() {
    let server = Server::new(|_, _| Reply::Answer(400, String::new()));
    let (oauth, sso) = sso(&server);
    for _ in 0..3 {
        let error = sso.token().await.unwrap_err();
        assert!(matches!(error, AuthError::Refused(_)), "{error:?}");
        server.clock.advance(minutes(5));
    }
    assert_eq!(server.kinds(), ["password"]);
    server.answers(|call, number| match call.kind() {
        "sso" => signed_on(number),
        _ => oauth_token(number, 86399),
    });
    oauth.set_credentials(oauth_credentials("password-2"));
    assert_eq!(text(sso.token().await), "sso-2");
}

#[tokio::test]
async fn an_oauth_failure_is_rested_on_once_and_not_twice() {
    let server = Server::new(|_, _| Reply::not_reached());
    let (_, sso) = sso(&server);
    let (_, pause) = unavailable(&server.clock, sso.token().await);
    server.answers(|call, number| match call.kind() {
        "sso" => signed_on(number),
        _ => oauth_token(number, 86399),
    });
    server.clock.advance(pause);
    assert_eq!(text(sso.token().await), "sso-3");
}

#[tokio::test]
async fn a_partner_id_that_cannot_be_sent_is_not_and_says_why() {
    let server = server(|_, number| signed_on(number));
    let (_, sso) = sso_of(&server, "two\nlines");
    insta::assert_snapshot!(sso.token().await.unwrap_err(), @"the credentials cannot be sent, so EnKash was not asked: partnerId: goes into a header, so it must be printable ASCII");
    let (_, sso) = sso_of(&server, "");
    insta::assert_snapshot!(sso.token().await.unwrap_err(), @"the credentials are not complete, so EnKash was not asked: partnerId: must not be empty");
    assert!(!server.kinds().contains(&"sso"));
}
