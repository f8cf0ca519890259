//! What came of it.

use std::fmt;

/// One case, and what was wrong with it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Case {
    /// What is demanded.
    pub name: &'static str,
    /// How the transport fell short; `None` if it did not.
    pub failure: Option<String>,
}

/// Every case that was run. Its text names all of them and says what failed.
#[derive(Debug, Clone, Default)]
#[must_use = "a report that nobody looks at tests nothing; call `assert_passed`"]
pub struct Report {
    cases: Vec<Case>,
}

/// What a case comes to: nothing, or how the transport fell short.
pub(super) type Outcome = Result<(), String>;

impl Report {
    pub(super) fn add(&mut self, name: &'static str, outcome: Outcome) {
        self.cases.push(Case {
            name,
            failure: outcome.err(),
        });
    }

    /// The cases in the order in which they ran.
    #[must_use]
    pub fn cases(&self) -> &[Case] {
        &self.cases
    }

    /// Whether no case failed.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.cases.iter().all(|case| case.failure.is_none())
    }

    /// For a test.
    ///
    /// # Panics
    ///
    /// With the report, if a case failed.
    #[track_caller]
    pub fn assert_passed(&self) {
        assert!(self.passed(), "the transport does not conform:\n{self}");
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for case in &self.cases {
            match &case.failure {
                None => writeln!(f, "passed  {}", case.name)?,
                Some(failure) => writeln!(f, "FAILED  {}: {failure}", case.name)?,
            }
        }
        Ok(())
    }
}
