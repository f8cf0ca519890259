//! How a command ends that did not work.

use std::fmt;
use std::io::Write as _;
use std::process::ExitCode;

use enkash_api::{BuildError, Error};

/// Why a command failed; decides the exit code.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The call did not work.
    Call(Error),
    /// It is not known how it ends.
    Unknown(String),
    /// What was given cannot be used.
    Input(String),
    /// As `Input`, and all that there is to say has been said.
    Said,
    /// Anything else.
    Other(String),
}

impl Failure {
    /// Says it on stderr and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        if !matches!(self, Self::Said) {
            // A closed stderr is no reason to fail otherwise than told.
            let _ = writeln!(std::io::stderr(), "enkash: {self}{}", self.causes());
        }
        ExitCode::from(match self {
            Self::Call(Error::OutcomeUnknown(_)) | Self::Unknown(_) => 3,
            Self::Call(Error::Invalid(_) | Error::Encode(_) | Error::NotConfigured(_))
            | Self::Input(_)
            | Self::Said => 2,
            Self::Call(_) | Self::Other(_) => 1,
        })
    }
}

impl Failure {
    /// What lies below a failed call, a line each: why a server could not be reached, say.
    fn causes(&self) -> String {
        let first = match self {
            Self::Call(error) => std::error::Error::source(error),
            _ => None,
        };
        std::iter::successors(first, |error| error.source())
            .map(|error| format!("\n  because: {error}"))
            .collect()
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(Error::Invalid(violations)) => {
                f.write_str("the request breaks rules and was not sent:")?;
                for violation in violations {
                    write!(f, "\n  {violation}")?;
                }
                Ok(())
            }
            Self::Call(error) => error.fmt(f),
            Self::Unknown(message) | Self::Input(message) | Self::Other(message) => {
                f.write_str(message)
            }
            Self::Said => Ok(()),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Call(error)
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        match error {
            BuildError::Transport(_) => Self::Other(error.to_string()),
            _ => Self::Input(error.to_string()),
        }
    }
}
