//! Refunds.

use proptest::prelude::*;

use crate::gateway::{PaymentMode, Refund, RefundPayment, RefundRequestId, TransactionId};
use crate::strategies::rupees::stated_sum;
use crate::strategies::text::{any_text, like, some_text, text_values};
use crate::strategies::{InvalidValues, ValidValues, extra, maybe};
use crate::{DateTime, Rupees};

text_values! {
    RefundRequestId {
        valid: prop_oneof![like("RFND[0-9]{1,6}"), some_text()],
        invalid: Just(String::new()),
    }
}

impl ValidValues for RefundPayment {
    fn valid() -> BoxedStrategy<Self> {
        each!(RefundPayment {
            transaction_id: TransactionId::valid(),
            amount: Rupees::valid(),
            remarks: maybe(any_text()),
            request_id: RefundRequestId::valid(),
        })
    }
}

impl InvalidValues for RefundPayment {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            transaction_id: TransactionId::invalid(),
            amount: Rupees::invalid(),
            request_id: RefundRequestId::invalid(),
        })
    }
}

impl ValidValues for Refund {
    fn valid() -> BoxedStrategy<Self> {
        let mode = PaymentMode::valid().prop_map(|mode| mode.to_string());
        each!(Refund {
            amount: maybe(stated_sum()),
            payment_mode: maybe(mode),
            bank_code: maybe(like("[A-Z]{3,6}")),
            bank_name: maybe(any_text()),
            currency: maybe(Just("INR".to_owned())),
            status: maybe(prop_oneof![3 => Just("CREATED".to_owned()), 1 => any_text()]),
            transaction_id: maybe(TransactionId::valid()),
            txn_msg: maybe(any_text()),
            txn_date: maybe(DateTime::valid()),
            unique_transaction_id: maybe(like("EK[0-9]{5}[A-Z]{4}")),
            bank_transaction_id: maybe(like("[0-9]{12}")),
            extra: extra(),
        })
    }
}
