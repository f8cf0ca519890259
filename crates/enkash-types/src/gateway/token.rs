//! The bearer token of the payment gateway.

use serde::{Deserialize, Serialize};

use crate::Secret;
use crate::endpoint::endpoint;
use crate::valid::rules;

/// Exchanges the account's keys for a bearer token.
///
/// The endpoint's page takes both keys in the body; the guide names an `API-Key` header instead
/// and shows no body. The page is followed.
///
/// EnKash documentation: *Generate Authorization Token*.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct CreateMerchantToken {
    /// Access key of the account, issued by EnKash.
    pub access_key: Secret,
    /// Secret key of the account, issued by EnKash.
    pub secret_key: Secret,
}

rules! {
    CreateMerchantToken {
        access_key: "accessKey",
        secret_key: "secretKey",
    }
}

impl CreateMerchantToken {
    /// A request for a token.
    pub fn new(access_key: impl Into<Secret>, secret_key: impl Into<Secret>) -> Self {
        Self {
            access_key: access_key.into(),
            secret_key: secret_key.into(),
        }
    }
}

endpoint! {
    CreateMerchantToken => MerchantToken {
        name: "create_merchant_token",
        call: Post "/api/v0/merchant/token",
        product: Gateway,
        host: Gateway,
        auth: None,
        envelope: Flat,
        replay: Safe,
        docs: "Generate Authorization Token",
    }
}

/// A token of the payment gateway.
///
/// EnKash documentation: *Generate Authorization Token*.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct MerchantToken {
    /// Goes into the `Authorization` header after `Bearer`.
    pub token: Secret,
    /// End of the token's life, in milliseconds; the sample is a time since 1970.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry: Option<i64>,
    /// 0 on the endpoint's page, 200 in the guide's sample.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_code: Option<i32>,
    /// What happened, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result_message: Option<String>,
}

impl MerchantToken {
    /// A token that says nothing of its life.
    pub fn new(token: impl Into<Secret>) -> Self {
        Self {
            token: token.into(),
            expiry: None,
            result_code: None,
            result_message: None,
        }
    }
}
