//! The clock.

use maud::{Markup, html};

use super::Section;
use super::parts::{nothing, part, when};
use super::view::{Act, View};

pub(super) const SECTION: Section = Section {
    path: "time",
    name: "Time",
    count: |_| 0,
    list: page,
    one: |_, _| None,
    find: |_, _| Vec::new(),
};

/// The steps that the clock can be moved on by.
const STEPS: &[(&str, &str)] = &[
    ("60", "+ 1 minute"),
    ("3600", "+ 1 hour"),
    ("86400", "+ 1 day"),
];

fn page(view: &View<'_>) -> Markup {
    let moved = view.state.moved.0.as_secs();
    html! {
        h1 { "Time" }
        p.lead {
            "All that the sandbox does by itself goes by its own clock, which is on top of every "
            "page. It can be moved on, and never back."
        }
        (part("Move it on", &html! {
            div.acts { (buttons(view)) }
            p.quiet {
                @match moved {
                    0 => { "It shows the time of this machine." }
                    moved => { "It is " (length(moved)) " ahead of this machine's." }
                }
            }
        }))
        (part("What comes next", &next(view)))
    }
}

pub(super) fn buttons(view: &View<'_>) -> Markup {
    html! {
        @for (seconds, label) in STEPS {
            (view.button(&Act {
                fields: &[("#advanceSeconds", seconds)],
                ..Act::new("/clock", label, "The clock was moved on.")
            }))
        }
    }
}

fn next(view: &View<'_>) -> Markup {
    match view.state.agenda.next() {
        None => nothing("Nothing waits for a time."),
        Some(next) => html! {
            p { "Something is due at " (when(next)) " IST: a webhook is tried again, a payment's "
                "time is up, or the like." }
        },
    }
}

/// A length of time in words: `1 d 2 h 3 min 4 s`.
fn length(seconds: u64) -> String {
    let parts = [
        (seconds / 86_400, "d"),
        (seconds / 3600 % 24, "h"),
        (seconds / 60 % 60, "min"),
        (seconds % 60, "s"),
    ];
    let parts = parts.iter().filter(|(number, _)| *number > 0);
    let parts: Vec<_> = parts
        .map(|(number, unit)| format!("{number} {unit}"))
        .collect();
    parts.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_length_of_time_is_said_in_words() {
        assert_eq!(length(93_784), "1 d 2 h 3 min 4 s");
        assert_eq!(length(3600), "1 h");
    }
}
