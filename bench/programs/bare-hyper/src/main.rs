//! Makes an order and prints the checkout page, with nothing but hyper.

use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::Request;
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde::{Deserialize, Serialize};

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Keys {
    access_key: String,
    secret_key: String,
}

#[derive(Deserialize)]
struct Token {
    token: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    order_id: &'static str,
    amount: Amount,
}

#[derive(Serialize)]
struct Amount {
    value: f64,
    currency: &'static str,
}

#[derive(Deserialize)]
struct Envelope {
    response_code: i32,
    response_message: Option<String>,
    payload: Option<Created>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Created {
    redirection_url: Option<String>,
}

type Https = Client<hyper_rustls::HttpsConnector<HttpConnector>, Full<Bytes>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let base = std::env::var("ENKASH_ENVIRONMENT")?;
    let access_key = std::env::var("ENKASH_ACCESS_KEY")?;
    let secret_key = std::env::var("ENKASH_SECRET_KEY")?;
    let connector = hyper_rustls::HttpsConnectorBuilder::new()
        .with_webpki_roots()
        .https_or_http()
        .enable_http1()
        .build();
    let client: Https = Client::builder(TokioExecutor::new()).build(connector);

    let keys = Keys { access_key, secret_key };
    let request = Request::post(format!("{base}/api/v0/merchant/token"))
        .header("content-type", "application/json")
        .body(Full::from(serde_json::to_vec(&keys)?))?;
    let token: Token = serde_json::from_slice(&send(&client, request).await?)?;

    let order = Order {
        order_id: "INV2041",
        amount: Amount { value: 499.5, currency: "INR" },
    };
    let request = Request::post(format!("{base}/api/v0/orders"))
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {}", token.token))
        .header("merchantAccessKey", keys.access_key)
        .body(Full::from(serde_json::to_vec(&order)?))?;
    let answer: Envelope = serde_json::from_slice(&send(&client, request).await?)?;
    if answer.response_code != 0 {
        return Err(answer.response_message.unwrap_or_default().into());
    }
    println!("{:?}", answer.payload.and_then(|created| created.redirection_url));
    Ok(())
}

async fn send(
    client: &Https,
    request: Request<Full<Bytes>>,
) -> Result<Bytes, Box<dyn std::error::Error>> {
    let call = async {
        let answer = client.request(request).await?;
        if !answer.status().is_success() {
            return Err(answer.status().to_string().into());
        }
        match Limited::new(answer.into_body(), 8 << 20).collect().await {
            Ok(body) => Ok(body.to_bytes()),
            Err(error) => Err(error.to_string().into()),
        }
    };
    tokio::time::timeout(Duration::from_secs(30), call).await?
}
