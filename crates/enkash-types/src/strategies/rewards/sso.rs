//! Single sign-on.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use crate::CompanyId;
use crate::rewards::{CardAccountId, CreateRewardSsoToken, EnkashCardId, RewardSsoToken};
use crate::strategies::text::{minted_ids, token};
use crate::strategies::{InvalidValues, ValidValues, extra};

minted_ids! {
    CardAccountId: "CA[A-Z0-9]{7}",
    EnkashCardId: "EKCDM[A-Z0-9]{5}",
}

impl ValidValues for CreateRewardSsoToken {
    fn valid() -> BoxedStrategy<Self> {
        each!(CreateRewardSsoToken {
            card_account_id: CardAccountId::valid(),
            company_id: CompanyId::valid(),
            enkash_card_id: EnkashCardId::valid(),
        })
    }
}

impl InvalidValues for CreateRewardSsoToken {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            card_account_id: CardAccountId::invalid(),
            company_id: CompanyId::invalid(),
            enkash_card_id: EnkashCardId::invalid(),
        })
    }
}

/// With the token under any name that is looked for, at the top or in the payload, among other
/// fields.
impl ValidValues for RewardSsoToken {
    fn valid() -> BoxedStrategy<Self> {
        let name = select(&["access_token", "accessToken", "token"][..]);
        (token(), name, any::<bool>(), extra())
            .prop_map(|(token, name, inside, mut fields)| {
                fields.insert(name.to_owned(), token.expose().into());
                let fields = Value::from(fields);
                let answer = if inside {
                    json!({ "payload": fields })
                } else {
                    fields
                };
                // Any object is an answer.
                serde_json::from_value(answer).unwrap_or_default()
            })
            .boxed()
    }
}
