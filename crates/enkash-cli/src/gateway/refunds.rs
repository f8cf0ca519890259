//! `enkash refunds`.

use std::hash::{BuildHasher as _, RandomState};
use std::io::Write as _;

use clap::Subcommand;
use enkash_api::{Client, Error};
use enkash_types::gateway::RefundPayment;
use enkash_types::{Rupees, Valid};
use jiff::Timestamp;

use crate::ask::Confirm;
use crate::failure::Failure;
use crate::output::{Output, in_lines, printable, shown};

#[derive(Debug, Subcommand)]
#[command(
    after_help = "There is no get and no list: how EnKash reads refunds is not documented. Look for the requestId in its dashboard."
)]
pub(crate) enum Command {
    /// Give back all or part of a successful payment, out of the merchant's recharge account.
    #[command(after_help = "\
Example:
  enkash refunds create EK1743074262175e8KIO 100.50 --remarks \"One item was out of stock\"

Shows the payment and asks before it sends. The requestId is on stderr before the refund leaves: \
should the outcome be unknown (exit code 3), look for it at EnKash, and refund again only once it is \
not there. A refund is never sent twice by itself.")]
    Create(Create),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Create {
    /// EnKash's id of the successful payment.
    transaction_id: String,
    /// What to give back, in rupees: 100.50.
    #[arg(allow_negative_numbers = true)]
    amount: Rupees,
    /// Your own unique id of this refund; one is made up if you give none.
    #[arg(long, value_name = "ID")]
    request_id: Option<String>,
    /// Why.
    #[arg(long, value_name = "TEXT")]
    remarks: Option<String>,
    #[command(flatten)]
    confirm: Confirm,
}

pub(crate) async fn run(command: Command, output: &Output) -> Result<(), Failure> {
    match command {
        Command::Create(args) => create(args, output).await,
    }
}

async fn create(args: Create, output: &Output) -> Result<(), Failure> {
    let client = Client::from_env()?;
    let request_id = args.request_id.unwrap_or_else(mint);
    let mut refund = RefundPayment::new(args.transaction_id, args.amount, request_id.clone());
    refund.remarks = args.remarks;
    // What is wrong is told before anybody is asked.
    let refund = Valid::check(refund).map_err(Error::from)?;

    if args.confirm.will_ask()? {
        let payments = client.gateway().payments();
        let payment = payments.get(refund.transaction_id.clone()).await?;
        let id = printable(refund.transaction_id.as_str());
        let question = format!("Give back {} rupees of payment {id}?", refund.amount);
        args.confirm.ask(&in_lines(&shown(&payment)?), &question)?;
    }
    say_id(&request_id)?;
    let given_back = client.gateway().refunds().create(refund).await?;
    let mut answer = shown(&given_back)?;
    answer["requestId"] = request_id.into();
    output.fields(&answer)
}

/// Without it on record a refund whose answer is lost could not be looked for, so where it can't be
/// said nothing is sent.
fn say_id(request_id: &str) -> Result<(), Failure> {
    let line = format!("requestId {}\n", printable(request_id));
    std::io::stderr()
        .write_all(line.as_bytes())
        .map_err(|error| Failure::Other(format!("nothing was sent: cannot say its id: {error}")))
}

/// A new id: letters and digits, the clock's milliseconds first.
fn mint() -> String {
    let now = Timestamp::now().as_millisecond();
    let chance = RandomState::new().hash_one(now);
    format!("RFND{now}{chance:016X}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_ids_are_the_same() {
        let ids: std::collections::BTreeSet<String> = (0..1000).map(|_| mint()).collect();
        assert_eq!(ids.len(), 1000);
        assert!(
            ids.iter()
                .all(|id| id.bytes().all(|b| b.is_ascii_alphanumeric()))
        );
    }
}
