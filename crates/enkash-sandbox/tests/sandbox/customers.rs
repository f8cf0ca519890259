//! Customers for QR codes: stored and found.

use enkash_types::gateway::{CreateQrCustomer, CustomerKeyContact, QrCustomer, SearchQrCustomers};
use enkash_types::{Direction, Page};
use serde_json::json;

use crate::client::{Client, refusal, start};
use crate::data::{directory, start_on};

fn customer(account_number: &str) -> CreateQrCustomer {
    let contact = CustomerKeyContact::new("Asha", "Asha Stores", "0000000000");
    let mut customer = CreateQrCustomer::new(vec![contact]);
    customer.account_number = Some(account_number.into());
    customer
}

fn numbers(page: &Page<QrCustomer>) -> Vec<&str> {
    let numbers = page
        .data
        .iter()
        .filter_map(|customer| customer.account_number.as_ref());
    numbers.map(|number| number.as_str()).collect()
}

#[tokio::test]
async fn a_customer_is_answered_as_it_was_given() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = customer("ACCT00000001");
    request.ifsc = Some("kkbk0000432".into());
    request.address = Some("12 MG Road".to_owned());
    request
        .extra
        .insert("legalName".to_owned(), json!("Asha Stores"));
    let stored = client.call(request).await.unwrap();
    assert!(stored.customer_id.is_some());
    assert_eq!(
        stored.account_number.as_ref().unwrap().as_str(),
        "ACCT00000001"
    );
    assert_eq!(stored.ifsc.as_ref().unwrap().as_str(), "kkbk0000432");
    assert_eq!(stored.extra["address"], "12 MG Road");
    assert_eq!(stored.extra["legalName"], "Asha Stores");
    assert_eq!(stored.extra["customerKeyContacts"][0]["name"], "Asha");
    let found = client.call(SearchQrCustomers::new()).await.unwrap();
    assert_eq!(found.data, [stored]);

    // The log shows no account number in full.
    let calls = serde_json::to_string(&sandbox.calls()).unwrap();
    assert!(calls.contains("XXXXXXXX0001"));
    assert!(!calls.contains("ACCT00000001"));
}

#[tokio::test]
async fn an_account_number_is_one_customers() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.call(customer("ACCT00000001")).await.unwrap();
    let refused = refusal(client.call(customer("ACCT00000001")).await);
    assert_eq!(refused.status, 409);
    assert_eq!(
        refused.message,
        "accountNumber: is another customer's; it is unique"
    );
    client.call(customer("ACCT00000002")).await.unwrap();
    // Without a number there is nothing to be unique.
    for _ in 0..2 {
        client.call(customer("")).await.unwrap();
        client
            .call(CreateQrCustomer::new(Vec::new()))
            .await
            .unwrap();
    }
    let mut minted = customer("ACCT00000003");
    minted.extra.insert("customerId".to_owned(), json!("C1"));
    assert_eq!(refusal(client.call(minted).await).status, 422);
    let found = client.call(SearchQrCustomers::new()).await.unwrap();
    assert_eq!(found.records_count, Some(6));
}

#[tokio::test]
async fn customers_are_found_in_the_order_in_which_they_came_or_the_other_way_round() {
    let file = directory("customers").join("shop.db");
    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    for number in 1..=3 {
        let mut request = customer(&format!("ACCT0000000{number}"));
        let agent = if number == 2 { "Ravi" } else { "Mina" };
        request
            .extra
            .insert("assignedAgent".to_owned(), json!(agent));
        client.call(request).await.unwrap();
    }
    let found = client.call(SearchQrCustomers::new()).await.unwrap();
    assert_eq!(
        numbers(&found),
        ["ACCT00000001", "ACCT00000002", "ACCT00000003"]
    );
    sandbox.stop().await;

    // Of account numbers the file holds the last four characters alone.
    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    let mut search = SearchQrCustomers::new();
    let found = client.call(search.clone()).await.unwrap();
    assert_eq!(
        numbers(&found),
        ["XXXXXXXX0001", "XXXXXXXX0002", "XXXXXXXX0003"]
    );
    search.direction = Some(Direction::Desc);
    search.limit = Some(2);
    let found = client.call(search).await.unwrap();
    assert_eq!(numbers(&found), ["XXXXXXXX0003", "XXXXXXXX0002"]);
    assert_eq!(found.records_count, Some(3));

    let mut search = SearchQrCustomers::new();
    search.account_number = Some("ACCT00000002".into());
    let found = client.call(search).await.unwrap();
    assert_eq!(numbers(&found), ["XXXXXXXX0002"]);
    // Still a whole number is meant, by whoever searches and by whoever stores another.
    for other in ["XXXXXXXX0002", "ACCU00000002"] {
        let mut search = SearchQrCustomers::new();
        search.account_number = Some(other.into());
        assert_eq!(client.call(search).await.unwrap().records_count, Some(0));
    }
    let taken = refusal(client.call(customer("ACCT00000002")).await);
    assert_eq!(taken.status, 409);
    client.call(customer("ACCU00000002")).await.unwrap();
    let mut search = SearchQrCustomers::new();
    search.assigned_agent = Some("Mina".to_owned());
    let found = client.call(search).await.unwrap();
    assert_eq!(numbers(&found), ["XXXXXXXX0001", "XXXXXXXX0003"]);

    let mut search = SearchQrCustomers::new();
    search.extra.insert("name".to_owned(), json!("Asha"));
    let refused = refusal(client.call(search).await);
    assert_eq!(refused.status, 400);
    assert_eq!(
        refused.message,
        "name: unknown field `name`, expected one of `accountNumber`, `assignedAgent`"
    );
}
