//! The inputs that a target starts from. They are made here, so that none is kept in a file.

use std::path::PathBuf;
use std::{env, fs};

use crate::declared::OPERATIONS;

/// Writes the seeds into the folder that libFuzzer was given for its corpus, if it was given one:
/// the first argument that is a folder.
///
/// # Panics
///
/// If they cannot be written.
pub fn write(seeds: impl IntoIterator<Item = Vec<u8>>) {
    let mut arguments = env::args_os().skip(1).map(PathBuf::from);
    let Some(folder) = arguments.find(|path| path.is_dir()) else {
        return;
    };
    for (number, seed) in seeds.into_iter().enumerate() {
        let file = folder.join(format!("seed-{number:04}"));
        fs::write(&file, seed).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    }
}

/// Requests and messages that keep every rule, some of each operation, with its number in front.
pub fn valid_requests() -> impl Iterator<Item = Vec<u8>> {
    OPERATIONS
        .iter()
        .enumerate()
        .flat_map(|(index, operation)| {
            let some = operation.valid.iter().take(3);
            some.map(move |value| with_number(index, value.to_string().into_bytes()))
        })
}

/// An input for the operation of this number.
///
/// # Panics
///
/// If one byte is not enough for the number.
pub fn with_number(index: usize, mut rest: Vec<u8>) -> Vec<u8> {
    let number = u8::try_from(index).expect("256 operations at most are told by one byte");
    rest.insert(0, number);
    rest
}
