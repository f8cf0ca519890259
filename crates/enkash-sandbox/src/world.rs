//! What all parts of a sandbox share.

use std::io;
use std::ops::{Deref, DerefMut};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use enkash_crypto::PayloadKey;
use enkash_transport::{BaseUrl, Clock as _};
use tokio::sync::{Notify, watch};

use crate::agenda;
use crate::config::Config;
use crate::router::Router;
use crate::state::{Moved, State};
use crate::store::Store;
use crate::time::Moment;
use crate::webhooks::Post;

/// One sandbox.
///
/// Calls lock [`State`] for as long as they look something up or change it, and never across an
/// `await`.
pub(crate) struct World {
    pub(crate) config: Config,
    /// Where it listens.
    pub(crate) url: BaseUrl,
    /// Opens and seals bodies.
    pub(crate) key: PayloadKey,
    pub(crate) router: Router,
    memory: Mutex<Memory>,
    /// Why nothing can be written any more, and what to do.
    broken: OnceLock<String>,
    changes: watch::Sender<()>,
    stopping: watch::Sender<bool>,
    /// Wakes the background.
    wake: Notify,
}

struct Memory {
    state: State,
    place: Place,
    /// When the background wakes by itself.
    planned: Option<Moment>,
}

/// Where the state is kept.
enum Place {
    /// Nowhere else.
    Memory,
    File(Box<Store>),
    /// It was in a file, and the sandbox was stopped.
    Closed,
}

impl World {
    /// A sandbox, in which nothing has happened but what is in its file.
    pub(crate) fn new(config: Config, url: BaseUrl) -> io::Result<Self> {
        let mut state = State::new(config.seed, config.clock.now().into());
        state.charge = config.charge;
        let place = match &config.data {
            None => Place::Memory,
            Some(path) => {
                let store = Store::open(path)?;
                store.load(&mut state.parts())?;
                state.plan().map_err(|what| store.damaged(what))?;
                config.clock.catch_up(state.moved.0);
                Place::File(Box::new(store))
            }
        };
        let world = Self {
            key: PayloadKey::from_client_secret(config.credentials.client_secret.expose()),
            router: Router::new(),
            memory: Mutex::new(Memory {
                state,
                place,
                planned: None,
            }),
            broken: OnceLock::new(),
            changes: watch::Sender::new(()),
            stopping: watch::Sender::new(false),
            wake: Notify::new(),
            config,
            url,
        };
        // A file that can be read and not be written is told of now, and not at the first call.
        drop(world.state());
        match world.broken() {
            Some(broken) => Err(io::Error::other(broken)),
            None => Ok(world),
        }
    }

    /// Locks the state, in which all that is due by now has been done. When the lock is let go,
    /// what changed is in the file, and whoever waits for a change looks.
    pub(crate) fn state(&self) -> Guard<'_> {
        let mut memory = self.memory.lock().unwrap_or_else(PoisonError::into_inner);
        let state = &mut memory.state;
        let clock = &self.config.clock;
        let moved = Moved(clock.moved_by());
        let is_moved = *state.moved != moved;
        if is_moved {
            *state.moved = moved;
        }
        let changed = agenda::catch_up(state, clock.now().into()) || is_moved;
        Guard {
            world: self,
            memory,
            changed,
            unsaved: false,
        }
    }

    /// Why the sandbox answers nothing any more, if it does not.
    pub(crate) fn broken(&self) -> Option<&str> {
        self.broken.get().map(String::as_str)
    }

    /// Sees each change from now on.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.changes.subscribe()
    }

    /// Ends once `look` finds something; it looks again after each change.
    pub(crate) async fn wait_for<T>(&self, mut look: impl FnMut() -> Option<T>) -> T {
        let mut changes = self.changes();
        loop {
            if let Some(found) = look() {
                return found;
            }
            // `self` holds the sender, so this does not fail.
            let _ = changes.changed().await;
        }
    }

    /// Lets go of all that waits: no more connections, deliveries or slow answers.
    pub(crate) fn stop(&self) {
        self.stopping.send_replace(true);
    }

    /// Ends when the sandbox is stopped.
    pub(crate) async fn stopped(&self) {
        let mut stopping = self.stopping.subscribe();
        let _ = stopping.wait_for(|stopping| *stopping).await;
    }

    /// Ends when the background has something to do.
    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Writes what is not written and lets go of the file, so that another sandbox can have it.
    pub(crate) fn close(&self) {
        let mut state = self.state();
        state.save();
        if let Place::File(_) = state.memory.place {
            state.memory.place = Place::Closed;
        }
    }
}

/// The state, locked.
pub(crate) struct Guard<'a> {
    world: &'a World,
    memory: MutexGuard<'a, Memory>,
    changed: bool,
    unsaved: bool,
}

impl Guard<'_> {
    /// Leaves what is changed under this lock to be written with the next change: for what
    /// nobody is told of before that.
    pub(crate) fn leave_unsaved(&mut self) {
        self.unsaved = true;
    }

    /// What the background is to post now.
    pub(crate) fn take_due_webhooks(&mut self) -> Vec<Post> {
        self.memory.state.webhooks.take_due()
    }

    /// When the background has to look again, unless it is woken before.
    pub(crate) fn plan_until_next(&mut self) -> Option<Moment> {
        let next = self.memory.state.agenda.next();
        self.memory.planned = next;
        next
    }

    fn save(&mut self) {
        let Memory { state, place, .. } = &mut *self.memory;
        let saved = match place {
            Place::Memory => return,
            Place::Closed => Err("the sandbox was stopped".to_owned()),
            Place::File(store) => store.save(&mut state.parts()).map_err(|error| {
                format!(
                    "the sandbox answers nothing any more, since what it did last could not be \
                     written: {error}; see to that and start it again, it goes on from the call before"
                )
            }),
        };
        if let Err(error) = saved {
            let _ = self.world.broken.set(error);
        }
    }
}

impl Deref for Guard<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        &self.memory.state
    }
}

impl DerefMut for Guard<'_> {
    fn deref_mut(&mut self) -> &mut State {
        self.changed = true;
        &mut self.memory.state
    }
}

impl Drop for Guard<'_> {
    fn drop(&mut self) {
        if !self.unsaved {
            self.save();
        }
        let Memory { state, planned, .. } = &*self.memory;
        let is_earlier = match (state.agenda.next(), planned) {
            (Some(next), Some(planned)) => next < *planned,
            (next, None) => next.is_some(),
            (None, Some(_)) => false,
        };
        if is_earlier || state.webhooks.are_due() {
            self.world.wake.notify_one();
        }
        // Whoever waits counts himself in before he looks, for which he has to lock the state: he
        // sees this change, or is seen here.
        if self.changed && self.world.changes.receiver_count() > 0 {
            self.world.changes.send_replace(());
        }
    }
}
