//! What the file holds nothing of: whole account numbers, whole card numbers, CVVs, OTPs, tokens,
//! keys and passwords; and what a sandbox still knows of them after a restart.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use bytes::Bytes;
use enkash_sandbox::{DeliveryState, Sandbox};
use enkash_transport::wire::AnswerError;
use enkash_types::gateway::{
    ActivateSplitAccount, AmountRule, CancelUpiQr, CreateMerchantToken, CreateOrder,
    CreateQrCustomer, CreateSplitAccount, CreateUpiMandate, CreateUpiQr, CreateVirtualAccount,
    CreatedOrder, CustomerKeyContact, EditSplitSettlement, ExecuteMandateDebit, GetDynamicUpiQr,
    GetOrderStatus, GetSettlementPayout, GetTransactionStatus, GetUpiIntentLinks, GetUpiMandate,
    GetUpiQr, GetUpiTransactionStatus, GetVirtualAccountByCustomerReference, NewMandatePayer,
    NewMandateRecurrence, NewMandateValidity, NotifyMandateDebit, OrderPaymentDetail,
    PaymentDetail, PaymentMode, RefundPayment, ResendPaymentOtp, RevokeUpiMandate,
    SearchQrCustomers, SearchSettlementPayouts, SearchUpiQrs, SplitSettlement, SplitShare,
    SplitValue, SubmitPayment, SubmitPaymentWithSplit, TransactionId, UpdateSplitAccount,
    UpdateUpiMandate, ValidatePaymentOtp, VerifyUpiVpa,
};
use enkash_types::oauth::RefreshGrant;
use enkash_types::rewards::CreateRewardSsoToken;
use enkash_types::{Endpoint, Extra, Rupees, Secret, masked, operations};
use http::Request;
use rusqlite::Connection;
use serde::Serialize;
use serde_json::{Value, json};

use crate::client::{Client, does, order, refusal};
use crate::data::{bytes_of, directory, start_on};
use crate::listener::{Listener, Nobody};
use crate::pay_page::Payer;
use crate::payouts_secrets;

/// The number of the account that stands in a place.
pub(crate) fn account(place: u16) -> String {
    format!("70010000{place:04}")
}

/// As much of it as may be kept.
fn last_four(place: u16) -> String {
    format!("XXXXXXXX{place:04}")
}

const CARDS: [(&str, &str); 3] = [
    ("5200828282828210", "520082XXXXXX8210"),
    ("5105105105105100", "510510XXXXXX5100"),
    ("4000056655665556", "400005XXXXXX5556"),
];
const CVV: &str = "739";
const EXPIRY: &str = "11/31";
const OTP: &str = "123456";
const WRONG_OTP: &str = "918273";

fn fields(fields: Value) -> Extra {
    serde_json::from_value(fields).unwrap()
}

fn rupees(sum: &str) -> Rupees {
    sum.parse().unwrap()
}

fn card((number, _): (&str, &str)) -> PaymentDetail {
    PaymentDetail::card(PaymentMode::CreditCard, number, CVV, EXPIRY, "Asha R")
}

/// Makes every call, and keeps what may not be kept of it.
pub(crate) struct Walk<'a> {
    pub(crate) client: Client<'a>,
    secrets: BTreeSet<String>,
}

impl<'a> Walk<'a> {
    async fn begin(sandbox: &'a Sandbox) -> Self {
        let client = Client::new(sandbox).await;
        let known = sandbox.credentials();
        let secrets = [
            &client.merchant,
            &client.oauth,
            &known.secret_key,
            &known.client_secret,
            &known.password,
        ];
        let secrets = secrets.map(|secret| secret.expose().to_owned()).into();
        Self { client, secrets }
    }

    /// Makes a call. What is masked of the request and the answer is a secret.
    pub(crate) async fn tries<E: Endpoint>(
        &mut self,
        request: E,
    ) -> Result<E::Answer, AnswerError> {
        self.note(&request);
        let answer = self.client.call(request).await;
        if let Ok(answer) = &answer {
            self.note(answer);
        }
        answer
    }

    pub(crate) async fn call<E: Endpoint>(&mut self, request: E) -> E::Answer {
        self.tries(request).await.unwrap()
    }

    fn note(&mut self, said: &impl Serialize) {
        let whole = serde_json::to_value(said).unwrap();
        self.note_what_differs(&whole, &masked(said).unwrap());
    }

