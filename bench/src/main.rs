//! The figures of `docs/performance.md`: each speed is measured side by side with what it is
//! compared to, in one run.

mod check;
mod cold_build;
mod report;
mod sandbox;
mod throughput;
mod token;

use clap::Parser;

use report::Report;

/// Measures, and writes docs/performance.md. Exits with 1 where a target is missed.
#[derive(Parser)]
struct Args {
    /// Leave out the cold builds, which take minutes. The page is printed and not written.
    #[arg(long)]
    quick: bool,
}

fn main() -> anyhow::Result<()> {
    let args = Args::parse();
    let mut report = Report::new();
    // First, while this process holds nothing else.
    sandbox::measure(&mut report)?;
    throughput::measure(&mut report)?;
    token::measure(&mut report)?;
    check::measure(&mut report)?;
    if !args.quick {
        cold_build::measure(&mut report)?;
    }
    report.finish(!args.quick)
}
