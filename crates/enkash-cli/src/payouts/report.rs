//! `enkash payouts report`.

use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use console::Alignment;
use enkash_api::Client;
use enkash_bulk::check::Total;
use enkash_bulk::journal::{Entry, Journal as _, JournalError, SqliteJournal, State, Tally};
use enkash_bulk::report::{Reconciliation, ReportError, Statements, rows, write_csv};
use enkash_types::payouts::{
    EnkashTransactionId, FundSourceId, TransferId, TransferMode, TransferStatus,
};
use enkash_types::{AccountNumber, Host, Rupees, Timestamp};
use serde::Serialize;
use serde_json::{Map, Value, json};

use super::account::Account;
use super::new_file;
use super::tally::{self, in_a_table, states};
use crate::failure::Failure;
use crate::moment;
use crate::output::{Column, Grid, List, Output, cell, printable};

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  enkash payouts report --journal run.db
  enkash payouts report --journal run.db --csv report.csv

States: PLANNED, not sent; SENT, not known whether EnKash has it; TAKEN, EnKash has it and it is not \
known to be over; PAID; NOT_PAID, failed or reversed; REJECTED, to be corrected and sent again; \
REFUSED.

With fund source and debit account the rows are compared with the statement of the account. One that is \
paid has one line of its amount there; one that is not paid or was rejected has none, or two if the money \
left and came back; one that was never sent has none. Exit code 1 says that the two do not agree.")]
pub(crate) struct Args {
    /// The journal of the run.
    #[arg(long, value_name = "FILE")]
    journal: PathBuf,
    /// Write the rows into this CSV file instead, which must not be there.
    #[arg(long, value_name = "FILE", value_parser = named)]
    csv: Option<PathBuf>,
    #[command(flatten)]
    account: Account,
    /// From when on the statement is read: a day in India, or a time with its zone. A day before the
    /// run was begun, by default.
    #[arg(long, value_name = "TIME", value_parser = moment::begin)]
    from: Option<SystemTime>,
    /// Until when it is read: a day in India, to its end, or a time with its zone. A day from now, by
    /// default.
    #[arg(long, value_name = "TIME", value_parser = moment::end)]
    to: Option<SystemTime>,
}

/// A file with a name. Elsewhere `-` is for stdout, which has the rest of the report here.
fn named(path: &str) -> Result<PathBuf, &'static str> {
    match path {
        "-" => Err("must be the name of a file; the sums go to stdout"),
        path => Ok(path.into()),
    }
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
    beneficiary_was_there: bool,
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
    Column::text("PAYEE", |row| match row.beneficiary_was_there {
        true => format!("{} {WAS_THERE}", row.payee),
        false => row.payee.clone(),
    }),
    Column::text("STATE", |row| row.state.to_owned()),
    Column::text("STATUS", |row| cell(&row.payout_status)),
    Column::text("UTR", |row| cell(&row.utr)),
    Column::text("REASON", |row| cell(&row.reason)),
];

/// Marks a payee who was registered before.
const WAS_THERE: &str = "(was registered)";

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
            beneficiary_was_there: facts.payee_was_there,
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
    let registered = registered(&journal).await?;
    if let Some(path) = &args.csv {
        write_rows(path, &journal).await?;
    }
    // The rows are shown although the statement may not be had.
    let compared = compare(&args, &journal).await;
    let statement = compared.as_ref().ok().and_then(Option::as_ref);
    let is_planned = journal.is_planned().await?;
    let shows_rows = args.csv.is_none();

    if output.is_json() {
        output.raw("{\n")?;
        if shows_rows {
            output.raw("\"rows\": ")?;
            show_rows(&journal, output).await?;
            output.raw(",\n")?;
        }
        let states = json!(states(&tally));
        let registered = json!(registered);
        let statement = json!(statement.map(value));
        output.raw(&format!(
            "\"complete\": {is_planned},\n\"states\": {states},\n\"beneficiaryWasThere\": {registered},\n\"statement\": {statement}\n}}\n"
        ))?;
    } else {
        if shows_rows {
            show_rows(&journal, output).await?;
            output.line("")?;
        }
        output.raw(&in_a_table(&tally))?;
        output.line("")?;
        if !is_planned {
            output.line(NOT_PLANNED)?;
            output.line("")?;
        }
        if registered.rows > 0 {
            output.line(&about(registered, args.csv.as_deref()))?;
            output.line("")?;
        }
        match (statement, &compared) {
            (Some(statement), _) => show(statement, output)?,
            (None, Ok(_)) => output.line(NOT_COMPARED)?,
            (None, Err(_)) => {}
        }
    }
    match compared? {
        Some(Compared { statement, .. }) if !statement.agrees() => Err(Failure::Other(format!(
            "{} and the statement do not agree: have a person look before anything is paid again",
            tally::rows(statement.disagreeing.rows)
        ))),
        _ => Ok(()),
    }
}

const NOT_PLANNED: &str = "The run was stopped while its rows were written down: they are not all here, and none was sent.";

const NOT_COMPARED: &str =
    "not compared with the statement: give --fund-source and --debit-account";

/// Every row, as it is read.
async fn show_rows(journal: &SqliteJournal, output: &Output) -> Result<(), Failure> {
    let mut list = List::new(output, ROWS);
    rows(journal, |entry| list.push(&Row::from(entry)).map(drop)).await?;
    list.end(false)
}

/// Writes the rows into a file that must not be there: it may be the file of the run, or a report
/// that somebody has written into.
async fn write_rows(path: &Path, journal: &SqliteJournal) -> Result<(), Failure> {
    let file = new_file(path).map_err(|error| {
        Failure::Input(format!(
            "cannot make {} for the rows: {error}; give another by --csv",
            path.display()
        ))
    })?;
    let written = write_csv(journal, &mut BufWriter::new(file)).await;
    written.map_err(|error| {
        // Half of it would stand in the way, and help nobody.
        let _ = std::fs::remove_file(path);
        match error {
            ReportError::Journal(error) => error.into(),
            error => Failure::Other(format!("{}: {error}", path.display())),
        }
    })?;
    Ok(())
}

