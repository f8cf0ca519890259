//! The page on which an order is paid, as a browser without scripts uses it.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use enkash_sandbox::{Config, Sandbox};
use enkash_types::gateway::{CreateOrder, CreatedOrder, OrderStatus};
use enkash_types::strategies::repeatable;
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use http::{Request, Response};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::client::{Client, control, does, order, start, start_with};

/// A payer's browser.
pub(crate) struct Payer<'a> {
    sandbox: &'a Sandbox,
    /// The order's page.
    page: String,
}

/// What a browser is shown.
pub(crate) struct Seen {
    status: u16,
    headers: http::HeaderMap,
    pub(crate) text: String,
}

impl Seen {
    /// Where the browser is sent.
    fn to(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.text);
        self.headers[LOCATION].to_str().unwrap()
    }

    #[track_caller]
    fn shows(&self, text: &str) -> &Self {
        assert!(self.text.contains(text), "{text:?} is not in {}", self.text);
        self
    }

    #[track_caller]
    fn hides(&self, text: &str) -> &Self {
        assert!(!self.text.contains(text), "{text:?} is in {}", self.text);
        self
    }

    /// The fields that the browser brings to the shop.
    fn brings(&self) -> BTreeMap<String, String> {
        let (address, query) = self.to().split_once('?').unwrap();
        assert_eq!(address, SHOP);
        serde_urlencoded::from_str(query).unwrap()
    }
}

const SHOP: &str = "https://shop.example.in/thanks";

const CARD: [(&str, &str); 4] = [
    ("number", "4111 1111 1111 1111"),
    ("expiry", "12/30"),
    ("cvv", "737"),
    ("holder", "Asha Rao"),
];

fn card(number: &'static str) -> [(&'static str, &'static str); 4] {
    let mut card = CARD;
    card[0].1 = number;
    card
}

impl<'a> Payer<'a> {
    pub(crate) fn of(sandbox: &'a Sandbox, created: &CreatedOrder) -> Self {
        let page = created.redirection_url.as_ref().unwrap().to_string();
        Self { sandbox, page }
    }

    /// Follows an address, whole or from the sandbox's root on.
    pub(crate) async fn get(&self, url: &str) -> Seen {
        self.send(Request::get(url).body(Bytes::new()).unwrap())
            .await
    }

    pub(crate) async fn post(&self, url: &str, form: &[(&str, &str)]) -> Seen {
        let form = serde_urlencoded::to_string(form).unwrap();
        self.send(Request::post(url).body(form.into()).unwrap())
            .await
    }

    async fn send(&self, request: Request<Bytes>) -> Seen {
        let response: Response<Bytes> = self.sandbox.handle(request).await.unwrap();
        Seen {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            text: String::from_utf8(response.body().to_vec()).unwrap(),
        }
    }

    /// The order's page.
    async fn look(&self) -> Seen {
        self.get(&self.page).await
    }

    /// Sends a form of the order's page.
    async fn choose(&self, way: &str, form: &[(&str, &str)]) -> Seen {
        self.post(&format!("{}/{way}", self.page), form).await
    }

    /// Begins a payment; gives its address.
    pub(crate) async fn begin(&self, way: &str, form: &[(&str, &str)]) -> String {
        let seen = self.choose(way, form).await;
        let to = seen.to().to_owned();
        assert!(to.starts_with("/v1/pay/ORD"), "{to}");
        to
    }

    /// Begins a payment by card and gives the right OTP.
    async fn pay_by(&self, card: &[(&str, &str)]) -> Seen {
        let payment = self.begin("card", card).await;
        let otp = format!("{payment}/otp");
        let to = self.post(&otp, &[("otp", "123456")]).await.to().to_owned();
        assert_eq!(to, payment);
        self.get(&payment).await
    }
}

fn returning(merchant_id: &str) -> CreateOrder {
    let mut order = order(merchant_id);
    order.return_url = Some(SHOP.into());
    order
}

async fn restricted(client: &Client<'_>, merchant_id: &str, options: Value) -> CreatedOrder {
    let mut request = order(merchant_id);
    request.restricted_payment_options = Some(serde_json::from_value(options).unwrap());
    client.call(request).await.unwrap()
}

