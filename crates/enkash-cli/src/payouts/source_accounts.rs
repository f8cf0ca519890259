//! `enkash payouts source-add`.

use enkash_api::Client;
use enkash_types::payouts::AddSourceAccount;

use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  enkash payouts source-add 123456789012 KKBK0000432

One source account can be active at a time.")]
pub(crate) struct Args {
    /// The account's number: 9 to 36 letters and digits.
    account: String,
    /// IFSC of its branch.
    ifsc: String,
    /// Your company, as EnKash calls it: CEK and seven letters or digits.
    #[arg(long, value_name = "ID")]
    company_id: Option<String>,
}

const ARGUMENTS: &[(&str, &str)] = &[
    ("accountNumber", "<ACCOUNT>"),
    ("ifsc", "<IFSC>"),
    ("companyId", "--company-id"),
];

pub(super) async fn run(args: Args, output: &Output) -> Result<(), Failure> {
    let client = Client::from_env()?;
    let mut source = AddSourceAccount::new(args.account, args.ifsc);
    source.company_id = args.company_id.map(Into::into);
    let added = client.payouts().source_accounts().add(source).await;
    output.answer(&added.map_err(|error| Failure::named(error, ARGUMENTS))?)
}
