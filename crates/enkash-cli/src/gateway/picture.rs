//! The pictures of QR codes.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use console::{Term, measure_text_width};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use serde_json::Value;

use crate::failure::Failure;
use crate::output::Output;

#[derive(Debug, Default, clap::Args)]
pub(crate) struct Args {
    /// Write the code's picture into this file.
    #[arg(long, value_name = "FILE")]
    png: Option<PathBuf>,
}

impl Args {
    /// Writes an answer, in which a field holds a picture in base64, and then the picture if that
    /// is asked for. A person sees the other fields alone.
    pub(crate) fn answer(
        &self,
        mut answer: Value,
        field: &str,
        output: &Output,
    ) -> Result<(), Failure> {
        let picture = answer.get(field).and_then(Value::as_str).map(str::to_owned);
        if picture.is_some() && !output.is_json() {
            answer[field] = "(a picture; --png FILE writes it)".into();
        }
        output.fields(&answer)?;
        match (&self.png, picture) {
            (None, _) => Ok(()),
            (Some(file), Some(picture)) => write(file, &picture),
            (Some(_), None) => Err(Failure::Other(format!(
                "EnKash sent no {field}, so there is no picture to write"
            ))),
        }
    }
}

fn write(file: &Path, base64: &str) -> Result<(), Failure> {
    let name = file.display();
    // An address that holds its data begins with what they are: data:image/png;base64,
    let base64 = match base64.split_once(";base64,") {
        Some((_, base64)) => base64,
        None => base64,
    };
    let picture = STANDARD
        .decode(base64.trim())
        .map_err(|error| Failure::Other(format!("the picture is no base64: {error}")))?;
    std::fs::write(file, &picture)
        .map_err(|error| Failure::Input(format!("cannot write {name}: {error}")))?;
    if !picture.starts_with(b"\x89PNG\r\n\x1a\n") {
        // Which kind of picture it is, is not documented. It may be of use all the same.
        let note = format!("enkash: note: what was written to {name} is no PNG\n");
        let _ = std::io::stderr().write_all(note.as_bytes());
    }
    Ok(())
}

/// A QR code to be scanned off a terminal: what is light is drawn, as most terminals are dark.
pub(crate) fn drawn(text: &str) -> Result<String, Failure> {
    let code = QrCode::new(text)
        .map_err(|error| Failure::Other(format!("cannot draw the code: {error}")))?;
    let mut drawn = code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Light)
        .light_color(Dense1x2::Dark)
        .build();
    drawn.push('\n');
    Ok(drawn)
}

/// How many characters stand beside each other on the terminal, as far as it says.
pub(crate) fn columns() -> usize {
    let size = Term::stdout().size_checked();
    size.map_or(usize::MAX, |(_, columns)| columns.into())
}

/// A drawn code, or what to do where the terminal is narrower than it: broken lines are no code.
pub(crate) fn fit(drawn: String, columns: usize) -> String {
    let width = drawn.lines().map(measure_text_width).max().unwrap_or(0);
    if width <= columns {
        return drawn;
    }
    format!(
        "(the code is {width} characters wide, and the terminal {columns}; --png FILE writes it)\n"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_written_as_it_was_sent() {
        let file = std::env::temp_dir().join(format!("enkash-picture-{}", std::process::id()));
        for sent in ["aGVsbG8=", "data:image/gif;base64,aGVsbG8=", " aGVsbG8=\n"] {
            write(&file, sent).unwrap();
            assert_eq!(std::fs::read(&file).unwrap(), b"hello", "{sent}");
        }
        std::fs::remove_file(&file).unwrap();
        assert!(write(&file, "no base64").is_err());
        assert!(!file.exists());
    }

    #[test]
    fn a_code_is_drawn_whole_or_not_at_all() {
        let code = drawn("upi://pay?pa=shop@sandbox").unwrap();
        assert_eq!(fit(code.clone(), 33), code);
        insta::assert_snapshot!(
            fit(code.clone(), 32),
            @"(the code is 33 characters wide, and the terminal 32; --png FILE writes it)"
        );
        insta::assert_snapshot!(code, @r"
        █████████████████████████████████
        █████████████████████████████████
        ████ ▄▄▄▄▄ █▀ █▄ ▄▄▄██ ▄▄▄▄▄ ████
        ████ █   █ █  ▀▄▄▀█▄██ █   █ ████
        ████ █▄▄▄█ ██▄ ▀ ▀▄█ █ █▄▄▄█ ████
        ████▄▄▄▄▄▄▄█ ▀ ▀▄█ ▀ █▄▄▄▄▄▄▄████
        ████▄██▀██▄█▄▄▄ █▄ ▀█ ▄█▀▄▄▄█████
        ████▄ ▀ █ ▄▀▄ ▄▀ █▀▄█ █▄▀██▄ ████
        ████  ▀█ █▄ ▀ ▀█▄▀█▀ ▀▄▀██▀ ▄████
        ████ █▄▄▀ ▄ █   ▄▄   █ ▄▀▄   ████
        ████▄█▄▄▄▄▄▄▀▄ ▄ ▄▄  ▄▄▄    ▄████
        ████ ▄▄▄▄▄ ██▀ ▄ ▄█▀ █▄█ ██▀ ████
        ████ █   █ ██ ▄ █▄     ▄▄ ▄▀▀████
        ████ █▄▄▄█ ██ ▀▀█▄█▀ █▀▄█▀▄█ ████
        ████▄▄▄▄▄▄▄█▄▄██▄██▄▄█▄▄▄███▄████
        █████████████████████████████████
        ▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀▀
        ");
    }
}