#[tokio::test]
async fn the_page_shows_the_order_and_that_it_is_a_sandbox() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = order("INV1");
    request.description = Some("<script>alert(\"1\")</script> & 'more'".to_owned());
    let created = client.call(request).await.unwrap();
    assert_eq!(client.status(&created).await, OrderStatus::Created);

    let page = Payer::of(&sandbox, &created).look().await;
    assert_eq!(page.status, 200);
    assert_eq!(page.headers[CONTENT_TYPE], "text/html; charset=utf-8");
    assert_eq!(page.headers[CACHE_CONTROL], "no-store");
    page.shows("<strong>This is a sandbox.</strong> No money moves.")
        .shows("₹499.50")
        .shows("INV1")
        .shows(created.order_id.as_ref().unwrap().as_str())
        .hides("<script>alert")
        .shows("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; 'more'")
        // What opens the page of a payment without scripts, and what it is paid with.
        .shows("aria-label=\"QR code to pay this order by UPI\"")
        .shows("success@sandbox")
        .shows("4111 1111 1111 1111")
        .shows("SBOK");
    assert_eq!(client.status(&created).await, OrderStatus::CheckoutRendered);
    let read = client.read(&created).await;
    assert_eq!(read.transactions.unwrap(), [], "to look is not to try");
}

#[tokio::test]
async fn the_page_loads_nothing_from_elsewhere_and_is_framed_by_nobody() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let page = Payer::of(&sandbox, &client.order("INV1").await)
        .look()
        .await;
    let policy = page.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
    let parts: Vec<&str> = policy.split("; ").collect();
    assert!(parts.contains(&"default-src 'none'"), "{policy}");
    assert!(parts.contains(&"frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    // No style or script stands in an attribute, where the policy would not let it be.
    for attribute in [" style=", " onclick=", " src=", "<link"] {
        page.hides(attribute);
    }
}

#[tokio::test]
async fn a_card_pays_after_its_otp_and_the_browser_goes_back_with_the_outcome() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = returning("INV1");
    request.return_url = Some(format!("{SHOP}?cart=7").into());
    let created = client.call(request).await.unwrap();
    let payer = Payer::of(&sandbox, &created);

    let payment = payer.begin("card", &CARD).await;
    payer
        .get(&payment)
        .await
        .shows("VISA •••• 1111")
        .shows("₹499.50")
        .shows("autocomplete=\"one-time-code\"");
    assert_eq!(client.status(&created).await, OrderStatus::Attempted);

    let back = payer.pay_by(&CARD).await;
    let mut fields = back.brings();
    let id = fields.remove("orderId").unwrap();
    assert_eq!(id, created.order_id.as_ref().unwrap().as_str());
    let id = fields.remove("transactionId").unwrap();
    assert!(id.starts_with("EK1767225600000"), "{id}");
    let id = fields.remove("uniqueTransactionId").unwrap();
    assert!(id.starts_with("EK"), "{id}");
    let rest: Vec<_> = fields
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    assert_eq!(
        rest,
        [
            ("amount", "499.50"),
            ("cart", "7"),
            ("checksum", "sandbox-no-checksum"),
            ("currency", "INR"),
            ("finalAmount", "499.50"),
            ("orderStatus", "PAID"),
            ("paymentMode", "CREDIT_CARD"),
            ("status", "SUCCESS"),
            ("transactionAmount", "499.50"),
            ("transactionMessage", "Completed."),
            ("txnDate", "2026-01-01 05:30:00"),
            ("txnMessage", "Completed."),
        ]
    );
    assert_eq!(client.status(&created).await, OrderStatus::Paid);

    let again = payer.choose("upi", &[("vpa", "success@sandbox")]).await;
    assert_eq!(again.status, 409);
    again.shows("Paid").hides("<form");
    payer.look().await.shows("Paid").hides("<form");
}

