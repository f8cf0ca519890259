//! Split settlements, QR customers, mandates: what their pages document, and no more than that.

use enkash_types::gateway::{
    CreateQrCustomer, CreateUpiMandate, CustomerKeyContact, CustomerReferenceId,
    EditSplitSettlement, MandateId, MandateNotice, MandateReferenceId, PaymentDetail, QrCodeId,
    SplitAccountId, SplitSettlement, SplitShare, SplitValue, SubmitPayment, SubmitPaymentWithSplit,
};
use enkash_types::strategies::{InvalidValues, ValidValues, near_misses};
use enkash_types::{Date, LocalDateTime, MobileNumber, Rupees, Timestamp, Valid, Violations};
use proptest::prelude::*;
use regex::Regex;
use serde_json::{Value, json};

use crate::all;
use crate::documents::documented_in;
use crate::texts::keeps;

/// A documented pattern, with the meaning that it has where it was written: `\d` and `\s` are of
/// ASCII.
fn pattern(schema: &str, field: &str) -> String {
    let pattern = documented_in("payment-gateway-extras.yaml", schema, field, "pattern");
    format!("(?-u:{pattern})")
}

#[test]
fn mobile_number() {
    let mobile = pattern("CustomerKeyContactCreateDTO", "mobile");
    assert_eq!(mobile, pattern("CustomerCreateRequest", "contactNumber"));
    keeps::<MobileNumber>(&mobile);
}

#[test]
fn dates() {
    const DAY: &str = "[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])";
    const TIME: &str = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]";
    const ZONE: &str = r"(\.[0-9]+)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])";
    keeps::<Date>(&format!("^{DAY}$"));
    keeps::<LocalDateTime>(&format!("^{DAY} {TIME}$"));
    keeps::<Timestamp>(&format!("^{DAY}T{TIME}{ZONE}$"));
}

#[test]
fn ids() {
    keeps::<SplitAccountId>("(?s)^.+$");
    keeps::<MandateId>("(?s)^.+$");
    const NO_PLACE: &str = r"(?s)^([^.].*|\.[^.].*|\.\..+)$";
    keeps::<QrCodeId>(NO_PLACE);
    keeps::<MandateReferenceId>(NO_PLACE);
    keeps::<CustomerReferenceId>(NO_PLACE);
}

/// The rules that this page alone has for fields whose types have another.
#[test]
fn a_customer_keeps_the_patterns_of_its_own_page() {
    fn test(field: &'static str, like: &'static str) {
        let documented = Regex::new(&pattern("CustomerCreateRequest", field)).unwrap();
        let texts = prop_oneof![
            any::<String>(),
            like,
            near_misses(like),
            near_misses(near_misses(like)),
            "[A-Za-z0-9]{0,40}",
        ];
        all(texts, |text| {
            let customer = json!({"customerKeyContacts": [], field: text});
            let customer: CreateQrCustomer = serde_json::from_value(customer)?;
            let broken = Valid::check(customer).err();
            prop_assert_eq!(broken.is_none(), documented.is_match(&text));
            if let Some(broken) = broken {
                let paths: Vec<_> = broken.iter().map(|broken| &broken.path).collect();
                prop_assert_eq!(paths, [field]);
            }
            Ok(())
        });
    }
    test("accountNumber", "[A-Za-z0-9]{9,36}");
    test("ifsc", "[A-Za-z]{4}0[A-Z0-9a-z]{6}");
    test("companyId", "CEK[A-Z0-9]{7}");
}

/// The page's pattern of an e-mail address is not anchored and of ASCII alone. Whatever plain
/// address it takes as a whole is taken here too.
#[test]
fn a_customer_takes_every_plain_address_that_its_page_takes() {
    let atoms = "[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]{1,6}";
    let label = "[a-zA-Z0-9]([a-zA-Z0-9-]{0,4}[a-zA-Z0-9])?";
    let addresses = format!("{atoms}(\\.{atoms}){{0,2}}@({label}\\.){{1,3}}{label}");
    all(
        proptest::string::string_regex(&addresses).unwrap(),
        |email| {
            let mut contact = CustomerKeyContact::new("Asha", "Asha Stores", "");
            contact.email = Some(email.into());
            Valid::check(CreateQrCustomer::new(vec![contact]))?;
            Ok(())
        },
    );
}

