//! `enkash listen` as a user runs it: webhooks in, lines out, and on to the user's own server.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};

use bytes::Bytes;
use enkash_sandbox::{Config, DeliveryState, Sandbox};
use http::Request;
use serde_json::{Value, json};

fn enkash(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_enkash"));
    command.arg("listen").args(arguments).env_clear();
    command
}

/// A listener that runs as long as the test.
struct Listener {
    child: Child,
    typed: Option<ChildStdin>,
    lines: std::io::Lines<BufReader<ChildStdout>>,
    address: String,
}

impl Listener {
    fn start(arguments: &[&str]) -> Self {
        Self::typed_to(arguments, Stdio::piped())
    }

    fn typed_to(arguments: &[&str], stdin: Stdio) -> Self {
        let mut child = enkash(arguments)
            .stdin(stdin)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let first = lines.next().unwrap().unwrap();
        let address = first.strip_prefix("listening on http://").unwrap();
        Self {
            address: address.to_owned(),
            typed: child.stdin.take(),
            child,
            lines,
        }
    }

    /// One that posts on to this target.
    fn before(target: &Target) -> Self {
        Self::start(&["--forward-to", &target.url])
    }

    /// What is said next.
    fn says(&mut self) -> Value {
        serde_json::from_str(&self.lines.next().unwrap().unwrap()).unwrap()
    }

    fn type_line(&mut self, line: &str) {
        writeln!(self.typed.as_mut().unwrap(), "{line}").unwrap();
    }

    /// Posts a message, and gives the status and the body of the answer.
    fn post(&self, path: &str, headers: &str, body: &str) -> (u16, String) {
        self.send(&format!(
            "POST {path} HTTP/1.1\r\nhost: hook.example.in\r\nconnection: close\r\n\
             content-length: {}\r\n{headers}\r\n{body}",
            body.len()
        ))
    }

