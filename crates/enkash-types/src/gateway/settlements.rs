//! Settlements: what EnKash pays out to the merchant, and for which payments.

use serde::{Deserialize, Serialize};
use serde_json::Number;

use crate::endpoint::endpoint;
use crate::rupees::at_least;
use crate::text::{part_of_a_path, shown_text};
use crate::valid::{Broken, rules};
use crate::{AccountNumber, DateTime, Direction, Extra, Ifsc, Page, Rupees};

shown_text! {
    /// EnKash's id of a settlement payout, minted by EnKash (`SP11114BPTOS` in an example). No
    /// shape is promised.
    ///
    /// EnKash documentation: *Get Settlement Payout By ID*, field `settlementPayoutId`.
    SettlementPayoutId,
    check: part_of_a_path,
    schema: {"type": "string"}
}

/// Reads one settlement payout with the payments in it.
///
/// EnKash documentation: *Get Settlement Payout By ID*.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct GetSettlementPayout {
    /// EnKash's id of the payout.
    pub settlement_payout_id: SettlementPayoutId,
}

rules! {
    GetSettlementPayout {
        settlement_payout_id: "settlementPayoutId",
    }
}

impl GetSettlementPayout {
    /// A request for one payout.
    pub fn new(settlement_payout_id: impl Into<SettlementPayoutId>) -> Self {
        Self {
            settlement_payout_id: settlement_payout_id.into(),
        }
    }
}

endpoint! {
    GetSettlementPayout => SettlementPayout {
        name: "get_settlement_payout",
        call: Get "/api/v0/settlement-payout/{settlementPayoutId}",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        envelope: Standard,
        replay: Safe,
        docs: "Get Settlement Payout By ID",
    }
}

/// A settlement payout. All sums are in rupees.
///
/// The fields are those of two examples, an older and a newer, which do not agree; the schema was
/// not read.
///
/// EnKash documentation: *Get Settlement Payout By ID*.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SettlementPayout {
    /// EnKash's id of the payout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement_payout_id: Option<SettlementPayoutId>,
    /// What customers paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_sale_amount: Option<Rupees>,
    /// What was refunded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_refund_amount: Option<Rupees>,
    /// What EnKash charges, with up to four decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_charges: Option<Rupees>,
    /// GST on the charges, with up to four decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_gst: Option<Rupees>,
    /// What the merchant gets. Take it as sent: it is not always sales less charges less GST.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_settlement_amount: Option<Rupees>,
    /// Charges for instant settlement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instant_settlement_charges: Option<Rupees>,
    /// GST on those.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instant_settlement_gst: Option<Rupees>,
    /// Refunds and chargebacks that were taken off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund_chargeback_amount: Option<Rupees>,
    /// What is carried forward.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carry_forward_amount: Option<Rupees>,
    /// Adjustments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjustment_amount: Option<Rupees>,
    /// Adjustments of wallet funds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wallet_fund_adjustment: Option<Rupees>,
    /// Charges for split settlement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split_transaction_charges: Option<Rupees>,
    /// GST on those.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split_transaction_gst: Option<Rupees>,
    /// Where the payout stands; `INIT` and `SUCCESS` in the examples. Its values were not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payout_status: Option<String>,
    /// How it was paid out; `IMPS` in the older example.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payout_mode: Option<String>,
    /// The bank's reference of the payout (UTR).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utr: Option<String>,
    /// When it was paid out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payout_date: Option<DateTime>,
    /// Remarks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remarks: Option<String>,
    /// Remarks on the payout; in the older example alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payout_remarks: Option<String>,
    /// EnKash's id of the transfer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer_id: Option<String>,
    /// What the bank answered to the transfer; in the older example alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transfer_response_reason: Option<String>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_on: Option<DateTime>,
    /// When it last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified_on: Option<DateTime>,
    /// The payments in it, by the newer name; see [`transactions`](Self::transactions).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement_transactions: Option<Vec<SettlementTransaction>>,
    /// The same by the older name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement_transaction_responses: Option<Vec<SettlementTransaction>>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

