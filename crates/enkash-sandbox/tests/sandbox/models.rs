//! Whatever is done to a mandate, a QR code or a virtual account, it stands where a simple model of
//! it stands, and what was paid adds up to what is settled.

use std::time::Duration;

use enkash_sandbox::{Config, Sandbox};
use enkash_types::Rupees;
use enkash_types::gateway::{
    AmountRule, CancelUpiQr, CreateUpiMandate, CreateUpiQr, CreateVirtualAccount,
    ExecuteMandateDebit, GetUpiMandate, GetUpiQr, GetVirtualAccountByCustomerReference,
    NewMandatePayer, NewMandateRecurrence, NewMandateValidity, OrderStatus, QrStatus,
    RevokeUpiMandate, SearchSettlementPayouts, UpdateUpiMandate,
};
use enkash_types::strategies::repeatable;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::client::{Client, control, does, start_with};

/// A sandbox whose tokens outlive every test.
async fn start() -> Sandbox {
    let life = Duration::from_secs(365 * 24 * 60 * 60);
    start_with(Config::new().with_token_life(life)).await
}

fn paise(paise: u32) -> Rupees {
    Rupees::from_paise(i32::try_from(paise).unwrap())
}

/// A moment so many seconds after the sandbox's clock began.
fn at(seconds: u64) -> String {
    format!(
        "2026-01-01T{:02}:{:02}:{:02}Z",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    )
}

/// Settles everything; gives the sum.
async fn settled(client: &Client<'_>) -> Rupees {
    does(client.sandbox, "settlements/run", Value::Null).await;
    let search = SearchSettlementPayouts::new();
    let payouts = client.call(search).await.unwrap().data.into_iter();
    payouts.fold(Rupees::ZERO, |sum, payout| {
        sum.checked_add(payout.total_settlement_amount.unwrap())
            .unwrap()
    })
}

/// Whether the control surface did something, or why it did not.
async fn asked(sandbox: &Sandbox, path: &str, body: Value) -> u16 {
    let (status, answer) = control(sandbox, "POST", path, body).await;
    assert!(matches!(status, 200 | 409 | 422), "{path}: {answer}");
    status
}

/// What can be done to a mandate.
#[derive(Debug, Clone)]
enum ToMandate {
    Approve,
    Reject,
    PayerRevokes,
    Revoke,
    /// Debits so many paise.
    Debit(u32),
    /// Changes the amount, in rupees.
    Amount(u64),
    /// Changes the end, in seconds.
    End(u64),
    Wait(u64),
}

fn to_mandate() -> impl Strategy<Value = ToMandate> {
    prop_oneof![
        2 => Just(ToMandate::Approve),
        1 => Just(ToMandate::Reject),
        1 => Just(ToMandate::PayerRevokes),
        1 => Just(ToMandate::Revoke),
        6 => (1..60_000_u32).prop_map(ToMandate::Debit),
        1 => (1..600_u64).prop_map(ToMandate::Amount),
        1 => (1..10_000_u64).prop_map(ToMandate::End),
        3 => (1..500_u64).prop_map(ToMandate::Wait),
    ]
}

struct Mandate {
    status: &'static str,
    rupees: u64,
    now: u64,
    end: u64,
    paid: u32,
}

/// Until when the payer may say yes, in seconds.
const EXPIRY: u64 = 600;
const START: u64 = 60;

impl Mandate {
    /// What becomes of it by itself.
    fn tick(&mut self) {
        let over = match self.status {
            "CREATED" => self.now >= EXPIRY.min(self.end),
            "ACTIVE" => self.now >= self.end,
            _ => false,
        };
        if over {
            self.status = "EXPIRED";
        }
    }

    fn turns(&mut self, from: &[&str], to: &'static str) -> u16 {
        if !from.contains(&self.status) {
            return 409;
        }
        self.status = to;
        200
    }

