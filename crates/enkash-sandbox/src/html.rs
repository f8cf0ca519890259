//! What every page has that a browser is shown: one document, with nothing in it from elsewhere.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use enkash_types::Rupees;
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, LOCATION, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderValue, Response, StatusCode};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use percent_encoding::{CONTROLS, utf8_percent_encode};
use sha2::{Digest as _, Sha256};

/// Colours, letters and what stands on every page.
const BASE: &str = include_str!("html.css");

/// What the pages of one part of the sandbox have in common. Its style and its script stand in
/// each of them.
pub(crate) struct Frame {
    style: String,
    script: &'static str,
    /// What a page may load: the two above, by their hashes, and nothing else. It may ask its own
    /// host.
    policy: String,
}

/// A page, all but what is the same for others.
pub(crate) struct Page<'a> {
    pub(crate) status: StatusCode,
    pub(crate) title: &'a str,
    /// What else stands in its `head`.
    pub(crate) head: Markup,
    /// The element `body`.
    pub(crate) body: Markup,
    /// The origin of the page that may have it in a frame.
    pub(crate) framed_by: Option<&'a str>,
}

impl Frame {
    /// `forms_lead_to` is where forms may lead, as a policy says it: `'self'`.
    pub(crate) fn new(style: &str, script: &'static str, forms_lead_to: &str) -> Self {
        let style = [BASE, style].concat();
        let hash = |text: &str| STANDARD.encode(Sha256::digest(text));
        Self {
            policy: format!(
                "default-src 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'; \
                 connect-src 'self'; base-uri 'none'; form-action {forms_lead_to}; \
                 frame-ancestors ",
                hash(&style),
                hash(script),
            ),
            style,
            script,
        }
    }

    /// A page as an answer. Its script runs when all of it is there.
    pub(crate) fn answer(&self, page: Page<'_>) -> Response<Bytes> {
        let markup = html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="robots" content="noindex";
                    title { (page.title) }
                    (page.head)
                    style { (PreEscaped(&self.style)) }
                    script type="module" { (PreEscaped(self.script)) }
                }
                (page.body)
            }
        };
        let mut response = Response::new(Bytes::from(markup.into_string()));
        *response.status_mut() = page.status;
        let headers = response.headers_mut();
        let mut put = |name: HeaderName, value: &'static str| {
            headers.insert(name, HeaderValue::from_static(value));
        };
        put(CONTENT_TYPE, "text/html; charset=utf-8");
        put(CACHE_CONTROL, "no-store");
        put(X_CONTENT_TYPE_OPTIONS, "nosniff");
        put(REFERRER_POLICY, "same-origin");
        let framed_by = page.framed_by.unwrap_or("'none'");
        // An origin holds nothing that a header may not.
        if let Ok(policy) = HeaderValue::try_from(format!("{}{framed_by}", self.policy)) {
            headers.insert(CONTENT_SECURITY_POLICY, policy);
        }
        response
    }
}

/// On top of every page: that no money moves.
pub(crate) fn strip() -> Markup {
    html! {
        div.strip role="note" {
            svg width="18" height="18" viewBox="0 0 24 24" fill="none" stroke="currentColor"
                stroke-width="1.9" stroke-linecap="round" stroke-linejoin="round"
                aria-hidden="true" focusable="false" {
                path d="M12 9v4m0 3.5v.01M10.6 4.3 2.9 17.5A1.6 1.6 0 0 0 4.3 20h15.4a1.6 1.6 0 0 0 1.4-2.5L13.4 4.3a1.6 1.6 0 0 0-2.8 0Z" {}
            }
            span { strong { "This is a sandbox." } " No money moves." }
        }
    }
}

/// A page that is a document as it stands here.
pub(crate) fn document(status: StatusCode, html: &'static str) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from_static(html.as_bytes()));
    *response.status_mut() = status;
    let html = HeaderValue::from_static("text/html; charset=utf-8");
    response.headers_mut().insert(CONTENT_TYPE, html);
    response
}

/// Sends the browser on.
pub(crate) fn see_other(url: &str) -> Response<Bytes> {
    // An address may hold letters that a header may not.
    let url = utf8_percent_encode(url, CONTROLS).to_string();
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // What is encoded like this is plain ASCII.
    if let Ok(location) = HeaderValue::from_str(&url) {
        headers.insert(LOCATION, location);
    }
    response
}

/// A sum as it is written in India: `₹1,23,456.50`.
pub(crate) fn rupees(sum: Rupees) -> String {
    let text = sum.to_string();
    let (whole, rest) = text.split_once('.').unwrap_or((&text, "00"));
    let mut grouped = String::from("₹");
    for (index, digit) in whole.chars().enumerate() {
        // Thousands, and from there on every second digit.
        let left = whole.len() - index;
        if index > 0 && left >= 3 && left % 2 == 1 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{grouped}.{rest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_policy_hashes_is_what_stands_in_the_page() {
        let frame = Frame::new("p { margin: 0; }", "'use strict';", "'self'");
        let page = frame.answer(Page {
            status: StatusCode::OK,
            title: "<x>",
            head: html! {},
            body: html! { body {} },
            framed_by: None,
        });
        let text = String::from_utf8(page.body().to_vec()).unwrap();
        assert!(text.contains("<title>&lt;x&gt;</title>"));
        let style = between(&text, "<style>", "</style>");
        let script = between(&text, "<script type=\"module\">", "</script>");
        let policy = page.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
        for (of, content) in [("style-src", style), ("script-src", script)] {
            let hash = STANDARD.encode(Sha256::digest(content));
            assert!(
                policy.contains(&format!("{of} 'sha256-{hash}';")),
                "{policy}"
            );
        }
        assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
    }

    fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
        let (_, rest) = text.split_once(start).unwrap();
        rest.split_once(end).unwrap().0
    }

    #[test]
    fn sums_are_grouped_as_in_india() {
        for (paise, written) in [
            (0, "₹0.00"),
            (99_999, "₹999.99"),
            (100_000, "₹1,000.00"),
            (12_345_650, "₹1,23,456.50"),
            (1_234_567_800, "₹1,23,45,678.00"),
        ] {
            assert_eq!(rupees(Rupees::from_paise(paise)), written);
        }
    }
}
