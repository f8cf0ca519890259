//! `cargo xtask fuzz`

use std::fs::{self, File};
use std::hash::{BuildHasher as _, RandomState};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;

use crate::workspace::{Outcome, Steps, cargo, output, program, root, succeed};

/// Feeds every decoder, and a sandbox, with inputs that nobody would think of.
///
/// Proves that no request, answer, webhook, text, sealed body or path, and no row of calls to a
/// sandbox, was found that makes them panic, hang, or take more and more memory; that what was
/// read is written and read again as the same; and that a client can read whatever the sandbox
/// answers. How hard it looks is a matter of time: a minute for each target, or --seconds.
///
/// The targets are those in fuzz/fuzz_targets. They are built with the compiler in use, which
/// need not be a nightly one, and with a C++ compiler. Every run starts from inputs that the
/// targets make up themselves, so a seed repeats a run as far as it came in its time (of the
/// sandbox nearly: its port and its tables differ each time). An input that breaks something is
/// kept in target/fuzz, and breaks it again.
#[derive(Args)]
pub(crate) struct Fuzz {
    /// This target alone, by the name of its file.
    target: Option<String>,
    /// How long each target runs.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..))]
    seconds: u32,
    /// Repeats the run that printed this seed.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    seed: Option<u32>,
    /// Runs the target on this input alone: a file that an earlier run kept.
    #[arg(long, value_name = "FILE", requires = "target")]
    input: Option<PathBuf>,
}

/// What makes the compiler tell libFuzzer of each branch that is taken. A stable compiler knows
/// these flags, which are those of cargo-fuzz but for the tracing of comparisons: that takes half
/// of the time and finds no more here.
const COVERAGE: &[&str] = &[
    "-Cpasses=sancov-module",
    "-Cllvm-args=-sanitizer-coverage-level=3",
    "-Cllvm-args=-sanitizer-coverage-inline-8bit-counters",
    "-Cllvm-args=-sanitizer-coverage-pc-table",
    "-Ccodegen-units=1",
];

/// Bytes of an input, seconds for it, and megabytes for all, at most.
const LIMITS: &[&str] = &["-max_len=4096", "-timeout=10", "-rss_limit_mb=512"];

/// Where everything that is built and found goes.
const FOLDER: &str = "target/fuzz";

pub(crate) fn run(fuzz: &Fuzz) -> anyhow::Result<()> {
    let targets = chosen(targets()?, fuzz.target.as_deref())?;
    let host = host()?;
    build(&host, fuzz.target.as_deref())?;
    let binary = |target: &str| root().join(FOLDER).join(&host).join("release").join(target);

    if let (Some(target), Some(input)) = (&fuzz.target, &fuzz.input) {
        // The file as it is seen from where the command was given.
        let input = std::path::absolute(input)?;
        if !input.is_file() {
            bail!("{} is no file", input.display());
        }
        succeed(program(binary(target)).args(LIMITS).arg(input))?;
        println!("{target}: nothing is wrong with this input");
        return Ok(());
    }

    let seed = fuzz.seed.unwrap_or_else(|| any_seed(&RandomState::new()));
    println!("fuzz: seed {seed}; --seed {seed} repeats this run");
    let has_fixed_addresses = output(program("setarch").args(["-R", "true"])).is_ok();
    if !has_fixed_addresses {
        println!("fuzz: `setarch -R` is not to be had here, so no run repeats another exactly");
    }
    let mut steps = Steps::new("fuzz");
    for target in &targets {
        steps.step(target, || {
            let places = Places::of(&root().join(FOLDER), target);
            places.clear()?;
            let mut command = if has_fixed_addresses {
                // Among what libFuzzer goes by are the addresses of things.
                let mut command = program("setarch");
                command.arg("-R").arg(binary(target));
                command
            } else {
                program(binary(target))
            };
            command.args(arguments(seed, fuzz.seconds, &places));
            let log = File::create(&places.log)?;
            let status = command
                .stdout(log.try_clone()?)
                .stderr(log)
                .status()
                .with_context(|| format!("could not run {target}"))?;
            let log = String::from_utf8_lossy(&fs::read(&places.log)?).into_owned();
            if !status.success() {
                bail!("{}", found(target, &log, &places)?);
            }
            println!("{target}: {}", summary(&log));
            Ok(Outcome::Passed)
        });
    }
    steps.finish()
}

