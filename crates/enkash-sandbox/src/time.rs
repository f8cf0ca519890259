//! Moments, and dates as EnKash writes them.

use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::Offset;
use serde::{Deserialize, Serialize};

/// A moment in milliseconds since 1970, which is as exact as EnKash's dates are. A time before
/// 1970 counts as 1970.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub(crate) struct Moment(u64);

/// How far India is ahead of UTC, in milliseconds.
const AHEAD_OF_UTC: u64 = (5 * 60 + 30) * 60 * 1000;
const DAY: u64 = 24 * 60 * 60 * 1000;

impl Moment {
    /// Milliseconds since 1970.
    pub(crate) fn millis(self) -> u64 {
        self.0
    }

    /// The moment so much later.
    pub(crate) fn after(self, pause: Duration) -> Self {
        let pause = u64::try_from(pause.as_millis()).unwrap_or(u64::MAX);
        // What a time can hold, so that the way back to one cannot fail.
        Self(self.0.saturating_add(pause).min(i64::MAX.unsigned_abs()))
    }

    /// ISO 8601, as EnKash's schemas have it: `2026-04-01T10:00:00.000+00:00`.
    pub(crate) fn iso(self) -> String {
        written(self.0, "%Y-%m-%dT%H:%M:%S%.3f+00:00")
    }

    /// `yyyy-MM-dd HH:mm:ss` without a zone, as it was seen on a return address. There the ids of
    /// the same payment, which hold a time since 1970, show that it is Indian time.
    pub(crate) fn indian(self) -> String {
        written(self.0.saturating_add(AHEAD_OF_UTC), "%Y-%m-%d %H:%M:%S")
    }

    /// What a calendar and a clock in India show; `None` after the year 9999.
    pub(crate) fn in_india(self) -> Option<DateTime> {
        let as_if_utc = self.0.saturating_add(AHEAD_OF_UTC);
        let as_if_utc = Timestamp::from_millisecond(i64::try_from(as_if_utc).ok()?).ok()?;
        Some(Offset::UTC.to_datetime(as_if_utc))
    }

    /// The moment at which a calendar and a clock in India show this.
    pub(crate) fn of_india(shown: DateTime) -> Option<Self> {
        let as_if_utc = Offset::UTC.to_timestamp(shown).ok()?.as_millisecond();
        let millis = u64::try_from(as_if_utc).unwrap_or_default();
        Some(Self(millis.saturating_sub(AHEAD_OF_UTC)))
    }

    /// The beginning of the next day in India.
    pub(crate) fn next_indian_day(self) -> Self {
        let days = (self.0.saturating_add(AHEAD_OF_UTC)) / DAY;
        Self((days + 1).saturating_mul(DAY) - AHEAD_OF_UTC)
    }
}

fn written(millis: u64, form: &str) -> String {
    let time = i64::try_from(millis)
        .ok()
        .and_then(|millis| Timestamp::from_millisecond(millis).ok());
    // A time after jiff's year 9999 has no date to write.
    time.map_or_else(String::new, |time| time.strftime(form).to_string())
}

impl From<SystemTime> for Moment {
    fn from(time: SystemTime) -> Self {
        let since = time
            .duration_since(SystemTime::UNIX_EPOCH)
            .unwrap_or_default();
        Self(0).after(since)
    }
}

impl From<Moment> for SystemTime {
    fn from(moment: Moment) -> Self {
        Self::UNIX_EPOCH + Duration::from_millis(moment.0)
    }
}

/// How times stand in what a person reads, and in the file: in ISO 8601.
pub(crate) mod as_iso {
    use super::{Moment, SystemTime, Timestamp};
    use serde::{Deserialize as _, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        time: &SystemTime,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&Moment::from(*time).iso())
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<SystemTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time: Timestamp = text.parse().map_err(serde::de::Error::custom)?;
        Ok(time.into())
    }
}

/// As [`as_iso`], for a time that may not be there. A field with it needs `default` as well.
pub(crate) mod as_optional_iso {
    use super::{SystemTime, as_iso};
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    #[derive(Serialize, Deserialize)]
    struct Time(#[serde(with = "as_iso")] SystemTime);

    #[expect(clippy::ref_option, reason = "serde gives it like this")]
    pub(crate) fn serialize<S: Serializer>(
        time: &Option<SystemTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time.map(Time).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<SystemTime>, D::Error> {
        let time = Option::<Time>::deserialize(deserializer)?;
        Ok(time.map(|Time(time)| time))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_have_the_forms_that_were_seen() {
        // The order id of the example in the contract, ORD1787584522462ck78p.
        let time = SystemTime::UNIX_EPOCH + Duration::from_millis(1_787_584_522_462);
        let moment = Moment::from(time);
        assert_eq!(moment.iso(), "2026-08-24T15:15:22.462+00:00");
        assert_eq!(moment.indian(), "2026-08-24 20:45:22");
        assert_eq!(moment.millis(), 1_787_584_522_462);
        assert_eq!(SystemTime::from(moment), time);
    }

    #[test]
    fn an_indian_clock_is_read_both_ways() {
        let moment = Moment(1_787_584_522_462);
        let shown = moment.in_india().unwrap();
        assert_eq!(shown.to_string(), "2026-08-24T20:45:22.462");
        assert_eq!(Moment::of_india(shown), Some(moment));
        assert_eq!(Moment(u64::MAX).in_india(), None);
    }

    #[test]
    fn a_day_begins_at_midnight_in_india() {
        let moment = |millis| Moment(millis);
        let evening = moment(1_787_584_522_462);
        let next = evening.next_indian_day();
        assert_eq!(next.indian(), "2026-08-25 00:00:00");
        assert_eq!(next.next_indian_day().indian(), "2026-08-26 00:00:00");
        assert_eq!(moment(next.millis() - 1).next_indian_day(), next);
    }

    #[test]
    fn no_time_is_too_far() {
        let end = Moment::default().after(Duration::MAX);
        let _ = SystemTime::from(end);
        assert_eq!(end.iso(), "");
        assert!(end.next_indian_day() <= end.after(Duration::from_secs(86_400)).next_indian_day());
    }
}
