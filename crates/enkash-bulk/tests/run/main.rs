//! Runs against a sandbox: what the journal says is held against what the sandbox's ledger says.
//!
//! No test waits: clocks move on when somebody sleeps.
//! `PROPTEST_RNG_SEED=<seed> cargo test -p enkash-bulk --test run` repeats a run of the random ones.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod brakes;
mod crash;
mod doubt;
mod gated;
mod line;
mod outcomes;
mod payees;
mod report;
mod slower;
mod stopped;
mod unsent;
mod whole;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime};

use enkash_bulk::api::auth::OAuthCredentials;
use enkash_bulk::api::payouts::{SeenTransfer, Sighting, TransferLookup};
use enkash_bulk::api::transport::{BoxFuture, Clock, ManualClock};
use enkash_bulk::api::{Client, ClientBuilder, Error};
use enkash_bulk::check::{Checked, check};
use enkash_bulk::file::{Format, PayoutFile};
use enkash_bulk::journal::{Entry, Journal, JournalError, SqliteJournal, State, Tally};
use enkash_bulk::run::{Ended, Runner, Settings, Stop};
use enkash_bulk::types::Rupees;
use enkash_bulk::types::payouts::CreateTransfer;
use enkash_sandbox::{Config, Sandbox, SandboxClock};
use serde_json::Value;
use tempfile::TempDir;

use crate::line::Line;

const HEADING: &str =
    "transaction_id,amount,mode,beneficiary_id,beneficiary_name,account_number,ifsc,vpa";

/// A row that adds its payee and pays it at once.
fn salary(number: u32) -> String {
    format!("SAL{number},{number}.25,IMPS,EMP{number},Asha Rao,50100{number:07},EXAM0000001,")
}

fn file(rows: impl IntoIterator<Item = String>) -> PayoutFile {
    let rows: Vec<_> = std::iter::once(HEADING.to_owned()).chain(rows).collect();
    PayoutFile::in_memory(rows.join("\n"), Format::Csv)
}

/// A row whose payee is given with it.
fn inline(number: u32) -> String {
    format!("SAL{number},{number}.25,UPI,,,,,asha{number}@examplebank")
}

fn salaries(count: u32) -> PayoutFile {
    file((1..=count).map(salary))
}

fn checked(file: &PayoutFile) -> Checked {
    let mut problems = Vec::new();
    let checked = check(file, &mut |problem| problems.push(problem)).unwrap();
    assert_eq!(problems, []);
    checked
}

/// A clock that moves on by as much as somebody sleeps. Clones show the same time.
#[derive(Clone, Default)]
struct Hurried(ManualClock);

impl Clock for Hurried {
    fn now(&self) -> SystemTime {
        self.0.now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.0.advance(duration);
        // Whoever sleeps lets others go on.
        Box::pin(tokio::task::yield_now())
    }
}

/// A sandbox, the line to it, and a place for a journal.
struct World {
    sandbox: Arc<Sandbox>,
    line: Line,
    clock: Hurried,
    directory: TempDir,
    settings: Settings,
}

impl World {
    async fn new() -> Self {
        let clock = Hurried::default();
        let config = Config::new().with_clock(SandboxClock::over(clock.0.clone()));
        let sandbox = Arc::new(Sandbox::start(config).await.unwrap());
        let mut settings = Settings::default();
        settings.fund_source = Some(sandbox.credentials().fund_source_id.as_str().into());
        Self {
            line: Line::to(&sandbox),
            sandbox,
            clock,
            directory: tempfile::tempdir().unwrap(),
            settings,
        }
    }

    fn builder(&self) -> ClientBuilder {
        let credentials = self.sandbox.credentials();
        Client::builder()
            .base_url("http://127.0.0.1:1")
            .unwrap()
            .transport(self.line.transport())
            .clock(self.clock.clone())
            .oauth(OAuthCredentials {
                client_id: credentials.client_id.clone(),
                client_secret: credentials.client_secret.clone(),
                username: credentials.username.clone(),
                password: credentials.password.clone(),
                company_id: credentials.company_id.as_str().into(),
            })
    }

    fn client(&self) -> Client {
        self.builder().build().unwrap()
    }

    /// A client that can look transfers up.
    fn seeing(&self) -> Client {
        let lookup = InLedger(Arc::clone(&self.sandbox));
        self.builder().transfer_lookup(lookup).build().unwrap()
    }

    fn path(&self) -> PathBuf {
        self.directory.path().join("run.db")
    }

    fn journal(&self) -> SqliteJournal {
        SqliteJournal::open(self.path()).unwrap()
    }

    fn runner(&self) -> Runner {
        self.runner_with(self.client(), self.journal())
    }

    fn runner_with(&self, client: Client, journal: impl Journal + 'static) -> Runner {
        Runner::new(client, journal, self.clock.clone()).with_settings(self.settings.clone())
    }

    /// One run, with a client and a journal of its own.
    async fn run(&self, file: &PayoutFile) -> Ended {
        self.run_with(self.runner(), file).await
    }

