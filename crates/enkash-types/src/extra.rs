//! Fields that are not typed.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::{Deref, DerefMut};

use serde::{Deserialize, Serialize, Serializer};
use serde_json::{Map, Value};

use crate::secret::{HIDDEN, is_masking};
use crate::valid::Broken;
use crate::{AccountNumber, CardNumber};

/// Fields that are not typed, by the names that EnKash gave them. It is used as the map that it
/// holds.
///
/// What is not typed is not known to be no secret, so names tell what is hidden: `Debug` and
/// [`masked`](crate::masked) show an `accountNumber` by its last four characters, a `cardNumber` by
/// no more than may be shown of one, and nothing of a `token`, `otp`, `password` and the like.
///
/// ```
/// use enkash_types::Extra;
///
/// let extra: Extra = serde_json::from_str(r#"{"accountNumber": "123456789012", "city": "Pune"}"#)?;
/// assert_eq!(extra["city"], "Pune");
/// assert_eq!(extra["accountNumber"], "123456789012");
/// assert_eq!(
///     format!("{extra:?}"),
///     r#"{"accountNumber": String("XXXXXXXX9012"), "city": String("Pune")}"#,
/// );
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
#[cfg_attr(feature = "schema", schemars(inline))]
pub struct Extra(Map<String, Value>);

impl Extra {
    /// No fields.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The rule of a request that has typed fields too: none of them stands here as well. On the
    /// wire it would come twice, and nobody has checked the second.
    pub(crate) fn has_none_of(&self, typed: &[&str]) -> Result<(), Broken> {
        if self.0.keys().any(|name| typed.contains(&name.as_str())) {
            Err(Broken("must not hold the name of a typed field"))
        } else {
            Ok(())
        }
    }
}

impl Deref for Extra {
    type Target = Map<String, Value>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl DerefMut for Extra {
    fn deref_mut(&mut self) -> &mut Self::Target {
        &mut self.0
    }
}

impl From<Map<String, Value>> for Extra {
    fn from(fields: Map<String, Value>) -> Self {
        Self(fields)
    }
}

impl From<Extra> for Map<String, Value> {
    fn from(extra: Extra) -> Self {
        extra.0
    }
}

impl From<Extra> for Value {
    fn from(extra: Extra) -> Self {
        Self::Object(extra.0)
    }
}

impl FromIterator<(String, Value)> for Extra {
    fn from_iter<I: IntoIterator<Item = (String, Value)>>(fields: I) -> Self {
        Self(Map::from_iter(fields))
    }
}

impl Extend<(String, Value)> for Extra {
    fn extend<I: IntoIterator<Item = (String, Value)>>(&mut self, fields: I) {
        self.0.extend(fields);
    }
}

impl IntoIterator for Extra {
    type Item = (String, Value);
    type IntoIter = serde_json::map::IntoIter;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Extra {
    type Item = (&'a String, &'a Value);
    type IntoIter = serde_json::map::Iter<'a>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

/// All of it on the wire, and what may be shown inside [`masked`](crate::masked).
impl Serialize for Extra {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if is_masking() {
            shown(&self.0).serialize(serializer)
        } else {
            self.0.serialize(serializer)
        }
    }
}

/// Writes texts as those of an [`Extra`].
pub(crate) fn texts<S: Serializer>(
    texts: &Option<BTreeMap<String, String>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if !is_masking() {
        return texts.serialize(serializer);
    }
    let texts = texts.iter().flatten();
    serializer
        .collect_map(texts.map(|(name, text)| (name, shown_value(name, &text.as_str().into()))))
}

/// What may be shown.
impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(&shown(&self.0)).finish()
    }
}

/// The fields with account and card numbers masked and secrets hidden, as far as their names tell.
fn shown(fields: &Map<String, Value>) -> Map<String, Value> {
    fields
        .iter()
        .map(|(name, value)| (name.clone(), shown_value(name, value)))
        .collect()
}

fn shown_value(name: &str, value: &Value) -> Value {
    let text = match value {
        Value::Object(fields) => return Value::Object(shown(fields)),
        Value::Array(items) => {
            return items.iter().map(|item| shown_value(name, item)).collect();
        }
        Value::String(text) if !text.is_empty() => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(_) | Value::Null | Value::String(_) => return value.clone(),
    };
    // `accountNumber` and `account_number` are one name.
    let name = name.replace(['_', '-', ' '], "").to_ascii_lowercase();
    let ends_in = |words: &[&str]| words.iter().any(|word| name.ends_with(word));
    if ends_in(&["account", "accountnumber", "accountno"]) {
        AccountNumber::new(text).to_string().into()
    } else if ends_in(&["card", "cardnumber", "cardno"]) {
        CardNumber::new(text).masked().into()
    } else if ends_in(&["cvv", "key", "otp", "password", "pin", "secret", "token"]) {
        HIDDEN.into()
    } else {
        value.clone()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn so_it_does_among_texts_alone() {
        let mut order = crate::gateway::CreateOrder::new("INV1", crate::Rupees::from_paise(100));
        let pairs = [("accountNumber", "123456789012"), ("cart", "7")];
        let pairs = pairs.map(|(name, text)| (name.to_owned(), text.to_owned()));
        order.custom_parameters = Some(pairs.into());
        let shown = crate::masked(&order).unwrap();
        insta::assert_snapshot!(shown["customParameters"], @r#"{"accountNumber":"XXXXXXXX9012","cart":"7"}"#);
        let sent = serde_json::to_value(&order).unwrap();
        assert_eq!(sent["customParameters"]["accountNumber"], "123456789012");
    }

    #[test]
    fn a_name_tells_what_is_hidden() {
        let Value::Object(fields) = json!({
            "name": "Asha Stores",
            "amount": 12.5,
            "accountNumber": "123456789012",
            "bank": {"account": 123456789012_u64, "account_number": "123456789012", "accountNo": "1234567890"},
            "cards": [{"cardNumber": "4111111111111111", "CVV": 123}],
            "accessKey": "s3cr3t",
            "token": ["s3cr3t", "", true, null],
        }) else {
            panic!("no object");
        };
        insta::assert_snapshot!(Value::Object(shown(&fields)), @r#"{"accessKey":"[hidden]","accountNumber":"XXXXXXXX9012","amount":12.5,"bank":{"account":"XXXXXXXX9012","accountNo":"XXXXXX7890","account_number":"XXXXXXXX9012"},"cards":[{"CVV":"[hidden]","cardNumber":"411111XXXXXX1111"}],"name":"Asha Stores","token":["[hidden]","",true,null]}"#);
    }
}
