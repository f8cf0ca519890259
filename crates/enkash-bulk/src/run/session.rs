//! One run from its begin to its end: plan, settle, pay, follow.

use std::collections::VecDeque;
use std::time::{Duration, SystemTime};

use enkash_api::types::Rupees;
use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use super::desk::{Desk, Done, Job, Lost, News};
use super::progress::{Count, Event, Phase, Wait};
use super::stop::Stop;
use super::verdict::{Others, others, without};
use super::walk::{Item, Walk, plan};
use crate::check::{Checked, Total};
use crate::file::Source;
use crate::journal::{Entry, State, Tally};

pub(super) struct Session<'a> {
    pub(super) desk: &'a Desk<'a>,
    pub(super) source: &'a dyn Source,
    pub(super) checked: &'a Checked,
    pub(super) began: SystemTime,
    pub(super) count: Count,
    /// What is left in the account, as far as that is known.
    left: Option<Rupees>,
    /// Whether a lookup told the status of a transfer in this pass.
    was_told: bool,
    /// Why a row was not sent, of the last one.
    last_unsent: String,
}

impl<'a> Session<'a> {
    pub(super) fn new(desk: &'a Desk<'a>, source: &'a dyn Source, checked: &'a Checked) -> Self {
        Self {
            desk,
            source,
            checked,
            began: desk.clock.now(),
            count: Count::default(),
            left: None,
            was_told: false,
            last_unsent: String::new(),
        }
    }

    pub(super) async fn go(&mut self, name: &str) -> Result<(), Stop> {
        let goes_on = self.plan(name).await?;
        self.desk.progress.on(Event::Began(&self.count));
        if goes_on && self.rows(State::Planned) > 0 {
            let (source, checked) = (self.source, self.checked);
            self.desk.remember_payees(source, checked).await?;
        }
        // What may have been sent comes first. A row that did not leave, or is still in doubt, gets
        // another chance as long as some row comes further: no row comes back into these states.
        // And as long as EnKash says that they are too many, which it says a few times in a row.
        loop {
            let before = (self.rows(State::Planned), self.rows(State::Sent));
            if self.rows(State::Sent) > 0 {
                self.pass(Phase::Settling).await?;
            }
            if self.rows(State::Planned) > 0 {
                self.read_balance().await?;
                self.pass(Phase::Paying).await?;
            }
            let rows = self.rows(State::Planned);
            let is_further = before != (rows, self.rows(State::Sent));
            let was_too_fast = rows > 0 && self.desk.brakes.was_too_fast();
            if !is_further && !was_too_fast {
                break;
            }
        }
        let left_over = match self.rows(State::Planned) {
            0 => self.desk.brakes.unsettled(),
            rows => Some(Stop::NotSent {
                rows,
                last: std::mem::take(&mut self.last_unsent),
            }),
        };
        if let Some(why) = left_over {
            self.desk.brakes.halt(why);
            return self.desk.brakes.halted();
        }
        self.follow().await
    }

    /// How many rows are in this state.
    fn rows(&self, state: State) -> u64 {
        self.count.tally.in_state(state).rows
    }

    /// Writes all rows down, unless that was done before: whether it was.
    async fn plan(&mut self, name: &str) -> Result<bool, Stop> {
        let Desk {
            client,
            journal,
            settings,
            progress,
            brakes,
            ..
        } = self.desk;
        let mut run = settings.run_of(client, name, self.checked)?;
        run.begun = self.began;
        if journal.begin(&run).await? {
            self.count.tally = Tally::of(*journal).await?;
            return Ok(true);
        }
        let mut rows = self.checked.accepted(self.source)?;
        let (mut number, mut tally) = (0, Tally::default());
        loop {
            let mut plans = Vec::new();
            for row in rows.by_ref().take(PLANNED_AT_ONCE) {
                number += 1;
                let plan = plan(number, &row?);
                tally.add(State::Planned, plan.amount);
                plans.push(plan);
            }
            if plans.is_empty() {
                break;
            }
            // Who begins again plans anew.
            if brakes.are_on() {
                brakes.halted()?;
            }
            journal.plan(plans).await?;
            progress.on(Event::Planned { rows: number });
        }
        journal.planned().await?;
        self.count.tally = tally;
        Ok(false)
    }

