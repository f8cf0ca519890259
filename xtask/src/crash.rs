//! `cargo xtask crash`

use std::process::ExitCode;

use clap::Args;

use crate::workspace::{cargo, hand_over};

/// Kills a bulk run of payouts again and again, and looks whether every row is paid exactly once.
///
/// Proves that `enkash payouts run` pays each row of its file once, whatever happens in between:
/// 2,000 rows, to a sandbox in which 5 % of all answers are lost, 5 % of all calls are reset, 5 % are
/// refused with 503 and some are slow; killed with SIGKILL a hundred times, at moments that are
/// drawn by the rows that are paid, by calls and by time, and started again with the same command
/// each time.
/// In the end every row is in the sandbox's ledger once and nothing else is, the report says of
/// every row what the ledger says and agrees with the statement, and the sums match to the paisa.
///
/// It takes `--seed N`, `--rows N`, `--kills N` and `--batch N`. The seed is printed first; the same
/// one draws the same file, the same faults (of the first call, the second, …) and the same moments.
/// With `--blind` the command has no statement to look into, and settles by asking for the same id
/// again.
/// The file, the journal and what the command said are left in target/crash.
#[derive(Args)]
pub(crate) struct Crash {
    /// What the program itself takes; `cargo xtask crash -- --help` lists it.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

pub(crate) fn run(Crash { arguments }: &Crash) -> ExitCode {
    // The command that is killed. The program that kills it looks for it where it is itself.
    let built = hand_over(&mut cargo(
        "build --quiet --package enkash-cli --bin enkash",
    ));
    if built != ExitCode::SUCCESS {
        return built;
    }
    let mut command = cargo("run --quiet --package xtask-crash --");
    hand_over(command.args(arguments))
}
