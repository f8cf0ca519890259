//! What people do by hand with payouts and verification, against a local EnKash.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on fails"
)]

mod common;

#[cfg(unix)]
use common::terminal::Terminal;
use common::{Local, first_line, json, run, stderr, stdout};
use enkash_sandbox::{Fault, FaultKind};
use serde_json::{Value, json};

const ACCOUNT: &str = "501234567890";

impl Local {
    fn payouts(&self, arguments: &[&str]) -> std::process::Output {
        run(&mut self.enkash(&[&["payouts"], arguments].concat()), "")
    }

    /// Registers somebody with a bank account.
    fn payee(&self, id: &str, account: &str) -> Value {
        json(&self.payouts(&[
            "beneficiary-add",
            id,
            "Asha R",
            "--account",
            account,
            "--ifsc",
            "KKBK0000432",
        ]))
    }

    fn balance(&self) -> Value {
        json(&self.payouts(&["balance"]))["totalBalance"].take()
    }
}

/// A transfer by IMPS to somebody who is registered.
fn transfer<'a>(id: &'a str, amount: &'a str, payee: &'a str) -> [&'a str; 8] {
    [
        "transfer",
        id,
        amount,
        "--mode",
        "imps",
        "--beneficiary",
        payee,
        "--yes",
    ]
}

#[test]
fn a_payee_is_registered_and_paid() {
    let local = Local::standing();
    let payee = local.payee("ASHA01", ACCOUNT);
    assert_eq!(payee["beneficiaryId"], "ASHA01");
    assert_eq!(payee["beneficiaryAccountNumber"], "XXXXXXXX7890");

    let paid = local.payouts(&transfer("PAY2041", "499.50", "ASHA01"));
    assert_eq!(paid.status.code(), Some(0), "{}", stderr(&paid));
    let paid = json(&paid);
    assert_eq!(paid["transactionId"], "PAY2041");
    assert_eq!(paid["payoutStatus"], "SUCCESS");
    assert_eq!(local.balance(), json!(9_999_500.5));

    let by_upi = [
        "transfer",
        "PAY2042",
        "1",
        "--mode",
        "UPI",
        "--vpa",
        "ravi@examplebank",
        "--remark",
        "Second try",
        "--yes",
    ];
    assert_eq!(json(&local.payouts(&by_upi))["payoutStatus"], "SUCCESS");

    let day = [
        "statement",
        "--from",
        "2026-01-01T00:00:00Z",
        "--to",
        "2026-01-02T00:00:00Z",
    ];
    let statement = json(&local.payouts(&day));
    let lines = statement["data"].as_array().unwrap();
    let lines = lines.iter().map(|line| {
        let of = |name: &str| line[name].clone();
        [of("transactionId"), of("transactionAmount"), of("remarks")]
    });
    assert_eq!(
        Value::from_iter(lines.map(Value::from_iter)),
        json!([["PAY2041", 499.5, null], ["PAY2042", 1, "Second try"]])
    );
}

