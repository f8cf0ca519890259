//! Tokens that were given out, by their hashes: neither the memory nor the file holds a token.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::clock::FURTHEST;
use crate::hash::Hash;
use crate::table::{Kept, Passing, Shelf};
use crate::time::Moment;

/// What a token is good for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    /// The calls of the payment gateway.
    Merchant,
    /// The calls of all other products.
    OAuth,
    /// The address of a rewards page.
    SignOn,
    /// One further OAuth token.
    Refresh,
}

/// A token that was given out.
#[derive(Serialize, Deserialize)]
struct Token {
    hash: Hash,
    kind: Kind,
    /// When it ends; a refresh token does not by itself.
    end: Option<Moment>,
    /// Refresh tokens alone are counted, since the oldest of them go first.
    number: u64,
}

impl Passing for Token {
    const KIND: &'static str = "token";
    type Key = Hash;

    fn key(&self) -> Hash {
        self.hash
    }
}

/// Tokens that were given out and may still live.
#[derive(Default)]
pub(crate) struct Tokens {
    given: Shelf<Token>,
    /// How many of them there may be before the dead are looked for.
    purge_at: usize,
}

/// So many unused refresh tokens are kept; the oldest go first.
const REFRESH_TOKENS: usize = 1000;

impl Tokens {
    /// Takes a token in, and says when it ends.
    pub(crate) fn add(&mut self, kind: Kind, token: &str, life: Duration, now: Moment) -> Moment {
        let end = now.after(life.min(FURTHEST));
        self.insert(kind, token, Some(end), 0, now);
        end
    }

    pub(crate) fn add_refresh(&mut self, token: &str, now: Moment) {
        let kept = self.given.iter().filter(|kept| kept.kind == Kind::Refresh);
        let (mut count, mut newest, mut oldest) = (0, 0, None);
        for kept in kept {
            count += 1;
            newest = newest.max(kept.number);
            if oldest.is_none_or(|(number, _)| kept.number < number) {
                oldest = Some((kept.number, kept.hash));
            }
        }
        if let Some((_, hash)) = oldest
            && count >= REFRESH_TOKENS
        {
            self.given.remove(&hash);
        }
        self.insert(Kind::Refresh, token, None, newest + 1, now);
    }

    fn insert(&mut self, kind: Kind, token: &str, end: Option<Moment>, number: u64, now: Moment) {
        if self.given.len() >= self.purge_at {
            self.given
                .retain(|token| token.end.is_none_or(|end| end > now));
            self.purge_at = 1024 + 2 * self.given.len();
        }
        self.given.insert(Token {
            hash: Hash::of(token),
            kind,
            end,
            number,
        });
    }

    pub(crate) fn lives(&self, kind: Kind, token: &str, now: Moment) -> bool {
        self.given
            .get(&Hash::of(token))
            .is_some_and(|token| token.kind == kind && token.end.is_some_and(|end| end > now))
    }

    /// Ends the life of every token but refresh tokens; says how many there were.
    pub(crate) fn expire(&mut self) -> usize {
        self.given.retain(|token| token.kind == Kind::Refresh)
    }

    /// Uses a refresh token up; says whether it was good.
    pub(crate) fn use_refresh(&mut self, token: &str) -> bool {
        let hash = Hash::of(token);
        let is_good = |token: &Token| token.kind == Kind::Refresh;
        self.given.get(&hash).is_some_and(is_good) && self.given.remove(&hash).is_some()
    }

    /// Uses every refresh token up; says how many there were.
    pub(crate) fn revoke_refresh(&mut self) -> usize {
        self.given.retain(|token| token.kind != Kind::Refresh)
    }

    /// Whether a text is a token that must not be shown.
    pub(crate) fn holds(&self, text: &str) -> bool {
        self.given.get(&Hash::of(text)).is_some()
    }

    pub(crate) fn kept(&mut self) -> &mut dyn Kept {
        &mut self.given
    }
}
