//! The account that transfers are paid from.

use enkash_types::IntoValid;
use enkash_types::payouts::{Balance, FetchStatement, GetBalance, Statement};

use crate::{Client, Error};

/// The payout account of a client.
#[derive(Debug, Clone, Copy)]
pub struct Account<'a> {
    pub(super) client: &'a Client,
}

impl Account<'_> {
    /// Reads the balance of a fund source.
    ///
    /// ```no_run
    /// # async fn example(client: enkash_api::Client) -> Result<(), enkash_api::Error> {
    /// use enkash_api::types::payouts::GetBalance;
    ///
    /// let balance = client.payouts().account().balance(GetBalance::new("EKCI4XTWKC")).await?;
    /// println!("{}", balance.total_balance);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn balance(self, balance: impl IntoValid<GetBalance>) -> Result<Balance, Error> {
        self.client.call(balance).await
    }

    /// Reads the statement of a debit account between two times. It comes whole: no paging is
    /// documented.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`Error::Decode`] for an answer without a list, which is not an empty statement.
    pub async fn statement(
        self,
        statement: impl IntoValid<FetchStatement>,
    ) -> Result<Statement, Error> {
        self.client.call(statement).await
    }
}
