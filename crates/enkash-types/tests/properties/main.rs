//! What holds for all values. A test that fails prints its seed;
//! `PROPTEST_RNG_SEED=<seed> cargo test -p enkash-types --all-features` repeats the run.

// The lints know a test by its attribute, and what tests share has none.
#![allow(clippy::unwrap_used, clippy::panic)]

mod amounts;
mod cards;
mod documents;
mod extras;
mod hiding;
mod payouts;
mod reading;
mod requests;
mod schemas;
mod strategies;
mod texts;

use enkash_types::strategies::{ValidValues, repeatable};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::{RngSeed, TestCaseResult, TestRunner};

/// Calls a function for each type that EnKash sends.
macro_rules! each_answer {
    ($function:ident $arguments:tt) => {
        $function::<enkash_types::oauth::OAuthToken> $arguments;
        $function::<enkash_types::gateway::MerchantToken> $arguments;
        $function::<enkash_types::gateway::CreatedOrder> $arguments;
        $function::<enkash_types::gateway::Order> $arguments;
        $function::<enkash_types::gateway::DynamicUpiQr> $arguments;
        $function::<enkash_types::gateway::UpiIntentLinks> $arguments;
        $function::<enkash_types::gateway::SubmittedPayment> $arguments;
        $function::<enkash_types::gateway::Payment> $arguments;
        $function::<enkash_types::gateway::OtpValidated> $arguments;
        $function::<enkash_types::gateway::OtpResent> $arguments;
        $function::<enkash_types::gateway::UpiTransaction> $arguments;
        $function::<enkash_types::gateway::VerifiedVpa> $arguments;
        $function::<enkash_types::gateway::Refund> $arguments;
        $function::<enkash_types::gateway::SettlementPayout> $arguments;
        $function::<enkash_types::Page<enkash_types::gateway::SettlementPayoutSummary>> $arguments;
        $function::<enkash_types::gateway::PaymentNotification> $arguments;
        $function::<enkash_types::gateway::SplitAccount> $arguments;
        $function::<enkash_types::gateway::EditedSplitSettlement> $arguments;
        $function::<enkash_types::gateway::UpiQr> $arguments;
        $function::<enkash_types::Page<enkash_types::gateway::UpiQr>> $arguments;
        $function::<enkash_types::gateway::QrCustomer> $arguments;
        $function::<enkash_types::Page<enkash_types::gateway::QrCustomer>> $arguments;
        $function::<enkash_types::gateway::UpiMandate> $arguments;
        $function::<enkash_types::gateway::MandateNotice> $arguments;
        $function::<enkash_types::gateway::UpiMandateCallback> $arguments;
        $function::<enkash_types::gateway::MandateDebitCallback> $arguments;
        $function::<enkash_types::gateway::VirtualAccount> $arguments;
        $function::<enkash_types::gateway::PaymentLinkEvent> $arguments;
        $function::<enkash_types::payouts::Beneficiary> $arguments;
        $function::<enkash_types::payouts::Transfer> $arguments;
        $function::<enkash_types::payouts::TransferBatch> $arguments;
        $function::<enkash_types::payouts::Balance> $arguments;
        $function::<enkash_types::payouts::Statement> $arguments;
        $function::<enkash_types::payouts::SourceAccount> $arguments;
        $function::<enkash_types::payouts::WebhookConfig> $arguments;
        $function::<enkash_types::verification::VerifiedBankAccount> $arguments;
        $function::<enkash_types::rewards::RewardSsoToken> $arguments;
    };
}

use each_answer;
use enkash_types::{each_request, each_request_without_rules};

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
