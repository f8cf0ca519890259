//! Batches: many transfers in one call.

use std::sync::Arc;

use enkash_types::Valid;
use enkash_types::payouts::{BatchId, CreateTransferBatch, TransferBatch, TransferStatus};
use serde::{Deserialize, Serialize};

use super::states;
use super::transfers::take;
use crate::router::Instead;
use crate::table::Record;
use crate::world::World;

/// A batch, as the sandbox keeps it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Batch {
    pub(crate) id: BatchId,
}

impl Record for Batch {
    const KIND: &'static str = "transfer batch";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// `create_payout_batch`. A transfer that would be refused or rejected by itself is not among the
/// answered ones: what is answered of those was not read.
pub(crate) fn create(
    world: &Arc<World>,
    request: Valid<CreateTransferBatch>,
) -> Result<TransferBatch, Instead> {
    let mut state = world.state();
    let state = &mut *state;
    let CreateTransferBatch {
        batch_transaction_id: id,
        transfers,
        ..
    } = request.into_inner();
    let batch = state.payouts.batches.insert(Batch { id: id.clone() });
    if batch.is_none() {
        return Err(Instead::refuse(409, "batchTransactionId: was used before"));
    }
    let own = &world.config.credentials;
    let mut answer = TransferBatch::default();
    answer.batch_transaction_id = Some(id);
    for transfer in transfers {
        // Whoever sends a refused one by itself is told why.
        let Ok(row) = take(state, own, transfer, batch) else {
            continue;
        };
        if state.payouts.transfers[row].status == TransferStatus::Pending {
            states::queue(state, row);
            answer
                .successful
                .push(state.payouts.transfers[row].answer());
        }
    }
    Ok(answer)
}
