//! Runs that stop by themselves, and go on.

use std::sync::Arc;

use enkash_bulk::check::check;
use enkash_bulk::file::{Fingerprint, Format, PayoutFile, ReadError, Row, Rows, Source};
use enkash_bulk::journal::{Difference, JournalError, State};
use enkash_bulk::run::{Event, Progress, Stop, Stopper};
use enkash_bulk::types::Rupees;
use enkash_bulk::types::payouts::{BeneficiaryDetail, CreateTransfer, TransferMode};
use enkash_sandbox::{Fault as SandboxFault, FaultKind};

use crate::gated::{Gated, Room};
use crate::line::Fault;
use crate::{World, checked, file, salaries, salary};

#[tokio::test]
async fn too_many_failures_in_a_row_stop_it() {
    let mut world = World::new().await;
    world.settings.concurrency = 1;
    world.settings.failures_in_a_row = 4;
    // Every third goes through, then none.
    let rows = file((1..=30).map(|number| match number {
        n if n > 12 || n % 3 > 0 => format!("SAL{n},5,UPI,,,,,decline@sandbox"),
        n => format!("SAL{n},5,UPI,,,,,asha{n}@examplebank"),
    }));
    let ended = world.run(&rows).await;
    let Some(Stop::Failures { in_a_row: 4, last }) = &ended.stop else {
        panic!("{:?}", ended.stop);
    };
    assert_eq!(last, "EnKash says FAILED");
    // One more was on its way by then, at most.
    let answers = ended.count.answers;
    assert!((16..=17).contains(&answers), "{answers}");
    assert_eq!(
        ended.count.tally.in_state(State::Planned).rows,
        30 - answers
    );
    world.assert_agree().await;
    // It goes on where it was, and stops again.
    let again = world.run(&rows).await;
    assert!(
        matches!(again.stop, Some(Stop::Failures { .. })),
        "{:?}",
        again.stop
    );
    assert!(
        (4..=5).contains(&again.count.answers),
        "{}",
        again.count.answers
    );
    world.settings.failures_in_a_row = 0;
    let rest = world.run(&rows).await;
    assert!(rest.stop.is_none());
    assert_eq!(rest.count.tally.over().rows, 30);
    assert_eq!(rest.count.tally.in_state(State::NotPaid).rows, 26);
    world.assert_agree().await;
}

#[tokio::test]
async fn what_the_balance_does_not_cover_is_not_sent() {
    for (batch, sent) in [(1, 4), (3, 3)] {
        let mut world = World::new().await;
        world.settings.batch = batch;
        world.set_balance(4 * 250 + 50).await;
        let row = |n| format!("SAL{n},250,UPI,,,,,asha{n}@examplebank");
        let rows = file((1..=9).map(row));
        let ended = world.run(&rows).await;
        let Some(Stop::Balance { has, needs }) = ended.stop else {
            panic!("{:?}", ended.stop);
        };
        assert_eq!(has.to_string(), format!("{}.00", 1050 - 250 * sent));
        assert_eq!(needs.to_string(), format!("{}.00", 250 * batch));
        let ledger = world.ledger().await;
        assert_eq!(ledger.len(), sent);
        world.assert_agree().await;

        world.set_balance(100_000).await;
        assert!(world.run(&rows).await.stop.is_none());
        assert_eq!(world.ledger().await.len(), 9);
        world.assert_agree().await;
    }
}

/// The balance was counted on for the batch, and is there for each of its rows.
#[tokio::test]
async fn rows_of_a_refused_batch_are_covered_by_what_covered_it() {
    let mut world = World::new().await;
    world.settings.batch = 3;
    world.set_balance(2 * 250).await;
    world.line.fail([Fault::Refused]);
    let rows = file((1..=2).map(|n| format!("SAL{n},250,UPI,,,,,asha{n}@examplebank")));
    let ended = world.run(&rows).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    assert_eq!(world.line.calls("/balance"), 1);
}