/// The same payment, submitted with and without a split, breaks the same rules, and each is told
/// of the place where its field travels.
#[test]
fn a_payment_with_a_split_keeps_the_rules_of_a_payment() {
    fn place(path: &str) -> &str {
        match path.strip_prefix("paymentDetail.") {
            Some("amount" | "currency") | None => path,
            Some(field) => field,
        }
    }
    fn told<'a>(
        broken: &'a Violations,
        place: impl Fn(&'a str) -> &'a str,
    ) -> Vec<(&'a str, &'a str)> {
        let mut told: Vec<_> = broken
            .iter()
            .map(|broken| (place(&broken.path), broken.message.as_str()))
            .collect();
        told.sort_unstable();
        told
    }
    let details = prop_oneof![PaymentDetail::valid(), PaymentDetail::invalid()];
    all(details, |detail| {
        let plain = Valid::check(SubmitPayment::new("ORD1", detail.clone()));
        let split = Valid::check(SubmitPaymentWithSplit::new("ORD1", detail));
        match (plain, split) {
            (Ok(_), Ok(_)) => {}
            (Err(plain), Err(split)) => {
                prop_assert_eq!(told(&plain, place), told(&split, |path| path));
            }
            (plain, split) => prop_assert!(false, "{:?} {:?}", plain, split),
        }
        Ok(())
    });
}

/// Amount and currency stand in `paymentDetail`, all else one level higher; nothing is lost.
#[test]
fn a_payment_with_a_split_travels_as_its_page_has_it() {
    all(SubmitPaymentWithSplit::valid(), |payment| {
        let plain = SubmitPayment::new("ORD1", payment.payment_detail.clone());
        let plain = serde_json::to_value(&plain)?;
        let mut json = serde_json::to_value(&payment)?;
        let fields = json.as_object_mut().unwrap();

        let inner = fields.remove("paymentDetail").unwrap_or(json!({}));
        for (name, value) in plain["paymentDetail"].as_object().unwrap() {
            let stands_inside = ["amount", "currency"].contains(&name.as_str());
            let found = match stands_inside {
                true => inner.get(name).cloned(),
                false => fields.remove(name),
            };
            prop_assert_eq!(found.as_ref(), Some(value), "{}", name);
        }
        prop_assert_eq!(fields.remove("orderId"), Some(json!(payment.order_id)));
        prop_assert_eq!(&*fields, &*payment.extra);
        Ok(())
    });
}

/// No rule is documented for the values of a split: what can be carried exactly is taken, and
/// arrives as it was.
#[test]
fn shares_are_exact() {
    let values = prop_oneof![
        SplitValue::valid(),
        Rupees::valid().prop_map(SplitValue::from),
        Rupees::invalid().prop_map(SplitValue::from),
    ];
    all(values, |value| {
        let share = SplitShare::new("SPLIT1", value);
        let edit = EditSplitSettlement::new("EK1", SplitSettlement::flat(vec![share]));
        let json = serde_json::to_vec(&*Valid::check(edit.clone())?)?;
        prop_assert_eq!(serde_json::from_slice::<EditSplitSettlement>(&json)?, edit);
        let json: Value = serde_json::from_slice(&json)?;
        let value = &json["splitSettlement"]["splitSettlementDetails"][0]["value"];
        prop_assert!(value.is_number());
        Ok(())
    });
    for percent in 0..=u8::MAX {
        let value = SplitValue::percent(percent);
        assert_eq!(serde_json::to_string(&value).unwrap(), percent.to_string());
        assert_eq!(value.to_string(), percent.to_string());
    }
}

/// A text in this answer alone; a number is read as well.
#[test]
fn the_sum_of_a_notice_is_written_as_a_text() {
    all(Rupees::valid(), |sum| {
        let answer = json!({"amount": sum});
        let notice: MandateNotice = serde_json::from_value(answer)?;
        prop_assert_eq!(notice.amount, Some(sum));
        let written = serde_json::to_value(&notice)?;
        prop_assert_eq!(&written, &json!({"amount": sum.to_string()}));
        prop_assert_eq!(serde_json::from_value::<MandateNotice>(written)?, notice);
        Ok(())
    });
}

/// The page gives an account no rule, so none is held, and all of it is sent; but it is shown as
/// an account number is.
#[test]
fn the_account_of_a_payer_is_taken_as_it_is_and_hidden() {
    all(
        (CreateUpiMandate::valid(), any::<String>()),
        |(mut mandate, account)| {
            mandate.payer.account = account.as_str().into();
            let mandate = Valid::check(mandate)?;
            let sent = serde_json::to_value(&*mandate)?;
            prop_assert_eq!(&sent["payer"]["account"], &account);

            let masked = enkash_types::masked(&*mandate)?;
            let shown = masked["payer"]["account"].as_str().unwrap();
            let may_be_seen = if account.chars().count() < 9 { 0 } else { 4 };
            prop_assert!(shown.chars().rev().skip(may_be_seen).all(|c| c == 'X'));
            Ok(())
        },
    );
}
