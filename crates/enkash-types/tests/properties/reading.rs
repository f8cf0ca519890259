//! No input makes a reader panic.

use enkash_types::gateway::{
    CreateOrder, CreatedOrder, Order, PaymentNotification, SearchSettlementPayouts,
    SettlementPayout, SubmitPayment,
};
use enkash_types::oauth::{OAuthToken, PasswordGrant};
use enkash_types::operations;
use enkash_types::payouts::{CreateTransferBatch, Statement, TransferBatch};
use enkash_types::rewards::RewardSsoToken;
use enkash_types::strategies::{InvalidValues, ValidValues};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde::Serialize;
use serde_json::{Map, Value};

use crate::all;
use crate::schemas::fields;

/// JSON of any shape, with the names of fields that there are.
fn any_json() -> impl Strategy<Value = Value> {
    let mut names: Vec<String> = operations()
        .flat_map(|declared| {
            let schema = (declared.schema)().to_value();
            let names: Vec<String> = fields(&schema, &schema)
                .into_iter()
                .flat_map(|fields| fields.keys().cloned())
                .collect();
            names
        })
        .collect();
    names.sort();
    names.push(String::new());
    let plain = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
        "-?[0-9]{0,17}[.,]?[0-9]{0,4}".prop_map(Value::from),
        select(vec![
            "INR",
            "PAID",
            "password",
            "+91",
            "[hidden]",
            "CREDIT_CARD"
        ])
        .prop_map(Value::from),
    ];
    plain.prop_recursive(4, 24, 6, move |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((select(names.clone()), inner), 0..6)
                .prop_map(|fields| Value::Object(Map::from_iter(fields))),
        ]
    })
}

/// Every place in a value, as a JSON pointer.
pub(crate) fn places(value: &Value) -> Vec<String> {
    fn collect(value: &Value, at: String, places: &mut Vec<String>) {
        match value {
            Value::Object(fields) => {
                for (name, value) in fields {
                    let name = name.replace('~', "~0").replace('/', "~1");
                    collect(value, format!("{at}/{name}"), places);
                }
            }
            Value::Array(items) => {
                for (index, value) in items.iter().enumerate() {
                    collect(value, format!("{at}/{index}"), places);
                }
            }
            _ => {}
        }
        places.push(at);
    }
    let mut places = Vec::new();
    collect(value, String::new(), &mut places);
    places
}

/// Values with other ones somewhere in them, once or twice.
pub(crate) fn altered(values: impl Strategy<Value = Value>) -> impl Strategy<Value = Value> {
    let changes = vec((any::<Index>(), any_json()), 1..=2);
    (values, changes).prop_map(|(mut value, changes)| {
        for (place, new) in changes {
            let places = places(&value);
            *value.pointer_mut(place.get::<String>(&places)).unwrap() = new;
        }
        value
    })
}

/// What the types know, written out.
fn known() -> impl Strategy<Value = Value> {
    fn json<T: Serialize + std::fmt::Debug + 'static>(
        values: BoxedStrategy<T>,
    ) -> BoxedStrategy<Value> {
        values
            .prop_map(|value| serde_json::to_value(value).unwrap())
            .boxed()
    }
    prop_oneof![
        json(PasswordGrant::valid()),
        json(OAuthToken::valid()),
        json(CreateOrder::valid()),
        json(CreateOrder::invalid()),
        json(CreatedOrder::valid()),
        json(Order::valid()),
        json(PaymentNotification::valid()),
        json(SubmitPayment::valid()),
        json(SubmitPayment::invalid()),
        json(SearchSettlementPayouts::valid()),
        json(SettlementPayout::valid()),
        json(CreateTransferBatch::valid()),
        json(CreateTransferBatch::invalid()),
        json(TransferBatch::valid()),
        json(Statement::valid()),
        json(RewardSsoToken::valid()),
    ]
}

/// Arbitrary bytes, arbitrary JSON, JSON that is nearly right, and right JSON with broken bytes.
fn bytes() -> impl Strategy<Value = Vec<u8>> {
    let written = |json: Value| json.to_string().into_bytes();
    let damage = (any::<Index>(), any::<Index>(), vec(any::<u8>(), 0..4));
    let damaged = (known(), damage).prop_map(move |(json, (from, to, new))| {
        let mut bytes = written(json);
        let (from, to) = (from.index(bytes.len()), to.index(bytes.len()));
        if from <= to {
            bytes.splice(from..to.min(from + 3), new);
        } else {
            bytes.truncate(to);
        }
        bytes
    });
    prop_oneof![
        vec(any::<u8>(), 0..200),
        any_json().prop_map(written),
        altered(known()).prop_map(written),
        known().prop_map(written),
        damaged,
    ]
}

/// Every reader gets everything. What one takes it takes again as it writes it.
#[test]
fn no_reader_panics() {
    all(bytes(), |bytes| {
        for declared in operations() {
            for check in [Some(declared.check), declared.check_answer]
                .into_iter()
                .flatten()
            {
                match check(&bytes) {
                    Ok(checked) => {
                        let again = check(&serde_json::to_vec(&checked.fields)?);
                        prop_assert!(again.is_ok(), "{}", declared.operation.name);
                    }
                    Err(error) => prop_assert!(!error.to_string().is_empty()),
                }
            }
        }
        Ok(())
    });
}

#[test]
fn deep_nesting_is_refused_or_read() {
    for depth in [10, 100, 127, 128, 10_000] {
        for (open, close) in [("[", "]"), (r#"{"payload":"#, "}")] {
            let text = format!(
                r#"{{"payload":{}1{}}}"#,
                open.repeat(depth),
                close.repeat(depth)
            );
            for declared in operations() {
                let _ = (declared.check)(text.as_bytes());
                if let Some(check) = declared.check_answer {
                    let taken = check(text.as_bytes()).is_ok();
                    let any_object = declared.operation.name == "create_reward_sso_token";
                    assert!(!taken || depth < 128 || !any_object);
                }
            }
        }
    }
}
