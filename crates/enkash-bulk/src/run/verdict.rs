//! What an answer proves about a row. See [`state`](crate::journal::state) for why it matters.
//!
//! Two functions look at failures. To the first request of a row a refusal proves that nothing was
//! done ([`Error`] says so: all but `OutcomeUnknown`). Once something may have left before, it
//! proves nothing. What is not known here is taken for doubt.

use enkash_api::auth::AuthError;
use enkash_api::payouts::{Made, SeenTransfer};
use enkash_api::types::AccountNumber;
use enkash_api::types::payouts::{CreateTransfer, RejectReason, Standing};
use enkash_api::{ApiErrorKind, Error};

use super::stop::Stop;
use crate::file::Row;
use crate::journal::{Facts, State};

/// Where a row stands after an answer, and what that means for the others.
#[derive(Debug)]
pub(super) struct Verdict {
    pub(super) to: State,
    pub(super) facts: Facts,
    pub(super) others: Others,
    /// Whether a request was made for it.
    pub(super) is_answer: bool,
}

/// What a failure means for the other rows.
#[derive(Debug)]
pub(super) enum Others {
    /// It is the row's alone.
    GoOn,
    /// That shows when the row is settled.
    NotYet,
    /// They would fail as well just now.
    Wait,
    /// They would fail as well.
    Stop(Stop),
}

impl Verdict {
    fn new(to: State, facts: Facts) -> Self {
        Self {
            to,
            facts,
            others: Others::GoOn,
            is_answer: true,
        }
    }

    /// EnKash has the transfer.
    pub(super) fn made(made: &Made) -> Self {
        let facts = Facts {
            status: made.status().cloned(),
            enkash_id: made.enkash_transaction_id().cloned(),
            utr: made.utr().map(str::to_owned),
            reason: match made {
                Made::Known => Some(KNOWN.to_owned()),
                _ => made.reject_reason().map(|reason| in_words(&reason)),
            },
            ..Facts::default()
        };
        Self::new(state(made.standing()), facts)
    }

    /// A lookup found the transfer, which EnKash has.
    pub(super) fn seen(seen: &SeenTransfer) -> Self {
        let standing = seen.status.as_ref().map(|status| status.standing());
        let facts = Facts {
            status: seen.status.clone(),
            enkash_id: seen.enkash_transaction_id.clone(),
            utr: seen.utr.clone(),
            reason: seen.reject_reason.as_ref().map(in_words),
            ..Facts::default()
        };
        Self::new(state(standing.unwrap_or(Standing::Unknown)), facts)
    }

    /// A transfer that EnKash has could not be looked up.
    pub(super) fn not_seen(error: &Error) -> Self {
        Self {
            others: others(error),
            ..Self::new(State::Taken, Facts::default())
        }
    }

    /// A batch was taken, and this row is not among those that were.
    pub(super) fn left_out() -> Self {
        Self::in_a_batch("EnKash took its batch and did not name it among the transfers taken")
    }

    /// EnKash has its batch, and has not said which rows of it.
    pub(super) fn batch_known() -> Self {
        Self::in_a_batch("EnKash has its batch, and did not say which transfers of it")
    }

    fn in_a_batch(reason: &str) -> Self {
        Self {
            others: Others::NotYet,
            ..Self::new(State::Sent, Facts::default().because(reason))
        }
    }

    /// The run stopped before it was sent, and if it was in a batch, that certainly did nothing.
    pub(super) fn not_sent() -> Self {
        Self {
            is_answer: false,
            ..Self::new(State::Planned, Facts::default())
        }
    }

    /// Whether the row got through, as far as can be said by now.
    pub(super) fn is_through(&self) -> bool {
        matches!(self.to, State::Taken | State::Paid)
    }

    /// The first request of a row failed.
    pub(super) fn first_failed(error: &Error, row: &Row) -> Self {
        let to = match error {
            Error::Invalid(_) | Error::Encode(_) => State::Refused,
            Error::NotConfigured(_) | Error::Auth(_) | Error::Transport { .. } => State::Planned,
            Error::Api(refusal) => match refusal.kind {
                // It is refused for the account, not for what it asks.
                ApiErrorKind::TokenRefused
                | ApiErrorKind::NotAllowed
                | ApiErrorKind::RateLimited => State::Planned,
                ApiErrorKind::NotFound
                | ApiErrorKind::Duplicate
                | ApiErrorKind::Rejected
                | ApiErrorKind::Other => State::Refused,
                // The client takes a 5xx for doubt; so it would be here.
                _ => State::Sent,
            },
            _ => State::Sent,
        };
        Self::failed(to, error, row)
    }

    /// A request failed, and an earlier one may have been taken.
    pub(super) fn again_failed(error: &Error, row: &Row) -> Self {
        Self::failed(State::Sent, error, row)
    }

    /// The beneficiary of a row was not added, and so nothing of the row itself was sent.
    pub(super) fn payee_failed(error: &Error, row: &Row) -> Self {
        let mut verdict = Self::first_failed(error, row);
        if verdict.to == State::Sent {
            verdict.to = State::Planned;
        }
        let reason = verdict.facts.reason.take().unwrap_or_default();
        verdict.facts.reason = Some(format!("its beneficiary could not be added: {reason}"));
        verdict
    }