    /// Does one thing for all rows that want it.
    async fn pass(&mut self, phase: Phase) -> Result<(), Stop> {
        self.desk.progress.on(Event::Phase(phase));
        let desk = self.desk;
        desk.brakes.begin(phase);
        let only = match phase {
            Phase::Settling => State::Sent,
            Phase::Paying => State::Planned,
            Phase::Following => State::Taken,
        };
        let mut todo = Todo {
            walk: Walk::begin(desk.journal, only, self.source, self.checked)?,
            next: VecDeque::new(),
            is_over: false,
        };
        let concurrency = desk.settings.concurrency.max(1);
        let mut rows = 0;
        let mut under_way = FuturesUnordered::new();
        loop {
            // Once all is done, nobody is asked whether it may be.
            while todo.has_more()
                && !are_enough(under_way.len(), rows, concurrency)
                && !desk.brakes.are_on()
            {
                match self.begin(phase, &mut todo, under_way.is_empty()).await {
                    Ok(Begun::Job(job)) => {
                        let of_it = job.rows();
                        rows += of_it;
                        under_way.push(async move { (of_it, desk.carry(job).await) });
                    }
                    Ok(Begun::Wait) => break,
                    Ok(Begun::Over) => todo.is_over = true,
                    Err(why) => desk.brakes.halt(why),
                }
            }
            let Some((of_it, carried)) = under_way.next().await else {
                return desk.brakes.halted();
            };
            rows -= of_it;
            match carried {
                Ok(done) => {
                    let alone = done.into_iter().filter_map(|done| self.take(phase, done));
                    todo.next.extend(alone.map(|item| vec![item]));
                }
                Err(lost) => self.lose(phase, lost),
            }
        }
    }

    /// The next thing to do.
    async fn begin(
        &mut self,
        phase: Phase,
        todo: &mut Todo<'_>,
        is_idle: bool,
    ) -> Result<Begun, Stop> {
        if phase == Phase::Following && self.desk.is_blind() {
            return Ok(Begun::Over);
        }
        let items = match todo.next.pop_front() {
            Some(items) => items,
            None => self.read(phase, todo).await?,
        };
        if phase == Phase::Paying && !items.is_empty() {
            let needs = self.needs(&items);
            if !self.is_covered(needs) {
                // What is on its way may come back, or the account may have been filled: the balance
                // can be read again once nothing is on its way.
                if !is_idle {
                    todo.next.push_front(items);
                    return Ok(Begun::Wait);
                }
                self.read_balance().await?;
                if let Some(has) = self.left
                    && !self.is_covered(needs)
                {
                    return Err(Stop::Balance { has, needs });
                }
            }
            self.left = self.left.and_then(|left| left.checked_sub(needs));
            return Ok(Begun::Job(Job::Pay(items)));
        }
        Ok(match items.into_iter().next() {
            None => Begun::Over,
            Some(item) if phase == Phase::Settling => Begun::Job(Job::Settle(Box::new(item))),
            Some(item) => Begun::Job(Job::Look(Box::new(item))),
        })
    }

    /// The next row, or the next batch of rows; none if there is none.
    async fn read(&self, phase: Phase, todo: &mut Todo<'_>) -> Result<Vec<Item>, Stop> {
        let settings = self.desk.settings;
        let most = match phase {
            Phase::Paying => settings.batch.max(1),
            Phase::Settling | Phase::Following => 1,
        };
        let mut items = Vec::new();
        while items.len() < most
            && let Some(Item { row, entry }) = todo.walk.next().await?
        {
            let row = settings.complete(row);
            let item = Item { row, entry };
            if !item.goes_alone() {
                items.push(item);
            } else if items.is_empty() {
                return Ok(vec![item]);
            } else {
                todo.next.push_back(vec![item]);
                break;
            }
        }
        Ok(items)
    }

    /// What rows take from the account whose balance is watched.
    fn needs(&self, items: &[Item]) -> Rupees {
        let of_it = |item: &&Item| self.desk.settings.pays(&item.row.transfer);
        let mut total = Total::default();
        for item in items.iter().filter(of_it) {
            total.add(item.row.transfer.transfer_amount);
        }
        total.rupees
    }

    fn is_covered(&self, needs: Rupees) -> bool {
        self.left.is_none_or(|left| needs <= left)
    }

    /// Reads the balance, if it is known which. Where EnKash does not tell it the run goes on.
    async fn read_balance(&mut self) -> Result<(), Stop> {
        let settings = self.desk.settings;
        let Some(balance) = settings.balance().filter(|_| !self.desk.brakes.are_on()) else {
            return Ok(());
        };
        match self.desk.client.payouts().account().balance(balance).await {
            Ok(balance) => {
                self.left = Some(balance.total_balance);
                self.desk.progress.on(Event::Balance(balance.total_balance));
                Ok(())
            }
            Err(error) => {
                let words = without(&settings.debit_account, &error);
                match others(&error, &words.cause) {
                    Others::Stop(why) => Err(why),
                    Others::GoOn | Others::NotYet | Others::Wait(_) | Others::Slower => {
                        self.left = None;
                        Ok(())
                    }
                }
            }
        }
    }

