//! Reads and checks any text as the request of any operation, or as the message of any webhook.

#![no_main]

use enkash_fuzz::declared::{by_first_byte, same};
use enkash_fuzz::seeds;
use enkash_transport::BaseUrl;
use enkash_transport::wire;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

fuzz_target!(
    init: seeds::write(seeds::valid_requests()),
    |input: &[u8]| {
        let Some((operation, text)) = by_first_byte(input) else { return };
        let declared = operation.declared;
        let checked = match (declared.check)(text) {
            Ok(checked) => checked,
            // What is wrong can always be said.
            Err(error) => return drop(error.to_string()),
        };

        // What was taken is written so that it is taken again, as the same.
        let written = serde_json::to_vec(&checked.fields).expect("a map can be written");
        let again = (declared.check)(&written).unwrap_or_else(|error| panic!("not again: {error}"));
        let (one, other) = (Value::Object(checked.fields.clone()), Value::Object(again.fields));
        assert!(same(&one, &other), "{one} became {other}");

        // Where it can be encoded, a server finds the operation and the fields of the path.
        if declared.is_webhook {
            return;
        }
        let base: BaseUrl = "https://shop.example.in".parse().expect("it is an address");
        let fields = checked.fields;
        if let Ok(request) = wire::encode_fields(&base, declared.operation, fields.clone()) {
            let path = request.uri().path();
            let found = wire::path_fields(declared.operation, path)
                .unwrap_or_else(|| panic!("{path} is not {}", declared.operation.path));
            for (name, text) in found {
                assert_eq!(fields.get(name), Some(&Value::String(text)), "{name}");
            }
        }
    }
);
