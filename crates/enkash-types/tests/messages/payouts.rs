//! Payouts and verification.

use enkash_types::operation;
use enkash_types::payouts::{
    AddSourceAccount, Beneficiary, ConfigureWebhook, CreateBeneficiary, CreateTransfer,
    CreateTransferBatch, FetchStatement, GetBalance, SourceAccount, Statement, Transfer,
    WebhookConfig,
};
use enkash_types::verification::{VerifiedBankAccount, VerifyBankAccount};
use insta::assert_snapshot;
use serde_json::json;

use super::{broken, read, shown};

#[test]
fn payees_that_break_every_rule() {
    assert_snapshot!(broken::<CreateBeneficiary>(json!({
        "beneficiaryId": "ASHA 1",
        "beneficiaryName": "=1+1",
        "beneficiaryAccountNumber": "12345678",
        "beneficiaryIfsc": "KKBK1000432",
        "vpaHandle": "asha@example-bank",
        "beneficiaryPincode": "4110011",
    })), @r"
    beneficiaryAccountNumber: must be 9 to 36 characters
    beneficiaryId: must be letters and digits only
    beneficiaryIfsc: must be an IFSC: four letters, a zero, six letters or digits
    beneficiaryName: must be letters and white space only
    beneficiaryPincode: must be one to six digits
    vpaHandle: must be a UPI address: letters, digits, dots, hyphens and underscores, one @, and no hyphen after it
    vpaHandle: must not be given beside a bank account
    ");
    assert_snapshot!(broken::<CreateBeneficiary>(json!({
        "beneficiaryId": "",
        "beneficiaryName": " ",
        "beneficiaryPincode": "",
    })), @r"
    beneficiaryAccountNumber: must be given with its IFSC, or else vpaHandle
    beneficiaryId: must not be empty
    beneficiaryName: must not be empty
    beneficiaryPincode: must be one to six digits
    ");
    assert_snapshot!(broken::<CreateBeneficiary>(json!({
        "beneficiaryId": "ASHA1",
        "beneficiaryName": "Asha ".repeat(21),
        "beneficiaryIfsc": "kkbk0000432",
    })), @r"
    beneficiaryAccountNumber: must be given, since beneficiaryIfsc is
    beneficiaryName: must be at most 100 characters
    ");
    assert_snapshot!(broken::<CreateBeneficiary>(json!({
        "beneficiaryId": "ASHA1",
        "beneficiaryName": "Asha Stores",
        "beneficiaryAccountNumber": "123456789012",
    })), @"beneficiaryIfsc: must be given, since beneficiaryAccountNumber is");
}

#[test]
fn transfers_that_break_every_rule() {
    assert_snapshot!(broken::<CreateTransfer>(json!({
        "beneficiaryId": "ASHA 1",
        "transactionId": "",
        "transferAmount": 0.99,
        "transferMode": "CHEQUE",
        "transferRemark": "Salary #4",
        "fundSourceId": "",
        "beneficiaryDetail": {
            "vpaHandle": "asha@example_bank",
            "beneficiaryId": "",
            "beneficiaryAccountNumber": "12345678",
            "beneficiaryPincode": "4110 1",
        },
        "debitAccountNumber": "12345678",
    })), @r"
    beneficiaryDetail: must not be given beside beneficiaryId
    beneficiaryDetail.beneficiaryAccountNumber: must be 9 to 36 characters
    beneficiaryDetail.beneficiaryAccountNumber: must come with the IFSC of its branch, in the field that EnKash names for it
    beneficiaryDetail.beneficiaryId: must not be empty
    beneficiaryDetail.beneficiaryPincode: must be one to six digits
    beneficiaryDetail.vpaHandle: must be a UPI address: letters, digits and ._%+- before one @, letters, digits, dots and hyphens after it
    beneficiaryDetail.vpaHandle: must not be given beside a bank account
    beneficiaryId: must be letters and digits only
    debitAccountNumber: must be 9 to 36 characters
    fundSourceId: must not be empty
    transactionId: must not be empty
    transferAmount: must be at least 1.00 rupees
    transferMode: must be one of: IMPS NEFT RTGS UPI
    transferRemark: must be letters, digits and white space only
    ");
    assert_snapshot!(broken::<CreateTransfer>(json!({
        "transactionId": "SALARY2041",
        "transferAmount": 1.005,
        "transferMode": "UPI",
        "transferRemark": "",
    })), @r"
    beneficiaryId: must be given, or else beneficiaryDetail
    transferAmount: must have at most two decimals
    transferRemark: must not be empty
    ");
    let lakhs = |mode: &str| {
        broken::<CreateTransfer>(json!({
            "beneficiaryId": "ASHA1",
            "transactionId": "SALARY2041",
            "transferAmount": 200_000.01,
            "transferMode": mode,
        }))
    };
    assert_snapshot!(lakhs("IMPS"), @"transferAmount: must be at most 200000.00 rupees by IMPS");
    for mode in ["NEFT", "RTGS", "UPI"] {
        assert_eq!(lakhs(mode), "none", "no limit of {mode} is documented");
    }
    assert_snapshot!(broken::<CreateTransfer>(json!({
        "transactionId": "SALARY2041",
        "transferAmount": 100,
        "transferMode": "NEFT",
        "beneficiaryDetail": {},
    })), @"beneficiaryDetail.beneficiaryAccountNumber: must be given, or else vpaHandle or beneficiaryId");
}

#[test]
fn batches_that_break_every_rule() {
    assert_snapshot!(broken::<CreateTransferBatch>(json!({
        "batchTransactionId": "",
        "transfers": [],
    })), @r"
    batchTransactionId: must not be empty
    transfers: must not be empty
    ");
    let good = json!({
        "beneficiaryId": "ASHA1",
        "transactionId": "SALARY2041",
        "transferAmount": "15000",
        "transferMode": "NEFT",
    });
    let mut wrong = good.clone();
    wrong["beneficiaryId"] = json!("ASHA 1");
    wrong["transferAmount"] = json!(0);
    assert_snapshot!(broken::<CreateTransferBatch>(json!({
        "batchTransactionId": "APRIL1",
        "transfers": [good, wrong],
    })), @r"
    transfers[1].beneficiaryId: must be letters and digits only
    transfers[1].transactionId: must not be that of another transfer of the batch
    transfers[1].transferAmount: must be at least 1.00 rupees
    ");
}

#[test]
fn questions_for_the_account_that_break_every_rule() {
    assert_snapshot!(broken::<GetBalance>(json!({
        "fundSourceId": "",
        "debitAccountNumber": "12345678",
    })), @r"
    debitAccountNumber: must be 9 to 36 characters
    fundSourceId: must not be empty
    ");
    assert_snapshot!(broken::<FetchStatement>(json!({
        "fundSourceId": "",
        "debitAccountNumber": "12345678",
        "fromDate": "2026-04-01",
        "toDate": "2026-04-01 00:00:00",
    })), @r"
    debitAccountNumber: must be 9 to 36 characters
    fromDate: must be a time with its zone, like 2026-04-01T10:00:00+05:30
    fundSourceId: must not be empty
    toDate: must be a time with its zone, like 2026-04-01T10:00:00+05:30
    ");
}

#[test]
fn settings_that_break_every_rule() {
    assert_snapshot!(broken::<AddSourceAccount>(json!({
        "accountNumber": "1234-5678-9012",
        "ifsc": "KKBK432",
        "companyId": "CEK1",
    })), @r"
    accountNumber: must be 9 to 36 letters and digits
    companyId: must be CEK and seven capital letters or digits
    ifsc: must be an IFSC: four letters, a zero, six letters or digits
    ");
    assert_snapshot!(broken::<ConfigureWebhook>(json!({
        "webhookUrl": "shop.example.in/enkash",
        "events": ["PAYOUT_SUCCESS", "PAYOUT_REVERSED"],
        "companyId": "CEK1",
    })), @r"
    companyId: must be CEK and seven capital letters or digits
    events[1]: must be one of: PAYOUT_SUCCESS PAYOUT_PENDING PAYOUT_FAILED UTILITY_BILLPAY_SUCCESS UTILITY_BILLPAY_FAILED UTILITY_BILLPAY_PENDING
    webhookUrl: must be an address that begins with https:// or http://
    ");
}

#[test]
fn checks_of_an_account_that_break_every_rule() {
    assert_snapshot!(broken::<VerifyBankAccount>(json!({
        "beneficiaryAccountNumber": "12345678",
        "customerRequestId": "",
        "beneficiaryIfscCode": "KKBK432",
        "pennyLess": true,
    })), @r"
    beneficiaryAccountNumber: must be 9 to 36 characters
    beneficiaryIfscCode: must be an IFSC: four capital letters, a zero, six capital letters or digits
    customerRequestId: must not be empty
    ");
}

/// Why texts are no batches, one a line.
#[test]
fn json_that_is_no_batch() {
    let check = operation("create_payout_batch").unwrap().check;
    let told: String = [
        r#"{"batchTransactionId": "B1"}"#,
        r#"{"batchTransactionId": "B1", "transfers": [{}]}"#,
        r#"{"batchTransactionId": "B1", "transfers": [{"transactionId": "T1", "transferAmount": "ten", "transferMode": "UPI"}]}"#,
        r#"{"batchTransactionId": "B1", "transfers": [], "transfer": []}"#,
    ]
    .iter()
    .map(|text| format!("{}\n", check(text.as_bytes()).map(|_| ()).unwrap_err()))
    .collect();
    assert_snapshot!(told, @r"
    missing field `transfers`
    transfers[0]: missing field `transactionId`
    transfers[0].transferAmount: an amount is written in digits with at most one dot, like 12.50
    transfer: unknown field `transfer`, expected `batchTransactionId` or `transfers`
    ");
}

#[test]
fn payees_and_transfers() {
    assert_snapshot!(shown(&CreateBeneficiary::to_account("ASHA1", "Asha Stores", "123456789012", "KKBK0000432")), @r#"
    CreateBeneficiary { beneficiary_id: "ASHA1", beneficiary_name: "Asha Stores", beneficiary_account_number: Some("XXXXXXXX9012"), beneficiary_ifsc: Some("KKBK0000432"), vpa_handle: None, beneficiary_address: None, beneficiary_pincode: None, extra: {} }
    {"beneficiaryAccountNumber":"XXXXXXXX9012","beneficiaryId":"ASHA1","beneficiaryIfsc":"KKBK0000432","beneficiaryName":"Asha Stores"}
    "#);
    assert_snapshot!(shown(&read::<Beneficiary>(json!({
        "beneficiaryId": "ASHA1",
        "beneficiaryAccountNumber": "123456789012",
    }))), @r#"
    Beneficiary { beneficiary_account_number: Some("XXXXXXXX9012"), beneficiary_address: None, beneficiary_pincode: None, created_on: None, extra: {"beneficiaryId": String("ASHA1")} }
    {"beneficiaryAccountNumber":"XXXXXXXX9012","beneficiaryId":"ASHA1"}
    "#);
    assert_snapshot!(shown(&read::<CreateTransfer>(json!({
        "transactionId": "SALARY2041",
        "transferAmount": 15000.5,
        "transferMode": "IMPS",
        "debitAccountNumber": "210987654321",
        "beneficiaryDetail": {"beneficiaryAccountNumber": "123456789012", "ifscCode": "KKBK0000432"},
    }))), @r#"
    CreateTransfer { beneficiary_id: None, transaction_id: "SALARY2041", transfer_amount: 15000.50, transfer_mode: Imps, transfer_remark: None, reference: None, fund_source_id: None, beneficiary_detail: Some(BeneficiaryDetail { vpa_handle: None, beneficiary_id: None, beneficiary_account_number: Some("XXXXXXXX9012"), beneficiary_address: None, beneficiary_pincode: None, extra: {"ifscCode": String("KKBK0000432")} }), debit_account_number: Some("XXXXXXXX4321"), extra: {} }
    {"beneficiaryDetail":{"beneficiaryAccountNumber":"XXXXXXXX9012","ifscCode":"KKBK0000432"},"debitAccountNumber":"XXXXXXXX4321","transactionId":"SALARY2041","transferAmount":15000.5,"transferMode":"IMPS"}
    "#);
    let transfer: Transfer = read(json!({
        "enkashTransactionId": "EK1",
        "payoutStatus": "REJECTED",
        "reason": "REJECT_TRF_RMK",
        "utr": "N1",
    }));
    assert_eq!(transfer.utr(), Some("N1"));
    assert_snapshot!(transfer.reject_reason().unwrap().meaning().unwrap(), @"the transfer remark is missing or too long");
}

/// No field of these answers is required, and not every JSON is one.
#[test]
fn an_answer_says_something() {
    let told = |name: &str, answer: serde_json::Value| {
        let check = operation(name).unwrap().check_answer.unwrap();
        let checked = check(answer.to_string().as_bytes());
        checked.map_or_else(|error| error.to_string(), |_| "taken".to_owned())
    };
    let nothing = json!({"message": "Under maintenance", "transactionId": "T1"});
    assert_snapshot!(told("create_payout_beneficiary", nothing.clone()), @"no field of a payee is there");
    assert_snapshot!(told("create_payout_transfer", nothing.clone()), @"neither `enkashTransactionId` nor `payoutStatus` is there");
    assert_snapshot!(told("create_payout_batch", nothing.clone()), @"neither `batchTransactionId` nor a transfer that was taken is there");
    assert_snapshot!(told("get_payout_account_balance", nothing.clone()), @"missing field `totalBalance`");
    assert_snapshot!(told("fetch_payout_statement", nothing), @"missing field `data`");
    assert_snapshot!(told("fetch_payout_statement", json!({"data": null})), @"`data` is null, and nothing else is there");
    for (name, little) in [
        (
            "create_payout_beneficiary",
            json!({"createdOn": "2026-04-01T00:00:00Z"}),
        ),
        (
            "create_payout_beneficiary",
            json!({"vpaHandle": "ravi@examplebank"}),
        ),
        ("create_payout_transfer", json!({"payoutStatus": "PENDING"})),
        (
            "create_payout_transfer",
            json!({"enkashTransactionId": "EK1"}),
        ),
        ("create_payout_batch", json!({"batchTransactionId": "B1"})),
        // That it is among those that were taken says enough of a transfer.
        (
            "create_payout_batch",
            json!({"successfulPayoutTransactionCreateResponses": [{"transactionId": "T1"}]}),
        ),
        ("fetch_payout_statement", json!([])),
        ("add_payout_source_bank_account", json!({})),
        ("create_payout_webhook_config", json!({})),
    ] {
        assert_eq!(told(name, little.clone()), "taken", "{name} {little}");
    }
}

#[test]
fn the_account_and_its_settings() {
    assert_snapshot!(shown(&GetBalance::new("EKCI4XTWKC")), @r#"
    GetBalance { fund_source_id: "EKCI4XTWKC", debit_account_number: None }
    {"fundSourceId":"EKCI4XTWKC"}
    "#);
    assert_snapshot!(shown(&read::<Statement>(json!({
        "response_code": "0",
        "response_message": "Success",
        "requestId": "R1",
        "data": [{"transactionId": "SALARY2041", "transactionAmount": 150, "runningBalance": 49.5, "accountNumber": "123456789012"}],
    }))), @r#"
    Statement { request_id: Some("R1"), lines: [StatementLine { transaction_id: Some("SALARY2041"), transaction_date: None, value_date: None, transaction_type: None, remarks: None, transaction_reference_number: None, transaction_mode: None, transaction_amount: Some(150.00), running_balance: Some(49.50), extra: {"accountNumber": String("XXXXXXXX9012")} }], extra: {} }
    {"data":[{"accountNumber":"XXXXXXXX9012","runningBalance":49.5,"transactionAmount":150,"transactionId":"SALARY2041"}],"requestId":"R1"}
    "#);
    assert_snapshot!(shown(&read::<SourceAccount>(json!({"response_code": 0, "accountNumber": "123456789012"}))), @r#"
    SourceAccount { extra: {"accountNumber": String("XXXXXXXX9012"), "response_code": Number(0)} }
    {"accountNumber":"XXXXXXXX9012","response_code":0}
    "#);
    let webhook = json!({
        "headers": {"X-From-EnKash": "s3cr3t"},
        "webhookUrl": "https://shop.example.in/enkash",
        "events": ["PAYOUT_SUCCESS"],
    });
    assert_snapshot!(shown(&read::<ConfigureWebhook>(webhook.clone())), @r#"
    ConfigureWebhook { headers: {"X-From-EnKash": [hidden]}, webhook_url: "https://shop.example.in/enkash", ssl_certificate: None, events: [PayoutSuccess], enabled: None, company_id: None }
    {"events":["PAYOUT_SUCCESS"],"headers":{"X-From-EnKash":"[hidden]"},"webhookUrl":"https://shop.example.in/enkash"}
    "#);
    assert_snapshot!(shown(&read::<WebhookConfig>(webhook)), @r#"
    WebhookConfig { company_id: None, headers: Some({"X-From-EnKash": [hidden]}), webhook_url: Some("https://shop.example.in/enkash"), ssl_certificate: None, events: Some([PayoutSuccess]), enabled: None, extra: {} }
    {"events":["PAYOUT_SUCCESS"],"headers":{"X-From-EnKash":"[hidden]"},"webhookUrl":"https://shop.example.in/enkash"}
    "#);
}

#[test]
fn a_check_of_an_account() {
    assert_snapshot!(shown(&VerifyBankAccount::penny_drop("CHECK1", "123456789012", "KKBK0000432")), @r#"
    VerifyBankAccount { beneficiary_account_number: "XXXXXXXX9012", customer_request_id: "CHECK1", beneficiary_ifsc_code: "KKBK0000432", penny_less: false }
    {"beneficiaryAccountNumber":"XXXXXXXX9012","beneficiaryIfscCode":"KKBK0000432","customerRequestId":"CHECK1","pennyLess":false}
    "#);
    assert_snapshot!(shown(&read::<VerifiedBankAccount>(json!({
        "ifsc": "KKBK0000432",
        "requestId": "CHECK1",
        "enkashUniqueId": "EKV1",
        "utr": "411111111111",
        "status": "SUCCESS",
        "beneficiaryName": "ASHA R",
    }))), @r#"
    VerifiedBankAccount { ifsc: Some("KKBK0000432"), request_id: Some("CHECK1"), enkash_unique_id: Some("EKV1"), utr: Some("411111111111"), status: Some("SUCCESS"), beneficiary_name: Some("ASHA R"), extra: {} }
    {"beneficiaryName":"ASHA R","enkashUniqueId":"EKV1","ifsc":"KKBK0000432","requestId":"CHECK1","status":"SUCCESS","utr":"411111111111"}
    "#);
}
