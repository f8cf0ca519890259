//! Texts that mean something, one type each.
//!
//! A text type holds whatever it was given: answers are read leniently, and a wrong request is to
//! be told every one of its faults at once. Its rule is kept by `Validate`, and by `parse()` for
//! those who want to know at once.

use std::fmt;

use crate::secret::is_masking;
use crate::valid::Broken;

/// Declares a text type: its documentation, its rule, and what its JSON Schema adds.
macro_rules! text {
    (
        $(#[$meta:meta])*
        $name:ident, check: $check:expr, schema: $schema:tt
    ) => {
        $(#[$meta])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// The text as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        $crate::text::ruled! { $name, read: as_str, check: $check, schema: $schema }
    };
}

/// As [`text`], for a text that is a [`Secret`](crate::Secret).
macro_rules! secret_text {
    (
        $(#[$meta:meta])*
        $name:ident, check: $check:expr, schema: $schema:tt
    ) => {
        $(#[$meta])*
        #[derive(Clone, serde::Deserialize)]
        #[serde(transparent)]
        pub struct $name($crate::secret::Secret);

        impl $name {
            /// The text itself. Every use is a place to look at when secrets are reviewed.
            #[must_use]
            pub fn expose(&self) -> &str {
                self.0.expose()
            }
        }

        $crate::text::ruled! { $name, read: expose, check: $check, schema: $schema }
    };
}

/// What every text type has: how it is made, and how its rule is kept.
///
/// All of it is inlined, here and in the macros like this one, so that a program compiles what it
/// uses, and no more of the hundreds of types that there are.
macro_rules! ruled {
    ($name:ident, read: $read:ident, check: $check:expr, schema: $schema:tt) => {
        impl $name {
            /// Takes a text over without checking it; `Validate` and [`check`](Self::check) do that.
            pub fn new(text: impl Into<String>) -> Self {
                Self::from(text.into())
            }

            /// Checks the text against its rule.
            ///
            /// # Errors
            ///
            /// The rule in words, without the text.
            #[inline]
            pub fn check(&self) -> Result<(), $crate::valid::Broken> {
                let check: fn(&str) -> Result<(), $crate::valid::Broken> = $check;
                check(self.$read())
            }
        }

        impl From<&str> for $name {
            #[inline]
            fn from(text: &str) -> Self {
                Self(text.into())
            }
        }

        impl From<String> for $name {
            #[inline]
            fn from(text: String) -> Self {
                Self(text.into())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::valid::Broken;

            #[inline]

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let text = Self::new(text);
                text.check()?;
                Ok(text)
            }
        }

        impl garde::Validate for $name {
            type Context = ();

            #[inline]

            fn validate_into(
                &self,
                (): &(),
                parent: &mut dyn FnMut() -> garde::Path,
                report: &mut garde::Report,
            ) {
                if let Err(broken) = self.check() {
                    report.append(parent(), broken.into());
                }
            }
        }

        #[cfg(feature = "schema")]
        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn inline_schema() -> bool {
                true
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!($schema)
            }
        }
    };
}

/// Adds what a text type has that may be shown in full.
macro_rules! shown_text {
    ($($tokens:tt)*) => {
        $crate::text::text! { $($tokens)* }
        $crate::text::shown! { $($tokens)* }
    };
}

macro_rules! shown {
    ($(#[$meta:meta])* $name:ident, $($rest:tt)*) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl std::fmt::Debug for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                std::fmt::Debug::fmt(&self.0, f)
            }
        }

        impl std::fmt::Display for $name {
            #[inline]
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}

pub(crate) use {ruled, secret_text, shown, shown_text, text};

/// The rule of an id that EnKash mints: there is one. Its shape is not promised, so it is opaque.
pub(crate) fn not_empty(text: &str) -> Result<(), Broken> {
    if text.is_empty() {
        Err(Broken::EMPTY)
    } else {
        Ok(())
    }
}

/// The rule of an id that EnKash mints and that stands in the address of a call, where a dot or
/// two would lead elsewhere.
pub(crate) fn part_of_a_path(text: &str) -> Result<(), Broken> {
    not_empty(text)?;
    if matches!(text, "." | "..") {
        Err(Broken("must not be \".\" or \"..\""))
    } else {
        Ok(())
    }
}

/// The rule of an id that the merchant mints and that is documented as letters and digits.
///
/// The documentation does not say which alphabet; an id is taken to be ASCII.
pub(crate) fn letters_and_digits(text: &str) -> Result<(), Broken> {
    not_empty(text)?;
    if every_byte(text, |b| b.is_ascii_alphanumeric()) {
        Ok(())
    } else {
        Err(Broken("must be letters and digits only"))
    }
}

/// Whether a character is a letter, where the documentation says "letters" and not of which
/// alphabet: of ASCII the letters alone; of all else what is no blank, digit or control character.
pub(crate) fn is_letter(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphabetic()
    } else {
        !(c.is_whitespace() || c.is_control() || c.is_numeric())
    }
}

/// The rule of a company's id on the pages that give it a pattern.
pub(crate) fn company_id_of_cek(id: &CompanyId) -> Result<(), Broken> {
    let kept = id.as_str().strip_prefix("CEK").is_some_and(|rest| {
        rest.len() == 7
            && rest
                .bytes()
                .all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
    });
    if kept {
        Ok(())
    } else {
        Err(Broken("must be CEK and seven capital letters or digits"))
    }
}

/// The rule of an account's number on the pages that give it an alphabet.
pub(crate) fn account_of_letters_and_digits(text: &str) -> Result<(), Broken> {
    match text.len() {
        9..=36 if every_byte(text, |b| b.is_ascii_alphanumeric()) => Ok(()),
        _ => Err(Broken("must be 9 to 36 letters and digits")),
    }
}

/// The rule of an IFSC on the pages that take small letters as well.
pub(crate) fn ifsc_in_either_case(text: &str) -> Result<(), Broken> {
    if is_ifsc(text, u8::is_ascii_alphabetic) {
        Ok(())
    } else {
        Err(Broken(
            "must be an IFSC: four letters, a zero, six letters or digits",
        ))
    }
}

/// As `text.bytes().all(…)`, without stopping at the first that fails: most texts are right and
/// short, and a loop without a way out is compiled to vector instructions.
fn every_byte(text: &str, kept: impl Fn(u8) -> bool) -> bool {
    text.bytes().fold(true, |so_far, b| so_far & kept(b))
}

/// Whether a text holds no blank and no control character, of whatever alphabet.
fn has_no_blank(text: &str) -> bool {
    if text.is_ascii() {
        every_byte(text, |b| b.is_ascii_graphic())
    } else {
        !text.contains(|c: char| c.is_whitespace() || c.is_control())
    }
}

shown_text! {
    /// The code of a bank branch, as it stands on a cheque: four capital letters for the bank, a
    /// zero, six capital letters or digits for the branch.
    ///
    /// ```
    /// use enkash_types::Ifsc;
    ///
    /// assert!("KKBK0000432".parse::<Ifsc>().is_ok());
    /// assert!("kkbk0000432".parse::<Ifsc>().is_err());
    /// ```
    ///
    /// EnKash documentation: *Create Order*, field `paymentDetail.ifsc`.
    Ifsc,
    check: ifsc,
    schema: {
        "type": "string",
        "pattern": "^[A-Z]{4}0[A-Z0-9]{6}$",
        "minLength": 11,
        "maxLength": 11
    }
}

fn ifsc(text: &str) -> Result<(), Broken> {
    if is_ifsc(text, u8::is_ascii_uppercase) {
        Ok(())
    } else {
        Err(Broken(
            "must be an IFSC: four capital letters, a zero, six capital letters or digits",
        ))
    }
}

fn is_ifsc(text: &str, is_letter: fn(&u8) -> bool) -> bool {
    match text.as_bytes() {
        [bank @ .., b'0', b1, b2, b3, b4, b5, b6] if bank.len() == 4 => {
            bank.iter().all(is_letter)
                && [b1, b2, b3, b4, b5, b6]
                    .into_iter()
                    .all(|b| is_letter(b) || b.is_ascii_digit())
        }
        _ => false,
    }
}

text! {
    /// The number of a bank account, 9 to 36 characters.
    ///
    /// `Debug` and `Display` show its last four characters; [`as_str`](Self::as_str) and the wire
    /// have all of it.
    ///
    /// ```
    /// use enkash_types::AccountNumber;
    ///
    /// let number = AccountNumber::new("123456789012");
    /// assert_eq!(number.to_string(), "XXXXXXXX9012");
    /// ```
    ///
    /// EnKash documentation: *Create Order*, field `paymentDetail.accountNumber`, which gives the
    /// length alone; no alphabet is documented.
    AccountNumber,
    check: |text| match text.chars().count() {
        9..=36 => Ok(()),
        _ => Err(Broken("must be 9 to 36 characters")),
    },
    schema: {"type": "string", "minLength": 9, "maxLength": 36}
}

impl fmt::Display for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let length = self.0.chars().count();
        // A text shorter than an account number can be is hidden whole.
        let hidden = if length < 9 { length } else { length - 4 };
        for (index, c) in self.0.chars().enumerate() {
            fmt::Write::write_char(f, if index < hidden { 'X' } else { c })?;
        }
        Ok(())
    }
}

impl fmt::Debug for AccountNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "\"{self}\"")
    }
}

