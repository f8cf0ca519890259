//! Refresh ahead of expiry, while the token lives and nobody waits.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use bytes::Bytes;
use enkash_auth::{MerchantTokens, TokenProvider};
use enkash_transport::{Clock, Transport, TransportError};
use http::{Request, Response};

use crate::server::{
    Reply, Server, at_once, merchant_credentials, merchant_token, minutes, poll, seconds, text,
    unavailable,
};

/// A provider whose token is due for a refresh and has this long to live.
async fn due(server: &Server, left: Duration) -> MerchantTokens {
    let tokens = server.merchant();
    tokens.token().await.unwrap();
    server.clock.advance(minutes(60) - left);
    assert!(tokens.live().is_none(), "it is due");
    tokens
}

#[tokio::test]
async fn nobody_waits_for_a_refresh_and_there_is_one() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = due(&server, minutes(3)).await;
    server.hold();
    for _ in 0..100 {
        assert_eq!(text(at_once(tokens.token())), "token-1");
    }
    assert_eq!(server.calls(), 2);
    server.release();
    assert_eq!(
        text(at_once(tokens.token())),
        "token-2",
        "the caller that sees it finish has the new one"
    );
    assert_eq!(text(Ok(tokens.live().unwrap())), "token-2");
    assert_eq!(server.calls(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_threads_pass_by_a_refresh_that_is_held() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = Arc::new(due(&server, minutes(3)).await);
    server.hold();
    let callers: Vec<_> = (0..1_000)
        .map(|_| {
            let tokens = Arc::clone(&tokens);
            tokio::spawn(async move { tokens.token().await })
        })
        .collect();
    for caller in callers {
        assert_eq!(text(caller.await.unwrap()), "token-1");
    }
    assert_eq!(server.calls(), 2);
    server.release();
    assert_eq!(text(at_once(tokens.token())), "token-2");
}

/// Blocks the thread that drives it, as no transport should, until it is told to go on.
struct Blocking {
    server: Server,
    arrived: mpsc::Sender<()>,
    go_on: Mutex<mpsc::Receiver<()>>,
}

#[async_trait::async_trait]
impl Transport for Blocking {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        self.arrived.send(()).unwrap();
        self.go_on.lock().unwrap().recv().unwrap();
        self.server.send(request).await
    }
}

/// If a reader of the live token needed a lock that the refresh holds, this would not end.
#[test]
fn a_live_token_is_read_while_another_thread_is_inside_the_refresh() {
    let server = Server::of_merchant_tokens(minutes(60));
    let (arrived, has_arrived) = mpsc::channel();
    let (goes_on, go_on) = mpsc::channel();
    let mut connection = server.connection();
    connection.transport = Arc::new(Blocking {
        server: server.clone(),
        arrived,
        go_on: Mutex::new(go_on),
    });
    let tokens = MerchantTokens::new(connection, merchant_credentials("access-1"));
    goes_on.send(()).unwrap();
    at_once(tokens.token()).unwrap();
    has_arrived.recv().unwrap();

    server.clock.advance(minutes(57));
    std::thread::scope(|threads| {
        let refresh = threads.spawn(|| text(at_once(tokens.token())));
        has_arrived.recv().unwrap();
        for _ in 0..100 {
            assert!(tokens.live().is_none(), "it is due");
            assert_eq!(text(at_once(tokens.token())), "token-1");
        }
        goes_on.send(()).unwrap();
        assert_eq!(refresh.join().unwrap(), "token-2");
    });
    assert_eq!(text(Ok(tokens.live().unwrap())), "token-2");
    assert_eq!(server.calls(), 2);
}

#[tokio::test]
async fn a_client_can_drive_the_refresh_beside_its_own_call() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = due(&server, minutes(3)).await;
    assert!(tokens.refreshing().is_none());
    server.hold();
    at_once(tokens.token()).unwrap();
    let refreshing = tokio::spawn(tokens.refreshing().unwrap());
    tokio::task::yield_now().await;
    server.release();
    refreshing.await.unwrap();
    assert_eq!(text(Ok(tokens.live().unwrap())), "token-2");
    assert!(tokens.refreshing().is_none());
}

#[tokio::test]
async fn after_expiry_callers_wait_for_the_refresh_that_is_under_way() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = due(&server, seconds(20)).await;
    server.hold();
    at_once(tokens.token()).unwrap();
    server.clock.advance(seconds(20));
    let (mut first, mut second) = (tokens.token(), tokens.token());
    assert!(poll(&mut first).is_pending());
    assert!(poll(&mut second).is_pending());
    server.release();
    assert_eq!(text(first.await), "token-2");
    assert_eq!(text(second.await), "token-2");
    assert_eq!(server.calls(), 2);
}

