//! How it is known that EnKash has a transfer.

use enkash_types::payouts::{
    EnkashTransactionId, RejectReason, Standing, Transfer, TransferBatch, TransferStatus,
};

use super::lookup::SeenTransfer;

/// EnKash has a transfer, and this is how it is known.
///
/// That it is there does not mean that it is paid: [`status`](Self::status) says where it stands,
/// as far as that was said. A transfer that EnKash answered as `REJECTED` is here as well.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Made {
    /// EnKash answered, with its own id of the transfer or with where it stands.
    Answered(Transfer),
    /// The answer was lost, or proved nothing. The transfer was looked up, and is what was asked for
    /// as far as the lookup can tell.
    Found(SeenTransfer),
    /// The answer was lost, or proved nothing. Asked again, EnKash refused the id because it knows
    /// it (409).
    ///
    /// Nothing else is known. That it is this transfer and no other follows from the id being
    /// used for it alone: whoever gives an id to two transfers learns of the first one here.
    Known,
}

impl Made {
    /// Where it stands, as far as that was said.
    #[must_use]
    pub fn status(&self) -> Option<&TransferStatus> {
        match self {
            Self::Answered(transfer) => transfer.payout_status.as_ref(),
            Self::Found(seen) => seen.status.as_ref(),
            Self::Known => None,
        }
    }

    /// What its status means; [`Standing::Unknown`] where none was said.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.status()
            .map_or(Standing::Unknown, TransferStatus::standing)
    }

    /// EnKash's id of it, as far as that was said.
    #[must_use]
    pub fn enkash_transaction_id(&self) -> Option<&EnkashTransactionId> {
        match self {
            Self::Answered(transfer) => transfer.enkash_transaction_id.as_ref(),
            Self::Found(seen) => seen.enkash_transaction_id.as_ref(),
            Self::Known => None,
        }
    }

    /// The bank's reference (UTR), as far as that was said.
    #[must_use]
    pub fn utr(&self) -> Option<&str> {
        match self {
            Self::Answered(transfer) => transfer.utr(),
            Self::Found(seen) => seen.utr.as_deref(),
            Self::Known => None,
        }
    }

    /// Why it was rejected, if it was and that was said.
    #[must_use]
    pub fn reject_reason(&self) -> Option<RejectReason> {
        match self {
            Self::Answered(transfer) => transfer.reject_reason(),
            Self::Found(seen) => seen.reject_reason.clone(),
            Self::Known => None,
        }
    }
}

/// EnKash has a batch, and this is how it is known.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum MadeBatch {
    /// EnKash answered, with the batch's id or with transfers that it took. A transfer that is not in
    /// [`successful`](TransferBatch::successful) may have been refused: what EnKash says of those
    /// was not read. Settle it by [`Transfers::resume`](super::Transfers::resume).
    Answered(TransferBatch),
    /// The answer was lost, or proved nothing. Asked again, EnKash refused the batch's id because it
    /// knows it (409).
    ///
    /// Which of its transfers were taken is not known: settle each by
    /// [`Transfers::resume`](super::Transfers::resume). One that was taken is refused as known; one
    /// that was not is paid by that.
    Known,
}
