//! Whom a row pays.

use crate::file::Row;

/// Whom a row pays, as a person may see it: the beneficiary's id, and a UPI address or the end of
/// an account number with its IFSC, as far as the row says so.
pub(super) fn shown(row: &Row) -> String {
    let transfer = &row.transfer;
    let mut parts = Vec::new();
    let mut add = |part: Option<String>| parts.extend(part);
    add(transfer.beneficiary_id.as_ref().map(ToString::to_string));
    if let Some(payee) = &row.beneficiary {
        let account = payee.beneficiary_account_number.as_ref();
        add(account.map(ToString::to_string));
        add(payee.beneficiary_ifsc.as_ref().map(ToString::to_string));
        add(payee.vpa_handle.as_ref().map(ToString::to_string));
    }
    if let Some(payee) = &transfer.beneficiary_detail {
        add(payee.beneficiary_id.as_ref().map(ToString::to_string));
        let account = payee.beneficiary_account_number.as_ref();
        add(account.map(ToString::to_string));
        add(payee.vpa_handle.as_ref().map(ToString::to_string));
    }
    parts.join(" ")
}
