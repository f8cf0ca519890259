//! The file that a sandbox keeps its state in: one SQLite table of JSON records.
//!
//! Records are written as [`masked_text`] shows them, so no whole account number, no whole card
//! number and no secret comes into the file, and none has to be wiped out of it. What has to be
//! known again after a restart is of a type that is not masked, such as a
//! [`Hash`](crate::hash::Hash). A `RawValue` is written as it stands.
//!
//! What changed while the state was locked is written in one transaction before the lock is let
//! go, and so before the call is answered. Written is not flushed to the disk: a killed process
//! loses nothing, a power cut may cost the last calls, and leaves a file that opens all the same.

use std::fmt::{self, Display};
use std::io;
use std::path::{Path, PathBuf};

use enkash_types::masked_text;
use rusqlite::{Connection, ErrorCode, OpenFlags, params};
use serde::Serialize;

use crate::table::Kept;

/// Says that a SQLite file is a sandbox's: `EnKs`.
const APPLICATION: i32 = i32::from_be_bytes(*b"EnKs");

/// Says how the records in it look. It goes up with every change that an older or newer sandbox
/// could not read.
const VERSION: i32 = 3;

/// An open file. No other process can open it meanwhile.
pub(crate) struct Store {
    connection: Connection,
    path: PathBuf,
}

/// Why a file cannot be opened, read or written, and what to do.
#[derive(Debug)]
pub(crate) struct StoreError {
    path: PathBuf,
    fault: Fault,
}

#[derive(Debug)]
enum Fault {
    NotOurs,
    Version(i32),
    InUse,
    /// This record cannot be read.
    Record(String, serde_json::Error),
    /// It does not fit what else is in the file.
    Damaged(&'static str),
    Other(rusqlite::Error),
    Encode(serde_json::Error),
}

impl Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match &self.fault {
            Fault::NotOurs => write!(
                f,
                "{path} is a file, but not one that a sandbox wrote: give another path; nothing in it was changed"
            ),
            Fault::Version(version) => write!(
                f,
                "{path} was written by another version of the sandbox (format {version}, this one \
                 reads {VERSION}): open it with the version that wrote it, or give another path"
            ),
            Fault::InUse => write!(
                f,
                "{path} is in use by another sandbox: stop that one, or give another path"
            ),
            Fault::Record(kind, error) => write!(
                f,
                "{path} holds a record ({kind}) that cannot be read: {error}; move the file away to begin anew"
            ),
            Fault::Damaged(what) => write!(
                f,
                "{path} is damaged: {what}; move the file away to begin anew"
            ),
            Fault::Other(error) => write!(f, "{path} cannot be read or written: {error}"),
            Fault::Encode(error) => write!(f, "{path}: a record cannot be written: {error}"),
        }
    }
}

impl std::error::Error for StoreError {}

impl From<StoreError> for io::Error {
    fn from(error: StoreError) -> Self {
        let kind = match error.fault {
            Fault::NotOurs | Fault::Version(_) | Fault::Record(..) | Fault::Damaged(_) => {
                io::ErrorKind::InvalidData
            }
            Fault::InUse => io::ErrorKind::ResourceBusy,
            Fault::Other(_) | Fault::Encode(_) => io::ErrorKind::Other,
        };
        Self::new(kind, error.to_string())
    }
}

impl Store {
    /// Opens a file, or makes one.
    pub(crate) fn open(path: &Path) -> Result<Self, StoreError> {
        // Whole, since SQLite takes some names (`:memory:`) for something else than a file.
        let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
        let error = |error: rusqlite::Error| StoreError::of(path, error);
        let flags = OpenFlags::SQLITE_OPEN_READ_WRITE
            | OpenFlags::SQLITE_OPEN_CREATE
            | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let connection = Connection::open_with_flags(whole, flags).map_err(error)?;
        let store = Self {
            connection,
            path: path.to_owned(),
        };
        store.prepare()?;
        Ok(store)
    }

