//! What holds for all values. A test that fails prints its seed;
//! `PROPTEST_RNG_SEED=<seed> cargo test -p enkash-types --all-features` repeats the run.

// The lints know a test by its attribute, and what tests share has none.
#![allow(clippy::unwrap_used, clippy::panic)]

mod amounts;
mod documents;
mod hiding;
mod reading;
mod requests;
mod schemas;
mod strategies;
mod texts;

use enkash_types::strategies::{ValidValues, repeatable};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{RngSeed, TestCaseResult, TestRunner};

/// Calls a function for each request type.
macro_rules! each_request {
    ($function:ident $arguments:tt) => {
        $function::<enkash_types::oauth::PasswordGrant> $arguments;
        $function::<enkash_types::oauth::RefreshGrant> $arguments;
        $function::<enkash_types::gateway::CreateMerchantToken> $arguments;
        $function::<enkash_types::gateway::CreateOrder> $arguments;
        $function::<enkash_types::gateway::GetOrderStatus> $arguments;
        $function::<enkash_types::rewards::CreateRewardSsoToken> $arguments;
    };
}

/// Calls a function for each type that EnKash sends.
macro_rules! each_answer {
    ($function:ident $arguments:tt) => {
        $function::<enkash_types::oauth::OAuthToken> $arguments;
        $function::<enkash_types::gateway::MerchantToken> $arguments;
        $function::<enkash_types::gateway::CreatedOrder> $arguments;
        $function::<enkash_types::gateway::Order> $arguments;
        $function::<enkash_types::gateway::PaymentNotification> $arguments;
        $function::<enkash_types::rewards::RewardSsoToken> $arguments;
    };
}

use {each_answer, each_request};

/// Runs a test on many values.
#[track_caller]
fn all<S: Strategy>(values: S, test: impl Fn(S::Value) -> TestCaseResult) {
    if let Err(failure) = TestRunner::new(repeatable()).run(&values, test) {
        panic!("{failure}");
    }
}

/// So many values, the same every time.
fn samples<T: std::fmt::Debug>(values: BoxedStrategy<T>, count: usize) -> Vec<T> {
    let mut runner = TestRunner::new(ProptestConfig {
        rng_seed: RngSeed::Fixed(2041),
        ..repeatable()
    });
    std::iter::repeat_with(|| values.new_tree(&mut runner).unwrap().current())
        .take(count)
        .collect()
}

/// So many valid values as JSON, the same every time.
fn json_samples<T: ValidValues + serde::Serialize>(count: usize) -> Vec<serde_json::Value> {
    samples(T::valid(), count)
        .into_iter()
        .map(|value| serde_json::to_value(value).unwrap())
        .collect()
}
