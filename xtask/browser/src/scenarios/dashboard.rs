//! The dashboard at `/`.

use std::time::Duration;

use anyhow::{Context as _, ensure};
use enkash_api::types::gateway::OrderStatus;
use enkash_sandbox::{DeliveryState, Fault, FaultKind};
use fantoccini::key::Key;
use serde_json::Value;

use super::checkout::ensure_is;
use crate::scenario::{Scenario, Screen};
use crate::stage::Stage;

pub(crate) const SCENARIOS: &[Scenario] = &[
    Scenario::new(
        "dashboard: follows what happens",
        Screen::Desktop,
        |stage| Box::pin(follows(stage)),
    ),
    Scenario::new("dashboard: an order's page", Screen::Desktop, |stage| {
        Box::pin(an_orders_page(stage))
    }),
    Scenario::new(
        "dashboard: an order's page on a phone",
        Screen::Phone,
        |stage| Box::pin(an_orders_page(stage)),
    ),
    Scenario::new(
        "dashboard: an order's page without JavaScript",
        Screen::Phone,
        |stage| Box::pin(an_orders_page(stage)),
    )
    .without_javascript(),
    Scenario::new("dashboard: a webhook again", Screen::Desktop, |stage| {
        Box::pin(a_webhook_again(stage))
    }),
    Scenario::new(
        "dashboard: a webhook again without JavaScript",
        Screen::Phone,
        |stage| Box::pin(a_webhook_again(stage)),
    )
    .without_javascript(),
    Scenario::new("dashboard: by keyboard alone", Screen::Desktop, |stage| {
        Box::pin(by_keyboard(stage))
    }),
    Scenario::new("dashboard: time and faults", Screen::Desktop, |stage| {
        Box::pin(time_and_faults(stage))
    }),
    Scenario::new("dashboard: every section", Screen::Desktop, |stage| {
        Box::pin(every_section(stage))
    }),
    Scenario::new(
        "dashboard: every section on a phone",
        Screen::Phone,
        |stage| Box::pin(every_section(stage)),
    ),
    Scenario::new("dashboard: another site's page", Screen::Desktop, |stage| {
        Box::pin(another_site(stage))
    }),
    Scenario::new("dashboard: the sandbox stops", Screen::Phone, |stage| {
        Box::pin(the_sandbox_stops(stage))
    }),
];

/// The address of a page of the dashboard.
fn page(stage: &Stage, path: &str) -> String {
    format!("{}/_sandbox/dashboard/{path}", stage.sandbox.url())
}

async fn control(stage: &Stage, path: &str) -> anyhow::Result<Value> {
    let done = stage.sandbox.control(path, Value::Null).await;
    done.with_context(|| path.to_owned())
}

/// What a person has typed, where the focus is, and what is open stay as they are while the page
/// becomes another.
async fn follows(stage: &mut Stage) -> anyhow::Result<()> {
    let browser = stage.browser.clone();
    browser.open(&stage.sandbox.url()).await?;
    browser.see("No order yet.").await?;
    browser.see("Live").await?;
    browser.screenshot("empty").await?;
    browser.fill("Find by id", "INV20").await?;
    stage.order("INV2041", "499.50").await?;
    browser.see("INV2041").await?;
    browser.see("CREATED").await?;
    control(stage, "orders/INV2041/fail").await?;
    browser.see("ATTEMPTED").await?;
    ensure!(browser.value("Find by id").await? == "INV20");
    ensure!(browser.focused().await? == "Find by id");
    browser.screenshot("followed").await?;

    browser.press("INV2041").await?;
    browser.see("What happened").await?;
    browser.press("As EnKash answers it").await?;
    browser.see("merchantOrderId").await?;
    browser.choose("Payment mode", "WALLET").await?;
    control(stage, "orders/INV2041/fail").await?;
    let order = page(stage, "orders/INV2041");
    browser.see("#2 notify_payment").await?;
    browser.see("merchantOrderId").await?;
    ensure!(browser.value("Payment mode").await? == "WALLET");
    ensure!(browser.focused().await? == "Payment mode");
    control(stage, "orders/INV2041/pay").await?;
    browser.see_no_more("Let it expire").await?;
    browser.see("The order became PAID").await?;
    browser.see("merchantOrderId").await?;
    ensure!(
        browser.address().await?.starts_with(&stage.sandbox.url()),
        "{order}"
    );
    Ok(())
}

async fn an_orders_page(stage: &mut Stage) -> anyhow::Result<()> {
    let order = stage.order("INV2041", "499.50").await?;
    let browser = stage.browser.clone();
    browser.open(&page(stage, "orders/INV2041")).await?;
    browser.see("₹499.50").await?;
    browser.choose("Payment mode", "NET_BANKING").await?;
    browser.press("Let a payment fail").await?;
    browser.see("NET_BANKING").await?;
    browser.see("FAILED").await?;
    ensure_is(stage, &order, OrderStatus::Attempted).await?;
    browser.screenshot("attempted").await?;
    browser.fits().await?;
    browser.press("Pay").await?;
    browser.see("The order became PAID").await?;
    ensure_is(stage, &order, OrderStatus::Paid).await?;
    browser.screenshot("paid").await?;
    browser.fits().await
}

