//! The calls of EnKash's own browser checkout, as its script makes them from a merchant's page.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use enkash_sandbox::{Config, Sandbox};
use enkash_types::gateway::{CreatedOrder, CustomerDetail, OrderStatus};
use http::header::{ALLOW, HeaderMap, ORIGIN};
use http::{Request, Response};
use serde_json::{Value, json};

use crate::client::{Client, control, does, order, start, start_with};
use crate::pay_page::Payer;
use crate::server::exchange;

const SHOP: &str = "http://localhost:5173";

/// A script on a page of the shop.
struct Script<'a> {
    sandbox: &'a Sandbox,
    /// What `GET /pay/checkout/{orderId}` has answered.
    order: Value,
}

async fn send(sandbox: &Sandbox, method: &str, path: &str, body: &Value) -> Response<Bytes> {
    let body = match body {
        Value::Null => Bytes::new(),
        body => body.to_string().into(),
    };
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(ORIGIN, SHOP)
        .body(body)
        .unwrap();
    sandbox.handle(request).await.unwrap()
}

async fn call(sandbox: &Sandbox, method: &str, path: &str, body: Value) -> (u16, Value) {
    let response = send(sandbox, method, path, &body).await;
    let allowed = &response.headers()["access-control-allow-origin"];
    assert_eq!(allowed, SHOP, "every answer can be read, {method} {path}");
    let answer = serde_json::from_slice(response.body()).unwrap();
    (response.status().as_u16(), answer)
}

fn payload((status, answer): (u16, Value)) -> Value {
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["response_code"], 0, "{answer}");
    assert_eq!(answer["response_message"], "Success");
    answer["payload"].clone()
}

/// What a call below `/pay/charge/` answers.
fn bare((status, answer): (u16, Value)) -> Value {
    assert_eq!(status, 200, "{answer}");
    assert_eq!(answer["resultCode"], 0, "{answer}");
    answer
}

fn in_base64(text: &str) -> String {
    STANDARD.encode(text)
}

fn card(number: &str) -> Value {
    json!({
        "paymentMode": "CREDIT_CARD",
        "cardNumber": in_base64(number),
        "cvv": in_base64("737"),
        "expiry": in_base64("12/30"),
        "cardHolderName": "Asha Rao",
        "saveCard": false,
        "paymentToken": null,
        "paymentType": "NEW_CARD",
    })
}

impl<'a> Script<'a> {
    async fn begin(sandbox: &'a Sandbox, created: &CreatedOrder) -> Self {
        let id = created.order_id.as_ref().unwrap();
        let order = call(sandbox, "GET", &format!("/pay/checkout/{id}"), Value::Null).await;
        Self {
            sandbox,
            order: payload(order),
        }
    }

    fn id(&self) -> &str {
        self.order["transactionId"].as_str().unwrap()
    }

    async fn charge(&self, detail: Value) -> (u16, Value) {
        let body = json!({
            "uniqueTransactionId": self.order["uniqueTransactionId"],
            "publicIdentifierKey": self.order["publicIdentifierKey"],
            "transactionId": self.order["transactionId"],
            "paymentDetail": detail,
            "surcharge": "0.00",
            "surchargeGst": 18,
            "popupMode": true,
        });
        call(self.sandbox, "POST", "/pay/charge/process", body).await
    }

    /// How a payment stands: the order's state, and its own.
    async fn stands(&self, id: &str) -> (String, String) {
        let path = format!("/api/v0/transactions/{id}/minimal");
        let minimal = payload(call(self.sandbox, "GET", &path, Value::Null).await);
        let text = |name: &str| minimal[name].as_str().unwrap().to_owned();
        (text("orderStatus"), text("status"))
    }

    async fn post_back(&self, call_name: &str, body: Value) -> (u16, Value) {
        call(
            self.sandbox,
            "PATCH",
            &format!("/pay/charge/{call_name}"),
            body,
        )
        .await
    }
}

fn is(order: &str, payment: &str) -> (String, String) {
    (order.to_owned(), payment.to_owned())
}

