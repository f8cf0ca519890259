//! Dates that the merchant sends.

use proptest::prelude::*;

use super::near_misses;
use super::text::{any_text, like, text_values};
use crate::{Date, LocalDateTime, Timestamp};

/// A day, and with a sign between the two a time.
macro_rules! day {
    ($($more:literal)*) => {
        concat!("[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])" $(, $more)*)
    };
}

macro_rules! time {
    ($between:literal, $behind:literal) => {
        day!($between "([01][0-9]|2[0-3])(:[0-5][0-9]){2}" $behind)
    };
}

text_values! {
    Date {
        valid: like(day!()),
        invalid: prop_oneof![
            near_misses(like(day!())),
            like("[0-9]{4}-(00|1[3-9])-[0-9]{2}"),
            like("[0-9]{4}-[0-9]{2}-(00|3[2-9]|[4-9][0-9])"),
            like("[0-3][0-9][-/][01][0-9][-/][0-9]{4}"),
            like(time!("T", "Z")),
            any_text(),
        ],
    }
    Timestamp {
        valid: like(time!("T", "(\\.[0-9]{1,9})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])")),
        invalid: prop_oneof![
            near_misses(like(time!("T", "(\\.[0-9]{3})?Z"))),
            near_misses(like(time!("T", "[+-](0[0-9]|1[0-4]):[0-5][0-9]"))),
            like(time!("T", "\\.?")),
            like(time!("T", "\\.(Z|\\+05:30)")),
            like(time!("T", "\\+([0-9]{4}|24:00|05:60)")),
            like(time!(" ", "")),
            like(day!()),
            any_text(),
        ],
    }
    LocalDateTime {
        valid: like(time!(" ", "")),
        invalid: prop_oneof![
            near_misses(like(time!(" ", ""))),
            like(day!(" (2[4-9]|[3-9][0-9]):[0-5][0-9]:[0-5][0-9]")),
            like(day!(" [01][0-9]:([6-9][0-9]:[0-5][0-9]|[0-5][0-9]:[6-9][0-9])")),
            like(time!("T", "Z?")),
            like(day!()),
            any_text(),
        ],
    }
}
