//! All else that a merchant can make: simple lists, and each as EnKash answers it.

use enkash_types::masked;
use maud::{Markup, html};
use serde::Serialize;
use serde_json::Value;

use super::find::Hit;
use super::page::Content;
use super::parts::{answered, badge, head, leads, link, nothing, table};
use super::view::{Act, View, address, encoded};
use super::{Section, calls, webhooks};
use crate::gateway::customers::Customer;
use crate::gateway::mandates::Mandate;
use crate::gateway::qr::Code;
use crate::gateway::split::Receiver;
use crate::gateway::virtual_accounts::Opened;
use crate::payouts::beneficiaries::Payee;
use crate::state::State;
use crate::table::{Record, Table};

/// Things that are shown alike.
trait Shown: Record {
    /// In the address.
    const PATH: &'static str;
    /// What one is called.
    const NAME: &'static str;
    /// What all of them are called.
    const NAMES: &'static str;
    /// What stands in the list besides the id: names of fields, and what they are called there.
    const COLUMNS: &'static [(&'static str, &'static str)];

    /// What can be done with one.
    const ACTS: &'static [RecordAct] = &[];

    fn table(state: &State) -> &Table<Self>;

    /// As EnKash answers it.
    fn answer(&self, state: &State) -> impl Serialize;

    /// A further id that it has.
    fn other_id(&self) -> &str {
        ""
    }
}

impl Shown for Code {
    const PATH: &'static str = "qr-codes";
    const NAME: &'static str = "QR code";
    const NAMES: &'static str = "QR codes";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("status", "State"),
        ("amount", "Amount"),
        ("description", "-For"),
    ];
    const ACTS: &'static [RecordAct] = &[RecordAct {
        path: "pay",
        label: "Pay",
        takes_amount: true,
        when: &["ACTIVE"],
    }];

    fn table(state: &State) -> &Table<Self> {
        &state.qr_codes
    }

    fn answer(&self, state: &State) -> impl Serialize {
        // Its picture is text that nobody can read.
        let mut answer = self.answer(state.now);
        answer.qr_code_base64 = None;
        answer
    }
}

impl Shown for Customer {
    const PATH: &'static str = "customers";
    const NAME: &'static str = "Customer";
    const NAMES: &'static str = "Customers";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("accountNumber", "Account"),
        ("ifsc", "IFSC"),
        ("contactNumber", "-Phone"),
    ];

    fn table(state: &State) -> &Table<Self> {
        &state.customers
    }

    fn answer(&self, _: &State) -> impl Serialize {
        self.answer()
    }
}

impl Shown for Mandate {
    const PATH: &'static str = "mandates";
    const NAME: &'static str = "Mandate";
    const NAMES: &'static str = "Mandates";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("status", "State"),
        ("amount", "Amount"),
        ("recurrence", "-Every"),
        ("name", "-Name"),
    ];
    const ACTS: &'static [RecordAct] = &[
        RecordAct {
            path: "approve",
            label: "Approve",
            takes_amount: false,
            when: &["CREATED"],
        },
        RecordAct {
            path: "reject",
            label: "Reject",
            takes_amount: false,
            when: &["CREATED"],
        },
        RecordAct {
            path: "revoke",
            label: "Revoke",
            takes_amount: false,
            when: &["CREATED", "ACTIVE"],
        },
    ];

    fn table(state: &State) -> &Table<Self> {
        &state.mandates
    }

    fn answer(&self, _: &State) -> impl Serialize {
        self.answer()
    }

    fn other_id(&self) -> &str {
        self.id.as_str()
    }
}

impl Shown for Opened {
    const PATH: &'static str = "virtual-accounts";
    const NAME: &'static str = "Virtual account";
    const NAMES: &'static str = "Virtual accounts";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("status", "State"),
        ("amountPaid", "Paid in"),
        ("virtualAccountNumber", "-Number"),
        ("customerName", "-Customer"),
    ];
    const ACTS: &'static [RecordAct] = &[RecordAct {
        path: "credit",
        label: "Pay in",
        takes_amount: true,
        when: &["ACTIVE"],
    }];

    fn table(state: &State) -> &Table<Self> {
        &state.virtual_accounts
    }

    fn answer(&self, state: &State) -> impl Serialize {
        self.answer(state.now)
    }

    fn other_id(&self) -> &str {
        &self.id
    }
}

impl Shown for Receiver {
    const PATH: &'static str = "split-accounts";
    const NAME: &'static str = "Split account";
    const NAMES: &'static str = "Split accounts";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[("status", "State")];

    fn table(state: &State) -> &Table<Self> {
        &state.split_accounts
    }

    fn answer(&self, _: &State) -> impl Serialize {
        self.answer()
    }
}

