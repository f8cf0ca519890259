//! EnKash's own browser checkout, as a merchant's page uses it: a script of the shop, on another
//! origin, makes the calls by `fetch`, opens the bank's page in a tab, and asks until it knows.

use anyhow::ensure;
use enkash_api::types::gateway::{CreatedOrder, OrderStatus};

use super::checkout::ensure_is;
use crate::scenario::{Scenario, Screen};
use crate::stage::Stage;

pub(crate) const SCENARIOS: &[Scenario] = &[
    Scenario::new("browser checkout: UPI code", Screen::Desktop, |stage| {
        Box::pin(upi_code(stage))
    }),
    Scenario::new("browser checkout: UPI app", Screen::Phone, |stage| {
        Box::pin(upi_app(stage))
    }),
    Scenario::new("browser checkout: card", Screen::Desktop, |stage| {
        Box::pin(card(stage))
    }),
    Scenario::new("browser checkout: net banking", Screen::Desktop, |stage| {
        Box::pin(in_a_tab(stage, "Net banking", "NET_BANKING"))
    }),
    Scenario::new("browser checkout: wallet", Screen::Phone, |stage| {
        Box::pin(in_a_tab(stage, "Wallet", "WALLET"))
    }),
    Scenario::new(
        "browser checkout: declined, given up",
        Screen::Phone,
        |stage| Box::pin(declined(stage)),
    ),
];

/// The shop's page. What it is told last stands in `#told`.
const PAGE: &str = r#"<!doctype html><html lang=en><meta charset=utf-8><title>Shop</title>
<meta name=viewport content="width=device-width"><h1>The shop</h1>
<button id=code>UPI code</button> <button id=app>UPI app</button> <button id=card>Card</button>
<button id=bank>Net banking</button> <button id=wallet>Wallet</button> <button id=no>No bank</button>
<button id=cancel>Give up</button>
<p id=total></p><div id=place></div><pre id=told>Loading</pre>
<script type=module>
const base = 'SANDBOX';
const tell = (what) => { told.textContent = typeof what === 'string' ? what : JSON.stringify(what); };
const call = async (method, path, body) => {
  const init = { method, credentials: 'omit', headers: {} };
  if (body) { init.headers['Content-Type'] = 'application/json'; init.body = JSON.stringify(body); }
  const answer = await fetch(base + path, init);
  const json = await answer.json();
  if (!answer.ok) throw Error(JSON.stringify(json));
  return 'payload' in json ? json.payload : json;
};
const order = await call('GET', '/pay/checkout/ORDER');
total.textContent = order.merchantInfo.merchantName + ' ' + order.totalAmount;
await call('PATCH', '/pay/checkout/customer-info/' + order.transactionId,
  { customerMobile: '9000000000', customerEmail: null, merchantAccessKey: order.publicIdentifierKey });
const until = async (ask, isOver) => {
  for (;;) {
    const answer = await ask();
    if (isOver(answer)) return answer;
    await new Promise((go) => setTimeout(go, 200));
  }
};
const minimal = (id) => call('GET', `/api/v0/transactions/${id}/minimal`);
const charge = async (paymentDetail) => {
  const tab = window.open('', '_blank');
  tell('Charging');
  const { paymentAttemptLeft } = await minimal(order.transactionId);
  const charged = await call('POST', '/pay/charge/process', {
    uniqueTransactionId: order.uniqueTransactionId, publicIdentifierKey: order.publicIdentifierKey,
    transactionId: order.transactionId, paymentDetail, surcharge: '0.00',
    surchargeGst: order.surchargeGst, popupMode: true });
  if (!paymentAttemptLeft || charged.resultCode || charged.error) { tab.close(); return tell(charged); }
  tab.location.href = charged.redirectionUrl;
  tell('In a tab');
  tell(await until(() => minimal(charged.transactionId),
    ({ orderStatus, status }) => orderStatus !== 'ATTEMPTED' || status === 'FAILED'));
};
const upi = async (id) => {
  const { status } = await until(() => call('GET', '/pay/checkout/status/upi/' + id), ({ status }) => status !== 'PROCESS');
  tell({ upi: status, ...await minimal(id) });
};
code.onclick = async () => {
  const { qrCode, ekPayId } = await call('GET', '/pay/checkout/qrcode/' + order.transactionId);
  const image = new Image();
  image.alt = 'QR code';
  image.src = 'data:image/png;base64,' + qrCode;
  await image.decode();
  place.replaceChildren(image);
  tell('Scan ' + ekPayId);
  await upi(ekPayId);
};
app.onclick = async () => {
  const links = await call('GET', '/pay/checkout/upi-detail/' + order.transactionId);
  const { transactionId } = await call('POST', '/pay/charge/intent-transaction',
    { transactionId: links.transactionId, paymentMode: 'UPI', bankCode: 'gpay' });
  tell('Open ' + links.gpay + ' for ' + transactionId + ' now');
  await upi(transactionId);
};
card.onclick = async () => {
  const number = '4111111111111111';
  const { cardType } = window.bin;
  await charge({ paymentMode: cardType + '_CARD', cardNumber: btoa(number), cvv: btoa('123'),
    expiry: btoa('12/30'), cardHolderName: 'Asha Rao', saveCard: false, paymentToken: null, paymentType: 'NEW_CARD' });
};
bank.onclick = () => charge({ paymentMode: 'NET_BANKING', bankCode: order.netBankingList[0].code });
wallet.onclick = () => charge({ paymentMode: 'WALLET', bankCode: order.walletList[0].code });
no.onclick = () => charge({ paymentMode: 'NET_BANKING', bankCode: 'SBNO' });
cancel.onclick = async () => {
  await call('PATCH', '/pay/charge/order/cancel', { transactionId: order.transactionId, reason: 'customer_cancelled' });
  tell(await minimal(order.transactionId));
};
window.bin = await call('GET', `/api/v0/bin/details?bin=4111111111&transactionId=${order.transactionId}`);
tell('Ready');
</script></html>"#;

