//! A small made-up contract, and declarations that differ from it in one thing each.

use enkash_types::{Auth, Body, Checksummed, Envelope};
use serde_json::{Value, json};

use crate::compare;
use crate::coverage;
use crate::declaration::Declaration;
use crate::differences::{Class, Difference};
use crate::document::Document;

const CONTRACT: &str = r"
info:
  title: Made up
  x-base-urls: {test: 'https://test.example.in', live: 'https://live.example.in', live-x-from: integration}
paths:
  /things/{shelf}:
    post:
      operationId: make_thing
      x-status: documented
      x-auth: merchant
      x-encrypted: false
      x-docs: {page: Make Thing (earlier - New Thing)}
      parameters:
        - {name: shelf, in: path, required: true, schema: {type: string}}
        - {name: Authorization, in: header, required: true, schema: {type: string}}
        - $ref: '#/components/parameters/Key'
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/MakeThing'}}}
      responses:
        '200':
          content:
            application/json:
              schema:
                type: object
                properties:
                  response_code: {type: integer}
                  response_message: {type: string}
                  payload: {$ref: '#/components/schemas/Thing'}
  /things:
    get:
      operationId: get_thing
      x-status: partial
      x-auth: unknown
      parameters:
        - {name: id, in: query, required: true, schema: {type: string}}
      responses: {'200': {description: Not read.}}
  /oauth/token:
    post:
      operationId: get_token
      x-status: partial
      x-auth: none
      x-host: https://test.example.in
      parameters:
        - {name: Authorization, in: header, description: Basic and more, schema: {type: string}}
      responses: {'200': {description: Not read.}}
webhooks:
  told:
    post:
      operationId: notify_thing
      x-status: listed
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
components:
  parameters:
    Key: {name: merchantAccessKey, in: header, required: true, schema: {type: string}}
  schemas:
    MakeThing:
      type: object
      required: [sum, kind]
      properties:
        sum: {type: number, minimum: 0.01}
        kind: {$ref: '#/components/schemas/Kind'}
        when: {type: string, format: date-time}
        code: {type: string, pattern: '^[A-Z]+$', minLength: 2, maxLength: 4}
        labels: {type: object, additionalProperties: {type: string}}
        parts: {type: array, items: {$ref: '#/components/schemas/Part'}}
    Kind: {type: string, enum: [BIG, SMALL]}
    Part:
      allOf:
        - {type: object, properties: {name: {type: string}}}
        - {required: [name]}
    Thing:
      type: object
      required: [id]
      properties:
        id: {type: string}
        state: {type: [string, 'null']}
        count: {type: integer}
        inner: {anyOf: [{$ref: '#/components/schemas/Part'}, {type: 'null'}]}
x-listed: [{name: Unknown Thing}]
";

fn documents() -> [Document; 1] {
    [Document::parse("made-up.yaml", CONTRACT).unwrap()]
}

fn thing() -> Value {
    json!({
        "title": "Thing",
        "type": "object",
        "required": ["id"],
        "properties": {
            "id": {"type": "string"},
            "state": {"type": ["string", "null"]},
            "count": {"type": ["integer", "null"], "format": "uint64", "minimum": 0},
            "inner": {"anyOf": [{"$ref": "#/$defs/Part"}, {"type": "null"}]},
        },
        "additionalProperties": true,
        "$defs": {
            "Part": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        },
    })
}

fn hosts(test: &str, live: &str) -> [Option<String>; 2] {
    [test, live].map(|host| Some(host.to_owned()))
}

