//! Cases about connections that break, servers that stall, and what is then said of the request.

use std::error::Error as _;
use std::fmt::Write as _;
use std::io;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

use super::messages::respond;
use super::report::{Outcome, Report};
use super::server::{Connection, Server, body_length, nobody};
use super::together::until;
use crate::transport::{Failure, Limits, Sent, Transport, TransportError};

/// Long enough for a server on this machine to be asked, short enough to be waited for.
const SHORT: Duration = Duration::from_millis(300);

/// How long an answer's body may be in the cases that are about it.
const MAX_BODY: usize = 64 * 1024;

/// Stands in the query, a header and the body of requests, and in answers. No error may have it.
const SECRET: &str = "s3ntinel";

pub(super) async fn run<T: Transport>(report: &mut Report, make: &impl Fn(Limits) -> T) {
    let usual = || make(Limits::default());
    let hasty = || make(Limits::default().with_timeout(SHORT));
    let sparing = || make(Limits::default().with_max_body(MAX_BODY));

    report.add(
        "connection refused: surely not sent",
        refused(usual()).await,
    );
    report.add(
        "no TLS where TLS is expected: surely not sent, and not in the clear",
        no_tls(usual()).await,
    );
    report.add(
        "stalled while TLS is agreed on: given up in time",
        stalled_tls(make(
            Limits::default()
                .with_connect_timeout(SHORT)
                .with_timeout(2 * SHORT),
        ))
        .await,
    );
    report.add(
        "reset before the request was read",
        must_fail(usual(), 0, Failure::Connection, |connection| {
            connection.wait_for_request().map(drop)
        })
        .await,
    );
    report.add(
        "reset in the middle of a large request",
        must_fail(usual(), 16 << 20, Failure::Connection, |connection| {
            connection.wait_for_request()?;
            connection.read_head().map(drop)
        })
        .await,
    );
    report.add(
        "reset after the request was read",
        must_fail(usual(), 0, Failure::Connection, read_and_reset).await,
    );
    report.add(
        "closed after the request was read",
        must_fail(usual(), 0, Failure::Connection, |connection| {
            connection.read_request().map(drop)
        })
        .await,
    );
    report.add(
        "reset on a connection that was used before: not sent again",
        second_fails(usual()).await,
    );
    for (name, answer) in [
        ("an answer cut off in its head", "HTTP/1.1 200 OK\r\nx-a: "),
        (
            "an answer cut off in its body",
            "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n",
        ),
        (
            "an answer cut off in a chunk of its body",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n64\r\n",
        ),
        ("an answer that is not HTTP", "SSH-2.0-server\r\n"),
    ] {
        let serve = move |connection: &mut Connection| {
            connection.read_request()?;
            connection.write(answer.as_bytes())?;
            connection.write(SECRET.as_bytes())
        };
        report.add(
            name,
            must_fail(usual(), 0, Failure::Connection, serve).await,
        );
    }
    report.add(
        "a server that does not answer: given up in time",
        must_fail(hasty(), 0, Failure::Timeout, |connection| {
            connection.read_request()?;
            connection.wait_for_close()
        })
        .await,
    );
    report.add(
        "a server that stops in the middle of its answer: given up in time",
        must_fail(hasty(), 0, Failure::Timeout, |connection| {
            connection.read_request()?;
            connection.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{")?;
            connection.wait_for_close()
        })
        .await,
    );
    report.add(
        "a body as large as is allowed, in chunks",
        largest_body(sparing()).await,
    );
    report.add(
        "a body one byte larger than is allowed",
        must_fail(sparing(), 0, Failure::BodyTooLarge, |connection| {
            connection.read_request()?;
            connection.answer(&Response::new(vec![b'x'; MAX_BODY + 1].into()))
        })
        .await,
    );
    report.add(
        "a body without end",
        must_fail(sparing(), 0, Failure::BodyTooLarge, |connection| {
            connection.read_request()?;
            // Its end is far enough, and spares the memory of a transport that has no limit.
            chunks(connection, 1000)
        })
        .await,
    );
    report.add(
        "a call that is dropped leaves the transport of use",
        dropped(usual()).await,
    );
}

/// A call that must fail like this, with [`Sent::Maybe`], at a server that does this with its
/// connections. The request's body has some bytes, and as many more as `more` says.
async fn must_fail(
    transport: impl Transport,
    more: usize,
    expected: Failure,
    serve: impl Fn(&mut Connection) -> io::Result<()> + Clone + Send + 'static,
) -> Outcome {
    let server = Server::start(serve).map_err(text)?;
    let sent = transport.send(request(&server.base(), more)?).await;
    let error = failed(sent)?;
    if error.sent() == Sent::No && server.requests() > 0 {
        return Err("says that the request did not leave, but the server got it".to_owned());
    }
    once(&server, 1)?;
    same(&error, &[expected], &[Sent::Maybe])
}

async fn refused(transport: impl Transport) -> Outcome {
    let sent = transport.send(request(&nobody().map_err(text)?, 0)?).await;
    same(&failed(sent)?, &[Failure::Connect], &[Sent::No])
}

async fn no_tls(transport: impl Transport) -> Outcome {
    let server = Server::start(|connection| {
        // A client that does not care for TLS gets an answer, which is then held against it.
        match connection.wait_for_request()? {
            b'P' => connection.answer(&respond(&Request::default())),
            _ => {
                connection.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")?;
                connection.wait_for_close()
            }
        }
    })
    .map_err(text)?;
    let sent = transport.send(request(&server.base_of_tls(), 0)?).await;
    // A transport that has no TLS at all may say so in its own way.
    let how = [Failure::Tls, Failure::Connect, Failure::Setup];
    same(&failed(sent)?, &how, &[Sent::No])
}

async fn stalled_tls(transport: impl Transport) -> Outcome {
    let server = Server::start(Connection::wait_for_close).map_err(text)?;
    let sent = transport.send(request(&server.base_of_tls(), 0)?).await;
    same(
        &failed(sent)?,
        &[Failure::Timeout],
        &[Sent::No, Sent::Maybe],
    )
}

/// Reads all but the last byte, so that the connection is reset when it is dropped.
fn read_and_reset(connection: &mut Connection) -> io::Result<()> {
    connection.wait_for_request()?;
    let head = connection.read_head()?;
    if let Some(length) = body_length(head.headers()) {
        connection.read_exact(length.saturating_sub(1))?;
    }
    connection.wait_for_more()
}

async fn second_fails(transport: impl Transport) -> Outcome {
    let server = Server::start(|connection| {
        loop {
            let request = connection.read_request()?;
            if connection.requests() == 2 {
                return Ok(());
            }
            connection.answer(&respond(&request))?;
        }
    })
    .map_err(text)?;
    let first = transport.send(request(&server.base(), 0)?).await;
    first.map_err(|error| format!("the first call: {error}"))?;
    let error = failed(transport.send(request(&server.base(), 0)?).await)?;
    once(&server, 2)?;
    same(&error, &[Failure::Connection], &[Sent::Maybe])
}

async fn largest_body(transport: impl Transport) -> Outcome {
    let server = Server::start(|connection| {
        connection.read_request()?;
        chunks(connection, MAX_BODY / CHUNK)
    })
    .map_err(text)?;
    let sent = transport.send(request(&server.base(), 0)?).await;
    let answer = sent.map_err(text)?;
    match answer.body().len() {
        MAX_BODY => Ok(()),
        length => Err(format!("{length} bytes came, of {MAX_BODY}")),
    }
}

/// Bytes in a chunk.
const CHUNK: usize = 16 * 1024;

/// Answers with so many chunks.
fn chunks(connection: &mut Connection, count: usize) -> io::Result<()> {
    connection.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
    let chunk = format!("{CHUNK:x}\r\n{}\r\n", "x".repeat(CHUNK));
    for _ in 0..count {
        connection.write(chunk.as_bytes())?;
    }
    connection.write(b"0\r\n\r\n")
}

async fn dropped(transport: impl Transport) -> Outcome {
    let server = Server::start(|connection| {
        loop {
            let request = connection.read_request()?;
            if connection.requests() == 1 {
                return connection.wait_for_close();
            }
            connection.answer(&respond(&request))?;
        }
    })
    .map_err(text)?;
    let first = transport.send(request(&server.base(), 0)?);
    if let Some(ended) = until(server.arrived(), first).await {
        return Err(format!("the first call ended by itself: {ended:?}"));
    }
    let second = transport.send(request(&server.base(), 0)?).await;
    second.map_err(|error| format!("the second call: {error}"))?;
    Ok(())
}

fn request(base: &str, more: usize) -> Result<Request<Bytes>, String> {
    Request::post(format!("{base}/calls?key={SECRET}"))
        .header("x-key", SECRET)
        .body(format!("{SECRET}{}", " ".repeat(more)).into())
        .map_err(text)
}

/// The error of a call, which must not repeat anything that was sent or answered.
fn failed(sent: Result<Response<Bytes>, TransportError>) -> Result<TransportError, String> {
    let error = match sent {
        Ok(answer) => return Err(format!("gave an answer, HTTP {}", answer.status())),
        Err(error) => error,
    };
    let mut all = format!("{error:?}");
    let mut next: Option<&dyn std::error::Error> = Some(&error);
    while let Some(error) = next {
        let _ = write!(all, " {error}");
        next = error.source();
    }
    if all.contains(SECRET) {
        return Err(format!(
            "the error repeats what was sent or answered: {all}"
        ));
    }
    Ok(error)
}

/// Whether the server got as many requests as there were calls.
fn once(server: &Server, calls: usize) -> Outcome {
    match server.requests() {
        requests if requests <= calls => Ok(()),
        requests => Err(format!(
            "sent by itself again: {requests} requests, {calls} calls"
        )),
    }
}

fn same(error: &TransportError, failures: &[Failure], sent: &[Sent]) -> Outcome {
    if failures.contains(&error.failure()) && sent.contains(&error.sent()) {
        return Ok(());
    }
    let (failure, left) = (error.failure(), error.sent());
    let cause = error.source().map(|cause| format!(", because: {cause}"));
    Err(format!(
        "failed with {failure:?} and Sent::{left:?}, should be {failures:?} and {sent:?}{}",
        cause.unwrap_or_default()
    ))
}

fn text(error: impl ToString) -> String {
    error.to_string()
}
