//! The sandbox itself: the same operations as calls.

use std::path::{Path, PathBuf};
use std::time::Duration;

use enkash_sandbox::{Config, Sandbox, SandboxClock};
use enkash_transport::wire::AnswerError;
use enkash_types::gateway::{
    CreateOrder, GetDynamicUpiQr, GetOrderStatus, GetTransactionStatus, MandateId, MerchantOrderId,
    Order, OrderId, QrCodeId, RefundPayment, ResendPaymentOtp, RestrictedPaymentOptions,
    SplitAccountId, SubmitPayment, SubmittedPayment, ValidatePaymentOtp,
};
use enkash_types::{Endpoint, Rupees, Secret};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::client::{Client, control, does};
use crate::ledger::CHARGE;
use crate::look::text;
use crate::model::{Answer, Model, START_IN_INDIA};
use crate::ops::{Op, Takes};
use crate::picture::Picture;

pub(crate) struct Real {
    pub(crate) sandbox: Sandbox,
    file: Option<PathBuf>,
    token: Secret,
    pub(crate) orders: Vec<Placed>,
    /// EnKash's ids of the payments, in the order in which they were seen first, as all ids here.
    pub(crate) payments: Vec<String>,
    /// How many refunds were taken on.
    refunds: usize,
    pub(crate) codes: Vec<QrCodeId>,
    pub(crate) mandates: Vec<MandateId>,
    /// How many virtual accounts were opened.
    pub(crate) accounts: usize,
    pub(crate) split_accounts: Vec<SplitAccountId>,
    /// What was seen of it, when it was looked at last.
    pub(crate) seen: Picture,
}

/// An order.
pub(crate) struct Placed {
    id: OrderId,
    merchant_id: MerchantOrderId,
}

/// What was done; or the HTTP status of a refusal.
pub(crate) type Done<T = String> = Result<T, u16>;

async fn start(file: Option<&Path>) -> Sandbox {
    let mut config = Config::new()
        .with_clock(SandboxClock::manual())
        // The clock is moved on by weeks, and the token is to live on.
        .with_token_life(Duration::from_secs(u32::MAX.into()))
        .with_charge(CHARGE);
    config.data = file.map(Path::to_owned);
    Sandbox::start(config).await.unwrap()
}

impl Real {
    /// A sandbox in which nothing has happened; with a file, one that keeps its state there.
    pub(crate) async fn start(file: Option<PathBuf>) -> Self {
        let sandbox = start(file.as_deref()).await;
        // What is sent there is recorded and does not leave: it is no address of this machine.
        let addresses = json!({"upiMandate": ELSEWHERE, "mandateDebit": ELSEWHERE});
        does(&sandbox, "webhooks/address", addresses).await;
        Self {
            token: Client::new(&sandbox).await.merchant,
            sandbox,
            file,
            orders: Vec::new(),
            payments: Vec::new(),
            refunds: 0,
            codes: Vec::new(),
            mandates: Vec::new(),
            accounts: 0,
            split_accounts: Vec::new(),
            seen: Picture::default(),
        }
    }

    /// Stops it, and gives what was seen of it at last.
    pub(crate) async fn stop(self) -> Picture {
        self.sandbox.stop().await;
        self.seen
    }

    /// Does it. The model says what time it is, and how much half of a payment is.
    pub(crate) async fn obey(&mut self, op: &Op, model: &Model) -> Answer {
        match self.done(op, model).await {
            Ok(done) => Answer::Done(done),
            Err(status) => Answer::Refused(status),
        }
    }

