//! Order, payment, refund: whatever goes wrong on the way, money moves at most once, and what a
//! call reports is what happened.

use enkash_api::Error;
use enkash_api::types::Rupees;
use enkash_api::types::gateway::{
    OrderId, PaymentDetail, PaymentMode, PaymentStatus, RefundPayment, SubmitPayment,
    TransactionId, ValidatePaymentOtp,
};
use enkash_sandbox::{Fault, FaultKind};

use super::{Journey, Way, is_done_in_spite_of, is_token_call};

/// The calls in which money can be made to go wrong.
const POSITIONS: [&str; 7] = [
    "create_merchant_token",
    "create_order",
    "submit_payment",
    "validate_payment_otp",
    "get_order_status",
    "get_transaction_status",
    "refund_payment",
];

/// What a program was told, step by step; nothing of a step that it did not get to.
#[derive(Debug, Default)]
struct Told {
    order: Option<Result<OrderId, Error>>,
    payment: Option<Result<TransactionId, Error>>,
    otp: Option<Result<(), Error>>,
    /// Whether the order was read back as paid.
    paid: Option<Result<bool, Error>>,
    refund: Option<Result<(), Error>>,
}

const SUM: i32 = 49_950;
const BACK: i32 = 10_000;

fn refund(payment: &TransactionId, paise: i32, request: &str) -> RefundPayment {
    RefundPayment::new(payment.clone(), Rupees::from_paise(paise), request)
}

/// A program that does what the documentation of each call says: where an outcome is unknown it
/// looks, and never sends again.
async fn program(journey: &Journey) -> Told {
    let mut told = Told::default();
    let gateway = journey.client.gateway();
    let order = match told.order.insert(journey.create("INV1").await) {
        Ok(order) => order.clone(),
        Err(_) => return told,
    };
    let card = PaymentDetail::card(
        PaymentMode::CreditCard,
        "4111111111111111",
        "123",
        "12/29",
        "Asha Rao",
    );
    let submitted = gateway
        .payments()
        .submit(SubmitPayment::new(order.clone(), card));
    let submitted = submitted.await.map(|made| made.transaction_id().unwrap());
    // What was submitted, though its answer was lost, stands with the order.
    let payment = match told.payment.insert(submitted) {
        Ok(payment) => payment.clone(),
        Err(error) if error.may_have_happened() => {
            match gateway.orders().get(order.clone()).await {
                Ok(read) => match read.transactions.unwrap_or_default().first() {
                    Some(payment) => payment.transaction_id.clone().unwrap(),
                    None => return told,
                },
                Err(error) => {
                    told.paid = Some(Err(error));
                    return told;
                }
            }
        }
        Err(_) => return told,
    };
    let otp = ValidatePaymentOtp::new(payment.clone(), "123456");
    let validated = gateway.payments().validate_otp(otp).await.map(drop);
    if let Err(error) = told.otp.insert(validated)
        && !error.may_have_happened()
    {
        return told;
    }
    let read = gateway.payments().get(payment.clone()).await;
    let paid = read.map(|payment| payment.status() == Some(PaymentStatus::Success));
    let Ok(true) = told.paid.insert(paid) else {
        return told;
    };
    let refunded = gateway
        .refunds()
        .create(refund(&payment, BACK, "RFND1"))
        .await;
    told.refund = Some(refunded.map(drop));
    told
}

#[tokio::test]
async fn money_moves_at_most_once() {
    for way in Way::ALL {
        for operation in POSITIONS {
            for &kind in FaultKind::ALL {
                for times in 1..=3 {
                    spoil(way, operation, kind, times).await;
                }
            }
        }
    }
}

async fn spoil(way: Way, operation: &str, kind: FaultKind, times: u32) {
    let row = format!("{way:?}, {operation}, {kind:?} {times} times");
    let journey = Journey::start(way).await;
    let fault = Fault::new(operation, kind).times(times);
    journey.sandbox.fault(fault).unwrap();
    let told = journey.waiting_for_nobody(program(&journey)).await;
    let called = journey.called(0);

    // And now the truth, by a client on which nothing falls.
    assert_eq!(journey.control("DELETE", "faults").await, 200);
    let judge = journey.anew(Way::InProcess);
    if let Some(Err(error)) = &told.order {
        let happened = judge.has("INV1").await;
        assert!(error.may_have_happened() || !happened, "{row}: {error:?}");
        return;
    }
    let order = told.order.as_ref().unwrap().as_ref().unwrap();
    let gateway = judge.client.gateway();
    let order = gateway.orders().get(order.clone()).await.unwrap();
    let payments = order.transactions.unwrap_or_default();
    assert!(payments.len() <= 1, "{row}: one attempt was meant");
    match &told.payment {
        Some(Ok(_)) => assert_eq!(payments.len(), 1, "{row}"),
        Some(Err(error)) if !error.may_have_happened() => assert!(payments.is_empty(), "{row}"),
        _ => {}
    }
    let Some(payment) = payments.first() else {
        return;
    };
    let paid = !matches!(payment.status(), Some(PaymentStatus::Created) | None);
    match (&told.otp, &told.paid) {
        (_, Some(Ok(said))) => assert_eq!(paid, *said, "{row}: {payment:?}"),
        (Some(Ok(())), _) => assert!(paid, "{row}: {payment:?}"),
        (Some(Err(error)), _) => assert!(error.may_have_happened() || !paid, "{row}"),
        (None, _) => assert!(!paid, "{row}: nobody handed in an OTP"),
    }
    if !paid {
        return;
    }

    // How often the refund was made shows in what is left to refund.
    let payment = payment.transaction_id.as_ref().unwrap();
    let refunds = gateway.refunds();
    let whole = refunds.create(refund(payment, SUM, "WHOLE")).await;
    if whole.is_err() {
        let rest = refunds.create(refund(payment, SUM - BACK, "REST")).await;
        assert!(rest.is_ok(), "{row}: it was refunded more than once");
    }
    let refunded = whole.is_err();
    match &told.refund {
        Some(Ok(())) => assert!(refunded, "{row}"),
        Some(Err(error)) if error.may_have_happened() => {
            let done = operation == "refund_payment" && is_done_in_spite_of(kind);
            assert_eq!(refunded, done, "{row}: {error:?}");
        }
        Some(Err(error)) => assert!(!refunded, "{row}: {error:?}"),
        None => assert!(!refunded, "{row}: nobody asked for it"),
    }

    // No write went out twice but one whose token was refused, which does nothing.
    for write in POSITIONS {
        let reads = write.starts_with("get_");
        let token = is_token_call(write);
        let refused_tokens = u32::from(kind == FaultKind::TokenRefused && write == operation);
        let sent = called.iter().filter(|name| **name == write).count();
        let allowed = 1 + (refused_tokens * times.min(1)) as usize;
        assert!(
            reads || token || sent <= allowed,
            "{row}: {write} {called:?}"
        );
    }
}
