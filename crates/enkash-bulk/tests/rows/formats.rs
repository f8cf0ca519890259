//! One file in its many forms.

use enkash_api::types::Rupees;
use enkash_api::types::payouts::{
    BeneficiaryDetail, CreateBeneficiary, CreateTransfer, TransferMode,
};
use enkash_bulk::file::{Column, Format, PayoutFile, ReadError};

use crate::{HEADING, csv, json_lines, read, rows, told};

#[test]
fn a_row_becomes_a_transfer_and_its_payee() {
    let file = rows(&[
        "SAL1,1250.50,IMPS,ASHA1,Asha Rao,123456789012,EXAM0000001,,Salary May,2026-05/1",
        "SAL2,80,UPI,RAVI1,Ravi Das,,,ravi@examplebank,,",
        "SAL3,7,NEFT,MINA1,,,,,,",
        "SAL4,9,UPI,,,,,mina@examplebank,,",
    ]);
    let mut to_account = transfer("SAL1", "1250.50", TransferMode::Imps, "ASHA1");
    to_account.transfer_remark = Some("Salary May".into());
    to_account.reference = Some("2026-05/1".to_owned());
    let asha = CreateBeneficiary::to_account("ASHA1", "Asha Rao", "123456789012", "EXAM0000001");
    let mina = BeneficiaryDetail::to_vpa("mina@examplebank");
    let expected = [
        (2, to_account, Some(asha)),
        (
            3,
            transfer("SAL2", "80", TransferMode::Upi, "RAVI1"),
            Some(CreateBeneficiary::to_vpa(
                "RAVI1",
                "Ravi Das",
                "ravi@examplebank",
            )),
        ),
        (4, transfer("SAL3", "7", TransferMode::Neft, "MINA1"), None),
        (
            5,
            CreateTransfer::inline("SAL4", rupees("9"), TransferMode::Upi, mina),
            None,
        ),
    ];
    let rows = read(&file).unwrap();
    assert_eq!(rows.len(), expected.len());
    for (row, (line, transfer, beneficiary)) in rows.into_iter().zip(expected) {
        assert_eq!((row.line, row.transfer), (line, transfer));
        assert_eq!(row.beneficiary, beneficiary);
        assert_eq!(row.problems, []);
    }
}

fn rupees(text: &str) -> Rupees {
    text.parse().unwrap()
}

fn transfer(id: &str, amount: &str, mode: TransferMode, payee: &str) -> CreateTransfer {
    CreateTransfer::new(id, rupees(amount), mode, payee)
}

#[test]
fn the_form_of_a_file_does_not_matter() {
    let plain = rows(&["SAL1,12,NEFT,ASHA1,Asha Rao,123456789012,EXAM0000001,,Salary May,"]);
    let plain = read(&plain).unwrap();
    let shuffled =
        "remark,IFSC,Account_Number,beneficiary_name,beneficiary_id,mode,amount,transaction_id";
    let values = "Salary May,EXAM0000001,123456789012,Asha Rao,ASHA1,NEFT,12,SAL1";
    for (what, contents) in [
        ("another order", format!("{shuffled}\n{values}\n")),
        ("no line end", format!("{shuffled}\n{values}")),
        ("Windows", format!("\u{feff}{shuffled}\r\n{values}\r\n")),
        (
            "quotes",
            format!(
                "\"remark\",{}\n\"Salary May\",{}\n",
                &shuffled[7..],
                &values[11..]
            ),
        ),
        (
            "blanks",
            format!(
                "{}\n{}\n",
                shuffled.replace(',', " , "),
                values.replace(',', "  ,\u{a0}")
            ),
        ),
        (
            "lines of nothing",
            format!("{shuffled}\n{values}\n\n  \n,,,,,,,\r\n"),
        ),
    ] {
        assert_eq!(read(&csv(contents)).unwrap(), plain, "{what}");
    }
    // The numbers of lines are those of the file.
    let later = read(&csv(format!("\n\n{shuffled}\n,,,,,,,\n{values}"))).unwrap();
    assert_eq!(later[0].line, 5);
    assert_eq!(later[0].transfer, plain[0].transfer);
}

#[test]
fn both_formats_say_the_same() {
    let csv = rows(&[
        "SAL1,1250.50,IMPS,ASHA1,\"Asha, \"\"Rao\"\"\",123456789012,EXAM0000001,,Salary May,R1",
        "SAL2,80,UPI,,,,,ravi@examplebank,,",
    ]);
    let json = json_lines(
        r#"{"amount": 1250.50, "transaction_id": "SAL1", "mode": "IMPS", "beneficiary_id": "ASHA1", "beneficiary_name": "Asha, \"R\u0061o\"", "account_number": "123456789012", "ifsc": "EXAM0000001", "remark": " Salary May ", "reference": "R1", "vpa": null}

{"amount": "80", "transaction_id": "SAL2", "mode": "UPI", "vpa": "ravi@examplebank", "reference": ""}"#,
    );
    let (csv, json) = (read(&csv).unwrap(), read(&json).unwrap());
    assert_eq!(csv.len(), json.len());
    for (csv, json) in csv.iter().zip(&json) {
        assert_eq!(csv.transfer, json.transfer);
        assert_eq!(csv.beneficiary, json.beneficiary);
    }
    assert_eq!((json[0].line, json[1].line), (1, 3));
}

