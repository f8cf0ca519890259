//! `cargo xtask bench`

use std::process::ExitCode;

use clap::Args;

use crate::workspace::{cargo, hand_over};

/// Measures, side by side in one run, and writes docs/performance.md
///
/// Proves that client and sandbox cost little next to the same thing written by hand:
///
/// - calls over the hyper transport against a bare hyper and serde_json loop, same server, 64 at a
///   time (at least 0.90 of its throughput);
/// - reading a live token (at most 100 ns);
/// - checking a `CreateOrder` (at most 300 ns, and at least 10 times faster than the jsonschema
///   crate with our own schema);
/// - cold release build and stripped size of a program that uses enkash-api, against the same
///   program on bare reqwest and, with the hyper transport, on bare hyper (at most 1.3 times the
///   CPU time, at most 1.5 MB more);
/// - the sandbox's create_order against a bare axum handler that returns a constant (at least 0.6 of
///   its throughput), its 99th percentile at 1,000 calls a second (at most 5 ms), and the memory of
///   an order among a million (at most 1 KiB);
/// - checking a file of 100,000 payouts (at least 300,000 rows a second), the transfer rate of a bulk
///   run against a bare loop of the client (at least 0.8 of it), and the memory of the command over a
///   million rows (at most 64 MB);
/// - sealing a body against AES and base64 by hand (at most 1.3 times).
///
/// Run it on a quiet machine.
#[derive(Args)]
#[command(verbatim_doc_comment)]
pub(crate) struct Bench {
    /// What the benchmark program itself takes; `cargo xtask bench -- --help` lists it.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

pub(crate) fn run(Bench { arguments }: &Bench) -> ExitCode {
    let mut command = cargo("run --quiet --release --package enkash-bench --");
    hand_over(command.args(arguments))
}
