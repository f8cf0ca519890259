//! What `cargo xtask crash` runs; its `--help` says what it proves.

mod agreement;
mod chance;
mod moment;
mod payments;
mod report;
mod seen;
mod stage;

use std::os::unix::process::ExitStatusExt as _;
use std::process::{ExitCode, ExitStatus};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, bail};
use clap::Parser;

use self::chance::Chance;
use self::moment::{Moment, Moments};
use self::payments::Payment;
use self::report::Reported;
use self::seen::Seen;
use self::stage::Stage;

/// Kills a bulk run of payouts again and again, and looks whether every row is paid exactly once.
#[derive(Parser)]
#[command(bin_name = "cargo xtask crash")]
struct Args {
    /// Draws the file, the faults of the sandbox and the moments; by default another each time.
    #[arg(long, value_name = "N")]
    seed: Option<u64>,
    /// Rows of the file.
    #[arg(long, value_name = "N", default_value_t = 2000, value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    rows: u64,
    /// How often the run is killed.
    #[arg(long, value_name = "N", default_value_t = 100)]
    kills: u64,
    /// Give the command no account whose statement it could look into: it settles what was in flight
    /// by asking for the same id again, and by EnKash's refusal of one that it knows (409).
    #[arg(long)]
    blind: bool,
    /// Send so many rows in a request; what EnKash leaves out of an answer, or what is in a batch
    /// whose answer is lost, has to be settled row by row.
    #[arg(long, value_name = "N", default_value_t = 1)]
    batch: u32,
}

/// A start that takes longer does not get on.
const PATIENCE: Duration = Duration::from_secs(300);

/// So many starts may end by themselves, one after the other, before the run is over: too many
/// failures in a row, no token.
const STOPS: u32 = 20;

