//! What may have happened, or not.

use std::fmt;

use super::{ApiErrorKind, Error};

/// A request may have arrived, and what became of it is not known.
///
/// It was not sent again; but for transfers, whose id EnKash takes once
/// ([`payouts::Transfers`](crate::payouts::Transfers)).
#[derive(Debug)]
#[non_exhaustive]
pub struct OutcomeUnknown {
    /// The operation that was called.
    pub operation: &'static str,
    /// The field and the id by which the merchant named it, where the operation has one.
    pub merchant_id: Option<(&'static str, String)>,
    /// What came of looking for what that id names, where a call for it is documented.
    pub lookup: Option<Lookup>,
    /// What happened instead of an answer. `None` where nothing was sent, since looking was enough
    /// to be in doubt: a transfer that is resumed, and something else is there under its id.
    pub source: Option<Error>,
}

impl fmt::Display for OutcomeUnknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: EnKash may have done this or not", self.operation)?;
        if let Some(lookup) = &self.lookup {
            write!(f, "; {lookup}")?;
        }
        match &self.merchant_id {
            Some((field, id)) => write!(
                f,
                "; look for {field} {id} at EnKash before you use another id, and do not send it again blindly"
            )?,
            None => f.write_str("; find out at EnKash before you send it again")?,
        }
        // The cause alone: what to do about it is said above.
        match &self.source {
            None => Ok(()),
            Some(Error::Transport { error, .. }) => write!(f, " ({error})"),
            Some(Error::Api(error)) => {
                write!(f, " ({}", error.refusal)?;
                // Most often that is all there is to it.
                if error.kind == ApiErrorKind::NotAllowed
                    && let Some(advice) = error.advice()
                {
                    write!(f, "; {advice}")?;
                }
                f.write_str(")")
            }
            Some(Error::Decode(error)) => {
                write!(f, " (HTTP {}, but {})", error.status, error.error)
            }
            Some(other) => write!(f, " ({other})"),
        }
    }
}

/// What came of looking for what a request may have made. Had it been found, the call would have
/// ended with it.
#[derive(Debug)]
#[non_exhaustive]
pub enum Lookup {
    /// It is not there, or not yet: a request can arrive late.
    NotThere,
    /// It was not seen where it need not be: in a statement, for one.
    NotSeen,
    /// Something else is there under the same id.
    Another,
    /// It could not be looked up.
    Failed(Error),
}

impl fmt::Display for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotThere => f.write_str("it was looked up and is not there, or not yet"),
            Self::NotSeen => f.write_str("it was looked for and not seen, which proves nothing"),
            Self::Another => f.write_str("something else is there under the same id"),
            Self::Failed(error) => write!(f, "it could not be looked up ({error})"),
        }
    }
}

impl std::error::Error for OutcomeUnknown {
    /// What lies below [`source`](Self::source), whose own text is part of this error's.
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref()?.source()
    }
}
