//! Whatever is paid, refused, given back and set: the account adds up.
//!
//! Random calls, held against what the answers said: of every transfer that stands, its sum is
//! gone from the account, once; of every other nothing is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use enkash_sandbox::{Config, Sandbox, SandboxClock};
use enkash_transport::wire::AnswerError;
use enkash_types::payouts::{CreateTransfer, CreateTransferBatch, Standing, TransferStatus};
use enkash_types::strategies::repeatable;
use enkash_types::{Rupees, Secret, read};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::client::{Client, control};
use crate::data::directory;
use crate::payouts::payee;
use crate::payouts_account::statement_of;

/// A payee, and how money gets to him.
const PAYEES: [(&str, &str); 7] = [
    ("OK1", "123456789012"),
    ("NOONE1", "100000000001"),
    ("FAILS1", "100000000002"),
    ("SLOW1", "100000000003"),
    ("SILENT1", "100000000004"),
    ("BACK1", "100000000005"),
    // He is not registered.
    ("NOBODY1", ""),
];

#[derive(Debug, Clone)]
struct Pay {
    id: u8,
    paise: i32,
    mode: &'static str,
    payee: usize,
}

#[derive(Debug, Clone)]
enum Op {
    Pay(Pay),
    Batch(u8, Vec<Pay>),
    Wait(u64),
    Act(u8, &'static str),
    SetBalance(i32),
    Restart,
}

/// Few ids, so that they come again.
fn pay() -> impl Strategy<Value = Pay> {
    let mode = prop::sample::select(vec!["IMPS", "NEFT", "RTGS", "UPI"]);
    (0..12_u8, 100..3_000_000_i32, mode, 0..PAYEES.len()).prop_map(|(id, paise, mode, payee)| Pay {
        id,
        paise,
        mode,
        payee,
    })
}

fn op() -> impl Strategy<Value = Op> {
    let act = prop::sample::select(vec!["reject", "fail", "reverse"]);
    prop_oneof![
        6 => pay().prop_map(Op::Pay),
        2 => (0..4_u8, prop::collection::vec(pay(), 1..5)).prop_map(|(id, pays)| Op::Batch(id, pays)),
        3 => prop::sample::select(vec![1, 5, 60, 300, 1800, 86_400, 3 * 86_400]).prop_map(Op::Wait),
        2 => (0..12_u8, act).prop_map(|(id, act)| Op::Act(id, act)),
        1 => (0..10_000_000_i32).prop_map(Op::SetBalance),
        1 => Just(Op::Restart),
    ]
}

async fn start(file: &Path) -> Sandbox {
    let config = Config::new()
        .with_clock(SandboxClock::manual())
        .with_oauth_token_life(Duration::from_secs(u32::MAX.into()))
        .with_data(file);
    Sandbox::start(config).await.unwrap()
}

/// A sandbox, and what is known of it by its answers.
struct Run {
    /// There is one but while it is started again.
    running: Option<Sandbox>,
    file: PathBuf,
    token: Secret,
    /// What was in the account at first, and what was put in and taken since, in paise.
    own: i64,
    /// The sum of each transfer that was taken on or rejected, in paise.
    sums: BTreeMap<String, i64>,
}

fn paise(sum: &Value) -> i64 {
    let sum: Rupees = read::value(sum.clone()).unwrap();
    let paise = (sum.decimal() * rust_decimal::Decimal::from(100)).normalize();
    i64::try_from(paise).unwrap()
}

fn request(pay: &Pay) -> CreateTransfer {
    let (to, _) = PAYEES[pay.payee];
    let sum = Rupees::from_paise(pay.paise);
    CreateTransfer::new(format!("T{}", pay.id), sum, pay.mode.into(), to)
}

impl Run {
    async fn start(file: PathBuf) -> Self {
        let sandbox = start(&file).await;
        let client = Client::new(&sandbox).await;
        for (id, account) in PAYEES.iter().filter(|(_, account)| !account.is_empty()) {
            client.call(payee(id, account)).await.unwrap();
        }
        // Less than all transfers come to, so that some are refused.
        let body = json!({"balance": 100_000});
        control(&sandbox, "POST", "payouts/balance", body).await;
        let token = client.oauth.clone();
        Self {
            running: Some(sandbox),
            file,
            token,
            own: 10_000_000,
            sums: BTreeMap::new(),
        }
    }

