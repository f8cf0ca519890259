//! Settlement payouts: what is in them, and how it adds up.

use enkash_types::Rupees;
use maud::{Markup, html};

use super::find::Hit;
use super::page::Content;
use super::parts::{badge, facts, head, id, leads, nothing, part, sum, table, when};
use super::records::account_of;
use super::view::{Act, View, address};
use super::{Section, calls, payments};
use crate::gateway::settlements::{Entry, EntryKind, PaidOut};
use crate::state::State;

pub(super) const SECTION: Section = Section {
    path: "settlements",
    name: "Settlements",
    count: |state| state.settlements.payouts().len(),
    list,
    one,
    find,
};

fn list(view: &View<'_>) -> Markup {
    let settlements = &view.state.settlements;
    let page = view.table_rows(settlements.payouts().len());
    let rows: Vec<_> = page.rows.iter().map(|row| line(view, *row)).collect();
    html! {
        h1 { (SECTION.name) }
        p.lead {
            "What was paid on one day is settled at 13:40 of the next, less refunds and charges. "
            (waiting(view))
        }
        div.acts { (view.button(&Act::new("/settlements/run", "Settle now", "What waited is settled."))) }
        @if rows.is_empty() { (nothing("Nothing is settled yet.")) }
        @else {
            (table(&["Payout", "Paid out", "State", "-Sales", "-Refunds", "-Charges and GST", "-Made"], &rows))
        }
        (view.pager(page.older))
    }
}

/// How much waits for the next run.
fn waiting(view: &View<'_>) -> Markup {
    html! {
        @match view.state.settlements.open().count() {
            0 => { "Nothing waits for the next run." }
            1 => { "One payment or refund waits for the next run." }
            count => { (count) " payments and refunds wait for the next run." }
        }
    }
}

fn line(view: &View<'_>, row: u32) -> Markup {
    let payout = &view.state.settlements[row];
    let totals = payout.totals;
    html! {
        tr #{ "settlement-" (row) } {
            (leads(&to(payout), payout.id.as_str(), &receiver(view, payout)))
            td { (sum(totals.settled())) }
            td { (badge(payout.status())) }
            td.wide { (sum(totals.sale)) }
            td.wide { (sum(totals.refund)) }
            td.wide { (sum(totals.charges)) " + " (sum(totals.gst)) }
            td.wide { (when(payout.created)) }
        }
    }
}

fn to(payout: &PaidOut) -> String {
    address(SECTION.path, payout.id.as_str())
}

/// Who is paid.
fn receiver(view: &View<'_>, payout: &PaidOut) -> Markup {
    html! {
        @match payout.account {
            None => { "to the merchant" }
            Some(account) => { "to the split account " (account_of(view.state, account)) }
        }
    }
}

fn one(view: &View<'_>, given: &str) -> Option<Content> {
    let payouts = view.state.settlements.payouts();
    let payout = payouts.rev().find(|payout| payout.id.as_str() == given)?;
    let main = html! {
        (head(SECTION.path, "Settlement", given, &html! {
            span.big { (sum(payout.totals.settled())) }
            (badge(payout.status()))
            span.quiet { (receiver(view, payout)) }
        }))
        (facts(&[
            ("Made", when(payout.created)),
            ("Arrived", html! { @if payout.utr.is_some() { (when(payout.modified)) } }),
            ("EnKash's id", id(payout.id.as_str())),
            ("The bank's number (UTR)", id(payout.utr.as_deref().unwrap_or_default())),
            ("Transfer", id(&payout.transfer_id)),
        ]))
        (part("How it adds up", &sums(payout)))
        (part(&format!("What is in it: {}", payout.entries.len()), &lines(view, payout)))
        (calls::about(view, &[given]))
    };
    Some(Content::live(given, main))
}

fn sums(payout: &PaidOut) -> Markup {
    let totals = payout.totals;
    let rows = [
        ("", "Sales", totals.sale),
        ("−", "Refunds", totals.refund),
        ("−", "Charges", totals.charges),
        ("−", "GST on charges", totals.gst),
        ("=", "Paid out", totals.settled()),
    ];
    html! {
        div.sheet.narrow {
            table.sums {
                tbody {
                    @for (sign, name, amount) in rows {
                        tr { th scope="row" { (name) } td { (sign) " " (sum(amount)) } }
                    }
                }
            }
        }
    }
}

/// The lines of a payout that are on this page.
fn lines(view: &View<'_>, payout: &PaidOut) -> Markup {
    let page = view.table_rows(payout.entries.len());
    let entries: Vec<&Entry> = view.state.settlements.entries(payout).collect();
    let rows: Vec<_> = page
        .rows
        .iter()
        .map(|row| entry(entries[*row as usize]))
        .collect();
    html! {
        (table(&["Payment", "Amount", "Kind", "-Charges", "-GST"], &rows))
        (view.pager(page.older))
    }
}

fn entry(entry: &Entry) -> Markup {
    let transaction = entry.transaction.as_str();
    let deducted = |amount: Rupees| html! { @if amount != Rupees::ZERO { "− " (sum(amount)) } };
    html! {
        tr {
            (leads(&address(payments::SECTION.path, transaction), transaction, &html! {}))
            td { (sum(entry.amount)) }
            td { (kind(entry.kind)) }
            td.wide { (deducted(entry.charges)) }
            td.wide { (deducted(entry.gst)) }
        }
    }
}

fn kind(kind: EntryKind) -> &'static str {
    match kind {
        EntryKind::Sale => "sale",
        EntryKind::Refund => "refund",
    }
}

/// The part of a payment's page that says where it is settled.
pub(super) fn about(view: &View<'_>, transaction: &str) -> Markup {
    let settlements = &view.state.settlements;
    let is_of_it = |entry: &&Entry| entry.transaction.as_str() == transaction;
    let settled = settlements.payouts().flat_map(|payout| {
        let entries = settlements.entries(payout).filter(is_of_it);
        entries.map(move |entry| (Some(payout), entry))
    });
    let open = settlements
        .open()
        .filter(is_of_it)
        .map(|entry| (None, entry));
    let rows: Vec<_> = settled
        .chain(open)
        .map(|(payout, entry)| {
            html! {
                tr {
                    @match payout {
                        Some(payout) => { (leads(&to(payout), payout.id.as_str(), &receiver(view, payout))) }
                        None => { th scope="row" { "waits for the next run" } }
                    }
                    td { (sum(entry.amount)) }
                    td { (kind(entry.kind)) }
                }
            }
        })
        .collect();
    html! {
        @if !rows.is_empty() {
            (part("Settlement", &table(&["Payout", "Amount", "Kind"], &rows)))
        }
    }
}

fn find(state: &State, given: &str) -> Vec<Hit> {
    let payouts = state.settlements.payouts();
    payouts
        .filter(|payout| {
            payout.id.as_str() == given
                || payout.utr.as_deref() == Some(given)
                || *payout.transfer_id == *given
        })
        .map(|payout| Hit::new("Settlement", to(payout)))
        .collect()
}