/// A host's own rows.
struct Given(Vec<Row>);

struct Reader(std::vec::IntoIter<Row>);

impl Source for Given {
    fn rows(&self) -> Result<Box<dyn Rows>, ReadError> {
        Ok(Box::new(Reader(self.0.clone().into_iter())))
    }
}

impl Rows for Reader {
    fn next_row(&mut self) -> Result<Option<Row>, ReadError> {
        Ok(self.0.next())
    }

    fn fingerprint(&self) -> Fingerprint {
        Fingerprint::of(b"given")
    }
}

/// What is not paid from the account that is watched is not left in it.
#[tokio::test]
async fn a_row_of_another_account_leaves_no_money_in_this_one() {
    let mut world = World::new().await;
    world.settings.concurrency = 1;
    world.set_balance(300).await;
    let row = |number: u64, rupees: i32| {
        let payee = BeneficiaryDetail::to_vpa("asha@examplebank");
        let amount = Rupees::from_paise(rupees * 100);
        let id = format!("SAL{number}");
        Row::new(
            number,
            CreateTransfer::inline(id, amount, TransferMode::Upi, payee),
        )
    };
    let mut rows = vec![row(1, 500), row(2, 250), row(3, 250)];
    rows[0].transfer.fund_source_id = Some("ANOTHER".into());
    world.line.fail([Fault::Refused]);
    let rows = Given(rows);
    let checked = check(&rows, &mut |problem| panic!("{problem}")).unwrap();
    let runner = world.runner();
    let ended = runner.run("rows", &rows, &checked).await;
    drop(runner);
    let Some(Stop::Balance { has, .. }) = ended.stop else {
        panic!("{:?}", ended.stop);
    };
    assert_eq!(has, Rupees::from_paise(5_000));
    assert_eq!(
        world.states().await,
        [State::Refused, State::Paid, State::Planned]
    );
}

#[tokio::test]
async fn a_balance_that_is_filled_meanwhile_is_read_again() {
    struct Fills(Arc<World>);

    impl Progress for Fills {
        fn on(&self, event: Event<'_>) {
            if let Event::Row { count, .. } = event
                && count.answers == 2
            {
                // The control surface answers at once.
                let world = Arc::clone(&self.0);
                tokio::spawn(async move { world.set_balance(5000).await });
            }
        }
    }

    let world = Arc::new(World::new().await);
    world.set_balance(600).await;
    let rows = file((1..=5).map(|n| format!("SAL{n},250,UPI,,,,,asha{n}@examplebank")));
    let runner = world.runner().with_progress(Fills(Arc::clone(&world)));
    let ended = runner.run("payouts.csv", &rows, &checked(&rows)).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
}

#[tokio::test]
async fn a_token_that_is_refused_stops_it_at_once() {
    let mut world = World::new().await;
    world.settings.concurrency = 2;
    let refused = SandboxFault::new("create_payout_transfer", FaultKind::TokenRefused).times(100);
    world.sandbox.fault(refused).unwrap();
    let salaries = salaries(50);
    let ended = world.run(&salaries).await;
    assert!(
        matches!(ended.stop, Some(Stop::Token(_))),
        "{:?}",
        ended.stop
    );
    // Those that were on their way then, each tried again with a new token.
    assert!(world.line.calls("/payout-transaction") <= 8);
    assert_eq!(ended.count.tally.in_state(State::Planned).rows, 50);
    assert!(world.ledger().await.is_empty());
    world
        .sandbox
        .control("oauth/revoke", serde_json::Value::Null)
        .await
        .unwrap();
}

