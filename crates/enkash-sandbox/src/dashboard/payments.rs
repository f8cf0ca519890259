//! Attempts to pay.

use enkash_types::{Rupees, masked};
use maud::{Markup, html};

use super::find::Hit;
use super::page::Content;
use super::parts::{
    answered, badge, facts, head, id, instrument, leads, nothing, sum, table, text, when,
};
use super::view::{Act, View, address, encoded};
use super::{Section, calls, orders, refunds, settlements, webhooks};
use crate::gateway::attempts::{Attempt, Waits};
use crate::state::State;
use crate::time::Moment;

pub(super) const SECTION: Section = Section {
    path: "payments",
    name: "Payments",
    count: |state| state.attempts.len(),
    list,
    one,
    find,
};

fn list(view: &View<'_>) -> Markup {
    let page = view.table_rows(view.state.attempts.len());
    html! {
        h1 { "Payments" }
        @if page.rows.is_empty() {
            (nothing("No payment yet. Open an order and pay it, there or on its checkout page."))
        } @else {
            (rows(view, &page.rows))
        }
        (view.pager(page.older))
    }
}

pub(super) fn rows(view: &View<'_>, rows: &[u32]) -> Markup {
    let rows: Vec<_> = rows.iter().map(|row| line(view, *row)).collect();
    table(
        &["Payment", "Amount", "State", "-Paid with", "-Last change"],
        &rows,
    )
}

fn line(view: &View<'_>, row: u32) -> Markup {
    let attempt = &view.state.attempts[row];
    let order = &view.state.orders[attempt.order];
    html! {
        tr #{ "payment-" (row) } {
            (leads(&to(attempt), attempt.id.as_str(), &html! { "of " (order.merchant_id) }))
            td { (sum(attempt.amount)) }
            td { (badge(attempt.status.as_str())) }
            td.wide { (instrument(attempt.used.as_ref())) }
            td.wide { (when(attempt.modified)) }
        }
    }
}

fn to(attempt: &Attempt) -> String {
    address(SECTION.path, attempt.id.as_str())
}

fn one(view: &View<'_>, given: &str) -> Option<Content> {
    let row = view.state.attempts.row(given)?;
    let attempt = &view.state.attempts[row];
    let order = &view.state.orders[attempt.order];
    let answer = masked(&attempt.answer(order)).unwrap_or_default();
    let main = html! {
        (head(SECTION.path, "Payment", attempt.id.as_str(), &html! {
                span.big { (sum(attempt.amount)) }
                (badge(attempt.status.as_str()))
                span.quiet { (attempt.message()) }
            }))
        (buttons(view, attempt))
        (facts(&[
            ("Of the order", orders::link(order)),
            ("Paid with", instrument(attempt.used.as_ref())),
            ("Card holder", text(attempt.used.as_ref().map_or("", |used| &used.card_holder_name))),
            ("Given back", html! { @if attempt.refunded != Rupees::ZERO { (sum(attempt.refunded)) } }),
            ("Begun", when(attempt.created)),
            ("Last changed", when(attempt.modified)),
            ("Waits until", html! { @if let Some(end) = attempt.ends { (when(end)) } }),
            ("EnKash's id", id(attempt.id.as_str())),
            ("Its other id", id(&attempt.unique_id)),
            ("The bank's id", id(&attempt.bank_id)),
        ]))
        (refunds::about(view, &[row]))
        (settlements::about(view, attempt.id.as_str()))
        (webhooks::about(view, attempt.id.as_str()))
        (calls::about(view, &[attempt.id.as_str(), &attempt.unique_id]))
        (answered(&answer))
    };
    Some(Content::live(attempt.id.as_str(), main))
}

/// Yes and no, for a payment that waits for one.
pub(super) fn buttons(view: &View<'_>, attempt: &Attempt) -> Markup {
    let path = |act: &str| format!("/payments/{}/{act}", encoded(attempt.id.as_str()));
    html! {
        @if matches!(attempt.waits, Waits::Scan | Waits::Otp { .. } | Waits::Payer | Waits::Bank) {
            div.acts {
                (view.button(&Act { look: "", ..Act::new(&path("approve"), "Approve", "Approved.") }))
                (view.button(&Act { look: "no", ..Act::new(&path("decline"), "Decline", "Declined.") }))
            }
        }
    }
}

/// What happened with a payment.
pub(super) fn events(view: &View<'_>, row: u32) -> Vec<(Moment, Markup)> {
    let attempt = &view.state.attempts[row];
    let it = html! { "Payment " (super::parts::link(SECTION.path, attempt.id.as_str())) };
    let with = html! { @if attempt.was_made() { " with " (instrument(attempt.used.as_ref())) } };
    let stands = html! { (badge(attempt.status.as_str())) " " (attempt.message()) };
    if attempt.created == attempt.modified {
        return vec![(attempt.created, html! { (it) (with) " " (stands) })];
    }
    vec![
        (attempt.created, html! { (it) " begun" (with) }),
        (attempt.modified, html! { (it) " " (stands) }),
    ]
}

fn find(state: &State, given: &str) -> Vec<Hit> {
    let hit = |attempt: &Attempt| Hit::new("Payment", to(attempt));
    if let Some(attempt) = state.attempts.get(given) {
        return vec![hit(attempt)];
    }
    let others = state.attempts.iter();
    others
        .filter(|attempt| *attempt.unique_id == *given || *attempt.bank_id == *given)
        .map(hit)
        .collect()
}
