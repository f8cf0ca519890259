//! What people read: every error text, and what is shown of a value that holds a secret.

// The lints know a test by its attribute, and what tests share has none.
#![allow(clippy::unwrap_used, clippy::panic)]

use std::fmt::Debug;

use enkash_types::gateway::{
    CreateMerchantToken, CreateOrder, GetOrderStatus, MerchantToken, Order, PaymentNotification,
};
use enkash_types::oauth::{OAuthToken, PasswordGrant, RefreshGrant};
use enkash_types::rewards::{CreateRewardSsoToken, RewardSsoToken};
use enkash_types::{AccountNumber, Endpoint, Secret, Valid, masked, operation, read};
use insta::assert_snapshot;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The rules that a request breaks, one a line.
fn broken<E: Endpoint>(request: Value) -> String {
    let request = serde_json::from_value::<E>(request).unwrap_or_else(|error| panic!("{error}"));
    match Valid::check(request) {
        Ok(_) => "none".to_owned(),
        Err(violations) => violations
            .iter()
            .map(|violation| format!("{violation}\n"))
            .collect(),
    }
}

#[test]
fn a_password_grant_that_breaks_every_rule() {
    assert_snapshot!(broken::<PasswordGrant>(json!({
        "username": "",
        "password": "",
        "grant_type": "refresh_token",
        "clientId": "",
    })), @"
    clientId: must not be empty
    grant_type: must be one of: password
    password: must not be empty
    username: must not be empty
    ");
}

#[test]
fn a_refresh_grant_that_breaks_every_rule() {
    assert_snapshot!(broken::<RefreshGrant>(json!({
        "grant_type": "password",
        "refresh_token": "",
    })), @r"
    grant_type: must be one of: refresh_token
    refresh_token: must not be empty
    ");
}

#[test]
fn a_request_for_a_merchant_token_that_breaks_every_rule() {
    assert_snapshot!(broken::<CreateMerchantToken>(json!({
        "accessKey": "",
        "secretKey": "",
    })), @r"
    accessKey: must not be empty
    secretKey: must not be empty
    ");
}

#[test]
fn orders_that_break_every_rule() {
    assert_snapshot!(broken::<CreateOrder>(json!({
        "orderId": "INV 2041",
        "amount": {"value": -1, "currency": "USD"},
        "returnUrl": "shop.example.in/thanks",
        "notifyUrl": "ftp://shop.example.in",
        "customerInfo": {
            "firstName": "Asha R",
            "lastName": "R2",
            "email": "asha",
            "phoneNumber": "+91 0000000000",
        },
        "paymentDetail": {"accountNumber": "12345678", "ifsc": "kkbk0000432"},
    })), @r"
    amount.currency: must be one of: INR
    amount.value: must be at least 0.01 rupees
    customerInfo.email: must be an e-mail address
    customerInfo.firstName: must be letters only
    customerInfo.lastName: must be letters only
    customerInfo.phoneNumber: must be written without +91
    notifyUrl: must be an address that begins with https:// or http://
    orderId: must be letters and digits only
    paymentDetail.accountNumber: must be 9 to 36 characters
    paymentDetail.ifsc: must be an IFSC: four capital letters, a zero, six capital letters or digits
    returnUrl: must be an address that begins with https:// or http://
    ");
    // What is broken in another way, and what belongs together.
    assert_snapshot!(broken::<CreateOrder>(json!({
        "orderId": "",
        "amount": {"value": 0.001, "currency": ""},
        "returnUrl": "",
        "notifyUrl": "https:// ",
        "customerInfo": {"firstName": "", "lastName": "", "email": "", "phoneNumber": ""},
        "paymentDetail": {"ifsc": "KKBK0000432"},
    })), @r"
    amount.currency: must be one of: INR
    amount.value: must have at most two decimals
    customerInfo.email: must be an e-mail address
    customerInfo.firstName: must not be empty
    customerInfo.lastName: must not be empty
    customerInfo.phoneNumber: must not be empty
    notifyUrl: must be an address that begins with https:// or http://
    orderId: must not be empty
    paymentDetail.accountNumber: must be given, since ifsc is
    returnUrl: must be an address that begins with https:// or http://
    ");
    assert_snapshot!(broken::<CreateOrder>(json!({
        "orderId": "INV2041",
        "amount": {"value": 0, "currency": "INR"},
        "paymentDetail": {"accountNumber": "123456789012"},
    })), @r"
    amount.value: must be at least 0.01 rupees
    paymentDetail.ifsc: must be given, since accountNumber is
    ");
}

#[test]
fn a_question_for_an_order_that_breaks_every_rule() {
    assert_snapshot!(broken::<GetOrderStatus>(json!({"orderId": ""})), @"orderId: must not be empty");
    assert_snapshot!(broken::<GetOrderStatus>(json!({"orderId": ".."})), @r#"orderId: must not be "." or "..""#);
}

#[test]
fn a_request_for_a_sign_in_token_that_breaks_every_rule() {
    assert_snapshot!(broken::<CreateRewardSsoToken>(json!({
        "cardAccountId": "",
        "companyId": "",
        "enkashCardId": "",
    })), @r"
    cardAccountId: must not be empty
    companyId: must not be empty
    enkashCardId: must not be empty
    ");
}

/// Why texts are no orders, one a line.
fn unread(texts: &[&str]) -> String {
    let check = operation("create_order").unwrap().check;
    texts
        .iter()
        .map(|text| match check(text.as_bytes()) {
            Ok(_) => panic!("it was read: {text}"),
            Err(error) => format!("{text}\n    {error}\n"),
        })
        .collect()
}

#[test]
fn texts_that_are_not_json() {
    assert_snapshot!(unread(&[
        "",
        "<html>",
        r#"{"orderId": "INV1""#,
        r#"{"orderId": "INV1}"#,
        r#"{"orderId": INV1}"#,
        r#"{"orderId": "INV1",}"#,
        r#"{"orderId": "INV1", "amount": {"value": 1, "currency": "INR"}} and more"#,
        r#"{"orderId": "INV1", "amount": {"value": 012, "currency": "INR"}}"#,
        r#"{"orderId": "INV1", "amount": {"value": NaN, "currency": "INR"}}"#,
    ]), @r#"

        not JSON: EOF while parsing a value at line 1 column 0
    <html>
        not JSON: expected value at line 1 column 1
    {"orderId": "INV1"
        not JSON: EOF while parsing an object at line 1 column 18
    {"orderId": "INV1}
        not JSON: EOF while parsing a string at line 1 column 18
    {"orderId": INV1}
        not JSON: expected value at line 1 column 13
    {"orderId": "INV1",}
        not JSON: trailing comma at line 1 column 20
    {"orderId": "INV1", "amount": {"value": 1, "currency": "INR"}} and more
        not JSON: trailing characters at line 1 column 64
    {"orderId": "INV1", "amount": {"value": 012, "currency": "INR"}}
        not JSON: invalid number at line 1 column 42
    {"orderId": "INV1", "amount": {"value": NaN, "currency": "INR"}}
        not JSON: expected value at line 1 column 41
    "#);
}

#[test]
fn json_that_is_no_order() {
    assert_snapshot!(unread(&[
        "[]",
        "null",
        r#""INV1""#,
        "{}",
        r#"{"orderId": "INV1"}"#,
        r#"{"orderId": "INV1", "amount": {"value": 1}}"#,
        r#"{"orderId": 2041}"#,
        r#"{"orderId": null}"#,
        r#"{"orderId": "INV1", "orderId": "INV2"}"#,
        r#"{"orderId": "INV1", "amount": 12}"#,
        r#"{"orderId": "INV1", "amount": {"value": true, "currency": "INR"}}"#,
        r#"{"orderId": "INV1", "amount": {"value": 1, "currency": 356}}"#,
        r#"{"orderId": "INV1", "ammount": {"value": 1, "currency": "INR"}}"#,
        r#"{"orderId": "INV1", "amount": {"value": 1, "currency": "INR", "unit": "paise"}}"#,
        r#"{"orderId": "INV1", "customParameters": {"shop": 7}}"#,
        r#"{"orderId": "INV1", "paymentDetail": {"accountNumber": 123456789012}}"#,
        r#"{"orderId": "INV1", "restrictedPaymentOptions": {"UPI": ["a"]}}"#,
        r#"{"orderId": "INV1", "restrictedPaymentOptions": {"WALLET": [1]}}"#,
    ]), @r#"
    []
        expected an object, found sequence
    null
        expected an object, found null
    "INV1"
        expected an object, found string
    {}
        missing field `orderId`
    {"orderId": "INV1"}
        missing field `amount`
    {"orderId": "INV1", "amount": {"value": 1}}
        amount: missing field `currency`
    {"orderId": 2041}
        orderId: expected a string, found integer
    {"orderId": null}
        orderId: expected a string, found null
    {"orderId": "INV1", "orderId": "INV2"}
        duplicate field `orderId`
    {"orderId": "INV1", "amount": 12}
        amount: expected an object, found integer
    {"orderId": "INV1", "amount": {"value": true, "currency": "INR"}}
        amount.value: expected an amount in rupees, found boolean
    {"orderId": "INV1", "amount": {"value": 1, "currency": 356}}
        amount.currency: expected a string, found integer
    {"orderId": "INV1", "ammount": {"value": 1, "currency": "INR"}}
        ammount: unknown field `ammount`, expected one of `orderId`, `amount`, `returnUrl`, `notifyUrl`, `customerInfo`, `customParameters`, `description`, `paymentDetail`, `restrictedPaymentOptions`
    {"orderId": "INV1", "amount": {"value": 1, "currency": "INR", "unit": "paise"}}
        amount.unit: unknown field `unit`, expected `value` or `currency`
    {"orderId": "INV1", "customParameters": {"shop": 7}}
        customParameters.shop: expected a string, found integer
    {"orderId": "INV1", "paymentDetail": {"accountNumber": 123456789012}}
        paymentDetail.accountNumber: expected a string, found integer
    {"orderId": "INV1", "restrictedPaymentOptions": {"UPI": ["a"]}}
        restrictedPaymentOptions.UPI: expected null, found sequence
    {"orderId": "INV1", "restrictedPaymentOptions": {"WALLET": [1]}}
        restrictedPaymentOptions.WALLET[0]: expected a string, found integer
    "#);
}

#[test]
fn amounts_that_are_none() {
    let orders: Vec<String> = [
        "1e400",
        "1e300",
        "\"12,50\"",
        "\"₹12.50\"",
        "\"1e3\"",
        "\"\"",
        "1234567890123456",
        "10000000000000.5",
        "0.1234567890123456",
        "null",
        "[1]",
    ]
    .iter()
    .map(|value| {
        format!(r#"{{"orderId": "INV1", "amount": {{"value": {value}, "currency": "INR"}}}}"#)
    })
    .collect();
    let orders: Vec<&str> = orders.iter().map(String::as_str).collect();
    assert_snapshot!(unread(&orders), @r#"
    {"orderId": "INV1", "amount": {"value": 1e400, "currency": "INR"}}
        amount.value: number out of range
    {"orderId": "INV1", "amount": {"value": 1e300, "currency": "INR"}}
        amount.value: an amount has at most fifteen digits, thirteen of them before the dot
    {"orderId": "INV1", "amount": {"value": "12,50", "currency": "INR"}}
        amount.value: an amount is written in digits with at most one dot, like 12.50
    {"orderId": "INV1", "amount": {"value": "₹12.50", "currency": "INR"}}
        amount.value: an amount is written in digits with at most one dot, like 12.50
    {"orderId": "INV1", "amount": {"value": "1e3", "currency": "INR"}}
        amount.value: an amount is written in digits with at most one dot, like 12.50
    {"orderId": "INV1", "amount": {"value": "", "currency": "INR"}}
        amount.value: an amount is written in digits with at most one dot, like 12.50
    {"orderId": "INV1", "amount": {"value": 1234567890123456, "currency": "INR"}}
        amount.value: an amount has at most fifteen digits, thirteen of them before the dot
    {"orderId": "INV1", "amount": {"value": 10000000000000.5, "currency": "INR"}}
        amount.value: an amount has at most fifteen digits, thirteen of them before the dot
    {"orderId": "INV1", "amount": {"value": 0.1234567890123456, "currency": "INR"}}
        amount.value: an amount has at most fifteen digits, thirteen of them before the dot
    {"orderId": "INV1", "amount": {"value": null, "currency": "INR"}}
        amount.value: expected an amount in rupees, found null
    {"orderId": "INV1", "amount": {"value": [1], "currency": "INR"}}
        amount.value: expected an amount in rupees, found sequence
    "#);
}

/// What a person sees of a value: its `Debug`, and what is made of it for showing.
fn shown<T: Debug + Serialize>(value: &T) -> String {
    format!("{value:?}\n{}", masked(value).unwrap())
}

fn read<T: DeserializeOwned>(json: Value) -> T {
    read::value(json).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn secrets_and_account_numbers() {
    assert_snapshot!(shown(&Secret::new("s3cr3t")), @r#"
    [hidden]
    "[hidden]"
    "#);
    assert_snapshot!(shown(&AccountNumber::new("123456789012")), @r#"
    "XXXXXXXX9012"
    "XXXXXXXX9012"
    "#);
}

#[test]
fn grants_and_their_token() {
    assert_snapshot!(shown(&PasswordGrant::new("asha@example.in", "s3cr3t", "CEKFOWV7UQ")), @r#"
    PasswordGrant { username: "asha@example.in", password: [hidden], grant_type: Password, client_id: "CEKFOWV7UQ" }
    {"clientId":"CEKFOWV7UQ","grant_type":"password","password":"[hidden]","username":"asha@example.in"}
    "#);
    assert_snapshot!(shown(&RefreshGrant::new("s3cr3t")), @r#"
    RefreshGrant { grant_type: RefreshToken, refresh_token: [hidden] }
    {"grant_type":"refresh_token","refresh_token":"[hidden]"}
    "#);
    assert_snapshot!(shown(&read::<OAuthToken>(json!({
        "access_token": "s3cr3t",
        "token_type": "bearer",
        "refresh_token": "s3cr3t too",
        "expires_in": 86399,
        "scope": "read write trust",
    }))), @r#"
    OAuthToken { access_token: [hidden], token_type: Some("bearer"), refresh_token: Some([hidden]), expires_in: Some(86399), scope: Some("read write trust") }
    {"access_token":"[hidden]","expires_in":86399,"refresh_token":"[hidden]","scope":"read write trust","token_type":"bearer"}
    "#);
}

#[test]
fn keys_and_their_token() {
    assert_snapshot!(shown(&CreateMerchantToken::new("s3cr3t", "s3cr3t too")), @r#"
    CreateMerchantToken { access_key: [hidden], secret_key: [hidden] }
    {"accessKey":"[hidden]","secretKey":"[hidden]"}
    "#);
    assert_snapshot!(shown(&read::<MerchantToken>(json!({
        "token": "s3cr3t",
        "expiry": 1672531199000_i64,
        "resultCode": 200,
        "resultMessage": "Token generated successfully.",
    }))), @r#"
    MerchantToken { token: [hidden], expiry: Some(1672531199000), result_code: Some(200), result_message: Some("Token generated successfully.") }
    {"expiry":1672531199000,"resultCode":200,"resultMessage":"Token generated successfully.","token":"[hidden]"}
    "#);
}

#[test]
fn a_sign_in_token() {
    assert_snapshot!(shown(&read::<RewardSsoToken>(json!({
        "response_code": 0,
        "payload": {"token": "s3cr3t", "more": ["s3cr3t too", true, null]},
    }))), @r#"
    {"payload": Object({"more": List([Text([hidden]), Other(Bool(true)), Other(Null)]), "token": Text([hidden])}), "response_code": Other(Number(0))}
    {"payload":{"more":["[hidden]",true,null],"token":"[hidden]"},"response_code":0}
    "#);
}

#[test]
fn orders_with_an_account() {
    let account = json!({"accountNumber": "123456789012", "ifsc": "KKBK0000432"});
    assert_snapshot!(shown(&read::<CreateOrder>(json!({
        "orderId": "INV2041",
        "amount": {"value": 499.5, "currency": "INR"},
        "paymentDetail": account,
    }))), @r#"
    CreateOrder { order_id: "INV2041", amount: Amount { value: 499.50, currency: Inr }, return_url: None, notify_url: None, customer_info: None, custom_parameters: None, description: None, payment_detail: Some(OrderPaymentDetail { account_number: Some("XXXXXXXX9012"), ifsc: Some("KKBK0000432") }), restricted_payment_options: None }
    {"amount":{"currency":"INR","value":499.5},"orderId":"INV2041","paymentDetail":{"accountNumber":"XXXXXXXX9012","ifsc":"KKBK0000432"}}
    "#);
    assert_snapshot!(shown(&read::<Order>(json!({
        "orderId": "ORD1784195236818VZuxB",
        "merchantIdentifierKey": "s3cr3t",
        "status": "PAID",
        "paymentDetail": account,
    }))), @r#"
    Order { order_id: Some("ORD1784195236818VZuxB"), created: None, last_modified: None, merchant_order_id: None, merchant_identifier_key: Some([hidden]), amount: None, currency: None, return_url: None, notify_url: None, status: Some(Paid), customer_info: None, order_message: None, order_date: None, custom_parameters: None, transactions: None, merchant_name: None, payment_detail: Some(OrderPaymentDetail { account_number: Some("XXXXXXXX9012"), ifsc: Some("KKBK0000432") }), extra: {} }
    {"merchantIdentifierKey":"[hidden]","orderId":"ORD1784195236818VZuxB","paymentDetail":{"accountNumber":"XXXXXXXX9012","ifsc":"KKBK0000432"},"status":"PAID"}
    "#);
}

#[test]
fn a_notification_with_a_saved_card() {
    assert_snapshot!(shown(&read::<PaymentNotification>(json!({
        "orderId": "ORD1784195236818VZuxB",
        "transactionId": "EK1743074262175e8KIO",
        "orderStatus": "PAID",
        "transactionStatus": "SUCCESS",
        "status": "PAID",
        "amount": "499.50",
        "maskedCardNumber": "411111XXXXXX1111",
        "paymentToken": "s3cr3t",
    }))), @r#"
    PaymentNotification { order_id: "ORD1784195236818VZuxB", transaction_id: "EK1743074262175e8KIO", order_status: "PAID", transaction_status: "SUCCESS", status: "PAID", amount: 499.50, final_amount: None, transaction_amount: None, surcharge: None, surcharge_gst: None, mdr: None, mdr_gst: None, currency: None, payment_mode: None, bank_code: None, bank_name: None, card_scheme: None, masked_card_number: Some("411111XXXXXX1111"), card_holder_name: None, payment_token: Some([hidden]), txn_msg: None, txn_date: None, unique_transaction_id: None, bank_transaction_id: None, checksum: None, extra: {} }
    {"amount":499.5,"maskedCardNumber":"411111XXXXXX1111","orderId":"ORD1784195236818VZuxB","orderStatus":"PAID","paymentToken":"[hidden]","status":"PAID","transactionId":"EK1743074262175e8KIO","transactionStatus":"SUCCESS"}
    "#);
}
