//! The payment gateway's facades: searches as streams, polling, and looking up what a lost answer
//! may have made.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use std::time::Duration;

use common::{Reply, Script};
use enkash_api::transport::Sent;
use enkash_api::types::Rupees;
use enkash_api::types::gateway::{
    CreateVirtualAccount, RefundPayment, SearchQrCustomers, SearchSettlementPayouts, UpiStatus,
};
use enkash_api::{Error, Lookup, Polling};
use serde_json::{Value, json};

fn body(payload: &Value) -> Reply {
    let body = json!({"response_code": 0, "response_message": "Success", "payload": payload});
    Reply::Body(200, Box::leak(body.to_string().into_boxed_str()))
}

/// A page of payouts with these ids.
fn page(ids: &[&str], count: Option<u64>) -> Reply {
    let data: Vec<_> = ids
        .iter()
        .map(|id| json!({"settlementPayoutId": id}))
        .collect();
    body(&json!({"recordsCount": count, "data": data}))
}

async fn all_payouts(
    replies: Vec<Reply>,
    length: u32,
) -> (Vec<String>, Vec<String>, Option<Error>) {
    let script = Script::new(replies);
    let mut search = SearchSettlementPayouts::new();
    search.limit = Some(length);
    let mut pages = script.client().gateway().settlements().all(search);
    let (mut found, mut failed) = (Vec::new(), None);
    while let Some(payout) = pages.next().await {
        match payout {
            Ok(payout) => found.push(payout.settlement_payout_id.unwrap().to_string()),
            Err(error) => failed = Some(error),
        }
    }
    let sent = script.sent.lock().unwrap();
    let queries = sent.iter().map(|sent| {
        assert_eq!(sent.method(), "POST");
        assert_eq!(sent.body(), "{}");
        sent.uri().query().unwrap().to_owned()
    });
    (found, queries.collect(), failed)
}

#[tokio::test]
async fn a_search_is_fetched_page_after_page() {
    let pages = vec![
        page(&["SP1", "SP2"], None),
        page(&["SP3", "SP4"], None),
        page(&["SP5"], None),
    ];
    let (found, queries, failed) = all_payouts(pages, 2).await;
    assert_eq!(found, ["SP1", "SP2", "SP3", "SP4", "SP5"]);
    assert_eq!(
        queries,
        ["limit=2&offset=0", "limit=2&offset=2", "limit=2&offset=4"]
    );
    assert!(failed.is_none());
}

#[tokio::test]
async fn a_count_that_may_be_of_the_page_ends_no_search() {
    // Full pages whose `recordsCount` is their own length; the last one is empty.
    let pages = vec![
        page(&["SP1"], Some(1)),
        page(&["SP2"], Some(1)),
        page(&[], Some(0)),
    ];
    let (found, queries, _) = all_payouts(pages, 1).await;
    assert_eq!(found, ["SP1", "SP2"]);
    assert_eq!(queries.len(), 3);
    // Pages that EnKash makes shorter than asked for, while it counts all.
    let pages = vec![page(&["SP1"], Some(2)), page(&["SP2"], Some(2))];
    let (found, queries, _) = all_payouts(pages, 50).await;
    assert_eq!(found, ["SP1", "SP2"]);
    assert_eq!(queries, ["limit=50&offset=0", "limit=50&offset=1"]);
}

