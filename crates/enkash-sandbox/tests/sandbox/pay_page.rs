//! The page on which an order is paid.

use std::collections::BTreeMap;

use bytes::Bytes;
use enkash_sandbox::Sandbox;
use enkash_types::gateway::{CreatedOrder, OrderStatus};
use http::header::{ALLOW, CONTENT_TYPE, LOCATION};
use http::{Request, Response};

use crate::client::{Client, order, start};

async fn get(sandbox: &Sandbox, url: &str) -> Response<Bytes> {
    let request = Request::get(url).body(Bytes::new()).unwrap();
    sandbox.handle(request).await.unwrap()
}

async fn post(sandbox: &Sandbox, url: &str, form: &'static str) -> Response<Bytes> {
    let request = Request::post(url).body(form.into()).unwrap();
    sandbox.handle(request).await.unwrap()
}

fn url(created: &CreatedOrder) -> String {
    created.redirection_url.as_ref().unwrap().to_string()
}

fn text(response: &Response<Bytes>) -> String {
    String::from_utf8(response.body().to_vec()).unwrap()
}

#[tokio::test]
async fn the_page_shows_the_order_and_that_it_is_a_sandbox() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = order("INV1");
    request.description = Some("<script>alert(\"1\")</script> & 'more'".to_owned());
    let created = client.call(request).await.unwrap();
    assert_eq!(client.status(&created).await, OrderStatus::Created);

    let page = get(&sandbox, &url(&created)).await;
    assert_eq!(page.status(), 200);
    assert_eq!(page.headers()[CONTENT_TYPE], "text/html; charset=utf-8");
    let page = text(&page);
    assert!(
        page.contains("This is a sandbox. No money moves."),
        "{page}"
    );
    assert!(page.contains("<h1>Pay 499.50 INR</h1>"), "{page}");
    assert!(page.contains("Order INV1 (ORD"), "{page}");
    assert!(!page.contains("<script"), "{page}");
    assert!(
        page.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;"),
        "{page}"
    );
    assert_eq!(client.status(&created).await, OrderStatus::CheckoutRendered);
}

#[tokio::test]
async fn paying_sends_the_browser_back_with_the_outcome() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = order("INV1");
    request.return_url = Some("https://shop.example.in/thanks?cart=7".into());
    let created = client.call(request).await.unwrap();
    let page = url(&created);

    let returned = post(&sandbox, &format!("{page}/fail"), "").await;
    assert_eq!(returned.status(), 303);
    let fields = returned_fields(&returned);
    assert_eq!(fields["status"], "FAILED");
    assert_eq!(fields["orderStatus"], "ATTEMPTED");

    let form = "paymentMode=NET_BANKING";
    let returned = post(&sandbox, &format!("{page}/pay"), form).await;
    let mut fields = returned_fields(&returned);
    assert_eq!(
        fields.remove("orderId").unwrap(),
        created.order_id.as_ref().unwrap().as_str()
    );
    assert!(
        fields
            .remove("transactionId")
            .unwrap()
            .starts_with("EK1767225600000")
    );
    assert!(
        fields
            .remove("uniqueTransactionId")
            .unwrap()
            .starts_with("EK")
    );
    let rest: Vec<_> = fields
        .iter()
        .map(|(name, value)| (&**name, &**value))
        .collect();
    assert_eq!(
        rest,
        [
            ("amount", "499.50"),
            ("cart", "7"),
            ("checksum", "sandbox-no-checksum"),
            ("currency", "INR"),
            ("finalAmount", "499.50"),
            ("orderStatus", "PAID"),
            ("paymentMode", "NET_BANKING"),
            ("status", "SUCCESS"),
            ("transactionAmount", "499.50"),
            ("transactionMessage", "Completed."),
            ("txnDate", "2026-01-01 05:30:00"),
            ("txnMessage", "Completed."),
        ]
    );
    assert_eq!(client.status(&created).await, OrderStatus::Paid);

    let again = post(&sandbox, &format!("{page}/pay"), "").await;
    assert_eq!(again.status(), 409);
    assert!(text(&again).contains("This order is PAID; nothing was done."));
    assert!(!text(&get(&sandbox, &page).await).contains("<form"));
}

fn returned_fields(response: &Response<Bytes>) -> BTreeMap<String, String> {
    let location = response.headers()[LOCATION].to_str().unwrap();
    let (address, query) = location.split_once('?').unwrap();
    assert_eq!(address, "https://shop.example.in/thanks");
    serde_urlencoded::from_str(query).unwrap()
}

#[tokio::test]
async fn giving_up_after_a_failed_attempt_tells_of_the_order_alone() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = order("INV1");
    request.return_url = Some("https://shop.example.in/thanks".into());
    let page = url(&client.call(request).await.unwrap());
    post(&sandbox, &format!("{page}/fail"), "").await;
    let fields = returned_fields(&post(&sandbox, &format!("{page}/cancel"), "").await);
    assert_eq!(fields["status"], "CANCELLED");
    assert_eq!(fields["orderStatus"], "CANCELLED");
    assert!(!fields.contains_key("transactionId"));
}

#[tokio::test]
async fn without_a_return_address_the_browser_stays() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client.order("INV1").await;
    let page = url(&created);
    let returned = post(&sandbox, &format!("{page}/pay"), "").await;
    assert_eq!(returned.status(), 303);
    assert_eq!(
        page,
        format!(
            "{}{}",
            sandbox.url(),
            returned.headers()[LOCATION].to_str().unwrap()
        )
    );
    assert!(text(&get(&sandbox, &page).await).contains("is PAID"));
}

#[tokio::test]
async fn a_return_address_in_any_script_is_followed() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let mut request = order("INV1");
    request.return_url = Some("https://shop.example.in/धन्यवाद#ok".into());
    let page = url(&client.call(request).await.unwrap());
    let returned = post(&sandbox, &format!("{page}/cancel"), "").await;
    let location = returned.headers()[LOCATION].to_str().unwrap();
    assert!(
        location.starts_with("https://shop.example.in/%E0%A4%A7"),
        "{location}"
    );
    assert!(location.ends_with("&status=CANCELLED#ok"), "{location}");
}

#[tokio::test]
async fn what_is_not_there_is_said() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let page = url(&client.order("INV1").await);
    assert_eq!(get(&sandbox, "/v1/pay/ORD1").await.status(), 404);
    assert_eq!(post(&sandbox, "/v1/pay/ORD1/pay", "").await.status(), 404);
    assert_eq!(get(&sandbox, &format!("{page}/refund")).await.status(), 404);
    let wrong = post(&sandbox, &page, "").await;
    assert_eq!(
        (wrong.status().as_u16(), &wrong.headers()[ALLOW]),
        (405, &"GET".parse().unwrap())
    );
    assert_eq!(get(&sandbox, &format!("{page}/pay")).await.status(), 405);
    let mode = "paymentMode=BARTER";
    assert_eq!(
        post(&sandbox, &format!("{page}/pay"), mode).await.status(),
        422
    );
    let twice = "paymentMode=UPI&paymentMode=UPI";
    assert_eq!(
        post(&sandbox, &format!("{page}/pay"), twice).await.status(),
        400
    );
}
