//! Requests are taken if they keep every rule, and only then; what was taken is what was meant.

use std::collections::BTreeSet;

use enkash_types::strategies::{InvalidValues, ValidValues};
use enkash_types::{Body, CheckError, Endpoint, Valid, operation, operations, read};
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::schemas::{has_path, schema_of};
use crate::{all, each_answer, each_request, each_request_without_rules};

#[test]
fn no_declaration_is_left_out() {
    fn note<E: Endpoint>(tested: &mut BTreeSet<&str>) {
        tested.insert(E::OPERATION.name);
    }
    fn note_title<T: JsonSchema>(tested: &mut BTreeSet<String>) {
        tested.insert(title(&schema_of::<T>()));
    }
    fn title(schema: &Value) -> String {
        schema["title"].to_string()
    }

    let mut tested = BTreeSet::new();
    each_request!(note(&mut tested));
    each_request_without_rules!(note(&mut tested));
    let requests = operations().filter(|declared| !declared.is_webhook);
    assert_eq!(
        tested,
        requests.map(|declared| declared.operation.name).collect()
    );

    let mut tested = BTreeSet::new();
    each_answer!(note_title(&mut tested));
    let sent = operations().map(|declared| declared.answer_schema.unwrap_or(declared.schema));
    assert_eq!(
        tested,
        sent.map(|schema| title(schema().as_value())).collect()
    );
}

#[test]
fn a_valid_request_is_taken() {
    fn test<E: Endpoint + ValidValues + Clone>() {
        let check = operation(E::OPERATION.name).unwrap().check;
        all(E::valid(), |request| {
            let json = serde_json::to_value(&request)?;
            let checked = Valid::check(request)?;
            prop_assert_eq!(serde_json::to_value(&*checked)?, json.clone());

            let checked = check(&serde_json::to_vec(&json)?)?;
            prop_assert_eq!(Value::Object(checked.fields), json);
            Ok(())
        });
    }
    each_request!(test());
    each_request_without_rules!(test());
}

#[test]
fn an_invalid_request_is_refused_with_the_path_of_each_fault() {
    fn test<E: Endpoint + InvalidValues + JsonSchema>() {
        let check = operation(E::OPERATION.name).unwrap().check;
        let schema = schema_of::<E>();
        all(E::invalid(), |request| {
            let json = serde_json::to_vec(&request)?;
            let Err(violations) = Valid::check(request) else {
                return Err(TestCaseError::fail("it was taken"));
            };
            prop_assert!(violations.iter().next().is_some());
            for violation in &violations {
                prop_assert!(has_path(&schema, &violation.path), "{}", violation);
            }
            match check(&json) {
                Err(CheckError::Invalid(same)) => prop_assert_eq!(same, violations),
                Err(other) => prop_assert!(false, "not of the right shape: {}", other),
                Ok(_) => prop_assert!(false, "the registry takes it"),
            }
            Ok(())
        });
    }
    each_request!(test());
}

#[test]
fn a_request_survives_encoding() {
    fn test<E: Endpoint + InvalidValues>() {
        all(prop_oneof![E::valid(), E::invalid()], survives_json::<E>);
        if E::OPERATION.body == Body::Form {
            all(prop_oneof![E::valid(), E::invalid()], |request| {
                let form = serde_urlencoded::to_string(&request)?;
                let read: E = serde_urlencoded::from_str(&form)?;
                prop_assert_eq!(serde_json::to_value(read)?, serde_json::to_value(request)?);
                Ok(())
            });
        }
    }
    each_request!(test());
}

#[test]
fn what_enkash_sends_survives_encoding() {
    fn test<T: ValidValues + Serialize + DeserializeOwned>() {
        all(T::valid(), survives_json::<T>);
    }
    each_answer!(test());
}

/// Compared as JSON, since a secret cannot be compared.
fn survives_json<T: Serialize + DeserializeOwned>(value: T) -> Result<(), TestCaseError> {
    let json = serde_json::to_value(&value)?;
    let read: T = read::json(&serde_json::to_vec(&value)?)?;
    prop_assert_eq!(&serde_json::to_value(read)?, &json);
    let read: T = read::value(json.clone())?;
    prop_assert_eq!(serde_json::to_value(read)?, json);
    Ok(())
}
