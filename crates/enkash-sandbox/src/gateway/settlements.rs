//! Settlements: what was paid, less refunds and charges, is paid out to the merchant.
//!
//! As in the one example that shows it, what happens on one day (in India) is settled at 13:40 of
//! the next, and has reached the merchant ten minutes later. What a run pays out is what was sold
//! less what was given back, less charges, less GST on them. A run that comes to nothing or less
//! pays nothing, and all of it waits for the next: so every sum adds up, and none is below zero.
//!
//! A run first takes the shares of split accounts off the payments that are to be divided. Each
//! account has payouts of its own.

use std::collections::BTreeSet;
use std::ops::Index;
use std::sync::Arc;
use std::time::Duration;

use enkash_types::gateway::{
    GetSettlementPayout, SearchSettlementPayouts, SettlementPayout, SettlementPayoutId,
    SettlementPayoutSummary, SettlementTransaction, TransactionId,
};
use enkash_types::{DateTime, Direction, Page, Rupees, Valid};
use rust_decimal::{Decimal, RoundingStrategy};
use serde::{Deserialize, Serialize};

use super::orders::MERCHANT;
use super::searches;
use super::split;
use crate::agenda::Due;
use crate::router::Instead;
use crate::state::State;
use crate::table::{Kept, One, Record, Table};
use crate::time::Moment;
use crate::world::World;

/// A payment or a refund on its way to a payout.
#[derive(Serialize, Deserialize)]
pub(crate) struct Entry {
    id: Box<str>,
    pub(crate) kind: EntryKind,
    /// EnKash's id of the payment.
    pub(crate) transaction: TransactionId,
    pub(crate) amount: Rupees,
    pub(crate) charges: Rupees,
    pub(crate) gst: Rupees,
    created: Moment,
    /// When it is to be settled.
    due: Moment,
    /// The row of the split account that it goes to; `None` for the merchant.
    account: Option<u32>,
    /// Whether it is what is left of a divided payment, or a share of one.
    is_divided: bool,
    /// The row of the payout that it is in.
    pub(crate) payout: Option<u32>,
}

/// What is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum EntryKind {
    Sale,
    Refund,
}

impl EntryKind {
    /// `SALE` was seen in an example.
    fn as_str(self) -> &'static str {
        match self {
            Self::Sale => "SALE",
            Self::Refund => "REFUND",
        }
    }
}

impl Record for Entry {
    const KIND: &'static str = "settlement entry";

    fn id(&self) -> &str {
        &self.id
    }
}

/// A payout to the merchant, or to a split account.
#[derive(Serialize, Deserialize)]
pub(crate) struct PaidOut {
    pub(crate) id: SettlementPayoutId,
    /// The row of the split account that it goes to; `None` for the merchant.
    pub(crate) account: Option<u32>,
    pub(crate) totals: Totals,
    /// The rows of what is in it.
    pub(crate) entries: Vec<u32>,
    pub(crate) transfer_id: Box<str>,
    /// The bank's number of it, once it has arrived.
    pub(crate) utr: Option<Box<str>>,
    pub(crate) created: Moment,
    pub(crate) modified: Moment,
    /// When it arrives.
    ends: Option<Moment>,
}

impl Record for PaidOut {
    const KIND: &'static str = "settlement";

    fn id(&self) -> &str {
        self.id.as_str()
    }
}

/// Sums, in rupees.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Totals {
    pub(crate) sale: Rupees,
    pub(crate) refund: Rupees,
    pub(crate) charges: Rupees,
    pub(crate) gst: Rupees,
}

impl Totals {
    /// With one more entry; `None` where a sum has too many digits.
    fn with(self, entry: &Entry) -> Option<Self> {
        let mut sums = self;
        let sum = match entry.kind {
            EntryKind::Sale => &mut sums.sale,
            EntryKind::Refund => &mut sums.refund,
        };
        *sum = sum.checked_add(entry.amount)?;
        sums.charges = sums.charges.checked_add(entry.charges)?;
        sums.gst = sums.gst.checked_add(entry.gst)?;
        sums.net()?;
        Some(sums)
    }

