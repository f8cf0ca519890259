//! The figures of `docs/performance.md`: each speed is measured side by side with what it is
//! compared to, in one run.

mod bulk;
mod check;
mod cold_build;
mod constant;
mod report;
mod sandbox;
mod seal;
mod throughput;
mod token;

use std::process::ExitCode;

use clap::Parser;

use report::Report;

/// Measures, and writes docs/performance.md. Exits with 1 where a target is missed.
#[derive(Parser)]
struct Args {
    /// Leave out the cold builds, which take minutes. The page is printed and not written.
    #[arg(long)]
    quick: bool,
    /// Print how many bytes of memory an order takes in the sandbox, and measure nothing else.
    #[arg(long, hide = true)]
    memory: bool,
}

fn main() -> anyhow::Result<ExitCode> {
    if let Some(memory) = std::env::var_os(bulk::COMMAND) {
        return bulk::be_the_command(&memory);
    }
    let args = Args::parse();
    if args.memory {
        println!("{}", sandbox::memory_of_an_order()?);
        return Ok(ExitCode::SUCCESS);
    }
    let mut report = Report::new();
    throughput::measure(&mut report)?;
    token::measure(&mut report)?;
    check::measure(&mut report)?;
    seal::measure(&mut report)?;
    bulk::measure(&mut report)?;
    // Last: it leaves a heap behind in which every other figure would be slower.
    sandbox::measure(&mut report)?;
    if !args.quick {
        cold_build::measure(&mut report)?;
    }
    report.finish(!args.quick)?;
    Ok(ExitCode::SUCCESS)
}
