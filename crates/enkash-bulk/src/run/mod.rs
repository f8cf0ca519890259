//! Paying rows, once each.
//!
//! ```no_run
//! use enkash_bulk::api::Client;
//! use enkash_bulk::api::transport::TokioClock;
//! use enkash_bulk::check::check;
//! use enkash_bulk::file::PayoutFile;
//! use enkash_bulk::journal::SqliteJournal;
//! use enkash_bulk::run::{Runner, Settings};
//!
//! # async fn example(client: Client) -> Result<(), Box<dyn std::error::Error>> {
//! let file = PayoutFile::new("payouts.csv")?;
//! let checked = check(&file, &mut |problem| eprintln!("{problem}"))?;
//! if checked.refused() > 0 {
//!     return Err("correct the file first".into());
//! }
//! let mut settings = Settings::default();
//! settings.fund_source = Some("EKCI4XTWKC".into());
//!
//! let journal = SqliteJournal::open("run.db")?;
//! let ended = Runner::new(client, journal, TokioClock)
//!     .with_settings(settings)
//!     .run("payouts.csv", &file, &checked)
//!     .await;
//! if let Some(stop) = &ended.stop {
//!     eprintln!("{stop}");
//! }
//! # Ok(())
//! # }
//! ```
//!
//! A run can end at any moment, in any way. Whoever starts it again, with the same file and the same
//! journal, goes on where it was: what may have been sent is settled first, and no row is paid
//! twice. [`journal::state`](crate::journal::state) says why, and what that rests on.

mod batch;
mod brakes;
mod desk;
mod pace;
mod payee;
mod payees;
mod progress;
mod session;
mod settings;
mod stop;
mod verdict;
mod walk;

use std::fmt;
use std::sync::Arc;

use enkash_api::Client;
use enkash_api::transport::Clock;

use crate::check::Checked;
use crate::file::Source;
use crate::journal::{Journal, State};
use desk::Desk;
use session::Session;

pub use progress::{Count, Event, Phase, Progress, Wait};
pub use settings::Settings;
pub use stop::{Stop, Stopper};

/// Pays the rows of a file, with a journal.
#[derive(Clone)]
pub struct Runner {
    client: Client,
    journal: Arc<dyn Journal>,
    clock: Arc<dyn Clock>,
    settings: Settings,
    progress: Arc<dyn Progress>,
    stopper: Stopper,
}

impl Runner {
    /// A runner that calls EnKash with this client, and goes by this clock.
    pub fn new(client: Client, journal: impl Journal + 'static, clock: impl Clock) -> Self {
        Self {
            client,
            journal: Arc::new(journal),
            clock: Arc::new(clock),
            settings: Settings::default(),
            progress: Arc::new(()),
            stopper: Stopper::new(),
        }
    }

    /// Goes about it like this.
    #[must_use]
    pub fn with_settings(mut self, settings: Settings) -> Self {
        self.settings = settings;
        self
    }

    /// Lets somebody watch.
    #[must_use]
    pub fn with_progress(mut self, progress: impl Progress + 'static) -> Self {
        self.progress = Arc::new(progress);
        self
    }

    /// Lets somebody stop it.
    #[must_use]
    pub fn with_stopper(mut self, stopper: Stopper) -> Self {
        self.stopper = stopper;
        self
    }

    /// The journal, for a report.
    #[must_use]
    pub fn journal(&self) -> &dyn Journal {
        &*self.journal
    }

    /// Pays what was not paid yet of the rows that [`check`](crate::check::check) found right;
    /// `name` is what a person calls the file.
    ///
    /// Where this future is dropped, nothing is lost: the journal knows what may have been sent.
    pub async fn run(&self, name: &str, source: &dyn Source, checked: &Checked) -> Ended {
        let (journal, clock) = (&*self.journal, &*self.clock);
        let progress = &*self.progress;
        let (client, settings) = (&self.client, &self.settings);
        let desk = Desk::new(client, journal, clock, settings, progress, &self.stopper);
        let mut session = Session::new(&desk, source, checked);
        let stop = session.go(name).await.err();
        session.count.elapsed = session.elapsed();
        // Also of payees whose rows it did not come to.
        session.count.known_payees = desk.payees.known();
        Ended {
            stop,
            count: session.count,
        }
    }
}

impl fmt::Debug for Runner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Runner")
            .field("client", &self.client)
            .field("settings", &self.settings)
            .finish_non_exhaustive()
    }
}

/// How a run ended.
#[derive(Debug)]
#[non_exhaustive]
pub struct Ended {
    /// Why it stopped before its end; `None` if it went through all rows.
    pub stop: Option<Stop>,
    /// How far it came. Where the journal failed, rows that may have been sent by then, and of which it
    /// could not be written down what became, are counted as [`Sent`](State::Sent), whatever the
    /// journal says of them.
    pub count: Count,
}

impl Ended {
    /// Whether every row was paid, as far as EnKash has said.
    #[must_use]
    pub fn is_all_paid(&self) -> bool {
        let tally = &self.count.tally;
        tally.all().rows == tally.in_state(State::Paid).rows && self.stop.is_none()
    }
}
