//! Registering the payees that rows describe.

use std::collections::HashMap;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use enkash_api::ApiErrorKind;
use enkash_api::types::payouts::{BeneficiaryId, CreateBeneficiary};
use tokio::sync::OnceCell;

use super::desk::{Desk, Done, News};
use super::stop::Stop;
use super::verdict::{Verdict, in_private};
use super::walk::{Item, Walk};
use crate::check::Checked;
use crate::file::Source;
use crate::journal::{Entry, JournalError, State};

/// So often a beneficiary is added where the answer is lost. It moves no money, and an id that
/// EnKash knows is refused.
const TRIES: u32 = 3;

/// What is known of the payees of a run, as far as it is remembered.
#[derive(Default)]
pub(super) struct Payees {
    /// By 128 bits of a hash of the id, as in the check: an id may be long, and no two have the same.
    remembered: Mutex<HashMap<[u64; 2], Arc<Payee>>>,
    keys: [RandomState; 2],
    known: AtomicU64,
}

/// So many are remembered. Beyond that it begins anew, and one who is named again long after is
/// registered once more, and may be taken for known: a warning too many.
const REMEMBERED: usize = 65_536;

/// One payee, for all rows that name him.
#[derive(Default)]
struct Payee {
    /// Whether he was there before, once he can be paid. The first row registers him, and the others
    /// wait for it.
    was_there: OnceCell<bool>,
    /// If EnKash knows him, that is from an earlier run with this journal.
    may_be_ours: AtomicBool,
}

impl Payees {
    /// How many were registered before.
    pub(super) fn known(&self) -> u64 {
        self.known.load(Ordering::Relaxed)
    }

    fn of(&self, id: &BeneficiaryId) -> Arc<Payee> {
        let key = self.keys.each_ref().map(|key| key.hash_one(id));
        let remembered = self.remembered.lock();
        let mut remembered = remembered.unwrap_or_else(PoisonError::into_inner);
        if remembered.len() >= REMEMBERED && !remembered.contains_key(&key) {
            remembered.clear();
        }
        Arc::clone(remembered.entry(key).or_default())
    }
}

/// Why the payee of a row cannot be paid.
enum NotAdded {
    /// He could not be registered, and this is what that means for the row.
    Failed(Box<Verdict>),
    /// The run stopped before.
    Stopped,
}

impl Desk<'_> {
    /// Takes note of those whom earlier runs with this journal have registered: this one would take
    /// them for registered before.
    pub(super) async fn remember_payees(
        &self,
        source: &dyn Source,
        checked: &Checked,
    ) -> Result<(), Stop> {
        let mut walk = Walk::of_touched(self.journal, source, checked)?;
        while !self.brakes.are_on()
            && let Some(Item { row, entry }) = walk.next().await?
        {
            if let Some(payee) = &row.beneficiary
                && !entry.facts.payee_was_there
                && self.was_added(&entry).await?
            {
                let payee = self.payees.of(&payee.beneficiary_id);
                payee.may_be_ours.store(true, Ordering::Relaxed);
            }
        }
        Ok(())
    }

    /// Whether the payee of a row that has taken a step was registered for it. He was, unless he is
    /// why it was refused: then it has taken no other step.
    async fn was_added(&self, entry: &Entry) -> Result<bool, JournalError> {
        if entry.state != State::Refused {
            return Ok(true);
        }
        let steps = self.journal.steps(entry.plan.number).await?;
        Ok(steps.iter().any(|step| step.to != State::Refused))
    }

    /// Adds the beneficiaries that rows describe. Gives the rows that are done for by that, and the
    /// others, each with whether its beneficiary was there.
    pub(super) async fn with_payees(
        &self,
        items: Vec<Item>,
    ) -> Result<(Vec<Done>, Vec<(Item, bool)>), JournalError> {
        let (mut done, mut ready) = (Vec::new(), Vec::new());
        for item in items {
            match self.add_payee(&item).await {
                Ok(was_there) => ready.push((item, was_there)),
                // It stays as it was, so there is nothing to write down.
                Err(NotAdded::Stopped) => {}
                Err(NotAdded::Failed(verdict)) if verdict.to == State::Planned => {
                    done.push(self.done(item, *verdict, News::Answer));
                }
                Err(NotAdded::Failed(verdict)) => {
                    done.extend(self.conclude(vec![(item, *verdict)]).await?);
                }
            }
        }
        Ok((done, ready))
    }

    /// Adds the beneficiary that a row describes, if it does and no other row has. Gives whether he
    /// was there before.
    async fn add_payee(&self, item: &Item) -> Result<bool, NotAdded> {
        let Some(described) = &item.row.beneficiary else {
            return Ok(false);
        };
        let payee = self.payees.of(&described.beneficiary_id);
        // It was about to be sent before, so he was registered then.
        if item.entry.changed.is_some() && !item.entry.facts.payee_was_there {
            payee.may_be_ours.store(true, Ordering::Relaxed);
        }
        // Whoever waits here has no slot, so the one that is waited for gets one. If that one fails,
        // the next tries by itself.
        let add = || self.register(item, described, &payee.may_be_ours);
        payee.was_there.get_or_try_init(add).await.copied()
    }

    /// Adds a beneficiary. Gives whether he was there before.
    async fn register(
        &self,
        item: &Item,
        payee: &CreateBeneficiary,
        may_be_ours: &AtomicBool,
    ) -> Result<bool, NotAdded> {
        let _slot = self.slot().await;
        let mut tries = 0;
        loop {
            let Some(left) = self.brakes.leave().await else {
                return Err(NotAdded::Stopped);
            };
            tries += 1;
            let added = self.client.payouts().beneficiaries().create(payee.clone());
            let error = match added.await {
                Ok(_) => {
                    self.brakes.goes_on(left);
                    return Ok(false);
                }
                Err(error) => error,
            };
            let refused = error.as_api().map(|refused| refused.kind);
            if refused == Some(ApiErrorKind::Duplicate) {
                self.brakes.goes_on(left);
                let was_there = !may_be_ours.load(Ordering::Relaxed);
                if was_there {
                    self.payees.known.fetch_add(1, Ordering::Relaxed);
                }
                return Ok(was_there);
            }
            // Known when he is asked for again, he may be the lost answer's, or another's from before:
            // a warning too many does less harm than one too few.
            if !error.may_have_happened() || tries >= TRIES {
                let words = in_private(&error, [&item.row]);
                let verdict = Verdict::payee_failed(&error, words);
                return Err(NotAdded::Failed(Box::new(self.brakes.heed(verdict, left))));
            }
        }
    }
}
