//! Answers that the documentation read does not show.

use serde::{Deserialize as _, Deserializer};
use serde_json::Value;

use crate::Extra;

/// Reads whatever came: the fields of an object, or under `payload` what is none (a bare text,
/// say). To be used as `#[serde(deserialize_with = …)]` of the only field of a transparent type.
pub(crate) fn whatever<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Extra, D::Error> {
    Ok(match Value::deserialize(deserializer)? {
        Value::Object(fields) => fields.into(),
        Value::Null => Extra::new(),
        other => Extra::from_iter([("payload".to_owned(), other)]),
    })
}

/// The first text that stands under one of these names.
pub(crate) fn text<'a>(fields: &'a Extra, names: &[&str]) -> Option<&'a str> {
    names.iter().find_map(|name| fields.get(*name)?.as_str())
}
