//! What a run of payouts ends with: its exit code, and what a person is told.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod common;

use std::path::PathBuf;
use std::process::{Command, Output};

use common::{Local, json, run, stderr};
use enkash_bulk::journal::SqliteJournal;
use enkash_sandbox::{Fault, FaultKind};
use serde_json::json;
use tempfile::TempDir;

const HEADING: &str =
    "transaction_id,amount,mode,beneficiary_id,beneficiary_name,account_number,ifsc,vpa\n";

const SALARIES: &str = "\
SAL1,41250.50,IMPS,EMP1,Asha Rao,501234567801,EXAM0000001,
SAL2,38000,IMPS,EMP2,Ravi Das,501234567802,EXAM0000001,
SAL3,1999.99,UPI,,,,,tara@examplebank
";

/// A folder, and a local EnKash.
struct Desk {
    local: Local,
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self {
            local: Local::start(),
            folder: TempDir::new().unwrap(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A run of these rows, with a journal of that name.
    fn paying(&self, rows: &str, journal: &str, more: &[&str]) -> Command {
        std::fs::write(self.path("payouts.csv"), format!("{HEADING}{rows}")).unwrap();
        let run = ["payouts", "run", "payouts.csv", "--yes", "--journal"];
        let arguments = [&run[..], &[journal], more].concat();
        let mut command = self.local.enkash(&arguments);
        command.current_dir(self.folder.path());
        command
    }

    fn pay(&self, rows: &str, journal: &str, more: &[&str]) -> Output {
        run(&mut self.paying(rows, journal, more), "")
    }
}

/// Without an account whose balance is watched, nothing is asked before the rows are paid.
fn blind(command: &mut Command) -> &mut Command {
    command
        .env_remove("ENKASH_FUND_SOURCE_ID")
        .env_remove("ENKASH_DEBIT_ACCOUNT_NUMBER")
}

#[test]
fn a_run_that_paid_nothing_does_not_end_well() {
    let desk = Desk::new();
    let mut command = desk.paying(SALARIES, "run.db", &[]);
    let nobody = blind(&mut command).env("ENKASH_ENVIRONMENT", "http://127.0.0.1:1");
    let output = run(nobody, "");
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
    let said = json(&output);
    assert_eq!(said["states"]["PLANNED"]["rows"], 3);
    let why = said["stopped"].as_str().unwrap();
    assert!(why.starts_with("3 rows were not sent, "), "{why}");
    assert!(stderr(&output).contains("the run stopped: 3 rows were not sent"));
}

#[test]
fn an_account_that_breaks_a_rule_is_told_before_a_row_is_refused_for_it() {
    let desk = Desk::new();
    let mut command = desk.paying(SALARIES, "run.db", &["--debit-account", "12345"]);
    let output = run(blind(&mut command), "");
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("debitAccountNumber"));
    assert!(desk.local.sandbox.calls().is_empty() && !desk.path("run.db").exists());
    let output = desk.pay(SALARIES, "run.db", &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
}

#[test]
fn a_balance_that_enkash_does_not_tell_keeps_nobody_from_being_paid() {
    let desk = Desk::new();
    let fault = Fault::new("get_payout_account_balance", FaultKind::ErrorIn200);
    desk.local.sandbox.fault(fault.times(100)).unwrap();
    let output = desk.pay(SALARIES, "run.db", &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("the balance is not known: "));
    assert_eq!(json(&output)["states"]["PAID"]["rows"], 3);
}

/// The journal may have been made by a run that came no further.
#[test]
fn refused_rows_are_written_also_where_an_empty_journal_is_there() {
    let desk = Desk::new();
    drop(SqliteJournal::open(desk.path("run.db")).unwrap());
    let wrong = "SAL4,-5,UPI,,,,,tara@examplebank\n";
    let rows = format!("{SALARIES}{wrong}");
    // The second time they are there.
    for _ in 0..2 {
        let output = desk.pay(&rows, "run.db", &["--skip-invalid"]);
        assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));
        assert_eq!(json(&output)["states"]["PAID"]["rows"], 3);
        let refused = std::fs::read_to_string(desk.path("payouts.refused.csv")).unwrap();
        assert!(refused.contains("SAL4"), "{refused}");
    }
}

