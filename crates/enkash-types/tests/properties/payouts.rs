//! Payouts and verification: what their pages document, and no more than that.

use enkash_types::payouts::{
    AddSourceAccount, BatchId, BeneficiaryDetail, BeneficiaryId, BeneficiaryName, ConfigureWebhook,
    CreateBeneficiary, CreateTransfer, CreateTransferBatch, EnkashTransactionId, FundSourceId,
    Pincode, RejectReason, Transfer, TransferId, TransferMode, TransferRemark, TransferStatus,
};
use enkash_types::strategies::{InvalidValues, ValidValues, near_misses};
use enkash_types::verification::VerificationRequestId;
use enkash_types::{Endpoint, Extra, Rupees, Valid, Vpa};
use proptest::prelude::*;
use regex::Regex;
use rust_decimal::Decimal;
use schemars::JsonSchema;
use serde_json::{Value, json};

use crate::all;
use crate::documents::documented_in;
use crate::schemas::{fields, schema_of};
use crate::texts::{keeps, keeps_rule};

/// A documented pattern, with the meaning that it has where it was written: of ASCII.
fn pattern(schema: &str, field: &str) -> String {
    let pattern = documented_in("payouts.yaml", schema, field, "pattern");
    format!("(?-u:{pattern})")
}

/// "Minted by the caller, letters and digits."
#[test]
fn beneficiary_id() {
    keeps::<BeneficiaryId>("^[A-Za-z0-9]+$");
}

/// "Letters and white space only", at most so many, and more than white space.
#[test]
fn beneficiary_name() {
    let most = documented_in(
        "payouts.yaml",
        "BeneficiaryCreateRequest",
        "beneficiaryName",
        "maxLength",
    );
    let letters = Regex::new(&format!(
        r"^([A-Za-z\s]|[^\x00-\x7F\p{{Cc}}\p{{N}}]){{1,{most}}}$"
    ))
    .unwrap();
    let something = Regex::new(r"\S").unwrap();
    keeps_rule::<BeneficiaryName>(|name| letters.is_match(name) && something.is_match(name));
}

/// "Digits only", and at most so many.
#[test]
fn pincode() {
    let most = documented_in(
        "payouts.yaml",
        "BeneficiaryCreateRequest",
        "beneficiaryPincode",
        "maxLength",
    );
    keeps::<Pincode>(&format!("^[0-9]{{1,{most}}}$"));
}

/// "Letters, digits and white space."
#[test]
fn transfer_remark() {
    keeps::<TransferRemark>(r"^([A-Za-z0-9\s]|[^\x00-\x7F\p{Cc}])+$");
}

/// Nothing is documented of them but who mints them.
#[test]
fn ids() {
    const ANY: &str = "(?s)^.+$";
    keeps::<TransferId>(ANY);
    keeps::<BatchId>(ANY);
    keeps::<EnkashTransactionId>(ANY);
    keeps::<FundSourceId>(ANY);
    keeps::<VerificationRequestId>(ANY);
}

/// Texts that a pattern may take or not.
fn texts_like(like: &'static str) -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        like,
        near_misses(like),
        near_misses(near_misses(like)),
        "[A-Za-z0-9@%+._-]{0,40}",
    ]
}

/// Holds one field of a request, of which all else is right, against a pattern.
#[track_caller]
fn a_field_keeps<E: Endpoint>(request: &Value, field: &str, like: &'static str, pattern: &str) {
    let pattern = Regex::new(pattern).unwrap();
    all(texts_like(like), |text| {
        let mut request = request.clone();
        request[field] = text.as_str().into();
        let broken = Valid::check(serde_json::from_value::<E>(request)?).err();
        prop_assert_eq!(broken.is_none(), pattern.is_match(&text));
        if let Some(broken) = broken {
            let paths: Vec<_> = broken.iter().map(|broken| &broken.path).collect();
            prop_assert_eq!(paths, [field]);
        }
        Ok(())
    });
}

const IFSC: &str = "[A-Za-z]{4}0[A-Z0-9a-z]{6}";

