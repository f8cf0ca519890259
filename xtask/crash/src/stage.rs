//! A sandbox in which much goes wrong, a file, and the command that pays it.

use std::env;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, ensure};
use enkash_sandbox::{Config, Fault, FaultKind, Sandbox};
use serde_json::json;
use tokio::process::{Child, Command};

use crate::agreement::Ledger;
use crate::report::{self, Reported};

/// What goes wrong with calls of any kind, the token's too, and with how many of a hundred.
const FAULTS: [(FaultKind, u8); 4] = [
    (FaultKind::LostAnswer, 5),
    (FaultKind::Reset, 5),
    (FaultKind::ServerError, 5),
    (FaultKind::Slow, 2),
];

/// How long a slow answer takes.
const SLOW_SECONDS: u64 = 1;

const FILE: &str = "payouts.csv";
const JOURNAL: &str = "run.db";
const REPORT: &str = "report.csv";
const OUTPUT: &str = "output.log";

const REPORT_IT: [&str; 6] = ["payouts", "report", "--journal", JOURNAL, "--csv", REPORT];

const FUND_SOURCE: &str = "ENKASH_FUND_SOURCE_ID";
const DEBIT_ACCOUNT: &str = "ENKASH_DEBIT_ACCOUNT_NUMBER";

pub(crate) struct Stage {
    pub(crate) sandbox: Sandbox,
    /// Whether the command is given no account that it could read the statement of.
    is_blind: bool,
    /// How many rows it sends in a request.
    batch: String,
    /// The command.
    enkash: PathBuf,
    /// Where the file and the journal are, and what the command says.
    pub(crate) folder: PathBuf,
}

impl Stage {
    /// A sandbox whose faults are drawn by this seed, and this file.
    pub(crate) async fn set(
        seed: u64,
        file: &str,
        is_blind: bool,
        batch: u32,
    ) -> anyhow::Result<Self> {
        let sandbox = Sandbox::start(Config::new().with_seed(seed)).await?;
        for (kind, percent) in FAULTS {
            let fault = Fault::new("*", kind).percent(percent).times(u32::MAX);
            sandbox.fault(fault.seconds(SLOW_SECONDS))?;
        }
        let folder = folder();
        if folder.exists() {
            fs::remove_dir_all(&folder)?;
        }
        fs::create_dir_all(&folder)?;
        fs::write(folder.join(FILE), file)?;
        Ok(Self {
            sandbox,
            is_blind,
            batch: batch.to_string(),
            enkash: enkash()?,
            folder,
        })
    }

    /// Starts the run, or goes on with it: it is the same command.
    pub(crate) fn start(&self) -> anyhow::Result<Child> {
        let arguments = ["payouts", "run", FILE, "--journal", JOURNAL, "--yes"];
        let mut command = self.command(&arguments)?;
        command.args(["--batch", &self.batch]);
        command.spawn().context("the command does not start")
    }

    /// What the command reports of the journal.
    pub(crate) async fn report(&self) -> anyhow::Result<Vec<Reported>> {
        let mut command = self.report_it()?;
        // Without its account it has no statement to compare with, and calls nobody.
        let status = command.env_remove(FUND_SOURCE).status().await?;
        ensure!(
            status.success(),
            "`enkash payouts report` ended with {status}"
        );
        report::read(&self.folder.join(REPORT))
    }

    /// Fails where the command says that the journal and the bank's statement do not agree. Nothing
    /// goes wrong from now on.
    pub(crate) async fn reconcile(&self) -> anyhow::Result<()> {
        let faults = self.sandbox.look("faults").await?;
        for fault in faults["faults"].as_array().into_iter().flatten() {
            self.sandbox.control("faults/remove", fault.clone()).await?;
        }
        let account = self.sandbox.credentials().debit_account_number.as_str();
        let mut command = self.report_it()?;
        let status = command.env(DEBIT_ACCOUNT, account).status().await?;
        ensure!(
            status.success(),
            "journal and statement do not agree; the report said\n{}",
            self.last_words()
        );
        Ok(())
    }

    /// Lets so much time pass in the sandbox that banks have settled what they settle at their hours.
    pub(crate) async fn wait_for_the_banks(&self) -> anyhow::Result<()> {
        const DAYS: u64 = 7;
        let time = json!({"advanceSeconds": DAYS * 24 * 60 * 60});
        self.sandbox.control("clock", time).await?;
        Ok(())
    }

    /// The command that reports. It writes over nothing, so the last report is taken away.
    fn report_it(&self) -> io::Result<Command> {
        match fs::remove_file(self.folder.join(REPORT)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => self.command(&REPORT_IT),
        }
    }

    /// What the sandbox says that it paid.
    pub(crate) async fn ledger(&self) -> anyhow::Result<Ledger> {
        let ledger = self.sandbox.look("payouts/ledger").await?;
        serde_json::from_value(ledger).context("the sandbox's ledger cannot be read")
    }

    /// The last lines that the command said.
    pub(crate) fn last_words(&self) -> String {
        let said = fs::read(self.folder.join(OUTPUT)).unwrap_or_default();
        let said = String::from_utf8_lossy(&said);
        let lines: Vec<_> = said.lines().collect();
        let last = lines.len().saturating_sub(10);
        lines.get(last..).unwrap_or_default().join("\n")
    }

    fn command(&self, arguments: &[&str]) -> io::Result<Command> {
        let credentials = self.sandbox.credentials();
        let mut output = File::options();
        let output = output
            .create(true)
            .append(true)
            .open(self.folder.join(OUTPUT))?;
        let mut command = Command::new(&self.enkash);
        command
            .args(arguments)
            .current_dir(&self.folder)
            .env_clear()
            .env("ENKASH_ENVIRONMENT", self.sandbox.url())
            .env("ENKASH_CLIENT_ID", &credentials.client_id)
            .env("ENKASH_CLIENT_SECRET", credentials.client_secret.expose())
            .env("ENKASH_USERNAME", &credentials.username)
            .env("ENKASH_PASSWORD", credentials.password.expose())
            .env(FUND_SOURCE, &credentials.fund_source_id)
            .stdin(Stdio::null())
            .stdout(output.try_clone()?)
            .stderr(output)
            .kill_on_drop(true);
        if !self.is_blind {
            let account = credentials.debit_account_number.as_str();
            command.env(DEBIT_ACCOUNT, account);
        }
        Ok(command)
    }
}

/// Where the file and the journal go. They are left there, to be looked at.
fn folder() -> PathBuf {
    // Cargo names the folder when it runs this program, also after the repository was moved.
    let package = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let root = package.ancestors().nth(2).unwrap_or(Path::new("."));
    root.join("target/crash")
}

/// The command, which `cargo xtask crash` builds beside this program.
fn enkash() -> anyhow::Result<PathBuf> {
    let name = format!("enkash{}", env::consts::EXE_SUFFIX);
    let path = env::current_exe()?.with_file_name(name);
    ensure!(
        path.exists(),
        "there is no {}; see `cargo xtask crash --help`",
        path.display()
    );
    Ok(path)
}