    /// What is paid out.
    fn net(self) -> Option<Rupees> {
        self.sale
            .checked_sub(self.refund)?
            .checked_sub(self.charges)?
            .checked_sub(self.gst)
    }

    /// As [`net`](Self::net), of sums of which it is known that it fits.
    pub(crate) fn settled(self) -> Rupees {
        self.net().unwrap_or_default()
    }
}

/// Payouts, and what waits for one.
pub(crate) struct Settlements {
    entries: Table<Entry>,
    payouts: Table<PaidOut>,
    /// The rows of what is in no payout yet.
    open: Vec<u32>,
    /// The runs that are to come.
    runs: One<BTreeSet<Moment>>,
}

impl Default for Settlements {
    fn default() -> Self {
        Self {
            entries: Table::default(),
            payouts: Table::default(),
            open: Vec::new(),
            runs: One::new("settlement runs", BTreeSet::new()),
        }
    }
}

impl Settlements {
    /// Every payout, the first first.
    pub(crate) fn payouts(&self) -> std::slice::Iter<'_, PaidOut> {
        self.payouts.iter()
    }

    /// What is in a payout.
    pub(crate) fn entries(&self, payout: &PaidOut) -> impl Iterator<Item = &Entry> {
        payout.entries.iter().map(|row| &self.entries[*row])
    }

    /// What waits for a payout.
    pub(crate) fn open(&self) -> impl Iterator<Item = &Entry> {
        self.open.iter().map(|row| &self.entries[*row])
    }

    /// The rows of the split accounts that something goes to, each as often as it does.
    pub(crate) fn accounts(&self) -> impl Iterator<Item = u32> {
        let entries = self.entries.iter().filter_map(|entry| entry.account);
        let payouts = self.payouts.iter().filter_map(|payout| payout.account);
        entries.chain(payouts)
    }

    /// Whether a payment, or a share of it, is in a payout: then it is divided as it is.
    pub(crate) fn has_settled(&self, transaction: &TransactionId) -> bool {
        let is_sale =
            |entry: &&Entry| entry.kind == EntryKind::Sale && entry.transaction == *transaction;
        let mut sales = self.entries.iter().filter(is_sale);
        sales.any(|entry| entry.is_divided || entry.payout.is_some())
    }

    pub(crate) fn kept(&mut self) -> [&mut dyn Kept; 3] {
        [&mut self.entries, &mut self.payouts, &mut self.runs]
    }

    /// What waits, once all records are here; and what is to happen.
    pub(crate) fn plan(&mut self) -> Result<Vec<(Moment, Due)>, &'static str> {
        for (row, entry) in (0..).zip(self.entries.iter()) {
            match entry.payout {
                Some(payout) if !self.payouts.has(payout) => {
                    return Err("a payment was settled in a payout that is not there");
                }
                Some(_) => {}
                None => self.open.push(row),
            }
        }
        let runs = self.runs.iter().map(|at| (*at, Due::Settlement));
        let mut dues: Vec<_> = runs.collect();
        for (row, payout) in (0..).zip(self.payouts.iter()) {
            if !payout.entries.iter().all(|row| self.entries.has(*row)) {
                return Err("a payout has a payment that is not there");
            }
            if let Some(end) = payout.ends {
                dues.push((end, Due::Payout(row)));
            }
        }
        Ok(dues)
    }
}

impl Index<u32> for Settlements {
    type Output = PaidOut;

    fn index(&self, row: u32) -> &PaidOut {
        &self.payouts[row]
    }
}

/// When, on the next day, a run settles what happened on one.
const RUN: Duration = Duration::from_secs((13 * 60 + 40) * 60);
/// How long a payout takes to arrive.
const ON_ITS_WAY: Duration = Duration::from_secs(10 * 60);
/// GST on charges, in percent.
const GST: u32 = 18;

