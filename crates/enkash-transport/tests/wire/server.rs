//! The server's half.

use enkash_transport::wire::{self, Refusal};
use enkash_types::gateway::{CreateMerchantToken, CreateOrder, GetOrderStatus};
use enkash_types::oauth::PasswordGrant;
use enkash_types::payouts::{CreateTransfer, FetchStatement, GetBalance, Statement};
use enkash_types::{Endpoint as _, Rupees};
use insta::assert_snapshot;

use crate::{encoded, received};

#[test]
fn a_path_is_matched_segment_by_segment() {
    let of_order = |path| wire::path_fields(GetOrderStatus::OPERATION, path);
    let id = |id: &str| Some(vec![("orderId", id.to_owned())]);
    assert_eq!(of_order("/api/v0/orders/ORD1"), id("ORD1"));
    assert_eq!(of_order("/api/v0/orders/a%2Fb%20%E0%A4%85"), id("a/b अ"));
    for other in [
        "/api/v0/orders",
        "/api/v0/orders/a/b",
        "/api/v0/orders/a/",
        "/api/v1/orders/a",
        "api/v0/orders/a",
        "/api/v0/orders/%FF",
        "",
    ] {
        assert_eq!(of_order(other), None, "{other}");
    }
    let none = wire::path_fields(CreateOrder::OPERATION, "/api/v0/orders");
    assert_eq!(none, Some(vec![]));
}

#[test]
fn a_form_is_read_as_it_was_written() {
    let request = PasswordGrant::new("asha@example.in", "a&b=c d%+é", "CEKFOWV7UQ");
    let read: PasswordGrant = received(&encoded(request)).unwrap();
    assert_eq!(read.username, "asha@example.in");
    assert_eq!(read.password.expose(), "a&b=c d%+é");
}

#[test]
fn a_request_that_cannot_be_read_says_where() {
    let of_order = |body: &str| wire::read::<CreateOrder>(&[], None, body.as_bytes()).unwrap_err();
    assert_snapshot!(of_order(""), @"not JSON: EOF while parsing a value at line 1 column 0");
    assert_snapshot!(of_order("[]"), @"expected an object, found sequence");
    assert_snapshot!(of_order(r#"{"orderId":"INV1","amount":{"value":"12,50","currency":"INR"}}"#), @"amount.value: an amount is written in digits with at most one dot, like 12.50");
    assert_snapshot!(of_order(r#"{"orderId":7,"amount":{"value":1,"currency":"INR"}}"#), @"orderId: expected a string, found integer");
    assert_snapshot!(of_order(r#"{"orderId":"INV1"}"#), @"missing field `amount`");
    assert_snapshot!(of_order(r#"{"orderId":"INV1","amount":{"value":1,"currency":"INR"},"note":"x"}"#), @"note: unknown field `note`, expected one of `orderId`, `amount`, `returnUrl`, `notifyUrl`, `customerInfo`, `customParameters`, `description`, `paymentDetail`, `restrictedPaymentOptions`");

    let of_grant = |body: &[u8]| wire::read::<PasswordGrant>(&[], None, body).unwrap_err();
    assert_snapshot!(of_grant(b"username=asha&password=s3cret"), @"missing field `grant_type`");
    assert_snapshot!(of_grant(b"username=asha&secret=s3cret"), @"secret: unknown field `secret`, expected one of `username`, `password`, `grant_type`, `clientId`");
    assert_snapshot!(of_grant(b"username=\xff\xfe"), @"the form is not UTF-8");
}

#[test]
fn a_sealed_body_is_opened_and_nothing_else() {
    let sealed = wire::sealed("c2VhbGVk+/8=".to_owned());
    assert_eq!(&sealed[..], br#"{"request":"c2VhbGVk+/8="}"#);
    assert_eq!(wire::unsealed(&sealed).as_deref(), Some("c2VhbGVk+/8="));
    for other in [
        "",
        "{}",
        "[]",
        "\"c2Vh\"",
        r#"{"request":7}"#,
        r#"{"request":"#,
    ] {
        assert_eq!(wire::unsealed(other.as_bytes()), None, "{other}");
    }
}

#[test]
fn refusals_are_written_in_the_envelope_of_the_operation() {
    let body = |operation, refusal: Refusal| {
        let answer = wire::refuse(operation, &refusal);
        assert_eq!(answer.headers()["content-type"], "application/json");
        let body = str::from_utf8(answer.body()).unwrap().to_owned();
        format!("{} {body}", answer.status())
    };
    let refusal = || Refusal::new(404, Some(101), "Order not found");
    assert_snapshot!(body(GetOrderStatus::OPERATION, refusal()), @r#"404 Not Found {"response_code":101,"response_message":"Order not found"}"#);
    assert_snapshot!(body(CreateMerchantToken::OPERATION, refusal()), @r#"404 Not Found {"resultCode":101,"resultMessage":"Order not found"}"#);
    assert_snapshot!(body(PasswordGrant::OPERATION, refusal()), @r#"404 Not Found {"error":"Order not found"}"#);
    let refusal = || Refusal::new(422, None, "fund source not found");
    for (operation, shown) in [
        (CreateTransfer::OPERATION, "422"),
        (GetBalance::OPERATION, "422"),
        (FetchStatement::OPERATION, "\"422\""),
    ] {
        let expected = format!(
            r#"422 Unprocessable Entity {{"response_code":{shown},"response_message":"fund source not found"}}"#
        );
        assert_eq!(body(operation, refusal()), expected);
    }
    assert_snapshot!(body(GetOrderStatus::OPERATION, Refusal::new(7, None, "no such status")), @r#"500 Internal Server Error {"response_code":7,"response_message":"no such status"}"#);
}

#[test]
fn a_list_stands_beside_its_code() {
    let mut statement = Statement::new(Vec::new());
    statement.request_id = Some("R1".to_owned());
    let answer = wire::answer::<FetchStatement>(&statement);
    assert_snapshot!(str::from_utf8(answer.body()).unwrap(), @r#"{"response_code":"0","response_message":"Success","requestId":"R1","data":[]}"#);
}

#[test]
fn a_refusal_is_read_as_it_was_written() {
    let refusal = Refusal::new(409, Some(120), "Duplicate \"order\" id");
    let answer = wire::refuse(CreateOrder::OPERATION, &refusal);
    let read = wire::decode::<CreateOrder>(&answer).unwrap_err();
    assert_eq!(read, wire::AnswerError::Refused(refusal));

    let request = CreateOrder::new("INV1", Rupees::from_paise(1));
    let read: CreateOrder = received(&encoded(request.clone())).unwrap();
    assert_eq!(read, request);
}
