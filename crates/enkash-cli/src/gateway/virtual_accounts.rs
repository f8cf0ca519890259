//! `enkash virtual-accounts`.

use clap::Subcommand;
use enkash_api::Client;
use enkash_types::gateway::{CreateVirtualAccount, VirtualAccount};
use enkash_types::{Extra, Rupees};
use serde_json::Value;

use crate::failure::Failure;
use crate::fields::Field;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Open an account number for one customer to pay into.
    #[command(after_help = "\
Example:
  enkash virtual-accounts create RENT2041 --amount 5000 --close-by \"2031-06-01 23:59:59\" --reveal")]
    Create(Box<Create>),
    /// Read a virtual account.
    #[command(after_help = "Example:\n  enkash virtual-accounts get RENT2041 --reveal")]
    Get {
        /// Your own reference, as it was given at creation.
        reference: String,
        #[command(flatten)]
        reveal: Reveal,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Create {
    /// Your own unique reference.
    reference: String,
    /// What the account is to take in all, in rupees.
    #[arg(long, value_name = "SUM")]
    amount: Option<Rupees>,
    /// End of the account: "2031-06-01 23:59:59". In which zone is not documented.
    #[arg(long, value_name = "TIME")]
    close_by: Option<String>,
    /// What is to be paid.
    #[arg(long, value_name = "TEXT")]
    description: Option<String>,
    /// Id of the customer.
    #[arg(long, value_name = "ID")]
    customer_id: Option<String>,
    /// Name of the customer.
    #[arg(long)]
    name: Option<String>,
    /// The customer's e-mail address.
    #[arg(long)]
    email: Option<String>,
    /// The customer's phone number.
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,
    /// EnKash's id of the merchant.
    #[arg(long, value_name = "ID")]
    merchant: Option<String>,
    /// A pair of your own that comes back with the account; may be given again.
    #[arg(long = "note", value_name = "NAME=TEXT")]
    notes: Vec<Field>,
    #[command(flatten)]
    reveal: Reveal,
}

#[derive(Debug, clap::Args)]
pub(crate) struct Reveal {
    /// Show account numbers in full, to tell the customer where to pay.
    #[arg(long)]
    reveal: bool,
}

impl Reveal {
    fn answer(&self, account: &VirtualAccount, output: &Output) -> Result<(), Failure> {
        if !self.reveal {
            return output.answer(account);
        }
        let account = serde_json::to_value(account)
            .map_err(|error| Failure::Other(format!("cannot write: {error}")))?;
        output.fields(&account)
    }
}

pub(crate) async fn run(command: Command, output: &Output) -> Result<(), Failure> {
    let client = Client::from_env()?;
    let accounts = client.gateway().virtual_accounts();
    match command {
        Command::Create(args) => {
            let (request, reveal) = args.request();
            reveal.answer(&accounts.create(request).await?, output)
        }
        Command::Get { reference, reveal } => {
            let account = accounts.get_by_customer_reference(reference).await?;
            reveal.answer(&account, output)
        }
    }
}

impl Create {
    fn request(self) -> (CreateVirtualAccount, Reveal) {
        let mut account = CreateVirtualAccount::new(self.reference);
        account.expected_amount = self.amount;
        account.close_by = self.close_by.map(Into::into);
        account.description = self.description;
        account.customer_id = self.customer_id;
        account.customer_name = self.name;
        account.customer_email = self.email.map(Into::into);
        account.customer_phone = self.phone;
        account.merchant_detail_id = self.merchant;
        let notes: Extra = self
            .notes
            .into_iter()
            .map(<(String, Value)>::from)
            .collect();
        account.notes = (!notes.is_empty()).then_some(notes);
        (account, self.reveal)
    }
}