#[tokio::test]
async fn the_checkout_of_an_order_says_how_it_can_be_paid() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = order("INV1");
    request.return_url = Some("https://shop.example.in/thanks".into());
    let created = client.call(request).await.unwrap();
    let script = Script::begin(&sandbox, &created).await;
    let mut read = script.order.clone();
    let fields = read.as_object_mut().unwrap();
    let id = fields.remove("transactionId").unwrap();
    assert!(id.as_str().unwrap().starts_with("EK1767225600000"), "{id}");
    assert!(fields.remove("uniqueTransactionId").unwrap().is_string());
    let banks = fields.remove("netBankingList").unwrap();
    assert_eq!(
        banks[1],
        json!({"code": "SBOK", "name": "Sandbox Bank", "image": null, "netBankingAccountType": null})
    );
    assert_eq!(fields.remove("topNetBankingList").unwrap(), banks);
    let wallets = fields.remove("walletList").unwrap();
    assert_eq!(wallets[1], json!({"code": "SBOK", "name": "Sandbox Bank"}));
    let url = sandbox.url();
    assert_eq!(
        read,
        json!({
            "publicIdentifierKey": "sandbox-access-key",
            "amount": 499.5,
            "totalAmount": 499.5,
            "surcharges": {},
            "surchargeGst": 18,
            "merchantInfo": {
                "merchantName": "EnKash sandbox",
                "checkoutLogo": null,
                "checkoutColorScheme": null,
                "hideAppIntentLinks": false,
                "upiVpaEnabled": false,
            },
            "upi": true,
            "upiQrCodeEnabled": true,
            "creditCard": true,
            "debitCard": true,
            "prepaidCard": true,
            "corporateCard": true,
            "netBanking": true,
            "wallet": true,
            "payLater": false,
            "points": false,
            "savedCards": false,
            "connectedBanking": false,
            "multiplePaymentOption": false,
            "anyPaymentModeActive": true,
            "creditCardSchemes": [],
            "debitCardSchemes": [],
            "prepaidCardSchemes": [],
            "corporateCardSchemes": [],
            "cardSchemesSupported": ["VISA", "MASTERCARD", "RUPAY", "AMEX", "DINERS"],
            "upiCollectTimeout": 5,
            "paymentAttemptLeft": true,
            "name": null,
            "phone": null,
            "skipContactInfo": false,
            "checkoutProcessURL": format!("{url}/pay/charge/process"),
            "checkoutCancelURL": format!("{url}/pay/charge/cancel"),
            "returnURL": "https://shop.example.in/thanks",
            "error": null,
        })
    );
    assert_eq!(client.status(&created).await, OrderStatus::CheckoutRendered);
    let again = Script::begin(&sandbox, &created).await;
    assert_eq!(again.order["transactionId"], id, "until it is used");
}

#[tokio::test]
async fn an_orders_limits_and_payer_are_told() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = order("INV1");
    let options = json!({"CREDIT_CARD": ["VISA"], "WALLET": ["PAYTM"]});
    request.restricted_payment_options = Some(serde_json::from_value(options).unwrap());
    let mut payer = CustomerDetail::default();
    payer.first_name = Some("Asha".into());
    payer.phone_number = Some("9000000000".into());
    request.customer_info = Some(payer);
    let created = client.call(request).await.unwrap();
    let read = Script::begin(&sandbox, &created).await.order;
    for (field, value) in [
        ("upi", json!(false)),
        ("creditCard", json!(true)),
        ("debitCard", json!(false)),
        ("netBanking", json!(false)),
        ("creditCardSchemes", json!(["VISA"])),
        ("walletList", json!([{"code": "PAYTM", "name": "PAYTM"}])),
        ("name", json!("Asha")),
        ("phone", json!("9000000000")),
        ("skipContactInfo", json!(true)),
    ] {
        assert_eq!(read[field], value, "{field}");
    }
}