#[test]
fn a_payee_keeps_the_patterns_of_its_page() {
    let payee = json!({
        "beneficiaryId": "ASHA1",
        "beneficiaryName": "Asha",
        "beneficiaryAccountNumber": "123456789012",
    });
    let ifsc = pattern("BeneficiaryCreateRequest", "beneficiaryIfsc");
    a_field_keeps::<CreateBeneficiary>(&payee, "beneficiaryIfsc", IFSC, &ifsc);

    // In words: "letters, digits, dot, hyphen, underscore and the at sign; a hyphen only before
    // the at sign".
    let payee = json!({"beneficiaryId": "ASHA1", "beneficiaryName": "Asha"});
    let like = "[A-Za-z0-9._-]{1,8}@[A-Za-z0-9._]{1,8}";
    let pattern = "^[A-Za-z0-9._-]+@[A-Za-z0-9._]+$";
    a_field_keeps::<CreateBeneficiary>(&payee, "vpaHandle", like, pattern);
}

#[test]
fn a_payee_given_with_a_transfer_keeps_the_pattern_of_its_page() {
    let documented = pattern("BeneficiaryDetailCreateRequest", "vpaHandle");
    let documented = Regex::new(&documented).unwrap();
    all(
        texts_like("[a-zA-Z0-9._%+-]{1,8}@[a-zA-Z0-9.-]{1,8}"),
        |vpa| {
            let payee = BeneficiaryDetail::to_vpa(vpa.as_str());
            prop_assert_eq!(Valid::check(payee).is_ok(), documented.is_match(&vpa));
            Ok(())
        },
    );
}

#[test]
fn a_source_account_keeps_the_patterns_of_its_page() {
    let account = json!({"accountNumber": "123456789012", "ifsc": "KKBK0000432"});
    for (field, like) in [
        ("accountNumber", "[A-Za-z0-9]{9,36}"),
        ("ifsc", IFSC),
        ("companyId", "CEK[A-Z0-9]{7}"),
    ] {
        let pattern = pattern("SourceBankAccountRequest", field);
        a_field_keeps::<AddSourceAccount>(&account, field, like, &pattern);
    }
    let webhook = json!({"webhookUrl": "https://shop.example.in", "events": []});
    let company = pattern("WebhookDataRequest", "companyId");
    a_field_keeps::<ConfigureWebhook>(&webhook, "companyId", "CEK[A-Z0-9]{7}", &company);
}

/// A payee has a bank account with an IFSC, or a UPI address: of the eight ways to give or leave
/// out the three, two are right.
#[test]
fn a_payee_is_of_one_kind() {
    for given in 0..8_u8 {
        let (account, ifsc, vpa) = (given & 1 != 0, given & 2 != 0, given & 4 != 0);
        let mut payee = CreateBeneficiary::to_vpa("ASHA1", "Asha", "asha@examplebank");
        payee.vpa_handle = payee.vpa_handle.filter(|_| vpa);
        payee.beneficiary_account_number = account.then(|| "123456789012".into());
        payee.beneficiary_ifsc = ifsc.then(|| "KKBK0000432".into());
        let is_one = matches!(
            (account, ifsc, vpa),
            (true, true, false) | (false, false, true)
        );
        assert_eq!(Valid::check(payee.clone()).is_ok(), is_one, "{payee:?}");
    }
}

/// Any field may hold the IFSC, since its name is not known; without one an account is not sent.
#[test]
fn an_account_given_with_a_transfer_comes_with_an_ifsc() {
    all(("x[A-Za-z]{0,8}", texts_like(IFSC)), |(name, text)| {
        let ifsc = Regex::new(&pattern("BeneficiaryCreateRequest", "beneficiaryIfsc"))?;
        let payee = BeneficiaryDetail::to_account("123456789012", name, text.as_str());
        prop_assert_eq!(Valid::check(payee).is_ok(), ifsc.is_match(&text));
        Ok(())
    });
}

