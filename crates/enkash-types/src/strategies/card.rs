//! Card data.

use proptest::prelude::*;

use super::near_misses;
use super::text::{any_text, like, text_values};
use crate::{CardExpiry, CardNumber, Cvv};

text_values! {
    CardNumber {
        valid: number(),
        invalid: prop_oneof![
            like("[0-9]{12,19}"),
            like("[0-9]{0,11}"),
            like("[0-9]{20,24}"),
            near_misses(number()),
            number().prop_map(|number| format!("{} {}", &number[..4], &number[4..])),
            any_text(),
        ],
    }
    Cvv {
        valid: like("[0-9]{3,4}"),
        invalid: prop_oneof![like("[0-9]{0,2}"), like("[0-9]{5,6}"), near_misses(like("[0-9]{3,4}"))],
    }
    CardExpiry {
        valid: like("(0[1-9]|1[0-2])/[0-9]{2}"),
        invalid: prop_oneof![
            like("(00|1[3-9]|[2-9][0-9])/[0-9]{2}"),
            like("(0[1-9]|1[0-2])/20[0-9]{2}"),
            like("[1-9]/[0-9]{2}"),
            near_misses(like("(0[1-9]|1[0-2])/[0-9]{2}")),
            any_text(),
        ],
    }
}

/// Numbers of all lengths, those of the card schemes in use often, each with the only last digit
/// that fits.
fn number() -> BoxedStrategy<String> {
    prop_oneof![
        like("4[0-9]{14}"),
        like("5[1-5][0-9]{13}"),
        like("(60|65|81)[0-9]{13}"),
        like("3[47][0-9]{12}"),
        like("[0-9]{11,18}"),
    ]
    .prop_map(|digits| {
        let numbers = ('0'..='9').map(|last| format!("{digits}{last}"));
        numbers
            .into_iter()
            .find(|number| CardNumber::new(number.as_str()).check().is_ok())
            .unwrap_or_default()
    })
    .boxed()
}
