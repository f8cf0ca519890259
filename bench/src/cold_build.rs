//! What a program pays for `enkash-api`: processor time of a cold release build and stripped
//! size, against the same program without it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use nix::sys::resource::{UsageWho, getrusage};

use crate::report::{Report, Row, Target};

/// Builds of each program, by turns.
const ROUNDS: usize = 3;

struct Built {
    seconds: f64,
    bytes: f64,
}

pub(crate) fn measure(report: &mut Report) -> anyhow::Result<()> {
    for (ours, bare, names) in [
        (
            "enkash-reqwest",
            "bare-reqwest",
            [
                "processor time of a cold release build with `enkash-api`, against the same program on bare reqwest",
                "stripped size with `enkash-api`, beyond the same program on bare reqwest",
            ],
        ),
        (
            "enkash-hyper",
            "bare-hyper",
            [
                "processor time of a cold release build with `enkash-api` and the hyper transport, against bare hyper",
                "stripped size with `enkash-api` and the hyper transport, beyond bare hyper",
            ],
        ),
    ] {
        // Fetches what is missing before anything is measured.
        for program in [ours, bare] {
            run(Command::new("cargo")
                .args(["fetch", "--quiet"])
                .current_dir(folder(program)))?;
        }
        let (mut with, mut without) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            with.push(build(ours)?);
            without.push(build(bare)?);
        }
        // What else the machine does adds to processor time (shared caches, the scheduler) and
        // takes nothing away, so the least of the rounds is nearest to what the build needs.
        let least = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::INFINITY, f64::min);
        let seconds = |built: &[Built]| least(&mut built.iter().map(|built| built.seconds));
        let bytes = |built: &[Built]| least(&mut built.iter().map(|built| built.bytes));
        report.add(Row {
            what: names[0],
            target: Target::AtMost(1.3),
            measured: seconds(&with) / seconds(&without),
            unit: "×",
            behind: format!(
                "{:.1} s and {:.1} s, the least of {ROUNDS} builds each",
                seconds(&with),
                seconds(&without)
            ),
        });
        report.add(Row {
            what: names[1],
            target: Target::AtMost(1.5),
            measured: (bytes(&with) - bytes(&without)) / 1e6,
            unit: " MB more",
            behind: format!(
                "{:.2} MB and {:.2} MB",
                bytes(&with) / 1e6,
                bytes(&without) / 1e6
            ),
        });
    }
    Ok(())
}

fn folder(program: &str) -> PathBuf {
    Path::new("bench/programs").join(program)
}

/// Builds a program from nothing.
fn build(program: &str) -> anyhow::Result<Built> {
    let folder = folder(program);
    let target = folder.join("target");
    if target.exists() {
        std::fs::remove_dir_all(&target).context("clearing the last build")?;
    }
    let before = children_seconds()?;
    run(Command::new("cargo")
        .args(["build", "--release", "--quiet", "--offline"])
        .env("CARGO_TARGET_DIR", "target")
        .env("CARGO_INCREMENTAL", "0")
        .current_dir(&folder))?;
    let seconds = children_seconds()? - before;
    let bytes = std::fs::metadata(target.join("release").join(program))?.len() as f64;
    std::fs::remove_dir_all(&target)?;
    Ok(Built { seconds, bytes })
}

fn run(command: &mut Command) -> anyhow::Result<()> {
    let status = command.status().context("running cargo")?;
    ensure!(
        status.success(),
        "cargo failed in {:?}",
        command.get_current_dir()
    );
    Ok(())
}

/// Processor time that ended children of this process have used, in seconds.
fn children_seconds() -> anyhow::Result<f64> {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN)?;
    let seconds =
        |time: nix::sys::time::TimeVal| time.tv_sec() as f64 + time.tv_usec() as f64 / 1e6;
    Ok(seconds(usage.user_time()) + seconds(usage.system_time()))
}
