//! Files that are made up.

use std::collections::{BTreeMap, BTreeSet};

use enkash_api::types::Valid;
use enkash_api::types::payouts::{CreateBeneficiary, CreateTransfer};
use enkash_bulk::check::check;
use enkash_bulk::file::{Fingerprint, ReadError, Row, Rows, Source};
use enkash_types::strategies::{ValidValues as _, repeatable};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::{accepted, checked, csv, json_lines, read, refused};

/// Texts that a column can hold, with all that has a meaning in CSV and JSON.
fn texts() -> impl Strategy<Value = String> {
    let text = prop_oneof![
        r#"[a-z0-9,"' ;\\{}:/é₹आ-]{0,12}"#,
        any::<String>(),
        "[A-Za-z0-9]{1,30}",
    ];
    text.prop_filter("a value of a file", |text| {
        !text.contains(char::is_control) && !text.trim().starts_with(['=', '+', '-', '@'])
    })
}

/// Rows of two columns that take any text.
fn pairs() -> impl Strategy<Value = Vec<(String, String)>> {
    vec((texts(), texts()), 1..8)
}

fn values(row: &Row) -> (String, String) {
    let id = row.transfer.transaction_id.to_string();
    (id, row.transfer.reference.clone().unwrap_or_default())
}

fn trimmed(pairs: &[(String, String)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(id, reference)| (id.trim().to_owned(), reference.trim().to_owned()))
        .collect()
}

proptest! {
    #![proptest_config(repeatable())]

    #[test]
    fn what_another_writer_of_csv_writes_is_read(pairs in pairs(), always in any::<bool>(), crlf in any::<bool>()) {
        let style = if always { ::csv::QuoteStyle::Always } else { ::csv::QuoteStyle::Necessary };
        let end = if crlf { ::csv::Terminator::CRLF } else { ::csv::Terminator::Any(b'\n') };
        let mut writer = ::csv::WriterBuilder::new().quote_style(style).terminator(end).from_writer(Vec::new());
        writer.write_record(["transaction_id", "amount", "mode", "beneficiary_id", "reference"]).unwrap();
        for (id, reference) in &pairs {
            writer.write_record([id, "5", "NEFT", "P1", reference]).unwrap();
        }
        let rows = read(&csv(writer.into_inner().unwrap())).unwrap();
        prop_assert_eq!(rows.iter().map(values).collect::<Vec<_>>(), trimmed(&pairs));
        prop_assert!(rows.iter().all(|row| row.problems.is_empty()));
    }

    #[test]
    fn what_another_writer_of_json_writes_is_read(pairs in pairs()) {
        let lines = pairs.iter().map(|(id, reference)| {
            let line = serde_json::json!({"transaction_id": id, "amount": 5, "mode": "NEFT", "beneficiary_id": "P1", "reference": reference});
            format!("{line}\n")
        });
        let rows = read(&json_lines(lines.collect::<String>())).unwrap();
        prop_assert_eq!(rows.iter().map(values).collect::<Vec<_>>(), trimmed(&pairs));
        prop_assert!(rows.iter().all(|row| row.problems.is_empty()));
    }

    #[test]
    fn no_file_makes_a_check_panic_or_lose_a_row(
        lines in vec(prop_oneof![
            vec(prop_oneof![Just(b','), Just(b'"'), Just(b'5'), Just(b'\r'), Just(b' '), any::<u8>()], 0..40),
            "[A-C],[0-9]{1,3},(NEFT|UPI),P[12]?,".prop_map(String::into_bytes),
            r#"\{("(amount|mode|vpa|x)": ("5"|7|null|\[\]),?)*\}"#.prop_map(String::into_bytes),
        ], 0..8),
        json in any::<bool>(),
    ) {
        let contents = lines.join(&b'\n');
        let file = if json {
            json_lines(contents)
        } else {
            csv([b"transaction_id,amount,mode,beneficiary_id,vpa\n", contents.as_slice()].concat())
        };
        match check(&file, &mut |_| {}) {
            Ok(checked) => {
                let good = accepted(&checked, &file).len() as u64;
                prop_assert_eq!(good, checked.totals().all().rows);
                refused(&checked, &file);
                prop_assert_eq!(good + checked.refused(), read(&file).unwrap().len() as u64);
            }
            Err(error) => prop_assert!(matches!(error, enkash_bulk::check::CheckError::Read(ReadError::NoRows | ReadError::Utf16(_) | ReadError::Spreadsheet)), "{}", error),
        }
    }

    #[test]
    fn every_transfer_that_can_be_sent_can_be_in_a_file(transfer in CreateTransfer::valid(), payee in CreateBeneficiary::valid()) {
        let line = serde_json::json!({
            "transaction_id": transfer.transaction_id,
            "amount": transfer.transfer_amount.to_string(),
            "mode": transfer.transfer_mode,
            "beneficiary_id": payee.beneficiary_id,
            "beneficiary_name": payee.beneficiary_name,
            "account_number": payee.beneficiary_account_number,
            "ifsc": payee.beneficiary_ifsc,
            "vpa": payee.vpa_handle,
            "remark": transfer.transfer_remark,
        });
        let texts = line.as_object().unwrap().values().filter_map(|value| value.as_str());
        // What a file does not hold: see `file/row.rs`.
        prop_assume!(texts.clone().all(|text| !text.contains(char::is_control) && text.trim() == text && !text.starts_with(['=', '+', '-', '@'])));
        let account = payee.beneficiary_account_number.as_ref();
        prop_assume!(account.is_none_or(|number| number.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric())));

        let file = json_lines(line.to_string());
        let rows = read(&file).unwrap();
        prop_assert_eq!(&rows[0].problems, &vec![]);
        prop_assert!(Valid::check(&rows[0].transfer).is_ok());
        let read = rows[0].beneficiary.as_ref().unwrap();
        prop_assert_eq!(&rows[0].transfer.transaction_id, &transfer.transaction_id);
        prop_assert_eq!(&rows[0].transfer.transfer_amount, &transfer.transfer_amount);
        prop_assert_eq!(&rows[0].transfer.transfer_remark, &transfer.transfer_remark);
        prop_assert_eq!(&read.beneficiary_name, &payee.beneficiary_name);
        prop_assert_eq!(&read.beneficiary_account_number, &payee.beneficiary_account_number);
        prop_assert_eq!(&read.vpa_handle, &payee.vpa_handle);
    }

    /// Against a check that holds everything in maps.
    #[test]
    fn rows_that_break_a_rule_together_are_found(
        drawn in vec((0..12_u8, 0..4_u8, 0..3_u8, 0..300_u16), 1..40),
    ) {
        let rows = drawn.iter().map(|(id, payee, name, paise)| {
            let name = ["", "Asha", "Ravi"][usize::from(*name)];
            let vpa = if name.is_empty() { "" } else { "a@examplebank" };
            format!("T{id},{}.{:02},UPI,P{payee},{name},{vpa}\n", paise / 100, paise % 100)
        });
        let file = csv(format!("transaction_id,amount,mode,beneficiary_id,beneficiary_name,vpa\n{}", rows.collect::<String>()));

        let (mut times, mut names) = (BTreeMap::new(), BTreeMap::new());
        for (id, payee, name, paise) in &drawn {
            *times.entry(id).or_insert(0) += 1;
            if *name > 0 && *paise >= 100 {
                names.entry(payee).or_insert(name);
            }
        }
        let is_good = |(id, payee, name, paise): &(u8, u8, u8, u16)| {
            *paise >= 100 && times[id] == 1 && names.get(payee).is_none_or(|first| *first == name)
        };
        let good: Vec<_> = drawn.iter().filter(|row| is_good(row)).collect();
        let paise: u32 = good.iter().map(|row| u32::from(row.3)).sum();

        let (checked, problems) = checked(&file);
        prop_assert_eq!(
            accepted(&checked, &file),
            good.iter().map(|row| format!("T{}", row.0)).collect::<Vec<_>>()
        );
        prop_assert_eq!(checked.totals().all().rows, good.len() as u64);
        prop_assert_eq!(checked.totals().all().rupees.to_string(), format!("{}.{:02}", paise / 100, paise % 100));
        let lines: BTreeSet<_> = problems.iter().map(|problem| problem.line).collect();
        prop_assert_eq!(checked.refused(), lines.len() as u64);
        prop_assert_eq!(lines.len() + good.len(), drawn.len());
    }
}

