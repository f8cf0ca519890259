//! Dates that the merchant sends, each in the one form that its page documents.
//!
//! Those that EnKash sends come in several forms and are [`DateTime`](crate::DateTime).

use std::time::{SystemTime, UNIX_EPOCH};

use crate::text::shown_text;
use crate::valid::Broken;

shown_text! {
    /// A day, written `yyyy-MM-dd`.
    ///
    /// ```
    /// use enkash_types::Date;
    ///
    /// assert!("2026-04-01".parse::<Date>().is_ok());
    /// assert!("01-04-2026".parse::<Date>().is_err());
    /// ```
    Date,
    check: |text| if is_date(text) {
        Ok(())
    } else {
        Err(Broken("must be a day, like 2026-04-01"))
    },
    schema: {"type": "string", "format": "date"}
}

shown_text! {
    /// A moment with its time zone, as RFC 3339 writes it: `2026-04-01T10:00:00+05:30`.
    ///
    /// ```
    /// use enkash_types::Timestamp;
    ///
    /// assert!("2026-04-01T04:30:00Z".parse::<Timestamp>().is_ok());
    /// assert!("2026-04-01 10:00:00".parse::<Timestamp>().is_err());
    /// ```
    Timestamp,
    check: |text| if is_timestamp(text) {
        Ok(())
    } else {
        Err(Broken("must be a time with its zone, like 2026-04-01T10:00:00+05:30"))
    },
    schema: {"type": "string", "format": "date-time"}
}

/// The moment to the second, in India's time: whoever leaves the zone away is right there.
///
/// ```
/// use std::time::{Duration, UNIX_EPOCH};
/// use enkash_types::Timestamp;
///
/// let leap_day = UNIX_EPOCH + Duration::from_secs(1_709_231_400);
/// assert_eq!(Timestamp::from(leap_day).as_str(), "2024-03-01T00:00:00+05:30");
/// ```
impl From<SystemTime> for Timestamp {
    fn from(moment: SystemTime) -> Self {
        const INDIA: u64 = (5 * 60 + 30) * 60;
        // Before 1970 there was no EnKash.
        let since = moment.duration_since(UNIX_EPOCH).unwrap_or_default();
        let seconds = since.as_secs().saturating_add(INDIA);
        let (year, month, day) = day_of(seconds / 86_400);
        let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
        Self::new(format!(
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}+05:30"
        ))
    }
}

/// Year, month and day of the day that is so many days after the first of January 1970.
fn day_of(days: u64) -> (u64, u64, u64) {
    // Counted from the first of March of the year 0, so that a leap day ends a year; 400 years have
    // 146,097 days. This is Howard Hinnant's `civil_from_days`.
    let days = days.saturating_add(719_468);
    let (era, day) = (days / 146_097, days % 146_097);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (era * 400 + year + u64::from(month <= 2), month, day)
}

shown_text! {
    /// A date and time without a zone, written `yyyy-MM-dd HH:mm:ss`. Which zone EnKash takes it
    /// for is not documented.
    ///
    /// ```
    /// use enkash_types::LocalDateTime;
    ///
    /// assert!("2026-06-01 23:59:59".parse::<LocalDateTime>().is_ok());
    /// assert!("2026-06-01T23:59:59Z".parse::<LocalDateTime>().is_err());
    /// ```
    LocalDateTime,
    check: |text| if is_date_and_time(text, b' ') {
        Ok(())
    } else {
        Err(Broken("must be a date and time, like 2026-06-01 23:59:59"))
    },
    schema: {
        "type": "string",
        "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01]) ([01][0-9]|2[0-3])(:[0-5][0-9]){2}$"
    }
}

fn is_date(text: &str) -> bool {
    match text.as_bytes() {
        [y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] => {
            [y1, y2, y3, y4].into_iter().all(u8::is_ascii_digit)
                && is_from_to(1, 12, *m1, *m2)
                && is_from_to(1, 31, *d1, *d2)
        }
        _ => false,
    }
}

/// A date and a time of the day to the second, with this sign between the two.
fn is_date_and_time(text: &str, between: u8) -> bool {
    match text.split_at_checked(10) {
        Some((date, rest)) => match rest.as_bytes() {
            [sign, h1, h2, b':', m1, m2, b':', s1, s2] => {
                is_date(date)
                    && *sign == between
                    && is_from_to(0, 23, *h1, *h2)
                    && is_from_to(0, 59, *m1, *m2)
                    && is_from_to(0, 59, *s1, *s2)
            }
            _ => false,
        },
        None => false,
    }
}

fn is_timestamp(text: &str) -> bool {
    let Some((to_the_second, rest)) = text.split_at_checked(19) else {
        return false;
    };
    let zone = match rest.strip_prefix('.') {
        Some(rest) => {
            let zone = rest.trim_start_matches(|c: char| c.is_ascii_digit());
            if zone.len() == rest.len() {
                return false;
            }
            zone
        }
        None => rest,
    };
    let is_zone = match zone.as_bytes() {
        b"Z" => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => {
            is_from_to(0, 23, *h1, *h2) && is_from_to(0, 59, *m1, *m2)
        }
        _ => false,
    };
    is_zone && is_date_and_time(to_the_second, b'T')
}

/// Whether two digits make a number from one to another.
fn is_from_to(least: u8, most: u8, tens: u8, ones: u8) -> bool {
    tens.is_ascii_digit()
        && ones.is_ascii_digit()
        && (least..=most).contains(&((tens - b'0') * 10 + (ones - b'0')))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_moment_is_written_in_indias_time() {
        for (seconds, text) in [
            (0, "1970-01-01T05:30:00+05:30"),
            (951_762_599, "2000-02-28T23:59:59+05:30"),
            (951_762_600, "2000-02-29T00:00:00+05:30"),
            (1_767_205_799, "2025-12-31T23:59:59+05:30"),
            (1_767_205_800, "2026-01-01T00:00:00+05:30"),
            (4_107_522_600, "2100-03-01T00:00:00+05:30"),
        ] {
            let moment = Timestamp::from(UNIX_EPOCH + Duration::from_secs(seconds));
            assert_eq!(moment.as_str(), text);
            assert!(moment.check().is_ok());
        }
    }
}
