//! What goes to stdout.

use std::fmt;
use std::io::{IsTerminal as _, Write as _};

use console::{Alignment, measure_text_width, pad_str};
use enkash_api::{Paged, Pages};
use enkash_types::Rupees;
use serde::Serialize;

use crate::failure::Failure;

/// Where and in which form results are written.
#[derive(Debug)]
pub(crate) struct Output {
    json: bool,
}

impl Output {
    /// JSON if it is asked for or if nobody watches, else what a person can read.
    #[must_use]
    pub(crate) fn new(json: bool) -> Self {
        Self {
            json: json || !std::io::stdout().is_terminal(),
        }
    }

    pub(crate) fn is_json(&self) -> bool {
        self.json
    }

    /// Writes a text as it stands. A reader that has gone away is no failure.
    pub(crate) fn raw(&self, text: &str) -> Result<(), Failure> {
        self.is_read(text).map(drop)
    }

    /// Writes a text as it stands, and says whether there is a reader.
    #[expect(
        clippy::unused_self,
        reason = "results are written through an Output and nowhere else"
    )]
    fn is_read(&self, text: &str) -> Result<bool, Failure> {
        let mut stdout = std::io::stdout().lock();
        match stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush())
        {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(false),
            Err(error) => Err(cannot_write(&error)),
        }
    }

    /// Writes a line.
    pub(crate) fn line(&self, text: &str) -> Result<(), Failure> {
        self.raw(&format!("{text}\n"))
    }

    /// Writes a value as JSON.
    pub(crate) fn value<T: Serialize + ?Sized>(&self, value: &T) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(value).map_err(|error| cannot_write(&error))?;
        self.line(&text)
    }

    /// Writes a value as JSON, on one line.
    pub(crate) fn json_line<T: Serialize + ?Sized>(&self, value: &T) -> Result<(), Failure> {
        let text = serde_json::to_string(value).map_err(|error| cannot_write(&error))?;
        self.line(&text)
    }

    /// Writes an object: as JSON, or a line for each field.
    pub(crate) fn fields(&self, object: &serde_json::Value) -> Result<(), Failure> {
        if self.json {
            self.value(object)
        } else {
            self.raw(&in_lines(object))
        }
    }

    /// Writes an answer with its secrets hidden: as JSON, or a line for each field.
    pub(crate) fn answer<T: Serialize>(&self, answer: &T) -> Result<(), Failure> {
        self.fields(&shown(answer)?)
    }

    /// As [`answer`](Self::answer), where some of its fields are lists of these items: a person sees
    /// them in a table below the other fields, with what their sums add up to if that is asked for.
    pub(crate) fn answer_with_rows<T: Serialize>(
        &self,
        answer: &impl Serialize,
        fields: &[&str],
        columns: &'static [Column<T>],
        items: &[T],
        with_totals: bool,
    ) -> Result<(), Failure> {
        let mut answer = shown(answer)?;
        if self.json {
            return self.value(&answer);
        }
        if let Some(object) = answer.as_object_mut() {
            object.retain(|name, _| !fields.contains(&name.as_str()));
        }
        self.fields(&answer)?;
        if items.is_empty() {
            return Ok(());
        }
        self.line("")?;
        let mut list = List::new(self, columns);
        for item in items {
            list.push(item)?;
        }
        list.end(with_totals)
    }

    /// Writes rows in columns, under a heading if there is one.
    pub(crate) fn table<const N: usize>(
        &self,
        heading: &[&str],
        rows: &[[String; N]],
    ) -> Result<(), Failure> {
        let heading: Vec<String> = heading.iter().map(|&title| title.to_owned()).collect();
        let mut grid = Grid::new([Alignment::Left; N]);
        let heading = Some(heading.as_slice()).filter(|heading| !heading.is_empty());
        let rows = rows.iter().map(<[String; N]>::as_slice);
        self.raw(&grid.text(heading.into_iter().chain(rows)))
    }

    /// Writes what a search finds, as it comes.
    pub(crate) async fn pages<E: Paged>(
        &self,
        columns: &'static [Column<E::Item>],
        mut pages: Pages<E>,
        with_totals: bool,
    ) -> Result<(), Failure>
    where
        E::Item: Serialize,
    {
        let mut list = List::new(self, columns);
        while let Some(item) = pages.next().await {
            match item {
                Ok(item) if list.push(&item)? => {}
                // Who looked at the first rows and went away wants no others.
                Ok(_) => return Ok(()),
                Err(error) => {
                    list.write_out()?;
                    return Err(error.into());
                }
            }
        }
        list.end(with_totals)
    }
}

