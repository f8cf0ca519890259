//! Finding out whether EnKash has a transfer.

use enkash_transport::MaybeSend;
use enkash_types::Rupees;
use enkash_types::payouts::{
    BeneficiaryId, CreateTransfer, EnkashTransactionId, RejectReason, TransferId, TransferStatus,
};

use crate::{Client, Error};

/// Finds out whether EnKash has a transfer, after the answer to it was lost.
///
/// The documentation names a call that searches transfers and shows neither its route nor its
/// fields, so none is built in. What is built in is [`StatementLookup`](super::StatementLookup),
/// which can say that a transfer is there and never that it is not. Whoever was given the route of
/// the search by EnKash writes the better one, with [`Client::raw`]; such a call travels sealed:
///
/// ```
/// use enkash_api::payouts::{SeenTransfer, Sighting, TransferLookup};
/// use enkash_api::types::payouts::CreateTransfer;
/// use enkash_api::types::{Auth, Host, Method, Replay};
/// use enkash_api::{Client, Error, RawRequest};
///
/// struct Search;
///
/// #[async_trait::async_trait]
/// impl TransferLookup for Search {
///     async fn find(&self, client: &Client, transfer: &CreateTransfer) -> Result<Sighting, Error> {
///         let path = "/the/route/that/EnKash/gave/you";
///         let mut request = RawRequest::new(Host::Payouts, Method::Post, path);
///         request.body = Some(serde_json::json!({"transactionId": transfer.transaction_id}));
///         request.auth = Auth::OAuth;
///         request.sealed = true;
///         request.replay = Replay::Safe;
///         let answer = client.raw(request).await?;
///         let Some(found) = answer.body["payload"].get(0) else {
///             return Ok(Sighting::NotThere);
///         };
///         let mut seen = SeenTransfer::new(transfer.transaction_id.clone());
///         seen.status = found["payoutStatus"].as_str().map(Into::into);
///         Ok(Sighting::There(seen))
///     }
/// }
/// ```
///
/// It is asked before a transfer is sent again under its id, after EnKash refused the id as known,
/// and by [`Transfers::find`](super::Transfers::find). What it finds is compared with what was
/// asked for ([`SeenTransfer::is`]). It is called beside other calls, several at once.
#[cfg_attr(not(target_arch = "wasm32"), async_trait::async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait::async_trait(?Send))]
pub trait TransferLookup: MaybeSend + 'static {
    /// Looks for the transfer that has this `transaction_id`.
    ///
    /// # Errors
    ///
    /// [`Error`] where it could not be looked up. Then nothing is sent: to be in doubt is better
    /// than to ask EnKash again without having looked.
    async fn find(&self, client: &Client, transfer: &CreateTransfer) -> Result<Sighting, Error>;
}

#[cfg_attr(not(target_arch = "wasm32"), async_trait::async_trait)]
#[cfg_attr(target_arch = "wasm32", async_trait::async_trait(?Send))]
impl<L: TransferLookup + ?Sized> TransferLookup for std::sync::Arc<L> {
    async fn find(&self, client: &Client, transfer: &CreateTransfer) -> Result<Sighting, Error> {
        (**self).find(client, transfer).await
    }
}

/// What came of looking for a transfer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sighting {
    /// EnKash has a transfer with this id.
    There(SeenTransfer),
    /// EnKash has none. Only a call that searches all transfers can say so. A request that is still
    /// on its way may make it there yet.
    NotThere,
    /// It was not found where it need not be: a statement does not show what was not debited, and may
    /// be larger than what is read.
    NotSeen,
}

/// A transfer as a [`TransferLookup`] found it. What the lookup could not tell is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SeenTransfer {
    /// The merchant's own id.
    pub transaction_id: TransferId,
    /// Sum, in rupees.
    pub amount: Option<Rupees>,
    /// The merchant's own id of the payee.
    pub beneficiary_id: Option<BeneficiaryId>,
    /// Where it stands.
    pub status: Option<TransferStatus>,
    /// EnKash's id of it.
    pub enkash_transaction_id: Option<EnkashTransactionId>,
    /// The bank's reference (UTR).
    pub utr: Option<String>,
    /// Why it was rejected, if it was.
    pub reject_reason: Option<RejectReason>,
}

impl SeenTransfer {
    /// A transfer of which the id alone is known.
    pub fn new(transaction_id: impl Into<TransferId>) -> Self {
        Self {
            transaction_id: transaction_id.into(),
            amount: None,
            beneficiary_id: None,
            status: None,
            enkash_transaction_id: None,
            utr: None,
            reject_reason: None,
        }
    }

    /// Whether it is what was asked for, as far as is known: same id, and where they are known on
    /// both sides, same sum and same payee.
    #[must_use]
    pub fn is(&self, asked: &CreateTransfer) -> bool {
        let same_payee = match (&self.beneficiary_id, &asked.beneficiary_id) {
            (Some(seen), Some(asked)) => seen == asked,
            _ => true,
        };
        self.transaction_id == asked.transaction_id
            && (self.amount).is_none_or(|seen| seen == asked.transfer_amount)
            && same_payee
    }
}
