//! How often to look, and for how long.

use std::time::Duration;

use enkash_api::Polling;
use jiff::SignedDuration;

#[derive(Debug, clap::Args)]
#[group(skip)]
pub(crate) struct Args {
    /// How long to wait between two looks: 5s, 1m.
    #[arg(long, value_name = "TIME", default_value = "5s", value_parser = pause)]
    every: Duration,
    /// How long to look at most: 90s, 15m, 2h.
    #[arg(long = "for", value_name = "TIME", default_value = "5m", value_parser = time)]
    at_most: Duration,
}

impl Args {
    pub(crate) fn polling(&self) -> Polling {
        Polling::new(self.every, self.at_most)
    }

    /// What to say when the time is up and nothing is certain yet.
    pub(crate) fn time_is_up(&self, what: &str) -> String {
        let so_long = SignedDuration::try_from(self.at_most).unwrap_or_default();
        format!("the time is up after {so_long:#}: {what}; look again later, or longer with --for")
    }
}

/// A time in units (`1m 30s`), or in seconds.
fn time(text: &str) -> Result<Duration, String> {
    let wrong = || "must be a time like 90s, 15m or 2h".to_owned();
    if let Ok(seconds) = text.parse() {
        return Ok(Duration::from_secs(seconds));
    }
    let time: SignedDuration = text.parse().map_err(|_| wrong())?;
    time.try_into().map_err(|_| wrong())
}

/// The shortest pause. How many calls EnKash bears is not documented.
const SHORTEST: Duration = Duration::from_millis(100);

fn pause(text: &str) -> Result<Duration, String> {
    match time(text)? {
        short if short < SHORTEST => Err("must be 100ms at least".to_owned()),
        pause => Ok(pause),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;

    #[derive(clap::Parser)]
    struct Cli {
        #[command(flatten)]
        args: Args,
    }

    #[test]
    fn times_are_written_with_units() {
        for (text, milliseconds) in [
            ("90", 90_000),
            ("90s", 90_000),
            ("1m 30s", 90_000),
            ("2h", 7_200_000),
            ("250ms", 250),
        ] {
            assert_eq!(
                time(text),
                Ok(Duration::from_millis(milliseconds)),
                "{text}"
            );
        }
        for wrong in ["", "soon", "-5s", "5 parsecs"] {
            assert!(time(wrong).is_err(), "{wrong}");
        }
        assert!(pause("99ms").is_err() && pause("0").is_err());
    }

    #[test]
    fn by_default_it_looks_as_the_client_does() {
        let args = Cli::parse_from(["enkash"]).args;
        assert_eq!(args.polling(), Polling::default());
        let args = Cli::parse_from(["enkash", "--for", "1h 30m"]).args;
        insta::assert_snapshot!(args.time_is_up("it is open"), @"the time is up after 1h 30m: it is open; look again later, or longer with --for");
    }
}
