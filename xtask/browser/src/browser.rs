//! A browser, used as a person would use it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, bail, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use fantoccini::actions::{InputSource as _, KeyAction, KeyActions};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::{Client, ClientBuilder, Locator};
use http::Method;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};

use crate::log::{self, Command};
use crate::scenario::Screen;

/// A step waits so long for what it needs.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// What can be pressed.
const CONTROLS: &str = "a[href], button, input:not([type=hidden]), summary, [role=button], \
                        [role=link], [role=tab], [role=radio], [role=menuitem]";

/// What can be filled in.
const FIELDS: &str = "input:not([type=hidden]), textarea, select";

/// A browser with one window.
#[derive(Clone)]
pub(crate) struct Browser {
    client: Client,
    screen: Screen,
    /// Where they go; what is on them is added to the name.
    screenshots: PathBuf,
    expected: Arc<Mutex<Vec<String>>>,
}

impl Browser {
    pub(crate) async fn start(
        driver: &str,
        capabilities: Map<String, Value>,
        screen: Screen,
        screenshots: PathBuf,
    ) -> anyhow::Result<Self> {
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(driver)
            .await
            .context("Chromium does not start")?;
        Ok(Self {
            client,
            screen,
            screenshots,
            expected: Arc::default(),
        })
    }

    pub(crate) async fn close(self) -> anyhow::Result<()> {
        self.client.close().await.context("closing the browser")
    }

    /// Goes to an address.
    pub(crate) async fn open(&self, address: &str) -> anyhow::Result<()> {
        let went = self.client.goto(address).await;
        went.with_context(|| format!("opening {address}"))
    }

    /// Loads the page again.
    pub(crate) async fn reload(&self) -> anyhow::Result<()> {
        Ok(self.client.refresh().await?)
    }

    /// The address of the page.
    pub(crate) async fn address(&self) -> anyhow::Result<String> {
        Ok(self.client.current_url().await?.to_string())
    }

    /// Waits until the page's address begins so.
    pub(crate) async fn arrive(&self, address: &str) -> anyhow::Result<()> {
        self.until(&format!("the address to be {address}"), async || {
            let here = self.client.current_url().await?;
            Ok(here.as_str().starts_with(address).then_some(()))
        })
        .await
    }

    /// The text that a person sees.
    pub(crate) async fn text(&self) -> anyhow::Result<String> {
        Ok(self.body_text().await?)
    }

    async fn body_text(&self) -> Result<String, CmdError> {
        self.client.find(Locator::Css("body")).await?.text().await
    }

    /// The HTML of the page as it is now.
    pub(crate) async fn html(&self) -> anyhow::Result<String> {
        Ok(self.client.source().await?)
    }

    /// Waits until a text can be seen.
    pub(crate) async fn see(&self, text: &str) -> anyhow::Result<()> {
        self.until(&format!("{text:?} to be seen"), async || {
            Ok(self.body_text().await?.contains(text).then_some(()))
        })
        .await
    }

    /// Waits until a text can no longer be seen.
    pub(crate) async fn see_no_more(&self, text: &str) -> anyhow::Result<()> {
        self.until(&format!("{text:?} to be gone"), async || {
            Ok((!self.body_text().await?.contains(text)).then_some(()))
        })
        .await
    }

    /// Waits for the button, link or choice of this accessible name, and presses it.
    pub(crate) async fn press(&self, name: &str) -> anyhow::Result<()> {
        self.until(&format!("{name:?} to be pressed"), async || {
            let Some(control) = self.named(CONTROLS, name).await? else {
                return Ok(None);
            };
            control.click().await.map(Some)
        })
        .await
    }

    /// Waits for the field of this accessible name, and writes into it in place of what is there.
    pub(crate) async fn fill(&self, name: &str, text: &str) -> anyhow::Result<()> {
        let field = self.field(name).await?;
        field
            .clear()
            .await
            .with_context(|| format!("clearing {name:?}"))?;
        field
            .send_keys(text)
            .await
            .with_context(|| format!("filling {name:?}"))
    }

