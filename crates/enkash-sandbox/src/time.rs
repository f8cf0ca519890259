//! Dates as EnKash writes them.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;

/// ISO 8601, as EnKash's schemas have it: `2026-04-01T10:00:00.000+00:00`.
pub(crate) fn iso(time: SystemTime) -> String {
    written(time, "%Y-%m-%dT%H:%M:%S%.3f+00:00")
}

/// `yyyy-MM-dd HH:mm:ss` without a zone, as it was seen on a return address. There the ids of the
/// same payment, which hold a time since 1970, show that it is Indian time.
pub(crate) fn indian(time: SystemTime) -> String {
    const AHEAD_OF_UTC: Duration = Duration::from_secs(5 * 60 * 60 + 30 * 60);
    written(time + AHEAD_OF_UTC, "%Y-%m-%d %H:%M:%S")
}

fn written(time: SystemTime, form: &str) -> String {
    // A time outside of jiff's years -9999 to 9999 has no date to write.
    Timestamp::try_from(time).map_or_else(|_| String::new(), |time| time.strftime(form).to_string())
}

/// Milliseconds since 1970; 0 for a time before.
pub(crate) fn millis(time: SystemTime) -> i64 {
    let since = time.duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_the_forms_that_were_seen() {
        // The order id of the example in the contract, ORD1787584522462ck78p.
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_787_584_522_462);
        assert_eq!(iso(time), "2026-08-24T15:15:22.462+00:00");
        assert_eq!(indian(time), "2026-08-24 20:45:22");
        assert_eq!(millis(time), 1_787_584_522_462);
    }
}
