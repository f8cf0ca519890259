//! A token as it is given out.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use enkash_types::{HIDDEN, Secret};

/// A bearer token, as a provider gives it out. Cloning is cheap.
///
/// Each one that EnKash gave has an identity of its own, even if two hold the same text:
/// [`same_as`](Self::same_as). `Debug` does not show the text.
#[derive(Clone)]
pub struct Token(pub(crate) Arc<Held>);

pub(crate) struct Held {
    pub(crate) secret: Secret,
    /// When it was asked for.
    pub(crate) since: SystemTime,
    /// When it is time to ask for the next one.
    pub(crate) refresh_at: SystemTime,
    pub(crate) expires_at: SystemTime,
}

impl Token {
    /// A token that was got by other means; for providers of your own.
    pub fn new(secret: impl Into<Secret>, expires_at: SystemTime) -> Self {
        Self(Arc::new(Held {
            secret: secret.into(),
            since: SystemTime::UNIX_EPOCH,
            refresh_at: expires_at,
            expires_at,
        }))
    }

    /// The text that goes into the `Authorization` header after `Bearer`.
    #[must_use]
    pub fn secret(&self) -> &Secret {
        &self.0.secret
    }

    /// When its life ends, as far as EnKash said so; else [`ASSUMED_LIFE`](crate::ASSUMED_LIFE)
    /// after it came.
    #[must_use]
    pub fn expires_at(&self) -> SystemTime {
        self.0.expires_at
    }

    /// Whether both are clones of one token.
    #[must_use]
    pub fn same_as(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    pub(crate) fn lives_at(&self, now: SystemTime) -> bool {
        now < self.0.expires_at
    }
}

impl Held {
    pub(crate) fn is_fresh_at(&self, now: SystemTime) -> bool {
        now < self.refresh_at
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Token")
            .field("secret", &format_args!("{HIDDEN}"))
            .finish_non_exhaustive()
    }
}
