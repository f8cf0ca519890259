//! The dashboard: what it shows, what its buttons do, who may press them, and that it follows.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use bytes::Bytes;
use enkash_sandbox::{Delivery, DeliveryState, Fault, FaultKind, Sandbox};
use enkash_transport::Transport as _;
use enkash_types::gateway::{
    CreateQrCustomer, CreateSplitAccount, CreateUpiQr, CreatedOrder, CustomerKeyContact,
    OrderStatus, PaymentDetail, ValidatePaymentOtp,
};
use http::header::{ALLOW, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION};
use http::{Request, Response};
use serde_json::{Value, json};

use crate::client::{Client, control, does, order, start};
use crate::listener::Listener;
use crate::payments::card;

const ROOT: &str = "/_sandbox/dashboard";

async fn get(sandbox: &Sandbox, path: &str) -> Response<Bytes> {
    let request = Request::get(path).body(Bytes::new()).unwrap();
    sandbox.handle(request).await.unwrap()
}

/// The text of a page that is there.
async fn page(sandbox: &Sandbox, path: &str) -> String {
    let response = get(sandbox, path).await;
    assert_eq!(response.status(), 200, "{path}");
    text(&response)
}

fn text(response: &Response<Bytes>) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}

/// What the form of a button sends, without a browser.
async fn press(sandbox: &Sandbox, act: &str, form: &'static str) -> Response<Bytes> {
    let path = format!("{ROOT}/do{act}?back=%2F_sandbox%2Fdashboard%2Forders");
    let request = Request::post(path).body(form.into()).unwrap();
    sandbox.handle(request).await.unwrap()
}

fn id(order: &CreatedOrder) -> &str {
    order.order_id.as_ref().unwrap().as_str()
}

/// Where the links of a page lead.
fn links(page: &str) -> impl Iterator<Item = String> + '_ {
    let links = page.split("href=\"").skip(1);
    links.map(|rest| {
        let link = rest.split('"').next().unwrap();
        link.split('#').next().unwrap().replace("&amp;", "&")
    })
}

/// The ids of the orders that are listed on a page, in their order.
fn listed(page: &str) -> Vec<String> {
    let rows = page.split("<tr id=\"order-").skip(1);
    rows.map(|row| {
        let (_, cell) = row.split_once("<a class=\"row\"").unwrap();
        let (_, name) = cell.split_once('>').unwrap();
        name.split('<').next().unwrap().to_owned()
    })
    .collect()
}

/// A sandbox in which a bit of everything has happened; gives what must not be seen.
async fn busy(sandbox: &Sandbox, listener: &Listener) -> Vec<String> {
    let client = Client::new(sandbox).await;
    let mut told = order("INV1");
    told.notify_url = Some(listener.url.as_str().into());
    told.description = Some("<script>alert(1)</script>".to_owned());
    let told = client.call(told).await.unwrap();
    let paid = client.pay(&told).await;
    client.refund(&paid, "100", "R1").await.unwrap();
    let by_card = client.order("INV2").await;
    let waits = client.submit(&by_card, card("4111111111111111")).await;
    let otp = ValidatePaymentOtp::new(waits.transaction_id().unwrap(), "987123");
    let _ = client.call(otp).await;
    client.order("INV3").await;
    does(sandbox, "settlements/run", Value::Null).await;
    let code = json!({"amount": 250.5, "description": "Till 1"});
    let code = CreateUpiQr::new(serde_json::from_value(code).unwrap());
    client.call(code).await.unwrap();
    let contact = CustomerKeyContact::new("Asha", "Asha Stores", "0000000000");
    let mut customer = CreateQrCustomer::new(vec![contact]);
    customer.account_number = Some("50100123456789".into());
    client.call(customer).await.unwrap();
    let account = json!({"name": "Asha Stores", "accountNumber": "60100123456789"});
    let account = CreateSplitAccount::new(serde_json::from_value(account).unwrap());
    client.call(account).await.unwrap();
    sandbox
        .fault(Fault::new("create_order", FaultKind::Slow).times(2))
        .unwrap();
    get(sandbox, &format!("/rewards/{}", client.merchant.expose())).await;
    let credentials = sandbox.credentials();
    let mut secrets: Vec<String> = [
        &client.merchant,
        &client.oauth,
        &credentials.access_key,
        &credentials.secret_key,
        &credentials.client_secret,
        &credentials.password,
    ]
    .map(|secret| secret.expose().to_owned())
    .into();
    secrets.extend(
        [
            "4111111111111111",
            "987123",
            "50100123456789",
            "60100123456789",
            "<script>alert",
        ]
        .map(str::to_owned),
    );
    secrets
}

