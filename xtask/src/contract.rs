//! `cargo xtask contract`

use std::process::{Command, ExitCode};

use clap::Args;

use crate::workspace::{cargo, hand_over};

/// Holds every declaration against EnKash's documentation, and writes docs/coverage.md.
///
/// Proves that what is declared is what docs/contract/*.yaml says: method, path, host, auth,
/// headers, sealing, envelope, and of request, answer and webhook every field with its type,
/// whether it is required, its values, pattern and limits. Every difference is an error unless
/// docs/contract/differences.yaml lists it with its reason, and so is one that is listed and no
/// longer there.
#[derive(Args)]
pub(crate) struct Contract {
    /// Write nothing; fail if docs/coverage.md is not up to date.
    #[arg(long)]
    check: bool,
}

pub(crate) fn run(Contract { check }: &Contract) -> ExitCode {
    hand_over(&mut program(*check))
}

/// The program that does it.
pub(crate) fn program(check: bool) -> Command {
    let mut command = cargo("run --quiet --package xtask-contract --");
    if check {
        command.arg("--check");
    }
    command
}
