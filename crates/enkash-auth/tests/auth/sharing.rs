//! Many callers, one request.

use std::sync::{Arc, Barrier};

use enkash_auth::{AuthError, MerchantTokens, Token, TokenProvider};
use enkash_transport::{Clock, Failure};

use crate::server::{
    Reply, Server, at_once, merchant_credentials, merchant_token, minutes, poll, seconds, text,
    unavailable,
};

type Caller = tokio::task::JoinHandle<Result<Token, AuthError>>;

/// So many callers, begun while answers are held back; they are let go once a request was sent.
async fn callers_at_once(
    server: &Server,
    tokens: &Arc<MerchantTokens>,
    callers: usize,
) -> Vec<Caller> {
    server.hold();
    let callers = (0..callers)
        .map(|_| {
            let tokens = Arc::clone(tokens);
            tokio::spawn(async move { tokens.token().await })
        })
        .collect();
    while server.calls() == 0 {
        tokio::task::yield_now().await;
    }
    server.release();
    callers
}

async fn ten_thousand_first_calls() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = Arc::new(server.merchant());
    let callers = callers_at_once(&server, &tokens, 10_000).await;
    for caller in callers {
        assert_eq!(text(caller.await.unwrap()), "token-1");
    }
    assert_eq!(server.calls(), 1);
}

#[tokio::test]
async fn ten_thousand_first_calls_make_one_request() {
    ten_thousand_first_calls().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn ten_thousand_first_calls_on_four_threads_make_one_request() {
    ten_thousand_first_calls().await;
}

/// The answer is there as soon as it is asked for, so callers come before, while and after it lands.
#[test]
fn callers_that_come_as_an_answer_lands_make_no_second_request() {
    for _ in 0..1_000 {
        let server = Server::of_merchant_tokens(minutes(60));
        let tokens = server.merchant();
        // The first token, then its refresh ahead of expiry.
        for requests in 1..=2 {
            let start = Barrier::new(4);
            std::thread::scope(|threads| {
                for _ in 0..4 {
                    threads.spawn(|| {
                        start.wait();
                        let _ = poll(&mut tokens.token());
                    });
                }
            });
            assert_eq!(server.calls(), requests);
            server.clock.advance(minutes(57));
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn all_who_wait_for_a_request_that_fails_are_told_and_it_is_not_repeated() {
    let server = Server::new(|_, _| Reply::not_reached());
    let tokens = Arc::new(server.merchant());
    let callers = callers_at_once(&server, &tokens, 1_000).await;
    for caller in callers {
        unavailable(&server.clock, caller.await.unwrap());
    }
    assert_eq!(server.calls(), 1);
}

#[tokio::test]
async fn a_token_is_asked_for_once_in_its_life() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = server.merchant();
    assert!(tokens.live().is_none());
    let first = tokens.token().await.unwrap();
    server.clock.advance(minutes(45));
    let second = at_once(tokens.token()).unwrap();
    assert!(first.same_as(&second));
    assert!(first.same_as(&tokens.live().unwrap()));
    assert_eq!(
        first.expires_at(),
        server.clock.now() + minutes(15),
        "as EnKash said"
    );
    assert_eq!(server.calls(), 1);
}

#[tokio::test]
async fn a_cancelled_caller_does_not_strand_the_others() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = Arc::new(server.merchant());
    server.hold();
    let callers: Vec<_> = (0..3)
        .map(|_| {
            let tokens = Arc::clone(&tokens);
            tokio::spawn(async move { tokens.token().await })
        })
        .collect();
    while server.calls() == 0 {
        tokio::task::yield_now().await;
    }
    let [first, second, third] = callers.try_into().unwrap();
    // The one that sent the request is gone before the answer, another one just after it.
    first.abort();
    assert!(first.await.unwrap_err().is_cancelled());
    server.release();
    second.abort();
    assert_eq!(text(third.await.unwrap()), "token-1");
    assert_eq!(server.calls(), 1);
}

#[tokio::test]
async fn after_all_were_cancelled_the_next_goes_on_with_their_request() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = server.merchant();
    server.hold();
    let mut cancelled = tokens.token();
    assert!(poll(&mut cancelled).is_pending());
    drop(cancelled);
    server.release();
    assert_eq!(text(tokens.token().await), "token-1");
    assert_eq!(server.calls(), 1);
}

#[tokio::test]
async fn the_next_is_not_told_that_a_request_timed_out_which_nobody_drove() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = server.merchant();
    server.hold();
    let mut cancelled = tokens.token();
    assert!(poll(&mut cancelled).is_pending());
    drop(cancelled);
    server.clock.advance(minutes(10));
    server.release();
    assert_eq!(text(tokens.token().await), "token-2");
    assert_eq!(server.calls(), 2);
}

