//! What comes from files and stdin.

use std::io::Read as _;

use crate::failure::Failure;

/// The largest file that is read. Requests are far smaller.
const LARGEST: u64 = 16 * 1024 * 1024;

/// Reads a file, or stdin for `-`.
pub(crate) fn read(file: &str) -> Result<Vec<u8>, Failure> {
    let mut text = Vec::new();
    let read = if file == "-" {
        std::io::stdin().take(LARGEST + 1).read_to_end(&mut text)
    } else {
        std::fs::File::open(file).and_then(|opened| opened.take(LARGEST + 1).read_to_end(&mut text))
    };
    read.map_err(|error| Failure::Input(format!("cannot read {file}: {error}")))?;
    if text.len() as u64 > LARGEST {
        return Err(Failure::Input(format!("{file} is larger than 16 MiB")));
    }
    Ok(text)
}
