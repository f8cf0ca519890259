//! Split settlement: accounts, payments that are divided, and who is paid what.

use std::collections::BTreeMap;
use std::time::Duration;

use enkash_sandbox::{Config, Sandbox};
use enkash_types::Rupees;
use enkash_types::gateway::{
    ActivateSplitAccount, AmountSplitType, CreateSplitAccount, EditSplitSettlement,
    GetSettlementPayout, PaymentDetail, PaymentStatus, RefundPayment, SearchSettlementPayouts,
    SettlementPayoutSummary, SplitAccount, SplitAccountId, SplitSettlement, SplitShare, SplitValue,
    SubmitPaymentWithSplit, SubmittedPayment, TransactionId, UpdateSplitAccount,
};
use enkash_types::strategies::repeatable;
use proptest::prelude::*;
use proptest::test_runner::TestRunner;
use serde_json::{Value, json};

use crate::client::{Client, control, does, refusal, start, start_with};
use crate::data::{directory, start_on};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn rupees(sum: &str) -> Rupees {
    sum.parse().unwrap()
}

fn asked(fields: Value) -> CreateSplitAccount {
    CreateSplitAccount::new(serde_json::from_value(fields).unwrap())
}

fn flat(shares: &[(&SplitAccountId, &str)]) -> SplitSettlement {
    let shares = shares.iter();
    SplitSettlement::flat(
        shares
            .map(|(account, sum)| SplitShare::new((*account).clone(), rupees(sum)))
            .collect(),
    )
}

fn percentage(shares: &[(&SplitAccountId, &str)]) -> SplitSettlement {
    let shares = shares.iter();
    let share = |(account, value): &(&SplitAccountId, &str)| {
        SplitShare::new((*account).clone(), value.parse::<SplitValue>().unwrap())
    };
    SplitSettlement::percentage(shares.map(share).collect())
}

impl Client<'_> {
    async fn split_account(&self, fields: Value) -> SplitAccount {
        self.call(asked(fields)).await.unwrap()
    }

    async fn receiver(&self, name: &str) -> SplitAccountId {
        self.split_account(json!({"name": name}))
            .await
            .id()
            .unwrap()
    }

    /// The request that pays an order of its own, of 499.50 rupees, by this address.
    async fn divided(
        &self,
        merchant_id: &str,
        vpa: &str,
        split: &SplitSettlement,
    ) -> SubmitPaymentWithSplit {
        let order = self.order(merchant_id).await.order_id.unwrap();
        let mut payment = SubmitPaymentWithSplit::new(order, PaymentDetail::upi(vpa));
        let split = serde_json::to_value(split).unwrap();
        payment.extra.insert("splitSettlement".to_owned(), split);
        payment
    }

    /// Pays an order of its own, of 499.50 rupees, that is divided so.
    async fn pays(&self, merchant_id: &str, split: &SplitSettlement) -> TransactionId {
        let payment = self.divided(merchant_id, "success@sandbox", split).await;
        let submitted = self.call(payment).await.unwrap();
        assert_eq!(submitted.status(), Some(PaymentStatus::Success));
        submitted.transaction_id().unwrap()
    }

    async fn payouts(&self) -> Vec<SettlementPayoutSummary> {
        let search = SearchSettlementPayouts::new();
        self.call(search).await.unwrap().data
    }

    /// What each split account was paid, and under an empty name the merchant.
    async fn paid_out(&self) -> BTreeMap<String, String> {
        let mut sums = BTreeMap::new();
        for payout in self.payouts().await {
            let account = payout.split_account.and_then(|account| account.name);
            let sum: &mut Rupees = sums.entry(account.unwrap_or_default()).or_default();
            *sum = sum
                .checked_add(payout.total_settlement_amount.unwrap())
                .unwrap();
        }
        let sums = sums.into_iter();
        sums.map(|(account, sum)| (account, sum.to_string()))
            .collect()
    }
}

fn sums<const N: usize>(sums: [(&str, &str); N]) -> BTreeMap<String, String> {
    let sums = sums.into_iter();
    sums.map(|(account, sum)| (account.to_owned(), sum.to_owned()))
        .collect()
}

async fn settle(sandbox: &Sandbox) -> Value {
    does(sandbox, "settlements/run", Value::Null).await
}

