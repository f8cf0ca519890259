//! The commands that build, check and show this workspace. `cargo xtask --help` lists them; each
//! says in its own `--help` what it proves.

mod bench;
mod browser;
mod build;
mod contract;
mod crash;
mod demo;
mod fuzz;
mod layers;
mod test;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, checks and shows this workspace.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Demo(demo::Demo),
    Build(build::Build),
    Test(test::Test),
    Layers(layers::Layers),
    Contract(contract::Contract),
    Browser(browser::Browser),
    Crash(crash::Crash),
    Fuzz(fuzz::Fuzz),
    Bench(bench::Bench),
}

fn main() -> ExitCode {
    let done = match Arguments::parse().command {
        Command::Demo(command) => return demo::run(&command),
        Command::Contract(command) => return contract::run(&command),
        Command::Bench(command) => return bench::run(&command),
        Command::Browser(command) => return browser::run(&command),
        Command::Crash(command) => return crash::run(&command),
        Command::Build(command) => build::run(&command),
        Command::Test(command) => test::run(&command),
        Command::Layers(command) => layers::run(&command),
        Command::Fuzz(command) => fuzz::run(&command),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error:#}");
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn every_command_says_what_it_proves() {
        let mut arguments = Arguments::command();
        arguments.build();
        for command in arguments.get_subcommands() {
            if command.get_name() == "help" {
                continue;
            }
            let help = command.clone().render_long_help().to_string();
            assert!(help.contains("Proves that"), "{}", command.get_name());
        }
    }
}
