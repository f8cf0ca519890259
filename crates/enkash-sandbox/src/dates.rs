//! The times that a merchant sends, read.

use std::time::SystemTime;

use enkash_types::{Date, LocalDateTime, Timestamp};
use jiff::civil;

use crate::router::Instead;
use crate::time::Moment;

/// The moment of a time with its zone.
pub(crate) fn moment(field: &str, time: &Timestamp) -> Result<Moment, Instead> {
    let time: Option<jiff::Timestamp> = time.as_str().parse().ok();
    time.map(|time| SystemTime::from(time).into())
        .ok_or_else(|| no_such_day(field))
}

/// The moment of a time without a zone, which is taken for India's: as the one was that is known
/// of those that EnKash writes.
pub(crate) fn local_moment(field: &str, time: &LocalDateTime) -> Result<Moment, Instead> {
    in_india(field, time.as_str().parse().ok())
}

/// The moment at which a day begins in India.
pub(crate) fn start_of_day(field: &str, day: &Date) -> Result<Moment, Instead> {
    let day: Option<civil::Date> = day.as_str().parse().ok();
    in_india(field, day.map(|day| day.at(0, 0, 0, 0)))
}

fn in_india(field: &str, time: Option<civil::DateTime>) -> Result<Moment, Instead> {
    time.and_then(Moment::of_india)
        .ok_or_else(|| no_such_day(field))
}

/// The form was right, or the request would not have come this far.
fn no_such_day(field: &str) -> Instead {
    Instead::refuse(422, format!("{field}: there is no such day or time"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_moment_is_written_in_three_ways() {
        let with_zone = moment("x", &"2026-08-24T20:45:22.462+05:30".into());
        assert_eq!(written(with_zone), "2026-08-24T15:15:22.462+00:00");
        let without = local_moment("x", &"2026-08-24 20:45:22".into());
        assert_eq!(written(without), "2026-08-24T15:15:22.000+00:00");
        let day = start_of_day("x", &"2026-08-24".into());
        assert_eq!(written(day), "2026-08-23T18:30:00.000+00:00");
    }

    #[test]
    fn a_day_that_is_in_no_calendar_is_refused() {
        assert!(moment("x", &"2026-02-30T00:00:00Z".into()).is_err());
        assert!(local_moment("x", &"2026-02-30 00:00:00".into()).is_err());
        assert!(start_of_day("x", &"2026-02-30".into()).is_err());
    }

    fn written(moment: Result<Moment, Instead>) -> String {
        moment.ok().unwrap().iso()
    }
}