#[tokio::test]
async fn a_card_pays_after_its_otp_page() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client.order("INV1").await;
    let script = Script::begin(&sandbox, &created).await;

    let bin = format!(
        "/api/v0/bin/details?bin=4111111111&transactionId={}",
        script.id()
    );
    assert_eq!(
        payload(call(&sandbox, "GET", &bin, Value::Null).await),
        json!({
            "cardSchemeType": "VISA", "cardType": "CREDIT", "bankName": "Sandbox Bank",
            "bankEntityName": "Sandbox Bank", "pgCode": "SANDBOX",
        })
    );
    let charged = bare(script.charge(card("4111111111111111")).await);
    assert_eq!(charged["transactionId"], script.id());
    assert_eq!(charged["renderOtpPage"], true);
    assert_eq!(charged["transactionStatus"], "CREATED");
    for (field, nothing) in [
        ("dauth", json!(false)),
        ("error", json!(null)),
        ("iframe", json!(null)),
        ("transactionUuid", json!(null)),
        ("rupay", json!(false)),
    ] {
        assert_eq!(charged[field], nothing, "{field}");
    }
    assert_eq!(script.stands(script.id()).await, is("ATTEMPTED", "CREATED"));

    // The tab that the script has opened.
    let page = charged["redirectionUrl"].as_str().unwrap();
    assert!(page.starts_with(&sandbox.url()), "{page}");
    let payer = Payer::of(&sandbox, &created);
    let seen = payer.get(page).await;
    let otp = page.replace("?", "/otp?");
    let otp = otp.trim_start_matches(&sandbox.url());
    assert!(seen.text.contains(otp), "{}", seen.text);
    payer.post(otp, &[("otp", "123456")]).await;
    let end = payer.get(page).await;
    assert!(end.text.contains("data-close=\"yes\""), "{}", end.text);
    assert!(end.text.contains("You can close this window."));

    assert_eq!(script.stands(script.id()).await, is("PAID", "SUCCESS"));
    assert_eq!(client.status(&created).await, OrderStatus::Paid);
    let path = format!("/api/v0/transactions/{}/minimal", script.id());
    let minimal = payload(call(&sandbox, "GET", &path, Value::Null).await);
    assert_eq!(
        minimal,
        json!({
            "orderId": created.order_id,
            "orderStatus": "PAID",
            "status": "SUCCESS",
            "paymentAttemptLeft": false,
            "uniqueTransactionId": script.order["uniqueTransactionId"],
            "transactionId": script.id(),
            "checksum": "sandbox-no-checksum",
            "amount": "499.50",
            "finalAmount": "499.50",
            "transactionAmount": "499.50",
            "currency": "INR",
            "paymentMode": "CREDIT_CARD",
            "txnDate": "2026-01-01 05:30:00",
            "txnMessage": "Completed.",
            "transactionMessage": "Completed.",
            "customParameters": null,
        })
    );
    let (status, over) = script.charge(card("4111111111111111")).await;
    assert_eq!((status, &over["resultCode"]), (409, &json!(409)));
}

