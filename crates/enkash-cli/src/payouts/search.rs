//! Finding transfers by a route that EnKash gave to the merchant: its documentation has none.

use std::str::FromStr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use async_trait::async_trait;
use enkash_api::payouts::{SeenTransfer, Sighting, TransferLookup};
use enkash_api::{ApiErrorKind, Client, Error, RawRequest};
use enkash_types::payouts::{CreateTransfer, Transfer, TransferId};
use enkash_types::{Auth, Host, Method, Replay, Rupees, read};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

/// A call that finds one transfer by the merchant's id of it. Clones are one, as to what came of it.
#[derive(Debug, Clone)]
pub(super) struct Search {
    method: Method,
    /// Where [`ID`] stands in it the id is put in.
    path: String,
    outcome: Arc<Mutex<Outcome>>,
}

/// What came of all calls.
#[derive(Debug, Default)]
struct Outcome {
    /// A transfer was found.
    has_found: bool,
    /// Why the last one was not.
    last: Option<String>,
}

const ID: &str = "{transactionId}";

impl FromStr for Search {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (method, path) = match text.split_once(' ') {
            None => (Method::Post, text),
            Some(("POST", path)) => (Method::Post, path),
            Some(("GET", path)) if path.contains(ID) => (Method::Get, path),
            Some(("GET", _)) => return Err("must have {transactionId} in the path of a GET"),
            Some(_) => return Err("must be a path, with GET or POST before it"),
        };
        if !path.starts_with('/') {
            return Err("must be a path, which begins with /");
        }
        Ok(Self {
            method,
            path: path.to_owned(),
            outcome: Arc::default(),
        })
    }
}

impl Search {
    /// What is to be said of a search that has found nothing.
    pub(super) fn found_nothing(&self) -> Option<String> {
        let outcome = self.outcome();
        let last = outcome.last.as_ref().filter(|_| !outcome.has_found)?;
        let (method, path) = (self.method.as_str(), &self.path);
        Some(format!(
            "--search {method} {path} found no transfer, the last one because: {last}; see whether that \
             is the path that EnKash gave you"
        ))
    }

    fn outcome(&self) -> MutexGuard<'_, Outcome> {
        self.outcome.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn request(&self, id: &TransferId) -> RawRequest {
        let in_path = utf8_percent_encode(id.as_str(), NON_ALPHANUMERIC).to_string();
        let path = self.path.replace(ID, &in_path);
        let mut request = RawRequest::new(Host::Payouts, self.method, path);
        if self.method == Method::Post {
            request.body = Some(json!({"transactionId": id}));
        }
        request.auth = Auth::OAuth;
        request.sealed = true;
        request.replay = Replay::Safe;
        request
    }
}

#[async_trait]
impl TransferLookup for Search {
    async fn find(&self, client: &Client, transfer: &CreateTransfer) -> Result<Sighting, Error> {
        let id = &transfer.transaction_id;
        let answered = client.raw(self.request(id)).await;
        let found = answered.map(|answer| sighting(&answer.body, id));
        let mut outcome = self.outcome();
        match &found {
            Ok(Sighting::There(_)) => outcome.has_found = true,
            Ok(_) => outcome.last = Some("its answer has no transfer with the id".to_owned()),
            Err(error) => outcome.last = Some(error.to_string()),
        }
        match found {
            // Of what, its documentation does not say. That it proves that there is no transfer is
            // more than is known.
            Err(Error::Api(refused)) if refused.kind == ApiErrorKind::NotFound => {
                Ok(Sighting::NotSeen)
            }
            found => found,
        }
    }
}

/// What an answer says.
fn sighting(answer: &Value, id: &TransferId) -> Sighting {
    match found(answer, id) {
        Some(seen) if !is_failure(answer) => Sighting::There(seen),
        _ => Sighting::NotSeen,
    }
}

/// Whether an answer says of itself that it is none. 0 is documented for success; whether the HTTP
/// status may stand there too is not.
fn is_failure(answer: &Value) -> bool {
    let codes = ["response_code", "code"].map(|name| answer.get(name));
    codes.into_iter().flatten().any(|code| match code {
        Value::Null => false,
        Value::String(code) => !matches!(code.trim().parse(), Ok(0 | 200)),
        code => !matches!(code.as_u64(), Some(0 | 200)),
    })
}