    /// Does it; gives the HTTP status.
    fn obey(&mut self, command: &ToMandate) -> u16 {
        let status = match command {
            ToMandate::Approve => self.turns(&["CREATED"], "ACTIVE"),
            ToMandate::Reject => self.turns(&["CREATED"], "REJECTED"),
            ToMandate::PayerRevokes => self.turns(&["ACTIVE"], "REVOKED"),
            ToMandate::Revoke => self.turns(&["CREATED", "ACTIVE"], "REVOKED"),
            ToMandate::Debit(_) if self.status != "ACTIVE" || self.now < START => 409,
            ToMandate::Debit(paise) if u64::from(*paise) > self.rupees * 100 => 422,
            ToMandate::Debit(paise) => {
                self.paid += paise;
                200
            }
            ToMandate::Amount(_) | ToMandate::End(_)
                if !["CREATED", "ACTIVE"].contains(&self.status) =>
            {
                409
            }
            ToMandate::Amount(rupees) => {
                self.rupees = *rupees;
                200
            }
            ToMandate::End(end) if *end <= self.now.max(START) => 422,
            ToMandate::End(end) => {
                self.end = *end;
                200
            }
            ToMandate::Wait(seconds) => {
                self.now += seconds;
                200
            }
        };
        self.tick();
        status
    }
}

async fn do_to_mandate(client: &Client<'_>, id: &str, command: &ToMandate) -> u16 {
    let change = |fields: Value| {
        let change = UpdateUpiMandate::new(serde_json::from_value(fields).unwrap());
        client.call(change)
    };
    let by_payer = async |what: &str| {
        asked(
            client.sandbox,
            &format!("mandates/SUB1/{what}"),
            Value::Null,
        )
        .await
    };
    let answer = match command {
        ToMandate::Approve => return by_payer("approve").await,
        ToMandate::Reject => return by_payer("reject").await,
        ToMandate::PayerRevokes => return by_payer("revoke").await,
        ToMandate::Wait(seconds) => {
            client
                .sandbox
                .clock()
                .advance(Duration::from_secs(*seconds));
            return 200;
        }
        ToMandate::Debit(sum) => {
            let debit = ExecuteMandateDebit::new(id, paise(*sum), "x");
            let order = client.call(debit).await;
            order.map(|order| assert_eq!(order.status, Some(OrderStatus::Paid)))
        }
        ToMandate::Revoke => client.call(RevokeUpiMandate::new("SUB1")).await.map(drop),
        ToMandate::Amount(rupees) => change(json!({"referenceId": "SUB1", "amount": rupees}))
            .await
            .map(drop),
        ToMandate::End(end) => {
            let validity = json!({"startAt": at(START), "endAt": at(*end)});
            change(json!({"referenceId": "SUB1", "validity": validity}))
                .await
                .map(drop)
        }
    };
    match answer {
        Ok(()) => 200,
        refused => crate::client::refusal(refused).status,
    }
}

/// What can be done to a QR code.
#[derive(Debug, Clone)]
enum ToCode {
    /// Pays so many paise, or what the code says.
    Pay(Option<u32>),
    Cancel,
    Wait(u64),
}

fn to_code() -> impl Strategy<Value = ToCode> {
    prop_oneof![
        6 => prop::option::of(prop_oneof![Just(1_000), 1..5_000_u32]).prop_map(ToCode::Pay),
        1 => Just(ToCode::Cancel),
        2 => (1..200_u64).prop_map(ToCode::Wait),
    ]
}

/// What can be done to a virtual account.
#[derive(Debug, Clone)]
enum ToAccount {
    Credit(u32),
    Wait(u64),
}

fn to_account() -> impl Strategy<Value = ToAccount> {
    prop_oneof![
        4 => (0..100_000_u32).prop_map(ToAccount::Credit),
        1 => (1..200_u64).prop_map(ToAccount::Wait),
    ]
}

