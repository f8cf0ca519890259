//! Transfers to beneficiaries, and where they stand.

use enkash_types::masked;
use enkash_types::payouts::TransferStatus;
use maud::{Markup, html};

use super::find::Hit;
use super::page::Content;
use super::parts::{
    answered, badge, facts, head, id, leads, link, nothing, optional, sum, table, when,
};
use super::records::beneficiary;
use super::view::{Act, View, address, encoded};
use super::{Section, calls, statement, webhooks};
use crate::payouts::transfers::Sent;
use crate::state::State;

pub(super) const SECTION: Section = Section {
    path: "transfers",
    name: "Transfers",
    count: |state| state.payouts.transfers.len(),
    list,
    one,
    find,
};

fn list(view: &View<'_>) -> Markup {
    let page = view.table_rows(view.state.payouts.transfers.len());
    html! {
        h1 { (SECTION.name) }
        @if page.rows.is_empty() {
            (nothing("No transfer yet. By one, money is paid out to a beneficiary."))
        } @else { (rows(view, &page.rows)) }
        (view.pager(page.older))
    }
}

pub(super) fn rows(view: &View<'_>, rows: &[u32]) -> Markup {
    let rows: Vec<_> = rows.iter().map(|row| line(view, *row)).collect();
    table(
        &["Transfer", "Amount", "State", "-By", "-To", "-Sent"],
        &rows,
    )
}

fn line(view: &View<'_>, row: u32) -> Markup {
    let sent = &view.state.payouts.transfers[row];
    let request = &sent.request;
    html! {
        tr #{ "transfer-" (row) } {
            (leads(&to(sent), request.transaction_id.as_str(), &optional(sent.utr.as_deref())))
            td { (sum(sent.amount())) }
            td { (badge(sent.status.as_str())) }
            td.wide { (request.transfer_mode.as_str()) }
            td.wide { (payee(sent)) }
            td.wide { (when(sent.created)) }
        }
    }
}

fn to(sent: &Sent) -> String {
    address(SECTION.path, sent.request.transaction_id.as_str())
}

/// Who is paid.
fn payee(sent: &Sent) -> Markup {
    let detail = sent.request.beneficiary_detail.as_ref();
    html! {
        @if let Some(id) = &sent.request.beneficiary_id { (beneficiary(id.as_str())) }
        @if let Some(detail) = detail {
            @if let Some(vpa) = &detail.vpa_handle { (vpa.as_str()) }
            // An account is shown by its last four characters.
            @if let Some(account) = &detail.beneficiary_account_number { (account.to_string()) }
            @if let Some(id) = &detail.beneficiary_id { " " (id.as_str()) }
        }
    }
}

fn one(view: &View<'_>, given: &str) -> Option<Content> {
    let payouts = &view.state.payouts;
    let row = payouts.transfers.row(given)?;
    let sent = &payouts.transfers[row];
    let request = &sent.request;
    let batch = sent.batch.map(|row| payouts.batches[row].id.as_str());
    let reason = sent.reason.as_ref();
    let meaning = reason.and_then(|reason| reason.meaning());
    let answer = masked(&sent.answer()).unwrap_or_default();
    let main = html! {
        (head(SECTION.path, "Transfer", given, &html! {
            span.big { (sum(sent.amount())) }
            (badge(sent.status.as_str()))
            @if let Some(meaning) = meaning { span.quiet { (meaning) } }
        }))
        (acts(view, sent))
        (facts(&[
            ("To", payee(sent)),
            ("By", html! { (request.transfer_mode.as_str()) }),
            ("Remark", html! { @if let Some(remark) = &request.transfer_remark { (remark.as_str()) } }),
            ("Reference", optional(request.reference.as_deref())),
            ("Why it was rejected", html! { @if let Some(reason) = reason { (id(reason.as_str())) } }),
            ("Sent", when(sent.created)),
            ("Last changed", when(sent.modified)),
            ("Gets further", html! { @if let Some((at, _)) = sent.next { (when(at)) } }),
            ("EnKash's id", id(sent.enkash_id.as_str())),
            ("Batch", id(batch.unwrap_or_default())),
            ("The bank's number (UTR)", id(sent.utr.as_deref().unwrap_or_default())),
        ]))
        (statement::about(view, row))
        (webhooks::about(view, given))
        (calls::about(view, &[given, sent.enkash_id.as_str()]))
        (answered(&answer))
    };
    Some(Content::live(given, main))
}

/// What can be done with it.
fn acts(view: &View<'_>, sent: &Sent) -> Markup {
    let acts: &[(&str, &'static str, &'static str)] = match sent.status {
        TransferStatus::Pending | TransferStatus::Processing => &[
            ("reject", "Reject", "It is rejected, and the sum came back."),
            ("fail", "Fail", "It failed, and the sum came back."),
        ],
        TransferStatus::Success => &[("reverse", "Reverse", "The sum came back.")],
        _ => &[],
    };
    let id = encoded(sent.request.transaction_id.as_str());
    html! {
        @if !acts.is_empty() {
            div.acts {
                @for (act, label, done) in acts {
                    (view.button(&Act::new(&format!("/transfers/{id}/{act}"), label, done)))
                }
            }
        }
    }
}

/// A transfer, by its row.
pub(super) fn transfer(view: &View<'_>, row: u32) -> Markup {
    let sent = &view.state.payouts.transfers[row];
    link(SECTION.path, sent.request.transaction_id.as_str())
}

fn find(state: &State, given: &str) -> Vec<Hit> {
    let payouts = &state.payouts;
    let hit = |sent: &Sent| Hit::new("Transfer", to(sent));
    if let Some(sent) = payouts.transfers.get(given) {
        return vec![hit(sent)];
    }
    let batch = payouts.batches.row(given);
    let others = payouts.transfers.iter().filter(|sent| {
        sent.enkash_id.as_str() == given
            || sent.utr.as_deref() == Some(given)
            || (batch.is_some() && sent.batch == batch)
    });
    others.map(hit).collect()
}
