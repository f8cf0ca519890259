//! Tokens that EnKash refuses.

use std::sync::Arc;
use std::time::Duration;

use enkash_auth::{AuthError, TokenProvider};
use enkash_transport::Clock;

use crate::server::{Reply, Server, at_once, minutes, poll, seconds, text};

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_token_that_a_thousand_callers_reject_is_replaced_once() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = Arc::new(server.merchant());
    // All hold the first token when EnKash begins to refuse it.
    let first = tokens.token().await.unwrap();
    let callers: Vec<_> = (0..1_000)
        .map(|_| {
            let tokens = Arc::clone(&tokens);
            let refused = first.clone();
            tokio::spawn(async move {
                tokens.reject(&refused);
                tokens.token().await
            })
        })
        .collect();
    for caller in callers {
        assert_eq!(text(caller.await.unwrap()), "token-2");
    }
    assert_eq!(server.calls(), 2);
}

#[tokio::test]
async fn a_late_rejection_of_an_old_token_does_nothing() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = server.merchant();
    let first = tokens.token().await.unwrap();
    tokens.reject(&first);
    let second = tokens.token().await.unwrap();
    tokens.reject(&first);
    assert!(tokens.live().unwrap().same_as(&second));
    assert_eq!(server.calls(), 2);
}

#[tokio::test]
async fn a_rejection_while_a_refresh_is_under_way_makes_callers_wait_for_that() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = server.merchant();
    let first = tokens.token().await.unwrap();
    server.clock.advance(minutes(57));
    server.hold();
    at_once(tokens.token()).unwrap();
    tokens.reject(&first);
    let mut caller = tokens.token();
    assert!(poll(&mut caller).is_pending());
    server.release();
    assert_eq!(text(caller.await), "token-2");
    assert_eq!(server.calls(), 2);
}

#[tokio::test]
async fn if_every_token_is_refused_enkash_is_not_asked_without_end() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = server.merchant();
    let start = server.clock.now();
    let mut refused = None;
    // For ten minutes a call every tenth of a second, each of which is refused and tried again.
    for _ in 0..6_000 {
        for _ in 0..2 {
            match at_once(tokens.token()) {
                Ok(token) => tokens.reject(&token),
                Err(error) => {
                    assert!(
                        matches!(error, AuthError::TokensRefused { .. }),
                        "{error:?}"
                    );
                    assert!(error.retry_at().unwrap() > server.clock.now());
                    refused = Some(error);
                }
            }
        }
        server.clock.advance(Duration::from_millis(100));
    }
    assert_eq!(server.clock.now(), start + minutes(10));
    let calls = server.calls();
    assert!((10..=30).contains(&calls), "{calls} in ten minutes");
    insta::assert_snapshot!(refused.unwrap(), @"EnKash gives out tokens and refuses each of them at once. Check that the keys belong to this environment (test or live) and that this machine's clock is right; try the call again after a short pause");
}

#[tokio::test]
async fn tokens_that_worked_for_a_while_are_always_replaced_at_once() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = server.merchant();
    for number in 1..=20 {
        let token = at_once(tokens.token());
        assert_eq!(text(token.clone()), format!("token-{number}"));
        server.clock.advance(seconds(15));
        tokens.reject(&token.unwrap());
    }
}

#[tokio::test]
async fn two_bad_tokens_in_a_row_are_replaced_at_once_and_a_good_one_ends_the_row() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = server.merchant();
    for _ in 0..10 {
        for _ in 0..2 {
            let bad = at_once(tokens.token()).unwrap();
            tokens.reject(&bad);
        }
        let good = at_once(tokens.token()).unwrap();
        server.clock.advance(seconds(15));
        tokens.reject(&good);
    }
    assert_eq!(server.calls(), 30);
}

#[tokio::test]
async fn a_token_that_is_never_refused_ends_the_row_too() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = server.merchant();
    for _ in 0..10 {
        let bad = at_once(tokens.token()).unwrap();
        tokens.reject(&bad);
        // The next one serves its time.
        at_once(tokens.token()).unwrap();
        server.clock.advance(minutes(61));
    }
    assert_eq!(server.calls(), 20);
}

#[tokio::test]
async fn a_rejection_does_not_shorten_the_pause_of_a_refusal() {
    let server = Server::of_merchant_tokens(seconds(9));
    let tokens = server.merchant();
    for _ in 0..2 {
        let token = at_once(tokens.token()).unwrap();
        tokens.reject(&token);
    }
    let third = at_once(tokens.token()).unwrap();
    server.answers(|_, _| Reply::Answer(401, String::new()));
    server.clock.advance(seconds(8));
    assert!(tokens.live().is_none());
    at_once(tokens.token()).unwrap();
    tokens.reject(&third);
    for _ in 0..10 {
        let error = at_once(tokens.token()).unwrap_err();
        assert!(matches!(error, AuthError::Refused(_)), "{error:?}");
        server.clock.advance(minutes(5));
    }
    assert_eq!(server.calls(), 4);
}
