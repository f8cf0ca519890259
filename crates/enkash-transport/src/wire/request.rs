//! Requests.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use enkash_types::read::{self, ReadError};
use enkash_types::{Body, Endpoint, Header, Operation, Secret, Valid};
use http::header::{ACCEPT, CONTENT_TYPE, USER_AGENT};
use http::{HeaderName, HeaderValue, Request};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::fields::{self, Field};
use crate::base_url::BaseUrl;
use crate::transport::MaybeSend;

/// Why a checked request could not be put on the wire.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EncodeError {
    /// A field that stands in the path is empty, a dot or two, or no text.
    PathField(&'static str),
    /// A field that goes into the query or a form is no plain value.
    NotPlain(String),
    /// A header's value cannot stand in a header: it holds a line break or is not ASCII.
    Header(&'static str),
    /// The request does not make an HTTP request, for this reason.
    Other(String),
}

impl fmt::Display for EncodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PathField(name) => write!(
                f,
                "{name}: stands in the address, so it must be a text and not empty, \".\" or \"..\""
            ),
            Self::NotPlain(name) => {
                write!(f, "{name}: must be a text, a number, true or false")
            }
            Self::Header(name) => {
                write!(
                    f,
                    "{name}: goes into a header, so it must be printable ASCII"
                )
            }
            Self::Other(reason) => write!(f, "the request cannot be encoded: {reason}"),
        }
    }
}

impl std::error::Error for EncodeError {}

/// How calls name themselves; an older page of the OAuth call asks for a `User-Agent`.
pub const AGENT: &str = concat!("enkash-rust/", env!("CARGO_PKG_VERSION"));

/// Everything but the characters that RFC 3986 leaves unreserved.
const SEGMENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// Writes a checked request as an HTTP request, without what says who is asking.
///
/// # Errors
///
/// [`EncodeError`] where a value cannot stand in an address.
pub fn encode<E: Endpoint>(
    base: &BaseUrl,
    request: &Valid<E>,
) -> Result<Request<Bytes>, EncodeError> {
    let operation = E::OPERATION;
    // Decided when it is compiled, so that each operation is compiled for its own way alone.
    if const { E::OPERATION.is_all_in_body() && matches!(E::OPERATION.body, Body::Json) } {
        let body = serde_json::to_vec(&**request).map_err(other)?;
        return build(base, operation, operation.path, body.into());
    }
    match serde_json::to_value(&**request).map_err(other)? {
        Value::Object(fields) => encode_fields(base, operation, fields),
        _ => Err(EncodeError::Other("it is not an object".to_owned())),
    }
}

/// As [`encode`], for fields whose type is not known here. They are taken as checked.
///
/// # Errors
///
/// [`EncodeError`] where a value cannot stand in an address or a form.
pub fn encode_fields(
    base: &BaseUrl,
    operation: &'static Operation,
    mut fields: Map<String, Value>,
) -> Result<Request<Bytes>, EncodeError> {
    let mut path = String::with_capacity(operation.path.len() + 32);
    for segment in operation.path.split('/').skip(1) {
        path.push('/');
        let Some(name) = segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        else {
            path.push_str(segment);
            continue;
        };
        match fields.remove(name) {
            Some(Value::String(text)) if !matches!(text.as_str(), "" | "." | "..") => {
                path.extend(utf8_percent_encode(&text, SEGMENT));
            }
            _ => return Err(EncodeError::PathField(name)),
        }
    }
    if operation.has_query() {
        let (query, rest): (Map<_, _>, Map<_, _>) = fields
            .into_iter()
            .partition(|(name, _)| operation.is_in_query(name));
        let query = form(&query)?;
        if !query.is_empty() {
            path.push('?');
            path.push_str(&query);
        }
        fields = rest;
    }
    if operation.method.has_query() {
        return build(base, operation, &path, Bytes::new());
    }
    let body = match operation.body {
        Body::Json => Value::Object(fields).to_string().into_bytes(),
        Body::Form => form(&fields)?.into_bytes(),
    };
    build(base, operation, &path, body.into())
}

fn form(fields: &Map<String, Value>) -> Result<String, EncodeError> {
    let mut form = form_urlencoded::Serializer::new(String::new());
    for (name, value) in fields {
        let text = match value {
            Value::Null => continue,
            Value::String(text) => Cow::Borrowed(text.as_str()),
            Value::Number(number) => number.to_string().into(),
            Value::Bool(value) => value.to_string().into(),
            Value::Array(_) | Value::Object(_) => return Err(EncodeError::NotPlain(name.clone())),
        };
        form.append_pair(name, &text);
    }
    Ok(form.finish())
}

fn build(
    base: &BaseUrl,
    operation: &Operation,
    path: &str,
    body: Bytes,
) -> Result<Request<Bytes>, EncodeError> {
    let mut request = Request::builder()
        .method(operation.method.as_str())
        .uri(format!("{base}{path}"))
        .header(ACCEPT, "application/json")
        .header(USER_AGENT, AGENT);
    if !operation.method.has_query() {
        request = request.header(
            CONTENT_TYPE,
            match operation.body {
                Body::Json => "application/json",
                Body::Form => "application/x-www-form-urlencoded",
            },
        );
    }
    request.body(body).map_err(other)
}

fn other(error: impl fmt::Display) -> EncodeError {
    EncodeError::Other(error.to_string())
}

/// The value of `Authorization` for a token.
///
/// # Errors
///
/// [`EncodeError::Header`] where the token cannot stand in a header.
pub fn bearer(token: &Secret) -> Result<HeaderValue, EncodeError> {
    secret_header("Authorization", &format!("Bearer {}", token.expose()))
}