/// Declares `make_thing` as the contract has it.
fn make_thing() -> Declaration {
    Declaration {
        name: "make_thing".to_owned(),
        also: Vec::new(),
        is_webhook: false,
        method: "POST",
        path: "/things/{shelf}".to_owned(),
        hosts: hosts("https://test.example.in", "https://live.example.in"),
        auth: Auth::Merchant,
        headers: vec!["merchantAccessKey"],
        query: Vec::new(),
        body: Body::Json,
        sealed: false,
        checksum: Checksummed::No,
        envelope: Envelope::Standard,
        docs: "Make Thing".to_owned(),
        request: json!({
            "title": "MakeThing",
            "type": "object",
            "required": ["shelf", "sum", "kind"],
            "properties": {
                "shelf": {"type": "string"},
                "sum": {"type": "number", "minimum": 0.01},
                "kind": {"$ref": "#/$defs/Kind"},
                "when": {"type": ["string", "null"]},
                "code": {"type": "string", "pattern": "^[A-Z]+$", "minLength": 2, "maxLength": 4},
                "labels": {"type": ["object", "null"], "additionalProperties": {"type": "string"}},
                "parts": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
            },
            "additionalProperties": false,
            "$defs": {
                "Kind": {"type": "string", "enum": ["SMALL", "BIG"]},
                "Part": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
            },
        }),
        answer: Some(thing()),
    }
}

fn get_thing() -> Declaration {
    Declaration {
        name: "get_thing".to_owned(),
        method: "GET",
        path: "/things".to_owned(),
        headers: Vec::new(),
        query: Vec::new(),
        envelope: Envelope::Any,
        request: json!({
            "type": "object",
            "required": ["id"],
            "properties": {"id": {"type": "string"}},
        }),
        ..make_thing()
    }
}

fn notify_thing() -> Declaration {
    Declaration {
        name: "notify_thing".to_owned(),
        is_webhook: true,
        path: String::new(),
        auth: Auth::None,
        headers: Vec::new(),
        query: Vec::new(),
        envelope: Envelope::None,
        request: thing(),
        answer: None,
        ..make_thing()
    }
}

fn found(declaration: Declaration) -> Vec<Difference> {
    compare::all(&[declaration], &documents()).unwrap()
}

/// What is found after one change to a declaration that agrees.
fn after(mut declaration: Declaration, change: impl FnOnce(&mut Declaration)) -> Vec<String> {
    assert_eq!(found(declaration.clone()), []);
    change(&mut declaration);
    found(declaration)
        .into_iter()
        .map(|found| found.text)
        .collect()
}

/// What is found after one property of the request was replaced.
fn after_property(name: &str, schema: Value) -> Vec<String> {
    after(make_thing(), |ours| {
        ours.request["properties"][name] = schema
    })
}

fn without(schema: &mut Value, name: &str) {
    schema["properties"].as_object_mut().unwrap().remove(name);
    let required = schema["required"].as_array_mut().unwrap();
    required.retain(|required| required != name);
}

#[test]
fn the_facts_of_an_operation() {
    let all: [(&str, Vec<String>); 14] = [
        (
            "make_stuff",
            after(make_thing(), |ours| ours.name = "make_stuff".to_owned()),
        ),
        ("method", after(make_thing(), |ours| ours.method = "PUT")),
        (
            "path",
            after(make_thing(), |ours| ours.path = "/thing/{shelf}".to_owned()),
        ),
        (
            "test host",
            after(make_thing(), |ours| {
                ours.hosts[0] = Some("https://t.example.in".to_owned())
            }),
        ),
        (
            "live host",
            after(make_thing(), |ours| ours.hosts[1] = None),
        ),
        ("auth", after(make_thing(), |ours| ours.auth = Auth::OAuth)),
        (
            "header lacks",
            after(make_thing(), |ours| ours.headers.clear()),
        ),
        (
            "header more",
            after(make_thing(), |ours| ours.headers.push("partnerId")),
        ),
        ("sealed", after(make_thing(), |ours| ours.sealed = true)),
        ("media", after(make_thing(), |ours| ours.body = Body::Form)),
        (
            "checksum",
            after(make_thing(), |ours| ours.checksum = Checksummed::Body),
        ),
        (
            "envelope",
            after(make_thing(), |ours| ours.envelope = Envelope::Code),
        ),
        (
            "docs",
            after(make_thing(), |ours| ours.docs = "Make".to_owned()),
        ),
        (
            "webhook",
            after(notify_thing(), |ours| ours.is_webhook = false)
                .into_iter()
                .take(1)
                .collect(),
        ),
    ];
    let expected = [
        "is declared, and not in the contract",
        "method is POST in the contract, PUT in ours",
        "path is /things/{shelf} in the contract, /thing/{shelf} in ours",
        "test host is https://test.example.in in the contract, https://t.example.in in ours",
        "live host is https://live.example.in in the contract, not known in ours",
        "auth is merchant in the contract, oauth in ours",
        "header merchantAccessKey is required in the contract, not in the declaration",
        "header partnerId is in the declaration, not in the contract",
        "body is plain in the contract, sealed in ours",
        "body is application/json in the contract, application/x-www-form-urlencoded in ours",
        "checksum is none in the contract, of the body in ours",
        "envelope is response_code and payload in the contract, code and payload in ours",
        "docs page is Make Thing (earlier - New Thing) in the contract, Make in ours",
        "it is a webhook in the contract, a call in ours",
    ];
    for ((what, texts), expected) in all.into_iter().zip(expected) {
        assert_eq!(texts, [expected], "{what}");
    }
}

