//! JSON Lines: an object on each line, with the names of the columns.

use std::borrow::Cow;
use std::fmt;
use std::io::{self, Write};

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::json;
use serde_json::value::RawValue;

use super::lines::{LONGEST, Lines};
use super::row::Draft;
use super::{Column, Fingerprint, ReadError, Row, Rows};

pub(super) struct JsonRows {
    lines: Lines,
    rows: u64,
}

impl JsonRows {
    pub(super) fn new(lines: Lines) -> Self {
        Self { lines, rows: 0 }
    }
}

impl Rows for JsonRows {
    fn next_row(&mut self) -> Result<Option<Row>, ReadError> {
        if self.lines.advance()? {
            self.rows += 1;
            Ok(Some(row(&self.lines)))
        } else if self.rows == 0 {
            Err(ReadError::NoRows)
        } else {
            Ok(None)
        }
    }

    fn fingerprint(&self) -> Fingerprint {
        self.lines.fingerprint()
    }

    /// The object with the reason as its first field. What is no object becomes the text of one.
    fn write_refused(&mut self, why: &str, out: &mut dyn Write) -> io::Result<()> {
        let line = self.lines.line();
        let as_text;
        let fields = match line.trim_ascii() {
            [b'{', fields @ ..] => without_reason(fields),
            _ => {
                as_text = format!("\"line\":{}}}", json!(String::from_utf8_lossy(line)));
                as_text.as_bytes()
            }
        };
        let separator = match fields.trim_ascii_start() {
            [b'}', ..] => "",
            _ => ",",
        };
        write!(
            out,
            "{{{}:{}{separator}",
            json!(Column::Problem),
            json!(why)
        )?;
        out.write_all(fields)?;
        out.write_all(b"\n")
    }
}

/// The fields of an object without the reason of an earlier run, which this one takes the place of.
fn without_reason(fields: &[u8]) -> &[u8] {
    let name = json!(Column::Problem).to_string();
    let reason = fields.strip_prefix(name.as_bytes());
    let Some(reason) = reason.and_then(|rest| rest.strip_prefix(b":")) else {
        return fields;
    };
    let mut reader = serde_json::Deserializer::from_slice(reason).into_iter::<String>();
    match reader.next() {
        Some(Ok(_)) => {
            let rest = reason.get(reader.byte_offset()..).unwrap_or_default();
            rest.strip_prefix(b",").unwrap_or(rest)
        }
        _ => fields,
    }
}

fn row(lines: &Lines) -> Row {
    let mut draft = Draft::new(lines.number());
    if lines.is_too_long() {
        draft.wrong(format!(
            "is longer than {LONGEST} bytes, of which no row is"
        ));
        return draft.into_row();
    }
    let line = match std::str::from_utf8(lines.line()) {
        Ok(line) => line,
        Err(error) => {
            let byte = lines.line().get(error.valid_up_to());
            draft.wrong(super::not_utf8(byte.copied().unwrap_or_default()));
            return draft.into_row();
        }
    };
    let mut reader = serde_json::Deserializer::from_str(line);
    let read = reader.deserialize_map(Object(&mut draft));
    if let Err(error) = read.and_then(|()| reader.end()) {
        // The error's own text can repeat the line's.
        draft.wrong(if error.is_data() {
            "must be a JSON object".to_owned()
        } else {
            format!("is not JSON, from its column {} on", error.column())
        });
    }
    draft.into_row()
}

/// Puts the fields of an object into a draft.
struct Object<'d, 'a>(&'d mut Draft<'a>);

impl<'a> Visitor<'a> for Object<'_, 'a> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'a>>(self, mut fields: M) -> Result<(), M::Error> {
        let mut before = Vec::with_capacity(Column::ALL.len());
        while let Some(Name(name)) = fields.next_key()? {
            let value: &RawValue = fields.next_value()?;
            match name {
                Ok(column) if before.contains(&column) => {
                    self.0.unreadable(column, "must not stand there twice");
                }
                Ok(column) => {
                    before.push(column);
                    match text(column, value.get()) {
                        Ok(Some(text)) => self.0.set(column, text),
                        Ok(None) => {}
                        Err(rule) => self.0.unreadable(column, rule),
                    }
                }
                Err(unknown) => self.0.wrong(format!("there is no column {unknown:?}")),
            }
        }
        Ok(())
    }
}

/// The name of a field: of a column, or another, as it may be shown.
struct Name(Result<Column, String>);

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NameVisitor;

        impl Visitor<'_> for NameVisitor {
            type Value = Name;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a name")
            }

            fn visit_str<E: serde::de::Error>(self, name: &str) -> Result<Name, E> {
                Ok(Name(
                    Column::named(name).ok_or_else(|| super::unknown(name)),
                ))
            }
        }

        deserializer.deserialize_str(NameVisitor)
    }
}

/// The value of a field. An amount is the digits that stand there, quoted or not: read as a
/// number, one of too many digits would have been rounded already.
fn text(column: Column, value: &str) -> Result<Option<Cow<'_, str>>, &'static str> {
    match value.as_bytes().first() {
        Some(b'"') => match value.trim_matches('"') {
            // Without an escape the text stands as it is between its quotes.
            plain if !plain.contains(['\\', '"']) => Ok(Some(Cow::Borrowed(plain))),
            _ => serde_json::from_str(value)
                .map(|text: String| Some(Cow::Owned(text)))
                .map_err(|_| "holds an escape that stands for no character"),
        },
        Some(b'n') => Ok(None),
        Some(b'-' | b'0'..=b'9') if column == Column::Amount => Ok(Some(Cow::Borrowed(value))),
        Some(b'-' | b'0'..=b'9') => {
            Err("must be a text in quotes: a number loses the zeros that it begins with")
        }
        _ if column == Column::Amount => Err("must be a number, or a text"),
        _ => Err("must be a text"),
    }
}
