//! How the rows of a run stand, in sums.

use console::Alignment;
use enkash_bulk::check::Total;
use enkash_bulk::journal::{State, Tally};
use serde_json::{Map, Value, json};

use crate::output::Grid;

/// Rows and rupees of each state.
pub(super) fn states(tally: &Tally) -> Map<String, Value> {
    let states = State::ALL.into_iter();
    let states = states.map(|state| (state.to_string(), json!(tally.in_state(state))));
    states.collect()
}

/// As [`states`], for a person: those that there are, and all.
pub(super) fn in_a_table(tally: &Tally) -> String {
    let states = State::ALL.map(|state| (state.to_string(), tally.in_state(state)));
    let states = states.into_iter().filter(|(_, total)| total.rows > 0);
    table("STATE", states, tally.all())
}

/// Rows that are over and not paid.
pub(super) fn not_paid(tally: &Tally) -> u64 {
    let states = [State::NotPaid, State::Rejected, State::Refused];
    states.map(|state| tally.in_state(state).rows).iter().sum()
}

/// So many rows and rupees of each, and of all.
pub(super) fn table(
    heading: &str,
    parts: impl Iterator<Item = (String, Total)>,
    all: Total,
) -> String {
    let row =
        |(name, total): (String, Total)| [name, total.rows.to_string(), total.rupees.to_string()];
    let heading = [heading, "ROWS", "RUPEES"].map(str::to_owned);
    let all = row(("TOTAL".to_owned(), all));
    let rows: Vec<_> = [heading]
        .into_iter()
        .chain(parts.map(row))
        .chain([all])
        .collect();
    let mut grid = Grid::new([Alignment::Left, Alignment::Right, Alignment::Right]);
    grid.text(rows.iter().map(<[String; 3]>::as_slice))
}

/// So many rows, in words.
pub(super) fn rows(count: u64) -> String {
    match count {
        1 => "1 row".to_owned(),
        count => format!("{count} rows"),
    }
}
