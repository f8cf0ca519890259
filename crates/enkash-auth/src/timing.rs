//! When a token is refreshed, and how long a failure is rested on.

use std::hash::{BuildHasher as _, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

/// The life of a token of which EnKash does not say it, or says a time that is over: 5 minutes,
/// the shortest life that any page names (rewards, *User Authentication*).
pub const ASSUMED_LIFE: Duration = Duration::from_secs(5 * 60);

/// A refresh begins when a tenth of the life is left, and at most 5 minutes ahead; the random
/// part brings it forward by up to as much again.
const PART: u32 = 10;
const LONGEST_MARGIN: Duration = Duration::from_secs(5 * 60);

/// The first pause after a failure; each further one is twice as long, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(60);

/// When to ask for the next token.
///
/// The margin is a part of the life that is left. So a server that gives out the old token again,
/// with less and less of its life, is asked a few times and not on every call.
pub(crate) fn refresh_at(since: SystemTime, expires_at: SystemTime, jitter: f64) -> SystemTime {
    let life = expires_at.duration_since(since).unwrap_or_default();
    let margin = (life / PART).min(LONGEST_MARGIN);
    expires_at
        .checked_sub(margin + margin.mul_f64(jitter))
        .unwrap_or(expires_at)
}

/// How long to rest after a failure that so many others in a row came before: between half and the
/// whole of 1 s, 2 s, 4 s … 60 s.
pub(crate) fn pause(failures_before: u32, jitter: f64) -> Duration {
    let whole = FIRST_PAUSE
        .saturating_mul(2_u32.saturating_pow(failures_before))
        .min(LONGEST_PAUSE);
    whole / 2 + (whole / 2).mul_f64(jitter)
}

/// The random part of times, so that many processes do not ask at the same moment. It is spread,
/// not secret.
#[derive(Debug)]
pub(crate) struct Jitter(AtomicU64);

impl Jitter {
    pub(crate) fn new(seed: u64) -> Self {
        Self(AtomicU64::new(seed))
    }

    pub(crate) fn random_seed() -> u64 {
        RandomState::new().hash_one(0)
    }

    /// At least 0 and less than 1. (SplitMix64.)
    pub(crate) fn next(&self) -> f64 {
        const STEP: u64 = 0x9E37_79B9_7F4A_7C15;
        let mut z = self.0.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^= z >> 31;
        // The 53 bits that `f64` holds exactly.
        (z >> 11) as f64 / (1_u64 << 53) as f64
    }
}
