//! UPI Autopay: mandates through their life, debits under them, and what the merchant is told.

use std::time::Duration;

use enkash_sandbox::{DeliveryState, Sandbox};
use enkash_types::Rupees;
use enkash_types::gateway::{
    AmountRule, CreateUpiMandate, ExecuteMandateDebit, GetOrderStatus, GetUpiMandate,
    MandateDebitCallback, MandateId, MandateTime, NewMandatePayer, NewMandateRecurrence,
    NewMandateValidity, NotifyMandateDebit, OrderStatus, RevokeUpiMandate, UpdateUpiMandate,
    UpiMandate, UpiMandateCallback,
};
use serde_json::{Value, json};

use crate::client::{Client, control, does, refusal, start};
use crate::data::{directory, start_on};
use crate::listener::Listener;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// A mandate of at most 500 rupees, to be approved within a day, that lives to the end of March.
fn mandate(reference: &str, vpa: &str) -> CreateUpiMandate {
    CreateUpiMandate::new(
        reference,
        500,
        AmountRule::Max,
        NewMandatePayer::new("Asha", vpa, "123456789012"),
        "Magazine",
        "2026-01-02T00:00:00Z",
        NewMandateRecurrence::new("MONTHLY", "ON", 5),
        NewMandateValidity::new("2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"),
    )
}

fn rupees(sum: &str) -> Rupees {
    sum.parse().unwrap()
}

impl Client<'_> {
    async fn mandate(&self, reference: &str) -> UpiMandate {
        self.call(GetUpiMandate::new(reference)).await.unwrap()
    }

    async fn mandate_status(&self, reference: &str) -> String {
        self.mandate(reference).await.status().unwrap().to_owned()
    }

    /// An active mandate; gives EnKash's id of it.
    async fn active(&self, reference: &str, vpa: &str) -> MandateId {
        let created = self.call(mandate(reference, vpa)).await.unwrap();
        let path = format!("mandates/{reference}/approve");
        if vpa != "success@sandbox" {
            does(self.sandbox, &path, Value::Null).await;
        }
        assert_eq!(self.mandate_status(reference).await, "ACTIVE");
        created.mandate_id.unwrap()
    }

    async fn debit(&self, mandate: &MandateId, sum: &str) -> Option<OrderStatus> {
        let debit = ExecuteMandateDebit::new(mandate.clone(), rupees(sum), "January");
        self.call(debit).await.unwrap().status
    }
}

async fn decide(sandbox: &Sandbox, reference: &str, what: &str) -> (u16, Value) {
    control(
        sandbox,
        "POST",
        &format!("mandates/{reference}/{what}"),
        Value::Null,
    )
    .await
}

#[tokio::test]
async fn a_payer_is_waited_for() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let created = client
        .call(mandate("SUB1", "asha@examplebank"))
        .await
        .unwrap();
    assert_eq!(created.status(), Some("CREATED"));
    assert_eq!(created.reference_id, Some("SUB1".into()));
    assert_eq!(created.name.as_deref(), Some("Magazine"));
    assert_eq!(created.amount, Some(500));
    assert_eq!(
        created.expire_at,
        Some(MandateTime::Number(1_767_312_000_000))
    );
    assert_eq!(client.mandate("SUB1").await, created);

    let (status, approved) = decide(&sandbox, "SUB1", "approve").await;
    assert_eq!((status, &approved["status"]), (200, &json!("ACTIVE")));
    assert_eq!(approved["mandateId"], created.mandate_id.unwrap().as_str());
    let (status, again) = decide(&sandbox, "SUB1", "reject").await;
    assert_eq!(
        (status, &again["error"]),
        (409, &json!("the mandate is ACTIVE"))
    );

    client
        .call(mandate("SUB2", "asha@examplebank"))
        .await
        .unwrap();
    decide(&sandbox, "SUB2", "reject").await;
    assert_eq!(client.mandate_status("SUB2").await, "REJECTED");
    assert_eq!(decide(&sandbox, "SUB2", "approve").await.0, 409);

    client
        .call(mandate("SUB3", "asha@examplebank"))
        .await
        .unwrap();
    assert_eq!(decide(&sandbox, "SUB3", "revoke").await.0, 409);
    sandbox.clock().advance(DAY - Duration::from_secs(1));
    assert_eq!(client.mandate_status("SUB3").await, "CREATED");
    sandbox.clock().advance(Duration::from_secs(1));
    // A day ends a token as well.
    let client = Client::new(&sandbox).await;
    assert_eq!(client.mandate_status("SUB3").await, "EXPIRED");
    assert_eq!(decide(&sandbox, "SUB3", "approve").await.0, 409);
    assert_eq!(decide(&sandbox, "SUB4", "approve").await.0, 404);
    let unknown = refusal(client.call(GetUpiMandate::new("SUB4")).await);
    assert_eq!(unknown.status, 404);

    let calls = serde_json::to_string(&sandbox.calls()).unwrap();
    assert!(calls.contains("XXXXXXXX9012") && !calls.contains("123456789012"));
}

