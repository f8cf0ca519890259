//! Times as a person gives them.

use std::time::SystemTime;

use enkash_types::Date;

use crate::failure::Failure;

/// The form of a time, in the words of a help.
const FORM: &str =
    "must be a day, like 2026-04-01, or a time with its zone, like 2026-04-01T10:00:00+05:30";

/// The begin of a span of time. A day in it is one of India's, from its first second on.
pub(crate) fn begin(text: &str) -> Result<SystemTime, &'static str> {
    moment(text, "00:00:00")
}

/// The end of a span of time. A day in it is one of India's, to its last second.
pub(crate) fn end(text: &str) -> Result<SystemTime, &'static str> {
    moment(text, "23:59:59")
}

fn moment(text: &str, of_day: &str) -> Result<SystemTime, &'static str> {
    let of_day = text
        .parse::<Date>()
        .map(|day| format!("{day}T{of_day}+05:30"));
    let moment = of_day.as_deref().unwrap_or(text).parse::<jiff::Timestamp>();
    moment.map(SystemTime::from).map_err(|_| FORM)
}

/// Makes sure that a span of time begins before its end.
pub(crate) fn in_order(from: SystemTime, to: SystemTime) -> Result<(), Failure> {
    match from <= to {
        true => Ok(()),
        false => Err(Failure::Input("--from is later than --to".to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use enkash_types::Timestamp;

    use super::*;

    #[test]
    fn a_day_is_taken_whole_and_a_time_as_it_is() {
        for (text, from, to) in [
            (
                "2026-11-20",
                "2026-11-20T00:00:00+05:30",
                "2026-11-20T23:59:59+05:30",
            ),
            (
                "2026-11-20T10:00:00+05:30",
                "2026-11-20T10:00:00+05:30",
                "2026-11-20T10:00:00+05:30",
            ),
            (
                "2026-11-19T18:30:00Z",
                "2026-11-20T00:00:00+05:30",
                "2026-11-20T00:00:00+05:30",
            ),
        ] {
            assert_eq!(begin(text).map(Timestamp::from), Ok(from.into()), "{text}");
            assert_eq!(end(text).map(Timestamp::from), Ok(to.into()), "{text}");
        }
        for wrong in [
            "",
            "yesterday",
            "2026-02-30",
            "20.11.2026",
            "20261120",
            "2026-11-20 10:00:00",
            "2026-11-20T10:00:00",
        ] {
            assert_eq!(begin(wrong), Err(FORM), "{wrong}");
            assert_eq!(end(wrong), Err(FORM), "{wrong}");
        }
    }
}
