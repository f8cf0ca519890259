//! After a lost answer: looking, and asking again for the same id, until it is known that EnKash has
//! what was asked for.

use enkash_types::payouts::{CreateTransfer, CreateTransferBatch};
use enkash_types::{Endpoint, Replay, Valid};

use super::lookup::{SeenTransfer, Sighting};
use super::made::{Made, MadeBatch};
use crate::Client;
use crate::error::{ApiErrorKind, Error, Lookup, OutcomeUnknown};

/// Settles a transfer whose answer was lost by this call, or (where `lost` is `None`) maybe by an
/// earlier one.
pub(super) async fn transfer(
    client: &Client,
    transfer: &Valid<CreateTransfer>,
    lost: Option<Box<OutcomeUnknown>>,
) -> Result<Made, Error> {
    let id = transfer.transaction_id.as_str();
    let look_up = || look_up(client, transfer);
    let settled = settle(client, transfer, id, lost, look_up).await?;
    Ok(match settled {
        Settled::Answered(answer) => Made::Answered(answer),
        Settled::Found(seen) => Made::Found(seen),
        Settled::Known => Made::Known,
    })
}

/// As [`transfer`], for a batch.
pub(super) async fn batch(
    client: &Client,
    batch: &Valid<CreateTransferBatch>,
    lost: Option<Box<OutcomeUnknown>>,
) -> Result<MadeBatch, Error> {
    let id = batch.batch_transaction_id.as_str();
    let look_up = || std::future::ready(Err::<MadeBatch, _>(None));
    let settled = settle(client, batch, id, lost, look_up).await?;
    Ok(match settled {
        Settled::Answered(answer) => MadeBatch::Answered(answer),
        Settled::Found(found) => found,
        Settled::Known => MadeBatch::Known,
    })
}

/// Looks for a transfer. Where it is not what was asked for that is there, the error says what
/// came of it: nothing, if there is nothing to look with.
async fn look_up(
    client: &Client,
    transfer: &CreateTransfer,
) -> Result<SeenTransfer, Option<Lookup>> {
    let lookup = client.transfer_lookup().ok_or(None)?;
    Err(Some(match lookup.find(client, transfer).await {
        Ok(Sighting::There(seen)) if seen.is(transfer) => return Ok(seen),
        Ok(Sighting::There(_)) => Lookup::Another,
        Ok(Sighting::NotThere) => Lookup::NotThere,
        Ok(Sighting::NotSeen) => Lookup::NotSeen,
        Err(error) => Lookup::Failed(error),
    }))
}

/// What came of settling.
enum Settled<A, F> {
    Answered(A),
    Found(F),
    /// The id is known to EnKash.
    Known,
}

/// Looks for what `request` asked for, and sends it again with its id, in turns. EnKash documents
/// that it refuses an id that it knows; it is the only reason why this may send again.
async fn settle<E, F, L>(
    client: &Client,
    request: &Valid<E>,
    id: &str,
    lost: Option<Box<OutcomeUnknown>>,
    mut look_up: impl FnMut() -> L,
) -> Result<Settled<E::Answer, F>, Error>
where
    E: Endpoint,
    L: Future<Output = Result<F, Option<Lookup>>>,
{
    let operation = E::OPERATION.name;
    let unknown = |source, lookup| {
        Err(Error::OutcomeUnknown(Box::new(OutcomeUnknown {
            operation,
            merchant_id: match E::OPERATION.replay {
                Replay::ByMerchantId(field) => Some((field, id.to_owned())),
                Replay::Safe | Replay::Never => None,
            },
            lookup,
            source,
        })))
    };
    let mut sent = u32::from(lost.is_some());
    let mut source = lost.and_then(|lost| lost.source);
    loop {
        // The request whose answer was lost may still be on its way; let it get there first.
        let wait = client.inner.retry.wait_to_settle(sent);
        if let Some(wait) = wait {
            client.inner.clock.sleep(wait).await;
        }
        tracing::info!(operation, sent, "settling what may have arrived");
        let lookup = match look_up().await {
            Ok(found) => return Ok(Settled::Found(found)),
            Err(lookup) => lookup,
        };
        if matches!(lookup, Some(Lookup::Another | Lookup::Failed(_))) || wait.is_none() {
            return unknown(source, lookup);
        }
        sent += 1;
        let error = match client.call_checked(request).await {
            Ok(answer) => return Ok(Settled::Answered(answer)),
            Err(error) => error,
        };
        match (error.as_api().map(|refused| refused.kind), error) {
            (_, Error::OutcomeUnknown(again)) => source = again.source,
            (Some(ApiErrorKind::RateLimited), error) => source = Some(error),
            // It is there. What is known of it beyond that is worth another look.
            (Some(ApiErrorKind::Duplicate), error) => {
                return match look_up().await {
                    Ok(found) => Ok(Settled::Found(found)),
                    Err(Some(Lookup::Another)) => unknown(Some(error), Some(Lookup::Another)),
                    Err(_) => Ok(Settled::Known),
                };
            }
            // Whatever this one was refused for need not hold for one that arrived earlier.
            (_, error) => return unknown(Some(error), lookup),
        }
    }
}
