//! What may be shown of fields that are not typed: their names tell what must be hidden.

use serde::{Serialize as _, Serializer};
use serde_json::Value;

use crate::secret::{HIDDEN, is_masking};
use crate::{AccountNumber, CardNumber, Extra};

/// The fields with account and card numbers masked and secrets hidden, as far as their names tell.
pub(crate) fn shown(fields: &Extra) -> Extra {
    fields
        .iter()
        .map(|(name, value)| (name.clone(), shown_value(name, value)))
        .collect()
}

/// For `#[serde(serialize_with = …)]` of such fields: all of them on the wire, and what may be
/// shown inside [`masked`](crate::masked).
pub(crate) fn unless_masking<S: Serializer>(
    fields: &Extra,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    if is_masking() {
        shown(fields).serialize(serializer)
    } else {
        fields.serialize(serializer)
    }
}

fn shown_value(name: &str, value: &Value) -> Value {
    let text = match value {
        Value::Object(fields) => return shown(fields).into(),
        Value::Array(items) => {
            return items.iter().map(|item| shown_value(name, item)).collect();
        }
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        Value::Bool(_) | Value::Null => return value.clone(),
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
    fn a_name_tells_what_is_hidden() {
        let Value::Object(fields) = json!({
            "name": "Asha Stores",
            "amount": 12.5,
            "accountNumber": "123456789012",
            "bank": {"account": 123456789012_u64, "account_number": "123456789012", "accountNo": "1234567890"},
            "cards": [{"cardNumber": "4111111111111111", "CVV": 123}],
            "accessKey": "s3cr3t",
            "token": ["s3cr3t", true, null],
        }) else {
            panic!("no object");
        };
        insta::assert_snapshot!(Value::Object(shown(&fields)), @r#"{"accessKey":"[hidden]","accountNumber":"XXXXXXXX9012","amount":12.5,"bank":{"account":"XXXXXXXX9012","accountNo":"XXXXXX7890","account_number":"XXXXXXXX9012"},"cards":[{"CVV":"[hidden]","cardNumber":"411111XXXXXX1111"}],"name":"Asha Stores","token":["[hidden]",true,null]}"#);
    }
}
