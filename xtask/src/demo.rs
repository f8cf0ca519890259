//! `cargo xtask demo`

use std::process::ExitCode;

use clap::Args;

use crate::workspace::{cargo, hand_over};

/// Shows a payment from start to end, on this machine alone.
///
/// Builds the `enkash` command and runs `enkash demo`: a local EnKash on a loopback port, a token
/// of each kind, an order, its payment, the notification, and a call after the token ran out.
///
/// Proves that the layers work together: it ends with 0 only if each step held.
#[derive(Args)]
pub(crate) struct Demo {}

pub(crate) fn run(Demo {}: &Demo) -> ExitCode {
    hand_over(&mut cargo(
        "run --quiet --package enkash-cli --bin enkash -- demo",
    ))
}
