//! Any request at all.

use bytes::Bytes;
use enkash_types::strategies::repeatable;
use http::{Method, Request, StatusCode, Uri};
use proptest::prelude::*;

use crate::client::{Client, start};

#[tokio::test]
async fn other_methods_and_paths_are_refused() {
    let sandbox = start().await;
    for (method, path, status, allow) in [
        ("GET", "/api/v0/orders", 405, "POST"),
        ("DELETE", "/api/v0/orders/ORD1", 405, "GET"),
        ("HEAD", "/oauth/token", 405, "POST"),
        ("PATCH", "/_sandbox/faults", 405, "GET, POST, DELETE"),
        ("POST", "/api/v0/orders/", 405, "GET"),
        ("GET", "/nowhere", 404, ""),
        ("GET", "/api/v0/orders/a/b", 404, ""),
        ("OPTIONS", "*", 404, ""),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .body(Bytes::new())
            .unwrap();
        let response = sandbox.handle(request).await.unwrap();
        assert_eq!(response.status(), status, "{method} {path}");
        let allowed = response.headers().get("allow");
        assert_eq!(allowed.map_or("", |allow| allow.to_str().unwrap()), allow);
        let body = String::from_utf8(response.body().to_vec()).unwrap();
        if status == 404 {
            assert!(body.contains("GET /_sandbox/ lists what is"), "{body}");
        }
    }
}

/// Paths that are served, and others.
fn path() -> impl Strategy<Value = String> {
    let served = prop::sample::select(vec![
        "/api/v0/merchant/token",
        "/api/v0/orders",
        "/api/v0/orders/ORD1",
        "/api/v0/orders/%ff",
        "/api/v0/orders/%2e%2e?x=%",
        "/oauth/token",
        "/api/v0/partner/enKashCard/sso-token",
        "/v1/pay/ORD1",
        "/v1/pay/ORD1/card",
        "/v1/pay/ORD1/EK1/otp",
        "/v1/pay/ORD1/EK1/state",
        "/v1/pay/ORD1?embedded=true&parentOrigin=%ff",
        "/pay/checkout/ORD1",
        "/pay/charge/process",
        "/pay/charge/order/cancel",
        "/pay/checkout/customer-info/EK1",
        "/api/v0/transactions/EK1/minimal",
        "/api/v0/bin/details?bin=4111111111&transactionId=EK1",
        "/api/v0/payout-transaction",
        "/api/v0/payout-transaction/batch",
        "/api/v0/payout-account/balance?fundSourceId=%ff",
        "/api/v0/pennyDrop",
        "/_sandbox/orders/ORD1/pay",
        "/_sandbox/transfers/%ff/reverse",
        "/_sandbox/payouts/balance",
        "/_sandbox/payouts/ledger",
        "/_sandbox/clock",
        "/_sandbox/faults",
        "/_sandbox/calls",
        "/_sandbox",
    ]);
    prop_oneof![
        served.prop_map(str::to_owned),
        "/[ -~]{0,40}",
        "/_sandbox/[ -~]{0,20}",
        "/v1/pay/[ -~]{0,20}",
    ]
}

fn body() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        r#"\{"(orderId|amount|accessKey|request|advanceSeconds|balance|operation|kind)": ?("[ -~]{0,9}"|[0-9]{0,25}|\{\}|null)\}"#
            .prop_map(String::into_bytes),
        "(grant_type=(password|refresh_token)&)?[ -~]{0,40}".prop_map(String::into_bytes),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..repeatable() })]

    /// Nothing that comes in makes it panic, answer 5xx, or stop answering.
    #[test]
    fn any_request_is_answered(
        method in prop_oneof![
            prop::sample::select(vec!["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "CONNECT"])
                .prop_map(str::to_owned),
            "[A-Z]{1,30}",
        ],
        path in path(),
        headers in prop::collection::vec(
            (
                prop::sample::select(vec!["authorization", "merchantaccesskey", "partnerid", "cookie"]),
                prop::collection::vec(32..=255_u8, 0..60),
            ),
            0..3,
        ),
        signed in any::<bool>(),
        body in body(),
    ) {
        let Ok(uri) = path.parse::<Uri>() else { return Ok(()) };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let sandbox = start().await;
            let client = Client::new(&sandbox).await;
            let mut request = Request::new(Bytes::from(body));
            *request.method_mut() = Method::from_bytes(method.as_bytes()).unwrap();
            *request.uri_mut() = uri;
            if signed {
                client.sign::<enkash_types::gateway::GetOrderStatus>(&mut request);
            }
            for (name, value) in headers {
                if let Ok(value) = http::HeaderValue::from_bytes(&value) {
                    request.headers_mut().insert(name, value);
                }
            }
            // A fault that the request itself has made strikes later calls, not this one.
            let status = sandbox.handle(request).await.unwrap().status();
            prop_assert!(status < StatusCode::INTERNAL_SERVER_ERROR, "{}", status);
            Ok(())
        })?;
    }
}
