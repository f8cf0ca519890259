//! Settlements: what was paid, less what was given back, charges and GST.

use std::time::Duration;

use enkash_sandbox::Config;
use enkash_types::gateway::{
    GetSettlementPayout, SearchSettlementPayouts, SettlementPayout, SettlementPayoutSummary,
};
use enkash_types::{Direction, Page, Rupees};
use serde_json::{Value, json};

use crate::client::{Client, does, order, refusal, start_with};
use crate::data::directory;
use crate::refunds::rupees;

const HOUR: Duration = Duration::from_secs(3600);

/// Whose tokens outlive the days that a test moves the clock by.
fn patient() -> Config {
    Config::new().with_token_life(1000 * HOUR)
}

impl Client<'_> {
    async fn found(&self, search: SearchSettlementPayouts) -> Page<SettlementPayoutSummary> {
        self.call(search).await.unwrap()
    }

    /// The only payout.
    async fn payout(&self) -> SettlementPayout {
        let found = self.found(SearchSettlementPayouts::new()).await;
        let [one] = found.data.as_slice() else {
            panic!("{found:?}");
        };
        let id = one.settlement_payout_id.clone().unwrap();
        self.call(GetSettlementPayout::new(id)).await.unwrap()
    }

    async fn paid(&self, id: &str, sum: &str) {
        let mut request = order(id);
        request.amount.value = rupees(sum);
        let order = self.call(request).await.unwrap();
        self.pay(&order).await;
    }
}

/// Sales less refunds less charges less GST are what is paid out, as a whole and for each payment.
fn adds_up(payout: &SettlementPayout) {
    let total = payout.total_settlement_amount.unwrap();
    let net = payout.total_sale_amount.unwrap().decimal()
        - payout.total_refund_amount.unwrap().decimal()
        - payout.total_charges.unwrap().decimal()
        - payout.total_gst.unwrap().decimal();
    assert_eq!(total.decimal(), net);
    let parts = payout.transactions().iter();
    let sum = parts.map(|part| part.settlement_amount.unwrap().decimal());
    assert_eq!(sum.sum::<rust_decimal::Decimal>(), net);
}

#[tokio::test]
async fn what_is_paid_on_one_day_is_settled_on_the_next() {
    let sandbox = start_with(patient()).await;
    let client = Client::new(&sandbox).await;
    // The clock stands at 05:30 in India.
    client.paid("INV1", "499.50").await;
    sandbox.clock().advance(18 * HOUR);
    client.paid("INV2", "100").await;
    sandbox.clock().advance(HOUR);
    client.paid("INV3", "7").await; // After midnight.
    sandbox.clock().advance(13 * HOUR);
    let none = client.found(SearchSettlementPayouts::new()).await;
    assert_eq!(
        (none.records_count, none.data.len()),
        (Some(0), 0),
        "it is 13:30"
    );

    sandbox.clock().advance(Duration::from_secs(600));
    let payout = client.payout().await;
    adds_up(&payout);
    assert_eq!(payout.total_settlement_amount, Some(rupees("599.50")));
    assert_eq!(payout.transactions().len(), 2);
    assert_eq!(payout.payout_status.as_deref(), Some("INIT"));
    assert_eq!((&payout.utr, &payout.payout_date), (&None, &None));
    assert_eq!(
        payout.created_on.as_ref().unwrap().as_str(),
        "2026-01-02 13:40:00"
    );
    let first = &payout.transactions()[0];
    assert_eq!(first.transaction_type.as_deref(), Some("SALE"));
    assert_eq!(first.settlement_status.as_deref(), Some("PENDING"));
    assert_eq!(
        first.created_on.as_ref().unwrap().as_str(),
        "2026-01-01 05:30:00"
    );

    sandbox.clock().advance(Duration::from_secs(600));
    let payout = client.payout().await;
    assert_eq!(payout.payout_status.as_deref(), Some("SUCCESS"));
    assert!(payout.utr.is_some());
    assert_eq!(
        payout.payout_date.as_ref().unwrap().as_str(),
        "2026-01-02 13:50:00"
    );
    assert_eq!(
        payout.transactions()[1].settlement_status.as_deref(),
        Some("SETTLED")
    );
    sandbox.clock().advance(24 * HOUR);
    let found = client.found(SearchSettlementPayouts::new()).await;
    let sums: Vec<_> = found
        .data
        .iter()
        .map(|payout| payout.total_settlement_amount)
        .collect();
    assert_eq!(sums, [Some(rupees("599.50")), Some(rupees("7"))]);
}

