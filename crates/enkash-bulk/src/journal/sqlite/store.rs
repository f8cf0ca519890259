//! What is read from the file, and written to it.

use std::time::{Duration, SystemTime};

use rusqlite::{Connection, ErrorCode, OptionalExtension as _, Row, params};

use super::file::{DURABLE, NOT_YET_DURABLE};
use crate::journal::{Entry, Facts, JournalError, Plan, Run, State, Step, Unnamed};

/// The columns of [`Facts`], in the order in which they are read and written.
macro_rules! facts {
    () => {
        "status, enkash_id, utr, reason, batch, unnamed, payee_was_there"
    };
}

/// An open file. No other process can open it meanwhile.
pub(super) struct Store {
    connection: Connection,
    /// Whether the plan is finished.
    is_planned: bool,
}

impl Store {
    /// What is in an open file.
    pub(super) fn of(connection: Connection) -> Result<Self, JournalError> {
        let is_planned = connection
            .query_row("SELECT planned FROM run", [], |row| row.get(0))
            .optional()
            .map_err(failed)?
            .unwrap_or(false);
        Ok(Self {
            connection,
            is_planned,
        })
    }

    /// Does all of it, durably, or nothing.
    fn write(
        &mut self,
        what: impl FnOnce(&Connection) -> Result<(), JournalError>,
    ) -> Result<(), JournalError> {
        let transaction = self.connection.transaction().map_err(failed)?;
        what(&transaction)?;
        transaction.commit().map_err(failed)
    }

    pub(super) fn is_planned(&self) -> bool {
        self.is_planned
    }

    pub(super) fn run(&self) -> Result<Option<Run>, JournalError> {
        self.connection
            .query_row(
                "SELECT name, fingerprint, address, account, begun FROM run",
                [],
                |row| {
                    Ok(Run {
                        name: row.get(0)?,
                        fingerprint: row.get(1)?,
                        address: row.get(2)?,
                        account: row.get(3)?,
                        begun: time(row.get(4)?),
                    })
                },
            )
            .optional()
            .map_err(failed)
    }

    pub(super) fn begin(&mut self, run: &Run) -> Result<bool, JournalError> {
        match self.run()? {
            Some(known) => {
                if let Some(difference) = known.difference(run) {
                    return Err(JournalError::AnotherRun(difference));
                }
            }
            None => self.write(|connection| {
                let insert = "INSERT INTO run VALUES (1, ?1, ?2, ?3, ?4, ?5, FALSE)";
                execute(
                    connection,
                    insert,
                    params![
                        run.name,
                        run.fingerprint,
                        run.address,
                        run.account,
                        milliseconds(run.begun)
                    ],
                )
            })?,
        }
        if !self.is_planned {
            self.write(|connection| execute(connection, "DELETE FROM rows", []))?;
            // Half a plan is worth nothing, so it need not be on the disk before it is whole.
            self.connection
                .execute_batch(NOT_YET_DURABLE)
                .map_err(failed)?;
        }
        Ok(self.is_planned)
    }

