//! The bulk run: how fast a file is checked, what the journal costs a transfer, and the memory that
//! a million rows take.

use std::env;
use std::ffi::OsStr;
use std::fmt::Write as _;
use std::fs;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use bytes::Bytes;
use enkash_api::Client;
use enkash_api::auth::OAuthCredentials;
use enkash_api::payouts::Made;
use enkash_bulk::check::check;
use enkash_bulk::file::{Format, PayoutFile};
use enkash_bulk::journal::SqliteJournal;
use enkash_bulk::run::{Runner, Settings};
use enkash_sandbox::Credentials;
use enkash_transport::{HyperTransport, Limits, TokioClock, Transport, TransportError};
use enkash_types::Rupees;
use enkash_types::payouts::{BeneficiaryDetail, CreateTransfer, Standing, TransferMode};
use http::{Request, Response};
use tempfile::TempDir;

use crate::report::{Report, Row, Target, median};
use crate::{constant, sandbox, throughput};

/// Rows of the file that is checked.
const CHECKED: u32 = 100_000;
/// Rows of the file whose memory is measured.
const MILLION: u32 = 1_000_000;
/// Transfers in a round, and how many are on their way at once.
const PAID: u32 = 5_000;
const AT_ONCE: u32 = 32;
/// How far EnKash is away: no further than the next building. A sandbox that is no way away answers
/// in the time of a few system calls, so what is compared then is the disk with nothing.
const DISTANCE: Duration = Duration::from_millis(1);
/// Rounds of each, by turns.
const ROUNDS: u32 = 7;

/// A variable of the environment. Where it is there, this process is the `enkash` command, and tells
/// this file how much memory it held at most.
pub(crate) const COMMAND: &str = "ENKASH_BENCH_MEMORY_OF_THE_COMMAND";

const HEADING: &str =
    "transaction_id,amount,mode,beneficiary_id,beneficiary_name,account_number,ifsc,vpa,remark\n";

pub(crate) fn measure(report: &mut Report) -> anyhow::Result<()> {
    checking(report)?;
    paying(report)?;
    memory(report)
}

/// A folder for files and journals, on the disk that the workspace is on: temporary folders may be
/// in memory, where nothing has to be flushed.
fn folder() -> anyhow::Result<TempDir> {
    fs::create_dir_all("target")?;
    Ok(tempfile::tempdir_in("target")?)
}

/// Rows that each describe another payee's bank account.
fn to_accounts(rows: u32) -> anyhow::Result<String> {
    let mut file = HEADING.to_owned();
    for row in 1..=rows {
        let (rupees, paise) = (1 + row % 90_000, row % 100);
        writeln!(
            file,
            "SALARY{row:07},{rupees}.{paise:02},IMPS,EMP{row:07},Asha Rao,70{row:010},EXAM0000001,,Salary of October"
        )?;
    }
    Ok(file)
}

fn checking(report: &mut Report) -> anyhow::Result<()> {
    let folder = folder()?;
    let path = folder.path().join("payouts.csv");
    fs::write(&path, to_accounts(CHECKED)?)?;
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        let checked = check(&PayoutFile::new(&path)?, &mut |_| {})?;
        rates.push(f64::from(CHECKED) / start.elapsed().as_secs_f64());
        ensure!(checked.refused() == 0 && checked.totals().all().rows == u64::from(CHECKED));
    }
    report.add(Row {
        what: "checking a CSV file of 100,000 payouts, each with a payee of its own, on one core",
        target: Target::AtLeast(300_000.0),
        measured: median(rates),
        unit: " rows a second",
        behind: "read from a file, every rule, repeated ids, sums and SHA-256".to_owned(),
    });
    Ok(())
}

