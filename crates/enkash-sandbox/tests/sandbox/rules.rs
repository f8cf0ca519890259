//! What `Validate` accepts the sandbox accepts, and what it refuses the sandbox refuses.

use bytes::Bytes;
use enkash_sandbox::Config;
use enkash_transport::wire::{self, EncodeError};
use enkash_types::gateway::{CreateMerchantToken, CreateOrder, GetOrderStatus};
use enkash_types::oauth::{PasswordGrant, RefreshGrant};
use enkash_types::rewards::CreateRewardSsoToken;
use enkash_types::strategies::{InvalidValues, ValidValues, near_misses, repeatable};
use enkash_types::{CheckError, Endpoint, Valid, operation};
use http::{Request, Response};
use proptest::prelude::*;
use serde_json::Value;

use crate::client::{Client, order, refusal, start, start_with};

/// Runs a test that waits.
fn run<T>(test: impl Future<Output = T>) -> T {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap().block_on(test)
}

/// A sandbox that knows these credentials; everything else about the client is right as well.
fn knowing(change: impl FnOnce(&mut enkash_sandbox::Credentials)) -> Config {
    let mut config = Config::new();
    change(&mut config.credentials);
    config
}

/// Writes a request that breaks rules, which `wire::encode` would not.
fn written_out<E: Endpoint>(client: &Client<'_>, request: &E) -> Request<Bytes> {
    let Value::Object(fields) = serde_json::to_value(request).unwrap() else {
        panic!("a request is an object");
    };
    let base = client.sandbox.base_url();
    let mut http = match wire::encode_fields(&base, E::OPERATION, fields.clone()) {
        Ok(http) => http,
        // It cannot stand in an address; someone may write it there nevertheless.
        Err(EncodeError::PathField(name)) => {
            let text = fields[name].as_str().unwrap();
            let path = E::OPERATION.path.replace(&format!("{{{name}}}"), text);
            let method = E::OPERATION.method.as_str();
            Request::builder()
                .method(method)
                .uri(path)
                .body(Bytes::new())
                .unwrap()
        }
        Err(error) => panic!("{error}"),
    };
    client.sign::<E>(&mut http);
    http
}

/// The words of a refusal, uncut, in whatever envelope.
fn words(response: &Response<Bytes>) -> String {
    let answer: Value = serde_json::from_slice(response.body()).unwrap();
    ["response_message", "resultMessage", "error"]
        .iter()
        .find_map(|name| answer[name].as_str())
        .unwrap()
        .to_owned()
}

/// The sandbox refuses with the very violations that a check finds.
fn is_refused<E: Endpoint + Clone>(request: E) {
    let violations = Valid::check(request.clone()).map(|_| ()).unwrap_err();
    run(async {
        let sandbox = start().await;
        let client = Client::new(&sandbox).await;
        let http = written_out(&client, &request);
        let response = client.send(http).await.unwrap();
        assert_eq!(words(&response), violations.to_string());
        assert_eq!(response.status(), 422);
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..repeatable() })]

    #[test]
    fn every_valid_order_is_made_and_reads_back(request in CreateOrder::valid()) {
        run(async {
            let sandbox = start().await;
            let client = Client::new(&sandbox).await;
            let created = client.call(request.clone()).await.unwrap();
            let read = client.read(&created).await;
            prop_assert_eq!(read.merchant_order_id.unwrap(), request.order_id);
            prop_assert_eq!(read.amount.unwrap(), request.amount.value);
            prop_assert_eq!(read.customer_info, request.customer_info);
            prop_assert_eq!(read.payment_detail, request.payment_detail);
            // The page of any order can be shown.
            let page = Request::get(created.redirection_url.unwrap().as_str()).body(Bytes::new());
            prop_assert_eq!(client.send(page.unwrap()).await.unwrap().status(), 200);
            Ok(())
        })?;
    }

    #[test]
    fn every_valid_id_is_looked_up(request in GetOrderStatus::valid()) {
        run(async {
            let sandbox = start().await;
            let client = Client::new(&sandbox).await;
            prop_assert_eq!(refusal(client.call(request).await).status, 404);
            Ok(())
        })?;
    }

    #[test]
    fn every_valid_pair_of_keys_gives_a_token(request in CreateMerchantToken::valid()) {
        run(async {
            let sandbox = start_with(knowing(|known| {
                known.access_key = request.access_key.clone();
                known.secret_key = request.secret_key.clone();
            })).await;
            // It asks for both kinds of token, the merchant's with these keys.
            Client::new(&sandbox).await;
        });
    }

    #[test]
    fn every_valid_password_gives_a_token(request in PasswordGrant::valid()) {
        run(async {
            let sandbox = start_with(knowing(|known| {
                known.username = request.username.clone();
                known.password = request.password.clone();
                known.client_id = request.client_id.as_str().to_owned();
            })).await;
            Client::new(&sandbox).await.call(request).await.unwrap();
        });
    }

    #[test]
    fn every_valid_refresh_token_is_looked_up(request in RefreshGrant::valid()) {
        run(async {
            let sandbox = start().await;
            let client = Client::new(&sandbox).await;
            let response = client.send(client.request(request)).await.unwrap();
            prop_assert_eq!(words(&response), "invalid_grant");
            Ok(())
        })?;
    }

    #[test]
    fn every_valid_sign_on_gives_a_token(request in CreateRewardSsoToken::valid()) {
        run(async {
            let sandbox = start().await;
            Client::new(&sandbox).await.call(request).await.unwrap();
        });
    }

    #[test]
    fn no_invalid_order_is_made(request in CreateOrder::invalid()) {
        is_refused(request);
    }

    #[test]
    fn no_invalid_id_is_looked_up(request in GetOrderStatus::invalid()) {
        is_refused(request);
    }

    #[test]
    fn no_invalid_keys_are_looked_at(request in CreateMerchantToken::invalid()) {
        is_refused(request);
    }

    #[test]
    fn no_invalid_password_grant_is_looked_at(request in PasswordGrant::invalid()) {
        is_refused(request);
    }

    #[test]
    fn no_invalid_refresh_grant_is_looked_at(request in RefreshGrant::invalid()) {
        is_refused(request);
    }

    #[test]
    fn no_invalid_sign_on_is_looked_at(request in CreateRewardSsoToken::invalid()) {
        is_refused(request);
    }

    /// Of texts that are almost an order, client and sandbox think the same.
    #[test]
    fn a_check_here_says_what_the_sandbox_will_say(
        text in near_misses(
            CreateOrder::valid().prop_map(|order| serde_json::to_string(&order).unwrap())
        )
    ) {
        let check = operation("create_order").unwrap().check;
        let (status, message) = match check(text.as_bytes()) {
            Ok(_) => (200, "Success".to_owned()),
            Err(CheckError::Read(error)) => (400, error.to_string()),
            Err(CheckError::Invalid(violations)) => (422, violations.to_string()),
            Err(other) => panic!("{other}"),
        };
        run(async {
            let sandbox = start().await;
            let client = Client::new(&sandbox).await;
            let mut request = client.request(order("A1"));
            *request.body_mut() = text.into();
            let response = client.send(request).await.unwrap();
            prop_assert_eq!(words(&response), message);
            prop_assert_eq!(response.status(), status);
            Ok(())
        })?;
    }
}
