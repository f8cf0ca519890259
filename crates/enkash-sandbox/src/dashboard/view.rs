//! What a page is made of, and from where.

use maud::{Markup, html};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::ROOT;
use crate::state::State;
use crate::world::World;

/// What a page is made of.
pub(super) struct View<'a> {
    pub(super) world: &'a World,
    pub(super) state: &'a State,
    /// The page's address: path and query.
    pub(super) here: &'a str,
    /// In a list: only what is older than this.
    pub(super) before: Option<u64>,
}

/// So many rows stand on one page of a list.
pub(super) const ROWS: usize = 50;

/// Some rows of a list, newest first.
pub(super) struct Rows<T> {
    pub(super) rows: Vec<T>,
    /// Older ones are before this.
    pub(super) older: Option<u64>,
}

impl View<'_> {
    /// The rows of a table that are on this page, newest first.
    pub(super) fn table_rows(&self, len: usize) -> Rows<u32> {
        let end = self.before.map_or(len, |before| {
            usize::try_from(before).unwrap_or(len).min(len)
        });
        let start = end.saturating_sub(ROWS);
        Rows {
            // Tables have no more rows than this.
            rows: (start..end)
                .rev()
                .filter_map(|row| u32::try_from(row).ok())
                .collect(),
            older: (start > 0).then_some(start as u64),
        }
    }

    /// Those of numbered things, newest first, that are on this page.
    pub(super) fn numbered<T>(
        &self,
        newest_first: impl Iterator<Item = T>,
        number: impl Fn(&T) -> u64,
    ) -> Rows<T> {
        let mut rest = newest_first
            .skip_while(|thing| self.before.is_some_and(|before| number(thing) >= before));
        let rows: Vec<T> = rest.by_ref().take(ROWS).collect();
        let older = rows.last().map(&number).filter(|_| rest.next().is_some());
        Rows { rows, older }
    }

    /// The way to older rows and back to the newest.
    pub(super) fn pager(&self, older: Option<u64>) -> Markup {
        let path = self.here.split('?').next().unwrap_or_default();
        html! {
            @if older.is_some() || self.before.is_some() {
                nav.pager aria-label="Pages" {
                    @if self.before.is_some() { a.button.second #newest href=(path) { "Newest" } }
                    @if let Some(older) = older {
                        a.button.second #older href={ (path) "?before=" (older) } { "Older" }
                    }
                }
            }
        }
    }

    /// A button that does what the control surface does at a path.
    pub(super) fn button(&self, act: &Act<'_>) -> Markup {
        html! {
            form method="post" action=(self.does(act.path)) {
                @for (name, value) in act.fields { input type="hidden" name=(name) value=(value); }
                button.button.(act.look) type="submit" data-done=(act.done) aria-label=[act.says] {
                    (act.label)
                }
            }
        }
    }

    /// Where a form leads that does what the control surface does at a path.
    pub(super) fn does(&self, path: &str) -> String {
        format!("{ROOT}/do{path}?back={}", encoded(self.here))
    }
}

/// What a button does.
pub(super) struct Act<'a> {
    /// Below `/_sandbox`.
    pub(super) path: &'a str,
    pub(super) fields: &'a [(&'static str, &'a str)],
    pub(super) label: &'static str,
    /// The label for those who do not see what stands around it.
    pub(super) says: Option<&'a str>,
    /// What is said when it is done.
    pub(super) done: &'static str,
    /// Its class.
    pub(super) look: &'static str,
}

impl<'a> Act<'a> {
    pub(super) fn new(path: &'a str, label: &'static str, done: &'static str) -> Self {
        Self {
            path,
            fields: &[],
            label,
            says: None,
            done,
            look: "second",
        }
    }
}

/// All but what may stand in an address as it is.
const UNSAFE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// A text as a segment of a path or a value in a query.
pub(super) fn encoded(text: &str) -> String {
    utf8_percent_encode(text, UNSAFE).to_string()
}

/// The address of the page of one thing.
pub(super) fn address(section: &str, id: &str) -> String {
    format!("{ROOT}/{section}/{}", encoded(id))
}
