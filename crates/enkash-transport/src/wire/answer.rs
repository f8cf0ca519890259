//! Answers.

use std::borrow::Cow;
use std::fmt;

use bytes::Bytes;
use enkash_types::read::{self, ReadError};
use enkash_types::{Endpoint, Envelope, Operation};
use http::header::CONTENT_TYPE;
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::request::is_sealed;

/// Why an answer is not the one that was asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerError {
    /// EnKash refused.
    Refused(Refusal),
    /// What came cannot be read: not JSON, cut off, or of another shape than documented.
    Unreadable {
        /// HTTP status of the answer.
        status: u16,
        /// What is wrong, and where.
        error: ReadError,
    },
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Refused(refusal) => refusal.fmt(f),
            Self::Unreadable { status, error } => {
                write!(f, "the answer (HTTP {status}) cannot be read: {error}")
            }
        }
    }
}

impl std::error::Error for AnswerError {}

/// EnKash said no.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// HTTP status; EnKash also refuses with 200.
    pub status: u16,
    /// The code in the envelope, if there is one.
    pub code: Option<i64>,
    /// EnKash's own words, shortened, without control characters; may be empty.
    pub message: String,
}

impl Refusal {
    /// A refusal that a server writes with [`refuse`]; without a code, the status stands for it.
    pub fn new(status: u16, code: Option<i64>, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    /// Whether it was the token that was refused: HTTP 401, or code 117 with HTTP 200, which a
    /// public integration has seen and the documentation does not mention.
    #[must_use]
    pub fn is_of_token(&self) -> bool {
        self.status == 401 || (self.status == 200 && self.code == Some(117))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EnKash refused (HTTP {}", self.status)?;
        if let Some(code) = self.code {
            write!(f, ", code {code}")?;
        }
        f.write_str(")")?;
        if !self.message.is_empty() {
            write!(f, ": {}", self.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

/// Reads the answer to a call.
///
/// # Errors
///
/// [`AnswerError`].
pub fn decode<E: Endpoint>(answer: &Response<Bytes>) -> Result<E::Answer, AnswerError> {
    /// What nearly every answer is; read in one go.
    #[derive(Deserialize)]
    struct Success<T> {
        response_code: u8,
        payload: T,
    }
    if const { matches!(E::OPERATION.envelope, Envelope::Standard) }
        && answer.status().is_success()
        && let Ok(success) = serde_json::from_slice::<Success<E::Answer>>(answer.body())
        && success.response_code == 0
        && E::lacks(&success.payload).is_none()
    {
        return Ok(success.payload);
    }
    decode_fields(E::OPERATION, answer, read::answer::<E>)
}

/// Reads the answer of an operation that is not declared, envelope and all; `Null` where it is
/// empty. Of codes in it only the one that refuses a token is looked at.
///
/// # Errors
///
/// [`AnswerError`].
pub fn decode_undeclared(answer: &Response<Bytes>) -> Result<serde_json::Value, AnswerError> {
    let (status, body) = (answer.status(), answer.body());
    let head = serde_json::from_slice::<Head<'_>>(body).unwrap_or_default();
    let refusal = head.refusal(status);
    if !status.is_success() || refusal.is_of_token() {
        return Err(AnswerError::Refused(refusal));
    }
    if body.is_empty() {
        return Ok(serde_json::Value::Null);
    }
    read::untyped(body).map_err(|error| unreadable(status, error))
}

/// As [`decode`], for an answer whose type is not known here: `read` gets what is in the envelope.
///
/// # Errors
///
/// [`AnswerError`].
pub fn decode_fields<T>(
    operation: &Operation,
    answer: &Response<Bytes>,
    read: impl FnOnce(&[u8]) -> Result<T, ReadError>,
) -> Result<T, AnswerError> {
    let Content { text, field } = content(operation, answer)?;
    read(&text).map_err(|error| {
        let error = match field {
            Some(field) => inside(field, error),
            None => error,
        };
        unreadable(answer.status(), error)
    })
}

fn unreadable(status: StatusCode, error: ReadError) -> AnswerError {
    let status = status.as_u16();
    AnswerError::Unreadable { status, error }
}

/// The part of an answer that holds the fields of an operation.
struct Content<'a> {
    text: Cow<'a, [u8]>,
    /// The field of the envelope that it stands in; `None` if it is the whole answer.
    field: Option<&'static str>,
}

impl<'a> Content<'a> {
    fn whole(body: &'a [u8]) -> Self {
        let text = Cow::Borrowed(body);
        Self { text, field: None }
    }

    fn of(field: &'static str, value: &'a RawValue) -> Self {
        Self {
            text: Cow::Borrowed(value.get().as_bytes()),
            field: Some(field),
        }
    }
}

/// Looks at the envelope. It knows no type of an operation, so that it is compiled once and not with
/// each of them.
fn content<'a>(
    operation: &Operation,
    answer: &'a Response<Bytes>,
) -> Result<Content<'a>, AnswerError> {
    let (status, body) = (answer.status(), answer.body());
    let unreadable = |error| unreadable(status, error);
    if !status.is_success() {
        // A refusal need not be JSON; a proxy's page is a refusal too.
        let head = serde_json::from_slice::<Head<'_>>(body).unwrap_or_default();
        return Err(AnswerError::Refused(head.refusal(status)));
    }
    // It would pass for an answer in which no field is known.
    if operation.sealed && is_sealed(body) {
        let message = "the sealed answer does not open";
        return Err(unreadable(read::wrong_shape("", message)));
    }
    if operation.takes_any_envelope() {
        return content_of_any(operation, status, body);
    }
    if operation.envelope == Envelope::None {
        return Ok(Content::whole(body));
    }
    let head = read_head(body).map_err(unreadable)?;
    let fine = match head.code() {
        Some(0) => true,
        Some(200) => operation.envelope == Envelope::Flat,
        Some(_) => false,
        None => {
            let (path, message) = match (head.code_of_another_type(), operation.envelope) {
                (Some(name), _) => (name, "expected a number"),
                (None, Envelope::Flat) => return Ok(Content::whole(body)),
                (None, Envelope::Code) => ("", "missing field `code`"),
                (None, _) => ("", "missing field `response_code`"),
            };
            return Err(unreadable(read::wrong_shape(path, message)));
        }
    };
    if !fine {
        return Err(AnswerError::Refused(head.refusal(status)));
    }
    match (operation.envelope, head.payload) {
        (Envelope::Flat | Envelope::Data, _) => Ok(Content::whole(body)),
        (_, Some(payload)) => Ok(Content::of("payload", payload)),
        (_, None) => Err(unreadable(read::wrong_shape("", "missing field `payload`"))),
    }
}

/// The fields of an answer that may come in any envelope: what is in its `payload`, and all of it
/// where there is none that holds fields. Where the pages of a product do not agree, the `data` of
/// one may hold the fields as well; a list in it is a field itself.
fn content_of_any<'a>(
    operation: &Operation,
    status: StatusCode,
    body: &'a [u8],
) -> Result<Content<'a>, AnswerError> {
    // Where the page was not read, nothing may be all that there is to say. A connection that broke
    // is the transport's to tell.
    if body.is_empty() && matches!(operation.envelope, Envelope::Any | Envelope::Text) {
        return Ok(Content::whole(b"{}"));
    }
    if operation.envelope == Envelope::Text && !body.starts_with(b"{") && !is_json(body) {
        let text = serde_json::Value::from(String::from_utf8_lossy(body)).to_string();
        return Ok(Content {
            text: Cow::Owned(text.into_bytes()),
            field: None,
        });
    }
    // JSON of another form has no code.
    let head = serde_json::from_slice::<Head<'_>>(body).unwrap_or_default();
    let mixes = operation.product.mixes_envelopes();
    match (head.code(), head.code_of_another_type()) {
        (Some(0 | 200), _) => {}
        (Some(_), _) => return Err(AnswerError::Refused(head.refusal(status))),
        // It may well be one of failure. Where the page was not read it may be no code, but a field of
        // the answer.
        (None, Some(name)) if mixes => {
            let error = read::wrong_shape(name, "expected a number");
            return Err(unreadable(status, error));
        }
        (None, _) => {}
    }
    let data = head.data.filter(|_| mixes);
    Ok(match (head.payload, data) {
        (Some(payload), _) if payload.get().starts_with(['{', '[']) => {
            Content::of("payload", payload)
        }
        (_, Some(data)) if data.get().starts_with('{') => Content::of("data", data),
        _ => Content::whole(body),
    })
}

fn is_json(body: &[u8]) -> bool {
    serde_json::from_slice::<&RawValue>(body).is_ok()
}

/// A path inside a field of the envelope, as seen from the whole answer.
fn inside(field: &str, error: ReadError) -> ReadError {
    match error {
        ReadError::WrongShape { path, message } => {
            let path = match path.as_str() {
                "" => field.to_owned(),
                path if path.starts_with('[') => format!("{field}{path}"),
                path => format!("{field}.{path}"),
            };
            ReadError::WrongShape { path, message }
        }
        other => other,
    }
}

/// What envelopes hold, under every name that was seen. What each is, is looked at when it is
/// wanted: a code that is no number must not hide the words beside it.
#[derive(Default, Deserialize)]
struct Head<'a> {
    #[serde(borrow)]
    response_code: Option<&'a RawValue>,
    #[serde(borrow)]
    code: Option<&'a RawValue>,
    #[serde(borrow, rename = "resultCode")]
    result_code: Option<&'a RawValue>,
    #[serde(borrow)]
    response_message: Option<&'a RawValue>,
    #[serde(borrow, rename = "resultMessage")]
    result_message: Option<&'a RawValue>,
    #[serde(borrow)]
    message: Option<&'a RawValue>,
    /// OAuth 2.0's own words for a refusal (RFC 6749, section 5.2).
    #[serde(borrow)]
    error_description: Option<&'a RawValue>,
    #[serde(borrow)]
    error: Option<&'a RawValue>,
    #[serde(borrow)]
    payload: Option<&'a RawValue>,
    #[serde(borrow)]
    data: Option<&'a RawValue>,
}

