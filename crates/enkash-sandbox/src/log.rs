//! The log of calls.

use std::time::SystemTime;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::value::RawValue;

use crate::faults::FaultKind;
use crate::table::{Kept, Passing, Shelf};
use crate::time::as_iso;

/// A name of the list of operations. By an alias, since serde would borrow what is seen to be a
/// text from what it reads, which does not live so long.
pub(crate) type Name = &'static str;

/// A call that came in, as a person may see it: no token, no password, no key, no card.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LoggedCall {
    /// Its number, from 1.
    pub number: u64,
    /// When it came, by the sandbox's clock.
    #[serde(with = "as_iso")]
    pub at: SystemTime,
    /// The operation; `None` where no operation has this method and path.
    #[serde(deserialize_with = "operation")]
    pub operation: Option<Name>,
    /// Its method.
    pub method: String,
    /// Its path, without the query.
    pub path: String,
    /// HTTP status of the answer; `None` while there is none, and for good where it was lost.
    pub status: Option<u16>,
    /// What was made to go wrong.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fault: Option<FaultKind>,
    /// Bytes of the request's body.
    pub request_bytes: usize,
    /// The request with secrets hidden, as a JSON text; `None` where it could not be read as what
    /// it should be, or is long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<Box<RawValue>>,
    /// The answer with secrets hidden, as a JSON text; `None` where it is long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer: Option<Box<RawValue>>,
}

impl Passing for LoggedCall {
    const KIND: &'static str = "call";
    type Key = u64;

    fn key(&self) -> u64 {
        self.number
    }
}

/// An operation by its name; one that there is no longer has none.
fn operation<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Name>, D::Error> {
    let name = Option::<String>::deserialize(deserializer)?;
    let declared = name.and_then(|name| enkash_types::operation(&name));
    Ok(declared.map(|declared| declared.operation.name))
}

/// So many calls are kept; the oldest go first.
const CALLS: usize = 1000;

/// The last calls.
#[derive(Default)]
pub(crate) struct Log(Shelf<LoggedCall>);

impl Log {
    /// The number of the next call.
    pub(crate) fn next_number(&self) -> u64 {
        self.0.iter().next_back().map_or(0, |call| call.number) + 1
    }

    /// Takes a call in, which is given its number.
    pub(crate) fn start(&mut self, mut call: LoggedCall) -> u64 {
        let number = self.next_number();
        if self.0.len() == CALLS {
            self.0.remove_first();
        }
        call.number = number;
        self.0.insert(call);
        number
    }

    /// The call of a number, if it is still there.
    pub(crate) fn call(&mut self, number: u64) -> Option<&mut LoggedCall> {
        self.0.get_mut(&number)
    }

    pub(crate) fn list(&self) -> impl DoubleEndedIterator<Item = &LoggedCall> {
        self.0.iter()
    }

    pub(crate) fn kept(&mut self) -> &mut dyn Kept {
        &mut self.0
    }
}
