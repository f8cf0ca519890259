//! The payout account.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::payouts::{
    Balance, FetchStatement, FundSourceId, GetBalance, Statement, StatementLine, TransferId,
};
use crate::strategies::rupees::stated_sum;
use crate::strategies::text::{any_text, like, minted_ids};
use crate::strategies::{InvalidValues, ValidValues, extra, maybe};
use crate::{AccountNumber, DateTime, Timestamp};

minted_ids! {
    FundSourceId: "EKC[A-Z0-9]{7}",
}

impl ValidValues for GetBalance {
    fn valid() -> BoxedStrategy<Self> {
        each!(GetBalance {
            fund_source_id: FundSourceId::valid(),
            debit_account_number: maybe(AccountNumber::valid()),
        })
    }
}

impl InvalidValues for GetBalance {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            fund_source_id: FundSourceId::invalid(),
            debit_account_number: AccountNumber::invalid(),
        })
    }
}

impl ValidValues for Balance {
    fn valid() -> BoxedStrategy<Self> {
        each!(Balance {
            total_balance: stated_sum(),
            extra: extra(),
        })
    }
}

impl ValidValues for FetchStatement {
    fn valid() -> BoxedStrategy<Self> {
        each!(FetchStatement {
            fund_source_id: FundSourceId::valid(),
            debit_account_number: AccountNumber::valid(),
            from_date: Timestamp::valid(),
            to_date: Timestamp::valid(),
        })
    }
}

impl InvalidValues for FetchStatement {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            fund_source_id: FundSourceId::invalid(),
            debit_account_number: AccountNumber::invalid(),
            from_date: Timestamp::invalid(),
            to_date: Timestamp::invalid(),
        })
    }
}

impl ValidValues for Statement {
    fn valid() -> BoxedStrategy<Self> {
        each!(Statement {
            request_id: maybe(any_text()),
            lines: vec(StatementLine::valid(), 0..3),
            extra: extra(),
        })
    }
}

impl ValidValues for StatementLine {
    fn valid() -> BoxedStrategy<Self> {
        each!(StatementLine {
            transaction_id: maybe(TransferId::valid()),
            transaction_date: maybe(DateTime::valid()),
            value_date: maybe(DateTime::valid()),
            transaction_type: maybe(prop_oneof![3 => like("DEBIT|CREDIT"), 1 => any_text()]),
            remarks: maybe(any_text()),
            transaction_reference_number: maybe(like("[A-Z]{4}[0-9]{12}")),
            transaction_mode: maybe(like("IMPS|NEFT|RTGS|UPI")),
            transaction_amount: maybe(stated_sum()),
            running_balance: maybe(stated_sum()),
            extra: extra(),
        })
    }
}
