//! Files that are no files of payouts.

use crate::{HEADING, checked, csv, json_lines, read, told};

/// Rows of bytes, among which one is right.
fn with_good_row(wrong: &[u8]) -> Vec<u8> {
    let heading = b"transaction_id,amount,mode,beneficiary_id,remark\n";
    [heading, wrong, b"\nGOOD,5,NEFT,P1,\n"].concat()
}

#[test]
fn a_wrong_line_spoils_no_other() {
    let long = [b"A1,5,NEFT,P1,".as_slice(), &vec![b'x'; 700_000]].concat();
    let quoted = [b"A1,5,NEFT,P1,\"".as_slice(), &vec![b'x'; 70_000]].concat();
    let mut all = String::new();
    for wrong in [
        b"A1,5,NEFT,P1,\"Salary".as_slice(),
        b"A1,5,NEFT,P1,Sal\"ary",
        b"A1,\"5\"0,NEFT,P1,",
        b"A1,5,NEFT",
        b"A1,5,NEFT,P1,,,",
        b"A1,5,NEFT,P1,caf\xe9",
        b"A1\xff,5,NEFT,P\xe9,\"\xe9\"\"\"",
        b"A1,5,NEFT,P1,Sal\0ary",
        b"A1,5,NEFT,P1,Sal\tary",
        b"A1,5,NEFT,P1,Sal\rary",
        &long,
        &quoted,
    ] {
        let file = csv(with_good_row(wrong));
        assert_eq!(checked(&file).0.totals().all().rows, 1, "{}", told(&file));
        all += &told(&file);
    }
    insta::assert_snapshot!(all, @"
    line 2, remark: begins with a quote that is not closed in this line
    line 2, remark: holds a quote: a value with a quote in it stands in quotes, and has each of its own twice
    line 2, amount: holds a quote: a value with a quote in it stands in quotes, and has each of its own twice
    line 2: has 3 fields, and the heading has 5
    line 2: has 7 fields, and the heading has 5
    line 2, remark: holds a byte that is not UTF-8 (0xE9): save the file as UTF-8
    line 2, transaction_id: holds a byte that is not UTF-8 (0xFF): save the file as UTF-8
    line 2, beneficiary_id: holds a byte that is not UTF-8 (0xE9): save the file as UTF-8
    line 2, remark: holds a byte that is not UTF-8 (0xE9): save the file as UTF-8
    line 2, remark: must not hold a control character, like a tab or a NUL
    line 2, remark: must not hold a control character, like a tab or a NUL
    line 2, remark: must not hold a control character, like a tab or a NUL
    line 2: is longer than 65536 bytes, of which no row is
    line 2: is longer than 65536 bytes, of which no row is
    ");
}

#[test]
fn a_wrong_line_of_json_spoils_no_other() {
    let long = format!("{{\"remark\": \"{}\"}}", "x".repeat(700_000));
    let deep = "{\"remark\": ".to_owned() + &"[".repeat(10_000);
    let mut all = String::new();
    for wrong in [
        long.as_bytes(),
        deep.as_bytes(),
        b"{\"remark\": \"caf\xe9\"}",
        b"\0",
    ] {
        let good = br#"{"transaction_id":"GOOD","amount":5,"mode":"NEFT","beneficiary_id":"P1"}"#;
        let file = json_lines([wrong, b"\r\n", good].concat());
        assert_eq!(checked(&file).0.totals().all().rows, 1, "{}", told(&file));
        all += &told(&file);
    }
    insta::assert_snapshot!(all, @"
    line 1: is longer than 65536 bytes, of which no row is
    line 1: is not JSON, from its column 10011 on
    line 1: holds a byte that is not UTF-8 (0xE9): save the file as UTF-8
    line 1: is not JSON, from its column 1 on
    ");
}

#[test]
fn utf_16_is_named() {
    let text = "transaction_id,amount";
    for mark in ["\u{feff}", ""] {
        for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            let text = format!("{mark}{text}");
            let text: Vec<u8> = text.encode_utf16().flat_map(bytes).collect();
            let said = read(&csv(&text)).unwrap_err().to_string();
            assert_eq!(said, "the file is UTF-16: save it as CSV in UTF-8");
            let said = read(&json_lines(&text)).unwrap_err().to_string();
            assert_eq!(said, "the file is UTF-16: save it as JSON Lines in UTF-8");
        }
    }
}

#[test]
fn lines_are_whole_wherever_the_file_is_cut_to_be_read() {
    // Rows of many lengths, so that chunks end in all places of a row.
    let mut contents = HEADING.to_owned();
    for row in 0..20_000 {
        let remark = "x".repeat(row * 7 % 61);
        contents += &format!("\r\nSAL{row},{}.25,NEFT,P{row},,,,,{remark},", row + 1);
    }
    let all = read(&csv(&contents)).unwrap();
    assert_eq!(all.len(), 20_000);
    for (index, row) in all.iter().enumerate() {
        assert_eq!(row.line, index as u64 + 2);
        assert_eq!(row.transfer.transaction_id.as_str(), format!("SAL{index}"));
        assert_eq!(
            row.transfer.transfer_amount.to_string(),
            format!("{}.25", index + 1)
        );
        let remark = row
            .transfer
            .transfer_remark
            .as_ref()
            .map_or("", |remark| remark.as_str());
        assert_eq!(remark.len(), index * 7 % 61);
        assert!(row.problems.is_empty());
    }
}

#[test]
fn nothing_of_an_account_is_told() {
    for row in [
        "A1,5,NEFT,P1,Asha,50100123456789x-,EXAM0000001,,,",
        "A1,5,NEFT,P1,50100123456789,50100123456789,50100123456789,50100123456789,50100123456789,=50100123456789",
        "50100123456789,50100123456789x,50100123456789,50100123456789 ,,,,,,",
        "A1,5,NEFT,P1,\"50100123456789,\"50100123456789",
        "A1,5,NEFT,50100123456789\0,50100123456789,50100123456789,,,,,,,",
    ] {
        let file = csv(format!("{HEADING}\n{row}\n{row}\n"));
        let told = told(&file);
        assert!(!told.is_empty() && !told.contains("50100"), "{told}");
    }
    for line in [
        r#"{"account_number": 50100123456789}"#,
        r#"{"account_number": "50100123456789", "amount": "50100123456789", "mode": 50100123456789}"#,
        "50100123456789",
        r#"{"account_number": "50100123456789"#,
    ] {
        let told = told(&json_lines(line));
        assert!(!told.is_empty() && !told.contains("50100"), "{told}");
    }
    let shown = format!(
        "{:?}",
        read(&csv(format!(
            "{HEADING}\nA1,5,NEFT,P1,Asha,50100123456789,EXAM0000001,,,"
        )))
        .unwrap()
    );
    assert!(
        shown.contains("XXXXXXXXXX6789") && !shown.contains("50100123456789"),
        "{shown}"
    );
}
