//! A file of payouts as a person pays it, against a local EnKash.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod common;

use std::fmt::Write as _;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, SystemTime};

#[cfg(unix)]
use common::terminal::Terminal;
use common::{Local, json, run, stderr, stdout};
use enkash_bulk::check::check;
use enkash_bulk::file::PayoutFile;
use enkash_bulk::journal::{Facts, Journal as _, Plan, Run, SqliteJournal, State, Step};
use enkash_sandbox::{Fault, FaultKind};
use enkash_types::payouts::TransferMode;
use serde_json::{Value, json};
use tempfile::TempDir;

const HEADING: &str =
    "transaction_id,amount,mode,beneficiary_id,beneficiary_name,account_number,ifsc,vpa\n";

/// Three rows that are paid at once.
const SALARIES: &str = "\
SAL1,41250.50,IMPS,EMP1,Asha Rao,501234567801,EXAM0000001,
SAL2,38000,IMPS,EMP2,Ravi Das,501234567802,EXAM0000001,
SAL3,1999.99,UPI,EMP3,Tara Nair,,,tara@examplebank
";

/// A folder with a file of payouts, and a local EnKash to pay it with.
struct Desk {
    local: Local,
    folder: TempDir,
}

impl Desk {
    fn with(rows: &str) -> Self {
        let desk = Self {
            local: Local::start(),
            folder: TempDir::new().unwrap(),
        };
        desk.write("payouts.csv", &format!("{HEADING}{rows}"));
        desk
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.path(name), text).unwrap();
    }

    fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.local.enkash(&[&["payouts"], arguments].concat());
        command.current_dir(self.folder.path());
        command
    }

    fn enkash(&self, arguments: &[&str]) -> Output {
        run(&mut self.command(arguments), "")
    }

    /// Pays the file.
    fn pay(&self, more: &[&str]) -> Output {
        self.enkash(&[&PAY[..], &["--yes"], more].concat())
    }

    fn report(&self, more: &[&str]) -> Output {
        self.enkash(&[&["report", "--journal", "run.db"], more].concat())
    }

    fn ledger(&self) -> Value {
        self.local.look("/payouts/ledger")
    }

    /// Every transfer that EnKash has: its id, and how often money left for it.
    fn paid(&self) -> Vec<(String, u64)> {
        let ledger = self.ledger();
        let transfers = ledger["transfers"].as_array().unwrap().iter();
        let mut paid: Vec<_> = transfers
            .map(|transfer| {
                let id = transfer["transactionId"].as_str().unwrap().to_owned();
                (id, transfer["debits"].as_u64().unwrap())
            })
            .collect();
        paid.sort();
        paid
    }

    fn fault(&self, kind: FaultKind, times: u32) {
        let fault = Fault::new("create_payout_transfer", kind);
        self.local.sandbox.fault(fault.times(times)).unwrap();
    }
}

const PAY: [&str; 4] = ["run", "payouts.csv", "--journal", "run.db"];

/// Each of these ids, once.
fn once(ids: &[&str]) -> Vec<(String, u64)> {
    ids.iter().map(|id| ((*id).to_owned(), 1)).collect()
}

fn code(output: &Output) -> Option<i32> {
    output.status.code()
}

#[test]
fn a_file_is_paid_once_however_often_it_is_given() {
    let desk = Desk::with(SALARIES);
    let planned = json(&desk.enkash(&["run", "payouts.csv", "--dry-run"]));
    assert_eq!(
        planned,
        json!({
            "rows": 3, "rupees": 81_250.49, "refused": 0, "balance": 10_000_000,
            "toSend": {"rows": 3, "rupees": 81_250.49}, "inDoubt": {"rows": 0, "rupees": 0},
            "byMode": {
                "IMPS": {"rows": 2, "rupees": 79_250.5},
                "UPI": {"rows": 1, "rupees": 1_999.99},
            },
        })
    );
    assert_eq!(desk.paid(), once(&[]));
    assert!(!desk.path("run.db").exists());

    for _ in 0..2 {
        let output = desk.pay(&[]);
        assert_eq!(code(&output), Some(0), "{}", stderr(&output));
        assert_eq!(
            json(&output)["states"]["PAID"],
            json!({"rows": 3, "rupees": 81_250.49})
        );
        assert_eq!(desk.paid(), once(&["SAL1", "SAL2", "SAL3"]));
        assert_eq!(desk.local.calls("create_payout_transfer"), 3);
    }
    assert_eq!(desk.ledger()["balance"], 9_918_749.51);
}

