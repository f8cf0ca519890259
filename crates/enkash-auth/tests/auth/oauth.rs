//! The OAuth token: refresh token first, password if that is refused.

use std::time::Duration;

use enkash_auth::{ASSUMED_LIFE, AuthError, Cause, TokenProvider};
use enkash_transport::Clock;
use serde_json::json;

use crate::server::{
    Reply, Server, at_once, minutes, oauth_credentials, oauth_token, seconds, text, unavailable,
};

/// Refresh tokens and passwords alike are good, for an hour.
fn good() -> Server {
    Server::new(|_, number| oauth_token(number, 3600))
}

#[tokio::test]
async fn the_password_goes_first_and_the_refresh_token_after_it() {
    let server = good();
    let tokens = server.oauth();
    assert_eq!(text(tokens.token().await), "token-1");
    server.clock.advance(minutes(60));
    assert_eq!(text(tokens.token().await), "token-2");
    let calls: Vec<_> = server
        .seen()
        .into_iter()
        .map(|call| {
            format!(
                "{} {}\n{}\n{}\n",
                call.method,
                call.uri,
                call.headers["authorization"].to_str().unwrap(),
                call.body
            )
        })
        .collect();
    insta::assert_snapshot!(calls.join("\n"), @r#"
    POST https://enkash.example.in/oauth/token
    Basic Y2xpZW50OmNsaWVudC1zZWNyZXQtMQ==
    clientId=CEK1GZBO6A&grant_type=password&password=password-1&username=owner%40example.in

    POST https://enkash.example.in/oauth/token
    Basic Y2xpZW50OmNsaWVudC1zZWNyZXQtMQ==
    grant_type=refresh_token&refresh_token=refresh-1
    "#);
}

#[tokio::test]
async fn each_answer_brings_the_next_refresh_token_or_leaves_the_old_one() {
    let server = Server::new(|_, number| match number {
        2 => Reply::json(200, json!({"accessToken": "token-2", "expiresIn": 3600})),
        number => oauth_token(number, 3600),
    });
    let tokens = server.oauth();
    for number in 1..=4 {
        assert_eq!(text(tokens.token().await), format!("token-{number}"));
        server.clock.advance(minutes(60));
    }
    let sent: Vec<_> = server.seen().into_iter().map(|call| call.body).collect();
    assert!(sent[1].ends_with("refresh_token=refresh-1"), "{}", sent[1]);
    assert!(sent[2].ends_with("refresh_token=refresh-1"), "{}", sent[2]);
    assert!(sent[3].ends_with("refresh_token=refresh-3"), "{}", sent[3]);
}

#[tokio::test]
async fn a_refused_refresh_token_is_followed_by_the_password() {
    for (status, body) in [
        (400, r#"{"error":"invalid_grant"}"#),
        (401, ""),
        (200, r#"{"error":"invalid_grant"}"#),
    ] {
        let server = good();
        let tokens = server.oauth();
        tokens.token().await.unwrap();
        server.clock.advance(minutes(60));
        server.answers(move |call, number| match call.kind() {
            "refresh" => Reply::Answer(status, body.to_owned()),
            _ => oauth_token(number, 3600),
        });
        assert_eq!(text(tokens.token().await), "token-3");
        assert_eq!(server.kinds(), ["password", "refresh", "password"]);
    }
}

#[tokio::test]
async fn a_refresh_that_does_not_arrive_is_a_failure_and_the_refresh_token_stays() {
    let server = good();
    let tokens = server.oauth();
    tokens.token().await.unwrap();
    server.clock.advance(minutes(60));
    server.answers(|_, _| Reply::not_reached());
    let (cause, pause) = unavailable(&server.clock, tokens.token().await);
    assert!(matches!(cause, Cause::Transport(_)), "{cause}");
    server.answers(|_, number| oauth_token(number, 3600));
    server.clock.advance(pause);
    tokens.token().await.unwrap();
    assert_eq!(server.kinds(), ["password", "refresh", "refresh"]);
}

#[tokio::test]
async fn a_refresh_that_breaks_the_server_is_a_failure_and_the_password_is_next() {
    let server = good();
    let tokens = server.oauth();
    tokens.token().await.unwrap();
    server.clock.advance(minutes(60));
    server.answers(|call, number| match call.kind() {
        "refresh" => Reply::Answer(500, String::new()),
        _ => oauth_token(number, 3600),
    });
    let (cause, pause) = unavailable(&server.clock, tokens.token().await);
    assert!(matches!(cause, Cause::Answer(_)), "{cause}");
    server.clock.advance(pause);
    tokens.token().await.unwrap();
    assert_eq!(server.kinds(), ["password", "refresh", "password"]);
}

#[tokio::test]
async fn a_refused_password_is_remembered_until_the_credentials_change() {
    for (status, body) in [
        (
            400,
            r#"{"error":"invalid_grant","error_description":"Bad credentials"}"#,
        ),
        (401, ""),
        // EnKash also refuses with HTTP 200.
        (
            200,
            r#"{"resultCode":401,"resultMessage":"Bad credentials"}"#,
        ),
        (200, r#"{"access_token":""}"#),
    ] {
        let server = Server::new(move |_, _| Reply::Answer(status, body.to_owned()));
        let tokens = server.oauth();
        for _ in 0..100 {
            let error = at_once(tokens.token()).unwrap_err();
            assert!(matches!(error, AuthError::Refused(_)), "{error:?}");
            server.clock.advance(minutes(5));
        }
        assert_eq!(server.calls(), 1, "{status} {body}");
        server.answers(|_, number| oauth_token(number, 3600));
        tokens.set_credentials(oauth_credentials("password-2"));
        assert_eq!(text(tokens.token().await), "token-2");
        let calls = server.seen();
        assert!(calls[1].body.contains("password=password-2"));
    }
}

#[tokio::test]
async fn a_password_that_got_no_clear_answer_may_be_tried_again() {
    for reply in [
        || Reply::not_reached(),
        || Reply::Answer(500, String::new()),
        || Reply::Answer(200, "<html>login</html>".to_owned()),
    ] {
        let server = Server::new(move |_, _| reply());
        let tokens = server.oauth();
        let (_, pause) = unavailable(&server.clock, tokens.token().await);
        server.answers(|_, number| oauth_token(number, 3600));
        server.clock.advance(pause);
        assert_eq!(text(tokens.token().await), "token-2");
    }
}

#[tokio::test]
async fn a_live_token_is_used_to_its_end_though_the_password_was_refused() {
    let server = good();
    let tokens = server.oauth();
    tokens.token().await.unwrap();
    server.answers(|_, _| Reply::Answer(400, String::new()));
    server.clock.advance(minutes(57));
    for _ in 0..170 {
        assert_eq!(text(at_once(tokens.token())), "token-1");
        server.clock.advance(seconds(1));
    }
    server.clock.advance(seconds(10));
    assert!(matches!(
        at_once(tokens.token()),
        Err(AuthError::Refused(_))
    ));
    assert_eq!(server.kinds(), ["password", "refresh", "password"]);
}

#[tokio::test]
async fn a_rejected_token_is_replaced_with_the_refresh_token() {
    let server = good();
    let tokens = server.oauth();
    let token = tokens.token().await.unwrap();
    tokens.reject(&token);
    assert_eq!(text(tokens.token().await), "token-2");
    assert_eq!(server.kinds(), ["password", "refresh"]);
}

#[tokio::test]
async fn new_credentials_do_not_use_the_old_ones_refresh_token() {
    let server = good();
    let tokens = server.oauth();
    tokens.token().await.unwrap();
    tokens.set_credentials(oauth_credentials("password-2"));
    tokens.token().await.unwrap();
    assert_eq!(server.kinds(), ["password", "password"]);
}

#[tokio::test]
async fn a_life_is_counted_from_the_question() {
    let server = good();
    let tokens = server.oauth();
    let asked = server.clock.now();
    server.hold();
    let mut caller = tokens.token();
    assert!(crate::server::poll(&mut caller).is_pending());
    server.clock.advance(seconds(7));
    server.release();
    assert_eq!(caller.await.unwrap().expires_at(), asked + minutes(60));
}

#[tokio::test]
async fn lives_of_every_length_are_borne() {
    for (expires_in, life) in [
        (json!(null), ASSUMED_LIFE),
        (json!(0), ASSUMED_LIFE),
        (json!(u64::MAX), ASSUMED_LIFE),
        (json!(1), Duration::from_secs(1)),
        (json!(86399), Duration::from_secs(86399)),
    ] {
        let answer = json!({"access_token": "token", "expires_in": expires_in});
        let server = Server::new(move |_, _| Reply::json(200, answer.clone()));
        let tokens = server.oauth();
        let token = tokens.token().await.unwrap();
        assert_eq!(token.expires_at(), server.clock.now() + life);
        assert!(tokens.live().is_some());
    }
}

#[tokio::test]
async fn incomplete_credentials_are_not_sent() {
    let server = good();
    let mut credentials = oauth_credentials("");
    credentials.username = String::new();
    let tokens = enkash_auth::OAuthTokens::new(server.connection(), credentials.clone());
    insta::assert_snapshot!(tokens.token().await.unwrap_err(), @"the credentials are not complete, so EnKash was not asked: password: must not be empty; username: must not be empty");
    credentials.client_secret = "".into();
    tokens.set_credentials(credentials);
    insta::assert_snapshot!(tokens.token().await.unwrap_err(), @"the credentials are not complete, so EnKash was not asked: client_secret: must not be empty");
    assert_eq!(server.calls(), 0);
}
