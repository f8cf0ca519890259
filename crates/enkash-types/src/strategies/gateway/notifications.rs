//! What EnKash tells the merchant of a payment.

use proptest::prelude::*;

use crate::gateway::{
    OrderId, OrderStatus, PaymentMode, PaymentNotification, PaymentStatus, TransactionId,
};
use crate::strategies::rupees::stated_sum;
use crate::strategies::text::{any_text, like};
use crate::strategies::{ValidValues, extra, maybe};
use crate::{DateTime, Rupees, Secret};

impl ValidValues for PaymentNotification {
    fn valid() -> BoxedStrategy<Self> {
        let order_status = OrderStatus::valid().prop_map(|status| status.to_string());
        let payment_status = PaymentStatus::valid().prop_map(|status| status.to_string());
        let mode = PaymentMode::valid().prop_map(|mode| mode.to_string());
        each!(PaymentNotification {
            order_id: OrderId::valid(),
            transaction_id: TransactionId::valid(),
            order_status: prop_oneof![3 => order_status, 1 => any_text()],
            transaction_status: prop_oneof![3 => payment_status, 1 => any_text()],
            status: prop_oneof![3 => like("PAID|SUCCESS|FAILED"), 1 => any_text()],
            amount: Rupees::valid(),
            final_amount: maybe(stated_sum()),
            transaction_amount: maybe(stated_sum()),
            surcharge: maybe(stated_sum()),
            surcharge_gst: maybe(stated_sum()),
            mdr: maybe(stated_sum()),
            mdr_gst: maybe(stated_sum()),
            currency: maybe(Just("INR".to_owned())),
            payment_mode: maybe(mode),
            bank_code: maybe(like("[A-Z]{3,6}")),
            bank_name: maybe(any_text()),
            card_scheme: maybe(like("MASTERCARD|VISA|RUPAY|DINERS|AMEX")),
            masked_card_number: maybe(like("[0-9]{6}XXXXXX[0-9]{4}")),
            card_holder_name: maybe(any_text()),
            payment_token: maybe(Secret::valid()),
            txn_msg: maybe(any_text()),
            txn_date: maybe(DateTime::valid()),
            unique_transaction_id: maybe(like("EK[0-9]{5}[A-Z]{4}")),
            bank_transaction_id: maybe(like("[0-9]{12}")),
            checksum: maybe(like("[0-9a-f]{64}")),
            extra: extra(),
        })
    }
}
