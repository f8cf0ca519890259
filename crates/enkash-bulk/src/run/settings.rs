//! How a run goes about it.

use std::time::Duration;

use enkash_api::types::payouts::{CreateTransfer, FundSourceId, GetBalance, TransferMode};
use enkash_api::types::{AccountNumber, Host, Rupees, Valid};
use enkash_api::{Client, Polling};

use super::stop::Stop;
use crate::check::Checked;
use crate::file::Row;
use crate::journal::Run;

/// How a run goes about it. The default is right for most; change what is not:
///
/// ```
/// use enkash_bulk::run::Settings;
///
/// let mut settings = Settings::default();
/// settings.rate = Some(20.0);
/// settings.fund_source = Some("EKCI4XTWKC".into());
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Settings {
    /// The account that is paid from, for all rows that do not say so themselves. With it, the
    /// balance is watched.
    pub fund_source: Option<FundSourceId>,
    /// The bank account behind it; needed for connected banking.
    pub debit_account: Option<AccountNumber>,
    /// How many requests are on their way at once. 8; 0 counts as 1. Twice as many rows more (or
    /// batches) are written down as sent ahead, so that requests do not wait for the disk: after a
    /// crash three times this number are in doubt at most, and settled.
    pub concurrency: usize,
    /// How many requests leave in a second at most. No limit.
    pub rate: Option<f64>,
    /// How many transfers go in one request; 1, the default, sends them singly. How many EnKash
    /// takes is not documented. Those of a batch that it refuses go singly.
    pub batch: usize,
    /// After so many rows in a row that did not go through, the run stops. 10; 0 never stops it. Of
    /// those that EnKash found too many at once (429) one counts. Rows that may have been sent before
    /// do not count with those that are paid.
    pub failures_in_a_row: u32,
    /// What may have been sent is asked for again only so long after it was: a request of a run that
    /// was killed may still be on its way. 1 second, as the client waits.
    pub settle_after: Duration,
    /// How often, and for how long, transfers that are under way are looked up at the end. Every 30
    /// seconds for 10 minutes; `None` does not. It needs a client with a
    /// [`TransferLookup`](enkash_api::payouts::TransferLookup) that tells their status, and without
    /// one it is left out.
    pub follow: Option<Polling>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            fund_source: None,
            debit_account: None,
            concurrency: 8,
            rate: None,
            batch: 1,
            failures_in_a_row: 10,
            settle_after: Duration::from_secs(1),
            follow: Some(Polling::new(
                Duration::from_secs(30),
                Duration::from_secs(600),
            )),
        }
    }
}

impl Settings {
    /// The run that comes of a file with these settings: a journal has to be of the same, which
    /// [`Run::difference`] tells.
    ///
    /// # Errors
    ///
    /// [`Stop::NotConfigured`]: the client has no address for payouts, or the account that is paid
    /// from breaks a rule.
    pub fn run_of(&self, client: &Client, name: &str, checked: &Checked) -> Result<Run, Stop> {
        self.check()?;
        let address = client.address(Host::Payouts);
        let address = address.map_err(|error| Stop::NotConfigured(error.to_string()))?;
        let fingerprint = checked.fingerprint().to_string();
        Ok(Run::new(
            name,
            fingerprint,
            address.to_string(),
            self.account(),
        ))
    }

    /// The account that is paid from, as a person may see it.
    fn account(&self) -> String {
        let source = self.fund_source.as_ref().map(ToString::to_string);
        let account = self.debit_account.as_ref().map(ToString::to_string);
        [source, account]
            .into_iter()
            .flatten()
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// Looks at what the rows were not checked with: it would be wrong in each of them.
    fn check(&self) -> Result<(), Stop> {
        let rupee = Rupees::from_paise(100);
        let mut transfer = CreateTransfer::new("ROW1", rupee, TransferMode::Neft, "PAYEE1");
        self.add_account(&mut transfer);
        match Valid::check(transfer) {
            Ok(_) => Ok(()),
            Err(violations) => Err(Stop::NotConfigured(format!(
                "the account that is paid from breaks a rule ({violations}): correct it"
            ))),
        }
    }

    /// A row with the account that it is paid from.
    pub(super) fn complete(&self, mut row: Row) -> Row {
        self.add_account(&mut row.transfer);
        row
    }

    fn add_account(&self, transfer: &mut CreateTransfer) {
        if transfer.fund_source_id.is_none() {
            transfer.fund_source_id.clone_from(&self.fund_source);
        }
        if transfer.debit_account_number.is_none() {
            transfer
                .debit_account_number
                .clone_from(&self.debit_account);
        }
    }

    /// The request for the balance that is watched.
    pub(super) fn balance(&self) -> Option<GetBalance> {
        let mut balance = GetBalance::new(self.fund_source.clone()?);
        balance.debit_account_number.clone_from(&self.debit_account);
        Some(balance)
    }

    /// Whether a transfer is paid from the account whose balance is watched.
    pub(super) fn pays(&self, transfer: &CreateTransfer) -> bool {
        self.fund_source.is_some() && transfer.fund_source_id == self.fund_source
    }
}
