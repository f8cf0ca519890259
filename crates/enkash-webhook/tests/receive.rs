//! From bytes to a message that is not believed.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

use enkash_types::gateway::{
    MandateDebitCallback, PaymentLinkEvent, PaymentNotification, UpiMandateCallback,
};
use enkash_types::strategies::{ValidValues, repeatable};
use enkash_types::{Notice, Unconfirmed};
use enkash_webhook::{DEFAULT_LIMIT, Receiver, Refused, SetupError};
use http::{HeaderMap, HeaderValue};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{TestCaseResult, TestRunner};
use serde_json::{Value, json};

/// Does something with each kind of message that EnKash sends.
macro_rules! each_kind {
    ($do:ident ( $($argument:expr),* )) => {
        [
            $do::<PaymentNotification>($($argument),*),
            $do::<UpiMandateCallback>($($argument),*),
            $do::<MandateDebitCallback>($($argument),*),
            $do::<PaymentLinkEvent>($($argument),*),
        ]
    };
}

/// Runs a test on many values.
#[track_caller]
fn all<S: Strategy>(values: S, test: impl Fn(S::Value) -> TestCaseResult) {
    if let Err(failure) = TestRunner::new(repeatable()).run(&values, test) {
        panic!("{failure}");
    }
}

/// What a webhook without headers of the merchant's carries.
const NO_HEADERS: [(&str, &str); 0] = [];

fn notification() -> Value {
    json!({
        "orderId": "ORD1",
        "transactionId": "EK1",
        "amount": 499.5,
        "orderStatus": "PAID",
        "transactionStatus": "SUCCESS",
        "status": "SUCCESS",
        "cardHolderName": "Asha Rao",
        "paymentToken": "token-of-a-card",
    })
}

fn receive(message: &Value) -> Result<Unconfirmed<PaymentNotification>, Refused> {
    Receiver::new().receive(NO_HEADERS, message.to_string().as_bytes())
}

fn key(message: &Value) -> String {
    receive(message).unwrap().key()
}

#[test]
fn every_declared_webhook_can_be_received() {
    fn name<M: Notice>() -> &'static str {
        M::OPERATION.name
    }
    let declared: Vec<_> = enkash_types::operations()
        .filter(|declared| declared.is_webhook)
        .map(|declared| declared.operation.name)
        .collect();
    assert_eq!(Vec::from(each_kind!(name())), declared);
}

#[test]
fn a_message_shows_its_ids_and_its_key_and_nothing_else() {
    let notice = receive(&notification()).unwrap();
    assert_eq!(notice.order_id().as_str(), "ORD1");
    assert_eq!(notice.transaction_id().as_str(), "EK1");
    assert_eq!(
        format!("{notice:?}"),
        r#"Unconfirmed("notify_payment:ORD1:EK1:PAID:SUCCESS:SUCCESS")"#
    );
    // For who insists.
    let message = notice.trust_without_confirming();
    assert_eq!(message.amount.to_string(), "499.50");
}

#[test]
fn a_message_that_comes_again_has_the_same_key_and_a_later_state_another() {
    let first = notification();
    let mut again = first.clone();
    again["txnMsg"] = json!("sent again");
    assert_eq!(key(&first), key(&again));

    for field in [
        "orderId",
        "transactionId",
        "orderStatus",
        "transactionStatus",
        "status",
    ] {
        let mut later = first.clone();
        later[field] = json!("REFUNDED");
        assert_ne!(key(&first), key(&later), "{field}");
    }
}

