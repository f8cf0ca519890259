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
    /// A PEM file with the certificate that EnKash is to know your server by. The form is not
    /// documented; `enkash api call create_payout_webhook_config` takes any.
    #[arg(long, value_name = "FILE")]
    ssl_certificate: Option<String>,
    /// Store it switched off.
    #[arg(long)]
    disabled: bool,
    /// Your company, as EnKash calls it: CEK and seven letters or digits.
    #[arg(long, value_name = "ID")]
    company_id: Option<String>,
}

const ARGUMENTS: &[(&str, &str)] = &[
    ("webhookUrl", "<URL>"),
    ("events", "--event"),
    ("companyId", "--company-id"),
];

pub(super) async fn run(args: Args, output: &Output) -> Result<(), Failure> {
    let client = Client::from_env()?;
    let file = args.ssl_certificate.clone();
    let config = args.request()?;
    let given = file.zip(config.ssl_certificate.clone());
    let stored = client.payouts().webhooks().configure(config).await;
    let mut stored = stored.map_err(|error| Failure::named(error, ARGUMENTS))?;
    // Nobody reads a certificate; whether it is the one that was given says enough.
    if let (Some((file, sent)), Some(stored)) = (given, &mut stored.ssl_certificate)
        && stored.trim() == sent.trim()
    {
        *stored = format!("as in {file}");
    }
    output.answer(&stored)
}

impl Args {
    fn request(self) -> Result<ConfigureWebhook, Failure> {
        let events = self
            .events
            .iter()
            .map(|event| WebhookEvent::from(event.as_str()));
        let mut config = ConfigureWebhook::new(self.url, events.collect());
        config.ssl_certificate = match self.ssl_certificate {
            Some(file) => Some(certificate(&file)?),
            None => None,
        };
        for name in self.headers {
            let value = ask::secret(&format!("value of the header {name}"))?;
            config.headers.insert(name, value);
        }
        config.enabled = Some(!self.disabled);
        config.company_id = self.company_id.map(Into::into);
        Ok(config)
    }
}

/// What is in a file, if it can be nothing but certificates: what is sent by mistake is not private
/// any more.
fn certificate(file: &str) -> Result<String, Failure> {
    let text = String::from_utf8(crate::input::read(file)?).unwrap_or_default();
    let mut begins = text.lines().filter(|line| line.starts_with("-----BEGIN "));
    let is_certificate = |line: &str| line.trim_end() == "-----BEGIN CERTIFICATE-----";
    if !(begins.next().is_some_and(is_certificate) && begins.all(is_certificate)) {
        return Err(Failure::Input(format!(
            "{file} was not sent: it must hold certificates in PEM (-----BEGIN CERTIFICATE-----) and \
             nothing else, least of all a key"
        )));
    }
    Ok(text)
}
