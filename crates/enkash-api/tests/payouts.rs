//! The calls of payouts: how they travel, and every form in which answers come.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "helpers of tests are tests as well"
)]

mod common;

use std::error::Error as StdError;

use common::{Reply, Script};
use enkash_api::payouts::{Made, MadeBatch};
use enkash_api::transport::Failure;
use enkash_api::types::payouts::{
    AddSourceAccount, ConfigureWebhook, CreateBeneficiary, CreateTransfer, CreateTransferBatch,
    FetchStatement, GetBalance, TransferMode, WebhookEvent,
};
use enkash_api::types::{Auth, Endpoint, Host, Method, Rupees};
use enkash_api::{ApiErrorKind, Checksum, Client, Error, RawRequest};
use serde_json::{Map, Value, json};

fn transfer(id: &str) -> CreateTransfer {
    CreateTransfer::new(id, Rupees::from_paise(49_950), TransferMode::Imps, "ASHA1")
}

fn batch() -> CreateTransferBatch {
    CreateTransferBatch::new("B1", vec![transfer("T1"), transfer("T2")])
}

fn payee() -> CreateBeneficiary {
    CreateBeneficiary::to_account("ASHA1", "Asha Stores", "123456789012", "KKBK0000432")
}

fn statement() -> FetchStatement {
    let (from, to) = ("2026-04-01T00:00:00+05:30", "2026-04-02T00:00:00+05:30");
    FetchStatement::new("EKCI4XTWKC", "123456789012", from, to)
}

/// Every call of payouts.
#[derive(Debug, Clone, Copy)]
enum Call {
    Beneficiary,
    Transfer,
    Batch,
    Balance,
    Statement,
    SourceAccount,
    Webhook,
}

use Call::{Balance, Batch, Beneficiary, SourceAccount, Statement, Transfer, Webhook};

impl Call {
    const ALL: [Self; 7] = [
        Beneficiary,
        Transfer,
        Batch,
        Balance,
        Statement,
        SourceAccount,
        Webhook,
    ];

    /// What EnKash answers, without an envelope.
    fn fields(self) -> Value {
        match self {
            Beneficiary => json!({"beneficiaryAddress": "found"}),
            Transfer => json!({"enkashTransactionId": "found", "payoutStatus": "SUCCESS"}),
            Batch => json!({
                "batchTransactionId": "found",
                "successfulPayoutTransactionCreateResponses": [],
            }),
            Balance => json!({"totalBalance": 499.5, "more": "found"}),
            Statement => json!({"requestId": "found", "data": []}),
            SourceAccount => json!({"more": "found"}),
            Webhook => json!({"sslCertificate": "found"}),
        }
    }

    /// Makes the call, and gives the field of the answer that says `found`.
    async fn make(self, client: &Client) -> Result<Option<String>, Error> {
        let payouts = client.payouts();
        let more = |extra: &enkash_api::types::Extra| {
            let more = extra.get("more").and_then(Value::as_str);
            more.map(ToOwned::to_owned)
        };
        Ok(match self {
            Beneficiary => {
                let made = payouts.beneficiaries().create(payee()).await?;
                made.beneficiary_address
            }
            Transfer => match payouts.transfers().create(transfer("T1")).await? {
                Made::Answered(made) => made.enkash_transaction_id.map(|id| id.to_string()),
                other => panic!("{other:?}"),
            },
            Batch => match payouts.transfers().create_batch(batch()).await? {
                MadeBatch::Answered(made) => made.batch_transaction_id.map(|id| id.to_string()),
                other => panic!("{other:?}"),
            },
            Balance => {
                let balance = payouts.account().balance(GetBalance::new("EKC1")).await?;
                assert_eq!(balance.total_balance, Rupees::from_paise(49_950));
                more(&balance.extra)
            }
            Statement => payouts.account().statement(statement()).await?.request_id,
            SourceAccount => {
                let account = AddSourceAccount::new("123456789012", "KKBK0000432");
                more(&payouts.source_accounts().add(account).await?.extra)
            }
            Webhook => {
                let events = vec![WebhookEvent::PayoutSuccess];
                let webhook = ConfigureWebhook::new("https://shop.example.in/enkash", events);
                payouts.webhooks().configure(webhook).await?.ssl_certificate
            }
        })
    }
}

