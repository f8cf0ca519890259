//! What is wrong with a row.

use std::borrow::Cow;
use std::fmt;

use serde::Serialize;

use crate::file::Column;

/// One rule that a row of a file breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Problem {
    /// The line of the file, counted from 1; a heading is a line too.
    pub line: u64,
    /// The column; none where the line as a whole is wrong.
    pub column: Option<Column>,
    /// The rule, in words. It never repeats the value.
    pub rule: Cow<'static, str>,
}

impl Problem {
    /// A rule that a row breaks.
    pub fn new(line: u64, column: Option<Column>, rule: impl Into<Cow<'static, str>>) -> Self {
        Self {
            line,
            column,
            rule: rule.into(),
        }
    }

    /// Column and rule, for where the line is known.
    pub(crate) fn in_its_line(&self) -> impl fmt::Display {
        fmt::from_fn(|f| match self.column {
            Some(column) => write!(f, "{column}: {}", self.rule),
            None => f.write_str(&self.rule),
        })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let separator = if self.column.is_some() { "," } else { ":" };
        write!(f, "line {}{separator} {}", self.line, self.in_its_line())
    }
}

/// The first problems of many, and how many there were: a file of a million rows can break ten
/// million rules, and nobody reads them all.
#[derive(Debug, Clone)]
pub struct Problems {
    first: Vec<Problem>,
    most: usize,
    count: u64,
}

impl Problems {
    /// Keeps so many at most.
    #[must_use]
    pub fn at_most(most: usize) -> Self {
        Self {
            first: Vec::new(),
            most,
            count: 0,
        }
    }

    /// Counts a problem, and keeps it if there is room.
    pub fn add(&mut self, problem: Problem) {
        self.count += 1;
        if self.first.len() < self.most {
            self.first.push(problem);
        }
    }

    /// Those that were kept, in the order in which they came.
    #[must_use]
    pub fn first(&self) -> &[Problem] {
        &self.first
    }

    /// How many there were.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }
}
