//! Rows that are sent in one request.

use std::collections::HashMap;
use std::time::SystemTime;

use enkash_api::payouts::{Made, MadeBatch};
use enkash_api::types::payouts::{BatchId, CreateTransferBatch, TransferBatch};

use super::desk::Desk;
use super::pace::Left;
use super::verdict::{Verdict, in_private};
use super::walk::Item;
use crate::journal::State;

impl Item {
    /// Whether it is sent by itself and in no batch: it was in one that EnKash refused.
    pub(super) fn goes_alone(&self) -> bool {
        self.entry.facts.unnamed.is_some()
    }
}

impl Desk<'_> {
    /// Sends rows in one request.
    pub(super) async fn send_batch(&self, id: BatchId, items: &[Item], left: Left) -> Vec<Verdict> {
        let transfers = items.iter().map(|item| item.row.transfer.clone()).collect();
        let batch = CreateTransferBatch::new(id, transfers);
        let error = match self.client.payouts().transfers().create_batch(batch).await {
            Ok(MadeBatch::Answered(batch)) => return self.taken(batch, items, left),
            Ok(_) => return items.iter().map(|_| Verdict::batch_known()).collect(),
            Err(error) => error,
        };
        // It may speak of any of them.
        let words = in_private(&error, items.iter().map(|item| &item.row));
        let failed = || Verdict::first_failed(&error, words.clone());
        let verdict = failed();
        if verdict.to == State::Refused {
            self.brakes.goes_on(left);
            return items.iter().map(|_| Verdict::in_refused(&words)).collect();
        }
        // It was one request that failed, and not so many.
        let mut verdicts: Vec<_> = items.iter().skip(1).map(|_| failed()).collect();
        verdicts.push(self.brakes.heed(verdict, left));
        verdicts
    }

    /// What became of the rows of a batch that was answered.
    fn taken(&self, batch: TransferBatch, items: &[Item], left: Left) -> Vec<Verdict> {
        let taken = batch.successful.into_iter();
        let mut taken: HashMap<_, _> = taken
            .filter_map(|transfer| Some((transfer.transaction_id.clone()?, transfer)))
            .collect();
        let mut verdicts = Vec::with_capacity(items.len());
        for item in items {
            let verdict = match taken.remove(&item.row.transfer.transaction_id) {
                Some(transfer) => Verdict::made(&Made::Answered(transfer)),
                None => Verdict::left_out(),
            };
            verdicts.push(self.brakes.heed(verdict, left));
        }
        verdicts
    }

    /// An id for a batch, by the time and its first row: no other of this account's has it, unless
    /// two runs begin a batch with a row of the same number in the same millisecond. EnKash would
    /// refuse the second, and its rows would be paid singly.
    pub(super) fn mint(&self, first: Option<&Item>) -> BatchId {
        let since = self.clock.now().duration_since(SystemTime::UNIX_EPOCH);
        let now = since.unwrap_or_default().as_millis();
        let first = first.map_or(0, |item| item.entry.plan.number);
        BatchId::new(format!("B{now}R{first}"))
    }
}
