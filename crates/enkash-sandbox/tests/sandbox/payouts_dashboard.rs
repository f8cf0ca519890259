//! Payouts in the dashboard.

use bytes::Bytes;
use enkash_sandbox::Sandbox;
use http::Request;
use serde_json::Value;

use crate::client::{Client, control, start};
use crate::payouts::{payee, status_of};

/// The text of a page of the dashboard.
async fn page(sandbox: &Sandbox, path: &str) -> String {
    page_at(sandbox, &format!("/_sandbox/dashboard/{path}")).await
}

async fn page_at(sandbox: &Sandbox, path: &str) -> String {
    let request = Request::get(path).body(Bytes::new()).unwrap();
    let response = sandbox.handle(request).await.unwrap();
    assert_eq!(response.status(), 200, "{path}");
    String::from_utf8(response.body().to_vec()).unwrap()
}

async fn press(sandbox: &Sandbox, act: &str, form: &'static str) -> u16 {
    let path = format!("/_sandbox/dashboard/do/{act}?back=%2F");
    let request = Request::post(path).body(form.into()).unwrap();
    sandbox.handle(request).await.unwrap().status().as_u16()
}

#[tokio::test]
async fn transfers_are_shown_with_all_that_has_to_do_with_them() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    assert!(
        page(&sandbox, "transfers")
            .await
            .contains("No transfer yet")
    );
    client.payees().await;
    client.call(payee("NOONE1", "100000000001")).await.unwrap();
    client.comes_to("SAL1", "123456.50", "IMPS", "ASHA1").await;
    client.comes_to("SAL2", "5", "NEFT", "ASHA1").await;
    client.comes_to("SAL3", "5", "IMPS", "NOONE1").await;

    let list = page(&sandbox, "transfers").await;
    for shown in [
        "SAL1",
        "SAL2",
        "SAL3",
        "₹1,23,456.50",
        "SUCCESS",
        "PROCESSING",
        "REJECTED",
    ] {
        assert!(list.contains(shown), "{shown}");
    }
    let home = page_at(&sandbox, "/").await;
    assert!(home.contains("SAL2"));

    let paid = page(&sandbox, "transfers/SAL1").await;
    assert!(paid.contains("/_sandbox/dashboard/beneficiaries/ASHA1"));
    assert!(paid.contains("In the statement"));
    assert!(paid.contains("create_payout_transfer"));
    assert!(paid.contains("Reverse") && !paid.contains(">Fail<"));
    let rejected = page(&sandbox, "transfers/SAL3").await;
    assert!(rejected.contains("REJECT_BENEF_ACC"));
    assert!(rejected.contains("the beneficiary account number is missing or invalid"));
    assert!(!rejected.contains("In the statement"));

    let payees = page(&sandbox, "beneficiaries").await;
    assert!(payees.contains("<h1>Beneficiaries</h1>"));
    assert!(payees.contains("XXXXXXXX9012") && !payees.contains("123456789012"));
    let one = page(&sandbox, "beneficiaries/ASHA1").await;
    assert!(one.contains("Asha Rao") && !one.contains("123456789012"));

    let (_, state) = control(&sandbox, "GET", "transfers/SAL1/state", Value::Null).await;
    for id in ["enkashTransactionId", "utr"] {
        let found = format!(
            "/_sandbox/dashboard/find?id={}",
            state[id].as_str().unwrap()
        );
        let request = Request::get(found).body(Bytes::new()).unwrap();
        let answer = sandbox.handle(request).await.unwrap();
        assert_eq!(
            answer.headers()["location"],
            "/_sandbox/dashboard/transfers/SAL1",
            "{id}"
        );
    }
}

#[tokio::test]
async fn buttons_do_what_the_control_surface_does() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.payees().await;
    client.comes_to("SAL1", "10", "IMPS", "ASHA1").await;
    client.comes_to("SAL2", "10", "NEFT", "ASHA1").await;
    client.comes_to("SAL3", "10", "NEFT", "ASHA1").await;
    for (act, id, status) in [
        ("reverse", "SAL1", "REVERSED"),
        ("fail", "SAL2", "FAILED"),
        ("reject", "SAL3", "REJECTED"),
    ] {
        assert!(
            page(&sandbox, &format!("transfers/{id}"))
                .await
                .contains(act)
        );
        assert_eq!(
            press(&sandbox, &format!("transfers/{id}/{act}"), "").await,
            303
        );
        assert_eq!(status_of(&sandbox, id).await, status);
    }
    assert_eq!(press(&sandbox, "transfers/SAL1/reverse", "").await, 409);
    assert_eq!(
        press(&sandbox, "payouts/balance", "balance=1500.50").await,
        303
    );
    assert_eq!(client.balance().await, "1500.50");
}

#[tokio::test]
async fn the_account_is_shown_as_it_adds_up() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let empty = page(&sandbox, "statement").await;
    assert!(empty.contains("Nothing has left the account"));
    client.payees().await;
    client.comes_to("SAL1", "250", "IMPS", "ASHA1").await;
    client.comes_to("SAL2", "50", "NEFT", "ASHA1").await;
    press(&sandbox, "transfers/SAL2/fail", "").await;
    let statement = page(&sandbox, "statement").await;
    for shown in [
        "FSANDBOX01",
        "₹1,00,00,000.00",
        "₹300.00",
        "₹50.00",
        "₹99,99,750.00",
        "/_sandbox/dashboard/transfers/SAL1",
    ] {
        assert!(statement.contains(shown), "{shown}");
    }
    let unknown = Request::get("/_sandbox/dashboard/statement/1").body(Bytes::new());
    let answer = sandbox.handle(unknown.unwrap()).await.unwrap();
    assert_eq!(answer.status(), 404);
}
