//! The part of the walk for secrets that pays money out.

use enkash_types::payouts::{
    AddSourceAccount, BeneficiaryDetail, ConfigureWebhook, CreateTransfer, CreateTransferBatch,
    FetchStatement, GetBalance, TransferMode, WebhookEvent,
};
use enkash_types::verification::VerifyBankAccount;
use serde_json::Value;

use crate::client::{does, refusal};
use crate::payouts::{payee, rupees, transfer};
use crate::secrets::{Walk, account};

/// Headers of payout events.
pub(crate) const HEADERS: [&str; 2] = ["a-key-of-the-shop", "another-key-of-the-shop"];

/// The places of its accounts.
pub(crate) const PLACES: std::ops::RangeInclusive<u16> = 30..=37;

/// Makes every call of payouts and of the verification suite.
pub(crate) async fn pay_out(walk: &mut Walk<'_>, hook: &str) {
    let events = vec![WebhookEvent::PayoutSuccess, WebhookEvent::PayoutPending];
    let mut configured = ConfigureWebhook::new(hook, events);
    let headers = ["authorization", "x-shop"].into_iter().zip(HEADERS);
    let headers = headers.map(|(name, value)| (name.to_owned(), value.into()));
    configured.headers.extend(headers);
    walk.call(configured).await;

    let mut asha = payee("ASHA1", &account(30));
    let more = serde_json::json!({"refundAccount": account(31)});
    asha.extra = serde_json::from_value(more).unwrap();
    walk.call(asha.clone()).await;
    assert_eq!(refusal(walk.tries(asha).await).status, 409);

    let mut single = transfer("SAL1", "10", "IMPS", "ASHA1");
    // It is not the account that is paid from.
    single.debit_account_number = Some(account(32).into());
    walk.call(single).await;
    walk.call(transfer("SAL1", "10", "IMPS", "ASHA1")).await;
    let detail = BeneficiaryDetail::to_account(account(33), "ifsc", "KKBK0000432");
    let inline = CreateTransfer::inline("SAL2", rupees("10"), TransferMode::Neft, detail);
    walk.call(inline).await;
    let detail = BeneficiaryDetail::to_account(account(34), "ifsc", "KKBK0000432");
    let inline = CreateTransfer::inline("SAL3", rupees("10"), TransferMode::Imps, detail);
    walk.call(CreateTransferBatch::new("B1", vec![inline]))
        .await;
    does(walk.client.sandbox, "transfers/SAL1/reverse", Value::Null).await;

    let mut balance = GetBalance::new("FSANDBOX01");
    walk.call(balance.clone()).await;
    balance.debit_account_number = Some(account(35).into());
    refusal(walk.tries(balance).await);
    let time = "2026-01-01T00:00:00Z";
    let own = walk
        .client
        .sandbox
        .credentials()
        .debit_account_number
        .clone();
    walk.call(FetchStatement::new("FSANDBOX01", own, time, time))
        .await;
    walk.call(AddSourceAccount::new(account(36), "KKBK0000432"))
        .await;
    let check = VerifyBankAccount::penny_drop("CHECK1", account(37), "KKBK0000432");
    walk.call(check).await;
}
