//! `enkash api`: everything that can be done with every declared operation.

mod call;
mod check;
mod list;
mod schema;

use clap::Subcommand;
use enkash_types::Declared;

use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// List the operations: name, method, path, product, token, whether the body is sealed.
    #[command(after_help = "Example:\n  enkash api list --json")]
    List,
    /// Print the JSON Schema of a request, or with --answer of what its answer's envelope holds.
    Schema(schema::Args),
    /// Check a request, or with --answer a whole answer, against every documented rule.
    Check(check::Args),
    /// Send a request and print the answer.
    Call(call::Args),
}

pub(crate) async fn run(command: Command, output: &Output) -> Result<(), Failure> {
    match command {
        Command::List => list::run(output),
        Command::Schema(args) => schema::run(&args, output),
        Command::Check(args) => check::run(&args, output),
        Command::Call(args) => call::run(args, output).await,
    }
}

fn declared(name: &str) -> Result<&'static Declared, Failure> {
    enkash_types::operation(name).ok_or_else(|| {
        Failure::Input(format!(
            "there is no operation {name}; `enkash api list` shows what there is"
        ))
    })
}
