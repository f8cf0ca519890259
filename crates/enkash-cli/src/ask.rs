//! What is asked of the person at the terminal.

use std::io::{BufRead, IsTerminal as _, Read as _, Write as _};

use console::Term;
use enkash_types::Secret;

use crate::failure::Failure;

/// Whether to ask before something that cannot be taken back.
#[derive(Debug, clap::Args)]
pub(crate) struct Confirm {
    /// Do it without asking. It is needed where nobody can be asked, in a script.
    #[arg(long, short)]
    yes: bool,
}

impl Confirm {
    /// Whether a question will be asked.
    ///
    /// # Errors
    ///
    /// It should be, and nobody can answer.
    pub(crate) fn will_ask(&self) -> Result<bool, Failure> {
        if !self.yes && !is_somebody_there() {
            return Err(Failure::Input(
                "this cannot be taken back, and nobody can be asked here: give --yes to do it"
                    .to_owned(),
            ));
        }
        Ok(!self.yes)
    }

    /// Returns if it may be done. `details` are shown above the question.
    pub(crate) fn ask(&self, details: &str, question: &str) -> Result<(), Failure> {
        if !self.will_ask()? {
            return Ok(());
        }
        say(&format!("{details}{question} [y/N] "))?;
        let answer = line(&mut std::io::stdin().lock())?;
        if answer.is_none() {
            // The terminal has begun no new line.
            say("\n")?;
        }
        if is_yes(answer) {
            Ok(())
        } else {
            Err(Failure::Other("nothing was sent".to_owned()))
        }
    }
}

fn is_somebody_there() -> bool {
    std::io::stdin().is_terminal() && std::io::stderr().is_terminal()
}

/// Questions go to stderr: stdout is for results.
fn say(text: &str) -> Result<(), Failure> {
    let mut stderr = std::io::stderr().lock();
    stderr
        .write_all(text.as_bytes())
        .and_then(|()| stderr.flush())
        .map_err(|error| Failure::Other(format!("cannot ask: {error}")))
}

/// Anything but a yes is a no, and so is the end of what is typed.
fn is_yes(answer: Option<String>) -> bool {
    let answer = answer.unwrap_or_default().to_ascii_lowercase();
    matches!(answer.trim(), "y" | "yes")
}

/// What must not be an argument, since a shell keeps those and every user of the machine can see
/// them: typed without being shown, or the next line of stdin.
pub(crate) fn secret(name: &str) -> Result<Secret, Failure> {
    let text = if !std::io::stdin().is_terminal() {
        line(&mut std::io::stdin().lock())?
    } else if is_somebody_there() {
        say(&format!("{name}: "))?;
        let typed = hidden();
        Some(typed.map_err(|error| cannot_read(&error))?)
    } else {
        return Err(Failure::Input(format!(
            "cannot ask for the {name}: stderr is no terminal; give it on stdin"
        )));
    };
    match text {
        Some(text) if !text.is_empty() => Ok(Secret::new(text)),
        _ => Err(Failure::Input(format!(
            "the {name} is missing: type it when asked, or give it as a line of stdin"
        ))),
    }
}

/// The next line of the terminal, which does not show it meanwhile.
fn hidden() -> std::io::Result<String> {
    #[cfg(unix)]
    leave_the_terminal_as_it_is()?;
    Term::stderr().read_secure_line()
}

/// Ends the process at a Ctrl-C with a terminal that shows what is typed, as it does now: the signal
/// alone would leave it silent.
#[cfg(unix)]
fn leave_the_terminal_as_it_is() -> std::io::Result<()> {
    use nix::sys::termios::{SetArg, tcgetattr, tcsetattr};
    use tokio::signal::unix::{SignalKind, signal};

    let as_it_is = tcgetattr(std::io::stdin())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    tokio::spawn(async move {
        interrupt.recv().await;
        let _ = tcsetattr(std::io::stdin(), SetArg::TCSANOW, &as_it_is);
        let _ = say("\n");
        // What a shell says of a command that a Ctrl-C has ended.
        std::process::exit(130);
    });
    Ok(())
}

/// The longest line that is read.
const LONGEST: u64 = 1024;

/// The next line without its end, or `None` if there is none.
fn line(from: &mut impl BufRead) -> Result<Option<String>, Failure> {
    let mut text = String::new();
    let length = from
        .take(LONGEST)
        .read_line(&mut text)
        .map_err(|error| cannot_read(&error))?;
    if length as u64 == LONGEST {
        return Err(Failure::Input("a line of stdin is too long".to_owned()));
    }
    let kept = text.trim_end_matches(['\r', '\n']).len();
    text.truncate(kept);
    Ok((length > 0).then_some(text))
}

fn cannot_read(error: &std::io::Error) -> Failure {
    Failure::Input(format!("cannot read stdin: {error}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_yes_is_a_yes() {
        for (answer, expected) in [
            ("y\n", true),
            ("Yes\r\n", true),
            ("y", true),
            ("\n", false),
            ("", false),
            ("no\n", false),
            ("yesterday\n", false),
        ] {
            let typed = line(&mut answer.as_bytes()).unwrap();
            assert_eq!(is_yes(typed), expected, "{answer:?}");
        }
    }

    #[test]
    fn lines_are_read_one_by_one() {
        let mut from = "1\r\n\n2".as_bytes();
        let mut next = || line(&mut from).unwrap();
        assert_eq!(next().as_deref(), Some("1"));
        assert_eq!(next().as_deref(), Some(""));
        assert_eq!(next().as_deref(), Some("2"));
        assert_eq!(next(), None);
        assert!(line(&mut "1".repeat(2000).as_bytes()).is_err());
    }
}