#[tokio::test]
async fn what_is_wrong_leaves_the_payment_open() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client.order("INV1").await;
    let script = Script::begin(&sandbox, &created).await;
    let with = |field: &str, value: Value| {
        let mut card = card("4111111111111111");
        card[field] = value;
        card
    };
    for (detail, message) in [
        (
            with("cardNumber", json!(in_base64("4111111111111112"))),
            "cardNumber: Check the card number: a digit of it is wrong",
        ),
        (
            with("cardNumber", json!("4111111111111111!")),
            "cardNumber: must be in base64",
        ),
        (
            with("expiry", json!(in_base64("12/25"))),
            "expiry: This card has expired",
        ),
        (with("cvv", Value::Null), "cvv: Enter the CVV"),
        (
            with("cardHolderName", json!("")),
            "cardHolderName: Enter the name on the card",
        ),
        (
            with("paymentMode", json!("DEBIT_CARD")),
            "Card scheme type is invalid",
        ),
        (
            json!({"paymentMode": "NET_BANKING", "bankCode": "NONE"}),
            "bankCode: is not among those of NET_BANKING of this order",
        ),
        (
            json!({"paymentMode": "UPI"}),
            "paymentMode: must be net banking, a wallet or a card here",
        ),
    ] {
        let (status, answer) = script.charge(detail).await;
        assert_eq!(status, 200);
        assert_eq!(answer["resultCode"], 156, "{answer}");
        assert_eq!(answer["resultMessage"], message);
        assert_eq!(answer["transactionId"], script.id());
    }
    let read = client.read(&created).await;
    assert_eq!(read.transactions.unwrap(), [], "nothing was tried");
    let charged = bare(script.charge(card("4111111111111111")).await);
    assert_eq!(charged["transactionId"], script.id());

    let mut body = json!({
        "uniqueTransactionId": "EK0", "publicIdentifierKey": script.order["publicIdentifierKey"],
        "transactionId": script.id(), "paymentDetail": card("4111111111111111"),
    });
    let process = "/pay/charge/process";
    let (status, _) = call(&sandbox, "POST", process, body.clone()).await;
    assert_eq!(status, 422, "another uniqueTransactionId");
    body["uniqueTransactionId"] = script.order["uniqueTransactionId"].clone();
    body["publicIdentifierKey"] = json!("another");
    let (status, _) = call(&sandbox, "POST", process, body.clone()).await;
    assert_eq!(status, 403, "another key");
    body["transactionId"] = json!("EK0");
    let (status, _) = call(&sandbox, "POST", process, body).await;
    assert_eq!(status, 404);
    let (status, _) = call(&sandbox, "POST", process, json!({"transactionId": 1})).await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn banks_and_wallets_pay_in_a_tab_or_at_once() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let payer_of = |created: &CreatedOrder| Payer::of(&sandbox, created);
    for (number, mode) in ["NET_BANKING", "WALLET"].into_iter().enumerate() {
        let created = client.order(&format!("INV{number}")).await;
        let script = Script::begin(&sandbox, &created).await;
        let detail = |code: &str| json!({"paymentMode": mode, "bankCode": code});

        let failed = bare(script.charge(detail("SBNO")).await);
        assert_eq!(failed["transactionStatus"], "FAILED");
        assert_eq!(failed["error"], "Declined.");
        assert_eq!(script.stands(script.id()).await, is("ATTEMPTED", "FAILED"));

        let asked = bare(script.charge(detail("SBAS")).await);
        let id = asked["transactionId"].as_str().unwrap();
        assert_ne!(id, script.id(), "another payment of the same order");
        let page = asked["redirectionUrl"].as_str().unwrap();
        let payer = payer_of(&created);
        assert!(payer.get(page).await.text.contains("Approve this payment?"));
        payer.post(&page.replace("?", "/approve?"), &[]).await;
        assert!(payer.get(page).await.text.contains("data-close"));
        assert_eq!(script.stands(id).await, is("PAID", "SUCCESS"));
    }

    let created = client.order("INV9").await;
    let script = Script::begin(&sandbox, &created).await;
    let detail = json!({"paymentMode": "NET_BANKING", "bankCode": "SBOK"});
    let charged = bare(script.charge(detail).await);
    assert_eq!(charged["transactionStatus"], "SUCCESS");
    let page = charged["redirectionUrl"].as_str().unwrap();
    let end = payer_of(&created).get(page).await;
    assert!(end.text.contains("data-close"), "{}", end.text);
}

#[tokio::test]
async fn a_upi_app_is_opened_by_its_link() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client.order("INV1").await;
    let script = Script::begin(&sandbox, &created).await;
    let path = format!("/pay/checkout/upi-detail/{}", script.id());
    let links = payload(call(&sandbox, "GET", &path, Value::Null).await);
    assert!(links["gpay"].is_string(), "{links}");

    let intent = |app: &str, mode: &str| {
        let body = json!({"transactionId": script.id(), "paymentMode": mode, "bankCode": app});
        call(&sandbox, "POST", "/pay/charge/intent-transaction", body)
    };
    let (_, wrong) = intent("barter", "UPI").await;
    assert_eq!(wrong["resultCode"], 156, "{wrong}");
    let (_, wrong) = intent("gpay", "WALLET").await;
    assert_eq!(wrong["resultCode"], 156, "{wrong}");
    let begun = bare(intent("gpay", "UPI").await);
    assert_eq!(begun["transactionId"], script.id());
    let other = bare(intent("paytm", "UPI").await);
    assert_eq!(other["transactionId"], script.id(), "the same payment");

    let status = async || {
        let path = format!("/pay/checkout/status/upi/{}", script.id());
        payload(call(&sandbox, "GET", &path, Value::Null).await)["status"].clone()
    };
    assert_eq!(status().await, "PROCESS");
    let approve = format!("payments/{}/approve", script.id());
    does(&sandbox, &approve, Value::Null).await;
    assert_eq!(status().await, "SUCCESS");
    assert_eq!(script.stands(script.id()).await, is("PAID", "SUCCESS"));
}

