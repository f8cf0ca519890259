//! Payees.

use proptest::prelude::*;

use crate::payouts::{Beneficiary, BeneficiaryId, BeneficiaryName, CreateBeneficiary, Pincode};
use crate::strategies::text::{any_text, like, text_values};
use crate::strategies::{
    InvalidValues, ValidValues, enough, extra, maybe, near_misses, page_rules,
};
use crate::{AccountNumber, DateTime, Vpa};

text_values! {
    BeneficiaryId {
        valid: like("[A-Za-z0-9]{1,20}"),
        invalid: prop_oneof![
            Just(String::new()),
            near_misses(like("[A-Za-z0-9]{1,6}")),
            like("[A-Z]{1,4}[ _./-][0-9]{1,4}"),
            like("[A-Z]{0,4}[éआ०²]"),
            any_text(),
        ]
    }
    BeneficiaryName {
        valid: prop_oneof![
            4 => like("[A-Z][a-z]{0,11}( [A-Z][a-z]{0,11})?"),
            1 => like("[\u{905}-\u{939}\u{93e}-\u{94d}]{1,8} [\u{905}-\u{939}]{1,8}"),
            1 => like("[A-Za-z]{50}[ \t\n\u{a0}\u{3000}][A-Za-z]{49}"),
        ],
        invalid: prop_oneof![
            like("\\s{0,3}"),
            like("[A-Za-z ]{99}[a-z]{2,20}"),
            like("[=+@-][0-9+]{1,6}"),
            like("[A-Z][a-z]{1,6}[0-9.,'&_()/०²-][a-z]{0,6}"),
            near_misses(like("[A-Z][a-z]{0,11}")),
            any_text(),
        ]
    }
    Pincode {
        valid: prop_oneof![4 => like("[1-9][0-9]{5}"), 1 => like("[0-9]{1,6}")],
        invalid: prop_oneof![
            near_misses(like("[0-9]{6}")),
            like("[0-9]{7,9}"),
            like("[1-9][0-9]{2} [0-9]{3}"),
            like("[०-९]{1,6}"),
            any_text(),
        ]
    }
}

/// With a bank account or a UPI address.
impl ValidValues for CreateBeneficiary {
    fn valid() -> BoxedStrategy<Self> {
        let vpa = like("[A-Za-z0-9._-]{1,10}@[A-Za-z0-9._]{1,8}").prop_map(Vpa::new);
        let nobody = each!(CreateBeneficiary {
            beneficiary_id: BeneficiaryId::valid(),
            beneficiary_name: BeneficiaryName::valid(),
            beneficiary_account_number: Just(None),
            beneficiary_ifsc: Just(None),
            vpa_handle: Just(None),
            beneficiary_address: maybe(any_text()),
            beneficiary_pincode: maybe(Pincode::valid()),
            extra: extra(),
        });
        let of_vpa = (nobody.clone(), vpa).prop_map(|(payee, vpa)| Self {
            vpa_handle: Some(vpa),
            ..payee
        });
        let account = (AccountNumber::valid(), page_rules::ifsc());
        let of_account = (nobody, account).prop_map(|(payee, (account, ifsc))| Self {
            beneficiary_account_number: Some(account),
            beneficiary_ifsc: Some(ifsc),
            ..payee
        });
        prop_oneof![of_account, of_vpa].boxed()
    }
}

/// With a field that is wrong by itself, with both kinds of payee, half of one, or none.
impl InvalidValues for CreateBeneficiary {
    fn invalid() -> BoxedStrategy<Self> {
        let wrong_vpa = prop_oneof![
            like("[A-Za-z0-9._-]{1,6}@[A-Za-z0-9._]{0,3}-[a-z]{0,3}"),
            like("[A-Za-z0-9]{0,3}[%+ \n=/é][a-z]{0,3}@[a-z]{1,6}"),
            like("@[a-z]{1,6}|[a-z]{1,6}@?"),
            like("[a-z]{1,3}@[a-z]{1,3}@[a-z]{1,3}"),
        ];
        let wrong = spoilt!(Self::valid() => {
            beneficiary_id: BeneficiaryId::invalid(),
            beneficiary_name: BeneficiaryName::invalid(),
            beneficiary_account_number: AccountNumber::invalid(),
            beneficiary_ifsc: page_rules::wrong_ifsc(),
            vpa_handle: wrong_vpa.prop_map(Vpa::new),
            beneficiary_pincode: Pincode::invalid(),
        });
        let parts = (AccountNumber::valid(), page_rules::ifsc(), 0..4);
        let mixed = (Self::valid(), parts).prop_map(|(mut payee, (account, ifsc, kind))| {
            payee.vpa_handle = (kind == 0).then(|| Vpa::new("asha@examplebank"));
            payee.beneficiary_account_number = (kind < 2).then_some(account);
            payee.beneficiary_ifsc = matches!(kind, 0 | 2).then_some(ifsc);
            payee
        });
        prop_oneof![4 => wrong, 1 => mixed].boxed()
    }
}

impl ValidValues for Beneficiary {
    fn valid() -> BoxedStrategy<Self> {
        enough::<CreateBeneficiary>(each!(Beneficiary {
            beneficiary_account_number: maybe(AccountNumber::valid()),
            beneficiary_address: maybe(any_text()),
            beneficiary_pincode: maybe(Pincode::valid()),
            created_on: maybe(DateTime::valid()),
            extra: extra(),
        }))
    }
}
