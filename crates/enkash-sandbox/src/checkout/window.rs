//! Where a page of the checkout is shown, and whose pages may have to do with it.

use std::fmt;

use http::uri::Authority;
use serde::Deserialize;

use crate::browser::is_this_machine;

/// The origin of a page: scheme, host and port, as browsers write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Origin(String);

impl Origin {
    /// Reads an origin as a browser writes it: `https://shop.example.in`, `http://127.0.0.1:3000`.
    pub(super) fn of(text: &str) -> Option<Self> {
        let host_and_port = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"))?;
        // It goes into headers of its own, so nothing that means something there may be in it.
        let (host, port) = match host_and_port.strip_prefix('[') {
            Some(rest) => {
                let (ip, port) = rest.split_once(']')?;
                ip.parse::<std::net::Ipv6Addr>().ok()?;
                (ip, port)
            }
            None => {
                let end = host_and_port.find(':').unwrap_or(host_and_port.len());
                let (host, port) = host_and_port.split_at(end);
                let is_name = |byte: u8| byte.is_ascii_alphanumeric() || b"-.".contains(&byte);
                (!host.is_empty() && host.bytes().all(is_name)).then_some(())?;
                (host, port)
            }
        };
        let port_is_right = match port.strip_prefix(':') {
            Some(port) => port.parse::<u16>().is_ok_and(|_| !port.starts_with('+')),
            None => port.is_empty(),
        };
        (port_is_right && host.len() <= 253).then(|| Self(text.to_ascii_lowercase()))
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is a page of this machine.
    fn is_loopback(&self) -> bool {
        let authority = self.0.split_once("://").map(|(_, rest)| rest.parse());
        matches!(authority, Some(Ok(authority)) if is_this_machine(Authority::host(&authority)))
    }

    /// Whether its pages may call the checkout and frame it: those that the sandbox was started
    /// with, or, where it was told of none, those of this machine.
    pub(super) fn may_check_out(&self, told: &[String]) -> bool {
        if told.is_empty() {
            return self.is_loopback();
        }
        told.iter()
            .any(|told| Self::of(told.trim_end_matches('/')).as_ref() == Some(self))
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Where a page is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Window {
    /// In a window of the payer's.
    Whole,
    /// In a frame of a merchant's page, which is told what happens.
    Frame(Origin),
    /// In a tab that a merchant's script has opened and watches, so it closes at the end.
    Popup,
}

/// Why a page is not shown in a frame.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NoFrame {
    /// `embedded=true` goes with `parentOrigin`.
    NoParent,
    /// This origin may not.
    Barred(Origin),
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Query {
    #[serde(default)]
    embedded: String,
    #[serde(default)]
    parent_origin: String,
    #[serde(default)]
    popup: String,
}

impl Window {
    /// Reads where a page is shown from its address.
    pub(super) fn of(query: Option<&str>, told: &[String]) -> Result<Self, NoFrame> {
        let Ok(query) = serde_urlencoded::from_str::<Query>(query.unwrap_or_default()) else {
            return Ok(Self::Whole);
        };
        if query.embedded == "true" {
            let parent = Origin::of(&query.parent_origin).ok_or(NoFrame::NoParent)?;
            return match parent.may_check_out(told) {
                true => Ok(Self::Frame(parent)),
                false => Err(NoFrame::Barred(parent)),
            };
        }
        Ok(match query.popup == "true" {
            true => Self::Popup,
            false => Self::Whole,
        })
    }

    /// The address of another page in the same window.
    pub(super) fn link(&self, path: &str) -> String {
        match self {
            Self::Whole => path.to_owned(),
            Self::Popup => format!("{path}?popup=true"),
            Self::Frame(parent) => {
                let fields = [("embedded", "true"), ("parentOrigin", parent.as_str())];
                // Pairs of texts cannot fail to be written as a query.
                let query = serde_urlencoded::to_string(fields).unwrap_or_default();
                format!("{path}?{query}")
            }
        }
    }

    /// The merchant's page around it.
    pub(super) fn parent(&self) -> Option<&Origin> {
        match self {
            Self::Frame(parent) => Some(parent),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_what_a_browser_writes() {
        for right in [
            "https://shop.example.in",
            "http://127.0.0.1:3000",
            "http://[::1]:8080",
            "http://localhost",
        ] {
            assert_eq!(Origin::of(right).unwrap().as_str(), right);
        }
        for wrong in [
            "",
            "null",
            "shop.example.in",
            "ftp://shop.example.in",
            "https://",
            "https://shop.example.in/",
            "https://shop.example.in/pay",
            "https://shop.example.in:",
            "https://shop.example.in:99999",
            "https://shop.example.in:+80",
            "https://a@shop.example.in",
            "https://*",
            "https://shop.example.in; script-src *",
            "https://a b",
            "http://[::1",
            "http://[shop]",
            "http://[::1]x",
        ] {
            assert_eq!(Origin::of(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn pages_of_this_machine_may_check_out_unless_others_are_named() {
        let may = |text: &str, told: &[&str]| {
            let told: Vec<String> = told.iter().map(|&told| told.to_owned()).collect();
            Origin::of(text).unwrap().may_check_out(&told)
        };
        for here in [
            "http://localhost:5173",
            "http://shop.localhost",
            "https://127.0.0.1",
            "http://127.8.8.8:1",
            "http://[::1]:3000",
        ] {
            assert!(may(here, &[]), "{here}");
        }
        for elsewhere in [
            "https://shop.example.in",
            "http://127.0.0.1.example.in",
            "http://localhost.example.in",
            "http://192.168.0.1",
        ] {
            assert!(!may(elsewhere, &[]), "{elsewhere}");
        }
        let told = ["https://Shop.example.in/"];
        assert!(may("https://shop.example.in", &told));
        assert!(!may("http://shop.example.in", &told));
        assert!(!may("http://localhost", &told));
    }

    #[test]
    fn a_window_goes_on_as_it_began() {
        let query = "embedded=true&parentOrigin=http%3A%2F%2F127.0.0.1%3A3000";
        let window = Window::of(Some(query), &[]).unwrap();
        assert_eq!(window.link("/v1/pay/ORD1"), format!("/v1/pay/ORD1?{query}"));
        let window = Window::of(Some("popup=true"), &[]).unwrap();
        assert_eq!(window.link("/x"), "/x?popup=true");
        assert_eq!(Window::of(None, &[]), Ok(Window::Whole));
        assert_eq!(Window::Whole.link("/x"), "/x");
        let query = "embedded=true&parentOrigin=https://shop.example.in";
        assert!(matches!(
            Window::of(Some(query), &[]),
            Err(NoFrame::Barred(_))
        ));
        assert_eq!(
            Window::of(Some("embedded=true"), &[]),
            Err(NoFrame::NoParent)
        );
    }
}