#[tokio::test]
async fn a_test_address_answers_by_itself() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    for (reference, vpa) in [
        ("YES", "success@sandbox"),
        ("NO", "decline@sandbox"),
        ("LATER", "pending@sandbox"),
        ("NEVER", "timeout@sandbox"),
    ] {
        let created = client.call(mandate(reference, vpa)).await.unwrap();
        assert_eq!(
            created.status(),
            Some("CREATED"),
            "the payer answers afterwards"
        );
    }
    assert_eq!(client.mandate_status("YES").await, "ACTIVE");
    assert_eq!(client.mandate_status("NO").await, "REJECTED");
    sandbox.clock().advance(Duration::from_secs(59));
    assert_eq!(client.mandate_status("LATER").await, "CREATED");
    sandbox.clock().advance(Duration::from_secs(1));
    assert_eq!(client.mandate_status("LATER").await, "ACTIVE");
    assert_eq!(client.mandate_status("NEVER").await, "CREATED");

    let refused = refusal(client.call(mandate("WHO", "nobody@sandbox")).await);
    assert_eq!(refused.status, 422);
    assert_eq!(refused.message, "payer.vpa: there is no such UPI address");
}

#[tokio::test]
async fn a_mandate_that_cannot_be_is_refused() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    client
        .call(mandate("SUB1", "asha@examplebank"))
        .await
        .unwrap();
    let refused = refusal(client.call(mandate("SUB1", "asha@examplebank")).await);
    assert_eq!(refused.status, 409);

    let mut free = mandate("SUB2", "asha@examplebank");
    free.amount = 0;
    let mut too_much = mandate("SUB2", "asha@examplebank");
    too_much.amount = u64::MAX;
    let mut backwards = mandate("SUB2", "asha@examplebank");
    backwards.validity = NewMandateValidity::new("2026-04-01T00:00:00Z", "2026-03-01T00:00:00Z");
    let mut over = mandate("SUB2", "asha@examplebank");
    over.validity = NewMandateValidity::new("2025-04-01T00:00:00Z", "2026-01-01T00:00:00Z");
    let mut late = mandate("SUB2", "asha@examplebank");
    late.expiry = "2026-01-01T05:30:00+05:30".into();
    let mut no_day = mandate("SUB2", "asha@examplebank");
    no_day.expiry = "2026-02-31T00:00:00Z".into();
    for (request, message) in [
        (free, "amount: must be from 1 to 999999999999999"),
        (too_much, "amount: must be from 1 to 999999999999999"),
        (backwards, "validity.endAt: must be later than startAt"),
        (over, "validity.endAt: must be in the future"),
        (late, "expiry: must be in the future"),
        (no_day, "expiry: there is no such day or time"),
    ] {
        let refused = refusal(client.call(request).await);
        assert_eq!((refused.status, &*refused.message), (422, message));
    }
    assert_eq!(
        refusal(client.call(GetUpiMandate::new("SUB2")).await).status,
        404
    );
}

#[tokio::test]
async fn a_debit_is_an_order_that_is_paid_within_the_mandate() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let id = client.active("SUB1", "asha@examplebank").await;
    let debit = ExecuteMandateDebit::new(id.clone(), rupees("499.50"), "January");
    let order = client.call(debit).await.unwrap();
    assert_eq!(order.status, Some(OrderStatus::Paid));
    assert_eq!(order.amount, Some(rupees("499.50")));
    let payments = order.transactions.as_ref().unwrap();
    assert_eq!(payments.len(), 1);
    assert_eq!(payments[0].extra["paymentMode"], "UPI");
    let read = GetOrderStatus::new(order.order_id.clone().unwrap());
    assert_eq!(
        serde_json::to_value(client.call(read).await.unwrap()).unwrap(),
        serde_json::to_value(&order).unwrap()
    );
    // A repeat is a second debit: the call has no id of the merchant's.
    assert_eq!(client.debit(&id, "500").await, Some(OrderStatus::Paid));

    let debit = |sum| ExecuteMandateDebit::new(id.clone(), rupees(sum), "February");
    let refused = refusal(client.call(debit("500.01")).await);
    assert_eq!(
        (refused.status, &*refused.message),
        (422, "amount: must not be more than the mandate's")
    );

    let mut exact = mandate("SUB2", "success@sandbox");
    exact.amount_rule = AmountRule::Exact;
    let id = client.call(exact).await.unwrap().mandate_id.unwrap();
    let debit = |sum| ExecuteMandateDebit::new(id.clone(), rupees(sum), "February");
    let refused = refusal(client.call(debit("499")).await);
    assert_eq!(refused.status, 422);
    assert_eq!(client.debit(&id, "500").await, Some(OrderStatus::Paid));

    let unknown = ExecuteMandateDebit::new("UM0", rupees("1"), "x");
    assert_eq!(refusal(client.call(unknown).await).status, 404);
}

