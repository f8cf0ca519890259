//! What is done for a row: the requests, and the steps around them.
//!
//! The order in here is what [`state`](crate::journal::state) counts on: a row is `Sent` in the
//! journal before its first request leaves, and what came of a request is in the journal before
//! anybody is told.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use enkash_api::payouts::{Made, MadeBatch, Sighting};
use enkash_api::transport::Clock;
use enkash_api::types::payouts::{BatchId, CreateTransferBatch, TransferBatch};
use enkash_api::{ApiErrorKind, Client, Error, NotConfigured};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::brakes::Brakes;
use super::progress::Progress;
use super::settings::Settings;
use super::verdict::Verdict;
use super::walk::Item;
use crate::file::Row;
use crate::journal::{Facts, Journal, JournalError, Plan, State, Step};

/// What is to be done for a row, or for the rows of a batch.
pub(super) enum Job {
    /// Send what was never sent.
    Pay(Vec<Item>),
    /// Find out about what may have been sent, and send it if EnKash does not have it.
    Settle(Box<Item>),
    /// Look up what EnKash has.
    Look(Box<Item>),
}

/// A row after something was done for it.
pub(super) struct Done {
    pub(super) plan: Plan,
    pub(super) from: State,
    pub(super) verdict: Verdict,
    pub(super) news: News,
}

/// What a row's being done means to who counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// EnKash answered, or did not. If the state is another now, the journal has it.
    Answer,
    /// It was about to be sent, and was not.
    NotSent,
    /// It was looked up, and no more is known than before.
    NothingNew,
}

impl Done {
    fn new(item: Item, verdict: Verdict, news: News) -> Self {
        Self {
            from: item.entry.state,
            plan: item.entry.plan,
            verdict,
            news,
        }
    }
}

/// So many times as many rows as may be on their way are written down ahead: so that requests do not
/// wait for the disk.
const AHEAD: usize = 2;

/// So often a beneficiary is added where the answer is lost. It moves no money, and an id that
/// EnKash knows is refused.
const PAYEE_TRIES: u32 = 3;

/// Everything that a row needs, for all rows.
pub(super) struct Desk<'a> {
    pub(super) client: &'a Client,
    pub(super) journal: &'a dyn Journal,
    pub(super) clock: &'a dyn Clock,
    pub(super) settings: &'a Settings,
    pub(super) progress: &'a dyn Progress,
    pub(super) brakes: Brakes<'a>,
    /// One for each request that may be on its way.
    slots: Semaphore,
    /// One for each row, or batch, that may be `Sent` before its request leaves.
    ahead: Semaphore,
    /// The client has nothing to look up with where transfers stand.
    is_blind: AtomicBool,
}

impl<'a> Desk<'a> {
    pub(super) fn new(
        client: &'a Client,
        journal: &'a dyn Journal,
        clock: &'a dyn Clock,
        settings: &'a Settings,
        progress: &'a dyn Progress,
    ) -> Self {
        let slots = settings
            .concurrency
            .clamp(1, Semaphore::MAX_PERMITS / AHEAD);
        Self {
            client,
            journal,
            clock,
            settings,
            progress,
            brakes: Brakes::new(settings, clock, progress),
            slots: Semaphore::new(slots),
            ahead: Semaphore::new(AHEAD * slots),
            is_blind: AtomicBool::new(false),
        }
    }

    pub(super) fn is_blind(&self) -> bool {
        self.is_blind.load(Ordering::Acquire)
    }

    /// Does it, and gives the rows for which something was done.
    pub(super) async fn carry(&self, job: Job) -> Result<Vec<Done>, JournalError> {
        match job {
            Job::Pay(items) => self.pay(items).await,
            Job::Settle(item) => self.settle(*item).await,
            Job::Look(item) => self.look(*item).await,
        }
    }

