//! The page that an order's `redirectionUrl` opens.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use enkash_api::types::gateway::{CreatedOrder, OrderStatus};
use enkash_sandbox::DeliveryState;
use fantoccini::key::Key;
use http::Request;
use serde_json::Value;

use crate::scenario::{Scenario, Screen};
use crate::stage::Stage;

pub(crate) const SCENARIOS: &[Scenario] = &[
    Scenario::new("checkout: UPI address", Screen::Desktop, |stage| {
        Box::pin(upi_address(stage))
    }),
    Scenario::new("checkout: UPI app on a phone", Screen::Phone, |stage| {
        Box::pin(upi_app(stage))
    }),
    Scenario::new(
        "checkout: code scanned elsewhere",
        Screen::Desktop,
        |stage| Box::pin(scanned_elsewhere(stage)),
    ),
    Scenario::new("checkout: card", Screen::Desktop, |stage| {
        Box::pin(card(stage))
    }),
    Scenario::new("checkout: card on a phone", Screen::Phone, |stage| {
        Box::pin(card(stage))
    }),
    Scenario::new(
        "checkout: card on a phone without JavaScript",
        Screen::Phone,
        |stage| Box::pin(card(stage)),
    )
    .without_javascript(),
    Scenario::new("checkout: net banking", Screen::Desktop, |stage| {
        Box::pin(bank(stage, "Net banking", "NET_BANKING"))
    }),
    Scenario::new("checkout: net banking on a phone", Screen::Phone, |stage| {
        Box::pin(bank(stage, "Net banking", "NET_BANKING"))
    }),
    Scenario::new("checkout: wallet on a phone", Screen::Phone, |stage| {
        Box::pin(bank(stage, "Wallet", "WALLET"))
    }),
    Scenario::new("checkout: wallet", Screen::Desktop, |stage| {
        Box::pin(bank(stage, "Wallet", "WALLET"))
    }),
    Scenario::new("checkout: by keyboard alone", Screen::Desktop, |stage| {
        Box::pin(by_keyboard(stage))
    }),
    Scenario::new("checkout: wrong card", Screen::Desktop, |stage| {
        Box::pin(wrong_card(stage))
    }),
    Scenario::new("checkout: wrong card on a phone", Screen::Phone, |stage| {
        Box::pin(wrong_card(stage))
    }),
    Scenario::new("checkout: wrong OTP thrice", Screen::Phone, |stage| {
        Box::pin(wrong_otp(stage))
    }),
    Scenario::new("checkout: declined", Screen::Desktop, |stage| {
        Box::pin(declined(stage))
    }),
    Scenario::new("checkout: pending, then paid", Screen::Desktop, |stage| {
        Box::pin(pending(stage))
    }),
    Scenario::new(
        "checkout: pending, then paid, without JavaScript",
        Screen::Phone,
        |stage| Box::pin(pending(stage)),
    )
    .without_javascript(),
    Scenario::new("checkout: test instruments", Screen::Desktop, |stage| {
        Box::pin(test_instruments(stage))
    }),
    Scenario::new("checkout: the shop is told", Screen::Phone, |stage| {
        Box::pin(the_shop_is_told(stage))
    }),
    Scenario::new("checkout: give up", Screen::Phone, |stage| {
        Box::pin(give_up(stage))
    }),
    Scenario::new("checkout: over and gone", Screen::Phone, |stage| {
        Box::pin(over_and_gone(stage))
    }),
    Scenario::new("checkout: in a frame", Screen::Desktop, |stage| {
        Box::pin(in_a_frame(stage))
    }),
    Scenario::new("checkout: in a frame on a phone", Screen::Phone, |stage| {
        Box::pin(in_a_frame(stage))
    }),
    Scenario::new("checkout: in a frame, given up", Screen::Desktop, |stage| {
        Box::pin(dismissed(stage))
    }),
];

pub(super) fn page_of(order: &CreatedOrder) -> anyhow::Result<String> {
    let page = order
        .redirection_url
        .as_ref()
        .context("the order has no page")?;
    Ok(page.to_string())
}

/// The order is what its page led the payer to think.
pub(super) async fn ensure_is(
    stage: &Stage,
    order: &CreatedOrder,
    status: OrderStatus,
) -> anyhow::Result<()> {
    let id = order.order_id.clone().context("the order has no id")?;
    let read = stage.client.gateway().orders().get(id).await?;
    ensure!(
        read.status.as_ref() == Some(&status),
        "{:?}, not {status}",
        read.status
    );
    Ok(())
}

