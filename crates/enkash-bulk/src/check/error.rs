//! Why rows could not be checked.

use std::fmt;
use std::io;

use crate::file::ReadError;

/// Why rows could not be checked.
#[derive(Debug)]
#[non_exhaustive]
pub enum CheckError {
    /// They cannot be read.
    Read(ReadError),
    /// The temporary file that helps to find repeated ids cannot be written or read.
    Temporary(io::Error),
    /// The file of refused rows cannot be written.
    Refused(io::Error),
    /// Together the rows come to more than [`Rupees`](enkash_api::types::Rupees) can hold, which is
    /// more than all the money of India.
    TooMuch,
}

impl fmt::Display for CheckError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(error) => error.fmt(f),
            Self::Temporary(error) => write!(
                f,
                "the temporary file for finding repeated ids failed: {error}; it is in {}: make room \
                 there, or set TMPDIR to another folder",
                std::env::temp_dir().display()
            ),
            Self::Refused(error) => write!(f, "the refused rows cannot be written: {error}"),
            Self::TooMuch => f.write_str("the rows come to more than can be summed up"),
        }
    }
}

impl std::error::Error for CheckError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read(error) => error.source(),
            _ => None,
        }
    }
}

impl From<ReadError> for CheckError {
    fn from(error: ReadError) -> Self {
        Self::Read(error)
    }
}