/// A payment succeeded, which is to be settled.
pub(crate) fn sale(state: &mut State, transaction: &TransactionId, amount: Rupees) {
    let charges = share(amount, state.charge, 10_000);
    let gst = share(charges, GST, 100);
    add(state, EntryKind::Sale, transaction, amount, (charges, gst));
}

/// Part of a payment was given back.
pub(crate) fn refund(state: &mut State, transaction: &TransactionId, amount: Rupees) {
    let nothing = (Rupees::ZERO, Rupees::ZERO);
    add(state, EntryKind::Refund, transaction, amount, nothing);
}

/// A share of a sum, in whole paise.
fn share(sum: Rupees, part: u32, of: u32) -> Rupees {
    let share = sum.decimal() * Decimal::from(part) / Decimal::from(of);
    let paise = share.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    // It has no more digits than the sum.
    Rupees::new(paise).unwrap_or_default()
}

fn add(
    state: &mut State,
    kind: EntryKind,
    transaction: &TransactionId,
    amount: Rupees,
    (charges, gst): (Rupees, Rupees),
) {
    let now = state.now;
    let due = next_run(now);
    let entry = Entry {
        id: state.ids.other("ST", now).into(),
        kind,
        transaction: transaction.clone(),
        amount,
        charges,
        gst,
        created: now,
        due,
        account: None,
        is_divided: false,
        payout: None,
    };
    let settlements = &mut state.settlements;
    settlements.open.extend(settlements.entries.insert(entry));
    note_run(state, due);
}

/// When that is settled which happens now.
fn next_run(now: Moment) -> Moment {
    now.next_indian_day().after(RUN)
}

fn note_run(state: &mut State, due: Moment) {
    if !state.settlements.runs.contains(&due) {
        state.settlements.runs.insert(due);
        state.agenda.add(due, Due::Settlement);
    }
}

/// A split account receives money again: the next run pays what has waited for that.
pub(crate) fn account_is_active(state: &mut State, account: u32) {
    let due = next_run(state.now);
    let Settlements { entries, open, .. } = &mut state.settlements;
    let waits = |row: &&u32| entries[**row].account == Some(account);
    let waiting: Vec<u32> = open.iter().filter(waits).copied().collect();
    if waiting.is_empty() {
        return;
    }
    for row in waiting {
        entries.at_mut(row).due = due;
    }
    note_run(state, due);
}

/// The time of a run has come: settles what is due by now.
pub(crate) fn time_to_run(state: &mut State) {
    let now = state.now;
    state.settlements.runs.retain(|at| *at > now);
    run(state, |entry| entry.due <= now);
}

/// Settles everything that waits; gives the rows of the payouts, the merchant's first.
pub(crate) fn run_now(state: &mut State) -> Vec<u32> {
    run(state, |_| true)
}

fn run(state: &mut State, takes: impl Fn(&Entry) -> bool) -> Vec<u32> {
    divide(state, &takes);
    let settlements = &state.settlements;
    let open = settlements.open().filter(|entry| takes(entry));
    let accounts: BTreeSet<Option<u32>> = open.map(|entry| entry.account).collect();
    let receives = |account: &Option<u32>| account.is_none_or(|row| split::is_active(state, row));
    let accounts: Vec<_> = accounts.into_iter().filter(receives).collect();
    let payouts = accounts.into_iter().filter_map(|account| {
        pay_out(state, account, |entry| {
            entry.account == account && takes(entry)
        })
    });
    payouts.collect()
}

