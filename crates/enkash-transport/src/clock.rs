//! Time, as a thing that a host brings.

use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, SystemTime};

use crate::transport::{BoxFuture, MaybeSend};

/// What time it is, and how to wait.
pub trait Clock: MaybeSend + 'static {
    /// The time of day.
    fn now(&self) -> SystemTime;

    /// Ends after this long.
    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()>;
}

impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> SystemTime {
        (**self).now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        (**self).sleep(duration)
    }
}

/// The system's time, with Tokio's timer. Sleeping needs a Tokio runtime.
#[cfg(feature = "tokio")]
#[derive(Debug, Clone, Copy, Default)]
pub struct TokioClock;

#[cfg(feature = "tokio")]
impl Clock for TokioClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// A clock that stands until it is moved; for tests.
///
/// Clones show the same time.
///
/// ```
/// use std::time::Duration;
/// use enkash_transport::{Clock, ManualClock};
///
/// let clock = ManualClock::new();
/// let start = clock.now();
/// clock.advance(Duration::from_secs(60));
/// assert_eq!(clock.now(), start + Duration::from_secs(60));
/// ```
#[derive(Debug, Clone, Default)]
pub struct ManualClock {
    state: Arc<Mutex<ManualState>>,
}

#[derive(Debug)]
struct ManualState {
    now: SystemTime,
    sleepers: Vec<Waker>,
}

impl Default for ManualState {
    fn default() -> Self {
        // 2026-01-01 00:00 UTC; any time would do, as long as runs agree on it.
        Self {
            now: SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600),
            sleepers: Vec::new(),
        }
    }
}

impl ManualClock {
    /// A clock at the start of 2026.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Moves the clock on and wakes whoever sleeps.
    pub fn advance(&self, duration: Duration) {
        let sleepers = {
            let mut state = self.lock();
            state.now += duration;
            std::mem::take(&mut state.sleepers)
        };
        for sleeper in sleepers {
            sleeper.wake();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, ManualState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for ManualClock {
    fn now(&self) -> SystemTime {
        self.lock().now
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        let clock = self.clone();
        let end = clock.now() + duration;
        Box::pin(std::future::poll_fn(move |context| {
            let mut state = clock.lock();
            if state.now >= end {
                Poll::Ready(())
            } else {
                state.sleepers.push(context.waker().clone());
                Poll::Pending
            }
        }))
    }
}