fn paying(report: &mut Report) -> anyhow::Result<()> {
    let folder = folder()?;
    let server = sandbox::start()?;
    let runtime = sandbox::runtime()?;
    let numbers = Arc::new(AtomicU32::new(1));
    let rates = |distance| {
        let client = client(server, distance)?;
        let bare = || runtime.block_on(by_a_loop(&client, &numbers));
        let run = || {
            let number = numbers.load(Ordering::Relaxed);
            let journal = folder.path().join(format!("{number}.db"));
            runtime.block_on(by_a_run(&client, &numbers, &journal))
        };
        bare()?;
        run()?;
        let mut rates = Rates::default();
        for _ in 0..ROUNDS {
            let (run, bare) = (run()?, bare()?);
            rates.ratios.push(run / bare);
            rates.ours.push(run);
            rates.theirs.push(bare);
        }
        anyhow::Ok((
            median(rates.ratios),
            median(rates.ours),
            median(rates.theirs),
        ))
    };
    let (distant, ours, theirs) = rates(DISTANCE)?;
    let (near, our_most, their_most) = rates(Duration::ZERO)?;
    report.add(Row {
        what: "a run of 5,000 payouts, planned and journalled, against a loop of `transfers().create` in the same sandbox, 32 at a time, 1 ms away",
        target: Target::AtLeast(0.8),
        measured: distant,
        unit: " of the transfer rate",
        behind: format!(
            "{ours:.0} and {theirs:.0} transfers a second; from a sandbox that is no way away {near:.2} of it, {our_most:.0} and {their_most:.0}"
        ),
    });
    Ok(())
}

/// Transfers a second, of each round.
#[derive(Default)]
struct Rates {
    ratios: Vec<f64>,
    ours: Vec<f64>,
    theirs: Vec<f64>,
}

/// A server that is further away than a loopback port.
struct Distant {
    near: HyperTransport,
    by: Duration,
}

#[async_trait::async_trait]
impl Transport for Distant {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        if !self.by.is_zero() {
            tokio::time::sleep(self.by).await;
        }
        self.near.send(request).await
    }
}

fn client(server: SocketAddr, distance: Duration) -> anyhow::Result<Client> {
    let own = Credentials::default();
    let client = Client::builder()
        .base_url(&format!("http://{server}"))?
        .oauth(OAuthCredentials {
            client_id: own.client_id,
            client_secret: own.client_secret,
            username: own.username,
            password: own.password,
            company_id: own.company_id.into(),
        })
        .transport(Distant {
            near: HyperTransport::new(Limits::default())?,
            by: distance,
        })
        .build()?;
    Ok(client)
}

/// Transfers a second, without a journal.
async fn by_a_loop(client: &Client, numbers: &Arc<AtomicU32>) -> anyhow::Result<f64> {
    let (client, numbers) = (client.clone(), Arc::clone(numbers));
    let own = Credentials::default();
    throughput::rate(PAID, AT_ONCE, move || {
        let (client, own) = (client.clone(), own.clone());
        let number = numbers.fetch_add(1, Ordering::Relaxed);
        async move {
            let payee = BeneficiaryDetail::to_vpa(format!("payee{number}@example"));
            let id = format!("SALARY{number}");
            let rupee = Rupees::from_paise(100);
            let mut transfer = CreateTransfer::inline(id, rupee, TransferMode::Upi, payee);
            transfer.fund_source_id = Some(own.fund_source_id.into());
            transfer.debit_account_number = Some(own.debit_account_number);
            let made: Made = client.payouts().transfers().create(transfer).await?;
            ensure!(made.standing() == Standing::Paid);
            Ok(())
        }
    })
    .await
}