impl SettlementPayout {
    /// The payments in it, by whichever name they came: the page's newer example calls them
    /// `settlementTransactions`, its older one `settlementTransactionResponses`.
    #[must_use]
    pub fn transactions(&self) -> &[SettlementTransaction] {
        [
            &self.settlement_transactions,
            &self.settlement_transaction_responses,
        ]
        .into_iter()
        .flatten()
        .find(|transactions| !transactions.is_empty())
        .map_or(&[], Vec::as_slice)
    }
}

/// A payment in a settlement payout. Sums are in rupees, those of charges and taxes with up to
/// four decimals.
///
/// The fields are those of two examples; the schema was not read.
///
/// EnKash documentation: *Get Settlement Payout By ID*.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SettlementTransaction {
    /// A number of its own; in the older example alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<i64>,
    /// EnKash's id of the payment in the settlement. It is not that of the payment itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement_transaction_id: Option<String>,
    /// What was sold for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sale_amount: Option<Rupees>,
    /// What the customer paid; it may exceed the sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub txn_amount: Option<Rupees>,
    /// Tax on the charges.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tax_amount: Option<Rupees>,
    /// What EnKash charges.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charges: Option<Rupees>,
    /// What the merchant gets of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement_amount: Option<Rupees>,
    /// `SALE` in the examples. Its values were not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transaction_type: Option<String>,
    /// `PENDING` and `SETTLED` in the examples. Its values were not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement_status: Option<String>,
    /// When it was approved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub approved_on: Option<DateTime>,
    /// Remarks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remarks: Option<String>,
    /// The acquirer's rate; its unit is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acquirer_amount_rate: Option<Number>,
    /// The acquirer's flat rate; its unit is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acquirer_flat_amount_rate: Option<Number>,
    /// What the acquirer gets.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acquirer_net_amount: Option<Rupees>,
    /// GST on that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub acquirer_gst_amount: Option<Rupees>,
    /// Who bears the charge; `CONVENIENCE` and `NORMAL` in the examples.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_mdr_mode: Option<String>,
    /// The merchant's charge; its unit is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_mdr: Option<Number>,
    /// The merchant's flat charge; its unit is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_flat_mdr: Option<Number>,
    /// Platform fee, in percent by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_percentage_platform_fee: Option<Number>,
    /// Flat platform fee; its unit is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_flat_platform_fee: Option<Number>,
    /// Convenience fee, in percent by its name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_percentage_convenience_fee: Option<Number>,
    /// Flat convenience fee; its unit is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_flat_convenience_fee: Option<Number>,
    /// Profit; whose is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub net_profit: Option<Rupees>,
    /// GST on that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profit_gst: Option<Rupees>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_on: Option<DateTime>,
    /// When it last changed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified_on: Option<DateTime>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Searches settlement payouts, page by page. Without filters it finds all.
///
/// The page has further filters, by state and date among them, that were not read.
///
/// ```
/// use enkash_types::gateway::SearchSettlementPayouts;
/// use enkash_types::{Direction, Valid};
///
/// let mut search = SearchSettlementPayouts::new();
/// search.limit = Some(100);
/// search.direction = Some(Direction::Desc);
/// search.total_sale_amount_from = Some("1000".parse()?);
/// assert!(Valid::check(search).is_ok());
/// # Ok::<(), enkash_types::RupeesError>(())
/// ```
///
/// EnKash documentation: *Search Settlement Payouts*.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub struct SearchSettlementPayouts {
    /// How many to leave out from the start. What is left out by default is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub offset: Option<u32>,
    /// How many to give at most, up to 5000. What it is by default is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(max = 5000)))]
    pub limit: Option<u32>,
    /// The field to sort by. Which ones there are is not documented.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order_by: Option<String>,
    /// Which way to sort.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub direction: Option<Direction>,
    /// Of this merchant. What the id is was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_detail_id: Option<String>,
    /// This payout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement_payout_id: Option<SettlementPayoutId>,
    /// These payouts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement_payout_ids: Option<Vec<SettlementPayoutId>>,
    /// Sales of this sum or more; at least 0.01.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.01)))]
    pub total_sale_amount_from: Option<Rupees>,
    /// Sales of this sum or less; at least 0.01.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0.01)))]
    pub total_sale_amount_to: Option<Rupees>,
    /// Refunds of this sum or more; not below zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub total_refund_amount_from: Option<Rupees>,
    /// Refunds of this sum or less; not below zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub total_refund_amount_to: Option<Rupees>,
    /// Charges of this sum or more; not below zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub total_charges_from: Option<Rupees>,
    /// Charges of this sum or less; not below zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub total_charges_to: Option<Rupees>,
    /// GST of this sum or more; not below zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub total_gst_from: Option<Rupees>,
    /// GST of this sum or less; not below zero.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0)))]
    pub total_gst_to: Option<Rupees>,
    /// Payouts of this sum or more. The bound on the other side was not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_settlement_amount_from: Option<Rupees>,
}

