//! Money is exact.

use enkash_types::gateway::{
    CreateOrder, Order, PaymentDetail, PaymentNotification, RefundPayment, SubmitPayment,
};
use enkash_types::strategies::{InvalidValues, ValidValues};
use enkash_types::{Rupees, Valid};
use proptest::prelude::*;
use rust_decimal::Decimal;
use serde_json::Value;

use crate::all;

/// 9,999,999,999,999.99 rupees.
const MOST_PAISE: i64 = 999_999_999_999_999;

/// From 0.01 rupees up, of all orders of magnitude and with none, one or two decimals.
fn paise() -> impl Strategy<Value = i64> {
    let digits = (1..=15_u32).prop_flat_map(|digits| 10_i64.pow(digits - 1)..10_i64.pow(digits));
    prop_oneof![
        1..=MOST_PAISE,
        digits,
        (1..=MOST_PAISE / 10).prop_map(|tens| tens * 10),
        (1..=MOST_PAISE / 100).prop_map(|rupees| rupees * 100),
        (MOST_PAISE - 1000)..=MOST_PAISE,
    ]
}

/// The sum in digits, made from whole numbers alone.
fn written(paise: i64) -> String {
    format!("{}.{:02}", paise / 100, paise % 100)
}

/// What a text of digits says, in paise, found from its digits alone.
fn read_off(text: &str) -> i64 {
    let (rupees, paise) = text.split_once('.').unwrap_or((text, ""));
    format!("{rupees}{paise:0<2}").parse().unwrap()
}

#[test]
fn every_amount_survives_a_round_trip() {
    all(paise(), |paise| {
        let sum: Rupees = written(paise).parse()?;
        prop_assert_eq!(sum.decimal(), Decimal::new(paise, 2));
        prop_assert_eq!(sum.to_string(), written(paise));

        let json = serde_json::to_vec(&sum)?;
        prop_assert_eq!(read_off(std::str::from_utf8(&json)?), paise);
        prop_assert_eq!(serde_json::from_slice::<Rupees>(&json)?, sum);

        let value = serde_json::to_value(sum)?;
        prop_assert!(value.is_number());
        prop_assert_eq!(serde_json::from_value::<Rupees>(value)?, sum);
        Ok(())
    });
}

/// As others write it: both decimals, as a number or as a text, alone or among other fields.
#[test]
fn every_amount_is_read_as_it_was_written() {
    all(paise(), |paise| {
        let sum = Rupees::new(Decimal::new(paise, 2))?;
        let number = written(paise);
        for json in [number.clone(), format!("\"{number}\"")] {
            prop_assert_eq!(serde_json::from_str::<Rupees>(&json)?, sum);
            let value: Value = serde_json::from_str(&json)?;
            prop_assert_eq!(serde_json::from_value::<Rupees>(value)?, sum);

            let order: Order = serde_json::from_str(&format!(r#"{{"amount":{json}}}"#))?;
            prop_assert_eq!(order.amount, Some(sum));
            let told: PaymentNotification = serde_json::from_str(&format!(
                r#"{{"orderId":"1","transactionId":"2","orderStatus":"","transactionStatus":"",
                    "status":"","amount":{json},"mdrGst":{json}}}"#
            ))?;
            prop_assert_eq!((told.amount, told.mdr_gst), (sum, Some(sum)));
        }
        Ok(())
    });
}

/// Numbers of up to sixteen digits before the dot and eleven behind it.
fn long_numbers() -> impl Strategy<Value = String> {
    prop_oneof![
        "-?(0|[1-9][0-9]{0,15})(\\.[0-9]{1,11})?",
        "[1-9][0-9]{0,15}\\.[0-9]{0,2}[09]{1,9}",
        "[1-9][0-9]{11,14}(\\.[0-9]{1,3})?",
    ]
}

