//! Payees that are given with a transfer.

use proptest::prelude::*;

use crate::payouts::{BeneficiaryDetail, BeneficiaryId, Pincode};
use crate::strategies::text::{any_text, like};
use crate::strategies::{InvalidValues, ValidValues, extra, maybe, page_rules};
use crate::{AccountNumber, Vpa};

/// With a UPI address, an account and an IFSC under some name, or an id alone.
impl ValidValues for BeneficiaryDetail {
    fn valid() -> BoxedStrategy<Self> {
        let vpa = like("[a-zA-Z0-9._%+-]{1,10}@[a-zA-Z0-9.-]{1,8}").prop_map(Vpa::new);
        let nobody = each!(BeneficiaryDetail {
            vpa_handle: Just(None),
            beneficiary_id: maybe(BeneficiaryId::valid()),
            beneficiary_account_number: Just(None),
            beneficiary_address: maybe(any_text()),
            beneficiary_pincode: maybe(Pincode::valid()),
            extra: extra(),
        });
        let of_vpa = (nobody.clone(), vpa).prop_map(|(payee, vpa)| Self {
            vpa_handle: Some(vpa),
            ..payee
        });
        let account = (AccountNumber::valid(), page_rules::ifsc());
        let of_account = (nobody.clone(), account).prop_map(|(mut payee, (account, ifsc))| {
            let ifsc = ifsc.as_str().into();
            payee.extra.insert("xIfsc".to_owned(), ifsc);
            payee.beneficiary_account_number = Some(account);
            payee
        });
        let of_id = (nobody, BeneficiaryId::valid()).prop_map(|(payee, id)| Self {
            beneficiary_id: Some(id),
            ..payee
        });
        prop_oneof![3 => of_vpa, 3 => of_account, 1 => of_id].boxed()
    }
}

/// With a field that is wrong by itself, with both kinds of payee, an account without an IFSC, or
/// none of it.
impl InvalidValues for BeneficiaryDetail {
    fn invalid() -> BoxedStrategy<Self> {
        let wrong_vpa = prop_oneof![
            like("[A-Za-z0-9._-]{1,6}@[A-Za-z0-9.]{0,3}[_%+][a-z]{0,3}"),
            like("[A-Za-z0-9]{0,3}[ \n=/é][a-z]{0,3}@[a-z]{1,6}"),
            like("@[a-z]{1,6}|[a-z]{1,6}@?"),
            like("[a-z]{1,3}@[a-z]{1,3}@[a-z]{1,3}"),
        ];
        let wrong = spoilt!(Self::valid() => {
            vpa_handle: wrong_vpa.prop_map(Vpa::new),
            beneficiary_id: BeneficiaryId::invalid(),
            beneficiary_account_number: AccountNumber::invalid(),
            beneficiary_pincode: Pincode::invalid(),
        });
        let mixed =
            (Self::valid(), AccountNumber::valid(), 0..3).prop_map(|(mut payee, account, kind)| {
                payee.extra.remove("xIfsc");
                payee.vpa_handle = (kind == 0).then(|| Vpa::new("asha@examplebank"));
                payee.beneficiary_id = payee.beneficiary_id.filter(|_| kind < 2);
                payee.beneficiary_account_number = (kind < 2).then_some(account);
                payee
            });
        prop_oneof![4 => wrong, 1 => mixed].boxed()
    }
}
