//! What a person sees of a run while it goes on.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use enkash_bulk::journal::State;
use enkash_bulk::run::{Count, Event, Phase, Progress, Wait};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::output::printable;
use crate::payouts::say;
use crate::payouts::tally::not_paid;

/// Where nobody watches a bar, a line comes this often.
const BETWEEN_LINES: Duration = Duration::from_secs(10);

/// A bar on a terminal, a line now and then elsewhere; both on stderr. Clones are the same.
#[derive(Clone)]
pub(super) struct Watched {
    bar: ProgressBar,
    seen: Arc<Mutex<Seen>>,
}

/// What was seen last.
#[derive(Default)]
struct Seen {
    count: Count,
    /// When the last line was written, by the run's own time.
    line: Duration,
    /// What it does.
    phase: Option<Phase>,
    /// Why it waits, as it was told since EnKash took a row.
    waiting: String,
}

impl Watched {
    pub(super) fn new() -> Self {
        // It is hidden by itself where stderr is no terminal.
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        let style = ProgressStyle::with_template("{bar:30} {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self {
            bar,
            seen: Arc::default(),
        }
    }

    /// Leaves how far it came.
    pub(super) fn end(&self) {
        let line = line(&self.lock().count);
        self.bar.abandon_with_message(line.clone());
        if self.bar.is_hidden() {
            self.tell(&line);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tell(&self, text: &str) {
        self.bar.suspend(|| say(&format!("{text}\n")));
    }

    /// Tells what it does, where that is not what it did before.
    fn goes_on_with(&self, phase: Phase) {
        if self.lock().phase.replace(phase) != Some(phase) {
            self.tell(match phase {
                Phase::Settling => "finding out about rows that may have been sent",
                Phase::Paying => "paying",
                Phase::Following => "looking up transfers that are under way",
                _ => return,
            });
        }
    }

    /// Tells why it waits, where that is not what was told before.
    fn waits(&self, this_long: Duration, why: Wait<'_>) {
        let Some(told) = waiting(this_long, why) else {
            return;
        };
        let before = std::mem::replace(&mut self.lock().waiting, told.clone());
        if before != told {
            self.tell(&told);
        }
    }

    fn counted(&self, count: &Count) {
        let all = count.tally.all().rows;
        self.bar.set_length(all);
        self.bar.set_position(all - count.tally.to_send().rows);
        let mut line = line(count);
        if let Some(time) = time_left(count.tally.to_send().rows, count.rate()) {
            line += &format!("  {time} left");
        }
        self.bar.set_message(line.clone());
        let mut seen = self.lock();
        seen.count = *count;
        if self.bar.is_hidden() && count.elapsed >= seen.line + BETWEEN_LINES {
            seen.line = count.elapsed;
            self.tell(&line);
        }
    }
}

impl Progress for Watched {
    fn on(&self, event: Event<'_>) {
        match event {
            Event::Planned { rows } => self.bar.set_message(format!("{rows} rows written down")),
            Event::Began(count) => self.counted(count),
            Event::Row { count, state, .. } => {
                if matches!(state, State::Taken | State::Paid) {
                    self.lock().waiting.clear();
                }
                self.counted(count);
            }
            Event::Phase(phase) => self.goes_on_with(phase),
            Event::Waiting { this_long, why } => self.waits(this_long, why),
            _ => {}
        }
    }
}

/// Why a run waits, and until when.
fn waiting(this_long: Duration, why: Wait<'_>) -> Option<String> {
    let seconds = this_long.as_secs_f64();
    Some(match why {
        Wait::NoAnswer(why) => {
            let why = printable(why);
            format!("EnKash cannot be asked just now ({why}): the next try is in {seconds} s")
        }
        Wait::TooMany => {
            format!("EnKash says that these are too many calls: the next one is in {seconds} s")
        }
        Wait::UnderWay => format!("some are under way: looking again every {seconds} s"),
        _ => return None,
    })
}

/// How far a run is, in a line.
fn line(count: &Count) -> String {
    let tally = &count.tally;
    let all = tally.all();
    let left = tally.to_send();
    let sent = all.rows - left.rows;
    let rupees = all.rupees.checked_sub(left.rupees).unwrap_or_default();
    format!(
        "{sent}/{} rows  {rupees}/{} rupees  {} failed  {:.0}/s",
        all.rows,
        all.rupees,
        not_paid(tally),
        count.rate()
    )
}

/// How long the rest takes if it goes on like this.
fn time_left(rows: u64, rate: f64) -> Option<String> {
    if rows == 0 || rate <= 0.0 {
        return None;
    }
    let time = Duration::try_from_secs_f64(rows as f64 / rate).ok()?;
    let seconds = time.as_secs();
    Some(match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds}s"),
        (0, minutes, seconds) => format!("{minutes}m {seconds:02}s"),
        (hours, minutes, _) => format!("{hours}h {minutes:02}m"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_left_is_told_as_a_person_would() {
        for (rows, rate, told) in [
            (0, 5.0, None),
            (10, 0.0, None),
            (1, 100.0, Some("0s")),
            (45, 1.0, Some("45s")),
            (125, 1.0, Some("2m 05s")),
            (7_260, 1.0, Some("2h 01m")),
        ] {
            assert_eq!(time_left(rows, rate).as_deref(), told, "{rows} {rate}");
        }
    }

    #[test]
    fn a_wait_is_told_with_its_reason() {
        for (seconds, why, told) in [
            (
                2,
                Wait::NoAnswer("the connection broke"),
                "EnKash cannot be asked just now (the connection broke): the next try is in 2 s",
            ),
            (
                32,
                Wait::TooMany,
                "EnKash says that these are too many calls: the next one is in 32 s",
            ),
            (
                5,
                Wait::UnderWay,
                "some are under way: looking again every 5 s",
            ),
        ] {
            let told = told.to_owned();
            assert_eq!(waiting(Duration::from_secs(seconds), why), Some(told));
        }
    }
}