rules! {
    SearchSettlementPayouts {
        offset: skip,
        limit: skip,
        order_by: skip,
        direction: "direction",
        merchant_detail_id: skip,
        settlement_payout_id: "settlementPayoutId",
        settlement_payout_ids: skip,
        total_sale_amount_from: skip,
        total_sale_amount_to: skip,
        total_refund_amount_from: skip,
        total_refund_amount_to: skip,
        total_charges_from: skip,
        total_charges_to: skip,
        total_gst_from: skip,
        total_gst_to: skip,
        total_settlement_amount_from: skip,
    }
    also {
        "limit" => |search| match search.limit {
            Some(5001..) => Err(Broken("must be at most 5000")),
            _ => Ok(()),
        },
        "totalSaleAmountFrom" => |search| paisa_or_more(search.total_sale_amount_from),
        "totalSaleAmountTo" => |search| paisa_or_more(search.total_sale_amount_to),
        "totalRefundAmountFrom" => |search| zero_or_more(search.total_refund_amount_from),
        "totalRefundAmountTo" => |search| zero_or_more(search.total_refund_amount_to),
        "totalChargesFrom" => |search| zero_or_more(search.total_charges_from),
        "totalChargesTo" => |search| zero_or_more(search.total_charges_to),
        "totalGstFrom" => |search| zero_or_more(search.total_gst_from),
        "totalGstTo" => |search| zero_or_more(search.total_gst_to),
    }
}

fn paisa_or_more(sum: Option<Rupees>) -> Result<(), Broken> {
    at_least(sum, Rupees::from_paise(1), "must be at least 0.01 rupees")
}

fn zero_or_more(sum: Option<Rupees>) -> Result<(), Broken> {
    at_least(sum, Rupees::ZERO, "must not be below zero")
}

