//! `cargo xtask browser`

use std::process::ExitCode;

use clap::Args;

use crate::workspace::{cargo, hand_over};

/// Uses the sandbox's pages in a real Chromium, without a window, as a person would.
///
/// Proves that a payer gets through the checkout page and back to the merchant, by mouse, by
/// keyboard alone and without JavaScript, on a phone and on a large screen; that EnKash's own
/// browser calls are served to a merchant's page; that the dashboard shows what happened; that no
/// page logs an error; and that the browser asks nothing of any machine but this one.
///
/// It takes the chromium and the chromedriver on PATH. Screenshots of every scenario, and the page
/// of one that failed, are in target/browser.
#[derive(Args)]
pub(crate) struct Browser {
    /// Only the scenarios whose name contains this.
    name: Option<String>,
    /// Print the names of the scenarios and run none.
    #[arg(long)]
    list: bool,
}

pub(crate) fn run(Browser { name, list }: &Browser) -> ExitCode {
    let mut command = cargo("run --quiet --package xtask-browser --");
    if *list {
        command.arg("--list");
    }
    hand_over(command.args(name))
}
