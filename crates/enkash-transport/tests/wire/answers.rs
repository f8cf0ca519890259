//! What is made of answers, good and bad.

use enkash_transport::wire::{AnswerError, Refusal, decode, decode_fields, decode_undeclared};
use enkash_types::gateway::{CreateMerchantToken, CreateOrder, GetOrderStatus, OrderStatus};
use enkash_types::oauth::{PasswordGrant, RefreshGrant};
use enkash_types::rewards::CreateRewardSsoToken;
use enkash_types::{Endpoint, Envelope, Rupees, read};
use insta::assert_snapshot;
use serde_json::Value;

use crate::answer;

fn good<E: Endpoint>(body: &'static str) -> E::Answer {
    decode::<E>(&answer(200, body)).unwrap_or_else(|error| panic!("{error}"))
}

/// Why an answer is not taken, in words.
fn bad<E: Endpoint>(status: u16, body: &'static str) -> String {
    match decode::<E>(&answer(status, body)) {
        Ok(_) => panic!("taken as good"),
        Err(error) => error.to_string(),
    }
}

fn refusal<E: Endpoint>(status: u16, body: &'static str) -> Refusal {
    match decode::<E>(&answer(status, body)) {
        Err(AnswerError::Refused(refusal)) => refusal,
        Err(other) => panic!("not a refusal: {other}"),
        Ok(_) => panic!("taken as good"),
    }
}

#[test]
fn the_documented_examples_are_read() {
    let order = good::<CreateOrder>(
        r#"{"response_code": 0, "response_message": "string",
            "payload": {"redirectionUrl": "string", "orderId": "ORD1"}}"#,
    );
    assert_eq!(order.order_id, Some("ORD1".into()));

    let token = good::<CreateMerchantToken>(
        r#"{"token": "abcdef1234567890", "expiry": 1672531199000, "resultCode": 200,
            "resultMessage": "Token generated successfully."}"#,
    );
    assert_eq!(token.token.expose(), "abcdef1234567890");
    assert_eq!(token.expiry, Some(1_672_531_199_000));

    let sso = good::<CreateRewardSsoToken>("{}");
    assert!(sso.token().is_none());
}

#[test]
fn both_spellings_of_the_oauth_token_are_read() {
    let old = r#"{"access_token":"a","token_type":"bearer","refresh_token":"r","expires_in":86399,"scope":"read write trust"}"#;
    let new = r#"{"accessToken":"a","tokenType":"bearer","refreshToken":"r","expiresIn":86399}"#;
    for token in [
        good::<PasswordGrant>(old),
        good::<PasswordGrant>(new),
        good::<RefreshGrant>(old),
        good::<RefreshGrant>(new),
    ] {
        assert_eq!(token.access_token.expose(), "a");
        assert_eq!(token.refresh_token.unwrap().expose(), "r");
        assert_eq!(token.expires_in, Some(86399));
    }
}

#[test]
fn both_codes_of_a_good_token_are_taken() {
    for body in [
        r#"{"token":"t","resultCode":0}"#,
        r#"{"token":"t","resultCode":200}"#,
        r#"{"token":"t"}"#,
    ] {
        assert_eq!(good::<CreateMerchantToken>(body).token.expose(), "t");
    }
}

#[test]
fn what_is_not_known_is_kept() {
    let order = good::<GetOrderStatus>(
        r#"{"response_code":"0","payload":{"status":"HELD_BY_BANK","amount":"499.50","mood":[1]}}"#,
    );
    assert_eq!(
        order.status,
        Some(OrderStatus::Unknown("HELD_BY_BANK".into()))
    );
    assert_eq!(order.amount, Some(Rupees::from_paise(49_950)));
    assert_eq!(order.extra["mood"], serde_json::json!([1]));
}