#[tokio::test]
async fn a_code_that_is_shown_does_not_keep_a_payer_from_a_card() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let script = Script::begin(&sandbox, &client.order("INV1").await).await;
    let path = format!("/pay/checkout/qrcode/{}", script.id());
    let qr = payload(call(&sandbox, "GET", &path, Value::Null).await);
    assert!(qr["qrCode"].is_string());
    let shown = qr["ekPayId"].as_str().unwrap();

    let charged = bare(script.charge(card("4111111111111111")).await);
    let paid = charged["transactionId"].as_str().unwrap();
    let approve = format!("payments/{paid}/approve");
    does(&sandbox, &approve, Value::Null).await;
    assert_eq!(script.stands(paid).await, is("PAID", "SUCCESS"));
    assert_eq!(script.stands(shown).await, is("PAID", "CANCELLED"));
}

#[tokio::test]
async fn a_payment_and_an_order_can_be_given_up() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client.order("INV1").await;
    let script = Script::begin(&sandbox, &created).await;
    let ids = json!({"transactionId": script.id(), "remark": "timeout"});

    bare(script.charge(card("4111111111111111")).await);
    bare(script.post_back("expire", ids.clone()).await);
    assert_eq!(script.stands(script.id()).await, is("ATTEMPTED", "FAILED"));
    let (status, _) = script.post_back("expire", ids.clone()).await;
    assert_eq!(status, 409, "it is over");

    let charged = bare(script.charge(card("4111111111111111")).await);
    let id = charged["transactionId"].clone();
    bare(
        script
            .post_back("cancel", json!({"transactionId": id, "remark": "x"}))
            .await,
    );
    let stands = script.stands(id.as_str().unwrap()).await;
    assert_eq!(stands, is("ATTEMPTED", "CANCELLED"));

    let why = json!({"transactionId": script.id(), "reason": "customer_cancelled"});
    bare(script.post_back("order/cancel", why).await);
    assert_eq!(client.status(&created).await, OrderStatus::Cancelled);
    let path = format!("/pay/checkout/{}", created.order_id.unwrap());
    let (status, answer) = call(&sandbox, "GET", &path, Value::Null).await;
    assert_eq!(status, 409);
    assert_eq!(answer["response_message"], "the order is CANCELLED already");
}

#[tokio::test]
async fn the_payer_says_who_he_is() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client.order("INV1").await;
    let script = Script::begin(&sandbox, &created).await;
    let path = format!("/pay/checkout/customer-info/{}", script.id());
    let set = |mobile: &str, email: Value, key: &str| {
        let body = json!({
            "customerMobile": mobile, "customerEmail": email, "merchantAccessKey": key,
        });
        call(&sandbox, "PATCH", &path, body)
    };
    let key = "sandbox-access-key";
    let told = payload(set("9000000000", json!("asha@example.in"), key).await);
    assert_eq!(
        told,
        json!({
            "customerMobile": "9000000000", "phoneNumber": "9000000000", "firstName": null,
            "address": null,
        })
    );
    let info = client.read(&created).await.customer_info.unwrap();
    assert_eq!(info.phone_number.unwrap().as_str(), "9000000000");
    assert_eq!(info.email.unwrap().as_str(), "asha@example.in");
    payload(set("6000000000", Value::Null, key).await);
    let info = client.read(&created).await.customer_info.unwrap();
    assert_eq!(info.email.unwrap().as_str(), "asha@example.in", "is kept");

    for mobile in [
        "5000000000",
        "900000000",
        "90000000001",
        "+919000000000",
        "",
    ] {
        let (status, _) = set(mobile, Value::Null, key).await;
        assert_eq!(status, 422, "{mobile}");
    }
    let (status, _) = set("9000000000", json!("asha"), key).await;
    assert_eq!(status, 422);
    let (status, _) = set("9000000000", Value::Null, "another").await;
    assert_eq!(status, 403);
}

