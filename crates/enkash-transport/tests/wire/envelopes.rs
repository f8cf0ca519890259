//! Payouts: one product whose pages show three envelopes, and whose answers come sealed or plain.

use bytes::Bytes;
use enkash_transport::wire::{self, AnswerError, Seal};
use enkash_types::payouts::{
    AddSourceAccount, ConfigureWebhook, CreateBeneficiary, CreateTransfer, CreateTransferBatch,
    FetchStatement, GetBalance, Statement,
};
use enkash_types::strategies::{ValidValues, repeatable};
use enkash_types::{Endpoint, Product};
use insta::assert_snapshot;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::answer;

/// Calls a function for each call of the product.
macro_rules! each_payout {
    ($function:ident $arguments:tt) => {
        $function::<CreateBeneficiary> $arguments;
        $function::<CreateTransfer> $arguments;
        $function::<CreateTransferBatch> $arguments;
        $function::<GetBalance> $arguments;
        $function::<FetchStatement> $arguments;
        $function::<AddSourceAccount> $arguments;
        $function::<ConfigureWebhook> $arguments;
    };
}

#[test]
fn every_call_of_the_product_is_tested_here() {
    fn name<E: Endpoint>(names: &mut Vec<&str>) {
        assert!(E::OPERATION.takes_any_envelope());
        names.push(E::OPERATION.name);
    }
    let mut names = Vec::new();
    each_payout!(name(&mut names));
    let declared: Vec<_> = enkash_types::operations()
        .map(|declared| declared.operation)
        .filter(|operation| operation.product == Product::Payouts)
        .map(|operation| operation.name)
        .collect();
    assert_eq!(names, declared);
}

/// The fields in each envelope that the product's pages show, and in none.
fn envelopes(fields: &Value) -> Vec<Value> {
    let mut all = vec![
        fields.clone(),
        json!({"response_code": 0, "response_message": "Success", "payload": fields}),
        json!({"response_code": "0", "response_message": "", "payload": fields}),
        json!({"code": 0, "message": "", "payload": fields}),
    ];
    // Beside the code a list is itself a field, an object holds the fields.
    match fields.get("data") {
        Some(list) => {
            all.push(json!({"response_code": "0", "response_message": "", "requestId": fields["requestId"], "data": list}));
            all.push(json!({"response_code": 0, "payload": list}));
        }
        None => all.push(json!({"response_code": "0", "response_message": "", "data": fields})),
    }
    all
}

#[test]
fn every_answer_is_read_in_every_envelope() {
    fn test<E: Endpoint>()
    where
        E::Answer: ValidValues,
    {
        let run = TestRunner::new(repeatable()).run(&E::Answer::valid(), |value| {
            let fields = serde_json::to_value(&value)?;
            for body in envelopes(&fields) {
                let read = wire::decode::<E>(&answer(200, body.to_string()))
                    .map_err(|error| TestCaseError::fail(format!("{body}: {error}")))?;
                let mut read = serde_json::to_value(&read)?;
                // What stands beside the fields may be kept.
                let kept = read.as_object_mut().unwrap();
                if !fields.is_object() {
                    return Err(TestCaseError::fail("no object"));
                }
                kept.retain(|name, _| fields.get(name).is_some());
                let mut expected = fields.clone();
                // A list that comes alone has no fields beside it.
                if body["payload"].is_array() {
                    expected
                        .as_object_mut()
                        .unwrap()
                        .retain(|name, _| name == "data");
                }
                // Beside the code only the request's id and the list were shown.
                if body.get("data").is_some_and(Value::is_array)
                    && body.get("response_code").is_some()
                {
                    expected
                        .as_object_mut()
                        .unwrap()
                        .retain(|name, _| name == "data" || name == "requestId");
                }
                prop_assert_eq!(read, expected, "{}", body);
            }
            Ok(())
        });
        if let Err(failure) = run {
            panic!("{}: {failure}", E::OPERATION.name);
        }
    }
    each_payout!(test());
}

#[test]
fn a_refusal_is_one_in_every_envelope() {
    fn test<E: Endpoint>() {
        for body in [
            r#"{"response_code":409,"response_message":"It exists"}"#,
            r#"{"response_code":"409","response_message":"It exists","requestId":"R1","data":[]}"#,
            r#"{"response_code":409,"response_message":"It exists","payload":{}}"#,
            r#"{"code":409,"message":"It exists"}"#,
        ] {
            for status in [200, 409] {
                match wire::decode::<E>(&answer(status, body)) {
                    Err(AnswerError::Refused(refusal)) => {
                        assert_eq!((refusal.status, refusal.code), (status, Some(409)));
                        assert_eq!(refusal.message, "It exists");
                    }
                    Err(other) => panic!("{body}: {other}"),
                    Ok(_) => panic!("{body}: taken as good"),
                }
            }
        }
    }
    each_payout!(test());
}

