//! What a report says of a run, and whether it agrees with the statement.

use std::sync::Arc;
use std::time::Duration;

use enkash_bulk::api::transport::{
    Clock as _, Failure, MemoryTransport, Sent, Transport as _, TransportError,
};
use enkash_bulk::api::{Client, Error};
use enkash_bulk::check::Total;
use enkash_bulk::journal::{Facts, Journal as _, State, Step};
use enkash_bulk::report::{Compared, Reconciliation, ReportError, Statements, write_csv};
use enkash_bulk::types::payouts::{FetchStatement, Statement, StatementLine};
use enkash_bulk::types::{Rupees, Timestamp};

use crate::{World, file, salaries, salary};

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

#[tokio::test]
async fn a_row_that_was_never_sent_never_changed() {
    let world = World::new().await;
    world.set_balance(0).await;
    assert!(world.run(&file([salary(1)])).await.stop.is_some());
    let mut out = Vec::new();
    write_csv(&world.journal(), &mut out).await.unwrap();
    let mut report = csv::Reader::from_reader(out.as_slice());
    let row = report.records().next().unwrap().unwrap();
    assert_eq!((&row[5], &row[11]), ("PLANNED", ""));
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
    let sums = found.all();
    let (paid, left) = (sums.paid.rupees, sums.left.rupees);
    assert_eq!((paid, left), ("215".parse().unwrap(), paid));
    assert_eq!((sums.paid.rows, sums.left.rows), (20, 20));
    assert_eq!(sums.difference, Total::default());
    // What one UPI address declined left the account and came back.
    assert_eq!(sums.came_back.rows, 1);
    assert_eq!(sums.came_back.rupees, "2".parse().unwrap());
    assert_eq!(found.in_state(State::Rejected), Compared::default());
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
    // A hundred times as much is no paise where all the others are rupees.
    let hundredfold = of("SAL8", &wrong).unwrap();
    wrong.lines[hundredfold].transaction_amount = "825".parse().ok();
    let rejected = of("SAL10", &wrong).unwrap();
    let mut line = wrong.lines[rejected].clone();
    line.transaction_id = Some("SAL51".into());
    line.transaction_reference_number = None;
    wrong.lines.push(line);
    let mut statements = Statements::new();
    statements.add(wrong);
    let found = Reconciliation::of(&journal, &statements).await.unwrap();
    let told: Vec<_> = found
        .disagreements
        .iter()
        .map(ToString::to_string)
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r"
    line 8: SAL7 is PAID with 7.25 rupees, and has no line; it may be of another time than was read
    line 9: SAL8 is PAID with 8.25 rupees, and has 1 line: 825.00 DEBIT; it is another sum
    line 10: SAL9 is PAID with 9.25 rupees, and has 1 line: 9.24 DEBIT; it is another sum
    line 23: SAL51 is REJECTED with 3.00 rupees, and has 1 line: 10.25 DEBIT; it is another sum
    ");
    assert_eq!(found.disagreeing.rows, 4);
}

/// A statement in which something was done to the lines of one row.
fn changed(whole: &Statement, id: &str, change: impl FnOnce(&mut Vec<StatementLine>)) -> Statement {
    let is_of_it = |line: &StatementLine| {
        let own = line.transaction_id.as_ref();
        own.is_some_and(|own| own.as_str() == id)
    };
    let lines = whole.lines.iter().cloned();
    let (mut of_it, mut lines): (Vec<_>, Vec<_>) = lines.partition(is_of_it);
    change(&mut of_it);
    lines.extend(of_it);
    Statement::new(lines)
}

