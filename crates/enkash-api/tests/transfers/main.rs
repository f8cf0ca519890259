//! Transfers whose answers are lost: what is looked at, what is sent again, and what is said of it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "helpers of tests are tests as well"
)]

mod batches;
#[path = "../common/mod.rs"]
mod common;
mod lookups;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use common::{Reply, Script};
use enkash_api::payouts::{Made, SeenTransfer, Sighting, TransferLookup};
use enkash_api::transport::Sent;
use enkash_api::types::Rupees;
use enkash_api::types::payouts::{
    CreateTransfer, CreateTransferBatch, Standing, TransferMode, TransferStatus,
};
use enkash_api::{ApiErrorKind, Client, Error, Lookup, NotConfigured, RetryPolicy};

const TAKEN: Reply = Reply::Body(
    200,
    r#"{"response_code":0,"payload":{"enkashTransactionId":"EK1","payoutStatus":"PROCESSING","transactionId":"T1"}}"#,
);
const LOST: Reply = Reply::Lost(Sent::Maybe);
const NOT_SENT: Reply = Reply::Lost(Sent::No);
const DUPLICATE: Reply = Reply::Body(
    409,
    r#"{"response_code":409,"response_message":"transaction id already exists"}"#,
);
const REFUSED: Reply = Reply::Body(
    422,
    r#"{"response_code":422,"response_message":"beneficiary id is invalid"}"#,
);
const BUSY: Reply = Reply::Body(429, "");

fn transfer() -> CreateTransfer {
    CreateTransfer::new(
        "T1",
        Rupees::from_paise(49_950),
        TransferMode::Imps,
        "ASHA1",
    )
}

/// A lookup that gives what it is told to, and says how often it was asked.
#[derive(Clone, Default)]
struct Scripted {
    sightings: Arc<Mutex<VecDeque<Option<Sighting>>>>,
}

impl Scripted {
    /// `None` stands for a look that fails.
    fn new(sightings: impl IntoIterator<Item = Option<Sighting>>) -> Self {
        let scripted = Self::default();
        scripted.sightings.lock().unwrap().extend(sightings);
        scripted
    }

    fn left(&self) -> usize {
        self.sightings.lock().unwrap().len()
    }
}

#[async_trait::async_trait]
impl TransferLookup for Scripted {
    async fn find(&self, _: &Client, transfer: &CreateTransfer) -> Result<Sighting, Error> {
        assert_eq!(transfer.transaction_id.as_str(), "T1");
        let next = self.sightings.lock().unwrap().pop_front();
        next.expect("a scripted sighting")
            .ok_or(Error::NotConfigured(NotConfigured::TransferLookup))
    }
}

fn seen(amount: i32) -> SeenTransfer {
    let mut seen = SeenTransfer::new("T1");
    seen.amount = Some(Rupees::from_paise(amount));
    seen.status = Some(TransferStatus::Success);
    seen.utr = Some("UTR1".to_owned());
    seen
}

fn there() -> Option<Sighting> {
    Some(Sighting::There(seen(49_950)))
}

fn another() -> Option<Sighting> {
    Some(Sighting::There(seen(49_951)))
}

const NOT_THERE: Option<Sighting> = Some(Sighting::NotThere);
const NOT_SEEN: Option<Sighting> = Some(Sighting::NotSeen);
const FAILS: Option<Sighting> = None;

/// How a call ended, in a word.
fn ended(result: &Result<Made, Error>) -> String {
    match result {
        Ok(Made::Answered(_)) => "answered".to_owned(),
        Ok(Made::Found(_)) => "found".to_owned(),
        Ok(Made::Known) => "known".to_owned(),
        Ok(other) => panic!("{other:?}"),
        Err(error) => failed(error),
    }
}

fn failed(error: &Error) -> String {
    let lookup = match error {
        Error::OutcomeUnknown(unknown) => {
            let (field, id) = unknown.merchant_id.clone().unwrap();
            assert!(
                ["transactionId T1", "batchTransactionId B1"].contains(&&*format!("{field} {id}"))
            );
            match &unknown.lookup {
                None => "unknown",
                Some(Lookup::NotThere) => "unknown, not there",
                Some(Lookup::NotSeen) => "unknown, not seen",
                Some(Lookup::Another) => "unknown, another",
                Some(Lookup::Failed(_)) => "unknown, look failed",
                Some(other) => panic!("{other:?}"),
            }
        }
        _ => "failed",
    };
    let cause = match error.cause() {
        Error::Api(refused) => format!("{:?}", refused.kind),
        Error::Transport { error, .. } => format!("{:?}", error.sent()),
        Error::NotConfigured(_) => "not configured".to_owned(),
        Error::OutcomeUnknown(_) => "nothing sent".to_owned(),
        other => panic!("{other:?}"),
    };
    format!("{lookup}: {cause}")
}