#[tokio::test]
async fn a_stopper_stops_it_and_what_is_on_its_way_is_recorded() {
    struct Stops(Stopper);

    impl Progress for Stops {
        fn on(&self, event: Event<'_>) {
            if let Event::Row { count, .. } = event
                && count.answers == 5
            {
                self.0.stop();
            }
        }
    }

    let world = World::new().await;
    let salaries = salaries(50);
    let stopper = Stopper::new();
    let runner = world.runner().with_stopper(stopper.clone());
    let runner = runner.with_progress(Stops(stopper));
    let ended = world.run_with(runner, &salaries).await;
    assert!(matches!(ended.stop, Some(Stop::Asked)), "{:?}", ended.stop);
    let states = world.states().await;
    assert!(!states.contains(&State::Sent), "{states:?}");
    let paid = states.iter().filter(|state| **state == State::Paid).count();
    assert!((5..30).contains(&paid), "{paid}");
    world.assert_agree().await;
    assert!(world.run(&salaries).await.is_all_paid());
    world.assert_all_paid(&salaries).await;
}

#[tokio::test]
async fn a_journal_that_fails_stops_it_with_nothing_sent_unrecorded() {
    for room in 0..25 {
        let mut world = World::new().await;
        world.settings.concurrency = 3;
        let journal = Gated {
            journal: world.journal(),
            gate: Room::of(room),
        };
        let runner = world.runner_with(world.client(), journal);
        let salaries = salaries(10);
        let ended = world.run_with(runner, &salaries).await;
        if room >= 20 {
            assert!(ended.is_all_paid(), "{:?}", ended.stop);
            continue;
        }
        assert!(matches!(&ended.stop, Some(Stop::Journal(error)) if *error == Room::none_left()));
        // `Planned` here is not there: `assert_agree` looks.
        world.assert_agree().await;
        let ended = world.run(&salaries).await;
        assert!(ended.stop.is_none(), "{:?}", ended.stop);
        let ledger = world.ledger().await;
        assert_eq!(ledger.len(), 10);
        assert!(ledger.values().all(|transfer| transfer["debits"] == 1));
        world.assert_agree().await;
    }
}

#[tokio::test]
async fn a_changed_file_is_refused() {
    let world = World::new().await;
    let before = salaries(3);
    assert!(world.run(&before).await.is_all_paid());
    let after = PayoutFile::in_memory(
        format!(
            "{}\n{}\n",
            crate::HEADING,
            (1..=4).map(salary).collect::<Vec<_>>().join("\n")
        ),
        Format::Csv,
    );
    let ended = world.run(&after).await;
    assert!(matches!(
        &ended.stop,
        Some(Stop::Journal(JournalError::AnotherRun(Difference::File { name, .. }))) if name == "payouts.csv"
    ));
    assert_eq!(world.ledger().await.len(), 3);
}

#[tokio::test]
async fn another_account_or_address_is_refused() {
    let mut world = World::new().await;
    let salaries = salaries(1);
    assert!(world.run(&salaries).await.is_all_paid());
    let client = world
        .builder()
        .base_url("http://127.0.0.1:2")
        .unwrap()
        .build()
        .unwrap();
    let runner = world.runner_with(client, world.journal());
    let ended = world.run_with(runner, &salaries).await;
    let is_of = |journal: &str| format!("the journal belongs to a run {journal}");
    let told = ended.stop.unwrap().to_string();
    assert!(told.starts_with(&is_of("at http")), "{told}");
    world.settings.fund_source = None;
    let ended = world.run(&salaries).await;
    let told = ended.stop.unwrap().to_string();
    assert!(
        told.starts_with(&is_of("that pays from FSANDBOX01")),
        "{told}"
    );
}

#[tokio::test]
async fn too_many_calls_slow_it_down() {
    let mut world = World::new().await;
    world.settings.concurrency = 1;
    world
        .line
        .fail([Fault::TooMany, Fault::None, Fault::TooMany, Fault::TooMany]);
    let salaries = salaries(6);
    let ended = world.run(&salaries).await;
    // They are tried again once the others are through.
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    assert_eq!(ended.count.failures, 3);
    world.assert_all_paid(&salaries).await;
}
