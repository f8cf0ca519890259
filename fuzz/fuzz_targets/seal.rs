//! Opens any text with the payload key.

#![no_main]

use enkash_crypto::{PayloadKey, constant_time_eq};
use enkash_fuzz::seeds;
use enkash_transport::wire;
use libfuzzer_sys::fuzz_target;

fn key() -> PayloadKey {
    PayloadKey::from_client_secret("sandbox-client-secret")
}

fn seeds() -> Vec<Vec<u8>> {
    let plain = [
        &b""[..],
        b"{}",
        b"fifteen bytes..",
        b"sixteen bytes...",
        &[0; 64],
    ];
    let sealed = plain.iter().map(|plain| key().seal(plain).into_bytes());
    let bodies = plain
        .iter()
        .map(|plain| wire::sealed(key().seal(plain)).to_vec());
    sealed.chain(bodies).collect()
}

fuzz_target!(init: seeds::write(seeds()), |input: &[u8]| {
    let key = key();

    // As a body that came, as base64 that came, and as what base64 may hold.
    if let Some(sealed) = wire::unsealed(input) {
        let _ = key.open(&sealed);
    }
    if let Ok(text) = std::str::from_utf8(input)
        && let Ok(plain) = key.open(text)
    {
        assert_eq!(key.open(&key.seal(&plain)).as_ref(), Ok(&plain));
    }

    // Any bytes can be sealed, and open as what they were.
    let sealed = key.seal(input);
    assert!(sealed.len() <= input.len() / 3 * 4 + 64, "it grew");
    assert_eq!(key.open(&sealed).as_deref(), Ok(input));
    let (one, other) = input.split_at(input.len() / 2);
    assert_eq!(constant_time_eq(one, other), one == other);
});
