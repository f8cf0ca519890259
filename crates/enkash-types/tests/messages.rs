//! What people read: every error text, and what is shown of a value that holds a secret.

// The lints know a test by its attribute, and what tests share has none.
#![allow(clippy::unwrap_used, clippy::panic)]

#[path = "messages/extras.rs"]
mod extras;
#[path = "messages/payouts.rs"]
mod payouts;

use std::fmt::Debug;

use enkash_types::gateway::{
    CreateMerchantToken, CreateOrder, GetDynamicUpiQr, GetOrderStatus, GetSettlementPayout,
    GetTransactionStatus, GetUpiIntentLinks, GetUpiTransactionStatus, MerchantToken, Order,
    OtpValidated, PaymentDetail, PaymentMode, PaymentNotification, RefundPayment, ResendPaymentOtp,
    SearchSettlementPayouts, SettlementPayoutSummary, SubmitPayment, ValidatePaymentOtp,
    VerifyUpiVpa,
};
use enkash_types::oauth::{OAuthToken, PasswordGrant, RefreshGrant};
use enkash_types::rewards::{CreateRewardSsoToken, RewardSsoToken};
use enkash_types::{
    AccountNumber, CardExpiry, CardNumber, Cvv, Endpoint, Page, Secret, Valid, masked, operation,
    read,
};
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
fn payments_that_break_every_rule() {
    assert_snapshot!(broken::<SubmitPayment>(json!({
        "orderId": ".",
        "paymentDetail": {
            "paymentMode": "CHEQUE",
            "amount": 0,
            "currency": "USD",
            "cardNumber": "4111 1111 1111 1111",
            "cvv": "12",
            "expiry": "13/29",
            "vpa": "asha",
            "accountNumber": "12345678",
            "ifsc": "kkbk0000432",
        },
    })), @r#"
    orderId: must not be "." or ".."
    paymentDetail.accountNumber: must be 9 to 36 characters
    paymentDetail.amount: must be at least 0.01 rupees
    paymentDetail.cardNumber: must be 12 to 19 digits without blanks
    paymentDetail.currency: must be one of: INR
    paymentDetail.cvv: must be 3 or 4 digits
    paymentDetail.expiry: must be month and year as MM/YY
    paymentDetail.ifsc: must be an IFSC: four capital letters, a zero, six capital letters or digits
    paymentDetail.paymentMode: must be one of: NET_BANKING UPI CREDIT_CARD DEBIT_CARD PREPAID_CARD PAY_LATER WALLET CORPORATE_CARD
    paymentDetail.vpa: must be a UPI address: a name, one @ and a handle, without blanks
    "#);
    assert_snapshot!(broken::<SubmitPayment>(json!({
        "orderId": "",
        "paymentDetail": {
            "paymentMode": "CREDIT_CARD",
            "amount": 0.001,
            "cardNumber": "4111111111111112",
            "cvv": "12a",
            "expiry": "12/2029",
            "ifsc": "KKBK0000432",
        },
    })), @"
    orderId: must not be empty
    paymentDetail.accountNumber: must be given, since ifsc is
    paymentDetail.amount: must have at most two decimals
    paymentDetail.cardHolderName: must be given for a card
    paymentDetail.cardNumber: must be the number of a card; a digit of it is wrong
    paymentDetail.cvv: must be 3 or 4 digits
    paymentDetail.expiry: must be month and year as MM/YY
    ");
    // What each mode needs.
    for (mode, needs) in [
        (PaymentMode::CreditCard, CARD),
        (PaymentMode::DebitCard, CARD),
        (PaymentMode::PrepaidCard, CARD),
        (PaymentMode::CorporateCard, CARD),
        (PaymentMode::NetBanking, BANK),
        (PaymentMode::Wallet, BANK),
        (PaymentMode::PayLater, PAY_LATER),
        (
            PaymentMode::Upi,
            "paymentDetail.vpa: must be given for UPI\n",
        ),
    ] {
        let nothing = json!({"orderId": "ORD1", "paymentDetail": {"paymentMode": mode}});
        assert_eq!(broken::<SubmitPayment>(nothing), needs, "{mode}");
    }
    assert_snapshot!(broken::<SubmitPayment>(json!({
        "orderId": "ORD1",
        "paymentDetail": {"paymentMode": "PAY_LATER", "bankCode": "", "bnplPaymentOptionId": ""},
    })), @"
    paymentDetail.bankCode: must be given for net banking, a wallet or pay-later
    paymentDetail.bnplPaymentOptionId: must be given for pay-later
    ");
}

const CARD: &str = "paymentDetail.cardHolderName: must be given for a card
paymentDetail.cardNumber: must be given for a card
paymentDetail.cvv: must be given for a card
paymentDetail.expiry: must be given for a card
";
const BANK: &str = "paymentDetail.bankCode: must be given for net banking, a wallet or pay-later\n";
const PAY_LATER: &str =
    "paymentDetail.bankCode: must be given for net banking, a wallet or pay-later
paymentDetail.bnplPaymentOptionId: must be given for pay-later
";

/// What the constructors make is all that the mode needs.
#[test]
fn payments_as_the_constructors_make_them() {
    for detail in [
        PaymentDetail::card(
            PaymentMode::DebitCard,
            "4111111111111111",
            "123",
            "12/29",
            "Asha R",
        ),
        PaymentDetail::upi("asha@examplebank"),
        PaymentDetail::net_banking("SBOK"),
        PaymentDetail::wallet("SBOK"),
        PaymentDetail::pay_later("1", "SBOK"),
    ] {
        let payment = SubmitPayment::new("ORD1", detail);
        assert!(Valid::check(payment.clone()).is_ok(), "{payment:?}");
    }
}

#[test]
fn questions_for_a_payment_that_break_every_rule() {
    let nothing = json!({"transactionId": ""});
    let parent = json!({"transactionId": ".."});
    assert_snapshot!(broken::<GetTransactionStatus>(nothing.clone()), @"transactionId: must not be empty");
    assert_snapshot!(broken::<GetTransactionStatus>(parent), @r#"transactionId: must not be "." or "..""#);
    assert_snapshot!(broken::<GetUpiTransactionStatus>(nothing.clone()), @"transactionId: must not be empty");
    assert_snapshot!(broken::<GetUpiIntentLinks>(nothing), @"transactionId: must not be empty");
    assert_snapshot!(broken::<GetDynamicUpiQr>(json!({"orderId": ""})), @"orderId: must not be empty");
    assert_snapshot!(broken::<ResendPaymentOtp>(json!({"enkashTransactionId": ""})), @"enkashTransactionId: must not be empty");
    assert_snapshot!(broken::<ValidatePaymentOtp>(json!({"ekPayId": "", "otp": ""})), @"
    ekPayId: must not be empty
    otp: must not be empty
    ");
    assert_snapshot!(broken::<VerifyUpiVpa>(json!({
        "merchantOrderId": "INV 2041",
        "merchantIdentifierKey": "",
        "vpa": "asha@",
    })), @"
    merchantIdentifierKey: must not be empty
    merchantOrderId: must be letters and digits only
    vpa: must be a UPI address: a name, one @ and a handle, without blanks
    ");
}

#[test]
fn refunds_that_break_every_rule() {
    assert_snapshot!(broken::<RefundPayment>(json!({
        "transactionId": "",
        "amount": "-100",
        "requestId": "",
    })), @"
    amount: must be at least 0.01 rupees
    requestId: must not be empty
    transactionId: must not be empty
    ");
    assert_snapshot!(broken::<RefundPayment>(json!({
        "transactionId": ".",
        "amount": 10.005,
        "requestId": "RFND2041",
    })), @r#"
    amount: must have at most two decimals
    transactionId: must not be "." or ".."
    "#);
}

#[test]
fn questions_for_settlements_that_break_every_rule() {
    assert_snapshot!(broken::<GetSettlementPayout>(json!({"settlementPayoutId": ""})), @"settlementPayoutId: must not be empty");
    assert_snapshot!(broken::<SearchSettlementPayouts>(json!({
        "limit": 5001,
        "direction": "UP",
        "settlementPayoutId": "",
        "totalSaleAmountFrom": 0,
        "totalSaleAmountTo": 0.009,
        "totalRefundAmountFrom": -1,
        "totalRefundAmountTo": -1,
        "totalChargesFrom": -1,
        "totalChargesTo": -0.0001,
        "totalGstFrom": -1,
        "totalGstTo": -1,
    })), @"
    direction: must be one of: ASC DESC
    limit: must be at most 5000
    settlementPayoutId: must not be empty
    totalChargesFrom: must not be below zero
    totalChargesTo: must not be below zero
    totalGstFrom: must not be below zero
    totalGstTo: must not be below zero
    totalRefundAmountFrom: must not be below zero
    totalRefundAmountTo: must not be below zero
    totalSaleAmountFrom: must be at least 0.01 rupees
    totalSaleAmountTo: must be at least 0.01 rupees
    ");
    assert_eq!(broken::<SearchSettlementPayouts>(json!({})), "none");
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
fn card_data() {
    assert_snapshot!(shown(&CardNumber::new("4111111111111111")), @r#"
    "411111XXXXXX1111"
    "411111XXXXXX1111"
    "#);
    assert_snapshot!(shown(&CardNumber::new("30569309025904")), @r#"
    "XXXXXXXXXX5904"
    "XXXXXXXXXX5904"
    "#);
    assert_snapshot!(shown(&CardNumber::new("4111-1111-1111-1111")), @r#"
    "[hidden]"
    "[hidden]"
    "#);
    assert_snapshot!(shown(&Cvv::new("987")), @r#"
    Cvv([hidden])
    "[hidden]"
    "#);
    assert_snapshot!(shown(&CardExpiry::new("11/29")), @r#"
    CardExpiry([hidden])
    "[hidden]"
    "#);
}

#[test]
fn payments_by_card_and_from_an_account() {
    let mut detail = PaymentDetail::card(
        PaymentMode::CreditCard,
        "4111111111111111",
        "987",
        "11/29",
        "Asha R",
    );
    detail.vpa = Some("asha@examplebank".into());
    detail.account_number = Some("123456789012".into());
    detail.ifsc = Some("KKBK0000432".into());
    assert_snapshot!(shown(&SubmitPayment::new("ORD1784195236818VZuxB", detail)), @r#"
    SubmitPayment { order_id: "ORD1784195236818VZuxB", payment_detail: PaymentDetail { payment_mode: CreditCard, amount: None, currency: None, card_holder_name: Some("Asha R"), card_number: Some("411111XXXXXX1111"), cvv: Some(Cvv([hidden])), expiry: Some(CardExpiry([hidden])), bank_code: None, bnpl_payment_option_id: None, vpa: Some("asha@examplebank"), account_number: Some("XXXXXXXX9012"), ifsc: Some("KKBK0000432") } }
    {"orderId":"ORD1784195236818VZuxB","paymentDetail":{"accountNumber":"XXXXXXXX9012","cardHolderName":"Asha R","cardNumber":"411111XXXXXX1111","cvv":"[hidden]","expiry":"[hidden]","ifsc":"KKBK0000432","paymentMode":"CREDIT_CARD","vpa":"asha@examplebank"}}
    "#);
}

#[test]
fn an_otp_and_its_answer() {
    assert_snapshot!(shown(&ValidatePaymentOtp::new("EK1743074262175e8KIO", "123456")), @r#"
    ValidatePaymentOtp { ek_pay_id: "EK1743074262175e8KIO", otp: [hidden], check_sum: None }
    {"ekPayId":"EK1743074262175e8KIO","otp":"[hidden]"}
    "#);
    assert_snapshot!(shown(&read::<OtpValidated>(json!({
        "publicIdentifierKey": "s3cr3t",
        "amount": "499.50",
        "txnStatus": "SUCCESS",
    }))), @r#"
    OtpValidated { unique_transaction_id: None, public_identifier_key: Some([hidden]), transaction_id: None, amount: Some("499.50"), currency: None, otp_reference_number: None, txn_message: None, txn_status: Some("SUCCESS"), txn_date: None, order_id: None, extra: {} }
    {"amount":"499.50","publicIdentifierKey":"[hidden]","txnStatus":"SUCCESS"}
    "#);
    assert_snapshot!(shown(&VerifyUpiVpa::new("INV2041", "s3cr3t", "asha@examplebank")), @r#"
    VerifyUpiVpa { merchant_order_id: "INV2041", merchant_identifier_key: [hidden], vpa: "asha@examplebank" }
    {"merchantIdentifierKey":"[hidden]","merchantOrderId":"INV2041","vpa":"asha@examplebank"}
    "#);
}

#[test]
fn a_payout_to_a_split_account() {
    assert_snapshot!(shown(&read::<Page<SettlementPayoutSummary>>(json!({
        "recordsCount": 1,
        "data": [{
            "totalCharges": 0.1176,
            "splitAccount": {"name": "Asha", "accountNumber": "123456789012"},
        }],
    }))), @r#"
    Page { records_count: Some(1), data: [SettlementPayoutSummary { settlement_payout_id: None, total_sale_amount: None, total_refund_amount: None, total_charges: Some(0.1176), total_gst: None, total_settlement_amount: None, refund_chargeback_amount: None, carry_forward_amount: None, adjustment_amount: None, payout_status: None, utr: None, remarks: None, merchant_name: None, payout_date: None, created_on: None, wallet_fund_adjustment: None, instant_settlement_charges: None, instant_settlement_gst: None, transactions_count: None, settlement_type: None, split_transaction_charges: None, split_transaction_gst: None, split_account: Some(PayoutSplitAccount { split_account_detail_id: None, name: Some("Asha"), label: None, account_number: Some("XXXXXXXX9012"), ifsc: None, extra: {} }), extra: {} }], extra: {} }
    {"data":[{"splitAccount":{"accountNumber":"XXXXXXXX9012","name":"Asha"},"totalCharges":0.1176}],"recordsCount":1}
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
