//! Calls from the pages of a merchant: browsers let a page call another origin only if that
//! allows it.

use bytes::Bytes;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_METHOD, HeaderName, ORIGIN, VARY,
};
use http::request::Parts;
use http::{HeaderValue, Method, Response, StatusCode};
use serde_json::json;

use super::window::Origin;
use crate::router::json_answer;
use crate::world::World;

/// Whether a browser makes calls of this path: EnKash's checkout-side calls, and the two of its
/// merchant calls that its script makes as well.
fn is_of_browsers(path: &str) -> bool {
    ["/pay/", "/api/v0/transactions/", "/api/v0/bin/"]
        .iter()
        .any(|prefix| path.starts_with(prefix))
}

/// Answers what a browser asks before it lets a page call, and refuses what a page calls that may
/// not. `None` for all other requests, those that no page makes among them.
pub(super) fn before(world: &World, head: &Parts) -> Option<Response<Bytes>> {
    if !is_of_browsers(head.uri.path()) {
        return None;
    }
    let origin = head.headers.get(ORIGIN)?;
    if allowed(world, head).is_none() {
        let error = format!(
            "pages of {} may not call the checkout: start the sandbox with this origin (Config::with_checkout_origins); without any, pages of this machine may",
            origin.to_str().unwrap_or("this origin"),
        );
        return Some(json_answer(
            StatusCode::FORBIDDEN,
            &json!({"response_code": 403, "response_message": error}),
        ));
    }
    if head.method != Method::OPTIONS || !head.headers.contains_key(ACCESS_CONTROL_REQUEST_METHOD) {
        return None;
    }
    let mut response = Response::new(Bytes::new());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let mut put = |name: HeaderName, value: &'static str| {
        let value = HeaderValue::from_static(value);
        response.headers_mut().insert(name, value);
    };
    put(ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, PATCH");
    put(ACCESS_CONTROL_ALLOW_HEADERS, "content-type, authorization");
    put(ACCESS_CONTROL_MAX_AGE, "600");
    after(world, head, &mut response);
    Some(response)
}

/// Lets the page that has called read the answer.
pub(crate) fn after(world: &World, head: &Parts, response: &mut Response<Bytes>) {
    if !is_of_browsers(head.uri.path()) {
        return;
    }
    let headers = response.headers_mut();
    headers.append(VARY, HeaderValue::from_static("origin"));
    if let Some(origin) = allowed(world, head) {
        headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
    }
}

/// The origin that calls, if it may.
fn allowed(world: &World, head: &Parts) -> Option<HeaderValue> {
    let origin = head.headers.get(ORIGIN)?;
    let may = Origin::of(origin.to_str().ok()?)?.may_check_out(&world.config.checkout_origins);
    may.then(|| origin.clone())
}