/// One rupee or more, in whole paise, and by IMPS no more than two lakh.
#[test]
fn what_a_transfer_may_be() {
    let lakh = Decimal::from(100_000);
    let near = |sum: Decimal| {
        (-300..300_i64, 0..=4_u32)
            .prop_map(move |(digits, decimals)| sum + Decimal::new(digits, decimals))
    };
    let sums = prop_oneof![near(Decimal::ONE), near(lakh * Decimal::TWO)];
    let sums = sums.prop_filter_map("too many digits", |sum| Rupees::new(sum).ok());
    let sums = prop_oneof![sums, Rupees::valid(), Rupees::invalid()];
    all((sums, TransferMode::valid()), |(sum, mode)| {
        let whole_paise = (sum.decimal() * Decimal::ONE_HUNDRED).is_integer();
        let enough = sum.decimal() >= Decimal::ONE;
        let within = mode != TransferMode::Imps || sum.decimal() <= lakh * Decimal::TWO;
        let transfer = Valid::check(CreateTransfer::new("T1", sum, mode, "ASHA1"));
        prop_assert_eq!(transfer.is_ok(), whole_paise && enough && within);
        Ok(())
    });
}

/// A batch breaks the rules that its transfers break, each told of its place, and those of its own.
#[test]
fn a_batch_keeps_the_rules_of_its_transfers() {
    let transfers = prop_oneof![CreateTransfer::valid(), CreateTransfer::invalid()];
    let transfers = proptest::collection::vec(transfers, 1..5);
    all((transfers, any::<bool>()), |(mut transfers, alike)| {
        for (index, transfer) in transfers.iter_mut().enumerate() {
            let id = if alike { 0 } else { index };
            transfer.transaction_id = format!("T{id}").into();
        }
        let mut expected = Vec::new();
        for (index, transfer) in transfers.iter().enumerate() {
            let broken = Valid::check(transfer.clone()).err();
            for broken in broken.iter().flatten() {
                expected.push(format!("transfers[{index}].{broken}"));
            }
            if alike && index > 0 {
                expected.push(format!(
                    "transfers[{index}].transactionId: must not be that of another transfer of the batch"
                ));
            }
        }
        let found = Valid::check(CreateTransferBatch::new("B1", transfers)).err();
        let mut found: Vec<String> = found.iter().flatten().map(ToString::to_string).collect();
        found.sort();
        expected.sort();
        prop_assert_eq!(found, expected);
        Ok(())
    });
}

/// What is said in `extra` cannot unsay a typed field that was checked.
#[test]
fn no_typed_field_stands_among_the_others() {
    fn test<E: ValidValues + JsonSchema + garde::Validate<Context = ()> + Clone>(
        extra: fn(&mut E) -> &mut Extra,
    ) {
        let schema = schema_of::<E>();
        let names = fields(&schema, &schema).unwrap();
        all(E::valid(), |request| {
            for name in names.keys() {
                let mut twice = request.clone();
                extra(&mut twice).insert(name.clone(), Value::Null);
                let broken = Valid::check(twice).err().map(|broken| broken.to_string());
                let told = "extra: must not hold the name of a typed field";
                prop_assert_eq!(broken.as_deref(), Some(told), "{}", name);
            }
            Ok(())
        });
    }
    test::<CreateBeneficiary>(|payee| &mut payee.extra);
    test::<CreateTransfer>(|transfer| &mut transfer.extra);
    test::<BeneficiaryDetail>(|payee| &mut payee.extra);
}

/// Whatever the field is called that carries the code.
#[test]
fn the_reason_of_a_rejection_is_found_by_its_form() {
    let reasons = prop_oneof![
        RejectReason::valid(),
        "REJECT_[A-Z_]{1,8}".prop_map(|code| RejectReason::from(code.as_str())),
    ];
    all(
        (Transfer::valid(), "x[A-Za-z]{0,8}", reasons),
        |(mut transfer, name, reason)| {
            transfer.payout_status = Some(TransferStatus::Rejected);
            prop_assert_eq!(transfer.reject_reason(), None);
            transfer.extra.insert(name, reason.as_str().into());
            prop_assert_eq!(transfer.reject_reason(), Some(reason));
            Ok(())
        },
    );
}

/// These pages say more of a UPI address than the type does, and nothing against it.
#[test]
fn every_address_of_a_payee_is_a_upi_address() {
    let payees = (CreateBeneficiary::valid(), BeneficiaryDetail::valid());
    all(payees, |(payee, detail)| {
        for vpa in [payee.vpa_handle, detail.vpa_handle].into_iter().flatten() {
            prop_assert!(vpa.as_str().parse::<Vpa>().is_ok());
        }
        Ok(())
    });
}
