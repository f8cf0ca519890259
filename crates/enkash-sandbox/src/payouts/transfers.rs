//! Transfers: taken or refused, and what is answered.

use std::sync::Arc;

use enkash_types::payouts::{
    BeneficiaryId, CreateTransfer, EnkashTransactionId, FundSourceId, RejectReason, Transfer,
    TransferMode, TransferStatus,
};
use enkash_types::{AccountNumber, Rupees, Valid};
use serde::{Deserialize, Serialize};

use super::beneficiaries::Destination;
use super::ledger;
use super::states::{self, Step};
use crate::config::Credentials;
use crate::router::Instead;
use crate::state::State;
use crate::table::Record;
use crate::test_accounts::Outcome;
use crate::time::Moment;
use crate::world::World;

/// A transfer, as the sandbox keeps it.
#[derive(Serialize, Deserialize)]
pub(crate) struct Sent {
    pub(crate) request: CreateTransfer,
    pub(crate) enkash_id: EnkashTransactionId,
    pub(crate) status: TransferStatus,
    /// Why it was rejected.
    pub(crate) reason: Option<RejectReason>,
    /// The bank's number of it, which it has once the account was debited.
    pub(crate) utr: Option<Box<str>>,
    /// The row of the batch that it came in.
    pub(crate) batch: Option<u32>,
    pub(crate) created: Moment,
    pub(crate) modified: Moment,
    /// What comes of it at the payee's bank.
    pub(super) outcome: Outcome,
    /// What happens to it by itself, and when.
    pub(crate) next: Option<(Moment, Step)>,
}

impl Record for Sent {
    const KIND: &'static str = "transfer";

    /// The merchant's own id of it.
    fn id(&self) -> &str {
        self.request.transaction_id.as_str()
    }
}

impl Sent {
    pub(crate) fn amount(&self) -> Rupees {
        self.request.transfer_amount
    }

    /// The three fields that are documented, and two of those that were not read: why it was
    /// rejected, and the bank's number of one that was paid. Their names are the sandbox's.
    pub(crate) fn answer(&self) -> Transfer {
        let status = self.status.clone();
        let id = self.request.transaction_id.clone();
        let mut answer = Transfer::new(self.enkash_id.clone(), status, id);
        let paid = self.status == TransferStatus::Success;
        let utr = self.utr.as_deref().filter(|_| paid);
        let reason = self.reason.as_ref().map(RejectReason::as_str);
        let own = [("rejectCode", reason), ("utr", utr)];
        let given = own.into_iter();
        let given = given.filter_map(|(name, text)| Some((name.to_owned(), text?.into())));
        answer.extra.extend(given);
        answer
    }
}

/// `create_payout_transfer`.
pub(crate) fn create(
    world: &Arc<World>,
    request: Valid<CreateTransfer>,
) -> Result<Transfer, Instead> {
    let mut state = world.state();
    let state = &mut *state;
    let row = take(state, &world.config.credentials, request.into_inner(), None)?;
    if state.payouts.transfers[row].status == TransferStatus::Pending {
        states::leave(state, row);
    }
    Ok(state.payouts.transfers[row].answer())
}

/// Takes a transfer on, or rejects it; gives its row. One that is taken on waits to leave
/// (`PENDING`). What is refused leaves nothing behind, so its id is free.
pub(super) fn take(
    state: &mut State,
    own: &Credentials,
    request: CreateTransfer,
    batch: Option<u32>,
) -> Result<u32, Instead> {
    let known = state.payouts.transfers.row(request.transaction_id.as_str());
    let before = known.map(|row| &state.payouts.transfers[row]);
    // One that was rejected is corrected and sent again with the same id.
    if before.is_some_and(|before| before.status != TransferStatus::Rejected) {
        return Err(Instead::refuse(409, "transactionId: was used before"));
    }
    let amount = request.transfer_amount;
    let (status, reason, outcome) = match judge(state, own, &request) {
        Ok(outcome) => (TransferStatus::Pending, None, outcome),
        Err(reason) => (TransferStatus::Rejected, Some(reason), Outcome::Rejected),
    };
    let balance = state.payouts.ledger.balance();
    if reason.is_none() && amount > balance {
        return Err(Instead::refuse(
            422,
            format!(
                "transferAmount: must be at most {balance} rupees, which is what is in the account"
            ),
        ));
    }
    let now = state.now;
    let (enkash_id, created) = match before {
        Some(before) => (before.enkash_id.clone(), before.created),
        None => (state.ids.other("PT", now).into(), now),
    };
    let sent = Sent {
        request,
        enkash_id,
        status,
        reason,
        utr: None,
        batch,
        created,
        modified: now,
        outcome,
        next: None,
    };
    let transfers = &mut state.payouts.transfers;
    let row = match known {
        Some(row) => {
            *transfers.at_mut(row) = sent;
            row
        }
        None => transfers
            .insert(sent)
            .ok_or_else(|| Instead::refuse(503, "the sandbox holds no more transfers"))?,
    };
    if transfers[row].reason.is_none() {
        debit(state, row);
    }
    Ok(row)
}

/// Takes the sum out of the account, where it was seen to be.
fn debit(state: &mut State, row: u32) {
    let number = state.ids.bank_reference();
    let sent = state.payouts.transfers.at_mut(row);
    let utr = match sent.request.transfer_mode {
        TransferMode::Neft => format!("SBOXN{number}"),
        TransferMode::Rtgs => format!("SBOXR{number}"),
        _ => number,
    };
    sent.utr = Some(utr.as_str().into());
    let amount = sent.amount();
    ledger::debit(state, &utr, amount, row);
}

/// What becomes of a transfer, or why it is rejected.
fn judge(
    state: &State,
    own: &Credentials,
    request: &CreateTransfer,
) -> Result<Outcome, RejectReason> {
    let is_other_source = |id: &FundSourceId| id.as_str() != own.fund_source_id;
    let is_other_account = |number: &AccountNumber| *number != own.debit_account_number;
    if request.fund_source_id.as_ref().is_some_and(is_other_source)
        || request
            .debit_account_number
            .as_ref()
            .is_some_and(is_other_account)
    {
        return Err(RejectReason::FundSourceId);
    }
    let destination = destination(state, request)?;
    let is_upi = request.transfer_mode == TransferMode::Upi;
    if is_upi != destination.is_vpa {
        return Err(RejectReason::TransferMode);
    }
    match destination.outcome {
        Outcome::Rejected => Err(RejectReason::BeneficiaryAccount),
        outcome => Ok(outcome),
    }
}

fn destination(state: &State, request: &CreateTransfer) -> Result<Destination, RejectReason> {
    if let Some(id) = &request.beneficiary_id {
        return registered(state, id).ok_or(RejectReason::BeneficiaryId);
    }
    let detail = request.beneficiary_detail.as_ref();
    let detail = detail.ok_or(RejectReason::BeneficiaryId)?;
    let account = detail.beneficiary_account_number.as_ref();
    let given = Destination::of(account, detail.vpa_handle.as_ref());
    let named = || registered(state, detail.beneficiary_id.as_ref()?);
    given
        .or_else(named)
        .ok_or(RejectReason::BeneficiaryDetailId)
}

/// Where money to a payee goes who is kept under an id.
fn registered(state: &State, id: &BeneficiaryId) -> Option<Destination> {
    let payee = state.payouts.beneficiaries.get(id.as_str())?;
    Some(payee.destination)
}
