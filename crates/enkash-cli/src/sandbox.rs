//! `enkash sandbox`.

use std::future::poll_fn;
use std::io::{ErrorKind, Write as _};
use std::path::PathBuf;
use std::pin::pin;
use std::task::Poll;

use enkash_sandbox::{Config, Sandbox};

use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
The first line on stdout is `listening on http://127.0.0.1:PORT`; that address opens a dashboard. \
What to put into the environment of other terminals follows on stderr. GET /_sandbox/ lists what can \
be done to it: pay an order, move its clock, make calls fail, read its log.

Example:
  enkash sandbox --port 4010 --data shop.db")]
pub(crate) struct Args {
    /// Port on 127.0.0.1; a free one by default.
    #[arg(long, default_value_t = 0, value_name = "N")]
    port: u16,
    /// Keep everything in this file; with it again, the sandbox goes on where it was. In memory by
    /// default.
    #[arg(long, value_name = "FILE")]
    data: Option<PathBuf>,
}

pub(crate) async fn run(args: Args, output: &Output) -> Result<(), Failure> {
    // Listened for before anything is said, so that a Ctrl-C in answer to it is not missed.
    let mut interrupted = pin!(tokio::signal::ctrl_c());
    let at_once = poll_fn(|context| Poll::Ready(interrupted.as_mut().poll(context))).await;

    let mut config = Config::new().with_port(args.port);
    config.data = args.data;
    let sandbox = Sandbox::start(config).await.map_err(|error| {
        let port = args.port;
        match error.kind() {
            ErrorKind::AddrInUse => Failure::Other(format!(
                "cannot listen on port {port}: {error}; give another, or none for a free one"
            )),
            ErrorKind::PermissionDenied => {
                Failure::Other(format!("cannot listen on port {port}: {error}"))
            }
            // Of the file.
            ErrorKind::InvalidData | ErrorKind::Other => {
                Failure::Input(format!("cannot start: {error}"))
            }
            _ => Failure::Other(format!("cannot start: {error}")),
        }
    })?;
    output.line(&format!("listening on {}", sandbox.url()))?;
    // The sandbox is of use without them, too: to who reads its first line and goes away.
    let _ = std::io::stderr().write_all(environment(&sandbox).as_bytes());

    match at_once {
        Poll::Ready(ended) => ended,
        Poll::Pending => interrupted.await,
    }
    .map_err(|error| Failure::Other(format!("cannot wait for Ctrl-C: {error}")))?;
    sandbox.stop().await;
    Ok(())
}

/// What a shell needs to call the sandbox. Its credentials are the same everywhere and open
/// nothing else.
fn environment(sandbox: &Sandbox) -> String {
    let credentials = sandbox.credentials();
    [
        ("ENKASH_ENVIRONMENT", sandbox.url().as_str()),
        ("ENKASH_ACCESS_KEY", credentials.access_key.expose()),
        ("ENKASH_SECRET_KEY", credentials.secret_key.expose()),
        ("ENKASH_CLIENT_ID", &credentials.client_id),
        ("ENKASH_CLIENT_SECRET", credentials.client_secret.expose()),
        ("ENKASH_USERNAME", &credentials.username),
        ("ENKASH_PASSWORD", credentials.password.expose()),
        ("ENKASH_PARTNER_ID", &credentials.partner_id),
        ("ENKASH_FUND_SOURCE_ID", &credentials.fund_source_id),
        (
            "ENKASH_DEBIT_ACCOUNT_NUMBER",
            credentials.debit_account_number.as_str(),
        ),
        ("ENKASH_VERIFICATION_AUTH", "oauth"),
    ]
    .iter()
    .map(|(name, value)| format!("export {name}={value}\n"))
    .collect()
}