fn main() -> ExitCode {
    let args = Args::parse();
    let done = tokio::runtime::Runtime::new()
        .map_err(anyhow::Error::from)
        .and_then(|runtime| runtime.block_on(crash(&args)));
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("crash: FAILED: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn crash(args: &Args) -> anyhow::Result<()> {
    let Args {
        rows,
        kills,
        blind,
        batch,
        ..
    } = *args;
    let seed = args.seed.unwrap_or_else(by_the_clock);
    let option = if blind { " --blind" } else { "" };
    println!(
        "crash: cargo xtask crash --seed {seed} --rows {rows} --kills {kills} --batch {batch}{option}"
    );
    let mut chance = Chance::new(seed);
    let payments = payments::draw(&mut chance, rows);
    let mut run = Run {
        stage: Stage::set(seed, &payments::as_csv(&payments), blind, batch).await?,
        seen: Seen::default(),
        starts: 0,
    };
    let began = Instant::now();
    let tenths = kill(&mut run, &mut chance, &payments, args).await?;
    run.finish().await?;
    // Once more: a run that is over has nothing left to pay.
    run.finish().await?;
    run.stage.wait_for_the_banks().await?;
    compare(&run, &payments).await?;
    run.stage.reconcile().await?;
    println!(
        "crash: {kills} kills in {} starts; by the rows that were paid by then, in tenths of the \
         file: {tenths:?}",
        run.starts
    );
    println!("crash: {}", run.seen);
    println!("crash: passed, in {:.0} s", began.elapsed().as_secs_f64());
    Ok(())
}

fn by_the_clock() -> u64 {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    now.map_or(0, |time| u64::from(time.subsec_nanos()) ^ time.as_secs())
}

/// Starts the run and kills it, so often; says how often in which tenth of the file.
async fn kill(
    run: &mut Run,
    chance: &mut Chance,
    payments: &[Payment],
    args: &Args,
) -> anyhow::Result<[u64; 10]> {
    let (rows, kills) = (payments.len(), args.kills);
    let mut moments = Moments::new(payments, args.batch, kills);
    let mut tenths = [0; 10];
    let (mut killed, mut stops) = (0, 0);
    let mut ledger = run.stage.ledger().await?;
    while killed < kills {
        let moment = moments.draw(chance, killed, &ledger);
        let began = Instant::now();
        let status = run.start(Some(&moment)).await?;
        moments.learn(&moment, began.elapsed());
        ledger = run.stage.ledger().await?;
        if !was_killed(status) {
            stops += 1;
            run.check_stop(status, stops)?;
            continue;
        }
        (killed, stops) = (killed + 1, 0);
        let paid = ledger.transfers.len();
        if let Some(tenth) = tenths.get_mut(paid * 10 / (rows + 1)) {
            *tenth += 1;
        }
        if killed % 10 == 0 {
            println!("crash: {killed} kills, {paid} of {rows} rows paid");
        }
    }
    Ok(tenths)
}

fn was_killed(status: ExitStatus) -> bool {
    const SIGKILL: i32 = 9;
    status.signal() == Some(SIGKILL)
}

/// The run, over all of its starts.
struct Run {
    stage: Stage,
    seen: Seen,
    starts: u32,
}

impl Run {
    /// Starts it, and kills it at this moment, if it is not over by then.
    async fn start(&mut self, moment: Option<&Moment>) -> anyhow::Result<ExitStatus> {
        let Self {
            stage,
            seen,
            starts,
        } = self;
        *starts += 1;
        let sandbox = &stage.sandbox;
        let before = sandbox.call_count();
        let mut child = stage.start()?;
        let come = async {
            match moment {
                Some(moment) => moment.come(stage, before).await,
                None => std::future::pending().await,
            }
        };
        let looks = async {
            let mut ticks = tokio::time::interval(Duration::from_millis(100));
            loop {
                ticks.tick().await;
                seen.look_in_time(sandbox);
            }
        };
        let ended = tokio::select! {
            status = child.wait() => Some(status?),
            come = come => come.map(|()| None)?,
            () = looks => None,
            () = tokio::time::sleep(PATIENCE) => {
                bail!("it does not get on; it said\n{}", stage.last_words());
            }
        };
        let status = match ended {
            Some(status) => status,
            None => {
                // SIGKILL.
                child.start_kill()?;
                child.wait().await?
            }
        };
        seen.look(sandbox);
        Ok(status)
    }

    /// Lets it go on until it ends by itself, with nothing left to do. Its exit code does not tell:
    /// it is 3 where EnKash has a row of which it does not say what became of it.
    async fn finish(&mut self) -> anyhow::Result<()> {
        for stops in 1.. {
            let status = self.start(None).await?;
            let report = self.stage.report().await?;
            if !report.iter().any(Reported::is_to_do) {
                break;
            }
            self.check_stop(status, stops)?;
        }
        Ok(())
    }

    /// Whether a start may end like this, for so many times in a row. Of the exit codes of `enkash`
    /// 2 is not among those: that the file or the journal cannot be used.
    fn check_stop(&self, status: ExitStatus, stops: u32) -> anyhow::Result<()> {
        if stops > STOPS || !matches!(status.code(), Some(0 | 1 | 3)) {
            let said = self.stage.last_words();
            bail!(
                "it stopped {stops} times in a row, the last time with {status}; it said\n{said}"
            );
        }
        Ok(())
    }
}

/// Fails if the ledger, the report and the file say anything else than each other.
async fn compare(run: &Run, payments: &[Payment]) -> anyhow::Result<()> {
    let ledger = run.stage.ledger().await?;
    let report = run.stage.report().await?;
    let differences = agreement::differences(payments, &ledger, &report);
    if !differences.is_empty() {
        let first: Vec<_> = differences.iter().take(20).map(String::as_str).collect();
        bail!(
            "{} differences, of which the first are:\n  {}\nThe journal is in {}.",
            differences.len(),
            first.join("\n  "),
            run.stage.folder.display()
        );
    }
    let total = payments::total(payments).context("the file comes to too much")?;
    let taken = report.iter().filter(|row| row.state == "TAKEN").count();
    println!(
        "crash: {} rows, {total} rupees: each paid exactly once; of {taken} the journal knows that \
         EnKash has them, and no more",
        payments.len()
    );
    Ok(())
}
