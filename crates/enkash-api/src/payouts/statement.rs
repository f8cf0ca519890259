//! Looking for a transfer in the statement.

use std::time::{Duration, UNIX_EPOCH};

use enkash_types::payouts::{CreateTransfer, FetchStatement, FundSourceId, StatementLine};
use enkash_types::{AccountNumber, Rupees, Timestamp};

use super::lookup::{SeenTransfer, Sighting, TransferLookup};
use crate::{Client, Error};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Looks for transfers in the statement of the account that they are paid from.
///
/// A line that carries a transfer's id proves that EnKash has it. No line proves nothing: so this
/// finds a transfer, or finds [nothing](Sighting::NotSeen), and never that it is not there. A line
/// carries a `transactionId`, and whether it is the merchant's own or EnKash's is not documented:
/// if it is EnKash's, nothing is ever found, and a transfer is settled as without a lookup.
///
/// The unit of a line's sum is not documented either. So a sum agrees with what was asked for if it
/// does in rupees or in paise. Where a transfer stands a line does not say.
///
/// Each look reads the whole statement of those days, as no paging is documented: it is made for the
/// rare answer that is lost, and not for following many transfers. Where the statement is larger than
/// the transport reads ([`Limits::max_body`]: some 20,000 lines), nothing is seen in it.
///
/// [`Limits::max_body`]: enkash_transport::Limits::max_body
///
/// ```no_run
/// use enkash_api::Client;
/// use enkash_api::payouts::StatementLookup;
///
/// # fn example() -> Result<(), Box<dyn std::error::Error>> {
/// let client = enkash_api::ClientBuilder::from_env()?
///     .transfer_lookup(StatementLookup::new("EKCI4XTWKC", "123456789012"))
///     .build()?;
/// # Ok(())
/// # }
/// ```
///
/// EnKash documentation: *Fetch Bank Statement*.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct StatementLookup {
    /// The fund source that the transfers are paid from.
    pub fund_source_id: FundSourceId,
    /// The account behind it.
    pub debit_account_number: AccountNumber,
    /// How many days back from now are looked at. 2. Let it reach back to the first time that a
    /// transfer can have been sent.
    pub days: u32,
}

impl StatementLookup {
    /// Looks at the last two days.
    pub fn new(
        fund_source_id: impl Into<FundSourceId>,
        debit_account_number: impl Into<AccountNumber>,
    ) -> Self {
        Self {
            fund_source_id: fund_source_id.into(),
            debit_account_number: debit_account_number.into(),
            days: 2,
        }
    }

    /// Looks at so many days.
    #[must_use]
    pub fn with_days(mut self, days: u32) -> Self {
        self.days = days;
        self
    }
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait::async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait::async_trait(?Send))]
impl TransferLookup for StatementLookup {
    async fn find(&self, client: &Client, transfer: &CreateTransfer) -> Result<Sighting, Error> {
        let now = client.inner.clock.now();
        // EnKash's clock may be ahead, and whether the ends belong to it is not documented.
        let statement = FetchStatement::new(
            self.fund_source_id.clone(),
            self.debit_account_number.clone(),
            Timestamp::from(now.checked_sub(DAY * self.days).unwrap_or(UNIX_EPOCH)),
            Timestamp::from(now + DAY),
        );
        let statement = match client.payouts().account().statement(statement).await {
            Ok(statement) => statement,
            // It will not shrink, and a transfer that is not seen in it could be there all the same.
            Err(error) if error.is_too_large() => return Ok(Sighting::NotSeen),
            Err(error) => return Err(error),
        };
        let lines = statement.lines.iter();
        let of_it =
            lines.filter(|line| line.transaction_id.as_ref() == Some(&transfer.transaction_id));
        // A reversal may be a line of its own under the same id, so one that agrees is as good as all.
        let seen: Vec<_> = of_it.map(|line| seen(line, transfer)).collect();
        let agreeing = seen.iter().find(|seen| seen.is(transfer));
        Ok(match agreeing.or(seen.first()) {
            Some(seen) => Sighting::There(seen.clone()),
            None => Sighting::NotSeen,
        })
    }
}

/// What a line says of a transfer whose id it carries.
fn seen(line: &StatementLine, asked: &CreateTransfer) -> SeenTransfer {
    let hundred = Rupees::from_paise(10_000).decimal();
    let in_paise = asked.transfer_amount.decimal() * hundred;
    let mut seen = SeenTransfer::new(asked.transaction_id.clone());
    seen.amount = line.transaction_amount.map(|sum| {
        if sum.decimal() == in_paise {
            asked.transfer_amount
        } else {
            sum
        }
    });
    seen.utr.clone_from(&line.transaction_reference_number);
    seen
}
