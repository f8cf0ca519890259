//! What our own transports promise beyond the suite.
#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests are tests as well.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use enkash_transport::{
    Failure, HyperTransport, Limits, ReqwestTransport, Sent, Transport, TransportError, conformance,
};
use http::Request;
use reqwest::{Certificate, Client, redirect};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

fn both(limits: Limits) -> [Box<dyn Transport>; 2] {
    [
        Box::new(ReqwestTransport::new(limits).unwrap()),
        Box::new(HyperTransport::new(limits).unwrap()),
    ]
}

async fn error_of(transport: &dyn Transport, uri: &str) -> TransportError {
    let request = Request::get(uri).body(Bytes::new()).unwrap();
    match transport.send(request).await {
        Err(error) => error,
        Ok(answer) => panic!("{answer:?}"),
    }
}

fn said(error: &TransportError) -> (Failure, Sent) {
    (error.failure(), error.sent())
}

#[tokio::test]
async fn nothing_travels_without_tls_to_another_machine() {
    for transport in both(Limits::default()) {
        for uri in ["http://example.in/orders", "ftp://127.0.0.1/", "/orders"] {
            let error = error_of(&*transport, uri).await;
            assert_eq!(said(&error), (Failure::Setup, Sent::No), "{uri}");
        }
    }
}

#[tokio::test]
async fn a_server_that_is_not_reached_in_time_got_nothing() {
    // The system takes connections on; nobody ever says anything there.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("https://{}", silent.local_addr().unwrap());
    let limits = Limits::default().with_connect_timeout(Duration::from_millis(100));
    for transport in both(limits) {
        let error = error_of(&*transport, &uri).await;
        assert_eq!(said(&error), (Failure::Timeout, Sent::No));
    }
}

#[tokio::test]
async fn a_server_without_tls_is_told_from_one_that_is_not_there() {
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("https://{}", server.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in server.incoming() {
            let mut stream = stream.unwrap();
            stream
                .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
                .unwrap();
            while stream.read(&mut [0; 1024]).is_ok_and(|read| read > 0) {}
        }
    });
    for transport in both(Limits::default()) {
        let error = error_of(&*transport, &uri).await;
        assert_eq!(said(&error), (Failure::Tls, Sent::No));
    }
}

/// A server with TLS, and its certificate, which nobody knows. It answers `{}`.
fn with_tls() -> (String, Vec<u8>) {
    let names = ["localhost".to_owned()];
    let rcgen::CertifiedKey { cert, signing_key } =
        rcgen::generate_simple_self_signed(names).unwrap();
    let key = PrivatePkcs8KeyDer::from(signing_key.serialize_der());
    let provider = rustls::crypto::ring::default_provider();
    let config = ServerConfig::builder_with_provider(Arc::new(provider))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![cert.der().clone()], key.into())
        .unwrap();
    let config = Arc::new(config);
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = server.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in server.incoming() {
            let connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut stream = StreamOwned::new(connection, stream.unwrap());
            // A client that does not trust the certificate goes away here.
            if stream.read(&mut [0; 4096]).is_ok_and(|read| read > 0) {
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}";
                stream.write_all(answer).unwrap();
            }
        }
    });
    (format!("https://localhost:{port}"), cert.der().to_vec())
}

#[tokio::test]
async fn a_certificate_that_is_not_trusted_stops_the_call() {
    let (uri, _) = with_tls();
    for transport in both(Limits::default()) {
        let error = error_of(&*transport, &uri).await;
        assert_eq!(said(&error), (Failure::Tls, Sent::No));
    }
}

#[tokio::test]
async fn a_certificate_of_ones_own_can_be_trusted() {
    let (uri, certificate) = with_tls();
    let certificate = Certificate::from_der(&certificate).unwrap();
    let builder = Client::builder().tls_certs_only([certificate]);
    let transport = ReqwestTransport::from_builder(builder, Limits::default()).unwrap();
    let request = Request::get(uri).body(Bytes::new()).unwrap();
    assert_eq!(transport.send(request).await.unwrap().body(), "{}");
}

#[tokio::test]
async fn a_request_that_goes_nowhere_is_a_mistake_in_it() {
    for transport in both(Limits::default()) {
        let error = error_of(&*transport, "/api/v0/orders").await;
        assert_eq!(said(&error), (Failure::Setup, Sent::No));
    }
}

#[tokio::test]
async fn a_builder_of_ones_own_does_not_loosen_the_rules() {
    let make = |limits| {
        let builder = Client::builder()
            .redirect(redirect::Policy::limited(5))
            .timeout(Duration::from_secs(3600))
            .connect_timeout(Duration::from_secs(3600));
        ReqwestTransport::from_builder(builder, limits).unwrap()
    };
    conformance::run(make).await.assert_passed();
}