#[tokio::test]
async fn an_account_is_kept_as_it_was_given() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let account = client
        .split_account(
            json!({"name": "Asha Stores", "accountNumber": "123456789012", "ifsc": "KKBK0000432"}),
        )
        .await;
    let id = account.id().unwrap();
    assert_eq!(account.status(), Some("ACTIVE"));
    assert_eq!(account.extra["splitAccountDetailId"], id.as_str());
    assert_eq!(account.extra["name"], "Asha Stores");
    assert_eq!(account.extra["accountNumber"], "123456789012");
    let calls = serde_json::to_string(&sandbox.calls()).unwrap();
    assert!(calls.contains("XXXXXXXX9012") && !calls.contains("123456789012"));

    for (fields, message) in [
        (
            json!({"accountNumber": "1"}),
            "accountNumber: must be 9 to 36 characters",
        ),
        (json!({"ifsc": "KKBK"}), "ifsc: must be an IFSC"),
        (json!({"email": "asha"}), "email: must be an e-mail address"),
        (json!({"status": "ACTIVE"}), "status: is for EnKash to say"),
        (
            json!({"splitAccountId": "SA1"}),
            "splitAccountId: is for EnKash to say",
        ),
    ] {
        let refused = refusal(client.call(asked(fields)).await);
        assert_eq!(refused.status, 422);
        assert!(refused.message.starts_with(message), "{}", refused.message);
    }
    assert_eq!(
        refusal(client.call(asked(json!({"name": 7}))).await).status,
        400
    );
}

#[tokio::test]
async fn the_only_account_can_be_changed() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let key = sandbox.credentials().access_key.clone();
    let mut change = UpdateSplitAccount::new(key);
    change.name = Some("Asha & Sons".to_owned());
    change.account_number = Some("123456789012".into());
    let refused = refusal(client.call(change.clone()).await);
    assert_eq!(refused.status, 409);
    assert!(
        refused.message.starts_with("there are 0 split accounts"),
        "{}",
        refused.message
    );

    client
        .split_account(json!({"name": "Asha Stores", "city": "Pune"}))
        .await;
    let refused = refusal(client.call(UpdateSplitAccount::new("another-key")).await);
    assert_eq!(
        (refused.status, &*refused.message),
        (403, "accessKey: is not this account's")
    );
    let changed = client.call(change.clone()).await.unwrap();
    assert_eq!(changed.extra["name"], "Asha & Sons");
    assert_eq!(changed.extra["accountNumber"], "123456789012");
    assert_eq!(changed.extra["city"], "Pune");
    assert!(!changed.extra.contains_key("accessKey"));

    client.split_account(json!({"name": "Ravi Foods"})).await;
    let refused = refusal(client.call(change).await);
    assert!(
        refused.message.starts_with("there are 2 split accounts"),
        "{}",
        refused.message
    );
}

#[tokio::test]
async fn a_payment_is_paid_out_to_each_account_its_share_and_the_rest_to_the_merchant() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let fields = json!({"name": "Asha", "accountNumber": "123456789012", "ifsc": "KKBK0000432"});
    let asha = client.split_account(fields).await.id().unwrap();
    let ravi = client.receiver("Ravi").await;
    let mut split = flat(&[(&asha, "300"), (&ravi, "99.50")]);
    split.split_settlement_details[0].label = Some("stall".to_owned());
    client.pays("INV1", &split).await;
    client
        .pays("INV2", &percentage(&[(&ravi, "33.3333")]))
        .await;
    let whole = client.order("INV3").await.order_id.unwrap();
    does(&sandbox, &format!("orders/{whole}/pay"), Value::Null).await;

    // 2026-01-02 13:40 in India.
    sandbox
        .clock()
        .advance(Duration::from_secs((32 * 60 + 10) * 60 - 1));
    let client = Client::new(&sandbox).await;
    assert_eq!(client.payouts().await, []);
    sandbox.clock().advance(Duration::from_secs(1));
    let paid_out = client.paid_out().await;
    // 33.3333 percent of 499.50 are 166.49 and a bit, and the bit is the merchant's.
    assert_eq!(
        paid_out,
        sums([("", "932.51"), ("Asha", "300.00"), ("Ravi", "265.99")])
    );

    let payouts = client.payouts().await;
    let [own, to_asha, to_ravi] = payouts.as_slice() else {
        panic!("{payouts:?}");
    };
    assert_eq!(own.split_account, None);
    assert_eq!(own.transactions_count, Some(3));
    let account = to_asha.split_account.as_ref().unwrap();
    assert_eq!(
        account.split_account_detail_id.as_deref(),
        Some(asha.as_str())
    );
    assert_eq!(account.label.as_deref(), Some("stall"));
    assert_eq!(
        account.account_number.as_ref().unwrap().as_str(),
        "123456789012"
    );
    assert_eq!(account.ifsc, Some("KKBK0000432".into()));
    let id = to_ravi.settlement_payout_id.clone().unwrap();
    let payout = client.call(GetSettlementPayout::new(id)).await.unwrap();
    let shares: Vec<_> = payout
        .transactions()
        .iter()
        .map(|share| share.settlement_amount.unwrap())
        .collect();
    assert_eq!(shares, [rupees("99.50"), rupees("166.49")]);
    assert_eq!(payout.total_settlement_amount, Some(rupees("265.99")));
}