#[tokio::test]
async fn refunds_and_charges_are_taken_off() {
    let sandbox = start_with(patient().with_charge(200)).await;
    let client = Client::new(&sandbox).await;
    let order = client.order("INV1").await;
    let payment = client.pay(&order).await;
    client.refund(&payment, "100", "R1").await.unwrap();
    let ran = does(&sandbox, "settlements/run", Value::Null).await;
    let payout = client.payout().await;
    adds_up(&payout);
    assert_eq!(payout.total_sale_amount, Some(rupees("499.50")));
    assert_eq!(payout.total_refund_amount, Some(rupees("100")));
    assert_eq!(payout.total_charges, Some(rupees("9.99")), "2 percent");
    assert_eq!(payout.total_gst, Some(rupees("1.80")), "18 percent of that");
    assert_eq!(payout.total_settlement_amount, Some(rupees("387.71")));
    assert_eq!(
        ran,
        json!({
            "settlementPayoutId": payout.settlement_payout_id,
            "totalSettlementAmount": 387.71,
            "splitPayoutIds": [],
            "waiting": 0,
        })
    );
    let kinds = payout
        .transactions()
        .iter()
        .map(|part| part.transaction_type.clone().unwrap());
    assert_eq!(kinds.collect::<Vec<_>>(), ["SALE", "REFUND"]);
}

#[tokio::test]
async fn what_comes_to_nothing_waits() {
    let sandbox = start_with(patient()).await;
    let client = Client::new(&sandbox).await;
    let payment = client.pay(&client.order("INV1").await).await;
    sandbox.clock().advance(48 * HOUR);
    client.payout().await;
    client.refund(&payment, "499.50", "R1").await.unwrap();
    client.paid("INV2", "99.50").await;
    let ran = does(&sandbox, "settlements/run", Value::Null).await;
    assert_eq!(ran["settlementPayoutId"], Value::Null);
    assert_eq!(ran["waiting"], 2);
    sandbox.clock().advance(48 * HOUR);
    client.payout().await; // Still the first alone.
    client.paid("INV3", "500").await;
    let ran = does(&sandbox, "settlements/run", Value::Null).await;
    assert_eq!(ran["totalSettlementAmount"], 100);
    assert_eq!(ran["waiting"], 0);
}

