//! Transfers, single and in batches, each made once.

use enkash_types::IntoValid;
use enkash_types::payouts::{CreateTransfer, CreateTransferBatch};

use super::lookup::Sighting;
use super::made::{Made, MadeBatch};
use super::settle;
use crate::error::NotConfigured;
use crate::{Client, Error};

/// Transfers of a client.
///
/// # Once
///
/// The merchant mints a transfer's id, and EnKash refuses an id that it knows with 409. So a
/// transfer is never paid twice as long as it keeps its id, whatever is lost on the way; and an
/// answer that was lost, or [proves nothing](#what-proves-nothing), is settled like this, by
/// [`create`](Self::create) as well as by [`resume`](Self::resume):
///
/// 1. The transfer is looked up, if the client has a
///    [`TransferLookup`](super::TransferLookup) ([`ClientBuilder::transfer_lookup`]). What is there
///    and agrees with what was asked for ends the call. What is there and does not agree ends it as
///    well, as [`Error::OutcomeUnknown`] with [`Lookup::Another`](crate::Lookup::Another).
/// 2. Where it was not seen, the same transfer is sent again **with the same id**: this is the only
///    documented way to ask. An answer ends the call. A 409 says that the first request had arrived;
///    it is looked up once more for what EnKash has, and the call ends with [`Made::Known`] where
///    that shows nothing.
/// 3. Where that answer is lost too, it waits ([`RetryPolicy::settle_wait`]) and begins again, until
///    it was sent as often as [`RetryPolicy::attempts`] says. Then the outcome stays unknown.
///
/// # What proves nothing
///
/// An answer that names neither EnKash's id of the transfer nor where it stands, such as
/// `{"message": "under maintenance"}`. And of refusals, which are taken at their word otherwise:
///
/// - 403, by which EnKash also says that it could not encrypt the answer. Most often the account is
///   not set up for payouts, or for this machine's address; then all attempts end so, and
///   [`Error::cause`] has [`ApiErrorKind::NotAllowed`](crate::ApiErrorKind::NotAllowed);
/// - 406, 408, 5xx and redirects;
/// - a code that EnKash's table for payouts does not have, and that repeats no HTTP status.
///
/// # What this rests on
///
/// That EnKash takes an id once, even where two requests with it arrive at nearly the same time: the
/// wait makes that unlikely and cannot rule it out. It is documented that a known id is refused, not
/// how EnKash guards itself. A `REJECTED` transfer's id may be used again, so if a first request was
/// rejected, the second may be taken: it is paid once all the same.
///
/// # What this does not say
///
/// 409 tells that the id is known, not what for. Give an id to one transfer alone.
///
/// [`ClientBuilder::transfer_lookup`]: crate::ClientBuilder::transfer_lookup
/// [`RetryPolicy::attempts`]: crate::RetryPolicy::attempts
/// [`RetryPolicy::settle_wait`]: crate::RetryPolicy::settle_wait
#[derive(Debug, Clone, Copy)]
pub struct Transfers<'a> {
    pub(super) client: &'a Client,
}

