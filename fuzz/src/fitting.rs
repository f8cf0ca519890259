//! Values made up so that they fit a JSON Schema, or nearly.

use std::cell::RefCell;
use std::collections::HashMap;

use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Value, json};

use crate::choices::Choices;
use crate::known::{Known, WORDS};

/// Values are not made up deeper than this.
const DEEPEST: usize = 8;

/// A value for this schema. Where `is_strict`, it keeps to it as far as JSON Schema can say;
/// else now and then a part of it does not.
pub fn value(schema: &Value, known: &Known, is_strict: bool, choices: &mut Choices<'_>) -> Value {
    let maker = Maker {
        root: schema,
        known,
        is_strict,
    };
    maker.value(schema, "", 0, choices)
}

/// A value for one field of this schema, or nearly.
pub fn field(schema: &Value, name: &str, known: &Known, choices: &mut Choices<'_>) -> Value {
    let maker = Maker {
        root: schema,
        known,
        is_strict: false,
    };
    maker.value(&schema["properties"][name], name, 0, choices)
}

struct Maker<'a> {
    root: &'a Value,
    known: &'a Known,
    is_strict: bool,
}

impl Maker<'_> {
    fn value(&self, schema: &Value, name: &str, depth: usize, choices: &mut Choices<'_>) -> Value {
        if depth > DEEPEST {
            return Value::Null;
        }
        if !self.is_strict && choices.one_in(32) {
            return anything(depth, choices);
        }
        if let Some(target) = schema["$ref"]
            .as_str()
            .and_then(|reference| self.root.pointer(reference.strip_prefix('#')?))
        {
            return self.value(target, name, depth + 1, choices);
        }
        if let Some(only) = schema.get("const") {
            return only.clone();
        }
        if let Some(allowed) = schema["enum"].as_array() {
            return choices.of(allowed).cloned().unwrap_or_default();
        }
        for either in ["anyOf", "oneOf"] {
            if let Some(one) = schema[either].as_array().and_then(|all| choices.of(all)) {
                return self.value(one, name, depth + 1, choices);
            }
        }
        let types: Vec<&str> = match &schema["type"] {
            Value::String(only) => vec![only],
            several => several
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .collect(),
        };
        match choices.of(&types).copied() {
            Some("object") => self.object(schema, depth, choices),
            Some("array") => self.array(schema, name, depth, choices),
            Some("string") => self.text(schema, name, choices).into(),
            Some("integer") => number(schema, true, choices),
            Some("number") => number(schema, false, choices),
            Some("boolean") => choices.one_in(2).into(),
            Some(_) => Value::Null,
            None if schema.get("properties").is_some() => self.object(schema, depth, choices),
            None => anything(depth, choices),
        }
    }

    fn object(&self, schema: &Value, depth: usize, choices: &mut Choices<'_>) -> Value {
        let mut fields = Map::new();
        let required = schema["required"].as_array();
        for (name, schema) in schema["properties"].as_object().into_iter().flatten() {
            let is_required = required.is_some_and(|names| names.iter().any(|one| one == name));
            if is_required || choices.one_in(3) {
                fields.insert(name.clone(), self.value(schema, name, depth + 1, choices));
            }
        }
        let more = &schema["additionalProperties"];
        if *more != json!(false) && choices.one_in(8) {
            for _ in 0..=choices.below(3) {
                let names = self.known.names();
                let name = match choices.of(&names) {
                    Some(name) if choices.one_in(2) => name.as_str(),
                    _ => choices.of(WORDS).map_or("x", |word| word),
                };
                fields.insert(name.to_owned(), self.value(more, name, depth + 1, choices));
            }
        }
        fields.into()
    }

    fn array(&self, schema: &Value, name: &str, depth: usize, choices: &mut Choices<'_>) -> Value {
        let least = schema["minItems"].as_u64().unwrap_or(1).min(8) as usize;
        let count = least + choices.below(3);
        (0..count)
            .map(|_| self.value(&schema["items"], name, depth + 1, choices))
            .collect()
    }

    fn text(&self, schema: &Value, name: &str, choices: &mut Choices<'_>) -> String {
        let kind = choices.below(16);
        if kind < 10
            && let Some(text) = choices.of(self.known.named(name))
        {
            return text.clone();
        }
        let pattern = schema["pattern"].as_str();
        match kind {
            0..12 => {
                if let Some(text) = pattern.and_then(|pattern| like(pattern, choices)) {
                    return text;
                }
            }
            12 | 13 => {
                if let Some(id) = choices.of(&self.known.ids()) {
                    return (*id).clone();
                }
            }
            15 if !self.is_strict => return choices.text(),
            _ => {}
        }
        let format = match schema["format"].as_str() {
            Some("email") => "user@example.in",
            Some("uri") => "https://shop.example.in/thanks",
            Some("date") => "2026-01-01",
            Some("date-time") => "2026-12-31T23:59:59Z",
            _ => choices.of(WORDS).map_or("", |word| word),
        };
        format.to_owned()
    }
}

