//! `enkash payouts report`.

use std::fmt;
use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use enkash_api::Client;
use enkash_bulk::check::Total;
use enkash_bulk::journal::{Entry, Journal as _, JournalError, SqliteJournal, State, Tally};
use enkash_bulk::report::{Reconciliation, Statements, rows, write_csv};
use enkash_types::payouts::{EnkashTransactionId, TransferId, TransferMode, TransferStatus};
use enkash_types::{Host, Rupees, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::account::Account;
use super::tally::{self, in_a_table, states};
use crate::failure::Failure;
use crate::output::{Column, List, Output, cell, printable};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  enkash payouts report --journal run.db
  enkash payouts report --journal run.db --csv report.csv

States: PLANNED, not sent; SENT, not known whether EnKash has it; TAKEN, EnKash has it and it is not \
known to be over; PAID; NOT_PAID, failed or reversed; REJECTED, to be corrected and sent again; \
REFUSED.

With fund source and debit account the rows are compared with the statement of the account: a line \
for each that is paid, of its amount, and none for those that were never sent. Exit code 1 says that \
the two do not agree.")]
pub(crate) struct Args {
    /// The journal of the run.
    #[arg(long, value_name = "FILE")]
    journal: PathBuf,
    /// Write the rows into this CSV file instead.
    #[arg(long, value_name = "FILE")]
    csv: Option<PathBuf>,
    #[command(flatten)]
    account: Account,
    /// From when on the statement is read. A day before the first row was over, by default.
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
}

/// A row of the report.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row {
    line: u64,
    transaction_id: TransferId,
    amount: Rupees,
    mode: TransferMode,
    payee: String,
    state: &'static str,
    payout_status: Option<TransferStatus>,
    enkash_transaction_id: Option<EnkashTransactionId>,
    utr: Option<String>,
    reason: Option<String>,
}

const ROWS: &[Column<Row>] = &[
    Column::text("LINE", |row| row.line.to_string()),
    Column::text("TRANSACTION", |row| row.transaction_id.to_string()),
    Column::amount("AMOUNT", |row| Some(row.amount)),
    Column::text("MODE", |row| row.mode.to_string()),
    Column::text("PAYEE", |row| row.payee.clone()),
    Column::text("STATE", |row| row.state.to_owned()),
    Column::text("STATUS", |row| cell(&row.payout_status)),
    Column::text("UTR", |row| cell(&row.utr)),
    Column::text("REASON", |row| cell(&row.reason)),
];

impl From<&Entry> for Row {
    fn from(entry: &Entry) -> Self {
        let Entry {
            plan, state, facts, ..
        } = entry;
        Self {
            line: plan.line,
            transaction_id: plan.transfer_id.clone(),
            amount: plan.amount,
            mode: plan.mode.clone(),
            payee: plan.payee.clone(),
            state: state.as_str(),
            payout_status: facts.status.clone(),
            enkash_transaction_id: facts.enkash_id.clone(),
            utr: facts.utr.clone(),
            reason: facts.reason.clone(),
        }
    }
}

pub(super) async fn run(args: Args, output: &Output) -> Result<(), Failure> {
    let journal = SqliteJournal::open_existing(&args.journal)?;
    let tally = Tally::of(&journal).await?;
    if let Some(path) = &args.csv {
        write_rows(path, &journal).await?;
    }
    // The rows are shown although the statement may not be had.
    let compared = compare(&args, &journal).await;
    let statement = compared.as_ref().ok().and_then(Option::as_ref);
    let shows_rows = args.csv.is_none();

    if output.is_json() {
        output.raw("{\n")?;
        if shows_rows {
            output.raw("\"rows\": ")?;
            show_rows(&journal, output).await?;
            output.raw(",\n")?;
        }
        let (states, statement) = (json!(states(&tally)), statement.map(value));
        let statement = json!(statement);
        output.raw(&format!(
            "\"states\": {states},\n\"statement\": {statement}\n}}\n"
        ))?;
    } else {
        if shows_rows {
            show_rows(&journal, output).await?;
            output.line("")?;
        }
        output.raw(&in_a_table(&tally))?;
        output.line("")?;
        match (statement, &compared) {
            (Some(statement), _) => show(statement, output)?,
            (None, Ok(_)) => output.line(NOT_COMPARED)?,
            (None, Err(_)) => {}
        }
    }
    match compared? {
        Some(statement) if !statement.agrees() => Err(Failure::Other(format!(
            "{} and the statement do not agree: have a person look before anything is paid again",
            tally::rows(statement.disagreeing.rows)
        ))),
        _ => Ok(()),
    }
}

