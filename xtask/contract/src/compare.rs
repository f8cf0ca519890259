//! Holds declarations against the contract.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, bail};
use enkash_types::Envelope;
use serde_json::Value;

use crate::declaration::Declaration;
use crate::differences::{Class, Difference};
use crate::document::{Document, Entry, Field, Place};
use crate::shape::{LIMITS, Shape};

/// Everything in which the declarations differ from the contract.
pub(crate) fn all(
    declarations: &[Declaration],
    documents: &[Document],
) -> anyhow::Result<Vec<Difference>> {
    let entries: BTreeMap<&str, Entry<'_>> = documents
        .iter()
        .flat_map(Document::entries)
        .map(|entry| (entry.name(), entry))
        .collect();
    let mut found = Vec::new();
    for declaration in declarations {
        for name in declaration.names() {
            match entries.get(name) {
                Some(entry) => Comparison {
                    entry: *entry,
                    ours: declaration,
                    names: Names::default(),
                    found: &mut found,
                }
                .operation()
                .with_context(|| format!("{}, {name}", entry.document.file))?,
                None => found.push(Difference {
                    operation: name.to_owned(),
                    text: "is declared, and not in the contract".to_owned(),
                    class: None,
                    at: String::new(),
                }),
            }
        }
    }
    Ok(found)
}

/// One declaration against one entry of the contract.
struct Comparison<'a> {
    entry: Entry<'a>,
    ours: &'a Declaration,
    names: Names,
    found: &'a mut Vec<Difference>,
}

/// The innermost named schemas around the place that is looked at.
#[derive(Clone, Default)]
struct Names {
    contract: Option<String>,
    ours: Option<String>,
}

impl Names {
    fn enter(&mut self, contract: &Shape, ours: &Shape) {
        for (name, inner) in [
            (&mut self.contract, &contract.name),
            (&mut self.ours, &ours.name),
        ] {
            if inner.is_some() {
                name.clone_from(inner);
            }
        }
    }
}

/// Two schemas of one message.
#[derive(Clone, Copy)]
struct Message<'a> {
    /// The documents that references in either start from.
    contract: &'a Value,
    ours: &'a Value,
    /// Whether we read it, rather than write it.
    is_read: bool,
}

/// No message is nested deeper than this; a schema that is contains itself.
const DEEPEST: usize = 24;

impl<'a> Comparison<'a> {
    fn operation(mut self) -> anyhow::Result<()> {
        self.facts()?;
        let root = &self.entry.document.root;
        let message = Message {
            contract: root,
            ours: &self.ours.request,
            is_read: self.ours.is_webhook,
        };
        let place = if self.ours.is_webhook {
            "message"
        } else {
            "request"
        };
        let ours = Shape::of(message.ours, message.ours)?;
        let contract = match self.entry.body() {
            Some((_, body)) => Shape::of(root, body)?,
            None => Shape::default(),
        };
        self.names.enter(&contract, &ours);
        self.values(message, place, &contract, &ours)?;
        let fields = self.our_fields(&ours);
        self.fields(message, place, &self.entry.fields()?, &fields)?;
        self.names = Names::default();
        self.answer()
    }

    /// What stands in a declaration beside its types.
    fn facts(&mut self) -> anyhow::Result<()> {
        let (entry, ours) = (self.entry, self.ours);
        let is_webhook = |is| if is { "a webhook" } else { "a call" };
        self.fact(
            "it",
            is_webhook(entry.is_webhook),
            is_webhook(ours.is_webhook),
        );
        self.fact("method", entry.method, ours.method);
        if !entry.is_webhook {
            self.fact("path", entry.path, &ours.path);
            self.hosts();
        }
        if let Some(auth) = auth(&entry)? {
            self.fact("auth", auth, ours.auth.name());
        }
        self.headers()?;
        if let Some(sealed) = entry.operation["x-encrypted"].as_bool() {
            let sealed_or_plain = |is| if is { "sealed" } else { "plain" };
            self.fact(
                "body",
                sealed_or_plain(sealed),
                sealed_or_plain(ours.sealed),
            );
        }
        if let Some((media, _)) = entry.body() {
            self.fact("body", media, ours.media());
        }
        self.fact("checksum", &entry.checksum()?, &ours.checksum());
        // The further names of a call have pages of their own; it names the page of the first.
        if let Some(page) = entry.operation["x-docs"]["page"].as_str()
            && entry.name() == ours.name
            && page != ours.docs
            && !page.starts_with(&format!("{} (", ours.docs))
        {
            self.differ("docs page", page, &ours.docs);
        }
        Ok(())
    }

