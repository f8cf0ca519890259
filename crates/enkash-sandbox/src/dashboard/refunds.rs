//! Refunds.

use enkash_types::{Rupees, masked};
use maud::{Markup, html};

use super::find::Hit;
use super::page::Content;
use super::parts::{
    answered, badge, facts, head, id, leads, link, nothing, optional, part, sum, table, when,
};
use super::view::{ROWS, View, address};
use super::{Section, calls, payments};
use crate::gateway::refunds::{GivenBack, answer};
use crate::state::State;
use crate::time::Moment;

pub(super) const SECTION: Section = Section {
    path: "refunds",
    name: "Refunds",
    count: |state| state.refunds.len(),
    list,
    one,
    find,
};

fn list(view: &View<'_>) -> Markup {
    let page = view.table_rows(view.state.refunds.len());
    html! {
        h1 { (SECTION.name) }
        @if page.rows.is_empty() {
            (nothing("No refund yet. A payment that succeeded can be given back, in part or whole."))
        } @else {
            (rows(view, &page.rows))
        }
        (view.pager(page.older))
    }
}

fn rows(view: &View<'_>, rows: &[u32]) -> Markup {
    let rows: Vec<_> = rows.iter().map(|row| line(view, *row)).collect();
    table(
        &["Refund", "Amount", "State", "-Of the payment", "-Asked for"],
        &rows,
    )
}

fn line(view: &View<'_>, row: u32) -> Markup {
    let refund = &view.state.refunds[row];
    let payment = &view.state.attempts[refund.attempt];
    html! {
        tr #{ "refund-" (row) } {
            (leads(&to(refund), refund.request_id.as_str(), &optional(refund.remarks.as_deref())))
            td { (sum(refund.amount)) }
            td { (badge(refund.status.as_str())) }
            td.wide { (link(payments::SECTION.path, payment.id.as_str())) }
            td.wide { (when(refund.created)) }
        }
    }
}

fn to(refund: &GivenBack) -> String {
    address(SECTION.path, refund.request_id.as_str())
}

fn one(view: &View<'_>, given: &str) -> Option<Content> {
    let row = view.state.refunds.row(given)?;
    let refund = &view.state.refunds[row];
    let payment = &view.state.attempts[refund.attempt];
    let name = refund.request_id.as_str();
    let answer = masked(&answer(view.state, row)).unwrap_or_default();
    let main = html! {
        (head(SECTION.path, "Refund", name, &html! {
            span.big { (sum(refund.amount)) }
            (badge(refund.status.as_str()))
        }))
        (facts(&[
            ("Of the payment", link(payments::SECTION.path, payment.id.as_str())),
            ("Remarks", optional(refund.remarks.as_deref())),
            ("Asked for", when(refund.created)),
            ("Last changed", when(refund.modified)),
            ("Reaches the payer", html! { @if let Some(end) = refund.ends { (when(end)) } }),
            ("The merchant's id", id(name)),
            ("EnKash's id", id(&refund.unique_id)),
            ("The bank's id", id(&refund.bank_id)),
        ]))
        (calls::about(view, &[name, &refund.unique_id]))
        (answered(&answer))
    };
    Some(Content::live(name, main))
}

/// The rows of what was given back of a payment, the last of them.
fn of(view: &View<'_>, payment: u32) -> Vec<u32> {
    if view.state.attempts[payment].refunded == Rupees::ZERO {
        return Vec::new();
    }
    let refunds = (0..).zip(view.state.refunds.iter());
    let refunds = refunds.filter(|(_, refund)| refund.attempt == payment);
    let rows: Vec<u32> = refunds.map(|(row, _)| row).collect();
    rows[rows.len().saturating_sub(ROWS)..].to_vec()
}

/// The part of a page with what was given back of some payments.
pub(super) fn about(view: &View<'_>, payments: &[u32]) -> Markup {
    let found: Vec<u32> = payments.iter().flat_map(|row| of(view, *row)).collect();
    html! { @if !found.is_empty() { (part("Refunds", &rows(view, &found))) } }
}

/// What happened with the refunds of a payment.
pub(super) fn events(view: &View<'_>, payment: u32) -> Vec<(Moment, Markup)> {
    let refunds = of(view, payment).into_iter().flat_map(|row| {
        let refund = &view.state.refunds[row];
        let it = html! { "Refund " (link(SECTION.path, refund.request_id.as_str())) };
        let asked = html! { (it) " of " (sum(refund.amount)) " asked for" };
        let has_ended = refund.modified > refund.created;
        let ended = has_ended.then(|| {
            (
                refund.modified,
                html! { (it) " " (badge(refund.status.as_str())) },
            )
        });
        std::iter::once((refund.created, asked)).chain(ended)
    });
    refunds.collect()
}

fn find(state: &State, given: &str) -> Vec<Hit> {
    let hit = |refund: &GivenBack| Hit::new("Refund", to(refund));
    if let Some(refund) = state.refunds.get(given) {
        return vec![hit(refund)];
    }
    let others = state.refunds.iter();
    others
        .filter(|refund| *refund.unique_id == *given || *refund.bank_id == *given)
        .map(hit)
        .collect()
}
