//! Batches of transfers.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use crate::payouts::{
    BatchId, CreateTransfer, CreateTransferBatch, Transfer, TransferBatch, TransferId,
};
use crate::strategies::text::{like, some_text, text_values};
use crate::strategies::{InvalidValues, ValidValues, at_the_end, enough, extra, maybe};

text_values! {
    BatchId {
        valid: prop_oneof![like("[A-Z]{3,6}[0-9]{1,6}"), some_text()],
        invalid: Just(String::new()),
    }
}

/// Transfers whose ids differ, by the place of each.
fn transfers(
    some: impl Strategy<Value = Vec<CreateTransfer>>,
) -> impl Strategy<Value = Vec<CreateTransfer>> {
    some.prop_map(|mut transfers| {
        for (index, transfer) in transfers.iter_mut().enumerate() {
            let id = transfer.transaction_id.as_str();
            if !id.is_empty() {
                transfer.transaction_id = TransferId::new(format!("{index} {id}"));
            }
        }
        transfers
    })
}

impl ValidValues for CreateTransferBatch {
    fn valid() -> BoxedStrategy<Self> {
        each!(CreateTransferBatch {
            batch_transaction_id: BatchId::valid(),
            transfers: transfers(vec(CreateTransfer::valid(), 1..4)),
        })
    }
}

/// With a wrong id, with a transfer that breaks a rule, with two of one id, or with none at all.
impl InvalidValues for CreateTransferBatch {
    fn invalid() -> BoxedStrategy<Self> {
        let some = vec(CreateTransfer::valid(), 0..2);
        let one_wrong = (some, CreateTransfer::invalid()).prop_map(at_the_end);
        let alike = (vec(CreateTransfer::valid(), 1..3), any::<Index>()).prop_map(
            |(mut transfers, index)| {
                let again = transfers[index.index(transfers.len())].clone();
                transfers.push(again);
                transfers
            },
        );
        let wrong = prop_oneof![
            12 => transfers(one_wrong),
            1 => alike,
            1 => Just(Vec::new()),
        ];
        let wrong = (Self::valid(), wrong, BatchId::invalid(), 0..12).prop_map(
            |(mut batch, transfers, id, kind)| {
                if kind < 2 {
                    batch.batch_transaction_id = id;
                }
                if kind > 0 {
                    batch.transfers = transfers;
                }
                batch
            },
        );
        wrong.boxed()
    }
}

impl ValidValues for TransferBatch {
    fn valid() -> BoxedStrategy<Self> {
        enough::<CreateTransferBatch>(each!(TransferBatch {
            batch_transaction_id: maybe(BatchId::valid()),
            successful: vec(Transfer::valid(), 0..3),
            extra: extra(),
        }))
    }
}
