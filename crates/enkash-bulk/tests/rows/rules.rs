//! What is asked of one row.

use enkash_api::types::payouts::TransferMode;
use enkash_bulk::file::Column;
use serde_json::json;

use crate::{checked, json_lines, read, rows, told};

#[test]
fn every_rule_of_a_row_is_told_at_once() {
    let file = rows(&[
        ",0.5,CHEQUE,ASHA 1,=1+1,12345,SBI,,Salary-May!,",
        "SAL2,200000.01,IMPS,ASHA1,,,,,,",
        "SAL3,5,UPI,RAVI1,Ravi,123456789012,EXAM0000001,ravi@examplebank,,",
        "SAL4,5,NEFT,MINA1,Mina,123456789012,,,,",
        "SAL5,5,NEFT,MINA2,Mina,,EXAM0000001,,,",
        "SAL6,5,NEFT,MINA3,Mina,,,,,",
        "SAL7,5,UPI,,,,,mina at bank,,",
    ]);
    insta::assert_snapshot!(told(&file), @"
    line 2, transaction_id: must not be empty
    line 2, amount: must be at least 1.00 rupees
    line 2, mode: must be one of: IMPS NEFT RTGS UPI
    line 2, beneficiary_id: must be letters and digits only
    line 2, beneficiary_name: must not begin with =, +, - or @, which a spreadsheet takes for a formula
    line 2, account_number: must be 9 to 36 characters
    line 2, ifsc: must be an IFSC: four letters, a zero, six letters or digits
    line 2, remark: must be letters, digits and white space only
    line 3, amount: must be at most 200000.00 rupees by IMPS
    line 4, vpa: must not be given beside a bank account
    line 5, ifsc: must be given, since account_number is
    line 6, account_number: must be given, since ifsc is
    line 7, account_number: must be given with its IFSC, or else vpa
    line 8, vpa: must be a UPI address: letters, digits and ._%+- before one @, letters, digits, dots and hyphens after it
    ");
}

#[test]
fn a_mode_is_known_in_any_case() {
    for mode in ["IMPS", "imps", " Imps "] {
        let in_csv = rows(&[&format!("A1,5,{mode},P1,,,,,,")]);
        let json =
            json!({"transaction_id": "A1", "amount": "5", "mode": mode, "beneficiary_id": "P1"});
        let in_json = json_lines(json.to_string());
        for file in [in_csv, in_json] {
            assert_eq!(told(&file), "");
            let row = read(&file).unwrap().remove(0);
            assert_eq!(row.transfer.transfer_mode, TransferMode::Imps, "{mode}");
        }
    }
}

#[test]
fn an_amount_is_exact_or_refused() {
    for (amount, is_right) in [
        ("1", true),
        ("1.00", true),
        ("0.99", false),
        ("9999999999.99", true),
        ("-5", false),
        ("+5", false),
        ("1.005", false),
        ("12345678901234567890", false),
        ("\"1,250.50\"", false),
        ("1e3", false),
        ("0x10", false),
        ("₹5", false),
        ("५", false),
        ("NaN", false),
        ("", false),
    ] {
        let file = rows(&[&format!("A1,{amount},NEFT,ASHA1,,,,,,")]);
        let (checked, problems) = checked(&file);
        assert_eq!(checked.refused() == 0, is_right, "{amount}: {problems:?}");
        assert!(
            problems
                .iter()
                .all(|p| p.to_string().starts_with("line 2, amount: "))
        );
    }
    let file = rows(&[
        "A1,-5,NEFT,P1,,,,,,",
        "A2,12345678901234567890,NEFT,P1,,,,,,",
        "A3,\"1,250.50\",NEFT,P1,,,,,,",
        "A4,,NEFT,P1,,,,,,",
    ]);
    insta::assert_snapshot!(told(&file), @"
    line 2, amount: must be at least 1.00 rupees
    line 3, amount: an amount has at most fifteen digits, thirteen of them before the dot
    line 4, amount: an amount is written in digits with at most one dot, like 12.50
    line 5, amount: must not be empty
    ");
}

#[test]
fn a_payee_is_known_or_described() {
    let file = rows(&[
        "A1,5,NEFT,,,,,,,",
        "A2,5,NEFT,,Asha Rao,123456789012,EXAM0000001,,,",
        "A3,5,UPI,,Asha Rao,,,asha@examplebank,,",
    ]);
    insta::assert_snapshot!(told(&file), @"
    line 2, beneficiary_id: must not be empty where there is no vpa
    line 3, beneficiary_id: must not be empty where there is a name or a bank account: how EnKash takes a name and an IFSC with a transfer is not documented
    line 4, beneficiary_id: must not be empty where there is a name or a bank account: how EnKash takes a name and an IFSC with a transfer is not documented
    ");
}

#[test]
fn what_spreadsheets_do_to_a_file_is_found() {
    let file = rows(&[
        "A1,5,NEFT,P1,=1+1,123456789012,EXAM0000001,,,",
        "A2,5,NEFT,P2,Asha,5.01E+13,EXAM0000001,,,",
        "A3,5,NEFT,P3,@Asha,'50100000000001,EXAM0000001,,,",
        "A4,5,NEFT,P4,,,,,,-12",
        "+A5,5,NEFT,P5,,,,,,",
    ]);
    insta::assert_snapshot!(told(&file), @"
    line 2, beneficiary_name: must not begin with =, +, - or @, which a spreadsheet takes for a formula
    line 3, account_number: must be letters and digits only; if it looks like 5.01E+13, a spreadsheet has shortened it: format the column as text
    line 4, beneficiary_name: must not begin with =, +, - or @, which a spreadsheet takes for a formula
    line 4, account_number: must be letters and digits only; if it looks like 5.01E+13, a spreadsheet has shortened it: format the column as text
    line 5, reference: must not begin with =, +, - or @, which a spreadsheet takes for a formula
    line 6, transaction_id: must not begin with =, +, - or @, which a spreadsheet takes for a formula
    ");
}

#[test]
fn what_cannot_be_read_is_not_told_to_be_missing() {
    for (row, column) in [
        ("A1,5,UPI,P1,Asha,,,=1@examplebank,,", "vpa"),
        ("A1,5,UPI,,,,,=1@examplebank,,", "vpa"),
        (
            "A1,5,NEFT,=P1,Asha,123456789012,EXAM0000001,,,",
            "beneficiary_id",
        ),
        (
            "A1,5,NEFT,P1,=Asha,123456789012,EXAM0000001,,,",
            "beneficiary_name",
        ),
        (
            "A1,5,NEFT,P1,Asha,5.01E+13,EXAM0000001,,,",
            "account_number",
        ),
        ("A1,5,NEFT,P1,Asha,123456789012,=EXAM0000001,,,", "ifsc"),
        ("A1,\"=\t5\",NEFT,P1,,,,,,", "amount"),
    ] {
        let (_, problems) = checked(&rows(&[row]));
        let columns: Vec<_> = problems
            .iter()
            .filter_map(|problem| problem.column)
            .collect();
        assert_eq!(
            columns,
            [Column::named(column).unwrap()],
            "{row}: {problems:?}"
        );
    }
}

#[test]
fn names_may_be_of_any_alphabet() {
    let file = rows(&["A1,5,NEFT,P1,आशा राव,123456789012,EXAM0000001,,,"]);
    assert_eq!(told(&file), "");
}
