//! What several pages have.

use std::time::SystemTime;

use enkash_types::{HIDDEN, Rupees};
use maud::{Markup, html};
use serde_json::Value;

use super::ROOT;
use super::view::{View, address};
use crate::gateway::instruments::Used;
use crate::time::Moment;

/// A list: what its columns are called, and its rows. Columns that begin with `-` are left out
/// where there is little room.
pub(super) fn table(columns: &[&str], rows: &[Markup]) -> Markup {
    html! {
        div.sheet {
            table {
                thead { tr {
                    @for column in columns {
                        @match column.strip_prefix('-') {
                            Some(column) => { th.wide scope="col" { (column) } }
                            None => { th scope="col" { (column) } }
                        }
                    }
                } }
                tbody { @for row in rows { (row) } }
            }
        }
    }
}

/// What stands where a list is empty.
pub(super) fn nothing(text: &str) -> Markup {
    html! { p.nothing { (text) } }
}

/// The first cell of a row: what it is, which leads to its page, and below that a second line.
pub(super) fn leads(to: &str, what: &str, second: &Markup) -> Markup {
    html! {
        th scope="row" {
            a.row href=(to) { (what) }
            @if !second.0.is_empty() { span.second { (second) } }
        }
    }
}

/// An id that leads to the page of what it is of.
pub(super) fn link(section: &str, id: &str) -> Markup {
    html! { a.id href=(address(section, id)) { (id) } }
}

/// Facts, each with its name.
pub(super) fn facts(facts: &[(&str, Markup)]) -> Markup {
    html! {
        dl.facts.sheet {
            @for (name, fact) in facts {
                @if !fact.0.is_empty() { div { dt { (name) } dd { (fact) } } }
            }
        }
    }
}

/// An id that leads nowhere.
pub(super) fn id(text: &str) -> Markup {
    html! { @if !text.is_empty() { code.id { (text) } } }
}

pub(super) fn text(text: &str) -> Markup {
    html! { (text) }
}

pub(super) fn optional(text: Option<&str>) -> Markup {
    html! { @if let Some(text) = text { (text) } }
}

/// A sum.
pub(super) fn sum(sum: Rupees) -> Markup {
    html! { span.sum { (crate::html::rupees(sum)) } }
}

/// A state, coloured by whether it is good, bad or still open.
pub(super) fn badge(state: &str) -> Markup {
    const GOOD: &[&str] = &[
        "PAID",
        "SUCCESS",
        "ACTIVE",
        "SETTLED",
        "PROCESSED",
        "COMPLETED",
        "REFUNDED",
        "delivered",
    ];
    const BAD: &[&str] = &[
        "FAILED",
        "CANCELLED",
        "EXPIRED",
        "REJECTED",
        "REVOKED",
        "INACTIVE",
        "CLOSED",
        "REVERSED",
        "given-up",
        "not-sent",
    ];
    let class = if GOOD.contains(&state) {
        "good"
    } else if BAD.contains(&state) {
        "bad"
    } else {
        "open"
    };
    html! { span.badge.(class) { (state) } }
}

/// A status of HTTP, or that there was none.
pub(super) fn status(status: Option<u16>) -> Markup {
    match status {
        Some(status @ 200..=299) => html! { span.badge.good { (status) } },
        Some(status @ 300..=399) => html! { span.badge.open { (status) } },
        Some(status) => html! { span.badge.bad { (status) } },
        None => html! { span.badge.bad { "no answer" } },
    }
}

/// A time, as the clocks in India show it.
pub(super) fn when(time: impl Into<Moment>) -> Markup {
    let time: Moment = time.into();
    html! {
        time datetime=(time.iso()) title={ (time.iso()) " (UTC)" } { (time.indian()) }
    }
}

pub(super) fn maybe_when(time: Option<SystemTime>) -> Markup {
    html! { @if let Some(time) = time { (when(time)) } }
}

/// What the sandbox's clock shows; the script lets it go on.
pub(super) fn clock(view: &View<'_>) -> Markup {
    let now = view.state.now;
    html! {
        time #clock datetime=(now.iso()) data-at=(now.millis()) { (now.indian()) }
        " IST"
        @if !view.state.moved.0.is_zero() { span.badge.open { "moved" } }
    }
}

/// What a payment was made with.
pub(super) fn instrument(used: Option<&Used>) -> Markup {
    let Some(used) = used else {
        return html! { span.quiet { "not chosen yet" } };
    };
    let parts = [
        &used.card_scheme,
        &used.masked_card_number,
        &used.bank_name,
        &used.vpa,
    ];
    html! {
        (used.mode.as_str())
        @for part in parts { @if !part.is_empty() { span.with { (part) } } }
    }
}