/// Every form in which the documentation shows an answer of this product, and those that the pages
/// that were not read may have.
fn enveloped(call: Call) -> Vec<Value> {
    let fields = call.fields();
    let mut beside = fields.clone();
    beside["response_code"] = "0".into();
    beside["response_message"] = "Success".into();
    vec![
        json!({"response_code": 0, "response_message": "Success", "payload": fields}),
        json!({"response_code": "0", "response_message": "Success", "payload": fields}),
        beside,
        fields,
    ]
}

#[tokio::test]
async fn answers_are_read_in_every_envelope_sealed_or_plain() {
    for call in Call::ALL {
        for answer in enveloped(call) {
            let plain = answer.to_string();
            let sealed = common::sealed(plain.as_bytes());
            for body in [plain.leak(), sealed] {
                let script = Script::new([Reply::Body(200, body)]);
                let found = call.make(&script.client()).await.unwrap();
                assert_eq!(found.as_deref(), Some("found"), "{call:?} {answer}");
            }
        }
    }
}

/// Makes a call without its facade.
async fn call<E: Endpoint>(client: &Client, request: E) -> Error {
    match client.call(request).await {
        Ok(_) => panic!("{} was answered", E::OPERATION.name),
        Err(error) => error,
    }
}

/// Makes a call whose types are not known, as the command does.
async fn call_declared<E: Endpoint>(client: &Client, request: E) -> Error {
    let declared = enkash_api::types::operation(E::OPERATION.name).unwrap();
    let request = serde_json::to_vec(&request).unwrap();
    let request = (declared.check)(&request).ok().unwrap();
    match client.call_declared(declared, request).await {
        Ok(_) => panic!("{} was answered", E::OPERATION.name),
        Err(error) => error,
    }
}

/// Any JSON could be read as an answer in which nothing is known, or as an empty statement.
#[tokio::test]
async fn what_says_nothing_is_no_answer_however_it_is_asked_for() {
    for body in [
        "{}",
        "null",
        r#"{"message":"Under maintenance"}"#,
        r#"{"message":"Under maintenance","data":null}"#,
        r#"{"response_code":0,"response_message":"Success"}"#,
        r#"{"response_code":0,"response_message":"Success","payload":{}}"#,
        r#"{"payload":"Under maintenance"}"#,
    ] {
        for body in [body, common::sealed(body.as_bytes())] {
            // A transfer is settled by its facade, and nothing comes of it.
            let client = || Script::new([(); 3].map(|()| Reply::Body(200, body))).client();
            let mut errors = Vec::new();
            for call in [Beneficiary, Transfer, Batch, Balance, Statement] {
                errors.push(call.make(&client()).await.unwrap_err());
            }
            errors.push(call(&client(), payee()).await);
            errors.push(call_declared(&client(), payee()).await);
            errors.push(call(&client(), transfer("T1")).await);
            errors.push(call_declared(&client(), transfer("T1")).await);
            errors.push(call(&client(), batch()).await);
            errors.push(call_declared(&client(), batch()).await);
            errors.push(call(&client(), GetBalance::new("EKC1")).await);
            errors.push(call(&client(), statement()).await);
            errors.push(call_declared(&client(), statement()).await);
            for error in errors {
                let Error::Decode(unread) = error.cause() else {
                    panic!("{body}: {error:?}");
                };
                let reads = ["get_payout_account_balance", "fetch_payout_statement"]
                    .contains(&unread.operation);
                assert_eq!(error.may_have_happened(), !reads, "{body}: {error}");
            }
        }
    }
}