/// Takes the shares of split accounts off the payments that a run takes: of what is left of each
/// after refunds and charges.
fn divide(state: &mut State, takes: impl Fn(&Entry) -> bool) {
    let is_whole = |row: &u32| {
        let entry = &state.settlements.entries[*row];
        entry.kind == EntryKind::Sale && !entry.is_divided && takes(entry)
    };
    let open = state.settlements.open.iter().copied();
    let whole: Vec<u32> = open.filter(is_whole).collect();
    for row in whole {
        let entry = &state.settlements.entries[row];
        let Some(left) = left_of(state, entry) else {
            continue;
        };
        let shares = split::shares(state, &entry.transaction, left);
        for share in shares {
            let id = state.ids.other("ST", state.now).into();
            let settlements = &mut state.settlements;
            let entry = settlements.entries.at_mut(row);
            // The shares are no more than what is left of it.
            entry.amount = entry.amount.checked_sub(share.amount).unwrap_or_default();
            entry.is_divided = true;
            let share = Entry {
                id,
                kind: EntryKind::Sale,
                transaction: entry.transaction.clone(),
                amount: share.amount,
                charges: Rupees::ZERO,
                gst: Rupees::ZERO,
                created: entry.created,
                due: entry.due,
                account: Some(share.account),
                is_divided: true,
                payout: None,
            };
            settlements.open.extend(settlements.entries.insert(share));
        }
    }
}

/// What of a payment was not given back and not charged.
fn left_of(state: &State, entry: &Entry) -> Option<Rupees> {
    let attempt = state.attempts.get(entry.transaction.as_str())?;
    let left = attempt.left().checked_sub(entry.charges)?;
    left.checked_sub(entry.gst)
}

fn pay_out(state: &mut State, account: Option<u32>, takes: impl Fn(&Entry) -> bool) -> Option<u32> {
    let now = state.now;
    let settlements = &mut state.settlements;
    let mut totals = Totals::default();
    let mut taken = Vec::new();
    let mut left = Vec::new();
    for row in &settlements.open {
        let entry = &settlements.entries[*row];
        // What would make a sum too long is left for the next run.
        match totals.with(entry).filter(|_| takes(entry)) {
            Some(sums) => {
                totals = sums;
                taken.push(*row);
            }
            None => left.push(*row),
        }
    }
    if totals.settled() <= Rupees::ZERO {
        return None;
    }
    let ends = now.after(ON_ITS_WAY);
    let payout = PaidOut {
        id: SettlementPayoutId::new(state.ids.other("SP", now)),
        account,
        totals,
        entries: taken.clone(),
        transfer_id: state.ids.transaction(now).as_str().into(),
        utr: None,
        created: now,
        modified: now,
        ends: Some(ends),
    };
    // Ids that the sandbox mints do not come twice.
    let row = settlements.payouts.insert(payout)?;
    for entry in taken {
        settlements.entries.at_mut(entry).payout = Some(row);
    }
    settlements.open = left;
    state.agenda.add(ends, Due::Payout(row));
    Some(row)
}

/// A payout has arrived.
pub(crate) fn time_is_up(state: &mut State, row: u32) {
    let now = state.now;
    let payout = &state.settlements.payouts[row];
    if payout.ends.is_none_or(|end| end > now) {
        return;
    }
    let utr = format!("SBOXN{}", state.ids.bank_reference());
    let payout = state.settlements.payouts.at_mut(row);
    payout.utr = Some(utr.into());
    payout.modified = now;
    payout.ends = None;
}

impl PaidOut {
    /// Both were seen in examples.
    pub(crate) fn status(&self) -> &'static str {
        match self.utr {
            None => "INIT",
            Some(_) => "SUCCESS",
        }
    }

    /// When it arrived.
    fn date(&self) -> Option<DateTime> {
        self.utr.as_ref().map(|_| date(self.modified))
    }

    fn remarks(&self) -> String {
        match self.utr {
            None => "Settlement in process".to_owned(),
            Some(_) => "Settlement processed".to_owned(),
        }
    }
}

/// As the newest examples write it.
fn date(moment: Moment) -> DateTime {
    DateTime::new(moment.indian())
}

