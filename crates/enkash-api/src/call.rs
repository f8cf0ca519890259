//! One call, in one straight line: validate → encode → seal → authorise → send → open → envelope
//! → decode.

use std::borrow::Cow;

use bytes::Bytes;
use enkash_auth::Token;
use enkash_transport::TransportError;
use enkash_transport::wire::{self, AnswerError, Seal as _};
use enkash_types::read::ReadError;
use enkash_types::{
    Auth, CheckError, Checked, Declared, Endpoint, Header, IntoValid, Operation, Replay,
};
use http::header::AUTHORIZATION;
use http::{Request, Response};
use serde_json::{Map, Value};

use crate::client::Client;
use crate::error::{ApiError, DecodeError, Error, OutcomeUnknown};
use crate::retry::{self, Verdict};

impl Client {
    /// Calls an endpoint. The facades of the products end here.
    ///
    /// # Errors
    ///
    /// [`Error`], which says whether EnKash may have acted.
    pub async fn call<E: Endpoint>(&self, request: impl IntoValid<E>) -> Result<E::Answer, Error> {
        let operation = E::OPERATION;
        let request = request.into_valid()?;
        let request = wire::encode(self.address(operation.host), &request)?;
        self.deliver(&operation.into(), request, wire::decode::<E>)
            .await
    }

    /// Calls an operation whose types are not known here, with fields that
    /// [`Declared::check`] has checked. The answer is the one inside the envelope.
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call).
    pub async fn call_declared(
        &self,
        declared: &Declared,
        fields: Map<String, Value>,
    ) -> Result<Checked, Error> {
        let operation = declared.operation;
        let request = wire::encode_fields(self.address(operation.host), operation, fields)?;
        let read = |text: &[u8]| match declared.check_answer {
            Some(check) => check(text).map_err(|error| match error {
                CheckError::Read(error) => error,
                other => enkash_types::read::wrong_shape("", &other.to_string()),
            }),
            None => Err(enkash_types::read::wrong_shape(
                "",
                "a webhook has no answer",
            )),
        };
        self.deliver(&operation.into(), request, |answer| {
            wire::decode_fields(operation, answer, read)
        })
        .await
    }

    /// From an encoded request to a decoded answer, as often as the rules of replay allow.
    pub(crate) async fn deliver<T>(
        &self,
        plan: &Plan,
        request: Request<Bytes>,
        decode: impl Fn(&Response<Bytes>) -> Result<T, AnswerError>,
    ) -> Result<T, Error> {
        let mut tries = Tries {
            plain: request.body().clone(),
            made: 0,
            token_replaced: false,
        };
        let request = self.seal(plan, request)?;
        loop {
            let token = self.token(plan).await?;
            let request = self.authorise(plan, token.as_ref(), request.clone())?;
            tries.made += 1;
            let failed = match self.send(plan, request).await {
                Ok(answer) => match decode(&self.open(plan, answer)) {
                    Ok(answer) => return Ok(answer),
                    Err(error) => Failed::Answer(error),
                },
                Err(error) => Failed::NoAnswer(error),
            };
            self.may_try_again(plan, &mut tries, token, failed).await?;
        }
    }

    /// Seals the body of an operation that wants it sealed.
    fn seal(&self, plan: &Plan, request: Request<Bytes>) -> Result<Request<Bytes>, Error> {
        if !plan.sealed {
            return Ok(request);
        }
        let seal = &self.oauth()?.seal;
        Ok(request.map(|plain| wire::sealed(seal.seal(&plain))))
    }

    async fn token(&self, plan: &Plan) -> Result<Option<Token>, Error> {
        let Some(tokens) = self.tokens(plan.auth)? else {
            return Ok(None);
        };
        Ok(Some(match tokens.live() {
            Some(token) => token,
            None => tokens.token().await?,
        }))
    }

    /// Adds who is asking.
    fn authorise(
        &self,
        plan: &Plan,
        token: Option<&Token>,
        mut request: Request<Bytes>,
    ) -> Result<Request<Bytes>, Error> {
        let authorization = match (plan.auth, token) {
            (Auth::Client, _) => {
                let oauth = self.oauth()?;
                Some(wire::basic(&oauth.client_id, &oauth.client_secret)?)
            }
            (_, Some(token)) => Some(wire::bearer(token.secret())?),
            (_, None) => None,
        };
        let headers = request.headers_mut();
        if let Some(authorization) = authorization {
            headers.insert(AUTHORIZATION, authorization);
        }
        for header in plan.headers.iter() {
            let (name, value) = wire::companion(*header, self.companion(*header)?)?;
            headers.insert(name, value);
        }
        Ok(request)
    }

    /// Sends, and drives a refresh of the token beside it: nobody else may.
    async fn send(
        &self,
        plan: &Plan,
        request: Request<Bytes>,
    ) -> Result<Response<Bytes>, TransportError> {
        let tokens = self.tokens(plan.auth).ok().flatten();
        let mut refreshing = tokens.and_then(|tokens| tokens.refreshing());
        let mut sending = self.inner.transport.send(request);
        let answer = std::future::poll_fn(|context| {
            if let Some(refresh) = &mut refreshing
                && refresh.as_mut().poll(context).is_ready()
            {
                refreshing = None;
            }
            sending.as_mut().poll(context)
        })
        .await;
        match &answer {
            Ok(answer) => tracing::debug!(
                operation = plan.name,
                status = answer.status().as_u16(),
                "answered"
            ),
            Err(error) => tracing::warn!(operation = plan.name, %error, "no answer"),
        }
        answer
    }

    /// Opens the answer of a sealed operation, if it came sealed too.
    fn open(&self, plan: &Plan, answer: Response<Bytes>) -> Response<Bytes> {
        match self.oauth() {
            Ok(oauth) if plan.sealed => answer.map(|body| wire::opened(&oauth.seal, body)),
            _ => answer,
        }
    }

    /// Returns when the call may be sent again, and else the error that it ends with.
    async fn may_try_again(
        &self,
        plan: &Plan,
        tries: &mut Tries,
        token: Option<Token>,
        failed: Failed,
    ) -> Result<(), Error> {
        // A refused token is refused before anything is done, so the call is safe to repeat:
        // once, with a new one.
        if let (Failed::Answer(AnswerError::Refused(refusal)), Some(token)) = (&failed, token)
            && refusal.is_of_token()
            && let Some(tokens) = self.tokens(plan.auth)?
        {
            tracing::info!(operation = plan.name, "token refused");
            tokens.reject(&token);
            if !std::mem::replace(&mut tries.token_replaced, true) {
                return Ok(());
            }
        }
        let verdict = match &failed {
            Failed::NoAnswer(error) => retry::after_no_answer(plan.replay, error.sent()),
            Failed::Answer(AnswerError::Refused(refusal)) => {
                retry::after_refusal(plan.replay, refusal.status)
            }
            Failed::Answer(_) => retry::after_unreadable(plan.replay),
        };
        if verdict == Verdict::TryAgain
            && let Some(wait) = self.inner.retry.wait(tries.made)
        {
            tracing::info!(
                operation = plan.name,
                tries = tries.made,
                ?wait,
                "trying again"
            );
            self.inner.clock.sleep(wait).await;
            return Ok(());
        }
        let error = failed.into_error(plan.name);
        Err(if verdict == Verdict::Unknown {
            Error::OutcomeUnknown(Box::new(OutcomeUnknown {
                operation: plan.name,
                merchant_id: plan.merchant_id(&tries.plain),
                source: error,
            }))
        } else {
            error
        })
    }
}

