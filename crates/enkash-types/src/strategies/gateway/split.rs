//! Split settlements.

use proptest::collection::vec;
use proptest::prelude::*;

use crate::gateway::{
    ActivateSplitAccount, AmountSplitType, CreateSplitAccount, EditSplitSettlement,
    EditedSplitSettlement, OrderId, PaymentDetail, SettlementCycle, SplitAccount, SplitAccountId,
    SplitSettlement, SplitShare, SplitValue, SubmitPaymentWithSplit, TransactionId,
    UpdateSplitAccount,
};
use crate::strategies::rupees::stated_sum;
use crate::strategies::text::{any_text, documented_values, like, minted_ids};
use crate::strategies::{InvalidValues, ValidValues, extra, maybe};
use crate::{AccountNumber, Email, Ifsc, Secret};

documented_values! { AmountSplitType, SettlementCycle }

minted_ids! {
    SplitAccountId: "SA[A-Z0-9]{8}",
}

/// Fields of any name, since none was read.
impl ValidValues for CreateSplitAccount {
    fn valid() -> BoxedStrategy<Self> {
        each!(CreateSplitAccount { fields: extra() })
    }
}

impl ValidValues for UpdateSplitAccount {
    fn valid() -> BoxedStrategy<Self> {
        each!(UpdateSplitAccount {
            access_key: Secret::valid(),
            name: maybe(any_text()),
            email: maybe(Email::valid()),
            phone: maybe(any_text()),
            settlement_cycle: maybe(SettlementCycle::valid()),
            settlement_schedule: maybe(any_text()),
            dashboard_access: maybe(any::<bool>()),
            pan: maybe(like("[A-Z]{5}[0-9]{4}[A-Z]")),
            gstin: maybe(like("[0-9]{2}[A-Z]{5}[0-9]{4}[A-Z][0-9]Z[0-9A-Z]")),
            account_number: maybe(AccountNumber::valid()),
            ifsc: maybe(Ifsc::valid()),
        })
    }
}

impl InvalidValues for UpdateSplitAccount {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            access_key: Secret::invalid(),
            email: Email::invalid(),
            settlement_cycle: SettlementCycle::invalid(),
            account_number: AccountNumber::invalid(),
            ifsc: Ifsc::invalid(),
        })
    }
}

impl ValidValues for ActivateSplitAccount {
    fn valid() -> BoxedStrategy<Self> {
        each!(ActivateSplitAccount {
            split_account_detail_id: SplitAccountId::valid(),
        })
    }
}

impl InvalidValues for ActivateSplitAccount {
    fn invalid() -> BoxedStrategy<Self> {
        each!(ActivateSplitAccount {
            split_account_detail_id: SplitAccountId::invalid(),
        })
    }
}

/// Under the names that are looked for, and others.
impl ValidValues for SplitAccount {
    fn valid() -> BoxedStrategy<Self> {
        let name = like("splitAccountId|splitAccountDetailId");
        let id = (name, SplitAccountId::valid());
        let status = like("ACTIVE|INACTIVE");
        (maybe(id), maybe(status), extra())
            .prop_map(|(id, status, mut extra)| {
                if let Some((name, id)) = id {
                    extra.insert(name, id.as_str().into());
                }
                if let Some(status) = status {
                    extra.insert("status".to_owned(), status.into());
                }
                Self { extra }
            })
            .boxed()
    }
}

/// With amount and currency, one of them or none.
impl ValidValues for SubmitPaymentWithSplit {
    fn valid() -> BoxedStrategy<Self> {
        let detail = (PaymentDetail::valid(), any::<bool>(), any::<bool>()).prop_map(
            |(mut detail, has_amount, has_currency)| {
                detail.amount = detail.amount.filter(|_| has_amount);
                detail.currency = detail.currency.filter(|_| has_currency);
                detail
            },
        );
        each!(SubmitPaymentWithSplit {
            order_id: OrderId::valid(),
            payment_detail: detail,
            extra: extra(),
        })
    }
}

impl InvalidValues for SubmitPaymentWithSplit {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            order_id: OrderId::invalid(),
            payment_detail: PaymentDetail::invalid(),
        })
    }
}

impl ValidValues for SplitSettlement {
    fn valid() -> BoxedStrategy<Self> {
        each!(SplitSettlement {
            amount_split_type: AmountSplitType::valid(),
            split_settlement_details: vec(SplitShare::valid(), 0..3),
        })
    }
}

impl InvalidValues for SplitSettlement {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            amount_split_type: AmountSplitType::invalid(),
            split_settlement_details: vec(SplitShare::invalid(), 1..3),
        })
    }
}

impl ValidValues for SplitShare {
    fn valid() -> BoxedStrategy<Self> {
        each!(SplitShare {
            split_account_id: SplitAccountId::valid(),
            label: maybe(any_text()),
            value: SplitValue::valid(),
        })
    }
}

impl InvalidValues for SplitShare {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            split_account_id: SplitAccountId::invalid(),
        })
    }
}

/// No rule is documented for it.
impl ValidValues for SplitValue {
    fn valid() -> BoxedStrategy<Self> {
        prop_oneof![
            (0..=100_u8).prop_map(Self::percent),
            stated_sum().prop_map(Self::from),
        ]
        .boxed()
    }
}

impl ValidValues for EditSplitSettlement {
    fn valid() -> BoxedStrategy<Self> {
        each!(EditSplitSettlement {
            transaction_id: TransactionId::valid(),
            split_settlement: SplitSettlement::valid(),
        })
    }
}

impl InvalidValues for EditSplitSettlement {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            transaction_id: TransactionId::invalid(),
            split_settlement: SplitSettlement::invalid(),
        })
    }
}

impl ValidValues for EditedSplitSettlement {
    fn valid() -> BoxedStrategy<Self> {
        each!(EditedSplitSettlement { extra: extra() })
    }
}
