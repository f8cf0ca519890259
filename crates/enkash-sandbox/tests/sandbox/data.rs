//! The file that keeps everything: stopped and started again, and files that are not a sandbox's.

use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use enkash_sandbox::{Config, DeliveryState, Fault, FaultKind, Sandbox, SandboxClock};
use enkash_types::gateway::CustomerDetail;
use enkash_types::oauth::RefreshGrant;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::client::{Client, control, does, order, refusal};
use crate::listener::{Listener, Nobody};

/// A directory of a test's own, empty. Another run at the same time has others; those that were
/// left an hour ago or more are removed.
pub(crate) fn directory(name: &str) -> PathBuf {
    static TIDY: Once = Once::new();
    let all = Path::new(env!("CARGO_TARGET_TMPDIR")).join("sandbox");
    TIDY.call_once(|| {
        let left = std::fs::read_dir(&all).into_iter().flatten().flatten();
        for run in left {
            let age = run
                .metadata()
                .and_then(|run| run.modified())
                .map(|at| at.elapsed());
            if age.is_ok_and(|age| age.is_ok_and(|age| age > Duration::from_secs(3600))) {
                let _ = std::fs::remove_dir_all(run.path());
            }
        }
    });
    let directory = all.join(std::process::id().to_string()).join(name);
    let _ = std::fs::remove_dir_all(&directory);
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

/// A sandbox that keeps its state in this file, whose clock begins at 2026-01-01 00:00 UTC.
pub(crate) async fn start_on(file: &Path) -> Sandbox {
    start_with(file, Config::new()).await
}

async fn start_with(file: &Path, config: Config) -> Sandbox {
    let config = config.with_clock(SandboxClock::manual()).with_data(file);
    Sandbox::start(config).await.unwrap()
}

/// Why a sandbox does not start with a file.
async fn refused(file: &Path) -> String {
    let error = Sandbox::start(Config::new().with_data(file)).await;
    error.unwrap_err().to_string()
}

#[tokio::test]
async fn stopped_and_started_again_it_is_all_there() {
    let file = directory("restart").join("shop.db");
    let nobody = Nobody::new();
    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    let refresh = client.oauth_token().await.refresh_token.unwrap();
    let mut request = order("INV1");
    request.notify_url = Some(nobody.url.as_str().into());
    request.return_url = Some("https://shop.example.in/thanks".into());
    request.custom_parameters = Some([("cart".to_owned(), "7".to_owned())].into());
    let mut customer = CustomerDetail::default();
    customer.first_name = Some("Asha".into());
    request.customer_info = Some(customer);
    let created = client.call(request).await.unwrap();
    does(&sandbox, "orders/INV1/fail", Value::Null).await;
    sandbox.clock().advance(Duration::from_secs(90));
    does(&sandbox, "orders/INV1/pay", Value::Null).await;
    client.order("INV2").await;
    for _ in 0..2 {
        refusal(client.call(client.password("wrong")).await);
    }
    sandbox
        .fault(Fault::new("create_order", FaultKind::ServerError).times(2))
        .unwrap();
    sandbox
        .wait_for(|sandbox| {
            let webhooks = sandbox.webhooks();
            webhooks
                .iter()
                .all(|webhook| webhook.tries.len() == 1)
                .then_some(())
        })
        .await;
    let before = (
        client.read(&created).await,
        sandbox.webhooks(),
        control(&sandbox, "GET", "calls", Value::Null).await,
        control(&sandbox, "GET", "faults", Value::Null).await,
        control(&sandbox, "GET", "clock", Value::Null).await,
    );
    let (merchant, oauth) = (client.merchant.clone(), client.oauth.clone());
    sandbox.stop().await;

    let sandbox = start_on(&file).await;
    let client = Client {
        sandbox: &sandbox,
        merchant,
        oauth,
    };
    let after = (
        sandbox.webhooks(),
        control(&sandbox, "GET", "calls", Value::Null).await,
        control(&sandbox, "GET", "faults", Value::Null).await,
        control(&sandbox, "GET", "clock", Value::Null).await,
    );
    assert_eq!(format!("{:?}", after.0), format!("{:?}", before.1));
    assert_eq!((after.1, after.2, after.3), (before.2, before.3, before.4));
    assert_eq!(
        serde_json::to_value(client.read(&created).await).unwrap(),
        serde_json::to_value(before.0).unwrap()
    );
    // The fault that waited strikes, the id that was used stays used, and the token lives.
    assert_eq!(refusal(client.call(order("INV3")).await).status, 503);
    assert_eq!(refusal(client.call(order("INV3")).await).status, 503);
    assert_eq!(refusal(client.call(order("INV2")).await).status, 409);
    let third = client.order("INV3").await;
    assert_ne!(third.order_id, created.order_id);
    client
        .call(RefreshGrant::new(refresh.clone()))
        .await
        .unwrap();
    assert_eq!(
        refusal(client.call(RefreshGrant::new(refresh)).await).status,
        400
    );
    // The third wrong password locks.
    refusal(client.call(client.password("wrong")).await);
    let answer = does(&sandbox, "oauth/unlock", Value::Null).await;
    assert_eq!(answer, json!({"wasLocked": true}));
}

#[tokio::test]
async fn a_webhook_that_waits_goes_on() {
    let file = directory("webhook").join("shop.db");
    let listener = Listener::start(&[500]).await;
    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    let mut request = order("INV1");
    request.notify_url = Some(listener.url.as_str().into());
    client.call(request).await.unwrap();
    does(&sandbox, "orders/INV1/pay", Value::Null).await;
    let tried = |times: usize| {
        move |sandbox: &Sandbox| {
            let webhook = sandbox.webhooks().into_iter().next()?;
            (webhook.tries.len() == times).then_some(webhook)
        }
    };
    sandbox.wait_for(tried(1)).await;
    sandbox.stop().await;

    let sandbox = start_on(&file).await;
    sandbox.clock().advance(Duration::from_secs(1));
    let webhook = sandbox.wait_for(tried(2)).await;
    assert_eq!(webhook.state, DeliveryState::Delivered);
    let received = listener.received();
    assert_eq!(received.len(), 2);
    assert_eq!(received[0].1, received[1].1, "the same again");
}

#[tokio::test]
async fn dropped_it_lets_go_of_the_file_at_once() {
    let file = directory("drop").join("shop.db");
    let sandbox = start_on(&file).await;
    Client::new(&sandbox).await.order("INV1").await;
    let left_over = sandbox.in_process();
    drop(sandbox);
    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    assert_eq!(refusal(client.call(order("INV1")).await).status, 409);

    // Whoever still holds on to the old one is told, and changes nothing.
    let request = client.request(order("INV2"));
    let answer = enkash_transport::Transport::send(&left_over, request).await;
    let answer = answer.unwrap();
    assert_eq!(answer.status(), 500);
    let text = String::from_utf8(answer.body().to_vec()).unwrap();
    assert!(text.contains("the sandbox was stopped"), "{text}");
    client.order("INV2").await;
}

#[tokio::test]
async fn what_cannot_be_written_is_not_acknowledged() {
    let file = directory("full").join("shop.db");
    start_on(&file).await.stop().await;
    let sqlite = Connection::open(&file).unwrap();
    sqlite
        .execute_batch(
            "CREATE TRIGGER full BEFORE INSERT ON records WHEN NEW.kind = 'order'
             BEGIN SELECT RAISE(ABORT, 'the disk is full'); END",
        )
        .unwrap();
    sqlite.close().unwrap();

    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    for request in [
        client.request(order("INV1")),
        client.request(order("INV1")),
        http::Request::get("/_sandbox/calls")
            .body("".into())
            .unwrap(),
    ] {
        let answer = client.send(request).await.unwrap();
        assert_eq!(answer.status(), 500);
        let text = String::from_utf8(answer.body().to_vec()).unwrap();
        assert!(text.contains("could not be written"), "{text}");
        assert!(text.contains("the disk is full"), "{text}");
        assert!(text.contains("start it again"), "{text}");
    }
    drop(sandbox);

    let sqlite = Connection::open(&file).unwrap();
    sqlite.execute_batch("DROP TRIGGER full").unwrap();
    sqlite.close().unwrap();
    let sandbox = start_on(&file).await;
    Client::new(&sandbox).await.order("INV1").await;
}

#[tokio::test]
async fn a_file_that_is_not_a_sandboxs_is_left_alone() {
    let directory = directory("foreign");
    let text = directory.join("notes.txt");
    std::fs::write(&text, "Buy milk. ".repeat(200)).unwrap();
    let database = directory.join("other.db");
    let sqlite = Connection::open(&database).unwrap();
    sqlite.execute_batch("CREATE TABLE milk (litres)").unwrap();
    sqlite.close().unwrap();
    for file in [text, database] {
        let before = std::fs::read(&file).unwrap();
        let error = refused(&file).await;
        assert!(error.starts_with(&*file.to_string_lossy()), "{error}");
        assert!(
            error.ends_with(
                "not one that a sandbox wrote: give another path; nothing in it was changed"
            ),
            "{error}"
        );
        assert_eq!(std::fs::read(&file).unwrap(), before);
    }
    let names = std::fs::read_dir(directory).unwrap().count();
    assert_eq!(names, 2, "and nothing beside it");
}

#[tokio::test]
async fn a_file_of_another_version_is_left_alone() {
    let file = directory("version").join("shop.db");
    start_on(&file).await.stop().await;
    let sqlite = Connection::open(&file).unwrap();
    sqlite.execute_batch("PRAGMA user_version = 99").unwrap();
    sqlite.close().unwrap();
    let error = refused(&file).await;
    assert!(
        error.contains("was written by another version of the sandbox (format 99"),
        "{error}"
    );
    assert!(error.contains("or give another path"), "{error}");
}

#[tokio::test]
async fn a_file_has_one_sandbox_at_a_time() {
    let file = directory("in-use").join("shop.db");
    let sandbox = start_on(&file).await;
    let error = refused(&file).await;
    assert!(
        error.ends_with("is in use by another sandbox: stop that one, or give another path"),
        "{error}"
    );
    Client::new(&sandbox).await.order("INV1").await;
}

#[tokio::test]
async fn a_path_that_leads_nowhere_is_told() {
    let file = directory("nowhere").join("no").join("shop.db");
    let error = refused(&file).await;
    assert!(error.contains("unable to open database file"), "{error}");
}

#[tokio::test]
async fn a_damaged_record_is_told() {
    let file = directory("damaged").join("shop.db");
    let sandbox = start_on(&file).await;
    Client::new(&sandbox).await.order("INV1").await;
    sandbox.stop().await;
    let sqlite = Connection::open(&file).unwrap();
    sqlite
        .execute("UPDATE records SET body = '{}' WHERE kind = 'order'", [])
        .unwrap();
    sqlite.close().unwrap();
    let error = refused(&file).await;
    assert!(
        error.contains("a record (order) that cannot be read"),
        "{error}"
    );
    assert!(
        error.contains("move the file away to begin anew"),
        "{error}"
    );
}

#[tokio::test]
async fn the_clock_goes_on_from_where_it_was_moved() {
    let file = directory("clock").join("shop.db");
    let sandbox = start_on(&file).await;
    sandbox.clock().advance(Duration::from_secs(3600));
    sandbox.stop().await;
    let sandbox = start_on(&file).await;
    assert_eq!(sandbox.clock().moved_by(), Duration::from_secs(3600));
}

/// The bytes of a file, and of those that SQLite keeps beside it.
pub(crate) fn bytes_of(file: &Path) -> Vec<u8> {
    let mut bytes = Vec::new();
    for entry in std::fs::read_dir(file.parent().unwrap()).unwrap() {
        bytes.extend(std::fs::read(entry.unwrap().path()).unwrap());
    }
    bytes
}

pub(crate) fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|part| part == text.as_bytes())
}
