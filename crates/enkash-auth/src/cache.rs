//! One cache for every provider: who gets which token, who asks EnKash, who waits.
//!
//! - The current token stands in a cell that is read without a lock.
//! - There is at most one request, a flight. Its future is shared: every caller that waits for it
//!   can drive it, so none of them is needed for it to go on, and no task runs in the background.
//! - When the token lives and is due for a refresh, each caller that passes by begins the flight
//!   or polls it once, and leaves with the live token. The one that sees it land stores the new
//!   token.
//! - What is remembered of troubles is a [`Pause`]. It stands beside the flight behind a mutex
//!   that is held for a few instructions, and never while anything is polled.

use std::fmt;
use std::future::poll_fn;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError};
use std::task::Poll;
use std::time::{Duration, SystemTime};

use arc_swap::{ArcSwap, ArcSwapOption};
use enkash_transport::{BoxFuture, Clock, Failure, MaybeSend, Sent, TransportError};
use futures_util::FutureExt as _;
use futures_util::future::Shared;
use tracing::Instrument as _;

use crate::ask::{Fresh, Trouble};
use crate::timing::{self, ASSUMED_LIFE, Jitter};
use crate::token::Held;
use crate::{AuthError, Cause, Token, Unavailable};

/// Where the tokens of one set of credentials come from.
pub(crate) trait Source: MaybeSend + 'static {
    /// What its tokens are called in logs.
    fn name(&self) -> &'static str;

    /// Asks for a new token, once.
    fn fetch(self: Arc<Self>) -> BoxFuture<'static, Result<Fresh, Trouble>>;
}

/// The cache of a provider.
pub(crate) struct Cache {
    clock: Arc<dyn Clock>,
    seed: u64,
    /// New credentials are a new keeper: nothing of the old ones is left, neither token nor
    /// refusal, and a request that is still under way lands where nobody looks.
    keeper: ArcSwap<Keeper>,
}

impl Cache {
    pub(crate) fn new(clock: Arc<dyn Clock>, source: impl Source) -> Self {
        Self::seeded(clock, Arc::new(source), Jitter::random_seed())
    }

    pub(crate) fn with_seed(self, seed: u64) -> Self {
        let source = Arc::clone(&self.keeper.load().source);
        Self::seeded(self.clock, source, seed)
    }

    fn seeded(clock: Arc<dyn Clock>, source: Arc<dyn Source>, seed: u64) -> Self {
        let keeper = ArcSwap::from_pointee(Keeper::new(Arc::clone(&clock), source, seed));
        Self {
            clock,
            seed,
            keeper,
        }
    }

    pub(crate) fn replace(&self, source: impl Source) {
        let keeper = Keeper::new(Arc::clone(&self.clock), Arc::new(source), self.seed);
        self.keeper.store(Arc::new(keeper));
    }

    pub(crate) fn live(&self) -> Option<Token> {
        let keeper = self.keeper.load();
        let current = keeper.current.load();
        let held = current.as_ref()?;
        held.is_fresh_at(keeper.clock.now())
            .then(|| Token(Arc::clone(held)))
    }

    pub(crate) async fn token(&self) -> Result<Token, AuthError> {
        loop {
            let keeper = self.keeper.load_full();
            let result = keeper.token().await;
            // Unless the credentials were changed while it waited.
            if Arc::ptr_eq(&keeper, &self.keeper.load()) {
                return result;
            }
        }
    }

    pub(crate) fn refreshing(&self) -> Option<BoxFuture<'static, ()>> {
        let flight = self.keeper.load().lock().flight.as_ref()?.shared.clone();
        Some(Box::pin(flight.map(drop)))
    }

    pub(crate) fn reject(&self, token: &Token) {
        self.keeper.load().reject(token);
    }
}

impl fmt::Debug for Cache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cache")
            .field("current", &self.keeper.load().current())
            .finish_non_exhaustive()
    }
}

/// Keeps the token of one set of credentials.
struct Keeper {
    clock: Arc<dyn Clock>,
    source: Arc<dyn Source>,
    jitter: Jitter,
    /// Written with the state locked, read without.
    current: ArcSwapOption<Held>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    flight: Option<Flight>,
    pause: Option<Pause>,
    /// Requests in a row that failed.
    failures: u32,
    /// Tokens in a row that were refused as soon as they were used.
    rejections: u32,
}

type SharedFlight = Shared<BoxFuture<'static, Landing>>;