#[tokio::test]
async fn many_next_callers_share_the_second_attempt_and_hear_how_it_went() {
    let server = Server::new(|_, _| Reply::not_reached());
    let tokens = server.merchant();
    server.hold();
    let mut cancelled = tokens.token();
    assert!(poll(&mut cancelled).is_pending());
    drop(cancelled);
    server.clock.advance(minutes(10));
    server.release();
    let results = futures_util::future::join_all((0..100).map(|_| tokens.token())).await;
    for result in results {
        let (cause, _) = unavailable(&server.clock, result);
        assert!(
            matches!(&cause, enkash_auth::Cause::Transport(error) if error.failure() == Failure::Connect),
            "of the new request, not of the one that timed out: {cause}"
        );
    }
    assert_eq!(server.calls(), 2);
}

#[tokio::test]
async fn a_token_that_ran_out_while_nobody_drove_its_request_is_not_given_out() {
    let server = Server::new(|_, _| Reply::Panics);
    let (clock, start) = (server.clock.clone(), server.clock.now());
    server.answers(move |_, number| {
        // Both are of the moment that they were asked for.
        let life = if number == 1 { 20 } else { 3600 };
        merchant_token(number, clock.now().max(start) + seconds(life))
    });
    let tokens = server.merchant();
    server.hold();
    let mut cancelled = tokens.token();
    assert!(poll(&mut cancelled).is_pending());
    drop(cancelled);
    server.clock.advance(seconds(25));
    server.release();
    assert_eq!(text(tokens.token().await), "token-2");
    assert_eq!(server.calls(), 2);
}

#[tokio::test]
async fn those_who_waited_for_a_token_get_it_however_short_its_life() {
    let server = Server::of_merchant_tokens(seconds(5));
    let tokens = server.merchant();
    server.hold();
    let mut caller = tokens.token();
    assert!(poll(&mut caller).is_pending());
    server.clock.advance(seconds(10));
    server.release();
    assert_eq!(text(caller.await), "token-1");
    assert_eq!(server.calls(), 1);
    assert!(tokens.live().is_none());
    assert_eq!(text(tokens.token().await), "token-2");
}

#[tokio::test]
async fn a_transport_that_panics_fails_one_request_and_not_all_later_ones() {
    let server = Server::new(|_, _| Reply::Panics);
    let tokens = server.merchant();
    let (cause, pause) = unavailable(&server.clock, tokens.token().await);
    assert!(cause.to_string().contains("may have arrived"), "{cause}");
    server.gives_merchant_tokens(minutes(60));
    server.clock.advance(pause);
    assert_eq!(text(tokens.token().await), "token-2");
}

#[tokio::test]
async fn a_provider_that_is_dropped_leaves_nothing_behind() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = server.merchant();
    server.hold();
    let mut cancelled = tokens.token();
    assert!(poll(&mut cancelled).is_pending());
    drop(cancelled);
    drop(tokens);
    assert_eq!(server.holders(), 1);
}

#[tokio::test]
async fn new_credentials_leave_nothing_of_the_old_ones() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = server.merchant();
    assert_eq!(text(tokens.token().await), "token-1");
    tokens.set_credentials(merchant_credentials("access-2"));
    assert!(tokens.live().is_none());
    assert_eq!(text(tokens.token().await), "token-2");
    let bodies: Vec<_> = server.seen().into_iter().map(|call| call.body).collect();
    assert!(bodies[0].contains("access-1") && bodies[1].contains("access-2"));
}

#[tokio::test]
async fn who_waits_while_credentials_change_gets_a_token_of_the_new_ones() {
    let server = Server::new(|call, number| {
        if call.body.contains("access-1") {
            Reply::Answer(401, String::new())
        } else {
            merchant_token(number, std::time::SystemTime::UNIX_EPOCH)
        }
    });
    let tokens = server.merchant();
    server.hold();
    let mut caller = tokens.token();
    assert!(poll(&mut caller).is_pending());
    tokens.set_credentials(merchant_credentials("access-2"));
    server.release();
    assert_eq!(text(caller.await), "token-2", "and no word of the old keys");
    assert_eq!(server.calls(), 2);
}

#[tokio::test]
async fn incomplete_credentials_are_not_sent() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = server.merchant();
    tokens.set_credentials(merchant_credentials(""));
    for _ in 0..2 {
        let error = tokens.token().await.unwrap_err();
        assert!(matches!(&error, AuthError::Invalid(_)), "{error}");
        insta::allow_duplicates! {
            insta::assert_snapshot!(error, @"the credentials are not complete, so EnKash was not asked: accessKey: must not be empty");
        }
    }
    assert_eq!(server.calls(), 0);
}