impl serde::Serialize for AccountNumber {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if is_masking() {
            serializer.collect_str(self)
        } else {
            serializer.serialize_str(&self.0)
        }
    }
}

shown_text! {
    /// An e-mail address.
    ///
    /// The documentation asks for "a valid address" and gives no pattern. Only what no address
    /// can lack is checked: one `@` with text on both sides, a dot inside the domain, no blanks.
    ///
    /// EnKash documentation: *Create Order*, field `customerInfo.email`.
    Email,
    check: |text| {
        let kept = text
            .split_once('@')
            .is_some_and(|(local, domain)| !local.is_empty() && is_domain(domain));
        if kept && has_no_blank(text) {
            Ok(())
        } else {
            Err(Broken("must be an e-mail address"))
        }
    },
    schema: {"type": "string", "format": "email"}
}

/// Labels between dots, two at least, none of them empty, and no `@`.
fn is_domain(text: &str) -> bool {
    let (mut before, mut dots) = (b'.', 0);
    for b in text.bytes() {
        if b == b'@' || (b == b'.' && before == b'.') {
            return false;
        }
        dots += u32::from(b == b'.');
        before = b;
    }
    dots > 0 && before != b'.'
}

shown_text! {
    /// A UPI address, like `asha@examplebank`: a name, one `@`, and a handle.
    ///
    /// The payment gateway's pages give no pattern. Only what no UPI address can lack is checked:
    /// one `@` with text on both sides, no blanks. Whether it exists is told by
    /// `verify_upi_vpa`.
    ///
    /// EnKash documentation: *Submit Payment Request*, *Verify UPI VPA*, fields `vpa`.
    Vpa,
    check: |text| {
        let kept = text.split_once('@').is_some_and(|(name, handle)| {
            !name.is_empty() && !handle.is_empty() && !handle.contains('@')
        });
        if kept && has_no_blank(text) {
            Ok(())
        } else {
            Err(Broken("must be a UPI address: a name, one @ and a handle, without blanks"))
        }
    },
    schema: {"type": "string"}
}