    fn note_what_differs(&mut self, whole: &Value, shown: &Value) {
        match (whole, shown) {
            (Value::Object(whole), Value::Object(shown)) => {
                for (name, value) in whole {
                    self.note_what_differs(value, &shown[name]);
                }
            }
            (Value::Array(whole), Value::Array(shown)) => {
                for (value, shown) in whole.iter().zip(shown) {
                    self.note_what_differs(value, shown);
                }
            }
            _ if whole == shown => {}
            (Value::String(text), _) => self.say(text),
            _ => self.say(&whole.to_string()),
        }
    }

    /// Takes a secret that is said by other means than a typed call.
    fn say(&mut self, secret: &str) {
        self.secrets.insert(secret.to_owned());
    }

    async fn sends(&self, method: &str, path: &str, body: impl Into<Bytes>) -> (u16, Bytes) {
        let request = Request::builder().method(method).uri(path);
        let request = request.body(body.into()).unwrap();
        let answer = self.client.send(request).await.unwrap();
        (answer.status().as_u16(), answer.into_body())
    }

    async fn order(&mut self, merchant_id: &str) -> CreatedOrder {
        self.call(order(merchant_id)).await
    }

    async fn otp(&mut self, payment: TransactionId) {
        self.call(ValidatePaymentOtp::new(payment, OTP)).await;
    }
}

/// Tokens, keys and passwords: right ones, wrong ones, and some in the wrong place.
async fn who_is_asking(walk: &mut Walk<'_>) {
    let known = walk.client.sandbox.credentials();
    let keys = CreateMerchantToken::new(known.access_key.clone(), known.secret_key.clone());
    walk.call(keys).await;
    let wrong = CreateMerchantToken::new("another-access-key", "another-secret-key");
    refusal(walk.tries(wrong).await);
    let right = walk.client.password(known.password.clone());
    let token = walk.call(right).await;
    let wrong = walk.client.password("another-password");
    refusal(walk.tries(wrong).await);
    let refresh = token.refresh_token.unwrap();
    walk.call(RefreshGrant::new(refresh.clone())).await;
    refusal(walk.tries(RefreshGrant::new(refresh)).await);
    let sign_on = CreateRewardSsoToken::new("CAQL8YCV3", "CEK1PU9AOO", "EKCDM5AVZY");
    let sso = walk.call(sign_on).await;
    let page = format!("/sso/{}/rewards", sso.token().unwrap().expose());
    assert_eq!(walk.sends("GET", &page, "").await.0, 404);
    walk.say("another-token");
    let right = std::mem::replace(&mut walk.client.merchant, Secret::new("another-token"));
    walk.tries(order("INV0")).await.unwrap_err();
    walk.client.merchant = right;
}

/// An order and its payments: by card, with every OTP, by UPI, and given back.
async fn orders_and_payments(walk: &mut Walk<'_>, hook: &str) {
    let mut request = order("INV1");
    request.notify_url = Some(hook.into());
    request.payment_detail = Some(OrderPaymentDetail::new(account(1), "KKBK0000432"));
    let pairs = [
        ("accountNumber", account(2)),
        ("cart-token", "a-cart-token".to_owned()),
    ];
    request.custom_parameters = Some(pairs.map(|(name, text)| (name.to_owned(), text)).into());
    let id = walk.call(request).await.order_id.unwrap();
    walk.call(GetOrderStatus::new(id.clone())).await;
    let mut detail = card(CARDS[0]);
    detail.account_number = Some(account(3).into());
    detail.ifsc = Some("KKBK0000432".into());
    let paid = walk.call(SubmitPayment::new(id, detail)).await;
    let payment = paid.transaction_id().unwrap();
    let wrong = ValidatePaymentOtp::new(payment.clone(), WRONG_OTP);
    refusal(walk.tries(wrong).await);
    walk.call(ResendPaymentOtp::new(payment.clone())).await;
    walk.otp(payment.clone()).await;
    walk.call(GetTransactionStatus::new(payment.clone())).await;
    let minimal = format!("/api/v0/transactions/{payment}/minimal");
    assert_eq!(walk.sends("GET", &minimal, "").await.0, 200);
    let refund = RefundPayment::new(payment, rupees("10"), "R1");
    walk.call(refund).await;

    let id = walk.order("INV2").await.order_id.unwrap();
    let qr = walk.call(GetDynamicUpiQr::new(id)).await;
    let payment = qr.ek_pay_id.unwrap();
    walk.call(GetUpiIntentLinks::new(payment.clone())).await;
    walk.call(GetUpiTransactionStatus::new(payment)).await;
    let key = walk.client.sandbox.credentials().access_key.clone();
    let verify = VerifyUpiVpa::new("INV2", key, "asha@examplebank");
    walk.call(verify).await;
}

