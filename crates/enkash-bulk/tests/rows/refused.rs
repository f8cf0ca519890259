//! The file of refused rows.

use enkash_bulk::check::CheckError;

use crate::{accepted, checked, csv, json_lines, refused, rows};

#[test]
fn refused_rows_stand_as_they_stood_with_the_reason() {
    let file = rows(&[
        "A1,5,NEFT,P1,,,,,,",
        "A2,0,NEFT,P 2,\"Rao, Asha\",,,,, as it is ",
        "A3,5,NEFT,P1,,,,,\"open,",
        "A4,6,NEFT,P1,,,,,,",
        "A4,6,NEFT,P1",
    ]);
    let (checked, _) = checked(&file);
    let out = String::from_utf8(refused(&checked, &file)).unwrap();
    insta::assert_snapshot!(out, @r#"
    problem,transaction_id,amount,mode,beneficiary_id,beneficiary_name,account_number,ifsc,vpa,remark,reference
    "line 3: amount: must be at least 1.00 rupees; beneficiary_id: must be letters and digits only; beneficiary_name: must be letters and white space only; account_number: must be given with its IFSC, or else vpa",A2,0,NEFT,P 2,"Rao, Asha",,,,, as it is 
    "line 4: remark: begins with a quote that is not closed in this line",A3,5,NEFT,P1,,,,,"open,
    "line 6: has 4 fields, and the heading has 10",A4,6,NEFT,P1
    "#);
    assert_eq!(accepted(&checked, &file), ["A1", "A4"]);
}

#[test]
fn bytes_of_another_encoding_stay_what_they_are() {
    let file = csv(b"\xef\xbb\xbftransaction_id,amount,mode,vpa\nA1,5,UPI,caf\xe9@b\r\n");
    let (checked, _) = checked(&file);
    let out = refused(&checked, &file);
    assert!(
        out.starts_with(b"\xef\xbb\xbfproblem,transaction_id,amount,mode,vpa\n\"line 2: vpa: ")
    );
    assert!(out.ends_with(b"\",A1,5,UPI,caf\xe9@b\n"));
}

#[test]
fn a_corrected_file_of_refused_rows_is_read_as_it_is() {
    let file = rows(&[
        "A1,5,NEFT,P1,,,,,,",
        "A2,0,NEFT,P2,,,,,,",
        "A3,0.1,NEFT,P2,,,,,,",
    ]);
    let (first, _) = checked(&file);
    let out = String::from_utf8(refused(&first, &file)).unwrap();

    // One of the two is corrected, and the reason of the other is not said twice.
    let again = csv(out.replace(",A2,0,", ",A2,10,"));
    let (second, _) = checked(&again);
    assert_eq!(accepted(&second, &again), ["A2"]);
    let out = String::from_utf8(refused(&second, &again)).unwrap();
    insta::assert_snapshot!(out, @r#"
    problem,transaction_id,amount,mode,beneficiary_id,beneficiary_name,account_number,ifsc,vpa,remark,reference
    "line 3: amount: must be at least 1.00 rupees",A3,0.1,NEFT,P2,,,,,,
    "#);
}

#[test]
fn so_do_refused_lines_of_json() {
    let file = json_lines(
        r#"{"transaction_id": "A1", "amount": 5, "mode": "NEFT", "beneficiary_id": "P1"}
 {"transaction_id": "A2", "amount": 0, "mode": "NEFT", "beneficiary_id": "P1"}
{"transaction_id": "A3", "amount": 5
{ }
no "JSON""#,
    );
    let (first, _) = checked(&file);
    let out = String::from_utf8(refused(&first, &file)).unwrap();
    insta::assert_snapshot!(out, @r#"
    {"problem":"line 2: amount: must be at least 1.00 rupees","transaction_id": "A2", "amount": 0, "mode": "NEFT", "beneficiary_id": "P1"}
    {"problem":"line 3: is not JSON, from its column 36 on","transaction_id": "A3", "amount": 5
    {"problem":"line 4: transaction_id: must not be empty; amount: must not be empty; mode: must be one of: IMPS NEFT RTGS UPI; beneficiary_id: must not be empty where there is no vpa" }
    {"problem":"line 5: is not JSON, from its column 2 on","line":"no \"JSON\""}
    "#);

    let again = json_lines(out.replace(r#""amount": 0"#, r#""amount": 10"#));
    let (second, _) = checked(&again);
    assert_eq!(accepted(&second, &again), ["A2"]);
    let out = String::from_utf8(refused(&second, &again)).unwrap();
    assert_eq!(out.matches("problem").count(), 3, "{out}");
}

#[test]
fn a_disk_that_is_full_is_told() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let file = rows(&["A2,0,NEFT,P2,,,,,,"]);
    let error = checked(&file)
        .0
        .write_refused(&file, &mut Full)
        .unwrap_err();
    assert!(matches!(error, CheckError::Refused(_)));
}
