//! `enkash payouts run`.

mod ending;
mod plan;
mod progress;
mod refused;

use std::future::poll_fn;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::str::FromStr;
use std::task::Poll;

use clap::builder::RangedU64ValueParser;
use enkash_api::transport::TokioClock;
use enkash_api::{ApiErrorKind, Client, Error};
use enkash_bulk::check::Checked;
use enkash_bulk::file::PayoutFile;
use enkash_bulk::journal::{Journal as _, JournalError, Run, SqliteJournal, Tally};
use enkash_bulk::run::{Ended, Runner, Settings, Stopper};
use enkash_types::Rupees;
use tokio::signal::ctrl_c;
#[cfg(unix)]
use tokio::signal::unix::{SignalKind, signal};

use self::ending::Ending;
use self::plan::Plan;
use self::progress::Watched;
use self::refused::Refused;
use super::account::{Account, Lookup};
use crate::ask::Confirm;
use crate::failure::Failure;
use crate::input::whole;
use crate::output::{Output, printable};
use crate::polling;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  enkash payouts run payouts.csv --dry-run
  enkash payouts run payouts.csv --journal run.db
  enkash payouts run payouts.csv --journal run.db --yes --rate 20/s

The file is CSV with a heading, or JSON Lines, in UTF-8. Columns, in any order: transaction_id, amount, mode \
(IMPS, NEFT, RTGS or UPI), and of the payee beneficiary_id, or vpa; beneficiary_name, account_number \
and ifsc, or vpa, of one who is to be registered first; remark, reference; and problem, which \
--skip-invalid writes and nothing reads.

Every row is checked before the first is paid. Each step is in the journal before it is taken, so \
after a crash, a lost network or a Ctrl-C the same command goes on where it stopped: what was on its \
way is settled first, and no row is paid twice. For that, keep the file as it is. A row that was not \
paid is paid from a new file with a journal of its own. With --search, rows of which EnKash has not said \
how they ended are looked up until they are over, or --for is up.

Exit codes: 0 if every row of the file is paid; 1 if it stopped, or a row was not paid or left out; \
2 if the file or the journal cannot be used; 3 if EnKash has not said yet how some rows ended, as is \
usual after NEFT, RTGS and --batch: give the same command again, best with --search, or look at the \
report.")]
pub(crate) struct Args {
    /// Who is to be paid: .csv, .jsonl or .ndjson.
    file: PathBuf,
    /// What was sent and what came of it; made if it is not there. With it again, the run goes on.
    #[arg(long, value_name = "FILE", required_unless_present = "dry_run")]
    journal: Option<PathBuf>,
    /// Check the file, show what it comes to and what of it the journal says was sent, and pay nothing.
    #[arg(long)]
    dry_run: bool,
    /// Pay the other rows although some break a rule; those are written into a file of their own.
    #[arg(long)]
    skip_invalid: bool,
    /// That file: the name of the first with `.refused` in it by default. It holds whole account
    /// numbers, as the first does.
    #[arg(long, value_name = "FILE", requires = "skip_invalid")]
    refused: Option<PathBuf>,
    /// How many requests may be on their way at once: 1 to 1000.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = up_to(1000))]
    concurrency: usize,
    /// How many requests may leave in a second (20 or 20/s), or in a minute (90/m). No limit by default.
    #[arg(long, value_name = "N/s")]
    rate: Option<Rate>,
    /// How many transfers go in one request: 1 to 10000. How many EnKash takes is not documented.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = up_to(10_000))]
    batch: usize,
    /// Stop after so many rows in a row that were not paid. Requests that are on their way by then, up to
    /// --concurrency, still pay theirs.
    #[arg(long, value_name = "N", default_value_t = 10, value_parser = whole::<u32>)]
    stop_after: u32,
    #[command(flatten)]
    account: Account,
    #[command(flatten)]
    lookup: Lookup,
    #[command(flatten)]
    polling: polling::Args,
    #[command(flatten)]
    confirm: Confirm,
}

