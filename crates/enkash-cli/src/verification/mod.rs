//! Commands of the verification suite.

mod bank_accounts;

use clap::Subcommand;
use enkash_api::Client;

use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Subcommand)]
#[command(after_help = "\
EnKash's documentation names neither the host of these calls nor the token that they carry. Ask \
EnKash, and set ENKASH_VERIFICATION_HOST and ENKASH_VERIFICATION_AUTH (oauth, merchant or none). \
Where ENKASH_ENVIRONMENT is an address, all calls go there, and the host is not looked at. The sandbox \
takes ENKASH_VERIFICATION_AUTH=oauth.")]
pub(crate) enum Command {
    /// Ask whether a bank account is there, and whose it is.
    BankAccount(bank_accounts::Args),
}

pub(crate) async fn run(command: Command, output: &Output) -> Result<(), Failure> {
    let client = Client::from_env()?;
    match command {
        Command::BankAccount(args) => bank_accounts::run(args, &client, output).await,
    }
}
