//! Payments.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::gateway::{
    Currency, GetTransactionStatus, OrderId, Payment, PaymentDetail, PaymentMode, PaymentStatus,
    SubmitPayment, SubmittedPayment, TransactionId,
};
use crate::strategies::text::{any_text, documented_values, like, path_ids, some_text};
use crate::strategies::{InvalidValues, ValidValues, extra, maybe};
use crate::{AccountNumber, CardExpiry, CardNumber, Cvv, DateTime, Ifsc, Rupees, Vpa, WebAddress};

documented_values! { PaymentMode, PaymentStatus }

path_ids! {
    TransactionId: "EK[0-9]{13}[A-Za-z0-9]{5}",
}

impl ValidValues for SubmitPayment {
    fn valid() -> BoxedStrategy<Self> {
        each!(SubmitPayment {
            order_id: OrderId::valid(),
            payment_detail: PaymentDetail::valid(),
        })
    }
}

impl InvalidValues for SubmitPayment {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            order_id: OrderId::invalid(),
            payment_detail: PaymentDetail::invalid(),
        })
    }
}

/// What each mode needs, and now and then what belongs to another.
impl ValidValues for PaymentDetail {
    fn valid() -> BoxedStrategy<Self> {
        let left_out = vec(any::<bool>(), 6);
        (full(), left_out)
            .prop_map(|(mut detail, left_out)| {
                let [card, upi, bank, pay_later, account, amount] =
                    std::array::from_fn(|index| left_out.get(index).copied().unwrap_or_default());
                let mode = detail.payment_mode.clone();
                if card && !mode.is_card() {
                    detail.card_holder_name = None;
                    detail.card_number = None;
                    detail.cvv = None;
                    detail.expiry = None;
                }
                if upi && mode != PaymentMode::Upi {
                    detail.vpa = None;
                }
                if bank && (mode.is_card() || mode == PaymentMode::Upi) {
                    detail.bank_code = None;
                }
                if pay_later && mode != PaymentMode::PayLater {
                    detail.bnpl_payment_option_id = None;
                }
                if account {
                    detail.account_number = None;
                    detail.ifsc = None;
                }
                if amount {
                    detail.amount = None;
                    detail.currency = None;
                }
                detail
            })
            .boxed()
    }
}

/// One field that the mode needs is missing, or one half of an account is; or some are wrong.
impl InvalidValues for PaymentDetail {
    fn invalid() -> BoxedStrategy<Self> {
        let with = |modes: &'static [PaymentMode]| {
            (full(), select(modes)).prop_map(|(mut detail, mode)| {
                detail.payment_mode = mode;
                detail
            })
        };
        let card = &[
            PaymentMode::CreditCard,
            PaymentMode::DebitCard,
            PaymentMode::PrepaidCard,
            PaymentMode::CorporateCard,
        ];
        let bank = &[
            PaymentMode::NetBanking,
            PaymentMode::Wallet,
            PaymentMode::PayLater,
        ];
        let none_or_empty = || prop_oneof![Just(None), Just(Some(String::new()))];
        prop_oneof![
            3 => spoilt!(with(card) => {
                card_holder_name: none_or_empty(),
                card_number: Just(None::<CardNumber>),
                cvv: Just(None::<Cvv>),
                expiry: Just(None::<CardExpiry>),
            }),
            1 => spoilt!(with(bank) => { bank_code: none_or_empty() }),
            1 => spoilt!(with(&[PaymentMode::PayLater]) => {
                bank_code: none_or_empty(),
                bnpl_payment_option_id: none_or_empty(),
            }),
            1 => spoilt!(with(&[PaymentMode::Upi]) => { vpa: Just(None::<Vpa>) }),
            1 => spoilt!(full() => { account_number: Just(None::<AccountNumber>) }),
            1 => spoilt!(full() => { ifsc: Just(None::<Ifsc>) }),
            6 => spoilt!(full() => {
                payment_mode: PaymentMode::invalid(),
                amount: Rupees::invalid(),
                currency: Currency::invalid(),
                card_number: CardNumber::invalid(),
                cvv: Cvv::invalid(),
                expiry: CardExpiry::invalid(),
                vpa: Vpa::invalid(),
                account_number: AccountNumber::invalid(),
                ifsc: Ifsc::invalid(),
            }),
        ]
        .boxed()
    }
}

/// Every field, whatever the mode.
fn full() -> BoxedStrategy<PaymentDetail> {
    each!(PaymentDetail {
        payment_mode: PaymentMode::valid(),
        amount: Rupees::valid().prop_map(Some),
        currency: Currency::valid().prop_map(Some),
        card_holder_name: some_text().prop_map(Some),
        card_number: CardNumber::valid().prop_map(Some),
        cvv: Cvv::valid().prop_map(Some),
        expiry: CardExpiry::valid().prop_map(Some),
        bank_code: like("[A-Z]{3,6}").prop_map(Some),
        bnpl_payment_option_id: some_text().prop_map(Some),
        vpa: Vpa::valid().prop_map(Some),
        account_number: AccountNumber::valid().prop_map(Some),
        ifsc: Ifsc::valid().prop_map(Some),
    })
}

/// Under the names that are looked for, and others.
impl ValidValues for SubmittedPayment {
    fn valid() -> BoxedStrategy<Self> {
        let known = (
            maybe(TransactionId::valid()),
            maybe(PaymentStatus::valid()),
            maybe(WebAddress::valid()),
            maybe(any_text()),
        );
        (known, extra())
            .prop_map(|((id, status, url, payload), mut extra)| {
                for (name, text) in [
                    ("transactionId", id.map(|id| id.as_str().to_owned())),
                    ("transactionStatus", status.map(|status| status.to_string())),
                    ("redirectionUrl", url.map(|url| url.as_str().to_owned())),
                    ("payload", payload),
                ] {
                    if let Some(text) = text {
                        extra.insert(name.to_owned(), text.into());
                    }
                }
                Self { extra }
            })
            .boxed()
    }
}

impl ValidValues for GetTransactionStatus {
    fn valid() -> BoxedStrategy<Self> {
        each!(GetTransactionStatus {
            transaction_id: TransactionId::valid(),
        })
    }
}

impl InvalidValues for GetTransactionStatus {
    fn invalid() -> BoxedStrategy<Self> {
        each!(GetTransactionStatus {
            transaction_id: TransactionId::invalid(),
        })
    }
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
