//! How a command ends that did not work.

use std::fmt;
use std::io::Write as _;
use std::process::ExitCode;

use enkash_api::auth::{AuthError, Cause};
use enkash_api::transport::wire::AnswerError;
use enkash_api::{BuildError, Error};
use enkash_transport::{Failure as Failed, TransportError};
use enkash_types::Violations;

/// Why a command failed; decides the exit code.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The call did not work.
    Call(Error),
    /// It did not work, and this is what to do.
    Advised(Box<Self>, &'static str),
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
    /// A failed call, whose broken rules are told by the names of the command's arguments, where
    /// these are not those of the request's fields: pairs of path and argument.
    pub(crate) fn named(error: impl Into<Error>, arguments: &[(&str, &str)]) -> Self {
        match error.into() {
            Error::Invalid(violations) => Self::Input(broken(&violations, arguments)),
            error => Self::Call(error),
        }
    }

    /// Says it on stderr and gives the exit code.
    pub(crate) fn report(&self) -> ExitCode {
        if !matches!(self, Self::Said) {
            // A closed stderr is no reason to fail otherwise than told.
            let _ = writeln!(std::io::stderr(), "enkash: {self}{}", self.causes());
        }
        ExitCode::from(self.code())
    }

    fn code(&self) -> u8 {
        match self {
            Self::Call(Error::OutcomeUnknown(_)) | Self::Unknown(_) => 3,
            Self::Call(Error::Invalid(_) | Error::Encode(_) | Error::NotConfigured(_))
            | Self::Input(_)
            | Self::Said => 2,
            Self::Call(_) | Self::Other(_) => 1,
            Self::Advised(failure, _) => failure.code(),
        }
    }
}

impl Failure {
    /// What lies below a failed call, a line each: why a server could not be reached, and where it
    /// was looked for.
    fn causes(&self) -> String {
        let Self::Call(error) = self else {
            // Those of one with advice stand above that.
            return String::new();
        };
        let first = std::error::Error::source(error);
        let mut lines: String = std::iter::successors(first, |error| error.source())
            .map(|error| format!("\n  because: {error}"))
            .collect();
        let is_elsewhere =
            |error: &TransportError| matches!(error.failure(), Failed::Connect | Failed::Tls);
        if on_its_way(error).is_some_and(is_elsewhere)
            && let Ok(address) = std::env::var("ENKASH_ENVIRONMENT")
        {
            lines += &format!("\n  ENKASH_ENVIRONMENT is {address}");
            if let Some(port) = address.strip_prefix("http://127.0.0.1:") {
                lines += &format!("; `enkash sandbox --port {port}` runs a local EnKash there");
            }
        }
        lines
    }
}

/// What happened to a request on its way, be it that of a token.
fn on_its_way(error: &Error) -> Option<&TransportError> {
    match error {
        Error::Transport { error, .. } => Some(error),
        Error::Auth(AuthError::Unavailable(unavailable)) => match &unavailable.cause {
            Cause::Transport(error) => Some(error),
            _ => None,
        },
        _ => None,
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Call(Error::Invalid(violations)) => f.write_str(&broken(violations, &[])),
            // Its own text is for a program, which can be given others while it runs.
            Self::Call(Error::Auth(AuthError::Refused(answer))) => {
                f.write_str(match answer {
                    AnswerError::Unreadable { .. } => {
                        "EnKash answered with no token, which may be how it refuses the credentials"
                    }
                    _ => "EnKash did not accept the credentials",
                })?;
                write!(
                    f,
                    ": {answer}. Look at the variables that hold them before you try again; if it is \
                     the password: three wrong ones lock the account"
                )
            }
            // What a program can do stands last in its text.
            Self::Call(Error::NotConfigured(missing)) => {
                let text = missing.to_string();
                let in_a_shell = text.split_once(", or call ").map(|(before, _)| before);
                f.write_str(in_a_shell.unwrap_or(&text))
            }
            Self::Call(error) => error.fmt(f),
            Self::Advised(failure, advice) => {
                write!(f, "{failure}{}\n  {advice}", failure.causes())
            }
            Self::Unknown(message) | Self::Input(message) | Self::Other(message) => {
                f.write_str(message)
            }
            Self::Said => Ok(()),
        }
    }
}

/// The rules that a request breaks, a line each.
fn broken(violations: &Violations, arguments: &[(&str, &str)]) -> String {
    let mut text = "the request breaks rules and was not sent:".to_owned();
    for violation in violations {
        // Which item of a list it is, is not said: an argument of many values has no numbers.
        let path = violation.path.split('[').next();
        let argument = arguments.iter().find(|(field, _)| path == Some(*field));
        text += &match argument {
            Some((_, argument)) => format!("\n  {argument}: {}", violation.message),
            None => format!("\n  {violation}"),
        };
    }
    text
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
