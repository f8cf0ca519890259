//! Every declared operation, with its schemas.

use std::sync::LazyLock;

use enkash_types::{Check, Declared};
use serde_json::Value;

use crate::choices::Choices;
use crate::fitting;
use crate::known::Known;

/// An operation, and the schemas that values for it are made up from.
pub struct Operation {
    pub declared: &'static Declared,
    /// Of the request, or of the message of a webhook.
    pub schema: Value,
    /// Requests or messages that keep every rule; the plainest first.
    pub valid: Vec<Value>,
    /// Answers that can be read; none of a webhook's.
    pub answers: Vec<Value>,
}

/// All of them, in the order of their declaration.
///
/// # Panics
///
/// If an operation takes none of the many values that fit its schema: its rules are then out of
/// reach, and [`WORDS`](crate::known::WORDS) lacks a text that meets them.
pub static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| {
    enkash_types::operations()
        .map(|declared| {
            let name = declared.operation.name;
            let schema = (declared.schema)().to_value();
            let valid = examples(&schema, declared.check);
            assert!(!valid.is_empty(), "no request of {name} keeps the rules");
            let mut answers = Vec::new();
            if let (Some(schema), Some(check)) = (declared.answer_schema, declared.check_answer) {
                answers = examples(&schema().to_value(), check);
                assert!(!answers.is_empty(), "no answer of {name} can be read");
            }
            Operation {
                declared,
                schema,
                valid,
                answers,
            }
        })
        .collect()
});

/// Values that fit a schema and are taken.
fn examples(schema: &Value, check: Check) -> Vec<Value> {
    /// So many are taken, of so many that are tried.
    const EXAMPLES: usize = 12;
    const TRIES: u64 = 3000;
    let known = Known::default();
    (0..TRIES)
        .map(|seed| {
            // The first is the plainest that there is.
            let bytes: Vec<u8> = match seed {
                0 => Vec::new(),
                _ => noise(seed).take(512).collect(),
            };
            fitting::value(schema, &known, true, &mut Choices::new(&bytes))
        })
        .filter(|value| check(value.to_string().as_bytes()).is_ok())
        .take(EXAMPLES)
        .collect()
}

/// Bytes that look like chance and are the same every time.
pub fn noise(mut seed: u64) -> impl Iterator<Item = u8> {
    std::iter::repeat_with(move || {
        // SplitMix64.
        seed = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = seed;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    })
    .flat_map(u64::to_le_bytes)
}

/// The operation that the first byte of an input names, and the rest of the input.
pub fn by_first_byte(input: &[u8]) -> Option<(&'static Operation, &[u8])> {
    let (first, rest) = input.split_first()?;
    let operation = OPERATIONS.get(usize::from(*first) % OPERATIONS.len())?;
    Some((operation, rest))
}

/// Whether two JSON values are the same, but for the last digits of fractions: serde_json reads
/// the number next to the one that was written, or its neighbour.
pub fn same(one: &Value, other: &Value) -> bool {
    match (one, other) {
        (Value::Array(one), Value::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Value::Object(one), Value::Object(other)) => {
            one.len() == other.len()
                && one
                    .iter()
                    .all(|(name, value)| other.get(name).is_some_and(|other| same(value, other)))
        }
        (Value::Number(one), Value::Number(other)) if one != other => {
            match (one.as_f64(), other.as_f64()) {
                (Some(one), Some(other)) => (one - other).abs() <= one.abs() * 1e-14,
                _ => false,
            }
        }
        (one, other) => one == other,
    }
}
