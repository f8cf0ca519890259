//! Texts by the patterns that single pages have for a field whose type has a rule of its own.

use proptest::prelude::*;

use super::text::like;
use crate::{AccountNumber, CompanyId, Ifsc};

/// 9 to 36 letters and digits.
pub(super) fn account() -> impl Strategy<Value = AccountNumber> {
    like("[A-Za-z0-9]{9,18}|[A-Z0-9]{36}").prop_map(AccountNumber::new)
}

/// Too short, too long, or with another sign.
pub(super) fn wrong_account() -> impl Strategy<Value = AccountNumber> {
    prop_oneof![
        like("[A-Za-z0-9]{1,8}"),
        like("[A-Za-z0-9]{37,60}"),
        like("[A-Za-z0-9]{4,12}[ ._/\n\0éआ०²-][A-Za-z0-9]{4,12}"),
    ]
    .prop_map(AccountNumber::new)
}

/// `CEK` and seven capital letters or digits.
pub(super) fn company_id() -> impl Strategy<Value = CompanyId> {
    like("CEK[A-Z0-9]{7}").prop_map(CompanyId::new)
}

/// Almost so.
pub(super) fn wrong_company_id() -> impl Strategy<Value = CompanyId> {
    prop_oneof![
        like("(CEK)?[A-Z0-9]{1,6}"),
        like("CEK[A-Z0-9]{8,9}"),
        like("(cek|CEC)[A-Z0-9]{7}"),
        like("CEK[A-Z0-9]{6}[a-z \n०]"),
    ]
    .prop_map(CompanyId::new)
}

/// In either case.
pub(super) fn ifsc() -> impl Strategy<Value = Ifsc> {
    like("[A-Za-z]{4}0[A-Z0-9a-z]{6}").prop_map(Ifsc::new)
}

/// None in either case.
pub(super) fn wrong_ifsc() -> impl Strategy<Value = Ifsc> {
    prop_oneof![
        like("[A-Za-z]{4}0[A-Z0-9a-z]{7}"),
        like("[A-Za-z]{4}0[A-Z0-9a-z]{0,5}"),
        like("[A-Za-z]{4}[1-9A-Z][A-Z0-9a-z]{6}"),
        like("[A-Za-z]{3}[0-9 ]0[A-Z0-9a-z]{6}"),
        like("[A-Za-z]{4}0[A-Z0-9a-z]{5}[ \n.é]"),
    ]
    .prop_map(Ifsc::new)
}
