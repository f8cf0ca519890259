//! The strategies themselves: they repeat, and they leave nothing out.

use std::collections::BTreeSet;

use enkash_types::gateway::CreateOrder;
use enkash_types::strategies::{InvalidValues, ValidValues};
use enkash_types::{AccountNumber, Endpoint, Rupees, Valid};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::schemas::{fields, schema_of};
use crate::{each_answer, each_request, json_samples, samples};

#[test]
fn a_seed_gives_the_same_values_every_time() {
    fn test<T: ValidValues + Serialize>() {
        assert_eq!(json_samples::<T>(20), json_samples::<T>(20));
    }
    fn test_invalid<T: InvalidValues>() {
        let shown = || format!("{:?}", samples(T::invalid(), 20));
        assert_eq!(shown(), shown());
    }
    each_request!(test());
    each_request!(test_invalid());
    each_answer!(test());
}

/// Every field is there in some values, and every optional one is missing in others.
#[test]
fn every_field_comes_and_every_optional_one_goes() {
    fn look(schema: &Value, place: &Value, values: &[&Value], at: &str) {
        for (name, place) in fields(schema, place).into_iter().flatten() {
            let here: Vec<&Value> = values.iter().filter_map(|value| value.get(name)).collect();
            assert!(!here.is_empty(), "{at}.{name} never comes");
            let required = at.is_empty() && is_required(schema, name) || at == ".amount";
            assert_eq!(
                here.len() == values.len(),
                required,
                "{at}.{name} comes {} times in {}",
                here.len(),
                values.len()
            );
            look(schema, place, &here, &format!("{at}.{name}"));
        }
    }
    fn is_required(schema: &Value, name: &str) -> bool {
        let required = schema["required"].as_array();
        required.is_some_and(|required| required.iter().any(|field| field == name))
    }
    fn test<T: ValidValues + Serialize + JsonSchema>() {
        let values = json_samples::<T>(256);
        let schema = schema_of::<T>();
        look(&schema, &schema, &values.iter().collect::<Vec<_>>(), "");
    }
    each_request!(test());
    each_answer!(test());
}

/// Every rule is broken by some values, and by some it is the only one.
#[test]
fn every_rule_is_broken_alone_and_with_others() {
    fn paths<E: Endpoint + InvalidValues>() -> (BTreeSet<String>, BTreeSet<String>) {
        let (mut alone, mut together) = (BTreeSet::new(), BTreeSet::new());
        for request in samples(E::invalid(), 512) {
            let violations = Valid::check(request).unwrap_err();
            let paths: Vec<_> = violations
                .iter()
                .map(|broken| broken.path.clone())
                .collect();
            match paths.as_slice() {
                [path] => drop(alone.insert(path.clone())),
                paths => together.extend(paths.iter().cloned()),
            }
        }
        (alone, together)
    }
    fn test<E: Endpoint + InvalidValues + JsonSchema>() {
        let schema = schema_of::<E>();
        let rules: BTreeSet<String> = if E::OPERATION.name == CreateOrder::OPERATION.name {
            [
                "orderId",
                "amount.value",
                "amount.currency",
                "returnUrl",
                "notifyUrl",
                "customerInfo.firstName",
                "customerInfo.lastName",
                "customerInfo.email",
                "customerInfo.phoneNumber",
                "paymentDetail.accountNumber",
                "paymentDetail.ifsc",
            ]
            .map(str::to_owned)
            .into()
        } else {
            fields(&schema, &schema).unwrap().keys().cloned().collect()
        };
        let (alone, together) = paths::<E>();
        assert_eq!(alone, rules);
        if rules.len() > 1 {
            assert_eq!(together, rules);
        }
    }
    each_request!(test());
}

#[test]
fn limits_are_met_exactly() {
    let numbers = samples(AccountNumber::valid(), 256);
    let lengths: BTreeSet<_> = numbers.iter().map(|number| number.as_str().len()).collect();
    assert!(lengths.contains(&9) && lengths.contains(&36));
    let lengths: BTreeSet<_> = samples(AccountNumber::invalid(), 256)
        .iter()
        .map(|number| number.as_str().chars().count())
        .collect();
    assert!(lengths.contains(&8) && lengths.contains(&37));

    let sums: BTreeSet<_> = samples(Rupees::valid(), 1024).into_iter().collect();
    assert_eq!(sums.first(), "0.01".parse().ok().as_ref());
    assert_eq!(sums.last(), "9999999999999.99".parse().ok().as_ref());
    let sums = samples(Rupees::invalid(), 1024);
    assert!(sums.contains(&Rupees::ZERO));
    assert!(sums.contains(&"-0.01".parse().unwrap()) || sums.iter().any(|sum| *sum < Rupees::ZERO));
    assert!(sums.contains(&"0.001".parse().unwrap()));
}
