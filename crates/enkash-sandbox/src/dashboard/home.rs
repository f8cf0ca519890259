//! The first page: the last of everything.

use maud::{Markup, html};

use super::page::Content;
use super::parts::nothing;
use super::view::View;
use super::{ROOT, calls, faults, orders, payments, time, transfers, webhooks};

/// So many of each are shown.
const MOST: usize = 8;

pub(super) fn page(view: &View<'_>) -> Content {
    let state = view.state;
    let orders = orders::last(view, MOST);
    let payments: Vec<u32> = view
        .table_rows(state.attempts.len())
        .rows
        .into_iter()
        .filter(|row| state.attempts[*row].was_made())
        .take(MOST)
        .collect();
    let mut transfers = view.table_rows(state.payouts.transfers.len()).rows;
    transfers.truncate(MOST);
    let calls: Vec<_> = state.log.list().rev().take(MOST).collect();
    let webhooks: Vec<_> = state.webhooks.list().rev().take(MOST).collect();
    let main = html! {
        h1 { "Overview" }
        p.lead { "A local EnKash at " code { (view.world.url) } }
        div.halves {
            (last("Orders", orders::SECTION.path, &html! {
                @if orders.is_empty() {
                    (nothing("No order yet. Point a client at the address above and create one: it is shown here at once."))
                } @else { (orders::rows(view, &orders)) }
            }))
            (last("Payments", payments::SECTION.path, &html! {
                @if payments.is_empty() { (nothing("Nobody has paid yet.")) }
                @else { (payments::rows(view, &payments)) }
            }))
            (last("Transfers", transfers::SECTION.path, &html! {
                @if transfers.is_empty() { (nothing("Nothing was paid out yet.")) }
                @else { (transfers::rows(view, &transfers)) }
            }))
            (last("Webhooks", webhooks::SECTION.path, &html! {
                @if webhooks.is_empty() { (nothing("None was sent yet.")) }
                @else { (webhooks::rows(view, &webhooks)) }
            }))
            (last("Calls", calls::SECTION.path, &html! {
                @if calls.is_empty() { (nothing("Nobody has called yet.")) }
                @else { (calls::rows(&calls)) }
            }))
            (last("Time", time::SECTION.path, &html! {
                div.acts { (time::buttons(view)) }
            }))
            (last("Faults", faults::SECTION.path, &faults::list(view)))
        }
    };
    Content::live("Overview", main)
}

fn last(heading: &str, section: &str, content: &Markup) -> Markup {
    html! {
        section.part {
            h2 { a href={ (ROOT) "/" (section) } { (heading) } }
            (content)
        }
    }
}
