//! Split settlements.

use enkash_types::IntoValid;
use enkash_types::gateway::{
    ActivateSplitAccount, CreateSplitAccount, EditSplitSettlement, EditedSplitSettlement,
    SplitAccount, SubmitPaymentWithSplit, SubmittedPayment, UpdateSplitAccount,
};

use crate::{Client, Error};

/// Split settlements of a client.
#[derive(Debug, Clone, Copy)]
pub struct Splits<'a> {
    pub(super) client: &'a Client,
}

impl Splits<'_> {
    /// Registers an account that can receive shares of payments. The documentation read shows
    /// neither the fields of this call nor its answer.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn create_account(
        self,
        account: impl IntoValid<CreateSplitAccount>,
    ) -> Result<SplitAccount, Error> {
        self.client.call(account).await
    }

    /// Changes a split account.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn update_account(
        self,
        account: impl IntoValid<UpdateSplitAccount>,
    ) -> Result<SplitAccount, Error> {
        self.client.call(account).await
    }

    /// Lets a split account that was deactivated receive money again.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn activate_account(
        self,
        account: impl IntoValid<ActivateSplitAccount>,
    ) -> Result<SplitAccount, Error> {
        self.client.call(account).await
    }

    /// Starts a payment together with the rule that divides it.
    ///
    /// # Errors
    ///
    /// Those of [`Payments::submit`](super::Payments::submit).
    pub async fn submit(
        self,
        payment: impl IntoValid<SubmitPaymentWithSplit>,
    ) -> Result<SubmittedPayment, Error> {
        self.client.call(payment).await
    }

    /// Sets or changes how a payment that was made is divided.
    ///
    /// # Errors
    ///
    /// [`Error`]. After [`Error::OutcomeUnknown`] either rule may hold.
    pub async fn edit(
        self,
        edit: impl IntoValid<EditSplitSettlement>,
    ) -> Result<EditedSplitSettlement, Error> {
        self.client.call(edit).await
    }
}
