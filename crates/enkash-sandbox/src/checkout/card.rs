//! The card that a payer types in.

use enkash_types::{CardExpiry, CardNumber, Cvv, Secret};
use serde::Deserialize;

use super::parts::Wrong;
use crate::gateway::instruments::scheme;
use crate::time::Moment;

/// What was typed, as it came. It is looked at and dropped.
#[derive(Deserialize)]
pub(super) struct Typed {
    pub(super) number: Option<Secret>,
    pub(super) expiry: Option<Secret>,
    pub(super) cvv: Option<Secret>,
    pub(super) holder: Option<Secret>,
}

/// A card that may be charged.
#[derive(Debug)]
pub(super) struct Card {
    pub(super) number: CardNumber,
    pub(super) holder: String,
}

/// Names on cards are shorter.
const LONGEST_NAME: usize = 100;

impl Typed {
    /// Checks all of it; says of each field what is wrong, without what was typed.
    pub(super) fn check(&self, now: Moment) -> Result<Card, Vec<Wrong>> {
        let text = |field: &Option<Secret>, leave_out: &[char]| -> String {
            let text = field.as_ref().map_or("", Secret::expose);
            text.replace(leave_out, "")
        };
        let number = CardNumber::new(text(&self.number, &[' ', '-']));
        let cvv = Cvv::new(text(&self.cvv, &[' ']));
        let expiry = month_of(&text(&self.expiry, &[' ']));
        let holder = text(&self.holder, &[]).trim().to_owned();

        let checks = [
            ("number", check_number(&number)),
            ("expiry", check_expiry(&expiry, now)),
            ("cvv", check_cvv(&cvv, &number)),
            ("holder", check_holder(&holder)),
        ];
        let wrongs: Vec<Wrong> = checks
            .into_iter()
            .filter_map(|(field, wrong)| Some((field, wrong?)))
            .collect();
        match wrongs.is_empty() {
            true => Ok(Card { number, holder }),
            false => Err(wrongs),
        }
    }
}

/// `MM/YY`, also where it was typed as `MMYY`, `MM-YY` or `MM/20YY`.
fn month_of(typed: &str) -> CardExpiry {
    let digits: String = typed.chars().filter(|c| !matches!(c, '/' | '-')).collect();
    let is_digits = digits.bytes().all(|byte| byte.is_ascii_digit());
    match digits.len() {
        4 if is_digits => CardExpiry::new(format!("{}/{}", &digits[..2], &digits[2..])),
        6 if is_digits && digits[2..].starts_with("20") => {
            CardExpiry::new(format!("{}/{}", &digits[..2], &digits[4..]))
        }
        _ => CardExpiry::new(typed),
    }
}

fn check_number(number: &CardNumber) -> Option<&'static str> {
    let digits = number.expose();
    if digits.is_empty() {
        Some("Enter the card number")
    } else if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Some("The card number has digits alone")
    } else if !(12..=19).contains(&digits.len()) {
        Some("The card number has 12 to 19 digits")
    } else if number.check().is_err() {
        Some("Check the card number: a digit of it is wrong")
    } else {
        None
    }
}

fn check_expiry(expiry: &CardExpiry, now: Moment) -> Option<&'static str> {
    let typed = expiry.expose();
    if typed.is_empty() {
        return Some("Enter the expiry");
    }
    if expiry.check().is_err() {
        return Some("Enter the expiry as month and year, like 09/30");
    }
    // A card is good until the end of its month; dates of the same form compare as texts.
    let last_month = format!("20{}-{}", typed.get(3..)?, typed.get(..2)?);
    let this_month = now.indian();
    (last_month.as_str() < this_month.get(..7)?).then_some("This card has expired")
}

fn check_cvv(cvv: &Cvv, number: &CardNumber) -> Option<&'static str> {
    let is_amex = scheme(number.expose()) == "AMEX";
    if cvv.expose().is_empty() {
        Some("Enter the CVV")
    } else if cvv.check().is_err() {
        Some("The CVV has 3 or 4 digits")
    } else if is_amex && cvv.expose().len() != 4 {
        Some("The CVV of this card has 4 digits")
    } else if !is_amex && cvv.expose().len() != 3 {
        Some("The CVV of this card has 3 digits")
    } else {
        None
    }
}

