//! What is kept of a text that has to be known again, and is not to be read.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// SHA-256 of a text.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hash([u8; 32]);

impl Hash {
    pub(crate) fn of(text: &str) -> Self {
        Self(Sha256::digest(text).into())
    }

    /// Sixteen digits of it.
    pub(crate) fn digits(&self) -> String {
        let number = self.0.iter().take(8);
        let number = number.fold(0, |number, byte| number << 8 | u64::from(*byte));
        format!("{:016}", number % 10_000_000_000_000_000)
    }
}

impl fmt::Display for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl Serialize for Hash {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Hash {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let digits = String::deserialize(deserializer)?;
        let mut hash = [0; 32];
        let bytes = (0..hash.len()).map(|at| {
            let pair = digits.get(2 * at..2 * at + 2);
            pair.and_then(|pair| u8::from_str_radix(pair, 16).ok())
        });
        for (byte, read) in hash.iter_mut().zip(bytes) {
            *byte = read.ok_or_else(|| serde::de::Error::custom("64 hexadecimal digits"))?;
        }
        Ok(Self(hash))
    }
}
