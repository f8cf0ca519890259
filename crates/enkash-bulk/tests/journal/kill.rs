//! Killed at any moment, a process leaves a journal that opens, with all that it was told of.
//!
//! The process that is killed is this program again, with the test [`writes_until_it_is_killed`].

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use enkash_bulk::journal::{Journal, SqliteJournal, State};
use enkash_types::strategies::repeatable;
use futures_util::future::join_all;
use proptest::prelude::*;

use crate::{Kept, row, run, step};

const FILE: &str = "ENKASH_BULK_TEST_FILE";
const ROWS: u64 = 2000;

#[test]
#[ignore = "it is what the other test kills"]
fn writes_until_it_is_killed() {
    let Some(file) = std::env::var_os(FILE) else {
        return;
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap();
    runtime.block_on(write(&SqliteJournal::open(file).unwrap()));
}

/// Plans the rows, if they are not, and sends and pays them in pairs, several at once. Says what it
/// was told.
async fn write(journal: &SqliteJournal) {
    if !journal.begin(&run()).await.unwrap() {
        for rows in (1..=ROWS).collect::<Vec<_>>().chunks(1000) {
            journal
                .plan(rows.iter().copied().map(row).collect())
                .await
                .unwrap();
        }
        journal.planned().await.unwrap();
    }
    println!("\nplanned");
    let lane = async |lane: u64| {
        let pairs = (1..ROWS).step_by(2).filter(|first| first / 2 % 8 == lane);
        for first in pairs {
            let pair = [first, first + 1];
            let entries = journal.entries(None, first - 1, 2).await.unwrap();
            let from = entries.first().unwrap().state;
            for to in [State::Sent, State::Paid] {
                if from < to {
                    let steps = pair.iter().map(|row| step(*row, to)).collect();
                    journal.record(steps).await.unwrap();
                    println!("{to} {first}");
                    std::io::stdout().flush().unwrap();
                }
            }
        }
    };
    join_all((0..8).map(lane)).await;
}

/// Lets a process write until it has said so many things, kills it, and gives what it was told.
fn killed_after(file: &Path, things: usize) -> Vec<(State, u64)> {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args([
            "kill::writes_until_it_is_killed",
            "--exact",
            "--ignored",
            "--nocapture",
        ])
        .env(FILE, file)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut told = Vec::new();
    let mut tell = |line: &str| {
        let (state, row) = line.split_once(' ')?;
        told.push((State::named(state)?, row.parse().ok()?));
        Some(())
    };
    for line in lines.by_ref().map_while(Result::ok).take(things) {
        tell(&line);
    }
    // SIGKILL, on a Unix system. What it said until then counts, but for half a line.
    child.kill().unwrap();
    child.wait().unwrap();
    let rest: Vec<_> = lines.map_while(Result::ok).collect();
    let whole = rest.len().saturating_sub(1);
    rest.iter().take(whole).for_each(|line| {
        tell(line);
    });
    told
}

async fn look(file: &Path, known: &BTreeMap<u64, State>) {
    let journal = SqliteJournal::open(file).unwrap();
    let entries = journal.entries(None, 0, 100_000).await.unwrap();
    for (first, told) in known {
        for row in [*first, first + 1] {
            let entry = entries.get(usize::try_from(row - 1).unwrap()).unwrap();
            assert!(
                entry.state >= *told,
                "row {row} was {told} and is {}",
                entry.state
            );
        }
    }
    for pair in entries.chunks(2) {
        let [one, other] = pair else {
            panic!("rows come in pairs");
        };
        assert_eq!(
            one.state, other.state,
            "of one call all is written or nothing"
        );
        let steps = journal.steps(one.plan.number).await.unwrap();
        let last = steps.last().map_or(State::Planned, |step| step.to);
        assert_eq!(one.state, last, "a row and its steps are written together");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..repeatable() })]

    #[test]
    fn all_that_was_told_is_there_after_a_kill(
        rounds in prop::collection::vec(0..200_usize, 1..4)
    ) {
        let kept = Kept::new();
        let file = kept.directory.path().join("run.db");
        drop(kept.journal);
        let mut known = BTreeMap::new();
        for things in rounds {
            for (state, row) in killed_after(&file, things) {
                known.entry(row).and_modify(|known: &mut State| *known = state.max(*known)).or_insert(state);
            }
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            runtime.block_on(look(&file, &known));
        }
    }
}
