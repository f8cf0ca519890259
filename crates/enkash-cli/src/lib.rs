#![doc = include_str!("../README.md")]

mod api;
pub mod demo;
mod failure;
mod gateway;
mod input;
mod output;
mod sandbox;

/// The README's example is compiled with the tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
struct Readme;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser, Subcommand};

use failure::Failure;
use output::Output;

/// A local EnKash, and every call from the shell.
#[derive(Debug, Parser)]
#[command(name = "enkash", version, max_term_width = 100, after_help = AFTER_HELP)]
struct Cli {
    /// Write JSON; that is also what goes into a pipe or a file.
    #[arg(long, global = true, help_heading = "For every command")]
    json: bool,

    /// Say on stderr what is done; twice or three times says more. No secret is ever shown.
    #[arg(short, long, global = true, help_heading = "For every command", action = clap::ArgAction::Count)]
    verbose: u8,

    #[command(subcommand)]
    command: Command,
}

const AFTER_HELP: &str = "\
Environment:
  ENKASH_ENVIRONMENT                      test, live, or an address such as http://127.0.0.1:4010
  ENKASH_ACCESS_KEY, ENKASH_SECRET_KEY    keys of the payment gateway
  ENKASH_CLIENT_ID, ENKASH_CLIENT_SECRET,
  ENKASH_USERNAME, ENKASH_PASSWORD        OAuth client and user, for all other products
  ENKASH_COMPANY_ID                       clientId of the token form, where it is another
  ENKASH_PARTNER_ID                       for partners' routes

Exit codes:
  0  done
  1  EnKash refused, or could not be reached; nothing was done
  2  wrong input: an option, a file, a broken rule, a variable that is missing
  3  the outcome is unknown: EnKash may have done it. Find out before you try again";

#[derive(Debug, Subcommand)]
enum Command {
    /// Watch a payment happen, from the token to the receipt, on a local EnKash.
    Demo,
    /// Run a local EnKash until Ctrl-C.
    Sandbox(sandbox::Args),
    /// Make and read orders.
    #[command(subcommand)]
    Orders(gateway::orders::Command),
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
        Command::Orders(command) => gateway::orders::run(command, output).await,
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
}
