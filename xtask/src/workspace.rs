//! Where the workspace is, what is in it, and how its commands are run.

use std::env;
use std::path::PathBuf;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail};
use serde::Deserialize;

/// The root folder of the repository.
pub(crate) fn root() -> PathBuf {
    // Cargo names the folder when it runs this program, also after the repository was moved.
    let xtask = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    xtask.parent().map_or(xtask.clone(), PathBuf::from)
}

/// A program that runs in the root folder.
pub(crate) fn program(name: impl AsRef<std::ffi::OsStr>) -> Command {
    let mut command = Command::new(name);
    command.current_dir(root());
    command
}

/// The cargo that runs this program, with arguments that are divided by blanks.
pub(crate) fn cargo(arguments: &str) -> Command {
    let mut command = program(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(arguments.split_whitespace());
    command
}

/// Runs a command to its end, with its output going where ours goes.
pub(crate) fn succeed(command: &mut Command) -> anyhow::Result<()> {
    let status = command
        .status()
        .with_context(|| format!("could not run {}", shown(command)))?;
    if !status.success() {
        bail!("{} ended with {status}", shown(command));
    }
    Ok(())
}

/// Runs a command and hands on its exit code, for commands that are a program's front door.
pub(crate) fn hand_over(command: &mut Command) -> ExitCode {
    match command.status() {
        Ok(status) => ExitCode::from(
            status
                .code()
                .and_then(|code| u8::try_from(code).ok())
                .unwrap_or(1),
        ),
        Err(error) => {
            eprintln!("could not run {}: {error}", shown(command));
            ExitCode::FAILURE
        }
    }
}

/// What a command prints.
pub(crate) fn output(command: &mut Command) -> anyhow::Result<String> {
    let output = command
        .output()
        .with_context(|| format!("could not run {}", shown(command)))?;
    if !output.status.success() {
        bail!(
            "{} ended with {}\n{}",
            shown(command),
            output.status,
            String::from_utf8_lossy(&output.stderr).trim_end()
        );
    }
    String::from_utf8(output.stdout).with_context(|| format!("output of {}", shown(command)))
}

/// A command as a person would type it.
fn shown(command: &Command) -> String {
    let name = std::path::Path::new(command.get_program())
        .file_name()
        .unwrap_or(command.get_program());
    std::iter::once(name)
        .chain(command.get_args())
        .map(|word| word.to_string_lossy())
        .collect::<Vec<_>>()
        .join(" ")
}

/// What `cargo metadata` says of the workspace, as far as it is used here.
#[derive(Deserialize)]
pub(crate) struct Metadata {
    pub(crate) packages: Vec<Package>,
}

#[derive(Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    #[serde(default)]
    pub(crate) rust_version: Option<String>,
    #[serde(default)]
    pub(crate) features: std::collections::BTreeMap<String, Vec<String>>,
    #[serde(default)]
    pub(crate) dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// Nothing for a normal dependency, else `dev` or `build`.
    #[serde(default)]
    pub(crate) kind: Option<String>,
}

impl Metadata {
    /// Of the members of the workspace.
    pub(crate) fn read() -> anyhow::Result<Self> {
        Self::parse(&output(&mut cargo(
            "metadata --format-version 1 --no-deps",
        ))?)
    }

    pub(crate) fn parse(json: &str) -> anyhow::Result<Self> {
        serde_json::from_str(json).context("cargo metadata")
    }

    pub(crate) fn package(&self, name: &str) -> Option<&Package> {
        self.packages.iter().find(|package| package.name == name)
    }
}

impl Package {
    /// Its features, without `default`.
    pub(crate) fn feature_names(&self) -> impl Iterator<Item = &str> {
        self.features
            .keys()
            .map(String::as_str)
            .filter(|name| *name != "default")
    }
}

/// How a step went, where it did not fail.
pub(crate) enum Outcome {
    Passed,
    /// It was not done, and why.
    Skipped(String),
}

/// Steps that are all done, even after one failed, so that every failure is seen at once.
pub(crate) struct Steps {
    name: &'static str,
    done: Vec<Step>,
}

struct Step {
    name: String,
    went: anyhow::Result<Outcome>,
    took: Duration,
}