#[tokio::test]
async fn a_search_ends_after_an_error() {
    let pages = vec![
        page(&["SP1"], None),
        Reply::Body(400, r#"{"response_code":400,"response_message":"No"}"#),
    ];
    let (found, _, failed) = all_payouts(pages, 1).await;
    assert_eq!(found, ["SP1"]);
    assert!(matches!(failed, Some(Error::Api(_))), "{failed:?}");
}

#[tokio::test]
async fn a_search_that_cannot_turn_its_page_says_so() {
    let script = Script::new([body(
        &json!({"recordsCount": 120, "data": [{"customerId": "C1"}, {"customerId": "C2"}]}),
    )]);
    let mut search = SearchQrCustomers::new();
    search.limit = Some(2);
    let mut customers = script.client().gateway().customers().all(search);
    assert!(customers.next().await.unwrap().is_ok());
    assert!(customers.next().await.unwrap().is_ok());
    insta::assert_snapshot!(customers.next().await.unwrap().unwrap_err(), @"search_qr_customers: 2 items came of 120; how to ask for the next page is not documented, so ask for longer pages or narrow the search");
    assert!(customers.next().await.is_none());
    assert_eq!(script.calls(), 1);
}

#[tokio::test]
async fn a_upi_payment_is_polled_until_it_is_over() {
    let process = || body(&json!({"status": "PROCESS"}));
    let script = Script::new([process(), process(), body(&json!({"status": "SUCCESS"}))]);
    let client = script.client();
    let upi = client.gateway().upi();
    let over = upi.poll("EK1", Polling::default()).await.unwrap();
    assert_eq!(over.status, Some(UpiStatus::Success));
    assert_eq!(*script.waited.lock().unwrap(), [Duration::from_secs(5); 2]);
}

#[tokio::test]
async fn polling_ends_with_its_time() {
    let script = Script::new((0..3).map(|_| body(&json!({"status": "PROCESS"}))));
    let client = script.client();
    let polling = Polling::new(Duration::from_secs(10), Duration::from_secs(25));
    let last = client.gateway().upi().poll("EK1", polling).await.unwrap();
    assert_eq!(last.status, Some(UpiStatus::Process));
    assert_eq!(script.calls(), 3, "at 0, 10 and 20 seconds");
}

#[tokio::test]
async fn the_clients_own_key_goes_into_the_body_that_wants_it() {
    let script = Script::new([body(&json!({"name": "Asha"}))]);
    let client = script.client();
    let verified = client
        .gateway()
        .upi()
        .verify_vpa("INV1", "asha@examplebank")
        .await;
    assert_eq!(verified.unwrap().name.as_deref(), Some("Asha"));
    let sent = script.sent.lock().unwrap();
    let sent: Value = serde_json::from_slice(sent[0].body()).unwrap();
    assert_eq!(sent["merchantIdentifierKey"], common::ACCESS_KEY);
}

#[tokio::test]
async fn a_refund_whose_answer_was_lost_is_not_sent_again() {
    let script = Script::new([Reply::Lost(Sent::Maybe)]);
    let refund = RefundPayment::new("EK1", Rupees::from_paise(100), "RFND1");
    let error = script.client().gateway().refunds().create(refund).await;
    insta::assert_snapshot!(error.unwrap_err(), @"refund_payment: EnKash may have done this or not; look for requestId RFND1 at EnKash before you use another id, and do not send it again blindly (the connection to EnKash broke; the request may have arrived)");
    assert_eq!(script.calls(), 1);
}

fn account() -> CreateVirtualAccount {
    let mut account = CreateVirtualAccount::new("RENT1");
    account.expected_amount = Some(Rupees::from_paise(500_000));
    account
}

async fn created(
    replies: impl IntoIterator<Item = Reply>,
) -> (Result<Option<String>, Error>, usize) {
    let script = Script::new(replies);
    let client = script.client();
    let created = client.gateway().virtual_accounts().create(account()).await;
    let writes = script.sent.lock().unwrap();
    let writes = writes.iter().filter(|sent| sent.method() == "POST").count();
    (created.map(|account| account.virtual_account_id), writes)
}

#[tokio::test]
async fn what_a_lost_answer_made_is_found_by_the_merchants_own_id() {
    let there = || body(&json!({"virtualAccountId": "VA1", "expectedAmount": 5000.00}));
    let (found, writes) = created([Reply::Lost(Sent::Maybe), there()]).await;
    assert_eq!(found.unwrap().as_deref(), Some("VA1"));
    assert_eq!(writes, 1);

    let not_there = Reply::Body(404, r#"{"response_code":404,"response_message":"None"}"#);
    let another = body(&json!({"virtualAccountId": "VA1", "expectedAmount": 10}));
    let failed = Reply::Body(403, "");
    for (lookup, said) in [
        (
            not_there,
            "create_virtual_account: EnKash may have done this or not; it was looked up and is not there, or not yet; look for customerReferenceId RENT1 at EnKash before you use another id, and do not send it again blindly (the connection to EnKash broke; the request may have arrived)",
        ),
        (
            another,
            "create_virtual_account: EnKash may have done this or not; something else is there under the same id; look for customerReferenceId RENT1 at EnKash before you use another id, and do not send it again blindly (the connection to EnKash broke; the request may have arrived)",
        ),
        (
            failed,
            "create_virtual_account: EnKash may have done this or not; it could not be looked up (get_virtual_account_by_customer_reference: EnKash refused (HTTP 403); ask EnKash to enable this call for the account and to allow this machine's IP address); look for customerReferenceId RENT1 at EnKash before you use another id, and do not send it again blindly (the connection to EnKash broke; the request may have arrived)",
        ),
    ] {
        let (found, writes) = created([Reply::Lost(Sent::Maybe), lookup]).await;
        let error = found.unwrap_err();
        assert!(error.may_have_happened());
        assert_eq!(error.to_string(), said);
        assert_eq!(writes, 1, "it was sent once");
    }
}

#[tokio::test]
async fn a_refusal_is_not_looked_up() {
    let refused = Reply::Body(409, r#"{"response_code":409,"response_message":"Used"}"#);
    let (found, writes) = created([refused]).await;
    assert!(matches!(found, Err(Error::Api(_))));
    assert_eq!(writes, 1);
    let Err(Error::OutcomeUnknown(unknown)) = created([
        Reply::Lost(Sent::Maybe),
        Reply::Body(404, r#"{"response_code":404}"#),
    ])
    .await
    .0
    else {
        panic!("an unknown outcome");
    };
    assert!(matches!(unknown.lookup, Some(Lookup::NotThere)));
}
