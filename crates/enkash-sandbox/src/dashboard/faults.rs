//! Faults that wait.

use maud::{Markup, html};

use super::Section;
use super::calls::name;
use super::parts::{badge, nothing, part, table};
use super::view::{Act, View};
use crate::faults::{Fault, FaultKind};

pub(super) const SECTION: Section = Section {
    path: "faults",
    name: "Faults",
    count: |state| state.faults.list().len(),
    list: page,
    one: |_, _| None,
    find: |_, _| Vec::new(),
};

fn page(view: &View<'_>) -> Markup {
    html! {
        h1 { "Faults" }
        p.lead {
            "A fault spoils the next calls of an operation. The oldest that fits a call strikes it."
        }
        (list(view))
        (part("Add one", &form(view)))
    }
}

pub(super) fn list(view: &View<'_>) -> Markup {
    let faults = view.state.faults.list();
    let rows: Vec<_> = faults.iter().map(|fault| line(view, fault)).collect();
    match rows.is_empty() {
        true => nothing("None waits: every call is answered as it should be."),
        false => table(&["Operation", "Kind", ""], &rows),
    }
}

fn line(view: &View<'_>, fault: &Fault) -> Markup {
    let (kind, count, percent, seconds) = (
        name(fault.kind),
        fault.count.to_string(),
        fault.percent.to_string(),
        fault.seconds.to_string(),
    );
    let operation = match &*fault.operation {
        "*" => "any",
        operation => operation,
    };
    let says = format!("Remove {kind} of {operation}");
    html! {
        tr {
            th scope="row" { (operation) }
            td {
                (badge(&kind))
                @if fault.kind == FaultKind::Slow { " " (seconds) " s" }
                @if fault.count > 1 { " × " (count) }
                @if fault.percent < 100 { ", " (percent) " % of calls" }
            }
            td {
                (view.button(&Act {
                    look: "small no",
                    says: Some(&says),
                    fields: &[
                        ("operation", &fault.operation),
                        ("kind", &kind),
                        ("#count", &count),
                        ("#percent", &percent),
                        ("#seconds", &seconds),
                    ],
                    ..Act::new("/faults/remove", "Remove", "It was removed.")
                }))
            }
        }
    }
}

fn form(view: &View<'_>) -> Markup {
    let mut operations: Vec<_> = view
        .world
        .router
        .operations()
        .map(|operation| operation.name)
        .collect();
    operations.sort_unstable();
    html! {
        form.fields.sheet method="post" action=(view.does("/faults")) {
            p {
                label for="operation" { "Operation" }
                select #operation name="operation" {
                    option value="*" { "any" }
                    @for operation in operations { option { (operation) } }
                }
            }
            p {
                label for="kind" { "Kind" }
                select #kind name="kind" {
                    @for kind in FaultKind::ALL { option { (name(*kind)) } }
                }
            }
            p {
                label for="count" { "Calls" }
                input #count type="number" name="#count" min="1" value="1" required;
            }
            p {
                label for="percent" { "Of a hundred calls" }
                input #percent type="number" name="#percent" min="1" max="100" value="100" required;
            }
            p {
                label for="seconds" { "Seconds, where it is slow" }
                input #seconds type="number" name="#seconds" min="0" value="60" required;
            }
            button.button type="submit" data-done="It waits." { "Add" }
        }
    }
}
