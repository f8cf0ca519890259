//! What a sandbox serves besides the declared operations and its pages.

use std::sync::OnceLock;

use bytes::Bytes;
use enkash_sandbox::Sandbox;
use futures_util::FutureExt as _;
use http::{Method, Request};
use serde_json::Value;

/// The control surface, as the sandbox lists it, and the calls of EnKash's browser checkout.
pub(super) struct Surface(pub(super) Vec<Service>);

/// Something that is served.
pub(super) struct Service {
    pub(super) method: Method,
    /// `{name}` stands for a field of that name.
    pub(super) path: String,
    /// An example of a body.
    pub(super) body: Value,
}

/// The calls of EnKash's browser checkout: `x-integration-calls` in
/// docs/contract/payment-gateway.yaml.
const BROWSER_CALLS: &[(&str, &str, &str)] = &[
    ("GET", "/pay/checkout/{orderId}", ""),
    (
        "POST",
        "/pay/charge/process",
        r#"{"uniqueTransactionId": "", "publicIdentifierKey": "", "transactionId": "",
            "paymentDetail": {"paymentMode": "NET_BANKING", "bankCode": "SBOK"},
            "surcharge": "0.00", "surchargeGst": 18, "popupMode": false}"#,
    ),
    (
        "POST",
        "/pay/charge/process",
        r#"{"uniqueTransactionId": "", "publicIdentifierKey": "", "transactionId": "",
            "paymentDetail": {"paymentMode": "CREDIT_CARD", "cardHolderName": "Asha Rao",
                "cardNumber": "NDExMTExMTExMTExMTExMQ==", "cvv": "MTIz", "expiry": "MTIvMzk=",
                "paymentType": "NEW_CARD"},
            "surcharge": "0.00", "surchargeGst": 18, "popupMode": true}"#,
    ),
    (
        "POST",
        "/pay/charge/intent-transaction",
        r#"{"transactionId": "", "paymentMode": "UPI", "bankCode": "phonepe"}"#,
    ),
    ("GET", "/api/v0/transactions/{transactionId}/minimal", ""),
    (
        "GET",
        "/api/v0/bin/details?bin=4111111111&transactionId={transactionId}",
        "",
    ),
    (
        "PATCH",
        "/pay/checkout/customer-info/{transactionId}",
        r#"{"customerEmail": "user@example.in", "customerMobile": "9000000000",
            "merchantAccessKey": "sandbox-access-key"}"#,
    ),
    (
        "PATCH",
        "/pay/charge/expire",
        r#"{"transactionId": "", "remark": "late"}"#,
    ),
    (
        "PATCH",
        "/pay/charge/cancel",
        r#"{"transactionId": "", "remark": "no"}"#,
    ),
    (
        "PATCH",
        "/pay/charge/order/cancel",
        r#"{"transactionId": "", "reason": "no"}"#,
    ),
];

impl Surface {
    /// That of any sandbox; it is the same for all of them.
    pub(super) fn of(sandbox: &Sandbox) -> &'static Self {
        static SURFACE: OnceLock<Surface> = OnceLock::new();
        SURFACE.get_or_init(|| {
            let list = Request::get("/_sandbox/")
                .body(Bytes::new())
                .expect("a request");
            let list = sandbox
                .handle(list)
                .now_or_never()
                .expect("at once")
                .expect("a list");
            let list: Value = serde_json::from_slice(list.body()).expect("JSON");
            let controls = list["control"].as_array().expect("the control surface");
            let controls = controls.iter().map(|control| {
                let text = |name: &str| control[name].as_str().expect(name);
                // An example of the body stands in the words that say what it does.
                let does = text("does");
                let body = does.find('{').zip(does.rfind('}'));
                let body = body.map_or("", |(start, end)| &does[start..=end]);
                Service::new(text("method"), text("path"), body)
            });
            let calls = BROWSER_CALLS.iter();
            let calls = calls.map(|(method, path, body)| Service::new(method, path, body));
            Surface(controls.chain(calls).collect())
        })
    }
}

impl Service {
    fn new(method: &str, path: &str, body: &str) -> Self {
        Self {
            method: method.parse().expect("it is a method"),
            path: path.to_owned(),
            body: serde_json::from_str(body).unwrap_or_default(),
        }
    }
}
