//! The trait that the client asks for tokens.

use enkash_transport::{BoxFuture, MaybeSend};

use crate::{AuthError, Token};

/// Gives out tokens that are valid now.
///
/// A client asks [`live`](Self::live), then [`token`](Self::token), and says
/// [`reject`](Self::reject) when EnKash refused what it got.
#[cfg_attr(not(target_arch = "wasm32"), async_trait::async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait::async_trait(?Send))]
pub trait TokenProvider: MaybeSend + 'static {
    /// A token that lives and is not due for a refresh, or `None`: then ask
    /// [`token`](Self::token). It waits for nothing, takes no lock and allocates nothing.
    fn live(&self) -> Option<Token> {
        None
    }

    /// A token that is valid now.
    ///
    /// It waits only if there is none; a refresh ahead of expiry is begun and not waited for.
    /// It may be dropped at any time.
    ///
    /// # Errors
    ///
    /// [`AuthError`], which says what to do.
    async fn token(&self) -> Result<Token, AuthError>;

    /// A refresh ahead of expiry that is under way, or `None`.
    ///
    /// No task runs in the background, so a refresh goes on only while somebody drives it: each
    /// [`token`](Self::token) that passes by moves it on a little. A client that runs this future
    /// beside its own call (and drops it when that ends) lets it finish with little traffic, too.
    fn refreshing(&self) -> Option<BoxFuture<'static, ()>> {
        None
    }

    /// Says that EnKash refused this token. It is dropped, and the next caller gets a new one. A
    /// token that was replaced meanwhile changes nothing, so every caller that held it may say so.
    ///
    /// It may be that EnKash gives out tokens and refuses every one. So when three in a row are
    /// refused within 10 seconds of being asked for, the next is asked for after a pause (1 s, then
    /// twice as long each time, up to 60 s), and callers get [`AuthError::TokensRefused`] until then.
    fn reject(&self, token: &Token);
}

/// Makes a [`TokenProvider`] of a struct with a field `cache`.
macro_rules! provide_from_cache {
    ($provider:ty) => {
        #[cfg_attr(not(target_arch = "wasm32"), async_trait::async_trait)]
        #[cfg_attr(target_arch = "wasm32", async_trait::async_trait(?Send))]
        impl $crate::TokenProvider for $provider {
            fn live(&self) -> Option<$crate::Token> {
                self.cache.live()
            }

            async fn token(&self) -> Result<$crate::Token, $crate::AuthError> {
                self.cache.token().await
            }

            fn refreshing(&self) -> Option<enkash_transport::BoxFuture<'static, ()>> {
                self.cache.refreshing()
            }

            fn reject(&self, token: &$crate::Token) {
                self.cache.reject(token);
            }
        }

        impl $provider {
            /// Makes the random part of its timing repeatable; for tests.
            #[must_use]
            pub fn with_jitter_seed(mut self, seed: u64) -> Self {
                self.cache = self.cache.with_seed(seed);
                self
            }
        }

        impl std::fmt::Debug for $provider {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($provider))
                    .field("cache", &self.cache)
                    .finish()
            }
        }
    };
}

pub(crate) use provide_from_cache;
