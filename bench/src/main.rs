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
    /// Measure this alone. The page is printed and not written.
    #[arg(long, value_name = "NAME", value_parser = MEASURES.map(|(name, _)| name))]
    only: Option<String>,
}

type Measure = fn(&mut Report) -> anyhow::Result<()>;

/// The sandbox comes after what takes nanoseconds: it leaves a heap behind in which every other
/// figure would be slower.
const MEASURES: [(&str, Measure); 7] = [
    ("throughput", throughput::measure),
    ("token", token::measure),
    ("check", check::measure),
    ("seal", seal::measure),
    ("bulk", bulk::measure),
    ("sandbox", sandbox::measure),
    ("cold-build", cold_build::measure),
];

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
    for (name, measure) in MEASURES {
        let is_wanted = match &args.only {
            Some(only) => only == name,
            None => !(args.quick && name == "cold-build"),
        };
        if is_wanted {
            measure(&mut report)?;
        }
    }
    report.finish(!args.quick && args.only.is_none())?;
    Ok(ExitCode::SUCCESS)
}