/// A request that is under way.
struct Flight {
    shared: SharedFlight,
    /// One clone here and one with each caller that waits.
    waiters: Arc<()>,
    /// It was under way, nobody waited for it, and then somebody came. In between nobody need have
    /// driven it, so that it fails may only mean that its time ran out meanwhile.
    adopted: bool,
}

/// What came of a flight.
#[derive(Clone)]
enum Landing {
    Ended(Result<Token, AuthError>),
    /// It says nothing to who waits now: ask again.
    Stale,
}

/// A time in which EnKash is not asked, and why.
struct Pause {
    error: AuthError,
    from: SystemTime,
    /// `None`: until the credentials change.
    until: Option<SystemTime>,
    /// Whether somebody waited for what failed. If not, callers that have no token make one
    /// attempt of their own.
    waited_for: bool,
}

impl Pause {
    fn holds_at(&self, now: SystemTime) -> bool {
        // A clock that was set back must not make it longer.
        self.until
            .is_none_or(|until| self.from <= now && now < until)
    }
}

/// Where a caller without a token stands.
enum Joined {
    Found(Token),
    Waits {
        flight: SharedFlight,
        /// Counts the caller as one who waits, until it is dropped.
        waiter: Arc<()>,
    },
}

/// A token that is refused this soon after it was asked for was never good.
const REFUSED_AT_ONCE: Duration = Duration::from_secs(10);
/// So many of those in a row are replaced at once; after that there are pauses in between.
const REPLACED_AT_ONCE: u32 = 2;

impl Keeper {
    fn new(clock: Arc<dyn Clock>, source: Arc<dyn Source>, seed: u64) -> Self {
        Self {
            clock,
            source,
            jitter: Jitter::new(seed),
            current: ArcSwapOption::empty(),
            state: Mutex::default(),
        }
    }

    async fn token(self: &Arc<Self>) -> Result<Token, AuthError> {
        loop {
            let now = self.clock.now();
            if let Some(token) = self.current().filter(|token| token.lives_at(now)) {
                if token.0.is_fresh_at(now) {
                    return Ok(token);
                }
                self.move_refresh_on(now).await;
                return Ok(self.current().unwrap_or(token));
            }
            match self.join()? {
                Joined::Found(token) => return Ok(token),
                Joined::Waits { flight, waiter } => {
                    let landing = flight.await;
                    drop(waiter);
                    if let Landing::Ended(result) = landing {
                        return result;
                    }
                }
            }
        }
    }

    /// Begins the refresh or polls it once.
    async fn move_refresh_on(self: &Arc<Self>, now: SystemTime) {
        let Some(mut flight) = self.refresh(now) else {
            return;
        };
        poll_fn(|context| {
            // Its landing is in the state by now, if it landed.
            let _ = flight.poll_unpin(context);
            Poll::Ready(())
        })
        .await;
    }

    /// The refresh that is under way, or a new one if it is time for that.
    fn refresh(self: &Arc<Self>, now: SystemTime) -> Option<SharedFlight> {
        let mut state = match self.state.try_lock() {
            Ok(state) => state,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            // Somebody else is at it.
            Err(TryLockError::WouldBlock) => return None,
        };
        if state.flight.is_none() {
            // It may have landed since the caller looked.
            let is_due = (self.current()).is_some_and(|token| !token.0.is_fresh_at(now));
            let is_paused = (state.pause.as_ref()).is_some_and(|pause| pause.holds_at(now));
            if !is_due || is_paused {
                return None;
            }
        }
        let flight = state.flight.get_or_insert_with(|| self.depart());
        Some(flight.shared.clone())
    }

    fn join(self: &Arc<Self>) -> Result<Joined, AuthError> {
        let state = &mut *self.lock();
        let now = self.clock.now();
        // It may have landed since the caller looked.
        if let Some(token) = self.current().filter(|token| token.lives_at(now)) {
            return Ok(Joined::Found(token));
        }
        let flight = match &mut state.flight {
            Some(flight) => {
                flight.adopted |= Arc::strong_count(&flight.waiters) == 1;
                flight
            }
            none => match &state.pause {
                Some(pause) if pause.waited_for && pause.holds_at(now) => {
                    return Err(pause.error.clone());
                }
                _ => none.insert(self.depart()),
            },
        };
        Ok(Joined::Waits {
            flight: flight.shared.clone(),
            waiter: Arc::clone(&flight.waiters),
        })
    }

