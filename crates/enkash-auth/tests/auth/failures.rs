//! Failures back off.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use enkash_auth::{Cause, MerchantTokens, TokenProvider};
use enkash_transport::wire::AnswerError;
use enkash_transport::{BoxFuture, Clock, ManualClock};

use crate::server::{
    Reply, Server, at_once, merchant_credentials, minutes, poll, text, unavailable,
};

#[tokio::test]
async fn failures_are_rested_on_twice_as_long_each_time_up_to_a_minute() {
    let server = Server::new(|_, _| Reply::not_reached());
    let tokens = server.merchant();
    for (attempt, whole) in [1_u64, 2, 4, 8, 16, 32, 60, 60, 60].into_iter().enumerate() {
        let (_, pause) = unavailable(&server.clock, tokens.token().await);
        assert_eq!(server.calls(), attempt + 1);
        let whole = Duration::from_secs(whole);
        assert!(
            whole / 2 <= pause && pause <= whole,
            "{pause:?} of {whole:?}"
        );
        // Until the pause is over callers hear of it at once, and EnKash is left alone.
        server.clock.advance(pause - Duration::from_millis(1));
        let (_, left) = unavailable(&server.clock, at_once(tokens.token()));
        assert_eq!(left, Duration::from_millis(1));
        assert_eq!(server.calls(), attempt + 1);
        server.clock.advance(Duration::from_millis(1));
    }
}

#[tokio::test]
async fn a_success_ends_the_row() {
    let server = Server::new(|_, _| Reply::not_reached());
    let tokens = server.merchant();
    for _ in 0..5 {
        let (_, pause) = unavailable(&server.clock, tokens.token().await);
        server.clock.advance(pause);
    }
    server.gives_merchant_tokens(minutes(60));
    tokens.token().await.unwrap();
    server.answers(|_, _| Reply::not_reached());
    server.clock.advance(minutes(60));
    let (_, pause) = unavailable(&server.clock, tokens.token().await);
    assert!(pause <= Duration::from_secs(1), "{pause:?}");
}

#[tokio::test]
async fn what_the_server_gets_wrong_is_a_failure_that_passes() {
    for (status, body) in [
        (500, ""),
        (503, "<html>busy</html>"),
        (429, r#"{"message":"slow down"}"#),
        (302, ""),
        (200, "<html>login</html>"),
        (200, r#"{"token":"#),
        (200, "{}"),
        (200, "[]"),
        (200, r#"{"token":7}"#),
        (200, r#"{"token":""}"#),
        (200, r#"{"token":"two\nlines"}"#),
        (200, r#"{"token":"token-1","resultCode":500}"#),
    ] {
        let server = Server::new(move |_, _| Reply::Answer(status, body.to_owned()));
        let tokens = server.merchant();
        let (cause, pause) = unavailable(&server.clock, tokens.token().await);
        assert!(matches!(cause, Cause::Answer(_)), "{body}: {cause}");
        server.gives_merchant_tokens(minutes(60));
        server.clock.advance(pause);
        assert_eq!(text(tokens.token().await), "token-2", "{body}");
    }
}

#[tokio::test]
async fn the_cause_says_what_came() {
    let server = Server::new(|_, _| {
        Reply::Answer(
            503,
            r#"{"resultCode":503,"resultMessage":"Down for the night"}"#.to_owned(),
        )
    });
    let tokens = server.merchant();
    let (cause, _) = unavailable(&server.clock, tokens.token().await);
    let Cause::Answer(AnswerError::Refused(refusal)) = cause else {
        panic!("{cause}");
    };
    assert_eq!(refusal.status, 503);
    assert_eq!(refusal.message, "Down for the night");
}

#[tokio::test]
async fn a_server_that_never_answers_is_given_up_when_the_transport_says_so() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = server.merchant();
    server.hold();
    let mut caller = tokens.token();
    assert!(poll(&mut caller).is_pending());
    server.clock.advance(Duration::from_secs(30));
    let (cause, _) = unavailable(&server.clock, caller.await);
    insta::assert_snapshot!(cause, @"no answer came in time; the request may have arrived");
    assert_eq!(server.calls(), 1);
}

/// A clock that a person sets back.
struct SetBack {
    clock: ManualClock,
    by: AtomicU64,
}

impl Clock for SetBack {
    fn now(&self) -> SystemTime {
        self.clock.now() - Duration::from_secs(self.by.load(Ordering::Relaxed))
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.clock.sleep(duration)
    }
}

#[tokio::test]
async fn a_clock_that_is_set_back_does_not_make_a_pause_longer() {
    let server = Server::new(|_, _| Reply::not_reached());
    let clock = Arc::new(SetBack {
        clock: server.clock.clone(),
        by: AtomicU64::new(0),
    });
    let mut connection = server.connection();
    connection.clock = Arc::clone(&clock) as Arc<dyn Clock>;
    let tokens = MerchantTokens::new(connection, merchant_credentials("access-1"));
    unavailable(&server.clock, tokens.token().await);
    unavailable(&server.clock, tokens.token().await);
    assert_eq!(server.calls(), 1);
    clock.by.store(3600, Ordering::Relaxed);
    server.gives_merchant_tokens(minutes(60));
    assert_eq!(text(tokens.token().await), "token-2");
}
