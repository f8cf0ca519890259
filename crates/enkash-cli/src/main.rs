//! The `enkash` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    enkash_cli::main()
}
