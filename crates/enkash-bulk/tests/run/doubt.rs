//! Rows of which EnKash's answers do not say whether they are paid: none is paid twice for it, none
//! is taken for paid, and none keeps others from being paid.

use std::time::Duration;

use enkash_bulk::api::payouts::{SeenTransfer, Sighting, TransferLookup};
use enkash_bulk::api::{Client, Error, Polling};
use enkash_bulk::journal::{Entry, State, Unnamed};
use enkash_bulk::run::Stop;
use enkash_bulk::types::payouts::CreateTransfer;

use crate::line::Fault;
use crate::{World, checked, file, inline, salary};

fn reason(entry: &Entry) -> &str {
    entry.facts.reason.as_deref().unwrap_or_default()
}

/// EnKash says which transfers of a batch it took. One that it did not take, and whose id it knows,
/// was another payment.
#[tokio::test]
async fn an_id_that_was_used_before_is_not_taken_for_paid_in_a_batch() {
    let mut world = World::new().await;
    let before = world.elsewhere().await;
    let other = file(["SAL2,7,UPI,,,,,ravi@examplebank".to_owned()]);
    assert!(before.run(&other).await.is_all_paid());
    world.settings.batch = 3;
    let rows = file((1..=3).map(inline));
    // The second run only has what the journal says.
    for _ in 0..2 {
        let ended = world.run(&rows).await;
        assert!(ended.stop.is_none(), "{:?}", ended.stop);
        let (sent, taken) = (State::Sent, State::Taken);
        assert_eq!(world.states().await, [taken, sent, taken]);
        let entry = &world.entries().await["SAL2"];
        let left_out = "EnKash took its batch and did not name it among the transfers taken; ";
        assert!(reason(entry).starts_with(left_out), "{}", reason(entry));
        assert!(reason(entry).contains("(409)"), "{}", reason(entry));
        assert_eq!(entry.facts.unnamed, Some(Unnamed::LeftOut));
        assert_eq!(world.entries().await["SAL1"].facts.unnamed, None);
    }
    // Whatever else goes wrong, it is remembered.
    world.line.fail([Fault::LostRequest; 3]);
    assert!(world.run(&rows).await.stop.is_none());
    assert!(world.run(&rows).await.stop.is_none());
    assert_eq!(world.states().await[1], State::Sent);
    assert_eq!(world.ledger().await["SAL2"]["debits"], 1);
}

#[tokio::test]
async fn what_is_found_and_was_not_named_says_so() {
    let mut world = World::new().await;
    let before = world.elsewhere().await;
    assert!(before.run(&file([inline(2)])).await.is_all_paid());
    world.settings.batch = 3;
    let rows = file((1..=3).map(inline));
    let runner = world.runner_with(world.seeing(), world.journal());
    let ended = world.run_with(runner, &rows).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    let entries = world.entries().await;
    assert!(reason(&entries["SAL2"]).contains("make sure that it is this payment"));
    assert_eq!(reason(&entries["SAL1"]), "");
}

/// As above, and it is looked up again before it is paid.
#[tokio::test]
async fn what_was_not_named_says_so_as_long_as_it_is_followed() {
    let neft = |number| salary(number).replace("IMPS", "NEFT");
    let mut world = World::new().await;
    world.settings.follow = Some(Polling::new(
        Duration::from_secs(60),
        Duration::from_secs(86_400),
    ));
    let before = world.elsewhere().await;
    assert!(before.run(&file([neft(2)])).await.stop.is_none());
    world.settings.batch = 3;
    // The batch of the last three is refused, and what is sent by itself and answered is that payment.
    world.settings.concurrency = 1;
    world.line.fail([Fault::None, Fault::Refused]);
    let rows = file((1..=6).map(neft));
    let runner = world.runner_with(world.seeing(), world.journal());
    let ended = runner.run("payouts.csv", &rows, &checked(&rows)).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    let steps = runner.journal().steps(2).await.unwrap();
    let states: Vec<_> = steps.iter().map(|step| step.to).collect();
    let [.., State::Taken, State::Paid] = states[..] else {
        panic!("{states:?}");
    };
    drop(runner);
    for (id, entry) in world.entries().await {
        let is_cautious = reason(&entry).contains("make sure that it is this payment");
        assert_eq!(is_cautious, id == "SAL2", "{id}: {}", reason(&entry));
    }
}

