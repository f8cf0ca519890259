//! Cases about what is sent and what comes back.

use bytes::Bytes;
use http::header::{COOKIE, LOCATION, SET_COOKIE};
use http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode};

use super::report::{Outcome, Report};
use super::together::all;
use crate::transport::{Limits, Transport};

/// What the suite's server answers: the request's body, and in headers what else it saw.
/// `/status/NNN` answers with that status.
#[must_use]
pub fn respond(request: &Request<Bytes>) -> Response<Bytes> {
    let mut answer = Response::new(request.body().clone());
    let headers = answer.headers_mut();
    let mut seen = |name: &str, value: &[u8]| {
        if let (Ok(name), Ok(value)) = (
            HeaderName::try_from(format!("seen-{name}")),
            HeaderValue::from_bytes(value),
        ) {
            headers.append(name, value);
        }
    };
    seen("method", request.method().as_str().as_bytes());
    seen("target", target(request).as_bytes());
    for (name, value) in request.headers() {
        if name.as_str().starts_with("x-") || name == COOKIE {
            seen(name.as_str(), value.as_bytes());
        }
    }
    headers.append("x-case", HeaderValue::from_static("MiXeD CaSe"));
    headers.append("x-twice", HeaderValue::from_static("one"));
    headers.append("x-twice", HeaderValue::from_static("two"));
    headers.append(SET_COOKIE, HeaderValue::from_static("session=1"));
    if let Ok(latin1) = HeaderValue::from_bytes(LATIN1) {
        headers.append("x-latin1", latin1);
    }

    if let Some(status) = request
        .uri()
        .path()
        .strip_prefix("/status/")
        .and_then(|status| status.parse().ok())
    {
        *answer.status_mut() = status;
        if answer.status().is_redirection() {
            let elsewhere = HeaderValue::from_static("/elsewhere");
            answer.headers_mut().append(LOCATION, elsewhere);
        }
        if answer.status() == StatusCode::NO_CONTENT {
            answer.body_mut().clear();
        }
    }
    answer
}

/// `café` in Latin-1, which is not UTF-8.
const LATIN1: &[u8] = b"caf\xe9";

fn target<B>(request: &Request<B>) -> &str {
    let target = request.uri().path_and_query();
    target.map_or("/", |target| target.as_str())
}

pub(super) async fn run<T: Transport>(
    report: &mut Report,
    make: &impl Fn(Limits) -> T,
    base: &str,
) {
    let transport = make(Limits::default());
    let (transport, to) = (&transport, &To(base));
    report.add(
        "method, path, headers and body arrive unchanged",
        unchanged(transport, to).await,
    );
    report.add(
        "an empty body stays empty, both ways",
        empty_body(transport, to).await,
    );
    report.add(
        "a large body arrives whole, both ways",
        large_body(transport, to).await,
    );
    report.add(
        "header names are found in any case, values keep theirs",
        header_case(transport, to).await,
    );
    report.add(
        "a header that comes twice is kept twice",
        header_twice(transport, to).await,
    );
    report.add(
        "a header value that is not UTF-8 is passed through",
        not_utf8(transport, to).await,
    );
    report.add(
        "an answer of any status is an answer",
        any_status(transport, to).await,
    );
    report.add("a redirect is not followed", redirect(transport, to).await);
    report.add("cookies are not kept", cookies(transport, to).await);
    report.add("100 requests at once", at_once(transport, to).await);
}

/// Makes requests to the server.
struct To<'a>(&'a str);

impl To<'_> {
    fn get(&self, target: &str) -> Result<Request<Bytes>, String> {
        self.request(Method::GET, target, Bytes::new())
    }

    fn post(&self, target: &str, body: impl Into<Bytes>) -> Result<Request<Bytes>, String> {
        self.request(Method::POST, target, body.into())
    }

    fn request(&self, method: Method, target: &str, body: Bytes) -> Result<Request<Bytes>, String> {
        Request::builder()
            .method(method)
            .uri(format!("{}{target}", self.0))
            .body(body)
            .map_err(|error| error.to_string())
    }
}

async fn send(
    transport: &impl Transport,
    request: Request<Bytes>,
) -> Result<Response<Bytes>, String> {
    let target = target(&request).to_owned();
    let method = request.method().clone();
    let sent = transport.send(request).await;
    sent.map_err(|error| format!("{method} {target}: {error} ({:?})", error.failure()))
}

fn equal<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Outcome {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what} is {found:?}, should be {expected:?}"))
    }
}

