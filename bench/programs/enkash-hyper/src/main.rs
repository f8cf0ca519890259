//! Makes an order and prints the checkout page.

use enkash_api::Client;
use enkash_api::types::gateway::CreateOrder;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let client = Client::from_env()?;
    let order = CreateOrder::new("INV2041", "499.50".parse()?);
    let created = client.gateway().orders().create(order).await?;
    println!("{:?}", created.redirection_url);
    Ok(())
}