impl Steps {
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            done: Vec::new(),
        }
    }

    /// A step that runs a command.
    pub(crate) fn command(&mut self, name: impl Into<String>, command: &mut Command) {
        println!("\n$ {}", shown(command));
        self.step(name, || succeed(command).map(|()| Outcome::Passed));
    }

    pub(crate) fn step(
        &mut self,
        name: impl Into<String>,
        work: impl FnOnce() -> anyhow::Result<Outcome>,
    ) {
        let name = name.into();
        let start = Instant::now();
        let went = work();
        let took = start.elapsed();
        match &went {
            Ok(Outcome::Passed) => println!("{name}: passed in {}", seconds(took)),
            Ok(Outcome::Skipped(why)) => println!("{name}: NOT DONE, {why}"),
            Err(error) => eprintln!("{error:#}\n{name}: FAILED after {}", seconds(took)),
        }
        self.done.push(Step { name, went, took });
    }

    /// Prints how all of them went.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        println!("\n{}", self.table());
        let summary = self.summary();
        if self.done.iter().any(|step| step.went.is_err()) {
            bail!(summary);
        }
        println!("{summary}");
        Ok(())
    }

    fn table(&self) -> String {
        let mut table = String::new();
        for step in &self.done {
            let (went, why) = match &step.went {
                Ok(Outcome::Passed) => ("passed", None),
                Ok(Outcome::Skipped(why)) => ("NOT DONE", Some(why)),
                Err(_) => ("FAILED", None),
            };
            let took = seconds(step.took);
            table.push_str(&format!("{went:>8} {took:>9}  {}", step.name));
            if let Some(why) = why {
                table.push_str(&format!(" ({why})"));
            }
            table.push('\n');
        }
        table
    }

    fn summary(&self) -> String {
        let count =
            |wanted: fn(&Step) -> bool| self.done.iter().filter(|step| wanted(step)).count();
        let passed = count(|step| matches!(step.went, Ok(Outcome::Passed)));
        let failed = count(|step| step.went.is_err());
        let skipped = count(|step| matches!(step.went, Ok(Outcome::Skipped(_))));
        let mut summary = format!("{}: {passed} passed", self.name);
        if failed > 0 {
            summary.push_str(&format!(", {failed} FAILED"));
        }
        if skipped > 0 {
            summary.push_str(&format!(", {skipped} not done"));
        }
        let took = self.done.iter().map(|step| step.took).sum();
        summary.push_str(&format!(", in {}", seconds(took)));
        summary
    }
}

fn seconds(took: Duration) -> String {
    match took.as_secs() {
        0..60 => format!("{:.1} s", took.as_secs_f64()),
        seconds => format!("{} min {:02} s", seconds / 60, seconds % 60),
    }
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;

    use super::*;

    #[test]
    fn steps_go_on_after_a_failure_and_fail_in_the_end() {
        let mut steps = Steps::new("test");
        let mut last_was_done = false;
        steps.step("first", || Ok(Outcome::Passed));
        steps.step("second", || bail!("broken"));
        steps.step("third", || Ok(Outcome::Skipped("not here".to_owned())));
        steps.step("fourth", || {
            last_was_done = true;
            Ok(Outcome::Passed)
        });
        assert!(last_was_done);
        for step in &mut steps.done {
            step.took = Duration::from_secs(61);
        }
        assert_eq!(
            steps.summary(),
            "test: 2 passed, 1 FAILED, 1 not done, in 4 min 04 s"
        );
        assert_eq!(
            steps.table(),
            [
                "  passed 1 min 01 s  first\n",
                "  FAILED 1 min 01 s  second\n",
                "NOT DONE 1 min 01 s  third (not here)\n",
                "  passed 1 min 01 s  fourth\n",
            ]
            .concat()
        );
        assert!(steps.finish().is_err());
    }

    #[test]
    fn a_program_that_fails_or_is_not_there_is_an_error() {
        let quiet = |arguments| {
            let mut command = cargo(arguments);
            succeed(command.stdout(Stdio::null()).stderr(Stdio::null()))
        };
        assert!(quiet("--version").is_ok());
        let error = quiet("--no-such-flag").unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("cargo --no-such-flag ended with")
        );
        let error = succeed(&mut program("no-such-program-anywhere")).unwrap_err();
        assert_eq!(error.to_string(), "could not run no-such-program-anywhere");
    }

    #[test]
    fn the_root_is_where_the_workspace_is() {
        assert!(root().join("Cargo.lock").is_file());
        let metadata = Metadata::read().unwrap();
        let types = metadata.package("enkash-types").unwrap();
        assert!(types.feature_names().any(|name| name == "gateway"));
        assert!(types.feature_names().all(|name| name != "default"));
    }
}