#[test]
fn further_names_are_held_against_their_own_entries() {
    let mut ours = make_thing();
    ours.also = vec!["get_token".to_owned(), "no_such_thing".to_owned()];
    let lines: Vec<_> = found(ours).iter().map(Difference::line).collect();
    assert!(lines.contains(
        &"get_token path is /oauth/token in the contract, /things/{shelf} in ours".to_owned()
    ));
    assert!(
        lines.contains(&"get_token auth is client in the contract, merchant in ours".to_owned())
    );
    assert!(lines.contains(&"no_such_thing is declared, and not in the contract".to_owned()));
    assert!(!lines.iter().any(|line| line.starts_with("make_thing")));

    let mut elsewhere = make_thing();
    elsewhere.also = vec!["get_token".to_owned()];
    elsewhere.hosts = hosts("https://a.example.in", "https://b.example.in");
    assert!(found(elsewhere).iter().any(|found| found.line()
        == "get_token host is https://test.example.in in the contract, \
            https://a.example.in or https://b.example.in in ours"));
}

#[test]
fn the_fields_of_a_request() {
    let lacking = after(make_thing(), |ours| without(&mut ours.request, "sum"));
    assert_eq!(lacking, ["request.sum is in the contract, not in the type"]);

    let more = after_property("more", json!({"type": "string"}));
    assert_eq!(more, ["request.more is in the type, not in the contract"]);

    let optional = after(make_thing(), |ours| {
        ours.request["required"] = json!(["shelf", "sum"]);
    });
    assert_eq!(
        optional,
        ["request.kind is required in the contract, optional in ours"]
    );

    let required = after(make_thing(), |ours| {
        ours.request["required"] = json!(["shelf", "sum", "kind", "code"]);
    });
    assert_eq!(
        required,
        ["request.code is optional in the contract, required in ours"]
    );

    let moved = after(get_thing(), |ours| ours.method = "POST");
    let place = "request.id place is query in the contract, body in ours".to_owned();
    assert!(moved.contains(&place));

    let back = after(get_thing(), |ours| {
        ours.method = "POST";
        ours.query = vec!["id"];
    });
    assert!(!back.contains(&place));
}

#[test]
fn an_answer_that_was_not_read() {
    let taken_for_granted = after(get_thing(), |ours| ours.envelope = Envelope::Standard);
    assert_eq!(
        taken_for_granted,
        ["envelope is not read in the contract, response_code and payload in ours"]
    );
}

/// The code and the words stand beside the fields; a list stands under `data`.
#[test]
fn an_answer_beside_its_code() {
    let payload = "                  payload: {$ref: '#/components/schemas/Thing'}\n";
    let data = "                  requestId: {type: string}\n                  data: {type: array, items: {$ref: '#/components/schemas/Part'}}\n";
    let documents = [Document::parse("made-up.yaml", &CONTRACT.replace(payload, data)).unwrap()];
    let mut ours = make_thing();
    ours.envelope = Envelope::Data;
    ours.answer = Some(json!({
        "type": "object",
        "properties": {
            "requestId": {"type": "string"},
            "data": {"type": "array", "items": {"$ref": "#/$defs/Part"}},
        },
        "$defs": {
            "Part": {"type": "object", "required": ["name"], "properties": {"name": {"type": "string"}}},
        },
    }));
    assert_eq!(compare::all(&[ours.clone()], &documents).unwrap(), []);
    ours.envelope = Envelope::Flat;
    let found = compare::all(&[ours], &documents).unwrap();
    assert_eq!(
        found[0].text,
        "envelope is response_code and data in the contract, none in ours"
    );
}

