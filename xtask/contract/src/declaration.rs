//! What this SDK declares, in the words of the contract.

use enkash_types::{Auth, Body, Checksummed, Declared, Envelope, Environment};
use serde_json::Value;

/// A declaration with its schemas.
#[derive(Clone)]
pub(crate) struct Declaration {
    pub(crate) name: String,
    pub(crate) also: Vec<String>,
    pub(crate) is_webhook: bool,
    pub(crate) method: &'static str,
    pub(crate) path: String,
    /// Addresses of the test and the live host, where they are known.
    pub(crate) hosts: [Option<String>; 2],
    pub(crate) auth: Auth,
    pub(crate) headers: Vec<&'static str>,
    /// Fields in the query of a call that has a body.
    pub(crate) query: Vec<&'static str>,
    pub(crate) body: Body,
    pub(crate) sealed: bool,
    pub(crate) checksum: Checksummed,
    pub(crate) envelope: Envelope,
    pub(crate) docs: String,
    /// Schema of the request, or of the message of a webhook.
    pub(crate) request: Value,
    /// Schema of the answer, without its envelope.
    pub(crate) answer: Option<Value>,
}

impl Declaration {
    /// The names that it stands for in the contract.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(&self.name)
            .chain(&self.also)
            .map(String::as_str)
    }

    /// The names of the fields that stand in the path.
    pub(crate) fn path_fields(&self) -> impl Iterator<Item = &str> {
        self.path
            .split('/')
            .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
    }

    /// Whether a field that is not in the path goes into the query.
    pub(crate) fn is_in_query(&self, field: &str) -> bool {
        matches!(self.method, "GET" | "DELETE") || self.query.contains(&field)
    }

    /// Where in the body a checksum is asked for.
    pub(crate) fn checksum(&self) -> String {
        match self.checksum {
            Checksummed::No => "none".to_owned(),
            Checksummed::Body => "of the body".to_owned(),
            Checksummed::Each(list) => format!("of each of {list}"),
        }
    }

    /// Media type of its body.
    pub(crate) fn media(&self) -> &'static str {
        match self.body {
            Body::Json => "application/json",
            Body::Form => "application/x-www-form-urlencoded",
        }
    }
}

impl From<&Declared> for Declaration {
    fn from(declared: &Declared) -> Self {
        let operation = declared.operation;
        Self {
            name: operation.name.to_owned(),
            also: operation.also.iter().map(|&name| name.to_owned()).collect(),
            is_webhook: declared.is_webhook,
            method: operation.method.as_str(),
            path: operation.path.to_owned(),
            hosts: [Environment::Test, Environment::Live]
                .map(|environment| operation.host.address(environment).map(str::to_owned)),
            auth: operation.auth,
            headers: operation
                .headers
                .iter()
                .map(|header| header.name())
                .collect(),
            query: operation.query.to_vec(),
            body: operation.body,
            sealed: operation.sealed,
            checksum: operation.checksum,
            envelope: operation.envelope,
            docs: operation.docs.to_owned(),
            request: (declared.schema)().to_value(),
            answer: declared.answer_schema.map(|schema| schema().to_value()),
        }
    }
}
