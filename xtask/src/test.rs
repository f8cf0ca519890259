//! `cargo xtask test`

use std::path::PathBuf;

use anyhow::Context as _;
use clap::Args;

use crate::contract;
use crate::layers::{self, Layers};
use crate::workspace::{Metadata, Outcome, Steps, cargo, output, program, root, succeed};

/// Does every check there is, and goes on after one that fails.
///
/// Proves that the code is formatted and free of warnings, that all tests and the examples in the
/// documentation pass, that every public thing is documented with links that lead somewhere, that
/// the layers hold (`layers`), that the declarations agree with EnKash's documentation
/// (`contract --check`), that all dependencies come from crates.io under licences that deny.toml
/// allows, and that the workspace builds with the Rust version that Cargo.toml promises.
///
/// cargo-deny is installed into target/tools if it is not there.
#[derive(Args)]
pub(crate) struct Test {}

/// The cargo-deny that is installed where there is none.
const CARGO_DENY: &str = "0.20.2";

pub(crate) fn run(Test {}: &Test) -> anyhow::Result<()> {
    let mut steps = Steps::new("test");
    steps.command("format", &mut cargo("fmt --all --check"));
    steps.command(
        "clippy",
        &mut cargo("clippy --workspace --all-targets --all-features -- --deny warnings"),
    );
    // Without the bench: a crate that it measures against changes how serde_json reads numbers,
    // and the tests are to see the reader that users get.
    steps.command(
        "tests",
        &mut cargo(
            "test --workspace --exclude enkash-bench --all-features --no-fail-fast \
             --lib --bins --tests --examples",
        ),
    );
    steps.command(
        "doc tests",
        &mut cargo("test --workspace --exclude enkash-bench --all-features --no-fail-fast --doc"),
    );
    steps.command(
        "documentation",
        cargo("doc --workspace --all-features --no-deps").env("RUSTDOCFLAGS", "--deny warnings"),
    );
    steps.step("layers", || {
        layers::run(&Layers {}).map(|()| Outcome::Passed)
    });
    steps.command("contract", &mut contract::program(true));
    steps.step("licences and bans", licences_and_bans);
    steps.step("oldest Rust", oldest_rust);
    steps.finish()
}

fn licences_and_bans() -> anyhow::Result<Outcome> {
    let here = PathBuf::from("cargo-deny");
    let own = root().join("target/tools/bin/cargo-deny");
    let is_there = |path: &PathBuf| output(program(path).arg("--version")).is_ok();
    let deny = if is_there(&here) {
        here
    } else {
        if !is_there(&own) {
            println!("installing cargo-deny into target/tools, which takes some minutes");
            succeed(&mut cargo(&format!(
                "install cargo-deny --version {CARGO_DENY} --locked --root target/tools"
            )))?;
        }
        own
    };
    // Known vulnerabilities are left out: their list is fetched from the network at each run.
    succeed(program(deny).args([
        "check",
        "--hide-inclusion-graph",
        "licenses",
        "bans",
        "sources",
    ]))?;
    Ok(Outcome::Passed)
}

/// The Rust version that Cargo.toml promises, tested for what it is.
fn oldest_rust() -> anyhow::Result<Outcome> {
    let metadata = Metadata::read()?;
    let promised = metadata
        .package("enkash-types")
        .and_then(|package| package.rust_version.as_deref())
        .context("enkash-types promises no rust-version")?;
    let running = output(program("rustc").arg("--version"))?;
    let installed = output(program("rustup").args(["toolchain", "list"])).unwrap_or_default();
    match plan(promised, &running, &installed) {
        Plan::Running => {
            println!("Rust {promised} is the one in use: the steps above are the proof");
            Ok(Outcome::Passed)
        }
        Plan::Installed(toolchain) => {
            let mut check = program("rustup");
            check.args(["run", &toolchain, "cargo", "check"]);
            check.args(["--workspace", "--all-features", "--target-dir"]);
            succeed(check.arg(format!("target/rust-{promised}")))?;
            Ok(Outcome::Passed)
        }
        Plan::Missing => Ok(Outcome::Skipped(format!(
            "Rust {promised} was not tested by this run: it is not installed, \
             `rustup toolchain install {promised}` gets it"
        ))),
    }
}

#[derive(Debug, PartialEq, Eq)]
enum Plan {
    /// The compiler in use is that version.
    Running,
    /// This toolchain of rustup's is that version.
    Installed(String),
    Missing,
}

/// How to test a version, from what `rustc --version` and `rustup toolchain list` print.
fn plan(promised: &str, running: &str, installed: &str) -> Plan {
    // 1.95 is kept by 1.95.0 and by 1.95.3, and not by 1.950.
    let is_promised = |version: &str| {
        version
            .strip_prefix(promised)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
    };
    if running.split_whitespace().nth(1).is_some_and(is_promised) {
        return Plan::Running;
    }
    installed
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .find(|toolchain| is_promised(toolchain))
        .map_or(Plan::Missing, |toolchain| {
            Plan::Installed(toolchain.to_owned())
        })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_ci_runs_commands_that_the_readme_has() {
        let read = |file: &str| fs::read_to_string(root().join(file)).unwrap();
        let (ci, readme) = (read(".ci/run"), read("README.md"));
        let commands: Vec<_> = ci
            .lines()
            .filter_map(|line| line.strip_prefix("readme '")?.strip_suffix('\''))
            .collect();
        assert_eq!(commands, ["cargo xtask test", "cargo xtask demo"]);
        for command in commands {
            assert!(
                readme.lines().any(|line| line.starts_with(command)),
                "{command}"
            );
        }
    }

    #[test]
    fn the_promised_version_is_tested_for_what_it_is() {
        let installed = "stable-x86_64-unknown-linux-gnu (active, default)\n\
                         1.95.0-x86_64-unknown-linux-gnu\n";
        let exact = Plan::Installed("1.95.0-x86_64-unknown-linux-gnu".to_owned());
        for (running, installed, expected) in [
            ("rustc 1.95.0 (59807616e 2026-04-14)", "", Plan::Running),
            ("rustc 1.97.1 (x 2026-08-01)", installed, exact),
            (
                "rustc 1.97.1 (x 2026-08-01)",
                "stable-x86_64\n",
                Plan::Missing,
            ),
            (
                "rustc 1.950.0 (x 2048-08-01)",
                "1.9-x86_64\n",
                Plan::Missing,
            ),
        ] {
            assert_eq!(plan("1.95", running, installed), expected, "{running}");
        }
    }
}
