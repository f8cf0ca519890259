//! Makes an order and prints the checkout page, with nothing but reqwest.

use std::time::Duration;

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

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let base = std::env::var("ENKASH_ENVIRONMENT")?;
    let access_key = std::env::var("ENKASH_ACCESS_KEY")?;
    let secret_key = std::env::var("ENKASH_SECRET_KEY")?;
    let client = reqwest::Client::builder()
        .timeout(Duration::from_secs(30))
        .redirect(reqwest::redirect::Policy::none())
        .build()?;

    let keys = Keys { access_key, secret_key };
    let answer = client
        .post(format!("{base}/api/v0/merchant/token"))
        .header("content-type", "application/json")
        .body(serde_json::to_vec(&keys)?)
        .send()
        .await?
        .error_for_status()?;
    let token: Token = serde_json::from_slice(&answer.bytes().await?)?;

    let order = Order {
        order_id: "INV2041",
        amount: Amount { value: 499.5, currency: "INR" },
    };
    let answer = client
        .post(format!("{base}/api/v0/orders"))
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {}", token.token))
        .header("merchantAccessKey", keys.access_key)
        .body(serde_json::to_vec(&order)?)
        .send()
        .await?
        .error_for_status()?;
    let answer: Envelope = serde_json::from_slice(&answer.bytes().await?)?;
    if answer.response_code != 0 {
        return Err(answer.response_message.unwrap_or_default().into());
    }
    println!("{:?}", answer.payload.and_then(|created| created.redirection_url));
    Ok(())
}
