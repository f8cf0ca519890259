//! What a JSON Schema says of one value: references followed, combinations merged.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, bail};
use serde_json::{Value, json};

/// What a schema says of one value. The schemas inside it (of properties, items and values) are
/// left as they are until they are looked at.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Shape {
    /// Name of the schema, where it has one.
    pub(crate) name: Option<String>,
    /// The types that it allows besides null. None: anything.
    pub(crate) types: BTreeSet<String>,
    /// Whether null is named among the types.
    pub(crate) nullable: bool,
    pub(crate) properties: BTreeMap<String, Value>,
    pub(crate) required: BTreeSet<String>,
    pub(crate) items: Option<Value>,
    /// Schema of the values of a map.
    pub(crate) values: Option<Value>,
    /// `enum`, each value as JSON.
    pub(crate) allowed: Option<BTreeSet<String>>,
    /// Pattern and limits, by keyword.
    pub(crate) limits: BTreeMap<&'static str, Value>,
    pub(crate) format: Option<String>,
}

/// The keywords that limit a value.
pub(crate) const LIMITS: &[&str] = &[
    "pattern",
    "minLength",
    "maxLength",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minItems",
    "maxItems",
    "uniqueItems",
];

/// Longer chains of references than this lead back to themselves.
const MOST_HOPS: usize = 32;

impl Shape {
    /// Reads a schema; references in it start at the root of the document.
    pub(crate) fn of(root: &Value, schema: &Value) -> anyhow::Result<Self> {
        Self::after_hops(root, schema, 0)
    }

    fn after_hops(root: &Value, schema: &Value, hops: usize) -> anyhow::Result<Self> {
        if hops > MOST_HOPS {
            bail!("a schema refers to itself");
        }
        let inner = |schema: &Value| Self::after_hops(root, schema, hops + 1);
        let mut shape = Self::own(schema);
        if let Some(reference) = schema["$ref"].as_str() {
            let mut target = inner(follow(root, reference)?)?;
            target.name = reference.rsplit('/').next().map(str::to_owned);
            shape = shape.and(target);
        }
        for part in list(&schema["allOf"]) {
            shape = shape.and(inner(part)?);
        }
        for choice in ["anyOf", "oneOf"] {
            let mut either: Option<Self> = None;
            for part in list(&schema[choice]) {
                let part = inner(part)?;
                either = Some(match either {
                    Some(before) => before.or(part),
                    None => part,
                });
            }
            if let Some(either) = either {
                shape = shape.and(either);
            }
        }
        Ok(shape)
    }

    /// What the keywords of the schema itself say.
    fn own(schema: &Value) -> Self {
        let mut types: BTreeSet<String> = match &schema["type"] {
            Value::String(one) => BTreeSet::from([one.clone()]),
            several => texts(several),
        };
        let nullable = types.remove("null");
        let allowed = match (&schema["enum"], &schema["const"]) {
            (Value::Array(values), _) => Some(values.iter().map(Value::to_string).collect()),
            (_, Value::Null) => None,
            (_, value) => Some(BTreeSet::from([value.to_string()])),
        };
        Self {
            name: schema["title"].as_str().map(str::to_owned),
            types,
            nullable,
            properties: schema["properties"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(name, schema)| (name.clone(), schema.clone()))
                .collect(),
            required: texts(&schema["required"]),
            items: schema.get("items").cloned(),
            values: schema
                .get("additionalProperties")
                .filter(|values| values.is_object())
                .cloned(),
            allowed,
            limits: LIMITS
                .iter()
                .filter_map(|limit| Some((*limit, schema.get(limit)?.clone())))
                .collect(),
            format: schema["format"].as_str().map(str::to_owned),
        }
    }

    /// A value that has both shapes.
    fn and(self, other: Self) -> Self {
        let anything = |shape: &Self| shape.types.is_empty() && !shape.nullable;
        let (types, nullable) = if anything(&self) {
            (other.types, other.nullable)
        } else if anything(&other) {
            (self.types, self.nullable)
        } else {
            (
                self.types.intersection(&other.types).cloned().collect(),
                self.nullable && other.nullable,
            )
        };
        let mut limits = other.limits;
        limits.extend(self.limits);
        Self {
            name: self.name.or(other.name),
            types,
            nullable,
            properties: merged(self.properties, other.properties, "allOf"),
            required: &self.required | &other.required,
            items: both(self.items, other.items),
            values: both(self.values, other.values),
            allowed: match (self.allowed, other.allowed) {
                (Some(one), Some(two)) => Some(&one & &two),
                (one, two) => one.or(two),
            },
            limits,
            format: self.format.or(other.format),
        }
    }

