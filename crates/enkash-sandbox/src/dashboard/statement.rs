//! The payout account: what is in it, and every sum that left it or came.

use maud::{Markup, html};

use super::Section;
use super::find::Hit;
use super::page::Content;
use super::parts::{id, nothing, part, sum, table, when};
use super::transfers::transfer;
use super::view::View;
use crate::payouts::ledger::{Direction, Line, opening};
use crate::state::State;

pub(super) const SECTION: Section = Section {
    path: "statement",
    name: "Payout account",
    count: |state| state.payouts.ledger.lines().len(),
    list,
    one,
    find,
};

fn list(view: &View<'_>) -> Markup {
    let ledger = &view.state.payouts.ledger;
    let own = &view.world.config.credentials;
    let page = view.table_rows(ledger.lines().len());
    let lines = page.rows.iter();
    let lines = lines.filter_map(|row| Some((*row, ledger.lines().get(*row as usize)?)));
    let rows: Vec<_> = lines.map(|(row, one)| line(view, row, one)).collect();
    html! {
        h1 { (SECTION.name) }
        p.lead {
            "Transfers are paid from the fund source " code.id { (own.fund_source_id) }
            ", account " code.id { (own.debit_account_number.as_str()) } "."
        }
        (part("How it adds up", &sums(view)))
        (part("Statement", &html! {
            @if rows.is_empty() { (nothing("Nothing has left the account or come yet.")) }
            @else { (statement(&rows)) }
        }))
        (part("Set the balance", &html! {
            form.with method="post" action=(view.does("/payouts/balance")) {
                label.away for="balance" { "Balance in rupees" }
                input #balance type="text" name="balance" inputmode="decimal"
                    placeholder="Balance in ₹" autocomplete="off";
                button.button.second type="submit" data-done="The balance is set." { "Set" }
            }
        }))
        (view.pager(page.older))
    }
}

fn sums(view: &View<'_>) -> Markup {
    let ledger = &view.state.payouts.ledger;
    let rows = [
        ("", "At first", opening()),
        ("+", "What came", ledger.sum(Direction::Credit)),
        ("−", "What left", ledger.sum(Direction::Debit)),
        ("=", "Balance", ledger.balance()),
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

fn statement(rows: &[Markup]) -> Markup {
    table(
        &[
            "Transfer",
            "Left",
            "Came",
            "Balance",
            "-The bank's number",
            "-When",
        ],
        rows,
    )
}

fn line(view: &View<'_>, row: u32, line: &Line) -> Markup {
    let moved = |direction| html! { @if line.direction == direction { (sum(line.amount)) } };
    html! {
        tr #{ "line-" (row) } {
            th scope="row" {
                @match line.transfer {
                    Some(row) => { (transfer(view, row)) }
                    None => { "set by hand" }
                }
            }
            td { (moved(Direction::Debit)) }
            td { (moved(Direction::Credit)) }
            td { (sum(line.balance)) }
            td.wide { (id(&line.reference)) }
            td.wide { (when(line.at)) }
        }
    }
}

/// The part of a transfer's page with what was taken for it and came back.
pub(super) fn about(view: &View<'_>, transfer: u32) -> Markup {
    let lines = (0..).zip(view.state.payouts.ledger.lines());
    let of_it = lines.filter(|(_, line)| line.transfer == Some(transfer));
    let rows: Vec<_> = of_it.map(|(row, one)| line(view, row, one)).collect();
    html! { @if !rows.is_empty() { (part("In the statement", &statement(&rows))) } }
}

/// A line has no page of its own.
fn one(_: &View<'_>, _: &str) -> Option<Content> {
    None
}

/// A line is found with its transfer.
fn find(_: &State, _: &str) -> Vec<Hit> {
    Vec::new()
}