/// Whether a transfer is sent for the first time, or was maybe sent before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Call {
    Create,
    Resume,
}

use Call::{Create, Resume};

/// Makes a call of which EnKash does this and the lookup, if there is one, that. Says how it ended.
/// All of both is used up by it.
async fn of(
    call: Call,
    replies: impl IntoIterator<Item = Reply>,
    sightings: Option<Vec<Option<Sighting>>>,
) -> (String, Script) {
    let replies: Vec<Reply> = replies.into_iter().collect();
    let count = replies.len();
    let script = Script::new(replies);
    let mut builder = script.builder().oauth(common::oauth());
    let scripted = sightings.map(Scripted::new);
    if let Some(scripted) = &scripted {
        builder = builder.transfer_lookup(scripted.clone());
    }
    let client = builder.build().unwrap();
    let transfers = client.payouts().transfers();
    let made = match call {
        Create => transfers.create(transfer()).await,
        Resume => transfers.resume(transfer()).await,
    };
    let ended = ended(&made);
    assert_eq!(script.calls(), count, "{ended}");
    assert_eq!(scripted.map_or(0, |scripted| scripted.left()), 0, "{ended}");
    // Whatever is sent again is the same, to the last field.
    for body in script.opened() {
        assert_eq!(body, serde_json::to_value(transfer()).unwrap());
    }
    if let Err(error) = made {
        assert_eq!(
            error.may_have_happened(),
            ended.starts_with("unknown"),
            "{error:?}"
        );
    }
    (ended, script)
}

#[tokio::test]
async fn what_was_lost_is_asked_for_again_under_its_id() {
    let rows: Vec<(Call, Vec<Reply>, &str)> = vec![
        (Create, vec![TAKEN], "answered"),
        (Create, vec![DUPLICATE], "failed: Duplicate"),
        (Create, vec![REFUSED], "failed: Rejected"),
        (Create, vec![BUSY], "failed: RateLimited"),
        (Create, vec![NOT_SENT, NOT_SENT, NOT_SENT], "failed: No"),
        (Create, vec![NOT_SENT, DUPLICATE], "failed: Duplicate"),
        // From here on the first request may have arrived.
        (Create, vec![LOST, TAKEN], "answered"),
        (Create, vec![LOST, DUPLICATE], "known"),
        (Create, vec![LOST, LOST, DUPLICATE], "known"),
        (Create, vec![LOST, BUSY, DUPLICATE], "known"),
        (Create, vec![LOST, LOST, LOST], "unknown: Maybe"),
        (Create, vec![LOST, REFUSED], "unknown: Rejected"),
        (Create, vec![LOST, LOST, BUSY], "unknown: RateLimited"),
        (
            Create,
            vec![LOST, NOT_SENT, NOT_SENT, NOT_SENT],
            "unknown: No",
        ),
        (Create, vec![LOST, NOT_SENT, DUPLICATE], "known"),
        // And here from the start.
        (Resume, vec![TAKEN], "answered"),
        (Resume, vec![DUPLICATE], "known"),
        (Resume, vec![LOST, DUPLICATE], "known"),
        (Resume, vec![BUSY, TAKEN], "answered"),
        (Resume, vec![REFUSED], "unknown: Rejected"),
        (Resume, vec![LOST, LOST, LOST], "unknown: Maybe"),
        (Resume, vec![NOT_SENT, NOT_SENT, NOT_SENT], "unknown: No"),
    ];
    for (index, (call, replies, expected)) in rows.into_iter().enumerate() {
        let (ended, _) = of(call, replies, None).await;
        assert_eq!(ended, expected, "row {index}");
    }
}

