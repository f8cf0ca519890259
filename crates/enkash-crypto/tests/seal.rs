//! What the seal does, and what it does not do.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use enkash_crypto::{OpenError, PayloadKey, constant_time_eq};
use proptest::prelude::*;

fn key() -> PayloadKey {
    PayloadKey::from_client_secret("sandbox-client-secret")
}

#[test]
fn a_text_of_another_key_does_not_open() {
    let sealed = PayloadKey::from_client_secret("another-secret").seal(b"{}");
    assert_eq!(key().open(&sealed), Err(OpenError));
}

#[test]
fn why_a_text_does_not_open_is_not_told() {
    let sealed = key().seal(br#"{"beneficiaryId":"BEN1"}"#);
    let bytes = BASE64.decode(&sealed).unwrap();
    let (_, short) = bytes.split_last().unwrap();
    // Two blocks of text make three, the last of which is padding alone.
    let padded = BASE64.decode(key().seal(&[b'x'; 32])).unwrap();
    for not_sealed in [
        String::new(),
        "?".to_owned(),
        sealed.trim_end_matches('=').to_owned(),
        format!("{sealed}\n"),
        BASE64.encode(short),
        BASE64.encode(&padded[..32]),
    ] {
        let error = key().open(&not_sealed).unwrap_err();
        assert_eq!(
            (format!("{error:?}"), error.to_string()),
            (
                "OpenError".to_owned(),
                "the sealed body does not open; check that the client secret is the one of this environment"
                    .to_owned()
            ),
            "{not_sealed}"
        );
    }
}

#[test]
fn what_the_documentation_says_of_ecb_is_so() {
    let block = |letter: u8| [letter; 16];
    let blocks = |text: &[u8]| BASE64.decode(key().seal(text)).unwrap();

    let equal = blocks(&[block(b'a'), block(b'a')].concat());
    assert_eq!(equal[..16], equal[16..32], "equal blocks show");

    let mut swapped = blocks(&[block(b'a'), block(b'b')].concat());
    swapped[..32].rotate_left(16);
    assert_eq!(
        key().open(&BASE64.encode(&swapped)),
        Ok([block(b'b'), block(b'a')].concat()),
        "blocks that changed places open"
    );
    assert_eq!(
        key().open(&BASE64.encode(&swapped[16..])),
        Ok(block(b'a').to_vec()),
        "and so does what is left"
    );
}

#[test]
fn nothing_secret_shows() {
    assert_eq!(format!("{:?}", key()), "PayloadKey([hidden])");
}

#[test]
fn comparison_is_by_value() {
    assert!(constant_time_eq(b"abc", b"abc"));
    assert!(!constant_time_eq(b"abc", b"abd"));
    assert!(!constant_time_eq(b"abc", b"ab"));
    assert!(constant_time_eq(b"", b""));
}

/// A text of any length, most often of a few blocks.
fn text() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        8 => prop::collection::vec(any::<u8>(), 0..80),
        1 => prop::collection::vec(any::<u8>(), 80..5_000),
    ]
}

proptest! {
    #[test]
    fn any_text_survives(plain in text(), secret: String) {
        let key = PayloadKey::from_client_secret(&secret);
        let sealed = key.seal(&plain);
        // Whole blocks, at least one byte of padding.
        let blocks = plain.len() / 16 + 1;
        prop_assert_eq!(sealed.len(), (blocks * 16).div_ceil(3) * 4);
        prop_assert_eq!(key.open(&sealed), Ok(plain));
    }

    #[test]
    fn any_text_may_be_tried(sealed: String, bytes: Vec<u8>) {
        let _ = key().open(&sealed);
        let _ = key().open(&BASE64.encode(bytes));
    }

    #[test]
    fn an_altered_text_opens_as_another_or_not_at_all(
        plain in text(),
        place: prop::sample::Index,
        change in 1..=u8::MAX,
    ) {
        let mut bytes = BASE64.decode(key().seal(&plain)).unwrap();
        let place = place.index(bytes.len());
        bytes[place] ^= change;
        let opened = key().open(&BASE64.encode(bytes));
        prop_assert_ne!(&opened, &Ok(plain.clone()));
        // What comes before the altered block is as it was: nothing notices.
        let before = place / 16 * 16;
        if let Ok(opened) = opened {
            prop_assert_eq!(&opened[..before], &plain[..before]);
        }
    }

    #[test]
    fn a_text_that_is_cut_opens_only_at_the_end_of_a_block(plain in text(), cut: prop::sample::Index) {
        let bytes = BASE64.decode(key().seal(&plain)).unwrap();
        let cut = cut.index(bytes.len());
        let opened = key().open(&BASE64.encode(&bytes[..cut]));
        prop_assert!(opened.is_err() || cut % 16 == 0 && cut > 0);
    }
}
