//! CSV.
//!
//! A row is one line: no value of a payout holds a line break, so a quote that is not closed
//! spoils its own line and no other. That, a limit for the length of a line, and the line as it
//! stood are what a general reader of CSV does not give, and so this one is our own. What is not
//! CSV by RFC 4180, such as a quote amid a value, is refused and not guessed at.

use std::borrow::Cow;
use std::io::{self, Write};

use super::lines::{LONGEST, Lines};
use super::row::Draft;
use super::{Column, Fingerprint, ReadError, Row, Rows, WrongHeading};

pub(super) struct CsvRows {
    lines: Lines,
    columns: Vec<Column>,
    heading: Vec<u8>,
    refused: bool,
    rows: u64,
}

impl CsvRows {
    /// Reads the heading.
    pub(super) fn new(mut lines: Lines) -> Result<Self, ReadError> {
        if !lines.advance()? {
            return Err(ReadError::NoRows);
        }
        let columns = columns(&lines)?;
        let heading = lines.line().to_vec();
        Ok(Self {
            lines,
            columns,
            heading,
            refused: false,
            rows: 0,
        })
    }
}

impl Rows for CsvRows {
    fn next_row(&mut self) -> Result<Option<Row>, ReadError> {
        loop {
            if !self.lines.advance()? {
                return if self.rows == 0 {
                    Err(ReadError::NoRows)
                } else {
                    Ok(None)
                };
            }
            // A spreadsheet leaves lines of commas behind where rows were deleted.
            if self
                .lines
                .line()
                .iter()
                .any(|byte| !matches!(byte, b',' | b' '))
            {
                self.rows += 1;
                return Ok(Some(row(&self.lines, &self.columns)));
            }
        }
    }

    fn fingerprint(&self) -> Fingerprint {
        self.lines.fingerprint()
    }

    /// The line with the reason before it: behind a quote that is not closed it would be lost.
    fn write_refused(&mut self, why: &str, out: &mut dyn Write) -> io::Result<()> {
        let has_reason = self.columns.first() == Some(&Column::Problem);
        if !self.refused {
            self.refused = true;
            out.write_all(self.lines.mark())?;
            if !has_reason {
                write!(out, "{},", Column::Problem)?;
            }
            out.write_all(&self.heading)?;
            out.write_all(b"\n")?;
        }
        let mut line = self.lines.line();
        if has_reason {
            // The reason of an earlier run, which this one takes the place of.
            line = without_first(line);
        }
        write!(out, "\"{}\",", why.replace('"', "\"\""))?;
        out.write_all(line)?;
        out.write_all(b"\n")
    }
}

fn row(lines: &Lines, columns: &[Column]) -> Row {
    let mut draft = Draft::new(lines.number());
    if lines.is_too_long() {
        draft.wrong(format!(
            "is longer than {LONGEST} bytes, of which no row is"
        ));
        return draft.into_row();
    }
    let mut fields = Fields::of(lines.line());
    for (index, column) in columns.iter().enumerate() {
        match fields.next() {
            Some(Ok(field)) => match text(field) {
                Ok(text) => draft.set(*column, text),
                Err(byte) => draft.unreadable(*column, super::not_utf8(byte)),
            },
            Some(Err(rule)) => {
                draft.unreadable_from(*column, rule);
                return draft.into_row();
            }
            None => {
                draft.wrong(format!(
                    "has {index} fields, and the heading has {}",
                    columns.len()
                ));
                return draft.into_row();
            }
        }
    }
    let more = fields.count();
    if more > 0 {
        let all = columns.len() + more;
        draft.wrong(format!(
            "has {all} fields, and the heading has {}",
            columns.len()
        ));
    }
    draft.into_row()
}

