//! Transfers.

use proptest::prelude::*;

use crate::payouts::{
    BeneficiaryDetail, BeneficiaryId, CreateTransfer, EnkashTransactionId, FundSourceId, Transfer,
    TransferId, TransferMode, TransferRemark, TransferStatus,
};
use crate::strategies::text::{
    any_text, documented_values, like, minted_ids, some_text, text_values,
};
use crate::strategies::{InvalidValues, ValidValues, enough, extra, maybe, near_misses};
use crate::{AccountNumber, Rupees};

documented_values! { TransferMode }

minted_ids! {
    EnkashTransactionId: "EK[0-9]{13}[A-Za-z0-9]{5}",
}

text_values! {
    TransferId {
        valid: prop_oneof![like("[A-Z]{3,6}[0-9]{1,6}"), some_text()],
        invalid: Just(String::new()),
    }
    TransferRemark {
        valid: prop_oneof![
            4 => like("[A-Z][a-z]{0,9} [0-9]{1,4}"),
            1 => like("[A-Za-z0-9]{0,3}[ \t\n\u{3000}][A-Za-z0-9]{0,3}"),
            1 => like("[\u{905}-\u{939}\u{93e}-\u{94d}]{1,8} [०-९]{1,4}"),
        ],
        invalid: prop_oneof![
            Just(String::new()),
            like("[A-Z][a-z]{0,9}[-_/.,:;&'#+=@][0-9]{1,4}"),
            near_misses(like("[A-Za-z0-9]{1,6}")),
            any_text(),
        ]
    }
}

/// To a payee of either kind; by IMPS no more than it carries.
impl ValidValues for CreateTransfer {
    fn valid() -> BoxedStrategy<Self> {
        let least = Rupees::from_paise(100);
        let sum = prop_oneof![
            1 => Just(least),
            8 => Rupees::valid().prop_filter("it is too little", move |sum| *sum >= least),
        ];
        let by_imps = prop_oneof![
            1 => Just(20_000_000),
            8 => 100..=20_000_000_i32,
        ]
        .prop_map(Rupees::from_paise);
        let to_nobody = each!(CreateTransfer {
            beneficiary_id: Just(None),
            transaction_id: TransferId::valid(),
            transfer_amount: sum,
            transfer_mode: TransferMode::valid(),
            transfer_remark: maybe(TransferRemark::valid()),
            reference: maybe(any_text()),
            fund_source_id: maybe(FundSourceId::valid()),
            beneficiary_detail: Just(None),
            debit_account_number: maybe(AccountNumber::valid()),
            extra: extra(),
        });
        let within = (to_nobody, by_imps).prop_map(|(mut transfer, by_imps)| {
            let most = transfer.transfer_mode.most();
            if most.is_some_and(|most| transfer.transfer_amount > most) {
                transfer.transfer_amount = by_imps;
            }
            transfer
        });
        let payee = prop_oneof![
            BeneficiaryId::valid().prop_map(|id| (Some(id), None)),
            BeneficiaryDetail::valid().prop_map(|detail| (None, Some(detail))),
        ];
        (within, payee)
            .prop_map(|(transfer, (id, detail))| Self {
                beneficiary_id: id,
                beneficiary_detail: detail,
                ..transfer
            })
            .boxed()
    }
}

/// With a field that is wrong by itself, to nobody or to two, or by IMPS more than it carries.
impl InvalidValues for CreateTransfer {
    fn invalid() -> BoxedStrategy<Self> {
        let too_little = (0..100).prop_map(Rupees::from_paise);
        let wrong = spoilt!(Self::valid() => {
            transaction_id: TransferId::invalid(),
            transfer_amount: prop_oneof![Rupees::invalid(), too_little],
            transfer_mode: TransferMode::invalid(),
            transfer_remark: TransferRemark::invalid(),
            fund_source_id: FundSourceId::invalid(),
            debit_account_number: AccountNumber::invalid(),
        });
        let anybody = prop_oneof![Self::valid(), wrong.clone()];
        let wrong_id =
            (anybody.clone(), BeneficiaryId::invalid()).prop_map(|(transfer, id)| Self {
                beneficiary_id: Some(id),
                beneficiary_detail: None,
                ..transfer
            });
        let wrong_detail =
            (anybody.clone(), BeneficiaryDetail::invalid()).prop_map(|(transfer, detail)| Self {
                beneficiary_id: None,
                beneficiary_detail: Some(detail),
                ..transfer
            });
        let two = (anybody, BeneficiaryId::valid(), BeneficiaryDetail::valid()).prop_map(
            |(transfer, id, detail)| Self {
                beneficiary_id: Some(id),
                beneficiary_detail: Some(detail),
                ..transfer
            },
        );
        let nobody = Self::valid().prop_map(|transfer| Self {
            beneficiary_id: None,
            beneficiary_detail: None,
            ..transfer
        });
        let too_much = (Self::valid(), 20_000_001..i32::MAX).prop_map(|(transfer, paise)| Self {
            transfer_mode: TransferMode::Imps,
            transfer_amount: Rupees::from_paise(paise),
            ..transfer
        });
        prop_oneof![6 => wrong, 2 => wrong_id, 6 => wrong_detail, 2 => two, 1 => nobody, 1 => too_much]
            .boxed()
    }
}

impl ValidValues for Transfer {
    fn valid() -> BoxedStrategy<Self> {
        let other = any_text().prop_map(|text| TransferStatus::from(text.as_str()));
        enough::<CreateTransfer>(each!(Transfer {
            enkash_transaction_id: maybe(EnkashTransactionId::valid()),
            payout_status: maybe(prop_oneof![4 => TransferStatus::valid(), 1 => other]),
            transaction_id: maybe(TransferId::valid()),
            extra: extra(),
        }))
    }
}
