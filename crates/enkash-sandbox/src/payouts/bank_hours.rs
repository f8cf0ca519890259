//! When a transfer reaches the payee's bank.
//!
//! NEFT settles in batches, in the hours that *Payout Methods* gives; that there is one each half
//! hour is how NEFT works, and not in the page. The hours of RTGS were not read: they are the
//! sandbox's own. Bank holidays are not known to it.

use enkash_types::payouts::TransferMode;
use jiff::civil::{Date, Time, Weekday, time};

use crate::time::Moment;

/// The first and the last batch of NEFT.
const NEFT: (Time, Time) = (time(1, 0, 0, 0), time(18, 45, 0, 0));
/// From when until when RTGS is open.
const RTGS: (Time, Time) = (time(7, 0, 0, 0), time(18, 0, 0, 0));

/// When a transfer arrives that leaves now; `None` for one that does at once.
pub(crate) fn arrival(mode: &TransferMode, now: Moment) -> Option<Moment> {
    let indian = now.in_india()?;
    let (today, clock) = (indian.date(), indian.time());
    let (begins, next) = match mode {
        TransferMode::Neft => (NEFT.0, next_batch(clock)),
        TransferMode::Rtgs if is_working_day(today) && (RTGS.0..RTGS.1).contains(&clock) => {
            return None;
        }
        TransferMode::Rtgs => (RTGS.0, (clock < RTGS.0).then_some(RTGS.0)),
        _ => return None,
    };
    let today_at = next.filter(|_| is_working_day(today));
    let at = match today_at {
        Some(at) => today.to_datetime(at),
        None => next_working_day(today)?.to_datetime(begins),
    };
    Moment::of_india(at)
}

/// The next batch of NEFT on a working day after a time, if there is one: each half hour from the
/// first on, and the last.
fn next_batch(clock: Time) -> Option<Time> {
    let (first, last) = NEFT;
    let half_hours = (2 * clock.hour()) + clock.minute() / 30 + 1;
    let next = Time::new(half_hours / 2, half_hours % 2 * 30, 0, 0).ok()?;
    (clock < last).then(|| next.clamp(first, last))
}

/// Monday to Saturday, but for the second and the fourth Saturday of a month.
fn is_working_day(day: Date) -> bool {
    match day.weekday() {
        Weekday::Sunday => false,
        Weekday::Saturday => !matches!(day.day(), 8..=14 | 22..=28),
        _ => true,
    }
}

fn next_working_day(day: Date) -> Option<Date> {
    // No week is without one, so this ends.
    let mut day = day.tomorrow().ok()?;
    while !is_working_day(day) {
        day = day.tomorrow().ok()?;
    }
    Some(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// When a transfer arrives that leaves when Indian clocks show this.
    fn arrives(mode: &TransferMode, at: &str) -> String {
        let now = Moment::of_india(at.parse().unwrap()).unwrap();
        let arrives = arrival(mode, now);
        let shown = arrives.map(|at| {
            at.in_india()
                .unwrap()
                .strftime("%a %d %H:%M:%S")
                .to_string()
        });
        shown.unwrap_or_else(|| "at once".to_owned())
    }

    #[test]
    fn neft_goes_with_the_next_half_hour_of_its_hours() {
        // November 2026 begins on a Sunday.
        for (leaves, reaches) in [
            ("2026-11-02T00:00:00", "Mon 02 01:00:00"),
            ("2026-11-02T00:59:59.999", "Mon 02 01:00:00"),
            ("2026-11-02T01:00:00", "Mon 02 01:30:00"),
            ("2026-11-02T10:29:59.999", "Mon 02 10:30:00"),
            ("2026-11-02T10:30:00", "Mon 02 11:00:00"),
            ("2026-11-02T18:29:00", "Mon 02 18:30:00"),
            ("2026-11-02T18:30:00", "Mon 02 18:45:00"),
            ("2026-11-02T18:45:00", "Tue 03 01:00:00"),
            ("2026-11-02T23:59:59.999", "Tue 03 01:00:00"),
        ] {
            assert_eq!(arrives(&TransferMode::Neft, leaves), reaches, "{leaves}");
        }
    }

    #[test]
    fn neft_rests_on_sundays_and_on_the_second_and_fourth_saturday() {
        for (leaves, reaches) in [
            ("2026-11-01T12:00:00", "Mon 02 01:00:00"),
            ("2026-11-07T12:10:00", "Sat 07 12:30:00"),
            ("2026-11-07T19:00:00", "Mon 09 01:00:00"),
            ("2026-11-13T19:00:00", "Mon 16 01:00:00"),
            ("2026-11-14T12:00:00", "Mon 16 01:00:00"),
            ("2026-11-21T12:10:00", "Sat 21 12:30:00"),
            ("2026-11-28T00:10:00", "Mon 30 01:00:00"),
            // A fifth Saturday is a working day, and a year ends like a day.
            ("2027-01-30T12:10:00", "Sat 30 12:30:00"),
            ("2026-12-31T20:00:00", "Fri 01 01:00:00"),
        ] {
            assert_eq!(arrives(&TransferMode::Neft, leaves), reaches, "{leaves}");
        }
    }

    #[test]
    fn rtgs_is_at_once_while_it_is_open() {
        for (leaves, reaches) in [
            ("2026-11-02T06:59:59.999", "Mon 02 07:00:00"),
            ("2026-11-02T07:00:00", "at once"),
            ("2026-11-02T17:59:59.999", "at once"),
            ("2026-11-02T18:00:00", "Tue 03 07:00:00"),
            ("2026-11-14T12:00:00", "Mon 16 07:00:00"),
        ] {
            assert_eq!(arrives(&TransferMode::Rtgs, leaves), reaches, "{leaves}");
        }
    }

    #[test]
    fn imps_and_upi_are_at_once_at_any_time() {
        for mode in [TransferMode::Imps, TransferMode::Upi] {
            assert_eq!(arrives(&mode, "2026-11-14T03:00:00"), "at once");
        }
    }
}