fn number(schema: &Value, is_whole: bool, choices: &mut Choices<'_>) -> Value {
    let limit = |name: &str| schema[name].as_f64();
    let least = limit("minimum")
        .or(limit("exclusiveMinimum"))
        .unwrap_or(1.0);
    let most = limit("maximum").or(limit("exclusiveMaximum"));
    let number = match choices.below(12) {
        0 => least.max(1.0),
        1 => 100.0,
        2 => 499.5,
        3 => f64::from(choices.byte()),
        4 => f64::from(u16::from_be_bytes([choices.byte(), choices.byte()])) / 100.0,
        5 => 0.01,
        6 => least,
        7 => most.unwrap_or(10.0),
        8 => 0.0,
        9 => -1.0,
        10 => 999_999_999_999_999.0,
        _ => 0.001,
    };
    if is_whole || number.fract() == 0.0 {
        (number as i64).into()
    } else {
        number.into()
    }
}

/// Any JSON value.
fn anything(depth: usize, choices: &mut Choices<'_>) -> Value {
    let inner = |choices: &mut Choices<'_>| match depth < DEEPEST {
        true => anything(depth + 1, choices),
        false => Value::Null,
    };
    match choices.below(10) {
        0 => choices.of(WORDS).map_or(Value::Null, |word| json!(word)),
        1 => Value::Null,
        2 => choices.one_in(2).into(),
        3 => choices.byte().into(),
        4 => (f64::from(choices.byte()) / 16.0 - 4.0).into(),
        5 => u64::MAX.into(),
        6 => i64::MIN.into(),
        7 => (0..choices.below(4)).map(|_| inner(choices)).collect(),
        8 => (0..choices.below(4))
            .map(|_| (choices.text(), inner(choices)))
            .collect::<Map<_, _>>()
            .into(),
        _ => choices.text().into(),
    }
}

/// A text that fits a regular expression; `None` for one that this cannot read.
fn like(pattern: &str, choices: &mut Choices<'_>) -> Option<String> {
    thread_local! {
        static READ: RefCell<HashMap<String, Option<Hir>>> = RefCell::default();
    }
    READ.with_borrow_mut(|read| {
        let hir = read
            .entry(pattern.to_owned())
            .or_insert_with_key(|pattern| regex_syntax::parse(pattern).ok());
        let mut text = String::new();
        fill(hir.as_ref()?, choices, &mut text);
        Some(text)
    })
}

fn fill(hir: &Hir, choices: &mut Choices<'_>, text: &mut String) {
    /// Repetitions without an end end here.
    const MOST: u32 = 8;
    match hir.kind() {
        HirKind::Empty | HirKind::Look(_) => {}
        HirKind::Literal(literal) => text.push_str(&String::from_utf8_lossy(&literal.0)),
        HirKind::Class(Class::Unicode(class)) => {
            if let Some(range) = choices.of(class.ranges()) {
                let (start, end) = (u32::from(range.start()), u32::from(range.end()));
                let chosen = start + choices.below((end - start) as usize + 1) as u32;
                text.push(char::from_u32(chosen).unwrap_or(range.start()));
            }
        }
        HirKind::Class(Class::Bytes(class)) => {
            if let Some(range) = choices.of(class.ranges()) {
                text.push(char::from(range.start()));
            }
        }
        HirKind::Repetition(repetition) => {
            let most = repetition.max.unwrap_or(repetition.min + MOST);
            let more = most.saturating_sub(repetition.min).min(MOST);
            for _ in 0..repetition.min as usize + choices.below(more as usize + 1) {
                fill(&repetition.sub, choices, text);
            }
        }
        HirKind::Capture(capture) => fill(&capture.sub, choices, text),
        HirKind::Concat(parts) => parts.iter().for_each(|part| fill(part, choices, text)),
        HirKind::Alternation(parts) => {
            if let Some(part) = choices.of(parts) {
                fill(part, choices, text);
            }
        }
    }
}
