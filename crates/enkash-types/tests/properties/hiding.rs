//! Nobody reads a secret where it does not belong: not in an error, not in `Debug`, not in what
//! is made for showing.

use std::fmt::{Debug, Display};

use enkash_types::strategies::ValidValues;
use enkash_types::{Endpoint, masked, operation, operations, read};
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::reading::places;
use crate::schemas::{fields, schema_of};
use crate::{all, each_answer, each_request, each_request_without_rules, json_samples};

/// What would be seen if an error repeated a value.
const MARK: &str = "M4RK3R";
const MARKED_NUMBER: &str = "918273645546";

/// JSON texts that are wrong almost anywhere: of a wrong type, against the rules, broken, or made
/// to look like the end of an error.
fn wrong_values() -> Vec<String> {
    vec![
        json!(format!("{MARK} \u{7}")).to_string(),
        json!(format!("\"{MARK}\"")).to_string(),
        json!(format!("`{MARK}`, expected {MARK}")).to_string(),
        json!(format!("x, expected {MARK} at line 1 column 2")).to_string(),
        json!(format!("+91 {MARK} ").repeat(20)).to_string(),
        json!([MARK]).to_string(),
        json!({ "x": MARK }).to_string(),
        MARKED_NUMBER.to_owned(),
        format!("-{MARKED_NUMBER}.0625"),
        format!("{MARKED_NUMBER}e300"),
        format!("{MARKED_NUMBER}e400"),
        format!("{MARKED_NUMBER}{MARKED_NUMBER}"),
        format!("\"{MARKED_NUMBER},50\""),
        MARK.to_owned(),
        format!("\"{MARK}"),
        format!("\"{MARK}\\q\""),
        format!("\"{MARK}\u{1}\""),
        format!("[\"{MARK}\", "),
    ]
}

/// A value with every field that the schema has.
fn full<T: ValidValues + Serialize + JsonSchema>() -> Value {
    fn fill(schema: &Value, place: &Value, json: &mut Value, more: Value) {
        let (Some(fields), Some(json), Value::Object(more)) =
            (fields(schema, place), json.as_object_mut(), more)
        else {
            return;
        };
        for (name, more) in more {
            match (json.get_mut(&name), fields.get(&name)) {
                (Some(json), Some(place)) => fill(schema, place, json, more),
                (None, Some(_)) => drop(json.insert(name, more)),
                (_, None) => {}
            }
        }
    }

    let schema = schema_of::<T>();
    let mut samples = json_samples::<T>(64).into_iter();
    let mut json = samples.next().unwrap();
    for more in samples {
        fill(&schema, &schema, &mut json, more);
    }
    json
}

/// Puts every wrong value into every place, and looks at the errors of this reader.
fn mark_every_place<T>(read: impl Fn(&[u8]) -> Option<String>)
where
    T: ValidValues + Serialize + DeserializeOwned + JsonSchema,
{
    fn hides_it(error: &str) -> bool {
        !error.contains(MARK) && !error.contains(MARKED_NUMBER)
    }

    let full = full::<T>();
    let mut refused = 0;
    for place in places(&full) {
        for wrong in wrong_values() {
            let mut json = full.clone();
            *json.pointer_mut(&place).unwrap() = json!("@");
            let json = json.to_string().replace("\"@\"", &wrong);

            if let Some(error) = read(json.as_bytes()) {
                refused += 1;
                assert!(hides_it(&error), "{place} = {wrong}: {error}");
            }
            if let Ok(json) = serde_json::from_str::<Value>(&json)
                && let Err(error) = read::value::<T>(json)
            {
                assert!(hides_it(&text(&error)), "{place} = {wrong}: {error}");
            }
        }
    }
    assert!(refused > 0);
}

fn text(error: &(impl Display + Debug)) -> String {
    format!("{error} {error:?}")
}

#[test]
fn no_error_repeats_a_value_of_a_request() {
    fn test<E: Endpoint + ValidValues + JsonSchema>() {
        let check = operation(E::OPERATION.name).unwrap().check;
        mark_every_place::<E>(|json| check(json).err().map(|error| text(&error)));
    }
    each_request!(test());
    each_request_without_rules!(test());
}

#[test]
fn no_error_repeats_a_value_that_enkash_sent() {
    fn test<T: ValidValues + Serialize + DeserializeOwned + JsonSchema>() {
        mark_every_place::<T>(|json| read::json::<T>(json).err().map(|error| text(&error)));
    }
    each_answer!(test());
}

/// The fields that hold a secret or an account number, of which the last four may be seen.
const HIDDEN_FIELDS: [&str; 19] = [
    "accessKey",
    "accessToken",
    "access_token",
    "account",
    "accountNumber",
    "beneficiaryAccountNumber",
    "cardNumber",
    "customerAccountNumber",
    "cvv",
    "debitAccountNumber",
    "merchantIdentifierKey",
    "otp",
    "password",
    "paymentToken",
    "publicIdentifierKey",
    "refresh_token",
    "secretKey",
    "token",
    "virtualAccountNumber",
];

/// The texts in such fields, and the values of a webhook's headers. One of fewer characters may stand elsewhere by chance.
fn hidden(json: &Value) -> Vec<&str> {
    places(json)
        .iter()
        .filter(|place| {
            let name = place.rsplit('/').next().unwrap_or_default();
            HIDDEN_FIELDS.contains(&name) || place.starts_with("/headers/")
        })
        .filter_map(|place| json.pointer(place)?.as_str())
        .filter(|text| text.chars().count() >= 9)
        .collect()
}

#[test]
fn nothing_that_is_shown_holds_a_secret() {
    fn test<T: ValidValues + Serialize>() {
        all(T::valid(), |value| {
            let json = serde_json::to_value(&value)?;
            let masked = masked(&value)?;
            let shown = format!("{value:?} {value:#?} {masked} {masked:#}");
            for secret in hidden(&json) {
                for written in [format!("{secret:?}"), json!(secret).to_string()] {
                    prop_assert!(!shown.contains(written.trim_matches('"')));
                }
                prop_assert!(!shown.contains(secret));
            }
            Ok(())
        });
    }
    each_request!(test());
    each_request_without_rules!(test());
    each_answer!(test());
}

/// A field that is named like a secret is one, so that the test above looks at it.
#[test]
fn no_field_named_like_a_secret_is_left_out() {
    for declared in operations() {
        let answer = declared.answer_schema.map(|schema| schema().to_value());
        for schema in [Some((declared.schema)().to_value()), answer]
            .into_iter()
            .flatten()
        {
            for at in places(&schema)
                .iter()
                .filter(|at| at.contains("/properties/"))
            {
                let (at, name) = at.rsplit_once('/').unwrap();
                let of_a_field = at.ends_with("/properties") && name != "token_type";
                let lower = name.to_lowercase();
                let named_so = [
                    "key",
                    "token",
                    "secret",
                    "password",
                    "accountnumber",
                    "cardnumber",
                    "cvv",
                    "otp",
                    "pin",
                ]
                .iter()
                .any(|word| lower.ends_with(word));
                let is_masked = lower.starts_with("masked");
                if of_a_field && named_so && !is_masked {
                    assert!(HIDDEN_FIELDS.contains(&name), "{name}");
                }
            }
        }
    }
}
