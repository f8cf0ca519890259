//! `enkash upi`.

use clap::Subcommand;
use enkash_api::Client;
use enkash_types::gateway::{UpiStatus, UpiTransaction};

use super::picture;
use crate::failure::Failure;
use crate::output::{Output, cell, shown};
use crate::polling;

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Ask whether a UPI address exists, and whose it is.
    #[command(after_help = "Example:\n  enkash upi verify-vpa asha@examplebank INV2041")]
    VerifyVpa {
        /// The address.
        vpa: String,
        /// Your own id of the order that is to be paid.
        merchant_order_id: String,
    },
    /// Show a QR code that pays an order; a person can scan it off the terminal.
    #[command(after_help = "Example:\n  enkash upi qr ORD1784195236818VZuxB --png order.png")]
    Qr {
        /// EnKash's id of the order.
        order_id: String,
        #[command(flatten)]
        picture: picture::Args,
    },
    /// Show the links that open a UPI app on the payer's phone.
    #[command(after_help = "Example:\n  enkash upi intent EK1743074262175e8KIO")]
    Intent {
        /// EnKash's id of the payment; of one by QR code the ekPayId that came with the code.
        transaction_id: String,
    },
    /// Wait until a UPI payment is over.
    #[command(after_help = "\
Example:
  enkash upi poll EK1743074262175e8KIO --for 10m

Exit codes: 0 if it is paid; 1 if it failed, or could not be read; 3 if neither is certain when the \
time is up. The call carries no token: read the order before you deliver anything.")]
    Poll {
        /// EnKash's id of the payment; of one by QR code the ekPayId that came with the code.
        transaction_id: String,
        #[command(flatten)]
        polling: polling::Args,
    },
}

pub(crate) async fn run(command: Command, output: &Output) -> Result<(), Failure> {
    let client = Client::from_env()?;
    let upi = client.gateway().upi();
    match command {
        Command::VerifyVpa {
            vpa,
            merchant_order_id,
        } => output.answer(&upi.verify_vpa(merchant_order_id, vpa).await?),
        Command::Qr { order_id, picture } => {
            let qr = upi.dynamic_qr(order_id).await?;
            if let (false, Some(link)) = (output.is_json(), &qr.qr_url) {
                output.line(&picture::fit(picture::drawn(link)?, picture::columns()))?;
            }
            picture.answer(shown(&qr)?, "qrCode", output)
        }
        Command::Intent { transaction_id } => {
            output.answer(&upi.intent_links(transaction_id).await?)
        }
        Command::Poll {
            transaction_id,
            polling,
        } => {
            let payment = upi.poll(transaction_id, polling.polling()).await?;
            output.answer(&payment)?;
            ended(&payment, &polling)
        }
    }
}

/// How it ended, as far as it did.
fn ended(payment: &UpiTransaction, polling: &polling::Args) -> Result<(), Failure> {
    match &payment.status {
        Some(UpiStatus::Success) => Ok(()),
        Some(UpiStatus::Failed) => Err(Failure::Other("the payment failed".to_owned())),
        status => {
            let is_open = format!("the payment is {} and may succeed yet", cell(status));
            Err(Failure::Unknown(polling.time_is_up(&is_open)))
        }
    }
}