#[tokio::test]
async fn every_link_leads_somewhere_and_no_page_shows_a_secret() {
    let listener = Listener::start(&[]).await;
    let sandbox = start().await;
    let secrets = busy(&sandbox, &listener).await;
    let mut found = VecDeque::from(["/".to_owned()]);
    let (mut seen, mut masked) = (BTreeSet::new(), false);
    while let Some(path) = found.pop_front() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let page = page(&sandbox, &path).await;
        if path != "/" && !path.starts_with(ROOT) {
            continue;
        }
        for secret in &secrets {
            assert!(!page.contains(secret), "{path} shows {secret}");
        }
        masked |= page.contains("411111XXXXXX1111");
        found.extend(links(&page).filter(|link| link.starts_with('/')));
    }
    assert!(masked, "the card is shown by its first and last digits");
    for kind in [
        "orders",
        "payments",
        "refunds",
        "settlements",
        "webhooks",
        "calls",
        "qr-codes",
        "customers",
        "split-accounts",
    ] {
        let one = format!("{ROOT}/{kind}/");
        assert!(
            seen.iter().any(|path| path.starts_with(&one)),
            "none of {kind} was reached: {seen:?}"
        );
    }
}

#[tokio::test]
async fn an_order_is_shown_with_all_that_happened_to_it() {
    let listener = Listener::start(&[]).await;
    let sandbox = start().await;
    busy(&sandbox, &listener).await;
    let shown = page(&sandbox, &format!("{ROOT}/orders/INV1")).await;
    for part in [
        "<h1>INV1</h1>",
        "₹499.50",
        "PAID",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "PARTIALLY_REFUNDED",
        "success@sandbox",
        "/_sandbox/dashboard/refunds/R1",
        "#1 notify_payment",
        "create_order",
    ] {
        assert!(shown.contains(part), "{part}: {shown}");
    }
    assert!(!shown.contains("/orders/INV1/pay"), "it is over");
    let open = page(&sandbox, &format!("{ROOT}/orders/INV3")).await;
    for act in ["pay", "fail", "cancel", "expire"] {
        assert!(open.contains(&format!("/{act}?back=")), "{act}: {open}");
    }
    let missing = get(&sandbox, &format!("{ROOT}/orders/INV9")).await;
    assert_eq!(missing.status(), 404);
    assert!(text(&missing).contains("Nothing here"));
}

#[tokio::test]
async fn a_payout_is_shown_with_its_lines_and_sums() {
    let listener = Listener::start(&[]).await;
    let sandbox = start().await;
    busy(&sandbox, &listener).await;
    let list = page(&sandbox, &format!("{ROOT}/settlements")).await;
    let one = format!("{ROOT}/settlements/");
    let payout = links(&list).find(|link| link.starts_with(&one)).unwrap();
    let payout = page(&sandbox, &payout).await;
    for sum in ["₹499.50", "− <span class=\"sum\">₹100.00", "₹399.50"] {
        assert!(payout.contains(sum), "{sum}: {payout}");
    }
    assert!(payout.contains("What is in it: 2"), "{payout}");
}