#[test]
fn a_200_that_carries_an_error_is_a_refusal() {
    let body = r#"{"response_code": 101, "response_message": "Order not found", "payload": null}"#;
    assert_snapshot!(bad::<GetOrderStatus>(200, body), @"EnKash refused (HTTP 200, code 101): Order not found");
    assert!(!refusal::<GetOrderStatus>(200, body).is_of_token());
    // A code may be a text, and 200 is the code of success in flat answers alone.
    assert_snapshot!(bad::<GetOrderStatus>(200, r#"{"response_code": " 101 "}"#), @"EnKash refused (HTTP 200, code 101)");
    assert_snapshot!(bad::<GetOrderStatus>(200, r#"{"response_code": 200, "payload": {}}"#), @"EnKash refused (HTTP 200, code 200)");
    assert_snapshot!(bad::<CreateMerchantToken>(200, r#"{"resultCode": 401, "resultMessage": "Bad key"}"#), @"EnKash refused (HTTP 200, code 401): Bad key");
}

#[test]
fn a_token_that_is_refused_is_told_from_the_rest() {
    let seen = r#"{"response_code": 117, "response_message": "", "payload": "Invalid token"}"#;
    assert_snapshot!(bad::<CreateOrder>(200, seen), @"EnKash refused (HTTP 200, code 117): Invalid token");
    assert!(refusal::<CreateOrder>(200, seen).is_of_token());
    assert!(refusal::<CreateOrder>(200, r#"{"response_code": "117"}"#).is_of_token());
    assert!(refusal::<CreateOrder>(401, "").is_of_token());
    assert!(!refusal::<CreateOrder>(403, seen).is_of_token());
    let undeclared = decode_undeclared(&answer(200, seen)).unwrap_err();
    assert!(matches!(undeclared, AnswerError::Refused(refusal) if refusal.is_of_token()));
}

#[test]
fn an_answer_that_is_not_json_says_so() {
    assert_snapshot!(bad::<CreateOrder>(200, "<html><body>Maintenance</body></html>"), @"the answer (HTTP 200) cannot be read: not JSON: expected value at line 1 column 1");
    assert_snapshot!(bad::<CreateOrder>(200, ""), @"the answer (HTTP 200) cannot be read: not JSON: EOF while parsing a value at line 1 column 0");
    assert_snapshot!(bad::<CreateOrder>(200, r#"{"response_code":0,"payload":{"orderId":"OR"#), @"the answer (HTTP 200) cannot be read: not JSON: EOF while parsing a string at line 1 column 43");
    assert_snapshot!(bad::<PasswordGrant>(200, r#"{"access_token": "s3cret"#), @"the answer (HTTP 200) cannot be read: not JSON: EOF while parsing a string at line 1 column 24");
    assert_snapshot!(bad::<CreateMerchantToken>(200, r#"{"token": "s3cret"} more"#), @"the answer (HTTP 200) cannot be read: not JSON: trailing characters at line 1 column 21");
}

#[test]
fn an_answer_of_another_shape_says_where() {
    let order = bad::<GetOrderStatus>;
    assert_snapshot!(order(200, r#"{"response_code":0,"payload":"Some text"}"#), @"the answer (HTTP 200) cannot be read: payload: expected an object, found string");
    assert_snapshot!(order(200, r#"{"response_code":0,"payload":null}"#), @"the answer (HTTP 200) cannot be read: missing field `payload`");
    assert_snapshot!(order(200, r#"{"response_code":0}"#), @"the answer (HTTP 200) cannot be read: missing field `payload`");
    assert_snapshot!(order(200, r#"{"payload":{}}"#), @"the answer (HTTP 200) cannot be read: missing field `response_code`");
    assert_snapshot!(order(200, r#"{"response_code":"fine","payload":{}}"#), @"the answer (HTTP 200) cannot be read: response_code: expected a number");
    assert_snapshot!(order(200, r#"{"response_code":{"is":0},"payload":{}}"#), @"the answer (HTTP 200) cannot be read: response_code: expected a number");
    assert_snapshot!(order(200, r#"{"response_code":0,"response_code":1,"payload":{}}"#), @"the answer (HTTP 200) cannot be read: a field of the envelope comes twice");
    assert_snapshot!(bad::<CreateMerchantToken>(200, r#"{"token":"s3cret","resultCode":[0]}"#), @"the answer (HTTP 200) cannot be read: resultCode: expected a number");
    assert_snapshot!(order(200, "[]"), @"the answer (HTTP 200) cannot be read: expected an object");
    assert_snapshot!(order(200, "null"), @"the answer (HTTP 200) cannot be read: expected an object");
    assert_snapshot!(order(200, r#"{"response_code":0,"payload":{"orderId":4111111111111111}}"#), @"the answer (HTTP 200) cannot be read: payload.orderId: expected a string, found integer");
    assert_snapshot!(order(200, r#"{"response_code":0,"payload":{"amount":"12,50"}}"#), @"the answer (HTTP 200) cannot be read: payload.amount: an amount is written in digits with at most one dot, like 12.50");
    assert_snapshot!(order(200, r#"{"response_code":0,"payload":{"amount":1e400}}"#), @"the answer (HTTP 200) cannot be read: payload.amount: number out of range");
    assert_snapshot!(order(200, r#"{"response_code":0,"payload":{"transactions":[{},{"created":7}]}}"#), @"the answer (HTTP 200) cannot be read: payload.transactions[1].created: expected a string, found integer");
    assert_snapshot!(bad::<PasswordGrant>(200, r#"{"expires_in":"soon","access_token":"s3cret"}"#), @"the answer (HTTP 200) cannot be read: expires_in: expected u64, found string");
    assert_snapshot!(bad::<PasswordGrant>(200, r#"{"refresh_token":"s3cret"}"#), @"the answer (HTTP 200) cannot be read: missing field `access_token`");
    assert_snapshot!(bad::<CreateMerchantToken>(200, r#"{"token":{"is":"s3cret"}}"#), @"the answer (HTTP 200) cannot be read: token: expected a string, found map");
}

#[test]
fn an_http_error_is_a_refusal_whatever_comes_with_it() {
    let order = bad::<CreateOrder>;
    assert_snapshot!(order(400, r#"{"response_code":105,"response_message":"Invalid amount"}"#), @"EnKash refused (HTTP 400, code 105): Invalid amount");
    assert_snapshot!(order(404, r#"{"code":404,"message":"No such route"}"#), @"EnKash refused (HTTP 404, code 404): No such route");
    assert_snapshot!(order(500, r#"{"status":500,"error":"Internal Server Error","path":"/x"}"#), @"EnKash refused (HTTP 500): Internal Server Error");
    assert_snapshot!(order(502, "<html>Bad gateway</html>"), @"EnKash refused (HTTP 502)");
    assert_snapshot!(order(503, ""), @"EnKash refused (HTTP 503)");
    assert_snapshot!(order(307, ""), @"EnKash refused (HTTP 307)");
    // Not a code of EnKash's, and no reason to lose the words.
    assert_snapshot!(order(403, r#"{"code":"FORBIDDEN","message":"Not from this address"}"#), @"EnKash refused (HTTP 403): Not from this address");
    // A success in the envelope does not outweigh the status.
    assert_snapshot!(order(500, r#"{"response_code":0,"payload":{"orderId":"ORD1"}}"#), @"EnKash refused (HTTP 500, code 0)");
    // OAuth 2.0's own form (RFC 6749, section 5.2).
    assert_snapshot!(
        bad::<PasswordGrant>(400, r#"{"error":"invalid_grant","error_description":"Bad credentials"}"#),
        @"EnKash refused (HTTP 400): Bad credentials"
    );
}

#[test]
fn the_words_of_a_refusal_are_cut_and_cleaned() {
    let words = refusal::<CreateOrder>(
        400,
        r#"{"response_code":1,"response_message":"one\r\ntwo\u001b[31m\u0000"}"#,
    );
    assert_eq!(words.message, "onetwo[31m");
    let long = format!(r#"{{"message":"{}"}}"#, "अ".repeat(1000));
    match decode::<CreateOrder>(&answer(400, long)) {
        Err(AnswerError::Refused(refusal)) => assert_eq!(refusal.message, "अ".repeat(200)),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_refusal_shows_nothing_but_its_code_and_words() {
    let refused = decode::<CreateOrder>(&answer(
        400,
        r#"{"response_code":7,"response_message":"No","trace":"s3cret","error":{"x":"s3cret"},
            "payload":{"accountNumber":"s3cret"}}"#,
    ));
    let error = refused.unwrap_err();
    assert_eq!(error.to_string(), "EnKash refused (HTTP 400, code 7): No");
    assert!(!format!("{error:?}").contains("s3cret"));
}

#[test]
fn the_other_envelopes_are_read_by_name() {
    let mut coded = CreateOrder::OPERATION.clone();
    coded.envelope = Envelope::Code;
    let read = |status, body: &'static str| {
        decode_fields(&coded, &answer(status, body), read::json::<Value>)
            .map_err(|error| error.to_string())
    };
    assert_eq!(
        read(200, r#"{"code":0,"payload":[1]}"#),
        Ok(serde_json::json!([1]))
    );
    assert_snapshot!(read(200, r#"{"code":12,"message":"No funds"}"#).unwrap_err(), @"EnKash refused (HTTP 200, code 12): No funds");
    assert_snapshot!(read(200, r#"{"payload":[1]}"#).unwrap_err(), @"the answer (HTTP 200) cannot be read: missing field `code`");
}

#[test]
fn an_answer_whose_page_was_not_read_may_come_in_any_envelope() {
    let mut unread = CreateOrder::OPERATION.clone();
    unread.envelope = Envelope::Any;
    let read = |status, body: &'static str| {
        decode_fields(&unread, &answer(status, body), read::json::<Value>)
            .map_err(|error| error.to_string())
    };
    for (body, expected) in [
        (r#"{"response_code":0,"payload":{"a":1}}"#, r#"{"a":1}"#),
        (r#"{"code":0,"message":"","payload":[1]}"#, "[1]"),
        (
            r#"{"resultCode":"200","a":1}"#,
            r#"{"resultCode":"200","a":1}"#,
        ),
        (r#"{"a":1}"#, r#"{"a":1}"#),
        ("[1]", "[1]"),
        // A payload without fields is kept with what stands beside it.
        (
            r#"{"code":0,"payload":"Done"}"#,
            r#"{"code":0,"payload":"Done"}"#,
        ),
        (
            r#"{"code":0,"payload":null}"#,
            r#"{"code":0,"payload":null}"#,
        ),
        ("", "{}"),
    ] {
        assert_eq!(read(200, body), Ok(serde_json::from_str(expected).unwrap()));
    }
    // A proxy's page, or half an answer, must not pass for one.
    assert_snapshot!(read(200, "<p>").unwrap_err(), @"the answer (HTTP 200) cannot be read: not JSON: expected value at line 1 column 1");
    assert_snapshot!(read(200, r#"{"response_code":0,"pay"#).unwrap_err(), @"the answer (HTTP 200) cannot be read: not JSON: EOF while parsing a string at line 1 column 23");
    assert_snapshot!(read(200, r#"{"response_code":117,"payload":"Token is invalid."}"#).unwrap_err(), @"EnKash refused (HTTP 200, code 117): Token is invalid.");
    assert_snapshot!(read(200, r#"{"code":12,"message":"No"}"#).unwrap_err(), @"EnKash refused (HTTP 200, code 12): No");
    assert_snapshot!(read(502, "<p>").unwrap_err(), @"EnKash refused (HTTP 502)");
}

#[test]
fn an_answer_may_be_a_text_where_the_page_says_so() {
    let mut texts = CreateOrder::OPERATION.clone();
    texts.envelope = Envelope::Text;
    let read = |body: &'static str| {
        decode_fields(&texts, &answer(200, body), read::json::<Value>)
            .map_err(|error| error.to_string())
    };
    assert_eq!(read("OTP sent"), Ok("OTP sent".into()));
    assert_eq!(
        read(r#"{"payload":{"a":1}}"#),
        Ok(serde_json::json!({"a": 1}))
    );
    assert_snapshot!(read(r#"{"code":12,"message":"No"}"#).unwrap_err(), @"EnKash refused (HTTP 200, code 12): No");
}

#[test]
fn an_operation_that_is_not_declared_gives_what_came() {
    let whole = r#"{"response_code":12,"payload":{"a":1}}"#;
    let value = decode_undeclared(&answer(200, whole)).unwrap();
    assert_eq!(value, serde_json::from_str::<Value>(whole).unwrap());
    assert_eq!(decode_undeclared(&answer(204, "")).unwrap(), Value::Null);
    assert_snapshot!(decode_undeclared(&answer(200, "<p>")).unwrap_err(), @"the answer (HTTP 200) cannot be read: not JSON: expected value at line 1 column 1");
    assert_snapshot!(decode_undeclared(&answer(500, "<p>")).unwrap_err(), @"EnKash refused (HTTP 500)");
}
