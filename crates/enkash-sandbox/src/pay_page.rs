//! A page on which an order can be paid, failed and given up, in place of EnKash's checkout.

use std::fmt::Write as _;
use std::sync::Arc;

use bytes::Bytes;
use enkash_types::gateway::PaymentMode;
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Method, Response, StatusCode};
use percent_encoding::{CONTROLS, utf8_percent_encode};
use serde::Deserialize;

use crate::gateway::orders::{Over, Placed, page};
use crate::gateway::payments::{Act, NotActed, act};
use crate::router::other_method;
use crate::world::World;

/// What follows the page's prefix in a path.
pub(crate) fn below(path: &str) -> Option<&str> {
    path.strip_prefix("/v1/pay/")
}

/// Answers a request to the page: `GET {order}`, `POST {order}/pay`, `/fail`, `/cancel`.
pub(crate) fn handle(
    world: &Arc<World>,
    method: &Method,
    path: &str,
    form: &[u8],
) -> Response<Bytes> {
    let (order, button) = match path.split_once('/') {
        Some((order, button)) => (order, Some(button)),
        None => (path, None),
    };
    let allowed = if button.is_some() { "POST" } else { "GET" };
    if !matches!(button, None | Some("pay" | "fail" | "cancel")) {
        return note(StatusCode::NOT_FOUND, "There is no such page.");
    }
    if *method != allowed {
        return other_method(&[allowed]);
    }
    match button {
        None => show(world, order),
        Some(button) => press(world, order, button, form),
    }
}

fn show(world: &World, order: &str) -> Response<Bytes> {
    let now = world.now();
    let mut state = world.state();
    let Some(placed) = state.orders.find_mut(order) else {
        return no_order();
    };
    placed.render(now);
    let response = html(StatusCode::OK, &checkout(placed));
    drop(state);
    world.changed();
    response
}

#[derive(Deserialize)]
struct Form {
    #[serde(rename = "paymentMode", default = "upi")]
    mode: String,
}

fn upi() -> String {
    PaymentMode::Upi.to_string()
}

fn press(world: &Arc<World>, order: &str, button: &str, form: &[u8]) -> Response<Bytes> {
    let Ok(Form { mode }) = serde_urlencoded::from_bytes(form) else {
        return note(StatusCode::BAD_REQUEST, "The form could not be read.");
    };
    let mode = PaymentMode::from(mode.as_str());
    if matches!(mode, PaymentMode::Unknown(_)) {
        return note(
            StatusCode::UNPROCESSABLE_ENTITY,
            "There is no such payment mode.",
        );
    }
    let pressed = match button {
        "pay" => Act::Pay(mode),
        "fail" => Act::Fail(mode),
        _ => Act::Cancel,
    };
    match act(world, order, pressed) {
        Ok(acted) => see_other(&match acted.returns_to {
            Some((url, fields)) => with_fields(&url, &fields),
            None => page(&acted.order_id),
        }),
        Err(NotActed::NoOrder) => no_order(),
        Err(NotActed::Over(Over(status))) => note(
            StatusCode::CONFLICT,
            &format!("This order is {status}; nothing was done."),
        ),
    }
}

fn checkout(placed: &Placed) -> String {
    let request = &placed.request;
    let mut page = format!(
        "<h1>Pay {amount} {currency}</h1>\
         <p>Order {order} ({id}) is {status}.</p>",
        amount = escaped(&request.amount.value.to_string()),
        currency = escaped(request.amount.currency.as_str()),
        order = escaped(request.order_id.as_str()),
        id = escaped(placed.id.as_str()),
        status = escaped(placed.status.as_str()),
    );
    if let Some(description) = &request.description {
        // Writing to a text cannot fail, here and below.
        let _ = write!(page, "<p>{}</p>", escaped(description));
    }
    if placed.still_open().is_ok() {
        let mut modes = String::new();
        let upi_first = std::iter::once(&PaymentMode::Upi).chain(
            PaymentMode::DOCUMENTED
                .iter()
                .filter(|mode| **mode != PaymentMode::Upi),
        );
        for mode in upi_first {
            let _ = write!(modes, "<option>{}</option>", escaped(mode.as_str()));
        }
        let action = crate::gateway::orders::page(&placed.id);
        let _ = write!(
            page,
            "<form method=post action=\"{action}/pay\">\
             <p><label>Pay by <select name=paymentMode>{modes}</select></label>\
             <p><button>Pay</button> \
             <button formaction=\"{action}/fail\">Let the payment fail</button> \
             <button formaction=\"{action}/cancel\">Cancel the order</button></form>",
            action = escaped(&action),
        );
    }
    page
}

fn no_order() -> Response<Bytes> {
    note(StatusCode::NOT_FOUND, "There is no such order.")
}

fn note(status: StatusCode, text: &str) -> Response<Bytes> {
    html(status, &format!("<p>{}</p>", escaped(text)))
}

/// A page of the sandbox that says that it is one. `content` is HTML.
pub(crate) fn html(status: StatusCode, content: &str) -> Response<Bytes> {
    let page = format!(
        "<!doctype html><html lang=en><meta charset=utf-8>\
         <meta name=viewport content=\"width=device-width\">\
         <title>EnKash sandbox</title>\
         <p><strong>This is a sandbox. No money moves.</strong></p>{content}</html>\n"
    );
    let mut response = Response::new(Bytes::from(page));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(
        CONTENT_TYPE,
        HeaderValue::from_static("text/html; charset=utf-8"),
    );
    headers.insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'"),
    );
    response
}

fn see_other(url: &str) -> Response<Bytes> {
    // An address may hold letters that a header may not.
    let url = utf8_percent_encode(url, CONTROLS).to_string();
    let Ok(location) = HeaderValue::from_str(&url) else {
        return note(
            StatusCode::INTERNAL_SERVER_ERROR,
            "returnUrl cannot be written in a header.",
        );
    };
    let mut response = note(StatusCode::SEE_OTHER, "Done.");
    response.headers_mut().insert(LOCATION, location);
    response
}

/// Adds fields to the query of an address, with `?` or `&`, and before its fragment.
fn with_fields(url: &str, fields: &[(&'static str, String)]) -> String {
    let (url, fragment) = match url.split_once('#') {
        Some((url, fragment)) => (url, Some(fragment)),
        None => (url, None),
    };
    let mut to = url.to_owned();
    if !url.ends_with(['?', '&']) {
        to.push(if url.contains('?') { '&' } else { '?' });
    }
    // Pairs of texts cannot fail to be written as a query.
    to.push_str(&serde_urlencoded::to_string(fields).unwrap_or_default());
    if let Some(fragment) = fragment {
        to.push('#');
        to.push_str(fragment);
    }
    to
}

/// A text as it stands in HTML, in an attribute as well.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_added_to_any_address() {
        let fields = [("a", "1 2".to_owned()), ("b", "&".to_owned())];
        for (url, to) in [
            ("https://x.in", "https://x.in?a=1+2&b=%26"),
            ("https://x.in/y?", "https://x.in/y?a=1+2&b=%26"),
            ("https://x.in/y?z=1", "https://x.in/y?z=1&a=1+2&b=%26"),
            ("https://x.in/y#top", "https://x.in/y?a=1+2&b=%26#top"),
        ] {
            assert_eq!(with_fields(url, &fields), to);
        }
    }

    #[test]
    fn nothing_that_html_reads_is_left() {
        assert_eq!(
            escaped("<b a=\"x\" c='y'>&"),
            "&lt;b a=&quot;x&quot; c=&#39;y&#39;&gt;&amp;"
        );
    }
}
