//! `enkash orders`.

use clap::Subcommand;
use enkash_api::Client;
use enkash_types::Rupees;
use enkash_types::gateway::{CreateOrder, CustomerDetail};

use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make an order; prints EnKash's id of it and the checkout page to send the customer to.
    Create(Create),
    /// Read an order with the attempts to pay it.
    Get {
        /// EnKash's id of the order, as `create` printed it.
        order_id: String,
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

pub(crate) async fn run(command: Command, output: &Output) -> Result<(), Failure> {
    match command {
        Command::Create(args) => {
            let created = Client::from_env()?
                .gateway()
                .orders()
                .create(args.request())
                .await?;
            output.fields(&crate::output::shown(&created)?)
        }
        Command::Get { order_id } => {
            let order = Client::from_env()?.gateway().orders().get(order_id).await?;
            output.fields(&crate::output::shown(&order)?)
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
