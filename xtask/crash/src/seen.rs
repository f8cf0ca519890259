//! What went wrong on the way.

use std::collections::HashMap;
use std::fmt;

use enkash_sandbox::{FaultKind, Sandbox};

/// What the sandbox's log of calls showed.
#[derive(Default)]
pub(crate) struct Seen {
    /// The number of the last call that was looked at.
    calls: u64,
    faults: HashMap<FaultKind, u64>,
    /// How often an id came that was known: a row would have been paid twice, had EnKash not
    /// refused it, which the run counts on.
    known_ids: u64,
}

impl Seen {
    /// Looks at the calls that came since the last time, before the log loses them: it keeps a
    /// thousand.
    pub(crate) fn look_in_time(&mut self, sandbox: &Sandbox) {
        if sandbox.call_count() - self.calls > 200 {
            self.look(sandbox);
        }
    }

    /// Looks at the calls that came since the last time.
    pub(crate) fn look(&mut self, sandbox: &Sandbox) {
        for call in sandbox.calls() {
            if call.number <= self.calls {
                continue;
            }
            self.calls = call.number;
            if let Some(kind) = call.fault {
                *self.faults.entry(kind).or_default() += 1;
            }
            let is_transfer = call.operation == Some("create_payout_transfer");
            self.known_ids += u64::from(is_transfer && call.status == Some(409));
        }
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let of = |kind| self.faults.get(&kind).copied().unwrap_or_default();
        write!(
            f,
            "{} calls: {} answers lost, {} reset, {} refused with 503, {} slow; \
             {} transfers came again and were refused with 409",
            self.calls,
            of(FaultKind::LostAnswer),
            of(FaultKind::Reset),
            of(FaultKind::ServerError),
            of(FaultKind::Slow),
            self.known_ids,
        )
    }
}
