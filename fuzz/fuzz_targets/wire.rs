//! Paths, addresses, headers and fields of any form, as both halves of the wire meet them.

#![no_main]

use enkash_fuzz::declared::OPERATIONS;
use enkash_fuzz::seeds;
use enkash_transport::{BaseUrl, wire};
use enkash_types::{Header, Secret};
use http::Uri;
use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

/// The path of each operation, with something in its fields, as a text and as fields.
fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for operation in OPERATIONS
        .iter()
        .map(|operation| operation.declared.operation)
    {
        let mut path = operation.path.to_owned();
        let mut fields = Map::new();
        for name in operation.path_fields() {
            path = path.replace(&format!("{{{name}}}"), "a%20b%2Fc");
            fields.insert(name.to_owned(), "a b/c".into());
        }
        seeds.push(path.into_bytes());
        fields.insert("amount".to_owned(), 1.5.into());
        seeds.push(Value::Object(fields).to_string().into_bytes());
    }
    for text in [
        "https://shop.example.in/x/",
        "http://[::1]:4010",
        "http://127.0.0.1?a#b@c",
    ] {
        seeds.push(text.into());
    }
    seeds
}

fuzz_target!(init: seeds::write(seeds()), |input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };

    if let Ok(base) = text.parse::<BaseUrl>() {
        // An address that is taken can be called.
        assert!(format!("{base}/x").parse::<Uri>().is_ok(), "{base}");
    }
    let secret = Secret::new(text);
    let _ = wire::bearer(&secret);
    let _ = wire::basic(text, &secret);
    let _ = wire::companion(Header::PartnerId, &secret);

    let base: BaseUrl = "http://127.0.0.1:4010".parse().expect("it is an address");
    let fields: Option<Map<String, Value>> = serde_json::from_str(text).ok();
    for operation in OPERATIONS.iter().map(|operation| operation.declared.operation) {
        if operation.path.is_empty() {
            continue; // a webhook's
        }
        if let Some(found) = wire::path_fields(operation, text) {
            assert_eq!(found.len(), operation.path_fields().count());
        }
        // Whatever is in the fields, a request that can be encoded goes to this operation.
        if let Some(fields) = &fields
            && let Ok(request) = wire::encode_fields(&base, operation, fields.clone())
        {
            assert_eq!(request.uri().host(), Some("127.0.0.1"));
            let found = wire::path_fields(operation, request.uri().path());
            for (name, text) in found.expect("it is the path of the operation") {
                assert_eq!(fields.get(name), Some(&Value::String(text)));
            }
        }
    }
});