async fn a_webhook_again(stage: &mut Stage) -> anyhow::Result<()> {
    stage.order("INV2041", "499.50").await?;
    control(stage, "orders/INV2041/pay").await?;
    let first = stage.merchant.visit("/notify").await?;
    let browser = stage.browser.clone();
    browser.open(&page(stage, "webhooks")).await?;
    browser.see("#1 notify_payment").await?;
    browser.press("Resend webhook 1").await?;
    let again = stage.merchant.visit("/notify").await?;
    ensure!(again.body == first.body, "{again:?}");
    let tried = stage.sandbox.wait_for(|sandbox| {
        let sent = sandbox.webhooks().into_iter().next()?;
        (sent.tries.len() == 2).then_some(sent.state)
    });
    ensure!(tried.await == DeliveryState::Delivered);
    browser.open(&page(stage, "webhooks/1")).await?;
    browser.see("delivered").await?;
    browser.see("transactionStatus").await?;
    browser.see("sandbox-no-checksum").await?;
    browser.screenshot("sent").await?;
    browser.fits().await
}

async fn by_keyboard(stage: &mut Stage) -> anyhow::Result<()> {
    let order = stage.order("INV2041", "499.50").await?;
    let browser = stage.browser.clone();
    browser.open(&stage.sandbox.url()).await?;
    browser.see("INV2041").await?;
    browser.tab_to("Skip to the content").await?;
    browser.keys(&['/']).await?;
    ensure!(browser.focused().await? == "Find by id");
    browser.type_in("INV2041").await?;
    browser.keys(&[Key::Enter.into()]).await?;
    browser.see("What happened").await?;
    browser.tab_to("Pay").await?;
    browser.screenshot("focus").await?;
    browser.keys(&[Key::Enter.into()]).await?;
    browser.see("The order became PAID").await?;
    ensure_is(stage, &order, OrderStatus::Paid).await
}

async fn time_and_faults(stage: &mut Stage) -> anyhow::Result<()> {
    let browser = stage.browser.clone();
    browser.open(&page(stage, "time")).await?;
    browser.see("It shows the time of this machine.").await?;
    browser.press("+ 1 day").await?;
    browser.see("It is 1 d ahead").await?;
    browser.press("+ 1 hour").await?;
    browser.see("It is 1 d 1 h ahead").await?;
    let moved = stage.sandbox.clock().moved_by();
    ensure!(moved == Duration::from_secs(25 * 60 * 60), "{moved:?}");
    browser.screenshot("moved").await?;

    browser.open(&page(stage, "faults")).await?;
    browser.choose("Operation", "create_order").await?;
    browser.choose("Kind", "server-error").await?;
    browser.press("Add").await?;
    browser.see("It waits.").await?;
    let lost = stage.order("INV2041", "1").await;
    ensure!(lost.is_err(), "the fault did not strike");
    browser.see("None waits").await?;
    stage.sandbox.fault(Fault::new("*", FaultKind::Reset))?;
    browser.press("Remove reset of any").await?;
    browser.see("None waits").await?;
    stage.order("INV2041", "1").await?;
    Ok(())
}

async fn every_section(stage: &mut Stage) -> anyhow::Result<()> {
    for (id, rupees) in [("INV2041", "499.50"), ("INV2042", "1234567.89")] {
        stage.order(id, rupees).await?;
    }
    control(stage, "orders/INV2041/pay").await?;
    control(stage, "orders/INV2042/fail").await?;
    control(stage, "settlements/run").await?;
    stage
        .sandbox
        .fault(Fault::new("create_order", FaultKind::LostAnswer).times(2))?;
    let browser = stage.browser.clone();
    for (section, heading) in [
        ("", "Overview"),
        ("orders", "Orders"),
        ("payments", "Payments"),
        ("refunds", "Refunds"),
        ("settlements", "Settlements"),
        ("webhooks", "Webhooks"),
        ("calls", "Calls"),
        ("calls/2", "create_order"),
        ("time", "Time"),
        ("faults", "Faults"),
        ("qr-codes", "QR codes"),
        ("mandates", "Mandates"),
        ("virtual-accounts", "Virtual accounts"),
        ("customers", "Customers"),
        ("split-accounts", "Split accounts"),
    ] {
        browser.open(&page(stage, section)).await?;
        browser.see(heading).await?;
        browser.see("Live").await?;
        browser
            .fits()
            .await
            .with_context(|| format!("the section {section:?}"))?;
        browser.screenshot(&section.replace('/', "-")).await?;
    }
    Ok(())
}

/// A page of another site has a form that pays an order, and a script that does.
async fn another_site(stage: &mut Stage) -> anyhow::Result<()> {
    let order = stage.order("INV2041", "499.50").await?;
    let pay = format!("{}/_sandbox/orders/INV2041/pay", stage.sandbox.url());
    let button = page(stage, "do/orders/INV2041/pay");
    let shop = format!(
        "<!doctype html><html lang=en><p id=said>Not yet</p><script>\
         fetch('{pay}', {{method: 'POST', mode: 'no-cors'}}).then(() => said.textContent = 'Sent')\
         </script><form method=post action='{button}'><button>Win a prize</button></form></html>"
    );
    stage.merchant.put("/trap", shop);
    let browser = stage.browser.clone();
    browser.expect_log("403 (Forbidden)");
    browser.open(&stage.merchant.url("/trap")).await?;
    browser.see("Sent").await?;
    browser.press("Win a prize").await?;
    browser.see("a page of another site sent this").await?;
    ensure_is(stage, &order, OrderStatus::Created).await
}

async fn the_sandbox_stops(stage: &mut Stage) -> anyhow::Result<()> {
    let browser = stage.browser.clone();
    browser.open(&stage.sandbox.url()).await?;
    browser.see("Live").await?;
    browser.expect_log("ERR_CONNECTION_REFUSED");
    let other = enkash_sandbox::Sandbox::start(enkash_sandbox::Config::new()).await?;
    std::mem::replace(&mut stage.sandbox, other).stop().await;
    browser.see("Not connected").await?;
    browser.screenshot("stopped").await
}
