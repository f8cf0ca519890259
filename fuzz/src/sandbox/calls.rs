//! From bytes to a call.

use std::sync::LazyLock;

use bytes::Bytes;
use enkash_sandbox::Credentials;
use enkash_transport::wire;
use enkash_types::{Auth, Body, CheckError, Declared, Header, Operation, Replay, Secret};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Method, Request, Response};
use serde_json::{Map, Value};

use super::{KEPT, Run};
use crate::choices::Choices;
use crate::declared::{self, OPERATIONS};
use crate::fitting;
use crate::known::WORDS;

/// Each call takes so many bytes of an input, so that a change to one leaves the others alone.
pub(super) const CALL: usize = 128;

/// What a call is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A declared operation.
    Operation,
    /// An address that stood in an answer, opened or with a form sent to it.
    Page,
    /// Something of the control surface, or of the browser checkout.
    Service,
    /// Anything.
    Raw,
    /// The call before once more, or, for the bytes of [`FLOOD`], more often than calls are kept.
    Again,
}

/// The first byte of a call chooses among these.
pub(super) const KINDS: &[Kind] = &[
    Kind::Operation,
    Kind::Operation,
    Kind::Operation,
    Kind::Operation,
    Kind::Page,
    Kind::Service,
    Kind::Raw,
    Kind::Again,
];

pub(super) const FLOOD: [u8; 2] = [0xa5, 0x5a];

/// The operations that can be called.
pub(super) fn callable() -> &'static [&'static declared::Operation] {
    static CALLABLE: LazyLock<Vec<&declared::Operation>> = LazyLock::new(|| {
        let all = OPERATIONS.iter();
        all.filter(|operation| !operation.declared.is_webhook)
            .collect()
    });
    &CALLABLE
}