    /// Begins a flight; nothing is sent before it is polled.
    fn depart(self: &Arc<Self>) -> Flight {
        // Not an `Arc`: the state holds the flight.
        let keeper = Arc::downgrade(self);
        // A shared future that panicked would panic for every later caller.
        let fetched = AssertUnwindSafe(Arc::clone(&self.source).fetch()).catch_unwind();
        let flight = async move {
            let outcome = fetched.await.unwrap_or_else(|_| Err(panicked()));
            match keeper.upgrade() {
                Some(keeper) => keeper.land(outcome),
                None => Landing::Stale,
            }
        };
        let name = self.source.name();
        let flight: BoxFuture<'static, Landing> = Box::pin(async move {
            // A span of its own: the flight belongs to every caller, not to the one that began it.
            let span = tracing::info_span!(parent: None, "token request", of = name);
            flight.instrument(span).await
        });
        Flight {
            shared: flight.shared(),
            waiters: Arc::new(()),
            adopted: false,
        }
    }

    /// Runs once per flight, at the end of its future.
    fn land(&self, outcome: Result<Fresh, Trouble>) -> Landing {
        let landing = self.settle(outcome);
        match &landing {
            Landing::Ended(Ok(_)) => tracing::info!("EnKash gave a new token"),
            Landing::Ended(Err(error)) => tracing::warn!(%error, "there is no new token"),
            Landing::Stale => tracing::debug!("a token request was left alone for too long"),
        }
        landing
    }

    fn settle(&self, outcome: Result<Fresh, Trouble>) -> Landing {
        let state = &mut *self.lock();
        let now = self.clock.now();
        let Some(flight) = state.flight.take() else {
            return Landing::Stale;
        };
        let (error, until) = match outcome {
            Ok(fresh) => {
                let token = self.token_of(fresh, now);
                if flight.adopted && !token.lives_at(now) {
                    return Landing::Stale;
                }
                if self.current.swap(Some(Arc::clone(&token.0))).is_some() {
                    // The one before was not refused, which ends the row.
                    state.rejections = 0;
                }
                state.pause = None;
                state.failures = 0;
                return Landing::Ended(Ok(token));
            }
            Err(Trouble::Passing(error)) => return Landing::Ended(Err(error)),
            Err(Trouble::Refused(answer)) => (AuthError::Refused(answer), None),
            Err(Trouble::Failed(_)) if flight.adopted => return Landing::Stale,
            Err(Trouble::Failed(cause)) => {
                let retry_at = now + timing::pause(state.failures, self.jitter.next());
                state.failures = state.failures.saturating_add(1);
                let unavailable = Unavailable { cause, retry_at };
                (AuthError::Unavailable(unavailable), Some(retry_at))
            }
        };
        state.pause = Some(Pause {
            error: error.clone(),
            from: now,
            until,
            waited_for: until.is_none() || Arc::strong_count(&flight.waiters) > 1,
        });
        Landing::Ended(Err(error))
    }

    fn token_of(&self, fresh: Fresh, now: SystemTime) -> Token {
        let expires_at = fresh.expires_at.unwrap_or(now + ASSUMED_LIFE);
        Token(Arc::new(Held {
            secret: fresh.secret,
            since: fresh.since,
            refresh_at: timing::refresh_at(fresh.since, expires_at, self.jitter.next()),
            expires_at,
        }))
    }

    fn reject(&self, token: &Token) {
        if self.drop_current(token) {
            tracing::info!(of = self.source.name(), "EnKash refused the token");
        }
    }

    /// Whether it was the current one.
    fn drop_current(&self, token: &Token) -> bool {
        let state = &mut *self.lock();
        if !self.current().is_some_and(|current| current.same_as(token)) {
            return false;
        }
        self.current.store(None);
        let now = self.clock.now();
        let age = now.duration_since(token.0.since).unwrap_or_default();
        if age >= REFUSED_AT_ONCE {
            state.rejections = 0;
            return true;
        }
        state.rejections = state.rejections.saturating_add(1);
        let is_paused =
            (state.pause.as_ref()).is_some_and(|pause| pause.waited_for && pause.holds_at(now));
        if state.rejections > REPLACED_AT_ONCE && !is_paused {
            let pauses_before = state.rejections - REPLACED_AT_ONCE - 1;
            let retry_at = now + timing::pause(pauses_before, self.jitter.next());
            state.pause = Some(Pause {
                error: AuthError::TokensRefused { retry_at },
                from: now,
                until: Some(retry_at),
                waited_for: true,
            });
        }
        true
    }
}

impl Keeper {
    fn current(&self) -> Option<Token> {
        self.current.load_full().map(Token)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn panicked() -> Trouble {
    let error = TransportError::new(Failure::Connection, Sent::Maybe)
        .because("the transport or the seal panicked");
    Trouble::Failed(Cause::Transport(Arc::new(error)))
}
