//! One scenario, and how it is run.

use std::fs;
use std::panic::AssertUnwindSafe;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, anyhow};
use futures_util::FutureExt as _;
use futures_util::future::LocalBoxFuture;
use tokio::time::timeout;

use crate::browser::Browser;
use crate::driver::Driver;
use crate::stage::Stage;

/// What a payer holds in his hand, or has on his desk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Screen {
    /// 390 points wide.
    Phone,
    /// 1280 points wide.
    Desktop,
}

impl Screen {
    pub(crate) const fn width(self) -> u32 {
        match self {
            Self::Phone => 390,
            Self::Desktop => 1280,
        }
    }
}

/// What a scenario does.
type Act = for<'a> fn(&'a mut Stage) -> LocalBoxFuture<'a, anyhow::Result<()>>;

/// One scenario.
pub(crate) struct Scenario {
    pub(crate) name: &'static str,
    screen: Screen,
    has_javascript: bool,
    act: Act,
}

/// No scenario takes longer, whatever it waits for.
const LONGEST: Duration = Duration::from_secs(60);

/// A browser that no longer answers is left to its driver, which ends it in the end.
const CLOSING: Duration = Duration::from_secs(10);

impl Scenario {
    pub(crate) const fn new(name: &'static str, screen: Screen, act: Act) -> Self {
        Self {
            name,
            screen,
            has_javascript: true,
            act,
        }
    }

    /// In a browser in which its user has turned JavaScript off.
    pub(crate) const fn without_javascript(mut self) -> Self {
        self.has_javascript = false;
        self
    }

    /// Its name as that of a file.
    pub(crate) fn file_name(&self) -> String {
        self.name
            .split(|c: char| !c.is_ascii_alphanumeric())
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join("-")
            .to_lowercase()
    }

    /// Opens a browser, lets the scenario act, and closes the browser whatever came of it.
    pub(crate) async fn run(&self, driver: &Driver, folder: &Path) -> anyhow::Result<()> {
        let kept = Kept::of(folder, &self.file_name());
        kept.clear();
        let profile = tempfile::tempdir().context("a folder for the browser's profile")?;
        let capabilities = driver.capabilities(profile.path(), self.screen, self.has_javascript);
        let screenshots = folder.join(self.file_name());
        let browser = Browser::start(&driver.url, capabilities, self.screen, screenshots).await?;

        let mut went = self.act(&browser).await;
        if let Err(error) = went {
            let page = timeout(CLOSING, kept.keep(&browser)).await;
            went = Err(error.context(match page {
                Ok(Ok(address)) => format!("at {address}, see {}", kept.html.display()),
                Ok(Err(error)) => format!("and its page could not be kept ({error:#})"),
                Err(_) => "and the browser no longer answers".to_owned(),
            }));
        }
        let closed = timeout(CLOSING, browser.close()).await;
        went?;
        closed.context("the browser does not close")?
    }

    /// Sets the stage, acts, and looks at what the browser noted. A panic is an error too.
    async fn act(&self, browser: &Browser) -> anyhow::Result<()> {
        let act = async {
            let mut stage = Stage::set(browser.clone()).await?;
            (self.act)(&mut stage).await?;
            browser.look_at_the_logs().await
        };
        let act = timeout(LONGEST, AssertUnwindSafe(act).catch_unwind());
        let went = act
            .await
            .map_err(|_| anyhow!("it was not over after {LONGEST:?}"))?;
        went.unwrap_or_else(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str);
            let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
            Err(anyhow!("it panicked: {}", text.unwrap_or("without a text")))
        })
    }
}

/// The page of a scenario that failed, and a picture of it.
struct Kept {
    html: PathBuf,
    png: PathBuf,
}

impl Kept {
    fn of(folder: &Path, name: &str) -> Self {
        Self {
            html: folder.join(format!("{name}.failed.html")),
            png: folder.join(format!("{name}.failed.png")),
        }
    }

    /// Removes what an earlier run left.
    fn clear(&self) {
        let _ = fs::remove_file(&self.html);
        let _ = fs::remove_file(&self.png);
    }

    /// Keeps the page, and gives its address.
    async fn keep(&self, browser: &Browser) -> anyhow::Result<String> {
        fs::write(&self.html, browser.html().await?)?;
        fs::write(&self.png, browser.picture().await?)?;
        browser.address().await
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::scenarios;

    #[test]
    fn every_scenario_has_a_name_and_a_file_of_its_own() {
        let files: BTreeSet<_> = scenarios::all().map(Scenario::file_name).collect();
        assert_eq!(files.len(), scenarios::all().count());
        let scenario = Scenario::new("Checkout: by UPI (QR)", Screen::Phone, |_| {
            Box::pin(async { Ok(()) })
        });
        assert_eq!(scenario.file_name(), "checkout-by-upi-qr");
    }
}
