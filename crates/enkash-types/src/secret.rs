//! Values that may be sent, and must never be seen.

use std::cell::Cell;
use std::fmt;

use garde::Validate;
use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::valid::Broken;

/// A key, password, token, card number, CVV, OTP or PIN.
///
/// It is written out by `Serialize`, which is how it reaches the wire, and by nothing else:
/// `Debug` shows `[hidden]`, there is no `Display`, and the memory is wiped on drop.
/// Inside [`masked`] even `Serialize` writes `[hidden]`, but for an empty one: that hides nothing.
#[derive(Clone, Deserialize)]
#[serde(from = "String")]
pub struct Secret(SecretString);

/// What stands in place of a secret wherever a person may look.
pub const HIDDEN: &str = "[hidden]";

impl Secret {
    /// Takes a text over as a secret.
    pub fn new(text: impl Into<String>) -> Self {
        Self(SecretString::from(text.into()))
    }

    /// The text itself. Every use is a place to look at when secrets are reviewed.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl From<String> for Secret {
    fn from(text: String) -> Self {
        Self::new(text)
    }
}

impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(HIDDEN)
    }
}

impl Serialize for Secret {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if is_masking() && !self.expose().is_empty() {
            serializer.serialize_str(HIDDEN)
        } else {
            serializer.serialize_str(self.expose())
        }
    }
}

/// A secret that is sent has to be there.
impl Validate for Secret {
    type Context = ();

    fn validate_into(
        &self,
        (): &(),
        parent: &mut dyn FnMut() -> garde::Path,
        report: &mut garde::Report,
    ) {
        if self.expose().is_empty() {
            report.append(parent(), Broken::EMPTY.into());
        }
    }
}

#[cfg(feature = "schema")]
impl schemars::JsonSchema for Secret {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Secret".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({"type": "string", "format": "password"})
    }
}

thread_local! {
    static MASKING: Cell<bool> = const { Cell::new(false) };
}

pub(crate) fn is_masking() -> bool {
    MASKING.get()
}

/// Serializes a value as a person may see it: every [`Secret`] as `[hidden]`, every
/// [`CardNumber`](crate::CardNumber) with its first six and last four digits at most, every
/// [`AccountNumber`](crate::AccountNumber) with its last four characters alone.
///
/// # Errors
///
/// Those of the value's own `Serialize`.
pub fn masked<T: Serialize + ?Sized>(value: &T) -> Result<serde_json::Value, serde_json::Error> {
    masking(|| serde_json::to_value(value))
}

/// As [`masked`], as a JSON text: for a log that is rarely read, at a fraction of the time.
///
/// # Errors
///
/// Those of the value's own `Serialize`.
pub fn masked_text<T: Serialize + ?Sized>(value: &T) -> Result<Box<RawValue>, serde_json::Error> {
    masking(|| serde_json::value::to_raw_value(value))
}

fn masking<T>(serialize: impl FnOnce() -> T) -> T {
    /// Ends the masking even if the value's `Serialize` unwinds.
    struct Masking(bool);
    impl Drop for Masking {
        fn drop(&mut self) {
            MASKING.set(self.0);
        }
    }
    let _masking = Masking(MASKING.replace(true));
    serialize()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_written_to_the_wire_and_nowhere_else() {
        let secret = Secret::new("s3cr3t");
        assert_eq!(serde_json::to_string(&secret).unwrap(), r#""s3cr3t""#);
        assert_eq!(format!("{secret:?}"), "[hidden]");
        assert_eq!(masked(&secret).unwrap(), HIDDEN);
        assert_eq!(masked_text(&secret).unwrap().get(), r#""[hidden]""#);
        assert_eq!(masked(&Secret::new("")).unwrap(), "");
        assert_eq!(
            serde_json::to_value(&secret).unwrap(),
            "s3cr3t",
            "masking ends with the call"
        );
    }
}
