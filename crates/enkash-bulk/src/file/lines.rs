//! A file, line by line.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use sha2::{Digest as _, Sha256};

use super::{Fingerprint, Format, ReadError};

/// The longest line that is read, in bytes. A row has a few hundred; what is much longer is no
/// row, and must not fill the memory.
pub(super) const LONGEST: usize = 64 * 1024;

/// How much is read at once.
const CHUNK: usize = 256 * 1024;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How files begin that spreadsheet programs save by themselves: a zip archive, and what Excel wrote
/// before.
const SPREADSHEETS: [&[u8]; 2] = [b"PK\x03\x04", b"\xd0\xcf\x11\xe0"];

/// Whether they are UTF-16, with its byte order mark or not: every other byte of plain text is a
/// NUL then.
fn is_utf16(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [0xff, 0xfe, ..]
            | [0xfe, 0xff, ..]
            | [1..=0xff, 0, 1..=0xff, 0, ..]
            | [0, 1..=0xff, 0, 1..=0xff, ..]
    )
}

/// What a file held when it was first read to its end: the SHA-256 of everything up to the end of
/// each chunk. The last is the file's fingerprint.
///
/// Whoever reads it again is given no line of a chunk that is not the same, so nothing is paid that
/// was not checked, even if somebody saves the file in the middle of a run.
#[derive(Clone, Default)]
pub(super) struct Seen(Arc<OnceLock<Vec<[u8; 32]>>>);

/// What lines are read from.
pub(super) struct Input {
    bytes: Box<dyn Read + Send>,
    /// The file that they stand in, for who is told that it cannot be read.
    path: Option<PathBuf>,
}

impl Input {
    /// Bytes that stand in no file.
    pub(super) fn of(bytes: impl Read + Send + 'static) -> Self {
        Self {
            bytes: Box::new(bytes),
            path: None,
        }
    }

    pub(super) fn file(path: &Path) -> Result<Self, ReadError> {
        let path = path.to_owned();
        match File::open(&path) {
            Ok(file) => Ok(Self {
                bytes: Box::new(file),
                path: Some(path),
            }),
            // Where a folder cannot be opened, what is said of it is not that it is one.
            Err(_) if path.is_dir() => {
                let error = io::ErrorKind::IsADirectory.into();
                Err(ReadError::File { path, error })
            }
            Err(error) => Err(ReadError::File { path, error }),
        }
    }

    fn failed(&self, error: io::Error) -> ReadError {
        match self.path.clone() {
            Some(path) => ReadError::File { path, error },
            None => error.into(),
        }
    }
}

/// Reads lines, and never holds more than a chunk and a line.
pub(super) struct Lines {
    input: Input,
    buffer: Vec<u8>,
    /// Where the part of the buffer begins that was not given out.
    next: usize,
    /// The line that was given out last.
    line: std::ops::Range<usize>,
    /// The beginning of that line, where it was too long to be held.
    too_long: Option<Vec<u8>>,
    number: u64,
    ended: bool,
    begins_with_mark: bool,
    hash: Sha256,
    marks: Vec<[u8; 32]>,
    seen: Seen,
}

impl Lines {
    /// Lines of this format; what cannot be it is refused.
    pub(super) fn new(input: Input, format: Format, seen: Seen) -> Result<Self, ReadError> {
        let mut lines = Self {
            input,
            buffer: Vec::with_capacity(CHUNK + LONGEST),
            next: 0,
            line: 0..0,
            too_long: None,
            number: 0,
            ended: false,
            begins_with_mark: false,
            hash: Sha256::new(),
            marks: Vec::new(),
            seen,
        };
        lines.fill()?;
        if is_utf16(&lines.buffer) {
            return Err(ReadError::Utf16(format));
        }
        if SPREADSHEETS
            .iter()
            .any(|mark| lines.buffer.starts_with(mark))
        {
            return Err(ReadError::Spreadsheet);
        }
        if lines.buffer.starts_with(BYTE_ORDER_MARK) {
            lines.begins_with_mark = true;
            lines.next = BYTE_ORDER_MARK.len();
        }
        Ok(lines)
    }

