//! Rows, and the files that they stand in.
//!
//! [`PayoutFile`] reads CSV and JSON Lines. A host with a format of its own, or a database,
//! implements [`Source`].

mod column;
mod csv;
mod error;
mod fingerprint;
mod json_lines;
mod lines;
mod payout_file;
mod row;

use std::io;

pub use column::Column;
pub use error::{ReadError, WrongHeading};
pub use fingerprint::{Fingerprint, NoFingerprint};
pub use payout_file::{Format, PayoutFile};
pub use row::Row;

/// Where rows come from: something that is read from its beginning, several times.
///
/// Rows are checked before the first of them is paid, and they are never all in memory, so they
/// are read once to be checked and again to be paid.
///
/// ```
/// use enkash_bulk::file::{Fingerprint, ReadError, Row, Rows, Source};
/// use enkash_bulk::types::payouts::{CreateTransfer, TransferMode};
///
/// /// Invoices to pay, each as its number and its sum.
/// struct Invoices(Vec<(String, String)>);
///
/// struct Reader {
///     left: std::vec::IntoIter<(String, String)>,
///     number: u64,
///     read: String,
/// }
///
/// impl Source for Invoices {
///     fn rows(&self) -> Result<Box<dyn Rows>, ReadError> {
///         let left = self.0.clone().into_iter();
///         Ok(Box::new(Reader { left, number: 0, read: String::new() }))
///     }
/// }
///
/// impl Rows for Reader {
///     fn next_row(&mut self) -> Result<Option<Row>, ReadError> {
///         let Some((invoice, sum)) = self.left.next() else {
///             return Ok(None);
///         };
///         self.number += 1;
///         self.read += &format!("{invoice} {sum}\n");
///         let sum = sum.parse().map_err(|error| ReadError::Source(Box::new(error)))?;
///         let transfer = CreateTransfer::new(invoice, sum, TransferMode::Neft, "SUPPLIER1");
///         Ok(Some(Row::new(self.number, transfer)))
///     }
///
///     fn fingerprint(&self) -> Fingerprint {
///         Fingerprint::of(self.read.as_bytes())
///     }
/// }
///
/// let invoices = Invoices(vec![("INV7".into(), "1250.50".into())]);
/// let checked = enkash_bulk::check::check(&invoices, &mut |problem| panic!("{problem}"))?;
/// assert_eq!(checked.totals().all().rows, 1);
/// # Ok::<(), enkash_bulk::check::CheckError>(())
/// ```
pub trait Source: Send + Sync {
    /// Begins at the first row.
    ///
    /// # Errors
    ///
    /// Where there is nothing to read, or not in the right form.
    fn rows(&self) -> Result<Box<dyn Rows>, ReadError>;
}

/// The rows of a [`Source`], one after the other.
pub trait Rows: Send {
    /// The next row; none after the last.
    ///
    /// # Errors
    ///
    /// Where the source as a whole cannot be read any further. What is wrong with one row is one
    /// of its [`problems`](Row::problems).
    fn next_row(&mut self) -> Result<Option<Row>, ReadError>;

    /// What all that was read is known by: after the last row, the same for the same source and
    /// another for any other. A journal keeps it, and refuses to go on with rows that were changed.
    fn fingerprint(&self) -> Fingerprint;

    /// Writes the row that was read last as it stood in the source, and why it was refused: so that
    /// a person can correct it and have it read again.
    ///
    /// # Errors
    ///
    /// Those of `out`.
    fn write_refused(&mut self, why: &str, out: &mut dyn io::Write) -> io::Result<()> {
        writeln!(out, "{why}")
    }
}

/// A name that no column has, as it may be shown: cut short, and without its digits where it may be
/// an account number, since the line may be a row that stands in the wrong place.
fn unknown(name: &str) -> String {
    let digits = |c: char| c.is_numeric();
    let has_number = name
        .split(|c| !digits(c))
        .any(|part| part.chars().count() >= 4);
    name.chars()
        .map(|c| if has_number && digits(c) { 'X' } else { c })
        .take(40)
        .collect()
}

/// The rule that a byte of another encoding breaks.
fn not_utf8(byte: u8) -> String {
    format!("holds a byte that is not UTF-8 (0x{byte:02X}): save the file as UTF-8")
}