fn run<T>(test: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(test)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..repeatable() })]

    #[test]
    fn mandates_follow_the_model(commands in prop::collection::vec(to_mandate(), 0..40)) {
        run(async {
            let sandbox = start().await;
            let client = Client::new(&sandbox).await;
            let request = CreateUpiMandate::new(
                "SUB1",
                500,
                AmountRule::Max,
                NewMandatePayer::new("Asha", "asha@examplebank", "123456789012"),
                "Magazine",
                at(EXPIRY).as_str(),
                NewMandateRecurrence::new("MONTHLY", "ON", 5),
                NewMandateValidity::new(at(START).as_str(), at(3600).as_str()),
            );
            let id = client.call(request).await.unwrap().mandate_id.unwrap();
            let mut model = Mandate { status: "CREATED", rupees: 500, now: 0, end: 3600, paid: 0 };
            for command in &commands {
                let status = do_to_mandate(&client, id.as_str(), command).await;
                prop_assert_eq!(status, model.obey(command), "{:?}", command);
                let mandate = client.call(GetUpiMandate::new("SUB1")).await.unwrap();
                prop_assert_eq!(mandate.status(), Some(model.status), "{:?}", command);
                prop_assert_eq!(mandate.amount, Some(model.rupees));
            }
            prop_assert_eq!(settled(&client).await, paise(model.paid));
            Ok(())
        })?;
    }

    #[test]
    fn codes_follow_the_model(
        multiple_use in any::<bool>(),
        is_fixed in any::<bool>(),
        end in prop::option::of(1..1_000_u64),
        commands in prop::collection::vec(to_code(), 0..40),
    ) {
        run(async {
            let sandbox = start().await;
            let client = Client::new(&sandbox).await;
            let mut fields = json!({"multipleUse": multiple_use, "fixedAmount": is_fixed, "amount": 10});
            if let Some(end) = end {
                fields["expiry"] = at(end).into();
            }
            let request = CreateUpiQr::new(serde_json::from_value(fields).unwrap());
            let id = client.call(request).await.unwrap().qr_code_id.unwrap();
            let (mut now, mut cancelled, mut payments, mut sum) = (0, false, 0, 0);
            for command in &commands {
                let is_open = !cancelled
                    && end.is_none_or(|end| now < end)
                    && (multiple_use || payments == 0);
                match command {
                    ToCode::Wait(seconds) => {
                        sandbox.clock().advance(Duration::from_secs(*seconds));
                        now += seconds;
                    }
                    ToCode::Cancel => {
                        client.call(CancelUpiQr::new(id.clone())).await.unwrap();
                        cancelled = true;
                    }
                    ToCode::Pay(amount) => {
                        let body = match amount {
                            Some(amount) => json!({"amount": paise(*amount)}),
                            None => Value::Null,
                        };
                        let paid = match amount {
                            _ if !is_open => Err(409),
                            None if is_fixed => Ok(1_000),
                            Some(amount) if !is_fixed || *amount == 1_000 => Ok(*amount),
                            _ => Err(422),
                        };
                        let status = asked(&sandbox, &format!("qr-codes/{id}/pay"), body).await;
                        prop_assert_eq!(status, paid.err().unwrap_or(200), "{:?}", command);
                        payments += u32::from(paid.is_ok());
                        sum += paid.unwrap_or(0);
                    }
                }
                let is_open = !cancelled
                    && end.is_none_or(|end| now < end)
                    && (multiple_use || payments == 0);
                let expected = if is_open { QrStatus::Active } else { QrStatus::Cancelled };
                let code = client.call(GetUpiQr::new(id.clone())).await.unwrap();
                prop_assert_eq!(code.status, Some(expected), "{:?}", command);
            }
            prop_assert_eq!(settled(&client).await, paise(sum));
            Ok(())
        })?;
    }

    #[test]
    fn virtual_accounts_follow_the_model(
        end in 1..1_000_u64,
        commands in prop::collection::vec(to_account(), 0..40),
    ) {
        run(async {
            let sandbox = start().await;
            let client = Client::new(&sandbox).await;
            let mut request = CreateVirtualAccount::new("RENT1");
            // The clock begins at 05:30 in India.
            let (hour, rest) = (5 + (1800 + end) / 3600, (1800 + end) % 3600);
            let close = format!("2026-01-01 {hour:02}:{:02}:{:02}", rest / 60, rest % 60);
            request.close_by = Some(close.into());
            client.call(request).await.unwrap();
            let (mut now, mut sum) = (0, 0);
            for command in &commands {
                match command {
                    ToAccount::Wait(seconds) => {
                        sandbox.clock().advance(Duration::from_secs(*seconds));
                        now += seconds;
                    }
                    ToAccount::Credit(amount) => {
                        let expected = match amount {
                            0 => 422,
                            _ if now >= end => 409,
                            _ => 200,
                        };
                        let body = json!({"amount": paise(*amount)});
                        let status = asked(&sandbox, "virtual-accounts/RENT1/credit", body).await;
                        prop_assert_eq!(status, expected);
                        if status == 200 {
                            sum += amount;
                        }
                    }
                }
                let get = GetVirtualAccountByCustomerReference::new("RENT1");
                let account = client.call(get).await.unwrap();
                let expected = if now < end { "ACTIVE" } else { "CLOSED" };
                prop_assert_eq!(account.status.unwrap().as_str().to_owned(), expected);
                prop_assert_eq!(account.amount_paid, Some(paise(sum)));
            }
            prop_assert_eq!(settled(&client).await, Rupees::ZERO, "it is no payment of the gateway");
            Ok(())
        })?;
    }
}
