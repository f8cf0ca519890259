//! The dashboard: what the sandbox holds, for a person to look at and to press buttons.
//!
//! It is a list of [`Section`]s. It changes nothing itself: a button is a form, and what it does is
//! an act of the [control surface](crate::control). A page that is open asks for itself again and
//! is answered when something on it has changed ([`wait`]).

mod calls;
mod faults;
mod find;
mod home;
mod orders;
mod page;
mod parts;
mod payments;
mod records;
mod refunds;
mod settlements;
mod statement;
mod time;
mod transfers;
mod view;
mod webhooks;

use std::borrow::Cow;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::IF_NONE_MATCH;
use http::request::Parts;
use http::{Method, Response, StatusCode};
use maud::{Markup, html};
use percent_encoding::percent_decode_str;
use serde::Deserialize;
use serde_json::{Map, Value};

use self::find::Hit;
use self::page::{Content, not_modified};
use self::view::View;
use crate::html::see_other;
use crate::router::other_method;
use crate::state::State;
use crate::world::World;
use crate::{browser, control};

/// Where all of it but the first page is.
const ROOT: &str = "/_sandbox/dashboard";

/// What follows the dashboard's prefix in a path.
pub(crate) fn below(path: &str) -> Option<&str> {
    if path == "/" {
        return Some("/");
    }
    let rest = path.strip_prefix(ROOT)?;
    match rest {
        "" => Some("/"),
        _ => rest.starts_with('/').then_some(rest),
    }
}

/// Things of one kind: a list of them, and a page for each.
struct Section {
    /// In the address.
    path: &'static str,
    /// In the list of sections.
    name: &'static str,
    /// How many there are.
    count: fn(&State) -> usize,
    /// The page with the list.
    list: fn(&View<'_>) -> Markup,
    /// The page of one, by the id in its address.
    one: fn(&View<'_>, &str) -> Option<Content>,
    /// Whatever has this id.
    find: fn(&State, &str) -> Vec<Hit>,
}

/// What a payment is made of first, then what a payout is, then what happened, then what else
/// there is.
const SECTIONS: &[&[Section]] = &[
    &[
        orders::SECTION,
        payments::SECTION,
        refunds::SECTION,
        settlements::SECTION,
    ],
    &[
        transfers::SECTION,
        records::BENEFICIARIES,
        statement::SECTION,
    ],
    &[webhooks::SECTION, calls::SECTION],
    &[time::SECTION, faults::SECTION],
    records::SECTIONS,
];

fn sections() -> impl Iterator<Item = &'static Section> {
    SECTIONS.iter().copied().flatten()
}

/// Answers a request to the dashboard.
pub(crate) async fn handle(
    world: &Arc<World>,
    head: &Parts,
    path: &str,
    body: &[u8],
) -> Response<Bytes> {
    if !browser::is_for_this_machine(&head.headers) {
        return browser::refused();
    }
    if let Some(act) = path.strip_prefix("/do/") {
        return match head.method {
            Method::POST => press(world, head, act, body),
            _ => other_method(&["POST"]),
        };
    }
    if !matches!(head.method, Method::GET | Method::HEAD) {
        return other_method(&["GET"]);
    }
    wait(world, head, || show(world, head, path)).await
}

/// Gives a page: at once, or, where it was asked to (`Prefer: wait=25`, RFC 7240), as soon as it
/// is another than the one that the browser has.
async fn wait(world: &World, head: &Parts, page: impl Fn() -> page::Answer) -> Response<Bytes> {
    /// Changes within this time are shown together.
    const PAUSE: Duration = Duration::from_millis(150);
    /// Nobody waits longer.
    const LONGEST: Duration = Duration::from_secs(60);
    let known = head.headers.get(IF_NONE_MATCH);
    let patience = head.headers.get("prefer").and_then(|prefer| {
        let seconds = prefer.to_str().ok()?.strip_prefix("wait=")?.parse().ok()?;
        Some(Duration::from_secs(seconds).min(LONGEST))
    });
    let mut changes = world.changes();
    let is_new = async {
        loop {
            changes.mark_unchanged();
            let answer = page();
            if answer.version.is_none() || answer.version.as_ref() != known {
                return answer.response;
            }
            // `world` holds the sender, so this does not fail.
            let _ = changes.changed().await;
            tokio::time::sleep(PAUSE).await;
        }
    };
    tokio::select! {
        response = is_new => response,
        () = world.stopped() => not_modified(),
        () = tokio::time::sleep(patience.unwrap_or_default()), if known.is_some() => not_modified(),
    }
}

/// What stands after `?` in an address of the dashboard.
#[derive(Default, Deserialize)]
struct Query {
    /// Things that are older than this one.
    before: Option<u64>,
    /// What is looked for.
    #[serde(default)]
    id: String,
    /// Where a button leads back to.
    #[serde(default)]
    back: String,
}

impl Query {
    /// One that cannot be read is none.
    fn of(head: &Parts) -> Self {
        let query = head.uri.query().unwrap_or_default();
        serde_urlencoded::from_str(query).unwrap_or_default()
    }
}

fn show(world: &World, head: &Parts, path: &str) -> page::Answer {
    let query = Query::of(head);
    let here = head.uri.path_and_query();
    let state = world.state();
    let view = View {
        world,
        state: &state,
        here: here.map_or("/", |here| here.as_str()),
        before: query.before,
    };
    let mut segments = path.trim_matches('/').splitn(2, '/').map(decoded);
    let section = segments.next().unwrap_or_default();
    let id = segments.next();
    let content =
        match (&*section, id) {
            ("", _) => Some(home::page(&view)),
            ("find", None) => match find::page(&view, query.id.trim()) {
                Ok(content) => Some(content),
                Err(only) => return page::Answer::fixed(see_other(&only)),
            },
            (section, id) => sections()
                .find(|known| known.path == section)
                .and_then(|section| match id {
                    None => Some(Content::live(section.name, (section.list)(&view))),
                    Some(id) => (section.one)(&view, &id),
                }),
        };
    let content = content.unwrap_or_else(|| {
        let main = html! {
            h1 { "Nothing here" }
            p.lead {
                "There is no such page, or what it showed is gone: of calls and webhooks the last \
                 thousand are kept."
            }
        };
        Content::live("Nothing here", main).with_status(StatusCode::NOT_FOUND)
    });
    page::answer(&view, content)
}

fn decoded(segment: &str) -> Cow<'_, str> {
    percent_decode_str(segment).decode_utf8_lossy()
}