fn check_holder(holder: &str) -> Option<&'static str> {
    if holder.is_empty() {
        Some("Enter the name on the card")
    } else if holder.len() > LONGEST_NAME {
        Some("The name on the card is shorter")
    } else if holder.chars().any(|c| c.is_control() || c.is_ascii_digit()) {
        Some("The name on the card has no digits")
    } else {
        None
    }
}

/// A month in which cards are still good, for those who try the page.
pub(super) fn good_expiry(now: Moment) -> String {
    let year = now.indian().get(2..4).and_then(|year| year.parse().ok());
    let year: u8 = year.unwrap_or(30);
    format!("12/{:02}", (year + 3) % 100)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// 2026-08-24 in India.
    fn now() -> Moment {
        Moment::default().after(Duration::from_millis(1_787_584_522_462))
    }

    fn check(number: &str, expiry: &str, cvv: &str, holder: &str) -> Result<String, Vec<Wrong>> {
        let typed = Typed {
            number: Some(number.into()),
            expiry: Some(expiry.into()),
            cvv: Some(cvv.into()),
            holder: Some(holder.into()),
        };
        typed.check(now()).map(|card| card.number.masked())
    }

    #[test]
    fn a_card_is_taken_as_people_type_it() {
        for (number, expiry) in [
            ("4111 1111 1111 1111", "08/26"),
            ("4111-1111-1111-1111", "0826"),
            ("4111111111111111", "08 / 26"),
            ("4111111111111111", "08/2026"),
            ("4111111111111111", "12-35"),
        ] {
            let checked = check(number, expiry, "123", " Asha Rao ");
            assert_eq!(checked.unwrap(), "411111XXXXXX1111", "{expiry}");
        }
        assert!(check("378282246310005", "12/30", "1234", "Asha Rao").is_ok());
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let fields = |typed: Result<String, Vec<Wrong>>| -> Vec<&str> {
            let wrongs = typed.unwrap_err().into_iter();
            wrongs.map(|(field, _)| field).collect()
        };
        assert_eq!(
            fields(check("", "", "", "  ")),
            ["number", "expiry", "cvv", "holder"]
        );
        for (number, expiry, cvv, holder, wrong) in [
            ("4111111111111112", "08/26", "123", "Asha Rao", "number"),
            ("4111", "08/26", "123", "Asha Rao", "number"),
            ("card", "08/26", "123", "Asha Rao", "number"),
            ("4111111111111111", "07/26", "123", "Asha Rao", "expiry"),
            ("4111111111111111", "13/26", "123", "Asha Rao", "expiry"),
            ("4111111111111111", "8/26", "123", "Asha Rao", "expiry"),
            ("4111111111111111", "08/3026", "123", "Asha Rao", "expiry"),
            ("4111111111111111", "०८/२६", "123", "Asha Rao", "expiry"),
            ("4111111111111111", "08/26", "12", "Asha Rao", "cvv"),
            ("4111111111111111", "08/26", "1234", "Asha Rao", "cvv"),
            ("378282246310005", "08/26", "123", "Asha Rao", "cvv"),
            ("4111111111111111", "08/26", "123", "4111", "holder"),
        ] {
            assert_eq!(fields(check(number, expiry, cvv, holder)), [wrong]);
        }
        let nothing = Typed {
            number: None,
            expiry: None,
            cvv: None,
            holder: None,
        };
        assert_eq!(nothing.check(now()).unwrap_err().len(), 4);
    }

    #[test]
    fn the_month_that_is_filled_in_is_to_come() {
        assert_eq!(good_expiry(now()), "12/29");
        assert!(check("4111111111111111", &good_expiry(now()), "123", "Asha Rao").is_ok());
    }
}