/// It is not documented that nothing of a refused batch is taken.
#[tokio::test]
async fn rows_that_were_taken_with_a_refused_batch_are_not_refused() {
    let mut world = World::new().await;
    world.settings.batch = 3;
    world.line.fail([Fault::RefusedAndDone]);
    let rows = file((1..=3).map(inline));
    let ended = world.run(&rows).await;
    assert!(ended.stop.is_none(), "{:?}", ended.stop);
    assert_eq!(world.ledger().await.len(), 3);
    assert_eq!(world.states().await, [State::Sent; 3]);
    let entries = world.entries().await;
    let unnamed = |entry: &Entry| entry.facts.unnamed == Some(Unnamed::InRefused);
    assert!(entries.values().all(unnamed));
    // A lookup tells.
    let runner = world.runner_with(world.seeing(), world.journal());
    let ended = world.run_with(runner, &rows).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    world.assert_all_paid(&rows).await;
}

/// As above, and the run ends in between.
#[tokio::test]
async fn rows_that_were_taken_with_a_refused_batch_are_not_refused_by_the_next_run() {
    let mut world = World::new().await;
    world.settings.batch = 3;
    world.line.fail([Fault::RefusedAndDone]);
    let rows = file((1..=3).map(inline));
    let ended = world.run_and_stop_after(1, &rows).await;
    assert!(matches!(ended.stop, Some(Stop::Asked)), "{:?}", ended.stop);
    assert_eq!(world.states().await, [State::Planned; 3]);
    // However it goes on.
    world.settings.batch = 1;
    for _ in 0..2 {
        assert!(world.run(&rows).await.stop.is_none());
        assert_eq!(world.states().await, [State::Sent; 3]);
        for entry in world.entries().await.values() {
            let refused = "EnKash refused its batch; ";
            assert!(reason(entry).starts_with(refused), "{}", reason(entry));
        }
    }
    world.assert_agree().await;
}

/// What a refusal by itself says may be the batch's doing: it may have emptied the account.
#[tokio::test]
async fn a_row_that_is_refused_after_its_batch_is_refused_only_if_it_is_not_seen() {
    for (batch, sees, state) in [
        (Fault::RefusedAndDone, false, State::Sent),
        (Fault::RefusedAndDone, true, State::Paid),
        (Fault::Refused, false, State::Sent),
        (Fault::Refused, true, State::Refused),
    ] {
        let mut world = World::new().await;
        world.settings.batch = 2;
        world
            .line
            .fail([batch].into_iter().chain([Fault::Refused; 8]));
        let rows = file((1..=2).map(inline));
        if sees {
            let runner = world.runner_with(world.seeing(), world.journal());
            world.run_with(runner, &rows).await;
        } else {
            world.run(&rows).await;
        }
        assert_eq!(world.states().await, [state; 2], "{batch:?} {sees}");
        for entry in world.entries().await.values() {
            let refused = "EnKash refused its batch; ";
            assert!(reason(entry).starts_with(refused), "{}", reason(entry));
        }
        world.assert_agree().await;
    }
}

/// Until EnKash has said by itself of a row that it has it, it knows of the id alone.
#[tokio::test]
async fn a_row_of_a_refused_batch_whose_own_answer_is_lost_stays_in_doubt() {
    let mut world = World::new().await;
    world.settings.batch = 3;
    world.line.fail([Fault::Refused, Fault::LostAnswer]);
    let rows = file((1..=3).map(inline));
    let ended = world.run(&rows).await;
    assert!(ended.stop.is_none(), "{:?}", ended.stop);
    let (sent, paid) = (State::Sent, State::Paid);
    assert_eq!(world.states().await, [sent, paid, paid]);
    let runner = world.runner_with(world.seeing(), world.journal());
    let ended = world.run_with(runner, &rows).await;
    assert!(ended.is_all_paid(), "{:?}", ended.stop);
    let entries = world.entries().await;
    assert!(reason(&entries["SAL1"]).contains("make sure that it is this payment"));
    assert_eq!(reason(&entries["SAL2"]), "");
    world.assert_all_paid(&rows).await;
}

