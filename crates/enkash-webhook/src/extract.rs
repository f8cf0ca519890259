//! The axum extractor.

use axum_core::extract::{FromRef, FromRequest, Request};
use axum_core::response::{IntoResponse, Response};
use enkash_types::{Notice, Unconfirmed};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};

use crate::receiver::{Receiver, read_message, told};
use crate::refused::Refused;

/// A message that came in, as an argument of an axum handler.
///
/// The router's state has to hold the [`Receiver`], or to give it by `FromRef`; where a router has
/// no state, [`Receiver::new`] is used. axum's own limit of bodies does not apply.
///
/// A message that is refused is answered by itself, and said in the log (`tracing`, level WARN).
/// To do that yourself, take a `Result<Received<_>, Refused>`.
///
/// ```
/// use axum::Router;
/// use axum::routing::post;
/// use enkash_types::gateway::PaymentNotification;
/// use enkash_webhook::{REPLY, Received, Receiver};
///
/// async fn paid(Received(notice): Received<PaymentNotification>) -> &'static str {
///     println!("look at order {}", notice.order_id());
///     REPLY
/// }
///
/// let app: Router = Router::new()
///     .route("/enkash/payment", post(paid))
///     .with_state(Receiver::new().with_limit(16 * 1024));
/// ```
#[derive(Debug, Clone)]
pub struct Received<M: Notice>(
    /// The message.
    pub Unconfirmed<M>,
);

impl<M, S> FromRequest<S> for Received<M>
where
    M: Notice,
    S: Send + Sync,
    Receiver: FromRef<S>,
{
    type Rejection = Refused;

    async fn from_request(request: Request, state: &S) -> Result<Self, Refused> {
        let receiver = Receiver::from_ref(state);
        told::<M, _>(receive(&receiver, request).await.map(Self))
    }
}

async fn receive<M: Notice>(
    receiver: &Receiver,
    request: Request,
) -> Result<Unconfirmed<M>, Refused> {
    receiver.check_headers(request.headers())?;
    // Nothing is read of a message that says itself that it is too long.
    let body = request.into_body();
    receiver.check_length(http_body::Body::size_hint(&body).lower())?;
    let body = Limited::new(body, receiver.limit()).collect().await;
    let body = body.map_err(|error| match error.downcast_ref::<LengthLimitError>() {
        Some(_) => Refused::TooLong {
            limit: receiver.limit(),
        },
        None => Refused::BrokenOff,
    })?;
    read_message(&body.to_bytes())
}

impl FromRef<()> for Receiver {
    fn from_ref((): &()) -> Self {
        Self::new()
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.status(), self.reply()).into_response()
    }
}
