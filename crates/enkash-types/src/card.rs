//! Card data: sent, and never shown.
//!
//! The rules of the card industry (PCI DSS) allow a merchant to show the first six and the last
//! four digits of a number at most, and never to keep the CVV. EnKash's documentation gives no
//! lengths and no patterns; those here are of ISO/IEC 7812, and of what is printed on cards.

use std::fmt;

use crate::secret::{HIDDEN, is_masking};
use crate::text::secret_text;
use crate::valid::Broken;

secret_text! {
    /// The number of a card: 12 to 19 digits, of which the last proves the others (Luhn).
    ///
    /// It is a secret: wiped on drop, written out on the wire alone. `Debug`, `Display` and
    /// [`masked`](crate::masked) show its first six and last four digits, or less.
    ///
    /// ```
    /// use enkash_types::CardNumber;
    ///
    /// let number: CardNumber = "4111111111111111".parse()?;
    /// assert_eq!(number.to_string(), "411111XXXXXX1111");
    /// assert!("4111111111111112".parse::<CardNumber>().is_err());
    /// # Ok::<(), enkash_types::Broken>(())
    /// ```
    ///
    /// EnKash documentation: *Submit Payment Request*, field `cardNumber`; which lengths it takes
    /// is not documented: ISO/IEC 7812.
    CardNumber,
    check: |text| {
        if !has_the_shape(text) {
            Err(Broken("must be 12 to 19 digits without blanks"))
        } else if !has_its_check_digit(text) {
            Err(Broken("must be the number of a card; a digit of it is wrong"))
        } else {
            Ok(())
        }
    },
    schema: {"type": "string", "format": "password", "pattern": "^[0-9]{12,19}$"}
}

fn has_the_shape(text: &str) -> bool {
    (12..=19).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Luhn: from the right, every second digit counts double (the sum of the digits of its double),
/// and the sum of all ends in zero.
fn has_its_check_digit(digits: &str) -> bool {
    let sum: u32 = digits
        .bytes()
        .rev()
        .zip([false, true].into_iter().cycle())
        .map(|(digit, is_doubled)| match u32::from(digit - b'0') {
            digit if !is_doubled => digit,
            digit if digit > 4 => digit * 2 - 9,
            digit => digit * 2,
        })
        .sum();
    sum.is_multiple_of(10)
}

impl CardNumber {
    /// The first six digits, which name the issuer; empty where it is no 12 to 19 digits.
    ///
    /// To show or to keep a number use [`masked`](Self::masked): six and four are most of a short
    /// one.
    #[must_use]
    pub fn first_six(&self) -> &str {
        if has_the_shape(self.expose()) {
            &self.expose()[..6]
        } else {
            ""
        }
    }

    /// The last four digits, by which its holder knows it; empty where it is no 12 to 19 digits.
    #[must_use]
    pub fn last_four(&self) -> &str {
        if has_the_shape(self.expose()) {
            &self.expose()[self.expose().len() - 4..]
        } else {
            ""
        }
    }

    /// The number as it may be shown and kept: `411111XXXXXX1111`.
    ///
    /// Of a number of fewer than fifteen digits the last four alone, so that five are hidden at
    /// least; of what is no 12 to 19 digits nothing.
    #[must_use]
    pub fn masked(&self) -> String {
        if !has_the_shape(self.expose()) {
            return HIDDEN.to_owned();
        }
        let length = self.expose().len();
        let first = if length < 15 { "" } else { self.first_six() };
        let hidden = "X".repeat(length - first.len() - 4);
        format!("{first}{hidden}{}", self.last_four())
    }
}

impl fmt::Display for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

impl fmt::Debug for CardNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

impl serde::Serialize for CardNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if is_masking() {
            serializer.serialize_str(&self.masked())
        } else {
            serializer.serialize_str(self.expose())
        }
    }
}

secret_text! {
    /// The security code of a card, 3 or 4 digits. Sent, never shown, never to be kept.
    ///
    /// EnKash documentation: *Submit Payment Request*, field `cvv`; its length is not documented.
    #[derive(Debug, serde::Serialize)]
    Cvv,
    check: |text| {
        if matches!(text.len(), 3 | 4) && text.bytes().all(|b| b.is_ascii_digit()) {
            Ok(())
        } else {
            Err(Broken("must be 3 or 4 digits"))
        }
    },
    schema: {"type": "string", "format": "password", "pattern": "^[0-9]{3,4}$"}
}

secret_text! {
    /// The month in which a card expires, as `MM/YY`. Sent, never shown.
    ///
    /// Whether that month is over is for the bank to say.
    ///
    /// EnKash documentation: *Submit Payment Request*, field `expiry`.
    #[derive(Debug, serde::Serialize)]
    CardExpiry,
    check: |text| match text.as_bytes() {
        [b'0', b'1'..=b'9', b'/', b'0'..=b'9', b'0'..=b'9']
        | [b'1', b'0'..=b'2', b'/', b'0'..=b'9', b'0'..=b'9'] => Ok(()),
        _ => Err(Broken("must be month and year as MM/YY")),
    },
    schema: {"type": "string", "format": "password", "pattern": "^(0[1-9]|1[0-2])/[0-9]{2}$"}
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers that card schemes publish for tests.
    #[test]
    fn numbers_of_every_length_are_taken_and_masked() {
        for (number, shown) in [
            ("4111111111111111", "411111XXXXXX1111"),
            ("5555555555554444", "555555XXXXXX4444"),
            ("378282246310005", "378282XXXXX0005"),
            ("30569309025904", "XXXXXXXXXX5904"),
            ("4222222222222", "XXXXXXXXX2222"),
            ("6304000000000000000", "630400XXXXXXXXX0000"),
        ] {
            let number = CardNumber::new(number);
            assert_eq!(number.masked(), shown);
            assert_eq!(
                format!("{number} {number:?}"),
                format!("{shown} \"{shown}\"")
            );
            assert_eq!(crate::masked(&number).unwrap(), shown);
            assert_eq!(serde_json::to_value(&number).unwrap(), number.expose());
        }
        assert!(CardNumber::new("4111111111111111").check().is_ok());
        assert!(CardNumber::new("378282246310005").check().is_ok());
        assert!(CardNumber::new("30569309025904").check().is_ok());
    }

    #[test]
    fn what_is_no_number_is_hidden_whole() {
        for wrong in [
            "",
            "41111111111",
            "4111 1111 1111 1111",
            "41111111111111111111",
            "४१११११११११११११११",
        ] {
            let number = CardNumber::new(wrong);
            assert!(number.check().is_err());
            assert_eq!(number.to_string(), HIDDEN);
            assert_eq!((number.first_six(), number.last_four()), ("", ""));
        }
    }

    #[test]
    fn one_wrong_digit_is_found() {
        let wrong = CardNumber::new("4111111111111112");
        assert_eq!(
            wrong.check().unwrap_err().to_string(),
            "must be the number of a card; a digit of it is wrong"
        );
    }
}
