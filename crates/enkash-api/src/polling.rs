//! Reading again and again until something is over.

use std::time::Duration;

use crate::client::Client;
use crate::error::Error;

/// How often something is read, and for how long at most.
///
/// EnKash documents neither. The default is what a public integration does: every 5 seconds, for 5
/// minutes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Polling {
    /// The wait between two reads.
    pub every: Duration,
    /// After this time there is no further read.
    pub at_most: Duration,
}

impl Default for Polling {
    fn default() -> Self {
        Self {
            every: Duration::from_secs(5),
            at_most: Duration::from_secs(5 * 60),
        }
    }
}

impl Polling {
    /// Reads this often, for this long at most.
    #[must_use]
    pub fn new(every: Duration, at_most: Duration) -> Self {
        Self { every, at_most }
    }
}

impl Client {
    /// Reads until `is_over` or until the time is up; gives what was read last.
    pub(crate) async fn poll<T, R>(
        &self,
        polling: Polling,
        mut read: impl FnMut() -> R,
        mut is_over: impl FnMut(&T) -> bool,
    ) -> Result<T, Error>
    where
        R: Future<Output = Result<T, Error>>,
    {
        let clock = &self.inner.clock;
        let end = clock.now() + polling.at_most;
        loop {
            let found = read().await?;
            if is_over(&found) || clock.now() + polling.every > end {
                return Ok(found);
            }
            clock.sleep(polling.every).await;
        }
    }
}
