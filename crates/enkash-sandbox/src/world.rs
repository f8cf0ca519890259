//! The state of a sandbox, and what all of its parts share.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use enkash_crypto::PayloadKey;
use enkash_transport::{BaseUrl, Clock as _};
use tokio::runtime::Handle;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::clock::FURTHEST;
use crate::config::Config;
use crate::faults::Faults;
use crate::gateway::orders::Orders;
use crate::ids::Ids;
use crate::log::Log;
use crate::oauth::User;
use crate::router::Router;
use crate::time::millis;
use crate::tokens::Tokens;
use crate::webhooks::Webhooks;

/// One sandbox.
///
/// Calls lock [`State`] for as long as they look something up or change it, and never across an
/// `await`. Whatever changes, [`World::changed`] is told.
pub(crate) struct World {
    pub(crate) config: Config,
    /// Where it listens.
    pub(crate) url: BaseUrl,
    /// Opens and seals bodies.
    pub(crate) key: PayloadKey,
    pub(crate) router: Router,
    /// Notifications on their way.
    pub(crate) deliveries: Mutex<JoinSet<()>>,
    pub(crate) runtime: Handle,
    state: Mutex<State>,
    changes: watch::Sender<()>,
    stopping: watch::Sender<bool>,
}

/// All that a sandbox remembers.
pub(crate) struct State {
    pub(crate) ids: Ids,
    pub(crate) tokens: Tokens,
    pub(crate) user: User,
    pub(crate) orders: Orders,
    pub(crate) webhooks: Webhooks,
    pub(crate) faults: Faults,
    pub(crate) log: Log,
}

impl World {
    /// A sandbox in which nothing has happened.
    pub(crate) fn new(config: Config, url: BaseUrl, runtime: Handle) -> Self {
        // Two runs by a clock that goes do not give out the same tokens.
        let ids = Ids::new(config.seed ^ millis(config.clock.now()).unsigned_abs().rotate_left(32));
        Self {
            key: PayloadKey::from_client_secret(config.credentials.client_secret.expose()),
            router: Router::new(),
            deliveries: Mutex::default(),
            runtime,
            state: Mutex::new(State {
                ids,
                tokens: Tokens::default(),
                user: User::default(),
                orders: Orders::default(),
                webhooks: Webhooks::default(),
                faults: Faults::default(),
                log: Log::default(),
            }),
            changes: watch::Sender::new(()),
            stopping: watch::Sender::new(false),
            config,
            url,
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.config.clock.now()
    }

    /// The time, and the end of a life that begins now.
    pub(crate) fn now_and_after(&self, life: Duration) -> (SystemTime, SystemTime) {
        let now = self.now();
        (now, now + life.min(FURTHEST))
    }

    /// Tells whoever waits for something that it may have come.
    pub(crate) fn changed(&self) {
        self.changes.send_replace(());
    }

    /// Ends once `look` finds something; it looks again after each change.
    pub(crate) async fn wait_for<T>(&self, mut look: impl FnMut() -> Option<T>) -> T {
        let mut changes = self.changes.subscribe();
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
        self.deliveries
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .abort_all();
    }

    pub(crate) fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    /// Ends when the sandbox is stopped.
    pub(crate) async fn stopped(&self) {
        let mut stopping = self.stopping.subscribe();
        let _ = stopping.wait_for(|stopping| *stopping).await;
    }
}
