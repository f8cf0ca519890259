//! After a lost answer: looking for what the merchant's own id names, instead of sending again.

use crate::error::{ApiErrorKind, Error, Lookup};

/// Ends a call whose outcome is unknown with what it made, if that is there.
///
/// `agrees` says whether what is there is what was asked for. Where it is not there the outcome
/// stays unknown: the request may still be on its way, so it is not sent again.
pub(crate) async fn found<T>(
    error: Error,
    look_up: impl Future<Output = Result<T, Error>>,
    agrees: impl FnOnce(&T) -> bool,
) -> Result<T, Error> {
    let Error::OutcomeUnknown(mut unknown) = error else {
        return Err(error);
    };
    tracing::info!(operation = unknown.operation, "looking for what it made");
    unknown.lookup = Some(match look_up.await {
        Ok(found) if agrees(&found) => return Ok(found),
        Ok(_) => Lookup::Another,
        Err(error) => match error.as_api() {
            Some(refused) if refused.kind == ApiErrorKind::NotFound => Lookup::NotThere,
            _ => Lookup::Failed(error),
        },
    });
    Err(Error::OutcomeUnknown(unknown))
}