impl Run<'_> {
    /// Makes a call.
    pub(super) fn call(&mut self, mut choices: Choices<'_>) {
        match choices.of(KINDS).copied().unwrap_or(Kind::Raw) {
            Kind::Operation => self.operate(choices),
            Kind::Page => self.browse(choices),
            Kind::Service => self.serve_yourself(choices),
            Kind::Raw => self.anything(choices),
            Kind::Again => self.again(choices),
        }
    }

    /// Calls an operation, mostly as its declaration wants it.
    fn operate(&mut self, mut choices: Choices<'_>) {
        let Some(called) = choices.of(callable()) else {
            return;
        };
        let (schema, operation) = (&called.schema, called.declared.operation);
        let who = choices.byte();
        // Mostly a request that keeps every rule, about what is there, with a thing changed.
        let mut value = match choices.below(4) {
            3 => fitting::value(schema, &self.known, false, &mut choices),
            _ => choices.of(&called.valid).cloned().unwrap_or_default(),
        };
        self.take_what_is_known(&mut value, &mut choices);
        let Value::Object(mut fields) = value else {
            return;
        };
        // What the merchant names is mostly another thing than the one before.
        if let Replay::ByMerchantId(name) = operation.replay
            && !choices.one_in(4)
        {
            self.named += 1;
            fields.insert(name.to_owned(), format!("INV{}", self.named).into());
        }
        if choices.one_in(4) {
            let names: Vec<_> = fields.keys().cloned().collect();
            if let Some(name) = choices.of(&names) {
                let other = fitting::field(schema, name, &self.known, &mut choices);
                fields.insert(name.clone(), other);
            }
        }
        let encoded = wire::encode_fields(&self.base, operation, fields.clone());
        let mut request = encoded.unwrap_or_else(|_| without_encoding(operation, &fields));
        self.authorise(&mut request, operation, who);
        if operation.sealed && !choices.one_in(8) {
            let sealed = self.key.seal(request.body());
            *request.body_mut() = wire::sealed(sealed);
        }
        if choices.one_in(16) {
            spoil(&mut request, &mut choices);
        }
        if let Some(response) = self.send(request) {
            self.read(called.declared, &response);
        }
    }

    /// Puts texts that answers had in place of others, under the same names.
    fn take_what_is_known(&self, value: &mut Value, choices: &mut Choices<'_>) {
        match value {
            Value::Array(values) => {
                for value in values {
                    self.take_what_is_known(value, choices);
                }
            }
            Value::Object(fields) => {
                for (name, value) in fields {
                    let known = self.known.named(name);
                    if !value.is_string() {
                        self.take_what_is_known(value, choices);
                    } else if !known.is_empty() && !choices.one_in(8) {
                        // The newest first.
                        let back = choices.below(known.len()) + 1;
                        *value = known[known.len() - back].as_str().into();
                    }
                }
            }
            _ => {}
        }
    }

    /// Says who asks, rightly but for some values of `who`.
    pub(super) fn authorise(&self, request: &mut Request<Bytes>, operation: &Operation, who: u8) {
        let Credentials {
            access_key,
            client_id,
            client_secret,
            partner_id,
            ..
        } = self.sandbox.credentials();
        let authorization = match (operation.auth, who) {
            (_, 250) => Ok(HeaderValue::from_static("Bearer ")),
            (_, 251) => Ok(HeaderValue::from_static("Basic ====")),
            (_, 252) => wire::bearer(&self.oauth_token),
            (_, 253) => return,
            (Auth::None, _) => return,
            (Auth::Client, _) => wire::basic(client_id, client_secret),
            (Auth::Merchant, _) => wire::bearer(&self.merchant_token),
            (Auth::OAuth | Auth::Unknown, _) => wire::bearer(&self.oauth_token),
        };
        let headers = request.headers_mut();
        if let Ok(authorization) = authorization {
            headers.insert(AUTHORIZATION, authorization);
        }
        for header in operation.headers {
            let value = match header {
                _ if who == 254 => "no such thing".into(),
                Header::MerchantAccessKey => access_key.clone(),
                Header::PartnerId => Secret::new(partner_id.as_str()),
            };
            if let Ok((name, value)) = wire::companion(*header, &value) {
                headers.insert(name, value);
            }
        }
    }

    /// What the sandbox answers, the client can read.
    fn read(&self, declared: &Declared, response: &Response<Bytes>) {
        let Some(check) = declared.check_answer else {
            return;
        };
        if self.is_faulty {
            return;
        }
        let opened = wire::unsealed(response.body()).and_then(|text| self.key.open(&text).ok());
        let mut response = response.clone();
        if let Some(plain) = opened {
            *response.body_mut() = plain.into();
        }
        let read = |text: &[u8]| check(text).map_err(CheckError::into);
        if let Err(error @ wire::AnswerError::Unreadable { .. }) =
            wire::decode_fields(declared.operation, &response, read)
        {
            panic!("{}: {error}", declared.operation.name);
        }
    }

    /// Opens an address that stood in an answer, or sends it a form.
    fn browse(&mut self, mut choices: Choices<'_>) {
        let sends = choices.one_in(2);
        let back = choices.below(self.links.len());
        // The newest first.
        let link = self.links.iter().rev().nth(back).cloned();
        let link = link.unwrap_or_else(|| "/".to_owned());
        if !sends {
            self.send(request(Method::GET, &link, Bytes::new()));
            return;
        }
        let mut pairs = Vec::new();
        for name in &self.fields {
            if choices.one_in(2) {
                let known = self.known.named(name);
                let text = match choices.below(4) {
                    0 if !known.is_empty() => choices.of(known).cloned(),
                    3 => Some(choices.text()),
                    _ => choices.of(WORDS).map(|word| (*word).to_owned()),
                };
                pairs.push((name, text.unwrap_or_default()));
            }
        }
        let form = serde_urlencoded::to_string(pairs).expect("pairs of texts");
        let mut request = request(Method::POST, &link, form.into());
        let kind = HeaderValue::from_static("application/x-www-form-urlencoded");
        request.headers_mut().insert(CONTENT_TYPE, kind);
        self.send(request);
    }

    /// Does something to the sandbox from outside, or as a page of the browser checkout does.
    fn serve_yourself(&mut self, mut choices: Choices<'_>) {
        let Some(service) = choices.of(&self.surface.0) else {
            return;
        };
        let path = self.with_ids(&service.path, &mut choices);
        let mut body = service.body.clone();
        self.take_what_is_known(&mut body, &mut choices);
        if let Value::Object(fields) = &mut body
            && choices.one_in(4)
        {
            for value in fields.values_mut() {
                if choices.one_in(3) {
                    *value = fitting::value(&Value::Null, &self.known, false, &mut choices);
                }
            }
        }
        let body = match body {
            Value::Null => Bytes::new(),
            _ if choices.one_in(8) => Bytes::new(),
            body => body.to_string().into(),
        };
        self.is_faulty |= path.contains("fault");
        self.send(request(service.method.clone(), &path, body));
    }

    /// Puts known ids in place of the names in braces.
    fn with_ids(&self, path: &str, choices: &mut Choices<'_>) -> String {
        let mut parts = path.split('{');
        let mut whole = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').unwrap_or((part, ""));
            let ids = self.known.ids();
            let known = choices.of(self.known.named(name));
            let known = known.or_else(|| choices.of(&ids).copied());
            whole.push_str(&percent(known.map_or("none", String::as_str)));
            whole.push_str(rest);
        }
        whole
    }

    /// Any method, path, query, header and body.
    fn anything(&mut self, mut choices: Choices<'_>) {
        const METHODS: &[&str] = &[
            "GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "X",
        ];
        const HEADERS: &[(&str, &str)] = &[
            ("origin", "https://shop.example.in"),
            ("origin", "null"),
            ("host", "shop.example.in:4010"),
            ("host", "127.0.0.1:1"),
            ("access-control-request-method", "PATCH"),
            ("access-control-request-headers", "content-type, x"),
            ("sec-fetch-site", "cross-site"),
            ("content-type", "text/plain"),
            ("accept", "text/event-stream"),
            ("cookie", "a=b; a"),
        ];
        let method = choices.of(METHODS).map_or("GET", |method| method);
        let path = match choices.below(4) {
            0 => format!("/{}", percent(&choices.text())),
            1 => {
                let called = choices.of(callable());
                let path = called.map_or("/", |called| called.declared.operation.path);
                self.with_ids(path, &mut choices)
            }
            2 => {
                let service = choices.of(&self.surface.0);
                let path = service.map_or("/", |service| &service.path);
                self.with_ids(path, &mut choices)
            }
            _ => {
                let link = choices.of(&self.links).cloned().unwrap_or_default();
                format!("{link}/{}", percent(&choices.text()))
            }
        };
        let query = match choices.below(3) {
            0 => String::new(),
            1 => format!("?{}", percent(&choices.text())),
            _ => "?offset=0&limit=18446744073709551615&offset=-1".to_owned(),
        };
        let method = method.parse().expect("it is a method");
        let mut request = request(method, &format!("{path}{query}"), Bytes::new());
        let headers = request.headers_mut();
        for _ in 0..choices.below(4) {
            if let Some((name, value)) = choices.of(HEADERS) {
                headers.append(*name, HeaderValue::from_static(value));
            }
        }
        if choices.one_in(4) {
            let name = HeaderName::from_bytes(choices.text().as_bytes());
            let value = HeaderValue::from_bytes(choices.text().as_bytes());
            if let (Ok(name), Ok(value)) = (name, value) {
                headers.append(name, value);
            }
        }
        if choices.one_in(2) {
            let token = wire::bearer(&self.merchant_token).expect("the sandbox made it");
            headers.insert(AUTHORIZATION, token);
        }
        *request.body_mut() = Bytes::copy_from_slice(choices.rest());
        self.send(request);
    }

    /// Makes the last call again.
    fn again(&mut self, mut choices: Choices<'_>) {
        let Some(last) = self.last.clone() else {
            return;
        };
        let few = choices.below(3) + 1;
        // Once is enough, and it takes its time.
        let is_flood = [choices.byte(), choices.byte()] == FLOOD && !self.was_flooded;
        self.was_flooded |= is_flood;
        for _ in 0..if is_flood { KEPT + 1 } else { few } {
            self.send(last.clone());
        }
    }
}

