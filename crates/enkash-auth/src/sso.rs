//! The sign-in token of a rewards page.

use std::sync::Arc;

use enkash_transport::BoxFuture;
use enkash_transport::wire::{self, AnswerError, Seal};
use enkash_types::rewards::{CreateRewardSsoToken, RewardSsoToken};
use enkash_types::{Header, Secret};
use http::header::AUTHORIZATION;

use crate::ask::{Connection, Fresh, Trouble, ask, given, usable};
use crate::cache::{Cache, Source};
use crate::provider::provide_from_cache;
use crate::{Cause, Token, TokenProvider};

/// Sign-in tokens for one card holder's rewards page, got with an OAuth token.
///
/// Neither the life of such a token nor the field that holds it is documented:
/// [`ASSUMED_LIFE`](crate::ASSUMED_LIFE) is taken for the one, and [`RewardSsoToken::token`] looks
/// for the other.
///
/// EnKash documentation: *Single Sign On (SSO)*.
pub struct SsoTokens {
    cache: Cache,
}

impl SsoTokens {
    /// Tokens for the card holder that `request` names. `oauth` says who is asking, with
    /// `partner_id`, which EnKash hands out at onboarding. `seal` seals the body, and opens the
    /// answer if it comes sealed: the documentation does not say whether it does.
    pub fn new(
        connection: Connection,
        oauth: Arc<dyn TokenProvider>,
        partner_id: Secret,
        request: CreateRewardSsoToken,
        seal: impl Seal,
    ) -> Self {
        Self {
            cache: Cache::new(
                Arc::clone(&connection.clock),
                Sso {
                    connection,
                    oauth,
                    partner_id,
                    request,
                    seal: Box::new(seal),
                },
            ),
        }
    }
}

provide_from_cache!(SsoTokens);

struct Sso {
    connection: Connection,
    oauth: Arc<dyn TokenProvider>,
    partner_id: Secret,
    request: CreateRewardSsoToken,
    seal: Box<dyn Seal>,
}

impl Sso {
    async fn sign_on(&self, token: &Token) -> Result<RewardSsoToken, Trouble> {
        let seal = Some(&*self.seal);
        ask(&self.connection, self.request.clone(), seal, |request| {
            let headers = request.headers_mut();
            headers.insert(AUTHORIZATION, wire::bearer(token.secret())?);
            let (name, value) = wire::companion(Header::PartnerId, &self.partner_id)?;
            headers.insert(name, value);
            Ok(())
        })
        .await
        .inspect_err(|trouble| {
            if is_of_token(trouble) {
                self.oauth.reject(token);
            }
        })
    }

    /// The token of the other provider, which remembers its own troubles.
    async fn oauth_token(&self) -> Result<Token, Trouble> {
        match self.oauth.live() {
            Some(token) => Ok(token),
            None => self.oauth.token().await.map_err(Trouble::Passing),
        }
    }
}

impl Source for Sso {
    fn name(&self) -> &'static str {
        "single sign-on"
    }

    fn fetch(self: Arc<Self>) -> BoxFuture<'static, Result<Fresh, Trouble>> {
        Box::pin(async move {
            given(self.partner_id.expose(), "partnerId")?;
            let since = self.connection.clock.now();
            let answer = match self.sign_on(&self.oauth_token().await?).await {
                // With a new token, once more.
                Err(trouble) if is_of_token(&trouble) => {
                    self.sign_on(&self.oauth_token().await?).await?
                }
                other => other?,
            };
            let Some(token) = answer.token() else {
                return Err(Trouble::Failed(Cause::NoToken {
                    fields: answer.field_names().take(20).map(shortened).collect(),
                }));
            };
            usable(token, "token")?;
            Ok(Fresh {
                secret: token.clone(),
                since,
                expires_at: None,
            })
        })
    }
}

fn is_of_token(trouble: &Trouble) -> bool {
    matches!(trouble, Trouble::Failed(Cause::Answer(AnswerError::Refused(refusal)))
        if refusal.is_of_token())
}

/// A name as an error may show it, whatever it is.
fn shortened(name: &str) -> String {
    name.chars().filter(|c| !c.is_control()).take(40).collect()
}
