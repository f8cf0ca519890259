//! `docs/sandbox.md` says what is so.

use std::collections::BTreeMap;

use bytes::Bytes;
use enkash_crypto::PayloadKey;
use enkash_sandbox::FaultKind;
use enkash_transport::wire;
use http::Request;
use serde_json::Value;

use crate::client::start;
use crate::listener::Nobody;

fn documentation() -> String {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/sandbox.md");
    std::fs::read_to_string(path).unwrap()
}

#[tokio::test]
async fn every_command_works_as_it_stands() {
    let sandbox = start().await;
    let documentation = documentation();
    let key = PayloadKey::from_client_secret(sandbox.credentials().client_secret.expose());
    // What listens on port 3000 of this machine is none of a test's business.
    let nobody = Nobody::new();
    // What a person copies out of an answer, where he is told to.
    let mut copied = BTreeMap::<String, String>::new();
    let mut answer = Value::Null;
    let mut count = 0;
    for command in documentation.lines() {
        if let Some((name, field)) = told_to_copy(command) {
            let text = found(&answer, field).unwrap_or_else(|| panic!("{command}: {answer}"));
            copied.insert(format!("${name}"), text.to_owned());
        }
        if !command.starts_with("curl ") {
            continue;
        }
        let mut line = command
            .replace("$SANDBOX", &sandbox.url())
            .replace("http://127.0.0.1:3000/hook", &nobody.url);
        for (name, text) in &copied {
            line = line.replace(name, text);
        }
        let line = sealed(&key, &line);
        let (line, unsealed) = match line.strip_suffix(" | unseal") {
            Some(line) => (line, true),
            None => (&*line, false),
        };
        let response = sandbox.handle(curl(line)).await.unwrap();
        let mut body = response.body().to_vec();
        assert_eq!(response.status(), 200, "{command}: {body:?}");
        if unsealed {
            body = key.open(&wire::unsealed(&body).unwrap()).unwrap();
        }
        answer = serde_json::from_slice(&body).unwrap();
        // EnKash refuses with 200 as well.
        assert!(
            answer["response_code"]
                .as_u64()
                .is_none_or(|code| code == 0)
        );
        count += 1;
    }
    assert_eq!(count, 69);
}

/// The variable and the field of a line like `export TOKEN=…   # the field "token" of the answer`.
fn told_to_copy(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.strip_prefix("export ")?.split_once("=…")?;
    let (_, field) = rest.split_once("the field \"")?;
    Some((name, field.split_once('"')?.0))
}

/// A text of an answer, by the name of its field; it may stand in the envelope's payload.
fn found<'a>(answer: &'a Value, field: &str) -> Option<&'a str> {
    let place = answer.get("payload").unwrap_or(answer);
    place.get(field)?.as_str()
}

/// A line in which the shell function `seal` has sealed what it is given.
fn sealed(key: &PayloadKey, line: &str) -> String {
    let (open, close) = ("\"$(seal '", "')\"");
    let Some((before, rest)) = line.split_once(open) else {
        return line.to_owned();
    };
    let (plain, after) = rest.split_once(close).unwrap();
    let sealed = wire::sealed(key.seal(plain.as_bytes()));
    let sealed = std::str::from_utf8(&sealed).unwrap();
    format!("{before}'{sealed}'{after}")
}

/// The request that a line of curl would send.
fn curl(line: &str) -> Request<Bytes> {
    let words = words(line);
    let mut words = words.iter().map(String::as_str);
    let (mut method, mut uri, mut headers, mut body) = (None, "", Vec::new(), None);
    while let Some(word) = words.next() {
        match word {
            "curl" | "-s" => {}
            "-X" => method = words.next(),
            "-H" => headers.push(words.next().unwrap().split_once(": ").unwrap()),
            "-d" => body = words.next(),
            address => uri = address,
        }
    }
    let method = method.unwrap_or(if body.is_some() { "POST" } else { "GET" });
    let mut request = Request::builder().method(method).uri(uri);
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let body = Bytes::from(body.unwrap_or_default().to_owned());
    request.body(body).unwrap()
}

/// The words of a line of shell, without its quotes.
fn words(line: &str) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), String::new(), None);
    for c in line.chars() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (None, '\'' | '"') => quote = Some(c),
            (None, ' ') => words.push(std::mem::take(&mut word)),
            (_, c) => word.push(c),
        }
    }
    words.push(word);
    words
}

#[tokio::test]
async fn nothing_is_left_out() {
    let sandbox = start().await;
    let documentation = documentation();
    let request = Request::get("/_sandbox/").body(Bytes::new()).unwrap();
    let response = sandbox.handle(request).await.unwrap();
    let list: Value = serde_json::from_slice(response.body()).unwrap();

    for entry in list["control"].as_array().unwrap() {
        let (method, path) = (
            entry["method"].as_str().unwrap(),
            entry["path"].as_str().unwrap(),
        );
        let row = format!("| `{method} {path}` |");
        assert!(documentation.contains(&row), "{row}");
        let example = match method {
            "GET" => "curl -s ".to_owned(),
            method => format!("curl -s -X {method} "),
        };
        let end = path.rsplit('/').next().unwrap();
        let has_example = documentation
            .lines()
            .any(|line| line.starts_with(&example) && line.contains(&format!("/{end}")));
        assert!(has_example, "{method} {path}");
    }
    for entry in list["operations"].as_array().unwrap() {
        let row = format!("| `{}`", entry["operation"].as_str().unwrap());
        assert!(documentation.contains(&row), "{row}");
    }
    assert_eq!(
        list["faultKinds"],
        serde_json::to_value(FaultKind::ALL).unwrap()
    );
    for kind in list["faultKinds"].as_array().unwrap() {
        let row = format!("| `{}` |", kind.as_str().unwrap());
        assert!(documentation.contains(&row), "{row}");
    }
    let known = sandbox.credentials();
    for value in [
        known.access_key.expose(),
        known.secret_key.expose(),
        &known.client_id,
        known.client_secret.expose(),
        &known.username,
        known.password.expose(),
        &known.company_id,
        &known.partner_id,
        &known.fund_source_id,
        known.debit_account_number.as_str(),
    ] {
        assert!(documentation.contains(&format!("| `{value}` |")), "{value}");
    }
}
