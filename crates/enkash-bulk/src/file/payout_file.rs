//! A file of payouts, as CSV or JSON Lines.

use std::fmt;
use std::io::{Cursor, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::csv::CsvRows;
use super::json_lines::JsonRows;
use super::lines::{Input, Lines, Seen};
use super::{ReadError, Rows, Source};

/// How the rows of a file are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Format {
    /// Values with commas between them, below a heading that names the columns. A value with a
    /// comma or a quote in it stands in quotes, each of its own written twice. A row is one line.
    Csv,
    /// A JSON object on each line. Values are texts; an amount may be a number.
    JsonLines,
}

impl Format {
    /// The format that a file is named after: `.csv`, or `.jsonl` or `.ndjson`.
    #[must_use]
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "csv" => Some(Self::Csv),
            "jsonl" | "ndjson" => Some(Self::JsonLines),
            _ => None,
        }
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Csv => "CSV",
            Self::JsonLines => "JSON Lines",
        })
    }
}

/// A file of payouts, with the columns that [`Column`](super::Column) lists.
///
/// ```
/// use enkash_bulk::check::check;
/// use enkash_bulk::file::{Format, PayoutFile};
///
/// let file = "\
/// transaction_id,amount,mode,beneficiary_id,beneficiary_name,account_number,ifsc
/// SALARY0412,41250.50,NEFT,EMP0412,Asha Rao,123456789012,EXAM0000001
/// SALARY0413,0.50,NEFT,EMP0413,Ravi Das,123456789013,
/// ";
/// let file = PayoutFile::in_memory(file, Format::Csv);
/// let mut found = Vec::new();
/// let checked = check(&file, &mut |problem| found.push(problem.to_string()))?;
/// assert_eq!(checked.totals().all().rows, 1);
/// assert!(found.iter().all(|problem| problem.starts_with("line 3, ")), "{found:?}");
/// # Ok::<(), enkash_bulk::check::CheckError>(())
/// ```
///
/// It may begin with a byte order mark, and its lines may end as on Windows. Blanks around a value
/// don't count, and neither do lines without any. Once it was read to its end, it is known: what
/// was changed in it since ends the reading with [`ReadError::Changed`], before a row of the
/// changed part is given out.
#[derive(Clone)]
pub struct PayoutFile {
    contents: Contents,
    format: Format,
    seen: Seen,
}

#[derive(Clone)]
enum Contents {
    At(PathBuf),
    InMemory(Arc<[u8]>),
}

impl PayoutFile {
    /// A file whose name tells its format. It is opened when it is read.
    ///
    /// # Errors
    ///
    /// [`ReadError::UnknownFormat`], and [`ReadError::File`] for a folder.
    pub fn new(path: impl Into<PathBuf>) -> Result<Self, ReadError> {
        let path = path.into();
        match Format::of(&path) {
            Some(format) => Ok(Self::with_format(path, format)),
            None if path.is_dir() => {
                let error = ErrorKind::IsADirectory.into();
                Err(ReadError::File { path, error })
            }
            None => Err(ReadError::UnknownFormat(path)),
        }
    }

    /// A file of this format, whatever its name.
    #[must_use]
    pub fn with_format(path: impl Into<PathBuf>, format: Format) -> Self {
        Self::holding(Contents::At(path.into()), format)
    }

    /// What would stand in a file, such as an upload.
    #[must_use]
    pub fn in_memory(contents: impl AsRef<[u8]>, format: Format) -> Self {
        Self::holding(Contents::InMemory(contents.as_ref().into()), format)
    }

    fn holding(contents: Contents, format: Format) -> Self {
        Self {
            contents,
            format,
            seen: Seen::default(),
        }
    }

    /// The format.
    #[must_use]
    pub fn format(&self) -> Format {
        self.format
    }
}

/// What it is, and nothing of what stands in it.
impl fmt::Debug for PayoutFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("PayoutFile");
        match &self.contents {
            Contents::At(path) => shown.field("path", path),
            Contents::InMemory(bytes) => shown.field("bytes", &bytes.len()),
        };
        shown.field("format", &self.format).finish_non_exhaustive()
    }
}

impl Source for PayoutFile {
    fn rows(&self) -> Result<Box<dyn Rows>, ReadError> {
        let input = match &self.contents {
            Contents::At(path) => Input::file(path)?,
            Contents::InMemory(bytes) => Input::of(Cursor::new(bytes.clone())),
        };
        let lines = Lines::new(input, self.format, self.seen.clone())?;
        Ok(match self.format {
            Format::Csv => Box::new(CsvRows::new(lines)?),
            Format::JsonLines => Box::new(JsonRows::new(lines)),
        })
    }
}
