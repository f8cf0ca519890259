//! What a report says of a run, and whether it agrees with the statement.

use enkash_bulk::api::Client;
use enkash_bulk::journal::{Facts, Journal as _, State, Step};
use enkash_bulk::report::{Reconciliation, ReportError, Statements, write_csv};
use enkash_bulk::types::Timestamp;
use enkash_bulk::types::payouts::{FetchStatement, Statement};

use crate::{World, file, salary};

async fn statement(world: &World, client: &Client) -> Statement {
    let credentials = world.sandbox.credentials();
    let request = FetchStatement::new(
        credentials.fund_source_id.as_str(),
        credentials.debit_account_number.clone(),
        "2025-12-31T00:00:00Z".parse::<Timestamp>().unwrap(),
        "2026-01-03T00:00:00Z".parse::<Timestamp>().unwrap(),
    );
    client.payouts().account().statement(request).await.unwrap()
}

#[tokio::test]
async fn every_row_is_in_the_report() {
    let world = World::new().await;
    let rows = file([
        salary(1),
        "SAL2,2,UPI,,,,,decline@sandbox".to_owned(),
        "SAL3,3,UPI,,,,,nobody@sandbox".to_owned(),
    ]);
    assert!(world.run(&rows).await.stop.is_none());
    let mut out = Vec::new();
    assert_eq!(write_csv(&world.journal(), &mut out).await.unwrap(), 3);
    let mut report = csv::Reader::from_reader(out.as_slice());
    let rows: Vec<Vec<String>> = report
        .records()
        .map(|row| row.unwrap().iter().map(str::to_owned).collect())
        .collect();
    let entries = world.entries().await;
    for row in rows {
        let entry = &entries[&row[1]];
        assert_eq!(row[0], entry.plan.line.to_string());
        assert_eq!(row[2], entry.plan.amount.to_string());
        assert_eq!(row[5], entry.state.as_str());
        assert_eq!(row[8], entry.facts.utr.clone().unwrap_or_default());
        assert_eq!(row[9], entry.facts.reason.clone().unwrap_or_default());
        assert!(row[11].starts_with("2026-01-01T05:30:"), "{}", row[11]);
    }
}

/// EnKash's words are no formula in a spreadsheet.
#[tokio::test]
async fn nothing_in_a_report_is_computed() {
    let world = World::new().await;
    let rows = file([salary(1)]);
    assert!(world.run(&rows).await.is_all_paid());
    let journal = world.journal();
    let facts = Facts::default().because("=HYPERLINK(\"http://example.in\")");
    let step = Step::new(1, std::time::SystemTime::UNIX_EPOCH, State::NotPaid, facts);
    journal.record(vec![step]).await.unwrap();
    let mut out = Vec::new();
    write_csv(&journal, &mut out).await.unwrap();
    let mut report = csv::Reader::from_reader(out.as_slice());
    let row = report.records().next().unwrap().unwrap();
    assert_eq!(&row[9], "'=HYPERLINK(\"http://example.in\")");
}

#[tokio::test]
async fn a_report_that_cannot_be_written_says_so() {
    struct Full;
    impl std::io::Write for Full {
        fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::StorageFull.into())
        }
        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }
    let world = World::new().await;
    assert!(world.run(&file([salary(1)])).await.is_all_paid());
    let written = write_csv(&world.journal(), &mut Full).await;
    assert!(matches!(written, Err(ReportError::Write(_))));
}

#[tokio::test]
async fn a_run_agrees_with_the_statement() {
    let world = World::new().await;
    let rows = file(
        (1..=20)
            .map(salary)
            .chain(["SAL50,2,UPI,,,,,decline@sandbox".to_owned()])
            .chain(["SAL51,3,UPI,,,,,nobody@sandbox".to_owned()]),
    );
    assert!(world.run(&rows).await.stop.is_none());
    // Something else happens in the account.
    world.set_balance(5).await;
    let client = world.client();
    let journal = world.journal();
    let whole = statement(&world, &client).await;
    let mut statements = Statements::new();
    statements.add(whole.clone());
    let found = Reconciliation::of(&journal, &statements).await.unwrap();
    assert!(found.agrees(), "{:?}", found.disagreements);
    assert_eq!(
        (
            found.seen(State::Paid).rows,
            found.not_seen(State::Paid).rows
        ),
        (20, 0)
    );
    assert_eq!(found.seen(State::Paid).rupees, "215".parse().unwrap());
    assert_eq!(found.seen(State::NotPaid).rows, 1);
    assert_eq!(found.not_seen(State::Rejected).rows, 1);
    assert_eq!(found.other_lines, 1);

    // One line is missing, one has another sum, one is of a row that was rejected.
    let mut wrong = whole;
    let of = |id: &str, wrong: &Statement| {
        let mut lines = wrong.lines.iter();
        lines.position(|line| {
            line.transaction_id
                .as_ref()
                .is_some_and(|own| own.as_str() == id)
        })
    };
    let missing = of("SAL7", &wrong).unwrap();
    wrong.lines.remove(missing);
    let other = of("SAL9", &wrong).unwrap();
    wrong.lines[other].transaction_amount = "9.24".parse().ok();
    let paise = of("SAL8", &wrong).unwrap();
    wrong.lines[paise].transaction_amount = "825".parse().ok();
    let rejected = of("SAL10", &wrong).unwrap();
    let mut line = wrong.lines[rejected].clone();
    line.transaction_id = Some("SAL51".into());
    line.transaction_reference_number = None;
    wrong.lines.push(line);
    let mut statements = Statements::new();
    statements.add(wrong);
    let found = Reconciliation::of(&journal, &statements).await.unwrap();
    let ids: Vec<_> = found
        .disagreements
        .iter()
        .map(|row| format!("{} {} {:?}", row.plan.transfer_id, row.state, row.lines))
        .collect();
    assert_eq!(
        ids,
        ["SAL7 PAID []", "SAL9 PAID [9.24]", "SAL51 REJECTED [10.25]"]
    );
    assert_eq!(found.disagreeing.rows, 3);
}
