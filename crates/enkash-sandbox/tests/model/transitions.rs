//! Everything that can happen in the model, by the names that it notes.

use std::collections::{BTreeMap, BTreeSet};

/// Each subject with what happens to it; of what is refused, why.
const ALL: &[(&str, &[&str])] = &[
    (
        "order",
        &[
            "CREATED -> CHECKOUT_RENDERED",
            "CREATED -> ATTEMPTED",
            "CREATED -> PAYMENT_CONFIRMATION_PENDING",
            "CREATED -> PAID",
            "CREATED -> CANCELLED",
            "CREATED -> EXPIRED",
            "CHECKOUT_RENDERED -> ATTEMPTED",
            "CHECKOUT_RENDERED -> PAYMENT_CONFIRMATION_PENDING",
            "CHECKOUT_RENDERED -> PAID",
            "CHECKOUT_RENDERED -> CANCELLED",
            "CHECKOUT_RENDERED -> EXPIRED",
            "ATTEMPTED -> PAYMENT_CONFIRMATION_PENDING",
            "ATTEMPTED -> PAID",
            "ATTEMPTED -> CANCELLED",
            "ATTEMPTED -> EXPIRED",
            "PAYMENT_CONFIRMATION_PENDING -> ATTEMPTED",
            "PAYMENT_CONFIRMATION_PENDING -> PAID",
            "PAYMENT_CONFIRMATION_PENDING -> CANCELLED",
            "PAYMENT_CONFIRMATION_PENDING -> EXPIRED",
        ],
    ),
    (
        "payment",
        &[
            "new -> waits for OTP",
            "new -> waits for payer",
            "new -> waits for scan",
            "waits for scan -> waits for payer",
            "waits for scan -> FAILED",
            "waits for scan -> CANCELLED",
            "new -> waits for bank",
            "new -> SUCCESS",
            "new -> FAILED",
            "waits for OTP -> waits for bank",
            "waits for OTP -> SUCCESS",
            "waits for OTP -> FAILED",
            "waits for OTP -> CANCELLED",
            "waits for payer -> SUCCESS",
            "waits for payer -> FAILED",
            "waits for payer -> CANCELLED",
            "waits for bank -> SUCCESS",
            "waits for bank -> FAILED",
            "SUCCESS -> PARTIALLY_REFUNDED",
            "SUCCESS -> REFUNDED",
            "PARTIALLY_REFUNDED -> PARTIALLY_REFUNDED",
            "PARTIALLY_REFUNDED -> REFUNDED",
        ],
    ),
    (
        "a late success, the order being",
        &["PAID", "CANCELLED", "EXPIRED"],
    ),
    (
        "payout",
        &[
            "to the merchant, at its time",
            "to the merchant, by hand",
            "to a split account, at its time",
            "to a split account, by hand",
            "none, since it would be nothing or less",
            "none, since the split account is not active",
            "INIT -> SUCCESS",
        ],
    ),
    ("QR code", &["paid", "cancelled"]),
    (
        "mandate",
        &[
            "CREATED -> CREATED",
            "CREATED -> ACTIVE",
            "CREATED -> REJECTED",
            "CREATED -> REVOKED",
            "CREATED -> EXPIRED",
            "ACTIVE -> ACTIVE",
            "ACTIVE -> REVOKED",
            "ACTIVE -> EXPIRED",
        ],
    ),
    ("debit", &["Success", "Decline", "Pending", "Timeout"]),
    ("virtual account", &["credited"]),
    (
        "refused",
        &[
            "an id of an order that was used",
            "a payment of an order that is over",
            "an instrument that there is not",
            "an instrument that the order does not take",
            "an OTP where none is waited for",
            "wrong OTP, number 1",
            "wrong OTP, number 2",
            "wrong OTP, number 3",
            "a decision on a payment that is over",
            "an end of an order that is over",
            "a refund of more than is left",
            "a refund of a payment that did not succeed",
            "an id of a refund that was used",
            "a QR code that fixes no sum",
            "a payment of a QR code that is paid",
            "a payment of a QR code that is cancelled",
            "a payment of a QR code that has run out",
            "another sum than the QR code's",
            "no sum for a QR code that fixes none",
            "an id of a mandate that was used",
            "a mandate of nobody",
            "a mandate that ends before it begins",
            "a decision on a mandate that is decided",
            "a change of a mandate that is over",
            "an end of a mandate that is over",
            "debits of a mandate that is not active",
            "a debit of a mandate that is not active",
            "a debit before the mandate begins",
            "a debit of more than the mandate's",
            "a debit of another sum than the mandate's",
            "a reference of a virtual account that was used",
            "a credit to a virtual account that is closed",
            "a split that is not right",
            "a split of what is settled",
            "a split of a payment that failed",
        ],
    ),
];

/// All of it happened, and nothing else.
pub(crate) fn check(taken: &BTreeMap<String, u32>) {
    for (what, count) in taken {
        println!("{count:>6}  {what}");
    }
    let of_subject = |(subject, all): &(&str, &[&str])| {
        let names = all.iter().map(|what| format!("{subject}: {what}"));
        names.collect::<Vec<_>>()
    };
    let all: BTreeSet<_> = ALL.iter().flat_map(of_subject).collect();
    let seen: BTreeSet<_> = taken.keys().cloned().collect();
    let missing: Vec<_> = all.difference(&seen).collect();
    let unknown: Vec<_> = seen.difference(&all).collect();
    assert!(missing.is_empty(), "these did not happen: {missing:#?}");
    assert!(unknown.is_empty(), "these are not listed: {unknown:#?}");
}
