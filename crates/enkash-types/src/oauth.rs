//! The OAuth token that payouts, bills, receivables, expenses, cards, rewards and wallets share.
//!
//! Seven pages of the documentation describe one `POST /oauth/token`; here it is declared once.

use serde::{Deserialize, Serialize};

use crate::endpoint::endpoint;
use crate::text::not_empty;
use crate::valid::rules;
use crate::{CompanyId, Secret};

/// Asks for a token with a user's name and password.
///
/// The client's id and secret travel in an HTTP Basic header. Three wrong passwords in a row lock
/// the account (rewards, *User Authentication*), so it is not sent again by itself.
///
/// EnKash documentation: *Generate Authentication Token* (payouts) and its siblings.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct PasswordGrant {
    /// The user's registered e-mail address or mobile number, as EnKash handed it out.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub username: String,
    /// The user's password.
    pub password: Secret,
    /// Always [`GrantType::Password`].
    #[serde(rename = "grant_type")]
    pub grant_type: GrantType,
    /// The id of the client. In the documentation's examples it has the form of a company id,
    /// while the Basic header's differs: the pages do not agree on whether they are one.
    pub client_id: CompanyId,
}

rules! {
    PasswordGrant {
        username: skip,
        password: "password",
        grant_type: "grant_type",
        client_id: "clientId",
    }
    also {
        "username" => |grant| not_empty(&grant.username),
    }
}

impl PasswordGrant {
    /// A request for a token.
    pub fn new(
        username: impl Into<String>,
        password: impl Into<Secret>,
        client_id: impl Into<CompanyId>,
    ) -> Self {
        Self {
            username: username.into(),
            password: password.into(),
            grant_type: GrantType::Password,
            client_id: client_id.into(),
        }
    }
}

crate::open_enum::open_enum! {
    /// The OAuth grant of [`PasswordGrant`].
    GrantType {
        /// The resource owner's password.
        Password = "password",
    }
}

endpoint! {
    PasswordGrant => OAuthToken {
        name: "generate_payout_token",
        also: [
            "create_card_token",
            "create_reward_token",
            "create_wallet_token",
            "get_bill_payments_token",
            "get_expense_token",
            "get_receivables_auth_token",
        ],
        call: Post "/oauth/token",
        product: Shared,
        host: Payouts,
        auth: Client,
        body: Form,
        envelope: None,
        replay: Never,
        docs: "Generate Authentication Token",
    }
}

/// Asks for a token with the refresh token of an earlier answer.
///
/// EnKash's documentation gives out refresh tokens and does not say how to use them. This is the
/// call of OAuth 2.0 itself (RFC 6749, section 6); where EnKash refuses it, the password is used.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RefreshGrant {
    /// Always [`RefreshGrantType::RefreshToken`].
    pub grant_type: RefreshGrantType,
    /// The refresh token of an earlier answer.
    pub refresh_token: Secret,
}

rules! {
    RefreshGrant {
        grant_type: "grant_type",
        refresh_token: "refresh_token",
    }
}

impl RefreshGrant {
    /// A request for a token.
    pub fn new(refresh_token: impl Into<Secret>) -> Self {
        Self {
            grant_type: RefreshGrantType::RefreshToken,
            refresh_token: refresh_token.into(),
        }
    }
}

crate::open_enum::open_enum! {
    /// The OAuth grant of [`RefreshGrant`].
    RefreshGrantType {
        /// A refresh token.
        RefreshToken = "refresh_token",
    }
}

endpoint! {
    RefreshGrant => OAuthToken {
        name: "refresh_oauth_token",
        call: Post "/oauth/token",
        product: Shared,
        host: Payouts,
        auth: Client,
        body: Form,
        envelope: None,
        replay: Safe,
        docs: "Generate Authentication Token",
    }
}

/// A token, in either of its documented spellings: the newest payouts page writes `accessToken`,
/// all others `access_token`.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct OAuthToken {
    /// Goes into the `Authorization` header after `Bearer`.
    #[serde(alias = "accessToken")]
    pub access_token: Secret,
    /// `bearer` in the examples.
    #[serde(alias = "tokenType", default, skip_serializing_if = "Option::is_none")]
    pub token_type: Option<String>,
    /// Gets the next token.
    #[serde(
        alias = "refreshToken",
        default,
        skip_serializing_if = "Option::is_none"
    )]
    pub refresh_token: Option<Secret>,
    /// Life of the access token in seconds. The payouts page states no unit and shows 0; other
    /// pages say seconds and show 86399.
    #[serde(alias = "expiresIn", default, skip_serializing_if = "Option::is_none")]
    pub expires_in: Option<u64>,
    /// `read write trust` in the examples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scope: Option<String>,
}

impl OAuthToken {
    /// A token that says nothing of its life.
    pub fn new(access_token: impl Into<Secret>) -> Self {
        Self {
            access_token: access_token.into(),
            token_type: None,
            refresh_token: None,
            expires_in: None,
            scope: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_spellings_are_read() {
        let old: OAuthToken = serde_json::from_str(
            r#"{"access_token":"a","token_type":"bearer","refresh_token":"r","expires_in":86399,"scope":"read write trust"}"#,
        )
        .unwrap();
        let new: OAuthToken = serde_json::from_str(
            r#"{"accessToken":"a","tokenType":"bearer","expiresIn":86399,"refreshToken":"r"}"#,
        )
        .unwrap();
        for token in [old, new] {
            assert_eq!(token.access_token.expose(), "a");
            assert_eq!(token.refresh_token.unwrap().expose(), "r");
            assert_eq!(token.expires_in, Some(86399));
        }
    }
}