/// A payment that is divided, and settled.
async fn splits(walk: &mut Walk<'_>) {
    let number: u64 = account(5).parse().unwrap();
    let given = json!({
        "name": "Asha Stores", "email": "asha@example.in", "accountNumber": account(4),
        "bank": {"account": number, "ifsc": "KKBK0000432"},
    });
    let created = walk.call(CreateSplitAccount::new(fields(given))).await;
    let receiver = created.id().unwrap();
    let percent = |percent| {
        let share = SplitShare::new(receiver.clone(), SplitValue::percent(percent));
        SplitSettlement::percentage(vec![share])
    };
    let id = walk.order("INV3").await.order_id.unwrap();
    let mut divided = SubmitPaymentWithSplit::new(id, card(CARDS[0]));
    let rule = serde_json::to_value(percent(10)).unwrap();
    divided.extra.insert("splitSettlement".to_owned(), rule);
    let payment = walk.call(divided).await.transaction_id().unwrap();
    walk.otp(payment.clone()).await;
    let edit = EditSplitSettlement::new(payment, percent(20));
    walk.call(edit).await;
    does(walk.client.sandbox, "settlements/run", Value::Null).await;
    let payouts = walk.call(SearchSettlementPayouts::new()).await.data;
    assert_eq!(payouts.len(), 2, "the merchant's and the split account's");
    let payout = payouts[0].settlement_payout_id.clone().unwrap();
    walk.call(GetSettlementPayout::new(payout)).await;

    let key = walk.client.sandbox.credentials().access_key.clone();
    let mut change = UpdateSplitAccount::new(key);
    change.account_number = Some(account(6).into());
    walk.call(change).await;
    let path = format!("split-accounts/{receiver}/deactivate");
    does(walk.client.sandbox, &path, Value::Null).await;
    walk.call(ActivateSplitAccount::new(receiver)).await;
}

async fn qr_codes_and_customers(walk: &mut Walk<'_>) {
    let given = json!({
        "qrName": "Till 1", "amount": 250.5, "customerAccountNumber": account(7),
        "customParams": {"account_no": account(8)},
    });
    let code = walk.call(CreateUpiQr::new(fields(given))).await;
    let id = code.qr_code_id.unwrap();
    does(
        walk.client.sandbox,
        &format!("qr-codes/{id}/pay"),
        Value::Null,
    )
    .await;
    walk.call(GetUpiQr::new(id.clone())).await;
    walk.call(SearchUpiQrs::new()).await;
    walk.call(CancelUpiQr::new(id)).await;

    let contact = CustomerKeyContact::new("Asha", "Asha Stores", "0000000000");
    let mut customer = CreateQrCustomer::new(vec![contact]);
    customer.account_number = Some(account(9).into());
    let refunds = json!({"accountNumber": account(10), "otp": "a-customers-otp"});
    customer.extra.insert("refunds".to_owned(), refunds);
    walk.call(customer.clone()).await;
    assert_eq!(refusal(walk.tries(customer).await).status, 409);
    let mut search = SearchQrCustomers::new();
    search.account_number = Some(account(11).into());
    walk.call(search).await;
}

fn mandate(reference: &str, place: u16) -> CreateUpiMandate {
    CreateUpiMandate::new(
        reference,
        500,
        AmountRule::Max,
        NewMandatePayer::new("Asha", "asha@examplebank", account(place)),
        "Magazine",
        "2026-01-02T00:00:00Z",
        NewMandateRecurrence::new("MONTHLY", "ON", 5),
        NewMandateValidity::new("2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"),
    )
}

async fn mandates(walk: &mut Walk<'_>) {
    let id = walk.call(mandate("SUB1", 12)).await.mandate_id.unwrap();
    does(walk.client.sandbox, "mandates/SUB1/approve", Value::Null).await;
    walk.call(GetUpiMandate::new("SUB1")).await;
    let notice = NotifyMandateDebit::new(id.clone(), rupees("10"), "2026-01-05");
    walk.call(notice).await;
    let debit = ExecuteMandateDebit::new(id, rupees("10"), "January");
    walk.call(debit).await;
    let change = json!({"referenceId": "SUB1", "amount": 400});
    walk.call(UpdateUpiMandate::new(fields(change))).await;
    let unknown = json!({"referenceId": "SUB1", "payer": {"account": account(13)}});
    refusal(walk.tries(UpdateUpiMandate::new(fields(unknown))).await);
    walk.call(RevokeUpiMandate::new("SUB1")).await;
}