#[tokio::test]
async fn a_long_list_comes_in_pages_the_newest_first() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    for number in 0..120 {
        client.order(&format!("INV{number}")).await;
    }
    let mut path = format!("{ROOT}/orders");
    let mut all = Vec::new();
    let mut sizes = Vec::new();
    loop {
        let page = page(&sandbox, &path).await;
        let rows = listed(&page);
        sizes.push(rows.len());
        all.extend(rows);
        if all.len() == 50 {
            // What comes in between does not move what is older.
            client.order("LATER").await;
        }
        let Some((_, older)) = page.split_once("id=\"older\" href=\"") else {
            break;
        };
        path = older.split('"').next().unwrap().to_owned();
    }
    assert_eq!(sizes, [50, 50, 20]);
    let newest_first: Vec<_> = (0..120)
        .rev()
        .map(|number| format!("INV{number}"))
        .collect();
    assert_eq!(all, newest_first);
    assert_eq!(
        listed(&page(&sandbox, &format!("{ROOT}/orders")).await)[0],
        "LATER"
    );

    // Calls are kept by number.
    let calls = page(&sandbox, &format!("{ROOT}/calls")).await;
    assert_eq!(calls.matches("<tr id=\"call-").count(), 50);
    let older = links(&calls).find(|link| link.contains("before=")).unwrap();
    let older = page(&sandbox, &older).await;
    assert_eq!(older.matches("<tr id=\"call-").count(), 50);
    for number in 0..1000 {
        let both = format!("<tr id=\"call-{number}\"");
        assert!(
            !(calls.contains(&both) && older.contains(&both)),
            "{number}"
        );
    }
    for nonsense in ["before=0", "before=x", "before=99999999999999999999"] {
        page(&sandbox, &format!("{ROOT}/orders?{nonsense}")).await;
    }
}

#[tokio::test]
async fn of_many_attempts_to_pay_an_order_the_last_are_shown() {
    let sandbox = start().await;
    Client::new(&sandbox).await.order("INV1").await;
    for _ in 0..60 {
        does(&sandbox, "orders/INV1/fail", Value::Null).await;
    }
    let shown = page(&sandbox, &format!("{ROOT}/orders/INV1")).await;
    assert_eq!(shown.matches("<tr id=\"payment-").count(), 50);
    assert!(shown.contains("These are the last of 60."), "{shown}");
}

#[tokio::test]
async fn any_id_is_found() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client.order("INV1").await;
    let payment = client.pay(&created).await;
    client.refund(&payment, "1", "R1").await.unwrap();
    let read = client.read(&created).await;
    let unique = read.transactions.unwrap()[0].extra["uniqueTransactionId"].clone();
    let order = format!("{ROOT}/orders/{}", id(&created));
    let paid = format!("{ROOT}/payments/{payment}");
    for (given, leads_to) in [
        ("INV1", &order),
        (id(&created), &order),
        ("%20INV1%20", &order),
        (payment.as_str(), &paid),
        (unique.as_str().unwrap(), &paid),
        ("R1", &format!("{ROOT}/refunds/R1")),
        ("%231", &format!("{ROOT}/calls/1")),
    ] {
        let found = get(&sandbox, &format!("{ROOT}/find?id={given}")).await;
        assert_eq!(found.status(), 303, "{given}");
        assert_eq!(found.headers()[LOCATION], leads_to.as_str());
    }
    for unknown in ["NOPE", "INV", "", "%3Cb%3E"] {
        let page = page(&sandbox, &format!("{ROOT}/find?id={unknown}")).await;
        assert!(page.contains("Nothing has this id"), "{page}");
        assert!(!page.contains("<b>"), "{page}");
    }
}

#[tokio::test]
async fn a_number_of_several_things_leads_to_all_of_them() {
    let listener = Listener::start(&[]).await;
    let sandbox = start().await;
    busy(&sandbox, &listener).await;
    let found = page(&sandbox, &format!("{ROOT}/find?id=1")).await;
    assert!(found.contains("/dashboard/calls/1\""), "{found}");
    assert!(found.contains("/dashboard/webhooks/1\""), "{found}");
}

