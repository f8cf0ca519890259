//! The seal against OpenSSL's.

use enkash_crypto::PayloadKey;

/// A client secret, a text, and what OpenSSL 3.0 makes of them:
///
/// ```sh
/// key=$(printf %s "$secret" | openssl dgst -sha256 -r | cut -c1-32)
/// printf %s "$text" | openssl enc -aes-128-ecb -K "$key" -base64 -A
/// ```
const VECTORS: &[(&str, &[u8], &str)] = &[
    // Secrets: none, not ASCII, and longer than a block of SHA-256.
    ("", b"", "/pKmd2Vv0BZzgUg/eEd/1w=="),
    ("", b"{}", "xg4zulL5L+2FupzD3AO2og=="),
    ("पासवर्ड", b"{}", "oc1Zry7wdjOeCyv7YSlz4w=="),
    (
        "a client secret that is far longer than a block of the digest it goes through, which is 64 bytes",
        b"{}",
        "C1Titaw85FJSgj6ClNEScg==",
    ),
    // Lengths around one block and two.
    (SECRET, b"", "/Xyp+jPqOUoJ6pkq022Azg=="),
    (SECRET, b"x", "cn+wVlw7pAxXFO+tabYuPA=="),
    (SECRET, &[b'x'; 15], "AFbnF3aWlV1o6/rspOjvNA=="),
    (
        SECRET,
        &[b'x'; 16],
        "xkELxJywuwyYzatmxkZlhP18qfoz6jlKCeqZKtNtgM4=",
    ),
    (
        SECRET,
        &[b'x'; 17],
        "xkELxJywuwyYzatmxkZlhHJ/sFZcO6QMVxTvrWm2Ljw=",
    ),
    (
        SECRET,
        &[b'x'; 31],
        "xkELxJywuwyYzatmxkZlhABW5xd2lpVdaOv67KTo7zQ=",
    ),
    (
        SECRET,
        &[b'x'; 32],
        "xkELxJywuwyYzatmxkZlhMZBC8ScsLsMmM2rZsZGZYT9fKn6M+o5SgnqmSrTbYDO",
    ),
    (
        SECRET,
        &[b'x'; 33],
        "xkELxJywuwyYzatmxkZlhMZBC8ScsLsMmM2rZsZGZYRyf7BWXDukDFcU761pti48",
    ),
    // Bodies, and what is no text at all.
    (SECRET, b"{}", "KBXi69FkedUgTk8ZGHL53w=="),
    (SECRET, "रुपया".as_bytes(), "XZ8jyACEUqLtPnmjmV17og=="),
    (SECRET, b"\x00\x01\xff\n", "iRxfoUEOvRVFRPbnBW0Dig=="),
    (
        SECRET,
        br#"{"cardAccountId":"CAQL8YCV3","companyId":"CEK1PU9AOO","enkashCardId":"EKCDM5AVZY"}"#,
        "B03gRhkERJIpjTPRIUmT44V9tQQeOINDTxHjBxPlMcrgSI127cg/sFronf1mgGN487+StBT+jxcH3NhrvXn6NZRJV7Ph1xVaEHr0YYsQU9pl99bt0/irEUbqiKfoR7i1",
    ),
    (
        SECRET,
        br#"{"beneficiaryId":"ASHA1","beneficiaryName":"Asha Stores","vpaHandle":"asha@examplebank"}"#,
        "ErGc37wVR0V4fmq0D4jWgPlHRk0E7VyQlIAHgDlLaJGyC9Dm1Ig/e43RbrlyujfSiewwdRdGKFZPDn456wupGl+ZnzVMIRGqp2U1Lbr0V6MHYdgCqqId+UKCXaXrSEWO",
    ),
];

const SECRET: &str = "sandbox-client-secret";

#[test]
fn agrees_with_openssl() {
    for (secret, text, sealed) in VECTORS {
        let key = PayloadKey::from_client_secret(secret);
        assert_eq!(key.seal(text), *sealed);
        assert_eq!(key.open(sealed).as_deref(), Ok(*text));
    }
}