#[tokio::test]
async fn the_third_wrong_otp_ends_the_payment_and_another_can_be_made() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client.call(returning("INV1")).await.unwrap();
    let payer = Payer::of(&sandbox, &created);
    let payment = payer.begin("card", &CARD).await;
    let otp = format!("{payment}/otp");

    let seen = payer.post(&otp, &[]).await;
    assert_eq!(seen.status, 422, "none is not a wrong one");
    seen.shows("Enter the one-time password");
    payer
        .post(&format!("{payment}/resend"), &[])
        .await
        .shows("It was sent again.");
    let seen = payer.post(&otp, &[("otp", "654321")]).await;
    assert_eq!(seen.status, 422);
    seen.shows("you can try twice more").hides("654321");
    payer
        .post(&otp, &[("otp", "1234567")])
        .await
        .shows("you can try once more");
    let third = payer.post(&otp, &[("otp", "wrong")]).await;
    assert_eq!(third.to(), payment);

    let failed = payer.get(&payment).await;
    failed
        .shows("Payment failed")
        .shows("The OTP was wrong three times.")
        .shows("Try another way")
        // The way back to the shop tells of the failure.
        .shows("status=FAILED")
        .shows("orderStatus=ATTEMPTED");
    assert_eq!(client.status(&created).await, OrderStatus::Attempted);
    let late = payer.post(&otp, &[("otp", "123456")]).await;
    assert_eq!(late.to(), payment, "the right one comes too late");

    let back = payer.pay_by(&CARD).await;
    assert_eq!(back.brings()["status"], "SUCCESS");
    let payments = client.read(&created).await.transactions.unwrap();
    let states: Vec<_> = payments
        .iter()
        .map(|payment| payment.extra["status"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["FAILED", "SUCCESS"]);
}

#[tokio::test]
async fn every_test_upi_address_does_what_the_page_says() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut number = 0;
    let mut pay = async |vpa: &str| {
        number += 1;
        let created = client.call(returning(&format!("INV{number}"))).await;
        let created = created.unwrap();
        let payer = Payer::of(&sandbox, &created);
        let payment = payer.begin("upi", &[("vpa", vpa)]).await;
        (payer, payment)
    };

    let (payer, payment) = pay(" success@sandbox ").await;
    assert_eq!(payer.get(&payment).await.brings()["status"], "SUCCESS");

    let (payer, payment) = pay("decline@sandbox").await;
    payer
        .get(&payment)
        .await
        .shows("Payment failed")
        .shows("Declined.");

    let (payer, payment) = pay("pending@sandbox").await;
    payer
        .get(&payment)
        .await
        .shows("Waiting for the bank")
        .shows("http-equiv=\"refresh\"")
        .shows("2026-01-01 05:31:00 IST");
    sandbox.clock().advance(Duration::from_secs(60));
    assert_eq!(payer.get(&payment).await.brings()["status"], "SUCCESS");

    let (payer, payment) = pay("timeout@sandbox").await;
    sandbox.clock().advance(Duration::from_secs(299));
    payer.get(&payment).await.shows("Waiting for the bank");
    sandbox.clock().advance(Duration::from_secs(1));
    payer.get(&payment).await.shows("Timed out.");

    let (payer, payment) = pay("asha@bank").await;
    payer
        .get(&payment)
        .await
        .shows("Approve in your UPI app")
        .shows("asha@bank");
    let app = format!("{payment}/app");
    payer.get(&app).await.shows("Approve this payment?");
    let approved = payer.post(&format!("{payment}/approve"), &[]).await;
    assert_eq!(approved.to(), payment);
    assert_eq!(payer.get(&payment).await.brings()["paymentMode"], "UPI");

    let created = client.order("INVX").await;
    let payer = Payer::of(&sandbox, &created);
    for (vpa, words) in [
        ("nobody@sandbox", "There is no such UPI address"),
        ("", "Enter your UPI address"),
        ("asha", "A UPI address is a name, one @ and a handle"),
    ] {
        let seen = payer.choose("upi", &[("vpa", vpa)]).await;
        assert_eq!(seen.status, 422, "{vpa}");
        seen.shows(words)
            .shows("href=\"#vpa\"")
            .shows("aria-describedby=\"vpa-hint vpa-wrong\"")
            .shows("<title>Error: ");
    }
    let seen = payer.choose("upi", &[("vpa", "nobody@sandbox")]).await;
    seen.shows("value=\"nobody@sandbox\"");
}