#[tokio::test]
async fn buttons_do_what_the_control_surface_does() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client.order("INV1").await;
    let failed = press(&sandbox, "/orders/INV1/fail", "paymentMode=CREDIT_CARD").await;
    assert_eq!(failed.status(), 303);
    assert_eq!(failed.headers()[LOCATION], "/_sandbox/dashboard/orders");
    assert_eq!(client.status(&created).await, OrderStatus::Attempted);
    press(&sandbox, "/orders/INV1/pay", "paymentMode=UPI").await;
    assert_eq!(client.status(&created).await, OrderStatus::Paid);

    let over = press(&sandbox, "/orders/INV1/cancel", "").await;
    assert_eq!(over.status(), 409);
    assert!(text(&over).contains("the order is PAID already"));
    for (act, form, status) in [
        ("/orders/INV9/pay", "", 404),
        ("/nothing", "", 404),
        ("/orders/INV1/pay", "paymentMode=GOLD", 422),
        ("/clock", "%23advanceSeconds=soon", 400),
    ] {
        assert_eq!(press(&sandbox, act, form).await.status(), status, "{act}");
    }

    let before = sandbox.clock().moved_by();
    press(&sandbox, "/clock", "%23advanceSeconds=3600").await;
    assert_eq!(
        sandbox.clock().moved_by() - before,
        Duration::from_secs(3600)
    );
}

#[tokio::test]
async fn a_payment_that_waits_is_approved() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client.order("INV1").await;
    let waits = client
        .submit(&created, PaymentDetail::upi("asha@examplebank"))
        .await;
    let payment = waits.transaction_id().unwrap();
    let path = format!("/payments/{payment}/approve");
    let shown = page(&sandbox, &format!("{ROOT}/payments/{payment}")).await;
    assert!(shown.contains(&path), "{shown}");
    press(&sandbox, &path, "").await;
    assert_eq!(client.status(&created).await, OrderStatus::Paid);
    let shown = page(&sandbox, &format!("{ROOT}/payments/{payment}")).await;
    assert!(!shown.contains(&path), "there is no more to decide");
}

#[tokio::test]
async fn faults_are_added_and_removed_one_by_one() {
    let sandbox = start().await;
    let add = "operation=*&kind=slow&%23count=2&%23seconds=30";
    press(&sandbox, "/faults", add).await;
    press(
        &sandbox,
        "/faults",
        "operation=create_order&kind=reset&%23count=1&%23seconds=60",
    )
    .await;
    let shown = page(&sandbox, &format!("{ROOT}/faults")).await;
    assert!(shown.contains("Remove slow of any"), "{shown}");
    assert!(shown.contains("Remove reset of create_order"), "{shown}");
    press(&sandbox, "/faults/remove", add).await;
    let (_, left) = control(&sandbox, "GET", "faults", Value::Null).await;
    assert_eq!(left["faults"].as_array().unwrap().len(), 1, "{left}");
    assert_eq!(left["faults"][0]["kind"], "reset");
    let gone = press(&sandbox, "/faults/remove", add).await;
    assert_eq!(gone.status(), 404);
    assert!(text(&gone).contains("it may have struck"));
}

/// Waits until the first webhook was tried so often.
async fn tried(sandbox: &Sandbox, times: usize) -> Delivery {
    sandbox
        .wait_for(|sandbox| {
            let first = sandbox.webhooks().into_iter().next()?;
            (first.tries.len() == times).then_some(first)
        })
        .await
}

