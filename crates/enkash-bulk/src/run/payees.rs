//! Registering the payees that rows describe.

use std::collections::HashSet;
use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use enkash_api::ApiErrorKind;
use enkash_api::types::payouts::BeneficiaryId;

use super::desk::{Desk, Done, News};
use super::verdict::{Verdict, in_private};
use super::walk::Item;
use crate::journal::{JournalError, State};

/// So often a beneficiary is added where the answer is lost. It moves no money, and an id that
/// EnKash knows is refused.
const TRIES: u32 = 3;

/// Who is registered by this run, and who was, as far as is remembered.
#[derive(Default)]
pub(super) struct Payees {
    /// Hashes of the ids of those who were or are registered: so that one is not taken for registered
    /// before when a second row names him.
    added: Mutex<HashSet<u64>>,
    hasher: RandomState,
    known: AtomicU64,
}

/// So many are remembered. Beyond that it begins anew, and one who is named again long after may be
/// taken for known: a warning too many.
const REMEMBERED: usize = 65_536;

impl Payees {
    /// How many were registered before.
    pub(super) fn known(&self) -> u64 {
        self.known.load(Ordering::Relaxed)
    }

    /// One is about to be registered. Whether no other row did so, or does so now.
    fn add(&self, id: &BeneficiaryId) -> bool {
        let mut added = self.added();
        if added.len() >= REMEMBERED {
            added.clear();
        }
        added.insert(self.hasher.hash_one(id))
    }

    /// It was not this run that registered him.
    fn forget(&self, id: &BeneficiaryId) {
        self.added().remove(&self.hasher.hash_one(id));
    }

    fn added(&self) -> MutexGuard<'_, HashSet<u64>> {
        self.added.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What became of the payee of a row.
enum Payee {
    /// He can be paid.
    Ready { was_there: bool },
    /// He could not be registered, and this is what that means for the row.
    NotAdded(Box<Verdict>),
    /// The run stopped before.
    Stopped,
}

impl Desk<'_> {
    /// Adds the beneficiaries that rows describe. Gives the rows that are done for by that, and the
    /// others, each with whether its beneficiary was there.
    pub(super) async fn with_payees(
        &self,
        items: Vec<Item>,
    ) -> Result<(Vec<Done>, Vec<(Item, bool)>), JournalError> {
        let (mut done, mut ready) = (Vec::new(), Vec::new());
        for item in items {
            match self.add_payee(&item).await {
                Payee::Ready { was_there } => ready.push((item, was_there)),
                // It stays as it was, so there is nothing to write down.
                Payee::Stopped => {}
                Payee::NotAdded(verdict) if verdict.to == State::Planned => {
                    done.push(self.done(item, *verdict, News::Answer));
                }
                Payee::NotAdded(verdict) => {
                    done.extend(self.conclude(vec![(item, *verdict)]).await?);
                }
            }
        }
        Ok((done, ready))
    }

    /// Adds the beneficiary that a row describes, if it does.
    async fn add_payee(&self, item: &Item) -> Payee {
        let Some(payee) = &item.row.beneficiary else {
            return Payee::Ready { was_there: false };
        };
        let _slot = self.slot().await;
        let id = &payee.beneficiary_id;
        let is_first = self.payees.add(id);
        // A row that was about to be sent before had its payee registered then.
        let may_be_ours = !is_first || item.entry.changed.is_some();
        let mut tries = 0;
        loop {
            let Some(left) = self.brakes.leave().await else {
                return Payee::Stopped;
            };
            tries += 1;
            let added = self.client.payouts().beneficiaries().create(payee.clone());
            let error = match added.await {
                Ok(_) => {
                    self.brakes.goes_on(left);
                    return Payee::Ready { was_there: false };
                }
                Err(error) => error,
            };
            let refused = error.as_api().map(|refused| refused.kind);
            if refused == Some(ApiErrorKind::Duplicate) {
                self.brakes.goes_on(left);
                // Asked for again, it may be the lost answer's.
                let was_there = !may_be_ours && tries == 1;
                if was_there {
                    self.payees.forget(id);
                    self.payees.known.fetch_add(1, Ordering::Relaxed);
                }
                return Payee::Ready { was_there };
            }
            let may_be_there = error.may_have_happened();
            if !may_be_there || tries >= TRIES {
                if is_first && !may_be_there && tries == 1 {
                    self.payees.forget(id);
                }
                let words = in_private(&error, [&item.row]);
                let verdict = Verdict::payee_failed(&error, words);
                return Payee::NotAdded(Box::new(self.brakes.heed(verdict, left)));
            }
        }
    }
}