async fn virtual_accounts_and_links(walk: &mut Walk<'_>) {
    let mut request = CreateVirtualAccount::new("RENT2041");
    request.notes = Some(fields(json!({"refundAccount": account(14)})));
    walk.call(request).await;
    let get = GetVirtualAccountByCustomerReference::new("RENT2041");
    walk.call(get).await;
    let paid = json!({"amount": 3000});
    does(
        walk.client.sandbox,
        "virtual-accounts/RENT2041/credit",
        paid,
    )
    .await;

    let event = json!({
        "quickCollectRequestId": "QC1", "type": "PAYMENT", "amount": 10.5,
        "paymentStatus": "SUCCESS", "payerAccount": account(15), "linkToken": "a-links-token",
    });
    walk.say("a-links-token");
    does(walk.client.sandbox, "payment-links/events", event).await;
}

/// What does not come by a declared call: the hosted page, EnKash's browser checkout, and texts
/// that are not what they should be.
async fn by_other_means(walk: &mut Walk<'_>) {
    let created = walk.order("INV4").await;
    let payer = Payer::of(walk.client.sandbox, &created);
    let form = [
        ("number", CARDS[1].0),
        ("expiry", EXPIRY),
        ("cvv", CVV),
        ("holder", "Asha Rao"),
    ];
    let payment = payer.begin("card", &form).await;
    for otp in [WRONG_OTP, OTP] {
        payer.post(&format!("{payment}/otp"), &[("otp", otp)]).await;
    }

    let created = walk.order("INV5").await;
    let page = format!("/pay/checkout/{}", created.order_id.as_ref().unwrap());
    let (_, read) = walk.sends("GET", &page, "").await;
    let read: Value = serde_json::from_slice(&read).unwrap();
    let checkout = &read["payload"];
    let key = &checkout["publicIdentifierKey"];
    let id = checkout["transactionId"].as_str().unwrap();
    let number = CARDS[2].0;
    let bin = format!("/api/v0/bin/details?bin={number}&transactionId={id}");
    assert_eq!(walk.sends("GET", &bin, "").await.0, 200);
    let payer = json!({"customerMobile": "9000000000", "merchantAccessKey": key});
    let path = format!("/pay/checkout/customer-info/{id}");
    assert_eq!(walk.sends("PATCH", &path, payer.to_string()).await.0, 200);
    let mut in_base64 = |text: &str| {
        let text = BASE64.encode(text);
        walk.say(&text);
        text
    };
    let charge = json!({
        "uniqueTransactionId": checkout["uniqueTransactionId"], "publicIdentifierKey": key,
        "transactionId": id, "surcharge": "0.00", "surchargeGst": 18, "popupMode": true,
        "paymentDetail": {
            "paymentMode": "CREDIT_CARD", "cardNumber": in_base64(number), "cvv": in_base64(CVV),
            "expiry": in_base64(EXPIRY), "cardHolderName": "Asha Rao", "saveCard": false,
            "paymentToken": null, "paymentType": "NEW_CARD",
        },
    });
    let (status, answer) = walk
        .sends("POST", "/pay/charge/process", charge.to_string())
        .await;
    assert_eq!(status, 200, "{answer:?}");
    let otp = json!({"ekPayId": id, "otp": OTP});
    let (status, _) = walk
        .sends("POST", "/pay/otp/validate", otp.to_string())
        .await;
    assert_eq!(status, 200);

    for (place, body) in [
        (16, json!({"orderId": {"accountNumber": account(16)}})),
        (
            17,
            json!({"orderId": "INV6", "amount": account(17), "token": "a-token"}),
        ),
        (18, json!(format!("not an order: {}", account(18)))),
        (
            19,
            json!({"orderId": "INV6", "amount": {"value": 1, "currency": "INR"},
                "paymentDetail": {"accountNumber": account(19)}}),
        ),
    ] {
        let mut broken = walk.client.request(order("INV6"));
        *broken.body_mut() = body.to_string().into();
        walk.client.refused::<CreateOrder>(broken).await;
        walk.say(&account(place));
    }
    let path = format!("/api/v0/beneficiaries/{}/payouts", account(20));
    assert_eq!(walk.sends("GET", &path, "").await.0, 404);
    walk.say(&account(20));
    let query = format!("/api/v0/beneficiaries?accountNumber={}", account(21));
    assert_eq!(walk.sends("GET", &query, "").await.0, 404);
    walk.say(&account(21));
}