    /// Waits for the list of this accessible name, and chooses what it shows as this.
    pub(crate) async fn choose(&self, name: &str, option: &str) -> anyhow::Result<()> {
        let list = self.field(name).await?;
        let chosen = list.select_by_label(option).await;
        chosen.with_context(|| format!("choosing {option:?} of {name:?}"))
    }

    /// What is in the field of this accessible name.
    pub(crate) async fn value(&self, name: &str) -> anyhow::Result<String> {
        let value = self.field(name).await?.prop("value").await?;
        Ok(value.unwrap_or_default())
    }

    async fn field(&self, name: &str) -> anyhow::Result<Element> {
        self.until(&format!("a field {name:?}"), async || {
            self.named(FIELDS, name).await
        })
        .await
    }

    /// Whether something of this accessible name can be pressed or filled in now.
    pub(crate) async fn has(&self, name: &str) -> anyhow::Result<bool> {
        let both = format!("{CONTROLS}, {FIELDS}");
        Ok(self.named(&both, name).await?.is_some())
    }

    /// The one that is shown under this accessible name, if there is one and no other.
    async fn named(&self, css: &str, name: &str) -> Result<Option<Element>, CmdError> {
        let mut found = None;
        for element in self.client.find_all(Locator::Css(css)).await? {
            if self.name_of(&element).await? == name && element.is_displayed().await? {
                if found.is_some() {
                    return Ok(None);
                }
                found = Some(element);
            }
        }
        Ok(found)
    }

    /// The accessible name of an element.
    async fn name_of(&self, element: &Element) -> Result<String, CmdError> {
        let path = format!("element/{}/computedlabel", element.element_id());
        let name = self.command(Method::GET, path, None).await?;
        Ok(name.as_str().unwrap_or_default().trim().to_owned())
    }

    /// Presses keys, one after the other: `&[Key::Tab.into()]`, `&['5']`.
    pub(crate) async fn keys(&self, keys: &[char]) -> anyhow::Result<()> {
        let actions = keys
            .iter()
            .fold(KeyActions::new("keys".to_owned()), |keys, key| {
                keys.then(KeyAction::Down { value: *key })
                    .then(KeyAction::Up { value: *key })
            });
        Ok(self.client.perform_actions(actions).await?)
    }

    /// Types a text where the focus is.
    pub(crate) async fn type_in(&self, text: &str) -> anyhow::Result<()> {
        self.keys(&text.chars().collect::<Vec<_>>()).await
    }

    /// The accessible name of what has the focus.
    pub(crate) async fn focused(&self) -> anyhow::Result<String> {
        let element = self.client.active_element().await?;
        Ok(self.name_of(&element).await?)
    }

    /// Presses the tab key until this has the focus, as somebody without a mouse does.
    pub(crate) async fn tab_to(&self, name: &str) -> anyhow::Result<()> {
        const MOST: usize = 100;
        let mut passed = Vec::new();
        for _ in 0..MOST {
            self.keys(&[Key::Tab.into()]).await?;
            let focused = self.focused().await?;
            if focused == name {
                return Ok(());
            }
            passed.push(focused);
        }
        bail!("{name:?} is not reached by the tab key, only {passed:?}")
    }

    /// Goes on in the frame of the page; it has one.
    pub(crate) async fn enter_frame(&self) -> anyhow::Result<()> {
        self.until("a frame", async || {
            self.client.enter_frame(0).await.map(Some)
        })
        .await
    }

    /// Goes on in the page around the frame.
    pub(crate) async fn leave_frame(&self) -> anyhow::Result<()> {
        Ok(self.client.enter_parent_frame().await?)
    }

    /// Goes on in the window that the page has opened.
    pub(crate) async fn to_new_window(&self) -> anyhow::Result<()> {
        self.until("a new window", async || {
            match &self.client.windows().await?[..] {
                [_, .., newest] => self.client.switch_to_window(newest.clone()).await.map(Some),
                _ => Ok(None),
            }
        })
        .await
    }