    fn failed(to: State, error: &Error, row: &Row) -> Self {
        Self {
            others: others(error),
            ..Self::new(to, Facts::default().because(in_private(error, row)))
        }
    }
}

const KNOWN: &str = "asked for it again, EnKash refused its id as known (409): so it has it, and did not say \
     what became of it";

fn state(standing: Standing) -> State {
    match standing {
        Standing::Paid => State::Paid,
        Standing::NotPaid => State::NotPaid,
        Standing::SendAgain => State::Rejected,
        Standing::UnderWay | Standing::Unknown => State::Taken,
    }
}

fn in_words(reason: &RejectReason) -> String {
    match reason.meaning() {
        Some(meaning) => format!("{reason}: {meaning}"),
        None => reason.to_string(),
    }
}

/// What a failure means for the other rows.
pub(super) fn others(error: &Error) -> Others {
    match error.cause() {
        Error::NotConfigured(_) => Others::Stop(Stop::NotConfigured(error.to_string())),
        Error::Auth(AuthError::Unavailable(_)) | Error::Transport { .. } => Others::Wait,
        Error::Auth(_) => Others::Stop(Stop::Token(error.to_string())),
        Error::Api(refusal) => match refusal.kind {
            ApiErrorKind::TokenRefused => Others::Stop(Stop::Token(error.to_string())),
            ApiErrorKind::NotAllowed => Others::Stop(Stop::NotAllowed(error.to_string())),
            ApiErrorKind::RateLimited | ApiErrorKind::Unavailable => Others::Wait,
            _ => Others::GoOn,
        },
        _ => Others::GoOn,
    }
}

/// An error in words. EnKash may repeat an account number in its own, which a journal does not hold.
fn in_private(error: &Error, row: &Row) -> String {
    let mut words = error.to_string();
    for account in accounts(row) {
        words = words.replace(account.as_str(), &account.to_string());
    }
    words
}

fn accounts(row: &Row) -> impl Iterator<Item = &AccountNumber> {
    let CreateTransfer {
        debit_account_number,
        beneficiary_detail,
        ..
    } = &row.transfer;
    let detail = beneficiary_detail.as_ref();
    let payee = row.beneficiary.as_ref();
    let accounts = [
        debit_account_number.as_ref(),
        detail.and_then(|detail| detail.beneficiary_account_number.as_ref()),
        payee.and_then(|payee| payee.beneficiary_account_number.as_ref()),
    ];
    let accounts = accounts.into_iter().flatten();
    accounts.filter(|account| !account.as_str().is_empty())
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use enkash_api::Client;
    use enkash_api::RetryPolicy;
    use enkash_api::auth::OAuthCredentials;
    use enkash_api::transport::{Failure, ManualClock, MemoryTransport, Sent, TransportError};
    use enkash_api::types::payouts::TransferMode;
    use http::Response;

    use super::*;

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
            let verdict = Verdict::first_failed(&error, &row());
            let expected = match status {
                401 | 403 | 429 => State::Planned,
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
            assert_eq!(Verdict::first_failed(&error, &row()).to, expected, "{code}");
        }
        for (sent, expected) in [(Sent::No, State::Planned), (Sent::Maybe, State::Sent)] {
            let lost = move || Err(TransportError::new(Failure::Connection, sent));
            let error = error_of(lost).await.unwrap();
            assert_eq!(
                Verdict::first_failed(&error, &row()).to,
                expected,
                "{sent:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_later_request_proves_nothing_by_failing() {
        for status in 300..600 {
            let error = refused(status, "{}").await.unwrap();
            assert_eq!(
                Verdict::again_failed(&error, &row()).to,
                State::Sent,
                "{status}"
            );
        }
        let not_left = || Err(TransportError::new(Failure::Connect, Sent::No));
        let error = error_of(not_left).await.unwrap();
        assert_eq!(Verdict::again_failed(&error, &row()).to, State::Sent);
    }

    #[tokio::test]
    async fn what_holds_for_all_rows_stops_the_run_or_holds_it() {
        let stop = |error: &Error| match others(error) {
            Others::Stop(Stop::Token(_)) => "token",
            Others::Stop(Stop::NotAllowed(_)) => "not allowed",
            Others::Stop(_) => "other",
            Others::Wait => "wait",
            Others::GoOn | Others::NotYet => "go on",
        };
        for (status, expected) in [
            (401, "token"),
            (403, "not allowed"),
            (404, "go on"),
            (409, "go on"),
            (422, "go on"),
            (429, "wait"),
            (503, "wait"),
        ] {
            let error = refused(status, "{}").await.unwrap();
            assert_eq!(stop(&error), expected, "{status}: {error}");
        }
    }

    #[tokio::test]
    async fn an_account_number_that_is_repeated_is_masked() {
        let words = r#"{"response_code":422,"response_message":"200300400500 is wrong"}"#;
        let error = refused(422, words).await.unwrap();
        let reason = Verdict::first_failed(&error, &row()).facts.reason.unwrap();
        assert!(reason.contains("XXXXXXXX0500 is wrong"), "{reason}");
        assert!(!reason.contains("200300400500"), "{reason}");
    }
}