    async fn done(&mut self, op: &Op, model: &Model) -> Done {
        match op {
            Op::Wait(pause) => {
                let body = json!({"advanceSeconds": pause.seconds(model.now)});
                self.control("clock", body).await?;
                Ok("later".to_owned())
            }
            Op::Restart => {
                if let Some(file) = self.file.clone() {
                    // Dropped, it is stopped and lets go of the file at once.
                    drop(std::mem::replace(&mut self.sandbox, start(None).await));
                    self.sandbox = start(Some(&file)).await;
                }
                Ok("again".to_owned())
            }
            Op::CreateOrder { paise, told, takes } => {
                let number = self.orders.len();
                let mut request = new_order(&format!("INV{number}"), *paise);
                request.notify_url = told.then(|| ELSEWHERE.into());
                request.restricted_payment_options = takes.options();
                let created = self.call(request).await?;
                self.collected(created.order_id.unwrap().as_str()).await?;
                let page = created.redirection_url.unwrap();
                assert!(page.as_str().ends_with(&self.page(number)), "{page}");
                let status = self.read_order(number).await?.status.unwrap();
                Ok(format!("order {number} {status}"))
            }
            Op::CreateOrderAgain { order } => {
                let id = self.orders[*order].merchant_id.as_str();
                let created = self.call(new_order(id, 100)).await?;
                Ok(format!("{:?}", created.order_id))
            }
            Op::OpenPage { order } => {
                let request = http::Request::get(self.page(*order));
                let request = request.body("".into()).unwrap();
                match self.sandbox.handle(request).await.unwrap().status() {
                    http::StatusCode::OK => Ok("page".to_owned()),
                    other => Err(other.as_u16()),
                }
            }
            Op::CancelOrder { order } => self.control_order(*order, "cancel").await,
            Op::ExpireOrder { order } => self.control_order(*order, "expire").await,
            Op::Pay { order } => self.control_order(*order, "pay").await,
            Op::Fail { order } => self.control_order(*order, "fail").await,
            Op::Submit { order, by } => {
                let request = SubmitPayment::new(self.order_id(*order), by.detail());
                let submitted = self.call(request).await?;
                Ok(self.submitted(&submitted))
            }
            Op::ShowQr { order } => {
                let request = GetDynamicUpiQr::new(self.order_id(*order));
                let id = self.call(request).await?.ek_pay_id.unwrap();
                let payment = self.call(GetTransactionStatus::new(id.clone())).await?;
                Ok(self.paid(id.as_str(), text(&payment, "status")))
            }
            Op::Otp { payment, right } => {
                let otp = if *right { "123456" } else { "654321" };
                let request = ValidatePaymentOtp::new(&*self.payments[*payment], otp);
                let validated = self.call(request).await?;
                let id = validated.transaction_id.unwrap();
                Ok(self.paid(id.as_str(), &validated.txn_status.unwrap()))
            }
            Op::ResendOtp { payment } => {
                let request = ResendPaymentOtp::new(&*self.payments[*payment]);
                self.call(request).await?;
                Ok("sent".to_owned())
            }
            Op::Approve { payment } => self.control_payment(*payment, "approve").await,
            Op::Decline { payment } => self.control_payment(*payment, "decline").await,
            Op::Refund { payment, part, id } => {
                let sum = i32::try_from(model.sum_of(*payment, *part)).unwrap();
                let id = format!("RFND{}", id.unwrap_or(self.refunds));
                let of = &*self.payments[*payment];
                let request = RefundPayment::new(of, Rupees::from_paise(sum), &*id);
                let refund = self.call(request).await?;
                self.refunds += 1;
                let of = self.payment(refund.transaction_id.unwrap().as_str());
                let sum = paise(refund.amount);
                Ok(format!("refund of {of}, {sum}"))
            }
            Op::Settle => {
                let settled = self.control("settlements/run", Value::Null).await?;
                let to_merchant = settled["settlementPayoutId"].is_string();
                let to_accounts = settled["splitPayoutIds"].as_array().unwrap().len();
                let payouts = usize::from(to_merchant) + to_accounts;
                Ok(format!(
                    "payouts: {payouts}, waiting: {}",
                    settled["waiting"]
                ))
            }
            Op::Qr(op) => self.obey_qr(op, model).await,
            Op::Mandate(op) => self.obey_mandate(op, model).await,
            Op::Account(op) => self.obey_account(op, model).await,
            Op::Split(op) => self.obey_split(op, model).await,
        }
    }

    pub(crate) async fn call<E: Endpoint>(&self, request: E) -> Done<E::Answer>
    where
        E::Answer: std::fmt::Debug,
    {
        let client = Client {
            sandbox: &self.sandbox,
            merchant: self.token.clone(),
            oauth: "none".into(),
        };
        client.call(request).await.map_err(|error| match error {
            AnswerError::Refused(refusal) => refusal.status,
            other => panic!("{}: {other}", E::OPERATION.name),
        })
    }

