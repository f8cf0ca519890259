//! What goes to stdout.

use std::io::{IsTerminal as _, Write as _};

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
    #[expect(
        clippy::unused_self,
        reason = "results are written through an Output and nowhere else"
    )]
    pub(crate) fn raw(&self, text: &str) -> Result<(), Failure> {
        let mut stdout = std::io::stdout().lock();
        match stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush())
        {
            Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
                Err(Failure::Other(format!("cannot write: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Writes a line.
    pub(crate) fn line(&self, text: &str) -> Result<(), Failure> {
        self.raw(&format!("{text}\n"))
    }

    /// Writes a value as JSON.
    pub(crate) fn value<T: Serialize + ?Sized>(&self, value: &T) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(value)
            .map_err(|error| Failure::Other(format!("cannot write: {error}")))?;
        self.line(&text)
    }

    /// Writes an object: as JSON, or a line for each field.
    pub(crate) fn fields(&self, object: &serde_json::Value) -> Result<(), Failure> {
        if self.json {
            return self.value(object);
        }
        let mut rows = Vec::new();
        flatten("", object, &mut rows);
        self.table(&[], &rows)
    }

    /// Writes rows in columns, under a heading if there is one.
    pub(crate) fn table<const N: usize>(
        &self,
        heading: &[&str],
        rows: &[[String; N]],
    ) -> Result<(), Failure> {
        let heading: Vec<String> = heading.iter().map(|&title| title.to_owned()).collect();
        let lines = || {
            std::iter::once(heading.as_slice())
                .filter(|heading| !heading.is_empty())
                .chain(rows.iter().map(<[String; N]>::as_slice))
        };
        let mut widths = [0; N];
        for line in lines() {
            for (width, cell) in widths.iter_mut().zip(line) {
                *width = (*width).max(cell.chars().count());
            }
        }
        let mut text = String::new();
        for line in lines() {
            let cells: Vec<String> = line
                .iter()
                .zip(widths)
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            text.push_str(cells.join("  ").trim_end());
            text.push('\n');
        }
        self.raw(&text)
    }
}

/// The fields of an answer with its secrets hidden.
pub(crate) fn shown<T: serde::Serialize>(answer: &T) -> Result<serde_json::Value, Failure> {
    enkash_types::masked(answer).map_err(|error| Failure::Other(format!("cannot write: {error}")))
}

/// Every plain value of an object with its path. Control characters, which could play with a
/// terminal, are dropped from names and values: they may be a stranger's.
fn flatten(path: &str, value: &serde_json::Value, rows: &mut Vec<[String; 2]>) {
    use serde_json::Value;

    let printable = |text: &str| -> String { text.chars().filter(|c| !c.is_control()).collect() };
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
}
