//! Receives any bytes as each message that EnKash posts to the merchant.

#![no_main]

use std::collections::BTreeSet;

use enkash_fuzz::declared::OPERATIONS;
use enkash_fuzz::seeds;
use enkash_types::gateway::{
    MandateDebitCallback, PaymentLinkEvent, PaymentNotification, UpiMandateCallback,
};
use enkash_types::{Notice, Unconfirmed};
use enkash_webhook::{Receiver, Refused};
use libfuzzer_sys::fuzz_target;

/// Headers as they came, and a body.
type Receive = fn(&[(&str, &[u8])], &[u8]);

/// Every message, by the name of its operation.
const MESSAGES: &[(&str, Receive)] = &[
    message::<PaymentNotification>(),
    message::<UpiMandateCallback>(),
    message::<MandateDebitCallback>(),
    message::<PaymentLinkEvent>(),
];

const fn message<M: Notice>() -> (&'static str, Receive) {
    (M::OPERATION.name, receive::<M>)
}

/// Bytes that a message may have here; longer inputs are refused.
const LIMIT: usize = 3000;

fn receive<M: Notice>(headers: &[(&str, &[u8])], body: &[u8]) {
    let receiver = Receiver::new()
        .with_limit(LIMIT)
        .with_header("x-shop-token", "right")
        .expect("it is a header");
    let headers = headers.iter().copied();
    match receiver.receive::<M>(headers, body) {
        Ok(notice) => {
            assert!(body.len() <= LIMIT);
            assert_key(&notice);
        }
        Err(refused) => {
            assert!(refused.status().is_client_error());
            assert!(refused.to_string().len() < 4000, "a long error");
            if let Refused::TooLong { .. } = refused {
                assert!(body.len() > LIMIT);
            }
        }
    }
}

/// A key is short and of one line, tells nothing secret, and is the same the next time.
fn assert_key<M: Notice>(notice: &Unconfirmed<M>) {
    let key = notice.key();
    assert!(key.len() < 1000, "{key}");
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b".-_~%:".contains(&byte);
    assert!(key.bytes().all(is_plain), "{key}");

    let message = notice.trust_without_confirming();
    let written = serde_json::to_vec(message).expect("it can be written");
    let again: M = enkash_types::read::json(&written).expect("it can be read again");
    // Of some numbers the reader takes the neighbour, and then it is another message.
    if serde_json::to_vec(&again).expect("it can be written") == written {
        assert_eq!(Unconfirmed::new(again).key(), key);
    }
}

/// The number of the message and of its headers, and the message.
fn seeds() -> Vec<Vec<u8>> {
    let all = OPERATIONS.iter().map(|operation| operation.declared);
    let declared: BTreeSet<_> = all
        .filter(|declared| declared.is_webhook)
        .map(|declared| declared.operation.name)
        .collect();
    let received = MESSAGES.iter().map(|(name, _)| *name).collect();
    assert_eq!(declared, received, "every message is to be in MESSAGES");

    seeds::valid_requests()
        .filter_map(|mut seed| {
            let name = OPERATIONS[usize::from(seed[0])].declared.operation.name;
            seed[0] = MESSAGES.iter().position(|(message, _)| *message == name)? as u8;
            seed.insert(1, 0);
            Some(seed)
        })
        .collect()
}

fuzz_target!(init: seeds::write(seeds()), |input: &[u8]| {
    let [kind, headers, body @ ..] = input else { return };
    let (_, receive) = MESSAGES[usize::from(*kind) % MESSAGES.len()];
    let right: (&str, &[u8]) = ("X-Shop-Token", b"right");
    let some = body.get(..5).unwrap_or_default();
    match headers {
        250 => receive(&[], body),
        251 => receive(&[right, right], body),
        252 => receive(&[("x-shop-token", some)], body),
        253 => receive(&[("", some), right], body),
        _ => receive(&[right], body),
    }
});
