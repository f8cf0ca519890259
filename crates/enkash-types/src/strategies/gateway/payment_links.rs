//! Payment links.

use proptest::prelude::*;

use crate::DateTime;
use crate::gateway::{PaymentLinkEvent, PaymentLinkEventType, PaymentLinkPaymentStatus};
use crate::strategies::rupees::stated_sum;
use crate::strategies::text::{any_text, documented_values};
use crate::strategies::{InvalidValues, ValidValues, extra, maybe};

documented_values! { PaymentLinkEventType, PaymentLinkPaymentStatus }

impl ValidValues for PaymentLinkEvent {
    fn valid() -> BoxedStrategy<Self> {
        let event_type = prop_oneof![
            4 => PaymentLinkEventType::valid(),
            1 => PaymentLinkEventType::invalid(),
        ];
        let payment_status = prop_oneof![
            4 => PaymentLinkPaymentStatus::valid(),
            1 => PaymentLinkPaymentStatus::invalid(),
        ];
        each!(PaymentLinkEvent {
            quick_collect_request_id: maybe(any_text()),
            event_type: maybe(event_type),
            amount: maybe(stated_sum()),
            payment_status: maybe(payment_status),
            message: maybe(any_text()),
            payment_date: maybe(DateTime::valid()),
            extra: extra(),
        })
    }
}