/// A host that has its rows elsewhere.
struct Table(Vec<CreateTransfer>);

struct TableRows {
    left: std::vec::IntoIter<CreateTransfer>,
    line: u64,
}

impl Source for Table {
    fn rows(&self) -> Result<Box<dyn Rows>, ReadError> {
        let left = self.0.clone().into_iter();
        Ok(Box::new(TableRows { left, line: 0 }))
    }
}

impl Rows for TableRows {
    fn next_row(&mut self) -> Result<Option<Row>, ReadError> {
        self.line += 1;
        Ok(self
            .left
            .next()
            .map(|transfer| Row::new(self.line, transfer)))
    }

    fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(&self.line.to_le_bytes())
    }
}

#[test]
fn rows_of_a_hosts_own_are_checked_as_well() {
    let transfer = |id: &str, rupees: &str| {
        let rupees = rupees.parse().unwrap();
        CreateTransfer::new(id, rupees, "NEFT".into(), "P1")
    };
    let table = Table(vec![
        transfer("A1", "5"),
        transfer("A2", "0"),
        transfer("A1", "6"),
        transfer("A3", "7"),
    ]);
    let (checked, problems) = checked(&table);
    assert_eq!(accepted(&checked, &table), ["A3"]);
    assert_eq!(
        problems
            .iter()
            .map(|problem| problem.line)
            .collect::<Vec<_>>(),
        [2, 1, 3]
    );
    insta::assert_snapshot!(String::from_utf8(refused(&checked, &table)).unwrap(), @"
    line 1: transaction_id: stands in line 3 too, and an id is paid once
    line 2: amount: must be at least 1.00 rupees
    line 3: transaction_id: stands in line 1 too, and an id is paid once
    ");

    let other = Table(vec![transfer("A3", "7")]);
    let end = checked
        .accepted(&other)
        .unwrap()
        .last()
        .unwrap()
        .unwrap_err();
    assert!(matches!(
        end,
        enkash_bulk::check::CheckError::Read(ReadError::Changed)
    ));
}
