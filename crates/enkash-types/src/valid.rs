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
                path: path.to_string(),
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

/// The rule of a field that may be left out only together with another.
pub(crate) fn goes_with<T, U>(
    field: &Option<T>,
    other: &Option<U>,
    rule: &'static str,
) -> Result<(), Broken> {
    given_if(other.is_some(), field.is_some(), rule)
}

/// The rule of a field that is needed in some cases.
pub(crate) fn given_if(needed: bool, given: bool, rule: &'static str) -> Result<(), Broken> {
    if needed && !given {
        Err(Broken(rule))
    } else {
        Ok(())
    }
}

/// Writes the `Validate` of a struct: each field by its name on the wire, checked by the rules of
/// its own type, or `skip`; below `also`, rules that one field's type does not know.
///
/// A field that is not named here does not compile. (garde's derive does the same by way of a
/// procedural macro, which takes longer to build than all of our types, and names fields as Rust
/// does.)
macro_rules! rules {
    (
        $type:ident { $($field:ident: $checked:tt),+ $(,)? }
        $(also { $($path:literal => |$this:ident| $rule:expr),+ $(,)? })?
    ) => {
        impl garde::Validate for $type {
            type Context = ();

            #[allow(unused_variables)] // Some requests have no rules.
            #[inline]
            fn validate_into(
                &self,
                (): &(),
                parent: &mut dyn FnMut() -> garde::Path,
                report: &mut garde::Report,
            ) {
                let Self { $($field: _),+ } = self;
                $($crate::valid::rules!(@field self.$field, $checked, parent, report);)+
                $($(
                    let $this = self;
                    if let Err(broken) = $rule {
                        report.append(parent().join($path), broken.into());
                    }
                )+)?
            }
        }
    };
    (@field $field:expr, skip, $parent:ident, $report:ident) => {};
    (@field $field:expr, $name:literal, $parent:ident, $report:ident) => {
        garde::Validate::validate_into(&$field, &(), &mut || $parent().join($name), $report)
    };
}

pub(crate) use rules;
