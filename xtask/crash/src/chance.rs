//! What is left to chance, by a seed: the same seed gives the same.

/// SplitMix64: small, and good enough to draw rows and moments.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 where that is 0.
    pub(crate) fn below(&mut self, end: u64) -> u64 {
        let drawn = u128::from(self.next()) * u128::from(end);
        // The upper half of the product is below `end`.
        (drawn >> 64) as u64
    }

    /// One of them.
    pub(crate) fn one_of<'a, T>(&mut self, all: &'a [T; 4]) -> &'a T {
        let [a, b, c, d] = all;
        match self.below(4) {
            0 => a,
            1 => b,
            2 => c,
            _ => d,
        }
    }
}