#[test]
fn a_text_of_more_digits_is_exact_or_refused() {
    all(long_numbers(), |text| {
        let exact = Decimal::from_str_exact(&text)?;
        let digits = exact
            .normalize()
            .mantissa()
            .unsigned_abs()
            .to_string()
            .len();
        match serde_json::from_value::<Rupees>(Value::String(text)) {
            Ok(sum) => prop_assert_eq!(sum.decimal(), exact),
            Err(_) => prop_assert!(digits > 15 || exact.abs() >= Decimal::from(10_i64.pow(13))),
        }
        Ok(())
    });
}

/// The parser has made a binary number of it before it is seen here, so a number of more digits
/// than such a number holds is refused, or it is the nearest sum: never a paisa off.
#[test]
fn a_number_of_more_digits_is_never_a_paisa_off() {
    let half_a_paisa = Decimal::new(5, 3);
    all(long_numbers(), |text| {
        let exact = Decimal::from_str_exact(&text)?;
        let digits = exact
            .normalize()
            .mantissa()
            .unsigned_abs()
            .to_string()
            .len();
        match serde_json::from_str::<Rupees>(&text) {
            Ok(sum) if digits <= 15 => prop_assert_eq!(sum.decimal(), exact),
            Ok(sum) => prop_assert!((sum.decimal() - exact).abs() < half_a_paisa),
            Err(_) => prop_assert!(text.len() > 15 || exact.abs() >= Decimal::from(10_i64.pow(13))),
        }
        Ok(())
    });
}

/// Whatever can be held can be sent and read, be it a sum to pay or not.
#[test]
fn what_can_be_held_survives_a_round_trip() {
    let texts = long_numbers().prop_filter_map("too many digits", |text| text.parse().ok());
    all(
        prop_oneof![texts, Rupees::valid(), Rupees::invalid()],
        |sum: Rupees| {
            let json = serde_json::to_vec(&sum)?;
            prop_assert_eq!(serde_json::from_slice::<Rupees>(&json)?, sum);
            prop_assert_eq!(sum.to_string().parse::<Rupees>()?, sum);
            Ok(())
        },
    );
}

/// The rule of `amount.value`, and of what is paid and given back: whole paise, from one up.
#[test]
fn an_order_is_for_one_paisa_or_more() {
    let some = (-20_000..20_000_i64, 0..=5_u32)
        .prop_filter_map("too many digits", |(digits, decimals)| {
            Rupees::new(Decimal::new(digits, decimals)).ok()
        });
    all(
        prop_oneof![some, Rupees::valid(), Rupees::invalid()],
        |sum| {
            let paise = sum.decimal() * Decimal::ONE_HUNDRED;
            let payable = paise.is_integer() && paise >= Decimal::ONE;
            let order = Valid::check(CreateOrder::new("INV2041", sum));
            prop_assert_eq!(order.is_ok(), payable);
            let refund = Valid::check(RefundPayment::new("EK1", sum, "RFND2041"));
            prop_assert_eq!(refund.is_ok(), payable);
            let mut detail = PaymentDetail::wallet("SBOK");
            detail.amount = Some(sum);
            let payment = Valid::check(SubmitPayment::new("ORD1", detail));
            prop_assert_eq!(payment.is_ok(), payable);
            Ok(())
        },
    );
}

#[test]
fn a_sum_of_sums_is_exact_or_none() {
    all((paise(), paise()), |(one, other)| {
        let sum = |paise| Rupees::new(Decimal::new(paise, 2)).ok();
        let (Some(a), Some(b)) = (sum(one), sum(other)) else {
            return Err(TestCaseError::fail("every sum of paise can be held"));
        };
        if let Some(both) = a.checked_add(b) {
            prop_assert_eq!(both.decimal(), Decimal::new(one + other, 2));
        } else {
            prop_assert!(one + other > MOST_PAISE);
        }
        prop_assert_eq!(a.checked_sub(b), sum(one - other));
        Ok(())
    });
}
