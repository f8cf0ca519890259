//! Files that go through.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use enkash_bulk::api::Polling;
use enkash_bulk::api::payouts::StatementLookup;
use enkash_bulk::api::transport::Clock as _;
use enkash_bulk::journal::State;
use enkash_bulk::run::{Event, Progress};

use crate::line::{Fault, Line};
use crate::{Told, World, checked, file, salaries, salary};

#[tokio::test]
async fn every_row_is_paid_once_with_its_payee_added() {
    let world = World::new().await;
    let salaries = salaries(40);
    let ended = world.run(&salaries).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    assert_eq!((ended.count.answers, ended.count.failures), (40, 0));
    world.assert_all_paid(&salaries).await;
    assert_eq!(world.line.calls("/payout-transaction"), 40);
    assert_eq!(world.line.calls("/beneficiary-detail"), 40);
    let entries = world.entries().await;
    let entry = &entries["SAL7"];
    assert_eq!(entry.plan.payee, "EMP7 XXXXXXXX0007 EXAM0000001");
    assert!(entry.facts.utr.is_some() && entry.facts.enkash_id.is_some());
    assert!(!entry.facts.payee_was_there);
}

#[tokio::test]
async fn the_same_command_again_sends_nothing() {
    let world = World::new().await;
    let salaries = salaries(5);
    assert!(world.run(&salaries).await.is_all_paid());
    let calls = world.line.calls("");
    let again = world.run(&salaries).await;
    assert!(again.is_all_paid());
    assert_eq!((again.count.answers, again.count.tally.all().rows), (0, 5));
    assert_eq!(world.line.calls(""), calls);
    world.assert_all_paid(&salaries).await;
}

#[tokio::test]
async fn a_batch_is_one_request_and_what_it_leaves_out_is_settled_singly() {
    let mut rows: Vec<_> = (1..=10).map(salary).collect();
    // EnKash has no such account.
    rows[5] = "SAL6,6.25,IMPS,EMP6,Asha Rao,100000000001,EXAM0000001,".to_owned();
    let rows = file(rows);
    for can_see in [true, false] {
        let mut world = World::new().await;
        world.settings.batch = 4;
        let client = if can_see {
            world.seeing()
        } else {
            world.client()
        };
        let runner = world.runner_with(client, world.journal());
        let ended = world.run_with(runner, &rows).await;
        assert!(ended.stop.is_none(), "{:?}", ended.stop);
        assert_eq!(world.line.calls("/payout-transaction/batch"), 3);
        // Who can look need not ask.
        assert_eq!(
            world.line.calls("/payout-transaction"),
            usize::from(!can_see)
        );
        world.assert_agree().await;
        let entries = world.entries().await;
        assert_eq!(entries["SAL6"].state, State::Rejected);
        let reason = entries["SAL6"].facts.reason.as_deref();
        assert!(
            reason.is_some_and(|reason| reason.starts_with("REJECT_BENEF_ACC: ")),
            "{reason:?}"
        );
        // In a batch transfers wait for their turn: it takes a lookup to see them paid.
        let state = if can_see { State::Paid } else { State::Taken };
        assert_eq!(ended.count.tally.in_state(state).rows, 9);
        assert!(entries["SAL1"].facts.batch.is_some());
        assert_eq!(entries["SAL1"].facts.batch, entries["SAL4"].facts.batch);
        assert_ne!(entries["SAL1"].facts.batch, entries["SAL5"].facts.batch);
    }
}

#[tokio::test]
async fn a_batch_that_is_refused_is_sent_singly() {
    let mut world = World::new().await;
    world.settings.batch = 3;
    world.line.fail([Fault::Refused]);
    let salaries = salaries(3);
    let ended = world.run(&salaries).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    world.assert_all_paid(&salaries).await;
    assert_eq!(world.line.calls("/payout-transaction/batch"), 1);
    assert_eq!(world.line.calls("/payout-transaction"), 3);
}

/// It may be that EnKash takes no batches. That is no failure of a row.
#[tokio::test]
async fn rows_of_refused_batches_are_told_as_they_are_answered() {
    /// How many had been sent by the time that each was told of.
    struct Sent(Line, Arc<Mutex<Vec<usize>>>);

    impl Progress for Sent {
        fn on(&self, event: Event<'_>) {
            if let Event::Row { .. } = event {
                let sent = self.0.calls("/payout-transaction");
                self.1.lock().unwrap().push(sent);
            }
        }
    }

    let mut world = World::new().await;
    (world.settings.batch, world.settings.concurrency) = (20, 1);
    world.settings.failures_in_a_row = 1;
    world.line.fail([Fault::Refused; 2]);
    let salaries = salaries(40);
    let sent = Arc::default();
    let runner = world.runner();
    let runner = runner.with_progress(Sent(world.line.clone(), Arc::clone(&sent)));
    let ended = world.run_with(runner, &salaries).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    assert_eq!((ended.count.answers, ended.count.failures), (40, 0));
    assert_eq!(world.line.calls("/payout-transaction/batch"), 2);
    let sent = std::mem::take(&mut *sent.lock().unwrap());
    assert_eq!((sent.len(), sent.last()), (40, Some(&40)));
    // Those that are written down ahead may be sent before it is told.
    assert!(sent[0] < 10, "{sent:?}");
    world.assert_all_paid(&salaries).await;
}

