//! What an input may make use of: texts that mean something, and what answers held.

use std::collections::BTreeMap;

use serde_json::Value;

/// Texts that rules and the sandbox look at.
pub const WORDS: &[&str] = &[
    "INV1",
    "INR",
    "UPI",
    "success@sandbox",
    "decline@sandbox",
    "pending@sandbox",
    "timeout@sandbox",
    "nobody@sandbox",
    "payer@sandbox",
    "asha@examplebank",
    "4111111111111111",
    "5555555555554444",
    "4000000000000002",
    "4000000000000259",
    "4000000000000077",
    "123456",
    "000000",
    "123",
    "12/39",
    "SBOK",
    "SBNO",
    "SBPE",
    "SBTO",
    "https://shop.example.in/thanks",
    "http://127.0.0.1:9/hook",
    "user@example.in",
    "9000000000",
    "HDFC0000001",
    "000000000000",
    "2026-01-01",
    "2026-01-01 05:30:00",
    "2026-12-31T23:59:59Z",
    "ABCDE1234F",
    "0",
    "1",
    "499.50",
    "true",
    "",
    ".",
    "..",
    "\u{0}",
    "a b&c=d%2F/?#",
    "<script>",
    "\u{928}\u{92e}\u{938}\u{94d}\u{924}\u{947}",
];

/// Texts of answers, by the names of their fields.
#[derive(Default)]
pub struct Known(BTreeMap<String, Vec<String>>);

impl Known {
    /// So many texts are kept of a name; the oldest go first.
    const TEXTS: usize = 8;
    /// So many names are kept.
    const NAMES: usize = 64;

    /// Takes in the texts of an answer.
    pub fn learn(&mut self, answer: &Value) {
        match answer {
            Value::Array(values) => values.iter().for_each(|value| self.learn(value)),
            Value::Object(fields) => {
                for (name, value) in fields {
                    match value {
                        Value::String(text) => self.note(name, text),
                        value => self.learn(value),
                    }
                }
            }
            _ => {}
        }
    }

    /// Takes in one text.
    pub fn note(&mut self, name: &str, text: &str) {
        let is_new = !self.0.contains_key(name);
        if text.is_empty() || text.len() > 200 || (is_new && self.0.len() >= Self::NAMES) {
            return;
        }
        let texts = self.0.entry(name.to_owned()).or_default();
        if !texts.iter().any(|known| known == text) {
            if texts.len() >= Self::TEXTS {
                texts.remove(0);
            }
            texts.push(text.to_owned());
        }
    }

    /// The texts that a field of this name had; the newest last.
    pub fn named(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }

    /// The names that fields had.
    pub fn names(&self) -> Vec<&String> {
        self.0.keys().collect()
    }

    /// Every id, whatever its name.
    pub fn ids(&self) -> Vec<&String> {
        self.0
            .iter()
            .filter(|(name, _)| name.to_ascii_lowercase().ends_with("id"))
            .flat_map(|(_, texts)| texts)
            .collect()
    }
}
