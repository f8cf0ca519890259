//! The log of calls.

use std::collections::VecDeque;
use std::time::SystemTime;

use serde::{Serialize, Serializer};
use serde_json::Value;

use crate::faults::FaultKind;
use crate::time::iso;

/// A call that came in, as a person may see it: no token, no password, no key.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct LoggedCall {
    /// Its number, from 1.
    pub number: u64,
    /// When it came, by the sandbox's clock.
    #[serde(serialize_with = "as_iso")]
    pub at: SystemTime,
    /// The operation; `None` where no operation has this method and path.
    pub operation: Option<&'static str>,
    /// Its method.
    pub method: String,
    /// Its path, without the query.
    pub path: String,
    /// HTTP status of the answer; `None` while there is none, and for good where it was lost.
    pub status: Option<u16>,
    /// What was made to go wrong.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fault: Option<FaultKind>,
    /// Bytes of the request's body.
    pub request_bytes: usize,
    /// The request with secrets hidden; `None` where it could not be read as what it should be,
    /// or is long.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub request: Option<Value>,
    /// The answer with secrets hidden.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub answer: Option<Value>,
}

pub(crate) fn as_iso<S: Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&iso(*time))
}

pub(crate) fn as_optional_iso<S: Serializer>(
    time: &Option<SystemTime>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    time.map(iso).serialize(serializer)
}

/// So many calls are kept; the oldest go first.
const CALLS: usize = 1000;

/// The last calls.
#[derive(Default)]
pub(crate) struct Log {
    calls: VecDeque<LoggedCall>,
    count: u64,
}

impl Log {
    /// Takes a call in, which is given its number.
    pub(crate) fn start(&mut self, mut call: LoggedCall) -> u64 {
        self.count += 1;
        call.number = self.count;
        if self.calls.len() == CALLS {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
        self.count
    }

    /// The call of a number, if it is still there.
    pub(crate) fn call(&mut self, number: u64) -> Option<&mut LoggedCall> {
        let first = self.calls.front()?.number;
        let index = usize::try_from(number.checked_sub(first)?).ok()?;
        self.calls.get_mut(index)
    }

    pub(crate) fn list(&self) -> impl Iterator<Item = &LoggedCall> {
        self.calls.iter()
    }
}
