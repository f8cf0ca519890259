//! `enkash api call`.

use enkash_api::{Client, ClientBuilder};
use enkash_transport::wire;
use enkash_types::{Auth, Checked, Declared, HIDDEN};
use serde_json::{Value, json};

use super::check;
use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  echo '{\"orderId\": \"ORD1784195236818VZuxB\"}' | enkash api call get_order_status -
  enkash api call create_order order.json --dry-run")]
pub(crate) struct Args {
    /// The operation, as `enkash api list` names it.
    operation: String,
    /// A JSON file with the request's fields, those in the path included, or - for stdin.
    file: String,
    /// Print method, URL, headers and body with secrets hidden, and send nothing.
    #[arg(long)]
    dry_run: bool,
    /// Show secrets of the answer, such as a token that was asked for.
    #[arg(long)]
    reveal: bool,
}

pub(super) async fn run(args: Args, output: &Output) -> Result<(), Failure> {
    let declared = super::declared(&args.operation)?;
    if declared.is_webhook {
        return Err(Failure::Input(format!(
            "{} is sent by EnKash and cannot be called; `enkash api check` checks one",
            args.operation
        )));
    }
    let text = crate::input::read(&args.file)?;
    let request = (declared.check)(&text).map_err(|error| {
        Failure::Input(format!(
            "the request breaks rules and was not sent:\n  {}",
            check::in_lines(&check::violations(error))
        ))
    })?;
    let client = ClientBuilder::from_env()?.build()?;
    if args.dry_run {
        return dry_run(&client, declared, &request, output);
    }
    let answer = client.call_declared(declared, request).await?;
    output.fields(&if args.reveal {
        Value::Object(answer.fields)
    } else {
        answer.masked
    })
}

fn dry_run(
    client: &Client,
    declared: &Declared,
    request: &Checked,
    output: &Output,
) -> Result<(), Failure> {
    let operation = declared.operation;
    let Value::Object(shown) = &request.masked else {
        return Err(Failure::Other("the request is not an object".to_owned()));
    };
    let http = wire::encode_fields(client.address(operation.host)?, operation, shown.clone())
        .map_err(|error| Failure::Call(error.into()))?;

    let mut headers: Vec<(String, String)> = http
        .headers()
        .iter()
        .map(|(name, value)| {
            (
                name.to_string(),
                String::from_utf8_lossy(value.as_bytes()).into_owned(),
            )
        })
        .collect();
    let authorization = match client.auth(operation.auth)? {
        Auth::None | Auth::Unknown => None,
        Auth::Client => Some("Basic"),
        Auth::Merchant | Auth::OAuth => Some("Bearer"),
    };
    headers.extend(
        authorization.map(|scheme| ("authorization".to_owned(), format!("{scheme} {HIDDEN}"))),
    );
    headers.extend(
        operation
            .headers
            .iter()
            .map(|header| (header.name().to_owned(), HIDDEN.to_owned())),
    );

    let body = String::from_utf8_lossy(http.body()).into_owned();
    if output.is_json() {
        let headers: serde_json::Map<_, _> = headers
            .into_iter()
            .map(|(name, value)| (name, Value::String(value)))
            .collect();
        return output.value(&json!({
            "method": http.method().as_str(),
            "url": http.uri().to_string(),
            "headers": headers,
            "body": body,
            "sealed": operation.sealed,
        }));
    }
    output.line(&format!("{} {}", http.method(), http.uri()))?;
    for (name, value) in headers {
        output.line(&format!("{name}: {value}"))?;
    }
    if !body.is_empty() {
        output.line("")?;
        output.line(&body)?;
    }
    if operation.sealed {
        output.line("\n(the body travels sealed, as {\"request\": \"<base64>\"})")?;
    }
    Ok(())
}