shown_text! {
    /// A phone number without the `+91` prefix.
    ///
    /// That the prefix is left out is all that the documentation says of it.
    ///
    /// EnKash documentation: *Create Order*, field `customerInfo.phoneNumber`.
    PhoneNumber,
    check: |text| {
        not_empty(text)?;
        if text.starts_with("+91") {
            Err(Broken("must be written without +91"))
        } else {
            Ok(())
        }
    },
    schema: {"type": "string"}
}

shown_text! {
    /// A mobile number: ten digits, with or without a country code before them, or an empty text
    /// for none.
    ///
    /// ```
    /// use enkash_types::MobileNumber;
    ///
    /// assert!("0000000000".parse::<MobileNumber>().is_ok());
    /// assert!("+91 0000000000".parse::<MobileNumber>().is_ok());
    /// assert!("910000000000".parse::<MobileNumber>().is_err());
    /// ```
    ///
    /// EnKash documentation: *Create Customer* (of QR codes), fields `contactNumber` and
    /// `customerKeyContacts[].mobile`.
    MobileNumber,
    check: mobile_number,
    schema: {"type": "string", "pattern": "^$|^((\\+|00)(\\d{1,3})[\\s-]?)?(\\d{10})$"}
}

fn mobile_number(text: &str) -> Result<(), Broken> {
    let Some((before, digits)) = text.as_bytes().split_last_chunk::<10>() else {
        return match text {
            "" => Ok(()),
            _ => Err(NO_MOBILE_NUMBER),
        };
    };
    let code = match before {
        [code @ .., b'-' | b' ' | b'\t'..=b'\r'] => code,
        code => code,
    };
    let code = code.strip_prefix(b"+").or_else(|| code.strip_prefix(b"00"));
    let has_code =
        code.is_some_and(|code| matches!(code.len(), 1..=3) && code.iter().all(u8::is_ascii_digit));
    if digits.iter().all(u8::is_ascii_digit) && (before.is_empty() || has_code) {
        Ok(())
    } else {
        Err(NO_MOBILE_NUMBER)
    }
}

