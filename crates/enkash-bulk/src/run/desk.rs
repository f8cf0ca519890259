//! What is done for a row: the requests, and the steps around them.
//!
//! The order in here is what [`state`](crate::journal::state) counts on: a row is `Sent` in the
//! journal before its first request leaves, and what came of a request is in the journal before
//! anybody is told.

use std::sync::atomic::{AtomicBool, Ordering};

use enkash_api::payouts::{Made, Sighting};
use enkash_api::transport::Clock;
use enkash_api::types::Rupees;
use enkash_api::{Client, Error, NotConfigured};
use tokio::sync::{Semaphore, SemaphorePermit};

use super::brakes::Brakes;
use super::pace::Left;
use super::payees::Payees;
use super::progress::Progress;
use super::settings::Settings;
use super::stop::Stopper;
use super::verdict::{Verdict, in_private};
use super::walk::Item;
use crate::journal::{Facts, Journal, JournalError, Plan, State, Step};

/// What is to be done for a row, or for the rows of a batch.
pub(super) enum Job {
    /// Send what was never sent, or was in a batch that was refused.
    Pay(Vec<Item>),
    /// Find out about what may have been sent, and send it if EnKash does not have it.
    Settle(Box<Item>),
    /// Look up what EnKash has.
    Look(Box<Item>),
}

impl Job {
    /// Of how many rows it is.
    pub(super) fn rows(&self) -> usize {
        match self {
            Self::Pay(items) => items.len(),
            Self::Settle(_) | Self::Look(_) => 1,
        }
    }
}

/// A row after something was done for it.
pub(super) struct Done {
    /// As it was before.
    pub(super) item: Item,
    pub(super) verdict: Verdict,
    pub(super) news: News,
    /// What it takes from the account whose balance is watched.
    pub(super) takes: Rupees,
}

/// The journal failed while something was done for rows.
pub(super) struct Lost {
    pub(super) error: JournalError,
    /// The rows that may have been sent meanwhile, each with where it stood before.
    pub(super) rows: Vec<(Plan, State)>,
    /// The rows for which something was done before, and written down.
    pub(super) done: Vec<Done>,
}

impl Lost {
    fn with<'i>(
        error: JournalError,
        items: impl IntoIterator<Item = &'i Item>,
        done: Vec<Done>,
    ) -> Self {
        let rows = items
            .into_iter()
            .map(|item| (item.entry.plan.clone(), item.entry.state));
        Self {
            error,
            rows: rows.collect(),
            done,
        }
    }
}

impl From<JournalError> for Lost {
    fn from(error: JournalError) -> Self {
        Self {
            error,
            rows: Vec::new(),
            done: Vec::new(),
        }
    }
}

/// What a row's being done means to who counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum News {
    /// EnKash answered, or did not. If the state is another now, the journal has it.
    Answer,
    /// It was about to be sent, and was not; or its batch was refused, and it is sent by itself.
    NotSent,
    /// It was looked up, and no more is known than before.
    NothingNew,
}

/// So many times as many rows as may be on their way are written down ahead: so that requests do not
/// wait for the disk.
const AHEAD: usize = 2;

