//! Texts.

use std::ops::RangeInclusive;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::string::string_regex;

use super::{InvalidValues, ValidValues};
use crate::{
    AccountNumber, CompanyId, DateTime, Email, Ifsc, MobileNumber, PersonName, PhoneNumber, Secret,
    Vpa, WebAddress,
};

/// Texts that are almost what the strategy gives: a character more, less, other, in the other
/// case or twice, or a line break, blank or zero byte at an end.
pub fn near_misses(text: impl Strategy<Value = String> + 'static) -> BoxedStrategy<String> {
    (text, 0..8, any::<Index>(), any_char())
        .prop_map(|(text, kind, place, new)| {
            let mut chars: Vec<char> = text.chars().collect();
            if kind == 0 {
                chars.insert(place.index(chars.len() + 1), new);
            } else if kind == 1 {
                chars.push(['\n', ' ', '\0', '\u{a0}'][place.index(4)]);
            } else if kind == 2 {
                chars.insert(0, ['\n', ' ', '\0', '\u{feff}'][place.index(4)]);
            } else if !chars.is_empty() {
                let place = place.index(chars.len());
                let old = chars[place];
                match kind {
                    3 => chars[place] = new,
                    4 => chars.insert(place, old),
                    5 => chars[place] = other_case(old),
                    6 => chars.iter_mut().for_each(|c| *c = other_case(*c)),
                    _ => drop(chars.remove(place)),
                }
            }
            chars.into_iter().collect()
        })
        .boxed()
}

fn other_case(c: char) -> char {
    if c.is_ascii_lowercase() {
        c.to_ascii_uppercase()
    } else {
        c.to_ascii_lowercase()
    }
}

/// Any character; those that ids, names and addresses are made of come often, and so do those
/// that formats treat in a way of their own.
fn any_char() -> impl Strategy<Value = char> {
    prop_oneof![
        4 => proptest::char::range('!', '~'),
        1 => select(&['\0', '\t', '\n', '\r', ' ', '"', '\\', '\u{7f}', '\u{2028}', '\u{feff}'][..]),
        3 => any::<char>(),
    ]
}

/// Texts that a regular expression describes. It is parsed here, once; used as a strategy by
/// itself it would be parsed for every text.
pub(super) fn like(pattern: &'static str) -> BoxedStrategy<String> {
    // A pattern that is none panics where it is used, as it would by itself.
    string_regex(pattern).map_or_else(|_| pattern.boxed(), Strategy::boxed)
}

/// Any text, the empty one too.
pub(super) fn any_text() -> BoxedStrategy<String> {
    any_text_of(0..=15)
}

/// Any text but the empty one.
pub(super) fn some_text() -> BoxedStrategy<String> {
    any_text_of(1..=15)
}

fn any_text_of(characters: RangeInclusive<usize>) -> BoxedStrategy<String> {
    vec(any_char(), characters)
        .prop_map(String::from_iter)
        .boxed()
}

/// Declares the strategies of text types. Whatever is meant to break a rule is held against it.
macro_rules! text_values {
    ($($name:ident { valid: $valid:expr, invalid: $invalid:expr $(,)? })+) => {$(
        impl $crate::strategies::ValidValues for $name {
            fn valid() -> proptest::strategy::BoxedStrategy<Self> {
                proptest::strategy::Strategy::prop_map($valid, Self::new).boxed()
            }
        }

        impl $crate::strategies::InvalidValues for $name {
            fn invalid() -> proptest::strategy::BoxedStrategy<Self> {
                proptest::strategy::Strategy::prop_map($invalid, Self::new)
                    .prop_filter("it breaks no rule", |text| text.check().is_err())
                    .boxed()
            }
        }
    )+};
}

/// As [`text_values`], for ids that EnKash mints: of the shape that was seen, or any text at all,
/// since none is promised.
macro_rules! minted_ids {
    ($($name:ident: $seen:literal),+ $(,)?) => {
        $crate::strategies::text::text_values! {
            $($name {
                valid: proptest::prop_oneof![
                    $crate::strategies::text::like($seen),
                    $crate::strategies::text::some_text(),
                ],
                invalid: proptest::strategy::Just(String::new()),
            })+
        }
    };
}

