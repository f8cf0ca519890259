//! Card numbers: which are taken, and what of them is seen.

use enkash_types::strategies::{InvalidValues, ValidValues};
use enkash_types::{CardNumber, masked};
use proptest::prelude::*;

use crate::{all, samples};

/// Luhn as it is done on paper: cross-multiply, add all digits up, take the last digit of the sum.
fn is_a_card_number(text: &str) -> bool {
    const DOUBLED: [u32; 10] = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
    let Some(digits) = text
        .chars()
        .map(|c| if c.is_ascii() { c.to_digit(10) } else { None })
        .collect::<Option<Vec<u32>>>()
    else {
        return false;
    };
    if digits.len() < 12 || digits.len() > 19 {
        return false;
    }
    let mut sum = 0;
    for (index, &digit) in digits.iter().enumerate() {
        let from_the_right = digits.len() - index;
        sum += match from_the_right % 2 {
            0 => DOUBLED[digit as usize],
            _ => digit,
        };
    }
    sum % 10 == 0
}

#[test]
fn a_number_is_taken_if_its_digits_add_up() {
    let digits = prop_oneof!["[0-9]{10,21}", "[0-9]{16}", "4[0-9]{15}"];
    let texts = prop_oneof![
        any::<String>(),
        digits,
        "[0-9٠-٩]{16}",
        CardNumber::valid().prop_map(|number| number.expose().to_owned()),
        CardNumber::invalid().prop_map(|number| number.expose().to_owned()),
    ];
    all(texts, |text| {
        prop_assert_eq!(text.parse::<CardNumber>().is_ok(), is_a_card_number(&text));
        Ok(())
    });
    for number in samples(CardNumber::valid(), 64) {
        assert!(is_a_card_number(number.expose()));
    }
}

/// What Luhn is for: a digit that was misread, and two that were swapped (but for 0 and 9, of which
/// it cannot tell).
#[test]
fn a_slip_of_the_finger_is_found() {
    for number in samples(CardNumber::valid(), 64) {
        let digits = number.expose().as_bytes();
        for at in 0..digits.len() {
            for wrong in (b'0'..=b'9').filter(|wrong| *wrong != digits[at]) {
                let mut digits = digits.to_vec();
                digits[at] = wrong;
                let text = String::from_utf8(digits).unwrap();
                assert!(text.parse::<CardNumber>().is_err());
            }
        }
        for at in 1..digits.len() {
            let mut swapped = digits.to_vec();
            swapped.swap(at - 1, at);
            let pair = [digits[at - 1], digits[at]];
            if pair[0] != pair[1] && pair != *b"09" && pair != *b"90" {
                let text = String::from_utf8(swapped).unwrap();
                assert!(text.parse::<CardNumber>().is_err());
            }
        }
    }
}

/// Of a number, valid or not, the first six and the last four digits are seen at most, and five
/// are always hidden; of anything else nothing is.
#[test]
fn most_of_a_number_is_never_seen() {
    let texts = prop_oneof![
        "[0-9]{0,24}",
        "[0-9 -]{12,19}",
        CardNumber::valid().prop_map(|number| number.expose().to_owned()),
        CardNumber::invalid().prop_map(|number| number.expose().to_owned()),
    ];
    all(texts, |text| {
        let number = CardNumber::new(text.as_str());
        let shown = number.masked();
        prop_assert_eq!(number.to_string(), shown.as_str());
        prop_assert_eq!(format!("{number:?}"), format!("\"{shown}\""));
        prop_assert_eq!(masked(&number)?, shown.as_str());
        prop_assert_eq!(serde_json::to_value(&number)?, text.as_str());

        let is_number = (12..=19).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if !is_number {
            prop_assert_eq!(shown, "[hidden]");
            return Ok(());
        }
        prop_assert_eq!(shown.len(), text.len());
        prop_assert!(shown.matches('X').count() >= 5);
        for (index, (shown, held)) in shown.chars().zip(text.chars()).enumerate() {
            let may_be_seen = index < 6 || index >= text.len() - 4;
            prop_assert!(shown == 'X' || (may_be_seen && shown == held));
        }
        prop_assert!(text.starts_with(number.first_six()) && number.first_six().len() == 6);
        prop_assert!(text.ends_with(number.last_four()) && number.last_four().len() == 4);
        Ok(())
    });
}