/// By its documentation EnKash says 403 also where it could not seal its answer.
#[tokio::test]
async fn what_is_forbidden_may_have_been_done() {
    for batch in [1, 2] {
        let mut world = World::new().await;
        (world.settings.batch, world.settings.concurrency) = (batch, 1);
        world.line.fail([Fault::ForbiddenAndDone; 3]);
        let rows = file((1..=2).map(inline));
        let ended = world.run(&rows).await;
        assert!(
            matches!(ended.stop, Some(Stop::NotAllowed(_))),
            "{:?}",
            ended.stop
        );
        assert_eq!(world.states().await[0], State::Sent);
        world.assert_agree().await;
        let ended = world.run(&rows).await;
        assert!(ended.stop.is_none(), "{:?}", ended.stop);
        assert_eq!(world.states().await[0], State::Taken);
        let ledger = world.ledger().await;
        assert!(ledger.values().all(|transfer| transfer["debits"] == 1));
        world.assert_agree().await;
    }
}

#[tokio::test]
async fn rows_that_stay_in_doubt_do_not_keep_others_from_being_paid() {
    // How often it is asked for after its first request, and by a later run.
    for (fault, after, later) in [(Fault::Refused, 1, 1), (Fault::Unavailable, 2, 3)] {
        let mut world = World::new().await;
        world.settings.concurrency = 1;
        let rows = file((1..=20).map(inline));
        let lost = [vec![Fault::LostRequest], vec![fault; after]].concat();
        world.line.fail(lost.repeat(10));
        let ended = world.run(&rows).await;
        assert!(
            matches!(ended.stop, Some(Stop::Failures { .. })),
            "{:?}",
            ended.stop
        );
        let states = world.states().await;
        let in_doubt = states.iter().filter(|state| **state == State::Sent);
        let in_doubt = in_doubt.count();
        let planned = states.iter().filter(|state| **state == State::Planned);
        assert!(in_doubt >= 10 && planned.count() > 0, "{states:?}");

        // They are asked for before the others are paid, and after.
        let settling = vec![fault; in_doubt * later];
        world.line.fail(settling.clone());
        world.line.fail(vec![Fault::None; 20 - in_doubt]);
        world.line.fail(settling);
        let ended = world.run(&rows).await;
        // Where EnKash cannot be asked, not all of them may have been asked for.
        let could_ask = !matches!(ended.stop, Some(Stop::Failures { .. }));
        assert_eq!(could_ask, fault == Fault::Refused, "{:?}", ended.stop);
        assert_eq!(ended.count.tally.in_state(State::Planned).rows, 0);
        assert_eq!(
            ended.count.tally.in_state(State::Sent).rows as usize,
            in_doubt
        );
        world.assert_agree().await;
        assert!(world.run(&rows).await.is_all_paid());
        world.assert_all_paid(&rows).await;
    }
}

/// It knows something else under every id.
struct Another;

#[async_trait::async_trait]
impl TransferLookup for Another {
    async fn find(&self, _: &Client, transfer: &CreateTransfer) -> Result<Sighting, Error> {
        let mut seen = SeenTransfer::new(transfer.transaction_id.clone());
        seen.amount = Some("999".parse().unwrap());
        seen.status = Some("SUCCESS".into());
        Ok(Sighting::There(seen))
    }
}

#[tokio::test]
async fn something_else_under_an_id_is_told_and_is_not_taken_for_the_payment() {
    let world = World::new().await;
    let rows = file([salary(1).replace("IMPS", "NEFT")]);
    for _ in 0..2 {
        let client = world.builder().transfer_lookup(Another).build().unwrap();
        let runner = world.runner_with(client, world.journal());
        let ended = runner.run("payouts.csv", &rows, &checked(&rows)).await;
        assert!(ended.stop.is_none(), "{:?}", ended.stop);
        // That it was sent, taken, and looked up: the second time there is nothing new.
        assert_eq!(runner.journal().steps(1).await.unwrap().len(), 3);
        drop(runner);
        let entries = world.entries().await;
        assert_eq!(entries["SAL1"].state, State::Taken);
        let reason = reason(&entries["SAL1"]);
        assert!(reason.contains("something else under its id"), "{reason}");
    }
}
