//! Settlements.

use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Number;

use crate::gateway::{
    GetSettlementPayout, PayoutSplitAccount, SearchSettlementPayouts, SettlementPayout,
    SettlementPayoutId, SettlementPayoutSummary, SettlementTransaction,
};
use crate::strategies::rupees::stated_sum;
use crate::strategies::text::{any_text, like, path_ids};
use crate::strategies::{InvalidValues, ValidValues, extra, maybe};
use crate::{AccountNumber, DateTime, Direction, Ifsc, Rupees};

path_ids! {
    SettlementPayoutId: "SP[A-Z0-9]{10}",
}

impl ValidValues for GetSettlementPayout {
    fn valid() -> BoxedStrategy<Self> {
        each!(GetSettlementPayout {
            settlement_payout_id: SettlementPayoutId::valid(),
        })
    }
}

impl InvalidValues for GetSettlementPayout {
    fn invalid() -> BoxedStrategy<Self> {
        each!(GetSettlementPayout {
            settlement_payout_id: SettlementPayoutId::invalid(),
        })
    }
}

impl ValidValues for SettlementPayout {
    fn valid() -> BoxedStrategy<Self> {
        each!(SettlementPayout {
            settlement_payout_id: maybe(SettlementPayoutId::valid()),
            total_sale_amount: maybe(stated_sum()),
            total_refund_amount: maybe(stated_sum()),
            total_charges: maybe(stated_sum()),
            total_gst: maybe(stated_sum()),
            total_settlement_amount: maybe(stated_sum()),
            instant_settlement_charges: maybe(stated_sum()),
            instant_settlement_gst: maybe(stated_sum()),
            refund_chargeback_amount: maybe(stated_sum()),
            carry_forward_amount: maybe(stated_sum()),
            adjustment_amount: maybe(stated_sum()),
            wallet_fund_adjustment: maybe(stated_sum()),
            split_transaction_charges: maybe(stated_sum()),
            split_transaction_gst: maybe(stated_sum()),
            payout_status: maybe(like("INIT|SUCCESS")),
            payout_mode: maybe(any_text()),
            utr: maybe(like("AXISCN[0-9]{9}")),
            payout_date: maybe(DateTime::valid()),
            remarks: maybe(any_text()),
            payout_remarks: maybe(any_text()),
            transfer_id: maybe(any_text()),
            transfer_response_reason: maybe(any_text()),
            created_on: maybe(DateTime::valid()),
            modified_on: maybe(DateTime::valid()),
            settlement_transactions: maybe(vec(SettlementTransaction::valid(), 0..3)),
            settlement_transaction_responses: maybe(vec(SettlementTransaction::valid(), 0..3)),
            extra: extra(),
        })
    }
}

impl ValidValues for SettlementTransaction {
    fn valid() -> BoxedStrategy<Self> {
        each!(SettlementTransaction {
            id: maybe(any::<i64>()),
            settlement_transaction_id: maybe(any_text()),
            sale_amount: maybe(stated_sum()),
            txn_amount: maybe(stated_sum()),
            tax_amount: maybe(stated_sum()),
            charges: maybe(stated_sum()),
            settlement_amount: maybe(stated_sum()),
            transaction_type: maybe(any_text()),
            settlement_status: maybe(any_text()),
            approved_on: maybe(DateTime::valid()),
            remarks: maybe(any_text()),
            acquirer_amount_rate: maybe(number()),
            acquirer_flat_amount_rate: maybe(number()),
            acquirer_net_amount: maybe(stated_sum()),
            acquirer_gst_amount: maybe(stated_sum()),
            merchant_mdr_mode: maybe(any_text()),
            merchant_mdr: maybe(number()),
            merchant_flat_mdr: maybe(number()),
            merchant_percentage_platform_fee: maybe(number()),
            merchant_flat_platform_fee: maybe(number()),
            merchant_percentage_convenience_fee: maybe(number()),
            merchant_flat_convenience_fee: maybe(number()),
            net_profit: maybe(stated_sum()),
            profit_gst: maybe(stated_sum()),
            created_on: maybe(DateTime::valid()),
            modified_on: maybe(DateTime::valid()),
            extra: extra(),
        })
    }
}

