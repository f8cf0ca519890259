//! Every byte of every call.

use bytes::Bytes;
use enkash_transport::BaseUrl;
use enkash_transport::wire::{self, EncodeError, encode_fields};
use enkash_types::gateway::{
    Address, CreateMerchantToken, CreateOrder, CustomerDetail, GetOrderStatus, OrderPaymentDetail,
    RestrictedPaymentOptions,
};
use enkash_types::oauth::{PasswordGrant, RefreshGrant};
use enkash_types::rewards::CreateRewardSsoToken;
use enkash_types::{Endpoint as _, Header, Rupees};
use http::Request;
use insta::assert_snapshot;
use serde_json::{Map, Value};

use crate::encoded;

/// The request as HTTP/1.1 writes it. The version of this crate is left out.
fn text(request: &Request<Bytes>) -> String {
    let mut text = format!("{} {}\n", request.method(), request.uri());
    for (name, value) in request.headers() {
        text += &format!("{name}: {}\n", value.to_str().unwrap());
    }
    text += &format!("\n{}", str::from_utf8(request.body()).unwrap());
    text.replace(env!("CARGO_PKG_VERSION"), "VERSION")
}

#[test]
fn create_merchant_token() {
    let request = CreateMerchantToken::new("my access key", "my secret key");
    assert_snapshot!(text(&encoded(request)), @r#"
    POST https://host.example.in/base/api/v0/merchant/token
    accept: application/json
    user-agent: enkash-rust/VERSION
    content-type: application/json

    {"accessKey":"my access key","secretKey":"my secret key"}
    "#);
}

#[test]
fn password_grant() {
    let request = PasswordGrant::new("asha@example.in", "a&b=c d%+é", "CEKFOWV7UQ");
    assert_snapshot!(text(&encoded(request)), @r"
    POST https://host.example.in/base/oauth/token
    accept: application/json
    user-agent: enkash-rust/VERSION
    content-type: application/x-www-form-urlencoded

    clientId=CEKFOWV7UQ&grant_type=password&password=a%26b%3Dc+d%25%2B%C3%A9&username=asha%40example.in
    ");
}

#[test]
fn refresh_grant() {
    let request = RefreshGrant::new("my refresh token");
    assert_snapshot!(text(&encoded(request)), @r"
    POST https://host.example.in/base/oauth/token
    accept: application/json
    user-agent: enkash-rust/VERSION
    content-type: application/x-www-form-urlencoded

    grant_type=refresh_token&refresh_token=my+refresh+token
    ");
}

#[test]
fn create_reward_sso_token() {
    let request = CreateRewardSsoToken::new("CAQL8YCV3", "CEK1PU9AOO", "EKCDM5AVZY");
    let mut request = encoded(request);
    assert_snapshot!(text(&request), @r#"
    POST https://host.example.in/base/api/v0/partner/enKashCard/sso-token
    accept: application/json
    user-agent: enkash-rust/VERSION
    content-type: application/json

    {"cardAccountId":"CAQL8YCV3","companyId":"CEK1PU9AOO","enkashCardId":"EKCDM5AVZY"}
    "#);

    // What the client makes of it once the body is sealed.
    *request.body_mut() = wire::sealed("c2VhbGVk+/8=".to_owned());
    assert_snapshot!(text(&request), @r#"
    POST https://host.example.in/base/api/v0/partner/enKashCard/sso-token
    accept: application/json
    user-agent: enkash-rust/VERSION
    content-type: application/json

    {"request":"c2VhbGVk+/8="}
    "#);
}

#[test]
fn create_order_with_what_it_must_have() {
    let request = CreateOrder::new("INV2041", Rupees::from_paise(49_900));
    assert_snapshot!(text(&encoded(request)), @r#"
    POST https://host.example.in/base/api/v0/orders
    accept: application/json
    user-agent: enkash-rust/VERSION
    content-type: application/json

    {"orderId":"INV2041","amount":{"value":499,"currency":"INR"}}
    "#);
}

#[test]
fn create_order_with_all_there_is() {
    let mut address = Address::default();
    address.street_name = Some("12, \"Rose\" Street".into());
    address.city = Some("Pune".into());
    address.state = Some("Maharashtra".into());
    address.country = Some("India".into());
    address.zipcode = Some("411001".into());

    let mut customer = CustomerDetail::default();
    customer.first_name = Some("प्रिया".into());
    customer.last_name = Some("Rao".into());
    customer.address = Some(address);
    customer.email = Some("priya@example.in".into());
    customer.phone_number = Some("0000000000".into());

    let mut options = RestrictedPaymentOptions::default();
    options.net_banking = Some(vec!["HDFC".into()]);
    options.credit_card = Some(vec!["VISA".into(), "RUPAY".into()]);
    options.debit_card = Some(vec!["RUPAY".into()]);
    options.prepaid_card = Some(vec![]);
    options.corporate_card = Some(vec!["AMEX".into()]);
    options.upi = true;
    options.wallet = Some(vec!["W1".into()]);

    let mut order = CreateOrder::new("INV2041", Rupees::from_paise(1_234_567));
    order.return_url = Some("https://shop.example.in/thanks?cart=7&x=%20".into());
    order.notify_url = Some("https://shop.example.in/enkash".into());
    order.customer_info = Some(customer);
    order.custom_parameters = Some([("till".into(), "4".into())].into());
    order.description = Some("Two shirts\nand a scarf".into());
    order.payment_detail = Some(OrderPaymentDetail::new("123456789012", "HDFC0001234"));
    order.restricted_payment_options = Some(options);
    assert_snapshot!(text(&encoded(order)), @r#"
    POST https://host.example.in/base/api/v0/orders
    accept: application/json
    user-agent: enkash-rust/VERSION
    content-type: application/json

    {"orderId":"INV2041","amount":{"value":12345.67,"currency":"INR"},"returnUrl":"https://shop.example.in/thanks?cart=7&x=%20","notifyUrl":"https://shop.example.in/enkash","customerInfo":{"firstName":"प्रिया","lastName":"Rao","address":{"streetName":"12, \"Rose\" Street","city":"Pune","state":"Maharashtra","country":"India","zipcode":"411001"},"email":"priya@example.in","phoneNumber":"0000000000"},"customParameters":{"till":"4"},"description":"Two shirts\nand a scarf","paymentDetail":{"accountNumber":"123456789012","ifsc":"HDFC0001234"},"restrictedPaymentOptions":{"NETBANKING":["HDFC"],"CREDIT_CARD":["VISA","RUPAY"],"DEBIT_CARD":["RUPAY"],"PREPAID_CARD":[],"CORPORATE_CARD":["AMEX"],"UPI":null,"WALLET":["W1"]}}
    "#);
}

#[test]
fn get_order_status() {
    assert_snapshot!(text(&encoded(GetOrderStatus::new("ORD1784195236818VZuxB"))), @r"
    GET https://host.example.in/base/api/v0/orders/ORD1784195236818VZuxB
    accept: application/json
    user-agent: enkash-rust/VERSION
    ");
    assert_snapshot!(text(&encoded(GetOrderStatus::new("a/b?c#d%2F e.~_-é"))), @r"
    GET https://host.example.in/base/api/v0/orders/a%2Fb%3Fc%23d%252F%20e.~_-%C3%A9
    accept: application/json
    user-agent: enkash-rust/VERSION
    ");
}

#[test]
fn an_id_that_would_change_the_address_is_refused() {
    let base: BaseUrl = "https://host.example.in".parse().unwrap();
    let mut fields = Map::new();
    for value in [Value::Null, "".into(), ".".into(), "..".into(), 7.into()] {
        fields.insert("orderId".into(), value);
        let error = encode_fields(&base, GetOrderStatus::OPERATION, fields.clone());
        assert_eq!(error.unwrap_err(), EncodeError::PathField("orderId"));
    }
    assert_snapshot!(EncodeError::PathField("orderId"), @r#"orderId: stands in the address, so it must be a text and not empty, "." or "..""#);
}

#[test]
fn fields_of_a_read_that_are_not_in_the_path_go_into_the_query() {
    let mut search = GetOrderStatus::OPERATION.clone();
    search.path = "/orders/{orderId}/payments";
    let search = Box::leak(Box::new(search));
    let base: BaseUrl = "https://host.example.in".parse().unwrap();
    let fields = |json| serde_json::from_str(json).unwrap();
    let json = r#"{"orderId":"a b","from":"2026-04-01 10:00","page":2,"paid":true,"none":null}"#;
    let request = encode_fields(&base, search, fields(json)).unwrap();
    assert_snapshot!(text(&request), @r"
    GET https://host.example.in/orders/a%20b/payments?from=2026-04-01+10%3A00&page=2&paid=true
    accept: application/json
    user-agent: enkash-rust/VERSION
    ");

    let json = r#"{"orderId":"a","filter":{"paid":true}}"#;
    let error = encode_fields(&base, search, fields(json)).unwrap_err();
    assert_snapshot!(error, @"filter: must be a text, a number, true or false");
}

#[test]
fn what_says_who_is_asking() {
    let bearer = wire::bearer(&"AbC.dEf==".into()).unwrap();
    assert_eq!(bearer, "Bearer AbC.dEf==");
    // RFC 7617, section 2.
    let basic = wire::basic("Aladdin", &"open sesame".into()).unwrap();
    assert_eq!(basic, "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
    let (name, key) = wire::companion(Header::MerchantAccessKey, &"my key".into()).unwrap();
    assert_eq!(
        (name.as_str(), key.to_str().unwrap()),
        ("merchantaccesskey", "my key")
    );
    let (name, id) = wire::companion(Header::PartnerId, &"my id".into()).unwrap();
    assert_eq!(
        (name.as_str(), id.to_str().unwrap()),
        ("partnerid", "my id")
    );
    for value in [bearer, basic, key, id] {
        assert_eq!(format!("{value:?}"), "Sensitive");
    }

    let error = wire::bearer(&"s3cret\r\nX-Admin: yes".into()).unwrap_err();
    assert_snapshot!(error, @"Authorization: goes into a header, so it must be printable ASCII");
    let error = wire::companion(Header::PartnerId, &"s3crét\n".into()).unwrap_err();
    assert_snapshot!(error, @"partnerId: goes into a header, so it must be printable ASCII");
}
