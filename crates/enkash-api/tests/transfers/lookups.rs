//! Finding a transfer: by a lookup of the host's, and in the statement.

use enkash_api::Client;
use enkash_api::payouts::{Made, SeenTransfer, Sighting, StatementLookup};

use super::common::{self, Reply, Script};
use super::{DUPLICATE, LOST, Scripted, TAKEN, another, ended, transfer};

#[tokio::test]
async fn a_lookup_is_there_for_callers_too() {
    let script = Script::new([]);
    let without = script.client();
    let error = without.payouts().transfers().find(&transfer()).await;
    let error = error.unwrap_err();
    assert_eq!(
        error.to_string(),
        "EnKash's documentation does not show how a transfer is found: give the client something that finds it, by ClientBuilder::transfer_lookup"
    );
    let with = script.builder().oauth(common::oauth());
    let with = with.transfer_lookup(Scripted::new([another()])).build();
    let with = with.unwrap();
    let found = with.payouts().transfers().find(&transfer()).await.unwrap();
    let Sighting::There(found) = found else {
        panic!("{found:?}");
    };
    assert!(!found.is(&transfer()), "it is for the caller to compare");
    assert_eq!(script.calls(), 0);
}

#[test]
fn what_is_seen_is_compared_as_far_as_it_is_known() {
    let is = |change: fn(&mut SeenTransfer)| {
        let mut seen = SeenTransfer::new("T1");
        change(&mut seen);
        seen.is(&transfer())
    };
    assert!(is(|_| {}));
    assert!(is(|seen| seen.amount = "499.50".parse().ok()));
    assert!(!is(|seen| seen.amount = "499.51".parse().ok()));
    assert!(is(|seen| seen.beneficiary_id = Some("ASHA1".into())));
    assert!(!is(|seen| seen.beneficiary_id = Some("RAVI1".into())));
    assert!(!is(|seen| seen.transaction_id = "T2".into()));
}

#[tokio::test]
async fn the_statement_shows_what_was_debited() {
    for (lines, expected) in [
        (r#"[]"#, "known"),
        (
            r#"[{"transactionId":"T2","transactionAmount":499.5}]"#,
            "known",
        ),
        (
            r#"[{"transactionReferenceNumber":"U1","transactionAmount":499.5}]"#,
            "known",
        ),
        (r#"[{"transactionId":"T1"}]"#, "found"),
        (
            r#"[{"transactionId":"T1","transactionAmount":499.5}]"#,
            "found",
        ),
        (
            r#"[{"transactionId":"T1","transactionAmount":"499.50"}]"#,
            "found",
        ),
        // In paise: the documentation does not say.
        (
            r#"[{"transactionId":"T1","transactionAmount":49950}]"#,
            "found",
        ),
        (
            r#"[{"transactionId":"T1","transactionAmount":500}]"#,
            "unknown, another: Maybe",
        ),
        (
            r#"[{"transactionId":"T1","transactionAmount":7},{"transactionId":"T1","transactionAmount":499.5}]"#,
            "found",
        ),
    ] {
        let statement = format!(
            r#"{{"response_code":"0","response_message":"","requestId":"R1","data":{lines}}}"#
        );
        let statement: &'static str = statement.leak();
        let mut replies = vec![LOST, Reply::Body(200, statement)];
        if expected == "known" {
            replies.extend([DUPLICATE, Reply::Body(200, statement)]);
        }
        let script = Script::new(replies);
        let lookup = StatementLookup::new("EKCI4XTWKC", "123456789012").with_days(1);
        let client = script.builder().oauth(common::oauth());
        let client = client.transfer_lookup(lookup).build().unwrap();
        let made = client.payouts().transfers().create(transfer()).await;
        assert_eq!(ended(&made), expected, "{lines}");
        if let Ok(Made::Found(seen)) = made {
            assert_eq!(seen.status, None, "it does not say");
        }
        assert_eq!(
            script.opened()[1],
            serde_json::json!({
                "fundSourceId": "EKCI4XTWKC",
                "debitAccountNumber": "123456789012",
                // A day back from the start of 2026, and one ahead: by now a second has gone by.
                "fromDate": "2025-12-31T05:30:01+05:30",
                "toDate": "2026-01-02T05:30:01+05:30",
            })
        );
    }
}

/// It will not shrink, so were it a reason to stop, no transfer of a large account were ever settled.
#[tokio::test]
async fn in_a_statement_that_is_too_large_nothing_is_seen() {
    let client = |script: &Script| -> Client {
        let client = script.builder().oauth(common::oauth());
        let lookup = StatementLookup::new("EKCI4XTWKC", "123456789012");
        client.transfer_lookup(lookup).build().unwrap()
    };
    // Each look reads it once.
    let script = Script::new([LOST, Reply::TooLarge, DUPLICATE, Reply::TooLarge]);
    let made = client(&script)
        .payouts()
        .transfers()
        .create(transfer())
        .await;
    assert_eq!((ended(&made).as_str(), script.calls()), ("known", 4));

    let script = Script::new([Reply::TooLarge, TAKEN]);
    let made = client(&script)
        .payouts()
        .transfers()
        .resume(transfer())
        .await;
    assert_eq!((ended(&made).as_str(), script.calls()), ("answered", 2));

    let script = Script::new([Reply::TooLarge]);
    let found = client(&script)
        .payouts()
        .transfers()
        .find(&transfer())
        .await;
    assert_eq!(found.unwrap(), Sighting::NotSeen);

    // Any other failure may be over the next time.
    let busy = || Reply::Body(503, "");
    let script = Script::new([LOST, busy(), busy(), busy()]);
    let made = client(&script)
        .payouts()
        .transfers()
        .create(transfer())
        .await;
    assert_eq!(ended(&made), "unknown, look failed: Unavailable");
}
