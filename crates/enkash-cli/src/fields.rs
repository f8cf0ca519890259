//! Fields of requests that the documentation read does not show.

use std::str::FromStr;

use enkash_types::{Extra, read};
use serde_json::Value;

use crate::failure::Failure;

/// Fields by the names that EnKash gave you.
#[derive(Debug, Default, clap::Args)]
pub(crate) struct Fields {
    /// A field of the request: NAME=TEXT, or NAME:=JSON for a number, true, a list or an object.
    #[arg(long = "field", value_name = "NAME=TEXT")]
    fields: Vec<Field>,
    /// A JSON file with an object of fields, or - for stdin; a --field of the same name wins.
    #[arg(long = "fields", value_name = "FILE")]
    file: Option<String>,
}

impl Fields {
    /// All of them.
    pub(crate) fn read(&self) -> Result<Extra, Failure> {
        let mut all = match &self.file {
            Some(file) => {
                let text = crate::input::read(file)?;
                read::object(&text).map(Extra::from).map_err(|error| {
                    let name = if file == "-" { "stdin" } else { file };
                    Failure::Input(format!("{name} must hold a JSON object: {error}"))
                })?
            }
            None => Extra::new(),
        };
        all.extend(self.fields.iter().cloned().map(<(String, Value)>::from));
        Ok(all)
    }

    /// As [`read`](Self::read), for a request that is nothing but fields.
    pub(crate) fn read_some(&self) -> Result<Extra, Failure> {
        let all = self.read()?;
        if all.is_empty() {
            return Err(Failure::Input(
                "no field is given; which ones EnKash takes here is not documented: ask EnKash, and \
                 give them with --field or --fields"
                    .to_owned(),
            ));
        }
        Ok(all)
    }
}

/// One field.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Field {
    name: String,
    value: Value,
}

impl From<Field> for (String, Value) {
    fn from(field: Field) -> Self {
        (field.name, field.value)
    }
}

impl FromStr for Field {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = text
            .split_once('=')
            .ok_or("must be NAME=TEXT or NAME:=JSON")?;
        let (name, value) = match name.strip_suffix(':') {
            Some(name) => {
                let value = read::json(value.as_bytes()).map_err(|error| error.to_string())?;
                (name, value)
            }
            None => (name, Value::from(value)),
        };
        if name.is_empty() {
            return Err("the name is missing".to_owned());
        }
        Ok(Self {
            name: name.to_owned(),
            value,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_is_a_text_unless_it_is_marked_as_json() {
        for (text, name, value) in [
            ("qrName=Counter 1", "qrName", Value::from("Counter 1")),
            (
                "accountNumber=0012345678",
                "accountNumber",
                "0012345678".into(),
            ),
            ("note=a=b:=c", "note", "a=b:=c".into()),
            ("note=", "note", "".into()),
            ("amount:=20.15", "amount", 20.15.into()),
            ("multipleUse:=true", "multipleUse", true.into()),
            (r#"tags:=["a"]"#, "tags", serde_json::json!(["a"])),
        ] {
            let field: Field = text.parse().unwrap();
            assert_eq!((field.name.as_str(), field.value), (name, value), "{text}");
        }
        for wrong in ["amount", "=1", ":=1", "amount:=1,50", "amount:="] {
            assert!(wrong.parse::<Field>().is_err(), "{wrong}");
        }
    }
}
