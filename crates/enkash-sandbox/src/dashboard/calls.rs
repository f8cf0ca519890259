//! The last calls.

use maud::{Markup, html};

use super::Section;
use super::find::Hit;
use super::page::Content;
use super::parts::{
    badge, facts, head, json_text, leads, nothing, optional, part, status, table, text, when,
};
use super::view::{View, address};
use crate::faults::FaultKind;
use crate::log::LoggedCall;
use crate::state::State;

pub(super) const SECTION: Section = Section {
    path: "calls",
    name: "Calls",
    count: |state| state.log.list().count(),
    list,
    one,
    find,
};

fn list(view: &View<'_>) -> Markup {
    let page = view.numbered(view.state.log.list().rev(), |call| call.number);
    html! {
        h1 { "Calls" }
        @if page.rows.is_empty() {
            (nothing("Nobody has called yet."))
            p.lead { "The sandbox listens at " code { (view.world.url) } }
        } @else {
            (rows(&page.rows))
        }
        (view.pager(page.older))
    }
}

pub(super) fn rows(rows: &[&LoggedCall]) -> Markup {
    let rows: Vec<_> = rows.iter().map(|call| line(call)).collect();
    table(&["Call", "Answer", "-Fault", "-When"], &rows)
}

fn line(call: &LoggedCall) -> Markup {
    let number = call.number.to_string();
    let address_line = html! { (call.method) " " (call.path) };
    html! {
        tr #{ "call-" (number) } {
            (leads(&address(SECTION.path, &number), &title(call), &address_line))
            td { (status(call.status)) }
            td.wide { @if let Some(fault) = call.fault { (badge(&name(fault))) } }
            td.wide { (when(call.at)) }
        }
    }
}

fn title(call: &LoggedCall) -> String {
    format!(
        "#{} {}",
        call.number,
        call.operation.unwrap_or("no operation")
    )
}

/// A kind of fault as it is called in JSON.
pub(super) fn name(fault: FaultKind) -> String {
    let name = serde_json::to_value(fault).ok();
    name.and_then(|name| name.as_str().map(str::to_owned))
        .unwrap_or_default()
}

fn one(view: &View<'_>, given: &str) -> Option<Content> {
    let number: u64 = given.parse().ok()?;
    let call = view.state.log.list().find(|call| call.number == number)?;
    let fault = call.fault.map(name);
    let main = html! {
        (head(SECTION.path, "Call", &title(call), &html! { (status(call.status)) code { (call.method) " " (call.path) } }))
        (facts(&[
            ("When", when(call.at)),
            ("Made to go wrong", optional(fault.as_deref())),
            ("Body", text(&format!("{} bytes", call.request_bytes))),
        ]))
        (part("Request", &match &call.request {
            Some(request) => json_text(request.get()),
            None => nothing("It had no body that could be read, or a long one."),
        }))
        (part("Answer", &match &call.answer {
            Some(answer) => json_text(answer.get()),
            None => nothing("There was none, or it was not JSON."),
        }))
    };
    Some(Content::live(title(call), main))
}

/// The part of a page with the calls that name one of these ids.
pub(super) fn about(view: &View<'_>, ids: &[&str]) -> Markup {
    /// So many are shown.
    const MOST: usize = 20;
    let quoted: Vec<String> = ids.iter().map(|id| format!("\"{id}\"")).collect();
    let names = |call: &&LoggedCall| {
        let bodies = [&call.request, &call.answer];
        call.path.split('/').any(|segment| ids.contains(&segment))
            || bodies.into_iter().flatten().any(|body| {
                let body = body.get();
                quoted.iter().any(|id| body.contains(id))
            })
    };
    let calls: Vec<_> = view
        .state
        .log
        .list()
        .rev()
        .filter(names)
        .take(MOST)
        .collect();
    html! { @if !calls.is_empty() { (part("Calls", &rows(&calls))) } }
}

fn find(state: &State, given: &str) -> Vec<Hit> {
    let number: Option<u64> = given.trim_start_matches('#').parse().ok();
    let calls = state.log.list();
    calls
        .filter(|call| Some(call.number) == number)
        .map(|call| {
            Hit::new(
                format!("Call {}", title(call)),
                address(SECTION.path, &call.number.to_string()),
            )
        })
        .collect()
}
