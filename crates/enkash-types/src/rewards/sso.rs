//! Single sign-on: a token for the address of a rewards page.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::endpoint::endpoint;
use crate::text::{not_empty, shown_text};
use crate::valid::rules;
use crate::{CompanyId, Secret};

shown_text! {
    /// The id of a reward account, minted by EnKash at onboarding (`CAQL8YCV3` in an example).
    CardAccountId,
    check: not_empty,
    schema: {"type": "string"}
}

shown_text! {
    /// The id of a card, minted by EnKash (`EKCDM5AVZY` in an example).
    EnkashCardId,
    check: not_empty,
    schema: {"type": "string"}
}

/// Gets a sign-in token for one card holder, for use in the address of a rewards page:
/// `{host}/sso/{token}/employee_rewards/{partner}`, and for the company's administrator
/// `{host}/sso/{token}/reward_account/{partner}`.
///
/// The guide wants the body sealed and the page shows it plain; the guide is followed, with the
/// seal of payouts, which is the only one that is documented.
///
/// EnKash documentation: *Single Sign On (SSO)*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct CreateRewardSsoToken {
    /// Reward account.
    pub card_account_id: CardAccountId,
    /// Company.
    pub company_id: CompanyId,
    /// The card holder's card; the administrator's own for the administrator's page. Most other
    /// pages write this field `enKashCardId`.
    pub enkash_card_id: EnkashCardId,
}

rules! {
    CreateRewardSsoToken {
        card_account_id: "cardAccountId",
        company_id: "companyId",
        enkash_card_id: "enkashCardId",
    }
}

impl CreateRewardSsoToken {
    /// A request for a token.
    pub fn new(
        card_account_id: impl Into<CardAccountId>,
        company_id: impl Into<CompanyId>,
        enkash_card_id: impl Into<EnkashCardId>,
    ) -> Self {
        Self {
            card_account_id: card_account_id.into(),
            company_id: company_id.into(),
            enkash_card_id: enkash_card_id.into(),
        }
    }
}

endpoint! {
    CreateRewardSsoToken => RewardSsoToken {
        name: "create_reward_sso_token",
        call: Post "/api/v0/partner/enKashCard/sso-token",
        product: Rewards,
        host: Cards,
        auth: OAuth,
        headers: [PartnerId],
        sealed: true,
        envelope: Flat,
        replay: Safe,
        docs: "Single Sign On (SSO)",
    }
}

/// A sign-in token, in an answer of which no field is documented.
///
/// The page shows an empty object. [`token`](Self::token) looks where EnKash's other token calls
/// put theirs; if it is `None`, [`field_names`](Self::field_names) tells what did come.
#[derive(Clone, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(transparent)]
pub struct RewardSsoToken {
    fields: BTreeMap<String, Unread>,
}

/// A value that is not documented. Any text in it may be a secret and is held as one.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(untagged)]
#[non_exhaustive]
pub enum Unread {
    /// A text.
    Text(Secret),
    /// An object.
    Object(BTreeMap<String, Unread>),
    /// A list.
    List(Vec<Unread>),
    /// A number, `true`, `false` or `null`.
    Other(serde_json::Value),
}

/// How EnKash's documented token calls spell the field.
const SPELLINGS: [&str; 3] = ["access_token", "accessToken", "token"];

impl RewardSsoToken {
    /// An answer with the token under the name that the addresses of the pages give it.
    pub fn new(token: impl Into<Secret>) -> Self {
        Self {
            fields: BTreeMap::from([(SPELLINGS[0].to_owned(), Unread::Text(token.into()))]),
        }
    }

    /// The token, if it stands where another token call of EnKash's has it: under `access_token`,
    /// `accessToken` or `token`, at the top or inside `payload`.
    #[must_use]
    pub fn token(&self) -> Option<&Secret> {
        let payload = match self.fields.get("payload") {
            Some(Unread::Object(payload)) => Some(payload),
            _ => None,
        };
        [Some(&self.fields), payload]
            .into_iter()
            .flatten()
            .flat_map(|fields| SPELLINGS.iter().filter_map(|name| fields.get(*name)))
            .find_map(|value| match value {
                Unread::Text(token) => Some(token),
                _ => None,
            })
    }

    /// The names of the fields that came.
    pub fn field_names(&self) -> impl Iterator<Item = &str> {
        self.fields.keys().map(String::as_str)
    }
}

impl fmt::Debug for RewardSsoToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(&self.fields).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_token_is_found_where_other_calls_have_it() {
        for answer in [
            r#"{"access_token":"s3cr3t"}"#,
            r#"{"accessToken":"s3cr3t"}"#,
            r#"{"response_code":0,"payload":{"token":"s3cr3t"}}"#,
        ] {
            let answer: RewardSsoToken = serde_json::from_str(answer).unwrap();
            assert_eq!(answer.token().unwrap().expose(), "s3cr3t");
            assert!(!format!("{answer:?}").contains("s3cr3t"));
            assert!(
                !crate::masked(&answer)
                    .unwrap()
                    .to_string()
                    .contains("s3cr3t")
            );
        }
        let empty: RewardSsoToken = serde_json::from_str("{}").unwrap();
        assert!(empty.token().is_none());
    }
}