#[tokio::test]
async fn a_split_that_cannot_be_is_refused_and_nothing_is_paid() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let asha = client.receiver("Asha").await;
    let ravi = client.receiver("Ravi").await;
    let gone = client.receiver("Gone").await;
    does(
        &sandbox,
        &format!("split-accounts/{gone}/deactivate"),
        Value::Null,
    )
    .await;
    let nobody = SplitAccountId::new("SA0");
    let list = "splitSettlement.splitSettlementDetails";
    for (number, (split, message)) in [
        (flat(&[]), format!("{list}: must name an account")),
        (
            flat(&[(&asha, "1"), (&nobody, "1")]),
            format!("{list}[1].splitAccountId: no split account has this id"),
        ),
        (
            flat(&[(&gone, "1")]),
            format!("{list}[0].splitAccountId: this split account is deactivated"),
        ),
        (
            flat(&[(&asha, "1"), (&asha, "1")]),
            format!("{list}[1].splitAccountId: is there already"),
        ),
        (
            flat(&[(&asha, "0")]),
            format!("{list}[0].value: must be more than 0"),
        ),
        (
            flat(&[(&asha, "-1")]),
            format!("{list}[0].value: must be more than 0"),
        ),
        (
            flat(&[(&asha, "0.001")]),
            format!("{list}[0].value: must have at most two decimals"),
        ),
        (
            flat(&[(&asha, "400"), (&ravi, "99.51")]),
            format!("{list}: must not add up to more than the payment"),
        ),
        (
            percentage(&[(&asha, "60"), (&ravi, "40.1")]),
            format!("{list}: must not add up to more than 100"),
        ),
    ]
    .into_iter()
    .enumerate()
    {
        let payment = client
            .divided(&format!("INV{number}"), "success@sandbox", &split)
            .await;
        let order = payment.order_id.clone();
        let refused = refusal(client.call(payment).await);
        assert_eq!((refused.status, refused.message), (422, message));
        let order = enkash_types::gateway::GetOrderStatus::new(order);
        let order = client.call(order).await.unwrap();
        assert_eq!(order.transactions.unwrap(), []);
    }
    // What is not read as a split is not left out.
    let mut payment = client
        .divided("INV20", "success@sandbox", &flat(&[(&asha, "1")]))
        .await;
    let split = payment.extra.remove("splitSettlement").unwrap();
    payment.extra.insert("split".to_owned(), split);
    let refused = refusal(client.call(payment).await);
    assert_eq!(refused.status, 400);
    assert!(
        refused.message.starts_with("split: unknown field `split`"),
        "{}",
        refused.message
    );
    let mut unknown = flat(&[(&asha, "1")]);
    unknown.amount_split_type = AmountSplitType::from("HALVES");
    let payment = client.divided("INV21", "success@sandbox", &unknown).await;
    assert_eq!(refusal(client.call(payment).await).status, 422);
    // Fields are told of where they travel.
    let order = client.order("INV22").await.order_id.unwrap();
    let nobody = SubmitPaymentWithSplit::new(order, PaymentDetail::upi("nobody@sandbox"));
    let refused = refusal(client.call(nobody).await);
    assert_eq!(
        (refused.status, &*refused.message),
        (422, "vpa: there is no such UPI address")
    );
    let unknown = SubmitPaymentWithSplit::new("ORD0", PaymentDetail::upi("success@sandbox"));
    assert_eq!(refusal(client.call(unknown).await).status, 404);
    assert_eq!(settle(&sandbox).await["settlementPayoutId"], Value::Null);
}