    /// One run, whose journal is closed after it.
    async fn run_with(&self, runner: Runner, file: &PayoutFile) -> Ended {
        let ended = runner.run("payouts.csv", file, &checked(file)).await;
        let (counted, there) = (
            ended.count.tally,
            Tally::of(runner.journal()).await.unwrap(),
        );
        match &ended.stop {
            // A run whose journal was refused, or that did not finish its plan, knows of no row.
            Some(_) if counted.all().rows == 0 => {}
            // What may have been sent is not counted as `Planned`, and the rest as it is.
            Some(Stop::Journal(JournalError::Failed(_))) => {
                assert_eq!(counted.all(), there.all());
                for state in State::ALL {
                    let (counted, there) = (counted.in_state(state), there.in_state(state));
                    match state {
                        State::Planned => assert!(counted.rows <= there.rows),
                        State::Sent => assert!(counted.rows >= there.rows),
                        _ => assert_eq!(counted, there, "{state}"),
                    }
                }
            }
            _ => assert_eq!(counted, there, "what was counted is in the journal"),
        }
        ended
    }

    /// The rows as the journal has them, by id.
    async fn entries(&self) -> BTreeMap<String, Entry> {
        let entries = self.journal().entries(None, 0, 100_000).await.unwrap();
        let by_id = |entry: Entry| (entry.plan.transfer_id.to_string(), entry);
        entries.into_iter().map(by_id).collect()
    }

    async fn states(&self) -> Vec<State> {
        let entries = self.journal().entries(None, 0, 100_000).await.unwrap();
        entries.into_iter().map(|entry| entry.state).collect()
    }

    /// The transfers as the sandbox has them, by id.
    async fn ledger(&self) -> BTreeMap<String, Value> {
        let ledger = self.sandbox.look("payouts/ledger").await.unwrap();
        let transfers = ledger["transfers"].as_array().unwrap().iter().cloned();
        let by_id = |transfer: Value| {
            (
                transfer["transactionId"].as_str().unwrap().to_owned(),
                transfer,
            )
        };
        transfers.map(by_id).collect()
    }

    async fn balance(&self) -> Rupees {
        let ledger = self.sandbox.look("payouts/ledger").await.unwrap();
        serde_json::from_value(ledger["balance"].clone()).unwrap()
    }

    async fn set_balance(&self, rupees: u32) {
        let balance = serde_json::json!({"balance": rupees});
        self.sandbox
            .control("payouts/balance", balance)
            .await
            .unwrap();
    }

    /// Journal and ledger tell the same of every row, and no row was paid twice.
    async fn assert_agree(&self) {
        let (entries, mut ledger) = (self.entries().await, self.ledger().await);
        for (id, entry) in &entries {
            let Some(transfer) = ledger.remove(id) else {
                let never_there = [State::Planned, State::Sent, State::Refused];
                assert!(
                    never_there.contains(&entry.state),
                    "{id} is {} and not there",
                    entry.state
                );
                continue;
            };
            let status = transfer["payoutStatus"].as_str().unwrap();
            let agree = match entry.state {
                // What was asked and not answered may be there.
                State::Sent | State::Taken => true,
                State::Paid => status == "SUCCESS",
                State::NotPaid => ["FAILED", "REVERSED"].contains(&status),
                State::Rejected => status == "REJECTED",
                State::Planned | State::Refused => false,
            };
            assert!(agree, "{id}: {} here, {status} there", entry.state);
            let amount: Rupees =
                serde_json::from_value(transfer["transferAmount"].clone()).unwrap();
            assert_eq!(amount, entry.plan.amount, "{id}");
            assert!(
                transfer["debits"].as_u64() <= Some(1),
                "{id} was paid twice: {transfer}"
            );
        }
        assert!(ledger.is_empty(), "not in the journal: {ledger:?}");
    }

    /// Every row is paid, once, and the account has that much less.
    async fn assert_all_paid(&self, file: &PayoutFile) {
        self.assert_agree().await;
        let entries = self.entries().await;
        for (id, entry) in &entries {
            assert_eq!(entry.state, State::Paid, "{id}: {:?}", entry.facts);
        }
        let total = checked(file).totals().all();
        assert_eq!(entries.len() as u64, total.rows);
        let ledger = self.sandbox.look("payouts/ledger").await.unwrap();
        let opening: Rupees = serde_json::from_value(ledger["openingBalance"].clone()).unwrap();
        assert_eq!(
            opening.checked_sub(total.rupees),
            Some(self.balance().await)
        );
    }
}

/// What EnKash's search of transfers may be like: it knows every transfer.
struct InLedger(Arc<Sandbox>);

#[async_trait::async_trait]
impl TransferLookup for InLedger {
    async fn find(&self, _: &Client, transfer: &CreateTransfer) -> Result<Sighting, Error> {
        let id = &transfer.transaction_id;
        let Ok(found) = self.0.look(&format!("transfers/{id}/state")).await else {
            return Ok(Sighting::NotThere);
        };
        let mut seen = SeenTransfer::new(id.clone());
        seen.amount = serde_json::from_value(found["transferAmount"].clone()).ok();
        seen.status = found["payoutStatus"].as_str().map(Into::into);
        seen.reject_reason = found["rejectCode"].as_str().map(Into::into);
        seen.utr = found["utr"].as_str().map(Into::into);
        Ok(Sighting::There(seen))
    }
}

/// What was told while a run went on.
#[derive(Clone, Default)]
struct Told(Arc<Mutex<Vec<String>>>);

impl Told {
    fn take(&self) -> Vec<String> {
        std::mem::take(&mut *self.0.lock().unwrap())
    }
}
