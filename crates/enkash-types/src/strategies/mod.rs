//! Strategies for [proptest](https://docs.rs/proptest): requests that keep every rule, requests
//! that break some, and what EnKash may answer.
//!
//! With them a crate that makes or takes requests can be held against all of them instead of a
//! few: what it does with a valid one, and that it lets no invalid one through.
//!
//! ```
//! use enkash_types::gateway::CreateOrder;
//! use enkash_types::strategies::{InvalidValues, ValidValues, repeatable};
//! use enkash_types::{Valid, Violations};
//! use proptest::prelude::*;
//!
//! /// The code to be tested: takes orders into a queue.
//! fn queue(order: CreateOrder) -> Result<Vec<u8>, Violations> {
//!     let order = Valid::check(order)?;
//!     Ok(serde_json::to_vec(&*order).unwrap_or_default())
//! }
//!
//! proptest! { // in a test module, with `#[test]` on each function
//!     #![proptest_config(repeatable())]
//!
//!     fn an_order_that_keeps_the_rules_is_queued(order in CreateOrder::valid()) {
//!         let queued = queue(order.clone())?;
//!         prop_assert_eq!(serde_json::from_slice::<CreateOrder>(&queued)?, order);
//!     }
//!
//!     fn no_other_is(order in CreateOrder::invalid()) {
//!         prop_assert!(queue(order).is_err());
//!     }
//! }
//! # an_order_that_keeps_the_rules_is_queued();
//! # no_other_is();
//! ```
//!
//! Values shrink, and a seed gives the same values every time. Compose the strategies of parts as
//! you like: `(MerchantOrderId::valid(), Rupees::valid()).prop_map(|(id, sum)| …)`.
//!
//! Secrets among the values are random texts; `Debug` hides them as it hides real ones.

/// The strategy of a struct: one strategy for each of its fields.
macro_rules! each {
    ($type:ident { $($field:ident: $strategy:expr),+ $(,)? }) => {
        proptest::strategy::Strategy::prop_map(
            nested!($($strategy),+),
            |nested_pattern!($($field),+)| $type { $($field),+ },
        )
        .boxed()
    };
}

/// Values of the strategy of which one, several or all of the fields named are given a wrong value.
macro_rules! spoilt {
    ($valid:expr => { $($field:ident: $wrong:expr),+ $(,)? }) => {{
        let fields = [$(stringify!($field)),+].len();
        proptest::strategy::Strategy::prop_map(
            (
                $valid,
                $crate::strategies::some_of(fields),
                nested!($($wrong),+),
            ),
            |(mut value, chosen, nested_pattern!($($field),+))| {
                let mut chosen = chosen.into_iter();
                $(
                    if chosen.next() == Some(true) {
                        value.$field = $field.into();
                    }
                )+
                value
            },
        )
        .boxed()
    }};
}

/// Tuples of strategies end at twelve; pairs of pairs do not. Each strategy is boxed, since what
/// they make while they run would else pile up on the stack.
macro_rules! nested {
    ($only:expr) => { proptest::strategy::Strategy::boxed($only) };
    ($first:expr, $($rest:expr),+) => { (nested!($first), nested!($($rest),+)) };
}

macro_rules! nested_pattern {
    ($only:ident) => { $only };
    ($first:ident, $($rest:ident),+) => {
        ($first, nested_pattern!($($rest),+))
    };
}

mod card;
mod date;
#[cfg(all(
    feature = "gateway",
    feature = "payouts",
    feature = "rewards",
    feature = "verification"
))]
mod each;
#[cfg(feature = "gateway")]
mod gateway;
mod oauth;
mod page;
mod page_rules;
#[cfg(feature = "payouts")]
mod payouts;
#[cfg(feature = "rewards")]
mod rewards;
mod rupees;
mod text;
#[cfg(feature = "verification")]
mod verification;

use std::fmt::Debug;
use std::hash::{BuildHasher as _, RandomState};

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, RngSeed};

pub use text::near_misses;

/// A type whose values can be made up so that they keep every rule, or, of an answer, so that
/// EnKash could have sent them.
pub trait ValidValues: Debug + Sized + 'static {
    /// All kinds of valid values: optional fields there or not, limits met exactly, texts in any
    /// alphabet where one is allowed.
    fn valid() -> BoxedStrategy<Self>;
}

/// A type whose values can be made up so that they break a rule.
///
/// They are of the right shape, so they can be written out and read again; it is
/// [`Valid::check`](crate::Valid::check) that refuses them.
pub trait InvalidValues: ValidValues {
    /// Values that break one rule or several; never one that happens to be valid.
    fn invalid() -> BoxedStrategy<Self>;
}

/// A configuration that prints its seed with a test that fails and writes no file.
///
/// To repeat a run, set the environment variable `PROPTEST_RNG_SEED` to the seed that was printed.
/// Of its other variables `PROPTEST_CASES=10000` is of use: it looks longer.
#[must_use]
pub fn repeatable() -> ProptestConfig {
    let mut config = ProptestConfig {
        failure_persistence: None,
        // In a debug build the usual one, ChaCha, takes most of a test's time.
        rng_algorithm: RngAlgorithm::XorShift,
        ..ProptestConfig::default()
    };
    if config.rng_seed == RngSeed::Random {
        config.rng_seed = RngSeed::Fixed(RandomState::new().hash_one("a seed"));
    }
    println!("repeat this run with PROPTEST_RNG_SEED={}", config.rng_seed);
    config
}

/// A field that may be left out.
fn maybe<S: Strategy>(strategy: S) -> proptest::option::OptionStrategy<S> {
    proptest::option::of(strategy)
}

/// Which of so many are chosen: one of them as often as any number of them.
fn some_of(count: usize) -> impl Strategy<Value = Vec<bool>> {
    prop_oneof![
        (0..count).prop_map(move |chosen| (0..count).map(|index| index == chosen).collect()),
        (vec(any::<bool>(), count), 0..count).prop_map(|(mut chosen, one)| {
            chosen[one] = true;
            chosen
        }),
    ]
}

/// A list with one more item.
fn at_the_end<T>((mut list, last): (Vec<T>, T)) -> Vec<T> {
    list.push(last);
    list
}

/// Of these answers those that say enough to be one.
#[cfg(feature = "payouts")]
fn enough<E: crate::Endpoint<Answer: Debug>>(
    answers: BoxedStrategy<E::Answer>,
) -> BoxedStrategy<E::Answer> {
    let says_enough = |answer: &_| E::lacks(answer).is_none();
    answers
        .prop_filter("it says too little", says_enough)
        .boxed()
}

/// Fields that the types do not know. No name of a documented field begins with `x`.
fn extra() -> impl Strategy<Value = crate::Extra> {
    let plain = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        text::any_text().prop_map(Into::into),
    ];
    let value = plain.prop_recursive(2, 8, 3, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..3).prop_map(Into::into),
            vec((text::like("[a-z]{1,6}"), inner), 0..3)
                .prop_map(|fields| fields.into_iter().collect::<crate::Extra>().into()),
        ]
    });
    vec((text::like("x[A-Za-z_]{1,8}"), value), 0..3)
        .prop_map(|fields| fields.into_iter().collect())
}