#[tokio::test]
async fn money_that_left_twice_or_did_not_come_back_is_seen() {
    let world = World::new().await;
    let rows = file((1..=3).map(salary).chain([
        "SAL50,2,UPI,,,,,decline@sandbox".to_owned(),
        "SAL60,61000,NEFT,EMP60,Kabir Sen,501234567804,EXAM0000001,".to_owned(),
    ]));
    assert!(world.run(&rows).await.stop.is_none());
    let whole = statement(&world, &world.client()).await;
    let journal = world.journal();
    let again = |lines: &mut Vec<StatementLine>| {
        let mut again = lines[0].clone();
        again.transaction_reference_number = None;
        again.running_balance = None;
        lines.push(again);
    };
    let mut told = Vec::new();
    for changed in [
        changed(&whole, "SAL2", again),
        changed(&whole, "SAL50", |lines| drop(lines.pop())),
        changed(&whole, "SAL50", again),
        changed(&whole, "SAL60", again),
        whole.clone(),
    ] {
        let mut statements = Statements::new();
        statements.add(changed);
        let found = Reconciliation::of(&journal, &statements).await.unwrap();
        let all = found.all();
        told.push(format!(
            "paid {}, left {}, difference {}, in rows: {}",
            all.paid.rupees, all.left.rupees, all.difference.rupees, all.difference.rows
        ));
        told.extend(found.disagreements.iter().map(|row| format!("  {row}")));
    }
    insta::assert_snapshot!(told.join("\n"), @r"
    paid 6.75, left 61009.00, difference 61002.25, in rows: 2
      line 3: SAL2 is PAID with 2.25 rupees, and has 2 lines: 2.25 DEBIT, 2.25 DEBIT; it may have been paid twice, or given back
    paid 6.75, left 61008.75, difference 61002.00, in rows: 2
      line 5: SAL50 is NOT_PAID with 2.00 rupees, and has 1 line: 2.00 DEBIT; the money left, and did not come back
    paid 6.75, left 61012.75, difference 61006.00, in rows: 2
      line 5: SAL50 is NOT_PAID with 2.00 rupees, and has 3 lines: 2.00 DEBIT, 2.00 CREDIT, 2.00 DEBIT; it may have been paid more than once
    paid 6.75, left 122006.75, difference 122000.00, in rows: 1
      line 6: SAL60 is TAKEN with 61000.00 rupees, and has 2 lines: 61000.00 DEBIT, 61000.00 DEBIT; it may have been paid twice, or given back
    paid 6.75, left 61006.75, difference 61000.00, in rows: 1
    ");
}

#[tokio::test]
async fn a_statement_in_paise_is_read_so() {
    let world = World::new().await;
    assert!(world.run(&salaries(5)).await.is_all_paid());
    let mut whole = statement(&world, &world.client()).await;
    let hundred = Rupees::from_paise(10_000).decimal();
    for line in &mut whole.lines {
        let amount = line.transaction_amount.unwrap().decimal() * hundred;
        line.transaction_amount = Rupees::new(amount).ok();
    }
    let journal = world.journal();
    let mut statements = Statements::new();
    statements.add(whole.clone());
    let found = Reconciliation::of(&journal, &statements).await.unwrap();
    assert!(
        found.agrees() && found.in_paise,
        "{:?}",
        found.disagreements
    );
    assert_eq!(found.all().left, found.all().paid);

    // A hundredth is no rupees where all the others are paise.
    whole.lines[2].transaction_amount = "3.25".parse().ok();
    let mut statements = Statements::new();
    statements.add(whole);
    let found = Reconciliation::of(&journal, &statements).await.unwrap();
    assert_eq!(found.disagreeing.rows, 1);
}

/// Reads the statement with a client that takes no large answer.
async fn read(world: &World) -> Result<Statements, Error> {
    const AT_MOST: usize = 4000;
    let line = Arc::new(world.line.transport());
    let sparing = MemoryTransport::new(move |request| {
        let line = Arc::clone(&line);
        async move {
            let answer = line.send(request).await?;
            match answer.body().len() {
                0..=AT_MOST => Ok(answer),
                _ => Err(TransportError::new(Failure::BodyTooLarge, Sent::Maybe)),
            }
        }
    });
    let client = world.builder().transport(sparing).build().unwrap();
    let credentials = world.sandbox.credentials();
    let fund_source = credentials.fund_source_id.as_str().into();
    let account = &credentials.debit_account_number;
    let (now, day) = (world.clock.now(), Duration::from_secs(24 * 60 * 60));
    Statements::read(&client, &fund_source, account, now - day, now + day).await
}

#[tokio::test]
async fn a_long_statement_is_read_in_parts() {
    let mut world = World::new().await;
    // A minute between two rows.
    world.settings.rate = Some(1.0 / 60.0);
    world.settings.concurrency = 1;
    assert!(world.run(&salaries(40)).await.is_all_paid());
    let read_in_parts = read(&world).await.unwrap();
    assert!(world.line.calls("/statement") > 10);
    let journal = world.journal();
    let found = Reconciliation::of(&journal, &read_in_parts).await.unwrap();
    assert!(found.agrees(), "{:?}", found.disagreements);
    assert_eq!((found.all().left.rows, found.other_lines), (40, 0));

    // Where even a few seconds are too much, it ends.
    let other = World::new().await;
    let all_at_once = (1..=40).map(|row| format!("SAL{row},1,UPI,,,,,asha@examplebank"));
    assert!(other.run(&file(all_at_once)).await.is_all_paid());
    let read = read(&other).await;
    assert!(matches!(read, Err(Error::Transport { .. })));
}
