//! The thread that has the file, and how callers reach it.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::store::Store;
use crate::journal::{JournalError, Step};

/// So many callers' steps go into one transaction at most.
const MOST_TOGETHER: usize = 1024;

/// Where callers come side by side, the first waits so long for others: a flush costs the same for one
/// step as for fifty.
const GATHERING: Duration = Duration::from_micros(500);

/// What a caller wants.
enum Wish {
    /// To be told once these steps are on the disk.
    Record(Vec<Step>, oneshot::Sender<Result<(), JournalError>>),
    /// Anything else. It is given the failure, if there was one, and gives one, if it failed.
    Ask(Box<Ask>),
}

type Ask =
    dyn FnOnce(&mut Store, Option<&JournalError>) -> Result<(), JournalError> + Send + 'static;

/// Whoever holds it may ask the thread. When it is dropped the file is closed.
pub(super) struct Writer {
    /// There until it is dropped.
    wishes: Option<Sender<Wish>>,
    thread: Option<JoinHandle<()>>,
    flushes: Arc<AtomicU64>,
}

impl Writer {
    pub(super) fn start(store: Store) -> Result<Self, JournalError> {
        let (wishes, wanted) = channel();
        let flushes = Arc::<AtomicU64>::default();
        let served = Served {
            store,
            failed: None,
            flushes: Arc::clone(&flushes),
        };
        let thread = std::thread::Builder::new()
            .name("enkash-journal".to_owned())
            .spawn(move || served.serve(&wanted))
            .map_err(|error| JournalError::Failed(error.to_string()))?;
        Ok(Self {
            wishes: Some(wishes),
            thread: Some(thread),
            flushes,
        })
    }

    pub(super) fn flushes(&self) -> u64 {
        self.flushes.load(Ordering::Relaxed)
    }

    /// Ends once the steps are on the disk. Their place in the queue is taken when it is first
    /// polled, and kept if it is dropped then.
    pub(super) async fn record(&self, steps: Vec<Step>) -> Result<(), JournalError> {
        let (tell, told) = oneshot::channel();
        self.wish(Wish::Record(steps, tell))?;
        told.await.map_err(|_| gone())?
    }

    /// Does something with the file.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        what: impl FnOnce(&mut Store) -> Result<T, JournalError> + Send + 'static,
    ) -> Result<T, JournalError> {
        let (tell, told) = oneshot::channel();
        self.wish(Wish::Ask(Box::new(move |store, failed| {
            let answer = match failed {
                None => what(store),
                Some(error) => Err(error.clone()),
            };
            // A refusal is the caller's alone; what the disk refuses is everybody's.
            let failure = match &answer {
                Err(error @ (JournalError::Failed(_) | JournalError::Damaged(_))) => {
                    Err(error.clone())
                }
                _ => Ok(()),
            };
            // Who does not wait any more need not be told.
            let _ = tell.send(answer);
            failure
        })))?;
        told.await.map_err(|_| gone())?
    }

    fn wish(&self, wish: Wish) -> Result<(), JournalError> {
        let wishes = self.wishes.as_ref().ok_or_else(gone)?;
        wishes.send(wish).map_err(|_| gone())
    }
}

impl Drop for Writer {
    /// What was asked for is still done. Then the file is closed, so that it can be opened again.
    fn drop(&mut self) {
        drop(self.wishes.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn gone() -> JournalError {
    JournalError::Failed("the thread that writes it has ended".to_owned())
}

/// The file, as the thread has it.
struct Served {
    store: Store,
    /// What went wrong first. From then on nothing is written: of what was not flushed nobody can
    /// say what is on the disk.
    failed: Option<JournalError>,
    flushes: Arc<AtomicU64>,
}

impl Served {
    fn serve(mut self, wanted: &Receiver<Wish>) {
        let mut steps = Vec::new();
        let mut waiting = Vec::new();
        let mut gathering = Duration::ZERO;
        while let Ok(wish) = wanted.recv() {
            let mut next = Some(wish);
            let until = Instant::now() + gathering;
            // What waits by then goes together, up to a question, which wants to see it.
            while let Some(Wish::Record(more, tell)) = next {
                steps.extend(more);
                waiting.push(tell);
                next = match waiting.len() {
                    0..MOST_TOGETHER => wanted
                        .recv_timeout(until.saturating_duration_since(Instant::now()))
                        .ok(),
                    _ => None,
                };
            }
            if !waiting.is_empty() {
                // Nobody waits for others where there was only one.
                gathering = match waiting.len() {
                    1 => Duration::ZERO,
                    _ => GATHERING,
                };
                let written = self.write(&steps);
                steps.clear();
                for tell in waiting.drain(..) {
                    let _ = tell.send(written.clone());
                }
            }
            if let Some(Wish::Ask(ask)) = next
                && let Err(error) = ask(&mut self.store, self.failed.as_ref())
            {
                self.failed.get_or_insert(error);
            }
        }
    }

    fn write(&mut self, steps: &[Step]) -> Result<(), JournalError> {
        if let Some(error) = &self.failed {
            return Err(error.clone());
        }
        let written = self.store.take(steps);
        match &written {
            Ok(()) => {
                self.flushes.fetch_add(1, Ordering::Relaxed);
            }
            Err(error) => self.failed = Some(error.clone()),
        }
        written
    }
}
