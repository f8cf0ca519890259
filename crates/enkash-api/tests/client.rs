//! Putting a client together, sealing, raw calls, and what may be seen of it.

mod common;

use common::{CREATED, Reply, Script};
use enkash_api::transport::MemoryTransport;
use enkash_api::types::gateway::{CreateMerchantToken, CreateOrder};
use enkash_api::types::rewards::CreateRewardSsoToken;
use enkash_api::types::{Auth, Header, Host, Method, Replay, Rupees};
use enkash_api::{ApiErrorKind, ClientBuilder, Error, RawRequest};

fn sso() -> CreateRewardSsoToken {
    CreateRewardSsoToken::new("CA1", "CEK0SANDBOX", "EKC1")
}

#[tokio::test]
async fn a_sealed_call_is_sealed_and_its_answer_may_be() {
    let sealed = common::sealed(br#"{"access_token":"sso"}"#);
    for answer in [r#"{"access_token":"sso"}"#, sealed] {
        let script = Script::new([Reply::Body(200, answer)]);
        let answer = script.client().rewards().sso_token(sso()).await.unwrap();
        assert_eq!(answer.token().unwrap().expose(), "sso");

        let [body] = &script.opened()[..] else {
            panic!("one call");
        };
        assert_eq!(
            body.to_string(),
            r#"{"cardAccountId":"CA1","companyId":"CEK0SANDBOX","enkashCardId":"EKC1"}"#
        );
        let sent = script.sent.lock().unwrap();
        assert_eq!(sent[0].headers()["partnerid"], common::PARTNER_ID);
        assert_eq!(
            sent[0].headers()["authorization"],
            "Bearer token-of-the-test-1"
        );
    }
}

#[tokio::test]
async fn a_raw_call_carries_what_it_asks_for() {
    let script = Script::new([
        common::REFUSED_TOKEN,
        Reply::Body(200, r#"{"anything":[1]}"#),
        Reply::Body(200, ""),
    ]);
    let client = script.client();
    let mut request = RawRequest::new(Host::Gateway, Method::Get, "/api/v0/payment/EK1?x=1");
    request.auth = Auth::Merchant;
    request.headers = vec![Header::MerchantAccessKey];
    let answer = client.raw(request).await.unwrap();
    assert_eq!(answer.body["anything"][0], 1);
    assert_eq!(
        script.token_calls(),
        2,
        "a refused token is replaced here too"
    );

    let answer = client
        .raw(RawRequest::new(Host::Gateway, Method::Get, "/"))
        .await
        .unwrap();
    assert!(answer.body.is_null());
    {
        let sent = script.sent.lock().unwrap();
        assert_eq!(
            sent[1].headers()["authorization"],
            "Bearer token-of-the-test-2"
        );
        assert_eq!(sent[1].headers()["merchantaccesskey"], common::ACCESS_KEY);
        assert_eq!(sent[1].uri().query(), Some("x=1"));
        assert!(!sent[2].headers().contains_key("authorization"));
    }
    let error = client
        .raw(RawRequest::new(Host::Gateway, Method::Get, "x"))
        .await
        .unwrap_err();
    assert!(matches!(error, Error::Encode(_)), "{error:?}");
}

#[tokio::test]
async fn what_is_missing_is_named() {
    let script = Script::new([]);
    let client = script.builder().build().unwrap();
    let order = CreateOrder::new("INV1", Rupees::from_paise(100));
    let mut texts = vec![
        client
            .gateway()
            .orders()
            .create(order)
            .await
            .unwrap_err()
            .to_string(),
        client
            .rewards()
            .sso_token(sso())
            .await
            .unwrap_err()
            .to_string(),
    ];
    // All else is there, so a token could be asked for; but what for?
    let client = script.builder().oauth(common::oauth()).build().unwrap();
    let error = client.rewards().sso_token(sso()).await.unwrap_err();
    texts.push(error.to_string());
    assert_eq!(script.token_calls(), 0);
    let given = |variables: &'static [(&str, &str)]| {
        ClientBuilder::from_variables(move |name| {
            let (_, value) = variables.iter().find(|(given, _)| *given == name)?;
            Some((*value).to_owned())
        })
    };
    let wrong: [&'static [(&str, &str)]; 7] = [
        &[],
        &[("ENKASH_ENVIRONMENT", "")],
        &[("ENKASH_ENVIRONMENT", "prod")],
        &[("ENKASH_ENVIRONMENT", "http://olympus-pg-uat.enkash.in")],
        &[("ENKASH_ENVIRONMENT", "test"), ("ENKASH_ACCESS_KEY", "a")],
        &[
            ("ENKASH_ENVIRONMENT", "live"),
            ("ENKASH_CLIENT_ID", "a"),
            ("ENKASH_USERNAME", "u"),
        ],
        &[("ENKASH_ENVIRONMENT", "test"), ("ENKASH_PASSWORD", "p")],
    ];
    for variables in wrong {
        texts.push(given(variables).err().unwrap().to_string());
    }
    insta::assert_snapshot!(texts.join("\n"), @"
    this call needs the merchant's keys: set ENKASH_ACCESS_KEY and ENKASH_SECRET_KEY, or call ClientBuilder::merchant
    this call needs OAuth credentials: set ENKASH_CLIENT_ID, ENKASH_CLIENT_SECRET, ENKASH_USERNAME and ENKASH_PASSWORD, or call ClientBuilder::oauth
    this call needs the partner's id: set ENKASH_PARTNER_ID, or call ClientBuilder::partner_id
    ENKASH_ENVIRONMENT is not set; set it to test, live, or an address like http://127.0.0.1:4010
    ENKASH_ENVIRONMENT is not set; set it to test, live, or an address like http://127.0.0.1:4010
    ENKASH_ENVIRONMENT is neither test nor live: not an address; write it as https://host, for example https://olympus-pg-uat.enkash.in, or as http://127.0.0.1:4010 for a server on this machine
    ENKASH_ENVIRONMENT is neither test nor live: http:// is allowed to this machine only (127.0.0.1, [::1], localhost); use https://
    ENKASH_SECRET_KEY is not set
    ENKASH_CLIENT_SECRET is not set
    ENKASH_CLIENT_ID is not set
    ");
    assert!(given(&[("ENKASH_ENVIRONMENT", "test")]).is_ok());
}

#[tokio::test]
async fn errors_say_what_to_do() {
    let texts = [
        Reply::Lost(enkash_api::transport::Sent::Maybe),
        Reply::Body(
            409,
            r#"{"response_code":409,"response_message":"order id was used"}"#,
        ),
        Reply::Body(403, "<html>"),
        Reply::Body(404, ""),
        Reply::Body(429, ""),
        Reply::Body(503, ""),
        Reply::Body(200, r#"{"response_code":1,"response_message":"no"}"#),
        Reply::Body(200, r#"{"response_code":0,"payload":"no order"}"#),
        Reply::Body(200, "{}"),
    ];
    let mut shown = String::new();
    for reply in texts {
        let script = Script::new([reply]);
        let order = CreateOrder::new("INV2041", Rupees::from_paise(100));
        let error = script
            .client()
            .gateway()
            .orders()
            .create(order)
            .await
            .unwrap_err();
        shown += &format!("{error}\n");
    }
    for reply in [
        Reply::Body(200, "<html>"),
        Reply::Body(200, r#"{"response_code":0,"payload":{"amount":"12,50"}}"#),
    ] {
        let script = Script::new([reply]);
        let error = script
            .client()
            .gateway()
            .orders()
            .get("ORD1")
            .await
            .unwrap_err();
        shown += &format!("{error}\n");
    }
    let script = Script::new([common::REFUSED_TOKEN, common::REFUSED_TOKEN]);
    let error = script
        .client()
        .gateway()
        .orders()
        .get("ORD1")
        .await
        .unwrap_err();
    shown += &format!("{error}\n");
    insta::assert_snapshot!(shown, @"
    create_order: EnKash may have done this or not; look for orderId INV2041 at EnKash before you use another id, and do not send it again blindly (the connection to EnKash broke; the request may have arrived)
    create_order: EnKash refused (HTTP 409, code 409): order id was used; look at what the id names before you use another
    create_order: EnKash refused (HTTP 403); ask EnKash to enable this call for the account and to allow this machine's IP address
    create_order: EnKash refused (HTTP 404); check the id, and that it belongs to this environment
    create_order: EnKash refused (HTTP 429); wait before you call again
    create_order: EnKash may have done this or not; look for orderId INV2041 at EnKash before you use another id, and do not send it again blindly (EnKash refused (HTTP 503))
    create_order: EnKash refused (HTTP 200, code 1): no
    create_order: EnKash may have done this or not; look for orderId INV2041 at EnKash before you use another id, and do not send it again blindly (HTTP 200, but payload: expected an object, found string)
    create_order: EnKash may have done this or not; look for orderId INV2041 at EnKash before you use another id, and do not send it again blindly (HTTP 200, but missing field `response_code`)
    get_order_status: the answer (HTTP 200) cannot be read: not JSON: expected value at line 1 column 1
    get_order_status: the answer (HTTP 200) cannot be read: payload.amount: an amount is written in digits with at most one dot, like 12.50
    get_order_status: EnKash refused (HTTP 200, code 117): Token is invalid.; a new token was refused as well; check that the credentials belong to this environment
    ");
}

/// The texts of an error and of what it names as its source.
fn chain(error: &dyn std::error::Error) -> Vec<String> {
    let all = std::iter::successors(Some(error), |error| error.source());
    all.map(ToString::to_string).collect()
}

#[tokio::test]
async fn an_error_says_everything_once() {
    use enkash_api::BuildError;
    use enkash_api::transport::{BaseUrlError, Failure, Sent, TransportError};

    let failed = |failure, why: &str| TransportError::new(failure, Sent::No).because(why);
    let lost = MemoryTransport::new(move |request| async move {
        match request.uri().path() {
            "/api/v0/merchant/token" => Err(failed(Failure::Tls, "wrong certificate")),
            _ => Err(TransportError::new(Failure::Connection, Sent::Maybe).because("reset")),
        }
    });
    let client = Script::new([]).builder().transport(lost);
    let client = client.merchant("access", "secret").build().unwrap();
    let mut route = RawRequest::new(Host::Gateway, Method::Post, "/x");
    route.replay = Replay::Safe;
    let chains = [
        chain(&client.gateway().orders().get("ORD1").await.unwrap_err()),
        chain(&client.raw(route.clone()).await.unwrap_err()),
        {
            route.replay = Replay::Never;
            chain(&client.raw(route).await.unwrap_err())
        },
        chain(&BuildError::Transport(failed(
            Failure::Setup,
            "no certificates",
        ))),
        chain(&BuildError::WrongEnvironment(BaseUrlError::NotAnAddress)),
    ];
    insta::assert_snapshot!(chains.map(|texts| texts.join(" <- ")).join("\n"), @"
    the call was not sent: the request for a token failed: no secure connection to EnKash could be made; the request did not leave. Try the call again after a short pause <- wrong certificate
    raw: the connection to EnKash broke; the request may have arrived <- reset
    raw: EnKash may have done this or not; find out at EnKash before you send it again (the connection to EnKash broke; the request may have arrived) <- reset
    the transport could not be set up: no certificates
    ENKASH_ENVIRONMENT is neither test nor live: not an address; write it as https://host, for example https://olympus-pg-uat.enkash.in, or as http://127.0.0.1:4010 for a server on this machine
    ");
}

#[tokio::test]
async fn what_enkash_sends_cannot_be_called() {
    let script = Script::new([]);
    let declared = enkash_api::types::operation("notify_payment").unwrap();
    let order = enkash_api::types::operation("create_order").unwrap();
    let text = br#"{"orderId":"INV1","amount":{"value":1,"currency":"INR"}}"#;
    let request = (order.check)(text).ok().unwrap();
    let error = script.client().call_declared(declared, request).await;
    let error = error.err().unwrap();
    assert_eq!(
        error.to_string(),
        "the request breaks a rule and was not sent: notify_payment is sent by EnKash and cannot be called"
    );
    assert_eq!(script.calls(), 0);
}

#[tokio::test]
async fn wrong_keys_are_not_taken_for_a_wrong_token() {
    let refuses = MemoryTransport::new(|_| async {
        let body = r#"{"resultCode":401,"resultMessage":"no such keys"}"#;
        let mut answer = http::Response::new(body.into());
        *answer.status_mut() = http::StatusCode::UNAUTHORIZED;
        Ok(answer)
    });
    let client = Script::new([]).builder().transport(refuses);
    let client = client.build().unwrap();
    let keys = CreateMerchantToken::new("access", "secret");
    let error = client.call(keys).await.unwrap_err();
    assert_eq!(error.as_api().unwrap().kind, ApiErrorKind::Rejected);
    assert_eq!(
        error.to_string(),
        "create_merchant_token: EnKash refused (HTTP 401, code 401): no such keys"
    );
}

#[tokio::test]
async fn a_client_shows_no_credential() {
    let script = Script::new([CREATED]);
    let client = script.client();
    let order = CreateOrder::new("INV2041", Rupees::from_paise(100));
    client.gateway().orders().create(order).await.unwrap();
    let mut raw = RawRequest::new(
        Host::Gateway,
        Method::Get,
        "/x?token=secret-key-of-the-test",
    );
    raw.body = Some(serde_json::json!({"password": common::PASSWORD}));
    let builder = script
        .builder()
        .merchant(common::ACCESS_KEY, common::SECRET_KEY);
    let builder = builder
        .oauth(common::oauth())
        .partner_id(common::PARTNER_ID);
    let sent = script.sent.lock().unwrap();
    let shown = format!("{client:?} {builder:?} {raw:?} {sent:?}");
    for secret in [
        common::ACCESS_KEY,
        common::SECRET_KEY,
        common::CLIENT_SECRET,
        common::PASSWORD,
        common::PARTNER_ID,
        common::TOKEN,
    ] {
        assert!(!shown.contains(secret), "{shown}");
    }
}

#[test]
fn every_host_of_enkash_may_be_called() {
    use enkash_api::types::Environment;
    for environment in [Environment::Test, Environment::Live] {
        let client = Script::new([])
            .builder()
            .environment(environment)
            .build()
            .unwrap();
        for host in [Host::Gateway, Host::Payouts, Host::Cards] {
            let address = client.address(host).unwrap();
            assert_eq!(Some(address.as_str()), host.address(environment));
        }
    }
}
