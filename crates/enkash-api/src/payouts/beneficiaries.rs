//! Payees that are registered.

use enkash_types::IntoValid;
use enkash_types::payouts::{Beneficiary, CreateBeneficiary};

use crate::{Client, Error};

/// Beneficiaries of a client.
#[derive(Debug, Clone, Copy)]
pub struct Beneficiaries<'a> {
    pub(super) client: &'a Client,
}

impl Beneficiaries<'_> {
    /// Registers a payee, to be paid by the merchant's own id of it.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`ApiErrorKind::Duplicate`](crate::ApiErrorKind::Duplicate) where EnKash knows the
    /// id. That it is the same payee is not said: no call is known that reads one.
    ///
    /// After [`Error::OutcomeUnknown`] the payee may be registered. It moves no money, so register
    /// it again with the same id: an id that EnKash knows is refused.
    pub async fn create(
        self,
        beneficiary: impl IntoValid<CreateBeneficiary>,
    ) -> Result<Beneficiary, Error> {
        self.client.call(beneficiary).await
    }
}
