//! The bearer token of the payment gateway.

use proptest::prelude::*;

use crate::Secret;
use crate::gateway::{CreateMerchantToken, MerchantToken};
use crate::strategies::text::{any_text, token};
use crate::strategies::{InvalidValues, ValidValues, maybe};

impl ValidValues for CreateMerchantToken {
    fn valid() -> BoxedStrategy<Self> {
        each!(CreateMerchantToken {
            access_key: Secret::valid(),
            secret_key: Secret::valid(),
        })
    }
}

impl InvalidValues for CreateMerchantToken {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            access_key: Secret::invalid(),
            secret_key: Secret::invalid(),
        })
    }
}

impl ValidValues for MerchantToken {
    fn valid() -> BoxedStrategy<Self> {
        each!(MerchantToken {
            token: token(),
            expiry: maybe(prop_oneof![
                Just(0),
                1_500_000_000_000..=4_000_000_000_000_i64,
                0..=i64::MAX,
            ]),
            // Every other code is a refusal.
            result_code: maybe(prop_oneof![Just(0), Just(200)]),
            result_message: maybe(any_text()),
        })
    }
}
