//! Every kind of answer, and what it proves.

use bytes::Bytes;
use enkash_api::Client;
use enkash_api::RetryPolicy;
use enkash_api::auth::OAuthCredentials;
use enkash_api::transport::{Failure, ManualClock, MemoryTransport, Sent, TransportError};
use enkash_api::types::AccountNumber;
use enkash_api::types::payouts::{CreateTransfer, TransferMode};
use http::Response;

use super::*;
use crate::file::Row;
use crate::journal::Unnamed;

type Answer = Result<Response<Bytes>, TransportError>;

/// What a client makes of this answer to a transfer.
async fn error_of(answer: impl Fn() -> Answer + Send + Sync + 'static) -> Option<Error> {
    let transport = MemoryTransport::new(move |request| {
        let answer = if request.uri().path() == "/oauth/token" {
            let token = r#"{"access_token":"token","expires_in":86399}"#;
            Ok(Response::new(Bytes::from_static(token.as_bytes())))
        } else {
            answer()
        };
        async move { answer }
    });
    let client = Client::builder()
        .base_url("http://127.0.0.1:1")
        .unwrap()
        .transport(transport)
        .clock(ManualClock::new())
        .retry(RetryPolicy::never())
        .oauth(OAuthCredentials {
            client_id: "client".into(),
            client_secret: "secret".into(),
            username: "asha@example.in".into(),
            password: "password".into(),
            company_id: "CEK0SANDBOX".into(),
        })
        .build()
        .unwrap();
    let created = client.payouts().transfers().create(row().transfer).await;
    created.err()
}

fn row() -> Row {
    let amount = enkash_api::types::Rupees::from_paise(1_000);
    let mut transfer = CreateTransfer::new("SAL1", amount, TransferMode::Imps, "ASHA1");
    transfer.debit_account_number = Some("200300400500".into());
    Row::new(2, transfer)
}

fn first(error: &Error) -> Verdict {
    Verdict::first_failed(error, in_private(error, [&row()]))
}

fn again(error: &Error) -> Verdict {
    Verdict::again_failed(error, in_private(error, [&row()]), &Facts::default())
}

async fn refused(status: u16, body: &'static str) -> Option<Error> {
    error_of(move || {
        let mut answer = Response::new(Bytes::from_static(body.as_bytes()));
        *answer.status_mut() = status.try_into().unwrap();
        Ok(answer)
    })
    .await
}

/// Every status with every code that repeats one, and no code.
#[tokio::test]
async fn a_first_request_is_unsent_only_by_proof() {
    for status in (200..600).filter(|status| *status != 204) {
        let Some(error) = refused(status, "{}").await else {
            assert!((200..300).contains(&status), "{status}");
            continue;
        };
        let verdict = first(&error);
        let expected = match status {
            401 | 429 => State::Planned,
            // It may have been done.
            403 | 406 | 408 => State::Sent,
            400..=499 => State::Refused,
            _ => State::Sent,
        };
        assert_eq!(verdict.to, expected, "{status}: {error}");
    }
    for (code, expected) in [
        (
            r#"{"response_code":117,"payload":"Token is invalid."}"#,
            State::Planned,
        ),
        (
            r#"{"response_code":1,"response_message":"failure"}"#,
            State::Refused,
        ),
        (
            r#"{"response_code":409,"response_message":"exists"}"#,
            State::Refused,
        ),
        (
            r#"{"response_code":503,"response_message":"down"}"#,
            State::Sent,
        ),
        ("<html>", State::Sent),
    ] {
        let error = refused(200, code).await.unwrap();
        assert_eq!(first(&error).to, expected, "{code}");
    }
    for (sent, expected) in [(Sent::No, State::Planned), (Sent::Maybe, State::Sent)] {
        let lost = move || Err(TransportError::new(Failure::Connection, sent));
        let error = error_of(lost).await.unwrap();
        assert_eq!(first(&error).to, expected, "{sent:?}");
    }
}

#[tokio::test]
async fn a_later_request_proves_nothing_by_failing() {
    for status in 300..600 {
        let error = refused(status, "{}").await.unwrap();
        assert_eq!(again(&error).to, State::Sent, "{status}");
    }
    let not_left = || Err(TransportError::new(Failure::Connect, Sent::No));
    let error = error_of(not_left).await.unwrap();
    assert_eq!(again(&error).to, State::Sent);
}

/// What is known of a row says so, and not the words that are kept with it.
#[test]
fn an_id_that_is_known_proves_nothing_of_a_row_that_was_not_named() {
    let left_out = Verdict::left_out().facts;
    assert_eq!(left_out.unnamed, Some(Unnamed::LeftOut));
    let words = Facts::default().because(left_out.reason.unwrap());
    assert_eq!(Verdict::made_again(&Made::Known, &words).to, State::Taken);
    for unnamed in Unnamed::ALL {
        let before = Facts {
            unnamed: Some(unnamed),
            ..Facts::default()
        };
        let before = before.and_then(Facts::default().because("other words"));
        assert_eq!(Verdict::made_again(&Made::Known, &before).to, State::Sent);
    }
}

#[tokio::test]
async fn what_holds_for_all_rows_stops_the_run_or_holds_it() {
    let stop = |error: &Error| match others(error, "") {
        Others::Stop(Stop::Token(_)) => "token",
        Others::Stop(Stop::NotAllowed(_)) => "not allowed",
        Others::Stop(_) => "other",
        Others::Wait(_) => "wait",
        Others::Slower => "slower",
        Others::GoOn | Others::NotYet => "go on",
    };
    for (status, expected) in [
        (401, "token"),
        (403, "not allowed"),
        (404, "go on"),
        (409, "go on"),
        (422, "go on"),
        (429, "slower"),
        (503, "wait"),
    ] {
        let error = refused(status, "{}").await.unwrap();
        assert_eq!(stop(&error), expected, "{status}: {error}");
    }
}

#[tokio::test]
async fn an_account_number_that_holds_another_is_masked_whole() {
    let words = r#"{"response_code":422,"response_message":"9912345678900005 is wrong"}"#;
    let error = refused(422, words).await.unwrap();
    let accounts = ["123456789", "9912345678900005"].map(AccountNumber::new);
    let words = without(&accounts, &error).whole;
    assert!(words.contains("XXXXXXXXXXXX0005 is wrong"), "{words}");
}

#[tokio::test]
async fn an_account_number_that_is_repeated_is_masked() {
    let words = r#"{"response_code":422,"response_message":"200300400500 is wrong"}"#;
    let error = refused(422, words).await.unwrap();
    let reason = first(&error).facts.reason.unwrap();
    assert!(reason.contains("XXXXXXXX0500 is wrong"), "{reason}");
    assert!(!reason.contains("200300400500"), "{reason}");
}