/// Everything that a row needs, for all rows.
pub(super) struct Desk<'a> {
    pub(super) client: &'a Client,
    pub(super) journal: &'a dyn Journal,
    pub(super) clock: &'a dyn Clock,
    pub(super) settings: &'a Settings,
    pub(super) progress: &'a dyn Progress,
    pub(super) brakes: Brakes<'a>,
    pub(super) payees: Payees,
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
        stopper: &'a Stopper,
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
            brakes: Brakes::new(settings, clock, progress, stopper),
            payees: Payees::default(),
            slots: Semaphore::new(slots),
            ahead: Semaphore::new(AHEAD * slots),
            is_blind: AtomicBool::new(false),
        }
    }

    pub(super) fn is_blind(&self) -> bool {
        self.is_blind.load(Ordering::Acquire)
    }

    /// Does it, and gives the rows for which something was done.
    pub(super) async fn carry(&self, job: Job) -> Result<Vec<Done>, Lost> {
        match job {
            Job::Pay(items) => self.pay(items).await,
            // What these may have sent was `Sent` before.
            Job::Settle(item) => Ok(self.settle(*item).await?),
            Job::Look(item) => Ok(self.look(*item).await?),
        }
    }

    async fn pay(&self, items: Vec<Item>) -> Result<Vec<Done>, Lost> {
        let (mut done, ready) = self.with_payees(items).await?;
        let ahead = wait_for(&self.ahead).await;
        if self.brakes.are_on() {
            done.extend(self.leave_registered(ready).await?);
            return Ok(done);
        }
        if ready.is_empty() {
            return Ok(done);
        }
        let is_batch = self.settings.batch > 1 && !ready.iter().any(|(item, _)| item.goes_alone());
        let batch = is_batch.then(|| self.mint(ready.first().map(|(item, _)| item)));
        let steps = ready.iter().map(|(item, payee_was_there)| {
            let facts = Facts {
                batch: batch.clone(),
                payee_was_there: *payee_was_there,
                ..Facts::default()
            };
            self.step(item, State::Sent, facts)
        });
        // From here on the rows may have been sent, for everyone who reads the journal.
        if let Err(error) = self.journal.record(steps.collect()).await {
            let items = ready.iter().map(|(item, _)| item);
            return Err(Lost::with(error, items, done));
        }
        let items: Vec<_> = ready.into_iter().map(|(item, _)| item).collect();
        let slot = self.slot().await;
        drop(ahead);
        let verdicts = match (self.brakes.leave().await, batch, items.as_slice()) {
            (Some(left), Some(batch), items) => self.send_batch(batch, items, left).await,
            // Without a batch it is one row.
            (Some(left), None, [item]) => vec![self.send(item, left).await],
            _ => items.iter().map(|_| Verdict::not_sent()).collect(),
        };
        drop(slot);
        let rows: Vec<_> = items.into_iter().zip(verdicts).collect();
        if let Err(error) = self.write_down(&rows).await {
            let items = rows.iter().map(|(item, _)| item);
            return Err(Lost::with(error, items, done));
        }
        done.extend(self.all_done(rows));
        Ok(done)
    }

    /// Writes down of rows that are not sent that their payees are registered: the next run would take
    /// those whom this one has registered for registered before.
    async fn leave_registered(&self, ready: Vec<(Item, bool)>) -> Result<Vec<Done>, JournalError> {
        let mut rows = Vec::new();
        for (item, payee_was_there) in ready {
            if item.row.beneficiary.is_some() {
                let mut verdict = Verdict::not_sent();
                verdict.facts.payee_was_there = payee_was_there;
                rows.push((item, verdict));
            }
        }
        self.conclude(rows).await
    }

    /// Sends a row by itself for the first time.
    async fn send(&self, item: &Item, left: Left) -> Verdict {
        let (transfer, before) = (item.row.transfer.clone(), &item.entry.facts);
        let verdict = match self.client.payouts().transfers().create(transfer).await {
            Ok(made) => Verdict::made_again(&made, before),
            Err(error) => {
                let words = in_private(&error, [&item.row]);
                let verdict = Verdict::first_failed_by_itself(&error, words, before);
                let is_refused = verdict.to == State::Refused && error.as_api().is_some();
                match is_refused && before.unnamed.is_some() {
                    true => self.look_for_refused(item, verdict).await,
                    false => verdict,
                }
            }
        };
        self.brakes.heed(verdict, left)
    }

    /// Looks for a row that EnKash refused, and whose batch it refused before. That nothing of such a
    /// batch is taken is not documented, and a row that was may have used up what this one lacks: so it
    /// counts as refused only where it is looked for and not seen.
    async fn look_for_refused(&self, item: &Item, mut verdict: Verdict) -> Verdict {
        verdict.to = State::Sent;
        if self.brakes.leave().await.is_none() {
            return verdict;
        }
        let transfer = &item.row.transfer;
        match self.client.payouts().transfers().find(transfer).await {
            Ok(Sighting::NotThere | Sighting::NotSeen) => verdict.to = State::Refused,
            Ok(Sighting::There(seen)) if seen.is(transfer) => {
                return Verdict::made_again(&Made::Found(seen), &item.entry.facts);
            }
            _ => {}
        }
        verdict
    }

    /// Finds out about a row that may have been sent.
    async fn settle(&self, item: Item) -> Result<Vec<Done>, JournalError> {
        // Requests of a run that was killed may still be on their way.
        let now = self.clock.now();
        let changed = item.entry.changed;
        let since = changed.and_then(|changed| now.duration_since(changed).ok());
        if let Some(left) = self
            .settings
            .settle_after
            .checked_sub(since.unwrap_or_default())
            && !left.is_zero()
        {
            self.brakes.sleep(left).await;
        }
        let slot = self.slot().await;
        let Some(left) = self.brakes.leave().await else {
            return Ok(Vec::new());
        };
        let transfer = item.row.transfer.clone();
        let verdict = match self.client.payouts().transfers().resume(transfer).await {
            Ok(made) => Verdict::made_again(&made, &item.entry.facts),
            Err(error) => {
                let words = in_private(&error, [&item.row]);
                Verdict::again_failed(&error, words, &item.entry.facts)
            }
        };
        let verdict = self.brakes.heed_settled(verdict, left);
        drop(slot);
        self.conclude(vec![(item, verdict)]).await
    }

    /// Looks a transfer up.
    async fn look(&self, item: Item) -> Result<Vec<Done>, JournalError> {
        let slot = self.slot().await;
        if self.is_blind() {
            return Ok(Vec::new());
        }
        let Some(left) = self.brakes.leave().await else {
            return Ok(Vec::new());
        };
        let transfer = &item.row.transfer;
        let found = self.client.payouts().transfers().find(transfer).await;
        drop(slot);
        let verdict = match found {
            Ok(Sighting::There(seen)) if seen.is(transfer) => {
                // A lookup that does not say where this one stands says it of no other.
                if seen.status.is_none() {
                    self.is_blind.store(true, Ordering::Release);
                }
                Verdict::seen_again(&seen, &item.entry.facts)
            }
            // What is there is not what was asked for, and so it is not known where that stands.
            Ok(Sighting::There(_)) => Verdict::seen_another(),
            Ok(_) => return Ok(Vec::new()),
            Err(Error::NotConfigured(NotConfigured::TransferLookup)) => {
                self.is_blind.store(true, Ordering::Release);
                return Ok(Vec::new());
            }
            Err(error) => {
                let words = in_private(&error, [&item.row]);
                let verdict = self
                    .brakes
                    .heed_found(Verdict::not_seen(&error, &words), left);
                return Ok(vec![self.done(item, verdict, News::NothingNew)]);
            }
        };
        let facts = item.entry.facts.clone().and_then(verdict.facts.clone());
        if verdict.to == item.entry.state && facts == item.entry.facts {
            return Ok(vec![self.done(item, verdict, News::NothingNew)]);
        }
        self.conclude(vec![(item, verdict)]).await
    }

    /// Writes down what became of rows, and gives them.
    pub(super) async fn conclude(
        &self,
        rows: Vec<(Item, Verdict)>,
    ) -> Result<Vec<Done>, JournalError> {
        self.write_down(&rows).await?;
        Ok(self.all_done(rows).collect())
    }

    async fn write_down(&self, rows: &[(Item, Verdict)]) -> Result<(), JournalError> {
        let steps = rows
            .iter()
            .map(|(item, verdict)| self.step(item, verdict.to, verdict.facts.clone()));
        self.journal.record(steps.collect()).await
    }

    fn all_done(&self, rows: Vec<(Item, Verdict)>) -> impl Iterator<Item = Done> {
        rows.into_iter().map(|(item, verdict)| {
            let news = match verdict.is_answer {
                true => News::Answer,
                false => News::NotSent,
            };
            self.done(item, verdict, news)
        })
    }

    pub(super) fn done(&self, item: Item, verdict: Verdict, news: News) -> Done {
        let transfer = &item.row.transfer;
        Done {
            takes: match self.settings.pays(transfer) {
                true => transfer.transfer_amount,
                false => Rupees::ZERO,
            },
            item,
            verdict,
            news,
        }
    }

    /// Waits until one more request may be on its way.
    pub(super) async fn slot(&self) -> Option<SemaphorePermit<'_>> {
        wait_for(&self.slots).await
    }

    fn step(&self, item: &Item, to: State, facts: Facts) -> Step {
        Step::new(item.entry.plan.number, self.clock.now(), to, facts)
    }
}

/// Waits for one that is free.
async fn wait_for(semaphore: &Semaphore) -> Option<SemaphorePermit<'_>> {
    // It is never closed.
    semaphore.acquire().await.ok()
}
