//! What `cargo xtask browser` runs: the sandbox's pages, used in a real Chromium.
//!
//! # How to write a scenario
//!
//! A scenario is a function in `scenarios/`, one file for each part of the sandbox, and an entry in
//! the list `SCENARIOS` of that file:
//!
//! ```ignore
//! pub(crate) const SCENARIOS: &[Scenario] = &[
//!     Scenario::new("checkout by UPI", Screen::Phone, |stage| Box::pin(by_upi(stage))),
//!     Scenario::new("checkout without JavaScript", Screen::Desktop, |stage| Box::pin(by_upi(stage)))
//!         .without_javascript(),
//! ];
//!
//! async fn by_upi(stage: &mut Stage) -> anyhow::Result<()> {
//!     let order = stage.order("INV1", "499.50").await?;   // made by the client, paid by nobody yet
//!     let browser = &stage.browser;
//!     browser.open(page_of(&order)?).await?;
//!     browser.see("This is a sandbox").await?;            // waits until a person would see it
//!     browser.fill("UPI ID", "success@sandbox").await?;   // the field with this accessible name
//!     browser.press("Pay").await?;                        // the button or link with this one
//!     let visit = stage.merchant.visit("/thanks").await?; // the browser came back to the shop
//!     ensure!(visit.query["status"] == "SUCCESS", "{visit:?}");
//!     Ok(())
//! }
//! ```
//!
//! - Each scenario has a [`Stage`] of its own: a new sandbox (on a port of this machine, in this
//!   process, by a clock that stands still until it is moved), a shop to come back to, a client,
//!   and a browser that has never been used. Nothing is left over from the one before.
//! - Say what to use by its accessible name: what a screen reader says, that is, the text of a
//!   button or link and the label of a field. A page on which that does not find a thing is hard to
//!   use for some people, so this is a test too. Where two have the same name nothing is found.
//! - Nothing sleeps. Every step waits for what it needs, by asking the browser again and again, for
//!   [`PATIENCE`] at most. So after `press` go on with the next step; what comes of it will be
//!   waited for. Time in the sandbox moves by `stage.sandbox.clock().advance(…)`.
//! - For a page without a mouse there are `tab_to`, `keys` and `focused`; for a narrow screen
//!   `fits`, which fails if a person would have to scroll sideways; for a page in a page or in a
//!   window of its own `enter_frame` and `to_new_window`, and back.
//! - `screenshot("name")` writes `target/browser/<scenario>-<name>.png`. Look at them.
//! - A step that fails ends the scenario, and `target/browser/<scenario>.failed.html` and `.png`
//!   show the page. The scenarios after it run all the same.
//! - At the end of each it is checked that the browser logged no error (a script that threw, a
//!   Content-Security-Policy that was broken, a file that was not there) and asked nothing of
//!   another machine. What a scenario expects to be logged it takes out by `expect_log`.
//!
//! `cargo xtask browser checkout` runs those whose name contains `checkout`.
//!
//! [`Stage`]: stage::Stage
//! [`PATIENCE`]: browser::PATIENCE

mod browser;
mod driver;
mod log;
mod merchant;
mod scenario;
mod scenarios;
mod stage;

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use anyhow::bail;

use self::driver::{Driver, Programs};
use self::scenario::Scenario;

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let done = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [] => run(""),
        ["--list"] => {
            scenarios::all().for_each(|scenario| println!("{}", scenario.name));
            Ok(())
        }
        [name] if !name.starts_with('-') => run(name),
        _ => Err(anyhow::anyhow!("see `cargo xtask browser --help`")),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("browser: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// Where screenshots and the pages of failures go.
fn folder() -> PathBuf {
    // Cargo names the folder when it runs this program, also after the repository was moved.
    let package = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    let root = package.ancestors().nth(2).unwrap_or(Path::new("."));
    root.join("target/browser")
}

/// Runs the scenarios whose name contains this, one after the other.
fn run(name: &str) -> anyhow::Result<()> {
    let chosen: Vec<&Scenario> = scenarios::all()
        .filter(|scenario| scenario.name.contains(name))
        .collect();
    if chosen.is_empty() {
        bail!("no scenario has {name} in its name; `cargo xtask browser --list` lists them");
    }
    let folder = folder();
    std::fs::create_dir_all(&folder)?;
    let programs = Programs::find(env::var_os("PATH").unwrap_or_default().as_os_str())?;
    let driver = Driver::start(&programs)?;
    let runtime = tokio::runtime::Runtime::new()?;

    let start = Instant::now();
    let mut failed = Vec::new();
    for scenario in &chosen {
        let since = Instant::now();
        let went = runtime.block_on(scenario.run(&driver, &folder));
        let seconds = since.elapsed().as_secs_f64();
        match went {
            Ok(()) => println!("  passed {seconds:>6.1} s  {}", scenario.name),
            Err(error) => {
                println!(
                    "  FAILED {seconds:>6.1} s  {}\n    {error:#}",
                    scenario.name
                );
                failed.push(scenario.name);
            }
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("browser: screenshots are in {}", folder.display());
    if !failed.is_empty() {
        bail!(
            "{} of {} scenarios FAILED, in {seconds:.1} s: {}",
            failed.len(),
            chosen.len(),
            failed.join(", ")
        );
    }
    println!("browser: {} passed, in {seconds:.1} s", chosen.len());
    Ok(())
}