/// The facts of an operation that matter between encoding and decoding.
pub(crate) struct Plan {
    pub(crate) name: &'static str,
    pub(crate) auth: Auth,
    pub(crate) headers: Cow<'static, [Header]>,
    pub(crate) sealed: bool,
    pub(crate) replay: Replay,
}

impl From<&'static Operation> for Plan {
    fn from(operation: &'static Operation) -> Self {
        Self {
            name: operation.name,
            auth: operation.auth,
            headers: operation.headers.into(),
            sealed: operation.sealed,
            replay: operation.replay,
        }
    }
}

impl Plan {
    /// The merchant's own id in a request's body, if the operation has one.
    fn merchant_id(&self, body: &[u8]) -> Option<(&'static str, String)> {
        let Replay::ByMerchantId(field) = self.replay else {
            return None;
        };
        let body: Map<String, Value> = serde_json::from_slice(body).ok()?;
        Some((field, body.get(field)?.as_str()?.to_owned()))
    }
}

/// What has been tried in a call.
struct Tries {
    /// The body before it was sealed.
    plain: Bytes,
    made: u32,
    token_replaced: bool,
}

/// How an attempt failed.
enum Failed {
    NoAnswer(TransportError),
    Answer(AnswerError),
}

impl Failed {
    fn into_error(self, operation: &'static str) -> Error {
        match self {
            Self::NoAnswer(error) => Error::Transport { operation, error },
            Self::Answer(AnswerError::Refused(refusal)) => {
                Error::Api(ApiError::new(operation, refusal))
            }
            Self::Answer(AnswerError::Unreadable { status, error }) => Error::Decode(DecodeError {
                operation,
                status,
                error,
            }),
            Self::Answer(other) => Error::Decode(DecodeError {
                operation,
                status: 0,
                error: ReadError::WrongShape {
                    path: String::new(),
                    message: other.to_string(),
                },
            }),
        }
    }
}