    /// Takes the file for this process alone and makes sure that it is a sandbox's. Another's is
    /// not changed.
    fn prepare(&self) -> Result<(), StoreError> {
        let sqlite = |error| StoreError::of(&self.path, error);
        let fault = |fault| StoreError {
            path: self.path.clone(),
            fault,
        };
        let number = |pragma: &str| {
            self.connection
                .query_row(pragma, [], |row| row.get::<_, i32>(0))
                .map_err(sqlite)
        };
        self.connection
            .busy_timeout(std::time::Duration::ZERO)
            .map_err(sqlite)?;
        let run = |statements: &str| self.connection.execute_batch(statements).map_err(sqlite);
        run("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE")?;
        let is_new = number("SELECT count(*) FROM sqlite_master")? == 0
            && number("PRAGMA application_id")? == 0;
        if is_new {
            run(&format!(
                "PRAGMA application_id = {APPLICATION};
                 PRAGMA user_version = {VERSION};
                 CREATE TABLE records (
                     row INTEGER PRIMARY KEY,
                     kind TEXT NOT NULL,
                     id TEXT NOT NULL,
                     body TEXT NOT NULL,
                     UNIQUE (kind, id)
                 )"
            ))?;
        } else if number("PRAGMA application_id")? != APPLICATION {
            return Err(fault(Fault::NotOurs));
        } else {
            let version = number("PRAGMA user_version")?;
            if version != VERSION {
                return Err(fault(Fault::Version(version)));
            }
        }
        run("COMMIT; PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
    }

    /// Reads every record into the container that keeps its kind.
    pub(crate) fn load(&self, parts: &mut [&mut dyn Kept]) -> Result<(), StoreError> {
        let sqlite = |error| StoreError::of(&self.path, error);
        let mut statement = self
            .connection
            .prepare("SELECT kind, body FROM records ORDER BY row")
            .map_err(sqlite)?;
        let mut records = statement.query([]).map_err(sqlite)?;
        while let Some(record) = records.next().map_err(sqlite)? {
            let kind = record.get_ref(0).and_then(|kind| Ok(kind.as_str()?));
            let kind = kind.map_err(sqlite)?;
            let body = record.get_ref(1).and_then(|body| Ok(body.as_str()?));
            let body = body.map_err(sqlite)?;
            let Some(part) = parts.iter_mut().find(|part| part.kind() == kind) else {
                return Err(self.damaged("it holds a kind of record that there is not"));
            };
            part.load(body).map_err(|error| StoreError {
                path: self.path.clone(),
                fault: Fault::Record(kind.to_owned(), error),
            })?;
        }
        for part in parts {
            part.keep();
        }
        Ok(())
    }

    /// The error for records that do not fit together.
    pub(crate) fn damaged(&self, what: &'static str) -> StoreError {
        StoreError {
            path: self.path.clone(),
            fault: Fault::Damaged(what),
        }
    }

    /// Writes all that has changed, in one transaction, or nothing.
    pub(crate) fn save(&mut self, parts: &mut [&mut dyn Kept]) -> Result<(), StoreError> {
        let mut writer = Writer {
            store: self,
            began: false,
        };
        let mut saved = Ok(());
        for part in parts {
            saved = part.save(&mut writer);
            if saved.is_err() {
                break;
            }
        }
        let began = writer.began;
        match saved {
            Ok(()) if began => self.execute("COMMIT"),
            Err(error) if began => {
                // The first error is the one that tells.
                let _ = self.execute("ROLLBACK");
                Err(error)
            }
            saved => saved,
        }
    }

    fn execute(&self, statement: &str) -> Result<(), StoreError> {
        let done = self
            .connection
            .prepare_cached(statement)
            .and_then(|mut statement| statement.execute([]));
        done.map(drop)
            .map_err(|error| StoreError::of(&self.path, error))
    }
}

/// Writes records in a transaction, which begins with the first of them.
pub(crate) struct Writer<'a> {
    store: &'a Store,
    began: bool,
}

impl Writer<'_> {
    pub(crate) fn put<T: Serialize>(
        &mut self,
        kind: &'static str,
        id: impl Display,
        record: &T,
    ) -> Result<(), StoreError> {
        let text = masked_text(record).map_err(|error| StoreError {
            path: self.store.path.clone(),
            fault: Fault::Encode(error),
        })?;
        self.begin()?;
        let put = self
            .store
            .connection
            .prepare_cached(
                "INSERT INTO records (kind, id, body) VALUES (?1, ?2, ?3)
                 ON CONFLICT (kind, id) DO UPDATE SET body = excluded.body",
            )
            .and_then(|mut statement| statement.execute(params![kind, id.to_string(), text.get()]));
        put.map(drop)
            .map_err(|error| StoreError::of(&self.store.path, error))
    }

    pub(crate) fn delete(
        &mut self,
        kind: &'static str,
        id: impl Display,
    ) -> Result<(), StoreError> {
        self.begin()?;
        let deleted = self
            .store
            .connection
            .prepare_cached("DELETE FROM records WHERE kind = ?1 AND id = ?2")
            .and_then(|mut statement| statement.execute(params![kind, id.to_string()]));
        deleted
            .map(drop)
            .map_err(|error| StoreError::of(&self.store.path, error))
    }

    fn begin(&mut self) -> Result<(), StoreError> {
        if !self.began {
            self.store.execute("BEGIN IMMEDIATE")?;
            self.began = true;
        }
        Ok(())
    }
}

impl StoreError {
    fn of(path: &Path, error: rusqlite::Error) -> Self {
        let fault = match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => Fault::NotOurs,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Fault::InUse,
            Some(ErrorCode::DatabaseCorrupt) => Fault::Damaged("SQLite cannot read all of it"),
            _ => Fault::Other(error),
        };
        Self {
            path: path.to_owned(),
            fault,
        }
    }
}