/// An order, and its page open.
async fn open_page(stage: &mut Stage) -> anyhow::Result<CreatedOrder> {
    let order = stage.order("INV2041", "499.50").await?;
    stage.browser.open(&page_of(&order)?).await?;
    stage
        .browser
        .see("This is a sandbox. No money moves.")
        .await?;
    Ok(order)
}

/// The browser came back to the shop, and brought that the order is paid.
async fn ensure_paid(stage: &mut Stage, order: &CreatedOrder, mode: &str) -> anyhow::Result<()> {
    stage.browser.see("Thank you").await?;
    let visit = stage.merchant.visit("/thanks").await?;
    let query = |name: &str| visit.query.get(name).map(String::as_str);
    ensure!(query("status") == Some("SUCCESS"), "{visit:?}");
    ensure!(query("orderStatus") == Some("PAID"), "{visit:?}");
    ensure!(query("paymentMode") == Some(mode), "{visit:?}");
    ensure!(
        query("orderId") == order.order_id.as_ref().map(|id| id.as_str()),
        "{visit:?}"
    );
    ensure_is(stage, order, OrderStatus::Paid).await
}

/// Fills the form of a card in and sends it.
async fn type_card(stage: &Stage, number: &str) -> anyhow::Result<()> {
    let browser = &stage.browser;
    browser.fill("Card number", number).await?;
    browser.fill("Expiry", "12/30").await?;
    browser.fill("CVV", "123").await?;
    browser.fill("Name on the card", "Asha Rao").await?;
    browser.press("Pay ₹499.50").await
}

async fn type_otp(stage: &Stage, otp: &str) -> anyhow::Result<()> {
    stage.browser.fill("One-time password", otp).await?;
    stage.browser.press("Confirm").await
}

async fn upi_address(stage: &mut Stage) -> anyhow::Result<()> {
    let order = open_page(stage).await?;
    let browser = &stage.browser;
    browser.see("Scan with a UPI app").await?;
    browser.fits().await?;
    browser.screenshot("page").await?;
    browser.fill("UPI address", "asha@bank").await?;
    browser.press("Pay ₹499.50").await?;
    browser.see("Approve in your UPI app").await?;
    browser.screenshot("waiting").await?;
    browser.press("Open the sandbox's UPI app").await?;
    browser.see("asha@bank").await?;
    browser.screenshot("app").await?;
    browser.press("Approve").await?;
    ensure_paid(stage, &order, "UPI").await?;

    // There is nothing left to pay.
    let browser = &stage.browser;
    browser.open(&page_of(&order)?).await?;
    browser.see("Paid").await?;
    ensure!(!browser.has("UPI address").await?, "it can be paid again");
    browser.screenshot("paid").await
}

async fn upi_app(stage: &mut Stage) -> anyhow::Result<()> {
    let order = open_page(stage).await?;
    let browser = &stage.browser;
    browser.fits().await?;
    browser.screenshot("page").await?;
    browser.press("Google Pay").await?;
    browser.see("upi://pay").await?;
    browser.fits().await?;
    browser.screenshot("waiting").await?;
    browser.press("Open the sandbox's UPI app").await?;
    browser.fits().await?;
    browser.screenshot("app").await?;
    browser.press("Approve").await?;
    browser.arrive(&stage.merchant.url("/thanks?")).await?;
    ensure_paid(stage, &order, "UPI").await
}

/// The page is open on a desk; the code on it is scanned with a phone.
async fn scanned_elsewhere(stage: &mut Stage) -> anyhow::Result<()> {
    let order = open_page(stage).await?;
    let html = stage.browser.html().await?;
    let app = html.split('"').find(|text| text.ends_with("/app"));
    let approve = app.context("no app")?.replace("/app", "/approve");
    let request = Request::post(approve).body(Default::default())?;
    let approved = stage.sandbox.handle(request).await?;
    ensure!(approved.status() == 303, "{approved:?}");
    ensure_paid(stage, &order, "UPI").await
}

async fn card(stage: &mut Stage) -> anyhow::Result<()> {
    let order = open_page(stage).await?;
    let browser = &stage.browser;
    browser.press("Card").await?;
    browser.fits().await?;
    browser.screenshot("form").await?;
    type_card(stage, "4111111111111111").await?;
    let browser = &stage.browser;
    browser.see("VISA •••• 1111").await?;
    browser.fits().await?;
    browser.screenshot("otp").await?;
    type_otp(stage, "123456").await?;
    ensure_paid(stage, &order, "CREDIT_CARD").await
}

