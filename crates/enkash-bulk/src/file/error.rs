//! Why a file cannot be read at all.

use std::fmt;
use std::io;
use std::path::PathBuf;

use super::Column;

/// Why rows cannot be read. What is wrong with single rows are
/// [`Problem`](crate::Problem)s instead.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReadError {
    /// It cannot be opened or read.
    Io(io::Error),
    /// The file's name does not tell its format.
    UnknownFormat(PathBuf),
    /// It holds no row: it is empty, or a heading alone.
    NoRows,
    /// It is UTF-16, as some programs save "Unicode text".
    Utf16,
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
    /// Names that no column has, in the order of the file.
    pub unknown: Vec<String>,
    /// Columns that are needed and are not there.
    pub missing: Vec<Column>,
    /// Columns that stand there more than once.
    pub repeated: Vec<Column>,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) => write!(f, "the file cannot be read: {error}"),
            Self::UnknownFormat(path) => write!(
                f,
                "{} is not named after its format: .csv, or .jsonl or .ndjson for JSON Lines",
                path.display()
            ),
            Self::NoRows => f.write_str("the file holds no row"),
            Self::Utf16 => f.write_str("the file is UTF-16: save it as CSV in UTF-8"),
            Self::NoHeading => f.write_str(
                "the first line has to name the columns, with commas between them, like \
                 transaction_id,amount,mode,beneficiary_id: none of its names is known",
            ),
            Self::Heading(wrong) => write!(f, "the heading is wrong: {wrong}"),
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
        let unknown = self
            .unknown
            .iter()
            .map(|name| format!("there is no column {name:?}"));
        let missing = self
            .missing
            .iter()
            .map(|column| format!("{column} is missing"));
        let repeated = self
            .repeated
            .iter()
            .map(|column| format!("{column} stands there twice"));
        for wrong in unknown.chain(missing).chain(repeated) {
            write!(f, "{separator}{wrong}")?;
            separator = "; ";
        }
        if !self.unknown.is_empty() {
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