#[tokio::test]
async fn a_bin_is_ten_digits_of_a_payments_card() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let script = Script::begin(&sandbox, &client.order("INV1").await).await;
    let ask = async |bin: &str, id: &str| {
        let path = format!("/api/v0/bin/details?bin={bin}&transactionId={id}");
        call(&sandbox, "GET", &path, Value::Null).await
    };
    let (_, debit) = ask("6521111111111110", script.id()).await;
    assert_eq!(debit["payload"]["cardSchemeType"], "RUPAY");
    assert_eq!(debit["payload"]["cardType"], "DEBIT");
    let (_, unknown) = ask("9999999999", script.id()).await;
    assert_eq!(unknown["payload"]["cardSchemeType"], Value::Null);
    for bin in ["411111111", "41111111111111111111", "4111-11111", ""] {
        assert_eq!(ask(bin, script.id()).await.0, 422, "{bin}");
    }
    assert_eq!(ask("4111111111", "EK0").await.0, 404);
}

#[tokio::test]
async fn nothing_of_a_card_or_key_is_logged() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let script = Script::begin(&sandbox, &client.order("INV1").await).await;
    let bin = format!(
        "/api/v0/bin/details?bin=4111111111111111&transactionId={}",
        script.id()
    );
    call(&sandbox, "GET", &bin, Value::Null).await;
    script.charge(card("4111111111111111")).await;
    script.charge(card("4111111111111112")).await;
    let broken = json!({"cardNumber": in_base64("4111111111111111")});
    call(&sandbox, "POST", "/pay/charge/process", broken).await;

    let (_, calls) = control(&sandbox, "GET", "calls", Value::Null).await;
    let text = calls.to_string();
    for secret in ["4111111111", "12/30", "sandbox-access-key", "Asha"] {
        assert!(!text.contains(secret), "{secret} is in {text}");
        let secret = in_base64(secret);
        let secret = secret.trim_end_matches('=');
        assert!(!text.contains(&secret[..secret.len() - 1]), "{secret}");
    }
    // Three digits may stand in any id or time; the CVV would stand by itself.
    for cvv in ["737".to_owned(), in_base64("737")] {
        for cvv in [format!("\"{cvv}\""), format!("={cvv}")] {
            assert!(!text.contains(&cvv), "{cvv} is in {text}");
        }
    }
    let charge = calls["calls"]
        .as_array()
        .unwrap()
        .iter()
        .find(|call| call["path"] == "/pay/charge/process" && call["request"].is_object());
    let shown = &charge.unwrap()["request"]["paymentDetail"];
    assert_eq!(shown["paymentMode"], "CREDIT_CARD");
    assert_eq!(shown["cardNumber"], "[hidden]");
}

#[tokio::test]
async fn other_methods_are_refused() {
    let sandbox = start().await;
    for (method, path, allowed) in [
        ("POST", "/pay/checkout/ORD1", "GET"),
        ("GET", "/pay/charge/process", "POST"),
        ("POST", "/pay/charge/order/cancel", "PATCH"),
        ("POST", "/api/v0/bin/details", "GET"),
    ] {
        let refused = send(&sandbox, method, path, &Value::Null).await;
        assert_eq!(refused.status(), 405, "{path}");
        assert_eq!(refused.headers()[ALLOW], allowed);
    }
    for path in ["/pay/charge/refund", "/api/v0/bin", "/pay/checkout"] {
        let nothing = send(&sandbox, "GET", path, &Value::Null).await;
        assert_eq!(nothing.status(), 404, "{path}");
    }
}