#[cfg(unix)]
#[test]
fn a_person_sees_what_it_comes_to_before_anything_leaves() {
    let desk = Desk::with(SALARIES);
    let output = desk.enkash(&PAY);
    assert_eq!(code(&output), Some(2), "nobody is there to be asked");

    let mut terminal = Terminal::run(desk.command(&PAY));
    terminal.wait_for("[y/N]");
    terminal.type_line("n");
    let (screen, code) = terminal.end();
    assert_eq!(code, Some(1));
    insta::assert_snapshot!(screen, @r"
    MODE   ROWS    RUPEES
    IMPS      2  79250.50
    UPI       1   1999.99
    TOTAL     3  81250.49
    balance 10000000.00 rupees, 9918749.51 after it
    Pay 3 rows, 81250.49 rupees? [y/N] n
    enkash: nothing was sent
    ");
    assert!(!desk.path("run.db").exists());
    assert_eq!(desk.paid(), once(&[]));

    let mut terminal = Terminal::run(desk.command(&PAY));
    terminal.wait_for("[y/N]");
    terminal.type_line("y");
    let (screen, code) = terminal.end();
    assert_eq!(code, Some(0), "{screen}");
    let (_, table) = screen.rsplit_once("STATE").unwrap();
    insta::assert_snapshot!(table, @r"
      ROWS    RUPEES
    PAID      3  81250.49
    TOTAL     3  81250.49
    ");
}

const WRONG: &str = "\
SAL1,41250.50,IMPS,EMP1,Asha Rao,501234567801,EXAM0000001,
SAL2,-5,IMPS,EMP2,=1+1,501234567802,,
SAL1,38000,IMPS,EMP3,Ravi Das,501234567803,EXAM0000001,
SAL4,12345678901234567890,CASH,EMP4,Meera Iyer,501234567804,EXAM0000001,
SAL5,10,UPI,EMP5,Tara Nair,,,tara@examplebank
";

#[test]
fn every_wrong_row_is_told_at_once_and_nothing_is_sent() {
    let desk = Desk::with(WRONG);
    let output = desk.pay(&[]);
    assert_eq!(code(&output), Some(2));
    insta::assert_snapshot!(stderr(&output), @"enkash: 4 of 5 rows broke a rule, and nothing was sent; correct the file, or pay the others with --skip-invalid");
    let problems = json(&output);
    let mut shown = String::new();
    for problem in problems.as_array().unwrap() {
        writeln!(shown, "{problem}").unwrap();
    }
    insta::assert_snapshot!(shown, @r#"
    {"column":"amount","line":3,"rule":"must be at least 1.00 rupees"}
    {"column":"beneficiary_name","line":3,"rule":"must not begin with =, +, - or @, which a spreadsheet takes for a formula"}
    {"column":"ifsc","line":3,"rule":"must be given, since account_number is"}
    {"column":"amount","line":5,"rule":"an amount has at most fifteen digits, thirteen of them before the dot"}
    {"column":"mode","line":5,"rule":"must be one of: IMPS NEFT RTGS UPI"}
    {"column":"transaction_id","line":2,"rule":"stands in line 4 too, and an id is paid once"}
    {"column":"transaction_id","line":4,"rule":"stands in line 2 too, and an id is paid once"}
    "#);
    assert!(desk.local.sandbox.calls().is_empty());
    assert!(!desk.path("run.db").exists());

    for (name, text) in [
        ("empty.csv", ""),
        ("heading.csv", HEADING),
        ("missing.csv", "transaction_id,mode\nSAL1,IMPS\n"),
        ("payouts.txt", HEADING),
    ] {
        desk.write(name, text);
        let output = desk.enkash(&["run", name, "--dry-run"]);
        assert_eq!(code(&output), Some(2), "{name}");
        assert_eq!(stdout(&output), "", "{name}");
    }
}

#[cfg(unix)]
#[test]
fn a_person_sees_what_is_wrong_in_a_table() {
    let desk = Desk::with(WRONG);
    let dry = desk.command(&["run", "payouts.csv", "--dry-run"]);
    let (screen, code) = Terminal::run(dry).end();
    assert_eq!(code, Some(2));
    insta::assert_snapshot!(screen, @r"
    LINE  COLUMN            RULE
    3     amount            must be at least 1.00 rupees
    3     beneficiary_name  must not begin with =, +, - or @, which a spreadsheet takes for a formula
    3     ifsc              must be given, since account_number is
    5     amount            an amount has at most fifteen digits, thirteen of them before the dot
    5     mode              must be one of: IMPS NEFT RTGS UPI
    2     transaction_id    stands in line 4 too, and an id is paid once
    4     transaction_id    stands in line 2 too, and an id is paid once
    enkash: 4 of 5 rows broke a rule, and nothing was sent; correct the file, or pay the others with --skip-invalid
    ");

    let wrong = "SAL1,0,UPI,,,,,tara@examplebank\n".repeat(200);
    desk.write("payouts.csv", &format!("{HEADING}{wrong}"));
    let dry = ["run", "payouts.csv", "--dry-run"];
    let (screen, _) = Terminal::run(desk.command(&dry)).end();
    assert_eq!(
        screen.lines().count(),
        102,
        "a heading, a hundred rows, and what to do"
    );
    insta::assert_snapshot!(screen.lines().last().unwrap(), @"enkash: 200 of 200 rows broke a rule, and nothing was sent (300 problems more are not shown; --json writes all); correct the file");
    let problems = json(&desk.enkash(&dry));
    assert_eq!(problems.as_array().unwrap().len(), 400);
}

#[test]
fn wrong_rows_can_be_left_out_and_corrected() {
    let desk = Desk::with(WRONG);
    let output = desk.pay(&["--skip-invalid"]);
    assert_eq!(code(&output), Some(1), "{}", stderr(&output));
    assert!(stderr(&output).contains("left out for a broken rule: 4 rows, in payouts.refused.csv"));
    assert_eq!(json(&output)["refused"], 4);
    assert_eq!(desk.paid(), once(&["SAL5"]));
    insta::assert_snapshot!(desk.read("payouts.refused.csv"), @r#"
    problem,transaction_id,amount,mode,beneficiary_id,beneficiary_name,account_number,ifsc,vpa
    "line 2: transaction_id: stands in line 4 too, and an id is paid once",SAL1,41250.50,IMPS,EMP1,Asha Rao,501234567801,EXAM0000001,
    "line 3: amount: must be at least 1.00 rupees; beneficiary_name: must not begin with =, +, - or @, which a spreadsheet takes for a formula; ifsc: must be given, since account_number is",SAL2,-5,IMPS,EMP2,=1+1,501234567802,,
    "line 4: transaction_id: stands in line 2 too, and an id is paid once",SAL1,38000,IMPS,EMP3,Ravi Das,501234567803,EXAM0000001,
    "line 5: amount: an amount has at most fifteen digits, thirteen of them before the dot; mode: must be one of: IMPS NEFT RTGS UPI",SAL4,12345678901234567890,CASH,EMP4,Meera Iyer,501234567804,EXAM0000001,
    "#);

    // The same again is done with; what a person corrected meanwhile is left alone.
    desk.write("payouts.refused.csv", "corrected");
    assert_eq!(code(&desk.pay(&["--skip-invalid"])), Some(1));
    let output = desk.enkash(&[
        "run",
        "payouts.csv",
        "--journal",
        "other.db",
        "--skip-invalid",
        "--yes",
    ]);
    assert_eq!(code(&output), Some(2));
    assert_eq!(desk.read("payouts.refused.csv"), "corrected");
    assert!(!desk.path("other.db").exists());
    assert_eq!(desk.paid(), once(&["SAL5"]));
}

#[test]
fn who_was_stopped_before_the_plan_was_whole_is_asked_about_all_of_it() {
    let desk = Desk::with(SALARIES);
    let file = PayoutFile::new(desk.path("payouts.csv")).unwrap();
    let checked = check(&file, &mut |_| {}).unwrap();
    let first = Plan::new(
        1,
        2,
        "SAL1".into(),
        "41250.50".parse().unwrap(),
        TransferMode::Imps,
        "",
    );
    desk.local.runtime.block_on(async {
        let journal = SqliteJournal::open(desk.path("run.db")).unwrap();
        let run = Run::new(
            "payouts.csv",
            checked.fingerprint().to_string(),
            desk.local.sandbox.url(),
            "FSANDBOX01 XXXXXXXX0500",
        );
        journal.begin(&run).await.unwrap();
        journal.plan(vec![first]).await.unwrap();
    });
    let report = json(&desk.report(&[]));
    assert_eq!(
        (&report["complete"], &report["states"]["PLANNED"]["rows"]),
        (&json!(false), &json!(1))
    );
    let output = desk.pay(&[]);
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    let said = stderr(&output);
    assert!(said.contains("TOTAL     3  81250.49") && !said.contains("sent before"));
    assert_eq!(desk.paid(), once(&["SAL1", "SAL2", "SAL3"]));
}

#[test]
fn a_file_that_was_changed_is_refused() {
    let desk = Desk::with(SALARIES);
    assert_eq!(code(&desk.pay(&[])), Some(0));
    let more = "SAL4,10,UPI,EMP3,Tara Nair,,,tara@examplebank\n";
    desk.write("payouts.csv", &format!("{HEADING}{SALARIES}{more}"));
    let output = desk.pay(&[]);
    assert_eq!(code(&output), Some(2));
    let said = stderr(&output);
    let (before, behind) = said.split_once(", begun on 20").unwrap();
    let behind = &behind["yy-mm-dd".len()..];
    insta::assert_snapshot!(format!("{before}{behind}"), @"enkash: run.db: the journal is of payouts.csv, and this is another file, or it was changed since: go on with the file as it was, and pay other rows with a journal of their own");

    let output = desk.enkash(&["run", "payouts.csv", "--journal", "payouts.csv", "--yes"]);
    assert_eq!(code(&output), Some(2));
    insta::assert_snapshot!(stderr(&output), @"enkash: payouts.csv is a file, but no journal, and nothing in it was changed: give another path, or, if a run was begun in it, bring back a copy of it");
    assert_eq!(desk.paid(), once(&["SAL1", "SAL2", "SAL3"]));
}

#[test]
fn it_stops_when_the_money_is_gone_and_goes_on_when_there_is_more() {
    let desk = Desk::with(SALARIES);
    desk.local
        .control("/payouts/balance", r#"{"balance": 42000}"#);
    let output = desk.pay(&["--concurrency", "1"]);
    assert_eq!(code(&output), Some(1), "{}", stderr(&output));
    // How fast it was is the machine's.
    let said = stderr(&output).lines().filter(|line| !line.ends_with("/s"));
    insta::assert_snapshot!(said.collect::<Vec<_>>().join("\n"), @r"
    MODE   ROWS    RUPEES
    IMPS      2  79250.50
    UPI       1   1999.99
    TOTAL     3  81250.49
    balance 42000.00 rupees, which does not cover it: it stops when the balance runs out
    paying
    enkash: the run stopped: the balance of 749.50 rupees does not cover the next 38000.00 rupees; add money to the account, then start again to go on
      `enkash payouts report --journal run.db` shows every row
    ");
    assert_eq!(desk.paid(), once(&["SAL1"]));

    desk.local
        .control("/payouts/balance", r#"{"balance": 42000}"#);
    let output = desk.pay(&[]);
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    assert_eq!(desk.paid(), once(&["SAL1", "SAL2", "SAL3"]));
}

#[test]
fn lost_answers_are_settled() {
    let desk = Desk::with(SALARIES);
    desk.fault(FaultKind::LostAnswer, 2);
    let output = desk.pay(&[]);
    assert_eq!(desk.paid(), once(&["SAL1", "SAL2", "SAL3"]));
    // It was seen in the statement, or its id was refused: neither says how it ended.
    assert_eq!(code(&output), Some(3), "{}", stderr(&output));
    assert_eq!(json(&output)["states"]["PAID"]["rows"], 1);

    let output = desk.pay(&["--search", STATE]);
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    assert_eq!(json(&output)["states"]["PAID"]["rows"], 3);
    assert_eq!(desk.paid(), once(&["SAL1", "SAL2", "SAL3"]));
}

#[test]
fn lines_of_json_are_paid_in_batches() {
    let desk = Desk::with("");
    let rows: String = (1..=5)
        .map(|row| {
            let row = json!({
                "transaction_id": format!("SAL{row}"), "amount": 10.5, "mode": "UPI",
                "vpa": "tara@examplebank",
            });
            format!("{row}\n")
        })
        .collect();
    desk.write("payouts.jsonl", &rows);
    let batches = [
        "run",
        "payouts.jsonl",
        "--journal",
        "run.db",
        "--batch",
        "2",
        "--yes",
        "--search",
        STATE,
    ];
    let output = desk.enkash(&batches);
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    assert_eq!(desk.local.calls("create_payout_batch"), 3);
    assert_eq!(desk.local.calls("create_payout_transfer"), 0);
    assert_eq!(desk.paid(), once(&["SAL1", "SAL2", "SAL3", "SAL4", "SAL5"]));
}

/// How the sandbox says where a transfer stands.
const STATE: &str = "GET /_sandbox/transfers/{transactionId}/state";

#[test]
fn what_is_under_way_is_followed_by_the_search_that_enkash_gave() {
    let desk = Desk::with("SAL1,61000,NEFT,EMP1,Kabir Sen,501234567804,EXAM0000001,\n");
    let output = desk.pay(&[]);
    assert_eq!(code(&output), Some(3), "{}", stderr(&output));
    let said = stderr(&output);
    let (_, end) = said.split_once("enkash: ").unwrap();
    insta::assert_snapshot!(end, @r"
    EnKash has 1 row and did not say how it ended: look again later, by the same command with --search, or in the report
      `enkash payouts report --journal run.db` shows every row
    ");

    let a_week = r#"{"advanceSeconds": 604800}"#;
    desk.local.control("/clock", a_week);
    let output = desk.pay(&["--search", STATE]);
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    assert!(!stderr(&output).contains("looking again"), "it is over");
    assert_eq!(desk.paid(), once(&["SAL1"]));
}

/// The crash test proper is `cargo xtask crash`; this is the same by hand, once.
#[test]
fn a_run_that_is_killed_goes_on() {
    let desk = Desk::with(&many(40));
    // EnKash does what it is asked to, and does not say so.
    desk.fault(FaultKind::Slow, 1000);
    let mut child = desk
        .command(&[&PAY[..], &["--yes"]].concat())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    while desk.paid().len() < 8 {
        assert_eq!(child.try_wait().unwrap(), None);
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();

    desk.local.mend();
    desk.pay(&[]);
    let ids: Vec<String> = (0..40).map(|number| format!("SAL{number:04}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    assert_eq!(desk.paid(), once(&ids));
    let output = desk.pay(&["--search", STATE]);
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    assert_eq!(desk.paid(), once(&ids));
}

#[cfg(unix)]
#[test]
fn a_run_that_is_interrupted_says_so_and_goes_on() {
    let desk = Desk::with(&many(20));
    desk.fault(FaultKind::Slow, 1000);
    let mut terminal = Terminal::run(desk.command(&[&PAY[..], &["--yes"]].concat()));
    while desk.paid().len() < 8 {
        std::thread::yield_now();
    }
    terminal.interrupt();
    terminal.wait_for("stopping; what is on its way is waited for");
    // Who does not want to wait is not made to.
    terminal.interrupt();
    let (screen, code) = terminal.end();
    assert_eq!(code, Some(3), "{screen}");
    assert!(screen.ends_with("enkash: interrupted; give the same command again to go on\n"));
    assert_eq!(desk.paid().len(), 8, "nothing more was begun");

    desk.local.mend();
    desk.pay(&["--search", STATE]);
    assert_eq!(desk.paid().len(), 20);
    assert!(desk.paid().iter().all(|(_, debits)| *debits == 1));
}

/// As a service is ended by the system.
#[cfg(unix)]
#[test]
fn a_run_that_is_to_end_waits_for_what_is_on_its_way() {
    use std::io::{BufRead as _, BufReader, Read as _};

    let desk = Desk::with(&many(20));
    desk.fault(FaultKind::Slow, 1000);
    let mut run = desk.command(&[&PAY[..], &["--yes"]].concat());
    let mut child = run
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = BufReader::new(child.stderr.take().unwrap());
    while desk.paid().len() < 8 {
        assert_eq!(child.try_wait().unwrap(), None);
        std::thread::yield_now();
    }
    let end = format!("kill -TERM {}", child.id());
    let end = || Command::new("sh").args(["-c", &end]).status().unwrap();
    assert!(end().success());
    let mut line = String::new();
    while !line.starts_with("stopping; ") {
        line.clear();
        assert_ne!(said.read_line(&mut line).unwrap(), 0, "it ended");
    }
    assert!(end().success());
    let mut rest = String::new();
    said.read_to_string(&mut rest).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(3), "{rest}");
    assert!(rest.ends_with("enkash: interrupted; give the same command again to go on\n"));
    assert_eq!(desk.paid().len(), 8, "nothing more was begun");
}

fn many(rows: u32) -> String {
    (0..rows).fold(String::new(), |mut text, row| {
        writeln!(text, "SAL{row:04},10,UPI,EMP1,Tara Nair,,,tara@examplebank").unwrap();
        text
    })
}

#[test]
fn the_report_tells_every_row_and_adds_up() {
    let desk = Desk::with(&format!(
        "{SALARIES}SAL4,52500,IMPS,EMP4,Meera Iyer,100000000002,EXAM0000001,\n"
    ));
    let output = desk.pay(&[]);
    assert_eq!(code(&output), Some(1), "{}", stderr(&output));

    let output = desk.report(&[]);
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    let report = json(&output);
    let rows = report["rows"].as_array().unwrap();
    let states: Vec<&Value> = rows.iter().map(|row| &row["state"]).collect();
    assert_eq!(json!(states), json!(["PAID", "PAID", "PAID", "NOT_PAID"]));
    assert_eq!(rows[0]["payee"], "EMP1 XXXXXXXX7801 EXAM0000001");
    assert!(rows[0]["utr"].is_string());
    assert_eq!(
        report["states"]["PAID"],
        json!({"rows": 3, "rupees": 81_250.49})
    );
    let statement = &report["statement"];
    assert_eq!(statement["agrees"], true);
    let all = &statement["all"];
    assert_eq!(all["paid"], report["states"]["PAID"]);
    assert_eq!(all["left"], report["states"]["PAID"]);
    assert_eq!(all["difference"], json!({"rows": 0, "rupees": 0}));
    assert_eq!(all["cameBack"], json!({"rows": 1, "rupees": 52_500}));

    // A time in which nothing was paid.
    let span = [
        "--from",
        "2099-01-01T00:00:00Z",
        "--to",
        "2099-01-02T00:00:00Z",
    ];
    assert_eq!(code(&desk.report(&span[..2])), Some(2), "it ends today");
    let output = desk.report(&span);
    assert_eq!(code(&output), Some(1), "{}", stderr(&output));

    let output = desk.report(&["--csv", "out.csv"]);
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    let csv = desk.read("out.csv");
    assert_eq!(csv.lines().count(), 5);
    assert!(json(&output).get("rows").is_none());
    for text in [&csv, stdout(&output), stderr(&output)] {
        assert!(!text.contains("501234567801"), "{text}");
    }
}

#[test]
fn a_report_is_written_over_nothing() {
    let desk = Desk::with(SALARIES);
    assert_eq!(code(&desk.pay(&[])), Some(0));
    desk.write("out.csv", "what a person wrote");
    for name in ["out.csv", "payouts.csv", "run.db"] {
        let before = std::fs::read(desk.path(name)).unwrap();
        let output = desk.report(&["--csv", name]);
        assert_eq!(code(&output), Some(2), "{name}");
        let said = stderr(&output);
        let todo = "; give another by --csv\n";
        assert!(said.contains(name) && said.ends_with(todo), "{said}");
        assert_eq!(std::fs::read(desk.path(name)).unwrap(), before, "{name}");
    }
}

#[test]
fn a_folder_for_the_journal_that_is_not_there_is_named() {
    let desk = Desk::with(SALARIES);
    let output = desk.enkash(&["run", "payouts.csv", "--journal", "no/such/run.db", "--yes"]);
    assert_eq!(code(&output), Some(2), "{}", stderr(&output));
    insta::assert_snapshot!(stderr(&output).lines().last().unwrap(), @"enkash: there is no folder no/such for the journal no/such/run.db: make it, or give the journal another path");
    assert_eq!(desk.paid(), once(&[]));
}

/// A transfer may be known to be over days after its money left.
#[test]
fn a_run_that_ended_days_later_agrees_all_the_same() {
    let desk = Desk::with(SALARIES);
    assert_eq!(code(&desk.pay(&[])), Some(0));
    desk.local.runtime.block_on(async {
        let journal = SqliteJournal::open(desk.path("run.db")).unwrap();
        let later = SystemTime::now() + Duration::from_secs(5 * 24 * 60 * 60);
        let steps = (1..=3).map(|row| Step::new(row, later, State::Paid, Facts::default()));
        journal.record(steps.collect()).await.unwrap();
    });
    let output = desk.report(&[]);
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    assert_eq!(json(&output)["statement"]["agrees"], true);
}

#[test]
fn the_statement_of_another_account_is_not_compared() {
    let desk = Desk::with(SALARIES);
    assert_eq!(code(&desk.pay(&[])), Some(0));
    let output = desk.report(&["--debit-account", "990000000001"]);
    assert_eq!(code(&output), Some(2));
    insta::assert_snapshot!(stderr(&output).trim_end(), @"enkash: the run paid from FSANDBOX01 XXXXXXXX0500, and --fund-source and --debit-account name another account: its statement would be of other transfers");
}

#[test]
fn the_time_of_a_statement_is_a_day_or_a_time() {
    let desk = Desk::with(SALARIES);
    assert_eq!(code(&desk.pay(&[])), Some(0));
    let wrong = desk.report(&["--from", "yesterday"]);
    assert_eq!(code(&wrong), Some(2));
    assert!(stderr(&wrong).contains("must be a day, like 2026-04-01"));
    // Before the run there is no line of it.
    let output = desk.report(&["--from", "2020-01-01", "--to", "2020-01-31"]);
    assert_eq!(json(&output)["statement"]["agrees"], false);
}

#[cfg(unix)]
#[test]
fn a_person_sees_where_journal_and_statement_part() {
    let desk = Desk::with(&format!(
        "{SALARIES}SAL4,52500,IMPS,EMP4,Meera Iyer,100000000002,EXAM0000001,\n"
    ));
    assert_eq!(code(&desk.pay(&["--concurrency", "1"])), Some(1));
    // EnKash has no event for it.
    desk.local.control("/transfers/SAL2/reverse", "");
    let report = desk.command(&["report", "--journal", "run.db"]);
    let (screen, code) = Terminal::run(report).end();
    assert_eq!(code, Some(1), "{screen}");
    let (_, compared) = screen.split_once("TOTAL").unwrap();
    let (_, compared) = compared.split_once("\n\n").unwrap();
    let (heading, compared) = compared.split_once("\n\n").unwrap();
    assert!(
        heading.starts_with("The statement of the account from 20"),
        "{heading}"
    );
    assert!(heading.ends_with("+05:30 does not agree:"), "{heading}");
    insta::assert_snapshot!(compared, @r"
    MONEY                                 ROWS     RUPEES
    paid, says the journal                   3   81250.49
    left the account, says the statement     3  119250.49
    difference                               1   38000.00
      PAID: see below                        1   38000.00
    left the account, and came back          1   52500.00

    line 3: SAL2 is PAID with 38000.00 rupees, and has 2 lines: 38000.00 DEBIT, 38000.00 CREDIT; it may have been paid twice, or given back
    enkash: 1 row and the statement do not agree: have a person look before anything is paid again
    ");
}

#[cfg(unix)]
#[test]
fn a_person_sees_whose_payee_was_registered_before() {
    let desk = Desk::with(SALARIES);
    assert_eq!(code(&desk.pay(&[])), Some(0));
    // EMP1 has another account now, and EnKash does not know of it.
    let may = "\
MAY1,41250.50,IMPS,EMP1,Asha Rao,501234567899,EXAM0000001,
MAY4,100,UPI,EMP4,Zoya Khan,,,zoya@examplebank
";
    desk.write("may.csv", &format!("{HEADING}{may}"));
    let output = desk.enkash(&["run", "may.csv", "--journal", "may.db", "--yes"]);
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));

    let report = ["report", "--journal", "may.db"];
    let told = json(&desk.enkash(&report));
    let was_there = |row: &Value| row["beneficiaryWasThere"].as_bool().unwrap();
    let rows = told["rows"].as_array().unwrap();
    assert_eq!(
        rows.iter().map(was_there).collect::<Vec<_>>(),
        [true, false]
    );
    assert_eq!(
        told["beneficiaryWasThere"],
        json!({"rows": 1, "rupees": 41_250.5})
    );
    let (screen, _) = Terminal::run(desk.command(&report)).end();
    assert!(
        screen.contains("EMP1 XXXXXXXX7899 EXAM0000001 (was registered)  PAID"),
        "{screen}"
    );
    let mut said = screen.lines();
    let said = said.find(|line| line.starts_with("1 row, "));
    insta::assert_snapshot!(said.unwrap(), @"1 row, 41250.50 rupees, marked (was registered): EnKash knew the payee's id before and goes by the account registered under it, which may be another than the file's, so compare it with your books.");

    let output = desk.enkash(&["report", "--journal", "may.db", "--csv", "may.out.csv"]);
    assert_eq!(code(&output), Some(0), "{}", stderr(&output));
    let rows = desk.read("may.out.csv");
    let marked: Vec<bool> = rows
        .lines()
        .skip(1)
        .map(|row| row.contains(",yes,"))
        .collect();
    assert_eq!(marked, [true, false]);
}

#[test]
fn wrong_input_is_told_and_nothing_is_sent() {
    let desk = Desk::with(SALARIES);
    let mut shown = String::new();
    for arguments in [
        &["run", "payouts.csv"][..],
        &["run", "nowhere.csv", "--dry-run"],
        &["run", "payouts.csv", "--journal", "run.db"],
        &[
            "run",
            "payouts.csv",
            "--journal",
            "run.db",
            "--rate",
            "20/h",
        ],
        &["run", "payouts.csv", "--journal", "run.db", "--batch", "0"],
        &[
            "run",
            "payouts.csv",
            "--journal",
            "run.db",
            "--search",
            "search",
        ],
        &[
            "run",
            "payouts.csv",
            "--journal",
            "run.db",
            "--refused",
            "refused.csv",
        ],
        &["report", "--journal", "run.db"],
        &["report", "--journal", "payouts.csv"],
    ] {
        let output = desk.enkash(arguments);
        let said = stderr(&output);
        assert_eq!(code(&output), Some(2), "{arguments:?}: {said}");
        assert_eq!(stdout(&output), "");
        // What clap says of the usage below its first lines is its own.
        let said = said.split("\n\nUsage:").next().unwrap().trim_end();
        let said = said.split("\n\nFor more").next().unwrap();
        shown += &format!("$ enkash payouts {}\n{said}\n", arguments.join(" "));
    }
    insta::assert_snapshot!(shown, @r"
    $ enkash payouts run payouts.csv
    error: the following required arguments were not provided:
      --journal <FILE>
    $ enkash payouts run nowhere.csv --dry-run
    enkash: nowhere.csv cannot be read: No such file or directory (os error 2)
    $ enkash payouts run payouts.csv --journal run.db
    enkash: this cannot be taken back, and nobody can be asked here: give --yes to do it
    $ enkash payouts run payouts.csv --journal run.db --rate 20/h
    error: invalid value '20/h' for '--rate <N/s>': must be a number a second, or a minute: 20/s, 90/m
    $ enkash payouts run payouts.csv --journal run.db --batch 0
    error: invalid value '0' for '--batch <N>': 0 is not in 1..=10000
    $ enkash payouts run payouts.csv --journal run.db --search search
    error: invalid value 'search' for '--search <[GET] PATH>': must be a path, which begins with /
    $ enkash payouts run payouts.csv --journal run.db --refused refused.csv
    error: the following required arguments were not provided:
      --skip-invalid
    $ enkash payouts report --journal run.db
    enkash: there is no journal run.db
    $ enkash payouts report --journal payouts.csv
    enkash: payouts.csv is a file, but no journal, and nothing in it was changed: give another path, or, if a run was begun in it, bring back a copy of it
    ");
    assert_eq!(desk.paid(), once(&[]));
}
