//! What rows come to together, and what they break together.

use enkash_api::types::payouts::TransferMode;
use enkash_bulk::Problems;
use enkash_bulk::check::{CheckError, check};

use crate::{accepted, checked, csv, refused, rows, told};

#[test]
fn totals_are_those_of_the_rows_that_can_be_paid() {
    let file = rows(&[
        "A1,0.10,NEFT,P1,,,,,,", // less than a rupee
        "A2,1.10,NEFT,P1,,,,,,",
        "A3,1.20,NEFT,P1,,,,,,",
        "A4,7,UPI,,,,,a@examplebank,,",
        "A5,100,IMPS,P2,,,,,,",
        "A5,900.55,RTGS,P2,,,,,,",
    ]);
    let totals = checked(&file).0.totals().clone();
    assert_eq!(
        (totals.all().rows, totals.all().rupees.to_string()),
        (3, "9.30".to_owned())
    );
    let by_mode: Vec<_> = totals.by_mode().collect();
    assert_eq!(by_mode.len(), 2);
    assert_eq!((by_mode[0].0, by_mode[0].1.rows), (&TransferMode::Neft, 2));
    assert_eq!(by_mode[0].1.rupees.to_string(), "2.30");
    assert_eq!((by_mode[1].0, by_mode[1].1.rows), (&TransferMode::Upi, 1));
}

