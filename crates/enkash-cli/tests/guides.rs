//! The commands of `docs/guides` work as they stand (their programs are run as doc tests), and
//! `docs/errors.md` leaves nothing out.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on fails"
)]

mod common;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdout, Stdio};

use common::{Local, enkash, json, run, stderr};
use enkash_types::Replay;
use serde_json::Value;

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

/// The lines of a guide that are for a shell.
fn commands(guide: &str) -> Vec<&str> {
    let mut is_shell = false;
    let mut commands = Vec::new();
    for line in guide.lines() {
        if line.starts_with("```") {
            is_shell = line == "```sh";
        } else if is_shell {
            commands.push(line);
        }
    }
    commands
}

/// The words of a line, without its quotes.
fn words(line: &str) -> Vec<String> {
    line.split('"')
        .enumerate()
        .flat_map(|(index, part)| match index % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
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
            ["curl", "-X", "POST", url] => {
                let act = url.strip_prefix("$ENKASH_ENVIRONMENT/_sandbox").unwrap();
                self.local.control(act, "");
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
            _ => {}
        }
        let output = run(&mut self.local.enkash(&arguments), "");
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            stderr(&output)
        );
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
    };
    for (name, guide) in guides() {
        for line in commands(&guide) {
            println!("{name}: {line}");
            reader.does(line);
            count += 1;
        }
        if let Some(mut listening) = reader.listening.take() {
            let shown = listening.line();
            assert!(shown.contains("notify_payment"), "{shown}");
        }
    }
    assert_eq!(count, 12);
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
