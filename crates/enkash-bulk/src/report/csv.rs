//! Writing CSV, as RFC 4180 has it.

use std::io::{self, Write};

/// A text that begins like this is computed by the spreadsheet that opens it.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Writes one line.
pub(super) fn record<T: AsRef<str>>(
    out: &mut dyn Write,
    fields: impl IntoIterator<Item = T>,
) -> io::Result<()> {
    for (index, field) in fields.into_iter().enumerate() {
        if index > 0 {
            out.write_all(b",")?;
        }
        self::field(out, field.as_ref())?;
    }
    out.write_all(b"\n")
}

fn field(out: &mut dyn Write, text: &str) -> io::Result<()> {
    let is_formula = text.starts_with(FORMULA);
    if !is_formula && !text.contains([',', '"', '\n', '\r']) {
        return out.write_all(text.as_bytes());
    }
    let mark = if is_formula { "'" } else { "" };
    write!(out, "\"{mark}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_where_they_must_be_and_never_computed() {
        let mut out = Vec::new();
        let fields = ["", "a b", "a,b", "a \"b\"", "a\nb", "=1+1", "-5", "@x,y"];
        record(&mut out, fields).unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            ",a b,\"a,b\",\"a \"\"b\"\"\",\"a\nb\",\"'=1+1\",\"'-5\",\"'@x,y\"\n"
        );
    }
}
