//! Webhooks and what became of them.

use maud::{Markup, html};

use super::Section;
use super::find::Hit;
use super::page::Content;
use super::parts::{
    badge, facts, head, json, leads, maybe_when, mentions, nothing, optional, part, status, table,
    text, when,
};
use super::view::{Act, ROWS, View, address};
use crate::state::State;
use crate::time::Moment;
use crate::webhooks::{Delivery, DeliveryState, Try};

pub(super) const SECTION: Section = Section {
    path: "webhooks",
    name: "Webhooks",
    count: |state| state.webhooks.list().count(),
    list,
    one,
    find,
};

fn list(view: &View<'_>) -> Markup {
    let page = view.numbered(view.state.webhooks.list().rev(), |sent| sent.number);
    html! {
        h1 { "Webhooks" }
        @if page.rows.is_empty() {
            (nothing("None was sent yet. An order with a notifyUrl is told of when it is paid."))
        } @else {
            (rows(view, &page.rows))
        }
        (view.pager(page.older))
    }
}

pub(super) fn rows(view: &View<'_>, rows: &[&Delivery]) -> Markup {
    let rows: Vec<_> = rows.iter().map(|sent| line(view, sent)).collect();
    table(&["Webhook", "State", "-Tries", "-Last try", ""], &rows)
}

fn line(view: &View<'_>, sent: &Delivery) -> Markup {
    let number = sent.number.to_string();
    let last = sent.tries.last();
    html! {
        tr #{ "webhook-" (number) } {
            (leads(&address(SECTION.path, &number), &title(sent), &html! { (sent.url) }))
            td { (state(sent)) }
            td.wide {
                (sent.tries.len()) " "
                @if let Some(last) = last { (status(last.status)) }
            }
            td.wide { (maybe_when(last.map(|last| last.at))) }
            td { (resend(view, sent, "small second")) }
        }
    }
}

fn title(sent: &Delivery) -> String {
    format!("#{} {}", sent.number, sent.operation)
}

fn state(sent: &Delivery) -> Markup {
    badge(match sent.state {
        DeliveryState::Waiting => "waiting",
        DeliveryState::Delivered => "delivered",
        DeliveryState::GivenUp => "given-up",
        DeliveryState::NotSent => "not-sent",
    })
}

/// The button that sends it again; none for one that may not be sent.
fn resend(view: &View<'_>, sent: &Delivery, look: &'static str) -> Markup {
    let path = format!("/webhooks/{}/resend", sent.number);
    let says = format!("Resend webhook {}", sent.number);
    html! {
        @if sent.state != DeliveryState::NotSent {
            (view.button(&Act {
                look,
                says: Some(&says),
                ..Act::new(&path, "Resend", "It is sent again.")
            }))
        }
    }
}

fn one(view: &View<'_>, given: &str) -> Option<Content> {
    let number: u64 = given.parse().ok()?;
    let sent = view
        .state
        .webhooks
        .list()
        .find(|sent| sent.number == number)?;
    let main = html! {
        (head(SECTION.path, "Webhook", &title(sent), &html! { (state(sent)) (optional(sent.reason.as_deref())) }))
        div.acts { (resend(view, sent, "")) }
        (facts(&[
            ("Sent to", text(&sent.url)),
            ("Tried again", maybe_when(sent.next_try)),
        ]))
        (part("Tries", &html! {
            @if sent.tries.is_empty() { (nothing("It was not tried yet.")) }
            @else { (tries(&sent.tries)) }
        }))
        (part("Body", &json(&sent.body)))
    };
    Some(Content::live(title(sent), main))
}

fn tries(tries: &[Try]) -> Markup {
    let rows: Vec<_> = (1..)
        .zip(tries)
        .map(|(number, one)| {
            html! {
                tr #{ "try-" (number) } {
                    th scope="row" { (number) }
                    td { (status(one.status)) }
                    td { (when(one.at)) }
                    td { (optional(one.error.as_deref())) }
                }
            }
        })
        .collect();
    table(&["Try", "Answer", "When", "Error"], &rows)
}

/// The last of those that tell of something, by its id.
fn telling<'a>(view: &View<'a>, id: &str) -> Vec<&'a Delivery> {
    let sent = view.state.webhooks.list().rev();
    sent.filter(|sent| mentions(&sent.body, id))
        .take(ROWS)
        .collect()
}

/// The part of a page with those that tell of something.
pub(super) fn about(view: &View<'_>, id: &str) -> Markup {
    let sent = telling(view, id);
    html! { @if !sent.is_empty() { (part("Notifications", &rows(view, &sent))) } }
}

/// When those were tried that tell of something.
pub(super) fn events(view: &View<'_>, id: &str) -> Vec<(Moment, Markup)> {
    let tries = telling(view, id).into_iter().rev().flat_map(|sent| {
        let number = sent.number.to_string();
        sent.tries.iter().map(move |one| {
            let told = html! {
                "Webhook " a.id href=(address(SECTION.path, &number)) { "#" (number) } " sent "
                (status(one.status))
            };
            (one.at.into(), told)
        })
    });
    tries.collect()
}

fn find(state: &State, given: &str) -> Vec<Hit> {
    let number: Option<u64> = given.trim_start_matches('#').parse().ok();
    let sent = state.webhooks.list();
    sent.filter(|sent| Some(sent.number) == number)
        .map(|sent| {
            Hit::new(
                format!("Webhook {}", title(sent)),
                address(SECTION.path, &sent.number.to_string()),
            )
        })
        .collect()
}