#[test]
fn a_state_in_a_field_that_is_not_known_makes_another_key() {
    fn test<M: Notice>(shown: &mut String, message: Value) {
        let key = |message: &str| {
            let body = message.as_bytes();
            Receiver::new()
                .receive::<M>(NO_HEADERS, body)
                .unwrap()
                .key()
        };
        let first = key(&message.to_string());
        assert_eq!(first, key(&format!("{message:#}\n")));
        let mut later = message.clone();
        later["progress"] = json!("REVOKED");
        assert_ne!(first, key(&later.to_string()));
        *shown += &format!("{first}\n");
    }
    let mut shown = String::new();
    test::<UpiMandateCallback>(&mut shown, json!({"mandateId": "M1", "status": "APPROVED"}));
    test::<MandateDebitCallback>(&mut shown, json!({"transactionId": "EK1", "surcharge": 0}));
    test::<PaymentLinkEvent>(
        &mut shown,
        json!({"quickCollectRequestId": "Q1", "paymentStatus": "FAILED", "amount": 10}),
    );
    // Nothing that is known is in it, and still it is not any other.
    test::<MandateDebitCallback>(&mut shown, json!({"x": 1}));
    test::<MandateDebitCallback>(&mut shown, json!({"x": 2}));
    insta::assert_snapshot!(shown, @"
    receive_upi_mandate_callback:M1:APPROVED:958858246f4e18b3b97eec14f5221969
    receive_mandate_debit_callback:EK1::9a1ff77ce8b421e22a20d18b42663d31
    receive_payment_link_event:Q1:FAILED:7a696d1e3e8d399cc1dee2fbbd7c4b0c
    receive_mandate_debit_callback:::440365f3af4ff78dd3603b590b8ed5c6
    receive_mandate_debit_callback:::440365f5af4ff78dd3603b590b8fc82d
    ");
}

#[test]
fn a_message_shows_by_what_it_can_be_looked_up() {
    fn receive<M: Notice>(message: &Value) -> Unconfirmed<M> {
        let body = message.to_string();
        Receiver::new()
            .receive(NO_HEADERS, body.as_bytes())
            .unwrap()
    }
    let message = json!({
        "referenceId": "SUB1", "mandateId": "M1", "orderId": "ORD1", "transactionId": "EK1",
        "quickCollectRequestId": "Q1",
    });
    let mandate = receive::<UpiMandateCallback>(&message);
    assert_eq!(mandate.reference_id().unwrap().as_str(), "SUB1");
    assert_eq!(mandate.mandate_id().unwrap().as_str(), "M1");
    let debit = receive::<MandateDebitCallback>(&message);
    assert_eq!(debit.order_id(), Some("ORD1".into()));
    assert_eq!(debit.transaction_id(), Some("EK1".into()));
    let link = receive::<PaymentLinkEvent>(&message);
    assert_eq!(link.quick_collect_request_id(), Some("Q1"));
}

#[test]
fn no_id_can_pass_for_two() {
    let mut one = notification();
    one["orderId"] = json!("ORD1:EK1");
    one["transactionId"] = json!("PAID");
    let mut other = notification();
    other["orderId"] = json!("ORD1");
    other["transactionId"] = json!("EK1:PAID");
    assert_ne!(key(&one), key(&other));
}

#[test]
fn a_key_is_short_and_on_one_line() {
    fn test<M: Notice + ValidValues>() {
        all((M::valid(), any::<String>()), |(message, text)| {
            let key = Unconfirmed::new(message).key();
            let mut hostile = notification();
            for field in ["orderId", "orderStatus", "status"] {
                hostile[field] = text.repeat(50).into();
            }
            for key in [key, self::key(&hostile)] {
                let plain = |b: u8| b.is_ascii_alphanumeric() || b".-_~%:".contains(&b);
                prop_assert!(key.bytes().all(plain), "{key}");
                prop_assert!(key.len() < 1000, "{key}");
            }
            Ok(())
        });
    }
    each_kind!(test());
}

#[test]
fn whatever_was_sent_has_the_key_of_what_is_read() {
    fn test<M: Notice + ValidValues>() {
        all(M::valid(), |message| {
            let body = serde_json::to_vec(&message).unwrap();
            let read = Receiver::new().receive::<M>(NO_HEADERS, &body).unwrap();
            prop_assert_eq!(read.key(), Unconfirmed::new(message).key());
            Ok(())
        });
    }
    each_kind!(test());
}

#[test]
fn any_bytes_may_come() {
    fn test<M: Notice>() {
        all(vec(any::<u8>(), 0..2000), |body| {
            let _ = Receiver::new().receive::<M>(NO_HEADERS, &body);
            Ok(())
        });
    }
    each_kind!(test());
}

#[test]
fn a_message_may_be_as_deep_as_it_likes() {
    fn test<M: Notice>() {
        for deep in ["[", "{\"extra\":", "{\"orderId\":{\"orderId\":"] {
            let body = deep.repeat(DEFAULT_LIMIT / deep.len());
            let received = Receiver::new().receive::<M>(NO_HEADERS, body.as_bytes());
            assert!(
                matches!(received, Err(Refused::Unreadable { .. })),
                "{deep}"
            );
        }
    }
    each_kind!(test());
}

/// Something like a message, with a word in it that must be seen nowhere.
fn spoilt() -> impl Strategy<Value = Vec<u8>> {
    let value = prop_oneof![
        Just(json!(SECRET)),
        Just(json!([SECRET])),
        Just(json!({"a": SECRET})),
        Just(json!(-1)),
        Just(Value::Null),
    ];
    let names = proptest::sample::select(vec![
        "orderId",
        "amount",
        "status",
        "orderStatus",
        "txnDate",
        "paymentToken",
        "mdr",
    ]);
    let cut = any::<proptest::sample::Index>();
    (vec((names, value), 1..4), cut, any::<bool>()).prop_map(|(fields, cut, broken_off)| {
        let mut message = notification();
        for (name, value) in fields {
            message[name] = value;
        }
        let mut body = message.to_string().into_bytes();
        if broken_off {
            body.truncate(cut.index(body.len()));
        }
        body
    })
}

const SECRET: &str = "word-of-a-stranger";

#[test]
fn no_error_repeats_the_message() {
    fn test<M: Notice>() {
        all(spoilt(), |body| {
            if let Err(refused) = Receiver::new().receive::<M>(NO_HEADERS, &body) {
                let said = format!("{refused} {refused:?} {}", refused.reply());
                for word in [SECRET, "Asha", "token-of-a-card"] {
                    prop_assert!(!said.contains(word), "{said}");
                }
            }
            Ok(())
        });
    }
    each_kind!(test());
}

#[test]
fn what_is_wrong_with_a_message_is_said_and_where() {
    let mut said = String::new();
    for body in [
        "",
        "orderId=ORD1",
        "[]",
        "{}",
        r#"{"orderId": "ORD1", "transactionId": 5}"#,
        r#"{"orderId": "ORD1""#,
    ] {
        let refused = Receiver::new()
            .receive::<PaymentNotification>(NO_HEADERS, body.as_bytes())
            .unwrap_err();
        assert_eq!(refused.status(), 400);
        assert_eq!(refused.reply(), "not readable");
        said += &format!("{body}\n  {refused}\n");
    }
    insta::assert_snapshot!(said, @r#"

      the message is no notify_payment: not JSON: EOF while parsing a value at line 1 column 0
    orderId=ORD1
      the message is no notify_payment: not JSON: expected value at line 1 column 1
    []
      the message is no notify_payment: expected an object, found sequence
    {}
      the message is no notify_payment: missing field `orderId`
    {"orderId": "ORD1", "transactionId": 5}
      the message is no notify_payment: transactionId: expected a string, found integer
    {"orderId": "ORD1"
      the message is no notify_payment: not JSON: EOF while parsing an object at line 1 column 18
    "#);
}

#[test]
fn a_message_may_be_as_long_as_the_limit_and_no_longer() {
    let message = notification().to_string();
    for limit in [message.len(), message.len() - 1] {
        let receiver = Receiver::new().with_limit(limit);
        assert_eq!(receiver.limit(), limit);
        let received = receiver.receive::<PaymentNotification>(NO_HEADERS, message.as_bytes());
        assert_eq!(received.is_ok(), limit == message.len());
    }
    // It would not be readable either, but it was not read.
    let long = vec![b'?'; DEFAULT_LIMIT + 1];
    let refused = Receiver::new()
        .receive::<PaymentNotification>(NO_HEADERS, &long)
        .unwrap_err();
    assert_eq!(
        refused,
        Refused::TooLong {
            limit: DEFAULT_LIMIT
        }
    );
    assert_eq!(refused.status(), 413);
    assert_eq!(
        refused.to_string(),
        "the message is longer than 65536 bytes"
    );
}

fn guarded() -> Receiver {
    Receiver::new()
        .with_header("X-Shop-Token", "first-secret")
        .unwrap()
        .with_header("authorization", "second-secret")
        .unwrap()
}

#[test]
fn the_headers_that_the_merchant_set_up_have_to_be_there() {
    let body = notification().to_string();
    let receive = |headers: &[(&str, &str)]| {
        guarded().receive::<PaymentNotification>(headers.iter().copied(), body.as_bytes())
    };
    let second = ("authorization", "second-secret");
    for first in ["x-shop-token", "X-SHOP-TOKEN", "X-Shop-Token"] {
        let other = ("content-type", "application/json");
        assert!(receive(&[other, second, (first, "first-secret")]).is_ok());
    }
    for wrong in [
        &[second] as &[_],
        &[second, ("x-shop-token", "")],
        &[second, ("x-shop-token", "first-secre")],
        &[second, ("x-shop-token", "first-secret ")],
        &[second, ("x-shop-token", "FIRST-SECRET")],
        &[second, ("x-shop-token", "second-secret")],
        &[second, ("x-shop-toke", "first-secret")],
        &[
            second,
            ("x-shop-token", "first-secret"),
            ("x-shop-token", "first-secret"),
        ],
        &[
            second,
            ("x-shop-token", "?"),
            ("X-Shop-Token", "first-secret"),
        ],
    ] {
        let refused = receive(wrong).unwrap_err();
        assert_eq!(
            refused.to_string(),
            "the header x-shop-token is not the one that you set up at EnKash",
            "{wrong:?}"
        );
        assert_eq!(
            (refused.status().as_u16(), refused.reply()),
            (401, "not allowed")
        );
    }
}

#[test]
fn headers_come_first() {
    let long = vec![b'?'; DEFAULT_LIMIT + 1];
    let refused = guarded().receive::<PaymentNotification>(NO_HEADERS, &long);
    assert!(matches!(refused, Err(Refused::Header(_))));
}

#[test]
fn headers_may_come_as_http_has_them() {
    let mut headers = HeaderMap::new();
    headers.insert("x-shop-token", HeaderValue::from_static("first-secret"));
    headers.insert("authorization", HeaderValue::from_static("second-secret"));
    // No text, and not compared as one.
    headers.insert("x-other", HeaderValue::from_bytes(b"\xff").unwrap());
    let body = notification().to_string();
    let received = guarded().receive::<PaymentNotification>(&headers, body.as_bytes());
    assert!(received.is_ok());
}

#[test]
fn a_receiver_cannot_be_set_up_to_let_everyone_in() {
    let empty = Receiver::new().with_header("x-shop-token", "").unwrap_err();
    assert_eq!(
        empty.to_string(),
        "the value of the header x-shop-token is empty; is its variable set?"
    );
    let no_name = Receiver::new().with_header("x shop token", "secret");
    assert_eq!(no_name.unwrap_err(), SetupError::NotAName);
}

#[test]
fn no_secret_shows() {
    assert_eq!(
        format!("{:?}", guarded()),
        r#"Receiver { limit: 65536, headers: ["x-shop-token", "authorization"] }"#
    );
}
