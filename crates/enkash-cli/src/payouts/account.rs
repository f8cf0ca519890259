//! `enkash payouts balance` and `statement`.

use std::time::SystemTime;

use enkash_api::payouts::StatementLookup;
use enkash_api::{Client, ClientBuilder};
use enkash_types::payouts::{FetchStatement, GetBalance, StatementLine};
use enkash_types::{DateTime, Rupees, Timestamp};

use super::search::Search;
use crate::failure::Failure;
use crate::moment;
use crate::output::{Column, Output, cell, shown};

/// The account that transfers are paid from.
#[derive(Debug, clap::Args)]
pub(super) struct Account {
    /// EnKash's id of the fund source; ENKASH_FUND_SOURCE_ID by default.
    #[arg(long, value_name = "ID")]
    fund_source: Option<String>,
    /// Number of the account that is debited; ENKASH_DEBIT_ACCOUNT_NUMBER by default.
    #[arg(long, value_name = "NUMBER")]
    debit_account: Option<String>,
}

const FUND_SOURCE: &str = "ENKASH_FUND_SOURCE_ID";
const DEBIT_ACCOUNT: &str = "ENKASH_DEBIT_ACCOUNT_NUMBER";

const ARGUMENTS: &[(&str, &str)] = &[
    ("fundSourceId", "--fund-source"),
    ("debitAccountNumber", "--debit-account"),
];

/// How a transfer is found after its answer was lost.
#[derive(Debug, clap::Args)]
pub(super) struct Lookup {
    /// The path of EnKash's search for transfers, if EnKash gave it to you; it is not documented.
    /// Without it the statement is looked at, which does not tell how a transfer went.
    #[arg(long, value_name = "[GET] PATH")]
    search: Option<Search>,
}

impl Lookup {
    /// Whether it tells how a transfer went.
    pub(super) fn tells(&self) -> bool {
        self.search.is_some()
    }

    /// What is to be said of a search that has found nothing.
    pub(super) fn found_nothing(&self) -> Option<String> {
        self.search.as_ref().and_then(Search::found_nothing)
    }

    /// A client that looks transfers up.
    pub(super) fn client(&self, account: &Account) -> Result<Client, Failure> {
        let client = ClientBuilder::from_env()?;
        let statement = (account.fund_source()).zip(account.debit_account());
        let client = match (&self.search, statement) {
            (Some(search), _) => client.transfer_lookup(search.clone()),
            (None, Some((source, account))) => {
                client.transfer_lookup(StatementLookup::new(source, account))
            }
            (None, None) => client,
        };
        Ok(client.build()?)
    }
}

impl Account {
    pub(super) fn fund_source(&self) -> Option<String> {
        self.fund_source.clone().or_else(|| variable(FUND_SOURCE))
    }

    pub(super) fn debit_account(&self) -> Option<String> {
        self.debit_account
            .clone()
            .or_else(|| variable(DEBIT_ACCOUNT))
    }

    /// What is in the account, where it is known which.
    pub(super) async fn known_balance(&self, client: &Client) -> Result<Option<Rupees>, Failure> {
        if self.fund_source().is_none() {
            return Ok(None);
        }
        let balance = client.payouts().account().balance(self.balance()?).await?;
        Ok(Some(balance.total_balance))
    }

    fn balance(&self) -> Result<GetBalance, Failure> {
        let mut balance = GetBalance::new(needed(self.fund_source(), "fund-source", FUND_SOURCE)?);
        balance.debit_account_number = self.debit_account().map(Into::into);
        Ok(balance)
    }

    fn statement(&self, from: SystemTime, to: SystemTime) -> Result<FetchStatement, Failure> {
        let fund_source = needed(self.fund_source(), "fund-source", FUND_SOURCE)?;
        let account = needed(self.debit_account(), "debit-account", DEBIT_ACCOUNT)?;
        let (from, to) = (Timestamp::from(from), Timestamp::from(to));
        Ok(FetchStatement::new(fund_source, account, from, to))
    }
}

/// A variable of the environment, if something is in it.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn needed(value: Option<String>, option: &str, variable: &str) -> Result<String, Failure> {
    value.ok_or_else(|| Failure::Input(format!("give --{option}, or set {variable}")))
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  enkash payouts balance --fund-source EKCI4XTWKC")]
pub(crate) struct Balance {
    #[command(flatten)]
    account: Account,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  enkash payouts statement --from 2026-11-01 --to 2026-11-07
  enkash payouts statement --from 2026-11-07T09:00:00+05:30 --to 2026-11-07T12:00:00+05:30

Whether the sums of a line are rupees is not documented; they are shown as such. Nor is how far back \
it reaches, or whose id TRANSACTION is.")]
pub(crate) struct Statement {
    #[command(flatten)]
    account: Account,
    /// From when on: a day in India, or a time with its zone.
    #[arg(long, value_name = "TIME", value_parser = moment::begin)]
    from: SystemTime,
    /// Until when: a day in India, which is read to its end, or a time with its zone.
    #[arg(long, value_name = "TIME", value_parser = moment::end)]
    to: SystemTime,
}

const LINES: &[Column<StatementLine>] = &[
    Column::text("DATE", |line| {
        cell(&line.transaction_date.as_ref().map(in_india))
    }),
    Column::text("TRANSACTION", |line| cell(&line.transaction_id)),
    Column::text("TYPE", |line| cell(&line.transaction_type)),
    Column::text("MODE", |line| cell(&line.transaction_mode)),
    Column::amount("AMOUNT", |line| line.transaction_amount),
    Column::amount("BALANCE", |line| line.running_balance),
    Column::text("REFERENCE", |line| cell(&line.transaction_reference_number)),
    Column::text("REMARKS", |line| cell(&line.remarks)),
];

/// A time as it is shown elsewhere: in India's zone. One without a zone is shown as it came.
fn in_india(time: &DateTime) -> String {
    let moment = time.as_str().parse::<jiff::Timestamp>();
    moment.map_or_else(
        |_| time.to_string(),
        |moment| Timestamp::from(SystemTime::from(moment)).to_string(),
    )
}

pub(super) async fn balance(args: Balance, output: &Output) -> Result<(), Failure> {
    let client = Client::from_env()?;
    let balance = args.account.balance()?;
    let balance = client.payouts().account().balance(balance).await;
    let balance = balance.map_err(|error| Failure::named(error, ARGUMENTS))?;
    let mut answer = shown(&balance)?;
    if !output.is_json() {
        answer["totalBalance"] = format!("{} rupees", balance.total_balance).into();
    }
    output.fields(&answer)
}

pub(super) async fn statement(args: Statement, output: &Output) -> Result<(), Failure> {
    moment::in_order(args.from, args.to)?;
    let client = Client::from_env()?;
    let statement = args.account.statement(args.from, args.to)?;
    let statement = client.payouts().account().statement(statement).await;
    let statement = statement.map_err(|error| Failure::named(error, ARGUMENTS))?;
    output.answer_with_rows(&statement, &["data"], LINES, &statement.lines, false)
}