    fn sandbox(&self) -> &Sandbox {
        self.running.as_ref().unwrap()
    }

    fn client(&self) -> Client<'_> {
        Client {
            sandbox: self.sandbox(),
            merchant: "none".into(),
            oauth: self.token.clone(),
        }
    }

    async fn obey(&mut self, op: Op) {
        match op {
            Op::Pay(pay) => {
                let answer = self.client().call(request(&pay)).await;
                match answer {
                    Ok(_) => self.know(&pay),
                    Err(AnswerError::Refused(refused)) => {
                        assert!([409, 422].contains(&refused.status), "{refused}");
                    }
                    Err(other) => panic!("{other}"),
                }
            }
            Op::Batch(id, mut pays) => {
                pays.sort_by_key(|pay| pay.id);
                pays.dedup_by_key(|pay| pay.id);
                let batch = pays.iter().map(request).collect();
                let batch = CreateTransferBatch::new(format!("B{id}"), batch);
                let Ok(answer) = self.client().call(batch).await else {
                    return;
                };
                for taken in answer.successful {
                    assert_eq!(taken.payout_status, Some(TransferStatus::Pending));
                    let id = taken.transaction_id.unwrap();
                    let is_it = |pay: &&Pay| format!("T{}", pay.id) == id.as_str();
                    let pay = pays.iter().find(is_it).unwrap().clone();
                    self.know(&pay);
                }
            }
            Op::Wait(seconds) => self.sandbox().clock().advance(Duration::from_secs(seconds)),
            Op::Act(id, act) => {
                let path = format!("transfers/T{id}/{act}");
                let (status, _) = control(self.sandbox(), "POST", &path, Value::Null).await;
                assert!([200, 404, 409].contains(&status));
            }
            Op::SetBalance(paise) => {
                let before = self.client().balance().await;
                let body = json!({"balance": Rupees::from_paise(paise)});
                control(self.sandbox(), "POST", "payouts/balance", body).await;
                self.own += i64::from(paise) - self::paise(&json!(before));
            }
            Op::Restart => {
                self.running.take().unwrap().stop().await;
                self.running = Some(start(&self.file).await);
            }
        }
    }

    fn know(&mut self, pay: &Pay) {
        self.sums.insert(format!("T{}", pay.id), pay.paise.into());
    }

    async fn check(&self) {
        let ledger = self.sandbox().look("payouts/ledger").await.unwrap();
        let sum = |name: &str| paise(&ledger[name]);
        assert!(sum("balance") >= 0);
        assert_eq!(
            sum("openingBalance") + sum("credits") - sum("debits"),
            sum("balance")
        );
        let mut gone = 0;
        for sent in ledger["transfers"].as_array().unwrap() {
            let id = sent["transactionId"].as_str().unwrap();
            let status = TransferStatus::from(sent["payoutStatus"].as_str().unwrap());
            let stands = matches!(status.standing(), Standing::UnderWay | Standing::Paid);
            let count = |name: &str| sent[name].as_i64().unwrap();
            assert_eq!(
                count("debits") - count("credits"),
                i64::from(stands),
                "{id}"
            );
            let amount = paise(&sent["transferAmount"]);
            if stands {
                assert_eq!(Some(&amount), self.sums.get(id), "{id}");
                gone += amount;
            }
        }
        assert_eq!(self.own - gone, sum("balance"));

        let whole = statement_of("2026-01-01", "2100-01-01");
        let mut balance = sum("openingBalance");
        let statement = self.client().call(whole).await.unwrap();
        for line in statement.lines {
            let amount = paise(&json!(line.transaction_amount));
            match line.transaction_type.as_deref() {
                Some("DEBIT") => balance -= amount,
                Some("CREDIT") => balance += amount,
                other => panic!("{other:?}"),
            }
            assert_eq!(balance, paise(&json!(line.running_balance)));
        }
        assert_eq!(balance, sum("balance"));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 32, ..repeatable() })]

    #[test]
    fn the_account_adds_up(ops in prop::collection::vec(op(), 1..60)) {
        let file = directory("payout-sums").join("shop.db");
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut run = Run::start(file).await;
            for op in ops {
                run.obey(op).await;
                run.check().await;
            }
        });
    }
}
