//! `enkash demo`: a payment from the token to the receipt, on a local EnKash.

use std::time::{Duration, Instant};

use bytes::Bytes;
use enkash_api::Client;
use enkash_api::auth::{OAuthCredentials, Token, TokenProvider};
use enkash_api::gateway::Confirmation;
use enkash_sandbox::{Config, Sandbox};
use enkash_transport::{HyperTransport, Limits, Transport as _};
use enkash_types::gateway::{
    CreateOrder, OrderId, PaymentNotification, RefundPayment, SearchSettlementPayouts,
};
use enkash_types::rewards::CreateRewardSsoToken;
use enkash_types::{Auth, Rupees, Secret, Unconfirmed};
use enkash_webhook::{REPLY, Received};
use http::header::{CONTENT_TYPE, LOCATION};
use http::{Method, Request, StatusCode};
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::failure::Failure;
use crate::output::Output;

/// A step that held.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// What was done.
    pub step: String,
    /// How long it took, in milliseconds.
    pub milliseconds: f64,
}

pub(crate) async fn run(output: &Output) -> Result<(), Failure> {
    let started = Instant::now();
    let mut said = Ok(());
    walk(|step| {
        let line = if output.is_json() {
            serde_json::to_string(&step).unwrap_or_default()
        } else {
            format!("{:>8.1} ms  {}", step.milliseconds, step.step)
        };
        if said.is_ok() {
            said = output.line(&line);
        }
    })
    .await
    .map_err(|error| Failure::Other(format!("the demo stopped: {error}")))?;
    said?;
    if output.is_json() {
        return Ok(());
    }
    output.line(&format!(
        "{:>8.1} ms  in all; every step held",
        milliseconds(started.elapsed())
    ))
}

fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e4).round() / 10.0
}