#[tokio::test]
async fn a_webhook_is_sent_again_with_the_same_body() {
    let listener = Listener::start(&[]).await;
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut told = order("INV1");
    told.notify_url = Some(listener.url.as_str().into());
    client.call(told).await.unwrap();
    does(&sandbox, "orders/INV1/pay", Value::Null).await;
    tried(&sandbox, 1).await;

    let pressed = press(&sandbox, "/webhooks/1/resend", "").await;
    assert_eq!(pressed.status(), 303);
    tried(&sandbox, 2).await;
    let again = does(&sandbox, "webhooks/1/resend", Value::Null).await;
    assert_eq!(again["webhook"]["state"], "waiting");
    tried(&sandbox, 3).await;
    assert_eq!(sandbox.resend(1).unwrap().state, DeliveryState::Waiting);
    let delivery = tried(&sandbox, 4).await;
    assert_eq!(delivery.state, DeliveryState::Delivered);

    let received = listener.received();
    assert_eq!(received.len(), 4);
    assert!(received.iter().all(|(_, body)| *body == received[0].1));
    let shown = page(&sandbox, &format!("{ROOT}/webhooks/1")).await;
    assert_eq!(shown.matches("<tr id=\"try-").count(), 4);

    assert!(sandbox.resend(2).is_none());
    assert_eq!(
        press(&sandbox, "/webhooks/2/resend", "").await.status(),
        404
    );
}

#[tokio::test]
async fn what_may_not_be_sent_has_no_button() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut told = order("INV1");
    told.notify_url = Some("https://shop.example.in/hook".into());
    client.call(told).await.unwrap();
    does(&sandbox, "orders/INV1/pay", Value::Null).await;
    let shown = page(&sandbox, &format!("{ROOT}/webhooks/1")).await;
    assert!(shown.contains("this machine only"), "{shown}");
    assert!(!shown.contains("/resend"), "{shown}");
    sandbox.resend(1);
    let sent = sandbox.webhooks().remove(0);
    assert_eq!((sent.state, sent.tries.len()), (DeliveryState::NotSent, 0));
}

/// A press of a button, as a browser sends it.
fn pressed(path: &str, headers: &[(&str, &str)]) -> Request<Bytes> {
    let mut request = Request::post(path).header("host", "127.0.0.1:4010");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Bytes::new()).unwrap()
}

#[tokio::test]
async fn pages_of_other_sites_can_press_no_button() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client.order("INV1").await;
    for path in [
        "/_sandbox/dashboard/do/orders/INV1/pay",
        "/_sandbox/orders/INV1/pay",
    ] {
        for headers in [
            &[("origin", "https://shop.example.in")][..],
            &[("origin", "http://127.0.0.1:3000")],
            &[("origin", "null")],
            &[("sec-fetch-site", "cross-site")],
            &[
                ("origin", "http://127.0.0.1:4010"),
                ("sec-fetch-site", "same-site"),
            ],
        ] {
            let refused = sandbox.handle(pressed(path, headers)).await.unwrap();
            assert_eq!(refused.status(), 403, "{path} {headers:?}");
        }
    }
    assert_eq!(client.status(&created).await, OrderStatus::Created);

    let own = [
        ("origin", "http://127.0.0.1:4010"),
        ("sec-fetch-site", "same-origin"),
    ];
    let path = "/_sandbox/dashboard/do/orders/INV1/pay";
    let done = sandbox.handle(pressed(path, &own)).await.unwrap();
    assert_eq!(done.status(), 303);
    assert_eq!(client.status(&created).await, OrderStatus::Paid);
}

#[tokio::test]
async fn a_name_that_another_lets_point_here_sees_nothing() {
    let sandbox = start().await;
    for (host, status) in [
        ("127.0.0.1:4010", 200),
        ("localhost:4010", 200),
        ("rebound.example.in:4010", 403),
    ] {
        let request = Request::get("/").header("host", host);
        let request = request.body(Bytes::new()).unwrap();
        let response = sandbox.handle(request).await.unwrap();
        assert_eq!(response.status(), status, "{host}");
    }
}

