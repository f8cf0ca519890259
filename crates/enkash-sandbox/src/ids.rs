//! Ids and tokens, minted in the shapes that were seen at EnKash.

use std::fmt::Write as _;

use enkash_types::gateway::{OrderId, TransactionId};
use serde::{Deserialize, Serialize};

use crate::time::Moment;

/// Mints ids. The same seed gives the same ids, in the same order.
#[derive(Serialize, Deserialize)]
pub(crate) struct Ids {
    seed: u64,
    count: u64,
}

const LETTERS_AND_DIGITS: &[u8; 62] =
    b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

impl Ids {
    pub(crate) fn new(seed: u64) -> Self {
        Self {
            seed: scrambled(seed),
            count: 0,
        }
    }

    /// `ORD`, 13 digits of the clock, 5 letters or digits.
    pub(crate) fn order(&mut self, now: Moment) -> OrderId {
        OrderId::new(self.timed("ORD", now))
    }

    /// `EK`, 13 digits of the clock, 5 letters or digits.
    pub(crate) fn transaction(&mut self, now: Moment) -> TransactionId {
        TransactionId::new(self.timed("EK", now))
    }

    /// The other id of a payment: `EK`, 5 digits, 4 capital letters.
    pub(crate) fn unique_transaction(&mut self) -> String {
        let mut rest = self.next(100_000 * 26 * 26 * 26 * 26);
        let mut id = format!("EK{:05}", rest % 100_000);
        rest /= 100_000;
        for _ in 0..4 {
            id.push(char::from(LETTERS_AND_DIGITS[10 + (rest % 26) as usize]));
            rest /= 26;
        }
        id
    }

    /// An id of another kind: these letters, 13 digits of the clock, 5 letters or digits. Of what
    /// EnKash calls by an id whose shape was not seen, it is ours.
    pub(crate) fn other(&mut self, prefix: &str, now: Moment) -> String {
        self.timed(prefix, now)
    }

    /// What a bank calls a payment: 12 digits, as long as the reference number of a UPI payment.
    pub(crate) fn bank_reference(&mut self) -> String {
        format!("{:012}", self.next(1_000_000_000_000))
    }

    /// A token: what it is for, then 32 hexadecimal digits.
    pub(crate) fn token(&mut self, of: &str) -> String {
        self.count += 1;
        let high = scrambled(self.seed.wrapping_add(self.count));
        let low = scrambled(!high);
        format!("sandbox-{of}-{high:016x}{low:016x}")
    }

    fn timed(&mut self, prefix: &str, now: Moment) -> String {
        let mut id = String::with_capacity(prefix.len() + 18);
        id.push_str(prefix);
        // Writing to a text cannot fail.
        let _ = write!(id, "{:013}", now.millis());
        let mut rest = self.next(62 * 62 * 62 * 62 * 62);
        for _ in 0..5 {
            id.push(char::from(LETTERS_AND_DIGITS[(rest % 62) as usize]));
            rest /= 62;
        }
        id
    }

    /// The next of so many values. It walks through all of them before one comes again: the step
    /// has no factor in common with any number of values that is asked for here.
    fn next(&mut self, values: u64) -> u64 {
        const STEP: u128 = 387_420_489; // 3^18
        self.count += 1;
        let at = u128::from(self.seed) + u128::from(self.count) * STEP;
        (at % u128::from(values)) as u64
    }
}

/// Spreads a number over all 64 bits (the finisher of SplitMix64); no two give the same.
pub(crate) fn scrambled(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_of_one_moment_differ_and_have_the_seen_shape() {
        let now = Moment::default().after(std::time::Duration::from_millis(1_784_195_236_818));
        let mut ids = Ids::new(7);
        let mut seen = HashSet::new();
        for _ in 0..10_000 {
            let order = ids.order(now).to_string();
            assert!(order.starts_with("ORD1784195236818"), "{order}");
            assert_eq!(order.len(), 21);
            assert!(order.bytes().all(|b| b.is_ascii_alphanumeric()));
            let unique = ids.unique_transaction();
            assert_eq!(unique.len(), 11);
            for id in [order, unique, ids.bank_reference(), ids.token("x")] {
                assert!(seen.insert(id));
            }
        }
    }

    #[test]
    fn a_seed_repeats_a_run() {
        let mint = |seed| {
            let mut ids = Ids::new(seed);
            (ids.token("x"), ids.order(Moment::default()))
        };
        assert_eq!(mint(1), mint(1));
        assert_ne!(mint(1), mint(2));
    }
}