#[tokio::test]
async fn the_flat_nesting_pays_without_a_split_as_well() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let order = client.order("INV1").await.order_id.unwrap();
    let payment = SubmitPaymentWithSplit::new(order, PaymentDetail::upi("success@sandbox"));
    let submitted: SubmittedPayment = client.call(payment).await.unwrap();
    assert_eq!(submitted.status(), Some(PaymentStatus::Success));
    settle(&sandbox).await;
    assert_eq!(client.paid_out().await, sums([("", "499.50")]));
}

#[tokio::test]
async fn a_split_can_be_set_and_changed_until_the_payment_is_settled() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let asha = client.receiver("Asha").await;
    let ravi = client.receiver("Ravi").await;
    let first = client.pays("INV1", &flat(&[(&asha, "499.50")])).await;
    client.order("INV2").await;
    let second = does(&sandbox, "orders/INV2/pay", Value::Null).await;
    let second = TransactionId::new(second["transactionId"].as_str().unwrap());
    let edit = |transaction: &TransactionId, split: SplitSettlement| {
        client.call(EditSplitSettlement::new(transaction.clone(), split))
    };
    let edited = edit(&first, percentage(&[(&ravi, "50")])).await.unwrap();
    assert_eq!(edited.extra["transactionId"], first.as_str());
    assert_eq!(
        edited.extra["splitSettlement"]["amountSplitType"],
        "PERCENTAGE"
    );
    edit(&second, flat(&[(&asha, "100")])).await.unwrap();
    let refused = refusal(edit(&second, flat(&[(&asha, "500")])).await);
    assert_eq!(refused.status, 422);
    let refused = refusal(edit(&"EK0".into(), flat(&[(&asha, "1")])).await);
    assert_eq!(refused.status, 404);

    settle(&sandbox).await;
    let expected = sums([("", "649.25"), ("Asha", "100.00"), ("Ravi", "249.75")]);
    assert_eq!(client.paid_out().await, expected);
    for transaction in [&first, &second] {
        let refused = refusal(edit(transaction, flat(&[(&asha, "1")])).await);
        assert_eq!(
            (refused.status, &*refused.message),
            (409, "the payment is settled already")
        );
    }
    settle(&sandbox).await;
    assert_eq!(
        client.paid_out().await,
        expected,
        "nothing is paid out twice"
    );

    // One that waits can be divided, one that failed cannot.
    let split = flat(&[(&asha, "1")]);
    let waits = client.divided("INV3", "pending@sandbox", &split).await;
    let waits = client.call(waits).await.unwrap().transaction_id().unwrap();
    edit(&waits, flat(&[(&asha, "2")])).await.unwrap();
    let failed = client.divided("INV4", "decline@sandbox", &split).await;
    let failed = client.call(failed).await.unwrap().transaction_id().unwrap();
    let refused = refusal(edit(&failed, split).await);
    assert_eq!(
        (refused.status, &*refused.message),
        (409, "the payment is FAILED")
    );
}

#[tokio::test]
async fn what_was_given_back_and_charged_is_not_divided() {
    // Two percent, and 18 percent GST on them.
    let sandbox = start_with(Config::new().with_charge(200)).await;
    let client = Client::new(&sandbox).await;
    let asha = client.receiver("Asha").await;
    let ravi = client.receiver("Ravi").await;
    // 499.50 less 9.99 and 1.80 less 100 is 387.71.
    let shared = client
        .pays("INV1", &percentage(&[(&asha, "50"), (&ravi, "50")]))
        .await;
    let refund = RefundPayment::new(shared, rupees("100"), "RFND1");
    client.call(refund).await.unwrap();
    // 499.50 less 9.99 and 1.80 is 487.71: the last share is cut short.
    client
        .pays("INV2", &flat(&[(&asha, "400"), (&ravi, "99.50")]))
        .await;
    settle(&sandbox).await;
    let expected = [("Asha", "593.85"), ("Ravi", "281.56")];
    let paid_out = client.paid_out().await;
    assert_eq!(paid_out["Asha"], expected[0].1);
    assert_eq!(paid_out["Ravi"], expected[1].1);
    // 0.01 of the first could not be halved.
    assert_eq!(paid_out[""], "0.01");

    // What is given back later is the merchant's to give.
    let later = client.pays("INV3", &percentage(&[(&asha, "100")])).await;
    settle(&sandbox).await;
    let refund = RefundPayment::new(later, rupees("487.71"), "RFND2");
    client.call(refund).await.unwrap();
    client.order("INV4").await;
    does(&sandbox, "orders/INV4/pay", Value::Null).await;
    let settled = settle(&sandbox).await;
    assert_eq!(settled["settlementPayoutId"], Value::Null, "{settled}");
    assert_eq!(client.paid_out().await["Asha"], "1081.56");
}