#[test]
fn a_line_of_json_that_is_wrong_says_where() {
    let file = json_lines(
        r#"{"transaction_id": "A1", "amount": 12345678901234567890, "mode": "NEFT", "beneficiary_id": "P1"}
{"transaction_id": 17, "amount": true, "mode": null, "beneficiary_id": ["P1"]}
{"transaction_id": "A3", "transaction_id": "A4", "amount": 5, "mode": "NEFT", "beneficiary_id": "P1"}
{"transaction_id": "A5", "amount": 5, "mode": "NEFT", "account": "123456789012", "beneficiary_id": "P1"}
{"transaction_id": "A6", "amount": 5, "mode": "NEFT", "beneficiary_id": "P1"
["A7", 5, "NEFT", "P1"]
"123456789012"
{"transaction_id": "A8", "amount": 5, "mode": "NEFT", "beneficiary_id": "P1"} {}
{"transaction_id": "\ud800", "amount": 1e3, "mode": "NEFT", "beneficiary_id": "P1"}
{}"#,
    );
    insta::assert_snapshot!(told(&file), @r#"
    line 1, amount: an amount has at most fifteen digits, thirteen of them before the dot
    line 2, transaction_id: must be a text in quotes: a number loses the zeros that it begins with
    line 2, amount: must be a number, or a text
    line 2, mode: must be one of: IMPS NEFT RTGS UPI
    line 2, beneficiary_id: must be a text
    line 3, transaction_id: must not stand there twice
    line 4: there is no column "account"
    line 5: is not JSON, from its column 76 on
    line 6: must be a JSON object
    line 7: must be a JSON object
    line 8: is not JSON, from its column 79 on
    line 9, transaction_id: holds an escape that stands for no character
    line 9, amount: an amount is written in digits with at most one dot, like 12.50
    line 10, transaction_id: must not be empty
    line 10, amount: must not be empty
    line 10, mode: must be one of: IMPS NEFT RTGS UPI
    line 10, beneficiary_id: must not be empty where there is no vpa
    "#);
}

#[test]
fn a_heading_has_to_name_what_a_row_needs() {
    let wrong = |contents: &str| refused(&csv(contents));
    insta::assert_snapshot!(wrong("transaction_id,amount,vpa\nA1,5,a@b\n"), @"the heading (line 1) is wrong: mode is missing; the columns are transaction_id amount mode beneficiary_id beneficiary_name account_number ifsc vpa remark reference problem");
    insta::assert_snapshot!(wrong("mode,amount,IFSC,ifsc,Payee,account no\n"), @r#"the heading (line 1) is wrong: there is no column "Payee"; there is no column "account no"; transaction_id is missing; ifsc stands there twice; the columns are transaction_id amount mode beneficiary_id beneficiary_name account_number ifsc vpa remark reference problem"#);
    insta::assert_snapshot!(wrong("transaction_id;amount;mode;vpa\nA1;5;UPI;a@b\n"), @"the first line has to name the columns, with commas between them, like transaction_id,amount,mode,beneficiary_id: none of its names is known");
    insta::assert_snapshot!(wrong("A1,5,NEFT,ASHA1,Asha Rao,123456789012\n"), @"the first line has to name the columns, with commas between them, like transaction_id,amount,mode,beneficiary_id: none of its names is known");
    insta::assert_snapshot!(wrong("transaction_id,amount,mode,\"vpa\n"), @r#"the heading (line 1) is wrong: there is no column "\""; the columns are transaction_id amount mode beneficiary_id beneficiary_name account_number ifsc vpa remark reference problem"#);
}

/// Why a file cannot be read.
fn refused(file: &PayoutFile) -> String {
    read(file).unwrap_err().to_string()
}

#[test]
fn a_heading_that_is_wrong_says_its_line_and_every_column() {
    let said = refused(&csv("\n\ntransaction_id,mode,vpa\nA1,UPI,a@b\n"));
    insta::assert_snapshot!(said, @"the heading (line 3) is wrong: amount is missing; the columns are transaction_id amount mode beneficiary_id beneficiary_name account_number ifsc vpa remark reference problem");
}

#[test]
fn no_account_number_is_shown_of_a_row_where_a_heading_should_be() {
    let row = "mode,501234567801,5012-3456,top 10,Asha Rao,आ ५६७८,A1,P1,IMPS";
    let file = csv(format!("{row}\n"));
    insta::assert_snapshot!(refused(&file), @r#"the heading (line 1) is wrong: there is no column "XXXXXXXXXXXX"; there is no column "XXXX-XXXX"; there is no column "top 10"; there is no column "Asha Rao"; there is no column "आ XXXX"; and 3 more; transaction_id is missing; amount is missing; the columns are transaction_id amount mode beneficiary_id beneficiary_name account_number ifsc vpa remark reference problem"#);
    let error = read(&file).unwrap_err();
    assert!(!format!("{error:?}").contains("50123"), "{error:?}");

    // A number is hidden before a name is cut short, so none is too short to be one.
    let long = format!(
        "transaction_id,amount,mode,{}501234567801\n",
        "x".repeat(38)
    );
    insta::assert_snapshot!(refused(&csv(long)), @r#"the heading (line 1) is wrong: there is no column "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxXX"; the columns are transaction_id amount mode beneficiary_id beneficiary_name account_number ifsc vpa remark reference problem"#);

    let file = json_lines(r#"{"501234567801": "A1", "top 10": 5}"#);
    insta::assert_snapshot!(told(&file), @r#"
    line 1: there is no column "XXXXXXXXXXXX"
    line 1: there is no column "top 10"
    "#);
}

#[test]
fn lines_that_end_as_on_old_macs_are_named_and_not_shown() {
    let said = |contents: String| refused(&csv(contents));
    let file = format!("{HEADING}\nW1,10,IMPS,P1,Asha,501234567801,EXAM0000001,,,\n");
    insta::assert_snapshot!(said(file.replace('\n', "\r")), @"the lines end in CR only: save the file with LF or CRLF line ends");
    // Without a heading too.
    let told = said("W1,10,IMPS,501234567801\rW2,10,IMPS,501234567802\r".to_owned());
    assert_eq!(told, said(file.replace('\n', "\r")));
    // A stray one at the end of a line is a blank.
    assert_eq!(read(&csv(file.replace('\n', "\r\r\n"))).unwrap().len(), 1);
}

#[test]
fn a_spreadsheet_is_told_to_be_saved_as_csv() {
    let named = |path: &str| PayoutFile::new(path).unwrap_err().to_string();
    insta::assert_snapshot!(named("april.XLSX"), @"april.XLSX is a spreadsheet: save it as CSV (UTF-8) in the spreadsheet program");
    for name in ["april.xls", "april.ods"] {
        assert!(named(name).starts_with(&format!("{name} is a spreadsheet: ")));
    }
    insta::assert_snapshot!(named("april.txt"), @"april.txt is not named after its format: .csv, or .jsonl or .ndjson for JSON Lines");

    // One that was given another name is known by how it begins.
    let zip = b"PK\x03\x04\x14\0\x06\0";
    insta::assert_snapshot!(refused(&csv(zip)), @"the file is a spreadsheet or an archive, whatever its name: save it as CSV (UTF-8) in the spreadsheet program");
    assert_eq!(refused(&json_lines(zip)), refused(&csv(zip)));
    let older = b"\xd0\xcf\x11\xe0\xa1\xb1";
    assert_eq!(refused(&csv(older)), refused(&csv(zip)));
}

#[test]
fn a_folder_is_told_to_be_one() {
    let directory = tempfile::tempdir().unwrap();
    for name in ["april", "april.csv"] {
        let folder = directory.path().join(name);
        std::fs::create_dir(&folder).unwrap();
        let read = PayoutFile::new(&folder).and_then(|file| read(&file));
        let said = read.unwrap_err().to_string();
        let shown = folder.display();
        assert_eq!(
            said,
            format!("{shown} is a folder: give a file that stands in it")
        );
    }
}

#[test]
fn a_file_without_rows_is_an_error() {
    for contents in [
        "",
        "\u{feff}",
        "\n \r\n",
        HEADING,
        &format!("{HEADING}\n,,,,,,,,,\n"),
    ] {
        let error = read(&csv(contents)).unwrap_err();
        assert!(matches!(error, ReadError::NoRows), "{contents:?}: {error}");
    }
    for contents in ["", "\u{feff}\n\n"] {
        let error = read(&json_lines(contents)).unwrap_err();
        assert!(matches!(error, ReadError::NoRows), "{contents:?}: {error}");
    }
}

#[test]
fn the_name_of_a_file_tells_its_format() {
    let format = |path: &str| PayoutFile::new(path).map(|file| file.format());
    assert_eq!(format("may/payouts.CSV").unwrap(), Format::Csv);
    assert_eq!(format("payouts.jsonl").unwrap(), Format::JsonLines);
    assert_eq!(format("payouts.ndjson").unwrap(), Format::JsonLines);
    assert!(matches!(
        format("payouts.xlsx"),
        Err(ReadError::UnknownFormat(_))
    ));
    let missing = read(&PayoutFile::new("/nowhere/payouts.csv").unwrap()).unwrap_err();
    assert!(matches!(&missing, ReadError::File { .. }));
    let said = missing.to_string();
    assert!(
        said.starts_with("/nowhere/payouts.csv cannot be read: "),
        "{said}"
    );
}

#[test]
fn every_column_is_known_by_its_name() {
    for column in Column::ALL {
        assert_eq!(Column::named(column.name()), Some(column));
    }
    assert_eq!(Column::named("account"), None);
}
