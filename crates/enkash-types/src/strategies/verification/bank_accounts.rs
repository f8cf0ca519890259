//! The check of a bank account.

use proptest::prelude::*;

use crate::strategies::text::{any_text, like, some_text, text_values};
use crate::strategies::{InvalidValues, ValidValues, extra, maybe};
use crate::verification::{VerificationRequestId, VerifiedBankAccount, VerifyBankAccount};
use crate::{AccountNumber, Ifsc};

text_values! {
    VerificationRequestId {
        valid: prop_oneof![like("[A-Z]{3,6}[0-9]{1,6}"), some_text()],
        invalid: Just(String::new()),
    }
}

impl ValidValues for VerifyBankAccount {
    fn valid() -> BoxedStrategy<Self> {
        each!(VerifyBankAccount {
            beneficiary_account_number: AccountNumber::valid(),
            customer_request_id: VerificationRequestId::valid(),
            beneficiary_ifsc_code: Ifsc::valid(),
            penny_less: any::<bool>(),
        })
    }
}

impl InvalidValues for VerifyBankAccount {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            beneficiary_account_number: AccountNumber::invalid(),
            customer_request_id: VerificationRequestId::invalid(),
            beneficiary_ifsc_code: Ifsc::invalid(),
        })
    }
}

impl ValidValues for VerifiedBankAccount {
    fn valid() -> BoxedStrategy<Self> {
        each!(VerifiedBankAccount {
            ifsc: maybe(Ifsc::valid()),
            request_id: maybe(any_text()),
            enkash_unique_id: maybe(like("EK[A-Z0-9]{8}")),
            utr: maybe(like("[0-9]{12}")),
            status: maybe(any_text()),
            beneficiary_name: maybe(any_text()),
            extra: extra(),
        })
    }
}
