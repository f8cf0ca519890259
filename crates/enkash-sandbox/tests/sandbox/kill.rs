//! Killed at any moment, a sandbox leaves a file that opens, with every acknowledged call in it.
//!
//! The sandbox that is killed runs in a process of its own: this program again, with the test
//! [`serves_until_it_is_killed`].

use std::collections::BTreeSet;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use enkash_crypto::PayloadKey;
use enkash_sandbox::{Config, Sandbox};
use enkash_transport::wire;
use enkash_types::Rupees;
use enkash_types::gateway::{GetOrderStatus, OrderStatus, PaymentStatus, TransactionId};
use enkash_types::oauth::PasswordGrant;
use enkash_types::payouts::{BeneficiaryDetail, CreateTransfer, TransferMode};
use enkash_types::strategies::repeatable;
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::client::Client;
use crate::data::directory;

const FILE: &str = "ENKASH_SANDBOX_TEST_FILE";

#[test]
#[ignore = "it is what the other test kills"]
fn serves_until_it_is_killed() {
    let Some(file) = std::env::var_os(FILE) else {
        return;
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config::new().with_data(PathBuf::from(file));
    let sandbox = runtime.block_on(Sandbox::start(config)).unwrap();
    println!("\nlistening on {}", sandbox.url());
    // When the other test ends in another way, so does this.
    let _ = std::io::stdin().lines().count();
}

/// A sandbox in a process of its own.
struct Served {
    child: Child,
    address: String,
}

impl Served {
    fn start(file: &Path) -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args([
                "kill::serves_until_it_is_killed",
                "--exact",
                "--ignored",
                "--nocapture",
            ])
            .env(FILE, file)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let address = lines
            .map_while(Result::ok)
            .find_map(|line| Some(line.strip_prefix("listening on http://")?.to_owned()))
            .expect("the sandbox starts on the file that the last one left");
        Self { child, address }
    }

    /// SIGKILL, on a Unix system.
    fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

/// One call; `None` where no whole answer came.
async fn call(address: &str, path: &str, headers: &str, body: &Value) -> Option<Value> {
    let body = match body {
        Value::Null => String::new(),
        body => body.to_string(),
    };
    post(address, path, headers, &body).await
}

async fn post(address: &str, path: &str, headers: &str, body: &str) -> Option<Value> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    let request = format!(
        "POST {path} HTTP/1.1\r\nhost: sandbox\r\nconnection: close\r\n{headers}\
         content-length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(request.as_bytes()).await.ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    // A body that was cut off does not read.
    let body = serde_json::from_str(body).ok()?;
    assert!(head.starts_with("HTTP/1.1 200 "), "{head}: {body}");
    Some(body)
}

/// What the sandbox said that it did.
#[derive(Clone, Default)]
struct Acknowledged {
    /// EnKash's ids of orders that were made.
    orders: Vec<String>,
    /// An order's id and the payment that succeeded or failed.
    payments: Vec<(String, String, &'static str)>,
    /// The payments of which a part was given back.
    refunds: Vec<String>,
    /// The merchant's ids of transfers.
    transfers: Vec<String>,
}

/// Who pays money out: his token, and the key that his bodies are sealed with.
struct Payer {
    headers: String,
    key: PayloadKey,
}

impl Payer {
    async fn new(address: &str) -> Option<Self> {
        let known = Config::new().credentials;
        let (id, secret) = (known.client_id, known.client_secret);
        let basic = wire::basic(&id, &secret).unwrap();
        let basic = format!("authorization: {}\r\n", basic.to_str().unwrap());
        let form = PasswordGrant::new(known.username, known.password, id);
        let form = serde_urlencoded::to_string(form).unwrap();
        let token = post(address, "/oauth/token", &basic, &form).await?;
        let token = token["access_token"].as_str().unwrap();
        Some(Self {
            headers: format!("authorization: Bearer {token}\r\n"),
            key: PayloadKey::from_client_secret(secret.expose()),
        })
    }

    /// Pays ten rupees out.
    async fn pay(&self, address: &str, id: &str) -> Option<Value> {
        let payee = BeneficiaryDetail::to_vpa("asha@examplebank");
        let sum = Rupees::from_paise(1000);
        let transfer = CreateTransfer::inline(id, sum, TransferMode::Upi, payee);
        let sealed = self.key.seal(&serde_json::to_vec(&transfer).unwrap());
        let body = json!({"request": sealed});
        call(address, "/api/v0/payout-transaction", &self.headers, &body).await
    }
}

/// Makes orders and pays them until nobody answers any more.
async fn shop(
    address: String,
    shop: usize,
    known: Arc<Mutex<Acknowledged>>,
    said: Arc<AtomicUsize>,
) {
    let keys = json!({"accessKey": "sandbox-access-key", "secretKey": "sandbox-secret-key"});
    let Some(token) = call(&address, "/api/v0/merchant/token", "", &keys).await else {
        return;
    };
    let headers = format!(
        "authorization: Bearer {}\r\nmerchantAccessKey: sandbox-access-key\r\n",
        token["token"].as_str().unwrap()
    );
    let Some(payer) = Payer::new(&address).await else {
        return;
    };
    for number in 0.. {
        let order = json!({
            "orderId": format!("S{shop}N{number}P{}", std::process::id()),
            "amount": {"value": 499.5, "currency": "INR"},
        });
        let Some(made) = call(&address, "/api/v0/orders", &headers, &order).await else {
            return;
        };
        let id = made["payload"]["orderId"].as_str().unwrap().to_owned();
        known.lock().unwrap().orders.push(id.clone());
        said.fetch_add(1, Ordering::SeqCst);
        let mut paid = String::new();
        for (what, status) in [("fail", "FAILED"), ("pay", "SUCCESS")] {
            let path = format!("/_sandbox/orders/{id}/{what}");
            let Some(done) = call(&address, &path, "", &Value::Null).await else {
                return;
            };
            let payment = done["transactionId"].as_str().unwrap().to_owned();
            let mut acknowledged = known.lock().unwrap();
            acknowledged
                .payments
                .push((id.clone(), payment.clone(), status));
            drop(acknowledged);
            said.fetch_add(1, Ordering::SeqCst);
            paid = payment;
        }
        let transfer = format!("T{id}");
        if payer.pay(&address, &transfer).await.is_none() {
            return;
        }
        known.lock().unwrap().transfers.push(transfer);
        said.fetch_add(1, Ordering::SeqCst);
        let refund = json!({"amount": 100, "requestId": format!("R{id}")});
        let path = format!("/api/v0/payment/{paid}/refund");
        if call(&address, &path, &headers, &refund).await.is_none() {
            return;
        }
        known.lock().unwrap().refunds.push(paid);
        said.fetch_add(1, Ordering::SeqCst);
    }
}

/// Lets some shops at a new process, and kills it once it has said so many things.
async fn run_until(file: &Path, round: usize, enough: usize, known: &Arc<Mutex<Acknowledged>>) {
    let served = Served::start(file);
    let said = Arc::<AtomicUsize>::default();
    let mut shops = JoinSet::new();
    for number in 0..4 {
        let (known, said) = (Arc::clone(known), Arc::clone(&said));
        shops.spawn(shop(
            served.address.clone(),
            10 * round + number,
            known,
            said,
        ));
    }
    while said.load(Ordering::SeqCst) < enough {
        // None of them ends before the kill.
        if let Some(shop) = shops.try_join_next() {
            shop.unwrap();
            panic!("a shop got no answer");
        }
        tokio::task::yield_now().await;
    }
    // The others are in the middle of something.
    served.kill();
    while let Some(shop) = shops.join_next().await {
        shop.unwrap();
    }
}

/// Opens the file and looks for all of it.
async fn look(file: &Path, known: &Acknowledged) {
    let sandbox = Sandbox::start(Config::new().with_data(file)).await.unwrap();
    let client = Client::new(&sandbox).await;
    let ids: BTreeSet<_> = known.orders.iter().collect();
    assert_eq!(ids.len(), known.orders.len(), "no id came twice");
    let has_paid = ["SUCCESS", "PARTIALLY_REFUNDED"];
    for id in &known.orders {
        let order = client.call(GetOrderStatus::new(id.as_str())).await.unwrap();
        let attempts = order.transactions.unwrap();
        let paid = attempts.iter().map(|attempt| attempt.status().unwrap());
        let paid = paid.filter(|status| has_paid.contains(&status.as_str()));
        assert_eq!(
            paid.count(),
            usize::from(order.status.unwrap() == OrderStatus::Paid),
            "an order and its payments were written together"
        );
    }
    for (id, payment, status) in &known.payments {
        let order = client.call(GetOrderStatus::new(id.as_str())).await.unwrap();
        let attempts = order.transactions.unwrap();
        let is_it = |id: &TransactionId| id.as_str() == payment;
        let found = attempts
            .iter()
            .find(|attempt| attempt.transaction_id.as_ref().is_some_and(is_it));
        let found = found.unwrap().status().unwrap();
        // A refund that was not acknowledged may have been made.
        let found = if has_paid.contains(&found.as_str()) {
            "SUCCESS"
        } else {
            found.as_str()
        };
        assert_eq!(found, *status);
    }
    for payment in &known.refunds {
        let id = TransactionId::new(payment.as_str());
        let status = client.payment(&id).await;
        assert_eq!(status, PaymentStatus::PartiallyRefunded);
    }
    let ledger = sandbox.look("payouts/ledger").await.unwrap();
    let transfers = ledger["transfers"].as_array().unwrap();
    for sent in transfers {
        assert_eq!(
            sent["debits"], 1,
            "a transfer and its debit were written together"
        );
    }
    let debited = Value::from(10 * transfers.len());
    assert_eq!(ledger["debits"], debited);
    let has = |id: &String| transfers.iter().any(|sent| sent["transactionId"] == **id);
    assert!(known.transfers.iter().all(has));
    let logged = sandbox
        .calls()
        .into_iter()
        .filter(|call| call.operation == Some("create_order") && call.status == Some(200));
    assert!(logged.count() >= known.orders.len());
    sandbox.stop().await;
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..repeatable() })]

    #[test]
    fn every_acknowledged_call_is_there_after_a_kill(
        rounds in prop::collection::vec(1..40_usize, 1..4)
    ) {
        let file = directory("kill").join("shop.db");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let known = Arc::<Mutex<Acknowledged>>::default();
        runtime.block_on(async {
            for (round, enough) in rounds.into_iter().enumerate() {
                run_until(&file, round, enough, &known).await;
                // What was there after the last kill is there after this one.
                let so_far = known.lock().unwrap().clone();
                look(&file, &so_far).await;
            }
        });
    }
}
