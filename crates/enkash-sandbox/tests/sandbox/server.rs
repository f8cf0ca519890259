//! The port: connections, sizes, and a clean end.

use std::fmt::Write as _;
use std::io;

use bytes::Bytes;
use enkash_sandbox::{Config, Sandbox};
use http::Request;
use serde_json::Value;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::client::{Client, order, start};

async fn connect(sandbox: &Sandbox) -> TcpStream {
    let address = sandbox.url().replace("http://", "");
    TcpStream::connect(address).await.unwrap()
}

/// A request as it stands on the wire, with these further header lines.
fn head(request: &Request<Bytes>, more: &str) -> String {
    let mut text = format!(
        "{} {} HTTP/1.1\r\nhost: sandbox\r\ncontent-length: {}\r\n{more}",
        request.method(),
        request.uri().path_and_query().unwrap(),
        request.body().len(),
    );
    for (name, value) in request.headers() {
        write!(text, "{name}: {}\r\n", value.to_str().unwrap()).unwrap();
    }
    text + "\r\n"
}

/// Sends a request over TCP, and reads until the connection ends.
pub(crate) async fn exchange(sandbox: &Sandbox, request: &Request<Bytes>) -> io::Result<Vec<u8>> {
    let mut stream = connect(sandbox).await;
    let head = head(request, "connection: close\r\n");
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(request.body()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(answer)
}

/// Reads one answer from a connection that stays.
async fn answer(stream: &mut TcpStream) -> (String, Value) {
    let mut text = Vec::new();
    let split = loop {
        if let Some(end) = text.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
        assert_ne!(stream.read_buf(&mut text).await.unwrap(), 0);
    };
    let head = String::from_utf8(text[..split].to_vec()).unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .map_or(0, |length| length.parse().unwrap());
    while text.len() < split + length {
        assert_ne!(stream.read_buf(&mut text).await.unwrap(), 0);
    }
    (
        head,
        serde_json::from_slice(&text[split..]).unwrap_or_default(),
    )
}

#[tokio::test]
async fn calls_share_a_connection() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut stream = connect(&sandbox).await;
    for id in ["A1", "A2", "A3"] {
        let request = client.request(order(id));
        stream
            .write_all(head(&request, "").as_bytes())
            .await
            .unwrap();
        stream.write_all(request.body()).await.unwrap();
        let (head, body) = answer(&mut stream).await;
        assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
        assert_eq!(body["response_code"], 0);
    }
}

#[tokio::test]
async fn a_body_of_more_than_a_mebibyte_is_refused_and_the_refusal_arrives() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = client.request(order("A1"));
    *request.body_mut() = vec![b' '; 4 * 1024 * 1024].into();
    let text = exchange(&sandbox, &request).await.unwrap();
    assert!(
        text.starts_with(b"HTTP/1.1 413 "),
        "{}",
        String::from_utf8_lossy(&text)
    );

    *request.body_mut() = vec![b' '; 1024 * 1024].into();
    let text = exchange(&sandbox, &request).await.unwrap();
    assert!(
        text.starts_with(b"HTTP/1.1 400 "),
        "blanks alone are no JSON"
    );
    *request.body_mut() = vec![b' '; 1024 * 1024 + 1].into();
    assert_eq!(
        client.send(request).await.unwrap().status(),
        413,
        "without TCP as well"
    );
}

#[tokio::test]
async fn what_is_not_http_is_refused() {
    let sandbox = start().await;
    let mut stream = connect(&sandbox).await;
    stream
        .write_all(b"\x16\x03\x01 hello\r\n\r\n")
        .await
        .unwrap();
    let mut text = Vec::new();
    stream.read_to_end(&mut text).await.unwrap();
    assert!(
        text.starts_with(b"HTTP/1.1 400 "),
        "{}",
        String::from_utf8_lossy(&text)
    );
    Client::new(&sandbox).await;
}

#[tokio::test]
async fn it_listens_to_this_machine_alone() {
    let sandbox = start().await;
    assert!(sandbox.url().starts_with("http://127.0.0.1:"));
    assert_eq!(sandbox.base_url().as_str(), sandbox.url());
}

#[tokio::test]
async fn a_port_that_is_taken_is_an_error() {
    let sandbox = start().await;
    let port = sandbox.url().rsplit(':').next().unwrap().parse().unwrap();
    let error = Sandbox::start(Config::new().with_port(port))
        .await
        .unwrap_err();
    assert_eq!(error.kind(), io::ErrorKind::AddrInUse);
}

#[tokio::test]
async fn a_call_that_is_on_its_way_is_finished_before_the_stop() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let request = client.request(order("A1"));
    let mut idle = connect(&sandbox).await;
    let mut stream = connect(&sandbox).await;
    stream
        .write_all(head(&request, "expect: 100-continue\r\n").as_bytes())
        .await
        .unwrap();
    // Now the sandbox is in the middle of the call: it asks for the body.
    let (continues, _) = answer(&mut stream).await;
    assert!(continues.starts_with("HTTP/1.1 100 "), "{continues}");

    let url = sandbox.url();
    let rest = async {
        stream.write_all(request.body()).await.unwrap();
        let (head, body) = answer(&mut stream).await;
        assert!(head.starts_with("HTTP/1.1 200 OK"), "{head}");
        assert_eq!(body["response_code"], 0);
        let mut end = Vec::new();
        assert_eq!(
            stream.read_to_end(&mut end).await.unwrap(),
            0,
            "then it closes"
        );
    };
    tokio::join!(sandbox.stop(), rest);

    assert_eq!(
        idle.read(&mut [0; 1]).await.unwrap(),
        0,
        "idle connections are closed"
    );
    let refused = TcpStream::connect(url.replace("http://", ""))
        .await
        .unwrap_err();
    assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
}
