//! UPI mandates.

use enkash_types::IntoValid;
use enkash_types::gateway::{
    CreateUpiMandate, ExecuteMandateDebit, GetUpiMandate, MandateNotice, MandateReferenceId,
    NotifyMandateDebit, Order, RevokeUpiMandate, UpdateUpiMandate, UpiMandate,
};

use crate::{Client, Error, reconcile};

/// Mandates of a client.
#[derive(Debug, Clone, Copy)]
pub struct Mandates<'a> {
    pub(super) client: &'a Client,
}

impl Mandates<'_> {
    /// Asks the payer to approve a debit that repeats.
    ///
    /// Where the answer is lost, the mandate is looked up by its `referenceId`, and the call ends
    /// with what is there. It is not sent again.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::OutcomeUnknown`] where the answer was lost and the mandate is not there
    /// (or not yet).
    pub async fn create(
        self,
        mandate: impl IntoValid<CreateUpiMandate>,
    ) -> Result<UpiMandate, Error> {
        let mandate = mandate.into_valid()?;
        let (reference_id, amount) = (mandate.reference_id.clone(), mandate.amount);
        match self.client.call(mandate).await {
            Err(error) => {
                let look_up = self.get(reference_id);
                let agrees = |found: &UpiMandate| found.amount.is_none_or(|there| there == amount);
                reconcile::found(error, look_up, agrees).await
            }
            made => made,
        }
    }

    /// Reads a mandate by the id that the merchant gave it.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`ApiErrorKind::NotFound`](crate::ApiErrorKind::NotFound) where there is none.
    pub async fn get(
        self,
        reference_id: impl Into<MandateReferenceId>,
    ) -> Result<UpiMandate, Error> {
        self.client.call(GetUpiMandate::new(reference_id)).await
    }

    /// Changes a mandate. Which fields may change was not read.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn update(
        self,
        mandate: impl IntoValid<UpdateUpiMandate>,
    ) -> Result<UpiMandate, Error> {
        self.client.call(mandate).await
    }

    /// Ends a mandate, so that no further debit happens.
    ///
    /// # Errors
    ///
    /// [`Error`]. After [`Error::OutcomeUnknown`] read the mandate.
    pub async fn revoke(
        self,
        mandate: impl IntoValid<RevokeUpiMandate>,
    ) -> Result<UpiMandate, Error> {
        self.client.call(mandate).await
    }

    /// Announces a debit to the payer, as the rules of UPI ask.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn notify_debit(
        self,
        notice: impl IntoValid<NotifyMandateDebit>,
    ) -> Result<MandateNotice, Error> {
        self.client.call(notice).await
    }

    /// Debits the payer; the answer is an order.
    ///
    /// # Errors
    ///
    /// [`Error`]. The request holds no id of the merchant's, so after [`Error::OutcomeUnknown`]
    /// nothing tells whether the payer was debited but the callback: wait for it, or ask EnKash. It
    /// was not sent again.
    pub async fn execute_debit(
        self,
        debit: impl IntoValid<ExecuteMandateDebit>,
    ) -> Result<Order, Error> {
        self.client.call(debit).await
    }
}
