//! Faults on demand.

use std::time::Duration;

use bytes::Bytes;
use enkash_transport::wire::{self, Refusal};
use enkash_types::{Operation, Violations};
use http::{Response, StatusCode};
use serde::{Deserialize, Serialize};

use crate::clock::FURTHEST;
use crate::html::document;
use crate::ids::scrambled;
use crate::router::{Done, Ending, Instead};

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum FaultKind {
    /// The call is done; then the connection ends without an answer.
    LostAnswer,
    /// The connection is reset before anything is done.
    Reset,
    /// The call is done; its answer waits until the sandbox's clock has moved on.
    Slow,
    /// HTTP 503; nothing is done.
    ServerError,
    /// The call is done; its answer is not JSON.
    BadJson,
    /// The call is done; the connection ends in the middle of its answer.
    Truncated,
    /// HTTP 200 with a web page, as a proxy answers; nothing is done.
    Html,
    /// HTTP 200 with a code that is not success; nothing is done.
    #[serde(rename = "error-in-200")]
    ErrorIn200,
    /// HTTP 200 with code 117, as EnKash refuses a token; nothing is done.
    TokenRefused,
}

impl FaultKind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::LostAnswer,
        Self::Reset,
        Self::Slow,
        Self::ServerError,
        Self::BadJson,
        Self::Truncated,
        Self::Html,
        Self::ErrorIn200,
        Self::TokenRefused,
    ];
}

/// A fault that waits for the calls that it spoils.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct Fault {
    /// The operation that it spoils, by name (`create_order`), or `*` for any.
    pub operation: String,
    /// What goes wrong.
    pub kind: FaultKind,
    /// How many calls it spoils. 1.
    #[serde(default = "once")]
    pub count: u32,
    /// How many of a hundred calls it spoils, drawn by [`Config::seed`](crate::Config::seed). 100.
    /// One fault at most strikes a call, so those of faults that fit the same calls add up.
    #[serde(default = "every", skip_serializing_if = "is_every")]
    pub percent: u8,
    /// How long [`FaultKind::Slow`] waits, in seconds of the sandbox's clock. 60.
    #[serde(default = "minute")]
    pub seconds: u64,
}

fn once() -> u32 {
    1
}

/// A hundred in a hundred.
const EVERY: u8 = 100;

fn every() -> u8 {
    EVERY
}

fn is_every(percent: &u8) -> bool {
    *percent == EVERY
}

fn minute() -> u64 {
    60
}

impl Fault {
    /// A fault that spoils the next call of an operation; `*` for any operation.
    pub fn new(operation: impl Into<String>, kind: FaultKind) -> Self {
        Self {
            operation: operation.into(),
            kind,
            count: once(),
            percent: every(),
            seconds: minute(),
        }
    }

    /// Spoils so many calls.
    #[must_use]
    pub fn times(mut self, count: u32) -> Self {
        self.count = count;
        self
    }

    /// Spoils so many of a hundred calls, and passes the others by. Which, the sandbox draws by its
    /// [seed](crate::Config::seed): the first call, the second, … fare alike in every sandbox with
    /// the same seed and faults.
    ///
    /// ```
    /// use enkash_sandbox::{Fault, FaultKind};
    ///
    /// // From now on one call in twenty loses its answer.
    /// let fault = Fault::new("*", FaultKind::LostAnswer).percent(5).times(u32::MAX);
    /// ```
    #[must_use]
    pub fn percent(mut self, percent: u8) -> Self {
        self.percent = percent;
        self
    }

    /// Waits so many seconds of the sandbox's clock, where it is slow.
    #[must_use]
    pub fn seconds(mut self, seconds: u64) -> Self {
        self.seconds = seconds;
        self
    }
}

/// The number below a hundred that is drawn for a call, by its number in the log.
pub(crate) fn lot(seed: u64, call: u64) -> u8 {
    let drawn = scrambled(scrambled(seed).wrapping_add(call)) % u64::from(EVERY);
    drawn as u8
}

/// So many faults can wait at once.
const MOST: usize = 1000;

/// The faults that wait.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Faults(Vec<Fault>);

/// A fault that is happening.
#[derive(Clone, Copy)]
pub(crate) struct Struck {
    kind: FaultKind,
    seconds: u64,
}