#[test]
fn a_code_that_is_no_number_is_no_success() {
    fn test<E: Endpoint>() {
        for (body, field) in [
            (r#"{"response_code":"FAILURE"}"#, "response_code"),
            (r#"{"response_code":true,"payload":{}}"#, "response_code"),
            (r#"{"code":"E1","data":{}}"#, "code"),
        ] {
            let told = match wire::decode::<E>(&answer(200, body)) {
                Ok(_) => panic!("{body}: taken as good"),
                Err(error) => error.to_string(),
            };
            assert_eq!(
                told,
                format!("the answer (HTTP 200) cannot be read: {field}: expected a number")
            );
        }
    }
    each_payout!(test());
}

/// A balance is not nothing because no envelope holds one.
#[test]
fn what_says_nothing_is_no_balance() {
    let balance = |body: &'static str| match wire::decode::<GetBalance>(&answer(200, body)) {
        Ok(balance) => panic!("{balance:?}"),
        Err(error) => error.to_string(),
    };
    assert_snapshot!(balance(""), @"the answer (HTTP 200) cannot be read: not JSON: EOF while parsing a value at line 1 column 0");
    assert_snapshot!(balance("{}"), @"the answer (HTTP 200) cannot be read: missing field `totalBalance`");
    assert_snapshot!(balance(r#"{"response_code":0,"payload":null}"#), @"the answer (HTTP 200) cannot be read: missing field `totalBalance`");
    assert_snapshot!(balance(r#"{"response_code":0,"payload":{"totalBalance":"ten"}}"#), @"the answer (HTTP 200) cannot be read: payload.totalBalance: an amount is written in digits with at most one dot, like 12.50");
    assert_snapshot!(balance(r#"{"response_code":"0","data":{"totalBalance":[]}}"#), @"the answer (HTTP 200) cannot be read: data.totalBalance: expected an amount in rupees, found sequence");
}

#[test]
fn what_says_nothing_is_no_statement() {
    let told = |body: &'static str| {
        wire::decode::<FetchStatement>(&answer(200, body)).map_err(|error| error.to_string())
    };
    assert_eq!(
        told(r#"{"response_code":"0","data":null}"#),
        Ok(Statement::default())
    );
    assert_snapshot!(told("").unwrap_err(), @"the answer (HTTP 200) cannot be read: not JSON: EOF while parsing a value at line 1 column 0");
    assert_snapshot!(told(r#"{"response_code":"0","data":"none"}"#).unwrap_err(), @"the answer (HTTP 200) cannot be read: data: expected a sequence, found string");
    assert_snapshot!(told(r#"{"response_code":0,"payload":[{"transactionAmount":true}]}"#).unwrap_err(), @"the answer (HTTP 200) cannot be read: payload[0].transactionAmount: expected an amount in rupees, found boolean");
}

/// Sealed is a text from its end to its beginning.
struct Backwards;

impl Seal for Backwards {
    fn seal(&self, plain: &[u8]) -> String {
        String::from_utf8_lossy(plain).chars().rev().collect()
    }

    fn open(&self, sealed: &str) -> Option<Vec<u8>> {
        (!sealed.contains('!')).then(|| sealed.chars().rev().collect::<String>().into_bytes())
    }
}

#[test]
fn an_answer_comes_sealed_or_plain() {
    let plain = r#"{"totalBalance":12.5}"#;
    let sealed = wire::sealed(Backwards.seal(plain.as_bytes()));
    for body in [Bytes::from(plain), sealed] {
        let body = wire::opened(&Backwards, body);
        let balance = wire::decode::<GetBalance>(&answer(200, body)).unwrap();
        assert_eq!(balance.total_balance, "12.50".parse().unwrap());
    }
}

/// An answer of which every field is optional must not pass for one that was taken, and nothing is
/// told of why it does not open.
#[test]
fn a_sealed_answer_that_does_not_open_is_no_answer() {
    let does_not_open = wire::sealed("!".to_owned());
    let opens_to_no_json = wire::sealed("lmth><".to_owned());
    let mut told = Vec::new();
    for body in [does_not_open, opens_to_no_json] {
        let body = wire::opened(&Backwards, body);
        let error = wire::decode::<CreateTransfer>(&answer(200, body)).unwrap_err();
        told.push(error.to_string());
    }
    assert_snapshot!(told.remove(0), @"the answer (HTTP 200) cannot be read: the sealed answer does not open");
    assert_snapshot!(told.remove(0), @"the answer (HTTP 200) cannot be read: the sealed answer does not open");
    // With another status it is a refusal all the same.
    let refused = wire::decode::<CreateTransfer>(&answer(500, r#"{"request":"!"}"#)).unwrap_err();
    assert_snapshot!(refused, @"EnKash refused (HTTP 500)");
}