const NO_MOBILE_NUMBER: Broken = Broken("must be ten digits, with or without a country code");

shown_text! {
    /// The address of a web page or of a listener: `http://` or `https://` and a host.
    WebAddress,
    check: |text| {
        let host = text
            .strip_prefix("https://")
            .or_else(|| text.strip_prefix("http://"));
        let kept = host.is_some_and(|host| !matches!(host.as_bytes(), [] | [b'/' | b'?' | b'#', ..]));
        if kept && has_no_blank(text) {
            Ok(())
        } else {
            Err(Broken("must be an address that begins with https:// or http://"))
        }
    },
    schema: {"type": "string", "pattern": "^https?://[^/?#\\s]\\S*$"}
}

shown_text! {
    /// The name of a person, letters only.
    ///
    /// The documentation does not say which alphabet. Of ASCII only letters pass; of all else
    /// blanks, digits and control characters are refused.
    ///
    /// EnKash documentation: *Create Order*, fields `customerInfo.firstName` and `.lastName`.
    PersonName,
    check: |text| {
        not_empty(text)?;
        let kept = if text.is_ascii() {
            every_byte(text, |b| b.is_ascii_alphabetic())
        } else {
            text.chars().all(is_letter)
        };
        if kept {
            Ok(())
        } else {
            Err(Broken("must be letters only"))
        }
    },
    // What is refused of ASCII; the rest cannot be said in every dialect of patterns.
    schema: {"type": "string", "pattern": "^[^\\x00-@\\[-`{-\\x7F]+$"}
}

shown_text! {
    /// The id of a company, minted by EnKash at onboarding (its examples look like `CEKFOWV7UQ`).
    /// The OAuth calls take it as `clientId`.
    CompanyId,
    check: not_empty,
    schema: {"type": "string"}
}

shown_text! {
    /// A date and time as EnKash wrote it.
    ///
    /// Its schemas say ISO 8601 (`2026-04-01T10:00:00.000+00:00`), its newest examples show
    /// `yyyy-MM-dd HH:mm:ss` without a zone. Which zone that means is not documented, so the text
    /// is kept as it came and nothing is made of it here.
    DateTime,
    check: not_empty,
    schema: {"type": "string"}
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_number_shows_its_last_four_alone() {
        let number = AccountNumber::new("50100123456789");
        assert_eq!(
            format!("{number} {number:?}"),
            "XXXXXXXXXX6789 \"XXXXXXXXXX6789\""
        );
        assert_eq!(AccountNumber::new("12345678").to_string(), "XXXXXXXX");
        assert_eq!(serde_json::to_value(&number).unwrap(), "50100123456789");
        assert_eq!(crate::masked(&number).unwrap(), "XXXXXXXXXX6789");
    }

    #[test]
    fn each_rule_by_example() {
        assert!(Email::new("asha@example.in").check().is_ok());
        for wrong in [
            "",
            "@example.in",
            "asha@",
            "asha@example",
            "a@b@c.in",
            "a b@c.in",
            "a@c..in",
        ] {
            assert!(Email::new(wrong).check().is_err(), "{wrong}");
        }
        assert!(Vpa::new("asha.r-1@examplebank").check().is_ok());
        for wrong in [
            "",
            "asha",
            "@examplebank",
            "asha@",
            "a@b@c",
            "as ha@examplebank",
        ] {
            assert!(Vpa::new(wrong).check().is_err(), "{wrong}");
        }
        assert!(PhoneNumber::new("+910000000000").check().is_err());
        assert!(
            WebAddress::new("https://shop.example.in/done?x=1")
                .check()
                .is_ok()
        );
        for wrong in [
            "",
            "shop.example.in",
            "ftp://shop.example.in",
            "https://",
            "https:///x",
            "https://a b",
        ] {
            assert!(WebAddress::new(wrong).check().is_err(), "{wrong}");
        }
        assert!(PersonName::new("Asha").check().is_ok());
        assert!(PersonName::new("प्रिया").check().is_ok());
        for wrong in ["", "Asha R", "Asha1", "O'Brien", "=1+1"] {
            assert!(PersonName::new(wrong).check().is_err(), "{wrong}");
        }
    }
}
