//! Payments.

use proptest::prelude::*;

use crate::DateTime;
use crate::gateway::{Payment, PaymentMode, PaymentStatus, TransactionId};
use crate::strategies::text::{documented_values, minted_ids};
use crate::strategies::{ValidValues, extra, maybe};

documented_values! { PaymentMode, PaymentStatus }

minted_ids! {
    TransactionId: "EK[0-9]{13}[A-Za-z0-9]{5}",
}

impl ValidValues for Payment {
    fn valid() -> BoxedStrategy<Self> {
        each!(Payment {
            transaction_id: maybe(TransactionId::valid()),
            created: maybe(DateTime::valid()),
            last_modified: maybe(DateTime::valid()),
            extra: extra(),
        })
    }
}