/// A code: a number, or on some pages a number as a text.
fn number(code: &RawValue) -> Option<i64> {
    let text = code.get();
    let digits = text
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
        .unwrap_or(text);
    digits.trim().parse().ok()
}

fn text(message: &RawValue) -> Option<String> {
    serde_json::from_str(message.get()).ok()
}

fn read_head(body: &[u8]) -> Result<Head<'_>, ReadError> {
    serde_json::from_slice(body).map_err(|_| {
        // Why it could not be read, without borrowing from it.
        match read::object(body) {
            Ok(_) => read::wrong_shape("", "a field of the envelope comes twice"),
            Err(error) => error,
        }
    })
}

impl Head<'_> {
    fn codes(&self) -> impl Iterator<Item = (&'static str, &RawValue)> {
        [
            ("response_code", self.response_code),
            ("code", self.code),
            ("resultCode", self.result_code),
        ]
        .into_iter()
        .filter_map(|(name, code)| Some((name, code?)))
    }

    fn code(&self) -> Option<i64> {
        self.codes().find_map(|(_, code)| number(code))
    }

    fn code_of_another_type(&self) -> Option<&'static str> {
        self.codes()
            .find_map(|(name, code)| number(code).is_none().then_some(name))
    }

    fn refusal(&self, status: StatusCode) -> Refusal {
        let message = [
            self.response_message,
            self.result_message,
            self.message,
            self.error_description,
            self.error,
            self.payload,
        ]
        .into_iter()
        .flatten()
        .filter_map(text)
        .find(|text| !text.is_empty())
        .unwrap_or_default();
        Refusal {
            status: status.as_u16(),
            code: self.code(),
            message: message
                .chars()
                .filter(|c| !c.is_control())
                .take(200)
                .collect(),
        }
    }
}