impl Shown for Payee {
    const PATH: &'static str = "beneficiaries";
    const NAME: &'static str = "Beneficiary";
    const NAMES: &'static str = "Beneficiaries";
    const COLUMNS: &'static [(&'static str, &'static str)] = &[
        ("beneficiaryName", "Name"),
        ("beneficiaryAccountNumber", "Account"),
        ("vpaHandle", "UPI address"),
    ];

    fn table(state: &State) -> &Table<Self> {
        &state.payouts.beneficiaries
    }

    fn answer(&self, _: &State) -> impl Serialize {
        // The answer has little of it; this is what was said of him.
        &self.request
    }
}

/// A button on the page of one of them.
struct RecordAct {
    /// On the control surface, below the section's and the id.
    path: &'static str,
    label: &'static str,
    takes_amount: bool,
    /// The states in which there is something to do.
    when: &'static [&'static str],
}

pub(super) const SECTIONS: &[Section] = &[
    section::<Code>(),
    section::<Mandate>(),
    section::<Opened>(),
    section::<Customer>(),
    section::<Receiver>(),
];

/// Those to whom money is paid out.
pub(super) const BENEFICIARIES: Section = section::<Payee>();

const fn section<T: Shown>() -> Section {
    Section {
        path: T::PATH,
        name: T::NAMES,
        count: |state| T::table(state).len(),
        list: list::<T>,
        one: one::<T>,
        find: find::<T>,
    }
}

fn list<T: Shown>(view: &View<'_>) -> Markup {
    let table_of = T::table(view.state);
    let page = view.table_rows(table_of.len());
    let rows: Vec<_> = page
        .rows
        .iter()
        .map(|row| {
            let record = &table_of[*row];
            let answer = answer(record, view.state);
            html! {
                tr #{ (T::PATH) "-" (row) } {
                    (leads(&to(record), record.id(), &html! { (record.other_id()) }))
                    @for (name, label) in T::COLUMNS {
                        td.wide[label.starts_with('-')] { (cell(name, &answer[name])) }
                    }
                }
            }
        })
        .collect();
    let labels: Vec<&str> = std::iter::once(T::NAME)
        .chain(T::COLUMNS.iter().map(|(_, label)| *label))
        .collect();
    html! {
        h1 { (T::NAMES) }
        @if rows.is_empty() { (nothing("There is none yet.")) } @else { (table(&labels, &rows)) }
        (view.pager(page.older))
    }
}

fn cell(name: &str, value: &Value) -> Markup {
    match value {
        Value::Null => html! {},
        Value::String(text) if name == "status" => badge(text),
        Value::String(text) => html! { (text) },
        Value::Object(fields) => match fields.values().next() {
            Some(first) => cell(name, first),
            None => html! {},
        },
        other => html! { (other.to_string()) },
    }
}

fn answer<T: Shown>(record: &T, state: &State) -> Value {
    masked(&record.answer(state)).unwrap_or_default()
}

fn to<T: Shown>(record: &T) -> String {
    address(T::PATH, record.id())
}

fn one<T: Shown>(view: &View<'_>, given: &str) -> Option<Content> {
    let record = T::table(view.state).get(given)?;
    let answer = answer(record, view.state);
    let path = |act: &RecordAct| format!("/{}/{}/{}", T::PATH, encoded(record.id()), act.path);
    let state = answer["status"].as_str().unwrap_or_default();
    let acts = T::ACTS.iter().filter(|act| act.when.contains(&state));
    let main = html! {
        (head(T::PATH, T::NAME, record.id(), &cell("status", &answer["status"])))
        @if acts.clone().next().is_some() {
            div.acts {
                @for act in acts {
                    @if act.takes_amount {
                        form.with method="post" action=(view.does(&path(act))) {
                            label.away for="amount" { "Amount in rupees" }
                            input #amount type="text" name="amount" inputmode="decimal"
                                placeholder="Amount in ₹" autocomplete="off";
                            button.button.second type="submit" data-done="Done." { (act.label) }
                        }
                    } @else {
                        (view.button(&Act::new(&path(act), act.label, "Done.")))
                    }
                }
            }
        }
        (answered(&answer))
        (webhooks::about(view, record.id()))
        (calls::about(view, &[record.id(), record.other_id()]))
    };
    Some(Content::live(record.id(), main))
}

/// A beneficiary, by his id.
pub(super) fn beneficiary(id: &str) -> Markup {
    link(Payee::PATH, id)
}

/// A split account, by its row.
pub(super) fn account_of(state: &State, row: u32) -> Markup {
    link(Receiver::PATH, state.split_accounts[row].id())
}

fn find<T: Shown>(state: &State, given: &str) -> Vec<Hit> {
    let hit = |record: &T| Hit::new(T::NAME, to(record));
    if let Some(record) = T::table(state).get(given) {
        return vec![hit(record)];
    }
    let records = T::table(state).iter();
    records
        .filter(|record| !given.is_empty() && record.other_id() == given)
        .map(hit)
        .collect()
}
