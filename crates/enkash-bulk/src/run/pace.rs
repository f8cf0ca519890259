//! How fast requests leave.

use std::pin::pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use enkash_api::transport::Clock;
use futures_util::future::select;
use tokio::sync::Notify;

/// Lets requests leave one after the other, no more in a second than was said, and waits where
/// EnKash says that they are too many.
///
/// It is a bucket of one token: what was not used is not saved up. After a wait one request leaves
/// alone, and the others follow once EnKash took it.
pub(super) struct Pace {
    /// The time between two requests; none is no limit.
    between: Duration,
    /// Who holds it is the next; the others wait in line.
    turn: tokio::sync::Mutex<()>,
    course: Mutex<Course>,
    /// After a wait something was answered.
    went_on: Notify,
}

/// A request left. Of two that left together a refusal counts once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Left {
    /// How often everything had been held by then.
    holds: u64,
}

#[derive(Default)]
struct Course {
    /// When a request left last.
    left: Option<SystemTime>,
    /// How often everything was held.
    holds: u64,
    /// How often in a row it was.
    held: u32,
    /// Until when it is, or was last.
    until: Option<SystemTime>,
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
            turn: tokio::sync::Mutex::default(),
            course: Mutex::default(),
            went_on: Notify::new(),
        }
    }

    fn course(&self) -> MutexGuard<'_, Course> {
        self.course.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends when a request may leave, or soon after none is to leave any more.
    pub(super) async fn wait(&self, clock: &dyn Clock, is_over: impl Fn() -> bool) -> Left {
        let _turn = self.turn.lock().await;
        loop {
            let went_on = self.went_on.notified();
            let left = self.course().left(clock.now(), self.between);
            if left.is_zero() || is_over() {
                break;
            }
            select(clock.sleep(left.min(SLICE)), pin!(went_on)).await;
        }
        let mut course = self.course();
        course.left = Some(clock.now());
        Left {
            holds: course.holds,
        }
    }

    /// Nothing leaves for a while: a second, and longer from time to time. Gives how long; none where
    /// everything was held since this request left.
    pub(super) fn hold(&self, clock: &dyn Clock, left: Left) -> Option<Duration> {
        let mut course = self.course();
        if left.holds < course.holds {
            return None;
        }
        course.holds += 1;
        course.held = course.held.saturating_add(1);
        let this_long = length(course.held);
        course.until = Some(clock.now() + this_long);
        Some(this_long)
    }

    /// EnKash answered something else than to wait.
    pub(super) fn goes_on(&self, left: Left) {
        let mut course = self.course();
        if left.holds == course.holds && course.held > 0 {
            course.held = 0;
            self.went_on.notify_waiters();
        }
    }
}

impl Course {
    /// How long it is until the next request may leave.
    fn left(&mut self, now: SystemTime, between: Duration) -> Duration {
        // A clock that was set back does not hold the run up for longer than planned.
        self.left = self.left.map(|left| left.min(now));
        self.until = self.until.map(|until| until.min(now + LONGEST));
        let between = match self.held {
            0 => between,
            held => between.max(length(held)),
        };
        let next = self.left.map(|left| left + between);
        let until_then = |time: Option<SystemTime>| {
            time.and_then(|time| time.duration_since(now).ok())
                .unwrap_or_default()
        };
        until_then(next).max(until_then(self.until))
    }
}

/// How long everything is held when it is held so often in a row.
fn length(held: u32) -> Duration {
    let doubled = 1_u32.checked_shl(held.saturating_sub(1));
    Duration::from_secs(doubled.unwrap_or(u32::MAX).into()).min(LONGEST)
}

/// The longest time for which everything is held.
const LONGEST: Duration = Duration::from_secs(32);

/// Whoever waits looks up so often.
pub(super) const SLICE: Duration = Duration::from_secs(1);

#[cfg(test)]
mod tests {
    use std::future::Future as _;
    use std::task::{Context, Poll, Waker};

    use enkash_api::transport::ManualClock;

    use super::*;

    /// Those of so many that may leave at once.
    fn leaving(pace: &Pace, clock: &ManualClock, tries: u32) -> Vec<Left> {
        let mut context = Context::from_waker(Waker::noop());
        let mut all = Vec::new();
        for _ in 0..tries {
            if let Poll::Ready(left) = pin!(pace.wait(clock, || false)).poll(&mut context) {
                all.push(left);
            }
        }
        all
    }

    #[test]
    fn no_more_leave_than_was_said_and_none_are_saved_up() {
        let (pace, clock) = (Pace::new(Some(4.0)), ManualClock::new());
        assert_eq!(leaving(&pace, &clock, 10).len(), 1);
        clock.advance(Duration::from_millis(249));
        assert_eq!(leaving(&pace, &clock, 10).len(), 0);
        clock.advance(Duration::from_millis(1));
        assert_eq!(leaving(&pace, &clock, 10).len(), 1);
        clock.advance(Duration::from_secs(3600));
        assert_eq!(leaving(&pace, &clock, 10).len(), 1);
    }

    #[test]
    fn without_a_limit_nothing_waits_unless_it_is_held() {
        let (pace, clock) = (Pace::new(None), ManualClock::new());
        let mut left = leaving(&pace, &clock, 8);
        assert_eq!(left.len(), 8);
        let first = left[0];
        for seconds in [1, 2, 4, 8, 16, 32, 32] {
            // Those that left together are refused together.
            let held = left.iter().filter_map(|left| pace.hold(&clock, *left));
            let held: Vec<_> = held.collect();
            assert_eq!(held, [Duration::from_secs(seconds)]);
            // One that left with them was answered otherwise.
            pace.goes_on(first);
            clock.advance(Duration::from_millis(seconds * 1000 - 1));
            assert_eq!(leaving(&pace, &clock, 10).len(), 0, "{seconds}");
            clock.advance(Duration::from_millis(1));
            left = leaving(&pace, &clock, 10);
            assert_eq!(left.len(), 1, "one goes first");
        }
        // It is not waited for longer than that.
        clock.advance(Duration::from_secs(32));
        assert_eq!(leaving(&pace, &clock, 10).len(), 1);
        pace.goes_on(left[0]);
        assert_eq!(leaving(&pace, &clock, 10).len(), 10);
        assert_eq!(pace.hold(&clock, left[0]), Some(Duration::from_secs(1)));
    }
}
