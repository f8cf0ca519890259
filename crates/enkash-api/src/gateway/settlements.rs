//! Settlement payouts.

use enkash_types::gateway::{
    GetSettlementPayout, SearchSettlementPayouts, SettlementPayout, SettlementPayoutId,
    SettlementPayoutSummary,
};
use enkash_types::{IntoValid, Page};

use crate::pages::paged_by_offset;
use crate::{Client, Error, Pages};

/// Settlements of a client.
#[derive(Debug, Clone, Copy)]
pub struct Settlements<'a> {
    pub(super) client: &'a Client,
}

impl Settlements<'_> {
    /// Reads one payout with the payments in it.
    ///
    /// # Errors
    ///
    /// [`Error`]; [`ApiErrorKind::NotFound`](crate::ApiErrorKind::NotFound) where there is none.
    pub async fn get(
        self,
        settlement_payout_id: impl Into<SettlementPayoutId>,
    ) -> Result<SettlementPayout, Error> {
        self.client
            .call(GetSettlementPayout::new(settlement_payout_id))
            .await
    }

    /// One page of the payouts that a search finds.
    ///
    /// # Errors
    ///
    /// [`Error`].
    pub async fn search(
        self,
        search: impl IntoValid<SearchSettlementPayouts>,
    ) -> Result<Page<SettlementPayoutSummary>, Error> {
        self.client.call(search).await
    }

    /// Every payout that a search finds, fetched page after page. The search's `limit` is the
    /// length of a page; its `offset` is not looked at.
    #[must_use]
    pub fn all(self, search: SearchSettlementPayouts) -> Pages<SearchSettlementPayouts> {
        Pages::new(self.client.clone(), search)
    }
}

paged_by_offset!(SearchSettlementPayouts => SettlementPayoutSummary);
