//! A file that somebody saves between two readings of it.

use std::fs;

use enkash_bulk::check::CheckError;
use enkash_bulk::file::{Fingerprint, PayoutFile, ReadError};

use crate::{HEADING, accepted, checked, csv};

/// A file of half a megabyte, which is read in several parts.
fn large() -> String {
    let rows = (0..10_000)
        .map(|row| format!("SAL{row:05},5,NEFT,P1,,,,,{:=>20},\n", "").replace('=', "x"));
    format!("{HEADING}\n{}", rows.collect::<String>())
}

#[test]
fn a_file_is_known_by_its_bytes() {
    let (checked, _) = checked(&csv(
        "\u{feff}transaction_id,amount,mode,vpa\r\nA1,5,UPI,a@b",
    ));
    assert_eq!(
        checked.fingerprint(),
        Fingerprint::of("\u{feff}transaction_id,amount,mode,vpa\r\nA1,5,UPI,a@b".as_bytes())
    );
    insta::assert_snapshot!(checked.fingerprint(), @"39f2ad9b306852e52ed86a7b545ed799f94d23c7956d2902e57c5168941670d3");
    assert!("12".parse::<Fingerprint>().is_err());
    assert!("g".repeat(64).parse::<Fingerprint>().is_err());
}

#[test]
fn a_row_that_was_changed_after_the_check_is_never_given_out() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payouts.csv");
    let contents = large();
    for (what, changed, most) in [
        (
            "another amount near the end",
            contents.replacen("SAL09990,5,", "SAL09990,9,", 1),
            9_990,
        ),
        (
            "another amount at the beginning",
            contents.replacen("SAL00000,5,", "SAL00000,9,", 1),
            0,
        ),
        (
            "a row more",
            contents.clone() + "SAL10000,5,NEFT,P1,,,,,,\n",
            9_999,
        ),
        (
            "a row less",
            contents
                .lines()
                .take(10_000)
                .map(|line| format!("{line}\n"))
                .collect(),
            9_999,
        ),
        (
            "one byte less",
            contents[..contents.len() - 1].to_owned(),
            9_999,
        ),
    ] {
        fs::write(&path, &contents).unwrap();
        let file = PayoutFile::new(&path).unwrap();
        let (checked, _) = checked(&file);
        assert_eq!(accepted(&checked, &file).len(), 10_000, "{what}");

        fs::write(&path, &changed).unwrap();
        let mut given = 0;
        let end = match checked.accepted(&file) {
            Ok(mut rows) => loop {
                match rows.next() {
                    Some(Ok(row)) => {
                        assert_eq!(row.transfer.transfer_amount.to_string(), "5.00", "{what}");
                        given += 1;
                    }
                    end => break end.map(Result::unwrap_err),
                }
            },
            Err(error) => Some(error),
        };
        assert!(
            matches!(end, Some(CheckError::Read(ReadError::Changed))),
            "{what}: {end:?}"
        );
        assert!(given <= most, "{what}: {given}");

        // Another reader of the file takes it as it is now, and knows that it is another.
        let now = PayoutFile::new(&path).unwrap();
        assert_ne!(
            crate::checked(&now).0.fingerprint(),
            checked.fingerprint(),
            "{what}"
        );
    }
}

#[test]
fn refused_rows_are_not_written_of_a_file_that_was_changed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("payouts.csv");
    fs::write(&path, format!("{HEADING}\nA1,0,NEFT,P1,,,,,,\n")).unwrap();
    let file = PayoutFile::new(&path).unwrap();
    let (checked, _) = checked(&file);
    fs::write(&path, format!("{HEADING}\nA2,0,NEFT,P1,,,,,,\n")).unwrap();
    let mut out = Vec::new();
    let error = checked.write_refused(&file, &mut out).unwrap_err();
    assert!(matches!(error, CheckError::Read(ReadError::Changed)));
    assert!(out.is_empty());
}