const NOT_COMPARED: &str =
    "not compared with the statement: give --fund-source and --debit-account";

/// Every row, as it is read.
async fn show_rows(journal: &SqliteJournal, output: &Output) -> Result<(), Failure> {
    let mut list = List::new(output, ROWS);
    rows(journal, |entry| list.push(&Row::from(entry)).map(drop)).await?;
    list.end(false)
}

async fn write_rows(path: &PathBuf, journal: &SqliteJournal) -> Result<(), Failure> {
    let named = |error: &dyn fmt::Display| Failure::Other(format!("{}: {error}", path.display()));
    let file = File::create(path).map_err(|error| named(&error))?;
    let written = write_csv(journal, &mut BufWriter::new(file)).await;
    written.map_err(|error| named(&error))?;
    Ok(())
}

/// A day, by which two clocks may differ, and a statement's days may end elsewhere.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Compares the rows with the statement, where it is known of which account.
async fn compare(args: &Args, journal: &SqliteJournal) -> Result<Option<Reconciliation>, Failure> {
    if args.account.fund_source().is_none() || args.account.debit_account().is_none() {
        return Ok(None);
    }
    let client = Client::from_env()?;
    let run = journal.run().await?;
    let address = client.address(Host::Payouts)?.to_string();
    if run.address != address {
        return Err(Failure::Input(format!(
            "the run was at {}, and ENKASH_ENVIRONMENT is another: its statement would be of other \
             transfers",
            run.address
        )));
    }
    let now = SystemTime::now();
    let from = match &args.from {
        Some(from) => from.clone(),
        None => Timestamp::from(first(journal, now).await? - DAY).to_string(),
    };
    let statement = (args.account).statement(from, Timestamp::from(now + DAY).to_string())?;
    let mut statements = Statements::new();
    statements.add(client.payouts().account().statement(statement).await?);
    Ok(Some(Reconciliation::of(journal, &statements).await?))
}

/// When the first row came where it is. Those that were sent early and are over late were sent in
/// the same run; a run of several days wants --from.
async fn first(journal: &SqliteJournal, now: SystemTime) -> Result<SystemTime, Failure> {
    let mut first = now;
    rows(journal, |entry| {
        first = first.min(entry.changed);
        Ok::<_, JournalError>(())
    })
    .await?;
    Ok(first)
}

/// What came of the comparison, for a program.
fn value(statement: &Reconciliation) -> Value {
    let states = |of: fn(&Reconciliation, State) -> Total| {
        let states = State::ALL.into_iter();
        let states = states.map(|state| (state.to_string(), json!(of(statement, state))));
        states.collect::<Map<_, _>>()
    };
    let disagreements = statement.disagreements.iter().map(|row| {
        json!({
            "line": row.plan.line,
            "transactionId": row.plan.transfer_id,
            "amount": row.plan.amount,
            "state": row.state.as_str(),
            "lines": row.lines,
        })
    });
    json!({
        "agrees": statement.agrees(),
        "seen": states(Reconciliation::seen),
        "notSeen": states(Reconciliation::not_seen),
        "otherLines": statement.other_lines,
        "disagreeing": statement.disagreeing,
        "disagreements": disagreements.collect::<Vec<_>>(),
    })
}

/// What came of the comparison, for a person.
fn show(statement: &Reconciliation, output: &Output) -> Result<(), Failure> {
    output.line(match statement.agrees() {
        true => "The statement of the account agrees:",
        false => "The statement of the account does not agree:",
    })?;
    for state in State::ALL {
        for (total, what) in [
            (statement.seen(state), "with a line"),
            (statement.not_seen(state), "without a line"),
        ] {
            if total.rows > 0 {
                let (rows, rupees) = (tally::rows(total.rows), total.rupees);
                output.line(&format!("  {state}: {rows}, {rupees} rupees, {what}"))?;
            }
        }
    }
    if statement.other_lines > 0 {
        output.line(&format!("  {} other lines in it", statement.other_lines))?;
    }
    for row in &statement.disagreements {
        let lines: Vec<String> = row.lines.iter().map(ToString::to_string).collect();
        let there = match lines.as_slice() {
            [] => "has no line".to_owned(),
            lines => format!("has {}", lines.join(", ")),
        };
        output.line(&printable(&format!(
            "  line {}: {} is {} with {} rupees, and {there} in it",
            row.plan.line, row.plan.transfer_id, row.state, row.plan.amount
        )))?;
    }
    Ok(())
}
