//! The verification suite, of which the documentation says neither where it is nor what its calls carry.

#![allow(clippy::unwrap_used, reason = "helpers of tests are tests as well")]

mod common;

use common::{Reply, Script};
use enkash_api::types::verification::VerifyBankAccount;
use enkash_api::types::{Auth, Host};
use enkash_api::{ClientBuilder, Error, RetryPolicy};
use serde_json::Value;

fn check() -> VerifyBankAccount {
    VerifyBankAccount::penny_less("CHECK1", "123456789012", "KKBK0000432")
}

const VERIFIED: Reply = Reply::Body(
    200,
    r#"{"response_code":0,"response_message":"Success","payload":{"ifsc":"KKBK0000432","requestId":"CHECK1","enkashUniqueId":"EK1","utr":"","status":"SUCCESS","beneficiaryName":"Asha Rao"},"beneficiaryAccountNumber":"123456789012","customerRequestId":"CHECK1","beneficiaryIfscCode":"KKBK0000432","pennyLess":true}"#,
);

#[tokio::test]
async fn verification_goes_where_it_is_told_with_what_it_is_told() {
    for (auth, expected) in [
        (Auth::OAuth, Some("Bearer token-of-the-test-1")),
        (Auth::Merchant, Some("Bearer token-of-the-test-1")),
        (Auth::None, None),
    ] {
        let script = Script::new([VERIFIED]);
        let client = script
            .builder()
            .merchant(common::ACCESS_KEY, common::SECRET_KEY)
            .oauth(common::oauth())
            .host(Host::Verification, "https://verify.example.in")
            .unwrap()
            .verification_auth(auth)
            .build()
            .unwrap();
        let checked = client.verification().bank_accounts().verify(check()).await;
        let checked = checked.unwrap();
        assert_eq!(checked.beneficiary_name.as_deref(), Some("Asha Rao"));
        assert_eq!(client.auth(Auth::Unknown).unwrap(), auth);
        let sent = script.sent.lock().unwrap();
        assert_eq!(
            sent[0].uri(),
            "https://verify.example.in/api/v0/pennyDrop",
            "and nothing else goes there"
        );
        let authorization = sent[0].headers().get("authorization");
        assert_eq!(authorization.map(|value| value.to_str().unwrap()), expected);
        let body: Value = serde_json::from_slice(sent[0].body()).unwrap();
        assert_eq!(body["pennyLess"], true, "plain, as the page shows it");
    }
}

#[tokio::test]
async fn a_penny_drop_is_sent_once() {
    let script = Script::new([Reply::Body(502, "")]);
    let client = script.builder().verification_auth(Auth::None);
    let client = client.build().unwrap();
    let drop = VerifyBankAccount::penny_drop("CHECK1", "123456789012", "KKBK0000432");
    let error = client.verification().bank_accounts().verify(drop).await;
    let Error::OutcomeUnknown(unknown) = error.unwrap_err() else {
        panic!("it may have been made");
    };
    assert_eq!(
        unknown.merchant_id,
        Some(("customerRequestId", "CHECK1".to_owned()))
    );
    assert_eq!(script.calls(), 1);
}

#[tokio::test]
async fn what_verification_is_not_told_is_named() {
    use enkash_api::types::Environment;

    let script = Script::new([]);
    let verify = async |builder: ClientBuilder| {
        let client = builder.oauth(common::oauth()).build().unwrap();
        let checked = client.verification().bank_accounts().verify(check()).await;
        checked.unwrap_err().to_string()
    };
    let enkash = || script.builder().environment(Environment::Live);
    let at = |builder: ClientBuilder| {
        builder
            .host(Host::Verification, "https://verify.example.in")
            .unwrap()
    };
    let mut texts = vec![
        verify(enkash()).await,
        verify(enkash().verification_auth(Auth::OAuth)).await,
        verify(at(enkash())).await,
        verify(at(enkash()).verification_auth(Auth::Unknown)).await,
        verify(at(enkash()).verification_auth(Auth::Merchant)).await,
    ];
    let given = |name: &'static str, value: &'static str| {
        ClientBuilder::from_variables(move |asked| match asked {
            "ENKASH_ENVIRONMENT" => Some("test".to_owned()),
            asked => (asked == name).then(|| value.to_owned()),
        })
    };
    for (name, value) in [
        ("ENKASH_VERIFICATION_HOST", "verify.example.in"),
        ("ENKASH_VERIFICATION_AUTH", "OAuth"),
    ] {
        texts.push(given(name, value).err().unwrap().to_string());
    }
    texts.dedup();
    insta::assert_snapshot!(texts.join("\n"), @"
    EnKash's documentation does not name the host of the verification suite: ask EnKash for it, and set ENKASH_VERIFICATION_HOST, or call ClientBuilder::host
    EnKash's documentation does not say what a call of the verification suite carries: ask EnKash, and set ENKASH_VERIFICATION_AUTH to oauth, merchant or none, or call ClientBuilder::verification_auth
    this call needs the merchant's keys: set ENKASH_ACCESS_KEY and ENKASH_SECRET_KEY, or call ClientBuilder::merchant
    ENKASH_VERIFICATION_HOST: not an address; write it as https://host, for example https://olympus-pg-uat.enkash.in, or as http://127.0.0.1:4010 for a server on this machine
    ENKASH_VERIFICATION_AUTH is none of oauth, merchant and none
    ");
    assert_eq!(script.calls(), 0);
}

#[test]
fn the_variables_say_where_verification_is() {
    let with = |environment: &'static str| {
        let client = ClientBuilder::from_variables(|name| {
            Some(
                match name {
                    "ENKASH_ENVIRONMENT" => environment,
                    "ENKASH_VERIFICATION_HOST" => "https://verify.example.in",
                    "ENKASH_VERIFICATION_AUTH" => "none",
                    _ => return None,
                }
                .to_owned(),
            )
        });
        let client = client.unwrap().retry(RetryPolicy::never());
        client.build().unwrap()
    };
    for environment in ["test", "live"] {
        let client = with(environment);
        let address = client.address(Host::Verification).unwrap();
        assert_eq!(address.as_str(), "https://verify.example.in");
        assert_eq!(client.auth(Auth::Unknown).unwrap(), Auth::None);
        assert_ne!(client.address(Host::Payouts).unwrap(), address);
    }
    // A sandbox is never left for a host of EnKash's.
    let client = with("http://127.0.0.1:4010");
    let address = client.address(Host::Verification).unwrap();
    assert_eq!(address.as_str(), "http://127.0.0.1:4010");
}