#[tokio::test]
async fn a_code_can_be_scanned_and_an_app_be_opened() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client.call(returning("INV1")).await.unwrap();
    let payer = Payer::of(&sandbox, &created);
    let page = payer.look().await;
    let app = page.text.split('"').find(|text| text.ends_with("/app"));
    let app = app.unwrap();
    payer.get(app).await.shows("Sandbox UPI app");
    let declined = app.replace("/app", "/decline");
    let payment = payer.post(&declined, &[]).await.to().to_owned();
    payer.get(&payment).await.shows("Declined.");

    let payment = payer.begin("upi-app", &[("app", "gpay")]).await;
    payer
        .get(&payment)
        .await
        .shows("upi://pay?pa=merchant%40sandbox")
        .shows("am=499.50");
    let seen = payer.choose("upi-app", &[("app", "barter")]).await;
    assert_eq!(seen.status, 400);
    // As the payer would in the app, and somebody does it for him.
    let id = payment.rsplit('/').next().unwrap();
    does(&sandbox, &format!("payments/{id}/approve"), Value::Null).await;
    assert_eq!(payer.get(&payment).await.brings()["status"], "SUCCESS");
}

#[tokio::test]
async fn banks_and_wallets_ask_on_a_page_of_their_own_or_decide_at_once() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    for (number, (way, mode)) in [("net-banking", "NET_BANKING"), ("wallet", "WALLET")]
        .into_iter()
        .enumerate()
    {
        let created = client.call(returning(&format!("INV{number}"))).await;
        let created = created.unwrap();
        let payer = Payer::of(&sandbox, &created);
        let none = payer.choose(way, &[]).await;
        assert_eq!(none.status, 422);
        none.shows("Choose your ");

        let payment = payer.begin(way, &[("code", "SBAS")]).await;
        payer.get(&payment).await.shows("Approve this payment?");
        payer.post(&format!("{payment}/decline"), &[]).await;
        payer.get(&payment).await.shows("Payment failed");
        let payment = payer.begin(way, &[("code", "SBNO")]).await;
        payer.get(&payment).await.shows("Payment failed");
        let payment = payer.begin(way, &[("code", "SBAS")]).await;
        payer.post(&format!("{payment}/approve"), &[]).await;
        let fields = payer.get(&payment).await.brings();
        assert_eq!(fields["status"], "SUCCESS");
        assert_eq!(fields["paymentMode"], mode);
    }
}

#[tokio::test]
async fn every_test_card_does_what_the_page_says() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    for (order, number, shown) in [
        ("INV1", "5555 5555 5555 4444", "status=SUCCESS"),
        ("INV2", "6521111111111110", "paymentMode=DEBIT_CARD"),
        ("INV3", "4242424242424242", "status=SUCCESS"),
        ("INV4", "4000000000000002", "Declined."),
        ("INV5", "4000000000000259", "Waiting for the bank"),
        ("INV6", "4000000000000077", "Waiting for the bank"),
    ] {
        let created = client.call(returning(order)).await.unwrap();
        let payer = Payer::of(&sandbox, &created);
        let seen = payer.pay_by(&card(number)).await;
        let shown_or_sent = match seen.status {
            303 => seen.to(),
            _ => &*seen.text,
        };
        assert!(shown_or_sent.contains(shown), "{number}: {shown_or_sent}");
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_card_is_said_without_the_card() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let payer = Payer::of(&sandbox, &client.order("INV1").await);
    let form = [
        ("number", "4111 1111 1111 1112"),
        ("expiry", "12/25"),
        ("cvv", "73"),
        ("holder", "Asha 7"),
    ];
    let seen = payer.choose("card", &form).await;
    assert_eq!(seen.status, 422);
    for (field, words) in [
        ("number", "Check the card number: a digit of it is wrong"),
        ("expiry", "This card has expired"),
        ("cvv", "The CVV has 3 or 4 digits"),
        ("holder", "The name on the card has no digits"),
    ] {
        seen.shows(&format!("<a href=\"#{field}\">{words}</a>"))
            .shows(&format!("aria-describedby=\"{field}-wrong\""));
    }
    for typed in ["4111 1111 1111 1112", "12/25", "value=\"73\"", "Asha 7"] {
        seen.hides(typed);
    }

    // By the sandbox's clock, not the machine's.
    sandbox
        .clock()
        .advance(Duration::from_secs(6 * 366 * 24 * 60 * 60));
    let seen = payer.choose("card", &CARD).await;
    seen.shows("This card has expired");
}