/// The head of an answer over TCP: its status and its header lines.
async fn over_tcp(
    sandbox: &Sandbox,
    method: &str,
    path: &str,
    lines: &[(&str, &str)],
) -> (u16, HeaderMap) {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in lines {
        request = request.header(*name, *value);
    }
    let request = request.body(Bytes::new()).unwrap();
    let answer = exchange(sandbox, &request).await.unwrap();
    let answer = String::from_utf8(answer).unwrap();
    let (head, _) = answer.split_once("\r\n\r\n").unwrap();
    let mut lines = head.lines();
    let status = lines.next().unwrap().split(' ').nth(1).unwrap();
    let headers = lines.map(|line| {
        let (name, value) = line.split_once(": ").unwrap();
        (
            name.parse::<http::HeaderName>().unwrap(),
            value.parse().unwrap(),
        )
    });
    (status.parse().unwrap(), headers.collect())
}

const PREFLIGHT: [(&str, &str); 2] = [
    ("access-control-request-method", "PATCH"),
    ("access-control-request-headers", "content-type"),
];

#[tokio::test]
async fn a_browser_lets_a_page_of_this_machine_call() {
    let sandbox = start().await;
    for origin in [
        "http://localhost:5173",
        "http://127.0.0.1:3000",
        "http://[::1]",
    ] {
        let lines = [&[("origin", origin)][..], &PREFLIGHT].concat();
        let path = "/pay/charge/order/cancel";
        let (status, headers) = over_tcp(&sandbox, "OPTIONS", path, &lines).await;
        assert_eq!(status, 204, "{origin}");
        assert_eq!(headers["access-control-allow-origin"], origin);
        let methods = headers["access-control-allow-methods"].to_str().unwrap();
        assert!(methods.contains("PATCH"));
        assert_eq!(headers["vary"], "origin");
        assert!(!headers.contains_key("access-control-allow-credentials"));
    }
    let (_, calls) = control(&sandbox, "GET", "calls", Value::Null).await;
    assert_eq!(calls["calls"], json!([]), "a question is no call");

    // A declared operation that a browser calls, and one that none does.
    let page = [("origin", SHOP)];
    let (_, headers) = over_tcp(&sandbox, "GET", "/pay/checkout/qrcode/ORD1", &page).await;
    assert_eq!(headers["access-control-allow-origin"], SHOP);
    let (_, headers) = over_tcp(&sandbox, "GET", "/api/v0/orders/ORD1", &page).await;
    assert!(!headers.contains_key("access-control-allow-origin"));
}

#[tokio::test]
async fn pages_of_other_origins_may_not_call_unless_they_are_named() {
    let elsewhere = [("origin", "https://shop.example.in")];
    let asking = [&elsewhere[..], &PREFLIGHT].concat();
    let path = "/pay/charge/order/cancel";

    let sandbox = start().await;
    for (method, lines) in [("OPTIONS", &asking[..]), ("PATCH", &elsewhere)] {
        let (status, headers) = over_tcp(&sandbox, method, path, lines).await;
        assert_eq!(status, 403, "{method}");
        assert!(!headers.contains_key("access-control-allow-origin"));
    }
    let (status, _) = over_tcp(&sandbox, "GET", "/pay/checkout/ORD1", &[]).await;
    assert_eq!(status, 404, "a caller that is no page");
    let (status, _) = over_tcp(&sandbox, "GET", "/pay/checkout/ORD1", &[("origin", "null")]).await;
    assert_eq!(status, 403);

    let config = Config::new().with_checkout_origins(["https://shop.example.in"]);
    let sandbox = start_with(config).await;
    let (status, headers) = over_tcp(&sandbox, "OPTIONS", path, &asking).await;
    assert_eq!(status, 204);
    assert_eq!(
        headers["access-control-allow-origin"],
        "https://shop.example.in"
    );
    let (status, _) = over_tcp(&sandbox, "GET", "/pay/checkout/ORD1", &[("origin", SHOP)]).await;
    assert_eq!(status, 403, "those alone that are named");
}
