//! The loopback port: connections in, calls through, and a clean end.

use std::fmt;
use std::io;
use std::net::Ipv4Addr;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::CONTENT_LENGTH;
use http::{HeaderValue, Request, Response};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, JoinSet};

use crate::router::{self, Ending, MAX_BODY};
use crate::world::World;

/// How long calls may take to finish after the sandbox was stopped.
const GRACE: Duration = Duration::from_secs(5);

/// Bytes of a body that is too large that are still read, so that the refusal can be.
const MAX_DRAINED: usize = 16 * MAX_BODY;

/// Takes a port of 127.0.0.1; 0 takes a free one.
pub(crate) async fn bind(port: u16) -> io::Result<TcpListener> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await
}

/// Serves until the sandbox is stopped, and then finishes the calls that are on their way.
pub(crate) fn serve(world: Arc<World>, listener: TcpListener) -> JoinHandle<()> {
    tokio::spawn(async move {
        let mut connections = JoinSet::new();
        loop {
            tokio::select! {
                () = world.stopped() => break,
                Some(_) = connections.join_next() => {}
                accepted = listener.accept() => match accepted {
                    Ok((stream, _)) => {
                        connections.spawn(connection(Arc::clone(&world), stream));
                    }
                    Err(error) => {
                        // Out of file descriptors, for one; it passes.
                        tracing::warn!(%error, "no connection could be accepted");
                        tokio::time::sleep(Duration::from_millis(100)).await;
                    }
                },
            }
        }
        drop(listener);
        let finish = async { while connections.join_next().await.is_some() {} };
        let _ = tokio::time::timeout(GRACE, finish).await;
    })
}

async fn connection(world: Arc<World>, stream: TcpStream) {
    // Small answers are sent at once.
    let _ = stream.set_nodelay(true);
    let reset = AtomicBool::new(false);
    let service = service_fn(|request| call(&world, request, &reset));
    // No timeouts: they cost each call something, and who can connect is on this machine.
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let ended = tokio::select! {
        ended = &mut connection => ended,
        () = world.stopped() => {
            Pin::new(&mut connection).graceful_shutdown();
            (&mut connection).await
        }
    };
    if let Err(error) = ended {
        tracing::debug!(%error, "a connection ended");
    }
    if reset.load(Ordering::Relaxed) {
        // With nothing to linger for, closing sends a reset.
        let _ = connection.into_parts().io.inner().set_zero_linger();
    }
}

/// One call. An error ends the connection without an answer.
async fn call(
    world: &Arc<World>,
    request: Request<Incoming>,
    reset: &AtomicBool,
) -> Result<Response<AnswerBody>, NoAnswer> {
    let (head, body) = request.into_parts();
    let body = read(body).await?;
    match router::handle(world, Request::from_parts(head, body)).await {
        Ending::Answer(response) => Ok(response.map(AnswerBody::whole)),
        Ending::Half(response) => {
            let mut response = response.map(AnswerBody::half);
            let promised = HeaderValue::from(response.body().promised);
            response.headers_mut().insert(CONTENT_LENGTH, promised);
            Ok(response)
        }
        Ending::Close => Err(NoAnswer),
        Ending::Reset => {
            reset.store(true, Ordering::Relaxed);
            Err(NoAnswer)
        }
    }
}

/// Reads a body; of one that is too large, enough to tell.
async fn read(mut body: Incoming) -> Result<Bytes, NoAnswer> {
    let first = data(&mut body).await?.unwrap_or_default();
    // Nearly every body comes in one piece.
    if body.is_end_stream() {
        return Ok(first);
    }
    let mut seen = first.len();
    let mut kept = BytesMut::from(&*first);
    while let Some(data) = data(&mut body).await? {
        seen += data.len();
        if seen > MAX_DRAINED {
            return Err(NoAnswer);
        }
        if kept.len() <= MAX_BODY {
            kept.extend_from_slice(&data);
        }
    }
    Ok(kept.freeze())
}

/// The next piece of a body.
async fn data(body: &mut Incoming) -> Result<Option<Bytes>, NoAnswer> {
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame.map_err(|_| NoAnswer)?.into_data() {
            return Ok(Some(data));
        }
    }
    Ok(None)
}

/// The connection was made to end, or did.
#[derive(Debug)]
struct NoAnswer;

impl fmt::Display for NoAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the connection was made to end without an answer")
    }
}

impl std::error::Error for NoAnswer {}

/// A body that may stop in the middle.
struct AnswerBody {
    data: Option<Bytes>,
    /// Bytes that the header promises.
    promised: usize,
    breaks_off: bool,
    /// Whether the bytes before the break have been given a chance to leave.
    flushed: bool,
}

impl AnswerBody {
    fn whole(data: Bytes) -> Self {
        Self {
            promised: data.len(),
            data: Some(data),
            breaks_off: false,
            flushed: false,
        }
    }

    fn half(mut data: Bytes) -> Self {
        let promised = data.len();
        data.truncate(promised / 2);
        Self {
            promised,
            data: Some(data),
            breaks_off: true,
            flushed: false,
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = NoAnswer;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, NoAnswer>>> {
        if let Some(data) = self.data.take().filter(|data| !data.is_empty()) {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        if !self.breaks_off {
            return Poll::Ready(None);
        }
        // hyper writes out what it has while a body is not ready, and drops it when one fails.
        if !std::mem::replace(&mut self.flushed, true) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        Poll::Ready(Some(Err(NoAnswer)))
    }

    fn is_end_stream(&self) -> bool {
        !self.breaks_off && self.data.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.promised as u64)
    }
}
