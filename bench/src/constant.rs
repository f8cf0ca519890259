//! A server that answers with constants.

use std::net::SocketAddr;

use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;

/// By what a path ends with, the answer.
pub(crate) type Answers = &'static [(&'static str, &'static str)];

/// Serves them, on a thread of its own.
pub(crate) fn serve(answers: Answers) -> anyhow::Result<SocketAddr> {
    let listener = std::net::TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    std::thread::spawn(move || -> anyhow::Result<()> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async {
            let listener = tokio::net::TcpListener::from_std(listener)?;
            loop {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                tokio::spawn(hyper::server::conn::http1::Builder::new().serve_connection(
                    TokioIo::new(stream),
                    service_fn(move |request| answer(answers, request)),
                ));
            }
        })
    });
    Ok(address)
}

async fn answer(
    answers: Answers,
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, hyper::Error> {
    let path = request.uri().path();
    let found = answers.iter().find(|(end, _)| path.ends_with(end));
    request.into_body().collect().await?;
    let mut answer = Response::new(Full::from(found.map_or("", |(_, body)| body)));
    if found.is_none() {
        *answer.status_mut() = StatusCode::NOT_FOUND;
    }
    answer
        .headers_mut()
        .insert("content-type", HeaderValue::from_static("application/json"));
    Ok(answer)
}
