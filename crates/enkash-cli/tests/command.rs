//! The command as a user runs it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

mod common;

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use common::{Local, enkash, first_line, json, run, stderr, stdout};
use enkash_sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

#[test]
fn the_list_has_every_operation() {
    let output = run(&mut enkash(&["api", "list"]), "");
    let listed = json(&output);
    let names: Vec<&str> = listed
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["operation"].as_str().unwrap())
        .collect();
    let declared: Vec<&str> = enkash_types::operations()
        .map(|declared| declared.operation.name)
        .collect();
    assert_eq!(names, declared);
    let sso = listed
        .as_array()
        .unwrap()
        .iter()
        .find(|row| row["operation"] == "create_reward_sso_token")
        .unwrap();
    assert_eq!(
        *sso,
        json!({
            "operation": "create_reward_sso_token",
            "method": "POST",
            "path": "/api/v0/partner/enKashCard/sso-token",
            "product": "rewards",
            "auth": "oauth",
            "sealed": true,
            "webhook": false,
        })
    );
}

#[test]
fn each_operation_has_a_schema() {
    for declared in enkash_types::operations() {
        let name = declared.operation.name;
        let schema = json(&run(&mut enkash(&["api", "schema", name]), ""));
        // One that is another type by another name refers to it.
        let shape = match schema["$ref"].as_str() {
            Some(other) => schema.pointer(other.trim_start_matches('#')).unwrap(),
            None => &schema,
        };
        assert_eq!(shape["type"], "object", "{name}");
        let answer = run(&mut enkash(&["api", "schema", name, "--answer"]), "");
        assert_eq!(answer.status.success(), !declared.is_webhook, "{name}");
    }
}

#[test]
fn a_schema_describes_in_words() {
    let schema = json(&run(&mut enkash(&["api", "schema", "create_order"]), ""));
    assert_eq!(
        schema["description"],
        "Makes an order.\n\nEnKash documentation: *Create Order*."
    );
    for declared in enkash_types::operations() {
        let output = run(&mut enkash(&["api", "schema", declared.operation.name]), "");
        assert!(
            !stdout(&output).contains("```"),
            "{}",
            declared.operation.name
        );
    }
}

