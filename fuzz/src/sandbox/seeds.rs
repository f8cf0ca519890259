//! Rows of calls to start from.

use super::calls::{CALL, FLOOD, KINDS, Kind, callable};
use crate::declared::noise;

/// What people do one after the other. The rest is found from there.
const JOURNEYS: &[&[&str]] = &[
    &[
        "create_order",
        "submit_payment",
        "validate_payment_otp",
        "get_transaction_status",
        "refund_payment",
        "refund_payment",
        "search_settlement_payouts",
        "get_settlement_payout",
    ],
    &[
        "create_order",
        "get_dynamic_upi_qr",
        "get_upi_intent_links",
        "get_upi_transaction_status",
        "verify_upi_vpa",
        "get_order_status",
    ],
    &[
        "create_split_account",
        "activate_split_account",
        "create_order",
        "submit_payment_with_split",
        "edit_split_settlement",
        "update_split_account",
    ],
    &[
        "create_upi_mandate",
        "get_upi_mandate",
        "notify_mandate_debit",
        "execute_mandate_debit",
        "update_upi_mandate",
        "revoke_upi_mandate",
    ],
    &[
        "create_qr_customer",
        "create_upi_qr",
        "get_upi_qr",
        "search_upi_qrs",
        "search_qr_customers",
        "cancel_upi_qr",
        "create_virtual_account",
        "get_virtual_account_by_customer_reference",
    ],
];

/// A call of this kind.
fn call(kind: Kind, rest: &[u8]) -> Vec<u8> {
    let kind = KINDS.iter().position(|other| *other == kind).unwrap_or(0);
    let mut bytes = vec![kind as u8];
    bytes.extend(rest);
    bytes.resize(CALL, 0);
    bytes
}

/// A call of an operation with one of the requests that keep every rule, about what is known.
fn operation(name: &str, example: u8) -> Vec<u8> {
    let mut all = callable().iter();
    let index = all.position(|called| called.declared.operation.name == name);
    let index = index.unwrap_or_else(|| panic!("{name} is not declared"));
    call(Kind::Operation, &[index as u8, 0, 0, example])
}

/// Each journey; an order and then some of all operations; an order, its page and what can be done
/// to it from outside; one call very often; and noise.
pub fn seeds() -> Vec<Vec<u8>> {
    let mut seeds = Vec::new();
    for journey in JOURNEYS {
        for example in 0..12 {
            let calls = journey.iter().map(|name| operation(name, example));
            seeds.push(calls.collect::<Vec<_>>().concat());
        }
    }
    for variant in 0..8 {
        let mut noise = noise(variant);
        let calls: Vec<_> = (0..callable().len())
            .map(|index| {
                // Who asks is right, and so is nearly all else.
                let mut rest = vec![index as u8, 0];
                rest.extend(noise.by_ref().take(CALL - 3).map(|byte| byte & 0x3f));
                call(Kind::Operation, &rest)
            })
            .collect();
        for some in calls.chunks(12) {
            seeds.push([operation("create_order", 0), some.concat()].concat());
        }
    }
    for index in 0..64 {
        let rest = [
            call(Kind::Page, &[0, index]),
            call(Kind::Page, &[1, index]),
            call(Kind::Service, &[index]),
            call(Kind::Again, &[1]),
        ];
        seeds.push([operation("create_order", 0), rest.concat()].concat());
    }
    seeds.push(
        [
            call(Kind::Raw, &[]),
            call(Kind::Again, &[0, FLOOD[0], FLOOD[1]]),
        ]
        .concat(),
    );
    for variant in 0..16 {
        seeds.push(noise(!variant).take(8 * CALL).collect());
    }
    seeds
}
