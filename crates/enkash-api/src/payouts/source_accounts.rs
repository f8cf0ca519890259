//! Bank accounts that may fund the payout account.

use enkash_types::IntoValid;
use enkash_types::payouts::{AddSourceAccount, SourceAccount};

use crate::{Client, Error};

/// Source accounts of a client.
#[derive(Debug, Clone, Copy)]
pub struct SourceAccounts<'a> {
    pub(super) client: &'a Client,
}

impl SourceAccounts<'_> {
    /// Allows one of the merchant's own bank accounts to fund the payout account. It moves no money.
    ///
    /// # Errors
    ///
    /// [`Error`]. After [`Error::OutcomeUnknown`] look at EnKash's dashboard: what is answered to an
    /// account that was added before is not documented.
    pub async fn add(
        self,
        account: impl IntoValid<AddSourceAccount>,
    ) -> Result<SourceAccount, Error> {
        self.client.call(account).await
    }
}
