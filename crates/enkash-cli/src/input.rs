//! What comes from files, stdin and arguments.

use std::io::Read as _;
use std::str::FromStr;

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

/// A whole number of things. None of them makes no mandate, no page of a search, and no batch.
pub(crate) fn whole<N: FromStr + Default + PartialEq>(text: &str) -> Result<N, &'static str> {
    match text.parse() {
        Ok(number) if number != N::default() => Ok(number),
        _ => Err("must be a whole number, 1 or more"),
    }
}
