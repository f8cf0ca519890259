//! Accounts that may fund the payout account.

use proptest::prelude::*;

use crate::payouts::{AddSourceAccount, SourceAccount};
use crate::strategies::{InvalidValues, ValidValues, extra, maybe, page_rules};

impl ValidValues for AddSourceAccount {
    fn valid() -> BoxedStrategy<Self> {
        each!(AddSourceAccount {
            account_number: page_rules::account(),
            ifsc: page_rules::ifsc(),
            company_id: maybe(page_rules::company_id()),
        })
    }
}

impl InvalidValues for AddSourceAccount {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            account_number: page_rules::wrong_account(),
            ifsc: page_rules::wrong_ifsc(),
            company_id: page_rules::wrong_company_id(),
        })
    }
}

impl ValidValues for SourceAccount {
    fn valid() -> BoxedStrategy<Self> {
        each!(SourceAccount { extra: extra() })
    }
}
