//! When a call is tried again.

use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use enkash_transport::wire::Refusal;
use enkash_transport::{Failure, Sent, TransportError};
use enkash_types::Replay;

use crate::error::counts_as;

/// How often and how patiently a failed call is tried again.
///
/// *Whether* it may be tried again is not a matter of taste and cannot be set: what surely did
/// not leave may, what only reads may, and what moves money never may once it can have arrived. The
/// one exception are transfers, which EnKash takes once by their id
/// (`enkash_api::payouts::Transfers`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RetryPolicy {
    /// How often a call is sent in all, the first time included. 3. A call whose token was refused
    /// is sent once more in any case, with a new one.
    pub attempts: u32,
    /// The longest wait before the second time; it doubles from time to time. 200 ms.
    pub first_wait: Duration,
    /// The longest wait there is. 5 s.
    pub longest_wait: Duration,
    /// The wait before EnKash is asked for a transfer whose answer was lost; it doubles from time
    /// to time. 1 s. The longer it is, the surer has the first request arrived by then, or never
    /// will.
    pub settle_wait: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            attempts: 3,
            first_wait: Duration::from_millis(200),
            longest_wait: Duration::from_secs(5),
            settle_wait: Duration::from_secs(1),
        }
    }
}

impl RetryPolicy {
    /// No call that failed is sent again.
    #[must_use]
    pub fn never() -> Self {
        Self {
            attempts: 1,
            ..Self::default()
        }
    }

    /// The wait before another try after `made` tries, or `None` where it was the last.
    pub(crate) fn wait(&self, made: u32) -> Option<Duration> {
        let longest = self.doubled(self.first_wait, made)?;
        // A random share of it, so that clients that failed together do not come back together.
        let share = RandomState::new().hash_one(made) as u32;
        Some(longest.mul_f64(f64::from(share) / f64::from(u32::MAX)))
    }

    /// The wait before EnKash is asked again for what was `sent` so often, or `None` where it was
    /// the last time. What this call has not sent need not be waited for.
    #[cfg(feature = "payouts")]
    pub(crate) fn wait_to_settle(&self, sent: u32) -> Option<Duration> {
        match sent {
            0 => Some(Duration::ZERO),
            sent => self.doubled(self.settle_wait, sent),
        }
    }

    /// The wait after `made` tries, if there may be another.
    fn doubled(&self, first: Duration, made: u32) -> Option<Duration> {
        if made >= self.attempts {
            return None;
        }
        let doubled = 1_u32
            .checked_shl(made.saturating_sub(1))
            .unwrap_or(u32::MAX);
        Some(
            first
                .saturating_mul(doubled)
                .min(self.longest_wait.max(first)),
        )
    }
}

/// What a failed attempt allows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It may be sent again.
    TryAgain,
    /// It failed, and that is all.
    Failed,
    /// EnKash may have done it.
    Unknown,
}

/// What may be done after no answer came.
pub(crate) fn after_no_answer(replay: Replay, error: &TransportError) -> Verdict {
    match (error.sent(), replay) {
        // It would be as large again.
        (Sent::Maybe, Replay::Safe) if error.failure() == Failure::BodyTooLarge => Verdict::Failed,
        (Sent::No, _) | (Sent::Maybe, Replay::Safe) => Verdict::TryAgain,
        // Where a call is documented that finds what the merchant's id names, the facade asks it
        // now (`reconcile.rs`).
        (Sent::Maybe, Replay::ByMerchantId(_) | Replay::Never) => Verdict::Unknown,
    }
}

/// What may be done after an answer that is a refusal.
pub(crate) fn after_refusal(replay: Replay, sealed: bool, refusal: &Refusal) -> Verdict {
    match replay {
        Replay::Safe if matches!(counts_as(refusal), 429 | 502 | 503 | 504) => Verdict::TryAgain,
        Replay::Safe => Verdict::Failed,
        Replay::ByMerchantId(_) | Replay::Never if is_proof(sealed, refusal) => Verdict::Failed,
        Replay::ByMerchantId(_) | Replay::Never => Verdict::Unknown,
    }
}

