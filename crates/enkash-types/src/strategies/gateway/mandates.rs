//! UPI Autopay.

use proptest::prelude::*;

use crate::gateway::{
    AmountRule, CreateUpiMandate, Currency, ExecuteMandateDebit, GetUpiMandate,
    MandateDebitCallback, MandateId, MandateNotice, MandatePause, MandatePayee, MandatePayer,
    MandateRecurrence, MandateReferenceId, MandateTime, MandateValidity, NewMandatePayer,
    NewMandateRecurrence, NewMandateValidity, NotifyMandateDebit, OrderId, RevokeUpiMandate,
    TransactionId, UpdateUpiMandate, UpiMandate, UpiMandateCallback,
};
use crate::strategies::rupees::stated_sum;
use crate::strategies::text::{any_text, documented_values, like, minted_ids, path_ids};
use crate::strategies::{InvalidValues, ValidValues, extra, maybe};
use crate::{AccountNumber, Date, DateTime, Rupees, Timestamp, Vpa};

documented_values! { AmountRule }

path_ids! {
    MandateReferenceId: "TXN[0-9]{7}",
}

minted_ids! {
    MandateId: "EN[0-9]{8}",
}

impl ValidValues for CreateUpiMandate {
    fn valid() -> BoxedStrategy<Self> {
        each!(CreateUpiMandate {
            reference_id: MandateReferenceId::valid(),
            amount: any::<u64>(),
            amount_rule: AmountRule::valid(),
            currency: Currency::valid(),
            payer: NewMandatePayer::valid(),
            mandate_name: any_text(),
            expiry: Timestamp::valid(),
            block_fund: any::<bool>(),
            recurrence: NewMandateRecurrence::valid(),
            validity: NewMandateValidity::valid(),
            upi_reference_url: maybe(any_text()),
            description: maybe(any_text()),
        })
    }
}

impl InvalidValues for CreateUpiMandate {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            reference_id: MandateReferenceId::invalid(),
            amount_rule: AmountRule::invalid(),
            currency: Currency::invalid(),
            payer: NewMandatePayer::invalid(),
            expiry: Timestamp::invalid(),
            validity: NewMandateValidity::invalid(),
        })
    }
}

impl ValidValues for NewMandatePayer {
    fn valid() -> BoxedStrategy<Self> {
        each!(NewMandatePayer {
            name: any_text(),
            vpa: Vpa::valid(),
            account: AccountNumber::valid(),
            account_validation: any::<bool>(),
        })
    }
}

impl InvalidValues for NewMandatePayer {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            vpa: Vpa::invalid(),
        })
    }
}

impl ValidValues for NewMandateRecurrence {
    fn valid() -> BoxedStrategy<Self> {
        each!(NewMandateRecurrence {
            period: any_text(),
            rule: any_text(),
            value: any::<i64>(),
        })
    }
}

impl ValidValues for NewMandateValidity {
    fn valid() -> BoxedStrategy<Self> {
        each!(NewMandateValidity {
            start_at: Timestamp::valid(),
            end_at: Timestamp::valid(),
        })
    }
}

impl InvalidValues for NewMandateValidity {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            start_at: Timestamp::invalid(),
            end_at: Timestamp::invalid(),
        })
    }
}

/// Fields of any name, since none was read.
impl ValidValues for UpdateUpiMandate {
    fn valid() -> BoxedStrategy<Self> {
        each!(UpdateUpiMandate { fields: extra() })
    }
}

impl ValidValues for RevokeUpiMandate {
    fn valid() -> BoxedStrategy<Self> {
        each!(RevokeUpiMandate {
            reference_id: MandateReferenceId::valid(),
            extra: extra(),
        })
    }
}

impl InvalidValues for RevokeUpiMandate {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            reference_id: MandateReferenceId::invalid(),
        })
    }
}

impl ValidValues for GetUpiMandate {
    fn valid() -> BoxedStrategy<Self> {
        each!(GetUpiMandate {
            reference_id: MandateReferenceId::valid(),
        })
    }
}

impl InvalidValues for GetUpiMandate {
    fn invalid() -> BoxedStrategy<Self> {
        each!(GetUpiMandate {
            reference_id: MandateReferenceId::invalid(),
        })
    }
}