    /// Counts what became of a row, and tells it. Gives the row if its batch was refused: it is sent by
    /// itself now.
    fn take(&mut self, phase: Phase, done: Done) -> Option<Item> {
        let Done {
            mut item,
            verdict,
            news,
            takes,
        } = done;
        self.was_told |= verdict.facts.status.is_some();
        let is_left = [State::Planned, State::Refused, State::Rejected].contains(&verdict.to);
        if phase == Phase::Paying && is_left {
            self.left = self.left.and_then(|left| left.checked_add(takes));
        }
        if news != News::Answer {
            let is_batch_refused = verdict.facts.unnamed.is_some();
            item.entry.facts = item.entry.facts.and_then(verdict.facts);
            item.entry.changed = Some(self.desk.clock.now());
            return is_batch_refused.then_some(item);
        }
        let Entry { plan, state, .. } = item.entry;
        if verdict.to == State::Planned {
            self.last_unsent = verdict.facts.in_words().unwrap_or_default();
        }
        self.count.tally.move_on(state, verdict.to, plan.amount);
        self.count.elapsed = self.elapsed();
        self.count.known_payees = self.desk.payees.known();
        if phase != Phase::Following {
            self.count.answers += 1;
            self.count.failures += u64::from(!verdict.is_through());
        }
        self.desk.progress.on(Event::Row {
            plan: &plan,
            state: verdict.to,
            facts: &verdict.facts,
            count: &self.count,
        });
        None
    }

    /// Counts rows that may have been sent, of which nothing more is known, and stops.
    fn lose(&mut self, phase: Phase, lost: Lost) {
        for done in lost.done {
            // A row that was to be sent by itself is sent no more.
            let _ = self.take(phase, done);
        }
        for (plan, from) in lost.rows {
            self.count.tally.move_on(from, State::Sent, plan.amount);
        }
        self.desk.brakes.halt(lost.error.into());
    }

    /// Looks up what is under way, until it is over or the time is.
    async fn follow(&mut self) -> Result<(), Stop> {
        let Some(polling) = self.desk.settings.follow else {
            return Ok(());
        };
        let clock = self.desk.clock;
        let end = clock.now() + polling.at_most;
        while self.rows(State::Taken) > 0 {
            self.was_told = false;
            self.pass(Phase::Following).await?;
            // Without a lookup, or with one that does not say where a transfer stands, as one that
            // reads the statement, there is nothing to wait for.
            let is_over = self.rows(State::Taken) == 0;
            if is_over || !self.was_told || clock.now() + polling.every > end {
                break;
            }
            self.desk.progress.on(Event::Waiting {
                this_long: polling.every,
                why: Wait::UnderWay,
            });
            self.desk.brakes.sleep(polling.every).await;
            self.desk.brakes.halted()?;
        }
        Ok(())
    }

    pub(super) fn elapsed(&self) -> Duration {
        let since = self.desk.clock.now().duration_since(self.began);
        since.unwrap_or_default()
    }
}

/// So many rows are planned in one write.
const PLANNED_AT_ONCE: usize = 512;

/// Once so many rows are under way no more are begun, unless it takes them to keep requests leaving.
const ROWS_AT_ONCE: usize = 20_000;

/// Whether so many jobs, of so many rows in all, are as many as are kept in memory. Requests are
/// bounded by the desk; the other rows wait for the disk, before and after.
const fn are_enough(jobs: usize, rows: usize, concurrency: usize) -> bool {
    jobs >= concurrency.saturating_mul(6) || (rows >= ROWS_AT_ONCE && jobs > concurrency)
}

/// What is still to be begun in a pass.
struct Todo<'a> {
    walk: Walk<'a>,
    /// What comes before anything more is read: rows that go together, or alone. As many at most as were
    /// under way.
    next: VecDeque<Vec<Item>>,
    /// All is read.
    is_over: bool,
}

impl Todo<'_> {
    fn has_more(&self) -> bool {
        !self.is_over || !self.next.is_empty()
    }
}

/// What comes next in a pass.
enum Begun {
    Job(Job),
    /// First something that is on its way has to come back.
    Wait,
    /// There is nothing left.
    Over,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// How many rows are in memory at once, however many there are in the file.
    fn most(batch: usize, concurrency: usize) -> usize {
        let jobs = 0..;
        let mut enough = jobs.filter(|jobs| are_enough(*jobs, jobs * batch, concurrency));
        enough.next().unwrap_or_default() * batch
    }

    #[test]
    fn large_batches_do_not_fill_the_memory() {
        assert_eq!(most(1, 8), 48);
        assert_eq!(most(50, 8), 2_400);
        assert_eq!(most(1_000, 8), 20_000);
        // That is what is on its way, and the next.
        assert_eq!(most(10_000, 8), 90_000);
        assert_eq!(most(100_000, 1), 200_000);
    }
}
