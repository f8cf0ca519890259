//! Why a file cannot be read at all.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use super::{Column, Format};

/// Why rows cannot be read. What is wrong with single rows are
/// [`Problem`](crate::Problem)s instead.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadError {
    /// A file cannot be opened or read.
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        error: io::Error,
    },
    /// What is no file cannot be read.
    Io(io::Error),
    /// The file's name does not tell its format.
    UnknownFormat(PathBuf),
    /// It holds no row: it is empty, or a heading alone.
    NoRows,
    /// It is UTF-16, as some programs save "Unicode text", and not this format.
    Utf16(Format),
    /// It is what a spreadsheet program saves by itself, or another archive, whatever its name.
    Spreadsheet,
    /// Its lines end in a carriage return alone, as on old Macs. None of them is shown: they are
    /// one, with account numbers in it.
    CarriageReturns,
    /// The first line names no column that is known. It is not shown: without a heading it is a
    /// row, with an account number in it.
    NoHeading,
    /// The columns of a CSV file are not those that a row needs.
    Heading(WrongHeading),
    /// It is no longer what was read before.
    Changed,
    /// A [`Source`](super::Source) of the host's own failed.
    Source(Box<dyn std::error::Error + Send + Sync>),
}

/// What is wrong with the heading of a CSV file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct WrongHeading {
    /// Where it stands, counted from 1.
    pub line: u64,
    /// Names that no column has, in the order of the file, cut short. The digits of one that may
    /// be an account number are hidden.
    pub unknown: Vec<String>,
    /// Columns that are needed and are not there.
    pub missing: Vec<Column>,
    /// Columns that stand there more than once.
    pub repeated: Vec<Column>,
}

/// How many unknown names of a heading are told: who has more has another file.
const MOST_UNKNOWN: usize = 5;

/// Whether a file is named like those that a spreadsheet program saves by itself.
fn is_spreadsheet(path: &Path) -> bool {
    let ending = path.extension().and_then(|ending| ending.to_str());
    ending.is_some_and(|ending| {
        let endings = ["xlsx", "xls", "xlsm", "xlsb", "ods", "numbers"];
        endings.contains(&ending.to_ascii_lowercase().as_str())
    })
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::File { path, error } if error.kind() == io::ErrorKind::IsADirectory => write!(
                f,
                "{} is a folder: give a file that stands in it",
                path.display()
            ),
            Self::File { path, error } => {
                write!(f, "{} cannot be read: {error}", path.display())
            }
            Self::Io(error) => write!(f, "the rows cannot be read: {error}"),
            Self::UnknownFormat(path) if is_spreadsheet(path) => write!(
                f,
                "{} is a spreadsheet: save it as CSV (UTF-8) in the spreadsheet program",
                path.display()
            ),
            Self::UnknownFormat(path) => write!(
                f,
                "{} is not named after its format: .csv, or .jsonl or .ndjson for JSON Lines",
                path.display()
            ),
            Self::NoRows => f.write_str("the file holds no row"),
            Self::Utf16(format) => {
                write!(f, "the file is UTF-16: save it as {format} in UTF-8")
            }
            Self::Spreadsheet => f.write_str(
                "the file is a spreadsheet or an archive, whatever its name: save it as CSV (UTF-8) \
                 in the spreadsheet program",
            ),
            Self::CarriageReturns => {
                f.write_str("the lines end in CR only: save the file with LF or CRLF line ends")
            }
            Self::NoHeading => f.write_str(
                "the first line has to name the columns, with commas between them, like \
                 transaction_id,amount,mode,beneficiary_id: none of its names is known",
            ),
            Self::Heading(wrong) => {
                write!(f, "the heading (line {}) is wrong: {wrong}", wrong.line)
            }
            Self::Changed => f.write_str(
                "the file was changed since it was checked: nothing of what is new in it is paid",
            ),
            Self::Source(error) => error.fmt(f),
        }
    }
}

impl fmt::Display for WrongHeading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        let unknown = self.unknown.iter().take(MOST_UNKNOWN);
        let unknown = unknown.map(|name| format!("there is no column {name:?}"));
        let more = self.unknown.len().saturating_sub(MOST_UNKNOWN);
        let more = (more > 0).then(|| format!("and {more} more"));
        let missing = self
            .missing
            .iter()
            .map(|column| format!("{column} is missing"));
        let repeated = self
            .repeated
            .iter()
            .map(|column| format!("{column} stands there twice"));
        for wrong in unknown.chain(more).chain(missing).chain(repeated) {
            write!(f, "{separator}{wrong}")?;
            separator = "; ";
        }
        if !self.unknown.is_empty() || !self.missing.is_empty() {
            f.write_str("; the columns are")?;
            for column in Column::ALL {
                write!(f, " {column}")?;
            }
        }
        Ok(())
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Source(error) => error.source(),
            _ => None,
        }
    }
}

impl From<io::Error> for ReadError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}