fn cannot_write(error: &dyn fmt::Display) -> Failure {
    Failure::Other(format!("cannot write: {error}"))
}

/// The fields of an answer with its secrets hidden.
pub(crate) fn shown<T: Serialize>(answer: &T) -> Result<serde_json::Value, Failure> {
    enkash_types::masked(answer).map_err(|error| cannot_write(&error))
}

/// A text without control characters, which could play with a terminal: it may be a stranger's.
pub(crate) fn printable(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

/// What stands in a cell: a dash for what is not there.
pub(crate) fn cell<T: fmt::Display>(value: &Option<T>) -> String {
    value
        .as_ref()
        .map_or_else(|| "-".to_owned(), ToString::to_string)
}

/// A column of a table: its title, and what of an item stands in it.
pub(crate) struct Column<T> {
    title: &'static str,
    cell: Cell<T>,
}

enum Cell<T> {
    Text(fn(&T) -> String),
    Amount(fn(&T) -> Option<Rupees>),
    Sum(fn(&T) -> Option<Rupees>),
}

impl<T> Column<T> {
    pub(crate) const fn text(title: &'static str, cell: fn(&T) -> String) -> Self {
        let cell = Cell::Text(cell);
        Self { title, cell }
    }

    /// A column of amounts, which end below each other.
    pub(crate) const fn amount(title: &'static str, amount: fn(&T) -> Option<Rupees>) -> Self {
        let cell = Cell::Amount(amount);
        Self { title, cell }
    }

    /// A column of amounts that can be added up.
    pub(crate) const fn sum(title: &'static str, sum: fn(&T) -> Option<Rupees>) -> Self {
        let cell = Cell::Sum(sum);
        Self { title, cell }
    }

    fn alignment(&self) -> Alignment {
        match self.cell {
            Cell::Text(_) => Alignment::Left,
            Cell::Amount(_) | Cell::Sum(_) => Alignment::Right,
        }
    }
}

/// Items that are written as they come: a table for a person, an array for a program.
///
/// An array that breaks off is not closed: half a list must not pass for a whole one.
pub(crate) struct List<'a, T: 'static> {
    output: &'a Output,
    columns: &'static [Column<T>],
    grid: Grid,
    /// Rows of the table that are not written yet.
    rows: Vec<Vec<String>>,
    is_begun: bool,
    /// What the sums of each column add up to, as far as they can be added up; none of an array.
    totals: Vec<Option<Rupees>>,
}

/// So many rows of a table are looked at before the first is written. Their columns are as wide as
/// they need; later ones are at least as wide.
const ROWS: usize = 100;

impl<'a, T: Serialize> List<'a, T> {
    pub(crate) fn new(output: &'a Output, columns: &'static [Column<T>]) -> Self {
        Self {
            output,
            columns,
            grid: Grid::new(columns.iter().map(Column::alignment)),
            rows: Vec::new(),
            is_begun: false,
            totals: vec![Some(Rupees::ZERO); columns.len()],
        }
    }

    /// Takes an item, and says whether anybody still reads.
    pub(crate) fn push(&mut self, item: &T) -> Result<bool, Failure> {
        if self.output.json {
            let before = if self.is_begun { ",\n" } else { "[\n" };
            self.is_begun = true;
            return self.output.is_read(&format!("{before}{}", shown(item)?));
        }
        let columns = self.columns.iter().zip(&mut self.totals);
        let row = columns.map(|(column, total)| match column.cell {
            Cell::Text(text) => printable(&text(item)),
            Cell::Amount(amount) => cell(&amount(item)),
            Cell::Sum(sum) => {
                let sum = sum(item);
                *total = total.and_then(|total| total.checked_add(sum.unwrap_or_default()));
                cell(&sum)
            }
        });
        self.rows.push(row.collect());
        if self.rows.len() < ROWS {
            return Ok(true);
        }
        self.write_out()
    }

    /// Ends the list; below a table goes what its sums add up to, if that is asked for.
    pub(crate) fn end(mut self, with_totals: bool) -> Result<(), Failure> {
        match (self.output.json, self.is_begun) {
            (true, true) => self.output.raw("\n]\n"),
            (true, false) => self.output.raw("[]\n"),
            (false, false) if self.rows.is_empty() => self.output.line("nothing was found"),
            (false, _) => {
                if with_totals {
                    self.rows.push(self.total());
                }
                self.write_out().map(drop)
            }
        }
    }

    /// The row of sums. Its first column is no sum.
    fn total(&self) -> Vec<String> {
        let columns = self.columns.iter().zip(&self.totals).enumerate();
        let row = columns.map(|(index, (column, total))| match column.cell {
            Cell::Sum(_) => cell(total),
            Cell::Text(_) if index == 0 => "TOTAL".to_owned(),
            Cell::Text(_) | Cell::Amount(_) => String::new(),
        });
        row.collect()
    }

    /// Writes the rows that wait, and says whether anybody reads them.
    pub(crate) fn write_out(&mut self) -> Result<bool, Failure> {
        let rows = std::mem::take(&mut self.rows);
        if rows.is_empty() {
            return Ok(true);
        }
        let heading: Vec<String> = self.columns.iter().map(|c| c.title.to_owned()).collect();
        let is_first = !std::mem::replace(&mut self.is_begun, true);
        let heading = is_first.then_some(heading.as_slice());
        let rows = rows.iter().map(Vec::as_slice);
        let text = self.grid.text(heading.into_iter().chain(rows));
        self.output.is_read(&text)
    }
}

/// Columns that are as wide as what stood in them so far.
pub(crate) struct Grid(Vec<(usize, Alignment)>);

impl Grid {
    pub(crate) fn new(columns: impl IntoIterator<Item = Alignment>) -> Self {
        Self(columns.into_iter().map(|side| (0, side)).collect())
    }

    /// Rows as lines, two blanks between columns.
    pub(crate) fn text<'r>(&mut self, rows: impl Iterator<Item = &'r [String]> + Clone) -> String {
        for row in rows.clone() {
            for ((width, _), cell) in self.0.iter_mut().zip(row) {
                *width = (*width).max(measure_text_width(cell));
            }
        }
        let mut text = String::new();
        for row in rows {
            let cells: Vec<_> = row
                .iter()
                .zip(&self.0)
                .map(|(cell, &(width, side))| pad_str(cell, width, side, None))
                .collect();
            text.push_str(cells.join("  ").trim_end());
            text.push('\n');
        }
        text
    }
}

