//! The OAuth token that payouts, bills, receivables, expenses, cards, rewards and wallets share.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use enkash_transport::BoxFuture;
use enkash_transport::wire::{self, AnswerError, EncodeError};
use enkash_types::oauth::{OAuthToken, PasswordGrant, RefreshGrant};
use enkash_types::read::ReadError;
use enkash_types::{CompanyId, Secret};
use http::Request;
use http::header::AUTHORIZATION;

use crate::Cause;
use crate::ask::{Connection, Fresh, Trouble, ask, given, usable};
use crate::cache::{Cache, Source};
use crate::provider::provide_from_cache;

/// What the OAuth products take a user by. EnKash hands all of it out at onboarding.
#[derive(Debug, Clone)]
pub struct OAuthCredentials {
    /// The client's id in the HTTP Basic header.
    pub client_id: String,
    /// The client's secret in the HTTP Basic header.
    pub client_secret: Secret,
    /// The user's registered e-mail address or mobile number.
    pub username: String,
    /// The user's password.
    pub password: Secret,
    /// The form's `clientId`, which in the documentation's examples is a company's id.
    pub company_id: CompanyId,
}

/// OAuth tokens, got with a refresh token where there is one, and with the password else.
///
/// A password that EnKash refuses is remembered and not tried again until the credentials are
/// changed, as three wrong ones lock the account (rewards, *User Authentication*).
///
/// EnKash documentation: *Generate Authentication Token*.
pub struct OAuthTokens {
    connection: Connection,
    cache: Cache,
}

impl OAuthTokens {
    /// Tokens for these credentials. Nothing is sent before the first one is asked for.
    #[must_use]
    pub fn new(connection: Connection, credentials: OAuthCredentials) -> Self {
        let clock = Arc::clone(&connection.clock);
        let source = OAuth::new(connection.clone(), credentials);
        Self {
            connection,
            cache: Cache::new(clock, source),
        }
    }

    /// Takes other credentials from now on. The tokens, refusals and failures of the old ones are
    /// dropped.
    pub fn set_credentials(&self, credentials: OAuthCredentials) {
        self.cache
            .replace(OAuth::new(self.connection.clone(), credentials));
    }
}

provide_from_cache!(OAuthTokens);

struct OAuth {
    connection: Connection,
    credentials: OAuthCredentials,
    refresh_token: Mutex<Option<Secret>>,
}

impl OAuth {
    fn new(connection: Connection, credentials: OAuthCredentials) -> Self {
        Self {
            connection,
            credentials,
            refresh_token: Mutex::default(),
        }
    }

    /// The refresh token first, and the password if there is none or EnKash refuses it.
    ///
    /// Where EnKash could not be reached, that says nothing of the refresh token. Where it answered
    /// in another way (an error of the server, for one), the refresh token is not tried again, but
    /// the password has to wait for the next attempt: EnKash does not document the refresh, so that
    /// may be how it says no.
    async fn grant(&self) -> Result<OAuthToken, Trouble> {
        let refresh_token = self.refresh_token().clone();
        if let Some(refresh_token) = refresh_token {
            match self.ask(RefreshGrant::new(refresh_token)).await {
                Err(Trouble::Refused(answer)) => {
                    tracing::info!(%answer, "the refresh token was refused; trying the password");
                    *self.refresh_token() = None;
                }
                Err(trouble @ Trouble::Failed(Cause::Answer(_))) => {
                    *self.refresh_token() = None;
                    return Err(trouble);
                }
                other => return other,
            }
        }
        let credentials = &self.credentials;
        self.ask(PasswordGrant::new(
            credentials.username.clone(),
            credentials.password.clone(),
            credentials.company_id.clone(),
        ))
        .await
    }

    async fn ask<E>(&self, grant: E) -> Result<OAuthToken, Trouble>
    where
        E: enkash_types::Endpoint<Answer = OAuthToken>,
    {
        given(&self.credentials.client_id, "client_id")?;
        given(self.credentials.client_secret.expose(), "client_secret")?;
        ask(&self.connection, grant, None, |request| self.sign(request))
            .await
            .and_then(|token| {
                usable(&token.access_token, "access_token")?;
                Ok(token)
            })
            .map_err(|trouble| trouble.refused_if(is_refusal))
    }

    fn sign(&self, request: &mut Request<Bytes>) -> Result<(), EncodeError> {
        let basic = wire::basic(&self.credentials.client_id, &self.credentials.client_secret)?;
        request.headers_mut().insert(AUTHORIZATION, basic);
        Ok(())
    }

    fn refresh_token(&self) -> std::sync::MutexGuard<'_, Option<Secret>> {
        self.refresh_token
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source for OAuth {
    fn name(&self) -> &'static str {
        "OAuth"
    }

    fn fetch(self: Arc<Self>) -> BoxFuture<'static, Result<Fresh, Trouble>> {
        Box::pin(async move {
            let since = self.connection.clock.now();
            let token = self.grant().await?;
            // A refresh that brings no new refresh token leaves the old one in force (RFC 6749,
            // section 6).
            if let Some(refresh_token) = token.refresh_token {
                *self.refresh_token() = Some(refresh_token);
            }
            Ok(Fresh {
                secret: token.access_token,
                since,
                expires_at: token
                    .expires_in
                    .filter(|seconds| *seconds > 0)
                    .and_then(|seconds| since.checked_add(Duration::from_secs(seconds))),
            })
        })
    }
}

/// The statuses of RFC 6749, section 5.2. And JSON that is no token: EnKash also refuses with
/// HTTP 200, and to send a password again on the chance that it was not refused could lock the
/// account.
fn is_refusal(answer: &AnswerError) -> bool {
    match answer {
        AnswerError::Refused(refusal) => matches!(refusal.status, 400 | 401),
        AnswerError::Unreadable { error, .. } => matches!(error, ReadError::WrongShape { .. }),
        _ => false,
    }
}