/// A button was pressed: does what the control surface does at this path, with the fields of the
/// form.
fn press(world: &Arc<World>, head: &Parts, act: &str, form: &[u8]) -> Response<Bytes> {
    let act = format!("/{act}");
    let answer = match fields(form) {
        Some(body) => control::handle(world, &Method::POST, &act, body.as_bytes()),
        None => {
            return problem(
                world,
                StatusCode::BAD_REQUEST,
                "The form could not be read.",
            );
        }
    };
    let back = Query::of(head).back;
    if answer.status().is_success() {
        // To a page of the dashboard alone.
        let path = back.split(['?', '#']).next().unwrap_or_default();
        let is_ours = below(path).is_some();
        return see_other(if is_ours { &back } else { "/" });
    }
    let told: Value = serde_json::from_slice(answer.body()).unwrap_or_default();
    let told = told["error"].as_str().unwrap_or("It was not done.");
    problem(world, answer.status(), told)
}

/// The fields of a form as JSON; a text that is empty is not there. A name that begins with `#`
/// is that of a number.
fn fields(form: &[u8]) -> Option<String> {
    let pairs: Vec<(String, String)> = serde_urlencoded::from_bytes(form).ok()?;
    if pairs.is_empty() {
        return Some(String::new());
    }
    let mut fields = Map::new();
    for (name, value) in pairs {
        if value.is_empty() {
            continue;
        }
        let (name, value) = match name.strip_prefix('#') {
            Some(name) => (name.to_owned(), value.parse::<u64>().ok()?.into()),
            None => (name, Value::String(value)),
        };
        fields.insert(name, value);
    }
    Some(Value::Object(fields).to_string())
}

/// The page that says why a button did nothing.
fn problem(world: &World, status: StatusCode, why: &str) -> Response<Bytes> {
    let state = world.state();
    let view = View {
        world,
        state: &state,
        here: "/",
        before: None,
    };
    let main = html! {
        h1 { "It was not done" }
        p.lead #problem { (why) }
    };
    let content = Content::fixed("It was not done", main).with_status(status);
    page::answer(&view, content).response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_becomes_json() {
        let read = |form: &str| fields(form.as_bytes());
        assert_eq!(read("").as_deref(), Some(""));
        assert_eq!(read("amount=").as_deref(), Some("{}"));
        assert_eq!(
            read("%23advanceSeconds=60&kind=lost-answer").as_deref(),
            Some(r#"{"advanceSeconds":60,"kind":"lost-answer"}"#)
        );
        assert_eq!(read("%23count=many"), None);
    }

    #[test]
    fn every_section_has_an_address_of_its_own() {
        let mut paths: Vec<_> = sections().map(|section| section.path).collect();
        paths.extend(["find", "do"]);
        paths.sort_unstable();
        let all = paths.len();
        paths.dedup();
        assert_eq!(paths.len(), all);
    }
}
