//! The payout account: its balance and its statement.

use std::sync::Arc;

use enkash_types::payouts::{Balance, FetchStatement, GetBalance, Statement, StatementLine};
use enkash_types::{AccountNumber, DateTime, Valid};

use super::ledger::{Direction, Line};
use crate::config::Credentials;
use crate::dates::moment;
use crate::router::Instead;
use crate::state::State;
use crate::world::World;

/// `get_payout_account_balance`.
pub(crate) fn balance(world: &Arc<World>, request: Valid<GetBalance>) -> Result<Balance, Instead> {
    let number = request.debit_account_number.as_ref();
    check_account(
        &world.config.credentials,
        request.fund_source_id.as_str(),
        number,
    )?;
    let state = world.state();
    Ok(Balance::new(state.payouts.ledger.balance()))
}

/// `fetch_payout_statement`.
pub(crate) fn statement(
    world: &Arc<World>,
    request: Valid<FetchStatement>,
) -> Result<Statement, Instead> {
    check_account(
        &world.config.credentials,
        request.fund_source_id.as_str(),
        Some(&request.debit_account_number),
    )?;
    let from = moment("fromDate", &request.from_date)?;
    let to = moment("toDate", &request.to_date)?;
    if to < from {
        return Err(Instead::refuse(422, "toDate: must not be before fromDate"));
    }
    let mut state = world.state();
    let state = &mut *state;
    let mut statement = Statement::default();
    statement.request_id = Some(state.ids.other("RQ", state.now));
    let lines = state.payouts.ledger.between(from, to).iter();
    statement.lines = lines.map(|line| shown(state, line)).collect();
    Ok(statement)
}

/// There is one account.
fn check_account(
    own: &Credentials,
    fund_source: &str,
    number: Option<&AccountNumber>,
) -> Result<(), Instead> {
    if fund_source != own.fund_source_id {
        return Err(Instead::refuse(422, "fundSourceId: is not this account's"));
    }
    match number {
        Some(number) if *number != own.debit_account_number => Err(Instead::refuse(
            422,
            "debitAccountNumber: is not this account's",
        )),
        _ => Ok(()),
    }
}

/// A line as it is answered. `transactionId` is the merchant's: whose it is, is not documented.
fn shown(state: &State, line: &Line) -> StatementLine {
    let at = DateTime::new(line.at.iso());
    let sent = line.transfer.map(|row| &state.payouts.transfers[row]);
    let mut shown = StatementLine::default();
    shown.transaction_id = sent.map(|sent| sent.request.transaction_id.clone());
    shown.transaction_date = Some(at.clone());
    shown.value_date = Some(at);
    shown.transaction_type = Some(line.direction.as_str().to_owned());
    shown.remarks = remarks(state, line);
    shown.transaction_reference_number = Some(line.reference.to_string());
    shown.transaction_mode = sent.map(|sent| sent.request.transfer_mode.to_string());
    shown.transaction_amount = Some(line.amount);
    shown.running_balance = Some(line.balance);
    shown
}

fn remarks(state: &State, line: &Line) -> Option<String> {
    match (line.transfer, line.direction) {
        (Some(row), Direction::Debit) => {
            let sent = &state.payouts.transfers[row];
            let remark = sent.request.transfer_remark.as_ref();
            remark.map(ToString::to_string)
        }
        (Some(_), Direction::Credit) => Some("Returned".to_owned()),
        (None, _) => Some("Balance set".to_owned()),
    }
}
