//! When a run is killed.

use std::time::Duration;

use enkash_sandbox::Sandbox;

use crate::chance::Chance;

/// A moment of a run, counted from its start.
pub(crate) struct Moment {
    /// It has come when so many more calls have come to the sandbox, and then a little later: before
    /// the answer is there, while it is written down, after.
    calls: u64,
    later: Duration,
    /// Or else when this time is over, whatever has happened by then.
    time: Option<Duration>,
}

/// A little later: about as long as a call takes, and writing down what came of it.
const A_LITTLE: u64 = 4;

/// What a row takes in calls, before anything is known: its own, its payee's, and those that go
/// wrong.
const CALLS_OF_A_ROW: f64 = 2.5;

/// How long a start lives, before anything is known.
const FIRST_LIFE: Duration = Duration::from_millis(500);

/// Draws the moments so that they are spread over the whole run, whatever the speed of the machine.
pub(crate) struct Moments {
    rows: u64,
    kills: u64,
    calls: u64,
    /// How long a start lived lately that time did not kill.
    life: Duration,
}

impl Moments {
    /// For so many kills in a run of so many rows.
    pub(crate) fn new(rows: u64, kills: u64) -> Self {
        Self {
            rows,
            kills,
            calls: 0,
            life: FIRST_LIFE,
        }
    }

    /// A start that was to be killed at this moment came to so many calls, and lived so long.
    pub(crate) fn learn(&mut self, moment: &Moment, calls: u64, life: Duration) {
        self.calls += calls;
        if moment.time.is_none_or(|time| life < time) {
            self.life = life;
        }
    }

    /// Draws one, where so many rows are paid and so many kills are done.
    pub(crate) fn draw(&self, chance: &mut Chance, paid: u64, killed: u64) -> Moment {
        let calls_of_a_row = match paid {
            0 => CALLS_OF_A_ROW,
            paid => self.calls as f64 / paid as f64,
        };
        let rows_left = self.rows.saturating_sub(paid);
        // On average so many that every kill gets as much, and the last leaves something. Those by
        // time use up less.
        let parts = (self.kills.saturating_sub(killed)) as f64 * 0.75 + 2.0;
        let most = 2.0 * calls_of_a_row * rows_left as f64 / parts;
        // Every other one comes by time, so that no part of a start is left out in which it does not
        // call: reading, checking, opening the journal, and waiting, which takes most of it, since
        // a run asks for what a killed one sent no sooner than two seconds later. A run that is over
        // calls nobody.
        let by_time = chance.below(2) == 0 || rows_left == 0;
        let longest = u64::try_from(self.life.as_millis()).unwrap_or(u64::MAX);
        let time = Duration::from_millis(chance.below(longest));
        Moment {
            calls: 1 + chance.below(most as u64),
            later: Duration::from_millis(chance.below(A_LITTLE)),
            time: by_time.then_some(time),
        }
    }
}

impl Moment {
    /// Ends when it has come. `before` is how many calls had come before the start.
    pub(crate) async fn come(&self, sandbox: &Sandbox, before: u64) {
        let calls = async {
            let there = |sandbox: &Sandbox| {
                let is_there = sandbox.call_count() >= before + self.calls;
                is_there.then_some(())
            };
            sandbox.wait_for(there).await;
            tokio::time::sleep(self.later).await;
        };
        match self.time {
            Some(time) => {
                tokio::select! {
                    () = calls => {}
                    () = tokio::time::sleep(time) => {}
                }
            }
            None => calls.await,
        }
    }
}