#[tokio::test]
async fn any_answer_that_proves_nothing_is_a_lost_one() {
    let unreadable = [
        Reply::Body(500, ""),
        Reply::Body(502, "<html>"),
        Reply::Body(303, ""),
        Reply::Body(200, r#"{"response_code":503,"response_message":"busy"}"#),
        Reply::Body(200, "<html>"),
        Reply::Body(200, r#"{"response_code":0,"payl"#),
        // Sealed with another key; sealed, and no JSON inside.
        Reply::Body(200, r#"{"request":"xg4zulL5L+2FupzD3AO2og=="}"#),
        Reply::Body(200, common::sealed(b"{\"response_code\":0,\"payl")),
        Reply::TooLarge,
        // About the answer, or about the time that it took.
        Reply::Body(406, ""),
        Reply::Body(408, ""),
        // Codes that are in no table.
        Reply::Body(200, r#"{"response_code":2,"response_message":"hm"}"#),
        Reply::Body(
            202,
            r#"{"response_code":202,"response_message":"accepted"}"#,
        ),
    ];
    for reply in unreadable {
        let (ended, _) = of(Create, [reply, DUPLICATE], None).await;
        assert_eq!(ended, "known");
    }
}

/// By the documentation a 403 says that payouts are not enabled, or that the answer could not be
/// encrypted: then the transfer may have been made.
#[tokio::test]
async fn a_403_proves_nothing() {
    const NOT_ALLOWED: Reply = Reply::Body(
        403,
        r#"{"response_code":403,"response_message":"response could not be encrypted"}"#,
    );
    const IN_A_200: Reply = Reply::Body(200, r#"{"response_code":403}"#);
    const IN_A_400: Reply = Reply::Body(400, r#"{"response_code":403}"#);
    let never = || vec![NOT_ALLOWED, NOT_ALLOWED, NOT_ALLOWED];
    for (call, replies, expected) in [
        (Create, vec![NOT_ALLOWED, DUPLICATE], "known"),
        (Create, vec![IN_A_200, DUPLICATE], "known"),
        (Create, vec![IN_A_400, DUPLICATE], "known"),
        (Create, vec![NOT_ALLOWED, TAKEN], "answered"),
        (Create, vec![LOST, NOT_ALLOWED, DUPLICATE], "known"),
        (Resume, vec![NOT_ALLOWED, DUPLICATE], "known"),
        (Create, never(), "unknown: NotAllowed"),
        (Resume, never(), "unknown: NotAllowed"),
    ] {
        let (ended, _) = of(call, replies, None).await;
        assert_eq!(ended, expected);
    }
    let (ended, _) = of(Create, [NOT_ALLOWED], Some(vec![there()])).await;
    assert_eq!(ended, "found");

    // Most often the account is not set up for it, so that is said as well.
    let script = Script::new(never());
    let transfers = script.client();
    let error = transfers.payouts().transfers().create(transfer()).await;
    insta::assert_snapshot!(error.unwrap_err(), @"create_payout_transfer: EnKash may have done this or not; look for transactionId T1 at EnKash before you use another id, and do not send it again blindly (EnKash refused (HTTP 403, code 403): response could not be encrypted; ask EnKash to enable this call for the account and to allow this machine's IP address)");
}

/// Any JSON could be read as an answer in which nothing is known.
#[tokio::test]
async fn what_does_not_speak_of_a_transfer_is_no_answer() {
    for body in [
        "",
        "{}",
        "null",
        r#"{"message":"Under maintenance"}"#,
        r#"{"status":"FAILURE","error":{"code":"E1"}}"#,
        r#"{"response_code":"FAILURE"}"#,
        r#"{"response_code":"FAILURE","payload":{"payoutStatus":"PENDING"}}"#,
        r#"{"response_code":0,"response_message":"Success"}"#,
        r#"{"response_code":0,"payload":{}}"#,
        r#"{"payload":"Under maintenance"}"#,
        r#"{"enkashTransactionId":null,"payoutStatus":null}"#,
        // As a refusal may repeat it.
        r#"{"message":"not now","transactionId":"T1"}"#,
    ] {
        for body in [body, common::sealed(body.as_bytes())] {
            let nothing = || Reply::Body(200, body);
            for (call, replies, expected) in [
                (Create, vec![nothing(), DUPLICATE], "known"),
                (Create, vec![nothing(), TAKEN], "answered"),
                (Resume, vec![nothing(), DUPLICATE], "known"),
            ] {
                let (ended, _) = of(call, replies, None).await;
                assert_eq!(ended, expected, "{call:?} {body}");
            }
            let script = Script::new([nothing(), nothing(), nothing()]);
            let made = script
                .client()
                .payouts()
                .transfers()
                .create(transfer())
                .await;
            let error = made.unwrap_err();
            assert!(error.may_have_happened(), "{error:?}");
            assert!(matches!(error.cause(), Error::Decode(_)), "{error:?}");
        }
    }
    for body in [
        r#"{"enkashTransactionId":"EK1"}"#,
        r#"{"payoutStatus":"ON_HOLD"}"#,
    ] {
        let (ended, _) = of(Create, [Reply::Body(200, body)], None).await;
        assert_eq!(ended, "answered");
    }
}

#[tokio::test]
async fn it_is_looked_for_first_if_there_is_something_to_look_with() {
    type Row = (Call, Vec<Reply>, Vec<Option<Sighting>>, &'static str);
    let rows: Vec<Row> = vec![
        // Nobody looks while nothing is lost.
        (Create, vec![TAKEN], vec![], "answered"),
        (Create, vec![DUPLICATE], vec![], "failed: Duplicate"),
        // What is seen ends it, and nothing more is sent.
        (Create, vec![LOST], vec![there()], "found"),
        (
            Create,
            vec![LOST],
            vec![another()],
            "unknown, another: Maybe",
        ),
        (
            Create,
            vec![LOST],
            vec![FAILS],
            "unknown, look failed: not configured",
        ),
        (Resume, vec![], vec![there()], "found"),
        (
            Resume,
            vec![],
            vec![another()],
            "unknown, another: nothing sent",
        ),
        (
            Resume,
            vec![],
            vec![FAILS],
            "unknown, look failed: not configured",
        ),
        // What is not, is asked for.
        (Create, vec![LOST, TAKEN], vec![NOT_SEEN], "answered"),
        (Create, vec![LOST, TAKEN], vec![NOT_THERE], "answered"),
        (Resume, vec![TAKEN], vec![NOT_SEEN], "answered"),
        (Create, vec![LOST, LOST], vec![NOT_SEEN, there()], "found"),
        (
            Create,
            vec![LOST, LOST, LOST],
            vec![NOT_SEEN, NOT_SEEN, there()],
            "found",
        ),
        (
            Create,
            vec![LOST, LOST, LOST],
            vec![NOT_SEEN, NOT_SEEN, NOT_THERE],
            "unknown, not there: Maybe",
        ),
        (
            Create,
            vec![LOST, REFUSED],
            vec![NOT_SEEN],
            "unknown, not seen: Rejected",
        ),
        // A 409 proves that it is there; another look may say more, and need not.
        (
            Create,
            vec![LOST, DUPLICATE],
            vec![NOT_SEEN, there()],
            "found",
        ),
        (
            Create,
            vec![LOST, DUPLICATE],
            vec![NOT_SEEN, NOT_SEEN],
            "known",
        ),
        (
            Create,
            vec![LOST, DUPLICATE],
            vec![NOT_THERE, NOT_THERE],
            "known",
        ),
        (
            Create,
            vec![LOST, DUPLICATE],
            vec![NOT_SEEN, FAILS],
            "known",
        ),
        (
            Resume,
            vec![DUPLICATE],
            vec![NOT_SEEN, another()],
            "unknown, another: Duplicate",
        ),
    ];
    for (index, (call, replies, sightings, expected)) in rows.into_iter().enumerate() {
        let (ended, _) = of(call, replies, Some(sightings)).await;
        assert_eq!(ended, expected, "row {index}");
    }
}

#[tokio::test]
async fn it_waits_before_it_asks_again() {
    let seconds = |script: &Script| {
        let waited = script.waited.lock().unwrap();
        let whole = waited
            .iter()
            .filter(|wait| **wait >= Duration::from_secs(1));
        whole.map(Duration::as_secs).collect::<Vec<_>>()
    };
    let (_, script) = of(Create, [LOST, LOST, LOST], None).await;
    assert_eq!(seconds(&script), [1, 2]);
    let (_, script) = of(Resume, [DUPLICATE], None).await;
    assert_eq!(
        seconds(&script),
        [0; 0],
        "what this call did not send is not waited for"
    );

    // The host sets how often and how long.
    let script = Script::new([LOST, LOST, LOST, LOST, DUPLICATE]);
    let mut retry = RetryPolicy::default();
    (retry.attempts, retry.settle_wait) = (5, Duration::from_secs(30));
    let client = script.builder().oauth(common::oauth()).retry(retry);
    let client = client.build().unwrap();
    client
        .payouts()
        .transfers()
        .create(transfer())
        .await
        .unwrap();
    assert_eq!(seconds(&script), [30; 4]);

    let script = Script::new([LOST]);
    let client = script.builder().oauth(common::oauth());
    let client = client.retry(RetryPolicy::never()).build().unwrap();
    let made = client.payouts().transfers().create(transfer()).await;
    assert_eq!(ended(&made), "unknown: Maybe", "no call is sent again");
}

#[tokio::test]
async fn what_is_known_of_it_is_told() {
    let script = Script::new([
        TAKEN,
        Reply::Body(
            200,
            r#"{"payoutStatus":"REJECTED","why":"REJECT_TRF_AMT","utr":"UTR2"}"#,
        ),
        DUPLICATE,
    ]);
    let client = script.client();
    let transfers = client.payouts().transfers();
    let taken = transfers.create(transfer()).await.unwrap();
    assert_eq!(taken.standing(), Standing::UnderWay);
    assert_eq!(taken.enkash_transaction_id().unwrap().as_str(), "EK1");
    let rejected = transfers.create(transfer()).await.unwrap();
    assert_eq!(rejected.standing(), Standing::SendAgain);
    let reason = rejected.reject_reason().unwrap();
    assert_eq!(reason.meaning(), Some("the transfer amount is invalid"));
    assert_eq!(rejected.utr(), Some("UTR2"));
    let known = transfers.resume(transfer()).await.unwrap();
    assert_eq!((known.standing(), known.utr()), (Standing::Unknown, None));
    let found = Made::Found(seen(49_950));
    assert_eq!(
        (found.standing(), found.utr()),
        (Standing::Paid, Some("UTR1"))
    );
}

#[tokio::test]
async fn nothing_is_sent_that_breaks_a_rule() {
    let script = Script::new([]);
    let client = script.client();
    let transfers = client.payouts().transfers();
    let wrong = || CreateTransfer::new("", Rupees::ZERO, TransferMode::Upi, "ASHA1");
    let batch = || CreateTransferBatch::new("B1", vec![wrong()]);
    let errors = [
        transfers.create(wrong()).await.unwrap_err(),
        transfers.resume(wrong()).await.unwrap_err(),
        transfers.create_batch(batch()).await.unwrap_err(),
        transfers.resume_batch(batch()).await.unwrap_err(),
    ];
    for error in errors {
        assert!(matches!(error, Error::Invalid(_)), "{error:?}");
    }
    assert_eq!((script.calls(), script.token_calls()), (0, 0));
}

#[tokio::test]
async fn what_is_wrong_with_the_client_shows_through() {
    // A run over many transfers stops for these, whatever is not known of the one at hand.
    let script = Script::new([common::REFUSED_TOKEN, common::REFUSED_TOKEN]);
    let error = script
        .client()
        .payouts()
        .transfers()
        .resume(transfer())
        .await;
    let error = error.unwrap_err();
    assert!(error.may_have_happened());
    assert_eq!(
        error.cause().as_api().unwrap().kind,
        ApiErrorKind::TokenRefused
    );

    let client = Script::new([]).builder().build().unwrap();
    let error = client.payouts().transfers().resume(transfer()).await;
    let error = error.unwrap_err();
    assert!(matches!(
        error.cause(),
        Error::NotConfigured(NotConfigured::OAuthCredentials)
    ));
}

#[tokio::test]
async fn errors_say_what_to_do() {
    let mut shown = String::new();
    for (replies, sightings) in [
        (vec![LOST, REFUSED], vec![NOT_SEEN]),
        (vec![], vec![another()]),
        (vec![], vec![FAILS]),
    ] {
        let script = Script::new(replies);
        let client = script.builder().oauth(common::oauth());
        let client = client.transfer_lookup(Scripted::new(sightings));
        let client = client.build().unwrap();
        let transfers = client.payouts().transfers();
        let made = if shown.is_empty() {
            transfers.create(transfer()).await
        } else {
            transfers.resume(transfer()).await
        };
        shown += &format!("{}\n", made.unwrap_err());
    }
    insta::assert_snapshot!(shown, @"
    create_payout_transfer: EnKash may have done this or not; it was looked for and not seen, which proves nothing; look for transactionId T1 at EnKash before you use another id, and do not send it again blindly (EnKash refused (HTTP 422, code 422): beneficiary id is invalid)
    create_payout_transfer: EnKash may have done this or not; something else is there under the same id; look for transactionId T1 at EnKash before you use another id, and do not send it again blindly
    create_payout_transfer: EnKash may have done this or not; it could not be looked up (EnKash's documentation does not show how a transfer is found: give the client something that finds it, by ClientBuilder::transfer_lookup); look for transactionId T1 at EnKash before you use another id, and do not send it again blindly
    ");
}
