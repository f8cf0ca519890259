//! The strategies themselves: they repeat, and they leave nothing out.

use std::collections::BTreeSet;

use enkash_types::strategies::{InvalidValues, ValidValues};
use enkash_types::{AccountNumber, Endpoint, Rupees, Valid};
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use crate::schemas::{behind, fields, schema_of};
use crate::{each_answer, each_request, each_request_without_rules, json_samples, samples};

#[test]
fn a_seed_gives_the_same_values_every_time() {
    fn test<T: ValidValues + Serialize>() {
        assert_eq!(json_samples::<T>(20), json_samples::<T>(20));
    }
    fn test_invalid<T: InvalidValues>() {
        let shown = || format!("{:?}", samples(T::invalid(), 20));
        assert_eq!(shown(), shown());
    }
    each_request!(test());
    each_request_without_rules!(test());
    each_request!(test_invalid());
    each_answer!(test());
}

/// Every field is there in some values, and every optional one is missing in others.
#[test]
fn every_field_comes_and_every_optional_one_goes() {
    fn look(schema: &Value, place: &Value, values: &[&Value], at: &str) {
        let required = behind(schema, place, "required");
        for (name, place) in fields(schema, place).into_iter().flatten() {
            let here: Vec<&Value> = values.iter().filter_map(|value| value.get(name)).collect();
            assert!(!here.is_empty(), "{at}.{name} never comes");
            // The list of a page may be left out and never is.
            let required = is_required(required, name) || at.is_empty() && name == "data";
            assert_eq!(
                here.len() == values.len(),
                required,
                "{at}.{name} comes {} times in {}",
                here.len(),
                values.len()
            );
            look(schema, place, &here, &format!("{at}.{name}"));
        }
    }
    fn is_required(required: Option<&Value>, name: &str) -> bool {
        let required = required.and_then(Value::as_array);
        required.is_some_and(|required| required.iter().any(|field| field == name))
    }
    fn test<T: ValidValues + Serialize + JsonSchema>() {
        let values = json_samples::<T>(256);
        let schema = schema_of::<T>();
        look(&schema, &schema, &values.iter().collect::<Vec<_>>(), "");
    }
    each_request!(test());
    each_answer!(test());
}

/// A path without the places in lists: `contacts[].name`.
fn of_any_item(path: &str) -> String {
    path.split('.')
        .map(|part| match part.split_once('[') {
            Some((name, _)) => format!("{name}[]"),
            None => part.to_owned(),
        })
        .collect::<Vec<_>>()
        .join(".")
}