/// Transfers a second of a run, from the first row that is planned to the last answer that is
/// written down.
async fn by_a_run(client: &Client, numbers: &AtomicU32, journal: &Path) -> anyhow::Result<f64> {
    let own = Credentials::default();
    let mut file = "transaction_id,amount,mode,vpa\n".to_owned();
    let first = numbers.fetch_add(PAID, Ordering::Relaxed);
    for number in first..first + PAID {
        writeln!(file, "SALARY{number},1.00,UPI,payee{number}@example")?;
    }
    let file = PayoutFile::in_memory(file, Format::Csv);
    let checked = check(&file, &mut |_| {})?;
    let mut settings = Settings::default();
    settings.concurrency = AT_ONCE as usize;
    settings.fund_source = Some(own.fund_source_id.into());
    settings.debit_account = Some(own.debit_account_number);
    let runner = Runner::new(client.clone(), SqliteJournal::open(journal)?, TokioClock)
        .with_settings(settings);
    let start = Instant::now();
    let ended = runner.run("payouts.csv", &file, &checked).await;
    let rate = f64::from(PAID) / start.elapsed().as_secs_f64();
    ensure!(ended.is_all_paid(), "{ended:?}");
    Ok(rate)
}

/// What a server answers that takes every payee and every transfer.
const ANSWERS: constant::Answers = &[
    (
        "/token",
        r#"{"access_token":"a-token","token_type":"bearer","expires_in":86399}"#,
    ),
    (
        "/beneficiary-detail",
        r#"{"response_code":0,"response_message":"Success","payload":{"createdOn":"2026-11-01T09:00:00.000+05:30"}}"#,
    ),
    (
        "/payout-transaction",
        r#"{"response_code":0,"response_message":"Success","payload":{"enkashTransactionId":"PT1784195236818VZuxB","payoutStatus":"SUCCESS","utr":"431900000001"}}"#,
    ),
];

/// The memory of the command, from the check of a million rows to the last answer, and of the report.
fn memory(report: &mut Report) -> anyhow::Result<()> {
    let folder = folder()?;
    fs::write(folder.path().join("payouts.csv"), to_accounts(MILLION)?)?;
    let server = constant::serve(ANSWERS)?;
    let start = Instant::now();
    let run = [
        "payouts",
        "run",
        "payouts.csv",
        "--journal",
        "run.db",
        "--yes",
    ];
    let running = command(folder.path(), server, &run)?;
    let took = start.elapsed().as_secs_f64();
    let rows = [
        "payouts",
        "report",
        "--journal",
        "run.db",
        "--csv",
        "report.csv",
    ];
    let reporting = command(folder.path(), server, &rows)?;
    report.add(Row {
        what: "the most memory that `enkash payouts run` holds over a million rows, each with a payee of its own",
        target: Target::AtMost(64.0),
        measured: running / 1e6,
        unit: " MB",
        behind: format!(
            "checked, planned, registered and paid, {:.0} rows a second, against a server that answers with constants; the report {:.0} MB",
            f64::from(MILLION) / took,
            reporting / 1e6
        ),
    });
    Ok(())
}

/// Runs the command in a process of its own; gives how many bytes of memory it held at most.
fn command(folder: &Path, server: SocketAddr, arguments: &[&str]) -> anyhow::Result<f64> {
    const MEMORY: &str = "memory";
    let own = Credentials::default();
    let status = Command::new(env::current_exe()?)
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .env(COMMAND, MEMORY)
        .env("ENKASH_ENVIRONMENT", format!("http://{server}"))
        .env("ENKASH_CLIENT_ID", &own.client_id)
        .env("ENKASH_CLIENT_SECRET", own.client_secret.expose())
        .env("ENKASH_USERNAME", &own.username)
        .env("ENKASH_PASSWORD", own.password.expose())
        .stdout(Stdio::null())
        .status()
        .context("starting the command")?;
    ensure!(
        status.success(),
        "enkash {} ended with {status}",
        arguments.join(" ")
    );
    let bytes = fs::read_to_string(folder.join(MEMORY)).context("the memory of the command")?;
    Ok(bytes.parse()?)
}

/// Is the command, and then tells this file how many bytes of memory it held at most. (What the
/// system tells the parent counts the parent's own memory in.)
pub(crate) fn be_the_command(memory: &OsStr) -> anyhow::Result<ExitCode> {
    let done = enkash_cli::main();
    fs::write(memory, sandbox::status("VmHWM:")?.to_string())?;
    Ok(done)
}