/// The transfer that has this id, however deep: in which envelope it comes is not known. An id that
/// stands alone may be the question's, repeated in its answer.
fn found(answer: &Value, id: &TransferId) -> Option<SeenTransfer> {
    match answer {
        Value::Object(fields) => {
            let is_it = fields.get("transactionId").and_then(Value::as_str) == Some(id.as_str());
            let seen = is_it.then(|| seen(answer, id));
            let is_transfer =
                |seen: &SeenTransfer| seen.status.is_some() || seen.enkash_transaction_id.is_some();
            seen.filter(is_transfer)
                .or_else(|| fields.values().find_map(|value| found(value, id)))
        }
        Value::Array(items) => items.iter().find_map(|item| found(item, id)),
        _ => None,
    }
}

/// What it says, by the names that a transfer's fields have elsewhere.
fn seen(found: &Value, id: &TransferId) -> SeenTransfer {
    let mut seen = SeenTransfer::new(id.clone());
    let amount = found.get("transferAmount").cloned();
    seen.amount = amount.and_then(|amount| read::value::<Rupees>(amount).ok());
    if let Ok(transfer) = read::value::<Transfer>(found.clone()) {
        seen.utr = transfer.utr().map(str::to_owned);
        seen.reject_reason = transfer.reject_reason();
        seen.status = transfer.payout_status;
        seen.enkash_transaction_id = transfer.enkash_transaction_id;
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_is_a_path_with_or_without_a_method() {
        for (text, method, path) in [
            ("/search", Method::Post, "/search"),
            ("POST /search", Method::Post, "/search"),
            (
                "GET /transfer/{transactionId}",
                Method::Get,
                "/transfer/{transactionId}",
            ),
        ] {
            let search: Search = text.parse().unwrap();
            assert_eq!((search.method, search.path.as_str()), (method, path));
        }
        for wrong in [
            "",
            "search",
            "GET /search",
            "PUT /search",
            "https://example.in/search",
        ] {
            assert!(wrong.parse::<Search>().is_err(), "{wrong}");
        }
        let search: Search = "GET /t/{transactionId}?x=1".parse().unwrap();
        let request = search.request(&"A/1 ?".into());
        assert_eq!(request.path, "/t/A%2F1%20%3F?x=1");
        assert!(request.body.is_none());
    }

    #[test]
    fn a_transfer_is_found_in_any_envelope() {
        let transfer = json!({
            "transactionId": "PAY1", "payoutStatus": "PROCESSING", "transferAmount": 10.5,
            "rejectCode": null,
        });
        let id = "PAY1".into();
        for answer in [
            transfer.clone(),
            json!({"response_code": 0, "payload": transfer}),
            json!({"response_code": "0", "response_message": "", "data": [transfer]}),
            json!({"payload": {"list": [{"transactionId": "PAY2"}, transfer]}}),
        ] {
            let Sighting::There(seen) = sighting(&answer, &id) else {
                panic!("not seen in {answer}");
            };
            assert_eq!(seen.amount, "10.50".parse().ok());
            assert_eq!(seen.status, Some("PROCESSING".into()));
        }
    }

    #[test]
    fn an_id_that_comes_back_is_no_transfer() {
        let id = "PAY1".into();
        for answer in [
            json!({"response_code": 1, "response_message": "not found", "transactionId": "PAY1"}),
            json!({"transactionId": "PAY1"}),
            json!({"transactionId": "PAY1", "payoutStatus": null}),
            json!({"transactionId": "PAY1", "transferAmount": 10.5}),
            json!({"payload": {"transactionId": "PAY1", "list": []}}),
            json!({"payload": [{"transactionId": "PAY2", "payoutStatus": "SUCCESS"}]}),
            json!({"response_code": "1", "payload": {"transactionId": "PAY1", "payoutStatus": "SUCCESS"}}),
            json!({"code": 404, "payload": {"transactionId": "PAY1", "payoutStatus": "SUCCESS"}}),
        ] {
            assert_eq!(sighting(&answer, &id), Sighting::NotSeen, "{answer}");
        }
        // The question stands above its answer.
        let answer = json!({
            "code": "200", "transactionId": "PAY1",
            "payload": [{"transactionId": "PAY1", "enkashTransactionId": "ENK1"}],
        });
        assert!(matches!(sighting(&answer, &id), Sighting::There(_)));
    }
}
