//! The OTP of a card payment.

use proptest::prelude::*;

use crate::gateway::{
    OrderId, OtpResent, OtpValidated, ResendPaymentOtp, TransactionId, ValidatePaymentOtp,
};
use crate::strategies::text::{any_text, like, some_text};
use crate::strategies::{InvalidValues, ValidValues, extra, maybe};
use crate::{DateTime, Secret};

impl ValidValues for ValidatePaymentOtp {
    fn valid() -> BoxedStrategy<Self> {
        each!(ValidatePaymentOtp {
            ek_pay_id: TransactionId::valid(),
            otp: prop_oneof![like("[0-9]{4,8}").prop_map(Secret::new), Secret::valid()],
            check_sum: maybe(like("[0-9a-f]{64}")),
        })
    }
}

impl InvalidValues for ValidatePaymentOtp {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            ek_pay_id: TransactionId::invalid(),
            otp: Secret::invalid(),
        })
    }
}

impl ValidValues for OtpValidated {
    fn valid() -> BoxedStrategy<Self> {
        each!(OtpValidated {
            unique_transaction_id: maybe(like("EK[0-9]{5}[A-Z]{4}")),
            public_identifier_key: maybe(Secret::valid()),
            transaction_id: maybe(TransactionId::valid()),
            amount: maybe(like("[1-9][0-9]{0,5}\\.[0-9]{2}")),
            currency: maybe(Just("INR".to_owned())),
            otp_reference_number: maybe(any_text()),
            txn_message: maybe(any_text()),
            txn_status: maybe(like("SUCCESS|FAILED|AUTHORIZED")),
            txn_date: maybe(DateTime::valid()),
            order_id: maybe(OrderId::valid()),
            extra: extra(),
        })
    }
}

impl ValidValues for ResendPaymentOtp {
    fn valid() -> BoxedStrategy<Self> {
        each!(ResendPaymentOtp {
            enkash_transaction_id: TransactionId::valid(),
        })
    }
}

impl InvalidValues for ResendPaymentOtp {
    fn invalid() -> BoxedStrategy<Self> {
        each!(ResendPaymentOtp {
            enkash_transaction_id: TransactionId::invalid(),
        })
    }
}

/// A text, or an object of any fields.
impl ValidValues for OtpResent {
    fn valid() -> BoxedStrategy<Self> {
        prop_oneof![
            some_text().prop_map(Self::new),
            each!(OtpResent { extra: extra() }),
        ]
        .boxed()
    }
}