/// Takes the steps one after the other and says each as soon as it held. Returns every token that
/// was got on the way, so that a test can look for them where they must not be.
///
/// # Errors
///
/// What did not hold.
pub async fn walk(say: impl FnMut(Step)) -> Result<Vec<Secret>, String> {
    let mut walk = Walk {
        say,
        since: Instant::now(),
        tokens: Vec::new(),
    };
    let sandbox = Sandbox::start(Config::new())
        .await
        .map_err(|error| format!("the local EnKash does not start: {error}"))?;
    walk.held(format!("a local EnKash listens on {}", sandbox.url()));

    let client = client(&sandbox)?;
    let sso = client
        .rewards()
        .sso_tokens(CreateRewardSsoToken::new(
            "CAQL8YCV3",
            "CSANDBOX01",
            "EKCDM5AVZY",
        ))
        .map_err(text)?;
    walk.token(
        provider(&client, Auth::Merchant)?,
        "the payment gateway's token came",
    )
    .await?;
    walk.token(
        provider(&client, Auth::OAuth)?,
        "the OAuth token came, by password",
    )
    .await?;
    walk.token(
        &sso,
        "the single sign-on token came, asked for with a sealed body",
    )
    .await?;

    let mut merchant = Merchant::listen().await?;
    walk.held(format!("the merchant's server listens on {}", merchant.url));

    let amount = Rupees::from_paise(49_950);
    let mut order = CreateOrder::new("INV2041", amount);
    order.description = Some("Two notebooks".to_owned());
    order.return_url = Some(format!("{}/thanks", merchant.url).into());
    order.notify_url = Some(format!("{}/notify", merchant.url).into());
    let created = client
        .gateway()
        .orders()
        .create(order)
        .await
        .map_err(text)?;
    tracing::trace!(?created);
    let order_id = created.order_id.ok_or("the answer has no order id")?;
    let page = created
        .redirection_url
        .ok_or("the answer has no checkout page")?;
    walk.held(format!(
        "order INV2041 over {amount} rupees was made; EnKash calls it {order_id}"
    ));

    pay(&sandbox, page.as_str(), &merchant.url, &order_id).await?;
    walk.held("the payer opened the checkout page, paid, and was sent back to the shop".to_owned());

    let notice = merchant.notification().await?;
    tracing::trace!(?notice);
    walk.held(format!(
        "a notification came, of payment {}; it proves nothing",
        notice.transaction_id()
    ));

    let confirmation = client.gateway().orders().confirm(&notice).await;
    let confirmation = confirmation.map_err(text)?;
    tracing::trace!(?confirmation);
    let Confirmation::Confirmed(paid) = confirmation else {
        return Err("the notification is not confirmed".to_owned());
    };
    ensure(paid.order_id == order_id, "another order is confirmed")?;
    ensure(paid.amount == amount, "another sum is confirmed")?;
    walk.held("so the order was read back, and agrees: it is PAID".to_owned());

    let payment = paid.payment.and_then(|payment| payment.transaction_id);
    let payment = payment.ok_or("the order does not name its payment")?;
    let back = Rupees::from_paise(10_050);
    let refund = RefundPayment::new(payment, back, "RFND2041");
    let refund = client.gateway().refunds().create(refund).await;
    let refund = refund.map_err(text)?;
    tracing::trace!(?refund);
    ensure(refund.amount == Some(back), "another sum is given back")?;
    walk.held(format!("{back} rupees of it were given back, once"));

    let tokens_before = token_calls(&sandbox);
    sandbox
        .clock()
        .advance(Duration::from_secs(2 * 24 * 60 * 60));
    walk.held("two days later by EnKash's clock, every token has run out".to_owned());

    let mut payouts = client
        .gateway()
        .settlements()
        .all(SearchSettlementPayouts::new());
    let payout = payouts.next().await.ok_or("nothing was settled")?;
    let payout = payout.map_err(text)?;
    tracing::trace!(?payout);
    walk.held("the old token was refused, a new one was got, and the call was made".to_owned());
    let left = amount.checked_sub(back).ok_or("more was given back")?;
    ensure(
        payout.total_settlement_amount == Some(left),
        "another sum was settled",
    )?;
    ensure(payouts.next().await.is_none(), "more was settled")?;
    walk.held(format!(
        "EnKash has paid out the {left} rupees that are left"
    ));

    let signed_on = client
        .rewards()
        .sso_token(CreateRewardSsoToken::new(
            "CAQL8YCV3",
            "CSANDBOX01",
            "EKCDM5AVZY",
        ))
        .await
        .map_err(text)?;
    tracing::trace!(?signed_on);
    walk.tokens.extend(signed_on.token().cloned());
    let mut tokens_after = token_calls(&sandbox);
    tokens_after.drain(..tokens_before.len());
    ensure(
        tokens_after == ["create_merchant_token", "refresh_oauth_token"],
        "the tokens were not replaced once each",
    )?;
    walk.token(
        provider(&client, Auth::Merchant)?,
        "single sign-on went on as well, with a refreshed OAuth token",
    )
    .await?;

    sandbox.stop().await;
    walk.held("the local EnKash stopped".to_owned());
    Ok(walk.tokens)
}

struct Walk<F> {
    say: F,
    since: Instant,
    tokens: Vec<Secret>,
}

impl<F: FnMut(Step)> Walk<F> {
    fn held(&mut self, step: String) {
        (self.say)(Step {
            step,
            milliseconds: milliseconds(self.since.elapsed()),
        });
        self.since = Instant::now();
    }

    async fn token(&mut self, tokens: &dyn TokenProvider, step: &str) -> Result<(), String> {
        let token: Token = tokens.token().await.map_err(text)?;
        tracing::trace!(?token);
        self.tokens.push(token.secret().clone());
        self.held(step.to_owned());
        Ok(())
    }
}