#[tokio::test]
async fn payouts_are_found_by_page_filter_and_order() {
    let sandbox = start_with(patient()).await;
    let client = Client::new(&sandbox).await;
    for (id, sum) in [("A", "30"), ("B", "10"), ("C", "20")] {
        client.paid(id, sum).await;
        does(&sandbox, "settlements/run", Value::Null).await;
        sandbox.clock().advance(HOUR);
    }
    let sums = async |search: SearchSettlementPayouts| {
        let found = client.found(search).await;
        let sums = found
            .data
            .iter()
            .map(|payout| payout.total_sale_amount.unwrap().to_string());
        (
            found.records_count.unwrap(),
            sums.collect::<Vec<_>>().join(" "),
        )
    };
    let all = SearchSettlementPayouts::new;
    assert_eq!(
        sums(all()).await,
        (3, "30.00 10.00 20.00".to_owned()),
        "as they were made"
    );

    let mut search = all();
    search.direction = Some(Direction::Desc);
    assert_eq!(sums(search).await.1, "20.00 10.00 30.00");
    let mut search = all();
    search.order_by = Some("totalSaleAmount".to_owned());
    assert_eq!(sums(search.clone()).await.1, "10.00 20.00 30.00");
    search.direction = Some(Direction::Desc);
    (search.offset, search.limit) = (Some(1), Some(1));
    assert_eq!(
        sums(search.clone()).await,
        (3, "20.00".to_owned()),
        "one page of all that there are"
    );
    search.offset = Some(3);
    assert_eq!(sums(search.clone()).await, (3, String::new()));
    search.order_by = Some("colour".to_owned());
    let refused = refusal(client.call(search).await);
    assert_eq!(refused.status, 422);
    assert!(
        refused
            .message
            .starts_with("orderBy: must be one of createdOn,"),
        "{}",
        refused.message
    );

    let mut search = all();
    search.total_sale_amount_from = Some(rupees("20"));
    assert_eq!(sums(search.clone()).await, (2, "30.00 20.00".to_owned()));
    search.total_sale_amount_to = Some(rupees("20"));
    assert_eq!(sums(search).await.1, "20.00");
    let mut search = all();
    search.total_refund_amount_from = Some(rupees("0.01"));
    assert_eq!(sums(search).await.0, 0);
    let mut search = all();
    search.total_settlement_amount_from = Some(rupees("30.00"));
    assert_eq!(sums(search).await.1, "30.00");
    let second = client.found(all()).await.data[1]
        .settlement_payout_id
        .clone()
        .unwrap();
    let mut search = all();
    search.settlement_payout_ids = Some(vec!["SP1".into(), second.clone()]);
    assert_eq!(sums(search).await.1, "10.00");
    let mut search = all();
    search.settlement_payout_id = Some(second);
    search.merchant_detail_id = Some("COTHER".to_owned());
    assert_eq!(sums(search.clone()).await.0, 0);
    search.merchant_detail_id = Some("CSANDBOX01".to_owned());
    assert_eq!(sums(search).await.1, "10.00");
    assert_eq!(
        refusal(client.call(GetSettlementPayout::new("SP1")).await).status,
        404
    );
}

#[tokio::test]
async fn what_waits_for_a_run_waits_after_a_restart() {
    let file = directory("settlements").join("shop.db");
    let sandbox = start_with(patient().with_data(&file)).await;
    let client = Client::new(&sandbox).await;
    client.paid("INV1", "30").await;
    does(&sandbox, "settlements/run", Value::Null).await;
    client.paid("INV2", "10").await;
    sandbox.stop().await;

    let sandbox = start_with(patient().with_data(&file)).await;
    let client = Client::new(&sandbox).await;
    let first = client.payout().await;
    assert_eq!(first.payout_status.as_deref(), Some("INIT"));
    sandbox.clock().advance(48 * HOUR);
    let found = client.found(SearchSettlementPayouts::new()).await.data;
    let shown: Vec<_> = found
        .iter()
        .map(|payout| {
            (
                payout.total_settlement_amount,
                payout.payout_status.as_deref(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            (Some(rupees("30")), Some("SUCCESS")),
            (Some(rupees("10")), Some("SUCCESS")),
        ]
    );
}

#[tokio::test]
async fn sums_beyond_every_limit_are_settled_apart() {
    let sandbox = start_with(patient()).await;
    let client = Client::new(&sandbox).await;
    let most = "999999999999999";
    client.paid("INV1", most).await;
    client.paid("INV2", most).await;
    for waiting in [1, 0] {
        let ran = does(&sandbox, "settlements/run", Value::Null).await;
        assert_eq!(ran["waiting"], waiting);
        let sum: Rupees = serde_json::from_value(ran["totalSettlementAmount"].clone()).unwrap();
        assert_eq!(sum, rupees(most));
    }
}