/// Writes the answer of a server that did what was asked.
#[must_use]
pub fn answer<E: Endpoint>(answer: &E::Answer) -> Response<Bytes> {
    #[derive(Serialize)]
    struct Standard<'a, T> {
        response_code: i32,
        response_message: &'a str,
        payload: &'a T,
    }
    #[derive(Serialize)]
    struct Coded<'a, T> {
        code: i32,
        message: &'a str,
        payload: &'a T,
    }
    #[derive(Serialize)]
    struct Beside<'a, T> {
        response_code: &'a str,
        response_message: &'a str,
        #[serde(flatten)]
        fields: &'a T,
    }
    let body = match E::OPERATION.envelope {
        Envelope::Standard | Envelope::Any | Envelope::Text => serde_json::to_vec(&Standard {
            response_code: 0,
            response_message: "Success",
            payload: answer,
        }),
        Envelope::Code => serde_json::to_vec(&Coded {
            code: 0,
            message: "Success",
            payload: answer,
        }),
        Envelope::Data => serde_json::to_vec(&Beside {
            response_code: "0",
            response_message: "Success",
            fields: answer,
        }),
        Envelope::Flat | Envelope::None => serde_json::to_vec(answer),
    };
    match body {
        Ok(body) => json(StatusCode::OK, body),
        Err(_) => json(StatusCode::INTERNAL_SERVER_ERROR, Vec::new()),
    }
}

/// Writes the answer of a server that refuses, in the operation's envelope. Where success comes
/// without one, the codes of the product still have to stand somewhere: in its usual envelope.
#[must_use]
pub fn refuse(operation: &Operation, refusal: &Refusal) -> Response<Bytes> {
    let status = StatusCode::from_u16(refusal.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let code = refusal.code.unwrap_or(i64::from(refusal.status));
    let message = &refusal.message;
    let body = match operation.envelope {
        Envelope::Code => serde_json::json!({"code": code, "message": message}),
        Envelope::Data => {
            serde_json::json!({"response_code": code.to_string(), "response_message": message})
        }
        Envelope::Flat => serde_json::json!({"resultCode": code, "resultMessage": message}),
        Envelope::None if !operation.product.mixes_envelopes() => {
            serde_json::json!({"error": message})
        }
        Envelope::Standard | Envelope::Any | Envelope::Text | Envelope::None => {
            serde_json::json!({"response_code": code, "response_message": message})
        }
    };
    json(status, body.to_string().into_bytes())
}

fn json(status: StatusCode, body: Vec<u8>) -> Response<Bytes> {
    let mut response = Response::new(Bytes::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(
        CONTENT_TYPE,
        http::HeaderValue::from_static("application/json"),
    );
    response
}
