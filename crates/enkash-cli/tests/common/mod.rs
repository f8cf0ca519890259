//! The command as a user runs it, and a local EnKash for it.

#![allow(dead_code, reason = "each test file uses its own part")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

#[cfg(unix)]
pub(crate) mod terminal;

use std::io::Write as _;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use bytes::Bytes;
use enkash_sandbox::{Config, Sandbox, SandboxClock};
use http::Request;
use serde_json::Value;

pub(crate) fn enkash(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_enkash"));
    command.args(arguments).env_clear();
    command
}

pub(crate) fn run(command: &mut Command, input: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that does not read its input closes the pipe.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

pub(crate) fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).unwrap()
}

pub(crate) fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).unwrap()
}

/// What was said on stderr, without the causes below it: those are the transport's words.
pub(crate) fn first_line(output: &Output) -> &str {
    stderr(output).lines().next().unwrap()
}

pub(crate) fn json(output: &Output) -> Value {
    assert!(!output.stdout.is_empty(), "{}", stderr(output));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// A sandbox that lives as long as the test, with the environment that calls it.
pub(crate) struct Local {
    pub(crate) sandbox: Sandbox,
    pub(crate) runtime: tokio::runtime::Runtime,
}

impl Local {
    pub(crate) fn start() -> Self {
        Self::with(Config::new())
    }

    /// One whose time stands, so that ids and dates are the same in each run. The command's own time
    /// goes on, so tokens have to live long.
    pub(crate) fn standing() -> Self {
        let a_century = Duration::from_secs(100 * 365 * 24 * 60 * 60);
        Self::with(
            Config::new()
                .with_clock(SandboxClock::manual())
                .with_token_life(a_century)
                .with_seed(1),
        )
    }

    fn with(config: Config) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .unwrap();
        let sandbox = runtime.block_on(Sandbox::start(config)).unwrap();
        Self { sandbox, runtime }
    }

    /// Does something to the sandbox by its control surface.
    pub(crate) fn control(&self, path: &str, body: &str) -> Value {
        self.ask(Request::post(format!("/_sandbox{path}")), body)
    }

    /// What the sandbox's control surface shows.
    pub(crate) fn look(&self, path: &str) -> Value {
        self.ask(Request::get(format!("/_sandbox{path}")), "")
    }

    /// From here on no call goes wrong.
    pub(crate) fn mend(&self) {
        self.ask(Request::delete("/_sandbox/faults"), "");
    }

    fn ask(&self, request: http::request::Builder, body: &str) -> Value {
        let request = request.body(Bytes::from(body.to_owned())).unwrap();
        let path = request.uri().clone();
        let answer = self.runtime.block_on(self.sandbox.handle(request)).unwrap();
        let body: Value = serde_json::from_slice(answer.body()).unwrap();
        assert!(answer.status().is_success(), "{path}: {body}");
        body
    }

    /// How often an operation was called.
    pub(crate) fn calls(&self, operation: &str) -> usize {
        let calls = self.sandbox.calls();
        calls
            .iter()
            .filter(|call| call.operation == Some(operation))
            .count()
    }

    pub(crate) fn enkash(&self, arguments: &[&str]) -> Command {
        let credentials = self.sandbox.credentials();
        let mut command = enkash(arguments);
        command
            .env("ENKASH_ENVIRONMENT", self.sandbox.url())
            .env("ENKASH_ACCESS_KEY", credentials.access_key.expose())
            .env("ENKASH_SECRET_KEY", credentials.secret_key.expose())
            .env("ENKASH_CLIENT_ID", &credentials.client_id)
            .env("ENKASH_CLIENT_SECRET", credentials.client_secret.expose())
            .env("ENKASH_USERNAME", &credentials.username)
            .env("ENKASH_PASSWORD", credentials.password.expose())
            .env("ENKASH_PARTNER_ID", &credentials.partner_id)
            .env("ENKASH_FUND_SOURCE_ID", &credentials.fund_source_id)
            .env(
                "ENKASH_DEBIT_ACCOUNT_NUMBER",
                credentials.debit_account_number.as_str(),
            )
            .env("ENKASH_VERIFICATION_AUTH", "oauth");
        command
    }
}
