//! Checks of bank accounts.

use enkash_types::verification::{VerifiedBankAccount, VerifyBankAccount};
use enkash_types::{AccountNumber, Secret};
use serde_json::{Value, json};

use crate::client::{Client, refusal, start};

const IFSC: &str = "KKBK0000432";

#[tokio::test]
async fn an_account_is_checked_once_for_each_id() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let check = VerifyBankAccount::penny_less("CHECK1", "123456789012", IFSC);
    let checked = client.call(check.clone()).await.unwrap();
    assert_eq!(checked.status.as_deref(), Some("SUCCESS"));
    assert_eq!(checked.beneficiary_name.as_deref(), Some("Sandbox Payee"));
    assert_eq!(checked.request_id.as_deref(), Some("CHECK1"));
    assert_eq!(checked.ifsc, Some(IFSC.into()));
    assert_eq!(checked.utr.as_deref(), Some(""), "nothing was deposited");
    let refused = refusal(client.call(check).await);
    assert_eq!(
        (refused.status, &*refused.message),
        (409, "customerRequestId: was used before")
    );
    let check = VerifyBankAccount::penny_drop("CHECK2", "123456789012", IFSC);
    let dropped = client.call(check).await.unwrap();
    assert_eq!(dropped.utr.unwrap().len(), 12);
    assert_ne!(dropped.enkash_unique_id, checked.enkash_unique_id);
}

#[tokio::test]
async fn test_accounts_have_a_fixed_outcome() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    for (account, status) in [
        ("100000000001", "FAILED"),
        ("100000000002", "FAILED"),
        ("100000000003", "PENDING"),
        ("100000000004", "PENDING"),
        ("100000000005", "SUCCESS"),
        ("100000000006", "SUCCESS"),
    ] {
        let check = VerifyBankAccount::penny_drop(account, account, IFSC);
        let VerifiedBankAccount {
            status: found,
            beneficiary_name,
            utr,
            ..
        } = client.call(check).await.unwrap();
        assert_eq!(found.as_deref(), Some(status), "{account}");
        assert_eq!(beneficiary_name.unwrap().is_empty(), status != "SUCCESS");
        assert_eq!(utr.unwrap().is_empty(), status != "SUCCESS");
    }
}

/// As its page shows it: plain, and with the request beside the payload.
#[tokio::test]
async fn the_answer_repeats_the_request() {
    let sandbox = start().await;
    let mut client = Client::new(&sandbox).await;
    let check = VerifyBankAccount::penny_less("CHECK1", "123456789012", IFSC);
    let answer = client.send(client.request(check.clone())).await.unwrap();
    let answer: Value = serde_json::from_slice(answer.body()).unwrap();
    assert_eq!(answer["response_code"], 0);
    assert_eq!(answer["payload"]["status"], "SUCCESS");
    assert_eq!(answer["beneficiaryAccountNumber"], "123456789012");
    assert_eq!(answer["customerRequestId"], "CHECK1");
    assert_eq!(answer["beneficiaryIfscCode"], IFSC);
    assert_eq!(answer["pennyLess"], true);
    // Whoever reads the log does not see the account.
    let logged = sandbox.calls().pop().unwrap().answer.unwrap();
    let logged: Value = serde_json::from_str(logged.get()).unwrap();
    let masked = AccountNumber::new("123456789012").to_string();
    assert_eq!(logged["beneficiaryAccountNumber"], json!(masked));

    client.oauth = Secret::new("another-token");
    assert_eq!(refusal(client.call(check).await).status, 401);
}
