//! Rewards and incentives.

use std::sync::Arc;

use enkash_auth::{Connection, SsoTokens};
use enkash_types::rewards::{CreateRewardSsoToken, RewardSsoToken};
use enkash_types::{Host, IntoValid};

use crate::{Client, Error};

/// The rewards of a client.
#[derive(Debug, Clone, Copy)]
pub struct Rewards<'a> {
    client: &'a Client,
}

impl Client {
    /// Rewards and incentives.
    #[must_use]
    pub fn rewards(&self) -> Rewards<'_> {
        Rewards { client: self }
    }
}

impl Rewards<'_> {
    /// Gets a sign-in token, new with every call. [`sso_tokens`](Self::sso_tokens) keeps one.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn sso_token(
        self,
        request: impl IntoValid<CreateRewardSsoToken>,
    ) -> Result<RewardSsoToken, Error> {
        self.client.call(request).await
    }

    /// A provider of sign-in tokens for one card holder, which gets a new one when the last has
    /// run out.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`] for the request, [`Error::NotConfigured`] where OAuth credentials or
    /// the partner's id are missing.
    pub fn sso_tokens(
        self,
        request: impl IntoValid<CreateRewardSsoToken>,
    ) -> Result<SsoTokens, Error> {
        let request = request.into_valid()?;
        let oauth = self.client.oauth()?;
        let connection = Connection::new(
            Arc::clone(&self.client.inner.transport),
            Arc::clone(&self.client.inner.clock),
            self.client.address(Host::Cards)?.clone(),
        );
        Ok(SsoTokens::new(
            connection,
            Arc::clone(&oauth.tokens),
            self.client.partner_id()?.clone(),
            request.into_inner(),
            oauth.seal.clone(),
        ))
    }
}
