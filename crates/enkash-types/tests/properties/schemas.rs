//! The JSON Schemas say what is taken.

use boon::{Compiler, SchemaIndex, Schemas};
use enkash_types::gateway::{CreateOrder, Currency};
use enkash_types::oauth::{GrantType, PasswordGrant, RefreshGrant, RefreshGrantType};
use enkash_types::strategies::{InvalidValues, ValidValues};
use enkash_types::{AccountNumber, Endpoint, Ifsc, Rupees, operation};
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::reading::{altered, places};
use crate::{all, each_answer, each_request};

pub(crate) fn schema_of<T: JsonSchema>() -> Value {
    schemars::SchemaGenerator::default()
        .into_root_schema_for::<T>()
        .to_value()
}

/// The fields of a place in a schema, behind `$ref` and `anyOf`.
pub(crate) fn fields<'a>(schema: &'a Value, place: &'a Value) -> Option<&'a Map<String, Value>> {
    if let Some(reference) = place["$ref"].as_str() {
        return fields(schema, schema.pointer(reference.strip_prefix('#')?)?);
    }
    place["properties"].as_object().or_else(|| {
        let places = place["anyOf"].as_array()?;
        places.iter().find_map(|place| fields(schema, place))
    })
}

/// Whether a schema has a field at this path; `paymentDetail.ifsc`, say.
pub(crate) fn has_path(schema: &Value, path: &str) -> bool {
    path.split('.')
        .try_fold(schema, |place, name| fields(schema, place)?.get(name))
        .is_some()
}

/// A schema by which values are judged.
struct Judge {
    schemas: Schemas,
    index: SchemaIndex,
}

impl Judge {
    fn of<T: JsonSchema>() -> Self {
        const ADDRESS: &str = "https://example.in/schema.json";
        let mut compiler = Compiler::new();
        compiler.add_resource(ADDRESS, schema_of::<T>()).unwrap();
        let mut schemas = Schemas::new();
        let index = compiler.compile(ADDRESS, &mut schemas).unwrap();
        Self { schemas, index }
    }

    fn accepts(&self, value: &Value) -> bool {
        self.schemas.validate(value, self.index).is_ok()
    }
}

#[test]
fn a_valid_request_fits_its_schema() {
    fn test<E: ValidValues + Serialize + JsonSchema>() {
        let judge = Judge::of::<E>();
        all(E::valid(), |request| {
            prop_assert!(judge.accepts(&serde_json::to_value(request)?));
            Ok(())
        });
    }
    each_request!(test());
}

/// A state that is not documented is read, and the schema names those that are.
#[test]
fn what_enkash_sends_fits_its_schema() {
    fn test<T: ValidValues + Serialize + JsonSchema>() {
        let judge = Judge::of::<T>();
        let states: Vec<Value> = enkash_types::gateway::OrderStatus::DOCUMENTED
            .iter()
            .map(|status| json!(status))
            .collect();
        all(T::valid(), |value| {
            let mut json = serde_json::to_value(value)?;
            // The notification has a field of this name too, a plain text.
            if let Some(status) = json.get_mut("status").filter(|s| !states.contains(s)) {
                *status = states[0].clone();
            }
            prop_assert!(judge.accepts(&json));
            Ok(())
        });
    }
    each_answer!(test());
}

/// Whatever a request is made of: if it is taken, then what is made of it fits the schema, and so
/// does it, but for two things that are taken besides: an amount as a text, and (serde does that)
/// the fields of an object in a list.
#[test]
fn what_is_taken_fits_the_schema() {
    fn test<E: Endpoint + InvalidValues + JsonSchema>() {
        let judge = Judge::of::<E>();
        let check = operation(E::OPERATION.name).unwrap().check;
        let json = prop_oneof![E::valid(), E::invalid()]
            .prop_map(|request| serde_json::to_value(request).unwrap());
        all(altered(json), |mut json| {
            if let Ok(checked) = check(json.to_string().as_bytes()) {
                let taken = Value::Object(checked.fields);
                prop_assert!(judge.accepts(&taken));
                if let Some(amount) = json.pointer_mut("/amount/value") {
                    *amount = taken["amount"]["value"].clone();
                }
                let in_lists = places(&taken).iter().any(|place| {
                    taken.pointer(place).is_some_and(Value::is_object)
                        && json.pointer(place).is_none_or(Value::is_array)
                });
                prop_assert!(in_lists || judge.accepts(&json));
            }
            Ok(())
        });
    }
    each_request!(test());
}

#[test]
fn a_missing_an_unknown_and_a_wrong_field_do_not_fit() {
    fn test<E: ValidValues + Serialize + JsonSchema>() {
        let judge = Judge::of::<E>();
        let schema = schema_of::<E>();
        all(E::valid(), |request| {
            let json = serde_json::to_value(request)?;
            let refuses = |change: &dyn Fn(&mut Map<String, Value>)| {
                let mut changed = json.clone();
                change(changed.as_object_mut().unwrap());
                !judge.accepts(&changed)
            };
            for name in schema["required"].as_array().unwrap() {
                let name = name.as_str().unwrap();
                prop_assert!(
                    refuses(&|json| drop(json.remove(name))),
                    "{} is missing",
                    name
                );
            }
            for name in fields(&schema, &schema).unwrap().keys() {
                prop_assert!(
                    refuses(&|json| drop(json.insert(name.clone(), json!(true)))),
                    "{} is true",
                    name
                );
            }
            prop_assert!(refuses(&|json| drop(
                json.insert("xField".to_owned(), json!(null))
            )));
            Ok(())
        });
    }
    each_request!(test());
}

/// The rules that a schema can say: limits of length, patterns, sets of values, least sums.
#[test]
fn a_wrong_value_does_not_fit() {
    fn test<E, W>(pointer: &str, wrong: impl Strategy<Value = W>)
    where
        E: ValidValues + Serialize + JsonSchema,
        W: Serialize + std::fmt::Debug,
    {
        let judge = Judge::of::<E>();
        let requests = E::valid()
            .prop_map(|request| serde_json::to_value(request).unwrap())
            .prop_filter("it has no such field", |json| {
                json.pointer(pointer).is_some()
            });
        all((requests, wrong), |(mut json, wrong)| {
            *json.pointer_mut(pointer).unwrap() = serde_json::to_value(wrong)?;
            prop_assert!(!judge.accepts(&json));
            Ok(())
        });
    }
    test::<PasswordGrant, _>("/grant_type", GrantType::invalid());
    test::<RefreshGrant, _>("/grant_type", RefreshGrantType::invalid());
    test::<CreateOrder, _>("/amount/currency", Currency::invalid());
    test::<CreateOrder, _>(
        "/amount/value",
        Rupees::invalid().prop_filter("it is enough", |sum| *sum < Rupees::from_paise(1)),
    );
    test::<CreateOrder, _>("/paymentDetail/ifsc", Ifsc::invalid());
    test::<CreateOrder, _>(
        "/paymentDetail/accountNumber",
        AccountNumber::invalid().prop_map(|number| number.as_str().to_owned()),
    );
    test::<CreateOrder, _>("/restrictedPaymentOptions/UPI", any::<bool>());
}
