//! Orders and payments, as the pages show them.

use enkash_types::gateway::{OrderStatus, PaymentMode};
use serde_json::{Map, Value, json};

use super::card::good_expiry;
use super::choose::{Card, Choice, Test, Upi, Ways};
use super::parts::Bill;
use super::steps::House;
use super::ways::{Bank, CARD_MODES, Offer, does};
use crate::gateway::attempts::{Attempt, Waits};
use crate::gateway::instruments::{CARDS, NO_VPA, OTP, VPAS, scheme};
use crate::gateway::orders::MERCHANT;
use crate::gateway::upi;
use crate::state::State;
use crate::time::Moment;

/// What is to be paid.
pub(super) fn bill(state: &State, order: u32) -> Bill {
    let placed = &state.orders[order];
    let rest = placed.rest();
    let payer = rest.customer_info.and_then(|info| {
        let names = [info.first_name, info.last_name].into_iter().flatten();
        let names: Vec<_> = names.map(|name| name.to_string()).collect();
        let name = (!names.is_empty()).then(|| names.join(" "));
        name.or_else(|| info.email.map(|email| email.to_string()))
    });
    Bill {
        merchant: MERCHANT,
        amount: placed.amount,
        merchant_order_id: placed.merchant_id.to_string(),
        order_id: placed.id.to_string(),
        description: rest.description,
        payer,
        is_due: placed.still_open().is_ok(),
    }
}

/// What the order offers to pay with.
pub(super) fn offer(state: &State, order: u32) -> Offer {
    Offer(state.orders[order].rest().restricted_payment_options)
}

/// The address of a payment.
pub(super) fn path(state: &State, row: u32) -> String {
    let attempt = &state.attempts[row];
    let order = &state.orders[attempt.order];
    format!("/v1/pay/{}/{}", order.id, attempt.id)
}

/// The ways to pay; `row` is the payment that is open.
pub(super) fn ways(state: &State, row: u32) -> Ways {
    let attempt = &state.attempts[row];
    let offer = offer(state, attempt.order);
    let choices = |mode| {
        let banks = offer.banks(&mode).into_iter();
        banks
            .map(|Bank { code, name, fate }| Choice {
                code,
                name: called(&mode, &name),
                does: does(fate),
            })
            .collect()
    };
    Ways {
        upi: offer.takes_upi().then(|| Upi {
            intent: upi::link(state, row),
            app: format!("{}/app", path(state, row)),
            tests: test_vpas(),
        }),
        card: card(state, &offer),
        banks: choices(PaymentMode::NetBanking),
        wallets: choices(PaymentMode::Wallet),
    }
}

fn test_vpas() -> Vec<Test> {
    let others = [(NO_VPA, "There is no such address")];
    let known = VPAS.iter().map(|(vpa, fate)| (*vpa, does(Some(*fate))));
    known
        .chain(others)
        .map(|(vpa, does)| Test {
            typed: vpa.to_owned(),
            does: does.to_owned(),
            fill: json!({"vpa": vpa}).to_string(),
        })
        .collect()
}

fn card(state: &State, offer: &Offer) -> Option<Card> {
    let taken: Vec<String> = CARD_MODES
        .iter()
        .filter_map(|mode| {
            let schemes = offer.schemes(mode)?;
            let kind = kind_of(mode);
            Some(match schemes.is_empty() {
                true => format!("{kind} cards"),
                false => format!("{kind} cards of {}", schemes.join(", ")),
            })
        })
        .collect();
    let limits = offer.0.as_ref().map(|_| taken.join(", "));
    let kinds = CARD_MODES
        .iter()
        .filter(|mode| offer.schemes(mode).is_some());
    let kinds: Vec<_> = kinds.map(kind_of).collect();
    let tests = CARDS
        .iter()
        .filter(|card| offer.mode_of(&card.number.into()).is_some())
        .map(|card| Test {
            typed: grouped(card.number),
            does: format!(
                "{} {} card. {}.",
                scheme(card.number),
                kind_of(&card.mode),
                does(Some(card.fate))
            ),
            fill: json!({
                "number": grouped(card.number),
                "expiry": good_expiry(state.now),
                "cvv": "123",
                "holder": "Asha Rao",
            })
            .to_string(),
        })
        .collect();
    (!taken.is_empty()).then_some(Card {
        kinds: capitalised(&kinds.join(", ")),
        limits,
        tests,
        otp: OTP,
    })
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(letters).collect()
}

fn kind_of(mode: &PaymentMode) -> &'static str {
    match mode {
        PaymentMode::CreditCard => "credit",
        PaymentMode::DebitCard => "debit",
        PaymentMode::PrepaidCard => "prepaid",
        _ => "corporate",
    }
}