    pub(crate) async fn control(&self, path: &str, body: Value) -> Done<Value> {
        match control(&self.sandbox, "POST", path, body).await {
            (200, answer) => Ok(answer),
            (status, _) => Err(status),
        }
    }

    async fn control_order(&mut self, order: usize, what: &str) -> Done {
        let path = format!("orders/{}/{what}", self.order_id(order));
        let answer = self.control(&path, Value::Null).await?;
        let text = |name: &str| answer[name].as_str();
        match (text("transactionId"), text("transactionStatus")) {
            (Some(id), Some(status)) => Ok(self.paid(id, status)),
            _ => Ok(format!("order {order} {}", text("status").unwrap())),
        }
    }

    async fn control_payment(&mut self, payment: usize, what: &str) -> Done {
        let path = format!("payments/{}/{what}", self.payments[payment]);
        let answer = self.control(&path, Value::Null).await?;
        let text = |name: &str| answer[name].as_str().unwrap();
        Ok(self.paid(text("transactionId"), text("transactionStatus")))
    }

    pub(crate) async fn read_order(&self, number: usize) -> Done<Order> {
        self.call(GetOrderStatus::new(self.order_id(number))).await
    }

    pub(crate) fn order_id(&self, order: usize) -> &str {
        self.orders[order].id.as_str()
    }

    /// Path of the checkout page of an order, as the contract has it.
    fn page(&self, order: usize) -> String {
        format!("/v1/pay/{}", self.order_id(order))
    }

    /// Takes in an order that is new, whoever made it.
    pub(crate) async fn collected(&mut self, id: &str) -> Done<()> {
        let order = self.call(GetOrderStatus::new(id)).await?;
        self.orders.push(Placed {
            id: id.into(),
            merchant_id: order.merchant_order_id.unwrap(),
        });
        Ok(())
    }

    pub(crate) fn submitted(&mut self, submitted: &SubmittedPayment) -> String {
        let id = submitted.transaction_id().unwrap();
        self.paid(id.as_str(), submitted.status().unwrap().as_str())
    }

    /// An order by its number.
    pub(crate) fn order(&self, id: &str) -> String {
        let mut numbers = 0..self.orders.len();
        match numbers.find(|order| self.order_id(*order) == id) {
            Some(number) => format!("order {number}"),
            None => format!("order {id}"),
        }
    }

    /// A payment by its number.
    pub(crate) fn payment(&self, id: &str) -> String {
        match self.payments.iter().position(|known| known == id) {
            Some(number) => format!("payment {number}"),
            None => format!("payment {id}"),
        }
    }

    /// What is answered with a payment, which may be a new one.
    pub(crate) fn paid(&mut self, id: &str, status: &str) -> String {
        if !self.payments.iter().any(|known| known == id) {
            self.payments.push(id.to_owned());
        }
        format!("{} {status}", self.payment(id))
    }
}

/// An address on another machine.
const ELSEWHERE: &str = "https://shop.example.in/hook";

fn new_order(merchant_id: &str, paise: i32) -> CreateOrder {
    CreateOrder::new(merchant_id, Rupees::from_paise(paise))
}

/// A time in seconds since the sandbox was started, as most calls take it.
pub(crate) fn at(seconds: u64) -> String {
    written(seconds, "%Y-%m-%dT%H:%M:%SZ")
}

/// The same by the clocks of India, without a zone.
pub(crate) fn in_india(seconds: u64) -> String {
    written(seconds + START_IN_INDIA, "%Y-%m-%d %H:%M:%S")
}

fn written(seconds: u64, form: &str) -> String {
    let start: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    let time = start + Duration::from_secs(seconds);
    time.strftime(form).to_string()
}

impl Takes {
    fn options(self) -> Option<RestrictedPaymentOptions> {
        let mut options = RestrictedPaymentOptions::default();
        match self {
            Self::Anything => return None,
            Self::Upi => options.upi = true,
            Self::VisaCredit => options.credit_card = Some(vec!["VISA".to_owned()]),
        }
        Some(options)
    }
}

/// A sum in paise. One that has fractions of them is wrong.
pub(crate) fn paise(sum: Option<Rupees>) -> i64 {
    let paise = sum.unwrap().decimal() * rust_decimal::Decimal::ONE_HUNDRED;
    assert!(paise.is_integer(), "{paise} paise");
    paise.try_into().unwrap()
}
