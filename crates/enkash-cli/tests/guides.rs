//! The commands of `docs/guides` work as they stand (their programs are run as doc tests), and
//! `docs/errors.md` leaves nothing out.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Stdio};

#[cfg(unix)]
use common::terminal::Terminal;
use common::{Local, enkash, json, run, stderr};
use enkash_types::Replay;
use serde_json::Value;
use tempfile::TempDir;

fn root() -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "..", ".."].iter().collect()
}

/// The guides, by their file names.
fn guides() -> BTreeMap<String, String> {
    let files = std::fs::read_dir(root().join("docs/guides")).unwrap();
    let paths = files.map(|file| file.unwrap().path());
    paths
        .map(|path| {
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// What a reader of a guide is to do.
enum Todo<'a> {
    /// A line for a shell.
    Run(&'a str),
    /// A file to be saved: its name is the last that is named before it.
    Save(&'a str, String),
    /// What the last line shows on a terminal.
    See(String),
}

fn todos(guide: &str) -> Vec<Todo<'_>> {
    let mut block = "";
    let mut named = "";
    let mut todos = Vec::new();
    for line in guide.lines() {
        match line.strip_prefix("```") {
            Some(kind) => {
                block = kind;
                match kind {
                    "csv" => todos.push(Todo::Save(named, String::new())),
                    "text" => todos.push(Todo::See(String::new())),
                    _ => {}
                }
                continue;
            }
            None if block.is_empty() => named = line.rsplit('`').nth(1).unwrap_or(named),
            None => {}
        }
        match (block, todos.last_mut()) {
            ("sh", _) => todos.push(Todo::Run(line)),
            ("csv", Some(Todo::Save(_, text))) | ("text", Some(Todo::See(text))) => {
                *text += &format!("{line}\n");
            }
            _ => {}
        }
    }
    todos
}

/// The words of a line, without the quotes around some of them.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quote = None;
    for letter in line.chars() {
        match (letter, quote) {
            ('"' | '\'', None) => quote = Some(letter),
            (letter, Some(open)) if letter == open => quote = None,
            (' ', None) => words.push(String::new()),
            (letter, _) => words.last_mut().unwrap().push(letter),
        }
    }
    words
}

/// A reader who does what a guide says, one line after the other.
struct Reader {
    local: Local,
    /// What was copied out of an answer, by what stands for it in the guide.
    copied: BTreeMap<String, String>,
    /// What goes on in another terminal.
    listening: Option<Listening>,
    /// The merchant's id of the last order.
    order: String,
    /// Where files are saved.
    folder: TempDir,
}

/// `enkash listen`, until it is dropped.
struct Listening {
    child: Child,
    out: BufReader<ChildStdout>,
}

impl Listening {
    fn line(&mut self) -> String {
        let mut line = String::new();
        self.out.read_line(&mut line).unwrap();
        line
    }
}

impl Drop for Listening {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Reader {
    fn does(&mut self, line: &str) {
        let mut line = line.to_owned();
        for (placeholder, text) in &self.copied {
            line = line.replace(placeholder, text);
        }
        let words = words(&line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        match words[..] {
            ["enkash", "listen", ..] => self.listens(&words[1..]),
            ["enkash", ref arguments @ ..] => self.runs(arguments),
            ["curl", "-X", "POST", url, ref body @ ..] => {
                let act = url.strip_prefix("$ENKASH_ENVIRONMENT/_sandbox").unwrap();
                let body = match body {
                    [] => "",
                    ["-d", body] => body,
                    other => panic!("a guide has options that no test knows: {other:?}"),
                };
                self.local.control(act, body);
            }
            // These build for minutes; what they name is there.
            ["cargo", "install", "--path", path] => {
                assert!(root().join(path).join("Cargo.toml").is_file(), "{line}");
            }
            ["cargo", "run", "--bin", "enkash", "--", ref arguments @ ..] => {
                let output = run(&mut enkash(&[arguments, &["--help"]].concat()), "");
                assert!(output.status.success(), "{line}: {}", stderr(&output));
            }
            ["cargo", "new", _] => {}
            _ => panic!("a guide has a command that no test runs: {line}"),
        }
    }

    fn runs(&mut self, arguments: &[&str]) {
        let mut arguments = arguments.to_vec();
        match arguments[..] {
            ["orders", "create", order, ..] => order.clone_into(&mut self.order),
            // What the reader does in the browser.
            ["orders", "watch", ..] => {
                self.local
                    .control(&format!("/orders/{}/pay", self.order), "");
            }
            // Nobody is there to be asked.
            ["refunds", "create", ..] => arguments.push("--yes"),
            ["payouts", "run", ..] if !arguments.contains(&"--dry-run") => arguments.push("--yes"),
            _ => {}
        }
        let mut command = self.local.enkash(&arguments);
        let output = run(command.current_dir(self.folder.path()), "");
        let is_known = output.status.success()
            // The guide says so of these runs: not every row is known to be paid.
            || (arguments[..2] == ["payouts", "run"] && output.status.code() != Some(2));
        assert!(is_known, "{arguments:?}: {}", stderr(&output));
        if arguments[1] == "watch" {
            return;
        }
        let answer = json(&output);
        for (placeholder, field) in [
            ("ORDER_ID", "/orderId"),
            ("TRANSACTION_ID", "/transactions/0/transactionId"),
        ] {
            if let Some(text) = answer.pointer(field).and_then(Value::as_str) {
                self.copied.insert(placeholder.to_owned(), text.to_owned());
            }
        }
    }

    /// Listens on a free port, which takes the place of the one in the guide.
    fn listens(&mut self, arguments: &[&str]) {
        let at = arguments.iter().position(|word| *word == "--port").unwrap();
        let port = arguments[at + 1];
        let mut arguments = arguments.to_vec();
        arguments[at + 1] = "0";
        let mut child = self
            .local
            .enkash(&arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let out = BufReader::new(child.stdout.take().unwrap());
        let mut listening = Listening { child, out };
        let first = listening.line();
        let (_, given) = first.trim().rsplit_once(':').unwrap();
        self.copied.insert(format!(":{port}"), format!(":{given}"));
        self.listening = Some(listening);
    }
}

#[test]
fn every_command_works_as_it_stands() {
    let mut count = 0;
    // One guide after the other, with the sandbox of the first.
    let mut reader = Reader {
        local: Local::start(),
        copied: BTreeMap::new(),
        listening: None,
        order: String::new(),
        folder: TempDir::new().unwrap(),
    };
    for (name, guide) in guides() {
        for todo in todos(&guide) {
            match todo {
                Todo::Run(line) => {
                    println!("{name}: {line}");
                    reader.does(line);
                    count += 1;
                }
                Todo::Save(file, text) => {
                    std::fs::write(reader.folder.path().join(file), text).unwrap();
                }
                Todo::See(_) => {}
            }
        }
        if let Some(mut listening) = reader.listening.take() {
            let shown = listening.line();
            assert!(shown.contains("notify_payment"), "{shown}");
        }
    }
    assert_eq!(count, 20);
    // The guide to bulk payouts loses answers, and says that each row is paid once.
    let ledger = reader.local.look("/payouts/ledger");
    let transfers = ledger["transfers"].as_array().unwrap();
    assert_eq!(transfers.len(), 8);
    assert!(transfers.iter().all(|transfer| transfer["debits"] == 1));
}

/// A reader whose clock stands where the writer's stood sees what the guide shows, but for how fast
/// it went.
#[cfg(unix)]
#[test]
fn what_a_run_shows_is_what_a_reader_sees() {
    let local = Local::standing();
    let folder = TempDir::new().unwrap();
    let guide = guides().remove("bulk-payouts.md").unwrap();
    let (mut screen, mut count) = (String::new(), 0);
    for todo in todos(&guide) {
        match todo {
            Todo::Save(file, text) => std::fs::write(folder.path().join(file), text).unwrap(),
            // What is done to the sandbox comes after the last picture.
            Todo::Run(_) if count == 3 => break,
            Todo::Run(line) => {
                let words = words(line);
                let mut words: Vec<&str> = words.iter().skip(1).map(String::as_str).collect();
                if words.contains(&"report") {
                    // The time of the sandbox, which is not the command's.
                    words.extend(["--from", "2026-01-01T00:00:00Z"]);
                }
                if words.contains(&"--journal") && words.contains(&"run") {
                    // One after the other, so that the bank's numbers are the same each time.
                    words.extend(["--concurrency", "1"]);
                }
                let mut command = local.enkash(&words);
                command.current_dir(folder.path()).env("TERM", "xterm");
                let mut terminal = Terminal::run(command);
                if line.contains("payouts run") && !line.contains("--dry-run") {
                    terminal.wait_for("[y/N] ");
                    terminal.type_line("y");
                }
                screen = console::strip_ansi_codes(&terminal.end().0).into_owned();
            }
            Todo::See(picture) => {
                let mut rest = screen.as_str();
                for line in picture.lines().filter(|line| !line.ends_with("/s")) {
                    let found = rest.split_once(line);
                    let shown = format!("{line:?} is not, or not there, in:\n{screen}");
                    rest = found.expect(&shown).1;
                }
                count += 1;
            }
        }
    }
    assert_eq!(count, 3);
}

/// Commands that a text names in passing have to be there too.
#[test]
fn every_command_that_is_named_is_there() {
    let mut count = 0;
    for (name, guide) in guides() {
        let text = guide.replace('\n', " ");
        for (index, code) in text.split('`').enumerate() {
            let Some(command) = code.strip_prefix("enkash ").filter(|_| index % 2 == 1) else {
                continue;
            };
            let is_name = |word: &&str| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            let words = command.split_whitespace();
            let mut words: Vec<&str> = words.take_while(is_name).collect();
            words.retain(|word| !word.starts_with("--"));
            words.push("--help");
            let output = run(&mut enkash(&words), "");
            assert!(
                output.status.success(),
                "{name}: {command}: {}",
                stderr(&output)
            );
            count += 1;
        }
    }
    assert!(count > 0);
}

#[test]
fn what_to_do_is_said_of_every_operation_whose_outcome_can_be_unknown() {
    let errors = std::fs::read_to_string(root().join("docs/errors.md")).unwrap();
    let (_, table) = errors
        .split_once("| operation | may have happened |")
        .unwrap();
    let (table, _) = table.split_once("\n\n").unwrap();
    let named: BTreeSet<&str> = table
        .lines()
        .flat_map(|line| line.split('|').nth(1).unwrap_or_default().split('`'))
        .filter(|name| enkash_types::operation(name).is_some())
        .collect();
    let unsafe_to_repeat = enkash_types::operations()
        .filter(|declared| !declared.is_webhook && declared.operation.replay != Replay::Safe)
        .map(|declared| declared.operation.name);
    assert_eq!(named, unsafe_to_repeat.collect());
}

#[test]
fn no_guide_is_left_out() {
    let source = std::fs::read_to_string(root().join("crates/enkash-cli/src/lib.rs")).unwrap();
    let mut guides = guides();
    let index = guides.remove("README.md").unwrap();
    for name in guides.keys() {
        assert!(
            source.contains(&format!("docs/guides/{name}\")")),
            "{name} is not run"
        );
        assert!(
            index.contains(&format!("]({name})")),
            "{name} is not in the index"
        );
    }
}
