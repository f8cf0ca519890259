//! What scenarios are made of, tried on pages of the shop: that it finds what is there, and that it
//! notices what is wrong.

use anyhow::ensure;
use fantoccini::key::Key;
use http::Method;

use crate::scenario::{Scenario, Screen};
use crate::stage::Stage;

pub(crate) const SCENARIOS: &[Scenario] = &[
    Scenario::new("helpers: fields and buttons", Screen::Desktop, |stage| {
        Box::pin(fields_and_buttons(stage))
    }),
    Scenario::new("helpers: keys", Screen::Phone, |stage| {
        Box::pin(keys(stage))
    }),
    Scenario::new("helpers: a script that throws", Screen::Desktop, |stage| {
        Box::pin(a_script_that_throws(stage))
    }),
    Scenario::new("helpers: another machine", Screen::Desktop, |stage| {
        Box::pin(another_machine(stage))
    }),
    Scenario::new("helpers: a page that is too wide", Screen::Phone, |stage| {
        Box::pin(too_wide(stage))
    }),
    Scenario::new("helpers: without JavaScript", Screen::Phone, |stage| {
        Box::pin(without_javascript(stage))
    })
    .without_javascript(),
];

/// A page of a form, whose first button changes the page and whose second one sends it.
const FORM: &str = "<!doctype html><html lang=en><meta charset=utf-8>\
    <meta name=viewport content='width=device-width'><title>Form</title>\
    <form method=post action=/sent>\
    <label>Name <input name=name value=before></label>\
    <label for=size>Size</label> <select id=size name=size><option>S<option>M</select>\
    <label><input type=radio name=by value=upi> UPI</label>\
    <label><input type=radio name=by value=card> Card</label>\
    <input aria-label=Hidden style=display:none>\
    <p id=note>Not yet</p>\
    <button type=button onclick='note.textContent = `Done`'>Do it</button>\
    <button>Send</button> <a href=/a>Twice</a> <a href=/b>Twice</a></form></html>";

async fn fields_and_buttons(stage: &mut Stage) -> anyhow::Result<()> {
    stage.merchant.put("/form", FORM);
    let browser = &stage.browser;
    browser.open(&stage.merchant.url("/form")).await?;
    browser.see("Not yet").await?;
    browser.press("Do it").await?;
    browser.see("Done").await?;
    browser.see_no_more("Not yet").await?;
    browser.reload().await?;
    browser.see("Not yet").await?;
    for (name, is_there) in [
        ("Send", true),
        ("Size", true),
        ("Hidden", false),
        ("Twice", false),
    ] {
        ensure!(browser.has(name).await? == is_there, "{name}");
    }
    let text = browser.text().await?;
    ensure!(text.contains("Name") && !text.contains("Hidden"), "{text}");

    browser.fill("Name", "Asha & Co").await?;
    browser.choose("Size", "M").await?;
    browser.press("Card").await?;
    browser.press("Send").await?;
    let sent = stage.merchant.visit("/sent").await?;
    ensure!(sent.method == Method::POST, "{sent:?}");
    ensure!(sent.body == "name=Asha+%26+Co&size=M&by=card", "{sent:?}");
    Ok(())
}

async fn keys(stage: &mut Stage) -> anyhow::Result<()> {
    stage.merchant.put("/form", FORM);
    let browser = &stage.browser;
    browser.open(&stage.merchant.url("/form")).await?;
    browser.tab_to("Name").await?;
    browser.type_in("X").await?;
    ensure!(
        browser.value("Name").await? == "X",
        "what was there is selected by the tab key"
    );
    browser.tab_to("UPI").await?;
    browser.keys(&[Key::Down.into()]).await?;
    ensure!(browser.focused().await? == "Card");
    let lost = browser.tab_to("Hidden").await;
    ensure!(lost.is_err(), "a field that is not shown was reached");
    browser.tab_to("Send").await?;
    browser.keys(&[Key::Enter.into()]).await?;
    let sent = stage.merchant.visit("/sent").await?;
    ensure!(sent.body == "name=X&size=S&by=card", "{sent:?}");
    Ok(())
}

async fn a_script_that_throws(stage: &mut Stage) -> anyhow::Result<()> {
    let page = "<!doctype html><html lang=en><p>Here<script>throw Error('broken')</script></html>";
    stage.merchant.put("/page", page);
    let browser = &stage.browser;
    browser.open(&stage.merchant.url("/page")).await?;
    let noticed = browser.look_at_the_logs().await;
    ensure!(
        noticed.is_err_and(|error| error.to_string().contains("broken")),
        "not noticed"
    );
    browser.expect_log("broken");
    browser.reload().await?;
    browser.look_at_the_logs().await
}

async fn another_machine(stage: &mut Stage) -> anyhow::Result<()> {
    let page = "<!doctype html><html lang=en><p>Here<img src=https://shop.example.in/x.png></html>";
    stage.merchant.put("/page", page);
    let browser = &stage.browser;
    browser.open(&stage.merchant.url("/page")).await?;
    browser.expect_log("ERR_NAME_NOT_RESOLVED");
    let noticed = browser.look_at_the_logs().await;
    let is_named = |error: anyhow::Error| error.to_string().contains("shop.example.in/x.png");
    ensure!(noticed.is_err_and(is_named), "not noticed");
    Ok(())
}

async fn too_wide(stage: &mut Stage) -> anyhow::Result<()> {
    stage.merchant.put("/form", FORM);
    stage.merchant.put(
        "/wide",
        FORM.replace("<form", "<div style=width:500px>x</div><form"),
    );
    let browser = &stage.browser;
    browser.open(&stage.merchant.url("/form")).await?;
    browser.fits().await?;
    browser.open(&stage.merchant.url("/wide")).await?;
    let fits = browser.fits().await;
    ensure!(
        fits.is_err_and(|error| error.to_string().contains("the screen 390")),
        "it fits"
    );
    Ok(())
}

async fn without_javascript(stage: &mut Stage) -> anyhow::Result<()> {
    let page = "<!doctype html><html lang=en><noscript><p>No script</p></noscript>\
                <script>document.write('A script ran')</script></html>";
    stage.merchant.put("/page", page);
    let browser = &stage.browser;
    browser.open(&stage.merchant.url("/page")).await?;
    browser.see("No script").await?;
    let text = browser.text().await?;
    ensure!(!text.contains("A script ran"), "{text}");
    Ok(())
}