/// On top of the page of one thing: its kind, which leads to the list, its name, and how it stands.
pub(super) fn head(section: &str, kind: &str, name: &str, stands: &Markup) -> Markup {
    html! {
        header.head {
            p.kind { a href={ (ROOT) "/" (section) } { (kind) } }
            h1 { (name) }
            p.stand { (stands) }
        }
    }
}

/// A part of a page with its heading.
pub(super) fn part(heading: &str, content: &Markup) -> Markup {
    html! {
        section.part {
            h2 { (heading) }
            (content)
        }
    }
}

/// The part of a page with what EnKash answers, which is opened by a press.
pub(super) fn answered(answer: &Value) -> Markup {
    html! {
        details.part #answered {
            summary { "As EnKash answers it" }
            (json_text(&answer.to_string()))
        }
    }
}

/// JSON as a person reads it.
pub(super) fn json(value: &Value) -> Markup {
    html! { pre.json.sheet { (node(value, 0)) } }
}

/// A text of JSON. Of one that is very long, the beginning.
pub(super) fn json_text(text: &str) -> Markup {
    /// So much is taken apart.
    const MOST: usize = 64 * 1024;
    if text.len() > MOST {
        let start = &text[..text.floor_char_boundary(MOST)];
        return html! {
            pre.json.sheet { (start) "…" }
            p.quiet.small { "That is the beginning of " (text.len()) " bytes." }
        };
    }
    match serde_json::from_str(text) {
        Ok(value) => json(&value),
        Err(_) => html! { pre.json.sheet { (text) } },
    }
}

fn node(value: &Value, depth: usize) -> Markup {
    let indent = |depth: usize| "  ".repeat(depth);
    html! {
        @match value {
            Value::Object(fields) if !fields.is_empty() => {
                "{\n"
                @for (index, (name, value)) in fields.iter().enumerate() {
                    (indent(depth + 1))
                    span.name { (quoted(name)) } ": " (node(value, depth + 1))
                    @if index + 1 < fields.len() { "," } "\n"
                }
                (indent(depth)) "}"
            }
            Value::Array(items) if !items.is_empty() => {
                "[\n"
                @for (index, item) in items.iter().enumerate() {
                    (indent(depth + 1)) (node(item, depth + 1))
                    @if index + 1 < items.len() { "," } "\n"
                }
                (indent(depth)) "]"
            }
            Value::String(text) if text == HIDDEN => { span.hidden { (quoted(text)) } }
            Value::String(text) => { span.text { (quoted(text)) } }
            plain => { span.plain { (plain.to_string()) } }
        }
    }
}

/// A text as it stands in JSON.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Whether an id stands somewhere in a message, as the whole of a text.
pub(super) fn mentions(value: &Value, id: &str) -> bool {
    match value {
        Value::String(text) => text == id,
        Value::Array(items) => items.iter().any(|item| mentions(item, id)),
        Value::Object(fields) => fields.values().any(|value| mentions(value, id)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn json_is_laid_out_and_nothing_in_it_is_html() {
        let value = json!({"a": [1, {}, []], "b": "<b>&\"", "c": "[hidden]", "d": {"e": null}});
        let shown = json(&value).into_string();
        let lines: Vec<&str> = shown.lines().collect();
        assert_eq!(lines[0], r#"<pre class="json sheet">{"#);
        assert_eq!(lines[1], r#"  <span class="name">&quot;a&quot;</span>: ["#);
        assert_eq!(lines[2], r#"    <span class="plain">1</span>,"#);
        assert_eq!(lines[3], r#"    <span class="plain">{}</span>,"#);
        assert_eq!(lines[5], "  ],");
        let html = r#"<span class="text">&quot;&lt;b&gt;&amp;\&quot;&quot;</span>,"#;
        assert_eq!(
            lines[6],
            format!(r#"  <span class="name">&quot;b&quot;</span>: {html}"#)
        );
        assert!(lines[7].ends_with(r#"<span class="hidden">&quot;[hidden]&quot;</span>,"#));
        assert_eq!(lines[11], "}</pre>");
    }

    #[test]
    fn a_very_long_text_is_cut() {
        for before in ["", "x", "xx"] {
            let long = format!("\"{before}{}\"", "₹".repeat(50_000));
            let markup = json_text(&long).into_string();
            assert!(markup.contains(&format!("{} bytes", long.len())));
            assert!(markup.len() < 70_000);
        }
    }

    #[test]
    fn an_id_is_found_as_a_whole_text_alone() {
        let body = json!({"orders": [{"orderId": "ORD1"}]});
        assert!(mentions(&body, "ORD1"));
        assert!(!mentions(&body, "ORD"));
        assert!(!mentions(&body, "orderId"));
    }
}