async fn bank(stage: &mut Stage, way: &str, mode: &str) -> anyhow::Result<()> {
    let order = open_page(stage).await?;
    let browser = &stage.browser;
    let asking = match mode {
        "WALLET" => "Sandbox Asking Wallet",
        _ => "Sandbox Asking Bank",
    };
    browser.press(way).await?;
    browser.press(asking).await?;
    browser.fits().await?;
    browser.screenshot("list").await?;
    browser.press("Pay ₹499.50").await?;
    browser.see(asking).await?;
    browser.fits().await?;
    browser.screenshot("house").await?;
    browser.press("Decline").await?;
    browser.see("Payment failed").await?;

    browser.press("Try another way").await?;
    browser.press(way).await?;
    browser.press(asking).await?;
    browser.press("Pay ₹499.50").await?;
    browser.press("Approve").await?;
    ensure_paid(stage, &order, mode).await
}

async fn by_keyboard(stage: &mut Stage) -> anyhow::Result<()> {
    let order = open_page(stage).await?;
    let browser = &stage.browser;
    browser.keys(&[Key::Tab.into()]).await?;
    ensure!(browser.focused().await? == "Skip to the payment");
    browser.keys(&[Key::Enter.into()]).await?;
    browser.tab_to("Card").await?;
    browser.keys(&[Key::Enter.into()]).await?;
    browser.tab_to("Card number").await?;
    browser.type_in("4111111111111111").await?;
    let number = browser.value("Card number").await?;
    ensure!(number == "4111 1111 1111 1111", "{number} is not grouped");
    browser.keys(&[Key::Tab.into()]).await?;
    browser.type_in("1230").await?;
    let expiry = browser.value("Expiry").await?;
    ensure!(expiry == "12/30", "{expiry}");
    browser.keys(&[Key::Tab.into()]).await?;
    browser.type_in("123").await?;
    browser.keys(&[Key::Tab.into()]).await?;
    browser.type_in("Asha Rao").await?;
    browser.keys(&[Key::Tab.into()]).await?;
    ensure!(browser.focused().await? == "Pay ₹499.50");
    browser.screenshot("focus").await?;
    browser.keys(&[Key::Enter.into()]).await?;

    // The field has the focus at once.
    browser.see("one-time password").await?;
    ensure!(browser.focused().await? == "One-time password");
    browser.type_in("123456").await?;
    browser.keys(&[Key::Enter.into()]).await?;
    ensure_paid(stage, &order, "CREDIT_CARD").await
}

async fn wrong_card(stage: &mut Stage) -> anyhow::Result<()> {
    let order = open_page(stage).await?;
    let browser = &stage.browser;
    // The answer to a form that is wrong is no success, which the browser notes.
    browser.expect_log("422");
    browser.press("Card").await?;
    browser.fill("Card number", "4111111111111112").await?;
    browser.fill("Expiry", "12/25").await?;
    browser.press("Pay ₹499.50").await?;
    browser.see("Please look again").await?;
    browser.fits().await?;
    browser.screenshot("wrong").await?;
    let html = browser.html().await?;
    ensure!(!html.contains("4111111111111112") && !html.contains("4111 1111 1111 1112"));
    browser
        .press("Check the card number: a digit of it is wrong")
        .await?;
    ensure!(browser.focused().await? == "Card number");
    type_card(stage, "4111111111111111").await?;
    type_otp(stage, "123456").await?;
    ensure_paid(stage, &order, "CREDIT_CARD").await
}

async fn wrong_otp(stage: &mut Stage) -> anyhow::Result<()> {
    let order = open_page(stage).await?;
    stage.browser.expect_log("422");
    stage.browser.press("Card").await?;
    type_card(stage, "4111111111111111").await?;
    stage.browser.press("Send it again").await?;
    stage.browser.see("It was sent again.").await?;
    type_otp(stage, "000000").await?;
    stage.browser.see("you can try twice more").await?;
    stage.browser.fits().await?;
    stage.browser.screenshot("once").await?;
    type_otp(stage, "000000").await?;
    stage.browser.see("you can try once more").await?;
    type_otp(stage, "000000").await?;
    stage.browser.see("The OTP was wrong three times.").await?;
    stage.browser.fits().await?;
    stage.browser.screenshot("failed").await?;
    ensure_is(stage, &order, OrderStatus::Attempted).await?;

    // Whoever goes back to the shop now brings that it failed.
    stage.browser.press("Back to the shop").await?;
    stage.browser.see("Thank you").await?;
    let visit = stage.merchant.visit("/thanks").await?;
    let query = |name: &str| visit.query.get(name).map(String::as_str);
    ensure!(query("status") == Some("FAILED"), "{visit:?}");
    ensure!(query("orderStatus") == Some("ATTEMPTED"), "{visit:?}");
    Ok(())
}

