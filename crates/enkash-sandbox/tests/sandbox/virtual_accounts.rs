//! Virtual accounts: opened, read, paid into, and closed.

use std::time::Duration;

use enkash_types::Rupees;
use enkash_types::gateway::{
    CreateVirtualAccount, GetVirtualAccountByCustomerReference, VirtualAccount,
};
use serde_json::{Value, json};

use crate::client::{Client, control, does, refusal, start};
use crate::data::{directory, start_on};

fn account(reference: &str) -> CreateVirtualAccount {
    let mut account = CreateVirtualAccount::new(reference);
    account.customer_name = Some("Asha".to_owned());
    account.expected_amount = Some(rupees("5000"));
    account.notes = serde_json::from_value(json!({"flat": "2041"})).ok();
    account
}

fn rupees(sum: &str) -> Rupees {
    sum.parse().unwrap()
}

impl Client<'_> {
    async fn account(&self, reference: &str) -> VirtualAccount {
        let get = GetVirtualAccountByCustomerReference::new(reference);
        self.call(get).await.unwrap()
    }
}

#[tokio::test]
async fn an_account_is_opened_and_read_by_the_merchants_reference() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = account("RENT-2041");
    request.merchant_detail_id = Some("MD1".to_owned());
    request.close_by = Some("2026-06-01 23:59:59".into());
    let opened = client.call(request).await.unwrap();
    // Of the two ids each answer of the examples has one.
    assert_eq!(opened.merchant_detail_id.as_deref(), Some("MD1"));
    assert_eq!(opened.customer_reference_id, None);
    assert_eq!(opened.status.as_ref().unwrap().as_str(), "ACTIVE");
    assert_eq!(
        opened.closed_on.as_ref().unwrap().as_str(),
        "2026-06-01 23:59:59"
    );
    assert_eq!(opened.amount_paid, Some(Rupees::ZERO));
    assert!(
        opened
            .virtual_account_number
            .as_ref()
            .unwrap()
            .check()
            .is_ok()
    );
    assert!(
        opened
            .virtual_account_ifsc_code
            .as_ref()
            .unwrap()
            .check()
            .is_ok()
    );

    let read = client.account("RENT-2041").await;
    assert_eq!(read.customer_reference_id, Some("RENT-2041".into()));
    assert_eq!(read.merchant_detail_id, None);
    assert_eq!(read.virtual_account_id, opened.virtual_account_id);
    assert_eq!(read.virtual_account_number, opened.virtual_account_number);
    assert_eq!(read.notes.as_ref().unwrap()["flat"], "2041");

    let unknown = GetVirtualAccountByCustomerReference::new("RENT-2042");
    assert_eq!(refusal(client.call(unknown).await).status, 404);
    let other = client.call(account("RENT-2042")).await.unwrap();
    assert_ne!(other.virtual_account_number, opened.virtual_account_number);
}

#[tokio::test]
async fn a_reference_is_one_accounts() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.call(account("RENT-2041")).await.unwrap();
    let before = client.account("RENT-2041").await;
    let mut again = account("RENT-2041");
    again.customer_name = Some("Ravi".to_owned());
    let refused = refusal(client.call(again).await);
    assert_eq!(refused.status, 409);
    assert_eq!(refused.message, "customerReferenceId: was used before");
    assert_eq!(client.account("RENT-2041").await, before);
}

#[tokio::test]
async fn what_is_paid_in_adds_up() {
    let file = directory("virtual-accounts").join("shop.db");
    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    client.call(account("RENT/2041 A")).await.unwrap();
    let path = "virtual-accounts/RENT%2F2041%20A/credit";
    let credited = does(&sandbox, path, json!({"amount": 1999.5})).await;
    assert_eq!(credited["amountPaid"], 1999.5);
    assert_eq!(credited["customerReferenceId"], "RENT/2041 A");
    sandbox.stop().await;

    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    does(&sandbox, path, json!({"amount": "3000.50"})).await;
    assert_eq!(
        client.account("RENT/2041 A").await.amount_paid,
        Some(rupees("5000"))
    );
    // More than is expected is taken too.
    let credited = does(&sandbox, path, json!({"amount": 0.01})).await;
    assert_eq!(credited["status"], "ACTIVE");
    assert_eq!(
        client.account("RENT/2041 A").await.amount_paid,
        Some(rupees("5000.01"))
    );

    for (body, status) in [
        (json!({"amount": 0}), 422),
        (json!({"amount": -1}), 422),
        (json!({"amount": 0.001}), 422),
        (json!({"amount": 999_999_999_999_999_i64}), 422),
        (json!({}), 400),
        (Value::Null, 400),
    ] {
        let (answered, answer) = control(&sandbox, "POST", path, body.clone()).await;
        assert_eq!(answered, status, "{body}: {answer}");
    }
    assert_eq!(
        client.account("RENT/2041 A").await.amount_paid,
        Some(rupees("5000.01"))
    );
    let (status, _) = control(
        &sandbox,
        "POST",
        "virtual-accounts/X/credit",
        json!({"amount": 1}),
    )
    .await;
    assert_eq!(status, 404);
}

#[tokio::test]
async fn an_account_closes_at_its_time_in_india() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = account("RENT-2041");
    request.close_by = Some("2026-01-01 05:30:10".into());
    client.call(request).await.unwrap();
    sandbox.clock().advance(Duration::from_secs(9));
    does(
        &sandbox,
        "virtual-accounts/RENT-2041/credit",
        json!({"amount": 1}),
    )
    .await;
    sandbox.clock().advance(Duration::from_secs(1));
    let closed = client.account("RENT-2041").await;
    assert_eq!(closed.status.unwrap().as_str(), "CLOSED");
    let path = "virtual-accounts/RENT-2041/credit";
    let (status, answer) = control(&sandbox, "POST", path, json!({"amount": 1})).await;
    assert_eq!(
        (status, &answer["error"]),
        (409, &json!("the virtual account is closed"))
    );
    assert_eq!(
        client.account("RENT-2041").await.amount_paid,
        Some(rupees("1"))
    );

    let mut late = account("RENT-2042");
    late.close_by = Some("2026-01-01 05:30:10".into());
    let refused = refusal(client.call(late).await);
    assert_eq!(
        (refused.status, &*refused.message),
        (422, "closeBy: must be in the future")
    );
}