#[tokio::test]
async fn a_mandate_is_debited_while_it_is_active() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let waiting = client
        .call(mandate("SUB1", "asha@examplebank"))
        .await
        .unwrap();
    let waiting = waiting.mandate_id.unwrap();
    let debit = |id: &MandateId| ExecuteMandateDebit::new(id.clone(), rupees("1"), "x");
    let refused = refusal(client.call(debit(&waiting)).await);
    assert_eq!(
        (refused.status, &*refused.message),
        (409, "the mandate is CREATED")
    );

    let mut later = mandate("SUB2", "success@sandbox");
    later.validity = NewMandateValidity::new("2026-01-01T00:01:00Z", "2026-01-01T00:02:00Z");
    let later = client.call(later).await.unwrap().mandate_id.unwrap();
    let refused = refusal(client.call(debit(&later)).await);
    assert_eq!(
        (refused.status, &*refused.message),
        (409, "the mandate's validity has not begun")
    );
    sandbox.clock().advance(Duration::from_secs(60));
    assert_eq!(client.debit(&later, "1").await, Some(OrderStatus::Paid));
    sandbox.clock().advance(Duration::from_secs(60));
    let refused = refusal(client.call(debit(&later)).await);
    assert_eq!(
        (refused.status, &*refused.message),
        (409, "the mandate is EXPIRED")
    );

    let revoked = client.active("SUB3", "asha@examplebank").await;
    let answer = client.call(RevokeUpiMandate::new("SUB3")).await.unwrap();
    assert_eq!(answer.status(), Some("REVOKED"));
    assert_eq!(refusal(client.call(debit(&revoked)).await).status, 409);
    assert_eq!(
        refusal(client.call(RevokeUpiMandate::new("SUB3")).await).status,
        409
    );
    assert_eq!(
        refusal(client.call(RevokeUpiMandate::new("SUB9")).await).status,
        404
    );
    client.active("SUB4", "asha@examplebank").await;
    decide(&sandbox, "SUB4", "revoke").await;
    assert_eq!(client.mandate_status("SUB4").await, "REVOKED");
}

#[tokio::test]
async fn debits_end_as_the_payers_address_or_the_test_says() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let pending = client
        .call(mandate("LATER", "pending@sandbox"))
        .await
        .unwrap();
    sandbox.clock().advance(Duration::from_secs(60));
    let debit = ExecuteMandateDebit::new(pending.mandate_id.unwrap(), rupees("10"), "x");
    let order = client.call(debit).await.unwrap();
    assert_eq!(order.status, Some(OrderStatus::PaymentConfirmationPending));
    let read = || client.call(GetOrderStatus::new(order.order_id.clone().unwrap()));
    sandbox.clock().advance(Duration::from_secs(59));
    assert_eq!(
        read().await.unwrap().status,
        Some(OrderStatus::PaymentConfirmationPending)
    );
    sandbox.clock().advance(Duration::from_secs(1));
    assert_eq!(read().await.unwrap().status, Some(OrderStatus::Paid));

    let id = client.active("SUB1", "asha@examplebank").await;
    for (outcome, status) in [
        ("decline", OrderStatus::Attempted),
        ("pending", OrderStatus::PaymentConfirmationPending),
        ("timeout", OrderStatus::PaymentConfirmationPending),
        ("success", OrderStatus::Paid),
    ] {
        does(
            &sandbox,
            "mandates/SUB1/debits",
            json!({"outcome": outcome}),
        )
        .await;
        assert_eq!(client.debit(&id, "10").await, Some(status), "{outcome}");
    }
    let path = "mandates/SUB1/debits";
    let (status, _) = control(&sandbox, "POST", path, json!({"outcome": "maybe"})).await;
    assert_eq!(status, 400);
    client
        .call(mandate("SUB2", "asha@examplebank"))
        .await
        .unwrap();
    let path = "mandates/SUB2/debits";
    let (status, _) = control(&sandbox, "POST", path, json!({"outcome": "decline"})).await;
    assert_eq!(status, 409, "it has no debits yet");
}