/// The columns that a heading names.
fn columns(lines: &Lines) -> Result<Vec<Column>, ReadError> {
    let heading = lines.line().trim_ascii();
    if heading.contains(&b'\r') {
        return Err(ReadError::CarriageReturns);
    }
    let mut columns = Vec::new();
    let mut wrong = WrongHeading::default();
    for field in Fields::of(heading) {
        let field = field.unwrap_or(Cow::Borrowed(b"\""));
        let name = String::from_utf8_lossy(&field);
        match Column::named(name.trim()) {
            Some(column) if column != Column::Problem && columns.contains(&column) => {
                wrong.repeated.push(column);
            }
            Some(column) => columns.push(column),
            None => wrong.unknown.push(super::unknown(name.trim())),
        }
    }
    if columns.is_empty() {
        return Err(ReadError::NoHeading);
    }
    let needed = Column::NEEDED.into_iter();
    wrong.missing = needed.filter(|column| !columns.contains(column)).collect();
    if wrong == WrongHeading::default() {
        Ok(columns)
    } else {
        wrong.line = lines.number();
        Err(ReadError::Heading(wrong))
    }
}

/// A field as a text, or the first byte of it that is no UTF-8.
fn text(field: Cow<'_, [u8]>) -> Result<Cow<'_, str>, u8> {
    let byte = |field: &[u8], at: usize| field.get(at).copied().unwrap_or_default();
    match field {
        Cow::Borrowed(field) => match std::str::from_utf8(field) {
            Ok(text) => Ok(Cow::Borrowed(text)),
            Err(error) => Err(byte(field, error.valid_up_to())),
        },
        Cow::Owned(field) => match String::from_utf8(field) {
            Ok(text) => Ok(Cow::Owned(text)),
            Err(error) => Err(byte(error.as_bytes(), error.utf8_error().valid_up_to())),
        },
    }
}

/// The fields of a line, or the rule that one breaks: where it ends is not known then, and it is
/// the last.
struct Fields<'a> {
    rest: Option<&'a [u8]>,
}

const NOT_CLOSED: &str = "begins with a quote that is not closed in this line";
const STRAY_QUOTE: &str =
    "holds a quote: a value with a quote in it stands in quotes, and has each of its own twice";

impl<'a> Fields<'a> {
    fn of(line: &'a [u8]) -> Self {
        Self { rest: Some(line) }
    }

    /// A value in quotes, which begins behind the first of them.
    fn quoted(&mut self, line: &'a [u8]) -> Result<Cow<'a, [u8]>, &'static str> {
        let mut value = Cow::Borrowed([].as_slice());
        let mut rest = line;
        loop {
            let Some((part, after)) = split_at(rest, b'"') else {
                return Err(NOT_CLOSED);
            };
            if value.is_empty() {
                value = Cow::Borrowed(part);
            } else {
                value.to_mut().extend_from_slice(part);
            }
            match after {
                [b'"', after @ ..] => {
                    value.to_mut().push(b'"');
                    rest = after;
                }
                [b',', after @ ..] => {
                    self.rest = Some(after);
                    return Ok(value);
                }
                [] => return Ok(value),
                _ => return Err(STRAY_QUOTE),
            }
        }
    }
}

impl<'a> Iterator for Fields<'a> {
    type Item = Result<Cow<'a, [u8]>, &'static str>;

    fn next(&mut self) -> Option<Self::Item> {
        let line = self.rest.take()?;
        if let [b'"', line @ ..] = line {
            return Some(self.quoted(line));
        }
        let field = match split_at(line, b',') {
            Some((field, rest)) => {
                self.rest = Some(rest);
                field
            }
            None => line,
        };
        if field.contains(&b'"') {
            self.rest = None;
            return Some(Err(STRAY_QUOTE));
        }
        Some(Ok(Cow::Borrowed(field)))
    }
}

/// What stands before and behind a byte.
fn split_at(text: &[u8], byte: u8) -> Option<(&[u8], &[u8])> {
    let at = text.iter().position(|other| *other == byte)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// A line without its first field.
fn without_first(line: &[u8]) -> &[u8] {
    let mut fields = Fields::of(line);
    match fields.next() {
        Some(Ok(_)) => fields.rest.unwrap_or_default(),
        _ => line,
    }
}
