//! Reads any HTTP answer as the answer of any operation.

#![no_main]

use bytes::Bytes;
use enkash_crypto::PayloadKey;
use enkash_fuzz::declared::{OPERATIONS, by_first_byte, same};
use enkash_fuzz::seeds;
use enkash_transport::wire::{self, AnswerError, Seal};
use enkash_types::Envelope;
use http::Response;
use libfuzzer_sys::fuzz_target;
use serde_json::{Value, json};

/// Statuses that the second byte chooses among.
const STATUSES: &[u16] = &[
    200, 200, 200, 201, 204, 302, 400, 401, 404, 409, 422, 429, 500, 503,
];

/// Opens answers as the client does.
struct Key(PayloadKey);

impl Seal for Key {
    fn seal(&self, plain: &[u8]) -> String {
        self.0.seal(plain)
    }

    fn open(&self, sealed: &str) -> Option<Vec<u8>> {
        self.0.open(sealed).ok()
    }
}

fn key() -> Key {
    Key(PayloadKey::from_client_secret("sandbox-client-secret"))
}

/// Each answer bare, in its envelope, refused, and sealed.
fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    let operations = OPERATIONS.iter().enumerate();
    for (index, answer) in operations.flat_map(|(index, operation)| {
        operation
            .answers
            .iter()
            .take(3)
            .map(move |answer| (index, answer))
    }) {
        let sealed = wire::sealed(key().seal(answer.to_string().as_bytes()));
        let envelope = match OPERATIONS[index].declared.operation.envelope {
            Envelope::Code => json!({"code": 0, "message": "Success", "payload": answer}),
            Envelope::Data => {
                let mut beside = answer.clone();
                beside["response_code"] = json!("0");
                beside
            }
            _ => json!({"response_code": 0, "response_message": "Success", "payload": answer}),
        };
        for text in [answer.to_string(), envelope.to_string()] {
            seeds.push((index, text.into_bytes()));
        }
        seeds.push((index, sealed.to_vec()));
    }
    for text in [
        r#"{"response_code": 117, "payload": "Token is invalid."}"#,
        r#"{"resultCode": "200", "resultMessage": "Success"}"#,
        r#"{"error": "invalid_grant", "error_description": "wrong"}"#,
        "<html></html>",
        "",
    ] {
        seeds.push((0, text.as_bytes().to_vec()));
    }
    let statuses = [0, 6, 7, 12].into_iter();
    let with_status = |(index, text): (usize, Vec<u8>)| {
        let mut seed = text;
        // Of refusals one in a while is enough.
        let status = statuses
            .clone()
            .nth(if index % 5 == 0 { seed.len() % 4 } else { 0 });
        seed.insert(0, status.unwrap_or(0));
        seeds::with_number(index, seed)
    };
    seeds.into_iter().map(with_status).collect()
}

/// What is said of an answer is short, whatever came.
fn assert_short(text: &str) {
    assert!(text.len() < 4000, "an error of {} bytes", text.len());
}

fuzz_target!(init: seeds::write(seeds()), |input: &[u8]| {
    let Some((operation, rest)) = by_first_byte(input) else { return };
    let Some((status, body)) = rest.split_first() else { return };
    let declared = operation.declared;
    let Some(check) = declared.check_answer else { return };

    let body = wire::opened(&key(), Bytes::copy_from_slice(body));
    let mut answer = Response::new(body);
    let status = STATUSES[usize::from(*status) % STATUSES.len()];
    *answer.status_mut() = status.try_into().expect("it is a status");

    match wire::decode_undeclared(&answer) {
        Ok(value) => drop(value),
        Err(error) => assert_short(&error.to_string()),
    }
    let read = |text: &[u8]| check(text).map_err(Into::into);
    match wire::decode_fields(declared.operation, &answer, read) {
        Ok(checked) => {
            // What was read is written so that it is read again, as the same.
            let one = Value::Object(checked.fields);
            let again = check(one.to_string().as_bytes())
                .unwrap_or_else(|error| panic!("not again: {error}"));
            let other = Value::Object(again.fields);
            assert!(same(&one, &other), "{one} became {other}");
        }
        Err(AnswerError::Refused(refusal)) => {
            assert!(refusal.message.chars().count() <= 200);
            assert!(!refusal.message.chars().any(char::is_control));
        }
        Err(error) => assert_short(&error.to_string()),
    }
});