    /// Goes to the next line that holds anything but blanks; false after the last.
    pub(super) fn advance(&mut self) -> Result<bool, ReadError> {
        while self.advance_by_one()? {
            if !self.line().trim_ascii().is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The line, without its end. Of one that is too long, the beginning.
    pub(super) fn line(&self) -> &[u8] {
        match &self.too_long {
            Some(beginning) => beginning,
            None => self.buffer.get(self.line.clone()).unwrap_or_default(),
        }
    }

    pub(super) fn is_too_long(&self) -> bool {
        self.too_long.is_some()
    }

    /// Its number, counted from 1.
    pub(super) fn number(&self) -> u64 {
        self.number
    }

    /// What the file began with that is part of no line: nothing, or UTF-8's byte order mark.
    pub(super) fn mark(&self) -> &'static [u8] {
        if self.begins_with_mark {
            BYTE_ORDER_MARK
        } else {
            b""
        }
    }

    /// The fingerprint of what was read so far; after the last line, of the file.
    pub(super) fn fingerprint(&self) -> Fingerprint {
        self.marks.last().copied().unwrap_or_default().into()
    }

    fn advance_by_one(&mut self) -> Result<bool, ReadError> {
        self.too_long = None;
        loop {
            let left = self.buffer.get(self.next..).unwrap_or_default();
            let end = left.iter().position(|byte| *byte == b'\n');
            if left.is_empty() && self.ended && self.too_long.is_none() {
                return Ok(false);
            }
            let length = end.unwrap_or(left.len());
            if self.too_long.is_none() && length > LONGEST {
                self.too_long = left.get(..LONGEST).map(<[u8]>::to_vec);
            }
            if end.is_none() && !self.ended {
                if self.too_long.is_some() {
                    self.next = self.buffer.len();
                }
                self.fill()?;
                continue;
            }
            let line = left.get(..length).unwrap_or_default();
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            self.line = self.next..self.next + line.len();
            self.next += length + usize::from(end.is_some());
            self.number += 1;
            return Ok(true);
        }
    }

    /// Reads a chunk more behind what was not given out.
    fn fill(&mut self) -> Result<(), ReadError> {
        self.buffer.drain(..self.next);
        self.next = 0;
        let before = self.buffer.len();
        // A chunk is read whole or to the end of the file, so chunks end in the same places
        // whenever the same file is read.
        let read = (&mut self.input.bytes)
            .take(CHUNK as u64)
            .read_to_end(&mut self.buffer)
            .map_err(|error| self.input.failed(error))?;
        self.ended = read < CHUNK;
        self.hash
            .update(self.buffer.get(before..).unwrap_or_default());
        self.remember()
    }

    /// Compares the chunk with the one that was seen in its place, or notes what it is.
    fn remember(&mut self) -> Result<(), ReadError> {
        let mark: [u8; 32] = self.hash.clone().finalize().into();
        let seen = self.seen.0.get();
        if seen.is_some_and(|seen| seen.get(self.marks.len()) != Some(&mark)) {
            return Err(ReadError::Changed);
        }
        self.marks.push(mark);
        if self.ended && self.seen.0.get_or_init(|| self.marks.clone()) != &self.marks {
            return Err(ReadError::Changed);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_without_end_does_not_fill_the_memory() {
        let input = std::io::repeat(b'x').take(8 * 1024 * 1024);
        let mut lines = Lines::new(Input::of(input), Format::Csv, Seen::default()).unwrap();
        assert!(lines.advance().unwrap());
        assert!(lines.is_too_long());
        assert_eq!((lines.number(), lines.line().len()), (1, LONGEST));
        assert!(lines.buffer.capacity() <= 2 * (CHUNK + LONGEST));
        assert!(!lines.advance().unwrap());
    }
}
