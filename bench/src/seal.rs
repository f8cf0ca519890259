//! What it costs to seal a body, against AES and base64 alone.

use std::hint::black_box;

use aes::cipher::{BlockCipherEncrypt as _, KeyInit as _};
use aes::{Aes128, Block};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use enkash_crypto::PayloadKey;
use sha2::{Digest as _, Sha256};

use crate::report::{Report, Row, Target, median, nanoseconds};

const SECRET: &str = "sandbox-client-secret";

/// A transfer as it travels, before it is sealed.
const TRANSFER: &str = r#"{"beneficiaryId":"EMP0000412","transactionId":"SALARY0000412","transferAmount":41250.5,"transferMode":"IMPS","transferRemark":"Salary of October","fundSourceId":"EKCI4XTWKC","debitAccountNumber":"200300400500"}"#;

pub(crate) fn measure(report: &mut Report) -> anyhow::Result<()> {
    let key = PayloadKey::from_client_secret(SECRET);
    let cipher = Aes128::new_from_slice(Sha256::digest(SECRET).get(..16).unwrap_or_default())?;
    let plain = TRANSFER.as_bytes();
    anyhow::ensure!(key.seal(plain) == by_hand(&cipher, plain));

    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..9 {
        ours.push(nanoseconds(3, 100_000, || {
            black_box(key.seal(black_box(plain)));
        }));
        theirs.push(nanoseconds(3, 100_000, || {
            black_box(by_hand(&cipher, black_box(plain)));
        }));
    }
    let (ours, theirs) = (median(ours), median(theirs));
    report.add(Row {
        what: "sealing the body of a transfer, against AES-128 and base64 by hand with the key set up",
        target: Target::AtMost(1.3),
        measured: ours / theirs,
        unit: "×",
        behind: format!("{ours:.0} ns and {theirs:.0} ns for {} bytes", plain.len()),
    });
    Ok(())
}

/// The same text: padded, encrypted block by block, as base64.
fn by_hand(cipher: &Aes128, plain: &[u8]) -> String {
    let pad = 16 - plain.len() % 16;
    let mut text = Vec::with_capacity(plain.len() + pad);
    text.extend_from_slice(plain);
    text.resize(plain.len() + pad, pad as u8);
    let (blocks, _) = Block::slice_as_chunks_mut(&mut text);
    cipher.encrypt_blocks(blocks);
    BASE64.encode(text)
}
