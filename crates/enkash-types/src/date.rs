//! Dates that the merchant sends, each in the one form that its page documents.
//!
//! Those that EnKash sends come in several forms and are [`DateTime`](crate::DateTime).

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
