//! Split settlements, QR codes and customers, mandates, virtual accounts, payment links.

use enkash_types::gateway::{
    ActivateSplitAccount, CancelUpiQr, CreateQrCustomer, CreateSplitAccount, CreateUpiMandate,
    CreateVirtualAccount, EditSplitSettlement, ExecuteMandateDebit, GetUpiMandate, GetUpiQr,
    GetVirtualAccountByCustomerReference, MandateDebitCallback, NotifyMandateDebit,
    PaymentLinkEvent, QrCustomer, RevokeUpiMandate, SearchQrCustomers, SearchUpiQrs, SplitAccount,
    SubmitPaymentWithSplit, UpdateSplitAccount, UpdateUpiMandate, UpiMandateCallback,
    VirtualAccount,
};
use enkash_types::operation;
use insta::assert_snapshot;
use serde_json::json;

use super::{broken, read, shown};

#[test]
fn changes_of_a_split_account_that_break_every_rule() {
    assert_snapshot!(broken::<UpdateSplitAccount>(json!({
        "accessKey": "",
        "email": "asha",
        "settlementCycle": "T9",
        "accountNumber": "12345678",
        "ifsc": "kkbk0000432",
    })), @r"
    accessKey: must not be empty
    accountNumber: must be 9 to 36 characters
    email: must be an e-mail address
    ifsc: must be an IFSC: four capital letters, a zero, six capital letters or digits
    settlementCycle: must be one of: T0 T1 T2
    ");
    assert_snapshot!(broken::<ActivateSplitAccount>(json!({"splitAccountDetailId": ""})), @"splitAccountDetailId: must not be empty");
}

#[test]
fn payments_with_a_split_that_break_every_rule() {
    assert_snapshot!(broken::<SubmitPaymentWithSplit>(json!({
        "orderId": ".",
        "paymentMode": "CHEQUE",
        "paymentDetail": {"amount": 0, "currency": "USD"},
        "cardNumber": "4111 1111 1111 1111",
        "cvv": "12",
        "expiry": "13/29",
        "vpa": "asha",
        "accountNumber": "12345678",
        "ifsc": "kkbk0000432",
    })), @r#"
    accountNumber: must be 9 to 36 characters
    cardNumber: must be 12 to 19 digits without blanks
    cvv: must be 3 or 4 digits
    expiry: must be month and year as MM/YY
    ifsc: must be an IFSC: four capital letters, a zero, six capital letters or digits
    orderId: must not be "." or ".."
    paymentDetail.amount: must be at least 0.01 rupees
    paymentDetail.currency: must be one of: INR
    paymentMode: must be one of: NET_BANKING UPI CREDIT_CARD DEBIT_CARD PREPAID_CARD PAY_LATER WALLET CORPORATE_CARD
    vpa: must be a UPI address: a name, one @ and a handle, without blanks
    "#);
    assert_snapshot!(broken::<SubmitPaymentWithSplit>(json!({
        "orderId": "",
        "paymentMode": "DEBIT_CARD",
        "ifsc": "KKBK0000432",
    })), @r"
    accountNumber: must be given, since ifsc is
    cardHolderName: must be given for a card
    cardNumber: must be given for a card
    cvv: must be given for a card
    expiry: must be given for a card
    orderId: must not be empty
    ");
}

#[test]
fn splits_that_break_every_rule() {
    assert_snapshot!(broken::<EditSplitSettlement>(json!({
        "transactionId": "..",
        "splitSettlement": {
            "amountSplitType": "HALVES",
            "splitSettlementDetails": [
                {"splitAccountId": "SPLIT1", "value": 90},
                {"splitAccountId": "", "value": 10},
            ],
        },
    })), @r#"
    splitSettlement.amountSplitType: must be one of: FLAT PERCENTAGE
    splitSettlement.splitSettlementDetails[1].splitAccountId: must not be empty
    transactionId: must not be "." or ".."
    "#);
    // What they add up to is nobody's rule.
    assert_snapshot!(broken::<EditSplitSettlement>(json!({
        "transactionId": "EK1",
        "splitSettlement": {
            "amountSplitType": "PERCENTAGE",
            "splitSettlementDetails": [{"splitAccountId": "SPLIT1", "value": 33.33}],
        },
    })), @"none");
}

/// Why a text is no split, one a line.
#[test]
fn json_that_is_no_split() {
    let check = operation("edit_split_settlement").unwrap().check;
    let told: String = [
        r#"{"amountSplitType": "FLAT"}"#,
        r#"{"amountSplitType": "FLAT", "splitSettlementDetails": [{"splitAccountId": "SPLIT1"}]}"#,
        r#"{"amountSplitType": "FLAT", "splitSettlementDetails": [{"splitAccountId": "SPLIT1", "value": "ten"}]}"#,
        r#"{"amountSplitType": "FLAT", "splitSettlementDetails": [{"splitAccountId": "SPLIT1", "value": 1e300}]}"#,
    ]
    .iter()
    .map(|split| {
        let text = format!(r#"{{"transactionId": "EK1", "splitSettlement": {split}}}"#);
        format!("{}\n", check(text.as_bytes()).map(|_| ()).unwrap_err())
    })
    .collect();
    assert_snapshot!(told, @r"
    splitSettlement: missing field `splitSettlementDetails`
    splitSettlement.splitSettlementDetails[0]: missing field `value`
    splitSettlement.splitSettlementDetails[0].value: an amount is written in digits with at most one dot, like 12.50
    splitSettlement.splitSettlementDetails[0].value: an amount has at most fifteen digits, thirteen of them before the dot
    ");
}

/// The place of a wrong type is told although the fields are put together anew.
#[test]
fn json_that_is_no_payment_with_a_split() {
    let check = operation("submit_payment_with_split").unwrap().check;
    let told: String = [
        r#"{"orderId": "ORD1"}"#,
        r#"{"orderId": "ORD1", "paymentMode": null}"#,
        r#"{"orderId": "ORD1", "paymentMode": "CREDIT_CARD", "cardNumber": 4111111111111111}"#,
        r#"{"orderId": "ORD1", "paymentMode": "UPI", "paymentDetail": {"amount": "ten"}}"#,
        r#"{"orderId": "ORD1", "paymentMode": "UPI", "paymentDetail": {"vpa": "asha@examplebank"}}"#,
    ]
    .iter()
    .map(|text| format!("{}\n", check(text.as_bytes()).map(|_| ()).unwrap_err()))
    .collect();
    assert_snapshot!(told, @r"
    missing field `paymentMode`
    paymentMode: expected a string, found null
    cardNumber: expected a string, found integer
    paymentDetail.amount: an amount is written in digits with at most one dot, like 12.50
    paymentDetail.vpa: unknown field `vpa`, expected `amount` or `currency`
    ");
}

#[test]
fn questions_for_qr_codes_that_break_every_rule() {
    assert_snapshot!(broken::<GetUpiQr>(json!({"qrCodeId": ""})), @"qrCodeId: must not be empty");
    assert_snapshot!(broken::<CancelUpiQr>(json!({"qrCodeId": ".."})), @r#"qrCodeId: must not be "." or "..""#);
    assert_snapshot!(broken::<SearchUpiQrs>(json!({"limit": 5001, "status": "ACTIVE"})), @"limit: must be at most 5000");
}

#[test]
fn customers_that_break_every_rule() {
    assert_snapshot!(broken::<CreateQrCustomer>(json!({
        "accountNumber": "1234 5678 9012",
        "companyId": "CEK123",
        "contactNumber": "910000000000",
        "customerKeyContacts": [
            {"deleted": false, "legalName": "", "mobile": "", "name": ""},
            {"deleted": false, "email": "asha", "legalName": "", "mobile": "000", "name": ""},
        ],
        "customerReminders": [{"reminderType": "NEVER"}],
        "ifsc": "KKBK000043",
    })), @r"
    accountNumber: must be 9 to 36 letters and digits
    companyId: must be CEK and seven capital letters or digits
    contactNumber: must be ten digits, with or without a country code
    customerKeyContacts[1].email: must be an e-mail address
    customerKeyContacts[1].mobile: must be ten digits, with or without a country code
    customerReminders[0].reminderType: must be one of: ONCE RECURRING
    ifsc: must be an IFSC: four letters, a zero, six letters or digits
    ");
    // What this page takes and others don't.
    assert_snapshot!(broken::<CreateQrCustomer>(json!({
        "accountNumber": "",
        "contactNumber": "",
        "customerKeyContacts": [],
        "ifsc": "kkbk0000432",
        "legalName": "by a name that was not read",
    })), @"none");
    assert_snapshot!(broken::<SearchQrCustomers>(json!({"direction": "UP"})), @"direction: must be one of: ASC DESC");
}

#[test]
fn mandates_that_break_every_rule() {
    assert_snapshot!(broken::<CreateUpiMandate>(json!({
        "referenceId": "",
        "amount": 0,
        "amountRule": "ANY",
        "currency": "USD",
        "payer": {"name": "", "vpa": "asha", "account": "", "accountValidation": false},
        "mandateName": "",
        "expiry": "2026-04-01",
        "blockFund": false,
        "recurrence": {"period": "", "rule": "", "value": 0},
        "validity": {"startAt": "2026-04-01 10:00:00", "endAt": "2026-13-01T10:00:00Z"},
    })), @r"
    amountRule: must be one of: EXACT MAX
    currency: must be one of: INR
    expiry: must be a time with its zone, like 2026-04-01T10:00:00+05:30
    payer.vpa: must be a UPI address: a name, one @ and a handle, without blanks
    referenceId: must not be empty
    validity.endAt: must be a time with its zone, like 2026-04-01T10:00:00+05:30
    validity.startAt: must be a time with its zone, like 2026-04-01T10:00:00+05:30
    ");
    assert_snapshot!(broken::<RevokeUpiMandate>(json!({"reference_id": ""})), @"reference_id: must not be empty");
    assert_snapshot!(broken::<GetUpiMandate>(json!({"referenceId": ".."})), @r#"referenceId: must not be "." or "..""#);
}

#[test]
fn debits_that_break_every_rule() {
    assert_snapshot!(broken::<NotifyMandateDebit>(json!({
        "mandateId": "",
        "amount": 0,
        "debitDate": "01-04-2026",
    })), @r"
    amount: must be at least 0.01 rupees
    debitDate: must be a day, like 2026-04-01
    mandateId: must not be empty
    ");
    assert_snapshot!(broken::<ExecuteMandateDebit>(json!({
        "mandateId": "",
        "amount": 0.001,
        "remarks": "",
    })), @r"
    amount: must have at most two decimals
    mandateId: must not be empty
    ");
}

#[test]
fn virtual_accounts_that_break_every_rule() {
    assert_snapshot!(broken::<CreateVirtualAccount>(json!({
        "customerReferenceId": "",
        "customerEmail": "asha",
        "expectedAmount": -1,
        "closeBy": "2026-06-01T23:59:59Z",
    })), @r"
    closeBy: must be a date and time, like 2026-06-01 23:59:59
    customerEmail: must be an e-mail address
    customerReferenceId: must not be empty
    expectedAmount: must be at least 0.01 rupees
    ");
    assert_snapshot!(broken::<GetVirtualAccountByCustomerReference>(json!({
        "customerReferenceId": ".",
    })), @r#"customerReferenceId: must not be "." or "..""#);
}

#[test]
fn a_payment_with_a_split_by_card() {
    let payment: SubmitPaymentWithSplit = read(json!({
        "orderId": "ORD1",
        "paymentMode": "CREDIT_CARD",
        "paymentDetail": {"amount": 499.5, "currency": "INR"},
        "cardHolderName": "Asha R",
        "cardNumber": "4111111111111111",
        "cvv": "123",
        "expiry": "12/29",
        "bySomeName": {"amountSplitType": "FLAT"},
    }));
    assert_snapshot!(shown(&payment), @r#"
    SubmitPaymentWithSplit { order_id: "ORD1", payment_detail: PaymentDetail { payment_mode: CreditCard, amount: Some(499.50), currency: Some(Inr), card_holder_name: Some("Asha R"), card_number: Some("411111XXXXXX1111"), cvv: Some(Cvv([hidden])), expiry: Some(CardExpiry([hidden])), bank_code: None, bnpl_payment_option_id: None, vpa: None, account_number: None, ifsc: None }, extra: {"bySomeName": Object {"amountSplitType": String("FLAT")}} }
    {"bySomeName":{"amountSplitType":"FLAT"},"cardHolderName":"Asha R","cardNumber":"411111XXXXXX1111","cvv":"[hidden]","expiry":"[hidden]","orderId":"ORD1","paymentDetail":{"amount":499.5,"currency":"INR"},"paymentMode":"CREDIT_CARD"}
    "#);
}

#[test]
fn a_split_account_and_its_bank_account() {
    assert_snapshot!(shown(&read::<UpdateSplitAccount>(json!({
        "accessKey": "s3cr3t",
        "accountNumber": "123456789012",
        "ifsc": "KKBK0000432",
    }))), @r#"
    UpdateSplitAccount { access_key: [hidden], name: None, email: None, phone: None, settlement_cycle: None, settlement_schedule: None, dashboard_access: None, pan: None, gstin: None, account_number: Some("XXXXXXXX9012"), ifsc: Some("KKBK0000432") }
    {"accessKey":"[hidden]","accountNumber":"XXXXXXXX9012","ifsc":"KKBK0000432"}
    "#);
    for answer in [
        json!({"splitAccountId": "SPLIT1", "status": "ACTIVE"}),
        json!({"splitAccountDetailId": "SPLIT1", "status": "ACTIVE"}),
    ] {
        let account: SplitAccount = read(answer);
        assert_eq!(account.id(), Some("SPLIT1".into()));
        assert_eq!(account.status(), Some("ACTIVE"));
    }
    // Nobody knows by what names its bank account travels; those that tell are masked.
    let account = json!({"name": "Asha Stores", "bankDetail": {"accountNumber": "123456789012"}});
    assert_snapshot!(shown(&read::<CreateSplitAccount>(account.clone())), @r#"
    CreateSplitAccount { fields: {"bankDetail": Object {"accountNumber": String("XXXXXXXX9012")}, "name": String("Asha Stores")} }
    {"bankDetail":{"accountNumber":"XXXXXXXX9012"},"name":"Asha Stores"}
    "#);
    assert_snapshot!(shown(&read::<SplitAccount>(account.clone())), @r#"
    SplitAccount { extra: {"bankDetail": Object {"accountNumber": String("XXXXXXXX9012")}, "name": String("Asha Stores")} }
    {"bankDetail":{"accountNumber":"XXXXXXXX9012"},"name":"Asha Stores"}
    "#);
    assert_eq!(json!(read::<CreateSplitAccount>(account.clone())), account);
    assert_eq!(json!(read::<SplitAccount>(account.clone())), account);
    // An answer that nobody expected is none the less read: the account was changed.
    let account: SplitAccount = read(json!("Done"));
    assert_eq!((account.id(), account.status()), (None, None));
    assert_eq!(account.extra["payload"], "Done");
}

#[test]
fn a_customer_with_an_account() {
    assert_snapshot!(shown(&read::<CreateQrCustomer>(json!({
        "accountNumber": "123456789012",
        "customerKeyContacts": [],
    }))), @r#"
    CreateQrCustomer { account_number: Some("XXXXXXXX9012"), address: None, company_id: None, contact_number: None, customer_company_id: None, customer_key_contacts: [], customer_reminders: None, external_source: None, ifsc: None, extra: {} }
    {"accountNumber":"XXXXXXXX9012","customerKeyContacts":[]}
    "#);
    assert_snapshot!(shown(&read::<SearchQrCustomers>(json!({
        "accountNumber": "123456789012",
    }))), @r#"
    SearchQrCustomers { direction: None, limit: None, account_number: Some("XXXXXXXX9012"), assigned_agent: None, extra: {} }
    {"accountNumber":"XXXXXXXX9012"}
    "#);
    assert_snapshot!(shown(&read::<QrCustomer>(json!({
        "customerId": "KC1",
        "accountNumber": "123456789012",
        "legalName": "Asha Stores",
    }))), @r#"
    QrCustomer { customer_id: Some("KC1"), account_number: Some("XXXXXXXX9012"), ifsc: None, contact_number: None, extra: {"legalName": String("Asha Stores")} }
    {"accountNumber":"XXXXXXXX9012","customerId":"KC1","legalName":"Asha Stores"}
    "#);
}

#[test]
fn mandates_with_an_account() {
    assert_snapshot!(shown(&read::<CreateUpiMandate>(json!({
        "referenceId": "SUB2041",
        "amount": 2540,
        "amountRule": "MAX",
        "currency": "INR",
        "payer": {
            "name": "Asha",
            "vpa": "asha@examplebank",
            "account": "123456789012",
            "accountValidation": true,
        },
        "mandateName": "Magazine",
        "expiry": "2026-04-02T10:00:00+05:30",
        "blockFund": false,
        "recurrence": {"period": "MONTHLY", "rule": "ON", "value": 5},
        "validity": {
            "startAt": "2026-04-01T00:00:00+05:30",
            "endAt": "2027-04-01T00:00:00+05:30",
        },
    }))), @r#"
    CreateUpiMandate { reference_id: "SUB2041", amount: 2540, amount_rule: Max, currency: Inr, payer: NewMandatePayer { name: "Asha", vpa: "asha@examplebank", account: "XXXXXXXX9012", account_validation: true }, mandate_name: "Magazine", expiry: "2026-04-02T10:00:00+05:30", block_fund: false, recurrence: NewMandateRecurrence { period: "MONTHLY", rule: "ON", value: 5 }, validity: NewMandateValidity { start_at: "2026-04-01T00:00:00+05:30", end_at: "2027-04-01T00:00:00+05:30" }, upi_reference_url: None, description: None }
    {"amount":2540,"amountRule":"MAX","blockFund":false,"currency":"INR","expiry":"2026-04-02T10:00:00+05:30","mandateName":"Magazine","payer":{"account":"XXXXXXXX9012","accountValidation":true,"name":"Asha","vpa":"asha@examplebank"},"recurrence":{"period":"MONTHLY","rule":"ON","value":5},"referenceId":"SUB2041","validity":{"endAt":"2027-04-01T00:00:00+05:30","startAt":"2026-04-01T00:00:00+05:30"}}
    "#);
    assert_snapshot!(shown(&read::<UpdateUpiMandate>(json!({
        "payer": {"account": "123456789012"},
    }))), @r#"
    UpdateUpiMandate { fields: {"payer": Object {"account": String("XXXXXXXX9012")}} }
    {"payer":{"account":"XXXXXXXX9012"}}
    "#);
    let callback: UpiMandateCallback = read(json!({
        "umn": "0123@examplebank",
        "referenceId": "SUB2041",
        "mandateId": "EN1234",
        "payer": {"account": "123456789012"},
        "expireAt": 1775104200,
        "validity": {"startAt": "2026-04-01T00:00:00+05:30"},
        "pausePeriod": {"start_at": 1775104200},
        "status": "ACTIVE",
    }));
    assert_eq!(callback.mandate.status(), Some("ACTIVE"));
    assert_snapshot!(shown(&callback), @r#"
    UpiMandateCallback { mandate: UpiMandate { umn: Some("0123@examplebank"), reference_id: Some("SUB2041"), mandate_id: Some("EN1234"), amount: None, amount_rule: None, currency: None, payee: None, payer: Some(MandatePayer { name: None, vpa: None, account: Some("XXXXXXXX9012"), account_validation: None }), name: None, expire_at: Some(Number(1775104200)), block_fund: None, revokeable_by_payer: None, recurrence: None, validity: Some(MandateValidity { start_at: Some(Text("2026-04-01T00:00:00+05:30")), end_at: None }), pause_period: Some(MandatePause { start_at: Some(Number(1775104200)), end_at: None }), extra: {"status": String("ACTIVE")} } }
    {"expireAt":1775104200,"mandateId":"EN1234","pausePeriod":{"start_at":1775104200},"payer":{"account":"XXXXXXXX9012"},"referenceId":"SUB2041","status":"ACTIVE","umn":"0123@examplebank","validity":{"startAt":"2026-04-01T00:00:00+05:30"}}
    "#);
}

#[test]
fn a_debit_that_is_told() {
    let callback: MandateDebitCallback = read(json!({
        "surcharge": 0,
        "orderId": "ORD1",
        "transactionId": "EK1",
        "status": "SUCCESS",
    }));
    assert_eq!(callback.order_id(), Some("ORD1".into()));
    assert_eq!(callback.transaction_id(), Some("EK1".into()));
    assert_eq!(callback.status(), Some("SUCCESS"));
    assert_snapshot!(shown(&callback), @r#"
    MandateDebitCallback { surcharge: Some(0.00), extra: {"orderId": String("ORD1"), "status": String("SUCCESS"), "transactionId": String("EK1")} }
    {"orderId":"ORD1","status":"SUCCESS","surcharge":0,"transactionId":"EK1"}
    "#);

    let callback: MandateDebitCallback = read(json!({"orderId": 7}));
    assert_eq!(callback.order_id(), None);
    assert_eq!(callback.transaction_id(), None);
    assert_eq!(callback.status(), None);
}

#[test]
fn a_virtual_account() {
    assert_snapshot!(shown(&read::<VirtualAccount>(json!({
        "virtualAccountId": "va_abc123",
        "customerReferenceId": "RENT2041",
        "virtualAccountNumber": "VA00001234",
        "virtualAccountIfscCode": "RATN0VAAPIS",
        "customerAccountNumber": "123456789012",
        "customerUpiHandle": "asha@examplebank",
        "status": "ACTIVE",
        "amountPaid": 3000.00,
        "expectedAmount": 5000.00,
    }))), @r#"
    VirtualAccount { virtual_account_id: Some("va_abc123"), merchant_detail_id: None, customer_reference_id: Some("RENT2041"), customer_id: None, customer_name: None, customer_email: None, customer_phone: None, virtual_account_number: Some("XXXXXX1234"), virtual_account_ifsc_code: Some("RATN0VAAPIS"), bank_name: None, customer_account_number: Some("XXXXXXXX9012"), customer_upi_handle: Some("asha@examplebank"), customer_ifsc_code: None, status: Some(Active), closed_on: None, description: None, amount_paid: Some(3000.00), notes: None, expected_amount: Some(5000.00), extra: {} }
    {"amountPaid":3000,"customerAccountNumber":"XXXXXXXX9012","customerReferenceId":"RENT2041","customerUpiHandle":"asha@examplebank","expectedAmount":5000,"status":"ACTIVE","virtualAccountId":"va_abc123","virtualAccountIfscCode":"RATN0VAAPIS","virtualAccountNumber":"XXXXXX1234"}
    "#);
}

#[test]
fn an_event_of_a_payment_link() {
    assert_snapshot!(shown(&read::<PaymentLinkEvent>(json!({
        "quickCollectRequestId": "QC1",
        "type": "PAYMENT",
        "amount": 499.5,
        "paymentStatus": "EXPIRED",
        "message": "",
        "paymentDate": "2026-04-01T04:30:00Z",
    }))), @r#"
    PaymentLinkEvent { quick_collect_request_id: Some("QC1"), event_type: Some(Payment), amount: Some(499.50), payment_status: Some(Unknown("EXPIRED")), message: Some(""), payment_date: Some("2026-04-01T04:30:00Z"), extra: {} }
    {"amount":499.5,"message":"","paymentDate":"2026-04-01T04:30:00Z","paymentStatus":"EXPIRED","quickCollectRequestId":"QC1","type":"PAYMENT"}
    "#);
}