/// From one up to so many.
fn up_to(most: u64) -> RangedU64ValueParser<usize> {
    RangedU64ValueParser::new().range(1..=most)
}

/// So many a second.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Rate(f64);

impl FromStr for Rate {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (number, seconds) = match text.split_once('/') {
            None => (text, 1.0),
            Some((number, "s")) => (number, 1.0),
            Some((number, "m")) => (number, 60.0),
            Some(_) => ("", 1.0),
        };
        match number.parse::<f64>() {
            Ok(number) if number.is_finite() && number > 0.0 => Ok(Self(number / seconds)),
            _ => Err("must be a number a second, or a minute: 20/s, 90/m"),
        }
    }
}

/// Of a file of more bytes a person is told that it is being checked. That is about a second.
const TAKES_A_WHILE: u64 = 64 * 1024 * 1024;

pub(super) async fn run(args: Args, output: &Output) -> Result<(), Failure> {
    let file = PayoutFile::new(&args.file).map_err(plan::unreadable)?;
    if args
        .file
        .metadata()
        .is_ok_and(|file| file.len() > TAKES_A_WHILE)
    {
        super::say("checking every row\n");
    }
    let checked = plan::checked(&file, args.skip_invalid, output)?;
    let refused = Refused::of(&args.file, args.refused.as_deref());
    let name = args.file.display().to_string();
    let (settings, account) = (args.settings(), &args.account);
    let mut plan = Plan {
        checked: &checked,
        balance: None,
        names_account: account.fund_source().is_some(),
        before: None,
    };

    // What can be seen to be wrong is told before anybody is asked, and nothing is made until then.
    let existing = args.journal.as_deref().map(existing).transpose()?.flatten();
    if args.dry_run && existing.is_none() && !plan.names_account {
        // Who has no access yet can check a file.
        return plan.show(output);
    }
    let client = args.lookup.client(account)?;
    let this = settings.run_of(&client, &name, &checked);
    let this = this.map_err(|stop| Failure::Input(stop.to_string()))?;
    let mut is_begun = false;
    if let (Some(journal), Some(path)) = (&existing, &args.journal) {
        is_begun = is_of(journal, &this, path).await?;
        plan.before = match is_begun && journal.is_planned().await? {
            true => Some(Tally::of(journal).await?),
            // Who was stopped while the rows were written down has sent nothing, and begins anew.
            false => None,
        };
    }
    // From the begin of the run on they are taken to be written.
    let writes_refused = checked.refused() > 0
        && !is_begun
        && !refused.is_written(&file, &checked, args.journal.as_deref())?;
    let Some(path) = args.journal.as_deref().filter(|_| !args.dry_run) else {
        // What the file comes to is shown although the balance may not be had.
        let balance = balance(account, &client).await;
        plan.balance = *balance.as_ref().unwrap_or(&None);
        plan.show(output)?;
        return balance.map(drop);
    };

    if plan.left().rows > 0 {
        args.confirm.will_ask()?;
        plan.balance = balance(account, &client).await?;
        super::say(&plan.in_words());
        args.confirm.ask("", &plan.question())?;
    }
    let journal = match existing {
        Some(journal) => journal,
        None => SqliteJournal::open(path)?,
    };
    if writes_refused {
        refused.write(&file, &checked)?;
    }

    let runner = Runner::new(client, journal, TokioClock).with_settings(settings);
    let ended = watched(runner, &name, &file, &checked).await?;
    let ending = Ending {
        ended: &ended,
        left_out: checked.refused(),
        refused: Some(refused.path()).filter(|path| path.exists()),
        search: args.lookup.found_nothing(),
        journal: path,
    };
    ending.show(output)?;
    ending.outcome()
}