#[tokio::test]
async fn a_debit_can_be_announced() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let id = client.active("SUB1", "asha@examplebank").await;
    let notice = |sum, day: &str| NotifyMandateDebit::new(id.clone(), rupees(sum), day);
    let told = client.call(notice("499.50", "2026-01-05")).await.unwrap();
    assert_eq!(told.mandate_id, Some(id.clone()));
    assert_eq!(told.amount, Some(rupees("499.50")));
    assert_eq!(told.debit_date.as_ref().unwrap().as_str(), "2026-01-05");
    let second = client.call(notice("500", "2026-01-01")).await.unwrap();
    assert_ne!(
        second.predebit_notification_id,
        told.predebit_notification_id
    );

    for (request, message) in [
        (
            notice("500.01", "2026-01-05"),
            "amount: must not be more than the mandate's",
        ),
        (notice("10", "2025-12-31"), "debitDate: is over"),
        (
            notice("10", "2026-02-30"),
            "debitDate: there is no such day or time",
        ),
        (
            notice("10", "2026-04-02"),
            "debitDate: must be within the mandate's validity",
        ),
    ] {
        let refused = refusal(client.call(request).await);
        assert_eq!((refused.status, &*refused.message), (422, message));
    }
    client.call(RevokeUpiMandate::new("SUB1")).await.unwrap();
    assert_eq!(
        refusal(client.call(notice("10", "2026-01-05")).await).status,
        409
    );
}

#[tokio::test]
async fn a_mandate_can_be_changed() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    let id = client.active("SUB1", "asha@examplebank").await;
    let change = |fields: Value| UpdateUpiMandate::new(serde_json::from_value(fields).unwrap());
    let changed = client
        .call(change(
            json!({"referenceId": "SUB1", "amount": 800, "mandateName": "Magazine and paper",
            "validity": {"startAt": "2026-01-01T00:00:00Z", "endAt": "2026-01-01T00:10:00Z"}}),
        ))
        .await
        .unwrap();
    assert_eq!(
        (changed.amount, changed.status()),
        (Some(800), Some("ACTIVE"))
    );
    assert_eq!(changed.name.as_deref(), Some("Magazine and paper"));
    assert_eq!(client.mandate("SUB1").await, changed);
    assert_eq!(client.debit(&id, "800").await, Some(OrderStatus::Paid));

    for (fields, status, message) in [
        (json!({"amount": 1}), 400, "missing field `referenceId`"),
        (
            json!({"referenceId": "SUB1", "payer": {}}),
            400,
            "payer: unknown field `payer`",
        ),
        (
            json!({"referenceId": "SUB1", "amount": 0}),
            422,
            "amount: must be from 1",
        ),
        (
            json!({"referenceId": "SUB1", "amountRule": "SOME"}),
            422,
            "amountRule: must be one of: EXACT MAX",
        ),
        (
            json!({"referenceId": "SUB9"}),
            404,
            "no mandate has this referenceId",
        ),
    ] {
        let refused = refusal(client.call(change(fields)).await);
        assert_eq!(refused.status, status, "{}", refused.message);
        assert!(refused.message.starts_with(message), "{}", refused.message);
    }
    sandbox.clock().advance(Duration::from_secs(600));
    assert_eq!(
        client.mandate_status("SUB1").await,
        "EXPIRED",
        "by its new validity"
    );
    let refused = refusal(client.call(change(json!({"referenceId": "SUB1"}))).await);
    assert_eq!(refused.status, 409);
}

/// Waits until so many webhooks were delivered.
pub(crate) async fn delivered(sandbox: &Sandbox, count: usize) {
    sandbox
        .wait_for(|sandbox| {
            let webhooks = sandbox.webhooks();
            let is_there = |state| state == DeliveryState::Delivered;
            let there = webhooks.iter().filter(|webhook| is_there(webhook.state));
            (there.count() == count).then_some(())
        })
        .await;
}

