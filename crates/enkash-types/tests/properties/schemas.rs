//! The JSON Schemas say what is taken.

use boon::{Compiler, SchemaIndex, Schemas};
use enkash_types::gateway::{
    CreateOrder, Currency, PaymentMode, RefundPayment, SearchSettlementPayouts, SubmitPayment,
};
use enkash_types::oauth::{GrantType, PasswordGrant, RefreshGrant, RefreshGrantType};
use enkash_types::payouts::{
    AddSourceAccount, ConfigureWebhook, CreateBeneficiary, CreateTransfer, CreateTransferBatch,
    TransferMode, WebhookEvent,
};
use enkash_types::strategies::{InvalidValues, ValidValues};
use enkash_types::{AccountNumber, CardExpiry, Cvv, Direction, Endpoint, Ifsc, Rupees, operation};
use proptest::prelude::*;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::{Map, Value, json};

use crate::reading::{altered, places};
use crate::{all, each_answer, each_request, each_request_without_rules};

pub(crate) fn schema_of<T: JsonSchema>() -> Value {
    schemars::SchemaGenerator::default()
        .into_root_schema_for::<T>()
        .to_value()
}

/// The fields of a place in a schema.
pub(crate) fn fields<'a>(schema: &'a Value, place: &'a Value) -> Option<&'a Map<String, Value>> {
    behind(schema, place, "properties")?.as_object()
}

/// What a place in a schema says under a keyword, behind `$ref` and `anyOf`.
pub(crate) fn behind<'a>(schema: &'a Value, place: &'a Value, keyword: &str) -> Option<&'a Value> {
    if let Some(reference) = place["$ref"].as_str() {
        let place = schema.pointer(reference.strip_prefix('#')?)?;
        return behind(schema, place, keyword);
    }
    place.get(keyword).or_else(|| {
        let places = place["anyOf"].as_array()?;
        places
            .iter()
            .find_map(|place| behind(schema, place, keyword))
    })
}

/// Whether a schema has a field at this path; `paymentDetail.ifsc` or `contacts[0].name`, say.
pub(crate) fn has_path(schema: &Value, path: &str) -> bool {
    path.split('.')
        .try_fold(schema, |place, part| {
            let name = part.split('[').next()?;
            let field = fields(schema, place)?.get(name)?;
            match part.ends_with(']') {
                true => behind(schema, field, "items"),
                false => Some(field),
            }
        })
        .is_some()
}

/// Puts a documented value in place of every one that is not.
fn document(schema: &Value, place: &Value, json: &mut Value) {
    if let Some(documented) = behind(schema, place, "enum").and_then(Value::as_array)
        && !documented.contains(json)
    {
        *json = documented[0].clone();
    }
    if let (Some(place), Some(items)) = (behind(schema, place, "items"), json.as_array_mut()) {
        for item in items {
            document(schema, place, item);
        }
    }
    for (name, place) in fields(schema, place).into_iter().flatten() {
        if let Some(json) = json.get_mut(name) {
            document(schema, place, json);
        }
    }
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
    each_request_without_rules!(test());
}

/// A value that is not documented is read, and the schema names those that are.
#[test]
fn what_enkash_sends_fits_its_schema() {
    fn test<T: ValidValues + Serialize + JsonSchema>() {
        let judge = Judge::of::<T>();
        let schema = schema_of::<T>();
        all(T::valid(), |value| {
            let mut json = serde_json::to_value(value)?;
            document(&schema, &schema, &mut json);
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
                for place in places(&taken) {
                    if let (Some(number), Some(text)) =
                        (taken.pointer(&place), json.pointer_mut(&place))
                        && number.is_number()
                    {
                        *text = number.clone();
                    }
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
            for name in schema["required"].as_array().into_iter().flatten() {
                let name = name.as_str().unwrap();
                prop_assert!(
                    refuses(&|json| drop(json.remove(name))),
                    "{} is missing",
                    name
                );
            }
            for (name, field) in fields(&schema, &schema).unwrap() {
                let takes_true = field["type"].to_string().contains("boolean");
                let wrong = if takes_true {
                    json!("true")
                } else {
                    json!(true)
                };
                prop_assert!(
                    refuses(&|json| drop(json.insert(name.clone(), wrong.clone()))),
                    "{} is {}",
                    name,
                    wrong
                );
            }
            // A request that was read in part takes fields of other names.
            let is_open = schema["additionalProperties"] == true;
            let refuses_more = refuses(&|json| drop(json.insert("xField".to_owned(), json!(null))));
            prop_assert_ne!(refuses_more, is_open);
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
    test::<SubmitPayment, _>("/paymentDetail/paymentMode", PaymentMode::invalid());
    test::<SubmitPayment, _>(
        "/paymentDetail/cardNumber",
        "[0-9]{0,11}|[0-9]{20}|[0-9 ]{15}x",
    );
    test::<SubmitPayment, _>("/paymentDetail/cvv", Cvv::invalid());
    test::<SubmitPayment, _>("/paymentDetail/expiry", CardExpiry::invalid());
    test::<RefundPayment, _>("/amount", -1000..=0);
    test::<SearchSettlementPayouts, _>("/limit", 5001..=u32::MAX);
    test::<SearchSettlementPayouts, _>("/direction", Direction::invalid());
    test::<SearchSettlementPayouts, _>("/totalSaleAmountTo", -1000..=0);
    test::<SearchSettlementPayouts, _>("/totalGstFrom", -1000..0);
    test::<CreateBeneficiary, _>("/beneficiaryId", "[A-Z]{1,4}[ _-][0-9]{0,4}");
    test::<CreateBeneficiary, _>(
        "/beneficiaryName",
        "[A-Za-z ]{101,110}|[A-Z][a-z]{0,3}[0-9=+@]",
    );
    test::<CreateBeneficiary, _>("/beneficiaryIfsc", "[A-Za-z]{4}[1-9A-Z][A-Z0-9a-z]{6}");
    test::<CreateBeneficiary, _>("/vpaHandle", "[a-z]{1,6}@[a-z]{0,3}-[a-z]{0,3}");
    test::<CreateBeneficiary, _>("/beneficiaryPincode", "[0-9]{7,9}|[0-9]{3} [0-9]{2}");
    test::<CreateTransfer, _>("/transferAmount", -1000..1);
    test::<CreateTransfer, _>("/transferMode", TransferMode::invalid());
    test::<CreateTransfer, _>("/transferRemark", "[A-Z][a-z]{0,9}[-_/.,=+@][0-9]{1,4}");
    test::<CreateTransferBatch, _>("/transfers", Just(Vec::<u8>::new()));
    test::<AddSourceAccount, _>(
        "/accountNumber",
        "[0-9]{0,8}|[0-9]{37}|[0-9]{5}[ -][0-9]{5}",
    );
    test::<AddSourceAccount, _>("/companyId", "(CEK)?[A-Z0-9]{6}");
    test::<ConfigureWebhook, _>("/events/0", WebhookEvent::invalid());
}