#[tokio::test]
async fn neft_is_followed_until_it_is_paid_or_the_time_is_up() {
    let neft = |number| salary(number).replace("IMPS", "NEFT");
    for (at_most, end) in [(24 * 3600, State::Paid), (60, State::Taken)] {
        let mut world = World::new().await;
        let polling = Polling::new(Duration::from_secs(30), Duration::from_secs(at_most));
        world.settings.follow = Some(polling);
        let rows = file([neft(1), salary(2), neft(3)]);
        let runner = world.runner_with(world.seeing(), world.journal());
        let began = world.clock.now();
        let ended = world.run_with(runner, &rows).await;
        assert!(ended.stop.is_none(), "{:?}", ended.stop);
        assert_eq!(world.states().await, [end, State::Paid, end]);
        world.assert_agree().await;
        let took = world.clock.now().duration_since(began).unwrap();
        assert!(took <= Duration::from_secs(at_most + 60), "{took:?}");
        if end == State::Taken {
            // The next run goes on following.
            world.settings.follow = Some(Polling::new(polling.every, Duration::from_secs(86_400)));
            let runner = world.runner_with(world.seeing(), world.journal());
            let again = world.run_with(runner, &rows).await;
            assert!(again.is_all_paid(), "{:?}", again.stop);
        }
        world.assert_all_paid(&rows).await;
    }
}

#[tokio::test]
async fn without_a_lookup_nothing_is_waited_for() {
    let world = World::new().await;
    let rows = file([salary(1).replace("IMPS", "NEFT")]);
    let began = world.clock.now();
    let ended = world.run(&rows).await;
    assert!(ended.stop.is_none(), "{:?}", ended.stop);
    assert_eq!(world.states().await, [State::Taken]);
    assert_eq!(world.clock.now(), began);
}

/// Each look would read the whole statement, which does not say where a transfer stands.
#[tokio::test]
async fn a_lookup_that_does_not_tell_the_status_is_not_asked_for_every_row() {
    let world = World::new().await;
    let credentials = world.sandbox.credentials();
    let statement = StatementLookup::new(
        credentials.fund_source_id.as_str(),
        credentials.debit_account_number.clone(),
    );
    let client = world.builder().transfer_lookup(statement).build().unwrap();
    let rows = file((1..=40).map(|number| salary(number).replace("IMPS", "NEFT")));
    let runner = world.runner_with(client, world.journal());
    let ended = runner.run("payouts.csv", &rows, &checked(&rows)).await;
    assert!(ended.stop.is_none(), "{:?}", ended.stop);
    assert_eq!(ended.count.tally.in_state(State::Taken).rows, 40);
    let looks = world.line.calls("/statement");
    assert!((1..=8).contains(&looks), "{looks}");
}

#[tokio::test]
async fn no_more_requests_are_on_their_way_than_was_said() {
    let mut world = World::new().await;
    world.settings.concurrency = 3;
    let salaries = salaries(60);
    assert!(world.run(&salaries).await.is_all_paid());
    assert_eq!(world.line.most_under_way(), 3);
}

#[tokio::test]
async fn no_more_requests_leave_in_a_second_than_was_said() {
    let mut world = World::new().await;
    world.settings.rate = Some(4.0);
    let rows = file((1..=20).map(|n| format!("SAL{n},{n},UPI,,,,,asha@examplebank")));
    let began = world.clock.now();
    let ended = world.run(&rows).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    let took = world.clock.now().duration_since(began).unwrap();
    assert_eq!(took, Duration::from_millis(250 * 19));
    assert!(ended.count.rate() > 4.0 && ended.count.rate() < 4.3);
}

/// Counts how many rows were told of, and looks at the journal of another's that it holds.
struct Watching {
    rows: AtomicUsize,
    told: Told,
}

impl Progress for Watching {
    fn on(&self, event: Event<'_>) {
        let told = match event {
            Event::Planned { rows } => format!("planned {rows}"),
            Event::Began(count) => format!("began with {}", count.tally.all().rows),
            Event::Balance(rupees) => format!("balance {rupees}"),
            Event::Phase(phase) => format!("{phase:?}"),
            Event::Row { .. } => {
                self.rows.fetch_add(1, Ordering::SeqCst);
                return;
            }
            Event::Stopping(stop) => format!("stopping: {stop}"),
            _ => "something else".to_owned(),
        };
        self.told.0.lock().unwrap().push(told);
    }
}

#[tokio::test]
async fn whoever_watches_is_told() {
    let world = World::new().await;
    let salaries = salaries(700);
    let watching = Arc::new(Watching {
        rows: AtomicUsize::new(0),
        told: Told::default(),
    });
    let runner = world.runner().with_progress(Arc::clone(&watching));
    let ended = runner
        .run("payouts.csv", &salaries, &checked(&salaries))
        .await;
    assert!(ended.is_all_paid());
    assert_eq!(watching.rows.load(Ordering::SeqCst), 700);
    assert_eq!(
        watching.told.take(),
        [
            "planned 512",
            "planned 700",
            "began with 700",
            "balance 10000000.00",
            "Paying",
        ]
    );
    assert_eq!(runner.journal().run().await.unwrap().name, "payouts.csv");
}

/// A host may spawn a run.
#[tokio::test]
async fn a_run_can_be_spawned() {
    let world = World::new().await;
    let runner = world.runner();
    let ended = tokio::spawn(async move {
        let salaries = salaries(3);
        let checked = checked(&salaries);
        runner.run("payouts.csv", &salaries, &checked).await
    });
    assert!(ended.await.unwrap().is_all_paid());
}
