//! Calls that are not declared.

use std::fmt;

use bytes::Bytes;
use enkash_transport::wire;
use enkash_types::{Auth, Checksummed, Header, Host, Method, Replay};
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{Request, Response};
use serde_json::Value;

use crate::call::{Decoded, Plan};
use crate::client::Client;
use crate::error::Error;

/// A call to a route that the documentation does not show in full, or that is not declared here
/// yet. Nothing of it is checked but the address; it carries the token that it asks for.
///
/// ```no_run
/// use enkash_api::types::{Auth, Header, Host, Method};
/// use enkash_api::{Client, RawRequest};
///
/// # async fn example(client: Client) -> Result<(), enkash_api::Error> {
/// let mut request = RawRequest::new(Host::Gateway, Method::Get, "/api/v0/payment/EK1743074262175e8KIO");
/// request.auth = Auth::Merchant;
/// request.headers = vec![Header::MerchantAccessKey];
/// let answer = client.raw(request).await?;
/// println!("{}", answer.body);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub struct RawRequest {
    /// The server that it goes to.
    pub host: Host,
    /// HTTP method.
    pub method: Method,
    /// Path, and query if there is one. It begins with `/` and is sent as it stands.
    pub path: String,
    /// JSON body.
    pub body: Option<Value>,
    /// The token that it carries; none by default.
    pub auth: Auth,
    /// Headers beside `Authorization`; none by default.
    pub headers: Vec<Header>,
    /// Whether the body travels sealed, and the answer is opened if it came so; as all calls of
    /// payouts do. Not by default.
    pub sealed: bool,
    /// What may be done after a lost answer. [`Replay::Never`] by default: nothing is known of
    /// the route.
    pub replay: Replay,
}

impl RawRequest {
    /// A request without body and token.
    pub fn new(host: Host, method: Method, path: impl Into<String>) -> Self {
        Self {
            host,
            method,
            path: path.into(),
            body: None,
            auth: Auth::None,
            headers: Vec::new(),
            sealed: false,
            replay: Replay::Never,
        }
    }
}

/// Shows the route alone: a path without its query, and no body.
impl fmt::Debug for RawRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.split('?').next().unwrap_or_default();
        f.debug_struct("RawRequest")
            .field("host", &self.host)
            .field("method", &self.method)
            .field("path", &path)
            .field("auth", &self.auth)
            .field("sealed", &self.sealed)
            .finish_non_exhaustive()
    }
}

/// What a raw call brought, envelope and all.
#[derive(Clone)]
#[non_exhaustive]
pub struct RawAnswer {
    /// HTTP status, 200 to 299.
    pub status: u16,
    /// The whole answer; `Null` for an empty one.
    pub body: Value,
}

/// Shows the status alone: of what is not declared it is not known what is secret.
impl fmt::Debug for RawAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RawAnswer")
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Calls a route that is not declared. A refused token is replaced once, as for any call.
    ///
    /// # Errors
    ///
    /// [`Error`]. A code in the answer's body is not looked at, except the one that refuses a
    /// token: whether a call worked is for the caller to read.
    pub async fn raw(&self, request: RawRequest) -> Result<RawAnswer, Error> {
        if !request.path.starts_with('/') {
            return Err(wire::EncodeError::Other("the path must begin with /".to_owned()).into());
        }
        let other = |error: &dyn fmt::Display| wire::EncodeError::Other(error.to_string());
        let mut http = Request::builder()
            .method(request.method.as_str())
            .uri(format!("{}{}", self.address(request.host)?, request.path))
            .header(ACCEPT, "application/json")
            .header(USER_AGENT, wire::AGENT);
        let body = match &request.body {
            Some(body) => {
                http = http.header(CONTENT_TYPE, "application/json");
                body.to_string().into_bytes()
            }
            None => Vec::new(),
        };
        let http = http.body(body.into()).map_err(|error| other(&error))?;
        let plan = Plan {
            name: "raw",
            auth: self.auth(request.auth)?,
            headers: request.headers.into(),
            sealed: request.sealed,
            checksum: Checksummed::No,
            replay: request.replay,
        };
        let encode = || Ok(http.clone());
        let mut decoded = Decoded::new(|answer: &Response<Bytes>| {
            Ok(RawAnswer {
                status: answer.status().as_u16(),
                body: wire::decode_undeclared(answer)?,
            })
        });
        self.deliver(&plan, &encode, &mut decoded).await?;
        decoded.answer()
    }
}