#[tokio::test]
async fn nothing_of_a_card_is_kept_but_what_may_be_shown() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client.call(returning("INV1")).await.unwrap();
    let payer = Payer::of(&sandbox, &created);
    payer.pay_by(&CARD).await;
    payer.choose("card", &card("4111111111111112")).await;
    for path in ["calls", "webhooks"] {
        let (_, kept) = control(&sandbox, "GET", path, Value::Null).await;
        let kept = kept.to_string();
        // Three digits may stand in any id or time; the CVV would stand by itself.
        let cvv = ["\"737\"", "=737"];
        for secret in [
            "4111111111111111",
            "4111 1111",
            cvv[0],
            cvv[1],
            "123456\"",
            "12/30",
        ] {
            assert!(!kept.contains(secret), "{secret} is in {kept}");
        }
    }
}

#[tokio::test]
async fn an_order_is_paid_only_as_it_allows() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let options = json!({
        "CREDIT_CARD": ["MASTERCARD"], "DEBIT_CARD": [], "NETBANKING": ["SBOK", "HDFC"],
    });
    let created = restricted(&client, "INV1", options).await;
    let payer = Payer::of(&sandbox, &created);
    payer
        .look()
        .await
        .hides("UPI address")
        .hides("Your wallet")
        .shows("This order takes credit cards of MASTERCARD, debit cards.")
        .shows("5555 5555 5555 4444")
        .hides("4111 1111 1111 1111")
        .shows("value=\"SBOK\"")
        .shows("value=\"HDFC\"")
        .hides("value=\"SBNO\"");
    for (way, form, words) in [
        ("card", &CARD[..], "This order does not take this card"),
        (
            "upi",
            &[("vpa", "success@sandbox")],
            "This order does not take this UPI address",
        ),
        (
            "net-banking",
            &[("code", "SBNO")],
            "This order does not take this bank",
        ),
        (
            "wallet",
            &[("code", "SBOK")],
            "This order does not take this wallet",
        ),
    ] {
        let seen = payer.choose(way, form).await;
        assert_eq!(seen.status, 422, "{way}");
        seen.shows(words);
    }
    assert_eq!(client.status(&created).await, OrderStatus::CheckoutRendered);
    let seen = payer.pay_by(&card("5555555555554444")).await;
    seen.shows("Paid");

    let created = restricted(&client, "INV2", json!({"UPI": null})).await;
    let payer = Payer::of(&sandbox, &created);
    payer.look().await.shows("UPI address").hides("Card number");
    let created = restricted(&client, "INV3", json!({})).await;
    let payer = Payer::of(&sandbox, &created);
    payer.look().await.shows("restricted to ways to pay");
}

#[tokio::test]
async fn giving_up_after_a_failed_attempt_tells_of_the_order_alone() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client.call(returning("INV1")).await.unwrap();
    let payer = Payer::of(&sandbox, &created);
    payer.begin("upi", &[("vpa", "decline@sandbox")]).await;
    let fields = payer.choose("cancel", &[]).await.brings();
    assert_eq!(fields["status"], "CANCELLED");
    assert_eq!(fields["orderStatus"], "CANCELLED");
    assert!(!fields.contains_key("transactionId"));
    payer.look().await.shows("Order cancelled");
}

#[tokio::test]
async fn a_payment_that_is_not_over_is_found_again_and_can_be_given_up() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client.order("INV1").await;
    let payer = Payer::of(&sandbox, &created);
    payer.look().await.hides("not over yet");
    let payment = payer.begin("card", &CARD).await;
    payer.look().await.shows("not over yet").shows(&payment);
    let back = payer.post(&format!("{payment}/cancel"), &[]).await;
    assert!(payer.page.ends_with(back.to()));
    payer.look().await.hides("not over yet");
    payer.get(&payment).await.shows("Payment cancelled");

    let payment = payer.begin("upi", &[("vpa", "pending@sandbox")]).await;
    let at_the_bank = payer.get(&payment).await;
    at_the_bank.hides("/cancel").shows("Pay another way");
    let late = payer.post(&format!("{payment}/cancel"), &[]).await;
    assert_eq!(late.to(), payment, "where it stands");
}

