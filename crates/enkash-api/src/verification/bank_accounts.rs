//! The check of a bank account.

use enkash_types::IntoValid;
use enkash_types::verification::{VerifiedBankAccount, VerifyBankAccount};

use crate::{Client, Error};

/// Checks of bank accounts of a client.
#[derive(Debug, Clone, Copy)]
pub struct BankAccounts<'a> {
    pub(super) client: &'a Client,
}

impl BankAccounts<'_> {
    /// Checks that an account exists, and learns its holder's name; with or without a small deposit.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use enkash_api::ClientBuilder;
    /// use enkash_api::types::verification::VerifyBankAccount;
    /// use enkash_api::types::{Auth, Host};
    ///
    /// let client = ClientBuilder::from_env()?
    ///     .host(Host::Verification, "https://what.enkash.told.you.example.in")?
    ///     .verification_auth(Auth::OAuth)
    ///     .build()?;
    /// let check = VerifyBankAccount::penny_less("CHECK1", "123456789012", "KKBK0000432");
    /// let account = client.verification().bank_accounts().verify(check).await?;
    /// println!("{:?} {:?}", account.status, account.beneficiary_name);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It is sent once, also without a deposit: what EnKash answers to a request id that it knows is
    /// not documented.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::NotConfigured`] where the client was not told where the suite is, or what
    /// its calls carry. After [`Error::OutcomeUnknown`] a deposit may have been made: ask again under
    /// another id if a second one does no harm.
    pub async fn verify(
        self,
        account: impl IntoValid<VerifyBankAccount>,
    ) -> Result<VerifiedBankAccount, Error> {
        self.client.call(account).await
    }
}
