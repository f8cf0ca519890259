//! Reads any text as each of the types that a text or a sum has.

#![no_main]

use std::fmt::Debug;
use std::str::FromStr;

use enkash_fuzz::known::WORDS;
use enkash_fuzz::seeds;
use enkash_types::{
    AccountNumber, CardExpiry, CardNumber, CompanyId, Cvv, Date, DateTime, Email, Ifsc,
    LocalDateTime, MobileNumber, PersonName, PhoneNumber, Rupees, Timestamp, Vpa, WebAddress,
    gateway, masked, masked_text,
};
use libfuzzer_sys::fuzz_target;
use serde::Serialize;
use serde::de::DeserializeOwned;

fn seeds() -> impl Iterator<Item = Vec<u8>> {
    const SUMS: &[&str] = &[
        "0.01",
        "-3.50",
        "999999999999999",
        "9999999999999.99",
        "1e3",
        "1e-300",
        "00.10",
    ];
    let texts = WORDS.iter().chain(SUMS);
    texts.map(|text| text.as_bytes().to_vec())
}

/// Reads a text, checked and not, and writes it again.
fn read<T: FromStr + Serialize + DeserializeOwned + Debug>(text: &str) {
    let checked = text.parse::<T>();
    let json = serde_json::to_string(text).expect("a text can be written");
    let value: Result<T, _> = serde_json::from_str(&json);
    for value in [checked.ok(), value.ok()].into_iter().flatten() {
        let _ = format!("{value:?}");
        assert_eq!(serde_json::to_string(&value).ok().as_ref(), Some(&json));
        let shown = masked(&value).expect("it can be shown");
        let as_text = masked_text(&value).expect("it can be shown");
        assert_eq!(as_text.get(), shown.to_string());
    }
}

/// Sums stay what they are, on every way that they go.
fn sums(text: &str) {
    let parsed = text.parse::<Rupees>();
    let read = serde_json::from_str::<Rupees>(text);
    for sum in [parsed.ok(), read.ok()].into_iter().flatten() {
        assert_eq!(sum.to_string().parse(), Ok(sum));
        let json = serde_json::to_string(&sum).expect("a sum can be written");
        assert_eq!(
            serde_json::from_str::<Rupees>(&json).ok(),
            Some(sum),
            "{json}"
        );
        for other in [
            Rupees::ZERO,
            Rupees::from_paise(1),
            Rupees::from_paise(i32::MIN),
            sum,
        ] {
            if let Some(more) = sum.checked_add(other) {
                assert_eq!(more.checked_sub(other), Some(sum));
            }
        }
    }
}

fuzz_target!(init: seeds::write(seeds()), |input: &[u8]| {
    let Ok(text) = std::str::from_utf8(input) else { return };
    sums(text);
    read::<AccountNumber>(text);
    read::<CardExpiry>(text);
    read::<CardNumber>(text);
    read::<CompanyId>(text);
    read::<Cvv>(text);
    read::<Date>(text);
    read::<DateTime>(text);
    read::<Email>(text);
    read::<Ifsc>(text);
    read::<LocalDateTime>(text);
    read::<MobileNumber>(text);
    read::<PersonName>(text);
    read::<PhoneNumber>(text);
    read::<Timestamp>(text);
    read::<Vpa>(text);
    read::<WebAddress>(text);
    read::<gateway::CustomerReferenceId>(text);
    read::<gateway::MandateId>(text);
    read::<gateway::MandateReferenceId>(text);
    read::<gateway::MerchantOrderId>(text);
    read::<gateway::OrderId>(text);
    read::<gateway::QrCodeId>(text);
    read::<gateway::RefundRequestId>(text);
    read::<gateway::SettlementPayoutId>(text);
    read::<gateway::SplitAccountId>(text);
    read::<gateway::TransactionId>(text);
});