/// A field without a name, in the body or in the items of a list.
#[test]
fn where_a_checksum_is_asked_for() {
    let unnamed = "\n      x-unnamed-fields: [{role: city}, {role: checksum}]";
    for (schema, checksum) in [
        ("MakeThing:", Checksummed::Body),
        ("Part:", Checksummed::Each("parts")),
    ] {
        let contract =
            CONTRACT.replace(&format!("    {schema}"), &format!("    {schema}{unnamed}"));
        let documents = [Document::parse("made-up.yaml", &contract).unwrap()];
        let mut ours = make_thing();
        assert_eq!(compare::all(&[ours.clone()], &documents).unwrap().len(), 1);
        ours.checksum = checksum;
        assert_eq!(compare::all(&[ours], &documents).unwrap(), []);
    }
}

#[test]
fn types_values_and_limits() {
    for (name, schema, expected) in [
        (
            "sum",
            json!({"type": "integer", "minimum": 0.01}),
            "request.sum type is number in the contract, integer in ours",
        ),
        (
            "sum",
            json!({"minimum": 0.01}),
            "request.sum type is number in the contract, anything in ours",
        ),
        (
            "sum",
            json!({"type": "number", "minimum": 1}),
            "request.sum minimum is 0.01 in the contract, 1 in ours",
        ),
        (
            "kind",
            json!({"type": "string", "enum": ["BIG"]}),
            r#"request.kind enum has "SMALL" in the contract, not in the type"#,
        ),
        (
            "kind",
            json!({"type": "string", "enum": ["BIG", "SMALL", "TINY"]}),
            r#"request.kind enum has "TINY" in the type, not in the contract"#,
        ),
        (
            "kind",
            json!({"type": "string"}),
            r#"request.kind enum is "BIG", "SMALL" in the contract, none in ours"#,
        ),
        (
            "when",
            json!({"type": "string", "enum": ["NOW"]}),
            r#"request.when enum is none in the contract, "NOW" in ours"#,
        ),
        (
            "when",
            json!({"type": "string", "format": "date"}),
            "request.when format is date-time in the contract, date in ours",
        ),
        (
            "code",
            json!({"type": "string", "pattern": "^[a-z]+$", "minLength": 2, "maxLength": 4}),
            "request.code pattern is ^[A-Z]+$ in the contract, ^[a-z]+$ in ours",
        ),
        (
            "code",
            json!({"type": "string", "pattern": "^[A-Z]+$", "maxLength": 4}),
            "request.code minLength is 2 in the contract, none in ours",
        ),
        (
            "code",
            json!({"type": "string", "pattern": "^[A-Z]+$", "minLength": 2, "maxLength": 5}),
            "request.code maxLength is 4 in the contract, 5 in ours",
        ),
        (
            "labels",
            json!({"type": "object", "additionalProperties": {"type": "number"}}),
            "request.labels.* type is string in the contract, number in ours",
        ),
        (
            "labels",
            json!({"type": "object", "additionalProperties": true}),
            "request.labels.* is typed in the contract, not in the type",
        ),
        (
            "parts",
            json!({"type": "array", "items": true}),
            "request.parts[] is typed in the contract, not in the type",
        ),
        (
            "parts",
            json!({"type": "array", "items": {"type": "object", "properties": {"name": {"type": "string"}}}}),
            "request.parts[].name is required in the contract, optional in ours",
        ),
    ] {
        assert_eq!(after_property(name, schema), [expected]);
    }
    let typed = after(make_thing(), |ours| {
        ours.request["properties"]["when"]["items"] = json!({"type": "string"});
    });
    assert_eq!(
        typed,
        ["request.when[] is typed in the type, not in the contract"]
    );
}