/// A request of fields that cannot be encoded, such as nothing where the path wants a text.
fn without_encoding(operation: &Operation, fields: &Map<String, Value>) -> Request<Bytes> {
    let method = operation.method.as_str().parse().expect("it is a method");
    let path = operation.path.replace(['{', '}'], "");
    let (body, kind) = match operation.body {
        Body::Json => (Value::from(fields.clone()).to_string(), "application/json"),
        Body::Form => {
            let pairs = fields.iter().map(|(name, value)| (name, value.to_string()));
            let form = serde_urlencoded::to_string(pairs.collect::<Vec<_>>());
            (
                form.unwrap_or_default(),
                "application/x-www-form-urlencoded",
            )
        }
    };
    let mut request = request(method, &path, body.into());
    request
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static(kind));
    request
}

/// Changes something about a request.
fn spoil(request: &mut Request<Bytes>, choices: &mut Choices<'_>) {
    match choices.below(4) {
        0 => *request.method_mut() = Method::DELETE,
        1 => {
            let half = request.body().len() / 2;
            request.body_mut().truncate(half);
        }
        2 => {
            let mut body = request.body().to_vec();
            let place = choices.below(body.len());
            if let Some(byte) = body.get_mut(place) {
                *byte = choices.byte();
            }
            *request.body_mut() = body.into();
        }
        _ => {
            let query = percent(&choices.text());
            if let Ok(uri) = format!("{}?{query}", request.uri().path()).parse() {
                *request.uri_mut() = uri;
            }
        }
    }
}

/// A request; where the path is none, to the root.
fn request(method: Method, path: &str, body: Bytes) -> Request<Bytes> {
    let mut request = Request::new(body);
    *request.method_mut() = method;
    if let Ok(uri) = path.parse() {
        *request.uri_mut() = uri;
    }
    request
}

/// A text as it may stand in an address, some characters as they are.
fn percent(text: &str) -> String {
    let mut shown = String::new();
    for byte in text.bytes() {
        match byte {
            b'!'..=b'~' if !b"\"<>`{}|^\\".contains(&byte) => shown.push(char::from(byte)),
            byte => shown.push_str(&format!("%{byte:02x}")),
        }
    }
    shown
}
