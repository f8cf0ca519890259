//! Whether the sandbox's ledger, the run's report and the file say the same.

use std::collections::{HashMap, HashSet};

use enkash_types::Rupees;
use enkash_types::payouts::{TransferMode, TransferStatus};
use serde::Deserialize;

use crate::payments::{self, Payment};
use crate::report::Reported;

/// What the sandbox says that it paid.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Ledger {
    opening_balance: Rupees,
    credits: Rupees,
    debits: Rupees,
    balance: Rupees,
    pub(crate) transfers: Vec<Transfer>,
}

impl Ledger {
    /// The ids of the rows that it holds.
    pub(crate) fn ids(&self) -> HashSet<&str> {
        let ids = self.transfers.iter().map(|row| row.transaction_id.as_str());
        ids.collect()
    }
}

/// A transfer, and how often the account was debited for it and it came back.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Transfer {
    transaction_id: String,
    enkash_transaction_id: String,
    transfer_amount: Rupees,
    transfer_mode: TransferMode,
    payout_status: TransferStatus,
    utr: Option<String>,
    debits: u32,
    credits: u32,
}

/// All that they do not agree on: nothing, if every row was paid exactly once and the journal knows
/// it.
pub(crate) fn differences(
    payments: &[Payment],
    ledger: &Ledger,
    report: &[Reported],
) -> Vec<String> {
    let mut found = Vec::new();
    let mut transfers = HashMap::new();
    for transfer in &ledger.transfers {
        if transfers
            .insert(transfer.transaction_id.as_str(), transfer)
            .is_some()
        {
            found.push(format!(
                "{} stands in the ledger twice",
                transfer.transaction_id
            ));
        }
    }
    let mut reported = report.iter();
    for payment in payments {
        let transfer = transfers.remove(payment.id.as_str());
        let wrong = match transfer {
            None => Some("was not paid".to_owned()),
            Some(transfer) => wrongly_paid(payment, transfer),
        };
        let misreported = match reported.next() {
            None => Some("is not in the report".to_owned()),
            Some(reported) => wrongly_reported(payment, transfer, reported),
        };
        let both = [wrong, misreported].into_iter().flatten();
        found.extend(both.map(|what| format!("{} {what}", payment.id)));
    }
    found.extend(
        transfers
            .keys()
            .map(|id| format!("{id} was paid and is not in the file")),
    );
    found.extend(reported.map(|row| format!("{} is reported and is not in the file", row.id)));
    found.extend(wrong_sums(payments, ledger));
    found
}

fn wrongly_paid(payment: &Payment, transfer: &Transfer) -> Option<String> {
    let Transfer {
        transfer_amount,
        transfer_mode,
        payout_status,
        debits,
        credits,
        ..
    } = transfer;
    if (*debits, *credits) != (1, 0) {
        return Some(format!(
            "was debited {debits} times and came back {credits} times"
        ));
    }
    if *transfer_amount != payment.amount || *transfer_mode != payment.mode {
        return Some(format!(
            "was paid as {transfer_amount} by {transfer_mode}, and should be {} by {}",
            payment.amount, payment.mode
        ));
    }
    let arrived = *payout_status == TransferStatus::Success;
    (!arrived).then(|| format!("is {payout_status}"))
}

fn wrongly_reported(
    payment: &Payment,
    transfer: Option<&Transfer>,
    reported: &Reported,
) -> Option<String> {
    let of_it = (&reported.id, reported.amount, &reported.mode);
    if of_it != (&payment.id, payment.amount, &payment.mode) {
        return Some(format!(
            "is reported as {} of {} rupees",
            reported.id, reported.amount
        ));
    }
    if !reported.is_with_enkash() {
        return Some(format!("is reported as {}", reported.state));
    }
    let transfer = transfer?;
    let same = |reported: &Option<String>, known: Option<&String>| {
        reported
            .as_ref()
            .is_none_or(|reported| Some(reported) == known)
    };
    if !same(&reported.enkash_id, Some(&transfer.enkash_transaction_id)) {
        return Some("is reported with another id of EnKash's".to_owned());
    }
    (!same(&reported.utr, transfer.utr.as_ref())).then(|| "is reported with another UTR".to_owned())
}

