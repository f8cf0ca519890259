//! Money.

use std::fmt;
use std::str::FromStr;

use rust_decimal::Decimal;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::valid::Broken;

/// An exact sum in Indian rupees.
///
/// It holds a decimal of at most fifteen significant digits, at most thirteen of them before the
/// dot where there is a fraction: what a JSON number carries exactly through every common parser,
/// EnKash's included. What does not fit is refused, never rounded (of a JSON number the parser
/// keeps about sixteen digits; what is left of a longer one is judged). On the wire it is a JSON
/// number (`20.15` is twenty rupees and fifteen paise); it is read from a number or from a text.
///
/// How many decimals and which least sum are allowed is a rule of the field that holds it.
///
/// ```
/// use enkash_types::Rupees;
///
/// let price: Rupees = "499.50".parse()?;
/// assert_eq!(price, Rupees::from_paise(49_950));
/// assert_eq!(serde_json::to_string(&price)?, "499.5");
/// assert_eq!(price.checked_add(Rupees::from_paise(50)), Some("500".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// EnKash documentation: *Create Order*, field `amount.value`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Rupees(Decimal);

/// Why a text or number is not a sum of [`Rupees`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum RupeesError {
    /// Not digits with at most one dot, such as `12,50` or `1e3`.
    NotANumber,
    /// More than fifteen significant digits, or with a fraction more than thirteen before the dot.
    TooManyDigits,
}

impl fmt::Display for RupeesError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotANumber => "an amount is written in digits with at most one dot, like 12.50",
            Self::TooManyDigits => {
                "an amount has at most fifteen digits, thirteen of them before the dot"
            }
        })
    }
}

impl std::error::Error for RupeesError {}

/// The largest whole number with fifteen digits.
const LARGEST_MANTISSA: u128 = 999_999_999_999_999;

impl Rupees {
    /// Nothing.
    pub const ZERO: Self = Self(Decimal::ZERO);

    /// A sum in paise, of which a hundred make a rupee.
    ///
    /// Any `i32` number of paise fits; for larger sums use [`Rupees::new`] or `parse`.
    #[must_use]
    pub fn from_paise(paise: i32) -> Self {
        Self(Decimal::new(i64::from(paise), 2).normalize())
    }

    /// Takes a decimal over.
    ///
    /// # Errors
    ///
    /// [`RupeesError::TooManyDigits`] beyond fifteen significant digits, or with a fraction from ten
    /// million million rupees on.
    pub fn new(sum: Decimal) -> Result<Self, RupeesError> {
        let sum = sum.normalize();
        // A mantissa of fifteen digits with a long scale (1e-20) would be a text of more.
        if sum.mantissa().unsigned_abs() > LARGEST_MANTISSA || sum.scale() > 15 {
            return Err(RupeesError::TooManyDigits);
        }
        // A fraction of a larger sum could be sent and not be read back; see `visit_f64`.
        if sum.scale() > 0 && sum.abs() >= Decimal::from(10_000_000_000_000_i64) {
            return Err(RupeesError::TooManyDigits);
        }
        Ok(Self(sum))
    }

    /// The sum as a decimal.
    #[must_use]
    pub fn decimal(self) -> Decimal {
        self.0
    }

    /// The sum of both, or `None` where it has too many digits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        self.0
            .checked_add(other.0)
            .and_then(|sum| Self::new(sum).ok())
    }

    /// The difference, or `None` where it has too many digits.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.0
            .checked_sub(other.0)
            .and_then(|sum| Self::new(sum).ok())
    }
}

impl fmt::Display for Rupees {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.0.scale() < 2 {
            write!(f, "{:.2}", self.0)
        } else {
            write!(f, "{}", self.0)
        }
    }
}

impl fmt::Debug for Rupees {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Rupees {
    type Err = RupeesError;

    fn from_str(text: &str) -> Result<Self, RupeesError> {
        let digits = text.strip_prefix('-').unwrap_or(text);
        let well_formed = match digits.split_once('.') {
            Some((whole, part)) => is_digits(whole) && is_digits(part),
            None => is_digits(digits),
        };
        if !well_formed {
            return Err(RupeesError::NotANumber);
        }
        // The text is a number, so all that can be wrong with it is its length.
        let sum = Decimal::from_str_exact(text).map_err(|_| RupeesError::TooManyDigits)?;
        Self::new(sum)
    }
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit())
}

