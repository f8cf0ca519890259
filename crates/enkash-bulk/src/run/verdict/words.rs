//! What EnKash says of a failure, as it may be written down.

use enkash_api::Error;
use enkash_api::types::AccountNumber;
use enkash_api::types::payouts::CreateTransfer;

use crate::file::Row;

/// An error in words.
#[derive(Debug, Clone)]
pub(in crate::run) struct Words {
    /// What it means for the row.
    pub(in crate::run) whole: String,
    /// What lies below it, which may concern other rows as well.
    pub(in crate::run) cause: String,
}

/// An error in words. EnKash may repeat an account number of what it was sent, which a journal does
/// not hold.
pub(in crate::run) fn in_private<'a>(
    error: &Error,
    rows: impl IntoIterator<Item = &'a Row>,
) -> Words {
    let mut words = Words {
        whole: error.to_string(),
        cause: error.cause().to_string(),
    };
    for account in rows.into_iter().flat_map(accounts) {
        for words in [&mut words.whole, &mut words.cause] {
            if words.contains(account.as_str()) {
                *words = words.replace(account.as_str(), &account.to_string());
            }
        }
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
    let accounts = accounts.into_iter().flatten();
    accounts.filter(|account| !account.as_str().is_empty())
}