#[cfg(unix)]
#[test]
fn a_person_sees_what_leaves_before_it_does() {
    let local = Local::standing();
    local.payee("ASHA01", ACCOUNT);
    let [asked @ .., _] = transfer("PAY2041", "499.50", "ASHA01");
    let output = local.payouts(&asked);
    assert_eq!(output.status.code(), Some(2), "nobody is there to be asked");

    let ask = || local.enkash(&[&["payouts"], &asked[..]].concat());
    let mut terminal = Terminal::run(ask());
    terminal.wait_for("[y/N]");
    terminal.type_line("n");
    let (screen, code) = terminal.end();
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(screen, @r"
    beneficiaryId       ASHA01
    debitAccountNumber  XXXXXXXX0500
    fundSourceId        FSANDBOX01
    transactionId       PAY2041
    transferAmount      499.50 rupees
    transferMode        IMPS
    Pay 499.50 rupees to ASHA01 by IMPS? [y/N] n
    enkash: nothing was sent
    ");
    assert_eq!(local.calls("create_payout_transfer"), 0);

    let mut terminal = Terminal::run(ask());
    terminal.wait_for("[y/N]");
    terminal.type_line("y");
    assert_eq!(terminal.end().1, Some(0));
    assert_eq!(local.calls("create_payout_transfer"), 1);

    let day = ["--from", "2026-01-01", "--to", "2026-01-01"];
    let statement = [&["payouts", "statement"], &day[..]].concat();
    let see = |arguments: &[&str]| {
        let (screen, code) = Terminal::run(local.enkash(arguments)).end();
        assert_eq!(code, Some(0), "{screen}");
        screen
    };
    insta::assert_snapshot!(see(&statement), @r"
    requestId  RQ1767225600000Au3gR

    DATE                       TRANSACTION  TYPE   MODE  AMOUNT     BALANCE  REFERENCE     REMARKS
    2026-01-01T05:30:00+05:30  PAY2041      DEBIT  IMPS  499.50  9999500.50  723743704235  -
    ");
    insta::assert_snapshot!(see(&["payouts", "balance"]), @"totalBalance  9999500.50 rupees");
}

#[test]
fn a_transfer_that_is_not_paid_says_so() {
    let local = Local::standing();
    let mut shown = String::new();
    let mut pay = |id: &str, payee: &str, code| {
        let output = local.payouts(&transfer(id, "10", payee));
        assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
        shown += stderr(&output);
    };
    // Nobody is registered under this id yet, and the transfer keeps its own.
    pay("PAY1", "ASHA01", 1);
    local.payee("ASHA01", ACCOUNT);
    pay("PAY1", "ASHA01", 0);
    pay("PAY1", "ASHA01", 1);

    local.payee("RAVI01", "100000000002");
    pay("PAY2", "RAVI01", 1);
    insta::assert_snapshot!(shown, @r"
    enkash: the transfer is REJECTED: the beneficiary id is missing or invalid; correct it and send it again with the same id
    enkash: create_payout_transfer: EnKash refused (HTTP 409, code 409): transactionId: was used before; look at what the id names before you use another
      if you gave this command before, give it with --resume: it says whether EnKash has it
    enkash: the transfer is FAILED: nothing was paid; to pay, make another with a new id
    ");
    assert_eq!(local.balance(), json!(9_999_990));
}

#[test]
fn a_lost_answer_is_settled_and_nobody_is_paid_twice() {
    let local = Local::start();
    local.payee("ASHA01", ACCOUNT);
    let lose = |times| {
        let fault = Fault::new("create_payout_transfer", FaultKind::LostAnswer);
        local.sandbox.fault(fault.times(times)).unwrap();
    };

    lose(1);
    let output = local.payouts(&transfer("PAY1", "10", "ASHA01"));
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let found = json(&output);
    assert_eq!(found["note"], "EnKash has it, as was looked up");
    assert!(found["utr"].is_string(), "{found}");
    assert_eq!(local.balance(), json!(9_999_990));

    // Without the account it cannot be looked up, so it is asked for again under its id.
    let elsewhere = |arguments: &[&str]| {
        let mut command = local.enkash(&[&["payouts"], arguments].concat());
        run(command.env_remove("ENKASH_DEBIT_ACCOUNT_NUMBER"), "")
    };
    lose(100);
    let pay = transfer("PAY2", "10", "ASHA01");
    let output = elsewhere(&pay);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    insta::assert_snapshot!(said(&output), @r"
    enkash: create_payout_transfer: EnKash may have done this or not; look for transactionId PAY2 at EnKash before you use another id, and do not send it again blindly (the connection to EnKash broke; the request may have arrived)
      to find out, give the same command again with --resume, and no other id
    ");

    local.mend();
    let output = elsewhere(&[&pay[..], &["--resume"]].concat());
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    insta::assert_snapshot!(stdout(&output), @r#"
    {
      "note": "EnKash has it, since it refuses the id as known",
      "transactionId": "PAY2"
    }
    "#);
    assert_eq!(local.balance(), json!(9_999_980));
}

#[test]
fn a_transfer_that_was_made_before_is_told_from_another_of_its_id() {
    let local = Local::start();
    local.payee("ASHA01", ACCOUNT);
    let again = |amount| {
        let pay = transfer("PAY1", amount, "ASHA01");
        local.payouts(&[&pay[..], &["--resume"]].concat())
    };
    let made = local.payouts(&transfer("PAY1", "10", "ASHA01"));
    assert_eq!(made.status.code(), Some(0), "{}", stderr(&made));

    let output = again("10");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(json(&output)["note"], "EnKash has it, as was looked up");

    let output = again("20");
    assert_eq!(output.status.code(), Some(3));
    insta::assert_snapshot!(stderr(&output), @"enkash: what EnKash shows under PAY1 is another transfer: 10.00 rupees, and not 20.00 rupees. If the id was used for another payment, give this one an id of its own; if not, ask EnKash before you pay");
    assert_eq!(local.calls("create_payout_transfer"), 1);
}

#[test]
fn a_token_that_does_not_come_is_told_in_words_for_a_shell() {
    let local = Local::start();
    let mut told = String::new();
    for kind in [
        FaultKind::LostAnswer,
        FaultKind::ServerError,
        FaultKind::ErrorIn200,
        FaultKind::TokenRefused,
    ] {
        let fault = Fault::new("generate_payout_token", kind);
        local.sandbox.fault(fault.times(10)).unwrap();
        let output = local.payouts(&["balance"]);
        assert_eq!(output.status.code(), Some(1));
        told += &format!("{kind:?}\n{}\n", first_line(&output));
        local.mend();
    }
    for (variable, value) in [
        ("ENKASH_CLIENT_SECRET", "another"),
        ("ENKASH_PASSWORD", "another"),
    ] {
        let mut command = local.enkash(&["payouts", "balance"]);
        let output = run(command.env(variable, value), "");
        assert_eq!(output.status.code(), Some(1));
        told += &format!("{variable}\n{}\n", first_line(&output));
    }
    insta::assert_snapshot!(told, @r"
    LostAnswer
    enkash: the call was not sent: the request for a token failed: the connection to EnKash broke; the request may have arrived. Try the call again after a short pause
    ServerError
    enkash: the call was not sent: the request for a token failed: EnKash refused (HTTP 503): the sandbox was asked to fail here. Try the call again after a short pause
    ErrorIn200
    enkash: EnKash answered with no token, which may be how it refuses the credentials: the answer (HTTP 200) cannot be read: missing field `access_token`. Look at the variables that hold them before you try again; if it is the password: three wrong ones lock the account
    TokenRefused
    enkash: EnKash answered with no token, which may be how it refuses the credentials: the answer (HTTP 200) cannot be read: missing field `access_token`. Look at the variables that hold them before you try again; if it is the password: three wrong ones lock the account
    ENKASH_CLIENT_SECRET
    enkash: EnKash did not accept the credentials: EnKash refused (HTTP 401): the Authorization header must be Basic and the base64 of clientId:clientSecret. Look at the variables that hold them before you try again; if it is the password: three wrong ones lock the account
    ENKASH_PASSWORD
    enkash: EnKash did not accept the credentials: EnKash refused (HTTP 400): no such user, or the password is wrong. Look at the variables that hold them before you try again; if it is the password: three wrong ones lock the account
    ");
}

/// What was said on stderr, without the causes below it: those are the transport's words.
fn said(output: &std::process::Output) -> String {
    // What lies below it is the operating system's.
    let lines = stderr(output).lines();
    let own = lines.filter(|line| !line.starts_with("  because: "));
    own.collect::<Vec<_>>().join("\n")
}

#[test]
fn what_the_receiver_knows_enkash_by_is_no_argument_and_is_not_shown() {
    let local = Local::standing();
    let mut set = local.enkash(&[
        "payouts",
        "webhook-set",
        "https://shop.example.in/payouts",
        "--event",
        "PAYOUT_SUCCESS",
        "--event",
        "PAYOUT_FAILED",
        "--header",
        "X-Enkash-Key",
        "-vvv",
    ]);
    let output = run(&mut set, "sesame-opens\n");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    insta::assert_snapshot!(stdout(&output), @r#"
    {
      "enabled": true,
      "events": [
        "PAYOUT_SUCCESS",
        "PAYOUT_FAILED"
      ],
      "headers": {
        "X-Enkash-Key": "[hidden]"
      },
      "webhookUrl": "https://shop.example.in/payouts"
    }
    "#);
    for text in [stdout(&output), stderr(&output)] {
        assert!(!text.contains("sesame"), "{text}");
    }
}

#[test]
fn a_certificate_is_sent_and_nothing_that_is_private() {
    let local = Local::standing();
    let folder = tempfile::tempdir().unwrap();
    let set = |pem: &str| {
        std::fs::write(folder.path().join("shop.pem"), pem).unwrap();
        let mut set = local.enkash(&[
            "payouts",
            "webhook-set",
            "https://shop.example.in",
            "--event",
            "PAYOUT_SUCCESS",
            "--ssl-certificate",
            "shop.pem",
        ]);
        run(set.current_dir(folder.path()), "")
    };
    let pem = |label: &str| format!("-----BEGIN {label}-----\nMIIB\n-----END {label}-----\n");
    let certificate = pem("CERTIFICATE");
    for wrong in [
        "ENKASH_PASSWORD=sesame\n".to_owned(),
        pem("PRIVATE KEY"),
        certificate.clone() + &pem("RSA PRIVATE KEY"),
    ] {
        let output = set(&wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong}");
        insta::allow_duplicates! {
            insta::assert_snapshot!(stderr(&output), @"enkash: shop.pem was not sent: it must hold certificates in PEM (-----BEGIN CERTIFICATE-----) and nothing else, least of all a key");
        }
    }
    assert_eq!(local.calls("create_payout_webhook_config"), 0);

    let output = set(&certificate);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(json(&output)["sslCertificate"], "as in shop.pem");
}

#[test]
fn a_source_account_is_added() {
    let local = Local::standing();
    let output = local.payouts(&["source-add", ACCOUNT, "KKBK0000432"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(!stdout(&output).contains(ACCOUNT), "{}", stdout(&output));
    assert_eq!(local.calls("add_payout_source_bank_account"), 1);
}

#[test]
fn a_bank_account_is_verified() {
    let local = Local::standing();
    let verify = |more: &[&str]| {
        let verify = ["verify", "bank-account"];
        run(&mut local.enkash(&[&verify, more].concat()), "")
    };
    let checked = json(&verify(&["CHECK1", ACCOUNT, "KKBK0000432"]));
    assert!(checked["beneficiaryName"].is_string(), "{checked}");
    assert_eq!(checked["utr"], "", "nothing was paid");

    let output = verify(&["CHECK2", ACCOUNT, "KKBK0000432", "--penny-drop"]);
    assert_eq!(output.status.code(), Some(2), "nobody is there to be asked");
    assert_eq!(local.calls("verify_bank_account"), 1);
    let checked = json(&verify(&[
        "CHECK2",
        ACCOUNT,
        "KKBK0000432",
        "--penny-drop",
        "--yes",
    ]));
    assert_ne!(checked["utr"], "");
}

#[test]
fn where_the_documentation_is_silent_the_command_says_what_to_ask_for() {
    let local = Local::standing();
    let verify = ["verify", "bank-account", "CHECK1", ACCOUNT, "KKBK0000432"];
    let mut command = local.enkash(&verify);
    let output = run(command.env_remove("ENKASH_VERIFICATION_AUTH"), "");
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(stderr(&output), @"enkash: EnKash's documentation does not say what a call of the verification suite carries: ask EnKash, and set ENKASH_VERIFICATION_AUTH to oauth, merchant or none");

    let mut command = local.enkash(&verify);
    let output = run(command.env("ENKASH_ENVIRONMENT", "test"), "");
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(stderr(&output), @"enkash: EnKash's documentation does not name the host of the verification suite: ask EnKash for it, and set ENKASH_VERIFICATION_HOST");
    assert_eq!(local.calls("verify_bank_account"), 0);

    let check = json!({
        "beneficiaryAccountNumber": ACCOUNT, "customerRequestId": "CHECK1",
        "beneficiaryIfscCode": "KKBK0000432", "pennyLess": true,
    });
    let call = [
        "api",
        "call",
        "verify_bank_account",
        "-",
        "--dry-run",
        "--json",
    ];
    let dry_run = json(&run(&mut local.enkash(&call), &check.to_string()));
    assert_eq!(dry_run["headers"]["authorization"], "Bearer [hidden]");
}

#[test]
fn wrong_input_is_told_and_nothing_is_sent() {
    let local = Local::standing();
    let mut shown = String::new();
    for arguments in [
        &["payouts", "balance"][..],
        &[
            "payouts",
            "statement",
            "--from",
            "yesterday",
            "--to",
            "2026-01-01",
        ],
        &["payouts", "transfer", "PAY1", "10", "--mode", "imps"],
        &["payouts", "transfer", "PAY1", "10", "--beneficiary", "A"],
        &[
            "payouts",
            "transfer",
            "",
            "-1",
            "--mode",
            "imps",
            "--beneficiary",
            "A 1",
            "--remark",
            "50%",
        ],
        &[
            "payouts",
            "transfer",
            "PAY1",
            "200000.01",
            "--mode",
            "imps",
            "--vpa",
            "asha",
        ],
        &["payouts", "beneficiary-add", "ASHA01", "Asha R"],
        &[
            "payouts",
            "beneficiary-add",
            "ASHA01",
            "Asha R",
            "--account",
            ACCOUNT,
        ],
        &[
            "payouts",
            "beneficiary-add",
            "ASHA01",
            "=1+1",
            "--account",
            "",
            "--ifsc",
            "KKBK",
        ],
        &[
            "payouts",
            "beneficiary-add",
            "ASHA01",
            "Asha R",
            "--vpa",
            "a@b",
            "--account",
            ACCOUNT,
            "--ifsc",
            "KKBK0000432",
        ],
        &[
            "payouts",
            "source-add",
            "1",
            "KKBK0000432",
            "--company-id",
            "X",
        ],
        &["payouts", "webhook-set", "https://shop.example.in"],
        &[
            "payouts",
            "webhook-set",
            "ftp://shop",
            "--event",
            "PAYOUT_LOST",
        ],
        &["verify", "bank-account", "", "", "KKBK"],
        &[
            "verify",
            "bank-account",
            "CHECK1",
            ACCOUNT,
            "KKBK0000432",
            "--yes",
        ],
    ] {
        let mut command = local.enkash(arguments);
        let output = run(command.env_remove("ENKASH_FUND_SOURCE_ID"), "");
        let said = stderr(&output);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}: {said}");
        assert_eq!(stdout(&output), "");
        assert!(!said.contains(ACCOUNT), "{said}");
        // What clap says of the usage below its first lines is its own.
        let said = said.split("\n\nUsage:").next().unwrap().trim_end();
        let said = said.split("\n\nFor more").next().unwrap();
        shown += &format!("$ enkash {}\n{said}\n", arguments.join(" "));
    }
    insta::assert_snapshot!(shown, @r"
    $ enkash payouts balance
    enkash: give --fund-source, or set ENKASH_FUND_SOURCE_ID
    $ enkash payouts statement --from yesterday --to 2026-01-01
    error: invalid value 'yesterday' for '--from <TIME>': must be a day, like 2026-04-01, or a time with its zone, like 2026-04-01T10:00:00+05:30
    $ enkash payouts transfer PAY1 10 --mode imps
    error: the following required arguments were not provided:
      <--beneficiary <ID>|--vpa <VPA>>
    $ enkash payouts transfer PAY1 10 --beneficiary A
    error: the following required arguments were not provided:
      --mode <MODE>
    $ enkash payouts transfer  -1 --mode imps --beneficiary A 1 --remark 50%
    enkash: the request breaks rules and was not sent:
      --beneficiary: must be letters and digits only
      <TRANSACTION_ID>: must not be empty
      <AMOUNT>: must be at least 1.00 rupees
      --remark: must be letters, digits and white space only
    $ enkash payouts transfer PAY1 200000.01 --mode imps --vpa asha
    enkash: the request breaks rules and was not sent:
      --vpa: must be a UPI address: letters, digits and ._%+- before one @, letters, digits, dots and hyphens after it
      <AMOUNT>: must be at most 200000.00 rupees by IMPS
    $ enkash payouts beneficiary-add ASHA01 Asha R
    error: the following required arguments were not provided:
      <--account <NUMBER>|--ifsc <IFSC>|--vpa <VPA>>
    $ enkash payouts beneficiary-add ASHA01 Asha R --account 501234567890
    error: the following required arguments were not provided:
      --ifsc <IFSC>
    $ enkash payouts beneficiary-add ASHA01 =1+1 --account  --ifsc KKBK
    enkash: the request breaks rules and was not sent:
      --account: must be 9 to 36 characters
      --ifsc: must be an IFSC: four letters, a zero, six letters or digits
      <NAME>: must be letters and white space only
    $ enkash payouts beneficiary-add ASHA01 Asha R --vpa a@b --account 501234567890 --ifsc KKBK0000432
    error: the argument '--vpa <VPA>' cannot be used with '--account <NUMBER>'
    $ enkash payouts source-add 1 KKBK0000432 --company-id X
    enkash: the request breaks rules and was not sent:
      <ACCOUNT>: must be 9 to 36 letters and digits
      --company-id: must be CEK and seven capital letters or digits
    $ enkash payouts webhook-set https://shop.example.in
    error: the following required arguments were not provided:
      --event <EVENT>
    $ enkash payouts webhook-set ftp://shop --event PAYOUT_LOST
    enkash: the request breaks rules and was not sent:
      --event: must be one of: PAYOUT_SUCCESS PAYOUT_PENDING PAYOUT_FAILED UTILITY_BILLPAY_SUCCESS UTILITY_BILLPAY_FAILED UTILITY_BILLPAY_PENDING
      <URL>: must be an address that begins with https:// or http://
    $ enkash verify bank-account   KKBK
    enkash: the request breaks rules and was not sent:
      <ACCOUNT>: must be 9 to 36 characters
      <IFSC>: must be an IFSC: four capital letters, a zero, six capital letters or digits
      <REQUEST_ID>: must not be empty
    $ enkash verify bank-account CHECK1 501234567890 KKBK0000432 --yes
    error: the following required arguments were not provided:
      --penny-drop
    ");
    assert!(
        local.sandbox.calls().is_empty(),
        "not even a token was asked for"
    );
}