impl Transfers<'_> {
    /// Sends money to one payee: a transfer that was never sent before.
    ///
    /// ```no_run
    /// # async fn example(client: enkash_api::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use enkash_api::types::payouts::{CreateTransfer, Standing, TransferMode};
    ///
    /// let transfer =
    ///     CreateTransfer::new("SALARY2041", "15000.50".parse()?, TransferMode::Imps, "ASHA1");
    /// let made = client.payouts().transfers().create(transfer).await?;
    /// match made.standing() {
    ///     Standing::Paid => println!("paid, UTR {:?}", made.utr()),
    ///     Standing::SendAgain => println!("rejected: {:?}", made.reject_reason()),
    ///     _ => println!("EnKash has it"),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error`]. All but [`Error::OutcomeUnknown`] mean that this call moved no money: no request left,
    /// or EnKash said what is wrong with it. A 409 to the first request is
    /// [`ApiErrorKind::Duplicate`](crate::ApiErrorKind::Duplicate): the id was used before, and not by
    /// this call.
    ///
    /// After [`Error::OutcomeUnknown`] go on with [`resume`](Self::resume), now or later, as often
    /// as it takes. **Never send it under another id.**
    pub async fn create(self, transfer: impl IntoValid<CreateTransfer>) -> Result<Made, Error> {
        let transfer = transfer.into_valid()?;
        match self.client.call_checked(&transfer).await {
            Ok(answer) => Ok(Made::Answered(answer)),
            Err(Error::OutcomeUnknown(lost)) => {
                // On the heap, so that a transfer that goes well does not carry this.
                Box::pin(settle::transfer(self.client, &transfer, Some(lost))).await
            }
            Err(error) => Err(error),
        }
    }

    /// Settles a transfer that may have been sent before: after [`Error::OutcomeUnknown`], or by a
    /// program that was stopped between writing down that it sends a transfer and what came of it.
    ///
    /// If EnKash does not have it, it is sent, so this is for a transfer that is to be paid. Give
    /// what was given then, to the last field: it is what is compared with what is found.
    ///
    /// # Errors
    ///
    /// [`Error::Invalid`]; all else is [`Error::OutcomeUnknown`], whose
    /// [`source`](crate::OutcomeUnknown::source) says what happened now ([`Error::cause`] gives it).
    /// Not even a refusal proves that an earlier request was refused too.
    pub async fn resume(self, transfer: impl IntoValid<CreateTransfer>) -> Result<Made, Error> {
        let transfer = transfer.into_valid()?;
        settle::transfer(self.client, &transfer, None).await
    }

    /// Looks a transfer up, with the client's [`TransferLookup`](super::TransferLookup), and sends
    /// nothing. Whether what is there is what was asked for, [`SeenTransfer::is`] says.
    ///
    /// [`SeenTransfer::is`]: super::SeenTransfer::is
    ///
    /// # Errors
    ///
    /// [`Error::NotConfigured`] where the client has no lookup, and those of the lookup.
    pub async fn find(self, transfer: &CreateTransfer) -> Result<Sighting, Error> {
        match self.client.transfer_lookup() {
            Some(lookup) => lookup.find(self.client, transfer).await,
            None => Err(Error::NotConfigured(NotConfigured::TransferLookup)),
        }
    }

    /// Sends money to many payees in one call: a batch that was never sent before, of transfers
    /// that were not either.
    ///
    /// Where the answer is lost, the same batch is sent again with the same id, which EnKash refuses
    /// if it knows it. It is not looked up: no call is known that finds a batch. What comes of its
    /// transfers then is for the caller to settle ([`MadeBatch::Known`]).
    ///
    /// # Errors
    ///
    /// As of [`create`](Self::create), as long as EnKash refuses a batch as a whole. That is not
    /// documented: so send its transfers again by [`resume`](Self::resume), under their ids. After
    /// [`Error::OutcomeUnknown`] go on with [`resume_batch`](Self::resume_batch), or with each transfer
    /// by [`resume`](Self::resume).
    pub async fn create_batch(
        self,
        batch: impl IntoValid<CreateTransferBatch>,
    ) -> Result<MadeBatch, Error> {
        let batch = batch.into_valid()?;
        match self.client.call_checked(&batch).await {
            Ok(answer) => Ok(MadeBatch::Answered(answer)),
            Err(Error::OutcomeUnknown(lost)) => {
                Box::pin(settle::batch(self.client, &batch, Some(lost))).await
            }
            Err(error) => Err(error),
        }
    }

    /// Settles a batch that may have been sent before. If EnKash does not have it, it is sent. Give
    /// what was given then: the same transfers under the same ids.
    ///
    /// # Errors
    ///
    /// As of [`resume`](Self::resume).
    pub async fn resume_batch(
        self,
        batch: impl IntoValid<CreateTransferBatch>,
    ) -> Result<MadeBatch, Error> {
        let batch = batch.into_valid()?;
        settle::batch(self.client, &batch, None).await
    }
}
