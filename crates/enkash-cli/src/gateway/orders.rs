//! `enkash orders`.

use clap::Subcommand;
use enkash_api::Client;
use enkash_types::gateway::{CreateOrder, CustomerDetail, Order, OrderStatus, Payment};
use enkash_types::{Rupees, read};
use jiff::Zoned;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use crate::failure::Failure;
use crate::output::{Column, Output, cell};
use crate::polling;

#[derive(Debug, Subcommand)]
#[command(
    after_help = "There is no list: how EnKash searches orders is not documented. Keep the id that `create` prints."
)]
pub(crate) enum Command {
    /// Make an order; prints EnKash's id of it and the checkout page to send the customer to.
    #[command(
        after_help = "Example:\n  enkash orders create INV2041 499.50 --description \"Two notebooks\""
    )]
    Create(Create),
    /// Read an order with the attempts to pay it.
    #[command(after_help = "Example:\n  enkash orders get ORD1784195236818VZuxB")]
    Get {
        /// EnKash's id of the order, as `create` printed it.
        order_id: String,
    },
    /// Follow an order until it ends: its state and its attempts, each time they change.
    #[command(after_help = "\
Example:
  enkash orders watch ORD1784195236818VZuxB --for 15m && echo ship it

As JSON each change is a line.

Exit codes: 0 if it is paid; 1 if it was cancelled or ran out, or could not be read; 3 if it is \
still open when the time is up: it may be paid yet.")]
    Watch {
        /// EnKash's id of the order, as `create` printed it.
        order_id: String,
        #[command(flatten)]
        polling: polling::Args,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct Create {
    /// Your own unique id of the order: letters and digits.
    order_id: String,
    /// What is to be paid, in rupees: 499.50.
    #[arg(allow_negative_numbers = true)]
    amount: Rupees,
    /// Where the customer's browser goes after paying.
    #[arg(long, value_name = "URL")]
    return_url: Option<String>,
    /// Where EnKash posts how the payment went.
    #[arg(long, value_name = "URL")]
    notify_url: Option<String>,
    /// What the order is for.
    #[arg(long)]
    description: Option<String>,
    /// The customer's first name, letters only.
    #[arg(long, value_name = "NAME")]
    first_name: Option<String>,
    /// The customer's last name, letters only.
    #[arg(long, value_name = "NAME")]
    last_name: Option<String>,
    /// The customer's e-mail address.
    #[arg(long)]
    email: Option<String>,
    /// The customer's phone number without +91.
    #[arg(long, value_name = "NUMBER")]
    phone: Option<String>,
}

/// An attempt to pay, of which EnKash's documentation names the id and two dates alone.
const ATTEMPTS: &[Column<Payment>] = &[
    Column::text("PAYMENT", |payment| cell(&payment.transaction_id)),
    Column::text("STATUS", |payment| cell(&payment.status())),
    Column::text("MODE", |payment| {
        cell(&told::<String>(payment, "paymentMode"))
    }),
    Column::amount("AMOUNT", |payment| told(payment, "amount")),
    Column::text("CREATED", |payment| cell(&payment.created)),
];

pub(crate) async fn run(command: Command, output: &Output) -> Result<(), Failure> {
    let client = Client::from_env()?;
    let orders = client.gateway().orders();
    match command {
        Command::Create(args) => output.answer(&orders.create(args.request()).await?),
        Command::Get { order_id } => show(&orders.get(order_id).await?, output),
        Command::Watch { order_id, polling } => {
            let mut written = Ok(());
            let changed = |order: &Order| {
                if written.is_ok() {
                    written = changed(order, output);
                }
            };
            let order = orders.watch(order_id, polling.polling(), changed).await?;
            written?;
            ended(&order, &polling)
        }
    }
}

impl Create {
    fn request(self) -> CreateOrder {
        let mut customer = CustomerDetail::default();
        customer.first_name = self.first_name.map(Into::into);
        customer.last_name = self.last_name.map(Into::into);
        customer.email = self.email.map(Into::into);
        customer.phone_number = self.phone.map(Into::into);

        let mut order = CreateOrder::new(self.order_id, self.amount);
        order.return_url = self.return_url.map(Into::into);
        order.notify_url = self.notify_url.map(Into::into);
        order.description = self.description;
        order.customer_info = (customer != CustomerDetail::default()).then_some(customer);
        order
    }
}

/// Writes an order: a person sees its attempts in a table.
fn show(order: &Order, output: &Output) -> Result<(), Failure> {
    let attempts = order.transactions.as_deref().unwrap_or_default();
    output.answer_with_rows(order, &["transactions"], ATTEMPTS, attempts, false)
}

/// What EnKash told of a payment under a name that its documentation does not have.
fn told<T: DeserializeOwned>(payment: &Payment, name: &str) -> Option<T> {
    read::value(payment.extra.get(name)?.clone()).ok()
}

/// Writes what became of an order, on a line.
fn changed(order: &Order, output: &Output) -> Result<(), Failure> {
    let now = Zoned::now();
    let status = cell(&order.status);
    let attempts = order.transactions.iter().flatten();
    if output.is_json() {
        let attempts: Vec<Value> = attempts
            .map(|payment| {
                let id = payment.transaction_id.as_ref();
                let status = payment.status();
                json!({"transactionId": id, "status": status})
            })
            .collect();
        let change = json!({
            "time": now.timestamp().to_string(),
            "orderId": order.order_id,
            "status": order.status,
            "attempts": attempts,
        });
        return output.json_line(&change);
    }
    let attempts: Vec<String> = attempts
        .map(|payment| {
            format!(
                "{} {}",
                cell(&payment.transaction_id),
                cell(&payment.status())
            )
        })
        .collect();
    let attempts = match attempts.as_slice() {
        [] => "no attempt".to_owned(),
        attempts => attempts.join(", "),
    };
    let time = now.strftime("%H:%M:%S");
    let line = format!("{time}  {status:26}  {attempts}");
    output.line(&crate::output::printable(&line))
}

/// How it ended, as far as it did.
fn ended(order: &Order, polling: &polling::Args) -> Result<(), Failure> {
    let status = cell(&order.status);
    match &order.status {
        Some(OrderStatus::Paid) => Ok(()),
        Some(OrderStatus::Cancelled | OrderStatus::Expired) => Err(Failure::Other(format!(
            "the order is not paid: it is {status}"
        ))),
        _ => {
            let is_open = format!("the order is {status} and may be paid yet");
            Err(Failure::Unknown(polling.time_is_up(&is_open)))
        }
    }
}
