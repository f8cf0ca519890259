//! Which file it was.

use std::fmt;
use std::str::FromStr;

use sha2::{Digest as _, Sha256};

/// The SHA-256 of all that a source holds, by which a file that was changed is known.
///
/// Of a file it is what `sha256sum` prints.
///
/// ```
/// use enkash_bulk::file::Fingerprint;
///
/// let fingerprint = Fingerprint::of(b"transaction_id,amount,mode,vpa\n");
/// assert_eq!(fingerprint.to_string().parse(), Ok(fingerprint));
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// The fingerprint of some bytes.
    #[must_use]
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl From<[u8; 32]> for Fingerprint {
    fn from(sha256: [u8; 32]) -> Self {
        Self(sha256)
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text is no [`Fingerprint`]: that is 64 hexadecimal digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoFingerprint;

impl fmt::Display for NoFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a fingerprint is 64 hexadecimal digits")
    }
}

impl std::error::Error for NoFingerprint {}

impl FromStr for Fingerprint {
    type Err = NoFingerprint;

    fn from_str(text: &str) -> Result<Self, NoFingerprint> {
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        let mut sha256 = [0; 32];
        if pairs.len() != sha256.len() || !rest.is_empty() {
            return Err(NoFingerprint);
        }
        let digit = |byte: u8| {
            char::from(byte)
                .to_digit(16)
                .and_then(|d| u8::try_from(d).ok())
        };
        for (byte, [high, low]) in sha256.iter_mut().zip(pairs) {
            let (high, low) = (digit(*high), digit(*low));
            *byte = high
                .zip(low)
                .map(|(high, low)| high << 4 | low)
                .ok_or(NoFingerprint)?;
        }
        Ok(Self(sha256))
    }
}
