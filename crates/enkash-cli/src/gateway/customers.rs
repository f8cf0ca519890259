//! `enkash customers`.

use clap::Subcommand;
use enkash_api::Client;
use enkash_types::gateway::{CreateQrCustomer, CustomerKeyContact, QrCustomer, SearchQrCustomers};

use super::settlements::Way;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::output::{Column, Output, cell};

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Store a customer for QR codes.
    #[command(after_help = "\
Example:
  enkash customers create \"Asha R\" \"Asha Stores\" 0000000000 --email asha@example.in")]
    Create(Box<Create>),
    /// List the customers.
    #[command(after_help = "\
Example:
  enkash customers list --page 50

How to ask EnKash for the next page is not documented: where there are more than came, it says so \
and ends with exit code 1. Ask for longer pages then, or for fewer customers.")]
    List(List),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Create {
    /// Name of the person to reach.
    name: String,
    /// The customer's name in law.
    legal_name: String,
    /// That person's mobile number: ten digits.
    mobile: String,
    /// That person's e-mail address.
    #[arg(long)]
    email: Option<String>,
    /// The customer's phone number.
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,
    /// The customer's address.
    #[arg(long)]
    address: Option<String>,
    /// The customer's account number: letters and digits.
    #[arg(long, value_name = "NUMBER")]
    account_number: Option<String>,
    /// IFSC of that account's branch.
    #[arg(long)]
    ifsc: Option<String>,
    /// Your company, as EnKash calls it: CEK and seven letters or digits.
    #[arg(long, value_name = "ID")]
    company_id: Option<String>,
    #[command(flatten)]
    others: Fields,
}

#[derive(Debug, clap::Args)]
pub(crate) struct List {
    /// Customers with this account number.
    #[arg(long, value_name = "NUMBER")]
    account_number: Option<String>,
    /// Customers of this agent.
    #[arg(long, value_name = "AGENT")]
    agent: Option<String>,
    /// Which way to sort; by what is not documented.
    #[arg(long, value_enum)]
    direction: Option<Way>,
    /// How many to ask for.
    #[arg(long, value_name = "N", value_parser = crate::input::whole::<u32>)]
    page: Option<u32>,
    #[command(flatten)]
    filters: Fields,
}

/// What EnKash answers of a customer was not read; the fields are those of the request.
const CUSTOMERS: &[Column<QrCustomer>] = &[
    Column::text("CUSTOMER", |customer| cell(&customer.customer_id)),
    Column::text("NAME", |customer| contact(customer, "legalName")),
    Column::text("CONTACT", |customer| contact(customer, "name")),
    Column::text("MOBILE", |customer| contact(customer, "mobile")),
    Column::text("ACCOUNT", |customer| cell(&customer.account_number)),
    Column::text("IFSC", |customer| cell(&customer.ifsc)),
];

pub(crate) async fn run(command: Command, output: &Output) -> Result<(), Failure> {
    let client = Client::from_env()?;
    let customers = client.gateway().customers();
    match command {
        Command::Create(args) => output.answer(&customers.create(args.request()?).await?),
        Command::List(args) => {
            let found = customers.all(args.search()?);
            output.pages(CUSTOMERS, found, false).await
        }
    }
}

/// A field of the first person to reach.
fn contact(customer: &QrCustomer, field: &str) -> String {
    let contacts = customer.extra.get("customerKeyContacts");
    let found = contacts.and_then(|contacts| contacts.get(0)?.get(field)?.as_str());
    cell(&found)
}

impl Create {
    fn request(self) -> Result<CreateQrCustomer, Failure> {
        let mut person = CustomerKeyContact::new(self.name, self.legal_name, self.mobile);
        person.email = self.email.map(Into::into);

        let mut customer = CreateQrCustomer::new(vec![person]);
        customer.contact_number = self.phone.map(Into::into);
        customer.address = self.address;
        customer.account_number = self.account_number.map(Into::into);
        customer.ifsc = self.ifsc.map(Into::into);
        customer.company_id = self.company_id.map(Into::into);
        customer.extra = self.others.read()?;
        Ok(customer)
    }
}

impl List {
    fn search(self) -> Result<SearchQrCustomers, Failure> {
        let mut search = SearchQrCustomers::new();
        search.direction = self.direction.map(Into::into);
        search.limit = self.page;
        search.account_number = self.account_number.map(Into::into);
        search.assigned_agent = self.agent;
        search.extra = self.filters.read()?;
        Ok(search)
    }
}