    async fn pay(&self, items: Vec<Item>) -> Result<Vec<Done>, JournalError> {
        let (mut done, ready) = self.with_payees(items).await?;
        let ahead = wait_for(&self.ahead).await;
        if ready.is_empty() || self.brakes.are_on() {
            return Ok(done);
        }
        let is_batch = self.settings.batch > 1;
        let batch = is_batch.then(|| self.mint(&ready));
        let steps = ready.iter().map(|(item, payee_was_there)| {
            let facts = Facts {
                batch: batch.clone(),
                payee_was_there: *payee_was_there,
                ..Facts::default()
            };
            self.step(item, State::Sent, facts)
        });
        // From here on the rows may have been sent, for everyone who reads the journal.
        self.journal.record(steps.collect()).await?;
        let items: Vec<_> = ready.into_iter().map(|(item, _)| item).collect();
        let slot = wait_for(&self.slots).await;
        drop(ahead);
        let verdicts = match batch {
            _ if !self.brakes.may_leave().await => {
                items.iter().map(|_| Verdict::not_sent()).collect()
            }
            Some(batch) => self.send_batch(batch, &items).await,
            None => self.send_each(&items).await,
        };
        drop(slot);
        let rows = items.into_iter().zip(verdicts).collect();
        done.extend(self.conclude(rows).await?);
        Ok(done)
    }

    /// Adds the beneficiaries that rows describe. Gives the rows that are done for by that, and the
    /// others, each with whether its beneficiary was there.
    async fn with_payees(
        &self,
        items: Vec<Item>,
    ) -> Result<(Vec<Done>, Vec<(Item, bool)>), JournalError> {
        let (mut done, mut ready) = (Vec::new(), Vec::new());
        for item in items {
            match self.add_payee(&item.row).await {
                Ok(payee_was_there) => ready.push((item, payee_was_there)),
                // It stays as it was, so there is nothing to write down.
                Err(None) => {}
                Err(Some(verdict)) if verdict.to == State::Planned => {
                    done.push(Done::new(item, verdict, News::Answer));
                }
                Err(Some(verdict)) => done.extend(self.conclude(vec![(item, verdict)]).await?),
            }
        }
        Ok((done, ready))
    }

    /// Sends rows singly, of which certainly nothing was done before.
    async fn send_each(&self, items: &[Item]) -> Vec<Verdict> {
        let mut verdicts = Vec::with_capacity(items.len());
        for (index, item) in items.iter().enumerate() {
            // The first has waited for its turn already.
            if index > 0 && !self.brakes.may_leave().await {
                verdicts.push(Verdict::not_sent());
                continue;
            }
            let transfer = item.row.transfer.clone();
            let verdict = match self.client.payouts().transfers().create(transfer).await {
                Ok(made) => Verdict::made(&made),
                Err(error) => Verdict::first_failed(&error, &item.row),
            };
            verdicts.push(self.brakes.heed(verdict).await);
        }
        verdicts
    }

    /// Sends rows in one request.
    async fn send_batch(&self, id: BatchId, items: &[Item]) -> Vec<Verdict> {
        let transfers = items.iter().map(|item| item.row.transfer.clone()).collect();
        let batch = CreateTransferBatch::new(id, transfers);
        let error = match self.client.payouts().transfers().create_batch(batch).await {
            Ok(MadeBatch::Answered(batch)) => return self.taken(batch, items).await,
            Ok(_) => return items.iter().map(|_| Verdict::batch_known()).collect(),
            Err(error) => error,
        };
        let failed = |item: &Item| Verdict::first_failed(&error, &item.row);
        let mut verdicts: Vec<_> = items.iter().map(failed).collect();
        // If it was refused for what is in it, nothing of it was done. Singly it shows which of them is
        // wrong, and the others are paid.
        let is_refused = verdicts.iter().all(|verdict| verdict.to == State::Refused);
        if is_refused && self.brakes.may_leave().await {
            return self.send_each(items).await;
        }
        // It was one request that failed, and not so many.
        if let Some(verdict) = verdicts.pop() {
            verdicts.push(self.brakes.heed(verdict).await);
        }
        verdicts
    }

