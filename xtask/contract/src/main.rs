//! What `cargo xtask contract` runs; its `--help` says what it proves.

mod compare;
mod coverage;
mod declaration;
mod differences;
mod document;
mod shape;
#[cfg(test)]
mod tests;

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};

use self::declaration::Declaration;
use self::differences::Explained;
use self::document::Document;

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => run(false),
        ["--check"] => run(true),
        _ => Err(anyhow::anyhow!("see `cargo xtask contract --help`")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("contract: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The folder of the documentation.
fn docs() -> PathBuf {
    // Cargo names the folder when it runs this program, also after the repository was moved.
    let package = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.join("../../docs")
}

/// Compares, and writes the coverage table or, if it is only to check, finds it up to date.
fn run(check: bool) -> anyhow::Result<()> {
    let folder = docs().join("contract");
    let documents = Document::all(&folder)?;
    let declarations: Vec<Declaration> = enkash_types::operations().map(Into::into).collect();

    let coverage = docs().join("coverage.md");
    let table = coverage::table(&documents, &declarations);
    let is_new = fs::read_to_string(&coverage).ok().as_ref() != Some(&table);
    if is_new && !check {
        fs::write(&coverage, &table).with_context(|| coverage.display().to_string())?;
        println!("contract: wrote docs/coverage.md");
    }

    let explained = Explained::parse(&read(&folder.join(differences::FILE))?)?;
    let judgement = explained.judge(compare::all(&declarations, &documents)?);
    if !judgement.is_clean() {
        bail!(
            "{} unexplained, {} outdated\n{}",
            judgement.unexplained.len(),
            judgement.outdated.len(),
            judgement.report()?.trim_end()
        );
    }
    if is_new && check {
        bail!("docs/coverage.md is not up to date, run `cargo xtask contract`");
    }
    println!(
        "contract: {} declarations agree with the documentation, \
         but for {} explained differences and {} lenient fields of answers",
        declarations.len(),
        judgement.explained,
        judgement.lenient
    );
    Ok(())
}

fn read(file: &Path) -> anyhow::Result<String> {
    fs::read_to_string(file).with_context(|| file.display().to_string())
}
