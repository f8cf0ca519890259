//! When a run is killed.

use std::time::Duration;

use enkash_sandbox::Sandbox;

use crate::agreement::Ledger;
use crate::chance::Chance;
use crate::payments::Payment;
use crate::stage::Stage;

/// A moment of a run.
pub(crate) struct Moment {
    /// It has come when EnKash has a row of these ids, and so many rows in all, and then a little
    /// later: before an answer is there, while it is written down, after. There are none once EnKash
    /// has all.
    rows: Vec<String>,
    in_all: usize,
    later: Duration,
    /// Or else before that.
    early: Option<Early>,
}

/// Before a row of a moment has come, counted from the start.
enum Early {
    /// After so many calls: of the token, of payees, of what was in flight.
    Calls(u64),
    /// After this time, whatever has happened by then.
    Time(Duration),
}

/// A little later: about as long as a call takes, and writing down what came of it.
const A_LITTLE: u64 = 4;

/// How many calls an early moment waits for at most.
const EARLY_CALLS: u64 = 30;

/// How long a start lives, before anything is known.
const FIRST_LIFE: Duration = Duration::from_millis(500);

/// How often EnKash is asked whether it has a row.
const LOOK: Duration = Duration::from_millis(5);

/// So many calls are under way at once. One of them may be lost and its rows come much later, so a
/// row of each of them is waited for.
const AT_ONCE: usize = 8;

/// Draws the moments so that they are spread over the whole run, whatever the speed of the machine,
/// and however many rows are paid in a call.
pub(crate) struct Moments<'a> {
    payments: &'a [Payment],
    /// How many of them are paid in a call.
    batch: usize,
    kills: u64,
    /// How long a start lived lately that was not killed early.
    life: Duration,
}

impl<'a> Moments<'a> {
    /// For so many kills in a run that pays these, so many in a call.
    pub(crate) fn new(payments: &'a [Payment], batch: u32, kills: u64) -> Self {
        Self {
            payments,
            batch: batch.max(1) as usize,
            kills,
            life: FIRST_LIFE,
        }
    }

    /// A start that was to be killed at this moment lived so long.
    pub(crate) fn learn(&mut self, moment: &Moment, life: Duration) {
        let was_early = match moment.early {
            None => false,
            Some(Early::Calls(_)) => true,
            Some(Early::Time(time)) => life >= time,
        };
        if !was_early {
            self.life = life;
        }
    }

    /// Draws one, where so many kills are done and this is paid.
    pub(crate) fn draw(&self, chance: &mut Chance, killed: u64, ledger: &Ledger) -> Moment {
        let (rows, kills) = (self.payments.len() as u64, self.kills);
        // Each kill has as many rows of the file, and one of them is drawn. A run that is ahead of it
        // is killed at the next row that it pays.
        let drawn = ((killed * rows + chance.below(rows)) / kills) as usize;
        let paid = ledger.ids();
        let to_come = self.payments.iter().skip(drawn).map(|row| &row.id);
        let to_come = to_come.filter(|id| !paid.contains(id.as_str()));
        let to_come = to_come.step_by(self.batch).take(AT_ONCE).cloned();
        let to_come: Vec<_> = to_come.collect();
        // Half of them come early, so that no part of a start is left out in which it pays nothing:
        // reading, checking, opening the journal, registering payees, and waiting, which takes most
        // of it, since a run asks for what a killed one sent no sooner than two seconds later. But
        // none while the run is behind: it would not get on.
        let is_behind = (paid.len() as u64) < killed.saturating_sub(1) * rows / kills;
        let calls = Early::Calls(1 + chance.below(EARLY_CALLS));
        let longest = u64::try_from(self.life.as_millis()).unwrap_or(u64::MAX);
        let time = Early::Time(Duration::from_millis(chance.below(longest)));
        let early = match chance.below(4) {
            // A run that has paid all calls nobody.
            _ if to_come.is_empty() => Some(time),
            _ if is_behind => None,
            0 => Some(time),
            1 => Some(calls),
            _ => None,
        };
        Moment {
            rows: to_come,
            in_all: drawn,
            later: Duration::from_millis(chance.below(A_LITTLE)),
            early,
        }
    }
}

impl Moment {
    /// Ends when it has come. `before` is how many calls had come before the start.
    pub(crate) async fn come(&self, stage: &Stage, before: u64) -> anyhow::Result<()> {
        tokio::select! {
            come = self.rows_come(stage) => come,
            () = self.early_comes(&stage.sandbox, before) => Ok(()),
        }
    }

    async fn rows_come(&self, stage: &Stage) -> anyhow::Result<()> {
        let paths = self.rows.iter().map(|id| format!("transfers/{id}/state"));
        let paths: Vec<_> = paths.collect();
        'comes: loop {
            for path in &paths {
                if stage.sandbox.look(path).await.is_ok() {
                    break 'comes;
                }
            }
            tokio::time::sleep(LOOK).await;
        }
        // Those before it may come later. They are counted only now, since the ledger is long.
        while stage.ledger().await?.transfers.len() < self.in_all {
            tokio::time::sleep(LOOK).await;
        }
        tokio::time::sleep(self.later).await;
        Ok(())
    }

    async fn early_comes(&self, sandbox: &Sandbox, before: u64) {
        match self.early {
            None => std::future::pending().await,
            Some(Early::Time(time)) => tokio::time::sleep(time).await,
            Some(Early::Calls(calls)) => {
                let there =
                    |sandbox: &Sandbox| (sandbox.call_count() >= before + calls).then_some(());
                sandbox.wait_for(there).await;
                tokio::time::sleep(self.later).await;
            }
        }
    }
}
