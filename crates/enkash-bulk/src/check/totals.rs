//! How much the rows come to.

use enkash_api::types::Rupees;
use enkash_api::types::payouts::{CreateTransfer, TransferMode};
use rust_decimal::Decimal;
use serde::Serialize;

/// So many rows, and what they come to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Total {
    /// How many rows.
    pub rows: u64,
    /// Their amounts together.
    pub rupees: Rupees,
}

impl Total {
    /// Adds one more row, of this amount, as [`plus`](Self::plus) does.
    pub fn add(&mut self, amount: Rupees) {
        *self = self.plus(Self::of(amount));
    }

    /// These rows and those.
    ///
    /// Where their rupees come to more than can be held, the rows are counted and the rupees stay what
    /// they were. Rows that [`check`](super::check) found right never come to that.
    #[must_use]
    pub fn plus(self, more: Self) -> Self {
        self.checked_plus(more).unwrap_or(Self {
            rows: self.rows + more.rows,
            rupees: self.rupees,
        })
    }

    /// One row of this amount.
    pub(crate) fn of(amount: Rupees) -> Self {
        Self {
            rows: 1,
            rupees: amount,
        }
    }

    /// These rows and those; nothing if the sum cannot be held.
    fn checked_plus(self, more: Self) -> Option<Self> {
        Some(Self {
            rows: self.rows + more.rows,
            rupees: self.rupees.checked_add(more.rupees)?,
        })
    }

    /// Takes one row off again.
    pub(crate) fn take_off(&mut self, amount: Rupees) {
        self.rows = self.rows.saturating_sub(1);
        self.rupees = self.rupees.checked_sub(amount).unwrap_or(self.rupees);
    }
}

/// What the rows that can be paid come to, by mode and together.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Totals([Total; TransferMode::DOCUMENTED.len()]);

impl Totals {
    /// All of them.
    #[must_use]
    pub fn all(&self) -> Total {
        // `check` has made sure that the sum can be held.
        self.checked_all().unwrap_or_default()
    }

    /// All of them; nothing if the sum is too large to be held.
    pub(super) fn checked_all(&self) -> Option<Total> {
        let mut totals = self.0.iter();
        totals.try_fold(Total::default(), |all, total| all.checked_plus(*total))
    }

    /// Those of each mode that has any, in the order of the documentation.
    pub fn by_mode(&self) -> impl Iterator<Item = (&'static TransferMode, Total)> {
        let modes = TransferMode::DOCUMENTED.iter().zip(self.0);
        modes.filter(|(_, total)| total.rows > 0)
    }

    /// Adds one transfer, and says what it added; nothing if the sum can no longer be held.
    pub(super) fn add(&mut self, transfer: &CreateTransfer) -> Option<Share> {
        let mut modes = TransferMode::DOCUMENTED.iter();
        let mode = modes.position(|mode| *mode == transfer.transfer_mode)?;
        let total = self.0.get_mut(mode)?;
        *total = total.checked_plus(Total::of(transfer.transfer_amount))?;
        Share::new(transfer.transfer_amount, mode)
    }

    /// Takes one off again.
    pub(super) fn take_off(&mut self, share: Share) {
        let (rupees, mode) = share.parts();
        if let Some(total) = self.0.get_mut(mode) {
            total.take_off(rupees);
        }
    }
}

/// What one row adds to the totals, in a number that is kept until it is known whether it is at odds
/// with another row. Zero is the share of a row that was refused already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Share(pub(super) u64);

impl Share {
    pub(super) const NONE: Self = Self(0);

    /// Fifteen digits are 50 bits, their scale is 4 and the mode is 2.
    fn new(rupees: Rupees, mode: usize) -> Option<Self> {
        let sum = rupees.decimal();
        let digits = u64::try_from(sum.mantissa()).ok()?;
        let mode = u64::try_from(mode).ok()?;
        Some(Self(digits << 6 | u64::from(sum.scale()) << 2 | mode))
    }

    fn parts(self) -> (Rupees, usize) {
        let sum = Decimal::from_i128_with_scale((self.0 >> 6).into(), (self.0 >> 2 & 0xF) as u32);
        (Rupees::new(sum).unwrap_or_default(), (self.0 & 3) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_taken_off_to_the_paisa() {
        for amount in [
            "1",
            "1.01",
            "0.99",
            "9999999999999.99",
            "999999999999999",
            "100",
            "0.000000000000001",
        ] {
            for mode in TransferMode::DOCUMENTED {
                let transfer =
                    CreateTransfer::new("A1", amount.parse().unwrap(), mode.clone(), "P1");
                let mut totals = Totals::default();
                let share = totals.add(&transfer).unwrap();
                assert_ne!(share, Share::NONE);
                assert_eq!(totals.all().rupees, transfer.transfer_amount);
                totals.take_off(share);
                assert_eq!(totals, Totals::default(), "{amount} {mode}");
            }
        }
    }
}