    pub(super) fn plan(&mut self, rows: &[Plan]) -> Result<(), JournalError> {
        if self.is_planned {
            return Err(JournalError::OutOfTurn);
        }
        self.write(|connection| {
            rows.iter().try_for_each(|row| {
                let insert = "INSERT INTO rows
                    (number, line, transfer_id, amount, mode, payee, state, payee_was_there)
                    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, FALSE)";
                let values = params![
                    number(row.number)?,
                    number(row.line)?,
                    row.transfer_id.as_str(),
                    row.amount.to_string(),
                    row.mode.as_str(),
                    row.payee,
                    State::Planned.as_str(),
                ];
                match statement(connection, insert, values) {
                    Err(error)
                        if error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation) =>
                    {
                        Err(JournalError::SameId { row: row.number })
                    }
                    inserted => inserted.map_err(failed),
                }
            })
        })
    }

    pub(super) fn planned(&mut self) -> Result<(), JournalError> {
        self.connection.execute_batch(DURABLE).map_err(failed)?;
        self.write(|connection| execute(connection, "UPDATE run SET planned = TRUE", []))?;
        self.is_planned = true;
        Ok(())
    }

    /// Takes steps: all of them, or none.
    pub(super) fn take(&mut self, steps: &[Step]) -> Result<(), JournalError> {
        if !self.is_planned {
            return Err(JournalError::OutOfTurn);
        }
        self.write(|connection| steps.iter().try_for_each(|step| take(connection, step)))
    }

    pub(super) fn entries(
        &self,
        only: Option<State>,
        after: u64,
        at_most: u32,
    ) -> Result<Vec<Entry>, JournalError> {
        let select = concat!(
            "SELECT number, line, transfer_id, amount, mode, payee, changed, state, ",
            facts!(),
            " FROM rows WHERE number > ?1 AND (?2 IS NULL OR state = ?2) ORDER BY number LIMIT ?3"
        );
        let only = only.map(State::as_str);
        self.read(select, params![number(after)?, only, at_most], |row| {
            Ok(Entry {
                plan: Plan {
                    number: unsigned(row, 0)?,
                    line: unsigned(row, 1)?,
                    transfer_id: row.get_ref(2)?.as_str()?.into(),
                    amount: parsed(row, 3, |text| text.parse().ok())?,
                    mode: row.get_ref(4)?.as_str()?.into(),
                    payee: row.get(5)?,
                },
                changed: row.get::<_, Option<i64>>(6)?.map(time),
                state: parsed(row, 7, State::named)?,
                facts: facts(row, 8)?,
            })
        })
    }

    pub(super) fn steps(&self, row: u64) -> Result<Vec<Step>, JournalError> {
        let select = concat!(
            "SELECT row, at, state, ",
            facts!(),
            " FROM steps WHERE row = ?1 ORDER BY step"
        );
        self.read(select, params![number(row)?], |row| {
            Ok(Step {
                row: unsigned(row, 0)?,
                at: time(row.get(1)?),
                to: parsed(row, 2, State::named)?,
                facts: facts(row, 3)?,
            })
        })
    }

    fn read<T>(
        &self,
        select: &str,
        values: impl rusqlite::Params,
        read: impl FnMut(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>, JournalError> {
        let mut statement = self.connection.prepare_cached(select).map_err(failed)?;
        let rows = statement.query_map(values, read).map_err(failed)?;
        rows.collect::<rusqlite::Result<_>>().map_err(failed)
    }

    /// How durable what is written is; 3 is all that SQLite can do.
    #[cfg(test)]
    pub(super) fn durability(&self) -> Result<i32, JournalError> {
        let level = self
            .connection
            .pragma_query_value(None, "synchronous", |row| row.get(0));
        level.map_err(failed)
    }

    /// The file cannot grow beyond this many pages: a full disk.
    #[cfg(test)]
    pub(super) fn fill_up_at(&self, pages: u32) -> Result<(), JournalError> {
        let limit = self.connection.pragma_update(None, "max_page_count", pages);
        limit.map_err(failed)
    }
}

/// Takes a step, if the state of the row allows it.
fn take(connection: &Connection, step: &Step) -> Result<(), JournalError> {
    let select = concat!("SELECT state, ", facts!(), " FROM rows WHERE number = ?1");
    let row = number(step.row)?;
    let known = connection
        .prepare_cached(select)
        .and_then(|mut statement| {
            let known = statement.query_row([row], |row| {
                Ok((parsed(row, 0, State::named)?, facts(row, 1)?))
            });
            known.optional()
        })
        .map_err(failed)?;
    let impossible = |from| JournalError::Impossible {
        row: step.row,
        from,
        to: step.to,
    };
    let (from, before) = known.ok_or_else(|| impossible(None))?;
    if !from.may_become(step.to) {
        return Err(impossible(Some(from)));
    }
    let (at, to) = (milliseconds(step.at), step.to.as_str());
    let Facts {
        status,
        enkash_id,
        utr,
        reason,
        batch,
        unnamed,
        payee_was_there,
    } = before.and_then(step.facts.clone());
    execute(
        connection,
        concat!(
            "UPDATE rows SET changed = ?2, state = ?3, (",
            facts!(),
            ") = (?4, ?5, ?6, ?7, ?8, ?9, ?10) WHERE number = ?1"
        ),
        params![
            row,
            at,
            to,
            status.as_ref().map(|status| status.as_str()),
            enkash_id.as_ref().map(|id| id.as_str()),
            utr,
            reason,
            batch.as_ref().map(|batch| batch.as_str()),
            unnamed.map(Unnamed::as_str),
            payee_was_there,
        ],
    )?;
    let made_known = &step.facts;
    execute(
        connection,
        concat!(
            "INSERT INTO steps (row, at, state, ",
            facts!(),
            ") VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
        ),
        params![
            row,
            at,
            to,
            made_known.status.as_ref().map(|status| status.as_str()),
            made_known.enkash_id.as_ref().map(|id| id.as_str()),
            made_known.utr,
            made_known.reason,
            made_known.batch.as_ref().map(|batch| batch.as_str()),
            made_known.unnamed.map(Unnamed::as_str),
            made_known.payee_was_there,
        ],
    )
}

/// Reads the columns of [`Facts`], of which this is the first.
fn facts(row: &Row<'_>, first: usize) -> rusqlite::Result<Facts> {
    let text = |column: usize| -> rusqlite::Result<Option<&str>> {
        Ok(row.get_ref(first + column)?.as_str_or_null()?)
    };
    Ok(Facts {
        status: text(0)?.map(Into::into),
        enkash_id: text(1)?.map(Into::into),
        utr: text(2)?.map(str::to_owned),
        reason: text(3)?.map(str::to_owned),
        batch: text(4)?.map(Into::into),
        unnamed: text(5)?
            .map(|_| parsed(row, first + 5, Unnamed::named))
            .transpose()?,
        payee_was_there: row.get(first + 6)?,
    })
}

/// Reads a column whose text has to be one of a kind.
fn parsed<T>(
    row: &Row<'_>,
    column: usize,
    read: impl FnOnce(&str) -> Option<T>,
) -> rusqlite::Result<T> {
    let text = row.get_ref(column)?;
    read(text.as_str()?).ok_or_else(|| {
        rusqlite::Error::InvalidColumnType(column, "unreadable".to_owned(), text.data_type())
    })
}

fn statement(
    connection: &Connection,
    statement: &str,
    values: impl rusqlite::Params,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare_cached(statement)?;
    statement.execute(values).map(drop)
}

fn execute(
    connection: &Connection,
    text: &str,
    values: impl rusqlite::Params,
) -> Result<(), JournalError> {
    statement(connection, text, values).map_err(failed)
}

/// SQLite's whole numbers have a sign.
fn number(number: u64) -> Result<i64, JournalError> {
    i64::try_from(number).map_err(|_| JournalError::Failed("a number is too large".to_owned()))
}

fn unsigned(row: &Row<'_>, column: usize) -> rusqlite::Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| rusqlite::Error::IntegralValueOutOfRange(column, number))
}

fn milliseconds(at: SystemTime) -> i64 {
    let since = at.duration_since(SystemTime::UNIX_EPOCH);
    since
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .unwrap_or_default()
}

fn time(milliseconds: i64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_millis(milliseconds.try_into().unwrap_or_default())
}

pub(super) fn failed(error: rusqlite::Error) -> JournalError {
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            JournalError::Damaged(error.to_string())
        }
        None if is_of_a_value(&error) => JournalError::Damaged(error.to_string()),
        _ => JournalError::Failed(error.to_string()),
    }
}

/// Whether a value is not what this crate writes.
fn is_of_a_value(error: &rusqlite::Error) -> bool {
    matches!(
        error,
        rusqlite::Error::InvalidColumnType(..)
            | rusqlite::Error::FromSqlConversionFailure(..)
            | rusqlite::Error::IntegralValueOutOfRange(..)
    )
}
