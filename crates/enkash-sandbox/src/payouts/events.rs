//! What the merchant is told of a transfer.
//!
//! There are three events for it in the documentation, and no word of what is in them: the body is
//! the sandbox's own. Of REJECTED and REVERSED there is no event.

use enkash_types::Rupees;
use enkash_types::payouts::{
    BatchId, EnkashTransactionId, TransferId, TransferMode, TransferStatus, WebhookEvent,
};
use serde::Serialize;

use crate::log::Name;
use crate::state::State;
use crate::webhooks;

/// What the sandbox calls it, where the names of declared webhooks stand.
pub(crate) const NAME: Name = "payout_event";

/// An event.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    event: WebhookEvent,
    transaction_id: TransferId,
    enkash_transaction_id: EnkashTransactionId,
    #[serde(skip_serializing_if = "Option::is_none")]
    batch_transaction_id: Option<BatchId>,
    payout_status: TransferStatus,
    transfer_amount: Rupees,
    transfer_mode: TransferMode,
    #[serde(skip_serializing_if = "Option::is_none")]
    utr: Option<Box<str>>,
    modified_on: String,
}

/// Tells the merchant how a transfer stands, if he wants to know.
pub(super) fn tell(state: &mut State, row: u32) {
    let payouts = &state.payouts;
    let sent = &payouts.transfers[row];
    let event = match sent.status {
        TransferStatus::Success => WebhookEvent::PayoutSuccess,
        TransferStatus::Pending | TransferStatus::Processing => WebhookEvent::PayoutPending,
        TransferStatus::Failed => WebhookEvent::PayoutFailed,
        _ => return,
    };
    let Some(config) = payouts.webhook.as_ref() else {
        return;
    };
    if config.enabled == Some(false) || !config.events.contains(&event) {
        return;
    }
    let batch = sent.batch.map(|row| payouts.batches[row].id.clone());
    let url = config.webhook_url.to_string();
    let headers = config.headers.clone();
    let event = Event {
        event,
        transaction_id: sent.request.transaction_id.clone(),
        enkash_transaction_id: sent.enkash_id.clone(),
        batch_transaction_id: batch,
        payout_status: sent.status.clone(),
        transfer_amount: sent.amount(),
        transfer_mode: sent.request.transfer_mode.clone(),
        utr: sent.utr.clone(),
        modified_on: sent.modified.iso(),
    };
    webhooks::send_as(state, NAME, &url, headers, &event);
}
