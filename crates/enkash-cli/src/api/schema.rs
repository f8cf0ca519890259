//! `enkash api schema`.

use serde_json::Value;

use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  enkash api schema create_order")]
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
    let mut schema = schema.to_value();
    without_code(&mut schema);
    output.value(&schema)
}

/// Takes the Rust examples out of all descriptions, which come from the types' documentation.
fn without_code(schema: &mut Value) {
    match schema {
        Value::Object(fields) => {
            fields.values_mut().for_each(without_code);
            if let Some(Value::String(description)) = fields.get_mut("description") {
                let words = description.split("```").step_by(2).map(str::trim);
                let words: Vec<&str> = words.filter(|part| !part.is_empty()).collect();
                *description = words.join("\n\n");
            }
        }
        Value::Array(items) => items.iter_mut().for_each(without_code),
        _ => {}
    }
}

pub(super) fn no_answer(operation: &str) -> Failure {
    Failure::Input(format!(
        "{operation} is sent by EnKash; its answer is not documented"
    ))
}
