//! One call, in one straight line: validate → encode → checksum → seal → authorise → send → open →
//! envelope → decode.

use std::borrow::Cow;

use bytes::Bytes;
use enkash_auth::Token;
use enkash_transport::wire::{self, AnswerError, EncodeError};
use enkash_transport::{BoxFuture, TransportError};
use enkash_types::read::{self, ReadError};
use enkash_types::{
    Auth, Checked, Checksummed, Declared, Endpoint, Header, IntoValid, Operation, Replay, Valid,
    Violations,
};
use http::header::AUTHORIZATION;
use http::{Request, Response};

use crate::checksum;
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
        self.call_checked(&request.into_valid()?).await
    }

    /// As [`call`](Self::call), for a request that may have to be sent again.
    pub(crate) async fn call_checked<E: Endpoint>(
        &self,
        request: &Valid<E>,
    ) -> Result<E::Answer, Error> {
        let operation = E::OPERATION;
        let address = self.address(operation.host)?;
        let encode = || wire::encode(address, request);
        let mut decoded = Decoded::new(wire::decode::<E>);
        self.deliver(&self.plan(operation)?, &encode, &mut decoded)
            .await?;
        decoded.answer()
    }

    /// Calls an operation whose types are not known here, with a request that
    /// [`Declared::check`] gave. The answer is the one inside the envelope.
    ///
    /// # Errors
    ///
    /// Those of [`call`](Self::call); [`Error::Invalid`] for a webhook, which EnKash sends.
    pub async fn call_declared(
        &self,
        declared: &Declared,
        request: Checked,
    ) -> Result<Checked, Error> {
        let operation = declared.operation;
        let Some(check_answer) = declared.check_answer else {
            let why = format!("{} is sent by EnKash and cannot be called", operation.name);
            return Err(Violations::one("", why).into());
        };
        let address = self.address(operation.host)?;
        let encode = || wire::encode_fields(address, operation, request.fields.clone());
        let read = |text: &[u8]| Ok(check_answer(text)?);
        let mut decoded = Decoded::new(|answer: &_| wire::decode_fields(operation, answer, read));
        self.deliver(&self.plan(operation)?, &encode, &mut decoded)
            .await?;
        decoded.answer()
    }

    /// From encoding a request to a decoded answer, as often as the rules of replay allow. It is
    /// compiled once, whatever the operation.
    pub(crate) async fn deliver(
        &self,
        plan: &Plan,
        encode: &(dyn Fn() -> Result<Request<Bytes>, EncodeError> + Sync),
        decode: &mut (dyn Decode + Send),
    ) -> Result<(), Error> {
        let mut tries = Tries::default();
        loop {
            let request = self.checksummed(plan, encode()?)?;
            tries.plain = request.body().clone();
            let request = self.sealed(plan, request)?;
            let request = self.accompany(plan, request)?;
            let (token, refresh) = self.token(plan).await?;
            let request = self.authorise(plan, token.as_ref(), request)?;
            tries.made += 1;
            let failed = match self.send(plan, request, refresh).await {
                Ok(answer) => match decode.decode(&self.opened(plan, answer)) {
                    Ok(()) => return Ok(()),
                    Err(error) => Failed::Answer(error),
                },
                Err(error) => Failed::NoAnswer(error),
            };
            self.may_try_again(plan, &mut tries, token, failed).await?;
        }
    }

    /// Adds the checksum that EnKash asks for on some calls, if the client was told how.
    fn checksummed(&self, plan: &Plan, request: Request<Bytes>) -> Result<Request<Bytes>, Error> {
        let Some(checksum) = &self.inner.checksum else {
            return Ok(request);
        };
        if plan.checksum == Checksummed::No {
            return Ok(request);
        }
        let body = checksum::added(&**checksum, plan.name, plan.checksum, request.body())?;
        Ok(request.map(|_| body))
    }

    /// Seals the body of an operation that wants it sealed, if it has one.
    fn sealed(&self, plan: &Plan, request: Request<Bytes>) -> Result<Request<Bytes>, Error> {
        if !plan.sealed || request.body().is_empty() {
            return Ok(request);
        }
        let seal = self.seal()?;
        Ok(request.map(|plain| wire::sealed(seal.seal(&plain))))
    }

    /// Adds what goes beside the token. It comes before the token is asked for: where it is not
    /// there, nothing is sent.
    fn accompany(&self, plan: &Plan, mut request: Request<Bytes>) -> Result<Request<Bytes>, Error> {
        for header in plan.headers.iter() {
            let (name, value) = wire::companion(*header, self.companion(*header)?)?;
            request.headers_mut().insert(name, value);
        }
        Ok(request)
    }

    /// The token that the call carries, if it carries one, and a refresh of it that is under way.
    async fn token(
        &self,
        plan: &Plan,
    ) -> Result<(Option<Token>, Option<BoxFuture<'static, ()>>), Error> {
        let Some(tokens) = self.tokens(plan.auth)? else {
            return Ok((None, None));
        };
        if let Some(token) = tokens.live() {
            return Ok((Some(token), None));
        }
        let token = tokens.token().await?;
        Ok((Some(token), tokens.refreshing()))
    }

    /// Adds who is asking.
    fn authorise(
        &self,
        plan: &Plan,
        token: Option<&Token>,
        mut request: Request<Bytes>,
    ) -> Result<Request<Bytes>, Error> {
        let authorization = match (plan.auth, token) {
            (Auth::Client, _) => Some(self.client_authorization()?),
            (_, Some(token)) => Some(wire::bearer(token.secret())?),
            (_, None) => None,
        };
        if let Some(authorization) = authorization {
            request.headers_mut().insert(AUTHORIZATION, authorization);
        }
        Ok(request)
    }

    /// Sends, and drives a refresh of the token beside it: nobody else may.
    async fn send(
        &self,
        plan: &Plan,
        request: Request<Bytes>,
        mut refresh: Option<BoxFuture<'static, ()>>,
    ) -> Result<Response<Bytes>, TransportError> {
        let mut sending = self.inner.transport.send(request);
        let answer = std::future::poll_fn(|context| {
            if let Some(going_on) = &mut refresh
                && going_on.as_mut().poll(context).is_ready()
            {
                refresh = None;
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
    fn opened(&self, plan: &Plan, answer: Response<Bytes>) -> Response<Bytes> {
        if !plan.sealed {
            return answer;
        }
        match self.seal() {
            Ok(seal) => answer.map(|body| wire::opened(seal, body)),
            Err(_) => answer,
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
        let carried_token = token.is_some();
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
            Failed::NoAnswer(error) => retry::after_no_answer(plan.replay, error),
            Failed::Answer(AnswerError::Refused(refusal)) => {
                retry::after_refusal(plan.replay, plan.sealed, refusal)
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
        let mut error = failed.into_error(plan.name, carried_token);
        if let Error::Api(refused) = &mut error
            && plan.checksum != Checksummed::No
            && self.inner.checksum.is_none()
        {
            refused.may_lack_checksum();
        }
        Err(if verdict == Verdict::Unknown {
            Error::OutcomeUnknown(Box::new(OutcomeUnknown {
                operation: plan.name,
                merchant_id: plan.merchant_id(&tries.plain),
                lookup: None,
                source: Some(error),
            }))
        } else {
            error
        })
    }
}

/// Takes an answer that came.
pub(crate) trait Decode {
    fn decode(&mut self, answer: &Response<Bytes>) -> Result<(), AnswerError>;
}

/// Keeps what an answer says.
pub(crate) struct Decoded<T, D> {
    answer: Option<T>,
    decode: D,
}

impl<T, D: Fn(&Response<Bytes>) -> Result<T, AnswerError>> Decoded<T, D> {
    pub(crate) fn new(decode: D) -> Self {
        Self {
            answer: None,
            decode,
        }
    }

    /// The answer, once it was delivered.
    pub(crate) fn answer(self) -> Result<T, Error> {
        let nothing = || wire::EncodeError::Other("nothing was delivered".to_owned());
        Ok(self.answer.ok_or_else(nothing)?)
    }
}

impl<T, D: Fn(&Response<Bytes>) -> Result<T, AnswerError>> Decode for Decoded<T, D> {
    fn decode(&mut self, answer: &Response<Bytes>) -> Result<(), AnswerError> {
        self.answer = Some((self.decode)(answer)?);
        Ok(())
    }
}

/// The facts of an operation that matter between encoding and decoding.
pub(crate) struct Plan {
    pub(crate) name: &'static str,
    pub(crate) auth: Auth,
    pub(crate) headers: Cow<'static, [Header]>,
    pub(crate) sealed: bool,
    pub(crate) checksum: Checksummed,
    pub(crate) replay: Replay,
}

impl Client {
    /// The facts of an operation, with what only this client knows of it.
    fn plan(&self, operation: &'static Operation) -> Result<Plan, Error> {
        Ok(Plan {
            name: operation.name,
            auth: self.auth(operation.auth)?,
            headers: operation.headers.into(),
            sealed: operation.sealed,
            checksum: operation.checksum,
            replay: operation.replay,
        })
    }
}

impl Plan {
    /// The merchant's own id in a request's body, if the operation has one.
    fn merchant_id(&self, body: &[u8]) -> Option<(&'static str, String)> {
        let Replay::ByMerchantId(field) = self.replay else {
            return None;
        };
        let body = read::object(body).ok()?;
        Some((field, body.get(field)?.as_str()?.to_owned()))
    }
}

/// What has been tried in a call.
#[derive(Default)]
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
    fn into_error(self, operation: &'static str, carried_token: bool) -> Error {
        match self {
            Self::NoAnswer(error) => Error::Transport { operation, error },
            Self::Answer(AnswerError::Refused(refusal)) => {
                Error::Api(ApiError::new(operation, refusal, carried_token))
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