    fn hosts(&mut self) {
        let operation = self.entry.operation;
        let [test, live] = &self.ours.hosts;
        let [test, live] = [test, live].map(|host| host.as_deref().unwrap_or("not known"));
        if let Some(host) = operation["x-host"].as_str() {
            if host != test && host != live {
                self.differ("host", host, &format!("{test} or {live}"));
            }
            return;
        }
        for (environment, ours) in [("test", test), ("live", live)] {
            let stated = stated_hosts(&self.entry.document.root, environment);
            if !stated.is_empty() && !stated.contains(&ours) {
                self.differ(&format!("{environment} host"), &stated.join(" or "), ours);
            }
        }
    }

    /// The headers that go beside `Authorization` (which is `auth`), `Content-Type` (which follows
    /// from the body) and `User-Agent` (which every call carries).
    fn headers(&mut self) -> anyhow::Result<()> {
        for header in self.entry.parameters("header")? {
            let name = header["name"].as_str().unwrap_or("?");
            let of_ours = self
                .ours
                .headers
                .iter()
                .chain(&["Authorization", "Content-Type", "User-Agent"])
                .any(|ours| ours.eq_ignore_ascii_case(name));
            if header["required"] == true && !of_ours {
                self.say(format!(
                    "header {name} is required in the contract, not in the declaration"
                ));
            }
        }
        for name in &self.ours.headers {
            if self.entry.header(name)?.is_none() {
                self.say(format!(
                    "header {name} is in the declaration, not in the contract"
                ));
            }
        }
        Ok(())
    }

    /// The fields of our request, each where it travels.
    fn our_fields(&self, request: &Shape) -> BTreeMap<String, Field> {
        let in_path: BTreeSet<_> = self.ours.path_fields().collect();
        request
            .properties
            .iter()
            .map(|(name, schema)| {
                let place = match in_path.contains(name.as_str()) {
                    true => Place::Path,
                    false if self.ours.is_in_query(name) => Place::Query,
                    false => Place::Body,
                };
                let field = Field {
                    place,
                    required: request.required.contains(name),
                    schema: schema.clone(),
                };
                (name.clone(), field)
            })
            .collect()
    }

    fn answer(&mut self) -> anyhow::Result<()> {
        let root = &self.entry.document.root;
        let Some(ours) = &self.ours.answer else {
            return Ok(());
        };
        let Some(contract) = self.entry.answer() else {
            if !matches!(self.ours.envelope, Envelope::Any | Envelope::Text) {
                self.differ("envelope", "not read", envelope_name(self.ours.envelope));
            }
            return Ok(());
        };
        let mut contract = Shape::of(root, contract)?;
        let has = |field: &str| contract.properties.contains_key(field);
        let envelope = match has("payload") {
            true if has("response_code") => Envelope::Standard,
            true if has("code") => Envelope::Code,
            false if has("response_code") && has("data") => Envelope::Data,
            _ => Envelope::Flat,
        };
        self.fact(
            "envelope",
            envelope_name(envelope),
            envelope_name(self.ours.envelope),
        );
        match envelope {
            Envelope::Data => {
                for field in ["response_code", "response_message"] {
                    contract.properties.remove(field);
                }
            }
            _ if envelope != Envelope::Flat => {
                if let Some(payload) = contract.properties.remove("payload") {
                    contract = Shape::of(root, &payload)?;
                }
            }
            _ => {}
        }
        let message = Message {
            contract: root,
            ours,
            is_read: true,
        };
        self.shapes(message, "answer", &contract, &Shape::of(ours, ours)?)
    }

    /// Two schemas of one value and of all inside it.
    fn schemas(
        &mut self,
        message: Message<'_>,
        place: &str,
        contract: &Value,
        ours: &Value,
    ) -> anyhow::Result<()> {
        if place.split(['.', '[']).count() > DEEPEST {
            bail!("{place} is nested too deep to be compared");
        }
        let contract = Shape::of(message.contract, contract)?;
        let ours = Shape::of(message.ours, ours)?;
        self.shapes(message, place, &contract, &ours)
    }

