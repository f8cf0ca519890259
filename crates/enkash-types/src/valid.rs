//! Rules that were broken, and the proof that none was.

use std::fmt;
use std::ops::Deref;

use garde::Validate;
use serde::Serialize;

/// A value that was checked and keeps every documented rule.
///
/// The only way to get one is [`Valid::check`], so a function that takes a `Valid<T>` need not
/// check again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Valid<T>(T);

impl<T: Validate<Context = ()>> Valid<T> {
    /// Checks a value against all of its rules.
    ///
    /// # Errors
    ///
    /// Every rule that the value breaks, not just the first.
    pub fn check(value: T) -> Result<Self, Violations> {
        match value.validate() {
            Ok(()) => Ok(Self(value)),
            Err(report) => Err(Violations::from_report(report)),
        }
    }
}

impl<T> Valid<T> {
    /// Gives the value back; the proof is gone with it.
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl<T> Deref for Valid<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl<T> AsRef<T> for Valid<T> {
    fn as_ref(&self) -> &T {
        &self.0
    }
}

/// What a call takes: a `T`, which is checked on the way, or a `Valid<T>`, which was.
pub trait IntoValid<T> {
    /// Checks the value if that has not been done.
    ///
    /// # Errors
    ///
    /// Every rule that the value breaks.
    fn into_valid(self) -> Result<Valid<T>, Violations>;
}

impl<T: Validate<Context = ()>> IntoValid<T> for T {
    fn into_valid(self) -> Result<Valid<T>, Violations> {
        Valid::check(self)
    }
}

impl<T> IntoValid<T> for Valid<T> {
    fn into_valid(self) -> Result<Valid<T>, Violations> {
        Ok(self)
    }
}

/// One rule that a value breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Violation {
    /// Where, by the names on the wire: `paymentDetail.ifsc`. Empty for the value as a whole.
    pub path: String,
    /// The rule, in words. It never repeats the value.
    pub message: String,
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.message)
        } else {
            write!(f, "{}: {}", self.path, self.message)
        }
    }
}

/// Every rule that a value breaks; never empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Violations(Vec<Violation>);

impl Violations {
    /// A single violation.
    pub fn one(path: impl Into<String>, message: impl Into<String>) -> Self {
        Self(vec![Violation {
            path: path.into(),
            message: message.into(),
        }])
    }

    fn from_report(report: garde::Report) -> Self {
        let mut violations: Vec<_> = report
            .into_inner()
            .into_iter()
            .map(|(path, error)| Violation {
                path: wire_path(&path.to_string()),
                message: error.message().to_owned(),
            })
            .collect();
        violations.sort_by(|a, b| a.path.cmp(&b.path));
        Self(violations)
    }

    /// The violations in the order of their paths.
    pub fn iter(&self) -> std::slice::Iter<'_, Violation> {
        self.0.iter()
    }
}

impl<'a> IntoIterator for &'a Violations {
    type Item = &'a Violation;
    type IntoIter = std::slice::Iter<'a, Violation>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, violation) in self.iter().enumerate() {
            if index > 0 {
                f.write_str("; ")?;
            }
            violation.fmt(f)?;
        }
        Ok(())
    }
}

impl std::error::Error for Violations {}

/// Names that are not camelCase on the wire. They hold for every type.
const VERBATIM: [&str; 2] = ["grant_type", "refresh_token"];

/// garde names fields as Rust does (its `rename` does nothing as of 0.23); a user knows them as
/// EnKash does, which is camelCase but for [`VERBATIM`].
fn wire_path(path: &str) -> String {
    path.split('.')
        .map(|name| match VERBATIM.contains(&name) {
            true => name.to_owned(),
            false => camel_case(name),
        })
        .collect::<Vec<_>>()
        .join(".")
}

fn camel_case(name: &str) -> String {
    let mut camel = String::with_capacity(name.len());
    let mut upper = false;
    for c in name.chars() {
        if c == '_' {
            upper = true;
        } else if std::mem::take(&mut upper) {
            camel.push(c.to_ascii_uppercase());
        } else {
            camel.push(c);
        }
    }
    camel
}

/// A rule in words, as the hand-written checks return it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Broken(pub &'static str);

impl Broken {
    pub(crate) const EMPTY: Self = Self("must not be empty");
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl std::error::Error for Broken {}

impl From<Broken> for garde::Error {
    fn from(broken: Broken) -> Self {
        Self::new(broken.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_wire() {
        assert_eq!(wire_path("payment_detail.ifsc"), "paymentDetail.ifsc");
        assert_eq!(
            wire_path("items[3].fund_source_id"),
            "items[3].fundSourceId"
        );
        assert_eq!(wire_path("grant_type"), "grant_type");
        assert_eq!(wire_path(""), "");
    }
}