impl ValidValues for SearchSettlementPayouts {
    fn valid() -> BoxedStrategy<Self> {
        each!(SearchSettlementPayouts {
            offset: maybe(any::<u32>()),
            limit: maybe(prop_oneof![0..=5000_u32, Just(5000)]),
            order_by: maybe(like("createdOn|payoutDate")),
            direction: maybe(Direction::valid()),
            merchant_detail_id: maybe(any_text()),
            settlement_payout_id: maybe(SettlementPayoutId::valid()),
            settlement_payout_ids: maybe(vec(SettlementPayoutId::valid(), 0..3)),
            total_sale_amount_from: maybe(Rupees::valid()),
            total_sale_amount_to: maybe(Rupees::valid()),
            total_refund_amount_from: maybe(stated_sum()),
            total_refund_amount_to: maybe(stated_sum()),
            total_charges_from: maybe(stated_sum()),
            total_charges_to: maybe(stated_sum()),
            total_gst_from: maybe(stated_sum()),
            total_gst_to: maybe(stated_sum()),
            total_settlement_amount_from: maybe(stated_sum()),
        })
    }
}

impl InvalidValues for SearchSettlementPayouts {
    fn invalid() -> BoxedStrategy<Self> {
        spoilt!(Self::valid() => {
            limit: prop_oneof![Just(5001), 5001..=u32::MAX],
            direction: Direction::invalid(),
            settlement_payout_id: SettlementPayoutId::invalid(),
            total_sale_amount_from: less_than_a_paisa(),
            total_sale_amount_to: less_than_a_paisa(),
            total_refund_amount_from: less_than_nothing(),
            total_refund_amount_to: less_than_nothing(),
            total_charges_from: less_than_nothing(),
            total_charges_to: less_than_nothing(),
            total_gst_from: less_than_nothing(),
            total_gst_to: less_than_nothing(),
        })
    }
}

impl ValidValues for SettlementPayoutSummary {
    fn valid() -> BoxedStrategy<Self> {
        each!(SettlementPayoutSummary {
            settlement_payout_id: maybe(SettlementPayoutId::valid()),
            total_sale_amount: maybe(stated_sum()),
            total_refund_amount: maybe(stated_sum()),
            total_charges: maybe(stated_sum()),
            total_gst: maybe(stated_sum()),
            total_settlement_amount: maybe(stated_sum()),
            refund_chargeback_amount: maybe(stated_sum()),
            carry_forward_amount: maybe(stated_sum()),
            adjustment_amount: maybe(stated_sum()),
            payout_status: maybe(like("INIT|SUCCESS")),
            utr: maybe(like("AXISCN[0-9]{9}")),
            remarks: maybe(any_text()),
            merchant_name: maybe(any_text()),
            payout_date: maybe(DateTime::valid()),
            created_on: maybe(DateTime::valid()),
            wallet_fund_adjustment: maybe(stated_sum()),
            instant_settlement_charges: maybe(stated_sum()),
            instant_settlement_gst: maybe(stated_sum()),
            transactions_count: maybe(any::<u32>().prop_map(u64::from)),
            settlement_type: maybe(any_text()),
            split_transaction_charges: maybe(stated_sum()),
            split_transaction_gst: maybe(stated_sum()),
            split_account: maybe(PayoutSplitAccount::valid()),
            extra: extra(),
        })
    }
}

impl ValidValues for PayoutSplitAccount {
    fn valid() -> BoxedStrategy<Self> {
        each!(PayoutSplitAccount {
            split_account_detail_id: maybe(any_text()),
            name: maybe(any_text()),
            label: maybe(any_text()),
            account_number: maybe(AccountNumber::valid()),
            ifsc: maybe(Ifsc::valid()),
            extra: extra(),
        })
    }
}

/// Rates and fees, of which some are in percent.
fn number() -> impl Strategy<Value = Number> {
    prop_oneof![
        any::<i32>().prop_map(Number::from),
        (0..10_000).prop_filter_map("no JSON number", |hundredths| {
            Number::from_f64(f64::from(hundredths) / 100.0)
        }),
    ]
}

fn less_than_a_paisa() -> BoxedStrategy<Rupees> {
    let paisa = Rupees::from_paise(1);
    Rupees::invalid()
        .prop_filter("it is enough", move |sum| *sum < paisa)
        .boxed()
}

fn less_than_nothing() -> BoxedStrategy<Rupees> {
    Rupees::invalid()
        .prop_filter("it is enough", |sum| *sum < Rupees::ZERO)
        .boxed()
}