    /// What became of the rows of a batch that was answered.
    async fn taken(&self, batch: TransferBatch, items: &[Item]) -> Vec<Verdict> {
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
            verdicts.push(self.brakes.heed(verdict).await);
        }
        verdicts
    }

    /// Finds out about a row that may have been sent.
    async fn settle(&self, item: Item) -> Result<Vec<Done>, JournalError> {
        // Requests of a run that was killed may still be on their way.
        let since = self.clock.now().duration_since(item.entry.changed);
        if let Some(left) = self
            .settings
            .settle_after
            .checked_sub(since.unwrap_or_default())
            && !left.is_zero()
        {
            self.clock.sleep(left).await;
        }
        let slot = wait_for(&self.slots).await;
        if !self.brakes.may_leave().await {
            return Ok(Vec::new());
        }
        let transfer = item.row.transfer.clone();
        let verdict = match self.client.payouts().transfers().resume(transfer).await {
            Ok(made) => Verdict::made(&made),
            Err(error) => Verdict::again_failed(&error, &item.row),
        };
        let verdict = self.brakes.heed(verdict).await;
        drop(slot);
        self.conclude(vec![(item, verdict)]).await
    }

    /// Looks a transfer up.
    async fn look(&self, item: Item) -> Result<Vec<Done>, JournalError> {
        let slot = wait_for(&self.slots).await;
        if self.is_blind() || !self.brakes.may_leave().await {
            return Ok(Vec::new());
        }
        let transfer = &item.row.transfer;
        let found = self.client.payouts().transfers().find(transfer).await;
        drop(slot);
        let verdict = match found {
            Ok(Sighting::There(seen)) if seen.is(transfer) => {
                // A lookup that does not say where this one stands says it of no other.
                if seen.status.is_none() {
                    self.is_blind.store(true, Ordering::Release);
                }
                Verdict::seen(&seen)
            }
            Ok(_) => return Ok(Vec::new()),
            Err(Error::NotConfigured(NotConfigured::TransferLookup)) => {
                self.is_blind.store(true, Ordering::Release);
                return Ok(Vec::new());
            }
            Err(error) => {
                let verdict = self.brakes.heed_for_others(Verdict::not_seen(&error)).await;
                return Ok(vec![Done::new(item, verdict, News::NothingNew)]);
            }
        };
        let facts = item.entry.facts.clone().and_then(verdict.facts.clone());
        if verdict.to == item.entry.state && facts == item.entry.facts {
            return Ok(vec![Done::new(item, verdict, News::NothingNew)]);
        }
        self.conclude(vec![(item, verdict)]).await
    }

    /// Adds the beneficiary that a row describes, if it does. Gives whether its id was known; where
    /// it was not added, what that means for the row, unless the run stopped before.
    async fn add_payee(&self, row: &Row) -> Result<bool, Option<Verdict>> {
        let Some(payee) = &row.beneficiary else {
            return Ok(false);
        };
        let _slot = wait_for(&self.slots).await;
        let mut tries = 0;
        loop {
            if !self.brakes.may_leave().await {
                return Err(None);
            }
            tries += 1;
            let added = self.client.payouts().beneficiaries().create(payee.clone());
            let error = match added.await {
                Ok(_) => return Ok(false),
                Err(error) => error,
            };
            if error
                .as_api()
                .is_some_and(|refused| refused.kind == ApiErrorKind::Duplicate)
            {
                return Ok(true);
            }
            if !error.may_have_happened() || tries >= PAYEE_TRIES {
                let verdict = Verdict::payee_failed(&error, row);
                return Err(Some(self.brakes.heed(verdict).await));
            }
        }
    }

    /// Writes down what became of rows.
    async fn conclude(&self, rows: Vec<(Item, Verdict)>) -> Result<Vec<Done>, JournalError> {
        let steps = rows
            .iter()
            .map(|(item, verdict)| self.step(item, verdict.to, verdict.facts.clone()));
        self.journal.record(steps.collect()).await?;
        let done = rows.into_iter().map(|(item, verdict)| {
            let news = match verdict.is_answer {
                true => News::Answer,
                false => News::NotSent,
            };
            Done::new(item, verdict, news)
        });
        Ok(done.collect())
    }

    fn step(&self, item: &Item, to: State, facts: Facts) -> Step {
        Step::new(item.entry.plan.number, self.clock.now(), to, facts)
    }

    /// An id for a batch, by the time and its first row: no other of this account's has it, unless
    /// two runs begin a batch with a row of the same number in the same millisecond. EnKash would
    /// refuse the second, and its rows would be paid singly.
    fn mint(&self, rows: &[(Item, bool)]) -> BatchId {
        let since = self.clock.now().duration_since(SystemTime::UNIX_EPOCH);
        let now = since.unwrap_or_default().as_millis();
        let first = rows.first().map_or(0, |(item, _)| item.entry.plan.number);
        BatchId::new(format!("B{now}R{first}"))
    }
}

/// Waits for one that is free.
async fn wait_for(semaphore: &Semaphore) -> Option<SemaphorePermit<'_>> {
    // It is never closed.
    semaphore.acquire().await.ok()
}