fn client(sandbox: &Sandbox) -> Result<Client, String> {
    let credentials = sandbox.credentials();
    Client::builder()
        .base_url(&sandbox.url())
        .map_err(text)?
        .merchant(
            credentials.access_key.clone(),
            credentials.secret_key.clone(),
        )
        .oauth(OAuthCredentials {
            client_id: credentials.client_id.clone(),
            client_secret: credentials.client_secret.clone(),
            username: credentials.username.clone(),
            password: credentials.password.clone(),
            company_id: credentials.company_id.as_str().into(),
        })
        .partner_id(credentials.partner_id.as_str())
        .build()
        .map_err(text)
}

fn provider(client: &Client, auth: Auth) -> Result<&dyn TokenProvider, String> {
    let tokens = client.tokens(auth).map_err(text)?;
    tokens
        .map(AsRef::as_ref)
        .ok_or_else(|| "calls of this kind carry no token".to_owned())
}

/// The names of the token calls that the sandbox answered, in order.
fn token_calls(sandbox: &Sandbox) -> Vec<&'static str> {
    let calls = sandbox.calls();
    let operations = calls.iter().filter_map(|call| call.operation);
    operations
        .filter(|name| {
            matches!(
                *name,
                "create_merchant_token" | "generate_payout_token" | "refresh_oauth_token"
            )
        })
        .collect()
}

/// Does what a payer's browser does with the checkout page.
async fn pay(sandbox: &Sandbox, page: &str, shop: &str, order_id: &OrderId) -> Result<(), String> {
    let browser = HyperTransport::new(Limits::default()).map_err(text)?;
    let visit = |method: Method, url: String, form: &'static str| {
        let browser = &browser;
        async move {
            let request = Request::builder()
                .method(method)
                .uri(url)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(Bytes::from_static(form.as_bytes()))
                .map_err(text)?;
            browser.send(request).await.map_err(text)
        }
    };
    let shown = visit(Method::GET, page.to_owned(), "").await?;
    ensure(
        shown.status() == StatusCode::OK,
        "the checkout page does not open",
    )?;
    // The owner of this UPI address says yes by himself.
    let form = "vpa=success%40sandbox";
    let mut answer = visit(Method::POST, format!("{page}/upi"), form).await?;
    let mut way = Vec::new();
    while answer.status() == StatusCode::SEE_OTHER {
        let to = answer.headers().get(LOCATION);
        let to = to.and_then(|to| to.to_str().ok()).unwrap_or_default();
        if to.starts_with(&format!("{shop}/thanks?")) && to.contains(order_id.as_str()) {
            return Ok(());
        }
        ensure(to.starts_with('/') && way.len() < 5, "the browser is lost")?;
        way.push(to.to_owned());
        answer = visit(Method::GET, format!("{}{to}", sandbox.url()), "").await?;
    }
    Err(format!(
        "the payer was not sent back to the shop, but {way:?}"
    ))
}

/// The merchant's own server.
struct Merchant {
    url: String,
    received: mpsc::Receiver<Unconfirmed<PaymentNotification>>,
}

impl Merchant {
    async fn listen() -> Result<Self, String> {
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(text)?;
        let url = format!("http://{}", listener.local_addr().map_err(text)?);
        let (sender, received) = mpsc::channel(1);
        let notify = move |Received(notice): Received<PaymentNotification>| async move {
            // A full channel answers with an error, and EnKash tries again.
            match sender.try_send(notice) {
                Ok(()) => (StatusCode::OK, REPLY),
                Err(_) => (StatusCode::SERVICE_UNAVAILABLE, "not now"),
            }
        };
        let routes = axum::Router::new().route("/notify", axum::routing::post(notify));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok(Self { url, received })
    }

    async fn notification(&mut self) -> Result<Unconfirmed<PaymentNotification>, String> {
        let received = tokio::time::timeout(Duration::from_secs(5), self.received.recv()).await;
        let notice = received.ok().flatten();
        notice.ok_or_else(|| "no notification came".to_owned())
    }
}

fn ensure(held: bool, otherwise: &str) -> Result<(), String> {
    if held {
        Ok(())
    } else {
        Err(otherwise.to_owned())
    }
}

fn text(error: impl std::fmt::Display) -> String {
    error.to_string()
}
