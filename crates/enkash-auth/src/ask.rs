//! How all providers ask EnKash.

use std::sync::Arc;
use std::time::SystemTime;

use bytes::Bytes;
use enkash_transport::wire::{self, AnswerError, EncodeError, Seal};
use enkash_transport::{BaseUrl, Clock, Transport};
use enkash_types::read::ReadError;
use enkash_types::{Endpoint, Secret, Valid, Violations};
use http::Request;

use crate::{AuthError, Cause};

/// How a provider reaches EnKash.
#[derive(Clone)]
pub struct Connection {
    /// Sends the requests.
    pub transport: Arc<dyn Transport>,
    /// Says when a token is old.
    pub clock: Arc<dyn Clock>,
    /// The server that gives out the token:
    /// [`Host::Gateway`](enkash_types::Host::Gateway) for the merchant's,
    /// [`Host::Payouts`](enkash_types::Host::Payouts) for OAuth,
    /// [`Host::Cards`](enkash_types::Host::Cards) for single sign-on.
    pub base: BaseUrl,
}

impl Connection {
    /// A connection of these parts.
    pub fn new(transport: Arc<dyn Transport>, clock: Arc<dyn Clock>, base: BaseUrl) -> Self {
        Self {
            transport,
            clock,
            base,
        }
    }
}

/// A token that just came.
pub(crate) struct Fresh {
    pub(crate) secret: Secret,
    /// When it was asked for; its life is counted from there, to be on the safe side.
    pub(crate) since: SystemTime,
    /// `None` if EnKash did not say.
    pub(crate) expires_at: Option<SystemTime>,
}

/// Why none came, as far as it matters for what is done next.
pub(crate) enum Trouble {
    /// EnKash will not take these credentials, however often it is asked.
    Refused(AnswerError),
    /// It may go better later.
    Failed(Cause),
    /// There is nothing to remember: EnKash was not asked, or another provider remembers it.
    Passing(AuthError),
}

impl Trouble {
    /// Takes an answer of this kind for a refusal of the credentials.
    pub(crate) fn refused_if(self, is_refusal: impl FnOnce(&AnswerError) -> bool) -> Self {
        match self {
            Self::Failed(Cause::Answer(answer)) if is_refusal(&answer) => Self::Refused(answer),
            other => other,
        }
    }
}

impl From<EncodeError> for Trouble {
    fn from(error: EncodeError) -> Self {
        Self::Passing(AuthError::Unsendable(error))
    }
}

impl From<AnswerError> for Trouble {
    fn from(error: AnswerError) -> Self {
        Self::Failed(Cause::Answer(error))
    }
}

/// Checks a request, writes it, seals it if there is a `seal`, lets `dress` add what says who is
/// asking, sends it once and reads the answer.
pub(crate) async fn ask<E: Endpoint>(
    connection: &Connection,
    request: E,
    seal: Option<&dyn Seal>,
    dress: impl FnOnce(&mut Request<Bytes>) -> Result<(), EncodeError>,
) -> Result<E::Answer, Trouble> {
    let request =
        Valid::check(request).map_err(|broken| Trouble::Passing(AuthError::Invalid(broken)))?;
    let mut request = wire::encode(&connection.base, &request)?;
    if let Some(seal) = seal {
        request = request.map(|plain| wire::sealed(seal.seal(&plain)));
    }
    dress(&mut request)?;

    tracing::debug!(operation = E::OPERATION.name, "asking EnKash for a token");
    let mut answer = (connection.transport.send(request).await)
        .map_err(|error| Trouble::Failed(Cause::Transport(Arc::new(error))))?;
    if let Some(seal) = seal {
        answer = answer.map(|body| wire::opened(seal, body));
    }
    Ok(wire::decode::<E>(&answer)?)
}

/// Refuses a credential that goes into a header and is not there.
pub(crate) fn given(text: &str, path: &str) -> Result<(), Trouble> {
    if text.is_empty() {
        let violations = Violations::one(path, "must not be empty");
        return Err(Trouble::Passing(AuthError::Invalid(violations)));
    }
    Ok(())
}

/// Refuses a token that cannot go into a header, so that calls need not find that out.
pub(crate) fn usable(secret: &Secret, field: &str) -> Result<(), Trouble> {
    let message = if secret.expose().is_empty() {
        "must not be empty"
    } else if wire::bearer(secret).is_err() {
        "must be printable ASCII"
    } else {
        return Ok(());
    };
    Err(AnswerError::Unreadable {
        status: 200,
        error: ReadError::WrongShape {
            path: field.to_owned(),
            message: message.to_owned(),
        },
    }
    .into())
}
