#![doc = include_str!("../README.md")]

use std::fmt;

use aes::cipher::block_padding::Pkcs7;
use aes::cipher::common::InnerInit as _;
use aes::cipher::{BlockCipherEncrypt as _, BlockModeDecrypt as _, KeyInit as _};
use aes::{Aes128, Block};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use sha2::{Digest as _, Sha256};
use subtle::ConstantTimeEq as _;
use zeroize::{Zeroize as _, Zeroizing};

/// Bytes of a block.
const BLOCK: usize = 16;

/// The key that bodies are sealed with, both ways: the first 16 bytes of the SHA-256 digest of
/// the OAuth client secret. The seal is AES-128 in ECB mode with PKCS#5 padding, as base64.
///
/// It is wiped on drop and has no readable `Debug`.
///
/// EnKash documentation: *Payload API Encryption & Decryption Guide*; the derivation of the key
/// stands in its NodeJs sample alone.
#[derive(Clone)]
pub struct PayloadKey(
    /// Set up once: for a short body that takes longer than sealing it.
    Aes128,
);

impl PayloadKey {
    /// The key that belongs to a client secret, taken as its UTF-8 bytes.
    #[must_use]
    pub fn from_client_secret(secret: &str) -> Self {
        let mut digest = Sha256::digest(secret);
        let mut key = Zeroizing::new([0; 16]);
        key.copy_from_slice(&digest[..16]);
        digest.as_mut_slice().zeroize();
        Self(Aes128::new((&*key).into()))
    }

    /// Seals the JSON text of a body. Give it the text, encoded once: the key knows nothing of
    /// JSON. The answer is standard base64. The same text is sealed the same each time.
    #[must_use]
    pub fn seal(&self, plain: &[u8]) -> String {
        // PKCS#5: what is missing of the last block, or a whole one, each byte of it the number of
        // those bytes. By hand, since all blocks at once are faster than by the `ecb` crate.
        let pad = BLOCK - plain.len() % BLOCK;
        let mut text = Vec::with_capacity(plain.len() + pad);
        text.extend_from_slice(plain);
        text.resize(plain.len() + pad, pad as u8);
        let (blocks, _) = Block::slice_as_chunks_mut(&mut text);
        self.0.encrypt_blocks(blocks);
        BASE64.encode(text)
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
        ecb::Decryptor::inner_init(&self.0)
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
