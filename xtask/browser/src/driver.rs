//! Chromium's driver: found, started and ended.

use std::env;
use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use anyhow::{Context as _, bail};
use serde_json::{Map, Value, json};

use crate::scenario::Screen;

/// The programs that are needed, which no package of ours can bring.
#[derive(Debug)]
pub(crate) struct Programs {
    chromium: PathBuf,
    chromedriver: PathBuf,
}

impl Programs {
    /// Looks in these folders, divided as in the variable `PATH`.
    pub(crate) fn find(path: &OsStr) -> anyhow::Result<Self> {
        let find = |name: &str| {
            env::split_paths(path)
                .map(|folder| folder.join(name))
                .find(|file| file.is_file())
        };
        match (find("chromium"), find("chromedriver")) {
            (Some(chromium), Some(chromedriver)) => Ok(Self {
                chromium,
                chromedriver,
            }),
            (chromium, chromedriver) => {
                let missing = [("chromium", chromium), ("chromedriver", chromedriver)]
                    .into_iter()
                    .filter_map(|(name, found)| found.is_none().then_some(name));
                bail!(
                    "{} not found on PATH; on Debian and its kin: \
                     sudo apt-get install chromium chromium-driver",
                    missing.collect::<Vec<_>>().join(" and ")
                )
            }
        }
    }
}

/// A chromedriver that runs, on a free port of this machine. It ends when this is dropped.
pub(crate) struct Driver {
    process: Child,
    /// Kept open, so that it can go on printing.
    _output: BufReader<ChildStdout>,
    pub(crate) url: String,
    chromium: PathBuf,
}

impl Driver {
    /// Starts it; when this returns, it answers.
    pub(crate) fn start(programs: &Programs) -> anyhow::Result<Self> {
        let mut process = Command::new(&programs.chromedriver)
            .args(["--port=0", "--log-level=SEVERE"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .with_context(|| programs.chromedriver.display().to_string())?;
        let output = process
            .stdout
            .take()
            .context("chromedriver has no output")?;
        let mut driver = Self {
            process,
            _output: BufReader::new(output),
            url: String::new(),
            chromium: programs.chromium.clone(),
        };
        let mut said = String::new();
        while driver._output.read_line(&mut said)? > 0 {
            if let Some(port) = said.lines().last().and_then(port) {
                driver.url = format!("http://127.0.0.1:{port}");
                return Ok(driver);
            }
        }
        bail!("chromedriver did not start: {}", said.trim());
    }

    /// What a new browser is to be like.
    pub(crate) fn capabilities(
        &self,
        profile: &Path,
        screen: Screen,
        has_javascript: bool,
    ) -> Map<String, Value> {
        let mut arguments = vec![
            "--headless".to_owned(),
            // Its own sandbox does not start for root, as in a container.
            "--no-sandbox".to_owned(),
            "--disable-gpu".to_owned(),
            "--disable-dev-shm-usage".to_owned(),
            // It ends when its driver does, however that ends.
            "--remote-debugging-pipe".to_owned(),
            // Nothing of it talks to another machine by itself, and no name but this machine's
            // is looked up.
            "--disable-quic".to_owned(),
            "--no-first-run".to_owned(),
            "--disable-background-networking".to_owned(),
            "--disable-component-update".to_owned(),
            "--disable-sync".to_owned(),
            "--no-proxy-server".to_owned(),
            "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"
                .to_owned(),
            format!("--user-data-dir={}", profile.display()),
            // Else it begins with its page of new tabs, which asks for things.
            "about:blank".to_owned(),
        ];
        let mut options = Map::new();
        match screen {
            Screen::Desktop => arguments.push(format!("--window-size={},900", screen.width())),
            Screen::Phone => {
                // Without touch: a tap that loads a page is never answered where there is no
                // JavaScript.
                let metrics = json!({
                    "width": screen.width(), "height": 844, "pixelRatio": 2, "touch": false,
                });
                options.insert(
                    "mobileEmulation".to_owned(),
                    json!({"deviceMetrics": metrics}),
                );
            }
        }
        if !has_javascript {
            let block = json!({"profile.managed_default_content_settings.javascript": 2});
            options.insert("prefs".to_owned(), block);
        }
        options.insert("binary".to_owned(), json!(self.chromium));
        options.insert("args".to_owned(), json!(arguments));
        let capabilities = json!({
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
            "timeouts": {"pageLoad": 30_000, "script": 10_000},
        });
        match capabilities {
            Value::Object(capabilities) => capabilities,
            _ => Map::new(),
        }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The port in the line that chromedriver prints once it listens.
fn port(line: &str) -> Option<u16> {
    let (_, port) = line.split_once("started successfully on port ")?;
    port.trim_end().trim_end_matches('.').parse().ok()
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_port_is_read() {
        let line = "ChromeDriver was started successfully on port 41057.\n";
        assert_eq!(port(line), Some(41057));
        assert_eq!(port("Starting ChromeDriver 1.2.3 on port 0\n"), None);
    }

    #[test]
    fn what_is_missing_is_named_with_the_way_to_get_it() {
        let (empty, full) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let error = Programs::find(empty.path().as_os_str()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "chromium and chromedriver not found on PATH; on Debian and its kin: \
             sudo apt-get install chromium chromium-driver"
        );
        fs::write(full.path().join("chromium"), "").unwrap();
        let path = env::join_paths([empty.path(), full.path()]).unwrap();
        let error = Programs::find(&path).unwrap_err();
        assert!(
            error.to_string().starts_with("chromedriver not found"),
            "{error}"
        );
        fs::write(full.path().join("chromedriver"), "").unwrap();
        let programs = Programs::find(&path).unwrap();
        assert_eq!(programs.chromium, full.path().join("chromium"));
    }
}
