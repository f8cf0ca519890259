//! Pages of other sites, which a browser lets post to this machine.
//!
//! The control surface and the dashboard ask for no credentials, and listen to this machine
//! alone. But any page in a browser of this machine can post here, and a name that its owner lets
//! point at `127.0.0.1` makes such a page one of ours. Browsers say where a post comes from, and
//! to which host they think it goes.

use bytes::Bytes;
use http::header::{HOST, ORIGIN};
use http::uri::Authority;
use http::{HeaderMap, Response, StatusCode};
use serde_json::json;

use crate::router::json_answer;

/// Whether a request that changes something comes from a page of the sandbox, or from no page.
pub(crate) fn may_act(headers: &HeaderMap) -> bool {
    let is_of_the_same = headers
        .get("sec-fetch-site")
        .is_none_or(|site| site == "same-origin" || site == "none");
    let origin = match (headers.get(ORIGIN), headers.get(HOST)) {
        // Every browser says where a post comes from.
        (None, _) => return is_of_the_same,
        (Some(origin), Some(host)) => origin
            .as_bytes()
            .strip_prefix(b"http://")
            .is_some_and(|origin| origin == host.as_bytes()),
        (Some(_), None) => false,
    };
    is_of_the_same && origin && is_for_this_machine(headers)
}

/// Whether the host that is asked for is this machine. Who names none is no browser.
pub(crate) fn is_for_this_machine(headers: &HeaderMap) -> bool {
    let Some(host) = headers.get(HOST) else {
        return true;
    };
    let host = host.to_str().ok().and_then(|host| host.parse().ok());
    host.is_some_and(|host: Authority| is_this_machine(host.host()))
}

/// Whether a host, as it stands in an address, is this machine by any of its names.
pub(crate) fn is_this_machine(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let ip = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost"
        || host.ends_with(".localhost")
        || ip
            .parse()
            .is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

/// The answer to a request that does not.
pub(crate) fn refused() -> Response<Bytes> {
    let error = "a page of another site sent this; only pages of the sandbox may, opened at \
                 127.0.0.1 or localhost, and programs that send no Origin";
    json_answer(StatusCode::FORBIDDEN, &json!({"error": error}))
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};

    use super::*;

    fn headers(given: &[(&'static str, &'static str)]) -> HeaderMap {
        let pairs = given.iter().map(|(name, value)| {
            let name = HeaderName::from_static(name);
            (name, HeaderValue::from_static(value))
        });
        pairs.collect()
    }

    #[test]
    fn its_own_pages_and_programs_may_act() {
        for right in [
            &[][..],
            &[("host", "127.0.0.1:4010")],
            &[("host", "sandbox:4010")],
            &[
                ("host", "127.0.0.1:4010"),
                ("origin", "http://127.0.0.1:4010"),
                ("sec-fetch-site", "same-origin"),
            ],
            &[
                ("host", "localhost:4010"),
                ("origin", "http://localhost:4010"),
            ],
            &[("host", "[::1]:4010"), ("origin", "http://[::1]:4010")],
        ] {
            assert!(may_act(&headers(right)), "{right:?}");
        }
    }

    #[test]
    fn pages_of_others_may_not() {
        for wrong in [
            &[
                ("host", "127.0.0.1:4010"),
                ("origin", "https://shop.example.in"),
            ][..],
            &[("host", "127.0.0.1:4010"), ("origin", "null")],
            &[
                ("host", "127.0.0.1:4010"),
                ("origin", "http://127.0.0.1:3000"),
            ],
            &[("host", "127.0.0.1:4010"), ("sec-fetch-site", "cross-site")],
            &[("host", "127.0.0.1:4010"), ("sec-fetch-site", "same-site")],
            // Its owner lets this name point at this machine.
            &[
                ("host", "shop.example.in:4010"),
                ("origin", "http://shop.example.in:4010"),
            ],
            &[("origin", "http://127.0.0.1:4010")],
        ] {
            assert!(!may_act(&headers(wrong)), "{wrong:?}");
        }
    }

    #[test]
    fn this_machine_has_several_names() {
        for here in [
            "127.0.0.1",
            "127.8.8.8",
            "LocalHost",
            "shop.localhost",
            "[::1]",
        ] {
            assert!(is_this_machine(here), "{here}");
        }
        for elsewhere in ["192.168.0.1", "127.0.0.1.example.in", "localhost.in", ""] {
            assert!(!is_this_machine(elsewhere), "{elsewhere}");
        }
        assert!(!is_for_this_machine(&headers(&[(
            "host",
            "shop.example.in"
        )])));
        assert!(is_for_this_machine(&headers(&[])));
    }
}
