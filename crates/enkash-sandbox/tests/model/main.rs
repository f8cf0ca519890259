//! The sandbox's state machines, held against a model of them.
//!
//! Random sequences of operations are done to a sandbox, by calls as a merchant and the control
//! surface make them, and to a [model](model::Model) of it in plain Rust. After each step what was
//! answered and what there is to see must be the same, and the sums must add up: what was paid and
//! not refunded is settled or waits for it. A sequence that fails is shrunk.
//!
//! `PROPTEST_CASES=5000` looks longer, `PROPTEST_RNG_SEED` repeats a run. How often each change of
//! state was seen is printed with `cargo test -p enkash-sandbox --test model -- --nocapture`.

#![allow(clippy::unwrap_used, clippy::panic)] // Helpers of tests are tests as well.

#[path = "../sandbox/client.rs"]
#[allow(dead_code)] // Not all of it is of use here.
mod client;

mod accounts;
mod instruments;
mod ledger;
mod look;
mod mandates;
mod model;
mod ops;
mod payments;
mod picture;
mod qr;
mod real;
mod splits;
mod transitions;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use enkash_types::strategies::repeatable;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, RngSeed, TestRunner};
use tokio::runtime::Runtime;

use model::Model;
use ops::{Op, Part, Pause, Takes, sequences};
use picture::{Glance, Picture};
use real::Real;
use splits::{Rule, SplitOp};

/// So many sequences are tried, if `PROPTEST_CASES` does not say otherwise.
fn config(cases: u32) -> ProptestConfig {
    let mut config = repeatable();
    if std::env::var_os("PROPTEST_CASES").is_none() {
        config.cases = cases;
    }
    config
}

/// Runs sequences, and gives how often each change was seen.
fn agree(mut config: ProptestConfig, file: Option<&File>) -> BTreeMap<String, u32> {
    config.max_shrink_iters = 4000;
    config.max_shrink_time = 120_000;
    let runtime = runtime();
    let all_taken = RefCell::new(BTreeMap::new());
    let agrees = |ops: Vec<Op>| {
        let run = runtime.block_on(one(ops, file.map(File::empty)));
        let (model, _) = run.map_err(TestCaseError::fail)?;
        for (what, count) in model.taken {
            *all_taken.borrow_mut().entry(what).or_default() += count;
        }
        Ok(())
    };
    let restarts = if file.is_some() { 10 } else { 0 };
    if let Err(failure) = TestRunner::new(config).run(&sequences(restarts), agrees) {
        panic!("{failure}");
    }
    all_taken.into_inner()
}

fn runtime() -> Runtime {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all().build().unwrap()
}

/// Runs one sequence; gives what the model came to, and what is to be seen of the sandbox.
async fn one(ops: Vec<Op>, file: Option<PathBuf>) -> Result<(Model, Picture), String> {
    let mut model = Model::default();
    let mut real = Real::start(file).await;
    let mut story = String::new();
    let steps = ops.len();
    for (step, op) in (1..).zip(ops) {
        let aimed = op.aim(&model);
        let mut wrong = None;
        if let Some(op) = &aimed {
            let answer = real.obey(op, &model).await;
            let expected = model.obey(op);
            story += &format!("\n  {op:?}: {expected:?}");
            if answer != expected {
                wrong = Some(format!(
                    "the sandbox answers {answer:?}, the model {expected:?}"
                ));
            }
        }
        let picture = model.picture();
        let is_last = step == steps;
        let glance = Glance {
            step,
            is_last,
            model: &picture,
        };
        if wrong.is_none() && (is_last || aimed.is_some()) {
            wrong = match real.look(&glance).await {
                Ok(()) => real
                    .seen
                    .difference(&picture)
                    .or(model.check_sums(&real.seen).err()),
                Err(status) => Some(format!("the sandbox refuses a read with {status}")),
            };
        }
        if let Some(wrong) = wrong {
            return Err(format!("{wrong}\nafter{story}\n"));
        }
    }
    Ok((model, real.stop().await))
}

/// A file of a test's own, which goes when the test ends.
struct File(PathBuf);

impl File {
    /// The name tells it from those of other tests; two runs at a time do not share one.
    fn new(name: &str) -> Self {
        let name = format!("model-{name}-{}", std::process::id());
        Self(Path::new(env!("CARGO_TARGET_TMPDIR")).join(name))
    }

    /// Its path, where nothing is yet.
    fn empty(&self) -> PathBuf {
        let _ = std::fs::remove_dir_all(&self.0);
        std::fs::create_dir_all(&self.0).unwrap();
        self.0.join("shop.db")
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_sandbox_agrees_with_the_model() {
    agree(config(48), None);
}

/// Whenever it is stopped and started again, it goes on as if it had not been.
#[test]
fn a_sandbox_with_a_file_agrees_with_the_model() {
    agree(config(24), Some(&File::new("random")));
}

/// The sequences reach all that the model can do: what is never tried is not tested.
#[test]
fn every_change_of_state_is_seen() {
    let config = ProptestConfig {
        cases: 128,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::XorShift,
        rng_seed: RngSeed::Fixed(1),
        ..ProptestConfig::default()
    };
    transitions::check(&agree(config, None));
}

fn order(paise: i32) -> Op {
    let takes = Takes::Anything;
    Op::CreateOrder {
        paise,
        told: true,
        takes,
    }
}

/// Sequences that were found once.
#[test]
fn what_once_went_wrong_does_not_again() {
    let submit = |what| Op::Submit {
        order: 0,
        by: instruments::find(what),
    };
    let otp = Op::Otp {
        payment: 0,
        right: true,
    };
    // Two payments end at the same time, and not in the order in which they began to wait.
    let at_once = |then: Op| {
        let (first, second) = (submit("4000000000000259"), submit("pending@sandbox"));
        vec![order(100), first, second, otp.clone(), then, wait(60)]
    };
    let refund = Op::Refund {
        payment: 1,
        part: Part::Half,
        id: None,
    };
    let divide = SplitOp::Divide {
        payment: 0,
        rule: Rule::Percent(vec![(0, 50)]),
    };
    let pay = || Op::Pay { order: 0 };
    let stories = [
        at_once(wait(1)),
        at_once(Op::Restart),
        // A run has paid nothing, and is not made up for when what it left is divided.
        vec![
            order(10_000),
            pay(),
            wait(2 * model::DAY),
            order(5_000),
            pay(),
            refund,
            wait(2 * model::DAY),
            Op::Split(SplitOp::Open),
            Op::Split(divide),
            Op::Restart,
            wait(60),
        ],
    ];
    let file = File::new("stories");
    for story in stories {
        if let Err(wrong) = runtime().block_on(one(story, Some(file.empty()))) {
            panic!("{wrong}");
        }
    }
}

fn wait(seconds: u64) -> Op {
    Op::Wait(Pause::Seconds(seconds))
}

/// The sums are not just compared with the model's: they have to add up.
#[test]
fn a_paisa_that_is_lost_is_missed() {
    let story = vec![
        order(100),
        Op::Pay { order: 0 },
        order(250),
        Op::Pay { order: 0 },
        Op::Settle,
    ];
    let (model, mut seen) = runtime().block_on(one(story, None)).unwrap();
    assert_eq!(model.check_sums(&seen), Ok(()));
    seen.settled.get_mut(&0).unwrap()[1] -= 1;
    assert_eq!(
        model.check_sums(&seen).unwrap_err(),
        "1 paise of order 1 are nowhere: 250 were paid, 0 refunded, 249 settled, 0 wait"
    );
}
