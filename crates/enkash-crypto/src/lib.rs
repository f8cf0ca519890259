#![doc = include_str!("../README.md")]

use std::fmt;

use aes::Aes128;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyInit as _};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, Zeroizing};

/// The key that bodies are sealed with, both ways: the first 16 bytes of the SHA-256 digest of
/// the OAuth client secret. The seal is AES-128 in ECB mode with PKCS#5 padding, as base64.
///
/// It is wiped on drop and has no readable `Debug`.
///
/// EnKash documentation: *Payload API Encryption & Decryption Guide*; the derivation of the key
/// stands in its NodeJs sample alone.
#[derive(Clone)]
pub struct PayloadKey(Zeroizing<[u8; 16]>);

impl PayloadKey {
    /// The key that belongs to a client secret, taken as its UTF-8 bytes.
    #[must_use]
    pub fn from_client_secret(secret: &str) -> Self {
        let mut digest = Sha256::digest(secret);
        let mut key = Zeroizing::new([0; 16]);
        key.copy_from_slice(&digest[..16]);
        digest.as_mut_slice().zeroize();
        Self(key)
    }

    /// Seals the JSON text of a body. Give it the text, encoded once: the key knows nothing of
    /// JSON. The answer is standard base64. The same text is sealed the same each time.
    #[must_use]
    pub fn seal(&self, plain: &[u8]) -> String {
        let sealed =
            ecb::Encryptor::<Aes128>::new((&*self.0).into()).encrypt_padded_vec::<Pkcs7>(plain);
        BASE64.encode(sealed)
    }

    /// Opens what [`seal`](Self::seal) made.
    ///
    /// **A text that opens is not proven to be EnKash's.** Nothing is authenticated: a change to one
    /// of its blocks alters that block alone, blocks that change places open, and where the last one
    /// was altered about one in 256 still unpads. Accept it only if it also parses as what it should
    /// be, and do not tell anybody which of the two failed.
    ///
    /// # Errors
    ///
    /// [`OpenError`], which does not tell a wrong base64 from a wrong length or a wrong padding.
    pub fn open(&self, sealed: &str) -> Result<Vec<u8>, OpenError> {
        let sealed = BASE64.decode(sealed).map_err(|_| OpenError)?;
        ecb::Decryptor::<Aes128>::new((&*self.0).into())
            .decrypt_padded_vec::<Pkcs7>(&sealed)
            .map_err(|_| OpenError)
    }
}

impl fmt::Debug for PayloadKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PayloadKey([hidden])")
    }
}

/// A sealed text that does not open with this key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OpenError;

impl fmt::Display for OpenError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the sealed body does not open; check that the client secret is the one of this environment")
    }
}

impl std::error::Error for OpenError {}

/// Whether two texts are the same, in a time that does not tell where they differ. (That their
/// lengths differ does show.)
#[must_use]
pub fn constant_time_eq(a: &[u8], b: &[u8]) -> bool {
    a.ct_eq(b).into()
}