impl ValidValues for UpiMandate {
    fn valid() -> BoxedStrategy<Self> {
        each!(UpiMandate {
            umn: maybe(like("[0-9a-f]{32}@[a-z]{3,6}")),
            reference_id: maybe(MandateReferenceId::valid()),
            mandate_id: maybe(MandateId::valid()),
            amount: maybe(any::<u64>()),
            amount_rule: maybe(prop_oneof![4 => AmountRule::valid(), 1 => AmountRule::invalid()]),
            currency: maybe(Just("INR".to_owned())),
            payee: maybe(MandatePayee::valid()),
            payer: maybe(MandatePayer::valid()),
            name: maybe(any_text()),
            expire_at: maybe(MandateTime::valid()),
            block_fund: maybe(any::<bool>()),
            revokeable_by_payer: maybe(any::<bool>()),
            recurrence: maybe(MandateRecurrence::valid()),
            validity: maybe(MandateValidity::valid()),
            pause_period: maybe(MandatePause::valid()),
            extra: extra(),
        })
    }
}

impl ValidValues for MandateTime {
    fn valid() -> BoxedStrategy<Self> {
        prop_oneof![
            any::<i64>().prop_map(Self::Number),
            DateTime::valid().prop_map(Self::Text),
        ]
        .boxed()
    }
}

impl ValidValues for MandatePayee {
    fn valid() -> BoxedStrategy<Self> {
        each!(MandatePayee {
            vpa: maybe(Vpa::valid()),
            name: maybe(any_text()),
            mcc: maybe(like("[0-9]{4}")),
        })
    }
}

impl ValidValues for MandatePayer {
    fn valid() -> BoxedStrategy<Self> {
        each!(MandatePayer {
            name: maybe(any_text()),
            vpa: maybe(Vpa::valid()),
            account: maybe(AccountNumber::valid()),
            account_validation: maybe(any::<bool>()),
        })
    }
}

impl ValidValues for MandateRecurrence {
    fn valid() -> BoxedStrategy<Self> {
        each!(MandateRecurrence {
            period: maybe(any_text()),
            rule: maybe(any_text()),
            value: maybe(any::<i64>()),
        })
    }
}

impl ValidValues for MandateValidity {
    fn valid() -> BoxedStrategy<Self> {
        each!(MandateValidity {
            start_at: maybe(MandateTime::valid()),
            end_at: maybe(MandateTime::valid()),
        })
    }
}

impl ValidValues for MandatePause {
    fn valid() -> BoxedStrategy<Self> {
        each!(MandatePause {
            start_at: maybe(MandateTime::valid()),
            end_at: maybe(MandateTime::valid()),
        })
    }
}

impl ValidValues for NotifyMandateDebit {
    fn valid() -> BoxedStrategy<Self> {
        each!(NotifyMandateDebit {
            mandate_id: MandateId::valid(),
            amount: Rupees::valid(),
            debit_date: Date::valid(),
        })
    }
}

impl InvalidValues for NotifyMandateDebit {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            mandate_id: MandateId::invalid(),
            amount: Rupees::invalid(),
            debit_date: Date::invalid(),
        })
    }
}

impl ValidValues for MandateNotice {
    fn valid() -> BoxedStrategy<Self> {
        each!(MandateNotice {
            mandate_id: maybe(MandateId::valid()),
            predebit_notification_id: maybe(any_text()),
            status: maybe(any_text()),
            amount: maybe(stated_sum()),
            debit_date: maybe(DateTime::valid()),
            extra: extra(),
        })
    }
}

impl ValidValues for ExecuteMandateDebit {
    fn valid() -> BoxedStrategy<Self> {
        each!(ExecuteMandateDebit {
            mandate_id: MandateId::valid(),
            amount: Rupees::valid(),
            remarks: any_text(),
        })
    }
}

impl InvalidValues for ExecuteMandateDebit {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            mandate_id: MandateId::invalid(),
            amount: Rupees::invalid(),
        })
    }
}

impl ValidValues for UpiMandateCallback {
    fn valid() -> BoxedStrategy<Self> {
        each!(UpiMandateCallback {
            mandate: UpiMandate::valid(),
        })
    }
}

/// With some of the names that are looked for.
impl ValidValues for MandateDebitCallback {
    fn valid() -> BoxedStrategy<Self> {
        let known = (
            maybe(OrderId::valid()),
            maybe(TransactionId::valid()),
            maybe(like("SUCCESS|FAILED|PENDING_WITH_BANK")),
        );
        (maybe(stated_sum()), known, extra())
            .prop_map(|(surcharge, (order, payment, status), mut extra)| {
                for (name, text) in [
                    ("orderId", order.map(|id| id.as_str().to_owned())),
                    ("transactionId", payment.map(|id| id.as_str().to_owned())),
                    ("status", status),
                ] {
                    if let Some(text) = text {
                        extra.insert(name.to_owned(), text.into());
                    }
                }
                Self { surcharge, extra }
            })
            .boxed()
    }
}
