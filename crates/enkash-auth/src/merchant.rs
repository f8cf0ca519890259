//! The token of the payment gateway.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use enkash_transport::BoxFuture;
use enkash_transport::wire::AnswerError;
use enkash_types::Secret;
use enkash_types::gateway::CreateMerchantToken;

use crate::ask::{Connection, Fresh, Trouble, ask, usable};
use crate::cache::{Cache, Source};
use crate::provider::provide_from_cache;

/// What the payment gateway takes a merchant by. EnKash issues both keys per account.
#[derive(Debug, Clone)]
pub struct MerchantCredentials {
    /// Access key.
    pub access_key: Secret,
    /// Secret key.
    pub secret_key: Secret,
}

/// Tokens of the payment gateway, got with a merchant's keys.
///
/// EnKash says when a token ends. Keys that it refuses (HTTP 401 or 403, or code 117) are not tried
/// again until they are changed.
///
/// EnKash documentation: *Generate Authorization Token*.
pub struct MerchantTokens {
    connection: Connection,
    cache: Cache,
}

impl MerchantTokens {
    /// Tokens for these keys. Nothing is sent before the first one is asked for.
    #[must_use]
    pub fn new(connection: Connection, credentials: MerchantCredentials) -> Self {
        let clock = Arc::clone(&connection.clock);
        let source = Merchant {
            connection: connection.clone(),
            credentials,
        };
        Self {
            connection,
            cache: Cache::new(clock, source),
        }
    }

    /// Takes other keys from now on. The token, refusals and failures of the old ones are dropped.
    pub fn set_credentials(&self, credentials: MerchantCredentials) {
        self.cache.replace(Merchant {
            connection: self.connection.clone(),
            credentials,
        });
    }
}

provide_from_cache!(MerchantTokens);

struct Merchant {
    connection: Connection,
    credentials: MerchantCredentials,
}

impl Source for Merchant {
    fn name(&self) -> &'static str {
        "merchant"
    }

    fn fetch(self: Arc<Self>) -> BoxFuture<'static, Result<Fresh, Trouble>> {
        Box::pin(async move {
            let since = self.connection.clock.now();
            let request = CreateMerchantToken::new(
                self.credentials.access_key.clone(),
                self.credentials.secret_key.clone(),
            );
            let answer = ask(&self.connection, request, None, |_| Ok(()))
                .await
                .map_err(|trouble| trouble.refused_if(is_refusal))?;
            usable(&answer.token, "token")?;
            Ok(Fresh {
                secret: answer.token,
                since,
                expires_at: answer
                    .expiry
                    .and_then(moment)
                    .filter(|expiry| *expiry > since),
            })
        })
    }
}

fn is_refusal(answer: &AnswerError) -> bool {
    matches!(answer, AnswerError::Refused(refusal)
        if matches!(refusal.status, 401 | 403) || refusal.code == Some(117))
}

/// The moment so many milliseconds after 1970 began.
fn moment(milliseconds: i64) -> Option<SystemTime> {
    let since_1970 = Duration::from_millis(u64::try_from(milliseconds).ok()?);
    SystemTime::UNIX_EPOCH.checked_add(since_1970)
}