#[test]
fn check_names_every_broken_rule() {
    let request = json!({
        "orderId": "INV 1",
        "amount": {"value": 0.001, "currency": "USD"},
        "returnUrl": "shop.example.in",
        "customerInfo": {"firstName": "Asha 1", "email": "asha"},
        "paymentDetail": {"ifsc": "kkbk0000432"},
    });
    let output = run(
        &mut enkash(&["api", "check", "create_order", "-"]),
        &request.to_string(),
    );
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(stdout(&output), @r#"
    [
      {
        "path": "amount.currency",
        "message": "must be one of: INR"
      },
      {
        "path": "amount.value",
        "message": "must have at most two decimals"
      },
      {
        "path": "customerInfo.email",
        "message": "must be an e-mail address"
      },
      {
        "path": "customerInfo.firstName",
        "message": "must be letters only"
      },
      {
        "path": "orderId",
        "message": "must be letters and digits only"
      },
      {
        "path": "paymentDetail.accountNumber",
        "message": "must be given, since ifsc is"
      },
      {
        "path": "paymentDetail.ifsc",
        "message": "must be an IFSC: four capital letters, a zero, six capital letters or digits"
      },
      {
        "path": "returnUrl",
        "message": "must be an address that begins with https:// or http://"
      }
    ]
    "#);
}

#[test]
fn check_says_where_a_file_cannot_be_read() {
    let with_amount = |value: &str| {
        format!(r#"{{"orderId": "INV1", "amount": {{"value": {value}, "currency": "INR"}}}}"#)
    };
    let mut shown = String::new();
    for text in [
        "".to_owned(),
        "<html>".to_owned(),
        "{\n  \"orderId\": \"INV1\",\n}".to_owned(),
        "{}".to_owned(),
        r#"{"orderId": 1}"#.to_owned(),
        r#"{"orderId": "INV1", "amount": {"value": 1, "currency": "INR"}, "returnURL": ""}"#
            .to_owned(),
        with_amount("0"),
        with_amount("-1"),
        with_amount("0.001"),
        with_amount("1e400"),
        with_amount("\"12,50\""),
        with_amount("12345678901234567890"),
    ] {
        let output = run(&mut enkash(&["api", "check", "create_order", "-"]), &text);
        assert_eq!(output.status.code(), Some(2), "{text}");
        for violation in json(&output).as_array().unwrap() {
            shown += &format!("{} | {}\n", violation["path"], violation["message"]);
        }
    }
    insta::assert_snapshot!(shown, @r#"
    "" | "not JSON: EOF while parsing a value at line 1 column 0"
    "" | "not JSON: expected value at line 1 column 1"
    "" | "not JSON: trailing comma at line 3 column 1"
    "" | "missing field `orderId`"
    "orderId" | "expected a string, found integer"
    "returnURL" | "unknown field `returnURL`, expected one of `orderId`, `amount`, `returnUrl`, `notifyUrl`, `customerInfo`, `customParameters`, `description`, `paymentDetail`, `restrictedPaymentOptions`"
    "amount.value" | "must be at least 0.01 rupees"
    "amount.value" | "must be at least 0.01 rupees"
    "amount.value" | "must have at most two decimals"
    "amount.value" | "number out of range"
    "amount.value" | "an amount is written in digits with at most one dot, like 12.50"
    "amount.value" | "an amount has at most fifteen digits, thirteen of them before the dot"
    "#);
}

#[test]
fn check_takes_what_is_right() {
    let request = r#"{"orderId": "INV1", "amount": {"value": 12.5, "currency": "INR"}}"#;
    let output = run(&mut enkash(&["api", "check", "create_order", "-"]), request);
    assert_eq!((output.status.code(), json(&output)), (Some(0), json!([])));

    let answer =
        r#"{"response_code": 0, "response_message": "Success", "payload": {"orderId": "ORD1"}}"#;
    let output = run(
        &mut enkash(&["api", "check", "create_order", "--answer", "-"]),
        answer,
    );
    assert_eq!((output.status.code(), json(&output)), (Some(0), json!([])));

    let refusal = r#"{"response_code": 1, "payload": "no"}"#;
    let output = run(
        &mut enkash(&["api", "check", "create_order", "--answer", "-"]),
        refusal,
    );
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(
        json(&output)[0]["message"],
        "EnKash refused (HTTP 200, code 1): no"
    );
}

#[test]
fn a_dry_run_shows_everything_but_secrets() {
    let mut shown = String::new();
    for (operation, request) in [
        (
            "create_order",
            r#"{"orderId": "INV1", "amount": {"value": 12.5, "currency": "INR"}, "paymentDetail": {"accountNumber": "123456789012", "ifsc": "KKBK0000432"}}"#,
        ),
        ("get_order_status", r#"{"orderId": "ORD 1/2"}"#),
        (
            "create_merchant_token",
            r#"{"accessKey": "the-access-key", "secretKey": "the-secret-key"}"#,
        ),
        (
            "generate_payout_token",
            r#"{"username": "asha@example.in", "password": "the-password", "grant_type": "password", "clientId": "CEK1"}"#,
        ),
        (
            "create_reward_sso_token",
            r#"{"cardAccountId": "CA1", "companyId": "CEK1", "enkashCardId": "EKC1"}"#,
        ),
    ] {
        let mut command = enkash(&["api", "call", operation, "-", "--dry-run"]);
        let output = run(command.env("ENKASH_ENVIRONMENT", "test"), request);
        assert!(output.status.success(), "{}", stderr(&output));
        shown += stdout(&output);
    }
    let shown = shown.replace(
        concat!("enkash-rust/", env!("CARGO_PKG_VERSION")),
        "enkash-rust/VERSION",
    );
    insta::assert_snapshot!(shown, @r#"
    {
      "body": "{\"amount\":{\"currency\":\"INR\",\"value\":12.5},\"orderId\":\"INV1\",\"paymentDetail\":{\"accountNumber\":\"XXXXXXXX9012\",\"ifsc\":\"KKBK0000432\"}}",
      "headers": {
        "accept": "application/json",
        "authorization": "Bearer [hidden]",
        "content-type": "application/json",
        "merchantAccessKey": "[hidden]",
        "user-agent": "enkash-rust/VERSION"
      },
      "method": "POST",
      "sealed": false,
      "url": "https://olympus-pg-uat.enkash.in/api/v0/orders"
    }
    {
      "body": "",
      "headers": {
        "accept": "application/json",
        "authorization": "Bearer [hidden]",
        "merchantAccessKey": "[hidden]",
        "user-agent": "enkash-rust/VERSION"
      },
      "method": "GET",
      "sealed": false,
      "url": "https://olympus-pg-uat.enkash.in/api/v0/orders/ORD%201%2F2"
    }
    {
      "body": "{\"accessKey\":\"[hidden]\",\"secretKey\":\"[hidden]\"}",
      "headers": {
        "accept": "application/json",
        "content-type": "application/json",
        "user-agent": "enkash-rust/VERSION"
      },
      "method": "POST",
      "sealed": false,
      "url": "https://olympus-pg-uat.enkash.in/api/v0/merchant/token"
    }
    {
      "body": "clientId=CEK1&grant_type=password&password=%5Bhidden%5D&username=asha%40example.in",
      "headers": {
        "accept": "application/json",
        "authorization": "Basic [hidden]",
        "content-type": "application/x-www-form-urlencoded",
        "user-agent": "enkash-rust/VERSION"
      },
      "method": "POST",
      "sealed": false,
      "url": "https://ekpayout-uat.enkash.in/oauth/token"
    }
    {
      "body": "{\"cardAccountId\":\"CA1\",\"companyId\":\"CEK1\",\"enkashCardId\":\"EKC1\"}",
      "headers": {
        "accept": "application/json",
        "authorization": "Bearer [hidden]",
        "content-type": "application/json",
        "partnerId": "[hidden]",
        "user-agent": "enkash-rust/VERSION"
      },
      "method": "POST",
      "sealed": true,
      "url": "https://pay-uat.enkash.in/api/v0/partner/enKashCard/sso-token"
    }
    "#);
}

#[test]
fn an_order_is_made_and_read() {
    let local = Local::start();
    let output = run(
        &mut local.enkash(&[
            "orders",
            "create",
            "INV1",
            "499.50",
            "--description",
            "Two notebooks",
            "--email",
            "asha@example.in",
        ]),
        "",
    );
    let created = json(&output);
    let order_id = created["orderId"].as_str().unwrap();
    let read = json(&run(&mut local.enkash(&["orders", "get", order_id]), ""));
    assert_eq!(read["merchantOrderId"], "INV1");
    assert_eq!(read["amount"], 499.5);
    assert_eq!(read["status"], "CREATED");

    let request = format!(r#"{{"orderId": "{order_id}"}}"#);
    let called = json(&run(
        &mut local.enkash(&["api", "call", "get_order_status", "-"]),
        &request,
    ));
    assert_eq!(
        called, read,
        "the declared call and the facade answer alike"
    );

    let output = run(&mut local.enkash(&["orders", "create", "INV1", "1"]), "");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(stderr(&output), @"enkash: create_order: EnKash refused (HTTP 409, code 409): orderId: was used before; look at what the id names before you use another");
}

#[test]
fn a_token_is_shown_only_when_asked_for() {
    let local = Local::start();
    let keys = r#"{"accessKey": "sandbox-access-key", "secretKey": "sandbox-secret-key"}"#;
    let call = ["api", "call", "create_merchant_token", "-", "--reveal"];
    let hidden = json(&run(&mut local.enkash(&call[..4]), keys));
    assert_eq!(hidden["token"], "[hidden]");
    let shown = json(&run(&mut local.enkash(&call), keys));
    assert_ne!(shown["token"], "[hidden]");
}

#[test]
fn an_unknown_outcome_has_an_exit_code_of_its_own() {
    let local = Local::start();
    local
        .sandbox
        .fault(Fault::new("create_order", FaultKind::LostAnswer))
        .unwrap();
    let output = run(&mut local.enkash(&["orders", "create", "INV7", "1"]), "");
    assert_eq!(output.status.code(), Some(3));
    insta::assert_snapshot!(first_line(&output), @"enkash: create_order: EnKash may have done this or not; look for orderId INV7 at EnKash before you use another id, and do not send it again blindly (the connection to EnKash broke; the request may have arrived)");
    let made = local.runtime.block_on(async {
        local
            .sandbox
            .calls()
            .iter()
            .filter(|call| call.operation == Some("create_order"))
            .count()
    });
    assert_eq!(made, 1, "it was not sent again");
}

#[test]
fn wrong_input_is_told_and_nothing_is_sent() {
    let mut shown = String::new();
    for (arguments, environment) in [
        (&["orders", "get", "ORD1"][..], None),
        (
            &["orders", "get", "ORD1"],
            Some("http://olympus-pg-uat.enkash.in"),
        ),
        (&["orders", "get", "ORD1"], Some("http://127.0.0.1:9")),
        (&["orders", "get", ""], Some("http://127.0.0.1:9")),
        (&["orders", "create", "", "0"], Some("http://127.0.0.1:9")),
        (
            &["orders", "create", "INV1", "-1"],
            Some("http://127.0.0.1:9"),
        ),
        (&["api", "call", "create_ordre", "-"], Some("test")),
        (&["api", "call", "notify_payment", "-"], Some("test")),
        (&["api", "schema", "notify_payment", "--answer"], None),
        (
            &["api", "check", "create_order", "there-is-no-such-file.json"],
            None,
        ),
    ] {
        let mut command = enkash(arguments);
        if let Some(environment) = environment {
            command.env("ENKASH_ENVIRONMENT", environment);
        }
        let output = run(&mut command, "{}");
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            stderr(&output)
        );
        assert_eq!(stdout(&output), "");
        shown += &format!("$ enkash {}\n{}", arguments.join(" "), stderr(&output));
    }
    insta::assert_snapshot!(shown, @"
    $ enkash orders get ORD1
    enkash: ENKASH_ENVIRONMENT is not set; set it to test, live, or an address like http://127.0.0.1:4010
    $ enkash orders get ORD1
    enkash: ENKASH_ENVIRONMENT is neither test nor live: http:// is allowed to this machine only (127.0.0.1, [::1], localhost); use https://
    $ enkash orders get ORD1
    enkash: this call needs the merchant's keys: set ENKASH_ACCESS_KEY and ENKASH_SECRET_KEY
    $ enkash orders get 
    enkash: the request breaks rules and was not sent:
      orderId: must not be empty
    $ enkash orders create  0
    enkash: the request breaks rules and was not sent:
      amount.value: must be at least 0.01 rupees
      orderId: must not be empty
    $ enkash orders create INV1 -1
    enkash: the request breaks rules and was not sent:
      amount.value: must be at least 0.01 rupees
    $ enkash api call create_ordre -
    enkash: there is no operation create_ordre; `enkash api list` shows what there is
    $ enkash api call notify_payment -
    enkash: notify_payment is sent by EnKash and cannot be called; `enkash api check` checks one
    $ enkash api schema notify_payment --answer
    enkash: notify_payment is sent by EnKash; its answer is not documented
    $ enkash api check create_order there-is-no-such-file.json
    enkash: cannot read there-is-no-such-file.json: No such file or directory (os error 2)
    ");
}

#[test]
fn a_server_that_is_not_there_is_exit_code_1() {
    let mut command = enkash(&["orders", "get", "ORD1"]);
    command
        .env("ENKASH_ENVIRONMENT", "http://127.0.0.1:9")
        .env("ENKASH_ACCESS_KEY", "a")
        .env("ENKASH_SECRET_KEY", "s");
    let output = run(&mut command, "");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(first_line(&output), @"enkash: the call was not sent: the request for a token failed: EnKash could not be reached; the request did not leave. Try the call again after a short pause");
    let last = stderr(&output).lines().last().unwrap();
    assert_eq!(
        last,
        "  ENKASH_ENVIRONMENT is http://127.0.0.1:9; `enkash sandbox --port 9` runs a local EnKash there"
    );
}

#[test]
fn wrong_keys_are_told_in_words_for_a_shell() {
    let local = Local::start();
    let mut command = local.enkash(&["orders", "get", "ORD1"]);
    let output = run(command.env("ENKASH_SECRET_KEY", "another"), "");
    assert_eq!(output.status.code(), Some(1));
    insta::assert_snapshot!(stderr(&output), @"enkash: EnKash did not accept the credentials: EnKash refused (HTTP 401, code 401): accessKey and secretKey are not those of this account. Look at the variables that hold them before you try again; if it is the password: three wrong ones lock the account");
}

/// What is no file of a sandbox's is wrong input; what somebody has is not.
#[test]
fn a_sandbox_that_cannot_start_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let letter = folder.path().join("letter");
    std::fs::write(&letter, "Dear Asha").unwrap();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let in_no_folder = folder.path().join("no").join("shop.db");
    let file = |path: &std::path::Path| path.to_str().unwrap().to_owned();
    for (arguments, code, said) in [
        (
            ["--data", &file(&letter)],
            2,
            "not one that a sandbox wrote",
        ),
        (
            ["--data", &file(folder.path())],
            2,
            "cannot be read or written",
        ),
        (
            ["--data", &file(&in_no_folder)],
            2,
            "cannot be read or written",
        ),
        (["--port", &port], 1, "give another, or none for a free one"),
    ] {
        let output = run(enkash(&["sandbox"]).args(arguments), "");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        assert!(stderr(&output).contains(said), "{}", stderr(&output));
    }
}

#[test]
fn what_is_logged_into_a_file_has_no_colours() {
    let local = Local::start();
    let output = run(
        &mut local.enkash(&["-v", "orders", "create", "INV1", "1"]),
        "",
    );
    assert!(
        stderr(&output).contains("a new token"),
        "{}",
        stderr(&output)
    );
    assert!(!stderr(&output).contains('\u{1b}'));
}

#[test]
fn the_sandbox_says_where_it_listens_and_stops_on_ctrl_c() {
    let mut child = enkash(&["sandbox"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let port = line
        .trim()
        .strip_prefix("listening on http://127.0.0.1:")
        .unwrap();
    std::net::TcpStream::connect(format!("127.0.0.1:{port}")).unwrap();

    // The variables follow, so the command is past its start when the signal comes.
    let mut variables = BufReader::new(child.stderr.take().unwrap());
    let mut first = String::new();
    variables.read_line(&mut first).unwrap();
    assert_eq!(
        first,
        format!("export ENKASH_ENVIRONMENT=http://127.0.0.1:{port}\n")
    );

    let interrupt = Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(interrupt.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[test]
fn the_demo_holds() {
    let output = run(&mut enkash(&["demo"]), "");
    assert!(output.status.success(), "{}", stderr(&output));
    let steps: Vec<Value> = stdout(&output)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let step = |text: &str| steps.iter().position(|step| step["step"] == text);
    let confirmed = step("so the order was read back, and agrees: it is PAID");
    let refunded = step("100.50 rupees of it were given back, once");
    let settled = step("EnKash has paid out the 399.00 rupees that are left");
    assert!(confirmed.is_some() && confirmed < refunded && refunded < settled);
    assert_eq!(steps.last().unwrap()["step"], "the local EnKash stopped");
    assert!(steps.iter().all(|step| step["milliseconds"].is_number()));
}

/// A sandbox with this file, and its address.
fn sandbox_with(file: &std::path::Path) -> (std::process::Child, String) {
    let mut child = enkash(&["sandbox", "--data", file.to_str().unwrap()])
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let address = line.trim().strip_prefix("listening on ").unwrap();
    (child, address.to_owned())
}

#[test]
fn a_sandbox_with_a_file_goes_on_after_it_was_killed() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("shop.db");
    let call = |address: &str, arguments: &[&str]| {
        let mut command = enkash(arguments);
        command
            .env("ENKASH_ENVIRONMENT", address)
            .env("ENKASH_ACCESS_KEY", "sandbox-access-key")
            .env("ENKASH_SECRET_KEY", "sandbox-secret-key");
        json(&run(&mut command, ""))
    };

    let (mut child, address) = sandbox_with(&file);
    let made = call(&address, &["orders", "create", "INV1", "499.50"]);
    child.kill().unwrap();
    child.wait().unwrap();

    let (mut child, address) = sandbox_with(&file);
    let order = call(
        &address,
        &["orders", "get", made["orderId"].as_str().unwrap()],
    );
    assert_eq!(order["merchantOrderId"], "INV1");

    // A second one on the same file is told what to do.
    let second = run(
        &mut enkash(&["sandbox", "--data", file.to_str().unwrap()]),
        "",
    );
    assert_eq!(second.status.code(), Some(1));
    let said = stderr(&second).replace(file.to_str().unwrap(), "FILE");
    insta::assert_snapshot!(said, @"enkash: cannot start: FILE is in use by another sandbox: stop that one, or give another path");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn completions_are_printed() {
    for shell in ["bash", "zsh", "fish"] {
        let output = run(&mut enkash(&["completions", shell]), "");
        assert!(stdout(&output).contains("sandbox"), "{shell}");
    }
}
