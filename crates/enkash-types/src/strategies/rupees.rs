//! Money.

use std::ops::RangeInclusive;

use proptest::prelude::*;
use proptest::sample::select;
use rust_decimal::Decimal;

use super::{InvalidValues, ValidValues};
use crate::Rupees;

/// 9,999,999,999,999.99 rupees.
const MOST_PAISE: i64 = 999_999_999_999_999;

/// Sums that can be paid: 0.01 to 9,999,999,999,999.99 rupees.
impl ValidValues for Rupees {
    fn valid() -> BoxedStrategy<Self> {
        let paise = prop_oneof![
            4 => 1..=1_000_000_i64,
            1 => (1..=MOST_PAISE / 100).prop_map(|rupees| rupees * 100),
            2 => 1..=MOST_PAISE,
            1 => select(&[1, 2, 10, 99, 100, 101, 100_000_000_000_000, MOST_PAISE - 1, MOST_PAISE][..]),
        ];
        sum(paise, 2..=2)
    }
}

/// Sums that cannot be paid: nothing, less than nothing, or a fraction of a paisa.
impl InvalidValues for Rupees {
    fn invalid() -> BoxedStrategy<Self> {
        // Numbers whose last digit is no zero keep all of their decimals.
        let not_round = |most: i64| (0..most, 1..=9_i64).prop_map(|(tens, ones)| tens * 10 + ones);
        prop_oneof![
            Just(Self::ZERO),
            sum(-MOST_PAISE..=-1, 2..=2),
            sum(not_round(1), 3..=15),
            sum(not_round(1_000_000), 3..=4),
            sum(not_round(MOST_PAISE / 10), 3..=15),
        ]
        .boxed()
    }
}

/// Sums of so many decimals; the last digits are those of the number.
fn sum(
    digits: impl Strategy<Value = i64> + 'static,
    decimals: RangeInclusive<u32>,
) -> BoxedStrategy<Rupees> {
    (digits, decimals)
        .prop_filter_map("it has too many digits", |(digits, decimals)| {
            Rupees::new(Decimal::new(digits, decimals)).ok()
        })
        .boxed()
}

/// Sums as they stand in answers: nothing too, and up to four decimals.
pub(super) fn stated_sum() -> BoxedStrategy<Rupees> {
    prop_oneof![
        Just(Rupees::ZERO),
        Rupees::valid(),
        sum(0..=10_000_000_i64, 4..=4)
    ]
    .boxed()
}