#[tokio::test]
async fn a_deactivated_account_is_paid_when_it_is_activated() {
    let file = directory("split").join("shop.db");
    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    let asha = client.receiver("Asha").await;
    client.pays("INV1", &flat(&[(&asha, "100")])).await;
    let path = format!("split-accounts/{asha}/deactivate");
    let gone = does(&sandbox, &path, Value::Null).await;
    assert_eq!(gone["status"], "INACTIVE");
    let (status, _) = control(
        &sandbox,
        "POST",
        "split-accounts/SA0/deactivate",
        Value::Null,
    )
    .await;
    assert_eq!(status, 404);
    sandbox.clock().advance(3 * DAY);
    let client = Client::new(&sandbox).await;
    assert_eq!(client.paid_out().await, sums([("", "399.50")]));
    sandbox.stop().await;

    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    assert_eq!(client.paid_out().await, sums([("", "399.50")]));
    let unknown = ActivateSplitAccount::new("SA0");
    assert_eq!(refusal(client.call(unknown).await).status, 404);
    for _ in 0..2 {
        let active = client
            .call(ActivateSplitAccount::new(asha.clone()))
            .await
            .unwrap();
        assert_eq!(active.status(), Some("ACTIVE"));
    }
    assert_eq!(client.paid_out().await, sums([("", "399.50")]));
    sandbox.clock().advance(2 * DAY);
    let client = Client::new(&sandbox).await;
    let expected = sums([("", "399.50"), ("Asha", "100.00")]);
    assert_eq!(client.paid_out().await, expected);
}

/// Shares in hundredths of a percent or in paise, and what is given back before the settlement.
fn splits() -> impl Strategy<Value = (bool, Vec<i32>, i32)> {
    let shares = prop::collection::vec(1..=12_500, 1..=4);
    (any::<bool>(), shares, 0..=49_950)
}

#[test]
fn shares_and_the_rest_always_add_up() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let ran = TestRunner::new(repeatable()).run(&splits(), |(is_flat, shares, refunded)| {
        runtime.block_on(add_up(is_flat, &shares, refunded));
        Ok(())
    });
    if let Err(failure) = ran {
        panic!("{failure}");
    }
}

async fn add_up(is_flat: bool, shares: &[i32], refunded: i32) {
    // 1.75 percent of 499.50, and 18 percent GST on that, in whole paise.
    let sandbox = start_with(Config::new().with_charge(175)).await;
    let charged = 874 + 157;
    let client = Client::new(&sandbox).await;
    let mut parts = Vec::new();
    for (number, share) in shares.iter().enumerate() {
        let account = client.receiver(&format!("A{number}")).await;
        parts.push(SplitShare::new(account, Rupees::from_paise(*share)));
    }
    let split = match is_flat {
        true => SplitSettlement::flat(parts),
        false => SplitSettlement::percentage(parts),
    };
    let payment = client.divided("INV1", "success@sandbox", &split).await;
    let whole = if is_flat { 49_950 } else { 10_000 };
    if shares.iter().sum::<i32>() > whole {
        assert_eq!(refusal(client.call(payment).await).status, 422);
        return;
    }
    let paid = client
        .call(payment)
        .await
        .unwrap()
        .transaction_id()
        .unwrap();
    if refunded > 0 {
        let refund = RefundPayment::new(paid, Rupees::from_paise(refunded), "RFND1");
        client.call(refund).await.unwrap();
    }
    settle(&sandbox).await;

    let left = (49_950 - charged - refunded).max(0);
    let paid_out = client.paid_out().await;
    let sum = paid_out.values().fold(Rupees::ZERO, |sum, paid| {
        assert!(rupees(paid) > Rupees::ZERO);
        sum.checked_add(rupees(paid)).unwrap()
    });
    assert_eq!(sum, Rupees::from_paise(left));
    for (number, share) in shares.iter().enumerate() {
        let got = paid_out.get(&format!("A{number}"));
        let got = got.map_or(Rupees::ZERO, |got| rupees(got));
        let due = if is_flat {
            *share
        } else {
            left * share / 10_000
        };
        assert!(got <= Rupees::from_paise(due), "{number}");
        assert!(is_flat || got == Rupees::from_paise(due), "{number}");
    }
}