/// `get_settlement_payout`.
pub(crate) fn get(
    world: &Arc<World>,
    request: Valid<GetSettlementPayout>,
) -> Result<SettlementPayout, Instead> {
    let state = world.state();
    let settlements = &state.settlements;
    let payout = settlements
        .payouts
        .get(request.settlement_payout_id.as_str());
    let payout = payout.ok_or_else(|| Instead::refuse(404, "no settlement payout has this id"))?;
    let mut answer = SettlementPayout::default();
    let nothing = Some(Rupees::ZERO);
    answer.settlement_payout_id = Some(payout.id.clone());
    answer.total_sale_amount = Some(payout.totals.sale);
    answer.total_refund_amount = Some(payout.totals.refund);
    answer.total_charges = Some(payout.totals.charges);
    answer.total_gst = Some(payout.totals.gst);
    answer.total_settlement_amount = Some(payout.totals.settled());
    answer.instant_settlement_charges = nothing;
    answer.instant_settlement_gst = nothing;
    answer.refund_chargeback_amount = nothing;
    answer.carry_forward_amount = nothing;
    answer.adjustment_amount = nothing;
    answer.wallet_fund_adjustment = nothing;
    answer.split_transaction_charges = nothing;
    answer.split_transaction_gst = nothing;
    answer.payout_status = Some(payout.status().to_owned());
    answer.utr = payout.utr.as_deref().map(str::to_owned);
    answer.payout_date = payout.date();
    answer.remarks = Some(payout.remarks());
    answer.transfer_id = Some(payout.transfer_id.to_string());
    answer.created_on = Some(date(payout.created));
    answer.modified_on = Some(date(payout.modified));
    let entries = settlements.entries(payout);
    answer.settlement_transactions = Some(entries.map(|entry| shown(entry, payout)).collect());
    Ok(answer)
}

fn shown(entry: &Entry, payout: &PaidOut) -> SettlementTransaction {
    let mut shown = SettlementTransaction::default();
    let mut alone = Totals::default();
    if let Some(sums) = alone.with(entry) {
        alone = sums;
    }
    shown.settlement_transaction_id = Some(entry.id.to_string());
    shown.sale_amount = Some(alone.sale);
    shown.txn_amount = Some(entry.amount);
    shown.tax_amount = Some(entry.gst);
    shown.charges = Some(entry.charges);
    shown.settlement_amount = Some(alone.settled());
    shown.transaction_type = Some(entry.kind.as_str().to_owned());
    let status = match payout.utr {
        None => "PENDING",
        Some(_) => "SETTLED",
    };
    shown.settlement_status = Some(status.to_owned());
    shown.approved_on = Some(date(payout.created));
    shown.merchant_mdr_mode = Some("NORMAL".to_owned());
    shown.created_on = Some(date(entry.created));
    shown.modified_on = Some(date(payout.modified));
    // Nothing of what was read says of which payment it is.
    shown
}

/// `search_settlement_payouts`.
pub(crate) fn search(
    world: &Arc<World>,
    request: Valid<SearchSettlementPayouts>,
) -> Result<Page<SettlementPayoutSummary>, Instead> {
    // No answer says what a merchant's detail id is; the company's is taken for it.
    let company = &world.config.credentials.company_id;
    let is_other = |id: &String| id != company;
    let of_another = request.merchant_detail_id.as_ref().is_some_and(is_other);
    let compare = order_by(request.order_by.as_deref())?;
    let state = world.state();
    let payouts = state.settlements.payouts.iter();
    let mut found: Vec<&PaidOut> = payouts
        .filter(|payout| !of_another && matches(&request, payout))
        .collect();
    // A stable order, also of those that compare alike.
    found.sort_by(|a, b| compare(a, b));
    if request.direction == Some(Direction::Desc) {
        found.reverse();
    }
    Ok(searches::page(
        found,
        request.offset,
        request.limit,
        |payout| summary(&state, payout),
    ))
}

