//! What holds for all requests, all answers and all bytes.

use enkash_transport::wire;
use enkash_types::gateway::GetOrderStatus;
use enkash_types::strategies::{ValidValues, repeatable};
use enkash_types::{Endpoint, Envelope};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::test_runner::{TestCaseResult, TestRunner};
use serde_json::{Value, json};

use crate::{answer, each_endpoint, encoded, received};

/// Runs a test on many values.
#[track_caller]
fn all<S: Strategy>(values: S, test: impl Fn(S::Value) -> TestCaseResult) {
    if let Err(failure) = TestRunner::new(repeatable()).run(&values, test) {
        panic!("{failure}");
    }
}

fn json_of(value: &impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn every_valid_request_survives_the_wire() {
    fn test<E: Endpoint + ValidValues>() {
        all(E::valid(), |request| {
            let written = json_of(&request);
            let read: E = received(&encoded(request)).unwrap();
            prop_assert_eq!(json_of(&read), written);
            Ok(())
        });
    }
    each_endpoint!(test());
}

#[test]
fn every_answer_survives_the_wire() {
    fn test<E: Endpoint>()
    where
        E::Answer: ValidValues,
    {
        all(E::Answer::valid(), |value| {
            let read = wire::decode::<E>(&wire::answer::<E>(&value)).unwrap();
            prop_assert_eq!(json_of(&read), json_of(&value));
            Ok(())
        });
    }
    each_endpoint!(test());
}

#[test]
fn every_id_survives_the_path() {
    let ids = any::<String>().prop_filter("stands in no path", |id| {
        !matches!(id.as_str(), "" | "." | "..")
    });
    all(ids, |id| {
        let read: GetOrderStatus = received(&encoded(GetOrderStatus::new(id.clone()))).unwrap();
        prop_assert_eq!(read.order_id.as_str(), id);
        Ok(())
    });
}

#[test]
fn no_bytes_make_a_reader_panic() {
    fn test<E: Endpoint>()
    where
        E::Answer: ValidValues,
    {
        let answers = (100_u16..1000, vec(any::<u8>(), 0..300));
        all(answers, |(status, body)| {
            let _ = wire::decode::<E>(&answer(status, body));
            Ok(())
        });
        // These come further, since not much of them is wrong.
        let changes = vec((any::<Index>(), any::<u8>()), 1..5);
        all((E::Answer::valid(), changes), |(value, changes)| {
            let mut body = wire::answer::<E>(&value).into_body().to_vec();
            for (place, byte) in changes {
                let place = place.index(body.len());
                body[place] = byte;
            }
            let _ = wire::decode::<E>(&answer(200, body));
            Ok(())
        });
        let requests = (
            any::<String>(),
            any::<String>(),
            any::<Option<String>>(),
            vec(any::<u8>(), 0..300),
        );
        all(requests, |(whole_path, field, query, body)| {
            let _ = wire::path_fields(E::OPERATION, &whole_path);
            let names = E::OPERATION.path_fields();
            let path: Vec<_> = names.map(|name| (name, field.clone())).collect();
            let _ = wire::read::<E>(&path, query.as_deref(), &body);
            Ok(())
        });
    }
    each_endpoint!(test());
    let answers = (100_u16..1000, vec(any::<u8>(), 0..300));
    all(answers, |(status, body)| {
        let _ = wire::unsealed(&body);
        let _ = wire::decode_undeclared(&answer(status, body));
        Ok(())
    });
}

#[test]
fn an_answer_that_is_cut_off_is_an_error() {
    fn test<E: Endpoint>()
    where
        E::Answer: ValidValues,
    {
        all((E::Answer::valid(), any::<Index>()), |(value, cut)| {
            let mut whole = wire::answer::<E>(&value);
            let length = cut.index(whole.body().len());
            whole.body_mut().truncate(length);
            // Where the page was not read, an answer may be empty; that a connection broke before
            // the first byte is for the transport to tell.
            prop_assume!(
                length > 0 || !matches!(E::OPERATION.envelope, Envelope::Any | Envelope::Text)
            );
            prop_assert!(wire::decode::<E>(&whole).is_err());
            Ok(())
        });
    }
    each_endpoint!(test());
}

const SECRET: &str = "4111111111111111";

/// Values of every type, with the secret in them.
fn secrets() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!(SECRET)),
        Just(json!(format!("{SECRET}, expected {SECRET}"))),
        Just(json!(format!("\"`{SECRET}`\""))),
        Just(json!([SECRET])),
        Just(json!({"a": SECRET})),
        Just(json!(4_111_111_111_111_111_i64)),
        Just(json!(-4_111_111_111_111_111_i64)),
        Just(json!(4_111_111_111_111_111.5)),
    ]
}

/// Puts the secret in place of some value inside another.
fn spoil(value: &mut Value, place: &mut usize, secret: &Value) {
    if *place == 0 {
        *value = secret.clone();
    }
    *place = place.wrapping_sub(1);
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| spoil(item, place, secret)),
        Value::Object(fields) => fields
            .values_mut()
            .for_each(|field| spoil(field, place, secret)),
        _ => {}
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(fields) => fields.values().map(count).sum(),
        _ => 0,
    }
}

#[test]
fn no_error_repeats_a_value() {
    fn test<E: Endpoint>()
    where
        E::Answer: ValidValues,
    {
        all(
            (E::Answer::valid(), any::<Index>(), secrets()),
            |(value, place, secret)| {
                let mut body: Value =
                    serde_json::from_slice(wire::answer::<E>(&value).body()).unwrap();
                let mut place = place.index(count(&body));
                spoil(&mut body, &mut place, &secret);
                // The words and the code of a refusal are shown on purpose.
                if let Err(error @ wire::AnswerError::Unreadable { .. }) =
                    wire::decode::<E>(&answer(200, body.to_string()))
                {
                    let text = format!("{error} {error:?}");
                    prop_assert!(!text.contains(SECRET), "{}", text);
                }
                Ok(())
            },
        );
    }
    each_endpoint!(test());
}
