//! Orders.

use enkash_types::gateway::{OrderStatus, PaymentMode};
use enkash_types::masked;
use maud::{Markup, html};

use super::find::Hit;
use super::page::Content;
use super::parts::{
    answered, badge, facts, head, id, leads, nothing, optional, part, sum, table, when,
};
use super::view::{Act, ROWS, View, address, encoded};
use super::{Section, calls, payments, refunds, webhooks};
use crate::gateway::attempts::Waits;
use crate::gateway::orders::{Placed, page as checkout};
use crate::state::State;
use crate::time::Moment;

pub(super) const SECTION: Section = Section {
    path: "orders",
    name: "Orders",
    count: |state| state.orders.len(),
    list,
    one,
    find,
};

fn list(view: &View<'_>) -> Markup {
    let page = view.table_rows(view.state.orders.len());
    html! {
        h1 { "Orders" }
        @if page.rows.is_empty() {
            (nothing("No order yet. Point a client here and create one: it is shown at once."))
        } @else {
            (rows(view, &page.rows))
        }
        (view.pager(page.older))
    }
}

pub(super) fn rows(view: &View<'_>, rows: &[u32]) -> Markup {
    let rows: Vec<_> = rows.iter().map(|row| line(view, *row)).collect();
    table(
        &["Order", "Amount", "State", "-Attempts", "-Created"],
        &rows,
    )
}

fn line(view: &View<'_>, row: u32) -> Markup {
    let placed = &view.state.orders[row];
    html! {
        tr #{ "order-" (row) } {
            (leads(&to(placed), placed.merchant_id.as_str(), &html! { (placed.id) }))
            td { (sum(placed.amount)) }
            td { (badge(placed.status.as_str())) }
            td.wide { (made(view, placed).count()) }
            td.wide { (when(placed.created)) }
        }
    }
}

/// The address of an order's page.
pub(super) fn to(placed: &Placed) -> String {
    address(SECTION.path, placed.id.as_str())
}

/// An order in the words of its merchant, which leads to its page.
pub(super) fn link(placed: &Placed) -> Markup {
    html! { a.id href=(to(placed)) { (placed.merchant_id) } }
}

/// The rows of the attempts that were made, and of those that somebody may make by a code.
fn made<'a>(view: &'a View<'_>, placed: &'a Placed) -> impl Iterator<Item = u32> + 'a {
    let attempts = placed.attempts.iter().copied();
    attempts.filter(|row| {
        let attempt = &view.state.attempts[*row];
        attempt.was_made() || attempt.waits == Waits::Scan
    })
}

fn one(view: &View<'_>, given: &str) -> Option<Content> {
    let row = view.state.orders.find(given).ok()?;
    let placed = &view.state.orders[row];
    let rest = placed.rest();
    let id_of_it = placed.id.as_str();
    let is_open = placed.still_open().is_ok();
    let all: Vec<u32> = made(view, placed).collect();
    let attempts = &all[all.len().saturating_sub(ROWS)..];
    let answer = masked(&placed.answer(view.world, &view.state.attempts)).unwrap_or_default();
    let main = html! {
        (head(SECTION.path, "Order", placed.merchant_id.as_str(), &html! {
            span.big { (sum(placed.amount)) }
            (badge(placed.status.as_str()))
        }))
        @if is_open { (buttons(view, placed)) }
        (facts(&[
            ("EnKash's id", id(id_of_it)),
            ("Merchant's id", id(placed.merchant_id.as_str())),
            ("Description", optional(rest.description.as_deref())),
            ("Created", when(placed.created)),
            ("Last changed", when(placed.modified)),
            ("Payer returns to", optional(placed.return_url.as_deref())),
            ("Notified at", optional(placed.notify_url.as_deref())),
        ]))
        (part("What happened", &timeline(view, placed, attempts)))
        (part("Attempts to pay", &html! {
            @if attempts.is_empty() { (nothing("Nobody has tried to pay it yet.")) }
            @else { (payments::rows(view, attempts)) }
            @if attempts.len() < all.len() {
                p.quiet { "These are the last of " (all.len()) "." }
            }
        }))
        (refunds::about(view, attempts))
        (webhooks::about(view, id_of_it))
        (calls::about(view, &[id_of_it, placed.merchant_id.as_str()]))
        (answered(&answer))
    };
    Some(Content::live(placed.merchant_id.as_str(), main))
}

fn buttons(view: &View<'_>, placed: &Placed) -> Markup {
    let path = |act: &str| format!("/orders/{}/{act}", encoded(placed.id.as_str()));
    let pay = view.does(&path("pay"));
    let fail = view.does(&path("fail"));
    let upi_first = PaymentMode::DOCUMENTED
        .iter()
        .filter(|mode| **mode != PaymentMode::Upi);
    let upi_first = std::iter::once(&PaymentMode::Upi).chain(upi_first);
    html! {
        div.acts {
            a.button href=(checkout(&placed.id)) { "Open the checkout page" }
            form.with method="post" action=(pay) {
                label.away for="mode" { "Payment mode" }
                select #mode name="paymentMode" {
                    @for mode in upi_first { option { (mode) } }
                }
                button.button.second type="submit" data-done="Paid." { "Pay" }
                button.button.second type="submit" formaction=(fail) data-done="An attempt has failed." {
                    "Let a payment fail"
                }
            }
            (view.button(&Act { look: "no", ..Act::new(&path("cancel"), "Cancel", "Cancelled.") }))
            (view.button(&Act { look: "no", ..Act::new(&path("expire"), "Let it expire", "Expired.") }))
        }
    }
}

/// What is known of an order's life, in the order in which it happened.
fn timeline(view: &View<'_>, placed: &Placed, attempts: &[u32]) -> Markup {
    let mut entries: Vec<(Moment, Markup)> = vec![(placed.created, html! { "Created" })];
    for row in attempts {
        entries.extend(payments::events(view, *row));
        entries.extend(refunds::events(view, *row));
    }
    // Of the states between, only how it stands now is kept.
    if placed.status != OrderStatus::Created {
        let stands = html! { "The order became " (badge(placed.status.as_str())) };
        entries.push((placed.modified, stands));
    }
    entries.extend(webhooks::events(view, placed.id.as_str()));
    entries.sort_by_key(|(at, _)| *at);
    html! {
        ol.timeline.sheet {
            @for (at, what) in &entries { li { (when(*at)) span { (what) } } }
        }
    }
}

fn find(state: &State, given: &str) -> Vec<Hit> {
    let rows = [
        state.orders.by_id(given),
        state.orders.by_merchant_id(given),
    ];
    let rows = rows.into_iter().flatten();
    rows.map(|row| Hit::new("Order", to(&state.orders[row])))
        .collect()
}

/// The last orders, for the first page.
pub(super) fn last(view: &View<'_>, most: usize) -> Vec<u32> {
    let mut rows = view.table_rows(view.state.orders.len()).rows;
    rows.truncate(most);
    rows
}