fn matches(request: &SearchSettlementPayouts, payout: &PaidOut) -> bool {
    let from = |least: Option<Rupees>, sum: Rupees| least.is_none_or(|least| sum >= least);
    let to = |most: Option<Rupees>, sum: Rupees| most.is_none_or(|most| sum <= most);
    let totals = &payout.totals;
    let one = request.settlement_payout_id.as_ref();
    let some = request.settlement_payout_ids.as_ref();
    one.is_none_or(|id| *id == payout.id)
        && some.is_none_or(|ids| ids.contains(&payout.id))
        && from(request.total_sale_amount_from, totals.sale)
        && to(request.total_sale_amount_to, totals.sale)
        && from(request.total_refund_amount_from, totals.refund)
        && to(request.total_refund_amount_to, totals.refund)
        && from(request.total_charges_from, totals.charges)
        && to(request.total_charges_to, totals.charges)
        && from(request.total_gst_from, totals.gst)
        && to(request.total_gst_to, totals.gst)
        && from(request.total_settlement_amount_from, totals.settled())
}

type Compare = fn(&PaidOut, &PaidOut) -> std::cmp::Ordering;

/// How payouts are ordered. Which fields can be named is not documented.
fn order_by(field: Option<&str>) -> Result<Compare, Instead> {
    Ok(match field {
        None | Some("createdOn") => |a, b| a.created.cmp(&b.created),
        Some("settlementPayoutId") => |a, b| a.id.cmp(&b.id),
        Some("payoutDate") => |a, b| a.date().cmp(&b.date()),
        Some("totalSaleAmount") => |a, b| a.totals.sale.cmp(&b.totals.sale),
        Some("totalRefundAmount") => |a, b| a.totals.refund.cmp(&b.totals.refund),
        Some("totalCharges") => |a, b| a.totals.charges.cmp(&b.totals.charges),
        Some("totalGst") => |a, b| a.totals.gst.cmp(&b.totals.gst),
        Some("totalSettlementAmount") => |a, b| a.totals.settled().cmp(&b.totals.settled()),
        Some(_) => {
            return Err(Instead::refuse(
                422,
                "orderBy: must be one of createdOn, payoutDate, settlementPayoutId, \
                 totalSaleAmount, totalRefundAmount, totalCharges, totalGst, \
                 totalSettlementAmount",
            ));
        }
    })
}

fn summary(state: &State, payout: &PaidOut) -> SettlementPayoutSummary {
    let nothing = Some(Rupees::ZERO);
    let mut summary = SettlementPayoutSummary::default();
    summary.settlement_payout_id = Some(payout.id.clone());
    summary.total_sale_amount = Some(payout.totals.sale);
    summary.total_refund_amount = Some(payout.totals.refund);
    summary.total_charges = Some(payout.totals.charges);
    summary.total_gst = Some(payout.totals.gst);
    summary.total_settlement_amount = Some(payout.totals.settled());
    summary.refund_chargeback_amount = nothing;
    summary.carry_forward_amount = nothing;
    summary.adjustment_amount = nothing;
    summary.payout_status = Some(payout.status().to_owned());
    summary.utr = payout.utr.as_deref().map(str::to_owned);
    summary.remarks = Some(payout.remarks());
    summary.merchant_name = Some(MERCHANT.to_owned());
    summary.payout_date = payout.date();
    summary.created_on = Some(date(payout.created));
    summary.wallet_fund_adjustment = nothing;
    summary.instant_settlement_charges = nothing;
    summary.instant_settlement_gst = nothing;
    summary.transactions_count = Some(payout.entries.len() as u64);
    summary.settlement_type = Some("NORMAL".to_owned());
    summary.split_transaction_charges = nothing;
    summary.split_transaction_gst = nothing;
    let first = state.settlements.entries(payout).next();
    summary.split_account = payout
        .account
        .zip(first)
        .map(|(account, entry)| split::payout_account(state, account, &entry.transaction));
    summary
}