async fn declined(stage: &mut Stage) -> anyhow::Result<()> {
    let order = open_page(stage).await?;
    let browser = &stage.browser;
    browser.fill("UPI address", "decline@sandbox").await?;
    browser.press("Pay ₹499.50").await?;
    browser.see("Payment failed").await?;
    browser.see("Declined.").await?;
    browser.screenshot("failed").await?;
    browser.press("Try another way").await?;
    browser.press("Card").await?;
    type_card(stage, "5555555555554444").await?;
    stage.browser.see("MASTERCARD •••• 4444").await?;
    type_otp(stage, "123456").await?;
    ensure_paid(stage, &order, "CREDIT_CARD").await
}

async fn pending(stage: &mut Stage) -> anyhow::Result<()> {
    let order = open_page(stage).await?;
    let browser = &stage.browser;
    browser.fill("UPI address", "pending@sandbox").await?;
    browser.press("Pay ₹499.50").await?;
    browser.see("Waiting for the bank").await?;
    browser.fits().await?;
    browser.screenshot("waiting").await?;
    ensure_is(stage, &order, OrderStatus::PaymentConfirmationPending).await?;
    stage.sandbox.clock().advance(Duration::from_secs(60));
    // The page goes on by itself.
    ensure_paid(stage, &order, "UPI").await
}

async fn test_instruments(stage: &mut Stage) -> anyhow::Result<()> {
    let order = open_page(stage).await?;
    let browser = &stage.browser;
    browser.press("Test UPI addresses").await?;
    browser.see("success@sandbox").await?;
    browser.screenshot("addresses").await?;
    browser.press("Fill in nobody@sandbox").await?;
    ensure!(browser.value("UPI address").await? == "nobody@sandbox");
    browser.press("Card").await?;
    browser.see_no_more("success@sandbox").await?;
    browser.press("Test cards").await?;
    browser.screenshot("cards").await?;
    browser.press("Fill in 6521 1111 1111 1110").await?;
    ensure!(browser.focused().await? == "Pay ₹499.50");
    browser.keys(&[Key::Enter.into()]).await?;
    browser.see("RUPAY •••• 1110").await?;
    type_otp(stage, "123456").await?;
    ensure_paid(stage, &order, "DEBIT_CARD").await
}

async fn the_shop_is_told(stage: &mut Stage) -> anyhow::Result<()> {
    let order = open_page(stage).await?;
    let browser = &stage.browser;
    browser.fill("UPI address", "success@sandbox").await?;
    browser.press("Pay ₹499.50").await?;
    let told = stage.merchant.visit("/notify").await?;
    let notice: Value = serde_json::from_str(&told.body)?;
    ensure!(
        notice["orderId"].as_str() == order.order_id.as_ref().map(|id| id.as_str()),
        "{notice}"
    );
    ensure!(notice["orderStatus"] == "PAID", "{notice}");
    let delivered = stage.sandbox.wait_for(|sandbox| {
        let mut webhooks = sandbox.webhooks().into_iter();
        webhooks.find(|webhook| webhook.state == DeliveryState::Delivered)
    });
    ensure!(delivered.await.url == stage.merchant.url("/notify"));
    stage.browser.see("Thank you").await
}

async fn give_up(stage: &mut Stage) -> anyhow::Result<()> {
    let order = open_page(stage).await?;
    stage.browser.press("Cancel this order").await?;
    stage.browser.see("Thank you").await?;
    let visit = stage.merchant.visit("/thanks").await?;
    let status = visit.query.get("status").map(String::as_str);
    ensure!(status == Some("CANCELLED"), "{visit:?}");
    ensure_is(stage, &order, OrderStatus::Cancelled).await
}

