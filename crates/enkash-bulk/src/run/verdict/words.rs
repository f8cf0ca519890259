//! What EnKash says of a failure, as it may be written down.

use enkash_api::types::AccountNumber;
use enkash_api::types::payouts::CreateTransfer;
use std::cmp::Reverse;

use enkash_api::{Error, OutcomeUnknown};

use crate::file::Row;

/// An error in words.
#[derive(Debug, Clone)]
pub(in crate::run) struct Words {
    /// What it means for the row.
    pub(in crate::run) whole: String,
    /// What lies below it, which may concern other rows as well.
    pub(in crate::run) cause: String,
}

/// An error in words, of requests for these rows. EnKash may repeat an account number of what it was
/// sent, which a journal does not hold.
pub(in crate::run) fn in_private<'a>(
    error: &Error,
    rows: impl IntoIterator<Item = &'a Row>,
) -> Words {
    without(rows.into_iter().flat_map(accounts), error)
}

/// An error in words, without these account numbers.
pub(in crate::run) fn without<'a>(
    accounts: impl IntoIterator<Item = &'a AccountNumber>,
    error: &Error,
) -> Words {
    let mut words = Words {
        whole: match error {
            Error::OutcomeUnknown(unknown) => in_doubt(unknown),
            error => error.to_string(),
        },
        cause: error.cause().to_string(),
    };
    let accounts = accounts.into_iter();
    let mut accounts: Vec<_> = accounts
        .filter(|account| !account.as_str().is_empty())
        .collect();
    // One may be a part of another.
    accounts.sort_by_key(|account| Reverse(account.as_str().len()));
    for account in accounts {
        for words in [&mut words.whole, &mut words.cause] {
            if words.contains(account.as_str()) {
                *words = words.replace(account.as_str(), &account.to_string());
            }
        }
    }
    words
}

/// What is not known. The advice of the error is for who made one call: the run finds out by itself.
fn in_doubt(unknown: &OutcomeUnknown) -> String {
    let mut words = "EnKash may have done it or not".to_owned();
    if let Some(lookup) = &unknown.lookup {
        words += &format!("; {lookup}");
    }
    if let Some(source) = &unknown.source {
        words += &match source {
            Error::Transport { error, .. } => format!(" ({error})"),
            Error::Api(refused) => format!(" ({})", refused.refusal),
            other => format!(" ({other})"),
        };
    }
    words
}

fn accounts(row: &Row) -> impl Iterator<Item = &AccountNumber> {
    let CreateTransfer {
        debit_account_number,
        beneficiary_detail,
        ..
    } = &row.transfer;
    let detail = beneficiary_detail.as_ref();
    let payee = row.beneficiary.as_ref();
    let accounts = [
        debit_account_number.as_ref(),
        detail.and_then(|detail| detail.beneficiary_account_number.as_ref()),
        payee.and_then(|payee| payee.beneficiary_account_number.as_ref()),
    ];
    accounts.into_iter().flatten()
}