#[tokio::test]
async fn a_failed_refresh_keeps_the_token_and_rests() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = due(&server, minutes(3)).await;
    server.answers(|_, _| Reply::not_reached());
    for _ in 0..100 {
        assert_eq!(text(at_once(tokens.token())), "token-1");
    }
    assert_eq!(server.calls(), 2, "one attempt, then a pause");
    // With a call every tenth of a second, pauses of 1, 2, 4 … seconds leave room for few.
    for _ in 0..600 {
        server.clock.advance(Duration::from_millis(100));
        assert_eq!(text(at_once(tokens.token())), "token-1");
    }
    let calls = server.calls() - 2;
    assert!((5..=7).contains(&calls), "{calls} in a minute");
    server.gives_merchant_tokens(minutes(60));
    server.clock.advance(minutes(1));
    at_once(tokens.token()).unwrap();
    assert!(tokens.live().is_some(), "and it recovers");
}

#[tokio::test]
async fn the_first_who_waits_after_expiry_makes_an_attempt_of_its_own() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = due(&server, seconds(20)).await;
    server.answers(|_, _| Reply::not_reached());
    at_once(tokens.token()).unwrap();
    server.clock.advance(seconds(19));
    at_once(tokens.token()).unwrap();
    assert_eq!(server.calls(), 3);
    server.clock.advance(seconds(1));
    unavailable(&server.clock, tokens.token().await);
    assert_eq!(server.calls(), 4, "though there was a pause");
    unavailable(&server.clock, at_once(tokens.token()));
    assert_eq!(server.calls(), 4, "and the next hears of that one");
}

#[tokio::test]
async fn a_success_ends_the_pause() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = due(&server, minutes(3)).await;
    server.answers(|_, _| Reply::not_reached());
    for _ in 0..179 {
        at_once(tokens.token()).unwrap();
        server.clock.advance(seconds(1));
    }
    // A caller that has to wait does not mind the pause, and gets a token that ends before it does.
    server.gives_merchant_tokens(seconds(10));
    server.clock.advance(seconds(1));
    let token = at_once(tokens.token()).unwrap();
    server.clock.advance(seconds(9));
    assert!(tokens.live().is_none(), "it is due");
    assert!(!at_once(tokens.token()).unwrap().same_as(&token));
}

#[tokio::test]
async fn a_refresh_that_was_left_alone_and_timed_out_fails_nobody() {
    let server = Server::of_merchant_tokens(minutes(60));
    let tokens = due(&server, minutes(3)).await;
    server.hold();
    at_once(tokens.token()).unwrap();
    server.clock.advance(minutes(3));
    server.release();
    assert_eq!(text(tokens.token().await), "token-3");
    assert_eq!(server.calls(), 3);
}

#[tokio::test]
async fn a_server_that_gives_the_same_token_again_is_asked_a_few_times() {
    let server = Server::new(|_, _| Reply::Panics);
    let end = server.clock.now() + minutes(60);
    server.answers(move |_, _| merchant_token(1, end));
    let tokens = server.merchant();
    for _ in 0..3600 {
        tokens.token().await.unwrap();
        server.clock.advance(seconds(1));
    }
    let calls = server.calls();
    assert!((2..=6).contains(&calls), "{calls} calls");
}

/// When the refresh begins, to the second, with this seed.
async fn refresh_begins(seed: u64, life: Duration) -> Duration {
    let server = Server::of_merchant_tokens(life);
    let tokens = MerchantTokens::new(server.connection(), merchant_credentials("access-1"))
        .with_jitter_seed(seed);
    let end = tokens.token().await.unwrap().expires_at();
    // The longest margin with the longest jitter is a fifth of the life.
    server.clock.advance(life - (life / 5).min(minutes(10)));
    while tokens.live().is_some() {
        server.clock.advance(seconds(1));
    }
    end.duration_since(server.clock.now()).unwrap()
}

#[tokio::test]
async fn refreshes_are_spread_over_the_margin() {
    let seeds = 0..200;
    println!("seeds {seeds:?}");
    for (life, shortest, longest) in [
        (minutes(5), seconds(30), seconds(60)),
        (minutes(60 * 24), minutes(5), minutes(10)),
    ] {
        let mut seen = BTreeSet::new();
        for seed in seeds.clone() {
            let left = refresh_begins(seed, life).await;
            assert!(
                (shortest - seconds(1)..=longest).contains(&left),
                "{left:?} before the end of {life:?}, seed {seed}"
            );
            assert_eq!(left, refresh_begins(seed, life).await, "it repeats");
            seen.insert(left);
        }
        let spread = *seen.last().unwrap() - *seen.first().unwrap();
        assert!(spread * 10 > (longest - shortest) * 8, "{spread:?}");
    }
}