    /// A value that has one shape or the other.
    fn or(mut self, mut other: Self) -> Self {
        let only_null = |shape: &Self| shape.nullable && shape.types.is_empty();
        if only_null(&other) {
            self.nullable = true;
            return self;
        }
        if only_null(&self) {
            other.nullable = true;
            return other;
        }
        let anything = self.types.is_empty() || other.types.is_empty();
        let is_object = |shape: &Self| shape.types.contains("object");
        let required = match (is_object(&self), is_object(&other)) {
            (true, false) => self.required,
            (false, true) => other.required,
            _ => &self.required & &other.required,
        };
        Self {
            name: self.name.or(other.name),
            types: match anything {
                true => BTreeSet::new(),
                false => &self.types | &other.types,
            },
            nullable: !anything && (self.nullable || other.nullable),
            properties: merged(self.properties, other.properties, "anyOf"),
            required,
            items: either(self.items, other.items),
            values: either(self.values, other.values),
            allowed: match (self.allowed, other.allowed) {
                (Some(one), Some(two)) => Some(&one | &two),
                _ => None,
            },
            limits: self
                .limits
                .into_iter()
                .filter(|(limit, value)| other.limits.get(limit) == Some(value))
                .collect(),
            format: self
                .format
                .filter(|format| other.format.as_ref() == Some(format)),
        }
    }
}

/// What a reference inside the document points to.
pub(crate) fn follow<'a>(root: &'a Value, reference: &str) -> anyhow::Result<&'a Value> {
    reference
        .strip_prefix('#')
        .and_then(|pointer| root.pointer(pointer))
        .with_context(|| format!("nothing stands at {reference}"))
}

fn merged(
    mut one: BTreeMap<String, Value>,
    two: BTreeMap<String, Value>,
    keyword: &str,
) -> BTreeMap<String, Value> {
    for (name, schema) in two {
        let schema = match one.remove(&name) {
            Some(first) if first != schema => json!({ keyword: [first, schema] }),
            _ => schema,
        };
        one.insert(name, schema);
    }
    one
}

fn both(one: Option<Value>, two: Option<Value>) -> Option<Value> {
    match (one, two) {
        (Some(one), Some(two)) => Some(json!({"allOf": [one, two]})),
        (one, two) => one.or(two),
    }
}

fn either(one: Option<Value>, two: Option<Value>) -> Option<Value> {
    match (one, two) {
        (Some(one), Some(two)) => Some(json!({"anyOf": [one, two]})),
        (one, two) => one.or(two),
    }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn texts(value: &Value) -> BTreeSet<String> {
    list(value)
        .filter_map(|text| Some(text.as_str()?.to_owned()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shape(schema: Value) -> Shape {
        let root = json!({"$defs": {
            "Sum": {"type": "number", "minimum": 1},
            "Loop": {"$ref": "#/$defs/Loop"},
        }});
        Shape::of(&root, &schema).unwrap()
    }

    fn set(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn references_are_followed_and_named() {
        let sum = shape(json!({"$ref": "#/$defs/Sum", "description": "a sum"}));
        assert_eq!(sum.name.as_deref(), Some("Sum"));
        assert_eq!(sum.types, set(&["number"]));
        assert_eq!(sum.limits["minimum"], 1);

        let root = json!({"$defs": {"Loop": {"$ref": "#/$defs/Loop"}}});
        for reference in ["#/$defs/None", "#/$defs/Loop", "elsewhere.yaml#/Sum"] {
            assert!(Shape::of(&root, &json!({"$ref": reference})).is_err());
        }
    }

    #[test]
    fn an_option_is_its_type_and_null() {
        let option = shape(json!({"anyOf": [{"$ref": "#/$defs/Sum"}, {"type": "null"}]}));
        assert_eq!(option.types, set(&["number"]));
        assert!(option.nullable);
        assert_eq!(option.limits["minimum"], 1);
        assert!(shape(json!({"type": ["string", "null"]})).nullable);
    }

    #[test]
    fn all_of_adds_up() {
        let all = shape(json!({
            "allOf": [
                {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]},
                {"properties": {"b": true}, "required": ["b"]},
            ],
        }));
        assert_eq!(all.types, set(&["object"]));
        assert_eq!(all.required, set(&["a", "b"]));
        assert_eq!(all.properties.len(), 2);
    }

    #[test]
    fn any_of_takes_what_all_choices_share() {
        let any = shape(json!({
            "anyOf": [
                {"type": "object", "properties": {"a": true, "b": true}, "required": ["a", "b"]},
                {"type": "object", "properties": {"a": true}, "required": ["a"]},
                {"type": "string", "enum": ["x"]},
            ],
        }));
        assert_eq!(any.types, set(&["object", "string"]));
        assert_eq!(any.required, set(&["a"]));
        assert_eq!(any.allowed, None);

        let values = shape(json!({"oneOf": [{"const": "A"}, {"enum": ["B"]}]}));
        assert_eq!(values.allowed, Some(set(&["\"A\"", "\"B\""])));
        assert!(
            shape(json!({"anyOf": [{"type": "string"}, true]}))
                .types
                .is_empty()
        );
    }
}
