//! Commands of payouts.

mod account;
mod beneficiaries;
mod report;
mod run;
mod search;
mod source_accounts;
mod tally;
mod transfers;
mod webhook_config;

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

use clap::Subcommand;
use enkash_bulk::journal::JournalError;

use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Subcommand)]
#[command(after_help = "\
There is no list of transfers, of beneficiaries or of source accounts: how EnKash reads those is not \
documented. `statement` shows what was debited.")]
pub(crate) enum Command {
    /// Pay a file of many, once each, whatever happens in between. Asks before it does.
    Run(Box<run::Args>),
    /// See what became of each row of a run.
    Report(report::Args),
    /// Read how much there is to pay from.
    Balance(account::Balance),
    /// Read the bank's statement of the account that transfers are debited from.
    Statement(account::Statement),
    /// Pay one beneficiary. Asks before it does.
    Transfer(Box<transfers::Args>),
    /// Register somebody to pay, with a bank account or a UPI address.
    BeneficiaryAdd(Box<beneficiaries::Args>),
    /// Allow one of your bank accounts to fund the account that you pay from.
    SourceAdd(source_accounts::Args),
    /// Set the address and the events that EnKash calls back for.
    WebhookSet(webhook_config::Args),
}

pub(crate) async fn run(command: Command, output: &Output) -> Result<(), Failure> {
    match command {
        Command::Run(args) => run::run(*args, output).await,
        Command::Report(args) => report::run(args, output).await,
        Command::Balance(args) => account::balance(args, output).await,
        Command::Statement(args) => account::statement(args, output).await,
        Command::Transfer(args) => transfers::run(*args, output).await,
        Command::BeneficiaryAdd(args) => beneficiaries::run(*args, output).await,
        Command::SourceAdd(args) => source_accounts::run(args, output).await,
        Command::WebhookSet(args) => webhook_config::run(args, output).await,
    }
}

/// Says something on stderr, where nothing hangs on its being read.
fn say(text: &str) {
    let mut stderr = std::io::stderr().lock();
    let _ = stderr.write_all(text.as_bytes());
}

/// Makes a file that only its owner can read. It must not be there: a person may have written into it.
fn new_file(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A journal that cannot be used.
impl From<JournalError> for Failure {
    fn from(error: JournalError) -> Self {
        let said = error.to_string();
        match error {
            JournalError::InUse(_) | JournalError::Failed(_) | JournalError::Damaged(_) => {
                Self::Other(said)
            }
            _ => Self::Input(said),
        }
    }
}