#[tokio::test]
async fn refusals_are_read_sealed_or_plain() {
    let refusal = r#"{"response_code":422,"response_message":"beneficiary id is invalid"}"#;
    for call in Call::ALL {
        for status in [200, 422] {
            for body in [refusal, common::sealed(refusal.as_bytes())] {
                let script = Script::new([Reply::Body(status, body)]);
                let error = call.make(&script.client()).await.unwrap_err();
                let refused = error.as_api().unwrap();
                assert_eq!(refused.refusal.code, Some(422), "{call:?} {body}");
                assert_eq!(refused.refusal.message, "beneficiary id is invalid");
            }
        }
        // What does not open is no answer, but its status is.
        let script = Script::new([Reply::Body(422, r#"{"request":"c2VhbGVk"}"#)]);
        let error = call.make(&script.client()).await.unwrap_err();
        assert_eq!(error.as_api().unwrap().refusal.status, 422);
    }
}

#[tokio::test]
async fn why_an_answer_does_not_open_is_not_told() {
    let another_key = enkash_crypto::PayloadKey::from_client_secret("another").seal(b"{}");
    let mut texts = Vec::new();
    for body in [
        r#"{"request":"no base64"}"#,
        r#"{"request":"AAAA"}"#,
        format!(r#"{{"request":"{another_key}"}}"#).leak(),
        // It opens and unpads, and is no JSON.
        common::sealed(b"{\"totalBalance\":499.5"),
        common::sealed(b"\xff\xfe"),
    ] {
        let script = Script::new([Reply::Body(200, body)]);
        let error = Balance.make(&script.client()).await.unwrap_err();
        texts.push(error.to_string());
    }
    texts.dedup();
    insta::assert_snapshot!(texts.join("\n"), @"get_payout_account_balance: the answer (HTTP 200) cannot be read: the sealed answer does not open");
}

#[tokio::test]
async fn what_is_sent_is_sealed_and_its_words_are_the_pages() {
    let mut shown = String::new();
    for call in Call::ALL {
        let answer = json!({"response_code": 0, "payload": call.fields()}).to_string();
        let script = Script::new([Reply::Body(200, answer.leak())]);
        call.make(&script.client()).await.unwrap();
        let sent = script.sent.lock().unwrap()[0].clone();
        assert_eq!(
            sent.headers()["authorization"],
            "Bearer token-of-the-test-1"
        );
        assert!(sent.headers().contains_key("user-agent"));
        let body = match call {
            // A GET has no body, so there is nothing to seal.
            Balance => {
                assert!(sent.body().is_empty());
                String::new()
            }
            _ => script.opened()[0].to_string(),
        };
        shown += &format!("{} {} {body}\n", sent.method(), sent.uri());
    }
    insta::assert_snapshot!(shown, @r#"
    POST http://127.0.0.1:1/api/v0/beneficiary-detail {"beneficiaryAccountNumber":"123456789012","beneficiaryId":"ASHA1","beneficiaryIfsc":"KKBK0000432","beneficiaryName":"Asha Stores"}
    POST http://127.0.0.1:1/api/v0/payout-transaction {"beneficiaryId":"ASHA1","transactionId":"T1","transferAmount":499.5,"transferMode":"IMPS"}
    POST http://127.0.0.1:1/api/v0/payout-transaction/batch {"batchTransactionId":"B1","transfers":[{"beneficiaryId":"ASHA1","transactionId":"T1","transferAmount":499.5,"transferMode":"IMPS"},{"beneficiaryId":"ASHA1","transactionId":"T2","transferAmount":499.5,"transferMode":"IMPS"}]}
    GET http://127.0.0.1:1/api/v0/payout-account/balance?fundSourceId=EKC1 
    POST http://127.0.0.1:1/api/v0/payout-account/statement {"debitAccountNumber":"123456789012","fromDate":"2026-04-01T00:00:00+05:30","fundSourceId":"EKCI4XTWKC","toDate":"2026-04-02T00:00:00+05:30"}
    POST http://127.0.0.1:1/api/v0/bankDetail/whitelist {"accountNumber":"123456789012","ifsc":"KKBK0000432"}
    POST http://127.0.0.1:1/api/v0/webhook-data {"events":["PAYOUT_SUCCESS"],"webhookUrl":"https://shop.example.in/enkash"}
    "#);
}

#[tokio::test]
async fn a_raw_call_can_be_sealed_too() {
    let answer = common::sealed(br#"{"response_code":0,"payload":[]}"#);
    let script = Script::new([Reply::Body(200, answer)]);
    let mut search = RawRequest::new(Host::Payouts, Method::Post, "/as/enkash/told");
    search.auth = Auth::OAuth;
    search.body = Some(json!({"transactionId": "T1"}));
    search.sealed = true;
    let found = script.client().raw(search).await.unwrap();
    assert_eq!(found.body["payload"], json!([]));
    assert_eq!(script.opened(), [json!({"transactionId": "T1"})]);
}

/// Says which operation it was asked for, and fails for one transfer.
struct Named;

impl Checksum for Named {
    fn add(
        &self,
        operation: &'static str,
        body: &mut Map<String, Value>,
    ) -> Result<(), Box<dyn StdError + Send + Sync>> {
        if body.get("transactionId") == Some(&"T3".into()) {
            return Err("no".into());
        }
        let over = format!("{operation} over {} fields", body.len());
        body.insert("sum".to_owned(), over.into());
        Ok(())
    }
}

#[tokio::test]
async fn a_checksum_goes_wherever_enkash_asks_for_one() {
    for call in Call::ALL {
        let answer = json!({"response_code": 0, "payload": call.fields()}).to_string();
        let script = Script::new([Reply::Body(200, answer.leak())]);
        let client = script.builder().oauth(common::oauth()).checksum(Named);
        call.make(&client.build().unwrap()).await.unwrap();
        let body = match call {
            Balance => continue,
            _ => &script.opened()[0],
        };
        match call {
            Beneficiary => assert_eq!(body["sum"], "create_payout_beneficiary over 4 fields"),
            Transfer => assert_eq!(body["sum"], "create_payout_transfer over 4 fields"),
            Batch => {
                assert_eq!(body.get("sum"), None);
                for transfer in body["transfers"].as_array().unwrap() {
                    assert_eq!(transfer["sum"], "create_payout_batch over 4 fields");
                }
            }
            _ => assert!(!body.to_string().contains("sum"), "{body}"),
        }
    }

    let script = Script::new([]);
    let client = script.builder().oauth(common::oauth()).checksum(Named);
    let client = client.build().unwrap();
    let error = client.payouts().transfers().create(transfer("T3")).await;
    let error = error.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the request was not sent: the request cannot be encoded: its checksum cannot be computed: no"
    );
    assert!(!error.may_have_happened());
    assert_eq!((script.calls(), script.token_calls()), (0, 0));
}

#[tokio::test]
async fn a_refusal_says_that_a_checksum_may_be_missing() {
    let refusal =
        r#"{"response_code":412,"response_message":"checksum in the request is invalid"}"#;
    let mut shown = String::new();
    for call in Call::ALL {
        for (status, with) in [(412, false), (200, false), (412, true)] {
            let script = Script::new([Reply::Body(status, refusal)]);
            let mut client = script.builder().oauth(common::oauth());
            if with {
                client = client.checksum(Named);
            }
            let error = call.make(&client.build().unwrap()).await.unwrap_err();
            let asked = matches!(call, Beneficiary | Transfer | Batch);
            let lacks = error.as_api().unwrap().lacks_checksum;
            assert_eq!(lacks, asked && !with, "{call:?}");
            if matches!((call, status), (Transfer, 412)) {
                shown += &format!("{error}\n");
            }
        }
    }
    insta::assert_snapshot!(shown, @"
    create_payout_transfer: EnKash refused (HTTP 412, code 412): checksum in the request is invalid; it may miss a checksum, which is not documented: ask EnKash how it is computed, and give the client a Checksum, by ClientBuilder::checksum
    create_payout_transfer: EnKash refused (HTTP 412, code 412): checksum in the request is invalid
    ");
    // Other refusals have other causes.
    let script = Script::new([Reply::Body(422, refusal)]);
    let error = Transfer.make(&script.client()).await.unwrap_err();
    assert!(!error.as_api().unwrap().lacks_checksum);
}

#[tokio::test]
async fn what_only_reads_is_read_again_and_nothing_else_is_sent_twice() {
    for call in Call::ALL {
        let answer = json!({"response_code": 0, "payload": call.fields()}).to_string();
        let reads = matches!(call, Balance | Statement);
        // Transfers are settled; see their own tests.
        let is_settled = matches!(call, Transfer | Batch);
        let script = Script::new([Reply::Body(503, ""), Reply::Body(200, answer.leak())]);
        let made = call.make(&script.client()).await;
        assert_eq!(made.is_ok(), reads || is_settled, "{call:?}");
        if let Err(error) = made {
            assert!(error.may_have_happened(), "{call:?}");
            assert_eq!(script.calls(), 1, "{call:?}");
        }
    }
}

/// One meaning of a 403 is that the answer could not be encrypted: so it may come after the act.
#[tokio::test]
async fn a_403_is_final_for_what_only_reads() {
    for call in Call::ALL {
        let reads = matches!(call, Balance | Statement);
        let refused = || Reply::Body(403, "");
        let script = Script::new([refused(), refused(), refused()]);
        let error = call.make(&script.client()).await.unwrap_err();
        assert_eq!(error.may_have_happened(), !reads, "{call:?}");
        let kind = error.cause().as_api().unwrap().kind;
        assert_eq!(kind, ApiErrorKind::NotAllowed, "{call:?}");
    }
}

/// A caller who can ask for less has to see it, and soon.
#[tokio::test]
async fn an_answer_that_is_too_large_is_read_once_and_told() {
    let script = Script::new([Reply::TooLarge]);
    let error = Statement.make(&script.client()).await.unwrap_err();
    let Error::Transport { error, .. } = error.cause() else {
        panic!("{error:?}");
    };
    assert_eq!(error.failure(), Failure::BodyTooLarge);
    assert_eq!(script.calls(), 1);
}
