//! The contract's files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};
use serde_json::Value;

use crate::shape::{Shape, follow};

/// One file of the contract: a product.
pub(crate) struct Document {
    /// Name of the file.
    pub(crate) file: String,
    pub(crate) root: Value,
}

/// A call or webhook of the contract that has a route.
#[derive(Clone, Copy)]
pub(crate) struct Entry<'a> {
    pub(crate) document: &'a Document,
    pub(crate) is_webhook: bool,
    /// In capitals.
    pub(crate) method: &'a str,
    /// Path of a call, name of a webhook.
    pub(crate) path: &'a str,
    item: &'a Value,
    pub(crate) operation: &'a Value,
}

/// A field of a request, wherever it travels.
pub(crate) struct Field {
    pub(crate) place: Place,
    pub(crate) required: bool,
    pub(crate) schema: Value,
}

/// Where in a request a field travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Path,
    Query,
    Body,
}

impl Place {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Path => "path",
            Self::Query => "query",
            Self::Body => "body",
        }
    }
}

const METHODS: &[(&str, &str)] = &[
    ("get", "GET"),
    ("post", "POST"),
    ("put", "PUT"),
    ("patch", "PATCH"),
    ("delete", "DELETE"),
];

impl Document {
    /// Reads every file of a folder that is a product, by name.
    pub(crate) fn all(folder: &Path) -> anyhow::Result<Vec<Self>> {
        let mut documents = Vec::new();
        for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str());
            let Some(file) =
                name.filter(|name| name.ends_with(".yaml") && *name != crate::differences::FILE)
            else {
                continue;
            };
            let text = fs::read_to_string(&path).with_context(|| file.to_owned())?;
            documents.push(Self::parse(file, &text)?);
        }
        documents.sort_by(|a, b| a.file.cmp(&b.file));
        if documents.is_empty() {
            bail!("no contract in {}", folder.display());
        }
        Ok(documents)
    }

    pub(crate) fn parse(file: &str, text: &str) -> anyhow::Result<Self> {
        // By way of YAML's own value, which refuses a key that stands twice.
        let value: yaml_serde::Value =
            yaml_serde::from_str(text).with_context(|| file.to_owned())?;
        Ok(Self {
            file: file.to_owned(),
            root: serde_json::to_value(value).with_context(|| file.to_owned())?,
        })
    }

    pub(crate) fn title(&self) -> &str {
        self.root["info"]["title"].as_str().unwrap_or(&self.file)
    }

    /// Its calls by path, then its webhooks by name.
    pub(crate) fn entries(&self) -> impl Iterator<Item = Entry<'_>> {
        [("paths", false), ("webhooks", true)]
            .into_iter()
            .flat_map(|(section, is_webhook)| {
                self.root[section]
                    .as_object()
                    .into_iter()
                    .flatten()
                    .map(move |(path, item)| (is_webhook, path, item))
            })
            .flat_map(move |(is_webhook, path, item)| {
                METHODS.iter().filter_map(move |(key, method)| {
                    Some(Entry {
                        document: self,
                        is_webhook,
                        method,
                        path,
                        item,
                        operation: item.get(key)?,
                    })
                })
            })
    }

    /// How many calls and guides are known by name only.
    pub(crate) fn listed(&self) -> usize {
        self.root["x-listed"].as_array().map_or(0, |listed| {
            listed
                .iter()
                .filter(|entry| entry.get("same-as").is_none())
                .count()
        })
    }
}

