//! The control surface from Rust.

use std::fmt;

use bytes::Bytes;
use http::{Method, Request, StatusCode};
use serde_json::Value;

use crate::sandbox::Sandbox;

impl Sandbox {
    /// Does what a `POST` to the control surface does, in the place of the payer, the bank or
    /// EnKash: pays an order, approves a mandate, sends a webhook again.
    ///
    /// The path is what follows `/_sandbox/`; the body is [`Value::Null`] where there is none.
    /// `docs/sandbox.md` lists what can be done.
    ///
    /// ```
    /// use enkash_sandbox::{Config, Sandbox};
    /// use serde_json::{Value, json};
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let sandbox = Sandbox::start(Config::new()).await?;
    /// let clock = sandbox.control("clock", json!({"advanceSeconds": 60})).await?;
    /// assert_eq!(clock["movedBySeconds"], 60);
    ///
    /// let error = sandbox.control("orders/INV2041/pay", Value::Null).await.unwrap_err();
    /// assert_eq!(error.status(), 404);
    /// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotDone`], which says why.
    pub async fn control(&self, path: &str, body: Value) -> Result<Value, NotDone> {
        let body = match body {
            Value::Null => Bytes::new(),
            body => body.to_string().into(),
        };
        self.ask(Method::POST, path, body).await
    }

    /// What a `GET` of the control surface shows: the ledger of payouts, where a transfer stands.
    ///
    /// ```
    /// use enkash_sandbox::{Config, Sandbox};
    ///
    /// # tokio::runtime::Runtime::new()?.block_on(async {
    /// let sandbox = Sandbox::start(Config::new()).await?;
    /// let ledger = sandbox.look("payouts/ledger").await?;
    /// assert_eq!(ledger["balance"], ledger["openingBalance"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(()) })?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`NotDone`], which says why.
    pub async fn look(&self, path: &str) -> Result<Value, NotDone> {
        self.ask(Method::GET, path, Bytes::new()).await
    }

    async fn ask(&self, method: Method, path: &str, body: Bytes) -> Result<Value, NotDone> {
        let uri = format!("/_sandbox/{path}");
        let request = Request::builder().method(method).uri(uri).body(body);
        let request = request.map_err(|error| NotDone {
            status: StatusCode::BAD_REQUEST,
            error: format!("this is not the path of an address: {error}"),
        })?;
        // Faults strike operations alone, so there is always an answer, and it is JSON.
        let response = self.handle(request).await.map_err(|error| NotDone {
            status: StatusCode::INTERNAL_SERVER_ERROR,
            error: error.to_string(),
        })?;
        let answer: Value = serde_json::from_slice(response.body()).unwrap_or_default();
        if response.status().is_success() {
            return Ok(answer);
        }
        let error = answer.get("error").and_then(Value::as_str);
        Err(NotDone {
            status: response.status(),
            error: error.unwrap_or("it does not say why").to_owned(),
        })
    }
}

/// Why the control surface did not do something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotDone {
    status: StatusCode,
    error: String,
}

impl NotDone {
    /// The HTTP status that it answered with.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }
}

impl fmt::Display for NotDone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the sandbox did not do it: {}", self.error)
    }
}

impl std::error::Error for NotDone {}
