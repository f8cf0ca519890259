//! `enkash qr`.

use clap::Subcommand;
use enkash_api::Client;
use enkash_types::gateway::{CreateUpiQr, SearchUpiQrs, UpiQr};

use super::picture;
use crate::ask::Confirm;
use crate::failure::Failure;
use crate::fields::Fields;
use crate::output::{Column, Output, cell, in_lines, shown};

#[derive(Debug, Subcommand)]
#[command(after_help = "A code that pays one order is another thing: `enkash upi qr`.")]
pub(crate) enum Command {
    /// Make a QR code that takes payments without an order.
    #[command(after_help = "\
Example:
  enkash qr create --field qrName=\"Counter 1\" --field fixedAmount:=true --field amount:=100 --png qr.png

Which fields EnKash takes is not known here: ask EnKash. The names above are those of its answer, and \
a guess.")]
    Create {
        #[command(flatten)]
        fields: Fields,
        #[command(flatten)]
        picture: picture::Args,
    },
    /// Read a QR code.
    #[command(after_help = "Example:\n  enkash qr get QR1743074262175 --png qr.png")]
    Get {
        /// EnKash's id of the code.
        qr_code_id: String,
        #[command(flatten)]
        picture: picture::Args,
    },
    /// List the QR codes.
    #[command(after_help = "\
Example:
  enkash qr list --field status=ACTIVE

EnKash can filter by date, state and amount; under which names is not known here.")]
    List {
        #[command(flatten)]
        filters: Fields,
        /// How many to fetch at a time, up to 5000.
        #[arg(long, value_name = "N", default_value_t = 100, value_parser = crate::input::whole::<u32>)]
        page: u32,
    },
    /// Cancel a QR code: it takes no payment afterwards. Asks before it does.
    #[command(after_help = "Example:\n  enkash qr cancel QR1743074262175")]
    Cancel {
        /// EnKash's id of the code.
        qr_code_id: String,
        #[command(flatten)]
        confirm: Confirm,
    },
}

const CODES: &[Column<UpiQr>] = &[
    Column::text("CODE", |qr| cell(&qr.qr_code_id)),
    Column::text("NAME", |qr| cell(&qr.qr_name)),
    Column::amount("AMOUNT", |qr| qr.amount),
    Column::text("PAID", |qr| match qr.multiple_use {
        Some(true) => "often".to_owned(),
        Some(false) => "once".to_owned(),
        None => "-".to_owned(),
    }),
    Column::text("STATUS", |qr| cell(&qr.status)),
    Column::text("CREATED", |qr| cell(&qr.created_on)),
    Column::text("CUSTOMER", |qr| cell(&qr.customer_name)),
];

/// The field that holds the picture.
const PICTURE: &str = "qrCodeBase64";

pub(crate) async fn run(command: Command, output: &Output) -> Result<(), Failure> {
    let client = Client::from_env()?;
    let codes = client.gateway().qr_codes();
    match command {
        Command::Create { fields, picture } => {
            let qr = codes.create(CreateUpiQr::new(fields.read_some()?)).await?;
            picture.answer(shown(&qr)?, PICTURE, output)
        }
        Command::Get {
            qr_code_id,
            picture,
        } => picture.answer(shown(&codes.get(qr_code_id).await?)?, PICTURE, output),
        Command::List { filters, page } => {
            let mut search = SearchUpiQrs::new();
            search.limit = Some(page);
            search.filters = filters.read()?;
            output.pages(CODES, codes.all(search), false).await
        }
        Command::Cancel {
            qr_code_id,
            confirm,
        } => {
            if confirm.will_ask()? {
                let mut qr = codes.get(qr_code_id.as_str()).await?;
                qr.qr_code_base64 = None;
                confirm.ask(&in_lines(&shown(&qr)?), "Cancel this code for good?")?;
            }
            let qr = codes.cancel(qr_code_id).await?;
            picture::Args::default().answer(shown(&qr)?, PICTURE, output)
        }
    }
}