    fn send(&self, request: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        // It may have answered, and closed, before it has read all of a message that is too long.
        let _ = stream.write_all(request.as_bytes());
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        let answer = String::from_utf8(answer).unwrap();
        let status = answer.split(' ').nth(1).unwrap().parse().unwrap();
        let body = answer.split_once("\r\n\r\n").unwrap().1;
        (status, body.to_owned())
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The user's own server. It answers the first requests with these statuses, and then no more.
struct Target {
    url: String,
    received: Receiver<(String, String)>,
}

impl Target {
    fn start(statuses: &'static [u16]) -> Self {
        let socket = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook?token=of-mine", socket.local_addr().unwrap());
        let (sender, received) = channel();
        std::thread::spawn(move || {
            for status in statuses {
                let (mut stream, _) = socket.accept().unwrap();
                let _ = sender.send(read(&mut stream));
                let answer = format!(
                    "HTTP/1.1 {status} X\r\nlocation: /elsewhere\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
                );
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        Self { url, received }
    }

    /// The head, in lower case, and the body of the next request.
    fn received(&self) -> (String, String) {
        self.received.recv().unwrap()
    }

    fn url_as_shown(&self) -> &str {
        self.url.split('?').next().unwrap()
    }
}

fn read(stream: &mut TcpStream) -> (String, String) {
    let mut reader = BufReader::new(stream);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        assert_ne!(reader.read_line(&mut head).unwrap(), 0);
    }
    let head = head.to_ascii_lowercase();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "))
        .unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    (head, String::from_utf8(body).unwrap())
}

const PAYMENT: &str = r#"{ "orderId": "ORD1", "transactionId": "EK1", "amount": 499.50,
  "orderStatus": "PAID", "transactionStatus": "SUCCESS", "status": "SUCCESS",
  "paymentToken": "token-of-a-card" }"#;

#[test]
fn what_the_sandbox_posts_is_shown_and_accepted() {
    let mut listener = Listener::start(&[]);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let sandbox = runtime.block_on(Sandbox::start(Config::new())).unwrap();
    let credentials = sandbox.credentials();
    let made = Command::new(env!("CARGO_BIN_EXE_enkash"))
        .args(["orders", "create", "INV1", "499.50", "--notify-url"])
        .arg(format!("http://{}/enkash", listener.address))
        .env_clear()
        .env("ENKASH_ENVIRONMENT", sandbox.url())
        .env("ENKASH_ACCESS_KEY", credentials.access_key.expose())
        .env("ENKASH_SECRET_KEY", credentials.secret_key.expose())
        .output()
        .unwrap();
    let made: Value = serde_json::from_slice(&made.stdout).unwrap();

    let pay = Request::post(format!("{}/_sandbox/orders/INV1/pay", sandbox.url()));
    let pay = pay.body(Bytes::new()).unwrap();
    let paid = runtime.block_on(sandbox.handle(pay)).unwrap();
    let paid: Value = serde_json::from_slice(paid.body()).unwrap();

    let shown = listener.says();
    assert_eq!(shown["event"], "received");
    assert_eq!(shown["number"], 1);
    assert_eq!(shown["kind"], "notify_payment");
    assert_eq!(shown["path"], "/enkash");
    assert_eq!(
        shown["key"],
        format!(
            "notify_payment:{}:{}:PAID:SUCCESS:SUCCESS",
            made["orderId"].as_str().unwrap(),
            paid["transactionId"].as_str().unwrap()
        )
    );
    assert_eq!(
        shown["states"],
        json!({"orderStatus": "PAID", "transactionStatus": "SUCCESS", "status": "SUCCESS"})
    );
    assert_eq!(shown["sums"]["amount"], 499.5);
    assert_eq!(shown["message"]["paymentMode"], "UPI");
    let delivered = runtime.block_on(sandbox.wait_for(|sandbox| {
        let first = sandbox.webhooks().into_iter().next()?;
        (first.state != DeliveryState::Waiting).then_some(first)
    }));
    assert_eq!(delivered.state, DeliveryState::Delivered);
}

#[test]
fn a_secret_is_hidden() {
    let mut listener = Listener::start(&[]);
    let more = r#""payer": [{"account_number": "123456789012", "OTP": 123456}], "cardHolderName""#;
    let message = PAYMENT.replacen(
        "\"paymentToken\"",
        &format!("{more}: \"\", \"paymentToken\""),
        1,
    );
    // As a message of another kind its fields are not known, and hidden all the same.
    for path in ["/", "/receive_mandate_debit_callback"] {
        assert_eq!(listener.post(path, "", &message), (200, "{}".to_owned()));
        let line = listener.lines.next().unwrap().unwrap();
        assert!(line.contains(r#""paymentToken":"[hidden]""#), "{line}");
        for secret in ["token-of-a-card", "123456"] {
            assert!(!line.contains(secret), "{line}");
        }
    }
}

#[test]
fn a_message_goes_on_as_it_came() {
    let target = Target::start(&[202]);
    let mut listener = Listener::before(&target);
    let headers = "Content-Type: application/json\r\nX-Shop-Token: of-the-merchant\r\n\
                   User-Agent: somebody/1\r\nX-Hop: 1\r\nTE: trailers\r\nConnection: x-hop\r\n";
    let answer = listener.post("/any/path?x=1", headers, PAYMENT);
    assert_eq!(answer, (202, "{}".to_owned()));

    let (head, body) = target.received();
    assert_eq!(body, PAYMENT);
    let mut lines: Vec<_> = head.trim_end().lines().collect();
    assert_eq!(lines.remove(0), "post /hook?token=of-mine http/1.1");
    lines.sort_unstable();
    let host = target.url_as_shown().trim_start_matches("http://");
    let host = host.trim_end_matches("/hook");
    assert_eq!(
        lines,
        [
            &format!("content-length: {}", PAYMENT.len()),
            "content-type: application/json",
            &format!("host: {host}"),
            "user-agent: somebody/1",
            "x-shop-token: of-the-merchant",
        ]
    );

    assert_eq!(listener.says()["event"], "received");
    let mut forwarded = listener.says();
    assert!(forwarded["milliseconds"].take().is_u64());
    assert_eq!(
        forwarded,
        json!({
            "event": "forwarded",
            "number": 1,
            "to": target.url_as_shown(),
            "status": 202,
            "error": null,
            "milliseconds": null,
        })
    );
}

#[test]
fn only_what_the_target_accepts_is_accepted() {
    let target = Target::start(&[500, 404, 302, 204]);
    let mut listener = Listener::before(&target);
    for (status, answered) in [(500, 502), (404, 502), (302, 502), (204, 204)] {
        assert_eq!(listener.post("/", "", PAYMENT).0, answered);
        target.received();
        listener.says();
        assert_eq!(listener.says()["status"], status);
    }
}

#[test]
fn a_target_that_is_not_there_is_told() {
    // A port that is taken, and on which nobody listens.
    let taken = tokio::net::TcpSocket::new_v4().unwrap();
    taken.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let target = format!("http://{}/hook", taken.local_addr().unwrap());
    let mut listener = Listener::start(&["--forward-to", &target]);
    assert_eq!(listener.post("/", "", PAYMENT).0, 502);
    listener.says();
    let forwarded = listener.says();
    assert_eq!(forwarded["status"], Value::Null);
    let error = forwarded["error"].as_str().unwrap();
    assert!(error.starts_with("cannot be reached: "), "{error}");
}

#[test]
fn a_message_that_is_none_is_shown_by_its_size_and_goes_on() {
    let target = Target::start(&[200, 200]);
    let mut listener = Listener::before(&target);
    for body in ["password=1234", r#"{"hello": "password"}"#] {
        assert_eq!(listener.post("/hook", "", body).0, 200);
        assert_eq!(target.received().1, body);
        let mut shown = listener.says();
        shown["at"].take();
        shown["number"].take();
        assert_eq!(
            shown,
            json!({
                "event": "received",
                "number": null,
                "at": null,
                "path": "/hook",
                "bytes": body.len(),
                "kind": null,
                "key": null,
                "states": {},
                "sums": {},
                "message": null,
            })
        );
        listener.says();
    }
}

#[test]
fn a_path_may_say_of_which_kind_a_message_is() {
    let mut listener = Listener::start(&[]);
    listener.post("/shop/receive_mandate_debit_callback", "", PAYMENT);
    let shown = listener.says();
    assert_eq!(shown["kind"], "receive_mandate_debit_callback");
    assert_eq!(shown["states"]["orderStatus"], "PAID");
}

#[test]
fn a_message_can_be_posted_again() {
    let target = Target::start(&[500, 200, 200]);
    let other = Target::start(&[200]);
    let mut listener = Listener::before(&target);
    for body in [PAYMENT, "another"] {
        listener.post("/", "X-Shop-Token: of-the-merchant\r\n", body);
        target.received();
        listener.says();
        listener.says();
    }
    listener.type_line("1");
    let (head, body) = target.received();
    assert_eq!(body, PAYMENT);
    assert!(head.contains("x-shop-token: of-the-merchant\r\n"), "{head}");
    let forwarded = listener.says();
    assert_eq!(
        (&forwarded["number"], &forwarded["status"]),
        (&json!(1), &json!(200))
    );

    listener.type_line(&format!("2 {}", other.url));
    assert_eq!(other.received().1, "another");
    assert_eq!(listener.says()["to"], other.url_as_shown());

    listener.type_line("list");
    for number in [1, 2] {
        let kept = listener.says();
        assert_eq!(
            (&kept["event"], &kept["number"]),
            (&json!("kept"), &json!(number))
        );
    }
}

#[test]
fn a_line_that_is_not_understood_is_told() {
    let mut listener = Listener::start(&[]);
    listener.post("/", "", PAYMENT);
    listener.says();
    let itself = format!("1 http://{}/", listener.address);
    let mut said = String::new();
    for line in [
        "7",
        "one",
        "list all",
        "1",
        "1 http://shop.example.in/hook",
        "1 shop",
        "1 http://127.0.0.1:1/ twice",
        &itself,
    ] {
        listener.type_line(line);
        let told = listener.says();
        assert_eq!(told["event"], "misunderstood");
        said += &format!("{line}\n  {}\n", told["why"].as_str().unwrap());
    }
    let said = said.replace(&listener.address, "ITSELF");
    insta::assert_snapshot!(said, @"
    7
      there is no message 7, or no longer
    one
      type the number of a message, with an address or without, or list
    list all
      type the number of a message, with an address or without, or list
    1
      say where to: 1 http://localhost:3000/hook
    1 http://shop.example.in/hook
      http:// is allowed to this machine only (127.0.0.1, [::1], localhost); use https://
    1 shop
      not an address; write it as http://localhost:3000/hook
    1 http://127.0.0.1:1/ twice
      type the number of a message, with an address or without, or list
    1 http://ITSELF/
      http://ITSELF/ is this listener itself; forward elsewhere
    ");
    // It goes on.
    listener.type_line("");
    listener.post("/", "", PAYMENT);
    assert_eq!(listener.says()["number"], 2);
}

#[test]
fn it_goes_on_when_nobody_can_type() {
    let mut listener = Listener::typed_to(&[], Stdio::null());
    for number in [1, 2] {
        assert_eq!(listener.post("/", "", PAYMENT).0, 200);
        assert_eq!(listener.says()["number"], number);
    }
}

#[test]
fn the_last_hundred_are_kept() {
    let mut listener = Listener::start(&[]);
    for number in 1..=101 {
        listener.post("/", "", "{}");
        assert_eq!(listener.says()["number"], number);
    }
    listener.type_line("1 http://127.0.0.1:1/");
    assert_eq!(
        listener.says()["why"],
        "there is no message 1, or no longer"
    );
    listener.type_line("list");
    for number in 2..=101 {
        assert_eq!(listener.says()["number"], number);
    }
}

#[test]
fn what_is_too_long_or_not_posted_is_not_taken() {
    let target = Target::start(&[]);
    let mut listener = Listener::before(&target);
    let long = "x".repeat(64 * 1024 + 1);
    assert_eq!(listener.post("/", "", &long), (413, "too long".to_owned()));
    assert_eq!(
        listener.says(),
        json!({"event": "refused", "why": "the message is longer than 65536 bytes"})
    );
    let get = "GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";
    assert_eq!(listener.send(get).0, 405);
}

#[test]
fn it_ends_on_ctrl_c() {
    let mut listener = Listener::start(&[]);
    let interrupted = Command::new("kill")
        .args(["-INT", &listener.child.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupted.success());
    assert!(listener.child.wait().unwrap().success());
}

#[test]
fn an_address_that_cannot_be_forwarded_to_is_refused_at_once() {
    let mut said = String::new();
    for address in ["http://shop.example.in/hook", "localhost:3000", "shop"] {
        let output = enkash(&["--forward-to", address]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{address}");
        let text = String::from_utf8(output.stderr).unwrap();
        said += text.lines().next().unwrap();
        said.push('\n');
    }
    insta::assert_snapshot!(said, @"
    error: invalid value 'http://shop.example.in/hook' for '--forward-to <URL>': http:// is allowed to this machine only (127.0.0.1, [::1], localhost); use https://
    error: invalid value 'localhost:3000' for '--forward-to <URL>': not an address; write it as http://localhost:3000/hook
    error: invalid value 'shop' for '--forward-to <URL>': not an address; write it as http://localhost:3000/hook
    ");
}