    fn shapes(
        &mut self,
        message: Message<'_>,
        place: &str,
        contract: &Shape,
        ours: &Shape,
    ) -> anyhow::Result<()> {
        let outer = self.names.clone();
        self.names.enter(contract, ours);
        self.values(message, place, contract, ours)?;
        self.fields(message, place, &body_fields(contract), &body_fields(ours))?;
        self.names = outer;
        Ok(())
    }

    /// Two shapes of one value, without its fields.
    fn values(
        &mut self,
        message: Message<'_>,
        place: &str,
        contract: &Shape,
        ours: &Shape,
    ) -> anyhow::Result<()> {
        let (theirs, mine) = (kinds(contract), kinds(ours));
        if !theirs.is_empty() && theirs != mine {
            let or_anything = |kinds: Vec<&str>| match kinds.is_empty() {
                true => "anything".to_owned(),
                false => kinds.join(" or "),
            };
            self.differ(
                &format!("{place} type"),
                &or_anything(theirs),
                &or_anything(mine),
            );
        }
        if message.is_read && contract.nullable && !ours.nullable && !kinds(ours).is_empty() {
            self.say(format!(
                "{place} may be null in the contract, not in the type"
            ));
        }
        self.allowed(place, contract.allowed.as_ref(), ours.allowed.as_ref());
        for limit in LIMITS {
            let (theirs, mine) = (contract.limits.get(limit), ours.limits.get(limit));
            // Rust's unsigned numbers bring a minimum that the contract need not repeat.
            let of_the_type = *limit == "minimum"
                && theirs.is_none()
                && mine.and_then(Value::as_f64) == Some(0.0)
                && ours
                    .format
                    .as_ref()
                    .is_some_and(|format| format.starts_with("uint"));
            if !same(theirs, mine) && !of_the_type {
                let shown = |limit: Option<&Value>| match limit {
                    None => "none".to_owned(),
                    Some(Value::String(text)) => text.clone(),
                    Some(value) => value.to_string(),
                };
                self.differ(&format!("{place} {limit}"), &shown(theirs), &shown(mine));
            }
        }
        if let (Some(theirs), Some(mine)) = (&contract.format, &ours.format)
            && theirs != mine
        {
            self.differ(&format!("{place} format"), theirs, mine);
        }
        for (part, theirs, mine) in [
            ("[]", &contract.items, &ours.items),
            (".*", &contract.values, &ours.values),
        ] {
            let part = format!("{place}{part}");
            match (
                stated(message.contract, theirs)?,
                stated(message.ours, mine)?,
            ) {
                (Some(theirs), Some(mine)) => self.schemas(message, &part, theirs, mine)?,
                (Some(_), None) => {
                    self.say(format!("{part} is typed in the contract, not in the type"));
                }
                (None, Some(_)) => {
                    self.say(format!("{part} is typed in the type, not in the contract"));
                }
                (None, None) => {}
            }
        }
        Ok(())
    }

    fn allowed(
        &mut self,
        place: &str,
        theirs: Option<&BTreeSet<String>>,
        mine: Option<&BTreeSet<String>>,
    ) {
        let list =
            |values: &BTreeSet<String>| values.iter().cloned().collect::<Vec<_>>().join(", ");
        match (theirs, mine) {
            (Some(theirs), Some(mine)) => {
                for (lacking, holder, values) in [
                    ("type", "contract", theirs - mine),
                    ("contract", "type", mine - theirs),
                ] {
                    if !values.is_empty() {
                        self.say(format!(
                            "{place} enum has {} in the {holder}, not in the {lacking}",
                            list(&values)
                        ));
                    }
                }
            }
            (Some(theirs), None) => self.differ(&format!("{place} enum"), &list(theirs), "none"),
            (None, Some(mine)) => self.differ(&format!("{place} enum"), "none", &list(mine)),
            (None, None) => {}
        }
    }