/// Whether a refusal says that nothing was done. It is taken at its word, unless it is not about the
/// request.
fn is_proof(sealed: bool, refusal: &Refusal) -> bool {
    let is_doubtful = |code| match code {
        // One of the two documented meanings of it is that the answer could not be encrypted. That is
        // of payouts, whose calls are the sealed ones.
        403 => sealed,
        // About the answer, or the time that it took; and a server that broke down may have done so
        // after it acted.
        406 | 408 | 500..=599 => true,
        _ => false,
    };
    // Whether what is documented is the HTTP status or the code in the envelope, is not.
    if is_doubtful(refusal.status.into()) || refusal.code.is_some_and(is_doubtful) {
        return false;
    }
    match refusal.status {
        400..=499 => true,
        // Payouts have a table of codes: what is not in it may mean anything. 1 is that of a failed call,
        // and 117 of a refused token. Elsewhere hardly any code is documented.
        200..=299 => !sealed || matches!(refusal.code, Some(1 | 117 | 400..=499)),
        // A redirect, which is not followed, may lead to what came of the call.
        _ => false,
    }
}

/// What may be done after an answer that cannot be read.
pub(crate) fn after_unreadable(replay: Replay) -> Verdict {
    match replay {
        Replay::Safe => Verdict::Failed,
        Replay::ByMerchantId(_) | Replay::Never => Verdict::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn money_is_never_sent_twice() {
        let no_answer =
            |replay, sent| after_no_answer(replay, &TransportError::new(Failure::Connect, sent));
        for replay in [Replay::ByMerchantId("orderId"), Replay::Never] {
            assert_eq!(no_answer(replay, Sent::No), Verdict::TryAgain);
            assert_eq!(no_answer(replay, Sent::Maybe), Verdict::Unknown);
            assert_eq!(after_unreadable(replay), Verdict::Unknown);
            for sealed in [false, true] {
                let refused =
                    |status, code| after_refusal(replay, sealed, &Refusal::new(status, code, ""));
                for status in 100..1000 {
                    // A refusal proves that nothing was done only if it is one of the request: 4xx, or
                    // a code in a 2xx.
                    let by_status = match status {
                        403 if sealed => Verdict::Unknown,
                        406 | 408 => Verdict::Unknown,
                        200..=299 | 400..=499 => Verdict::Failed,
                        _ => Verdict::Unknown,
                    };
                    assert_eq!(refused(status, Some(1)), by_status, "{status}");
                    // As its HTTP status.
                    if (400..600).contains(&status) {
                        assert_eq!(refused(200, Some(status.into())), by_status, "{status}");
                        assert_eq!(refused(status, None), by_status, "{status}");
                    }
                }
                let not_encrypted = match sealed {
                    true => Verdict::Unknown,
                    false => Verdict::Failed,
                };
                assert_eq!(refused(400, Some(403)), not_encrypted);
                assert_eq!(refused(400, Some(500)), Verdict::Unknown);
                assert_eq!(refused(200, Some(117)), Verdict::Failed);
                // A code that means nothing to anybody, where there is a table of codes.
                let other = match sealed {
                    true => Verdict::Unknown,
                    false => Verdict::Failed,
                };
                for code in [-1, 2, 156, 202, 301, 600] {
                    assert_eq!(refused(200, Some(code)), other, "{code}");
                }
            }
        }
    }

    #[test]
    fn what_is_too_large_is_not_read_again() {
        let too_large = |replay| {
            let error = TransportError::new(Failure::BodyTooLarge, Sent::Maybe);
            after_no_answer(replay, &error)
        };
        assert_eq!(too_large(Replay::Safe), Verdict::Failed);
        assert_eq!(too_large(Replay::Never), Verdict::Unknown);
    }

    #[test]
    fn waits_double_up_to_the_longest_and_end() {
        let policy = RetryPolicy {
            attempts: 40,
            ..RetryPolicy::default()
        };
        for made in 1..40 {
            let wait = policy.wait(made).unwrap();
            let longest = Duration::from_millis(200 << (made - 1).min(5));
            assert!(
                wait <= longest.min(Duration::from_secs(5)),
                "{made}: {wait:?}"
            );
        }
        assert_eq!(policy.wait(40), None);
        assert_eq!(RetryPolicy::never().wait(1), None);
    }
}