/// As [`minted_ids`], for ids that stand in the address of a call: any text but what an address
/// takes for a place.
macro_rules! path_ids {
    ($($name:ident: $seen:literal),+ $(,)?) => {
        $crate::strategies::text::text_values! {
            $($name {
                valid: proptest::prop_oneof![
                    $crate::strategies::text::like($seen),
                    proptest::strategy::Strategy::prop_filter(
                        $crate::strategies::text::some_text(),
                        "it is a place",
                        |text| text != "." && text != "..",
                    ),
                ],
                invalid: $crate::strategies::text::like("[.]{0,2}"),
            })+
        }
    };
}

/// Declares the strategies of sets of documented values.
macro_rules! documented_values {
    ($($name:ident),+ $(,)?) => {$(
        impl $crate::strategies::ValidValues for $name {
            fn valid() -> proptest::strategy::BoxedStrategy<Self> {
                proptest::sample::select(Self::DOCUMENTED).boxed()
            }
        }

        impl $crate::strategies::InvalidValues for $name {
            fn invalid() -> proptest::strategy::BoxedStrategy<Self> {
                let documented = proptest::sample::select(Self::DOCUMENTED)
                    .prop_map(|value| value.to_string());
                proptest::prop_oneof![
                    $crate::strategies::near_misses(documented),
                    $crate::strategies::text::any_text(),
                ]
                .prop_map(|text| Self::from(text.as_str()))
                .prop_filter("it is documented", |value| matches!(value, Self::Unknown(_)))
                .boxed()
            }
        }
    )+};
}

pub(super) use {documented_values, minted_ids, path_ids, text_values};

minted_ids! {
    CompanyId: "CEK[A-Z0-9]{7}",
}