    fn fields(
        &mut self,
        message: Message<'_>,
        place: &str,
        contract: &BTreeMap<String, Field>,
        ours: &BTreeMap<String, Field>,
    ) -> anyhow::Result<()> {
        let names: BTreeSet<_> = contract.keys().chain(ours.keys()).collect();
        for name in names {
            let place = format!("{place}.{name}");
            match (contract.get(name), ours.get(name)) {
                (Some(theirs), Some(mine)) => {
                    if theirs.place != mine.place {
                        self.differ(
                            &format!("{place} place"),
                            theirs.place.name(),
                            mine.place.name(),
                        );
                    }
                    self.required(message, &place, theirs.required, mine.required);
                    self.schemas(message, &place, &theirs.schema, &mine.schema)?;
                }
                (Some(_), None) => {
                    self.say(format!("{place} is in the contract, not in the type"));
                }
                (None, _) => self.say(format!("{place} is in the type, not in the contract")),
            }
        }
        Ok(())
    }

    fn required(&mut self, message: Message<'_>, place: &str, contract: bool, ours: bool) {
        if contract == ours {
            return;
        }
        let required = |is| if is { "required" } else { "optional" };
        self.differ(place, required(contract), required(ours));
        if message.is_read
            && contract
            && let Some(last) = self.found.last_mut()
        {
            last.class = Some(Class::LenientAnswers);
        }
    }

    fn fact(&mut self, fact: &str, contract: &str, ours: &str) {
        if contract != ours {
            self.differ(fact, contract, ours);
        }
    }

    fn differ(&mut self, what: &str, contract: &str, ours: &str) {
        self.say(format!(
            "{what} is {contract} in the contract, {ours} in ours"
        ));
    }

    fn say(&mut self, text: String) {
        // Where to look: the file, the schema in it, and our type.
        let mut at = self.entry.document.file.clone();
        for (kind, name) in [("schema", &self.names.contract), ("type", &self.names.ours)] {
            if let Some(name) = name {
                at.push_str(&format!(", {kind} {name}"));
            }
        }
        self.found.push(Difference {
            operation: self.entry.name().to_owned(),
            text,
            class: None,
            at,
        });
    }
}

fn body_fields(shape: &Shape) -> BTreeMap<String, Field> {
    shape
        .properties
        .iter()
        .map(|(name, schema)| {
            let field = Field {
                place: Place::Body,
                required: shape.required.contains(name),
                schema: schema.clone(),
            };
            (name.clone(), field)
        })
        .collect()
}

/// The types that a shape names; null only where it is the one.
fn kinds(shape: &Shape) -> Vec<&str> {
    if shape.types.is_empty() && shape.nullable {
        return vec!["null"];
    }
    shape.types.iter().map(String::as_str).collect()
}

/// The schema, if it says anything of the value.
fn stated<'s>(root: &Value, schema: &'s Option<Value>) -> anyhow::Result<Option<&'s Value>> {
    let Some(schema) = schema else {
        return Ok(None);
    };
    let mut shape = Shape::of(root, schema)?;
    shape.name = None;
    shape.values = None;
    shape.items = None;
    Ok((shape != Shape::default()).then_some(schema))
}

/// Whether two limits are one; `9` and `9.0` are.
fn same(one: Option<&Value>, two: Option<&Value>) -> bool {
    match (one.and_then(Value::as_f64), two.and_then(Value::as_f64)) {
        (Some(one), Some(two)) => one == two,
        _ => one == two,
    }
}

/// What the contract asks for in `Authorization`, in our words; nothing where it does not know.
fn auth<'a>(entry: &Entry<'a>) -> anyhow::Result<Option<&'a str>> {
    Ok(match entry.text("x-auth") {
        None | Some("unknown") => None,
        Some("oauth-password") => Some("oauth"),
        Some("none") => {
            let is_basic = entry.header("Authorization")?.is_some_and(|header| {
                header["description"]
                    .as_str()
                    .is_some_and(|text| text.contains("Basic"))
            });
            Some(if is_basic { "client" } else { "none" })
        }
        Some(other) => Some(other),
    })
}

/// The hosts that a file states for an environment (`test`, and further ones like `test-newest`).
fn stated_hosts<'a>(root: &'a Value, environment: &str) -> Vec<&'a str> {
    root["info"]["x-base-urls"]
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(key, _)| key.split('-').next() == Some(environment))
        .filter_map(|(_, address)| address.as_str())
        .filter(|address| address.starts_with("https://"))
        .collect()
}

fn envelope_name(envelope: Envelope) -> &'static str {
    match envelope {
        Envelope::Standard => "response_code and payload",
        Envelope::Code => "code and payload",
        Envelope::Data => "response_code and data",
        Envelope::Flat | Envelope::None => "none",
        Envelope::Any | Envelope::Text => "any",
    }
}