    /// Waits until the windows that pages have opened are closed, and goes on in the first.
    pub(crate) async fn to_first_window(&self) -> anyhow::Result<()> {
        self.until("one window alone", async || {
            match &self.client.windows().await?[..] {
                [first] => self.client.switch_to_window(first.clone()).await.map(Some),
                _ => Ok(None),
            }
        })
        .await
    }

    /// Fails if the page is wider than the screen.
    pub(crate) async fn fits(&self) -> anyhow::Result<()> {
        let metrics = self.devtools("Page.getLayoutMetrics", json!({})).await?;
        let page = metrics["cssContentSize"]["width"].as_f64();
        let page = page.context("the browser gave no width")?;
        let screen = self.screen.width();
        ensure!(
            page <= screen.into(),
            "the page is {page} wide, the screen {screen}"
        );
        Ok(())
    }

    /// A picture of the whole page, as PNG.
    pub(crate) async fn picture(&self) -> anyhow::Result<Vec<u8>> {
        let whole = json!({"format": "png", "captureBeyondViewport": true});
        let picture = self.devtools("Page.captureScreenshot", whole).await?;
        Ok(BASE64.decode(picture["data"].as_str().unwrap_or_default())?)
    }

    /// Writes a picture of the whole page.
    pub(crate) async fn screenshot(&self, name: &str) -> anyhow::Result<()> {
        let mut file = self.screenshots.clone().into_os_string();
        file.push(format!("-{name}.png"));
        let picture = self.picture().await?;
        std::fs::write(&file, picture).with_context(|| file.to_string_lossy().into_owned())
    }

    /// Says that an error with this text may be logged.
    pub(crate) fn expect_log(&self, text: &str) {
        let mut expected = self.expected.lock().unwrap_or_else(PoisonError::into_inner);
        expected.push(text.to_owned());
    }

    /// Fails if a page logged an error, or another machine was asked for something.
    pub(crate) async fn look_at_the_logs(&self) -> anyhow::Result<()> {
        let log = async |kind: &str| {
            let body = json!({"type": kind});
            self.command(Method::POST, "se/log".to_owned(), Some(body))
                .await
        };
        let elsewhere = log::elsewhere(&log("performance").await?);
        ensure!(
            elsewhere.is_empty(),
            "other machines were asked: {}",
            elsewhere.join(", ")
        );
        let mut errors = log::errors(&log("browser").await?);
        let expected = self.expected.lock().unwrap_or_else(PoisonError::into_inner);
        errors.retain(|error| !expected.iter().any(|text| error.contains(text)));
        ensure!(
            errors.is_empty(),
            "errors were logged: {}",
            errors.join("; ")
        );
        Ok(())
    }

    /// A command of Chromium's developer tools.
    async fn devtools(&self, name: &str, parameters: Value) -> anyhow::Result<Value> {
        let body = json!({"cmd": name, "params": parameters});
        let done = self
            .command(Method::POST, "goog/cdp/execute".to_owned(), Some(body))
            .await;
        done.with_context(|| name.to_owned())
    }

    async fn command(
        &self,
        method: Method,
        path: String,
        body: Option<Value>,
    ) -> Result<Value, CmdError> {
        let command = Command { method, path, body };
        self.client.issue_cmd(command).await
    }

    /// Asks until there is an answer. While a page changes under one's eyes a command may fail, so
    /// a failure counts as none until patience is at its end.
    async fn until<T>(
        &self,
        what: &str,
        look: impl AsyncFn() -> Result<Option<T>, CmdError>,
    ) -> anyhow::Result<T> {
        let start = Instant::now();
        loop {
            let seen = look().await;
            match seen {
                Ok(Some(found)) => return Ok(found),
                Ok(None) | Err(_) if start.elapsed() < PATIENCE => {}
                Ok(_) => bail!("waited {PATIENCE:?} for {what}"),
                Err(error) => {
                    return Err(error).with_context(|| format!("waited {PATIENCE:?} for {what}"));
                }
            }
        }
    }
}