/// To the paisa.
fn wrong_sums(payments: &[Payment], ledger: &Ledger) -> Option<String> {
    let total = payments::total(payments);
    let left = ledger.opening_balance.checked_sub(ledger.balance);
    let agree = total.is_some()
        && total == left
        && total == Some(ledger.debits)
        && ledger.credits == Rupees::ZERO;
    (!agree).then(|| {
        format!(
            "the file comes to {}; the ledger began with {}, debited {}, gave back {} and has {}",
            total.map_or_else(|| "too much".to_owned(), |total| total.to_string()),
            ledger.opening_balance,
            ledger.debits,
            ledger.credits,
            ledger.balance,
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Chance;

    /// A file of three rows, the ledger of a run that paid them, and its report.
    fn paid() -> (Vec<Payment>, Ledger, Vec<Reported>) {
        let payments = payments::draw(&mut Chance::new(1), 3);
        let transfers: Vec<_> = (1..)
            .zip(&payments)
            .map(|(number, payment)| Transfer {
                transaction_id: payment.id.clone(),
                enkash_transaction_id: format!("PT{number}"),
                transfer_amount: payment.amount,
                transfer_mode: payment.mode.clone(),
                payout_status: TransferStatus::Success,
                utr: Some(format!("{number:012}")),
                debits: 1,
                credits: 0,
            })
            .collect();
        let report = transfers.iter().map(|transfer| Reported {
            id: transfer.transaction_id.clone(),
            amount: transfer.transfer_amount,
            mode: transfer.transfer_mode.clone(),
            state: "PAID".to_owned(),
            enkash_id: Some(transfer.enkash_transaction_id.clone()),
            utr: transfer.utr.clone(),
        });
        let report = report.collect();
        let total = payments::total(&payments).unwrap();
        let opening: Rupees = "10000000".parse().unwrap();
        let ledger = Ledger {
            opening_balance: opening,
            credits: Rupees::ZERO,
            debits: total,
            balance: opening.checked_sub(total).unwrap(),
            transfers,
        };
        (payments, ledger, report)
    }

    /// What is found after one thing was changed.
    fn found(change: impl FnOnce(&mut Ledger, &mut Vec<Reported>)) -> String {
        let (payments, mut ledger, mut report) = paid();
        change(&mut ledger, &mut report);
        differences(&payments, &ledger, &report).join("; ")
    }

    #[test]
    fn a_run_that_paid_each_row_once_agrees() {
        assert_eq!(found(|_, _| {}), "");
        // Where an answer was lost, the journal knows that EnKash has it, and no more.
        let less_known = found(|_, report| {
            report[1].state = "TAKEN".to_owned();
            (report[1].enkash_id, report[1].utr) = (None, None);
        });
        assert_eq!(less_known, "");
    }

    #[test]
    fn a_row_that_was_paid_twice_or_never_is_found() {
        let twice = found(|ledger, _| ledger.transfers[0].debits = 2);
        assert_eq!(
            twice,
            "SALARY000001 was debited 2 times and came back 0 times"
        );
        let never = found(|ledger, _| drop(ledger.transfers.remove(2)));
        assert_eq!(never, "SALARY000003 was not paid");
        let again = found(|ledger, _| {
            let mut again = ledger.transfers[0].clone();
            again.transaction_id = "SALARY000001A".to_owned();
            ledger.transfers.push(again);
        });
        assert_eq!(again, "SALARY000001A was paid and is not in the file");
        let back = found(|ledger, _| ledger.transfers[1].credits = 1);
        assert_eq!(
            back,
            "SALARY000002 was debited 1 times and came back 1 times"
        );
        let failed = found(|ledger, _| ledger.transfers[1].payout_status = TransferStatus::Failed);
        assert_eq!(failed, "SALARY000002 is FAILED");
    }

    #[test]
    fn a_report_that_says_something_else_is_found() {
        let planned = found(|_, report| report[0].state = "PLANNED".to_owned());
        assert_eq!(planned, "SALARY000001 is reported as PLANNED");
        let other = found(|_, report| report[0].utr = Some("1".to_owned()));
        assert_eq!(other, "SALARY000001 is reported with another UTR");
        let other = found(|_, report| report[2].enkash_id = Some("1".to_owned()));
        assert_eq!(
            other,
            "SALARY000003 is reported with another id of EnKash's"
        );
        let missing = found(|_, report| drop(report.pop()));
        assert_eq!(missing, "SALARY000003 is not in the report");
    }

    #[test]
    fn a_paisa_too_many_is_found() {
        let sums = found(|ledger, _| {
            ledger.debits = ledger.debits.checked_add(Rupees::from_paise(1)).unwrap();
        });
        assert!(sums.starts_with("the file comes to "), "{sums}");
        let amount = found(|ledger, _| {
            let transfer = &mut ledger.transfers[0];
            transfer.transfer_amount = transfer
                .transfer_amount
                .checked_add(Rupees::from_paise(1))
                .unwrap();
        });
        assert!(amount.starts_with("SALARY000001 was paid as "), "{amount}");
    }
}
