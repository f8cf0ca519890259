//! `enkash api schema`.

use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The operation, as `enkash api list` names it.
    operation: String,
    /// The schema of the answer, without its envelope.
    #[arg(long)]
    answer: bool,
}

pub(super) fn run(args: &Args, output: &Output) -> Result<(), Failure> {
    let declared = super::declared(&args.operation)?;
    let schema = match (args.answer, declared.answer_schema) {
        (false, _) => (declared.schema)(),
        (true, Some(schema)) => schema(),
        (true, None) => return Err(no_answer(&args.operation)),
    };
    output.value(&schema)
}

pub(super) fn no_answer(operation: &str) -> Failure {
    Failure::Input(format!(
        "{operation} is sent by EnKash; its answer is not documented"
    ))
}