#[test]
fn an_id_stands_in_one_row() {
    let file = rows(&[
        "A1,5,NEFT,P1,,,,,,",
        "B1,6,NEFT,P1,,,,,,",
        "A1,5,NEFT,P1,,,,,,",
        "C1,7,NEFT,P1,,,,,,",
        "B1,8,UPI,P 1,,,,,,",
        "A1,9,IMPS,P1,,,,,,",
        "a1,10,IMPS,P1,,,,,,",
    ]);
    insta::assert_snapshot!(told(&file), @"
    line 6, beneficiary_id: must be letters and digits only
    line 2, transaction_id: stands in line 4 too, and an id is paid once
    line 3, transaction_id: stands in line 6 too, and an id is paid once
    line 4, transaction_id: stands in line 2 too, and an id is paid once
    line 6, transaction_id: stands in line 3 too, and an id is paid once
    line 7, transaction_id: stands in line 2 too, and an id is paid once
    ");
    let (checked, _) = checked(&file);
    assert_eq!(accepted(&checked, &file), ["C1", "a1"]);
    assert_eq!((checked.refused(), checked.problems()), (5, 6));
    assert_eq!(checked.totals().all().rupees.to_string(), "17.00");
}

#[test]
fn an_id_of_a_payee_is_one_payee() {
    let file = rows(&[
        "A1,5,NEFT,P1,Asha Rao,123456789012,EXAM0000001,,,",
        "A2,6,NEFT,P1,,,,,,",
        "A3,7,NEFT,P1,Asha Rao,123456789012,EXAM0000001,,,",
        "A4,8,NEFT,P1,Asha Rao,123456789013,EXAM0000001,,,",
        "A5,9,NEFT,P1,Asha Das,123456789012,EXAM0000001,,,",
        "A6,10,NEFT,P2,Asha Rao,123456789012,EXAM0000001,,,",
        "A6,11,UPI,P1,Asha Rao,,,asha@examplebank,,",
    ]);
    insta::assert_snapshot!(told(&file), @"
    line 3, beneficiary_id: is described in line 2 and not here, so this row may be sent before the payee is registered: describe it here as well, or register the payee with an earlier file
    line 5, beneficiary_id: stands in line 2 with another name, account or UPI address, and an id is one payee
    line 6, beneficiary_id: stands in line 2 with another name, account or UPI address, and an id is one payee
    line 7, transaction_id: stands in line 8 too, and an id is paid once
    line 8, transaction_id: stands in line 7 too, and an id is paid once
    line 8, beneficiary_id: stands in line 2 with another name, account or UPI address, and an id is one payee
    ");
    let (checked, _) = checked(&file);
    assert_eq!(accepted(&checked, &file), ["A1", "A3"]);
    assert_eq!((checked.refused(), checked.problems()), (5, 6));
    assert_eq!(checked.totals().all().rupees.to_string(), "12.00");
}

/// It would be paid before, or while, the other row registers the payee.
#[test]
fn a_row_describes_its_payee_where_another_row_does() {
    let file = rows(&[
        "A1,5,NEFT,P1,,,,,,",
        "A2,0,NEFT,P1,,,,,,",
        "A3,6,NEFT,P2,,,,,,",
        "A4,7,NEFT,P1,Asha Rao,123456789012,EXAM0000001,,,",
        "A5,8,NEFT,P1,,,,,,",
        "A5,8,UPI,,,,,asha@examplebank,,",
        "A6,9,UPI,P1,,,,=1@examplebank,,",
        "A7,0,UPI,P2,Ravi Das,,,ravi@examplebank,,",
        "A8,10,NEFT,P1,Asha Rao,123456789012,EXAM0000001,,,",
    ]);
    insta::assert_snapshot!(told(&file), @"
    line 3, amount: must be at least 1.00 rupees
    line 8, vpa: must not begin with =, +, - or @, which a spreadsheet takes for a formula
    line 9, amount: must be at least 1.00 rupees
    line 2, beneficiary_id: is described in line 5 and not here, so this row may be sent before the payee is registered: describe it here as well, or register the payee with an earlier file
    line 3, beneficiary_id: is described in line 5 and not here, so this row may be sent before the payee is registered: describe it here as well, or register the payee with an earlier file
    line 6, transaction_id: stands in line 7 too, and an id is paid once
    line 6, beneficiary_id: is described in line 5 and not here, so this row may be sent before the payee is registered: describe it here as well, or register the payee with an earlier file
    line 7, transaction_id: stands in line 6 too, and an id is paid once
    ");
    let (checked, _) = checked(&file);
    // A row that is wrong registers nobody.
    assert_eq!(accepted(&checked, &file), ["A3", "A4", "A8"]);
    assert_eq!((checked.refused(), checked.problems()), (6, 8));
    assert_eq!(checked.totals().all().rupees.to_string(), "23.00");
    let out = String::from_utf8(refused(&checked, &file)).unwrap();
    assert!(out.contains(",A1,5,NEFT,P1,"), "{out}");

    // What was refused can be paid with a later file: its payee is registered by then.
    assert_eq!(told(&rows(&["A1,5,NEFT,P1,,,,,,"])), "");
}

/// More rows than are held in memory, and the last of them describes.
#[test]
fn a_payee_is_described_wherever_the_rows_stand() {
    let heading = "transaction_id,amount,mode,beneficiary_id,beneficiary_name,vpa\n";
    let names = |row: u32| format!("A{row},5,UPI,P{},,\n", row % 70);
    let describes = "Z1,5,UPI,P7,Asha Rao,asha@examplebank\n";
    let file = (0..70_000).map(names).collect::<String>();
    let file = csv(format!("{heading}{file}{describes}"));
    let (checked, problems) = checked(&file);
    assert_eq!((checked.refused(), problems.len()), (1000, 1000));
    assert_eq!((problems[0].line, problems[999].line), (9, 69_939));
    assert_eq!(checked.totals().all().rows, 69_001);
}

#[test]
fn a_sum_that_cannot_be_held_is_an_error() {
    let most = "9999999999999.99";
    let one = rows(&[&format!("A1,{most},NEFT,P1,,,,,,")]);
    assert_eq!(checked(&one).0.totals().all().rupees.to_string(), most);
    for mode in ["NEFT", "RTGS"] {
        let two = rows(&[
            &format!("A1,{most},NEFT,P1,,,,,,"),
            &format!("A2,{most},{mode},P1,,,,,,"),
        ]);
        let error = check(&two, &mut |_| {}).unwrap_err();
        assert!(matches!(error, CheckError::TooMuch), "{mode}");
    }
}

#[test]
fn of_many_problems_the_first_are_kept() {
    let wrong: Vec<_> = (0..50)
        .map(|row| format!("A{row},0,NEFT,P1,,,,,,"))
        .collect();
    let wrong: Vec<_> = wrong.iter().map(String::as_str).collect();
    let mut problems = Problems::at_most(3);
    let checked = check(&rows(&wrong), &mut |problem| problems.add(problem)).unwrap();
    assert_eq!((checked.problems(), problems.count()), (50, 50));
    let lines: Vec<_> = problems
        .first()
        .iter()
        .map(|problem| problem.line)
        .collect();
    assert_eq!(lines, [2, 3, 4]);
}
