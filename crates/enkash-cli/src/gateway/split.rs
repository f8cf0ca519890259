//! `enkash split`.

use std::str::FromStr;

use clap::Subcommand;
use enkash_api::Client;
use enkash_types::gateway::{
    ActivateSplitAccount, CreateSplitAccount, EditSplitSettlement, SplitSettlement, SplitShare,
    SplitValue, SubmitPaymentWithSplit, UpdateSplitAccount,
};
use enkash_types::read;

use super::payments::How;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Register an account that can receive shares of payments.
    #[command(after_help = "\
Example:
  enkash split account-create --fields account.json

Which fields EnKash takes is not known here: ask EnKash. Those of account-update are a guess.")]
    AccountCreate {
        #[command(flatten)]
        fields: Fields,
    },
    /// Change an account that receives shares.
    #[command(after_help = "\
Example:
  enkash split account-update --field name=\"Asha Stores\" --field settlementCycle=T1

Fields: name, email, phone, settlementCycle (T0, T1, T2), settlementSchedule, dashboardAccess, pan, \
gstin, accountNumber, ifsc. The accessKey that EnKash wants as well is ENKASH_ACCESS_KEY, unless \
the file of --fields has another: whose is meant is not documented. Nor is how EnKash is told which \
account to change: try it on the test host first.")]
    AccountUpdate {
        #[command(flatten)]
        fields: Fields,
    },
    /// Let an account that was deactivated receive money again.
    #[command(after_help = "Example:\n  enkash split activate SPLIT1")]
    Activate {
        /// EnKash's id of the account.
        split_account_id: String,
    },
    /// Set or change how a payment that was made is divided.
    #[command(after_help = "\
Examples:
  enkash split edit EK1743074262175e8KIO --flat SPLIT1=450 --flat SPLIT2=49.50
  enkash split edit EK1743074262175e8KIO --percent SPLIT1=90 --percent SPLIT2=10")]
    Edit {
        /// EnKash's id of the payment.
        transaction_id: String,
        #[command(flatten)]
        shares: Shares,
    },
    /// Start a payment of an order together with the rule that divides it.
    #[command(after_help = "\
Example:
  enkash split submit ORD1784195236818VZuxB --member splitSettlement \\
    --percent SPLIT1=90 --percent SPLIT2=10 upi asha@examplebank

Under which name the split goes is not documented: ask EnKash, and give it as --member; the one above \
is that of `edit`. Or pay without it and divide afterwards with `edit`. Number, expiry and security \
code of a card are asked for, or read from stdin.")]
    Submit {
        /// EnKash's id of the order.
        order_id: String,
        #[command(flatten)]
        shares: Shares,
        /// The name under which the split goes.
        #[arg(long, value_name = "NAME")]
        member: String,
        #[command(flatten)]
        others: Fields,
        #[command(subcommand)]
        how: How,
    },
}

/// How a payment is divided.
#[derive(Debug, clap::Args)]
#[group(required = true, multiple = false)]
pub(crate) struct Shares {
    /// A share as a sum in rupees; may be given again.
    #[arg(long, value_name = "ACCOUNT=SUM")]
    flat: Vec<Share>,
    /// A share of a hundred; may be given again.
    #[arg(long, value_name = "ACCOUNT=SHARE")]
    percent: Vec<Share>,
}

impl Shares {
    fn settlement(self) -> SplitSettlement {
        let shares = |shares: Vec<Share>| shares.into_iter().map(|share| share.0).collect();
        if self.percent.is_empty() {
            SplitSettlement::flat(shares(self.flat))
        } else {
            SplitSettlement::percentage(shares(self.percent))
        }
    }
}

#[derive(Debug, Clone)]
struct Share(SplitShare);

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (account, value) = text
            .rsplit_once('=')
            .ok_or("must be the id of an account, =, and a number: SPLIT1=90")?;
        let value: SplitValue = value
            .parse()
            .map_err(|_| "must end in a number, like 12.50")?;
        Ok(Self(SplitShare::new(account, value)))
    }
}

pub(crate) async fn run(command: Command, output: &Output) -> Result<(), Failure> {
    let client = Client::from_env()?;
    let splits = client.gateway().splits();
    match command {
        Command::AccountCreate { fields } => {
            let account = CreateSplitAccount::new(fields.read_some()?);
            output.answer(&splits.create_account(account).await?)
        }
        Command::AccountUpdate { fields } => {
            output.answer(&splits.update_account(update(fields)?).await?)
        }
        Command::Activate { split_account_id } => {
            let account = ActivateSplitAccount::new(split_account_id);
            output.answer(&splits.activate_account(account).await?)
        }
        Command::Edit {
            transaction_id,
            shares,
        } => {
            let edit = EditSplitSettlement::new(transaction_id, shares.settlement());
            output.answer(&splits.edit(edit).await?)
        }
        Command::Submit {
            order_id,
            shares,
            member,
            others,
            how,
        } => {
            let split = serde_json::to_value(shares.settlement())
                .map_err(|error| Failure::Input(error.to_string()))?;
            let mut payment = SubmitPaymentWithSplit::new(order_id, how.detail()?);
            payment.extra = others.read()?;
            payment.extra.insert(member, split);
            output.answer(&splits.submit(payment).await?)
        }
    }
}

fn update(fields: Fields) -> Result<UpdateSplitAccount, Failure> {
    let mut fields = fields.read_some()?;
    if !fields.contains_key("accessKey") {
        fields.insert("accessKey".to_owned(), super::access_key()?.expose().into());
    }
    read::value(fields.into()).map_err(|error| Failure::Input(error.to_string()))
}