text_values! {
    Ifsc {
        valid: like("[A-Z]{4}0[A-Z0-9]{6}"),
        invalid: prop_oneof![
            near_misses(like("[A-Z]{4}0[A-Z0-9]{6}")),
            like("[a-z]{4}0[a-z0-9]{6}"),
            like("[A-Z]{4}[1-9A-Z][A-Z0-9]{6}"),
            any_text(),
        ]
    }
    AccountNumber {
        valid: prop_oneof![
            4 => like("[0-9]{9,18}"),
            1 => like("[0-9]{9}"),
            1 => like("[A-Za-z0-9]{36}"),
            1 => any_text_of(9..=36),
        ],
        invalid: prop_oneof![
            like("[0-9]{8}"),
            like("[0-9]{37}"),
            any_text_of(0..=8),
            any_text_of(37..=60),
        ]
    }
    Email {
        valid: prop_oneof![
            4 => like("[a-z0-9]{1,8}([.+_-][a-z0-9]{1,4})?@[a-z0-9]{1,8}(\\.example)?\\.in"),
            1 => like("[आशनतमर]{1,6}@[आशनतमर]{1,6}\\.भारत"),
        ],
        invalid: prop_oneof![
            like("[a-z]{0,6}@?[a-z]{0,6}"),
            like("@[a-z]{1,6}\\.in"),
            like("[a-z]{1,6}@[a-z]{0,3}\\."),
            like("[a-z]{1,6}@\\.[a-z]{0,3}"),
            like("[a-z]{1,6}@[a-z]{1,3}\\.\\.in"),
            like("[a-z]{1,3}@[a-z]{1,3}@[a-z]{1,3}\\.in"),
            like("[a-z]{1,3}[ \t\r\n\0][a-z]{0,3}@[a-z]{1,6}\\.in[ \n]?"),
            like("[a-z]{1,6}@[a-z]{1,6}\\.in[ \n\u{a0}\u{3000}\u{85}]"),
            any_text(),
        ]
    }
    Vpa {
        valid: prop_oneof![
            4 => like("[a-z0-9]{1,10}([._-][a-z0-9]{1,4})?@[a-z]{3,12}"),
            1 => like("[6-9][0-9]{9}@[a-z]{3,6}"),
            1 => like("[आशनतमर]{1,6}@[a-z]{3,6}"),
        ],
        invalid: prop_oneof![
            like("[a-z]{0,6}@"),
            like("@?[a-z]{0,6}"),
            like("[a-z]{1,4}@[a-z]{0,4}@[a-z]{0,4}"),
            like("[a-z]{1,3}[ \t\r\n\0\u{a0}][a-z]{0,3}@[a-z]{3,6}"),
            like("[a-z]{1,6}@[a-z]{3,6}[ \n\u{a0}\u{3000}\u{85}]"),
            any_text(),
        ]
    }
    PhoneNumber {
        valid: prop_oneof![
            4 => like("[6-9][0-9]{9}"),
            1 => some_text().prop_filter("it has the prefix", |text| !text.starts_with("+91")),
        ],
        invalid: prop_oneof![like("\\+91[ -]?[6-9][0-9]{9}"), like("(\\+91)?")]
    }
    MobileNumber {
        valid: prop_oneof![
            4 => like("[6-9][0-9]{9}"),
            3 => like("(\\+|00)[0-9]{1,3}[ \t\n\r\x0b\x0c-]?[0-9]{10}"),
            1 => Just(String::new()),
        ],
        invalid: prop_oneof![
            near_misses(like("((\\+|00)[0-9]{1,3}[ -]?)?[0-9]{10}")),
            like("91[ -]?[6-9][0-9]{9}"),
            like("[ -][0-9]{10}"),
            like("(\\+|00)[ -]?[0-9]{10}"),
            like("(\\+|00)[0-9]{4}[0-9 -][0-9]{10}"),
            like("[0-9]{3} [0-9]{3} [0-9]{4}"),
            like("[०-९]{10}"),
            any_text(),
        ]
    }
    WebAddress {
        valid: (
            like("https?://"),
            prop_oneof![
                4 => like("[a-z0-9]{1,12}(\\.[a-z]{1,6})?\\.example\\.in(:[1-9][0-9]{1,3})?"),
                1 => like("127\\.0\\.0\\.1:[1-9][0-9]{1,3}"),
                1 => like("\\[::1\\]:[1-9][0-9]{1,3}"),
            ],
            like("(/[a-zA-Z0-9._~%-]{0,8}){0,3}(\\?[a-z]{1,4}=[a-zA-Z0-9%+&=]{0,8})?(#[a-z]{0,4})?"),
        )
            .prop_map(|(scheme, host, rest)| scheme + &host + &rest),
        invalid: prop_oneof![
            like("(ftp|file|javascript|http|https|mailto):/?[a-z.]{0,12}"),
            like("https?://([/?#][a-z/?#]{0,8})?"),
            like("[a-z]{1,8}\\.example\\.in(/[a-z]{0,6})?"),
            like("https?://[a-z]{1,6}[ \t\r\n\0\u{a0}][a-z/]{0,6}"),
            like("[ \n]https?://[a-z]{1,6}\\.in"),
            any_text(),
        ]
    }
    PersonName {
        valid: prop_oneof![
            like("[A-Z][a-z]{0,11}"),
            like("[a-zA-Z]{40,60}"),
            like("[\u{905}-\u{939}\u{93e}-\u{94d}]{1,8}"),
            like("[À-ÖØ-öø-ſ]{1,8}"),
            like("[\u{b85}-\u{b8a}一-龥ก-ฮא-ת]{1,8}"),
        ],
        invalid: prop_oneof![
            Just(String::new()),
            like("[A-Z][a-z]{0,5}[ .,'0-9=@<>&;\"\\\\/_-][a-z]{0,5}"),
            like("[A-Z][a-z]{0,5}[\n\r\t\0\u{7f}\u{85}\u{a0}\u{2003}\u{2028}०-९²Ⅷ]"),
            near_misses(like("[A-Za-z]{0,8}")),
        ]
    }
    DateTime {
        valid: prop_oneof![date_time("T", "\\.[0-9]{3}(Z|[+-](00:00|05:30))"), date_time(" ", "")],
        invalid: Just(String::new())
    }
}

/// A date and time, with this between the two and this regular expression behind them.
fn date_time(between: &'static str, behind: &'static str) -> impl Strategy<Value = String> {
    (
        1970..2100,
        1..=12,
        1..=28,
        0..24,
        0..60,
        0..60,
        like(behind),
    )
        .prop_map(move |(year, month, day, hour, minute, second, behind)| {
            format!("{year}-{month:02}-{day:02}{between}{hour:02}:{minute:02}:{second:02}{behind}")
        })
}

/// Any text but the empty one.
impl ValidValues for Secret {
    fn valid() -> BoxedStrategy<Self> {
        prop_oneof![like("[A-Za-z0-9+/]{16,64}={0,2}"), some_text()]
            .prop_map(Self::new)
            .boxed()
    }
}

impl InvalidValues for Secret {
    fn invalid() -> BoxedStrategy<Self> {
        Just(String::new()).prop_map(Self::new).boxed()
    }
}

/// A bearer token, of the characters that RFC 6750 allows in one.
pub(super) fn token() -> impl Strategy<Value = Secret> {
    like("[A-Za-z0-9._~+/-]{1,64}={0,2}").prop_map(Secret::new)
}