/// The value of `Authorization` for an OAuth client.
///
/// # Errors
///
/// Those of [`bearer`].
#[cfg(feature = "basic")]
pub fn basic(id: &str, secret: &Secret) -> Result<HeaderValue, EncodeError> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;

    let pair = STANDARD.encode(format!("{id}:{}", secret.expose()));
    secret_header("Authorization", &format!("Basic {pair}"))
}

/// A header that goes beside `Authorization`.
///
/// # Errors
///
/// Those of [`bearer`].
pub fn companion(header: Header, value: &Secret) -> Result<(HeaderName, HeaderValue), EncodeError> {
    let name = match header {
        Header::MerchantAccessKey => HeaderName::from_static("merchantaccesskey"),
        Header::PartnerId => HeaderName::from_static("partnerid"),
    };
    Ok((name, secret_header(header.name(), value.expose())?))
}

/// Marked as sensitive, so that `Debug` does not show it and HTTP/2 does not index it.
fn secret_header(name: &'static str, text: &str) -> Result<HeaderValue, EncodeError> {
    let mut value = HeaderValue::from_str(text).map_err(|_| EncodeError::Header(name))?;
    value.set_sensitive(true);
    Ok(value)
}

#[derive(Serialize, Deserialize)]
struct Sealed {
    request: String,
}

/// A sealed body as it travels, both ways: `{"request": "<base64>"}`.
#[must_use]
pub fn sealed(ciphertext: String) -> Bytes {
    // A map of one text cannot fail to serialize.
    serde_json::to_vec(&Sealed {
        request: ciphertext,
    })
    .unwrap_or_default()
    .into()
}

/// The base64 text of a sealed body, or `None` for a body that is not of that form.
#[must_use]
pub fn unsealed(body: &[u8]) -> Option<String> {
    serde_json::from_slice::<Sealed>(body)
        .ok()
        .map(|sealed| sealed.request)
}

/// Whether a body is of the form of a sealed one and nothing else.
pub(super) fn is_sealed(body: &[u8]) -> bool {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Alone<'a> {
        #[serde(borrow)]
        request: Cow<'a, str>,
    }
    serde_json::from_slice::<Alone<'_>>(body).is_ok_and(|alone| !alone.request.is_empty())
}

/// Seals the bodies of operations that want it, and opens answers that came sealed.
/// `enkash-crypto` has the documented way.
pub trait Seal: MaybeSend + 'static {
    /// Seals a JSON text; gives base64.
    fn seal(&self, plain: &[u8]) -> String;

    /// Opens what was sealed, or `None` where it does not open.
    fn open(&self, sealed: &str) -> Option<Vec<u8>>;
}

/// Opens a body if it came sealed. The documentation does not say which answers do, so a body of
/// another form is left as it is. So is one that does not open, or in which there is no JSON: nothing
/// tells the one from the other, since a seal that says what is wrong inside it helps to forge one.
#[must_use]
pub fn opened(seal: &dyn Seal, body: Bytes) -> Bytes {
    let plain = unsealed(&body).and_then(|sealed| seal.open(&sealed));
    match plain.filter(|plain| serde_json::from_slice::<IgnoredAny>(plain).is_ok()) {
        Some(plain) => plain.into(),
        None => body,
    }
}

/// Whether a path is that of an operation, and if so the fields in it.
#[must_use]
pub fn path_fields(operation: &Operation, path: &str) -> Option<Vec<(&'static str, String)>> {
    let mut fields = Vec::new();
    let mut given = path.split('/');
    for segment in operation.path.split('/') {
        let text = given.next()?;
        match segment
            .strip_prefix('{')
            .and_then(|rest| rest.strip_suffix('}'))
        {
            Some(name) => {
                fields.push((
                    name,
                    percent_decode_str(text).decode_utf8().ok()?.into_owned(),
                ));
            }
            None if segment == text => {}
            None => return None,
        }
    }
    given.next().is_none().then_some(fields)
}

/// Reads a request on the server's side. `path` holds the fields from [`path_fields`].
///
/// # Errors
///
/// [`ReadError`], which says where. The rules are not checked; [`Valid::check`] does that.
pub fn read<E: Endpoint>(
    path: &[(&'static str, String)],
    query: Option<&str>,
    body: &[u8],
) -> Result<E, ReadError> {
    let operation = E::OPERATION;
    let is_json = operation.body == Body::Json && !operation.method.has_query();
    if is_json && path.is_empty() && !operation.has_query() {
        return read::json(body);
    }
    let mut all: Vec<(String, Field)> = path
        .iter()
        .map(|(name, text)| ((*name).to_owned(), Field::Text(text.clone())))
        .collect();
    let texts = |text: &[u8]| {
        let pairs: Vec<_> = form_urlencoded::parse(text)
            .map(|(name, value)| (name.into_owned(), Field::Text(value.into_owned())))
            .collect();
        pairs
    };
    if operation.has_query() {
        all.extend(texts(query.unwrap_or_default().as_bytes()));
    }
    if is_json && !body.is_empty() {
        all.extend(
            read::object(body)?
                .into_iter()
                .map(|(name, value)| (name, Field::Json(value))),
        );
    } else if !operation.method.has_query() && !is_json {
        if std::str::from_utf8(body).is_err() {
            return Err(read::wrong_shape("", "the form is not UTF-8"));
        }
        all.extend(texts(body));
    }
    fields::read(all)
}