/// All that stands in the file and beside it, as far as it is text.
fn text_of(file: &Path) -> String {
    String::from_utf8_lossy(&bytes_of(file)).into_owned()
}

#[track_caller]
fn holds_none(text: &str, secrets: &BTreeSet<String>) {
    for secret in secrets {
        let held = match secret.len() {
            // So few characters may stand anywhere by chance; a value stands in quotes.
            ..8 => [format!("\"{secret}\""), format!("\"{secret}\\\"")]
                .iter()
                .any(|quoted| text.contains(quoted)),
            _ => text.contains(secret),
        };
        assert!(!held, "{secret} is in the file");
    }
    // Those which nobody has noted, too.
    assert!(!text.contains("70010000"), "an account number is there");
}

#[tokio::test]
async fn whatever_is_called_the_file_holds_no_secret() {
    let file = directory("secrets").join("shop.db");
    let nobody = Nobody::new();
    let sandbox = start_on(&file).await;
    let hooks = json!({
        "upiMandate": nobody.url, "mandateDebit": nobody.url, "paymentLink": nobody.url,
    });
    does(&sandbox, "webhooks/address", hooks).await;
    let mut walk = Walk::begin(&sandbox).await;
    who_is_asking(&mut walk).await;
    orders_and_payments(&mut walk, &nobody.url).await;
    splits(&mut walk).await;
    qr_codes_and_customers(&mut walk).await;
    mandates(&mut walk).await;
    virtual_accounts_and_links(&mut walk).await;
    by_other_means(&mut walk).await;
    payouts_secrets::pay_out(&mut walk, &nobody.url).await;

    // Nothing was left out: neither a call nor a webhook, nor a secret of those above.
    let declared = |is_webhook| -> BTreeSet<_> {
        let declared = operations().filter(|declared| declared.is_webhook == is_webhook);
        declared.map(|declared| declared.operation.name).collect()
    };
    let calls = sandbox.calls();
    let called: BTreeSet<_> = calls.iter().filter_map(|call| call.operation).collect();
    assert_eq!(called, declared(false));
    let webhooks = sandbox.webhooks();
    let told: BTreeSet<_> = webhooks.iter().map(|webhook| webhook.operation).collect();
    // Of payouts no webhook is declared.
    let mut tells = declared(true);
    tells.insert("payout_event");
    assert_eq!(told, tells);
    let mut secrets = walk.secrets;
    for typed in [CARDS[0].0, CVV, EXPIRY, OTP, WRONG_OTP]
        .map(str::to_owned)
        .into_iter()
        .chain((1..=14).chain(payouts_secrets::PLACES).map(account))
        .chain(payouts_secrets::HEADERS.map(str::to_owned))
        .chain(["another-secret-key", "another-password", "a-cart-token"].map(str::to_owned))
    {
        assert!(secrets.contains(&typed), "the types do not mask {typed}");
    }
    secrets.extend(CARDS.map(|(number, _)| number.to_owned()));

    let written = text_of(&file);
    holds_none(&written, &secrets);
    // It is written already, as far as it may be. (What was broken is kept by its size alone.)
    for place in (1..=15).chain([20]).chain(payouts_secrets::PLACES) {
        let kept = last_four(place);
        assert!(written.contains(&kept), "{kept} is not in the file");
    }
    for (_, kept) in CARDS {
        assert!(written.contains(kept), "{kept} is not in the file");
    }

    // Nor does it hold one once calls and tokens go.
    does(&sandbox, "tokens/expire", Value::Null).await;
    does(&sandbox, "oauth/revoke", Value::Null).await;
    for _ in 0..1000 {
        let request = Request::get("/nowhere").body(Bytes::new()).unwrap();
        sandbox.handle(request).await.unwrap();
    }
    holds_none(&text_of(&file), &secrets);
    sandbox.stop().await;
    holds_none(&text_of(&file), &secrets);
    let sqlite = Connection::open(&file).unwrap();
    let whole = |column: &str| -> String {
        let all = format!("SELECT group_concat({column}, char(10)) FROM records");
        sqlite.query_row(&all, [], |row| row.get(0)).unwrap()
    };
    // Pages cut a long record in two.
    holds_none(&whole("body"), &secrets);
    holds_none(&whole("id"), &secrets);
    drop(sqlite);

    // Nor once it was read and is written again.
    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    for path in [
        "virtual-accounts/RENT2041/credit",
        "orders/INV2/pay",
        "webhooks/2/resend",
    ] {
        let body = match path.ends_with("credit") {
            true => json!({"amount": 1}),
            false => Value::Null,
        };
        does(&sandbox, path, body).await;
    }
    client.call(mandate("SUB2", 22)).await.unwrap();
    secrets.extend([&client.merchant, &client.oauth].map(|token| token.expose().to_owned()));
    sandbox.stop().await;
    holds_none(&text_of(&file), &secrets);
}