/// The rows whose payee was registered before.
async fn registered(journal: &SqliteJournal) -> Result<Total, Failure> {
    let mut total = Total::default();
    rows(journal, |entry| {
        if entry.facts.payee_was_there {
            total.add(entry.plan.amount);
        }
        Ok::<_, JournalError>(())
    })
    .await?;
    Ok(total)
}

/// What it means that payees were registered before, and which rows' they are.
fn about(registered: Total, csv: Option<&Path>) -> String {
    let marked = match csv {
        Some(path) => format!("beneficiary_was_there in {}", path.display()),
        None => WAS_THERE.to_owned(),
    };
    let (rows, rupees) = (tally::rows(registered.rows), registered.rupees);
    format!(
        "{rows}, {rupees} rupees, marked {marked}: EnKash knew the payee's id before and goes by the \
         account registered under it, which may be another than the file's, so compare it with your \
         books."
    )
}

/// A day, by which two clocks may differ, and a statement's days may end elsewhere.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// What came of the comparison with the statement of this time.
struct Compared {
    statement: Reconciliation,
    from: SystemTime,
    to: SystemTime,
}

/// Compares the rows with the statement, where it is known of which account.
async fn compare(args: &Args, journal: &SqliteJournal) -> Result<Option<Compared>, Failure> {
    let account = (args.account.fund_source()).zip(args.account.debit_account());
    let Some((fund_source, account)) = account else {
        return Ok(None);
    };
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
    let from = args.from.unwrap_or(run.begun - DAY);
    let to = args.to.unwrap_or_else(|| SystemTime::now() + DAY);
    moment::in_order(from, to)?;
    let (fund_source, account) = (
        FundSourceId::from(fund_source),
        AccountNumber::from(account),
    );
    let asked = [fund_source.to_string(), account.to_string()];
    let is_asked = |part: &str| asked.iter().any(|asked| asked == part);
    if !run.account.split_whitespace().all(is_asked) {
        return Err(Failure::Input(format!(
            "the run paid from {}, and --fund-source and --debit-account name another account: its \
             statement would be of other transfers",
            run.account
        )));
    }
    let statements = Statements::read(&client, &fund_source, &account, from, to).await?;
    let statement = Reconciliation::of(journal, &statements).await?;
    Ok(Some(Compared {
        statement,
        from,
        to,
    }))
}

/// What came of the comparison, for a program.
fn value(compared: &Compared) -> Value {
    let Compared {
        statement,
        from,
        to,
    } = compared;
    let states = State::ALL.into_iter();
    let states = states.map(|state| (state.to_string(), json!(statement.in_state(state))));
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
        "from": Timestamp::from(*from),
        "to": Timestamp::from(*to),
        "agrees": statement.agrees(),
        "inPaise": statement.in_paise,
        "all": statement.all(),
        "states": states.collect::<Map<_, _>>(),
        "otherLines": statement.other_lines,
        "disagreeing": statement.disagreeing,
        "disagreements": disagreements.collect::<Vec<_>>(),
    })
}

/// What came of the comparison, for a person.
fn show(compared: &Compared, output: &Output) -> Result<(), Failure> {
    let statement = &compared.statement;
    if statement.agrees() {
        output.line("The statement of the account agrees:")?;
    } else {
        let [from, to] = [compared.from, compared.to].map(Timestamp::from);
        output.line(&format!(
            "The statement of the account from {from} to {to} does not agree:"
        ))?;
    }
    output.line("")?;
    output.raw(&sums(statement))?;

    let mut notes = Vec::new();
    if statement.in_paise {
        notes.push("The sums of the statement were taken for paise.".to_owned());
    }
    if statement.other_lines > 0 {
        let lines = statement.other_lines;
        notes.push(format!(
            "Lines of the statement that are of no row of this run: {lines}."
        ));
    }
    notes.extend(statement.disagreements.iter().map(ToString::to_string));
    let shown = u64::try_from(statement.disagreements.len()).unwrap_or(u64::MAX);
    let more = statement.disagreeing.rows.saturating_sub(shown);
    if more > 0 {
        notes.push(format!("and {} more", tally::rows(more)));
    }
    if !notes.is_empty() {
        output.line("")?;
    }
    notes
        .iter()
        .try_for_each(|note| output.line(&printable(note)))
}

/// What was paid, what left, and of which rows the difference is.
fn sums(statement: &Reconciliation) -> String {
    let line = |what: &str, total: Total| {
        [
            what.to_owned(),
            total.rows.to_string(),
            total.rupees.to_string(),
        ]
    };
    let all = statement.all();
    let mut lines = vec![
        ["MONEY", "ROWS", "RUPEES"].map(str::to_owned),
        line("paid, says the journal", all.paid),
        line("left the account, says the statement", all.left),
        line("difference", all.difference),
    ];
    for state in State::ALL {
        let difference = statement.in_state(state).difference;
        let what = match state {
            State::Sent | State::Taken => format!("  {state}: not known yet how it ends"),
            _ => format!("  {state}: see below"),
        };
        if difference.rows > 0 {
            lines.push(line(&what, difference));
        }
    }
    if all.came_back.rows > 0 {
        lines.push(line("left the account, and came back", all.came_back));
    }
    let mut grid = Grid::new([Alignment::Left, Alignment::Right, Alignment::Right]);
    grid.text(lines.iter().map(<[String; 3]>::as_slice))
}