impl<'a> Entry<'a> {
    pub(crate) fn name(&self) -> &'a str {
        self.operation["operationId"].as_str().unwrap_or("?")
    }

    /// A text that stands in the operation, if there is one.
    pub(crate) fn text(&self, key: &str) -> Option<&'a str> {
        self.operation[key].as_str()
    }

    /// The parameters that stand in one place (`path`, `query`, `header`).
    pub(crate) fn parameters(&self, place: &str) -> anyhow::Result<Vec<&'a Value>> {
        let mut found = Vec::new();
        for list in [&self.item["parameters"], &self.operation["parameters"]] {
            for parameter in list.as_array().into_iter().flatten() {
                let parameter = match parameter["$ref"].as_str() {
                    Some(reference) => follow(&self.document.root, reference)?,
                    None => parameter,
                };
                if parameter["in"] == place {
                    found.push(parameter);
                }
            }
        }
        Ok(found)
    }

    /// The header of this name, if the contract has it.
    pub(crate) fn header(&self, name: &str) -> anyhow::Result<Option<&'a Value>> {
        Ok(self.parameters("header")?.into_iter().find(|header| {
            header["name"]
                .as_str()
                .is_some_and(|found| found.eq_ignore_ascii_case(name))
        }))
    }

    /// Media type and schema of the body, where there is one.
    pub(crate) fn body(&self) -> Option<(&'a str, &'a Value)> {
        content(&self.operation["requestBody"])
    }

    /// Where in the body a checksum is asked for: `of the body`, `of each of LIST`, or `none`. Its
    /// field's name was not read, so it stands among the fields without a name.
    pub(crate) fn checksum(&self) -> anyhow::Result<String> {
        let root = &self.document.root;
        let target = |schema: &'a Value| match schema["$ref"].as_str() {
            Some(reference) => follow(root, reference),
            None => Ok(schema),
        };
        let has_one = |schema: &Value| {
            let unnamed = schema["x-unnamed-fields"].as_array();
            unnamed.is_some_and(|fields| fields.iter().any(|field| field["role"] == "checksum"))
        };
        let Some((_, body)) = self.body() else {
            return Ok("none".to_owned());
        };
        let body = target(body)?;
        if has_one(body) {
            return Ok("of the body".to_owned());
        }
        for (name, field) in body["properties"].as_object().into_iter().flatten() {
            if has_one(target(&field["items"])?) {
                return Ok(format!("of each of {name}"));
            }
        }
        Ok("none".to_owned())
    }

    /// Schema of the answer to a call that went well, where it was read.
    pub(crate) fn answer(&self) -> Option<&'a Value> {
        let (_, response) = self.operation["responses"]
            .as_object()?
            .iter()
            .find(|(status, _)| status.starts_with('2'))?;
        Some(content(response)?.1)
    }

    /// Every field of the request: of its path, its query and its body.
    pub(crate) fn fields(&self) -> anyhow::Result<BTreeMap<String, Field>> {
        let mut fields = BTreeMap::new();
        for place in [Place::Path, Place::Query] {
            for parameter in self.parameters(place.name())? {
                let name = parameter["name"].as_str().unwrap_or("?").to_owned();
                fields.insert(
                    name,
                    Field {
                        place,
                        required: parameter["required"] == true,
                        schema: parameter["schema"].clone(),
                    },
                );
            }
        }
        if let Some((_, schema)) = self.body() {
            let body = Shape::of(&self.document.root, schema)?;
            for (name, schema) in body.properties {
                let field = Field {
                    place: Place::Body,
                    required: body.required.contains(&name),
                    schema,
                };
                fields.insert(name, field);
            }
        }
        Ok(fields)
    }
}

/// The first media type of a body or response with its schema.
fn content(of: &Value) -> Option<(&str, &Value)> {
    let (media, content) = of["content"].as_object()?.iter().next()?;
    Some((media, content.get("schema")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_that_stands_twice_is_refused() {
        assert!(Document::parse("twice.yaml", "paths: {}\npaths: {}\n").is_err());
    }

    #[test]
    fn calls_and_webhooks_are_found_and_names_are_counted() {
        let document = Document::parse(
            "made-up.yaml",
            "
info: {title: Made up}
paths:
  /b: {post: {operationId: make_b}, get: {operationId: get_b}, description: no method}
  /a: {delete: {operationId: delete_a}}
webhooks:
  told: {post: {operationId: receive_told}}
x-listed: [{name: C}, {name: D, same-as: get_b}]
",
        )
        .unwrap();
        let found: Vec<_> = document
            .entries()
            .map(|entry| (entry.name(), entry.method, entry.path, entry.is_webhook))
            .collect();
        assert_eq!(
            found,
            [
                ("delete_a", "DELETE", "/a", false),
                ("get_b", "GET", "/b", false),
                ("make_b", "POST", "/b", false),
                ("receive_told", "POST", "told", true),
            ]
        );
        assert_eq!(document.title(), "Made up");
        assert_eq!(document.listed(), 1);
    }
}
