//! The OAuth token.

use proptest::prelude::*;

use super::text::{documented_values, like, some_text, token};
use super::{InvalidValues, ValidValues, maybe};
use crate::oauth::{GrantType, OAuthToken, PasswordGrant, RefreshGrant, RefreshGrantType};
use crate::{CompanyId, Secret};

documented_values! { GrantType, RefreshGrantType }

impl ValidValues for PasswordGrant {
    fn valid() -> BoxedStrategy<Self> {
        each!(PasswordGrant {
            username: prop_oneof![
                like("[a-z]{1,8}@example\\.in"),
                like("[6-9][0-9]{9}"),
                some_text()
            ],
            password: Secret::valid(),
            grant_type: GrantType::valid(),
            client_id: CompanyId::valid(),
        })
    }
}

impl InvalidValues for PasswordGrant {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            username: Just(String::new()),
            password: Secret::invalid(),
            grant_type: GrantType::invalid(),
            client_id: CompanyId::invalid(),
        })
    }
}

impl ValidValues for RefreshGrant {
    fn valid() -> BoxedStrategy<Self> {
        each!(RefreshGrant {
            grant_type: RefreshGrantType::valid(),
            refresh_token: Secret::valid(),
        })
    }
}

impl InvalidValues for RefreshGrant {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            grant_type: RefreshGrantType::invalid(),
            refresh_token: Secret::invalid(),
        })
    }
}

impl ValidValues for OAuthToken {
    fn valid() -> BoxedStrategy<Self> {
        each!(OAuthToken {
            access_token: token(),
            token_type: maybe(like("[Bb]earer")),
            refresh_token: maybe(token()),
            expires_in: maybe(prop_oneof![Just(0), Just(86_399), any::<u64>()]),
            scope: maybe(Just("read write trust".to_owned())),
        })
    }
}
