//! `enkash api check`.

use bytes::Bytes;
use enkash_transport::wire::{self, AnswerError};
use enkash_types::read::ReadError;
use enkash_types::{CheckError, Declared, Violation, Violations};

use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  enkash api check create_order order.json

Exit codes: 0 if it keeps every rule, 2 with every broken rule and its JSON path if not.")]
pub(crate) struct Args {
    /// The operation, as `enkash api list` names it.
    operation: String,
    /// The file holds a whole answer of EnKash's, envelope included.
    #[arg(long)]
    answer: bool,
    /// A JSON file, or - for stdin.
    file: String,
}

pub(super) fn run(args: &Args, output: &Output) -> Result<(), Failure> {
    let declared = super::declared(&args.operation)?;
    let text = crate::input::read(&args.file)?;
    let violations = if args.answer {
        check_answer(declared, text)?
    } else {
        check(declared, &text)
    };
    let Some(violations) = violations else {
        return if output.is_json() {
            output.value::<[(); 0]>(&[])
        } else {
            output.line("keeps every rule")
        };
    };
    if output.is_json() {
        output.value(&violations)?;
    } else {
        for violation in &violations {
            output.line(&violation.to_string())?;
        }
    }
    Err(Failure::Said)
}

/// What is wrong with a request, or `None`.
pub(super) fn check(declared: &Declared, text: &[u8]) -> Option<Violations> {
    match (declared.check)(text) {
        Ok(_) => None,
        Err(error) => Some(violations(error)),
    }
}

/// What is wrong with an answer, or `None`.
fn check_answer(declared: &Declared, text: Vec<u8>) -> Result<Option<Violations>, Failure> {
    let check = declared
        .check_answer
        .ok_or_else(|| super::schema::no_answer(declared.operation.name))?;
    let answer = http::Response::new(Bytes::from(text));
    let read = |text: &[u8]| Ok(check(text)?);
    Ok(
        match wire::decode_fields(declared.operation, &answer, read) {
            Ok(_) => None,
            Err(AnswerError::Unreadable { error, .. }) => Some(violations(CheckError::Read(error))),
            Err(other) => Some(Violations::one("", other.to_string())),
        },
    )
}

/// A text that cannot be read breaks one rule: that it can be.
pub(super) fn violations(error: CheckError) -> Violations {
    match error {
        CheckError::Invalid(violations) => violations,
        CheckError::Read(ReadError::WrongShape { path, message }) => Violations::one(path, message),
        other => Violations::one("", other.to_string()),
    }
}

/// One line for each broken rule.
pub(super) fn in_lines(violations: &Violations) -> String {
    let lines: Vec<String> = violations.iter().map(Violation::to_string).collect();
    lines.join("\n  ")
}
