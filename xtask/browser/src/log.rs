//! What the browser noted while a scenario ran.

use fantoccini::wd::WebDriverCompatibleCommand;
use http::{Method, Uri};
use serde_json::Value;

/// A command that fantoccini does not know.
#[derive(Debug)]
pub(crate) struct Command {
    pub(crate) method: Method,
    /// Below the session.
    pub(crate) path: String,
    pub(crate) body: Option<Value>,
}

impl WebDriverCompatibleCommand for Command {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!(
            "session/{}/{}",
            session.unwrap_or_default(),
            self.path
        ))
    }

    fn method_and_body(&self, _: &url::Url) -> (Method, Option<String>) {
        (
            self.method.clone(),
            self.body.as_ref().map(Value::to_string),
        )
    }
}

/// The errors in the log of the pages' scripts, as one line each.
pub(crate) fn errors(entries: &Value) -> Vec<String> {
    entries
        .as_array()
        .into_iter()
        .flatten()
        .filter(|entry| entry["level"] == "SEVERE")
        .filter_map(|entry| entry["message"].as_str().map(str::to_owned))
        // No page of ours has an icon, and the browser asks for one by itself.
        .filter(|message| !message.contains("/favicon.ico"))
        .collect()
}

/// The addresses in the log of the network that are not on this machine.
pub(crate) fn elsewhere(entries: &Value) -> Vec<String> {
    let mut addresses: Vec<String> = entries
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|entry| serde_json::from_str::<Value>(entry["message"].as_str()?).ok())
        .filter(|entry| entry["message"]["method"] == "Network.requestWillBeSent")
        .filter_map(|entry| {
            let url = &entry["message"]["params"]["request"]["url"];
            url.as_str().map(str::to_owned)
        })
        .filter(|url| !is_here(url))
        .collect();
    addresses.dedup();
    addresses
}

/// Whether an address needs no other machine.
fn is_here(url: &str) -> bool {
    // The browser's own pages ask for parts of itself.
    let kinds = ["data:", "blob:", "about:", "chrome:", "chrome-untrusted:"];
    if kinds.iter().any(|kind| url.starts_with(kind)) {
        return true;
    }
    let uri: Option<Uri> = url.split('#').next().and_then(|url| url.parse().ok());
    matches!(
        uri.as_ref().and_then(Uri::host),
        Some("127.0.0.1" | "localhost" | "[::1]")
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn another_machine_is_noticed() {
        let entry = |method: &str, url: &str| {
            let message =
                json!({"message": {"method": method, "params": {"request": {"url": url}}}});
            json!({"message": message.to_string()})
        };
        let sent = |url| entry("Network.requestWillBeSent", url);
        let log = json!([
            sent("http://127.0.0.1:4010/v1/pay/x?y=1#z"),
            sent("http://localhost:80/"),
            sent("data:image/svg+xml,%3Csvg"),
            sent("chrome-untrusted://new-tab-page/one-google-bar"),
            sent("https://shop.example.in/a"),
            sent("https://shop.example.in/a"),
            sent("http://127.0.0.1.example.in/"),
            entry("Network.dataReceived", "https://other.example.in/"),
        ]);
        let found = ["https://shop.example.in/a", "http://127.0.0.1.example.in/"];
        assert_eq!(elsewhere(&log), found);
    }

    #[test]
    fn errors_are_taken_from_the_log() {
        let log = json!([
            {"level": "INFO", "message": "hello"},
            {"level": "SEVERE", "message": "http://x/favicon.ico - Failed to load resource"},
            {"level": "SEVERE", "message": "http://x/ 1:2 Uncaught"},
        ]);
        assert_eq!(errors(&log), ["http://x/ 1:2 Uncaught"]);
    }
}
