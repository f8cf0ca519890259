//! Batches: many transfers in one call.

use std::collections::HashSet;

use garde::{Path, Report, Validate};
use serde::{Deserialize, Serialize};

use super::transfers::{CreateTransfer, Transfer};
use crate::Extra;
use crate::endpoint::endpoint;
use crate::page::or_none;
use crate::text::{not_empty, shown_text};
use crate::valid::Broken;

shown_text! {
    /// The merchant's own id of a batch, minted by the merchant: unique for each batch. EnKash
    /// answers 409 to one that it knows.
    ///
    /// Neither an alphabet nor a limit of length is documented.
    ///
    /// EnKash documentation: *Initiate Batch Transfer*, field `batchTransactionId`.
    BatchId,
    check: not_empty,
    schema: {"type": "string"}
}

/// Sends money to many payees in one call.
///
/// ```
/// use enkash_types::payouts::{CreateTransfer, CreateTransferBatch, TransferMode};
/// use enkash_types::Valid;
///
/// let salary = |id, payee| {
///     CreateTransfer::new(id, enkash_types::Rupees::from_paise(1_500_000), TransferMode::Neft, payee)
/// };
/// let batch = vec![salary("SALARY2041", "ASHA1"), salary("SALARY2042", "RAVI1")];
/// assert!(Valid::check(CreateTransferBatch::new("APRIL1", batch)).is_ok());
///
/// let batch = vec![salary("SALARY2041", "ASHA1"), salary("SALARY2041", "RAVI1")];
/// assert_eq!(
///     Valid::check(CreateTransferBatch::new("APRIL1", batch)).unwrap_err().to_string(),
///     "transfers[1].transactionId: must not be that of another transfer of the batch",
/// );
/// ```
///
/// How many transfers a batch may hold was not read. An empty one is not sent. Nor was it read what
/// is answered of transfers that were not taken: look for those that are missing in the answer.
///
/// EnKash documentation: *Initiate Batch Transfer*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct CreateTransferBatch {
    /// The merchant's own unique id of the batch.
    pub batch_transaction_id: BatchId,
    /// The transfers, each with an id of its own.
    #[cfg_attr(feature = "schema", schemars(length(min = 1)))]
    pub transfers: Vec<CreateTransfer>,
}

/// The rules of each transfer, and those that a transfer does not know of.
impl Validate for CreateTransferBatch {
    type Context = ();

    fn validate_into(&self, (): &(), parent: &mut dyn FnMut() -> Path, report: &mut Report) {
        let Self {
            batch_transaction_id,
            transfers,
        } = self;
        let id = &mut || parent().join("batchTransactionId");
        batch_transaction_id.validate_into(&(), id, report);
        if transfers.is_empty() {
            report.append(parent().join("transfers"), Broken::EMPTY.into());
        }
        let mut ids = HashSet::with_capacity(transfers.len());
        for (index, transfer) in transfers.iter().enumerate() {
            let place = &mut || parent().join("transfers").join(index);
            transfer.validate_into(&(), place, report);
            if !ids.insert(&transfer.transaction_id) {
                let rule = Broken("must not be that of another transfer of the batch");
                report.append(place().join("transactionId"), rule.into());
            }
        }
    }
}

impl CreateTransferBatch {
    /// A batch of transfers.
    pub fn new(batch_transaction_id: impl Into<BatchId>, transfers: Vec<CreateTransfer>) -> Self {
        Self {
            batch_transaction_id: batch_transaction_id.into(),
            transfers,
        }
    }
}

endpoint! {
    CreateTransferBatch => TransferBatch {
        name: "create_payout_batch",
        call: Post "/api/v0/payout-transaction/batch",
        product: Payouts,
        host: Payouts,
        auth: OAuth,
        sealed: true,
        checksum: Each("transfers"),
        envelope: Any,
        replay: ByMerchantId("batchTransactionId"),
        docs: "Initiate Batch Transfer",
        lacks: lacks,
    }
}

/// Its id has to be there, or a transfer that was taken.
fn lacks(batch: &TransferBatch) -> Option<&'static str> {
    let says = batch.batch_transaction_id.is_some() || !batch.successful.is_empty();
    (!says).then_some("neither `batchTransactionId` nor a transfer that was taken is there")
}

/// A batch that was taken, with the transfers that were.
///
/// What follows the list of taken transfers, and in which envelope it stands, was not read. What
/// EnKash sends beyond it is kept in [`extra`](Self::extra).
///
/// EnKash documentation: *Initiate Batch Transfer*.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct TransferBatch {
    /// The merchant's own id of the batch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_transaction_id: Option<BatchId>,
    /// The transfers that were taken.
    #[serde(
        default,
        deserialize_with = "or_none",
        rename = "successfulPayoutTransactionCreateResponses",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub successful: Vec<Transfer>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

impl TransferBatch {
    /// A batch of which these transfers were taken.
    pub fn new(batch_transaction_id: impl Into<BatchId>, successful: Vec<Transfer>) -> Self {
        Self {
            batch_transaction_id: Some(batch_transaction_id.into()),
            successful,
            extra: Extra::new(),
        }
    }
}
