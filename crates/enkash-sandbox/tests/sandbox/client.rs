//! A small client of a sandbox, without TCP.

use bytes::Bytes;
use enkash_crypto::PayloadKey;
use enkash_sandbox::{Config, Sandbox, SandboxClock};
use enkash_transport::TransportError;
use enkash_transport::wire::{self, AnswerError, Refusal};
use enkash_types::gateway::{
    CreateMerchantToken, CreateOrder, CreatedOrder, GetOrderStatus, Order, OrderStatus,
};
use enkash_types::oauth::{OAuthToken, PasswordGrant};
use enkash_types::{Auth, Endpoint, Header, Rupees, Secret, Valid};
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Response};
use serde_json::Value;

/// A sandbox whose clock stands at 2026-01-01 00:00 UTC.
pub(crate) async fn start() -> Sandbox {
    start_with(Config::new()).await
}

pub(crate) async fn start_with(config: Config) -> Sandbox {
    let config = config.with_clock(SandboxClock::manual());
    Sandbox::start(config).await.unwrap()
}

/// Calls a sandbox, with the tokens that it has.
pub(crate) struct Client<'a> {
    pub(crate) sandbox: &'a Sandbox,
    pub(crate) merchant: Secret,
    pub(crate) oauth: Secret,
}

impl<'a> Client<'a> {
    /// A client with a token of each kind.
    pub(crate) async fn new(sandbox: &'a Sandbox) -> Self {
        let mut client = Self {
            sandbox,
            merchant: "none".into(),
            oauth: "none".into(),
        };
        client.merchant = client.merchant_token().await;
        client.oauth = client.oauth_token().await.access_token;
        client
    }

    pub(crate) async fn merchant_token(&self) -> Secret {
        let known = self.sandbox.credentials();
        let keys = CreateMerchantToken::new(known.access_key.clone(), known.secret_key.clone());
        self.call(keys).await.unwrap().token
    }

    pub(crate) fn password(&self, password: impl Into<Secret>) -> PasswordGrant {
        let known = self.sandbox.credentials();
        PasswordGrant::new(&*known.username, password, &*known.client_id)
    }

    pub(crate) async fn oauth_token(&self) -> OAuthToken {
        let right = self.sandbox.credentials().password.clone();
        self.call(self.password(right)).await.unwrap()
    }

    /// The HTTP request of a call, with all that says who is asking.
    pub(crate) fn request<E: Endpoint>(&self, request: E) -> Request<Bytes> {
        let request = Valid::check(request).unwrap();
        let mut http = wire::encode(&self.sandbox.base_url(), &request).unwrap();
        self.sign::<E>(&mut http);
        http
    }

    /// Adds what says who is asking, and seals.
    pub(crate) fn sign<E: Endpoint>(&self, http: &mut Request<Bytes>) {
        let known = self.sandbox.credentials();
        if E::OPERATION.sealed && !E::OPERATION.method.has_query() {
            let key = PayloadKey::from_client_secret(known.client_secret.expose());
            *http.body_mut() = wire::sealed(key.seal(http.body()));
        }
        let authorization = match E::OPERATION.auth {
            Auth::None => None,
            Auth::Client => Some(wire::basic(&known.client_id, &known.client_secret)),
            Auth::Merchant => Some(wire::bearer(&self.merchant)),
            Auth::OAuth | Auth::Unknown => Some(wire::bearer(&self.oauth)),
        };
        if let Some(authorization) = authorization {
            http.headers_mut()
                .insert(AUTHORIZATION, authorization.unwrap());
        }
        for header in E::OPERATION.headers {
            let value = match header {
                Header::MerchantAccessKey => known.access_key.clone(),
                Header::PartnerId => known.partner_id.clone().into(),
            };
            let (name, value) = wire::companion(*header, &value).unwrap();
            http.headers_mut().insert(name, value);
        }
    }

    pub(crate) async fn send(
        &self,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, TransportError> {
        self.sandbox.handle(request).await
    }

    pub(crate) async fn call<E: Endpoint>(&self, request: E) -> Result<E::Answer, AnswerError> {
        self.answer::<E>(self.request(request)).await
    }

    /// Sends a request as it is and reads the answer of an operation.
    pub(crate) async fn answer<E: Endpoint>(
        &self,
        request: Request<Bytes>,
    ) -> Result<E::Answer, AnswerError> {
        let mut response = self.send(request).await.unwrap();
        if let Some(sealed) = wire::unsealed(response.body()) {
            let secret = &self.sandbox.credentials().client_secret;
            let key = PayloadKey::from_client_secret(secret.expose());
            *response.body_mut() = key.open(&sealed).unwrap().into();
        }
        wire::decode::<E>(&response)
    }

    /// Sends a request as it is and expects EnKash to say no.
    pub(crate) async fn refused<E: Endpoint>(&self, request: Request<Bytes>) -> Refusal
    where
        E::Answer: std::fmt::Debug,
    {
        refusal(self.answer::<E>(request).await)
    }

    /// An order of 499.50 rupees.
    pub(crate) async fn order(&self, merchant_id: &str) -> CreatedOrder {
        self.call(order(merchant_id)).await.unwrap()
    }

    pub(crate) async fn status(&self, order: &CreatedOrder) -> OrderStatus {
        self.read(order).await.status.unwrap()
    }

    pub(crate) async fn read(&self, order: &CreatedOrder) -> Order {
        let id = order.order_id.clone().unwrap();
        self.call(GetOrderStatus::new(id)).await.unwrap()
    }
}

pub(crate) fn order(merchant_id: &str) -> CreateOrder {
    CreateOrder::new(merchant_id, Rupees::from_paise(49_950))
}

pub(crate) fn refusal<T: std::fmt::Debug>(answer: Result<T, AnswerError>) -> Refusal {
    match answer {
        Err(AnswerError::Refused(refusal)) => refusal,
        other => panic!("expected a refusal, got {other:?}"),
    }
}

/// Asks the control surface.
pub(crate) async fn control(
    sandbox: &Sandbox,
    method: &str,
    path: &str,
    body: Value,
) -> (u16, Value) {
    let body = match body {
        Value::Null => Bytes::new(),
        body => body.to_string().into(),
    };
    let request = Request::builder()
        .method(method)
        .uri(format!("/_sandbox/{path}"))
        .body(body)
        .unwrap();
    let response = sandbox.handle(request).await.unwrap();
    let answer = serde_json::from_slice(response.body()).unwrap();
    (response.status().as_u16(), answer)
}

/// Asks the control surface for something that it does.
pub(crate) async fn does(sandbox: &Sandbox, path: &str, body: Value) -> Value {
    let (status, answer) = control(sandbox, "POST", path, body).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

/// A header that is set to a text.
pub(crate) fn set(request: &mut Request<Bytes>, name: &'static str, value: &str) {
    let value = HeaderValue::from_str(value).unwrap();
    request.headers_mut().insert(name, value);
}