#[tokio::test]
async fn a_page_that_waits_learns_when_to_go_on() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client.order("INV1").await;
    let payer = Payer::of(&sandbox, &created);
    let payment = payer.begin("upi", &[("vpa", "pending@sandbox")]).await;
    let state = async || {
        let seen = payer.get(&format!("{payment}/state")).await;
        serde_json::from_str::<Value>(&seen.text).unwrap()
    };
    let before = state().await;
    assert_eq!(before["next"], payment);
    payer
        .get(&payment)
        .await
        .shows(&format!("data-state={}", before["state"]));
    sandbox.clock().advance(Duration::from_secs(60));
    assert_ne!(state().await["state"], before["state"]);

    let (_, calls) = control(&sandbox, "GET", "calls", Value::Null).await;
    let calls = calls.to_string();
    assert!(
        !calls.contains("/state"),
        "to look again is no call: {calls}"
    );
    let other = payment.replace("/v1/pay/ORD", "/v1/pay/ORDX") + "/state";
    assert_eq!(payer.get(&other).await.status, 404);
}

#[tokio::test]
async fn without_a_return_address_the_browser_stays() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let payer = Payer::of(&sandbox, &client.order("INV1").await);
    let seen = payer.pay_by(&CARD).await;
    assert_eq!(seen.status, 200);
    seen.shows("Paid")
        .shows("VISA •••• 1111")
        .hides("Back to the shop");
}

#[tokio::test]
async fn an_order_that_ran_out_says_so() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let payer = Payer::of(&sandbox, &client.order("INV1").await);
    let payment = payer.begin("card", &CARD).await;
    does(&sandbox, "orders/INV1/expire", Value::Null).await;
    payer.look().await.shows("Order expired").hides("<form");
    payer.get(&payment).await.shows("Order expired");
    let otp = format!("{payment}/otp");
    let late = payer.post(&otp, &[("otp", "123456")]).await;
    assert_eq!(late.to(), payment);
}

#[tokio::test]
async fn a_return_address_in_any_script_is_followed() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = order("INV1");
    request.return_url = Some("https://shop.example.in/धन्यवाद#ok".into());
    let created = client.call(request).await.unwrap();
    let returned = Payer::of(&sandbox, &created).choose("cancel", &[]).await;
    let location = returned.to();
    assert!(
        location.starts_with("https://shop.example.in/%E0%A4%A7"),
        "{location}"
    );
    assert!(location.ends_with("&status=CANCELLED#ok"), "{location}");
}

#[tokio::test]
async fn in_a_frame_the_page_is_for_one_origin_and_tells_it_how_it_ended() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client.call(returning("INV1")).await.unwrap();
    let payer = Payer::of(&sandbox, &created);
    let query = "?embedded=true&parentOrigin=http%3A%2F%2Flocalhost%3A3000";
    let page = payer.get(&format!("{}{query}", payer.page)).await;
    let policy = page.headers[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.ends_with("frame-ancestors http://localhost:3000"));
    page.shows("data-parent=\"http://localhost:3000\"");
    let in_html = query.replace('&', "&amp;");
    page.shows(&format!("/card{in_html}"))
        .shows(&format!("/cancel{in_html}"));

    let form = [("vpa", "decline@sandbox")];
    let chosen = payer.choose(&format!("upi{query}"), &form).await;
    let payment = chosen.to();
    assert!(payment.ends_with(query), "{payment}");
    // The page around it would take the frame away; a payer may want to try again.
    payer
        .get(payment)
        .await
        .shows("data-tell")
        .hides("data-over");

    let form = [("vpa", "success@sandbox")];
    let chosen = payer.choose(&format!("upi{query}"), &form).await;
    let end = payer.get(chosen.to()).await;
    assert_eq!(end.status, 200, "the frame is not sent to the shop");
    end.shows("data-over=\"yes\"")
        .shows("target=\"_top\"")
        .shows("&quot;payment_status&quot;:&quot;success&quot;")
        .shows("&quot;orderStatus&quot;:&quot;PAID&quot;");

    let elsewhere = "?embedded=true&parentOrigin=https%3A%2F%2Fshop.example.in";
    let barred = payer.get(&format!("{}{elsewhere}", payer.page)).await;
    assert_eq!(barred.status, 403);
    barred.shows("with_checkout_origins").hides("<form");
    let nobody = payer.get(&format!("{}?embedded=true", payer.page)).await;
    assert_eq!(nobody.status, 400);
    let injected = "?embedded=true&parentOrigin=http%3A%2F%2Flocalhost%3B%20script-src%20*";
    let injected = payer.get(&format!("{}{injected}", payer.page)).await;
    assert_eq!(injected.status, 400);
}