/// The fields that have a rule, of a request that has others too, or objects.
#[allow(clippy::too_many_lines)] // A table.
fn rules_of(request: &str) -> Option<&'static [&'static str]> {
    Some(match request {
        "create_order" => &[
            "orderId",
            "amount.value",
            "amount.currency",
            "returnUrl",
            "notifyUrl",
            "customerInfo.firstName",
            "customerInfo.lastName",
            "customerInfo.email",
            "customerInfo.phoneNumber",
            "paymentDetail.accountNumber",
            "paymentDetail.ifsc",
        ],
        "submit_payment" => &[
            "orderId",
            "paymentDetail.paymentMode",
            "paymentDetail.amount",
            "paymentDetail.currency",
            "paymentDetail.cardHolderName",
            "paymentDetail.cardNumber",
            "paymentDetail.cvv",
            "paymentDetail.expiry",
            "paymentDetail.bankCode",
            "paymentDetail.bnplPaymentOptionId",
            "paymentDetail.vpa",
            "paymentDetail.accountNumber",
            "paymentDetail.ifsc",
        ],
        "validate_payment_otp" => &["ekPayId", "otp"],
        "refund_payment" => &["transactionId", "amount", "requestId"],
        "search_settlement_payouts" => &[
            "limit",
            "direction",
            "settlementPayoutId",
            "totalSaleAmountFrom",
            "totalSaleAmountTo",
            "totalRefundAmountFrom",
            "totalRefundAmountTo",
            "totalChargesFrom",
            "totalChargesTo",
            "totalGstFrom",
            "totalGstTo",
        ],
        "update_split_account" => &[
            "accessKey",
            "email",
            "settlementCycle",
            "accountNumber",
            "ifsc",
        ],
        "submit_payment_with_split" => &[
            "orderId",
            "paymentMode",
            "paymentDetail.amount",
            "paymentDetail.currency",
            "cardHolderName",
            "cardNumber",
            "cvv",
            "expiry",
            "bankCode",
            "bnplPaymentOptionId",
            "vpa",
            "accountNumber",
            "ifsc",
        ],
        "edit_split_settlement" => &[
            "transactionId",
            "splitSettlement.amountSplitType",
            "splitSettlement.splitSettlementDetails[].splitAccountId",
        ],
        "search_upi_qrs" => &["limit"],
        "create_qr_customer" => &[
            "accountNumber",
            "companyId",
            "contactNumber",
            "customerKeyContacts[].email",
            "customerKeyContacts[].mobile",
            "customerReminders[].reminderType",
            "ifsc",
        ],
        "search_qr_customers" => &["direction"],
        "create_upi_mandate" => &[
            "referenceId",
            "amountRule",
            "currency",
            "payer.vpa",
            "expiry",
            "validity.startAt",
            "validity.endAt",
        ],
        "execute_mandate_debit" => &["mandateId", "amount"],
        "create_virtual_account" => &[
            "customerReferenceId",
            "customerEmail",
            "expectedAmount",
            "closeBy",
        ],
        "create_payout_beneficiary" => &[
            "beneficiaryId",
            "beneficiaryName",
            "beneficiaryAccountNumber",
            "beneficiaryIfsc",
            "vpaHandle",
            "beneficiaryPincode",
        ],
        "create_payout_transfer" => &[
            "beneficiaryId",
            "transactionId",
            "transferAmount",
            "transferMode",
            "transferRemark",
            "fundSourceId",
            "beneficiaryDetail",
            "beneficiaryDetail.vpaHandle",
            "beneficiaryDetail.beneficiaryId",
            "beneficiaryDetail.beneficiaryAccountNumber",
            "beneficiaryDetail.beneficiaryPincode",
            "debitAccountNumber",
        ],
        "create_payout_batch" => &[
            "batchTransactionId",
            "transfers",
            "transfers[].beneficiaryId",
            "transfers[].transactionId",
            "transfers[].transferAmount",
            "transfers[].transferMode",
            "transfers[].transferRemark",
            "transfers[].fundSourceId",
            "transfers[].beneficiaryDetail",
            "transfers[].beneficiaryDetail.vpaHandle",
            "transfers[].beneficiaryDetail.beneficiaryId",
            "transfers[].beneficiaryDetail.beneficiaryAccountNumber",
            "transfers[].beneficiaryDetail.beneficiaryPincode",
            "transfers[].debitAccountNumber",
        ],
        "create_payout_webhook_config" => &["webhookUrl", "events[]", "companyId"],
        "verify_bank_account" => &[
            "beneficiaryAccountNumber",
            "customerRequestId",
            "beneficiaryIfscCode",
        ],
        _ => return None,
    })
}

/// Every rule is broken by some values, and by some it is the only one.
#[test]
fn every_rule_is_broken_alone_and_with_others() {
    fn paths<E: Endpoint + InvalidValues>() -> (BTreeSet<String>, BTreeSet<String>) {
        let (mut alone, mut together) = (BTreeSet::new(), BTreeSet::new());
        for request in samples(E::invalid(), 512) {
            let violations = Valid::check(request).unwrap_err();
            let paths: Vec<_> = violations
                .iter()
                .map(|broken| of_any_item(&broken.path))
                .collect();
            match paths.as_slice() {
                [path] => drop(alone.insert(path.clone())),
                paths => together.extend(paths.iter().cloned()),
            }
        }
        (alone, together)
    }
    fn test<E: Endpoint + InvalidValues + JsonSchema>() {
        let schema = schema_of::<E>();
        let rules: BTreeSet<String> = match rules_of(E::OPERATION.name) {
            Some(rules) => rules.iter().map(|rule| (*rule).to_owned()).collect(),
            None => fields(&schema, &schema).unwrap().keys().cloned().collect(),
        };
        let (alone, together) = paths::<E>();
        assert_eq!(alone, rules);
        if rules.len() > 1 {
            assert_eq!(together, rules);
        }
    }
    each_request!(test());
}

#[test]
fn limits_are_met_exactly() {
    let numbers = samples(AccountNumber::valid(), 256);
    let lengths: BTreeSet<_> = numbers.iter().map(|number| number.as_str().len()).collect();
    assert!(lengths.contains(&9) && lengths.contains(&36));
    let lengths: BTreeSet<_> = samples(AccountNumber::invalid(), 256)
        .iter()
        .map(|number| number.as_str().chars().count())
        .collect();
    assert!(lengths.contains(&8) && lengths.contains(&37));

    let sums: BTreeSet<_> = samples(Rupees::valid(), 1024).into_iter().collect();
    assert_eq!(sums.first(), "0.01".parse().ok().as_ref());
    assert_eq!(sums.last(), "9999999999999.99".parse().ok().as_ref());
    let sums = samples(Rupees::invalid(), 1024);
    assert!(sums.contains(&Rupees::ZERO));
    assert!(sums.contains(&"-0.01".parse().unwrap()) || sums.iter().any(|sum| *sum < Rupees::ZERO));
    assert!(sums.contains(&"0.001".parse().unwrap()));
}
