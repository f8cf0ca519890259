//! What it costs to read a token that lives.

use std::hint::black_box;
use std::sync::Arc;
use std::time::SystemTime;

use anyhow::Context as _;
use bytes::Bytes;
use enkash_auth::{Connection, MerchantCredentials, MerchantTokens, TokenProvider as _};
use enkash_transport::{MemoryTransport, TokioClock};

use crate::report::{Report, Row, Target, nanoseconds};

pub(crate) fn measure(report: &mut Report) -> anyhow::Result<()> {
    let transport = MemoryTransport::new(|_| async {
        let body = r#"{"token":"a-token","expiry":4102444800000,"resultCode":0}"#;
        Ok(http::Response::new(Bytes::from_static(body.as_bytes())))
    });
    let connection = Connection::new(
        Arc::new(transport),
        Arc::new(TokioClock),
        "http://127.0.0.1:1".parse()?,
    );
    let tokens = MerchantTokens::new(
        connection,
        MerchantCredentials {
            access_key: "access".into(),
            secret_key: "secret".into(),
        },
    );
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()?;
    runtime.block_on(tokens.token())?;
    tokens.live().context("the token lives")?;

    let read = nanoseconds(9, 1_000_000, || {
        black_box(tokens.live());
    });
    let now = nanoseconds(9, 1_000_000, || {
        black_box(SystemTime::now());
    });
    report.add(Row {
        what: "reading a live token",
        target: Target::AtMost(100.0),
        measured: read,
        unit: " ns",
        behind: format!("of which asking the system for the time takes {now:.0} ns"),
    });
    Ok(())
}
