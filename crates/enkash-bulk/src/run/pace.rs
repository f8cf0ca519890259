//! How fast requests leave.

use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime};

use enkash_api::transport::Clock;
use tokio::sync::Mutex;

/// Lets requests leave one after the other, no more in a second than was said, and waits where
/// EnKash says that they are too many.
///
/// It is a bucket of one token: what was not used is not saved up, so that EnKash never sees a
/// burst.
pub(super) struct Pace {
    /// The time between two requests; none is no limit.
    between: Duration,
    /// When the next may leave. Who holds it is the next; the others wait in line.
    next: Mutex<Option<SystemTime>>,
    /// How often in a row everything had to be held.
    held: AtomicU32,
}

impl Pace {
    /// So many requests a second.
    pub(super) fn new(a_second: Option<f64>) -> Self {
        let between = a_second
            .filter(|rate| *rate > 0.0)
            .and_then(|rate| Duration::try_from_secs_f64(1.0 / rate).ok())
            .unwrap_or_default();
        Self {
            between,
            next: Mutex::new(None),
            held: AtomicU32::new(0),
        }
    }

    /// Ends when a request may leave.
    pub(super) async fn wait(&self, clock: &dyn Clock) {
        let mut next = self.next.lock().await;
        if let Some(at) = *next
            && let Ok(left) = at.duration_since(clock.now())
            && !left.is_zero()
        {
            // A clock that was set back does not hold the run up for longer than planned.
            clock.sleep(left.min(self.longest_wait())).await;
        }
        *next = (!self.between.is_zero()).then(|| clock.now() + self.between);
    }

    /// Nothing leaves for a while: a second, and longer from time to time. Gives how long.
    pub(super) async fn hold(&self, clock: &dyn Clock) -> Duration {
        let held = self.held.fetch_add(1, Ordering::Relaxed);
        let this_long = Duration::from_secs(1 << held.min(LONGEST_DOUBLED));
        let mut next = self.next.lock().await;
        *next = Some(clock.now() + this_long);
        this_long
    }

    /// Something got through.
    pub(super) fn goes_on(&self) {
        self.held.store(0, Ordering::Relaxed);
    }

    fn longest_wait(&self) -> Duration {
        self.between.max(Duration::from_secs(1 << LONGEST_DOUBLED))
    }
}

/// One second doubled so often is the longest time for which everything is held: 32 seconds.
const LONGEST_DOUBLED: u32 = 5;

#[cfg(test)]
mod tests {
    use std::future::Future as _;
    use std::pin::pin;
    use std::task::{Context, Waker};

    use enkash_api::transport::ManualClock;

    use super::*;

    /// How many of these may leave at once.
    fn leaving(pace: &Pace, clock: &ManualClock, tries: u32) -> u32 {
        let mut context = Context::from_waker(Waker::noop());
        let mut left = 0;
        for _ in 0..tries {
            left += u32::from(pin!(pace.wait(clock)).poll(&mut context).is_ready());
        }
        left
    }

    #[test]
    fn no_more_leave_than_was_said_and_none_are_saved_up() {
        let (pace, clock) = (Pace::new(Some(4.0)), ManualClock::new());
        assert_eq!(leaving(&pace, &clock, 10), 1);
        clock.advance(Duration::from_millis(249));
        assert_eq!(leaving(&pace, &clock, 10), 0);
        clock.advance(Duration::from_millis(1));
        assert_eq!(leaving(&pace, &clock, 10), 1);
        clock.advance(Duration::from_secs(3600));
        assert_eq!(leaving(&pace, &clock, 10), 1);
    }

    #[test]
    fn without_a_limit_nothing_waits_unless_it_is_held() {
        let (pace, clock) = (Pace::new(None), ManualClock::new());
        assert_eq!(leaving(&pace, &clock, 10), 10);
        let mut context = Context::from_waker(Waker::noop());
        for seconds in [1, 2, 4, 8, 16, 32, 32] {
            assert!(pin!(pace.hold(&clock)).poll(&mut context).is_ready());
            clock.advance(Duration::from_millis(seconds * 1000 - 1));
            assert_eq!(leaving(&pace, &clock, 10), 0, "{seconds}");
            clock.advance(Duration::from_millis(1));
            assert_eq!(leaving(&pace, &clock, 10), 10, "{seconds}");
        }
        pace.goes_on();
        assert!(pin!(pace.hold(&clock)).poll(&mut context).is_ready());
        clock.advance(Duration::from_secs(1));
        assert_eq!(leaving(&pace, &clock, 1), 1);
    }
}