#[tokio::test]
async fn other_origins_may_frame_the_page_if_the_sandbox_is_told() {
    let config = Config::new().with_checkout_origins(["https://shop.example.in"]);
    let sandbox = start_with(config).await;
    let client = Client::new(&sandbox).await;
    let payer = Payer::of(&sandbox, &client.order("INV1").await);
    for (origin, status) in [
        ("https%3A%2F%2Fshop.example.in", 200),
        ("http%3A%2F%2Flocalhost%3A3000", 403),
    ] {
        let query = format!("?embedded=true&parentOrigin={origin}");
        let page = payer.get(&format!("{}{query}", payer.page)).await;
        assert_eq!(page.status, status, "{origin}");
    }
}

#[tokio::test]
async fn what_is_not_there_is_said() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let payer = Payer::of(&sandbox, &client.order("INV1").await);
    let other = Payer::of(&sandbox, &client.order("INV2").await);
    let payment = other.begin("card", &CARD).await;
    let id = payment.rsplit('/').next().unwrap();
    for path in [
        "/v1/pay/ORD1",
        "/v1/pay/INV1",
        "/v1/pay/ORD1/EK1",
        "/v1/pay/",
        &format!("{}/EK1", payer.page),
        &format!("{}/{id}", payer.page),
        &format!("{payment}/otp/x"),
        &format!("{payment}/refund"),
    ] {
        let seen = payer.get(path).await;
        assert_eq!(seen.status, 404, "{path}");
        seen.shows("There is no such");
    }
    assert_eq!(payer.post("/v1/pay/ORD1/card", &CARD).await.status, 404);
    let wrong = payer.post(&payer.page, &[]).await;
    assert_eq!(
        (wrong.status, &wrong.headers[ALLOW]),
        (405, &"GET".parse().unwrap())
    );
    let wrong = payer.get(&format!("{}/card", payer.page)).await;
    assert_eq!(
        (wrong.status, &wrong.headers[ALLOW]),
        (405, &"POST".parse().unwrap())
    );
    let twice = [("vpa", "a@b"), ("vpa", "a@b")];
    assert_eq!(payer.choose("upi", &twice).await.status, 400);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..repeatable() })]

    /// Whatever is sent to the page of an order that is there, it is answered, and an order that
    /// nobody has paid is not paid.
    #[test]
    fn any_form_is_answered(
        step in prop::sample::select(vec![
            "upi", "upi-app", "card", "net-banking", "wallet", "PAYMENT/otp", "PAYMENT/resend",
            "PAYMENT/cancel", "PAYMENT/app", "PAYMENT", "",
        ]),
        query in prop_oneof![
            Just(String::new()),
            Just("?embedded=true&parentOrigin=http://localhost".to_owned()),
            Just("?popup=true".to_owned()),
            "\\?[a-zA-Z=&%0-9]{0,30}",
        ],
        form in prop_oneof![
            prop::collection::vec(any::<u8>(), 0..200),
            "(number|expiry|cvv|holder|vpa|app|code|otp)=[ -~]{0,30}(&(number|expiry|cvv|vpa)=[ -~]{0,30}){0,3}"
                .prop_map(String::into_bytes),
            "number=4111111111111111&expiry=[0-9/]{3,7}&cvv=[0-9]{2,5}&holder=\\PC{0,20}"
                .prop_map(String::into_bytes),
        ],
        is_post in any::<bool>(),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let sandbox = start().await;
            let client = Client::new(&sandbox).await;
            let created = client.order("INV1").await;
            let payer = Payer::of(&sandbox, &created);
            let payment = payer.begin("card", &CARD).await;
            let id = payment.rsplit('/').next().unwrap();
            let path = format!("{}/{}{query}", payer.page, step.replace("PAYMENT", id));
            let Ok(uri) = path.parse::<http::Uri>() else { return Ok(()) };
            let method = if is_post { http::Method::POST } else { http::Method::GET };
            let request = Request::builder().method(method).uri(uri).body(form.into()).unwrap();
            let seen = payer.send(request).await;
            prop_assert!(seen.status < 500, "{}", seen.text);
            prop_assert_ne!(client.status(&created).await, OrderStatus::Paid);
            Ok(())
        })?;
    }
}
