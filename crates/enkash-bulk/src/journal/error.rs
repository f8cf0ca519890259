//! Why a journal cannot be opened, or cannot go on.

use std::fmt;
use std::path::PathBuf;
use std::time::SystemTime;

use enkash_api::types::Timestamp;

use super::State;

/// Why a journal cannot be opened, or cannot go on, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum JournalError {
    /// There is no such file.
    NotThere(PathBuf),
    /// It cannot be made: the folder for it is not there.
    NoFolder {
        /// The folder.
        folder: PathBuf,
        /// The file that was to be made in it.
        journal: PathBuf,
    },
    /// It is a folder, or its path is one's.
    Folder(PathBuf),
    /// Another run, or a report, has it open.
    InUse(PathBuf),
    /// The file is something else.
    NotAJournal(PathBuf),
    /// It was written by another version of this crate.
    Version {
        /// The file.
        path: PathBuf,
        /// The version of its format.
        found: i32,
        /// The one that is read here.
        read: i32,
    },
    /// It belongs to another run: this of it is different.
    AnotherRun(Difference),
    /// No run was begun in it.
    Empty,
    /// Two rows have the same transfer id.
    SameId {
        /// The row of the run that has it as well.
        row: u64,
    },
    /// A row was to be planned after the plan was finished, or to be sent before. It is a fault of the
    /// program.
    OutOfTurn,
    /// A row cannot come from the one state into the other. It is a fault of the program.
    Impossible {
        /// The row of the run.
        row: u64,
        /// Where it stands, if there is such a row.
        from: Option<State>,
        /// Where it was to go.
        to: State,
    },
    /// What is in the file is damaged.
    Damaged(String),
    /// It cannot be read or written: a full disk, a broken one.
    Failed(String),
}

/// What tells the run of a journal from the one that was to go on with it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// The bytes of the file.
    File {
        /// What a person called the file of the journal.
        name: String,
        /// When the run of the journal was begun.
        begun: SystemTime,
    },
    /// A row, though the file may be the same: it is not what was planned.
    Row(u64),
    /// The address of EnKash: test, live, or a sandbox. The journal's is this.
    Address(String),
    /// The account that is paid from. The journal's is this, as a person may see it; empty where none
    /// was given.
    Account(String),
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotThere(path) => write!(f, "there is no journal {}", path.display()),
            Self::NoFolder { folder, journal } => write!(
                f,
                "there is no folder {} for the journal {}: make it, or give the journal another path",
                folder.display(),
                journal.display()
            ),
            Self::Folder(path) => write!(
                f,
                "{} is a folder: give the journal the path of a file, which may stand in it",
                path.display()
            ),
            Self::InUse(path) => write!(
                f,
                "the journal {} is in use by a run that goes on, or by a report: wait until it has \
                 ended, then start again",
                path.display()
            ),
            Self::NotAJournal(path) => write!(
                f,
                "{} is a file, but no journal, and nothing in it was changed: give another path, or, if a \
                 run was begun in it, bring back a copy of it",
                path.display()
            ),
            Self::Version { path, found, read } => write!(
                f,
                "the journal {} was written by another version (format {found}, this one reads \
                 {read}): go on with the version that wrote it",
                path.display()
            ),
            Self::AnotherRun(difference) => difference.fmt(f),
            Self::Empty => f.write_str("no run was begun in this journal"),
            Self::SameId { row } => write!(
                f,
                "row {row} of the run has the transfer id of another row: each needs its own"
            ),
            Self::OutOfTurn => {
                f.write_str("rows are planned before any is sent, and none is planned afterwards")
            }
            Self::Impossible { row, from, to } => {
                write!(f, "row {row} of the run cannot become {to}: ")?;
                match from {
                    Some(from) => write!(f, "it is {from}"),
                    None => f.write_str("there is no such row"),
                }
            }
            Self::Damaged(why) => write!(
                f,
                "the journal is damaged ({why}): bring back a copy of it; without one, find out in \
                 the account's statement which rows were paid before you pay any of the others"
            ),
            Self::Failed(why) => write!(
                f,
                "the journal cannot be read or written: {why}; see to the disk, then start again \
                 with the same journal"
            ),
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { name, begun } => {
                let begun = Timestamp::from(*begun);
                let day = begun.as_str().split('T').next().unwrap_or_default();
                write!(
                    f,
                    "the journal is of {name}, begun on {day}, and this is another file, or it was \
                     changed since: go on with the file as it was, and pay other rows with a journal \
                     of their own"
                )
            }
            Self::Row(number) => write!(
                f,
                "row {number} of the run is not the one in the journal: go on with the rows as they were"
            ),
            Self::Address(of) => write!(
                f,
                "the journal belongs to a run at {of}, another address of EnKash than now: go on \
                 there, or pay here with a journal of its own"
            ),
            Self::Account(of) if of.is_empty() => f.write_str(
                "the journal belongs to a run without an account that is paid from, and now one is \
                 given: go on without it",
            ),
            Self::Account(of) => write!(
                f,
                "the journal belongs to a run that pays from {of}, and now it is another account, or \
                 none is given: go on with that one"
            ),
        }
    }
}

impl std::error::Error for JournalError {}