impl Struck {
    pub(crate) fn kind(self) -> FaultKind {
        self.kind
    }

    /// What is answered without doing what was asked, if this fault is one of those.
    pub(crate) fn before(self, operation: &Operation) -> Option<Done> {
        const WHY: &str = "the sandbox was asked to fail here";
        let refuse = |status, code| wire::refuse(operation, &Refusal::new(status, code, WHY));
        Some(match self.kind {
            // The answer of a reset is not sent.
            FaultKind::Reset | FaultKind::ServerError => Done::open(refuse(503, None)),
            FaultKind::ErrorIn200 => Done::open(refuse(200, Some(1))),
            FaultKind::TokenRefused => Done::instead(operation, Instead::token_refused()),
            FaultKind::Html => Done::open(document(
                StatusCode::OK,
                "<!doctype html><title>Sandbox</title><p>The sandbox was asked to answer with a page.",
            )),
            FaultKind::LostAnswer | FaultKind::Slow | FaultKind::BadJson | FaultKind::Truncated => {
                return None;
            }
        })
    }

    /// What becomes of the answer.
    pub(crate) fn after(self, mut response: Response<Bytes>) -> Ending {
        match self.kind {
            FaultKind::LostAnswer => Ending::Close,
            FaultKind::Reset => Ending::Reset,
            FaultKind::Truncated => Ending::Half(response),
            FaultKind::BadJson => {
                // Half a text of JSON, under a length that fits it.
                let body = response.body_mut();
                body.truncate(body.len() / 2);
                Ending::Answer(response)
            }
            FaultKind::Slow
            | FaultKind::ServerError
            | FaultKind::Html
            | FaultKind::ErrorIn200
            | FaultKind::TokenRefused => Ending::Answer(response),
        }
    }

    /// How long the answer waits.
    pub(crate) fn wait(self) -> Option<Duration> {
        (self.kind == FaultKind::Slow).then(|| Duration::from_secs(self.seconds).min(FURTHEST))
    }
}

impl Faults {
    /// Takes a fault in, or says why not.
    pub(crate) fn add(&mut self, mut fault: Fault) -> Result<(), Violations> {
        if fault.operation != "*" {
            let declared = enkash_types::operation(&fault.operation)
                .filter(|declared| !declared.is_webhook)
                .ok_or_else(|| {
                    Violations::one(
                        "operation",
                        "must be * or the name of an operation; GET /_sandbox/ lists them",
                    )
                })?;
            // It may have been called by one of its further names.
            declared.operation.name.clone_into(&mut fault.operation);
        }
        if fault.count == 0 {
            return Err(Violations::one("count", "must be at least 1"));
        }
        if !(1..=EVERY).contains(&fault.percent) {
            return Err(Violations::one("percent", "must be from 1 to 100"));
        }
        if self.0.len() == MOST {
            return Err(Violations::one(
                "",
                "a thousand faults wait already; DELETE /_sandbox/faults removes them",
            ));
        }
        self.0.push(fault);
        Ok(())
    }

    pub(crate) fn list(&self) -> &[Fault] {
        &self.0
    }

    pub(crate) fn clear(&mut self) {
        self.0.clear();
    }

    /// Removes the oldest that is equal to this one; says whether there was one.
    pub(crate) fn remove(&mut self, fault: &Fault) -> bool {
        let found = self.0.iter().position(|waiting| waiting == fault);
        found.map(|index| self.0.remove(index)).is_some()
    }

    /// Which fault waits for a call of this operation, the oldest first; `lot` is a number below a
    /// hundred that was drawn for the call.
    pub(crate) fn waiting(&self, operation: &str, lot: u8) -> Option<usize> {
        let mut reach = 0_u8;
        self.0.iter().position(|fault| {
            let fits = fault.operation == "*" || fault.operation == operation;
            if fits {
                reach = reach.saturating_add(fault.percent);
            }
            fits && lot < reach
        })
    }

    /// Uses up one of a fault that waits.
    pub(crate) fn strike(&mut self, index: usize) -> Struck {
        let fault = &mut self.0[index];
        let struck = Struck {
            kind: fault.kind,
            seconds: fault.seconds,
        };
        fault.count -= 1;
        if fault.count == 0 {
            self.0.remove(index);
        }
        struck
    }
}
