//! Reading JSON so that a failure says where, and never what was there.

use std::fmt;

use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::endpoint::Endpoint;

/// Why a JSON text could not be read as the type it should be.
///
/// Neither the fields nor the text of this error repeat a value that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ReadError {
    /// It is not JSON, or it stops in the middle.
    NotJson {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, from 1; 0 is the end of the line before.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// It is JSON of another shape: a field is missing, unknown, or of the wrong type.
    WrongShape {
        /// JSON path of the fault; empty for the text as a whole.
        path: String,
        /// What was expected there.
        message: String,
    },
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotJson {
                line,
                column,
                message,
            } => {
                write!(f, "not JSON: {message} at line {line} column {column}")
            }
            Self::WrongShape { path, message } if path.is_empty() => f.write_str(message),
            Self::WrongShape { path, message } => write!(f, "{path}: {message}"),
        }
    }
}

impl std::error::Error for ReadError {}

/// Reads a JSON text.
///
/// # Errors
///
/// [`ReadError`], which says where.
pub fn json<T: DeserializeOwned>(text: &[u8]) -> Result<T, ReadError> {
    // Keeping track of the path costs time, so it is only done for a text that fails.
    serde_json::from_slice(text).or_else(|_| {
        let mut reader = serde_json::Deserializer::from_slice(text);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let path = error.path().to_string();
            of(error.inner(), &path)
        })?;
        reader.end().map_err(|error| of(&error, ""))?;
        Ok(value)
    })
}

/// Reads the answer of an endpoint, without its envelope.
///
/// # Errors
///
/// [`ReadError`], which says where; also for an answer that [lacks](Endpoint::lacks) what makes it one.
pub fn answer<E: Endpoint>(text: &[u8]) -> Result<E::Answer, ReadError> {
    let answer = json(text)?;
    match E::lacks(&answer) {
        None => Ok(answer),
        Some(missing) => Err(wrong_shape("", missing)),
    }
}

/// Reads a JSON text, whatever it holds. No type of an operation takes part, so it is compiled once.
///
/// # Errors
///
/// [`ReadError`], which says where by line and column.
pub fn untyped(text: &[u8]) -> Result<Value, ReadError> {
    let text = std::str::from_utf8(text).map_err(|error| {
        let before = &text[..error.valid_up_to()];
        let line_begins = before.iter().rposition(|byte| *byte == b'\n');
        ReadError::NotJson {
            line: before.iter().filter(|byte| **byte == b'\n').count() + 1,
            column: before.len() - line_begins.map_or(0, |at| at + 1) + 1,
            message: "it is not UTF-8".to_owned(),
        }
    })?;
    text.parse().map_err(|error| of(&error, ""))
}

/// As [`untyped`], where the text has to hold an object.
///
/// # Errors
///
/// As of [`untyped`].
pub fn object(text: &[u8]) -> Result<Map<String, Value>, ReadError> {
    match untyped(text)? {
        Value::Object(fields) => Ok(fields),
        _ => Err(wrong_shape("", "expected an object")),
    }
}

/// Reads a value that was JSON already.
///
/// # Errors
///
/// [`ReadError::WrongShape`], which says where.
pub fn value<T: DeserializeOwned>(value: Value) -> Result<T, ReadError> {
    serde_path_to_error::deserialize(value)
        .map_err(|error| wrong_shape(&error.path().to_string(), &error.inner().to_string()))
}

/// Says a serde error again without the value that caused it. Names of fields are kept, as far as
/// they can be shown.
#[must_use]
pub fn wrong_shape(path: &str, message: &str) -> ReadError {
    let shown = |text: &str| text.chars().filter(|c| !c.is_control()).take(300).collect();
    ReadError::WrongShape {
        path: if path == "." {
            String::new()
        } else {
            shown(path)
        },
        message: shown(&without_value(message)),
    }
}

fn of(error: &serde_json::Error, path: &str) -> ReadError {
    use serde_json::error::Category;

    let message = error.to_string();
    let position = format!(" at line {} column {}", error.line(), error.column());
    let message = message.strip_suffix(&position).unwrap_or(&message);
    match error.classify() {
        Category::Data => wrong_shape(path, message),
        // A number that no JSON number type holds is well-formed JSON.
        Category::Syntax if message == "number out of range" => wrong_shape(path, message),
        Category::Syntax | Category::Eof | Category::Io => ReadError::NotJson {
            line: error.line(),
            column: error.column(),
            message: message.to_owned(),
        },
    }
}

/// serde says `invalid type: string "the value", expected a map`; the value may be a secret.
fn without_value(message: &str) -> String {
    // serde would take an array for a struct if only it had as many items as the struct has fields.
    if message.starts_with("invalid length ") {
        return "expected an object, found sequence".to_owned();
    }
    let Some(rest) = message
        .strip_prefix("invalid type: ")
        .or_else(|| message.strip_prefix("invalid value: "))
    else {
        return message.to_owned();
    };
    // The value may hold the word "expected" itself, so the last one counts.
    let (found, expected) = rest
        .rsplit_once(", expected ")
        .unwrap_or((rest, "something else"));
    let kind = found.split(['"', '`']).next().unwrap_or_default().trim();
    // What serde calls by the name of a Rust type.
    let expected = match expected {
        "unit" => "null",
        _ if expected.starts_with("struct ") => "an object",
        _ => expected,
    };
    format!("expected {expected}, found {kind}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    struct Card {
        #[allow(dead_code)]
        number: u64,
    }

    #[test]
    fn a_wrong_value_is_placed_and_not_repeated() {
        let error = json::<Vec<Card>>(br#"[{"number": "4111, expected 1111"}]"#).unwrap_err();
        assert_eq!(error.to_string(), "[0].number: expected u64, found string");
        let error = value::<Card>(serde_json::json!({"number": "4111"})).unwrap_err();
        assert_eq!(error.to_string(), "number: expected u64, found string");
    }

    #[test]
    fn a_text_that_is_not_json_is_placed_by_line() {
        let error = json::<Card>(b"{\n  \"number\": }").unwrap_err();
        assert_eq!(
            error.to_string(),
            "not JSON: expected value at line 2 column 13"
        );
        let error = json::<Card>(b"<html>").unwrap_err();
        assert!(matches!(
            error,
            ReadError::NotJson {
                line: 1,
                column: 1,
                ..
            }
        ));
        let error = json::<Card>(b"{\"number\": 1} x").unwrap_err();
        assert!(matches!(error, ReadError::NotJson { .. }));
    }

    #[test]
    fn a_name_cannot_play_with_a_terminal() {
        let error = json::<std::collections::BTreeMap<String, f64>>(b"{\"\\u001b[2Jx\": 1e400}");
        assert_eq!(error.unwrap_err().to_string(), "[2Jx: number out of range");
    }

    #[test]
    fn what_has_no_type_is_placed_by_line() {
        let error = |text: &[u8]| object(text).unwrap_err().to_string();
        assert_eq!(error(b"[1]"), "expected an object");
        assert_eq!(
            error(b"{"),
            "not JSON: EOF while parsing an object at line 1 column 1"
        );
        assert_eq!(
            error(b"{\n \"a\": \"\xE9\"}"),
            "not JSON: it is not UTF-8 at line 2 column 8"
        );
        assert_eq!(object(b"{\"a\": 1}").unwrap().len(), 1);
        assert_eq!(untyped(b" [1] ").unwrap(), serde_json::json!([1]));
    }

    #[test]
    fn a_number_out_of_range_is_placed() {
        let error = json::<Card>(br#"{"number": 1e400}"#).unwrap_err();
        assert_eq!(error.to_string(), "number: number out of range");
    }
}
