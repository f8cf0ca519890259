//! The whole demo with tracing at its loudest: nothing secret is printed, logged or returned.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::Write;
use std::sync::{Arc, Mutex};

use enkash_sandbox::Credentials;
use tracing_subscriber::fmt::MakeWriter;

#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, text: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

#[test]
fn nothing_secret_shows() {
    let log = Log::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(tracing_subscriber::fmt::format::FmtSpan::FULL)
        .with_ansi(false)
        .with_writer(log.clone())
        .init();

    let mut said = String::new();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    let tokens = runtime
        .block_on(enkash_cli::demo::walk(|step| {
            said += &format!("{step:?}\n")
        }))
        .unwrap();
    let logged = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();

    // The test would hold for a log that is empty; it is not.
    for event in [
        "asking EnKash for a token",
        "token refused",
        "created=CreatedOrder",
        "notice=Unconfirmed",
        "confirmation=Confirmed",
        "refund=Refund",
        "payout=SettlementPayoutSummary",
    ] {
        assert!(logged.contains(event), "{event}");
    }
    let credentials = Credentials::default();
    let mut secrets = vec![
        credentials.access_key,
        credentials.secret_key,
        credentials.client_secret,
        credentials.password,
    ];
    assert!(
        tokens.len() >= 5,
        "the demo gets tokens, and gets them again"
    );
    secrets.extend(tokens);
    for secret in &secrets {
        for (place, text) in [("said", &said), ("logged", &logged)] {
            let line = text.lines().find(|line| line.contains(secret.expose()));
            assert_eq!(line, None, "{place}");
        }
    }
}