#[tokio::test]
async fn the_merchant_is_told_of_each_change_and_each_debit() {
    let sandbox = start().await;
    let client = Client::new(&sandbox).await;
    // As long as no address is set, nothing is sent.
    client.active("QUIET", "success@sandbox").await;
    assert_eq!(sandbox.webhooks().len(), 0);

    let mandates = Listener::start(&[500]).await;
    let debits = Listener::start(&[]).await;
    let addresses = json!({"upiMandate": mandates.url, "mandateDebit": debits.url});
    does(&sandbox, "webhooks/address", addresses).await;
    client
        .call(mandate("SUB1", "asha@examplebank"))
        .await
        .unwrap();
    decide(&sandbox, "SUB1", "approve").await;
    // The first try is refused; the next is due a second later.
    sandbox
        .wait_for(|sandbox| (sandbox.webhooks().first()?.tries.len() == 1).then_some(()))
        .await;
    sandbox.clock().advance(Duration::from_secs(1));
    delivered(&sandbox, 1).await;
    let (_, body) = mandates.received().pop().unwrap();
    for name in [
        "umn",
        "referenceId",
        "mandateId",
        "amount",
        "amountRule",
        "currency",
        "payee",
        "payer",
        "name",
        "expireAt",
        "blockFund",
        "revokeableByPayer",
        "recurrence",
        "validity",
        "pausePeriod",
    ] {
        assert!(!body[name].is_null(), "the contract requires {name}");
    }
    for name in [
        "/payee/mcc",
        "/payer/account",
        "/validity/endAt",
        "/pausePeriod/start_at",
    ] {
        assert!(body.pointer(name).is_some(), "the contract requires {name}");
    }
    let told: UpiMandateCallback = serde_json::from_value(body).unwrap();
    assert_eq!(told.mandate, client.mandate("SUB1").await);
    assert_eq!(told.mandate.status(), Some("ACTIVE"));
    let kept = &sandbox.webhooks()[0];
    assert_eq!(kept.operation, "receive_upi_mandate_callback");
    assert_eq!(kept.body["payer"]["account"], "XXXXXXXX9012");

    let id = told.mandate.mandate_id.unwrap();
    let debit = ExecuteMandateDebit::new(id.clone(), rupees("10"), "x");
    let order = client.call(debit).await.unwrap();
    delivered(&sandbox, 2).await;
    let (_, body) = debits.received().pop().unwrap();
    let told: MandateDebitCallback = serde_json::from_value(body).unwrap();
    assert_eq!(told.surcharge, Some(Rupees::ZERO));
    assert_eq!(told.order_id(), order.order_id);
    assert_eq!(told.status(), Some("SUCCESS"));

    // One that is pending is told of twice.
    does(
        &sandbox,
        "mandates/SUB1/debits",
        json!({"outcome": "pending"}),
    )
    .await;
    client.debit(&id, "11").await;
    delivered(&sandbox, 3).await;
    sandbox.clock().advance(Duration::from_secs(60));
    delivered(&sandbox, 4).await;
    let states: Vec<_> = debits
        .received()
        .into_iter()
        .map(|(_, body)| body["status"].clone())
        .collect();
    assert_eq!(states, ["SUCCESS", "PENDING_WITH_BANK", "SUCCESS"]);

    client.call(RevokeUpiMandate::new("SUB1")).await.unwrap();
    delivered(&sandbox, 5).await;
    let (_, body) = mandates.received().pop().unwrap();
    assert_eq!(body["status"], "REVOKED");
}

#[tokio::test]
async fn mandates_and_addresses_outlive_the_process() {
    let file = directory("mandates").join("shop.db");
    let debits = Listener::start(&[]).await;
    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    does(
        &sandbox,
        "webhooks/address",
        json!({"mandateDebit": debits.url}),
    )
    .await;
    let id = client.active("SUB1", "asha@examplebank").await;
    client
        .call(mandate("SUB2", "pending@sandbox"))
        .await
        .unwrap();
    does(
        &sandbox,
        "mandates/SUB1/debits",
        json!({"outcome": "pending"}),
    )
    .await;
    client.debit(&id, "10").await;
    delivered(&sandbox, 1).await;
    let mut before = client.mandate("SUB1").await;
    sandbox.stop().await;

    let sandbox = start_on(&file).await;
    let client = Client::new(&sandbox).await;
    // Of its account number the file holds the last four characters alone.
    before.payer.as_mut().unwrap().account = Some("XXXXXXXX9012".into());
    assert_eq!(client.mandate("SUB1").await, before);
    // What was to happen by itself still does.
    sandbox.clock().advance(Duration::from_secs(60));
    assert_eq!(client.mandate_status("SUB2").await, "ACTIVE");
    delivered(&sandbox, 2).await;
    let (_, body) = debits.received().pop().unwrap();
    assert_eq!(body["status"], "SUCCESS");
    sandbox.clock().advance(90 * DAY);
    let client = Client::new(&sandbox).await;
    assert_eq!(client.mandate_status("SUB1").await, "EXPIRED");
}