async fn over_and_gone(stage: &mut Stage) -> anyhow::Result<()> {
    let order = open_page(stage).await?;
    let expire = Request::post("/_sandbox/orders/INV2041/expire").body(Default::default())?;
    stage.sandbox.handle(expire).await?;
    let browser = &stage.browser;
    browser.open(&page_of(&order)?).await?;
    browser.see("Order expired").await?;
    browser.fits().await?;
    browser.screenshot("expired").await?;
    browser.expect_log("404");
    browser
        .open(&format!("{}/v1/pay/ORD1", stage.sandbox.url()))
        .await?;
    browser.see("There is no such order").await?;
    browser.fits().await?;
    browser.screenshot("gone").await
}

/// A page of the shop that has the checkout in a frame, shows what it is told, and answers a
/// result as EnKash's script does.
fn shop_with_frame(stage: &Stage, order: &CreatedOrder) -> anyhow::Result<String> {
    let shop = stage.merchant.url("");
    let checkout = page_of(order)?;
    let sandbox = stage.sandbox.url();
    Ok(format!(
        "<!doctype html><html lang=en><meta charset=utf-8><title>Shop</title>\
         <meta name=viewport content='width=device-width'>\
         <style>body {{ margin: 8px }} iframe {{ width: 100%; border: 0 }}</style>\
         <h1>The shop</h1><div id=place>\
         <iframe title=Checkout src='{checkout}?embedded=true&parentOrigin={shop}'></iframe></div>\
         <pre id=told></pre><script>\
         const frame = document.querySelector('iframe');\
         addEventListener('message', ({{ origin, source, data }}) => {{\
             if (origin !== '{sandbox}' || source !== frame.contentWindow) return;\
             const {{ type, payload, messageId }} = data;\
             if (type === 'enkash:resize') {{ frame.height = payload.height; return; }}\
             told.textContent += type + ' ' + JSON.stringify(payload) + '\\n';\
             if (type === 'enkash:result' || type === 'enkash:dismiss') {{\
                 source.postMessage({{ type: 'enkash:ack', payload: {{ messageId }} }}, origin);\
                 place.remove();\
             }}\
         }});</script></html>"
    ))
}

async fn in_a_frame(stage: &mut Stage) -> anyhow::Result<()> {
    let order = stage.order("INV2041", "499.50").await?;
    stage.merchant.put("/cart", shop_with_frame(stage, &order)?);
    let browser = &stage.browser;
    browser.open(&stage.merchant.url("/cart")).await?;
    browser.see("enkash:ready").await?;
    browser.see("enkash:content-ready").await?;
    browser.enter_frame().await?;
    browser.see("This is a sandbox").await?;
    browser.leave_frame().await?;
    browser.fits().await?;
    browser.screenshot("page").await?;

    // A payment that failed may be followed by another: the shop is not told of it unasked.
    browser.enter_frame().await?;
    browser.fill("UPI address", "decline@sandbox").await?;
    browser.press("Pay ₹499.50").await?;
    browser.see("Payment failed").await?;
    browser.press("Try another way").await?;
    browser.press("Card").await?;
    type_card(stage, "4111111111111111").await?;
    type_otp(stage, "123456").await?;
    let browser = &stage.browser;
    browser.leave_frame().await?;
    browser.see("enkash:result").await?;
    let text = browser.text().await?;
    for told in [
        r#""payment_status":"success""#,
        r#""orderStatus":"PAID""#,
        r#""paymentMode":"CREDIT_CARD""#,
        r#""signature":"sandbox-no-checksum""#,
    ] {
        ensure!(text.contains(told), "{told} is not in {text}");
    }
    ensure!(text.matches("enkash:result").count() == 1, "{text}");
    ensure_is(stage, &order, OrderStatus::Paid).await
}

async fn dismissed(stage: &mut Stage) -> anyhow::Result<()> {
    let order = stage.order("INV2041", "499.50").await?;
    stage.merchant.put("/cart", shop_with_frame(stage, &order)?);
    let browser = &stage.browser;
    browser.open(&stage.merchant.url("/cart")).await?;
    browser.enter_frame().await?;
    browser.press("Close").await?;
    browser.leave_frame().await?;
    browser.see("enkash:dismiss").await?;
    ensure_is(stage, &order, OrderStatus::CheckoutRendered).await?;

    let browser = &stage.browser;
    browser.reload().await?;
    browser.enter_frame().await?;
    browser.press("Cancel this order").await?;
    browser.leave_frame().await?;
    browser.see("enkash:result").await?;
    browser.see(r#""payment_status":"cancelled""#).await?;
    ensure_is(stage, &order, OrderStatus::Cancelled).await
}
