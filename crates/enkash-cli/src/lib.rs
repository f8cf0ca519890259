#![doc = include_str!("../README.md")]

mod api;
mod ask;
pub mod demo;
mod failure;
mod fields;
mod gateway;
mod input;
mod listen;
mod moment;
mod output;
mod payouts;
mod polling;
mod sandbox;
mod verification;

/// The README's example is compiled with the tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

/// The programs of the guides are run with the tests.
#[cfg(doctest)]
mod guides {
    #[doc = include_str!("../../../docs/guides/first-payment.md")]
    struct FirstPayment;
    #[doc = include_str!("../../../docs/guides/refunds.md")]
    struct Refunds;
    #[doc = include_str!("../../../docs/guides/webhooks.md")]
    struct Webhooks;
    #[doc = include_str!("../../../docs/guides/mandates.md")]
    struct Mandates;
    #[doc = include_str!("../../../docs/guides/split-settlement.md")]
    struct SplitSettlement;
    #[doc = include_str!("../../../docs/guides/bulk-payouts.md")]
    struct BulkPayouts;
}

use std::io::IsTerminal as _;
use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use failure::Failure;
use output::Output;

/// A local EnKash, and every call from the shell.
#[derive(Debug, Parser)]
#[command(name = "enkash", version, max_term_width = MAX_WIDTH, after_help = AFTER_HELP)]
struct Cli {
    /// Write JSON; that is also what goes into a pipe or a file.
    #[arg(long, global = true, help_heading = "For every command")]
    json: bool,

    /// Say on stderr what is done; twice or three times says more; never a secret.
    #[arg(short, long, global = true, help_heading = "For every command", action = clap::ArgAction::Count)]
    verbose: u8,

    #[command(subcommand)]
    command: Command,
}

/// How wide help is at most.
const MAX_WIDTH: usize = 100;

const AFTER_HELP: &str = "\
Environment:
  ENKASH_ENVIRONMENT                      test, live, or an address such as http://127.0.0.1:4010
  ENKASH_ACCESS_KEY, ENKASH_SECRET_KEY    keys of the payment gateway
  ENKASH_CLIENT_ID, ENKASH_CLIENT_SECRET,
  ENKASH_USERNAME, ENKASH_PASSWORD        OAuth client and user, for all other products
  ENKASH_COMPANY_ID                       clientId of the token form, where it is another
  ENKASH_PARTNER_ID                       for partners' routes
  ENKASH_FUND_SOURCE_ID,
  ENKASH_DEBIT_ACCOUNT_NUMBER             the account that payouts are paid from
  ENKASH_VERIFICATION_HOST,
  ENKASH_VERIFICATION_AUTH                where `verify` is, and its token: oauth, merchant, none

Exit codes:
  0  done
  1  it did not work: EnKash refused or could not be reached, a port or a file is in use
  2  wrong input: an option, a file, a broken rule, a variable that is missing
  3  the outcome is unknown: EnKash may have done it. Find out before you try again.
     Of a command that waits: the time is up";

#[derive(Debug, Subcommand)]
enum Command {
    /// Watch a payment happen, from the token to the receipt, on a local EnKash.
    Demo,
    /// Run a local EnKash until Ctrl-C.
    Sandbox(sandbox::Args),
    /// Receive webhooks, show them, and post them on to your own server, until Ctrl-C.
    Listen(listen::Args),
    /// Make orders, read them, and follow one until it is paid.
    #[command(subcommand)]
    Orders(gateway::orders::Command),
    /// Pay orders from your own page, server to server, and read payments.
    #[command(subcommand)]
    Payments(gateway::payments::Command),
    /// Pay orders by UPI: QR code, app links, waiting, and checking an address.
    #[command(subcommand)]
    Upi(gateway::upi::Command),
    /// Give money back.
    #[command(subcommand)]
    Refunds(gateway::refunds::Command),
    /// See what EnKash paid out to you, and for which payments.
    #[command(subcommand)]
    Settlements(gateway::settlements::Command),
    /// UPI QR codes that take payments without an order.
    #[command(subcommand)]
    Qr(gateway::qr::Command),
    /// Customers for QR codes.
    #[command(subcommand)]
    Customers(gateway::customers::Command),
    /// UPI mandates: debits that repeat.
    #[command(subcommand)]
    Mandates(gateway::mandates::Command),
    /// Payments that are divided over several accounts.
    #[command(subcommand)]
    Split(gateway::split::Command),
    /// Bank account numbers that customers pay into.
    #[command(subcommand)]
    VirtualAccounts(gateway::virtual_accounts::Command),
    /// Pay money out: to one, or to a file of many, once each.
    #[command(subcommand)]
    Payouts(payouts::Command),
    /// Ask whether a bank account is there, and whose it is.
    #[command(subcommand)]
    Verify(verification::Command),
    /// Every declared operation: list, JSON Schema, check, call.
    #[command(subcommand)]
    Api(api::Command),
    /// Print completions for a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

/// Runs the command with this process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    start_log(cli.verbose);
    let output = Output::new(cli.json);
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => return Failure::Other(format!("cannot start: {error}")).report(),
    };
    match runtime.block_on(run(cli.command, &output)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.report(),
    }
}

async fn run(command: Command, output: &Output) -> Result<(), Failure> {
    match command {
        Command::Demo => demo::run(output).await,
        Command::Sandbox(args) => sandbox::run(args, output).await,
        Command::Listen(args) => listen::run(args, output).await,
        Command::Orders(command) => gateway::orders::run(command, output).await,
        Command::Payments(command) => gateway::payments::run(command, output).await,
        Command::Upi(command) => gateway::upi::run(command, output).await,
        Command::Refunds(command) => gateway::refunds::run(command, output).await,
        Command::Settlements(command) => gateway::settlements::run(command, output).await,
        Command::Qr(command) => gateway::qr::run(command, output).await,
        Command::Customers(command) => gateway::customers::run(command, output).await,
        Command::Mandates(command) => gateway::mandates::run(command, output).await,
        Command::Split(command) => gateway::split::run(command, output).await,
        Command::VirtualAccounts(command) => gateway::virtual_accounts::run(command, output).await,
        Command::Payouts(command) => payouts::run(command, output).await,
        Command::Verify(command) => verification::run(command, output).await,
        Command::Api(command) => api::run(command, output).await,
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "enkash", &mut script);
            output.raw(&String::from_utf8_lossy(&script))
        }
    }
}

fn start_log(verbose: u8) {
    let level = match verbose {
        0 => return,
        1 => tracing::Level::INFO,
        2 => tracing::Level::DEBUG,
        _ => tracing::Level::TRACE,
    };
    tracing_subscriber::fmt()
        .with_max_level(level)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    /// A line that is wider is broken, in the middle of a table.
    #[test]
    fn the_help_fits_its_width() {
        let width = AFTER_HELP.lines().map(str::len).max();
        assert!(width <= Some(MAX_WIDTH), "{width:?}");
    }

    /// Who asks for help with a command that takes something gets something to copy.
    #[test]
    fn commands_show_an_example() {
        let others = ["demo", "sandbox", "listen", "completions"];
        for group in Cli::command().get_subcommands() {
            if others.contains(&group.get_name()) {
                continue;
            }
            for command in group.get_subcommands() {
                let name = format!("enkash {} {}", group.get_name(), command.get_name());
                let help = command.get_after_help().map(ToString::to_string);
                assert!(help.unwrap_or_default().contains(&name), "{name}");
            }
        }
    }
}