impl Serialize for Rupees {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.0.scale() == 0
            && let Ok(whole) = i64::try_from(self.0.mantissa())
        {
            return serializer.serialize_i64(whole);
        }
        // Up to fifteen digits a decimal, the nearest binary number and its shortest text name
        // each other, so the text that is written is the sum that was held.
        let nearest: f64 = self
            .0
            .to_string()
            .parse()
            .map_err(serde::ser::Error::custom)?;
        serializer.serialize_f64(nearest)
    }
}

impl<'de> Deserialize<'de> for Rupees {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;

        impl serde::de::Visitor<'_> for Visitor {
            type Value = Rupees;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an amount in rupees")
            }

            fn visit_i64<E: serde::de::Error>(self, whole: i64) -> Result<Rupees, E> {
                Rupees::new(whole.into()).map_err(E::custom)
            }

            fn visit_u64<E: serde::de::Error>(self, whole: u64) -> Result<Rupees, E> {
                Rupees::new(whole.into()).map_err(E::custom)
            }

            fn visit_f64<E: serde::de::Error>(self, nearest: f64) -> Result<Rupees, E> {
                // By now the JSON parser has taken the number nearest to what was sent. Below
                // ten million million the two agree to less than a tenth of a paisa, and exactly
                // for a sum of fifteen digits or fewer; above that a paisa could be lost.
                if nearest.abs() >= 1e13 {
                    return Err(E::custom(RupeesError::TooManyDigits));
                }
                nearest.to_string().parse().map_err(E::custom)
            }

            fn visit_str<E: serde::de::Error>(self, text: &str) -> Result<Rupees, E> {
                text.parse().map_err(E::custom)
            }
        }

        deserializer.deserialize_any(Visitor)
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Rupees {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rupees".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "number"})
    }
}

/// The rule of a sum that is paid: one paisa or more, and no fraction of a paisa.
pub(crate) fn payable(sum: &Rupees) -> Result<(), Broken> {
    if sum.0 <= Decimal::ZERO {
        Err(Broken("must be at least 0.01 rupees"))
    } else if sum.0.scale() > 2 {
        Err(Broken("must have at most two decimals"))
    } else {
        Ok(())
    }
}

/// The rule of a sum that may be left out, with the least that it may be.
pub(crate) fn at_least(
    sum: Option<Rupees>,
    least: Rupees,
    rule: &'static str,
) -> Result<(), Broken> {
    if sum.is_some_and(|sum| sum < least) {
        Err(Broken(rule))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Rupees, String> {
        serde_json::from_str(json).map_err(|error| error.to_string())
    }

    #[test]
    fn reads_numbers_and_texts() {
        for (json, shown) in [
            ("1", "1.00"),
            ("0.1", "0.10"),
            ("20.15", "20.15"),
            ("\"20.15\"", "20.15"),
            ("\"-3.5\"", "-3.50"),
            ("0.1176", "0.1176"),
            ("1e3", "1000.00"),
            ("9999999999999.99", "9999999999999.99"),
        ] {
            assert_eq!(read(json).unwrap().to_string(), shown, "{json}");
        }
    }

    #[test]
    fn refuses_what_it_cannot_carry_exactly() {
        for json in [
            "\"12,50\"",
            "\"1e3\"",
            "\"\"",
            "\".5\"",
            "\"5.\"",
            "\"+5\"",
            "\" 5\"",
            "\"NaN\"",
            "1e400",
            "1e300",
            "1e-300",
            "99999999999999.999",
            "1000000000000001.5",
            "\"1234567890123456\"",
            "true",
            "null",
            "[1]",
        ] {
            assert!(read(json).is_err(), "{json}");
        }
    }

    #[test]
    fn sums_that_do_not_fit_are_none() {
        let most: Rupees = "999999999999999".parse().unwrap();
        assert_eq!(most.checked_add(Rupees::from_paise(100)), None);
        assert_eq!(most.checked_sub(most), Some(Rupees::ZERO));
    }

    #[test]
    fn goes_out_as_a_number() {
        for (text, json) in [
            ("100", "100"),
            ("100.00", "100"),
            ("20.15", "20.15"),
            ("0.01", "0.01"),
        ] {
            let sum: Rupees = text.parse().unwrap();
            assert_eq!(serde_json::to_string(&sum).unwrap(), json);
        }
    }
}
