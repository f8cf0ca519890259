//! The sandbox's time, which can be moved on.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use enkash_transport::{BoxFuture, Clock, ManualClock, TokioClock};
use tokio::sync::watch;

/// A clock that can be moved on: another clock, and how far it was moved.
///
/// Clones show the same time. It is a [`Clock`], so a client can go by it as well.
#[derive(Clone)]
pub struct SandboxClock {
    base: Arc<dyn Clock>,
    moved: Arc<watch::Sender<Duration>>,
}

/// The furthest that a clock can be moved, all moves together: a hundred years.
pub(crate) const FURTHEST: Duration = Duration::from_secs(100 * 365 * 24 * 60 * 60);

impl SandboxClock {
    /// The machine's time.
    #[must_use]
    pub fn real() -> Self {
        Self::over(TokioClock)
    }

    /// A clock that stands at the start of 2026 until it is moved; for tests.
    #[must_use]
    pub fn manual() -> Self {
        Self::over(ManualClock::new())
    }

    /// The time of another clock.
    pub fn over(base: impl Clock) -> Self {
        Self {
            base: Arc::new(base),
            moved: Arc::new(watch::Sender::new(Duration::ZERO)),
        }
    }

    /// Moves the clock on and wakes whoever sleeps. It stops at a hundred years in all.
    pub fn advance(&self, duration: Duration) {
        self.moved
            .send_modify(|moved| *moved = moved.saturating_add(duration).min(FURTHEST));
    }

    /// Moves the clock on until it was moved this far, if it was not already.
    pub(crate) fn catch_up(&self, moved: Duration) {
        self.moved
            .send_modify(|so_far| *so_far = moved.min(FURTHEST).max(*so_far));
    }

    /// How far the clock was moved.
    #[must_use]
    pub fn moved_by(&self) -> Duration {
        *self.moved.borrow()
    }

    /// Ends when the clock shows this time or a later one.
    pub(crate) fn sleep_until(&self, end: SystemTime) -> BoxFuture<'static, ()> {
        let clock = self.clone();
        let mut moves = self.moved.subscribe();
        Box::pin(async move {
            // A move between the look and the wait is not missed: `moves` has not seen it.
            while let Ok(left) = end.duration_since(clock.now())
                && !left.is_zero()
            {
                tokio::select! {
                    () = clock.base.sleep(left) => {}
                    // Its sender is held by `clock`, so it does not end.
                    _ = moves.changed() => {}
                }
            }
        })
    }
}

impl Clock for SandboxClock {
    fn now(&self) -> SystemTime {
        self.base.now() + self.moved_by()
    }

    fn sleep(&self, duration: Duration) -> BoxFuture<'static, ()> {
        self.sleep_until(self.now() + duration.min(FURTHEST))
    }
}

impl fmt::Debug for SandboxClock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxClock")
            .field("now", &self.now())
            .field("moved_by", &self.moved_by())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_sleeper_wakes_whichever_clock_is_moved() {
        let base = ManualClock::new();
        let clock = SandboxClock::over(base.clone());
        let start = clock.now();
        let moves = async {
            base.advance(Duration::from_secs(4));
            clock.advance(Duration::from_secs(5));
            assert_eq!(clock.now(), start + Duration::from_secs(9));
            clock.advance(Duration::from_secs(1));
        };
        tokio::join!(clock.sleep(Duration::from_secs(10)), moves);
        assert_eq!(clock.moved_by(), Duration::from_secs(6));
    }

    #[tokio::test]
    async fn the_machines_clock_can_be_moved_as_well() {
        let clock = SandboxClock::real();
        let day = Duration::from_secs(86_400);
        let sleep = clock.sleep(day);
        clock.clone().advance(2 * day);
        sleep.await;
        assert!(clock.now() >= SystemTime::now() + day);
    }

    #[test]
    fn a_clock_ends_somewhere() {
        let clock = SandboxClock::manual();
        clock.advance(Duration::MAX);
        clock.advance(Duration::MAX);
        assert_eq!(clock.moved_by(), FURTHEST);
    }
}
