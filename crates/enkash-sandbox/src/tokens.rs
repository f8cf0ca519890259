//! Tokens that were given out.

use std::collections::{HashMap, VecDeque};
use std::time::SystemTime;

/// What a token is good for.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The calls of the payment gateway.
    Merchant,
    /// The calls of all other products.
    OAuth,
    /// The address of a rewards page.
    SignOn,
}

/// Tokens that were given out and may still live.
#[derive(Default)]
pub(crate) struct Tokens {
    live: HashMap<String, (Kind, SystemTime)>,
    /// How many of them there may be before the dead are looked for.
    purge_at: usize,
    refresh: VecDeque<String>,
}

/// So many unused refresh tokens are kept; the oldest go first.
const REFRESH_TOKENS: usize = 1000;

impl Tokens {
    /// Takes a token in.
    pub(crate) fn add(&mut self, kind: Kind, token: &str, end: SystemTime, now: SystemTime) {
        if self.live.len() >= self.purge_at {
            self.live.retain(|_, (_, end)| *end > now);
            self.purge_at = 1024 + 2 * self.live.len();
        }
        self.live.insert(token.to_owned(), (kind, end));
    }

    pub(crate) fn lives(&self, kind: Kind, token: &str, now: SystemTime) -> bool {
        matches!(self.live.get(token), Some((of, end)) if *of == kind && *end > now)
    }

    /// Ends the life of every token but refresh tokens; says how many there were.
    pub(crate) fn expire(&mut self) -> usize {
        let count = self.live.len();
        self.live.clear();
        count
    }

    pub(crate) fn add_refresh(&mut self, token: &str) {
        if self.refresh.len() == REFRESH_TOKENS {
            self.refresh.pop_front();
        }
        self.refresh.push_back(token.to_owned());
    }

    /// Uses a refresh token up; says whether it was good.
    pub(crate) fn use_refresh(&mut self, token: &str) -> bool {
        match self.refresh.iter().position(|kept| kept == token) {
            Some(index) => self.refresh.remove(index).is_some(),
            None => false,
        }
    }

    /// Uses every refresh token up; says how many there were.
    pub(crate) fn revoke_refresh(&mut self) -> usize {
        let count = self.refresh.len();
        self.refresh.clear();
        count
    }

    /// Whether a text is a token that must not be shown.
    pub(crate) fn holds(&self, text: &str) -> bool {
        self.live.contains_key(text) || self.refresh.iter().any(|kept| kept == text)
    }
}
