//! `enkash payouts webhook-set`.

use enkash_api::Client;
use enkash_types::payouts::{ConfigureWebhook, WebhookEvent};

use crate::ask;
use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  enkash payouts webhook-set https://shop.example.in/payouts --event PAYOUT_SUCCESS \\
    --event PAYOUT_FAILED --header X-Enkash-Key

The value of each header is asked for, or read from stdin, a line each: your server knows EnKash by \
it, and it is never an argument. The payload of an event is not documented, nor is whether a second \
configuration replaces the first; there is no event for REJECTED or REVERSED.")]
pub(crate) struct Args {
    /// Where EnKash is to post.
    url: String,
    /// An event to be told of: PAYOUT_SUCCESS, PAYOUT_PENDING, PAYOUT_FAILED, or one of
    /// UTILITY_BILLPAY_SUCCESS, _FAILED and _PENDING; may be given again.
    #[arg(long = "event", value_name = "EVENT", required = true)]
    events: Vec<String>,
    /// The name of a header that EnKash is to send along; may be given again.
    #[arg(long = "header", value_name = "NAME")]
    headers: Vec<String>,
    /// A file with the certificate that EnKash is to know your server by. Its form is not
    /// documented.
    #[arg(long, value_name = "FILE")]
    ssl_certificate: Option<String>,
    /// Store it switched off.
    #[arg(long)]
    disabled: bool,
    /// Your company, as EnKash calls it: CEK and seven letters or digits.
    #[arg(long, value_name = "ID")]
    company_id: Option<String>,
}

pub(super) async fn run(args: Args, output: &Output) -> Result<(), Failure> {
    let client = Client::from_env()?;
    let config = args.request()?;
    output.answer(&client.payouts().webhooks().configure(config).await?)
}

impl Args {
    fn request(self) -> Result<ConfigureWebhook, Failure> {
        let events = self
            .events
            .iter()
            .map(|event| WebhookEvent::from(event.as_str()));
        let mut config = ConfigureWebhook::new(self.url, events.collect());
        for name in self.headers {
            let value = ask::secret(&format!("value of the header {name}"))?;
            config.headers.insert(name, value);
        }
        config.ssl_certificate = match self.ssl_certificate {
            Some(file) => Some(text(&file)?),
            None => None,
        };
        config.enabled = Some(!self.disabled);
        config.company_id = self.company_id.map(Into::into);
        Ok(config)
    }
}

fn text(file: &str) -> Result<String, Failure> {
    String::from_utf8(crate::input::read(file)?)
        .map_err(|_| Failure::Input(format!("{file} is no text")))
}
