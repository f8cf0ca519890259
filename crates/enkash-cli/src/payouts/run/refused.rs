//! The file of its own for the rows that break a rule.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};

use enkash_bulk::check::{CheckError, Checked};
use enkash_bulk::file::PayoutFile;

use super::plan::unusable;
use crate::failure::Failure;
use crate::payouts::{new_file, say};

/// Where the refused rows of a file go.
pub(super) struct Refused {
    path: PathBuf,
}

impl Refused {
    /// Into the file that was named, or else into one beside theirs.
    pub(super) fn of(file: &Path, named: Option<&Path>) -> Self {
        let path = named.map_or_else(|| beside(file), Path::to_owned);
        Self { path }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Whether they are in it already: a run that was stopped before it began has written them.
    ///
    /// # Errors
    ///
    /// It cannot be made, as far as can be seen without making it. Another file must not be there,
    /// since a person may have corrected it.
    pub(super) fn is_written(
        &self,
        file: &PayoutFile,
        checked: &Checked,
        journal: Option<&Path>,
    ) -> Result<bool, Failure> {
        let whole = |path: &Path| std::path::absolute(path).ok();
        if journal.is_some_and(|journal| whole(journal) == whole(&self.path)) {
            return Err(self.cannot_be_made("the journal is to be there"));
        }
        if self.path.symlink_metadata().is_ok() {
            // What is no file may not end.
            let is_file = self.path.metadata().is_ok_and(|there| there.is_file());
            return match is_file && self.holds(file, checked).unwrap_or(false) {
                true => Ok(true),
                false => Err(self.cannot_be_made("it is there already")),
            };
        }
        let folder = self.path.parent();
        match folder.filter(|folder| !folder.as_os_str().is_empty()) {
            Some(folder) if !folder.is_dir() => {
                let why = format!("there is no folder {}", folder.display());
                Err(self.cannot_be_made(&why))
            }
            _ => Ok(false),
        }
    }

    /// Whether the file has what would be written into it.
    fn holds(&self, file: &PayoutFile, checked: &Checked) -> Result<bool, CheckError> {
        let there = File::open(&self.path).map_err(CheckError::Refused)?;
        let mut same = Same(BufReader::new(there));
        checked.write_refused(file, &mut same)?;
        let rest = same.0.fill_buf().map_err(CheckError::Refused)?;
        Ok(rest.is_empty())
    }

    /// Writes the rows that break a rule into it.
    pub(super) fn write(&self, file: &PayoutFile, checked: &Checked) -> Result<(), Failure> {
        let opened = new_file(&self.path);
        let opened = opened.map_err(|error| self.cannot_be_made(&error.to_string()))?;
        let mut out = BufWriter::new(&opened);
        let written = checked.write_refused(file, &mut out);
        // On the disk before the journal says that the run was begun.
        let kept = written.and_then(|_| opened.sync_all().map_err(CheckError::Refused));
        kept.map_err(|error| {
            // Half of it would stand in the way, and help nobody.
            let _ = std::fs::remove_file(&self.path);
            match error {
                CheckError::Refused(error) => Failure::Other(format!(
                    "nothing was sent: cannot write {} for the refused rows: {error}",
                    self.path.display()
                )),
                error => unusable(error),
            }
        })?;
        say(&format!(
            "the refused rows are in {}\n",
            self.path.display()
        ));
        Ok(())
    }

    fn cannot_be_made(&self, why: &str) -> Failure {
        Failure::Input(format!(
            "nothing was sent: cannot make {} for the refused rows: {why}; move it away, or give \
             another by --refused",
            self.path.display()
        ))
    }
}

/// Takes what is there already, and fails at the first difference.
struct Same<R>(R);

impl<R: BufRead> Write for Same<R> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let there = self.0.fill_buf()?;
        let length = there.len().min(bytes.len());
        if length < bytes.len().min(1) || there.get(..length) != bytes.get(..length) {
            return Err(io::ErrorKind::AlreadyExists.into());
        }
        self.0.consume(length);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The file for refused rows beside the one that they stand in.
fn beside(file: &Path) -> PathBuf {
    let mut ending = OsString::from("refused");
    if let Some(own) = file.extension() {
        ending.push(".");
        ending.push(own);
    }
    file.with_extension(ending)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refused_rows_go_beside_the_file_in_its_format() {
        for (file, refused) in [
            ("payouts.csv", "payouts.refused.csv"),
            ("in/may.2026.jsonl", "in/may.2026.refused.jsonl"),
            ("payouts", "payouts.refused"),
        ] {
            assert_eq!(
                Refused::of(Path::new(file), None).path(),
                Path::new(refused)
            );
        }
    }
}