/// Runs it, with a bar, until it ends or a person stops it.
async fn watched(
    runner: Runner,
    name: &str,
    file: &PayoutFile,
    checked: &Checked,
) -> Result<Ended, Failure> {
    let (watched, stopper) = (Watched::new(), Stopper::new());
    let runner = runner
        .with_progress(watched.clone())
        .with_stopper(stopper.clone());
    let mut run = pin!(runner.run(name, file, checked));
    let ended = tokio::select! {
        ended = &mut run => ended,
        () = is_to_stop() => {
            stopper.stop();
            // Listened for before anything is said, so that a Ctrl-C in answer to it is not missed.
            let mut again = pin!(is_to_stop());
            let at_once = poll_fn(|context| Poll::Ready(again.as_mut().poll(context))).await;
            super::say("stopping; what is on its way is waited for\n");
            tokio::select! {
                ended = &mut run => ended,
                // The journal knows what was on its way.
                _ = again, if at_once.is_pending() => {
                    return Err(Failure::Unknown(format!("interrupted; {AGAIN}")));
                }
            }
        }
    };
    watched.end();
    Ok(ended)
}

/// Ends at a Ctrl-C, or where the system asks the command to end (SIGTERM).
async fn is_to_stop() {
    #[cfg(unix)]
    if let Ok(mut end) = signal(SignalKind::terminate()) {
        tokio::select! {
            Ok(()) = ctrl_c() => return,
            Some(()) = end.recv() => return,
            else => {}
        }
    }
    if ctrl_c().await.is_err() {
        std::future::pending().await
    }
}

/// What to do with a run that is not over.
const AGAIN: &str = "give the same command again to go on";

/// What is in the account, where it is known which and EnKash tells it. The run goes by the same.
async fn balance(account: &Account, client: &Client) -> Result<Option<Rupees>, Failure> {
    match account.known_balance(client).await {
        Err(Failure::Call(error)) if !stops(&error) => {
            let why = printable(&error.to_string());
            super::say(&format!("the balance is not known: {why}\n"));
            Ok(None)
        }
        known => known,
    }
}

/// Whether a run would not get further than its balance.
fn stops(error: &Error) -> bool {
    match error {
        Error::Api(refused) => matches!(
            refused.kind,
            ApiErrorKind::TokenRefused | ApiErrorKind::NotAllowed
        ),
        Error::Decode(_) => false,
        _ => true,
    }
}

/// The journal, if it is there; else it is looked whether it can be made. An empty file is none yet.
fn existing(path: &Path) -> Result<Option<SqliteJournal>, Failure> {
    if path.metadata().is_ok_and(|file| file.len() > 0) {
        return Ok(Some(SqliteJournal::open(path)?));
    }
    SqliteJournal::can_stand_at(path)?;
    Ok(None)
}

/// Whether this run was begun in a journal. Another must not have been.
///
/// It is compared once more before anything is sent. This spares a person a question.
async fn is_of(journal: &SqliteJournal, this: &Run, path: &Path) -> Result<bool, Failure> {
    let difference = match journal.run().await {
        Ok(run) => run.difference(this),
        Err(JournalError::Empty) => return Ok(false),
        Err(error) => return Err(error.into()),
    };
    difference.map_or(Ok(true), |other| {
        let other = JournalError::AnotherRun(other);
        Err(Failure::Input(format!("{}: {other}", path.display())))
    })
}

impl Args {
    fn settings(&self) -> Settings {
        let mut settings = Settings::default();
        settings.fund_source = self.account.fund_source().map(Into::into);
        settings.debit_account = self.account.debit_account().map(Into::into);
        settings.concurrency = self.concurrency;
        settings.rate = self.rate.map(|rate| rate.0);
        settings.batch = self.batch;
        settings.failures_in_a_row = self.stop_after;
        settings.follow = self.lookup.tells().then(|| self.polling.polling());
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_of_a_second_or_of_a_minute() {
        for (text, rate) in [("20/s", 20.0), ("20", 20.0), ("0.5/s", 0.5), ("90/m", 1.5)] {
            assert_eq!(text.parse(), Ok(Rate(rate)), "{text}");
        }
        for wrong in ["", "0", "-1", "/s", "20/h", "fast", "inf", "20/s/s"] {
            assert!(wrong.parse::<Rate>().is_err(), "{wrong}");
        }
    }
}