#[tokio::test]
async fn a_button_leads_back_to_the_dashboard_alone() {
    let sandbox = start().await;
    for (back, leads_to) in [
        ("%2F_sandbox%2Fdashboard%2Ftime", "/_sandbox/dashboard/time"),
        (
            "%2F_sandbox%2Fdashboard%2Forders%3Fbefore%3D9",
            "/_sandbox/dashboard/orders?before=9",
        ),
        ("%2F", "/"),
        ("https%3A%2F%2Fshop.example.in%2F", "/"),
        ("%2F%2Fshop.example.in%2F", "/"),
        ("", "/"),
    ] {
        let path = format!("{ROOT}/do/clock?back={back}");
        let request = Request::post(path).body("%23advanceSeconds=0".into());
        let done = sandbox.handle(request.unwrap()).await.unwrap();
        assert_eq!(done.headers()[LOCATION], leads_to, "{back}");
    }
}

#[tokio::test]
async fn nothing_but_its_own_style_and_script_runs_in_a_page() {
    let sandbox = start().await;
    let home = get(&sandbox, "/").await;
    assert_eq!(home.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
    let policy = home.headers()[CONTENT_SECURITY_POLICY].to_str().unwrap();
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(!policy.contains("unsafe"), "{policy}");
    let home = text(&home);
    assert!(home.contains("This is a sandbox."), "{home}");
    assert!(home.contains(&sandbox.url()), "{home}");
    for inline in [" style=", " onclick=", "javascript:"] {
        assert!(!home.contains(inline), "{inline}");
    }
    let request = Request::post("/").body(Bytes::new()).unwrap();
    let refused = sandbox.handle(request).await.unwrap();
    assert_eq!(
        (refused.status().as_u16(), &refused.headers()[ALLOW]),
        (405, &"GET".parse().unwrap())
    );
}

/// Asks for a page as the script of one does that has it already.
fn again(path: &str, have: &Response<Bytes>, wait: Option<&str>) -> Request<Bytes> {
    let mut request = Request::get(path).header(IF_NONE_MATCH, &have.headers()[ETAG]);
    if let Some(wait) = wait {
        request = request.header("prefer", wait);
    }
    request.body(Bytes::new()).unwrap()
}

#[tokio::test]
async fn a_page_is_answered_as_soon_as_something_on_it_changes() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client.order("INV1").await;
    let path = format!("{ROOT}/orders");
    let have = get(&sandbox, &path).await;
    let same = sandbox.handle(again(&path, &have, None)).await.unwrap();
    assert_eq!(same.status(), 304);
    assert!(same.body().is_empty());

    let waits = sandbox.handle(again(&path, &have, Some("wait=60")));
    let (answer, _) = tokio::join!(waits, client.order("INV2"));
    let have = answer.unwrap();
    assert_eq!(have.status(), 200);
    assert_eq!(listed(&text(&have)), ["INV2", "INV1"]);

    // What happens by itself, and the clock, are changes as well.
    let waits = sandbox.handle(again(&path, &have, Some("wait=60")));
    let moves = async {
        sandbox
            .control("clock", json!({"advanceSeconds": 60}))
            .await
    };
    let (answer, _) = tokio::join!(waits, moves);
    let have = answer.unwrap();
    assert_eq!(have.status(), 200);
    assert!(text(&have).contains("moved"));

    let other = get(&sandbox, &path).await;
    assert_eq!(
        other.headers()[ETAG],
        have.headers()[ETAG],
        "to look changes nothing"
    );
    assert!(
        sandbox
            .calls()
            .iter()
            .all(|call| !call.path.contains("dashboard"))
    );
}

#[tokio::test]
async fn who_waits_is_let_go_at_the_stop() {
    let sandbox = start().await;
    let have = get(&sandbox, "/").await;
    let way_in = sandbox.in_process();
    let waits = way_in.send(again("/", &have, Some("wait=60")));
    let (answer, ()) = tokio::join!(waits, sandbox.stop());
    assert_eq!(answer.unwrap().status(), 304);
}