#[test]
fn payees_who_were_registered_before_are_told() {
    let desk = Desk::new();
    let output = desk.pay(SALARIES, "april.db", &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(json(&output)["knownPayees"], 0);
    assert!(!stderr(&output).contains("EnKash knew"));

    let output = desk.pay(&SALARIES.replace("SAL", "MAY"), "may.db", &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert_eq!(json(&output)["knownPayees"], json!(2));
    let told = "EnKash knew the id of 2 payees before: the account that is paid may be another than \
                the file's\n";
    assert!(stderr(&output).contains(told), "{}", stderr(&output));
}

/// What a command says at its end.
fn end(output: &Output) -> String {
    let said = stderr(output);
    let (_, end) = said.split_once("enkash: ").unwrap();
    end.to_owned()
}

#[test]
fn a_file_without_a_right_row_begins_nothing() {
    let desk = Desk::new();
    let wrong = "SAL4,-5,UPI,,,,,tara@examplebank\n";
    let output = desk.pay(wrong, "run.db", &["--skip-invalid"]);
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    insta::assert_snapshot!(end(&output), @"1 row broke a rule, which is all of them, and nothing was sent: --dry-run without --skip-invalid tells each");
    assert!(!desk.path("run.db").exists());
    assert!(!desk.path("payouts.refused.csv").exists());
    assert!(desk.local.sandbox.calls().is_empty());
}

#[test]
fn what_cannot_be_written_is_told_before_anything_is() {
    let desk = Desk::new();
    let rows = format!("{SALARIES}SAL4,-5,UPI,,,,,tara@examplebank\n");
    for (journal, refused) in [
        ("nowhere/run.db", "refused.csv"),
        ("run.db", "nowhere/refused.csv"),
        ("run.db", "payouts.csv"),
        ("run.db", "run.db"),
        ("run.db", "./run.db"),
    ] {
        let output = desk.pay(&rows, journal, &["--skip-invalid", "--refused", refused]);
        assert_eq!(output.status.code(), Some(2), "{journal} {refused}");
        let files = std::fs::read_dir(desk.folder.path()).unwrap();
        assert_eq!(files.count(), 1, "nothing but the rows");
    }
    assert!(desk.local.sandbox.calls().is_empty());
}

/// As it is after a kill between the two.
#[test]
fn refused_rows_that_were_written_before_the_run_began_are_taken_for_written() {
    let desk = Desk::new();
    let rows = format!("{SALARIES}SAL4,-5,UPI,,,,,tara@examplebank\n");
    desk.pay(&rows, "run.db", &["--skip-invalid"]);
    let refused = std::fs::read_to_string(desk.path("payouts.refused.csv")).unwrap();
    let half = &refused[..refused.len() - 5];
    let longer = format!("{refused}more");
    for (there, code) in [(&*refused, 1), (half, 2), (&longer, 2), ("", 2)] {
        std::fs::write(desk.path("payouts.refused.csv"), there).unwrap();
        let output = desk.pay(&rows, "other.db", &["--skip-invalid"]);
        assert_eq!(
            output.status.code(),
            Some(code),
            "{there}: {}",
            stderr(&output)
        );
        let is_told = stderr(&output).contains("it is there already; move it away");
        assert_eq!(is_told, code == 2);
        if code == 1 {
            std::fs::remove_file(desk.path("other.db")).unwrap();
        }
    }
}

/// What is no file may never end.
#[cfg(unix)]
#[test]
fn a_pipe_is_no_file_of_refused_rows() {
    let desk = Desk::new();
    let pipe = desk.path("refused.csv");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let rows = format!("{SALARIES}SAL4,-5,UPI,,,,,tara@examplebank\n");
    let output = desk.pay(
        &rows,
        "run.db",
        &["--skip-invalid", "--refused", "refused.csv"],
    );
    assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
    assert!(stderr(&output).contains("it is there already"));
}

#[test]
fn a_dry_run_makes_no_journal_of_an_empty_file() {
    let desk = Desk::new();
    std::fs::write(desk.path("run.db"), "").unwrap();
    let output = desk.pay(SALARIES, "run.db", &["--dry-run"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(std::fs::read(desk.path("run.db")).unwrap().is_empty());
    assert_eq!(desk.pay(SALARIES, "run.db", &[]).status.code(), Some(0));
}

#[test]
fn a_journal_of_another_address_or_account_is_told_before_a_call() {
    let desk = Desk::new();
    let output = desk.pay(SALARIES, "run.db", &[]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let calls = desk.local.sandbox.calls().len();

    let mut elsewhere = desk.paying(SALARIES, "run.db", &[]);
    let output = run(
        elsewhere.env("ENKASH_ENVIRONMENT", "http://127.0.0.1:1"),
        "",
    );
    assert_eq!(output.status.code(), Some(2));
    let told = end(&output).replace(&desk.local.sandbox.url(), "URL");
    insta::assert_snapshot!(told, @"run.db: the journal belongs to a run at URL, another address of EnKash than now: go on there, or pay here with a journal of its own");

    let output = desk.pay(SALARIES, "run.db", &["--fund-source", "EKOTHER1"]);
    assert_eq!(output.status.code(), Some(2));
    insta::assert_snapshot!(end(&output), @"run.db: the journal belongs to a run that pays from FSANDBOX01 XXXXXXXX0500, and now it is another account, or none is given: go on with that one");
    assert_eq!(desk.local.sandbox.calls().len(), calls);
}

#[test]
fn a_dry_run_tells_what_is_left() {
    let desk = Desk::new();
    let money = r#"{"balance": 42000}"#;
    desk.local.control("/payouts/balance", money);
    let output = desk.pay(SALARIES, "run.db", &["--concurrency", "1"]);
    assert_eq!(output.status.code(), Some(1), "{}", stderr(&output));

    let output = desk.pay(SALARIES, "run.db", &["--dry-run"]);
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    let planned = json(&output);
    assert_eq!(planned["toSend"], json!({"rows": 2, "rupees": 39_999.99}));
    assert_eq!(
        (&planned["rows"], &planned["balance"]),
        (&json!(3), &json!(749.5))
    );
}

#[test]
fn a_search_that_finds_nothing_is_told() {
    let desk = Desk::new();
    let neft = SALARIES.replace("IMPS", "NEFT");
    let output = desk.pay(&neft, "run.db", &["--search", "/nowhere"]);
    assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
    insta::assert_snapshot!(end(&output), @r"
    EnKash has 2 rows and did not say how they ended: look again later, by the same command with --search, or in the report
      --search POST /nowhere found no transfer, the last one because: raw: EnKash refused (HTTP 404): nothing is served here; GET /_sandbox/ lists what is; check the id, and that it belongs to this environment; see whether that is the path that EnKash gave you
      `enkash payouts report --journal run.db` shows every row
    ");
}

#[test]
fn that_no_balance_is_watched_is_told() {
    let desk = Desk::new();
    let output = run(blind(&mut desk.paying(SALARIES, "run.db", &[])), "");
    assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
    assert!(stderr(&output).contains("the balance is not watched: for that give --fund-source\n"));
}
