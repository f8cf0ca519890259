//! What was measured, against what was promised.

use std::fmt::Write as _;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};

/// Which side of a limit is good.
#[derive(Clone, Copy)]
pub(crate) enum Target {
    AtLeast(f64),
    AtMost(f64),
}

pub(crate) struct Row {
    pub(crate) what: &'static str,
    pub(crate) target: Target,
    pub(crate) measured: f64,
    pub(crate) unit: &'static str,
    /// The absolute figures behind it.
    pub(crate) behind: String,
}

impl Row {
    fn is_kept(&self) -> bool {
        match self.target {
            Target::AtLeast(least) => self.measured >= least,
            Target::AtMost(most) => self.measured <= most,
        }
    }
}

pub(crate) struct Report {
    rows: Vec<Row>,
}

impl Report {
    pub(crate) fn new() -> Self {
        Self { rows: Vec::new() }
    }

    pub(crate) fn add(&mut self, row: Row) {
        eprintln!(
            "{}: {:.2}{} ({})",
            row.what, row.measured, row.unit, row.behind
        );
        self.rows.push(row);
    }

    pub(crate) fn finish(self, write: bool) -> anyhow::Result<()> {
        let mut page = String::from(
            "# Performance\n\n\
             Written by `cargo xtask bench`; do not edit. Every ratio compares two things that were\n\
             measured in the same run on the same machine, by turns. Absolute figures are that\n\
             machine's and say little about another.\n\n\
             | what | target | measured | | behind it |\n|---|---|---|---|---|\n",
        );
        for row in &self.rows {
            let target = match row.target {
                Target::AtLeast(least) => format!("at least {least}{}", row.unit),
                Target::AtMost(most) => format!("at most {most}{}", row.unit),
            };
            let kept = if row.is_kept() { "kept" } else { "**missed**" };
            writeln!(
                page,
                "| {} | {target} | {:.2}{} | {kept} | {} |",
                row.what, row.measured, row.unit, row.behind
            )?;
        }
        writeln!(page, "\nMeasured with {} on {} cores.", rustc()?, cores())?;
        if write {
            std::fs::write("docs/performance.md", &page).context("writing docs/performance.md")?;
        } else {
            print!("{page}");
        }
        let missed: Vec<_> = self
            .rows
            .iter()
            .filter(|row| !row.is_kept())
            .map(|row| row.what)
            .collect();
        if !missed.is_empty() {
            bail!("missed: {}", missed.join("; "));
        }
        Ok(())
    }
}

fn rustc() -> anyhow::Result<String> {
    let output = Command::new("rustc").arg("--version").output()?;
    Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

fn cores() -> usize {
    std::thread::available_parallelism().map_or(1, Into::into)
}

/// The middle one.
pub(crate) fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Nanoseconds that one run of `work` takes: the middle of several rounds.
pub(crate) fn nanoseconds(rounds: u32, runs: u32, mut work: impl FnMut()) -> f64 {
    let mut round = || {
        let start = Instant::now();
        for _ in 0..runs {
            work();
        }
        per_run(start.elapsed(), runs)
    };
    round(); // warms caches and branch predictors
    median((0..rounds).map(|_| round()).collect())
}

fn per_run(elapsed: Duration, runs: u32) -> f64 {
    elapsed.as_secs_f64() * 1e9 / f64::from(runs)
}
