//! The file: how it looks, and who has it.

use std::fs::OpenOptions;
use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use super::store::failed;
use crate::journal::JournalError;

/// Says that a SQLite file is a journal: `EnKj`.
const APPLICATION: i32 = i32::from_be_bytes(*b"EnKj");

/// Says how it looks. It goes up with every change that an older or newer reader could not read.
const VERSION: i32 = 2;

/// What is known of a row is in `rows`; how it came there, step by step, in `steps`.
const TABLES: &str = "
    CREATE TABLE run (
        one INTEGER PRIMARY KEY CHECK (one = 1),
        name TEXT NOT NULL,
        fingerprint TEXT NOT NULL,
        address TEXT NOT NULL,
        account TEXT NOT NULL,
        begun INTEGER NOT NULL,
        planned INTEGER NOT NULL
    );
    CREATE TABLE rows (
        number INTEGER PRIMARY KEY,
        line INTEGER NOT NULL,
        transfer_id TEXT NOT NULL UNIQUE,
        amount TEXT NOT NULL,
        mode TEXT NOT NULL,
        payee TEXT NOT NULL,
        changed INTEGER,
        state TEXT NOT NULL,
        status TEXT,
        enkash_id TEXT,
        utr TEXT,
        reason TEXT,
        batch TEXT,
        unnamed TEXT,
        payee_was_there INTEGER NOT NULL
    );
    CREATE TABLE steps (
        step INTEGER PRIMARY KEY,
        row INTEGER NOT NULL,
        at INTEGER NOT NULL,
        state TEXT NOT NULL,
        status TEXT,
        enkash_id TEXT,
        utr TEXT,
        reason TEXT,
        batch TEXT,
        unnamed TEXT,
        payee_was_there INTEGER NOT NULL
    );
    CREATE INDEX steps_of_a_row ON steps (row);
";

/// A transaction is on the disk when it is over, and so is everything before it.
pub(super) const DURABLE: &str = "PRAGMA synchronous = EXTRA";

/// It is not, yet. If the power is lost, the last ones are, in their order.
pub(super) const NOT_YET_DURABLE: &str = "PRAGMA synchronous = NORMAL";

/// Which file is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Existing {
    /// One that is there.
    Only,
    /// One that is there, or else a new one.
    OrNew,
}

/// Opens it for this process alone.
pub(super) fn open(path: &Path, existing: Existing) -> Result<Connection, JournalError> {
    if existing == Existing::Only && !path.exists() {
        return Err(JournalError::NotThere(path.to_owned()));
    }
    can_stand_at(path)?;
    // Whole, since SQLite takes some names (`:memory:`) for something else than a file.
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    make_private(&whole).map_err(|error| match error.kind() {
        ErrorKind::NotFound | ErrorKind::NotADirectory => no_folder(path),
        // Nothing is there, and the path ends in a slash.
        ErrorKind::IsADirectory => JournalError::Folder(path.to_owned()),
        _ => JournalError::Failed(format!("{}: {error}", path.display())),
    })?;
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(&whole, flags);
    let opened = opened.map_err(|error| not_opened(error, path));
    opened.and_then(|connection| prepare(connection, path))
}

/// Why it cannot be opened.
fn not_opened(error: rusqlite::Error, path: &Path) -> JournalError {
    match error.sqlite_error_code() {
        // SQLite says so where a file is none of its own.
        Some(ErrorCode::NotADatabase) => JournalError::NotAJournal(path.to_owned()),
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            JournalError::InUse(path.to_owned())
        }
        _ => failed(error),
    }
}

/// Looks whether it could be there, as far as can be seen without making it.
pub(super) fn can_stand_at(path: &Path) -> Result<(), JournalError> {
    if path.is_dir() {
        return Err(JournalError::Folder(path.to_owned()));
    }
    let folder = path.parent();
    match folder.filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) if !folder.is_dir() => Err(no_folder(path)),
        _ => Ok(()),
    }
}

/// The file cannot be made, since the folder that it is to stand in is not there.
fn no_folder(path: &Path) -> JournalError {
    JournalError::NoFolder {
        folder: path.parent().unwrap_or(path).to_owned(),
        journal: path.to_owned(),
    }
}

/// Takes the file for this process alone, and makes sure that it is a journal. Another's is not
/// changed.
fn prepare(connection: Connection, path: &Path) -> Result<Connection, JournalError> {
    let why = |error| not_opened(error, path);
    let number = |pragma: &str| -> Result<i32, JournalError> {
        connection
            .query_row(pragma, [], |row| row.get(0))
            .map_err(why)
    };
    let run = |statements: &str| connection.execute_batch(statements).map_err(why);
    connection.busy_timeout(Duration::ZERO).map_err(why)?;
    run("PRAGMA locking_mode = EXCLUSIVE; BEGIN IMMEDIATE")?;
    let application = number("PRAGMA application_id")?;
    if application == 0 && number("SELECT count(*) FROM sqlite_master")? == 0 {
        run(&format!(
            "PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {VERSION}; {TABLES}"
        ))?;
    } else if application != APPLICATION {
        return Err(JournalError::NotAJournal(path.to_owned()));
    } else {
        let found = number("PRAGMA user_version")?;
        if found != VERSION {
            return Err(JournalError::Version {
                path: path.to_owned(),
                found,
                read: VERSION,
            });
        }
    }
    // Without `fullfsync` macOS leaves what is flushed in the disk's own memory.
    run("COMMIT; PRAGMA journal_mode = WAL;
         PRAGMA fullfsync = ON; PRAGMA checkpoint_fullfsync = ON")?;
    run(DURABLE)?;
    Ok(connection)
}

/// Makes the file, if it is not there, so that nobody but its owner can read it.
///
/// One that is there is not opened: where this process has it open already, closing it once more
/// would let go of the lock, which on Unix is the process's and not the connection's.
fn make_private(path: &Path) -> std::io::Result<()> {
    let mut options = OpenOptions::new();
    options.create_new(true).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}