/// A line for each plain value of an object, with its path.
pub(crate) fn in_lines(object: &serde_json::Value) -> String {
    let mut rows = Vec::new();
    flatten("", object, &mut rows);
    Grid::new([Alignment::Left; 2]).text(rows.iter().map(<[String; 2]>::as_slice))
}

/// Every plain value of an object with its path.
fn flatten(path: &str, value: &serde_json::Value, rows: &mut Vec<[String; 2]>) {
    use serde_json::Value;

    let below = |name: &str| match path {
        "" => printable(name),
        path => format!("{path}.{}", printable(name)),
    };
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                flatten(&below(name), value, rows);
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                flatten(&format!("{path}[{index}]"), item, rows);
            }
        }
        Value::String(text) => rows.push([path.to_owned(), printable(text)]),
        other => rows.push([path.to_owned(), other.to_string()]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_becomes_rows() {
        let mut rows = Vec::new();
        let object = serde_json::json!({"a": {"b": 1, "c": ["x\u{1b}[31m"]}, "d\u{1b}[2J": null});
        flatten("", &object, &mut rows);
        assert_eq!(
            rows,
            [["a.b", "1"], ["a.c[0]", "x[31m"], ["d[2J", "null"]].map(|row| row.map(str::to_owned))
        );
    }

    #[test]
    fn columns_are_as_wide_as_what_is_seen_of_their_cells() {
        let rows = [["आशा", "1.00"], ["Asha Stores", "12.50"], ["", "7.00"]];
        let rows = rows.map(|row| row.map(str::to_owned));
        let mut grid = Grid::new([Alignment::Left, Alignment::Right]);
        let text = grid.text(rows.iter().map(<[String; 2]>::as_slice));
        insta::assert_snapshot!(text, @r"
        आशा           1.00
        Asha Stores  12.50
                      7.00
        ");
        let later = [["a".to_owned(), "1".to_owned()]];
        let text = grid.text(later.iter().map(<[String; 2]>::as_slice));
        insta::assert_snapshot!(text, @"a                1");
    }
}