fn equal_body(answer: &Response<Bytes>, expected: &[u8]) -> Outcome {
    if answer.body() == expected {
        Ok(())
    } else {
        Err(format!(
            "the body came back changed: {} bytes for {}",
            answer.body().len(),
            expected.len()
        ))
    }
}

fn header<'a>(answer: &'a Response<Bytes>, name: &str) -> &'a [u8] {
    answer
        .headers()
        .get(name)
        .map_or(b"", HeaderValue::as_bytes)
}

async fn unchanged(transport: &impl Transport, to: &To<'_>) -> Outcome {
    let target = "/a%2Fb%20c/~d;e?x=1%2C2&y=%E0%A4%85+z&x=";
    for method in [Method::POST, Method::PUT, Method::PATCH] {
        let body: Vec<u8> = (0..=255).collect();
        let mut request = to.request(method.clone(), target, body.clone().into())?;
        let mut secret = HeaderValue::from_static("Bearer AbC==");
        secret.set_sensitive(true);
        request.headers_mut().insert("x-token", secret);
        let answer = send(transport, request).await?;
        equal(
            "the method",
            header(&answer, "seen-method"),
            method.as_str().as_bytes(),
        )?;
        equal(
            "the target",
            header(&answer, "seen-target"),
            target.as_bytes(),
        )?;
        equal(
            "a header",
            header(&answer, "seen-x-token"),
            b"Bearer AbC==".as_slice(),
        )?;
        equal_body(&answer, &body)?;
    }
    Ok(())
}

async fn empty_body(transport: &impl Transport, to: &To<'_>) -> Outcome {
    for request in [
        to.get("/")?,
        to.post("/", "")?,
        to.request(Method::DELETE, "/", Bytes::new())?,
        to.get("/status/204")?,
    ] {
        equal_body(&send(transport, request).await?, b"")?;
    }
    Ok(())
}

async fn large_body(transport: &impl Transport, to: &To<'_>) -> Outcome {
    // Larger than every buffer on the way, and no period that a buffer could hide.
    let body: Vec<u8> = (0_u32..3 << 20).map(|n| (n % 251) as u8).collect();
    let answer = send(transport, to.post("/", body.clone())?).await?;
    equal_body(&answer, &body)
}

async fn header_case(transport: &impl Transport, to: &To<'_>) -> Outcome {
    let answer = send(transport, to.get("/")?).await?;
    equal(
        "X-CaSe",
        header(&answer, "X-CaSe"),
        b"MiXeD CaSe".as_slice(),
    )
}

async fn header_twice(transport: &impl Transport, to: &To<'_>) -> Outcome {
    let answer = send(transport, to.get("/")?).await?;
    let values: Vec<_> = answer
        .headers()
        .get_all("x-twice")
        .iter()
        .map(HeaderValue::as_bytes)
        .collect();
    equal("x-twice", values, vec![b"one".as_slice(), b"two"])
}

async fn not_utf8(transport: &impl Transport, to: &To<'_>) -> Outcome {
    let answer = send(transport, to.get("/")?).await?;
    equal("x-latin1", header(&answer, "x-latin1"), LATIN1)
}

async fn any_status(transport: &impl Transport, to: &To<'_>) -> Outcome {
    for status in [
        200, 201, 202, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503, 504,
    ] {
        let answer = send(transport, to.post(&format!("/status/{status}"), "why")?).await?;
        equal("the status", answer.status().as_u16(), status)?;
        equal_body(&answer, b"why")?;
    }
    Ok(())
}

async fn redirect(transport: &impl Transport, to: &To<'_>) -> Outcome {
    for status in [301, 302, 303, 307, 308] {
        for request in [
            to.get(&format!("/status/{status}"))?,
            to.post(&format!("/status/{status}"), "{}")?,
        ] {
            let answer = send(transport, request).await?;
            equal("the status", answer.status().as_u16(), status)?;
        }
    }
    Ok(())
}

async fn cookies(transport: &impl Transport, to: &To<'_>) -> Outcome {
    send(transport, to.get("/")?).await?;
    let answer = send(transport, to.get("/")?).await?;
    equal(
        "the cookie that was sent",
        header(&answer, "seen-cookie"),
        b"".as_slice(),
    )
}

async fn at_once(transport: &impl Transport, to: &To<'_>) -> Outcome {
    let requests = (0..100).map(|number| async move {
        let body = format!("{number}");
        let answer = send(transport, to.post("/", body.clone())?).await?;
        equal_body(&answer, body.as_bytes())
    });
    all(requests).await.into_iter().collect()
}