/// An order, and the shop's page open.
async fn open_shop(stage: &mut Stage) -> anyhow::Result<CreatedOrder> {
    let order = stage.order("INV2041", "499.50").await?;
    let id = order.order_id.as_ref().map(ToString::to_string);
    let page = PAGE
        .replace("SANDBOX", &stage.sandbox.url())
        .replace("ORDER", &id.unwrap_or_default());
    stage.merchant.put("/cart", page);
    let browser = &stage.browser;
    browser.open(&stage.merchant.url("/cart")).await?;
    browser.see("Ready").await?;
    browser.see("EnKash sandbox 499.5").await?;
    Ok(order)
}

/// What the script was told in the end.
async fn ensure_paid(stage: &Stage, order: &CreatedOrder, mode: &str) -> anyhow::Result<()> {
    stage.browser.see(r#""orderStatus":"PAID""#).await?;
    let told = stage.browser.text().await?;
    for told_of in [
        r#""status":"SUCCESS""#,
        r#""finalAmount":"499.50""#,
        r#""paymentAttemptLeft":false"#,
        &format!(r#""paymentMode":"{mode}""#),
    ] {
        ensure!(told.contains(told_of), "{told_of} is not in {told}");
    }
    ensure_is(stage, order, OrderStatus::Paid).await
}

/// The payer says yes on his phone.
async fn approve(stage: &Stage, begins: &str) -> anyhow::Result<()> {
    let told = stage.browser.text().await?;
    let id = told
        .split_whitespace()
        .find(|word| word.starts_with(begins) && word.len() == 20);
    ensure!(id.is_some(), "no payment in {told}");
    let path = format!("/_sandbox/payments/{}/approve", id.unwrap_or_default());
    let request = http::Request::post(path).body(Default::default())?;
    let approved = stage.sandbox.handle(request).await?;
    ensure!(approved.status() == 200, "{approved:?}");
    Ok(())
}

async fn upi_code(stage: &mut Stage) -> anyhow::Result<()> {
    let order = open_shop(stage).await?;
    stage.browser.press("UPI code").await?;
    stage.browser.see("Scan EK").await?;
    stage.browser.screenshot("code").await?;
    approve(stage, "EK").await?;
    stage.browser.see(r#""upi":"SUCCESS""#).await?;
    ensure_paid(stage, &order, "UPI").await
}

async fn upi_app(stage: &mut Stage) -> anyhow::Result<()> {
    let order = open_shop(stage).await?;
    stage.browser.press("UPI app").await?;
    stage.browser.see("Open ").await?;
    approve(stage, "EK").await?;
    ensure_paid(stage, &order, "UPI").await
}

async fn card(stage: &mut Stage) -> anyhow::Result<()> {
    let order = open_shop(stage).await?;
    let browser = &stage.browser;
    browser.press("Card").await?;
    browser.to_new_window().await?;
    browser.see("VISA •••• 1111").await?;
    browser.screenshot("otp").await?;
    browser.fill("One-time password", "123456").await?;
    browser.press("Confirm").await?;
    browser.to_first_window().await?;
    ensure_paid(stage, &order, "CREDIT_CARD").await
}

async fn in_a_tab(stage: &mut Stage, button: &str, mode: &str) -> anyhow::Result<()> {
    let order = open_shop(stage).await?;
    let browser = &stage.browser;
    browser.press(button).await?;
    browser.to_new_window().await?;
    browser.see("Approve this payment?").await?;
    browser.screenshot("house").await?;
    browser.press("Approve").await?;
    browser.to_first_window().await?;
    ensure_paid(stage, &order, mode).await
}

async fn declined(stage: &mut Stage) -> anyhow::Result<()> {
    let order = open_shop(stage).await?;
    let browser = &stage.browser;
    browser.press("No bank").await?;
    browser.see(r#""error":"Declined.""#).await?;
    browser.to_first_window().await?;
    browser.press("Give up").await?;
    browser.see(r#""orderStatus":"CANCELLED""#).await?;
    ensure_is(stage, &order, OrderStatus::Cancelled).await
}