#[tokio::test]
async fn after_a_restart_an_account_is_known_by_its_last_four_characters() {
    let file = directory("masked").join("shop.db");
    let listener = Listener::start(&[500]).await;
    let sandbox = start_on(&file).await;
    does(
        &sandbox,
        "webhooks/address",
        json!({"upiMandate": listener.url}),
    )
    .await;
    let client = Client::new(&sandbox).await;
    let mut request = order("INV1");
    request.payment_detail = Some(OrderPaymentDetail::new(account(1), "KKBK0000432"));
    let pairs = [("accountNumber", account(2)), ("cart", "7".to_owned())];
    request.custom_parameters = Some(pairs.map(|(name, text)| (name.to_owned(), text)).into());
    let created = client.call(request).await.unwrap();
    let given = json!({"name": "Asha Stores", "accountNumber": account(3)});
    let receiver = client.call(CreateSplitAccount::new(fields(given))).await;
    let receiver = receiver.unwrap().id().unwrap();
    client.call(mandate("SUB1", 4)).await.unwrap();
    does(&sandbox, "mandates/SUB1/approve", Value::Null).await;
    let opened = client.call(CreateVirtualAccount::new("RENT2041")).await;
    let opened = opened.unwrap().virtual_account_number.unwrap();
    let tried = |times| {
        move |sandbox: &Sandbox| {
            let webhook = sandbox.webhooks().into_iter().next()?;
            (webhook.tries.len() == times).then_some(webhook.state)
        }
    };
    sandbox.wait_for(tried(1)).await;
    // While it runs, it knows them whole.
    let before = client.read(&created).await;
    let detail = before.payment_detail.as_ref().unwrap();
    assert_eq!(detail.account_number.as_ref().unwrap().as_str(), account(1));
    sandbox.stop().await;

    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    let mut after = client.read(&created).await;
    let detail = after.payment_detail.as_mut().unwrap();
    let number = detail.account_number.replace(account(1).into()).unwrap();
    assert_eq!(number.as_str(), last_four(1));
    let pairs = after.custom_parameters.as_mut().unwrap();
    let number = pairs.insert("accountNumber".to_owned(), account(2).into());
    assert_eq!(number.unwrap(), last_four(2));
    let (after, before) = (json!(after), json!(before));
    assert_eq!(after, before, "and all else is as it was");
    let receiver = client.call(ActivateSplitAccount::new(receiver)).await;
    let receiver = receiver.unwrap().extra;
    assert_eq!(receiver["accountNumber"], last_four(3));
    assert_eq!(receiver["name"], "Asha Stores");
    let mandate = client.call(GetUpiMandate::new("SUB1")).await.unwrap();
    let payer = mandate.payer.unwrap();
    assert_eq!(payer.account.unwrap().as_str(), last_four(4));
    assert_eq!(payer.vpa.unwrap().as_str(), "asha@examplebank");
    let change = fields(json!({"referenceId": "SUB1", "amount": 400}));
    client.call(UpdateUpiMandate::new(change)).await.unwrap();

    // The virtual account's own number is the sandbox's, and stays.
    let get = GetVirtualAccountByCustomerReference::new("RENT2041");
    let read = client.call(get).await.unwrap();
    assert_eq!(read.virtual_account_number, Some(opened));
    let paid = json!({"amount": 3000});
    let paid = does(&sandbox, "virtual-accounts/RENT2041/credit", paid).await;
    assert_eq!(paid["amountPaid"], 3000);

    // What waited to be told is told as far as it may be kept.
    sandbox.clock().advance(Duration::from_secs(1));
    assert_eq!(sandbox.wait_for(tried(2)).await, DeliveryState::Delivered);
    let approved = |(_, body): &(String, Value)| body["amount"] == 500;
    let received = listener.received();
    let mut received = received.iter().filter(|one| approved(one));
    let (_, mut first) = received.next().unwrap().clone();
    let (_, second) = received.next().unwrap();
    assert_eq!(first["payer"]["account"], account(4));
    first["payer"]["account"] = last_four(4).into();
    assert_eq!(&first, second);
}
