//! Each text type keeps the documented pattern, or one that says what is documented in words.

use std::str::FromStr;

use enkash_types::gateway::{
    MerchantOrderId, OrderId, RefundRequestId, SettlementPayoutId, TransactionId,
};
use enkash_types::rewards::{CardAccountId, EnkashCardId};
use enkash_types::strategies::{InvalidValues, near_misses};
use enkash_types::{
    AccountNumber, CardExpiry, CompanyId, Cvv, DateTime, Email, Ifsc, PersonName, PhoneNumber, Vpa,
    WebAddress,
};
use proptest::prelude::*;
use regex::Regex;
use serde::Serialize;

use crate::documents::documented;
use crate::{all, samples};

/// On arbitrary texts, on valid and wrong ones, and on all that are one step from a valid one.
#[track_caller]
pub(crate) fn keeps<T: InvalidValues + FromStr + Serialize>(pattern: &str) {
    let pattern = Regex::new(pattern).unwrap();
    keeps_rule::<T>(|text| pattern.is_match(text));
}

/// The same for a rule that no pattern can say.
#[track_caller]
pub(crate) fn keeps_rule<T>(rule: impl Fn(&str) -> bool)
where
    T: InvalidValues + FromStr + Serialize,
{
    fn text<T: Serialize>(value: T) -> String {
        match serde_json::to_value(value) {
            Ok(serde_json::Value::String(text)) => text,
            other => panic!("not a text: {other:?}"),
        }
    }

    // The pattern's tables may be of another version of Unicode than those of the type.
    let unassigned = Regex::new(r"\p{Cn}").unwrap();
    let texts = prop_oneof![
        any::<String>(),
        "[.]{0,3}",
        T::valid().prop_map(text),
        T::invalid().prop_map(text),
        near_misses(T::valid().prop_map(text)),
        near_misses(near_misses(T::valid().prop_map(text))),
    ];
    all(texts, |text| {
        let text = unassigned.replace_all(&text, "");
        prop_assert_eq!(text.parse::<T>().is_ok(), rule(&text));
        Ok(())
    });

    for valid in samples(T::valid(), 12).into_iter().map(text) {
        let valid = unassigned.replace_all(&valid, "");
        for text in one_step_from(&valid) {
            assert_eq!(text.parse::<T>().is_ok(), rule(&text), "{text:?}");
        }
    }
}

/// The text with every sign put before, in place of, and behind each of its characters, with each
/// of them gone, and behind what some texts must not or need not begin with.
fn one_step_from(text: &str) -> Vec<String> {
    let signs = (' '..='~').chain("\0\t\n\r\u{7f}\u{85}\u{a0}éआ०²Ⅷ\u{2028}\u{3000}".chars());
    let mut texts: Vec<String> = ["+91", "+9", "+1", "https://", "http:/", "//"]
        .iter()
        .map(|start| format!("{start}{text}"))
        .collect();
    for (at, old) in text.char_indices() {
        let (before, behind) = (&text[..at], &text[at + old.len_utf8()..]);
        texts.push(format!("{before}{behind}"));
        for sign in signs.clone() {
            texts.push(format!("{before}{sign}{behind}"));
            texts.push(format!("{before}{sign}{old}{behind}"));
        }
    }
    texts.extend(signs.map(|sign| format!("{text}{sign}")));
    texts
}

#[test]
fn ifsc() {
    keeps::<Ifsc>(&documented("OrderPaymentDetail", "ifsc", "pattern"));
}

#[test]
fn account_number() {
    let least = documented("OrderPaymentDetail", "accountNumber", "minLength");
    let most = documented("OrderPaymentDetail", "accountNumber", "maxLength");
    keeps::<AccountNumber>(&format!("(?s)^.{{{least},{most}}}$"));
}

/// "Letters and digits only."
#[test]
fn merchant_order_id() {
    keeps::<MerchantOrderId>("^[A-Za-z0-9]+$");
}

/// "Letters only", in any alphabet: what is not ASCII passes unless it is a blank, a control
/// character or a digit.
#[test]
fn person_name() {
    keeps::<PersonName>(r"^([A-Za-z]|[^\x00-\x7F\s\p{Cc}\p{N}])+$");
}

/// "Must be a valid address."
#[test]
fn email() {
    keeps::<Email>(r"^[^@\s\p{Cc}]+@[^@.\s\p{Cc}]+(\.[^@.\s\p{Cc}]+)+$");
}

/// No pattern is documented.
#[test]
fn vpa() {
    keeps::<Vpa>(r"^[^@\s\p{Cc}]+@[^@\s\p{Cc}]+$");
}

#[test]
fn security_code_and_expiry_of_a_card() {
    keeps::<Cvv>("^[0-9]{3,4}$");
    keeps::<CardExpiry>("^(0[1-9]|1[0-2])/[0-9]{2}$");
}

/// "Without the +91 prefix."
#[test]
fn phone_number() {
    keeps::<PhoneNumber>(r"(?s)^([^+].*|\+|\+[^9].*|\+9|\+9[^1].*)$");
}

#[test]
fn web_address() {
    keeps::<WebAddress>(r"^https?://[^/?#\s\p{Cc}][^\s\p{Cc}]*$");
}

/// An id that EnKash mints is opaque; one that goes into an address must be able to.
#[test]
fn ids_that_enkash_mints() {
    const ANY: &str = "(?s)^.+$";
    keeps::<CompanyId>(ANY);
    keeps::<RefundRequestId>(ANY);
    keeps::<CardAccountId>(ANY);
    keeps::<EnkashCardId>(ANY);
    keeps::<DateTime>(ANY);
    const NO_PLACE: &str = r"(?s)^([^.].*|\.[^.].*|\.\..+)$";
    keeps::<OrderId>(NO_PLACE);
    keeps::<TransactionId>(NO_PLACE);
    keeps::<SettlementPayoutId>(NO_PLACE);
}