impl SearchSettlementPayouts {
    /// A search for all payouts.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

endpoint! {
    SearchSettlementPayouts => Page<SettlementPayoutSummary> {
        name: "search_settlement_payouts",
        call: Post "/api/v0/settlement-payout/search",
        product: Gateway,
        host: Gateway,
        auth: Merchant,
        headers: [MerchantAccessKey],
        query: ["offset", "limit", "orderBy", "direction"],
        envelope: Standard,
        replay: Safe,
        docs: "Search Settlement Payouts",
    }
}

/// A settlement payout as a search lists it. All sums are in rupees.
///
/// The fields are those of the page's example; the schema was not read.
///
/// EnKash documentation: *Search Settlement Payouts*.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct SettlementPayoutSummary {
    /// EnKash's id of the payout.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement_payout_id: Option<SettlementPayoutId>,
    /// What customers paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_sale_amount: Option<Rupees>,
    /// What was refunded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_refund_amount: Option<Rupees>,
    /// What EnKash charges, with up to four decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_charges: Option<Rupees>,
    /// GST on the charges, with up to four decimals.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_gst: Option<Rupees>,
    /// What the merchant gets. Take it as sent: it is not always sales less charges less GST.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_settlement_amount: Option<Rupees>,
    /// Refunds and chargebacks that were taken off.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refund_chargeback_amount: Option<Rupees>,
    /// What is carried forward.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub carry_forward_amount: Option<Rupees>,
    /// Adjustments.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub adjustment_amount: Option<Rupees>,
    /// Where the payout stands; `SUCCESS` in the example. Its values were not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payout_status: Option<String>,
    /// The bank's reference of the payout (UTR).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub utr: Option<String>,
    /// Remarks.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub remarks: Option<String>,
    /// The merchant's name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merchant_name: Option<String>,
    /// When it was paid out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payout_date: Option<DateTime>,
    /// When it was made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_on: Option<DateTime>,
    /// Adjustments of wallet funds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub wallet_fund_adjustment: Option<Rupees>,
    /// Charges for instant settlement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instant_settlement_charges: Option<Rupees>,
    /// GST on those.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instant_settlement_gst: Option<Rupees>,
    /// How many payments are in it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub transactions_count: Option<u64>,
    /// `NORMAL` in the example. Its values were not read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub settlement_type: Option<String>,
    /// Charges for split settlement.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split_transaction_charges: Option<Rupees>,
    /// GST on those.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split_transaction_gst: Option<Rupees>,
    /// The account that it went to, if that is a split account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split_account: Option<PayoutSplitAccount>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

/// The split account that a payout went to.
///
/// EnKash documentation: *Search Settlement Payouts*, field `splitAccount` of the example.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct PayoutSplitAccount {
    /// EnKash's id of the split account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub split_account_detail_id: Option<String>,
    /// Whose it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// What the merchant calls it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Account number; its last four characters are shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account_number: Option<AccountNumber>,
    /// IFSC of the account's branch.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ifsc: Option<Ifsc>,
    /// Fields that EnKash sent and that are not typed here.
    #[serde(flatten)]
    pub extra: Extra,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The page's newer example: every field is typed, every sum is exact.
    #[test]
    fn the_documented_payout_is_read_whole() {
        let payout: SettlementPayout = serde_json::from_str(
            r#"{
                "settlementPayoutId": "SP11114BPTOS", "totalSaleAmount": 13.84,
                "totalRefundAmount": 0.00, "totalCharges": 0.1176, "totalGst": 0.0212,
                "totalSettlementAmount": 13.70, "instantSettlementCharges": 0.0000,
                "instantSettlementGst": 0.0000, "refundChargebackAmount": 0.00,
                "carryForwardAmount": 0.00, "adjustmentAmount": 0.00, "payoutStatus": "SUCCESS",
                "utr": "AXISCN111118675", "payoutDate": "2026-04-22 13:50:03",
                "remarks": "Settlement processed", "transferId": "EK111112134500394CW",
                "createdOn": "2026-04-22 13:43:22", "modifiedOn": "2026-04-22 13:50:02",
                "settlementTransactions": [{
                    "settlementTransactionId": "STGD11VLSUO23L", "saleAmount": 13.84,
                    "txnAmount": 25.64, "taxAmount": 0.0212, "charges": 0.1176,
                    "settlementAmount": 13.70, "transactionType": "SALE",
                    "settlementStatus": "SETTLED", "approvedOn": "2026-04-22 13:40:32",
                    "remarks": "Approve", "merchantMdrMode": "NORMAL",
                    "createdOn": "2026-04-21 18:47:13", "modifiedOn": "2026-04-22 13:50:02"
                }],
                "walletFundAdjustment": 0.00, "splitTransactionCharges": 0.00,
                "splitTransactionGst": 0.00
            }"#,
        )
        .unwrap();
        assert_eq!(payout.total_settlement_amount, "13.70".parse().ok());
        assert_eq!(payout.total_gst, "0.0212".parse().ok());
        let [transaction] = payout.transactions() else {
            panic!("one payment, not {:?}", payout.transactions());
        };
        assert_eq!(transaction.txn_amount, "25.64".parse().ok());
        assert!(payout.extra.is_empty() && transaction.extra.is_empty());
    }

    #[test]
    fn both_names_of_the_list_are_read() {
        let one = r#"[{"settlementTransactionId":"STGD11VLSUO23L","charges":0.1176}]"#;
        for payout in [
            format!(r#"{{"settlementTransactions":{one}}}"#),
            format!(r#"{{"settlementTransactionResponses":{one}}}"#),
            format!(r#"{{"settlementTransactions":[],"settlementTransactionResponses":{one}}}"#),
            format!(r#"{{"settlementTransactions":{one},"settlementTransactionResponses":null}}"#),
        ] {
            let payout: SettlementPayout = serde_json::from_str(&payout).unwrap();
            let [transaction] = payout.transactions() else {
                panic!("one payment, not {:?}", payout.transactions());
            };
            assert_eq!(transaction.charges, "0.1176".parse().ok());
        }
        assert!(SettlementPayout::default().transactions().is_empty());
    }
}