/// The names of all targets, in order.
fn targets() -> anyhow::Result<Vec<String>> {
    let folder = root().join("fuzz/fuzz_targets");
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).with_context(|| folder.display().to_string())? {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "rs")
            && let Some(name) = file.file_stem()
        {
            names.push(name.to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn chosen(all: Vec<String>, target: Option<&str>) -> anyhow::Result<Vec<String>> {
    match target {
        None => Ok(all),
        Some(target) if all.iter().any(|name| name == target) => Ok(vec![target.to_owned()]),
        Some(target) => bail!("no target is called {target}; there are {}", all.join(", ")),
    }
}

/// The platform that the compiler builds for.
fn host() -> anyhow::Result<String> {
    let version = output(program("rustc").arg("-vV"))?;
    let host = version.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("rustc -vV names no host")
}

fn build(host: &str, target: Option<&str>) -> anyhow::Result<()> {
    let cxx = std::env::var_os("CXX").unwrap_or_else(|| "c++".into());
    if output(program(&cxx).arg("--version")).is_err() {
        bail!(
            "libFuzzer is built with a C++ compiler, and there is none: sudo apt-get install g++"
        );
    }
    take_versions()?;
    let mut command = cargo("build --release --manifest-path fuzz/Cargo.toml");
    // With a target named, the flags are not for build scripts.
    command.args(["--target", host, "--target-dir", FOLDER]);
    command.env("RUSTFLAGS", COVERAGE.join(" "));
    if let Some(target) = target {
        command.args(["--bin", target]);
    }
    succeed(&mut command)
}

/// Fuzzes the versions of dependencies that the workspace has: cargo adds what is not among them.
fn take_versions() -> anyhow::Result<()> {
    let (from, to) = (root().join("Cargo.lock"), root().join("fuzz/Cargo.lock"));
    let changed = |file: &Path| fs::metadata(file).and_then(|data| data.modified());
    let is_new = match changed(&to) {
        Ok(taken) => changed(&from)? > taken,
        Err(_) => true,
    };
    if is_new {
        fs::copy(&from, &to).context("fuzz/Cargo.lock")?;
    }
    Ok(())
}

/// Where a target keeps what.
struct Places {
    /// Inputs that it goes on from.
    corpus: PathBuf,
    /// Inputs that broke something.
    found: PathBuf,
    log: PathBuf,
}

impl Places {
    fn of(folder: &Path, target: &str) -> Self {
        Self {
            corpus: folder.join("corpus").join(target),
            found: folder.join("found").join(target),
            log: folder.join("log").join(target),
        }
    }

    /// Makes what is not there, and empties the corpus, so that a seed repeats a run. What was
    /// found stays.
    fn clear(&self) -> anyhow::Result<()> {
        if self.corpus.exists() {
            fs::remove_dir_all(&self.corpus)?;
        }
        for folder in [Some(&*self.corpus), Some(&*self.found), self.log.parent()] {
            fs::create_dir_all(folder.unwrap_or(Path::new(".")))?;
        }
        Ok(())
    }
}

/// What libFuzzer is told.
fn arguments(seed: u32, seconds: u32, places: &Places) -> Vec<String> {
    let mut arguments: Vec<_> = LIMITS.iter().map(|limit| (*limit).to_owned()).collect();
    arguments.extend([
        format!("-seed={seed}"),
        format!("-max_total_time={seconds}"),
        "-print_final_stats=1".to_owned(),
        // Another process does not write into the corpus.
        "-reload=0".to_owned(),
        // What comes after the equals sign is put in front of a file's name.
        format!("-artifact_prefix={}/", places.found.display()),
        places.corpus.display().to_string(),
    ]);
    arguments
}

/// A seed for a run that was given none.
fn any_seed(chance: &RandomState) -> u32 {
    // libFuzzer takes 0 for no seed.
    u32::try_from(chance.hash_one("a seed") % u64::from(u32::MAX)).map_or(1, |seed| seed + 1)
}

/// A run in a few words, from what libFuzzer printed at its end.
fn summary(log: &str) -> String {
    let stat = |name: &str| {
        let mut lines = log.lines();
        let value = lines.find_map(|line| line.strip_prefix("stat::")?.strip_prefix(name));
        value.map_or("?", |value| value.trim_start_matches(':').trim())
    };
    format!(
        "{} runs, {} a second, {} inputs that reached something new, {} MB at most",
        stat("number_of_executed_units"),
        stat("average_exec_per_sec"),
        stat("new_units_added"),
        stat("peak_rss_mb"),
    )
}

/// What was found, and how to run it again.
fn found(target: &str, log: &str, places: &Places) -> anyhow::Result<String> {
    let written = log.lines().find_map(|line| {
        line.split_once("Test unit written to ")
            .map(|(_, file)| file)
    });
    let Some(file) = written else {
        // It broke before its first input.
        return Ok(format!(
            "{}\nall of it is in {}",
            last(log),
            places.log.display()
        ));
    };
    let file = shown(Path::new(file.trim()));
    Ok(format!(
        "{}\nfound {file}; to run it again:\n  cargo xtask fuzz {target} --input {file}\n\
         all that was printed is in {}",
        last(log),
        shown(&places.log)
    ))
}

/// A file as seen from the root folder.
fn shown(file: &Path) -> String {
    let root = root();
    file.strip_prefix(root)
        .unwrap_or(file)
        .display()
        .to_string()
}

/// The panic, or whatever libFuzzer had to say.
fn last(log: &str) -> String {
    let lines: Vec<_> = log.lines().collect();
    let is_start = |line: &&str| line.contains(" panicked at ") || line.starts_with("==");
    let start = lines
        .iter()
        .position(is_start)
        .unwrap_or(lines.len().saturating_sub(20));
    lines[start..]
        .iter()
        .take(20)
        .copied()
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_target_can_be_built_and_chosen() {
        let manifest = fs::read_to_string(root().join("fuzz/Cargo.toml")).unwrap();
        let all = targets().unwrap();
        for target in &all {
            let declared = format!("name = \"{target}\"\npath = \"fuzz_targets/{target}.rs\"");
            assert!(manifest.contains(&declared), "{target}");
            assert_eq!(
                chosen(all.clone(), Some(target)).unwrap(),
                [target.as_str()]
            );
        }
        assert_eq!(manifest.matches("[[bin]]").count(), all.len());
        let error = chosen(vec!["a".into(), "b".into()], Some("c")).unwrap_err();
        assert_eq!(error.to_string(), "no target is called c; there are a, b");
    }

    #[test]
    fn a_run_is_bounded_and_repeatable() {
        let places = Places::of(Path::new("/w"), "wire");
        assert_eq!(
            arguments(7, 60, &places),
            [
                "-max_len=4096",
                "-timeout=10",
                "-rss_limit_mb=512",
                "-seed=7",
                "-max_total_time=60",
                "-print_final_stats=1",
                "-reload=0",
                "-artifact_prefix=/w/found/wire/",
                "/w/corpus/wire",
            ]
        );
        assert_ne!(any_seed(&RandomState::new()), 0);
    }

    #[test]
    fn a_run_is_summed_up() {
        let log = "Done 9 runs in 2 second(s)\n\
                   stat::number_of_executed_units: 9\n\
                   stat::average_exec_per_sec:     4\n\
                   stat::new_units_added:          3\n\
                   stat::slowest_unit_time_sec:    0\n\
                   stat::peak_rss_mb:              27\n";
        assert_eq!(
            summary(log),
            "9 runs, 4 a second, 3 inputs that reached something new, 27 MB at most"
        );
    }

    #[test]
    fn what_is_found_says_how_to_run_it_again() {
        let places = Places::of(&root().join(FOLDER), "wire");
        let log = format!(
            "INFO: Seed: 7\n#2 INITED\n\nthread 'x' panicked at a.rs:1:2:\nbroken\n\
             ==12== ERROR: libFuzzer: deadly signal\n\
             artifact_prefix='x'; Test unit written to {}/crash-1f\n",
            places.found.display()
        );
        let said = found("wire", &log, &places).unwrap();
        assert!(
            said.starts_with("thread 'x' panicked at a.rs:1:2:\nbroken\n"),
            "{said}"
        );
        assert!(
            said.contains("\n  cargo xtask fuzz wire --input target/fuzz/found/wire/crash-1f\n"),
            "{said}"
        );
        let early = found("wire", "no seed for create_order", &places).unwrap();
        assert!(early.starts_with("no seed for create_order\n"), "{early}");
    }
}
