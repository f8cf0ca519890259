//! What the transports share: reading a body to its end, and telling failures apart.

use std::pin::pin;

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};
use http::Response;
use http_body::Body;

use crate::transport::{Failure, Sent, TransportError};

/// How long a connection is kept without use. A call that meets a connection which the server is
/// just closing fails, and load balancers commonly close theirs after 60 seconds, so ours is closed
/// before that.
#[cfg(any(feature = "reqwest", feature = "hyper"))]
pub(crate) const IDLE: std::time::Duration = std::time::Duration::from_secs(45);

/// Reads an answer to its end, `max` bytes at most.
pub(crate) async fn whole<B: Body>(
    answer: Response<B>,
    max: usize,
    failed: impl Fn(B::Error) -> TransportError,
) -> Result<Response<Bytes>, TransportError> {
    let (head, body) = answer.into_parts();
    let too_large = || TransportError::new(Failure::BodyTooLarge, Sent::Maybe);
    if body.size_hint().lower() > max as u64 {
        return Err(too_large());
    }
    let mut body = pin!(body);
    let (mut first, mut whole) = (Bytes::new(), BytesMut::new());
    while let Some(frame) = std::future::poll_fn(|context| body.as_mut().poll_frame(context)).await
    {
        // Trailers say nothing that a caller asked for.
        let Ok(mut data) = frame.map_err(&failed)?.into_data() else {
            continue;
        };
        if data.remaining() > max - whole.len() - first.len() {
            return Err(too_large());
        }
        // Most answers are one piece, which need not be copied.
        if first.is_empty() && whole.is_empty() {
            first = data.copy_to_bytes(data.remaining());
            continue;
        }
        whole.put(std::mem::take(&mut first));
        whole.put(data);
    }
    let whole = if whole.is_empty() {
        first
    } else {
        whole.freeze()
    };
    Ok(Response::from_parts(head, whole))
}

/// Why no connection came to be, by what is at the bottom of the error.
#[cfg(any(feature = "reqwest", feature = "hyper"))]
pub(crate) fn unreached(error: &(dyn std::error::Error + 'static)) -> Failure {
    use std::io::{Error, ErrorKind};

    let mut next = Some(error);
    while let Some(error) = next {
        let io = error.downcast_ref::<Error>();
        match io.map(Error::kind) {
            Some(ErrorKind::TimedOut) => return Failure::Timeout,
            // What rustls refuses, a certificate for one, comes as invalid data.
            Some(ErrorKind::InvalidData) => return Failure::Tls,
            _ => {}
        }
        // The `source` of an I/O error passes over the error that it was made from.
        next = match io.and_then(Error::get_ref) {
            Some(inner) => Some(inner),
            None => error.source(),
        };
    }
    Failure::Connect
}