/// Four digits at a time.
fn grouped(number: &str) -> String {
    let mut text = String::new();
    for (index, digit) in number.chars().enumerate() {
        if index > 0 && index % 4 == 0 {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

/// A payment of this order that was begun and waits for something, by its address.
pub(super) fn on_its_way(state: &State, order: u32) -> Option<String> {
    let rows = state.orders[order].attempts.iter().rev();
    let mut waiting = rows.filter(|row| {
        matches!(
            state.attempts[**row].waits,
            Waits::Otp { .. } | Waits::Payer | Waits::Bank
        )
    });
    waiting.next().map(|row| path(state, *row))
}

/// What pays, as it may be shown.
pub(super) fn with(attempt: &Attempt) -> String {
    let Some(used) = &attempt.used else {
        return String::new();
    };
    let masked = &used.masked_card_number;
    if let Some(last) = masked.len().checked_sub(4).and_then(|at| masked.get(at..)) {
        let scheme = match &*used.card_scheme {
            "" => "Card",
            scheme => scheme,
        };
        return format!("{scheme} •••• {last}");
    }
    match used.mode {
        PaymentMode::Upi if used.vpa.is_empty() => "UPI app".to_owned(),
        PaymentMode::Upi => used.vpa.to_string(),
        _ => called(&used.mode, &used.bank_name),
    }
}

/// The sandbox's banks are its wallets as well.
fn called(mode: &PaymentMode, bank: &str) -> String {
    match mode {
        PaymentMode::Wallet => bank.replace("Bank", "Wallet"),
        _ => bank.to_owned(),
    }
}

pub(super) fn is_upi(attempt: &Attempt) -> bool {
    let used = attempt.used.as_ref();
    used.is_some_and(|used| used.mode == PaymentMode::Upi)
}

/// The sandbox's own UPI app.
pub(super) fn upi_app() -> House {
    House {
        name: "Sandbox UPI app".to_owned(),
        icon: "upi",
        stands_for: "the UPI app on your phone",
    }
}

/// Whose page asks the payer.
pub(super) fn house(attempt: &Attempt) -> House {
    let used = attempt.used.as_ref();
    let is_wallet = used.is_some_and(|used| used.mode == PaymentMode::Wallet);
    let (icon, stands_for) = match is_wallet {
        true => ("wallet", "the page of your wallet"),
        false => ("bank", "the page of your bank"),
    };
    House {
        name: with(attempt),
        icon,
        stands_for,
    }
}

/// A time, as pages write it.
pub(super) fn time(moment: Moment) -> String {
    format!("{} IST", moment.indian())
}

/// What there is to say of a payment.
pub(super) fn facts(attempt: &Attempt) -> Vec<(&'static str, String)> {
    let mut facts = vec![("Payment", attempt.id.to_string())];
    if attempt.was_made() {
        facts.push(("With", with(attempt)));
    }
    facts.push(("Bank's reference", attempt.bank_id.to_string()));
    facts.push(("When", time(attempt.modified)));
    facts
}

/// Tells how a payment stands from how it stood.
pub(super) fn state_of(attempt: &Attempt) -> String {
    let waits = match attempt.waits {
        Waits::Choice => "choice",
        Waits::Scan => "scan",
        Waits::Otp { .. } => "otp",
        Waits::Payer => "payer",
        Waits::Bank => "bank",
        Waits::Nothing => "over",
    };
    format!("{}-{waits}", attempt.status)
}

/// The fields that `returnUrl` gets, as the page around a frame gets them: with the further names
/// that EnKash's script gives them.
pub(super) fn result(fields: &[(&'static str, String)]) -> String {
    let mut result: Map<String, Value> = fields
        .iter()
        .map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str())))
        .collect();
    let get = |name: &str| result.get(name).cloned();
    let status = match get("orderStatus").as_ref().and_then(Value::as_str) {
        Some(status) if status == OrderStatus::Paid.as_str() => "success",
        Some(status) if status == OrderStatus::Cancelled.as_str() => "cancelled",
        _ => "failed",
    };
    let aliases = [
        ("order_id", get("uniqueTransactionId")),
        ("payment_id", get("transactionId")),
        ("signature", get("checksum")),
        ("amount", get("finalAmount")),
        ("payment_status", Some(status.into())),
    ];
    for (name, value) in aliases {
        if let Some(value) = value {
            result.insert(name.to_owned(), value);
        }
    }
    Value::Object(result).to_string()
}

/// Adds fields to the query of an address, with `?` or `&`, and before its fragment.
pub(super) fn with_fields(url: &str, fields: &[(&'static str, String)]) -> String {
    let (url, fragment) = match url.split_once('#') {
        Some((url, fragment)) => (url, Some(fragment)),
        None => (url, None),
    };
    let mut to = url.to_owned();
    if !url.ends_with(['?', '&']) {
        to.push(if url.contains('?') { '&' } else { '?' });
    }
    // Pairs of texts cannot fail to be written as a query.
    to.push_str(&serde_urlencoded::to_string(fields).unwrap_or_default());
    if let Some(fragment) = fragment {
        to.push('#');
        to.push_str(fragment);
    }
    to
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_added_to_any_address() {
        let fields = [("a", "1 2".to_owned()), ("b", "&".to_owned())];
        for (url, to) in [
            ("https://x.in", "https://x.in?a=1+2&b=%26"),
            ("https://x.in/y?", "https://x.in/y?a=1+2&b=%26"),
            ("https://x.in/y?z=1", "https://x.in/y?z=1&a=1+2&b=%26"),
            ("https://x.in/y#top", "https://x.in/y?a=1+2&b=%26#top"),
        ] {
            assert_eq!(with_fields(url, &fields), to);
        }
    }

    #[test]
    fn a_result_has_the_names_of_the_script_as_well() {
        let fields = [
            ("orderStatus", "PAID".to_owned()),
            ("uniqueTransactionId", "EK58110VWCF".to_owned()),
            ("transactionId", "EK1".to_owned()),
            ("checksum", "c".to_owned()),
            ("amount", "10.00".to_owned()),
            ("finalAmount", "11.00".to_owned()),
        ];
        let result: Value = serde_json::from_str(&result(&fields)).unwrap();
        assert_eq!(
            result,
            json!({
                "orderStatus": "PAID", "uniqueTransactionId": "EK58110VWCF", "transactionId": "EK1",
                "checksum": "c", "amount": "11.00", "finalAmount": "11.00",
                "order_id": "EK58110VWCF", "payment_id": "EK1", "signature": "c",
                "payment_status": "success",
            })
        );
        let given_up = [("orderStatus", "CANCELLED".to_owned())];
        let given_up: Value = serde_json::from_str(&super::result(&given_up)).unwrap();
        assert_eq!(given_up["payment_status"], "cancelled");
    }
}