#[test]
fn answers_inside_the_envelope() {
    let lacking = after(make_thing(), |ours| {
        without(ours.answer.as_mut().unwrap(), "count");
    });
    assert_eq!(
        lacking,
        ["answer.count is in the contract, not in the type"]
    );

    let deep = after(make_thing(), |ours| {
        ours.answer.as_mut().unwrap()["$defs"]["Part"]["properties"]["size"] =
            json!({"type": "string"});
    });
    assert_eq!(
        deep,
        ["answer.inner.size is in the type, not in the contract"]
    );

    let never_null = after(make_thing(), |ours| {
        ours.answer.as_mut().unwrap()["properties"]["state"] = json!({"type": "string"});
    });
    assert_eq!(
        never_null,
        ["answer.state may be null in the contract, not in the type"]
    );

    let strict = after(make_thing(), |ours| {
        ours.answer.as_mut().unwrap()["required"] = json!(["id", "count"]);
    });
    assert_eq!(
        strict,
        ["answer.count is optional in the contract, required in ours"]
    );
}

#[test]
fn what_is_read_may_be_optional_though_the_contract_requires_it() {
    let mut answer = make_thing();
    answer.answer.as_mut().unwrap()["required"] = json!([]);
    let mut message = notify_thing();
    message.request["required"] = json!([]);
    let mut request = make_thing();
    request.request["required"] = json!(["shelf", "sum"]);
    for (declaration, class) in [
        (answer, Some(Class::LenientAnswers)),
        (message, Some(Class::LenientAnswers)),
        (request, None),
    ] {
        let found = found(declaration);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].class, class, "{}", found[0].text);
    }
}

#[test]
fn a_difference_says_where_to_look() {
    let mut ours = make_thing();
    ours.method = "PUT";
    ours.request["$defs"]["Kind"]["enum"] = json!(["BIG"]);
    ours.request["properties"]["sum"]["minimum"] = json!(1);
    ours.answer.as_mut().unwrap()["$defs"]["Part"]["properties"] = json!({});
    let places: Vec<_> = found(ours).into_iter().map(|found| found.at).collect();
    assert_eq!(
        places,
        [
            "made-up.yaml",
            "made-up.yaml, schema Kind, type Kind",
            "made-up.yaml, schema MakeThing, type MakeThing",
            "made-up.yaml, schema Part, type Part",
        ]
    );
}

#[test]
fn a_schema_that_contains_itself_is_an_error() {
    let endless = CONTRACT.replace(
        "        count: {type: integer}\n",
        "        count: {$ref: '#/components/schemas/Thing'}\n",
    );
    let documents = [Document::parse("made-up.yaml", &endless).unwrap()];
    let mut ours = notify_thing();
    ours.request["properties"]["count"] = json!({"$ref": "#"});
    let error = compare::all(&[ours], &documents).unwrap_err();
    assert!(
        format!("{error:#}").contains("nested too deep"),
        "{error:#}"
    );
}

#[test]
fn the_table_counts_what_is_declared() {
    let table = coverage::table(&documents(), &[make_thing(), notify_thing()]);
    for line in [
        "| [made-up](#made-up) | 3 | 1 | 1 | 2 | 1 | 2 | 1 |",
        "| **all** | 3 | 1 | 1 | 2 | 1 | 2 | 1 |",
        "| `get_token` | POST | `/oauth/token` | partial |  |",
        "| `make_thing` | POST | `/things/{shelf}` | documented | yes |",
        "| `notify_thing` | POST | webhook | listed | yes |",
    ] {
        assert!(table.lines().any(|found| found == line), "{line}\n{table}");
    }
}

#[test]
fn the_real_contract_is_read_whole() {
    let documents = Document::all(&crate::docs().join("contract")).unwrap();
    assert_eq!(documents.len(), 12);
    assert_eq!(documents.iter().flat_map(Document::entries).count(), 142);
    for entry in documents.iter().flat_map(Document::entries) {
        assert_ne!(entry.name(), "?", "{} {}", entry.method, entry.path);
        assert!(entry.fields().is_ok(), "{}", entry.name());
    }
}
