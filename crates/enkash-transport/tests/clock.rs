//! A clock that stands until it is moved.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use enkash_transport::{BoxFuture, Clock, ManualClock};

const SECOND: Duration = Duration::from_secs(1);

fn poll(sleep: &mut BoxFuture<'static, ()>) -> Poll<()> {
    sleep.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

#[test]
fn a_sleep_ends_when_the_clock_is_moved_past_its_end() {
    let clock = ManualClock::new();
    let mut sleep = clock.sleep(3 * SECOND);
    assert_eq!(poll(&mut sleep), Poll::Pending);
    clock.advance(2 * SECOND);
    assert_eq!(poll(&mut sleep), Poll::Pending);
    clock.advance(SECOND - Duration::from_nanos(1));
    assert_eq!(poll(&mut sleep), Poll::Pending);
    clock.advance(Duration::from_nanos(1));
    assert_eq!(poll(&mut sleep), Poll::Ready(()));
}

#[test]
fn a_sleep_is_counted_from_when_it_was_asked_for() {
    let clock = ManualClock::new();
    let mut early = clock.sleep(2 * SECOND);
    clock.advance(SECOND);
    let mut late = clock.sleep(2 * SECOND);
    // The first poll comes after the end of the first sleep.
    clock.advance(SECOND);
    assert_eq!(poll(&mut early), Poll::Ready(()));
    assert_eq!(poll(&mut late), Poll::Pending);
    assert_eq!(poll(&mut clock.sleep(Duration::ZERO)), Poll::Ready(()));
}

#[test]
fn whoever_sleeps_is_woken() {
    #[derive(Default)]
    struct Count(AtomicUsize);
    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }

    let clock = ManualClock::new();
    let counts: [Arc<Count>; 2] = Default::default();
    let mut sleeps = [clock.sleep(SECOND), clock.sleep(SECOND)];
    for (sleep, count) in sleeps.iter_mut().zip(&counts) {
        let waker = Waker::from(Arc::clone(count));
        assert_eq!(
            sleep.as_mut().poll(&mut Context::from_waker(&waker)),
            Poll::Pending
        );
    }
    clock.advance(SECOND);
    for (sleep, count) in sleeps.iter_mut().zip(&counts) {
        assert_eq!(count.0.load(Ordering::SeqCst), 1);
        assert_eq!(poll(sleep), Poll::Ready(()));
    }
}

#[test]
fn clones_show_one_time() {
    let clock = ManualClock::new();
    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    assert_eq!(
        clock.now(),
        ManualClock::new().now(),
        "every run starts alike"
    );

    let mut sleep = shared.sleep(SECOND);
    assert_eq!(poll(&mut sleep), Poll::Pending);
    clock.clone().advance(SECOND);
    assert_eq!(shared.now(), clock.now());
    assert_eq!(shared.now(), ManualClock::new().now() + SECOND);
    assert_eq!(poll(&mut sleep), Poll::Ready(()));
}
