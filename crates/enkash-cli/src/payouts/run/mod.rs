//! `enkash payouts run`.

mod plan;
mod progress;

use std::future::poll_fn;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::str::FromStr;
use std::task::Poll;

use enkash_api::transport::TokioClock;
use enkash_api::{ApiErrorKind, Client, Error};
use enkash_bulk::check::Checked;
use enkash_bulk::file::PayoutFile;
use enkash_bulk::journal::{Difference, Journal as _, JournalError, SqliteJournal, State, Tally};
use enkash_bulk::run::{Ended, Runner, Settings, Stop, Stopper};
use enkash_types::Rupees;
use serde_json::json;
use tokio::signal::ctrl_c;

use self::plan::Plan;
use self::progress::Watched;
use super::account::{Account, Lookup};
use super::tally::{in_a_table, rows, states};
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

Exit codes: 0 if every row is paid; 1 if it stopped, or a row was not paid; 2 if the file or the \
journal cannot be used; 3 if of some rows it is not known yet: give the same command again, or look \
at the report.")]
pub(crate) struct Args {
    /// Who is to be paid: .csv, .jsonl or .ndjson.
    file: PathBuf,
    /// What was sent and what came of it; made if it is not there. With it again, the run goes on.
    #[arg(long, value_name = "FILE", required_unless_present = "dry_run")]
    journal: Option<PathBuf>,
    /// Check the file, show what it comes to, and pay nothing.
    #[arg(long)]
    dry_run: bool,
    /// Pay the other rows although some break a rule; those are written into a file of their own.
    #[arg(long)]
    skip_invalid: bool,
    /// That file: the name of the first with `.refused` in it by default. It holds whole account
    /// numbers, as the first does.
    #[arg(long, value_name = "FILE", requires = "skip_invalid")]
    refused: Option<PathBuf>,
    /// How many requests may be on their way at once.
    #[arg(long, value_name = "N", default_value_t = 8, value_parser = whole::<usize>)]
    concurrency: usize,
    /// How many requests may leave in a second, or a minute: 20/s, 90/m. No limit by default.
    #[arg(long, value_name = "N/s")]
    rate: Option<Rate>,
    /// How many transfers go in one request. How many EnKash takes is not documented.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = whole::<usize>)]
    batch: usize,
    /// Stop after so many rows in a row that were not paid.
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

pub(super) async fn run(args: Args, output: &Output) -> Result<(), Failure> {
    let file = PayoutFile::new(&args.file).map_err(plan::unreadable)?;
    let checked = plan::checked(&file, args.skip_invalid, output)?;
    let mut plan = Plan {
        checked: &checked,
        balance: None,
        before: None,
    };
    let account = &args.account;
    let Some(path) = args.journal.as_deref().filter(|_| !args.dry_run) else {
        if account.fund_source().is_some() {
            plan.balance = balance(account, &args.lookup.client(account)?).await?;
        }
        return plan.show(output);
    };

    let client = args.lookup.client(account)?;
    let journal = match path.exists() {
        true => Some(SqliteJournal::open(path)?),
        false => None,
    };
    let mut are_refused_written = false;
    if let Some(journal) = &journal {
        (plan.before, are_refused_written) = begun(path, journal, &checked).await?;
    }
    if plan.left().rows > 0 {
        args.confirm.will_ask()?;
        plan.balance = balance(account, &client).await?;
        super::say(&plan.in_words());
        args.confirm.ask("", &plan.question())?;
    }
    // Before the journal says that the run was begun: from then on they are taken to be written.
    if checked.refused() > 0 && !are_refused_written {
        plan::write_refused(&file, &args.file, args.refused.clone(), &checked)?;
    }
    let journal = match journal {
        Some(journal) => journal,
        None => SqliteJournal::open(path)?,
    };

    let runner = Runner::new(client, journal, TokioClock).with_settings(args.settings());
    let name = args.file.display().to_string();
    let ended = watched(runner, &name, &file, &checked).await?;
    show(&ended, output)?;
    outcome(&ended)
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
        Ok(()) = ctrl_c() => {
            stopper.stop();
            // Listened for before anything is said, so that a Ctrl-C in answer to it is not missed.
            let mut again = pin!(ctrl_c());
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

/// What a journal says of the run that was begun in it, if its rows are all there; and whether one
/// was begun.
async fn begun(
    path: &Path,
    journal: &SqliteJournal,
    checked: &Checked,
) -> Result<(Option<Tally>, bool), Failure> {
    let run = match journal.run().await {
        Ok(run) => run,
        Err(JournalError::Empty) => return Ok((None, false)),
        Err(error) => return Err(error.into()),
    };
    // It is compared once more before anything is sent. This spares a person a question.
    if run.fingerprint != checked.fingerprint().to_string() {
        let other = Difference::File {
            name: run.name,
            begun: run.begun,
        };
        let other = JournalError::AnotherRun(other);
        return Err(Failure::Input(format!("{}: {other}", path.display())));
    }
    let tally = Tally::of(journal).await?;
    // Who was stopped while the rows were written down has sent nothing, and begins anew.
    let is_whole = tally.all().rows == checked.totals().all().rows;
    Ok((Some(tally).filter(|_| is_whole), true))
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

/// Writes how all rows of the file stand.
fn show(ended: &Ended, output: &Output) -> Result<(), Failure> {
    let (tally, known) = (&ended.count.tally, ended.count.known_payees);
    if known > 0 {
        let payees = match known {
            1 => "1 payee was".to_owned(),
            known => format!("{known} payees were"),
        };
        super::say(&format!(
            "{payees} registered before under the same id: the account that is paid may be another \
             than the file's\n"
        ));
    }
    if output.is_json() {
        let stop = ended.stop.as_ref().map(ToString::to_string);
        let ended = json!({"states": states(tally), "stopped": stop, "knownPayees": known});
        return output.value(&ended);
    }
    output.raw(&in_a_table(tally))
}

/// How it ended, as far as it did.
fn outcome(ended: &Ended) -> Result<(), Failure> {
    if ended.is_all_paid() {
        return Ok(());
    }
    let count = |state| ended.count.tally.in_state(state).rows;
    let (in_doubt, under_way) = (count(State::Sent), count(State::Taken));
    let not_paid = count(State::NotPaid) + count(State::Rejected) + count(State::Refused);
    let why = ended.stop.as_ref().map(|stop| printable(&stop.to_string()));
    let stopped = why.map(|why| format!("the run stopped: {why}"));

    let not_known = (in_doubt > 0).then(|| {
        format!(
            "whether EnKash has {} is not known: {AGAIN}",
            rows(in_doubt)
        )
    });
    let not_told = (under_way > 0).then(|| {
        format!(
            "EnKash has {} and did not say how it ended",
            rows(under_way)
        )
    });
    let failed = (not_paid > 0).then(|| format!("not paid: {}", rows(not_paid)));
    let said: Vec<String> = [stopped, not_known, not_told, failed]
        .into_iter()
        .flatten()
        .collect();
    let said = format!(
        "{}; `enkash payouts report` shows every row",
        said.join("; ")
    );
    Err(match (&ended.stop, in_doubt + under_way) {
        (_, 1..) => Failure::Unknown(said),
        (
            Some(
                Stop::Journal(JournalError::AnotherRun(_)) | Stop::Rows(_) | Stop::NotConfigured(_),
            ),
            0,
        ) => Failure::Input(said),
        _ => Failure::Other(said),
    })
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
