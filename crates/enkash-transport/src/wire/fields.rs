//! A request's fields, collected from wherever they travelled.

use serde::de::value::MapDeserializer;
use serde::de::{DeserializeOwned, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_json::{Error, Value};

use enkash_types::read::{self, ReadError};

/// The value of a field.
pub(super) enum Field {
    /// From a path, a query or a form, where all is text: a number is one that it spells.
    Text(String),
    /// From a JSON body.
    Json(Value),
}

/// Reads a request from its fields. One that comes twice is refused, as is one that is not known.
pub(super) fn read<T: DeserializeOwned>(fields: Vec<(String, Field)>) -> Result<T, ReadError> {
    let fields = MapDeserializer::new(fields.into_iter());
    serde_path_to_error::deserialize::<_, T>(fields)
        .map_err(|error| read::wrong_shape(&error.path().to_string(), &error.inner().to_string()))
}

impl IntoDeserializer<'_, Error> for Field {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// What the type asks for is looked for in the text.
macro_rules! spelled {
    ($($method:ident => $visit:ident),+ $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
            match self {
                Self::Json(value) => value.$method(visitor),
                Self::Text(text) => match text.parse() {
                    Ok(value) => visitor.$visit(value),
                    // The type's own words for a text where it wants something else.
                    Err(_) => visitor.visit_string(text),
                },
            }
        }
    )+};
}

impl<'de> serde::Deserializer<'de> for Field {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Json(value) => value.deserialize_any(visitor),
            Self::Text(text) => visitor.visit_string(text),
        }
    }

    spelled! {
        deserialize_bool => visit_bool,
        deserialize_i8 => visit_i8,
        deserialize_i16 => visit_i16,
        deserialize_i32 => visit_i32,
        deserialize_i64 => visit_i64,
        deserialize_u8 => visit_u8,
        deserialize_u16 => visit_u16,
        deserialize_u32 => visit_u32,
        deserialize_u64 => visit_u64,
        deserialize_f32 => visit_f32,
        deserialize_f64 => visit_f64,
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Json(value) => value.deserialize_option(visitor),
            // A text that is there is something.
            Self::Text(_) => visitor.visit_some(self),
        }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Self::Json(value) => value.deserialize_newtype_struct(name, visitor),
            Self::Text(_) => visitor.visit_newtype_struct(self),
        }
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        name: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Self::Json(value) => value.deserialize_enum(name, variants, visitor),
            Self::Text(text) => visitor.visit_enum(text.into_deserializer()),
        }
    }

    fn deserialize_unit<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Json(value) => value.deserialize_unit(visitor),
            Self::Text(text) if text.is_empty() => visitor.visit_unit(),
            Self::Text(_) => Err(Error::custom("expected nothing")),
        }
    }

    forward_to_deserialize_any! {
        i128 u128 char str string bytes byte_buf unit_struct seq tuple tuple_struct map struct
        identifier ignored_any
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Search {
        offset: Option<u32>,
        order_by: Option<String>,
        exact: Option<bool>,
        ids: Option<Vec<u32>>,
    }

    fn text(name: &str, text: &str) -> (String, Field) {
        (name.to_owned(), Field::Text(text.to_owned()))
    }

    #[test]
    fn a_text_is_what_the_type_asks_for() {
        let found: Search = read(vec![
            text("offset", "20"),
            text("order_by", "20"),
            text("exact", "true"),
            ("ids".to_owned(), Field::Json(json!([1, 2]))),
        ])
        .unwrap();
        assert_eq!(
            found,
            Search {
                offset: Some(20),
                order_by: Some("20".to_owned()),
                exact: Some(true),
                ids: Some(vec![1, 2]),
            }
        );
    }

    #[test]
    fn what_does_not_fit_is_told_without_the_value() {
        for (fields, said) in [
            (vec![text("offset", "s3cr3t")], "offset: "),
            (vec![text("ids", "s3cr3t")], "ids: "),
            (
                vec![text("offset", "1"), text("offset", "2")],
                "duplicate field",
            ),
            (vec![text("unknown", "s3cr3t")], "unknown"),
        ] {
            let error = read::<Search>(fields).unwrap_err().to_string();
            assert!(error.contains(said), "{error}");
            assert!(!error.contains("s3cr3t"), "{error}");
        }
    }
}
