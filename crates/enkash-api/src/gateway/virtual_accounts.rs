//! Virtual accounts.

use enkash_types::IntoValid;
use enkash_types::gateway::{
    CreateVirtualAccount, CustomerReferenceId, GetVirtualAccountByCustomerReference, VirtualAccount,
};

use crate::{Client, Error, reconcile};

/// Virtual accounts of a client.
#[derive(Debug, Clone, Copy)]
pub struct VirtualAccounts<'a> {
    pub(super) client: &'a Client,
}

impl VirtualAccounts<'_> {
    /// Opens an account number for one customer to pay into.
    ///
    /// Where the answer is lost, the account is looked up by its `customerReferenceId`, and the
    /// call ends with what is there. It is not sent again.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::OutcomeUnknown`] where the answer was lost and the account is not there
    /// (or not yet).
    pub async fn create(
        self,
        account: impl IntoValid<CreateVirtualAccount>,
    ) -> Result<VirtualAccount, Error> {
        let account = account.into_valid()?;
        let asked = account.as_ref().clone();
        match self.client.call(account).await {
            Err(error) => {
                let look_up = self.get_by_customer_reference(asked.customer_reference_id.clone());
                let agrees = |found: &VirtualAccount| {
                    found.customer_id == asked.customer_id
                        && found.expected_amount == asked.expected_amount
                };
                reconcile::found(error, look_up, agrees).await
            }
            made => made,
        }
    }

    /// Reads an account by the merchant's own reference.
    ///
    /// # Errors
    ///
    /// [`Error`]; what EnKash answers to a reference that it does not know was not read.
    pub async fn get_by_customer_reference(
        self,
        reference: impl Into<CustomerReferenceId>,
    ) -> Result<VirtualAccount, Error> {
        self.client
            .call(GetVirtualAccountByCustomerReference::new(reference))
            .await
    }
}
